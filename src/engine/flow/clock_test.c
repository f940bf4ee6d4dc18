/* clock_test.c - when a clock is due: tables for people to read, and a slow oracle that walks minute by
 * minute. */
#include "base/chance.h"
#include "engine/flow/flow_test.h"

static const char *const system_role[] = { "system", NULL };

typedef struct {
    Desk d;
    FlowCase c;
    GArray *effects;
} Watch;

/* A chart around one clock "k": it runs in `run`, where run_in lists it or it is not paused; `hold` is the
 * other state. */
static Watch watch_new(FlowClockDef def, gboolean listed)
{
    static const char *const run_in[] = { "run", NULL };
    Watch w = { .d = desk_new(), .effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect)) };
    states(&w.d, "new run hold done*");
    def.id = "k";
    if (!def.calendar) def.calendar = w.d.office;
    def.run_in = listed ? run_in : NULL;
    FlowClockDef keeper = { .id = "keeper", .budget = BASE_DAY * 10000, .calendar = w.d.always };
    g_autoptr(GError) error = NULL;
    flow_chart_clock(w.d.chart, &def, &error);
    g_assert_no_error(error);
    g_assert_true(flow_chart_clock(w.d.chart, &keeper, NULL));
    line(&w.d, "new -> run : begin / start(k), start(keeper)");
    line(&w.d, listed ? "run -> hold : hold" : "run -> hold : hold / pause(k)");
    line(&w.d, listed ? "hold -> run : go" : "hold -> run : go / resume(k)");
    line(&w.d, "run|hold -> run : again / start(k)");
    line(&w.d, "run|hold -> run : stop / stop(k)");
    if (def.extend_max) line(&w.d, "run|hold -> - : more / extend(k)");
    line(&w.d, "* -> done : end");
    if (def.on_expiry) line(&w.d, "run -> done : late");
    seal(&w.d);
    w.c = begun(w.d.chart);
    return w;
}

static void watch_clear(Watch *w)
{
    g_array_unref(w->effects);
    desk_clear(&w->d);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Watch, watch_clear)

static void fire(Watch *w, const char *event, gint64 now)
{
    static const RuleValue row[DESK_COLUMNS];
    g_autoptr(GError) error = NULL;
    g_array_set_size(w->effects, 0);
    flow_fire(w->d.chart, &w->c, event, system_role, row, now, w->effects, &error);
    g_assert_no_error(error);
    hold_sound(w->d.chart, &w->c);
}

static gint64 due(Watch *w)
{
    return flow_clock_due(w->d.chart, &w->c, 0, NULL);
}

static void hold_effects(Watch *w, const char *want)
{
    g_autofree char *got = write_effects(w->d.chart, w->effects);
    g_assert_cmpstr(got, ==, want);
}

static void tick(Watch *w, gint64 now, const char *want)
{
    g_array_set_size(w->effects, 0);
    flow_tick(w->d.chart, &w->c, now, w->effects);
    hold_effects(w, want);
    hold_sound(w->d.chart, &w->c);
    g_assert_cmpint(flow_clock_next(w->d.chart, &w->c, 0, NULL), >, now);
}

/* office: 9-12 and 13-17. 2026: National Day rest 1-7 October, 10 October (Saturday) makes up. */
static void a_deadline_counts_only_what_its_measure_counts(void)
{
    static const struct {
        const char *name, *start;
        BaseMeasure measure;
        gint64 budget;
        gboolean next_day, end_of_day;
        const char *want;
    } table[] = {
        /* clang-format off */
        { "natural",                   "2026-11-20 16:30", BASE_MEASURE_NATURAL, 60 * BASE_MINUTE, FALSE, FALSE, "2026-11-20 17:30" },
        { "over lunch",                "2026-11-20 11:30", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE, FALSE, FALSE, "2026-11-20 13:30" },
        { "to the last minute",        "2026-11-20 16:00", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE, FALSE, FALSE, "2026-11-20 17:00" },
        { "over the weekend",          "2026-11-20 16:30", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE, FALSE, FALSE, "2026-11-23 09:30" },
        { "working days over weekend", "2026-11-20 16:30", BASE_MEASURE_WORKDAY, 1 * BASE_DAY,     FALSE, FALSE, "2026-11-23 16:30" },
        { "over National Day",         "2026-09-30 16:30", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE, FALSE, FALSE, "2026-10-08 09:30" },
        { "a make-up Saturday works",  "2026-10-09 16:30", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE, FALSE, FALSE, "2026-10-10 09:30" },
        { "next day",                  "2026-11-20 16:30", BASE_MEASURE_NATURAL, 1 * BASE_DAY,     TRUE,  FALSE, "2026-11-22 00:00" },
        { "next day, not twice",       "2026-11-20 00:00", BASE_MEASURE_NATURAL, 1 * BASE_DAY,     TRUE,  FALSE, "2026-11-22 00:00" },
        { "next day works",            "2026-11-20 16:30", BASE_MEASURE_WORKDAY, 2 * BASE_DAY,     TRUE,  FALSE, "2026-11-25 00:00" },
        { "end of day",                "2026-11-20 16:30", BASE_MEASURE_NATURAL, 1 * BASE_HOUR,    FALSE, TRUE,  "2026-11-21 00:00" },
        { "midnight is a day's end",   "2026-11-20 23:00", BASE_MEASURE_NATURAL, 1 * BASE_HOUR,    FALSE, TRUE,  "2026-11-21 00:00" },
        { "first day not counted",     "2026-11-20 16:30", BASE_MEASURE_NATURAL, 30 * BASE_DAY,    TRUE,  TRUE,  "2026-12-21 00:00" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Watch) w =
            watch_new((FlowClockDef){ .measure = table[i].measure,
                                      .budget = table[i].budget,
                                      .next_day = table[i].next_day,
                                      .end = table[i].end_of_day ? FLOW_END_OF_DAY : FLOW_END_EXACT },
                      FALSE);
        g_assert_cmpint(due(&w), ==, G_MAXINT64);
        fire(&w, "begin", at(table[i].start));
        char got[17];
        base_time_write(due(&w), BASE_CHINA_OFFSET, got);
        g_assert_cmpstr(got, ==, table[i].want);
        g_assert_cmpint(flow_clock_next(w.d.chart, &w.c, 0, NULL), ==, due(&w));
        g_assert_cmpint(flow_clock_consumed(w.d.chart, &w.c, 0, due(&w)), >=, table[i].budget);
    }
}

static void pausing_is_exact(void)
{
    for (int listed = 0; listed <= 1; listed++) {
        g_auto(Watch) w =
            watch_new((FlowClockDef){ .budget = 60000, .measure = BASE_MEASURE_NATURAL }, listed);
        fire(&w, "begin", 1000);
        fire(&w, "hold", 21001);
        hold_effects(&w, "pause k");
        g_assert_cmpint(due(&w), ==, G_MAXINT64);
        g_assert_cmpint(flow_clock_next(w.d.chart, &w.c, 0, NULL), ==, G_MAXINT64);
        g_assert_cmpint(flow_clock_consumed(w.d.chart, &w.c, 0, BASE_DAY), ==, 20001);
        tick(&w, BASE_DAY, "");
        fire(&w, "go", BASE_DAY);
        hold_effects(&w, "resume k");
        g_assert_cmpint(due(&w), ==, BASE_DAY + 60000 - 20001);
        fire(&w, "end", BASE_DAY + 5);
        hold_effects(&w, "stop k, stop keeper");
        g_assert_cmpint(w.c.clock[0].consumed, ==, 20006);
        g_assert_cmpint(w.c.clock[0].stopped, ==, BASE_DAY + 5);
    }
}

static void a_pause_before_the_first_day_does_not_bring_it_forward(void)
{
    g_auto(Watch) w = watch_new(
        (FlowClockDef){ .budget = BASE_DAY, .measure = BASE_MEASURE_NATURAL, .next_day = TRUE }, TRUE);
    fire(&w, "begin", at("2026-11-20 10:00"));
    fire(&w, "hold", at("2026-11-20 11:00"));
    fire(&w, "go", at("2026-11-20 12:00"));
    g_assert_cmpint(due(&w), ==, at("2026-11-22 00:00"));
    g_assert_cmpint(flow_clock_consumed(w.d.chart, &w.c, 0, at("2026-11-20 13:00")), ==, 0);
}

static const FlowRung rungs[] = { { 50, 0 }, { 80, 0 }, { 100, 0 }, { 150, 0 } };

static void each_rung_fires_once_and_expiry_once(void)
{
    g_auto(Watch) w =
        watch_new((FlowClockDef){ .budget = 1000, .rungs = rungs, .n_rungs = 4, .on_expiry = "late" }, TRUE);
    fire(&w, "begin", 0);
    tick(&w, 499, "");
    tick(&w, 500, "rung k 0");
    tick(&w, 500, "");
    tick(&w, 1000, "rung k 1, rung k 2, expire k late");
    tick(&w, 1499, "");
    tick(&w, 5000, "rung k 3");
    tick(&w, BASE_DAY, "");
    g_assert_true(w.c.clock[0].expired);
}

static void what_was_due_is_passed_before_the_clock_is_stopped(void)
{
    g_auto(Watch) w = watch_new((FlowClockDef){ .budget = 1000, .rungs = rungs, .n_rungs = 4 }, TRUE);
    fire(&w, "begin", 0);
    fire(&w, "end", 1600);
    hold_effects(&w, "rung k 0, rung k 1, rung k 2, expire k -, rung k 3, stop k, stop keeper");
}

static void end_of_day_moves_the_whole_and_what_is_beyond(void)
{
    g_auto(Watch) w = watch_new(
        (FlowClockDef){ .budget = BASE_HOUR, .rungs = rungs, .n_rungs = 4, .end = FLOW_END_OF_DAY }, TRUE);
    fire(&w, "begin", at("2026-11-20 10:00"));
    tick(&w, at("2026-11-20 10:30"), "rung k 0");
    tick(&w, at("2026-11-20 23:59"), "rung k 1");
    tick(&w, at("2026-11-21 00:00"), "rung k 2, expire k -, rung k 3");
}

static void clocks_pass_what_is_due_oldest_first(void)
{
    g_auto(Desk) d = desk_new();
    states(&d, "a b z*");
    static const FlowRung half[] = { { 50, 0 } };
    const FlowClockDef slow = {
        .id = "slow", .budget = 1000, .calendar = d.always, .rungs = half, .n_rungs = 1
    };
    const FlowClockDef fast = {
        .id = "fast", .budget = 600, .calendar = d.always, .rungs = half, .n_rungs = 1
    };
    const FlowClockDef even = {
        .id = "even", .budget = 1000, .calendar = d.always, .rungs = half, .n_rungs = 1
    };
    g_assert_true(flow_chart_clock(d.chart, &slow, NULL) && flow_chart_clock(d.chart, &even, NULL) &&
                  flow_chart_clock(d.chart, &fast, NULL));
    line(&d, "a -> b : go / start(even), start(fast), start(slow)");
    line(&d, "b -> z : end");
    seal(&d);
    FlowCase c = begun(d.chart);
    static const RuleValue row[DESK_COLUMNS];
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_assert_true(flow_fire(d.chart, &c, "go", system_role, row, 0, effects, NULL));
    g_array_set_size(effects, 0);
    flow_tick(d.chart, &c, 5000, effects);
    g_autofree char *got = write_effects(d.chart, effects);
    g_assert_cmpstr(got, ==,
                    "rung fast 0, rung slow 0, rung even 0, expire fast -, expire slow -, expire even -");
}

static void a_handler_clock_starts_afresh_and_a_resident_clock_never(void)
{
    for (int resident = 0; resident <= 1; resident++) {
        g_auto(Watch) w = watch_new(
            (FlowClockDef){ .budget = 1000, .rungs = rungs, .n_rungs = 4, .resident = resident }, FALSE);
        fire(&w, "begin", 0);
        fire(&w, "again", 600);
        hold_effects(&w, resident ? "rung k 0" : "rung k 0, start k");
        g_assert_cmpint(due(&w), ==, resident ? 1000 : 1600);
        fire(&w, "stop", 700);
        fire(&w, "again", 900); /* a stopped resident clock goes on where it stood */
        hold_effects(&w, "start k");
        g_assert_cmpint(due(&w), ==, resident ? 1200 : 1900);
        g_assert_cmpint(w.c.clock[0].started, ==, resident ? 0 : 900);
        g_assert_cmpint(w.c.clock[0].rung, ==, resident ? 1 : 0);
        fire(&w, "hold", 950);
        fire(&w, "again", 960); /* a resident's pause is ended by resume alone */
        hold_effects(&w, resident ? "" : "start k");
    }
}

static void beyond_the_published_years_a_deadline_is_provisional(void)
{
    char last[32], next[32];
    g_snprintf(last, sizeof last, "%d-03-02 10:00", base_calendar_last_published());
    g_snprintf(next, sizeof next, "%d-12-30 10:00", base_calendar_last_published());
    g_auto(Watch) w =
        watch_new((FlowClockDef){ .budget = 5 * BASE_DAY, .measure = BASE_MEASURE_WORKDAY }, FALSE);
    gboolean provisional = TRUE;
    fire(&w, "begin", at(last));
    flow_clock_due(w.d.chart, &w.c, 0, &provisional);
    g_assert_false(provisional);
    fire(&w, "again", at(next));
    flow_clock_due(w.d.chart, &w.c, 0, &provisional);
    g_assert_true(provisional);
    flow_clock_next(w.d.chart, &w.c, 0, &provisional);
    g_assert_true(provisional);
}

/* 1 October 2026 is the first of seven days of rest, Saturday the 10th works. */
static void an_end_on_a_rest_day_rolls_to_the_next_working_day(void)
{
    static const struct {
        const char *name, *start;
        gint64 budget;
        const char *want;
    } table[] = {
        { "on a working day: its end", "2026-11-20 10:00", BASE_HOUR, "2026-11-21 00:00" },
        { "on a Saturday: Monday's end", "2026-11-20 10:00", BASE_DAY, "2026-11-24 00:00" },
        { "right at midnight: that day's end", "2026-11-20 00:00", BASE_DAY, "2026-11-21 00:00" },
        { "in the holidays", "2026-09-30 10:00", BASE_DAY, "2026-10-09 00:00" },
        { "on a Saturday that works", "2026-10-09 10:00", BASE_DAY, "2026-10-11 00:00" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Watch) w = watch_new((FlowClockDef){ .budget = table[i].budget, .end = FLOW_END_ROLL }, FALSE);
        fire(&w, "begin", at(table[i].start));
        char got[17];
        base_time_write(due(&w), BASE_CHINA_OFFSET, got);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void rungs_may_stand_some_time_before_the_end(void)
{
    static const FlowRung mixed[] = { { 50, 0 }, { 0, 100 }, { 0, 10 }, { 100, 0 }, { 150, 0 } };
    g_auto(Watch) w = watch_new((FlowClockDef){ .budget = 1000, .rungs = mixed, .n_rungs = 5 }, TRUE);
    fire(&w, "begin", 0);
    tick(&w, 500, "rung k 0");
    tick(&w, 899, "");
    tick(&w, 900, "rung k 1");
    g_assert_cmpint(flow_rung_percent(w.d.chart, &w.c, 0, 1), ==, 90);
    tick(&w, 1000, "rung k 2, rung k 3, expire k -");
    tick(&w, 1500, "rung k 4");
}

static void what_was_told_stays_told_when_the_clock_is_extended(void)
{
    static const FlowRung mixed[] = { { 50, 0 }, { 0, 100 }, { 100, 0 } };
    const FlowClockDef def = {
        .budget = 1000, .rungs = mixed, .n_rungs = 3, .extend_by = 500, .extend_max = 2
    };
    g_auto(Watch) w = watch_new(def, TRUE);
    fire(&w, "begin", 0);
    fire(&w, "more", 600);
    hold_effects(&w, "rung k 0, extend k");
    g_assert_cmpint(due(&w), ==, 1500);
    tick(&w, 1399, "");
    tick(&w, 1500, "rung k 1, rung k 2, expire k -");
    fire(&w, "more", 1600); /* expired no more: it may expire once again */
    hold_effects(&w, "extend k");
    g_assert_false(w.c.clock[0].expired);
    g_assert_cmpint(due(&w), ==, 2000);
    tick(&w, 2000, "expire k -");
    static const RuleValue row[DESK_COLUMNS];
    g_autoptr(GError) error = NULL;
    g_assert_false(flow_fire(w.d.chart, &w.c, "more", system_role, row, 2100, w.effects, &error));
    g_assert_error(error, FLOW_ERROR, FLOW_ERROR_CLOCK);
    g_assert_cmpint(w.c.clock[0].extended, ==, 2);
    fire(&w, "again", 3000); /* a new start is extended never yet */
    g_assert_cmpint(w.c.clock[0].extended, ==, 0);
    g_assert_cmpint(due(&w), ==, 4000);
}

static void too_late_an_extension_leaves_it_expired(void)
{
    const FlowClockDef def = { .budget = 1000, .extend_by = 500, .extend_max = 1 };
    g_auto(Watch) w = watch_new(def, TRUE);
    fire(&w, "begin", 0);
    fire(&w, "more", 1500);
    hold_effects(&w, "expire k -, extend k");
    g_assert_true(w.c.clock[0].expired);
    tick(&w, 9000, "");
}

static void the_first_budget_that_holds_at_the_start_is_taken(void)
{
    static const FlowBudget budgets[] = { { "n = 1", 100 }, { "n >= 1", 200 }, { "flag", 300 } };
    static const struct {
        gint64 n, want;
    } table[] = { { 0, 1000 }, { 1, 100 }, { 2, 200 } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Watch) w =
            watch_new((FlowClockDef){ .budget = 1000, .budgets = budgets, .n_budgets = 3 }, TRUE);
        RuleValue row[DESK_COLUMNS] = { 0 };
        row[w.d.n] = (RuleValue){ .type = RULE_INT, .integer = table[i].n };
        g_assert_true(flow_fire(w.d.chart, &w.c, "begin", system_role, row, 0, w.effects, NULL));
        g_assert_cmpint(w.c.clock[0].budget, ==, table[i].want);
        g_assert_cmpint(due(&w), ==, table[i].want);
    }
}

/* ---- the oracle: every minute looked at, one after another ---- */

typedef struct {
    const BaseCalendar *calendar;
    BaseMeasure measure;
    gint64 day;
    gboolean works;
} Walker;

static gboolean minute_counts(Walker *walker, gint64 t)
{
    if (walker->measure == BASE_MEASURE_NATURAL) return TRUE;
    gint64 local = t + BASE_CHINA_OFFSET;
    if (local / BASE_DAY != walker->day) {
        walker->day = local / BASE_DAY;
        walker->works = base_calendar_works(walker->calendar, t);
    }
    gint64 minute = local % BASE_DAY / BASE_MINUTE;
    gboolean office = (minute >= 540 && minute < 720) || (minute >= 780 && minute < 1020);
    return walker->works && (walker->measure == BASE_MEASURE_WORKDAY || office);
}

enum { MAX_TURNS = 6, MAX_MORE = 2, MAX_MINUTES = 40000 };

typedef struct {
    gint64 at;
    const char *event; /* hold, go, more */
} Act;

typedef struct {
    FlowClockDef def;
    gboolean listed; /* paused by where it runs, not by name */
    gint64 start;
    Act act[MAX_TURNS + MAX_MORE];
    int acts;
} Story;

static gint in_order(gconstpointer a, gconstpointer b, gpointer data)
{
    const gint64 x = ((const Act *)a)->at, y = ((const Act *)b)->at;
    (void)data;
    return x < y ? -1 : x > y;
}

static void draw_acts(Story *s, BaseChance *chance)
{
    gint64 t = s->start;
    for (int turns = 2 * (int)base_chance_below(chance, MAX_TURNS / 2 + 1); s->acts < turns; s->acts++)
        s->act[s->acts] =
            (Act){ t += (gint64)base_chance_below(chance, 3000) * BASE_MINUTE, s->acts % 2 ? "go" : "hold" };
    for (int more = s->def.extend_max; more; more--)
        s->act[s->acts++] = (Act){ s->start + (gint64)base_chance_below(chance, 4000) * BASE_MINUTE, "more" };
    g_qsort_with_data(s->act, s->acts, sizeof(Act), in_order, NULL); /* stable */
}

static Story story_drawn(BaseChance *chance)
{
    static const FlowEnd ends[] = { FLOW_END_EXACT, FLOW_END_EXACT, FLOW_END_OF_DAY, FLOW_END_ROLL };
    Story s = { .start = at("2010-01-01 00:00") +
                         (gint64)base_chance_below(chance, 17 * 365 * 1440) * BASE_MINUTE };
    gint64 most = base_chance_below(chance, 4) ? 600 : 10 * 1440;
    s.def.measure = (BaseMeasure)base_chance_below(chance, 3);
    if (s.def.measure == BASE_MEASURE_OFFICE) most = MIN(most, 2400);
    s.def.budget = (1 + (gint64)base_chance_below(chance, (guint64)most)) * BASE_MINUTE;
    s.def.next_day = base_chance_below(chance, 4) == 0;
    s.def.end = ends[base_chance_below(chance, G_N_ELEMENTS(ends))];
    s.def.extend_max = (guint8)base_chance_below(chance, MAX_MORE + 1);
    if (s.def.extend_max) s.def.extend_by = (1 + (gint64)base_chance_below(chance, 600)) * BASE_MINUTE;
    s.listed = base_chance_below(chance, 2) == 0;
    draw_acts(&s, chance);
    return s;
}

/* What the oracle knows while it walks. */
typedef struct {
    const Story *s;
    Walker walker;
    gint64 budget, spent;        /* minutes */
    gint64 first, resumed;       /* counting began; the last time it did */
    gint64 before;               /* minutes spent when resumed */
    gint64 reached[MAX_MINUTES]; /* when minute before + 1, before + 2, ... was spent */
    gboolean running;
} Oracle;

static gint64 end_of_day(gint64 t)
{
    gint64 local = t + BASE_CHINA_OFFSET;
    return (local + BASE_DAY - 1) / BASE_DAY * BASE_DAY - BASE_CHINA_OFFSET;
}

/* When the clock wants to expire, as far as it has been walked: at the minute that was the last of the
 * budget, or when it was resumed after that; moved to the end of that day, and from there to a working day's.
 */
static gint64 slow_wanted(const Oracle *o)
{
    const gint64 n = o->budget - o->before;
    if (!o->running || o->spent < o->budget) return G_MAXINT64;
    gint64 t = n <= 0 ? o->resumed : o->reached[n - 1];
    if (o->s->def.end != FLOW_END_EXACT) t = end_of_day(t);
    while (o->s->def.end == FLOW_END_ROLL && !base_calendar_works(o->walker.calendar, t - 1))
        t += BASE_DAY;
    return t;
}

static void slow_act(Oracle *o, const Act *act)
{
    if (!strcmp(act->event, "more")) {
        o->budget += o->s->def.extend_by / BASE_MINUTE;
        return;
    }
    o->running = !strcmp(act->event, "go");
    if (!o->running) return;
    o->resumed = MAX(act->at, o->first);
    o->before = o->spent;
}

/* The instant of expiry, found by walking. */
static gint64 slow_due(const Story *s, const BaseCalendar *calendar)
{
    static Oracle o;
    o.s = s;
    o.walker = (Walker){ calendar, s->def.measure, -1, FALSE };
    o.budget = s->def.budget / BASE_MINUTE;
    o.first = o.resumed = s->def.next_day ? end_of_day(s->start + 1) : s->start;
    o.spent = o.before = 0;
    o.running = TRUE;
    int done = 0;
    for (gint64 t = s->start;; t += BASE_MINUTE) {
        for (; slow_wanted(&o) > t && done < s->acts && s->act[done].at == t; done++)
            slow_act(&o, &s->act[done]);
        if (slow_wanted(&o) <= t) return t;
        if (!o.running || t < o.first || !minute_counts(&o.walker, t)) continue;
        g_assert_cmpint(++o.spent - o.before, <=, MAX_MINUTES);
        o.reached[o.spent - o.before - 1] = t + BASE_MINUTE;
    }
}

/* The instant of expiry as derived: of the first stretch of running that reaches it. */
static gint64 quick_due(Watch *w, const Story *s)
{
    fire(w, "begin", s->start);
    for (int i = 0; i < s->acts && due(w) > s->act[i].at; i++)
        fire(w, s->act[i].event, s->act[i].at);
    return due(w);
}

static void hold_expiry(Watch *w, gint64 when)
{
    tick(w, when - 1, "");
    tick(w, when, "expire k -");
    tick(w, when + BASE_DAY, "");
}

static void deadlines_equal_walking_minute_by_minute(void)
{
    guint64 seed = (guint32)g_test_rand_int(),
            rounds = g_getenv("FLOW_ORACLE") ? g_ascii_strtoull(g_getenv("FLOW_ORACLE"), NULL, 10) : 20000;
    g_test_message("seed %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " rounds", seed, rounds);
    BaseChance chance = base_chance_seeded(seed);
    for (guint64 i = 0; i < rounds; i++) {
        Story s = story_drawn(&chance);
        g_auto(Watch) w = watch_new(s.def, s.listed);
        gint64 quick = quick_due(&w, &s), slow = slow_due(&s, w.d.office);
        if (slow != quick)
            g_error("seed %" G_GUINT64_FORMAT " round %" G_GUINT64_FORMAT ": walked to %" G_GINT64_FORMAT
                    ", derived %" G_GINT64_FORMAT,
                    seed, i, slow, quick);
        hold_expiry(&w, slow);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/a_deadline_counts_only_what_its_measure_counts",
                    a_deadline_counts_only_what_its_measure_counts);
    g_test_add_func("/flow/pausing_is_exact", pausing_is_exact);
    g_test_add_func("/flow/a_pause_before_the_first_day_does_not_bring_it_forward",
                    a_pause_before_the_first_day_does_not_bring_it_forward);
    g_test_add_func("/flow/each_rung_fires_once_and_expiry_once", each_rung_fires_once_and_expiry_once);
    g_test_add_func("/flow/what_was_due_is_passed_before_the_clock_is_stopped",
                    what_was_due_is_passed_before_the_clock_is_stopped);
    g_test_add_func("/flow/end_of_day_moves_the_whole_and_what_is_beyond",
                    end_of_day_moves_the_whole_and_what_is_beyond);
    g_test_add_func("/flow/clocks_pass_what_is_due_oldest_first", clocks_pass_what_is_due_oldest_first);
    g_test_add_func("/flow/a_handler_clock_starts_afresh_and_a_resident_clock_never",
                    a_handler_clock_starts_afresh_and_a_resident_clock_never);
    g_test_add_func("/flow/an_end_on_a_rest_day_rolls_to_the_next_working_day",
                    an_end_on_a_rest_day_rolls_to_the_next_working_day);
    g_test_add_func("/flow/rungs_may_stand_some_time_before_the_end",
                    rungs_may_stand_some_time_before_the_end);
    g_test_add_func("/flow/what_was_told_stays_told_when_the_clock_is_extended",
                    what_was_told_stays_told_when_the_clock_is_extended);
    g_test_add_func("/flow/too_late_an_extension_leaves_it_expired", too_late_an_extension_leaves_it_expired);
    g_test_add_func("/flow/the_first_budget_that_holds_at_the_start_is_taken",
                    the_first_budget_that_holds_at_the_start_is_taken);
    g_test_add_func("/flow/beyond_the_published_years_a_deadline_is_provisional",
                    beyond_the_published_years_a_deadline_is_provisional);
    g_test_add_func("/flow/deadlines_equal_walking_minute_by_minute",
                    deadlines_equal_walking_minute_by_minute);
    return g_test_run();
}
