/* walk_test.c - random histories on random charts: every law of the room after every step, a naive chooser
 * beside flow_fire, and replays that must give the same effects.
 *
 * FLOW_WALKS sets the number of charts (default 1000). */
#include "base/chance.h"
#include "engine/flow/flow_test.h"

#define STEPS 80

static const char *const roles[] = { "system", "officer", "handler", "unit" };
static const char *const guards[] = {
    NULL, "n > 3", "flag", "word = ']'", "n IS NOT NULL AND NOT flag", "word <> 'x' OR n = 1"
};
static const char *const events[] = { "go", "return", "report", "hold", "late" };

static int below(BaseChance *chance, int n)
{
    return (int)base_chance_below(chance, (guint64)n);
}

/* ---- random charts ---- */

typedef struct {
    Desk d;
    int n_states, n_finals, n_clocks, n_tasks;
    GPtrArray *guards; /* Rule per transition, parsed again for the naive chooser; NULL: none */
} World;

static void free_rule(gpointer rule)
{
    rule_free(rule);
}

static void world_clear(World *w)
{
    g_ptr_array_unref(w->guards);
    desk_clear(&w->d);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static void put_states(World *w, BaseChance *chance)
{
    w->n_states = 3 + below(chance, 6);
    w->n_finals = 1 + below(chance, 2);
    for (int i = 0; i < w->n_states + w->n_finals; i++) {
        g_autofree char *id = g_strdup_printf("s%d", i);
        FlowStateDef def = { .id = id, .kind = i >= w->n_states ? FLOW_STATE_FINAL : FLOW_STATE_PLAIN };
        g_assert_true(flow_chart_state(w->d.chart, &def, NULL));
    }
}

static void put_clock(World *w, BaseChance *chance, int i)
{
    static const FlowRung all[] = { { 10, 0 },  { 50, 0 },  { 80, 0 },  { 99, 0 },
                                    { 100, 0 }, { 101, 0 }, { 150, 0 }, { 300, 0 } };
    g_autofree char *id = g_strdup_printf("k%d", i);
    g_autoptr(GPtrArray) run_in = g_ptr_array_new_with_free_func(g_free);
    for (int s = 0; s < w->n_states; s++) {
        if (below(chance, 2)) g_ptr_array_add(run_in, g_strdup_printf("s%d", s));
    }
    gboolean listed = i > 0 && run_in->len && below(chance, 2);
    g_ptr_array_add(run_in, NULL);
    int skip = below(chance, 5);
    FlowClockDef def = {
        .id = id,
        .measure = (BaseMeasure)below(chance, 3),
        .budget = 1 + (gint64)base_chance_below(chance, 3 * BASE_DAY),
        .calendar = below(chance, 2) ? w->d.office : w->d.always,
        .resident = i == 0 || below(chance, 2),
        .next_day = below(chance, 3) == 0,
        .end = below(chance, 3) == 0 ? FLOW_END_OF_DAY : FLOW_END_EXACT,
        .run_in = listed ? (const char *const *)run_in->pdata : NULL,
        .rungs = all + skip,
        .n_rungs = (gsize)below(chance, (int)G_N_ELEMENTS(all) - skip),
        .on_expiry = below(chance, 2) ? "late" : NULL,
    };
    g_assert_true(flow_chart_clock(w->d.chart, &def, NULL));
}

static void add_action(World *w, BaseChance *chance, GString *out)
{
    static const char *const task_deeds[] = { "task",   "task",   "accept",   "accept", "done",
                                              "verify", "return", "reassign", "lapse" };
    static const char *const clock_deeds[] = { "start", "start", "start", "stop", "pause", "resume" };
    int kind = below(chance, 8), clock = below(chance, w->n_clocks);
    gboolean listed = flow_chart_clock_def(w->d.chart, clock)->run_in != NULL;
    if (kind < 3)
        g_string_append_printf(out, "%s(k%d)", clock_deeds[below(chance, listed ? 4 : 6)], clock);
    else if (kind < 6 && w->n_tasks)
        g_string_append_printf(out, "%s(t%d)", task_deeds[below(chance, (int)G_N_ELEMENTS(task_deeds))],
                               below(chance, w->n_tasks));
    else if (kind == 6)
        g_string_append(out, "set(n, n * 2 + 1)");
    else
        g_string_append(out, below(chance, 2) ? "rate" : "needs(word, phone)");
}

/* "*" makes a transition of each state, all with the same condition. */
static void put_guarded(World *w, const char *text, const char *guard)
{
    line(&w->d, text);
    while (w->guards->len < flow_chart_transitions(w->d.chart))
        g_ptr_array_add(w->guards, guard ? rule_parse(guard, w->d.schema, NULL) : NULL);
}

static void put_line(World *w, BaseChance *chance, int from, int to, const char *event, gboolean plain)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *guard = plain ? NULL : guards[below(chance, (int)G_N_ELEMENTS(guards))];
    if (from < 0)
        g_string_append_printf(out, "* -> s%d : %s", to, event);
    else
        g_string_append_printf(out, "s%d -> s%d : %s", from, to, event);
    if (guard) g_string_append_printf(out, " [%s]", guard);
    if (below(chance, 2))
        g_string_append_printf(out, " by %s", roles[below(chance, (int)G_N_ELEMENTS(roles))]);
    g_string_append(out, from == 0 ? " / start(k0)" : " / rate");
    for (int n = plain ? 0 : below(chance, 4); n > 0; n--) {
        g_string_append(out, ", ");
        add_action(w, chance, out);
    }
    put_guarded(w, out->str, guard);
}

/* A chain from the first state to the last makes most charts sound; the rest is drawn. */
static void put_lines(World *w, BaseChance *chance)
{
    int all = w->n_states + w->n_finals;
    for (int extra = 4 + below(chance, 20); extra > 0; extra--) {
        int from = below(chance, 6) ? below(chance, w->n_states) : -1;
        put_line(w, chance, from, below(chance, below(chance, 12) ? w->n_states : all),
                 events[below(chance, (int)G_N_ELEMENTS(events))], FALSE);
    }
    for (int s = 0; s + 1 < all; s++)
        put_line(w, chance, MIN(s, w->n_states - 1), s + 1, s % 2 ? "on" : "onward", TRUE);
    put_guarded(w, "* -> s1 : late", NULL);
}

static World world_drawn(BaseChance *chance)
{
    World w = { .d = desk_new(), .guards = g_ptr_array_new_with_free_func(free_rule) };
    put_states(&w, chance);
    w.n_clocks = 1 + below(chance, 4);
    w.n_tasks = below(chance, 4);
    for (int i = 0; i < w.n_clocks; i++)
        put_clock(&w, chance, i);
    for (int i = 0; i < w.n_tasks; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        g_assert_true(flow_chart_task(w.d.chart, id, "unit", NULL));
    }
    put_lines(&w, chance);
    return w;
}

/* ---- random histories ---- */

typedef struct {
    gint64 now;
    gboolean tick;
    const char *event;
    const char *roles[3];
    RuleValue row[DESK_COLUMNS];
} Step;

static Step step_drawn(const World *w, BaseChance *chance, gint64 now)
{
    static const char *const words[] = { "x", "]", "y" };
    static const gint64 gaps[] = { 1, BASE_MINUTE, BASE_HOUR, BASE_DAY, 10 * BASE_DAY };
    Step s = { .now = now +
                      (gint64)base_chance_below(chance, (guint64)gaps[below(chance, G_N_ELEMENTS(gaps))]) };
    s.tick = below(chance, 3) == 0;
    gsize any = base_chance_below(chance, flow_chart_transitions(w->d.chart));
    s.event = flow_chart_transition_at(w->d.chart, any).event;
    for (int i = 0; i < 2; i++)
        s.roles[i] = roles[below(chance, (int)G_N_ELEMENTS(roles))];
    if (below(chance, 4)) s.row[w->d.n] = (RuleValue){ .type = RULE_INT, .integer = below(chance, 8) };
    if (below(chance, 4)) s.row[w->d.flag] = (RuleValue){ .type = RULE_BOOL, .boolean = below(chance, 2) };
    if (below(chance, 4))
        s.row[w->d.word] = (RuleValue){ .type = RULE_TEXT, .text = words[below(chance, 3)] };
    return s;
}

/* ---- the naive chooser: every transition looked at, in document order ---- */

static gboolean plays(const FlowTransition *t, const Step *s)
{
    return g_strv_contains(t->roles, s->roles[0]) || g_strv_contains(t->roles, s->roles[1]);
}

static gboolean brings(const World *w, const FlowTransition *t, const Step *s)
{
    for (gsize i = 0; t->needs[i]; i++) {
        int column = rule_schema_find(w->d.schema, t->needs[i]);
        if (column >= 0 && s->row[column].type == RULE_NULL) return FALSE;
    }
    return TRUE;
}

/* The error code that is due, or -1 and the target. */
static int naive_choice(const World *w, int state, const Step *s, int *to)
{
    gboolean awaited = FALSE, role = FALSE;
    for (gsize i = 0; i < flow_chart_transitions(w->d.chart); i++) {
        FlowTransition t = flow_chart_transition_at(w->d.chart, i);
        gboolean here = t.from == state;
        if (!here || !g_str_equal(t.event, s->event)) continue;
        awaited = TRUE;
        if (!plays(&t, s)) continue;
        role = TRUE;
        if (w->guards->pdata[i] && !rule_holds(w->guards->pdata[i], s->row)) continue;
        *to = t.to;
        return brings(w, &t, s) ? -1 : FLOW_ERROR_NEEDS;
    }
    return role ? FLOW_ERROR_GUARD : awaited ? FLOW_ERROR_ROLE : FLOW_ERROR_NOT_AWAITED;
}

/* ---- the laws, watched from outside ---- */

typedef struct {
    const World *w;
    FlowCase c;
    int rungs[FLOW_MAX_CLOCKS], expiries[FLOW_MAX_CLOCKS]; /* since the last start */
    gint64 consumed[FLOW_MAX_CLOCKS], started[FLOW_MAX_CLOCKS];
    gboolean begun[FLOW_MAX_CLOCKS];
    GArray *effects;
    GString *log;
    guint64 fired;
} Walk;

static void watch_start(Walk *k, int clock)
{
    gboolean resident = flow_chart_clock_def(k->w->d.chart, clock)->resident;
    if (resident && k->begun[clock]) return;
    k->begun[clock] = TRUE;
    k->rungs[clock] = k->expiries[clock] = 0;
    k->consumed[clock] = 0;
    k->started[clock] = k->c.clock[clock].started;
}

static void watch_effects(Walk *k, guint from)
{
    for (guint i = from; i < k->effects->len; i++) {
        const FlowEffect *e = &g_array_index(k->effects, FlowEffect, i);
        write_effect(k->log, k->w->d.chart, e);
        if (e->kind == FLOW_DO_CLOCK && e->clock_deed == FLOW_CLOCK_START) watch_start(k, e->index);
        if (e->kind == FLOW_DO_RUNG) g_assert_cmpint(e->rung, ==, k->rungs[e->index]++);
        if (e->kind == FLOW_DO_EXPIRE) g_assert_cmpint(++k->expiries[e->index], ==, 1);
    }
}

static void hold_laws(Walk *k, gint64 now)
{
    const FlowChart *chart = k->w->d.chart;
    hold_sound(chart, &k->c);
    gboolean final = flow_ended(chart, &k->c);
    for (int i = 0; i < flow_chart_clocks(chart); i++) {
        const FlowClock *clock = &k->c.clock[i];
        if (clock->state == FLOW_CLOCK_NONE) continue;
        gint64 consumed = flow_clock_consumed(chart, &k->c, i, now);
        g_assert_cmpint(consumed, >=, k->consumed[i]);
        k->consumed[i] = consumed;
        g_assert_cmpint(clock->started, ==, k->started[i]);
        g_assert_cmpint(clock->rung, ==, k->rungs[i]);
        g_assert_cmpint(clock->expired, ==, k->expiries[i]);
        if (final) g_assert_cmpint(clock->state, ==, FLOW_CLOCK_STOPPED);
    }
    for (int i = 0; final && i < flow_chart_tasks(chart); i++)
        g_assert_true(k->c.task[i].state != FLOW_TASK_OFFERED && k->c.task[i].state != FLOW_TASK_ACCEPTED);
}

static void pass_time(Walk *k, gint64 now)
{
    guint before = k->effects->len;
    flow_tick(k->w->d.chart, &k->c, now, k->effects);
    watch_effects(k, before);
    for (int i = 0; i < flow_chart_clocks(k->w->d.chart); i++)
        g_assert_cmpint(flow_clock_next(k->w->d.chart, &k->c, i, NULL), >, now);
}

static void hold_choice(Walk *k, const Step *s, const FlowCase *before, gboolean fired, const GError *error)
{
    int to = -1, want = naive_choice(k->w, flow_rest(k->w->d.chart, before), s, &to);
    gboolean later = error && (error->code == FLOW_ERROR_TASK || error->code == FLOW_ERROR_CHART);
    if (fired) g_assert_cmpint(flow_rest(k->w->d.chart, &k->c), ==, to);
    if (fired || later) g_assert_cmpint(want, ==, -1);
    if (!fired && !later) g_assert_cmpint(error->code, ==, want);
    if (!fired) g_assert_true(same_case(before, &k->c));
}

static void walk_step(Walk *k, const Step *s, gboolean tick)
{
    if (tick) pass_time(k, s->now);
    g_autoptr(GError) error = NULL;
    FlowCase before = k->c;
    guint mark = k->effects->len;
    gboolean fired = flow_fire(k->w->d.chart, &k->c, s->event, s->roles, s->row, s->now, k->effects, &error);
    hold_choice(k, s, &before, fired, error);
    if (!fired) g_assert_cmpuint(k->effects->len, ==, mark);
    watch_effects(k, mark);
    hold_laws(k, s->now);
    k->fired += fired;
}

static FlowCase walk(const World *w, const GArray *story, int ticks, char **log, guint64 *fired)
{
    Walk k = { .w = w, .effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect)), .log = g_string_new(NULL) };
    k.c = begun(w->d.chart);
    for (guint i = 0; i < story->len; i++) {
        const Step *s = &g_array_index(story, Step, i);
        walk_step(&k, s, ticks < 0 ? s->tick : ticks);
    }
    pass_time(&k, g_array_index(story, Step, story->len - 1).now);
    *log = g_string_free(k.log, FALSE);
    *fired += k.fired;
    g_array_unref(k.effects);
    return k.c;
}

/* Twice the same, and the same however often somebody looks at the clocks in between. */
static void walk_and_again(const World *w, const GArray *story, guint64 *fired)
{
    g_autofree char *first_log = NULL, *again_log = NULL, *never_log = NULL, *always_log = NULL;
    FlowCase first = walk(w, story, -1, &first_log, fired), again = walk(w, story, -1, &again_log, fired);
    FlowCase never = walk(w, story, FALSE, &never_log, fired),
             always = walk(w, story, TRUE, &always_log, fired);
    g_assert_cmpstr(first_log, ==, again_log);
    g_assert_true(same_case(&first, &again) && same_case(&first, &never) && same_case(&first, &always));
    g_assert_cmpstr(never_log, ==, always_log);
    g_assert_cmpstr(never_log, ==, first_log);
}

static void laws_hold_on_random_histories(void)
{
    guint64 seed = (guint32)g_test_rand_int(),
            charts = g_getenv("FLOW_WALKS") ? g_ascii_strtoull(g_getenv("FLOW_WALKS"), NULL, 10) : 1000;
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    BaseChance chance = base_chance_seeded(seed);
    guint64 sealed = 0, fired = 0;
    for (guint64 i = 0; i < charts; i++) {
        g_auto(World) w = world_drawn(&chance);
        g_autoptr(GError) error = NULL;
        if (!flow_chart_seal(w.d.chart, &error)) continue;
        sealed++;
        g_autoptr(GArray) story = g_array_new(FALSE, FALSE, sizeof(Step));
        gint64 now = at("2026-09-20 08:00");
        for (int n = 0; n < STEPS; n++) {
            Step s = step_drawn(&w, &chance, now);
            now = s.now;
            g_array_append_val(story, s);
        }
        walk_and_again(&w, story, &fired);
    }
    g_test_message("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " charts sound, %" G_GUINT64_FORMAT
                   " transitions",
                   sealed, charts, fired);
    g_assert_cmpuint(sealed, >, charts / 4);
    g_assert_cmpuint(fired, >, sealed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/laws_hold_on_random_histories", laws_hold_on_random_histories);
    return g_test_run();
}
