/* draw_for_test.h - random charts and random histories, for walk_test.c. */
#pragma once
#include "base/chance.h"
#include "engine/flow/draft_for_test.h"

typedef struct {
    Draft draft;
    RuleSchema *schema;
    BaseCalendar *always, *office;
    BaseChance *chance;
    GPtrArray *events; /* what people may try, interned */
    guint ways;        /* so many lines make the chart sound */
} Drawn;

static inline int below(BaseChance *chance, int n)
{
    return (int)base_chance_below(chance, (guint64)n);
}

#define DRAW_ONE(d, list) list[below((d)->chance, (int)G_N_ELEMENTS(list))]

static inline gboolean often(const Drawn *d, int percent)
{
    return below(d->chance, 100) < percent;
}

static inline void drawn_clear(Drawn *d)
{
    draft_clear(&d->draft);
    rule_schema_free(d->schema);
    base_calendar_free(d->always);
    base_calendar_free(d->office);
    g_ptr_array_unref(d->events);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drawn, drawn_clear)

/* ---- states ---- */

static inline int draw_state(Drawn *d, int parent, FlowStateKind kind)
{
    g_autofree char *id = g_strdup_printf("s%u", d->draft.states->len);
    draft_state(&d->draft, id, parent, kind);
    return (int)d->draft.states->len - 1;
}

static inline gboolean draw_is_history(const Drawn *d, int s)
{
    FlowStateKind kind = draft_state_at(&d->draft, s)->kind;
    return kind == FLOW_STATE_SHALLOW || kind == FLOW_STATE_DEEP;
}

static inline gboolean draw_is_below(const Drawn *d, int s, int of)
{
    while (s >= 0) {
        s = draft_state_at(&d->draft, s)->parent;
        if (s == of) return TRUE;
    }
    return FALSE;
}

static inline void draw_children(Drawn *d, int parent, int depth)
{
    gboolean regions = draft_state_at(&d->draft, parent)->kind == FLOW_STATE_PARALLEL;
    for (int n = 2 + below(d->chance, 2); n > 0; n--) {
        gboolean parallel = !regions && depth < 3 && often(d, 15), compound = depth < 3 && often(d, 30);
        int me = draw_state(d, parent, parallel ? FLOW_STATE_PARALLEL : FLOW_STATE_PLAIN);
        if (parallel || compound) draw_children(d, me, depth + 1);
    }
    if (!regions && often(d, 40)) draw_state(d, parent, FLOW_STATE_FINAL);
    if (often(d, 35)) draw_state(d, parent, often(d, 50) ? FLOW_STATE_SHALLOW : FLOW_STATE_DEEP);
}

/* A state below `parent` (-1: any), no history state; -1 when there is none. */
static inline int draw_below(const Drawn *d, int parent)
{
    for (int tries = 0; tries < 40; tries++) {
        int s = below(d->chance, (int)d->draft.states->len);
        if (!draw_is_history(d, s) && (parent < 0 || draw_is_below(d, s, parent))) return s;
    }
    return -1;
}

/* Two states in different regions of one parallel state below `parent` (-1: any), "a & b"; NULL. */
static inline char *draw_pair(const Drawn *d, int parent)
{
    int p = -1;
    for (int tries = 0; tries < 20; tries++) {
        int s = draw_below(d, parent);
        if (s >= 0 && draft_state_at(&d->draft, s)->kind == FLOW_STATE_PARALLEL) p = s;
    }
    if (p < 0) return NULL;
    int a = draw_below(d, p), b = draw_below(d, p), ra = a, rb = b;
    while (ra >= 0 && draft_state_at(&d->draft, ra)->parent != p)
        ra = draft_state_at(&d->draft, ra)->parent;
    while (rb >= 0 && draft_state_at(&d->draft, rb)->parent != p)
        rb = draft_state_at(&d->draft, rb)->parent;
    if (a < 0 || b < 0 || ra == rb) return NULL;
    return g_strdup_printf("%s & %s", draft_state_at(&d->draft, a)->id, draft_state_at(&d->draft, b)->id);
}

static inline gboolean draw_has_children(const Drawn *d, int s)
{
    for (guint i = 0; i < d->draft.states->len; i++) {
        if (draft_state_at(&d->draft, (int)i)->parent == s) return TRUE;
    }
    return FALSE;
}

/* Where compound and history states begin. A state that begins in its history has a default for it. */
static inline void draw_beginnings(Drawn *d)
{
    for (int s = 0; s < (int)d->draft.states->len; s++) {
        DraftState *state = draft_state_at(&d->draft, s);
        gboolean history = draw_is_history(d, s),
                 compound = state->kind == FLOW_STATE_PLAIN && draw_has_children(d, s);
        int within = history ? state->parent : s;
        if ((!history && !compound) || !often(d, 40)) continue;
        state->initial = often(d, 30) ? draw_pair(d, within) : NULL;
        int one = draw_below(d, within);
        if (!state->initial && one >= 0) state->initial = g_strdup(draft_state_at(&d->draft, one)->id);
    }
    for (int h = 0; h < (int)d->draft.states->len; h++) {
        int parent = draft_state_at(&d->draft, h)->parent;
        if (!draw_is_history(d, h) || !draft_state_at(&d->draft, h)->initial || !often(d, 20)) continue;
        if (draft_state_at(&d->draft, parent)->kind == FLOW_STATE_PARALLEL) continue;
        g_free(draft_state_at(&d->draft, parent)->initial);
        draft_state_at(&d->draft, parent)->initial = g_strdup(draft_state_at(&d->draft, h)->id);
    }
}

static inline void draw_states(Drawn *d)
{
    gboolean flat = often(d, 20);
    for (int n = 2 + below(d->chance, flat ? 5 : 2); n > 0; n--) {
        gboolean parallel = !flat && often(d, 30), compound = !flat && often(d, 60);
        int me = draw_state(d, -1, parallel ? FLOW_STATE_PARALLEL : FLOW_STATE_PLAIN);
        if (parallel || compound) draw_children(d, me, 1);
    }
    draw_state(d, -1, FLOW_STATE_FINAL);
    int histories = 0;
    for (int s = 0; s < (int)d->draft.states->len; s++)
        histories += draw_is_history(d, s);
    for (int s = (int)d->draft.states->len; s-- > 0 && histories > FLOW_MAX_HISTORIES;) {
        if (!draw_is_history(d, s)) continue;
        draft_state_at(&d->draft, s)->kind = FLOW_STATE_PLAIN;
        histories--;
    }
    draw_beginnings(d);
}

/* ---- clocks ---- */

static inline void draw_rungs(Drawn *d, DraftClock *k, gint64 least)
{
    static const guint16 all[] = { 10, 50, 80, 99, 100, 101, 150, 300 };
    FlowClockDef *def = &k->def;
    FlowRung *rungs = k->rungs;
    gboolean shares = often(d, 60);
    int skip = below(d->chance, 5);
    def->n_rungs = (gsize)below(d->chance, 4);
    for (gsize i = 0; i < def->n_rungs; i++) {
        if (shares)
            rungs[i].percent = all[(gsize)skip + i];
        else
            rungs[i].before = least * (gint64)(4 - i) / 5;
    }
    if (!shares && least < 5) def->n_rungs = 0;
}

static inline void draw_clock(Drawn *d, int i)
{
    static const FlowEnd ends[] = { FLOW_END_EXACT, FLOW_END_EXACT, FLOW_END_OF_DAY, FLOW_END_ROLL };
    DraftClock *k = draft_clock(&d->draft, NULL, 0, NULL);
    k->def = (FlowClockDef){ .measure = (BaseMeasure)below(d->chance, 3),
                             .budget = 1 + (gint64)base_chance_below(d->chance, 3 * BASE_DAY),
                             .calendar = often(d, 50) ? d->office : d->always,
                             .resident = i == 0 || often(d, 50),
                             .next_day = often(d, 30),
                             .end = DRAW_ONE(d, ends),
                             .on_expiry = often(d, 50) ? "late" : NULL };
    g_autofree char *id = g_strdup_printf("k%d", i);
    k->def.id = g_intern_string(id);
    gint64 least = k->def.budget;
    if (often(d, 30)) {
        k->budget = (FlowBudget){ "n > 3", 1 + (gint64)base_chance_below(d->chance, 2 * BASE_DAY) };
        k->def.n_budgets = 1;
        least = MIN(least, k->budget.budget);
    }
    if (often(d, 30)) k->def.extend_max = (guint8)(1 + below(d->chance, 2));
    k->def.extend_by = k->def.extend_max ? 1 + (gint64)base_chance_below(d->chance, BASE_DAY) : 0;
    draw_rungs(d, k, least);
    if (i > 0 && !k->def.resident && d->draft.tasks->len && often(d, 50))
        k->def.task = g_ptr_array_index(d->draft.tasks, 0);
    if (i == 0 || often(d, 50)) return;
    k->run_in = g_ptr_array_new_with_free_func(g_free);
    for (int n = 1 + below(d->chance, 3); n > 0; n--) {
        const DraftState *s = draft_state_at(&d->draft, draw_below(d, -1));
        if (s->kind != FLOW_STATE_FINAL &&
            !g_ptr_array_find_with_equal_func(k->run_in, s->id, g_str_equal, NULL))
            g_ptr_array_add(k->run_in, g_strdup(s->id));
    }
    g_ptr_array_add(k->run_in, NULL);
    if (k->run_in->len == 1) g_clear_pointer(&k->run_in, g_ptr_array_unref);
}

/* ---- actions ---- */

static const char *const draw_raised[] = { "in", "in.a", "in.b", "e.x", "go" };

static inline char *draw_clock_action(Drawn *d)
{
    static const char *const deeds[] = { "start", "start", "start", "stop", "pause", "resume", "extend" };
    const DraftClock *k = draft_clock_at(&d->draft, (guint)below(d->chance, (int)d->draft.clocks->len));
    const char *deed = DRAW_ONE(d, deeds);
    gboolean rests = g_str_equal(deed, "pause") || g_str_equal(deed, "resume");
    if (k->def.task || (rests && k->run_in) || (g_str_equal(deed, "extend") && !k->def.extend_max))
        return g_strdup("notice(none)");
    return g_strdup_printf("%s(%s)", deed, k->def.id);
}

static inline char *draw_action(Drawn *d)
{
    static const char *const tasks[] = { "task", "task",   "accept", "accept",   "done",
                                         "done", "verify", "return", "reassign", "lapse" };
    static const char *const sets[] = { "set(n, n + 1)",    "set(m, n * 2)", "set(flag, NOT flag)",
                                        "set(word, event)", "set(n, 0)",     "set(word, 'y')" };
    int kind = below(d->chance, 14);
    if (kind < 2) return g_strdup_printf("raise(%s)", DRAW_ONE(d, draw_raised));
    if (kind < 5) return draw_clock_action(d);
    if (kind == 5 && d->draft.tasks->len)
        return g_strdup_printf("%s(%s)", DRAW_ONE(d, tasks),
                               (const char *)g_ptr_array_index(
                                   d->draft.tasks, (guint)below(d->chance, (int)d->draft.tasks->len)));
    if (kind < 9) return g_strdup(DRAW_ONE(d, sets));
    if (kind == 9) return g_strdup("rate");
    return g_strdup_printf("notice(a%d)", below(d->chance, 9));
}

static inline void draw_actions(Drawn *d, GPtrArray *out, int most)
{
    for (int n = below(d->chance, most + 1); n > 0; n--)
        g_ptr_array_add(out, draw_action(d));
}

static inline void draw_blocks(Drawn *d)
{
    for (int s = 0; s < (int)d->draft.states->len; s++) {
        DraftState *state = draft_state_at(&d->draft, s);
        gboolean history = draw_is_history(d, s),
                 compound = state->kind == FLOW_STATE_PLAIN && draw_has_children(d, s);
        if (!history && often(d, 40)) draw_actions(d, state->on[FLOW_ON_ENTRY], 2);
        if (!history && state->kind != FLOW_STATE_FINAL && often(d, 30))
            draw_actions(d, state->on[FLOW_ON_EXIT], 2);
        if ((history || compound) && often(d, 30)) draw_actions(d, state->on[FLOW_ON_INITIAL], 2);
    }
}

/* ---- lines ---- */

static inline char *draw_guard(Drawn *d, gboolean always)
{
    static const char *const guards[] = {
        "n > 3", "flag",          "word = ']'", "n IS NOT NULL AND NOT flag", "word <> 'x' OR n = 1",
        "n < 5", "event = 'in.a'"
    };
    GString *out = g_string_new(NULL);
    if (often(d, 25))
        g_string_printf(out, "%sin(%s)", often(d, 50) ? "not " : "",
                        draft_state_at(&d->draft, draw_below(d, -1))->id);
    if (often(d, always ? 90 : 30))
        g_string_append_printf(out, "%s%s", out->len ? " AND " : "", DRAW_ONE(d, guards));
    if (strstr(out->str, "in(") && strstr(out->str, " OR "))
        g_string_truncate(out, (gsize)(strchr(out->str, ')') + 1 - out->str));
    if (out->len) return g_string_free(out, FALSE);
    g_string_free(out, TRUE);
    return always ? g_strdup("n < 5") : NULL;
}

static inline char *draw_target(Drawn *d)
{
    if (often(d, 20)) return g_strdup("-");
    char *pair = often(d, 20) ? draw_pair(d, -1) : NULL;
    if (pair) return pair;
    int s = below(d->chance, (int)d->draft.states->len);
    if (s == (int)d->draft.states->len - 1) s = 0; /* the end is reached by a line of its own */
    return g_strdup(draft_state_at(&d->draft, s)->id);
}

static inline char *draw_event(Drawn *d)
{
    static const char *const events[] = {
        "go",     "return", "hold", "e",     "e.x",  "e.x.y", "e.*",
        "go|e.x", "in",     "in.a", "in|go", "in.b", "in.*",  "hold|return"
    };
    if (often(d, 10)) return g_strdup(often(d, 50) ? "error.execution" : "error");
    if (often(d, 12))
        return g_strdup_printf("done.state.%s", draft_state_at(&d->draft, draw_below(d, -1))->id);
    return g_strdup(often(d, 3) ? "*" : DRAW_ONE(d, events));
}

static inline gboolean draw_from_engine(const char *events)
{
    return g_str_has_prefix(events, "done.") || g_str_has_prefix(events, "error") ||
           g_str_equal(events, "auto");
}

static inline void draw_line(Drawn *d)
{
    static const char *const roles[] = {
        NULL, NULL, "officer", "handler", "system|officer", "officer|handler"
    };
    int from = draw_below(d, -1);
    if (draft_state_at(&d->draft, from)->kind == FLOW_STATE_FINAL) return;
    DraftLine *l = g_new0(DraftLine, 1);
    gboolean eventless = often(d, 15);
    int other = often(d, 10) ? draw_below(d, -1) : from;
    gboolean two = other != from && draft_state_at(&d->draft, other)->kind != FLOW_STATE_FINAL;
    l->from = often(d, 5) ? g_strdup("*")
              : two       ? g_strdup_printf("%s|%s", draft_state_at(&d->draft, from)->id,
                                            draft_state_at(&d->draft, other)->id)
                          : g_strdup(draft_state_at(&d->draft, from)->id);
    l->to = draw_target(d);
    l->internal = often(d, 20) && !g_str_equal(l->to, "-");
    l->events = eventless ? g_strdup("auto") : draw_event(d);
    l->guard = draw_guard(d, eventless);
    l->roles = draw_from_engine(l->events) ? NULL : g_strdup(DRAW_ONE(d, roles));
    l->actions = g_ptr_array_new_with_free_func(g_free);
    draw_actions(d, l->actions, 3);
    if (eventless && often(d, 90)) g_ptr_array_add(l->actions, g_strdup("set(n, n + 1)"));
    if (!draw_from_engine(l->events) && l->roles && !strstr(l->roles, "system") && often(d, 15))
        g_ptr_array_add(l->actions, g_strdup("needs(word, phone)"));
    g_ptr_array_add(d->draft.lines, l);
}

/* Ways from the first state to every state and out of every state, so that most charts are sound. */
static inline void draw_ways(Drawn *d)
{
    const char *end = draft_state_at(&d->draft, (int)d->draft.states->len - 1)->id;
    for (int s = 0; s < (int)d->draft.states->len; s++) {
        const DraftState *state = draft_state_at(&d->draft, s);
        if (s > 0 && s + 1 < (int)d->draft.states->len) {
            g_autofree char *event = g_strdup_printf("to.%s", state->id);
            g_autofree char *line = g_strdup_printf("%s -> %s : %s / start(k0)",
                                                    draft_state_at(&d->draft, 0)->id, state->id, event);
            draft_read_line(&d->draft, line);
            if (often(d, 60)) g_ptr_array_add(d->events, (gpointer)g_intern_string(event));
        }
        g_autofree char *out = g_strdup_printf("%s -> %s : finish", state->id, end);
        if (state->parent < 0 && state->kind != FLOW_STATE_FINAL) draft_read_line(&d->draft, out);
    }
    draft_read_line(&d->draft, "* -> - : in|e|go|late [n < 7] / notice(heard)");
    d->ways = d->draft.lines->len;
}

static inline Drawn drawn_new(BaseChance *chance)
{
    static const BaseShift shifts[] = { { 9 * 60, 12 * 60 }, { 13 * 60, 17 * 60 } };
    static const char *const tried[] = { "go",    "go",  "return", "hold", "e",       "e.x",
                                         "e.x.y", "e.y", "in.a",   "late", "nonsense" };
    Drawn d = { .draft = draft_new(),
                .schema = draft_schema(),
                .always = base_calendar_new("always", NULL, 0, BASE_CHINA_OFFSET),
                .office = base_calendar_new("office", shifts, G_N_ELEMENTS(shifts), BASE_CHINA_OFFSET),
                .chance = chance,
                .events = g_ptr_array_new() };
    draw_states(&d);
    for (int n = below(chance, 3); n > 0; n--)
        g_ptr_array_add(d.draft.tasks, (gpointer)(n == 1 ? "t0" : "t1"));
    for (int i = 0, n = 1 + below(chance, 4); i < n; i++)
        draw_clock(&d, i);
    draw_blocks(&d);
    draw_ways(&d);
    for (int n = 5 + below(chance, 25); n > 0; n--)
        draw_line(&d);
    for (gsize i = 0; i < G_N_ELEMENTS(tried); i++)
        g_ptr_array_add(d.events, (gpointer)tried[i]);
    if (often(&d, 15)) g_ptr_array_add(d.events, (gpointer) "finish");
    return d;
}

/* ---- histories ---- */

typedef struct {
    gint64 now;
    gboolean tick;
    const char *event;
    const char *roles[3];
    RuleValue row[DRAFT_COLUMNS];
} Step;

static inline Step draw_step(const Drawn *d, gint64 now)
{
    static const char *const roles[] = { "system", "system", "officer", "handler" };
    static const char *const words[] = { "x", "]", "y" };
    static const gint64 gaps[] = { 1, BASE_MINUTE, BASE_HOUR, BASE_DAY, 10 * BASE_DAY };
    Step s = { .now = now + (gint64)base_chance_below(d->chance, (guint64)DRAW_ONE(d, gaps)),
               .tick = often(d, 30) };
    s.event = g_ptr_array_index(d->events, (guint)below(d->chance, (int)d->events->len));
    s.roles[0] = DRAW_ONE(d, roles);
    s.roles[1] = DRAW_ONE(d, roles);
    if (often(d, 40)) s.roles[0] = "system", s.roles[1] = "officer";
    for (int i = 0; i < 3; i++) {
        if (often(d, 75)) s.row[i] = (RuleValue){ .type = RULE_INT, .integer = below(d->chance, 8) };
    }
    if (often(d, 75)) s.row[3] = (RuleValue){ .type = RULE_BOOL, .boolean = often(d, 50) };
    if (often(d, 75)) s.row[4] = (RuleValue){ .type = RULE_TEXT, .text = DRAW_ONE(d, words) };
    return s;
}
