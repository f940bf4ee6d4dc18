/* draft_for_test.h - a chart as loose pieces of text: what the tables of scxml_test.c are read into, what
 * walk_test.c draws and shrinks, and what the slow oracle of naive_for_test.h runs. From it the real chart is
 * built through the room's own door.
 *
 * Notation of a table: states "a p[ r{x y*} s{z} ] h~:x g~~"
 *   x{ } compound   x[ ] parallel   x* final   x~ shallow history   x~~ deep history   x:a&b where it begins
 * and lines divided by ";": transitions as packs write them, and "entry x: actions", "exit x: actions",
 * "first x: actions" (the initial transition of x, or the default of a history state). */
#pragma once
#include "engine/flow/flow.h"
#include <string.h>

#define DRAFT_COLUMNS 6

typedef struct {
    char *id;
    int parent; /* -1: top level */
    FlowStateKind kind;
    char *initial;    /* "a & b"; NULL */
    GPtrArray *on[3]; /* by FlowOn: actions, each a text */
} DraftState;

typedef struct {
    char *from; /* "a|b", "*" */
    gboolean internal;
    char *to;           /* "a & b", "-" */
    char *events;       /* "e|f", "auto" */
    char *guard;        /* NULL */
    char *roles;        /* "a|b"; NULL: system */
    GPtrArray *actions; /* of text */
} DraftLine;

typedef struct {
    FlowClockDef def; /* texts interned; its arrays are set when the chart is built */
    FlowRung rungs[4];
    FlowBudget budget;
    GPtrArray *run_in;
} DraftClock;

typedef struct {
    GPtrArray *states, *lines, *clocks, *tasks; /* DraftState, DraftLine, DraftClock, interned names */
} Draft;

static inline void draft_state_free(gpointer data)
{
    DraftState *s = data;
    g_free(s->id);
    g_free(s->initial);
    for (int i = 0; i < 3; i++)
        g_ptr_array_unref(s->on[i]);
    g_free(s);
}

static inline void draft_line_free(gpointer data)
{
    DraftLine *l = data;
    g_free(l->from);
    g_free(l->to);
    g_free(l->events);
    g_free(l->guard);
    g_free(l->roles);
    g_ptr_array_unref(l->actions);
    g_free(l);
}

static inline void draft_clock_free(gpointer data)
{
    DraftClock *k = data;
    if (k->run_in) g_ptr_array_unref(k->run_in);
    g_free(k);
}

static inline Draft draft_new(void)
{
    return (Draft){ g_ptr_array_new_with_free_func(draft_state_free),
                    g_ptr_array_new_with_free_func(draft_line_free),
                    g_ptr_array_new_with_free_func(draft_clock_free), g_ptr_array_new() };
}

static inline void draft_clear(Draft *d)
{
    g_ptr_array_unref(d->states);
    g_ptr_array_unref(d->lines);
    g_ptr_array_unref(d->clocks);
    g_ptr_array_unref(d->tasks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

static inline DraftState *draft_state_at(const Draft *d, int i)
{
    return g_ptr_array_index(d->states, (guint)i);
}

static inline DraftLine *draft_line_at(const Draft *d, guint i)
{
    return g_ptr_array_index(d->lines, i);
}

static inline DraftClock *draft_clock_at(const Draft *d, guint i)
{
    return g_ptr_array_index(d->clocks, i);
}

static inline int draft_find(const Draft *d, const char *id)
{
    for (guint i = 0; i < d->states->len; i++) {
        if (g_str_equal(draft_state_at(d, (int)i)->id, id)) return (int)i;
    }
    return -1;
}

static inline DraftState *draft_state(Draft *d, const char *id, int parent, FlowStateKind kind)
{
    DraftState *s = g_new0(DraftState, 1);
    s->id = g_strdup(id);
    s->parent = parent;
    s->kind = kind;
    for (int i = 0; i < 3; i++)
        s->on[i] = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(d->states, s);
    return s;
}

/* The columns of all these charts. */
static inline RuleSchema *draft_schema(void)
{
    static const struct {
        const char *name;
        RuleType type;
    } columns[DRAFT_COLUMNS] = { { "n", RULE_INT },     { "m", RULE_INT },     { "k", RULE_INT },
                                 { "flag", RULE_BOOL }, { "word", RULE_TEXT }, { "event", RULE_TEXT } };
    RuleSchema *schema = rule_schema_new();
    for (gsize i = 0; i < DRAFT_COLUMNS; i++)
        rule_schema_add(schema, columns[i].name, columns[i].type);
    return schema;
}

/* ---- reading the notation ---- */

/* "a(b, c), d" -> "a(b, c)", "d" */
static inline GPtrArray *draft_actions(const char *text)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    int depth = 0;
    const char *start = text;
    for (const char *at = text;; at++) {
        depth += (*at == '(') - (*at == ')');
        if (*at && (*at != ',' || depth)) continue;
        char *one = g_strstrip(g_strndup(start, (gsize)(at - start)));
        if (*one)
            g_ptr_array_add(out, one);
        else
            g_free(one);
        if (!*at) return out;
        start = at + 1;
    }
}

static inline char *draft_until(const char **at, const char *stops)
{
    gsize n = strcspn(*at, stops);
    char *word = g_strndup(*at, n);
    *at += n;
    return word;
}

static inline void draft_read_states(Draft *d, const char **at, int parent)
{
    for (;;) {
        while (**at == ' ')
            ++*at;
        if (!**at || **at == '}' || **at == ']') return;
        g_autofree char *id = draft_until(at, " *~:{[}]");
        gsize waves = strspn(*at, "~*");
        FlowStateKind kind = **at == '*'  ? FLOW_STATE_FINAL
                             : waves == 2 ? FLOW_STATE_DEEP
                             : waves == 1 ? FLOW_STATE_SHALLOW
                                          : FLOW_STATE_PLAIN;
        *at += waves;
        int me = (int)d->states->len;
        DraftState *s = draft_state(d, id, parent, kind);
        if (**at == ':') {
            ++*at;
            s->initial = draft_until(at, " {[}]");
        }
        if (**at != '{' && **at != '[') continue;
        if (**at == '[') s->kind = FLOW_STATE_PARALLEL;
        ++*at;
        draft_read_states(d, at, me);
        ++*at;
    }
}

static inline gboolean draft_read_on(Draft *d, const char *line)
{
    static const char *const words[] = { "entry ", "exit ", "first " };
    for (int i = 0; i < 3; i++) {
        if (!g_str_has_prefix(line, words[i])) continue;
        g_auto(GStrv) part = g_strsplit(line + strlen(words[i]), ":", 2);
        int state = draft_find(d, g_strstrip(part[0]));
        g_assert_cmpint(state, >=, 0);
        DraftState *s = draft_state_at(d, state);
        g_autoptr(GPtrArray) actions = draft_actions(part[1]);
        for (guint a = 0; a < actions->len; a++)
            g_ptr_array_add(s->on[i], g_strdup(g_ptr_array_index(actions, a)));
        return TRUE;
    }
    return FALSE;
}

static inline void draft_read_line(Draft *d, const char *text)
{
    g_autofree char *line = g_strstrip(g_strdup(text));
    if (!*line || draft_read_on(d, line)) return;
    DraftLine *l = g_new0(DraftLine, 1);
    char *arrow = strstr(line, "->");
    l->internal = !arrow;
    if (!arrow) arrow = strstr(line, "=>");
    g_assert_nonnull(arrow);
    l->from = g_strstrip(g_strndup(line, (gsize)(arrow - line)));
    const char *at = arrow + 2;
    l->to = g_strstrip(draft_until(&at, ":"));
    at++;
    l->events = g_strstrip(draft_until(&at, "[/"));
    char *by = strstr(l->events, " by ");
    if (by) l->roles = g_strdup(by + 4);
    if (by) g_strchomp((*by = '\0', l->events));
    if (*at == '[') {
        at++;
        l->guard = draft_until(&at, "]");
        at++;
        g_autofree char *rest = g_strstrip(draft_until(&at, "/"));
        if (g_str_has_prefix(rest, "by ")) l->roles = g_strdup(rest + 3);
    }
    l->actions = draft_actions(*at ? at + 1 : "");
    g_ptr_array_add(d->lines, l);
}

static inline void draft_read(Draft *d, const char *states, const char *lines)
{
    draft_read_states(d, &states, -1);
    g_auto(GStrv) each = g_strsplit(lines, ";", -1);
    for (gsize i = 0; each[i]; i++)
        draft_read_line(d, each[i]);
}

/* "t 60 late; u 30": clocks of so many minutes, with the event of their expiry */
static inline DraftClock *draft_clock(Draft *d, const char *id, gint64 minutes, const char *on_expiry)
{
    DraftClock *k = g_new0(DraftClock, 1);
    k->def = (FlowClockDef){ .id = g_intern_string(id),
                             .budget = minutes * BASE_MINUTE,
                             .on_expiry = g_intern_string(on_expiry) };
    g_ptr_array_add(d->clocks, k);
    return k;
}

/* ---- writing it as packs do ---- */

static inline char *draft_join(const GPtrArray *actions)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < actions->len; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", (const char *)g_ptr_array_index(actions, i));
    return g_string_free(out, FALSE);
}

static inline char *draft_line_text(const DraftLine *l)
{
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%s %s %s : %s", l->from, l->internal ? "=>" : "->", l->to, l->events);
    if (l->guard) g_string_append_printf(out, " [%s]", l->guard);
    if (l->roles) g_string_append_printf(out, " by %s", l->roles);
    g_autofree char *actions = draft_join(l->actions);
    if (*actions) g_string_append_printf(out, " / %s", actions);
    return g_string_free(out, FALSE);
}

static inline void draft_print_states(const Draft *d, int parent, int depth, GString *out)
{
    static const char *const kinds[] = { "", " parallel", " final", " shallow history", " deep history" };
    static const char *const words[] = { "entry", "exit", "first" };
    for (guint i = 0; i < d->states->len; i++) {
        const DraftState *s = draft_state_at(d, (int)i);
        if (s->parent != parent) continue;
        g_string_append_printf(out, "  %*s%s%s", depth * 2, "", s->id, kinds[s->kind]);
        if (s->initial) g_string_append_printf(out, ", begins at %s", s->initial);
        for (int w = 0; w < 3; w++) {
            g_autofree char *actions = draft_join(s->on[w]);
            if (*actions) g_string_append_printf(out, "; %s: %s", words[w], actions);
        }
        g_string_append_c(out, '\n');
        draft_print_states(d, (int)i, depth + 1, out);
    }
}

static inline char *draft_text(const Draft *d)
{
    static const char *const measures[] = { "natural", "workday", "office" };
    GString *out = g_string_new(NULL);
    draft_print_states(d, -1, 0, out);
    for (guint i = 0; i < d->clocks->len; i++) {
        const DraftClock *k = draft_clock_at(d, i);
        g_string_append_printf(out, "  clock %s: %" G_GINT64_FORMAT " ms %s, end %d%s%s", k->def.id,
                               k->def.budget, measures[k->def.measure], (int)k->def.end,
                               k->def.resident ? ", resident" : "", k->def.next_day ? ", next day" : "");
        for (gsize r = 0; r < k->def.n_rungs; r++)
            g_string_append_printf(out, ", rung %u%%/%" G_GINT64_FORMAT, k->rungs[r].percent,
                                   k->rungs[r].before);
        for (guint r = 0; k->run_in && r + 1 < k->run_in->len; r++)
            g_string_append_printf(out, ", in %s", (const char *)g_ptr_array_index(k->run_in, r));
        if (k->def.task) g_string_append_printf(out, ", of task %s", k->def.task);
        if (k->def.on_expiry) g_string_append_printf(out, ", then %s", k->def.on_expiry);
        if (k->def.n_budgets)
            g_string_append_printf(out, ", %" G_GINT64_FORMAT " when %s", k->budget.budget, k->budget.when);
        if (k->def.extend_max)
            g_string_append_printf(out, ", extend %u x %" G_GINT64_FORMAT, k->def.extend_max,
                                   k->def.extend_by);
        g_string_append_c(out, '\n');
    }
    for (guint i = 0; i < d->lines->len; i++) {
        g_autofree char *line = draft_line_text(draft_line_at(d, i));
        g_string_append_printf(out, "  %s\n", line);
    }
    return g_string_free(out, FALSE);
}

/* ---- building the real chart ---- */

static inline gboolean draft_build_states(const Draft *d, FlowChart *chart, GError **error)
{
    for (guint i = 0; i < d->states->len; i++) {
        const DraftState *s = draft_state_at(d, (int)i);
        FlowStateDef def = { .id = s->id,
                             .parent = s->parent < 0 ? NULL : draft_state_at(d, s->parent)->id,
                             .kind = s->kind,
                             .initial = s->initial,
                             .suspended = s->kind == FLOW_STATE_PLAIN || s->kind == FLOW_STATE_PARALLEL };
        if (!flow_chart_state(chart, &def, error)) return FALSE;
    }
    return TRUE;
}

static inline gboolean draft_build_on(const Draft *d, FlowChart *chart, GError **error)
{
    for (guint i = 0; i < d->states->len; i++) {
        const DraftState *s = draft_state_at(d, (int)i);
        for (int w = 0; w < 3; w++) {
            g_autofree char *actions = draft_join(s->on[w]);
            if (*actions && !flow_chart_on(chart, s->id, (FlowOn)w, actions, error)) return FALSE;
        }
    }
    return TRUE;
}

/* FALSE: the chart refuses something. `role`: who does the tasks. */
static inline gboolean draft_build(const Draft *d, FlowChart *chart, const char *role, GError **error)
{
    if (!draft_build_states(d, chart, error)) return FALSE;
    for (guint i = 0; i < d->tasks->len; i++) {
        if (!flow_chart_task(chart, g_ptr_array_index(d->tasks, i), role, error)) return FALSE;
    }
    for (guint i = 0; i < d->clocks->len; i++) {
        DraftClock *k = draft_clock_at(d, i);
        k->def.rungs = k->rungs;
        k->def.budgets = &k->budget;
        k->def.run_in = k->run_in ? (const char *const *)k->run_in->pdata : NULL;
        if (!flow_chart_clock(chart, &k->def, error)) return FALSE;
    }
    if (!draft_build_on(d, chart, error)) return FALSE;
    for (guint i = 0; i < d->lines->len; i++) {
        g_autofree char *line = draft_line_text(draft_line_at(d, i));
        if (!flow_chart_transition(chart, line, error)) return FALSE;
    }
    return flow_chart_seal(chart, error);
}
