/* flow_bench.c - what an event costs: a chart of 30 states with 8 events each, with roles, conditions, tasks
 * and two clocks on an office calendar; flow_fire against a naive machine in the same run, which scans the
 * transitions from the first one and compares texts (and, to its advantage, keeps no clocks). Promise: under
 * 2 us a transition. Beside it a tree of 30 states: three regions of eight states in a parallel one, with
 * entry and exit actions, a deep history, eventless and raised transitions; there one event moves all
 * regions, leaves for a while, or comes back. Promise: 100,000 transitions a second. Usage: flow_bench
 * [seconds a measurement]. One JSON line. */
#include "engine/flow/flow.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATES 30
#define EVENTS 8
#define WARM 1000

typedef struct {
    RuleSchema *schema;
    BaseCalendar *calendar;
    FlowChart *chart;
    GPtrArray *guards; /* Rule per transition; NULL: none */
} Bench;

static const char *const events[EVENTS] = { "offer", "accept", "arrive", "report",
                                            "ask",   "answer", "check",  "go_on" };
static const char *const roles[] = { "operator", "handler", "officer" };

static void must(gboolean ok, const GError *error)
{
    if (!ok) g_error("%s", error->message);
}

static void add_line(Bench *b, int state, int event)
{
    static const char *const actions[EVENTS] = {
        "start(resident), start(work), task(handle)",
        "accept(handle), notice(accepted)",
        "pause(work), set(n, n + 1)",
        "done(handle), notice(reply)",
        "resume(work), assign(route)",
        "set(n, n - 1), notice(answer)",
        "verify(handle), rate",
        "stop(work), engine(measure, count)",
    };
    g_autoptr(GError) error = NULL;
    const char *guard = event % 2 ? "n > 3 AND kind = 'noise'" : NULL;
    g_autofree char *text = g_strdup_printf(
        "s%d -> s%d : %s %s%s%s by %s / %s", state, (state * 7 + event * 3 + 1) % STATES, events[event],
        guard ? "[" : "", guard ? guard : "", guard ? "]" : "", roles[event % 3], actions[event]);
    must(flow_chart_transition(b->chart, text, &error), error);
    g_ptr_array_add(b->guards, guard ? rule_parse(guard, b->schema, NULL) : NULL);
}

static void add_clock(Bench *b, const char *id, gboolean resident)
{
    static const FlowRung rungs[] = { { 50, 0 }, { 80, 0 }, { 100, 0 } };
    g_autoptr(GError) error = NULL;
    FlowClockDef def = { .id = id,
                         .measure = BASE_MEASURE_OFFICE,
                         .budget = 100 * BASE_DAY,
                         .calendar = b->calendar,
                         .resident = resident,
                         .rungs = rungs,
                         .n_rungs = G_N_ELEMENTS(rungs) };
    must(flow_chart_clock(b->chart, &def, &error), error);
}

static Bench build(void)
{
    static const BaseShift office = { 540, 1020 };
    g_autoptr(GError) error = NULL;
    Bench b = { rule_schema_new(), base_calendar_new("office", &office, 1, BASE_CHINA_OFFSET), NULL,
                g_ptr_array_new() };
    rule_schema_add(b.schema, "n", RULE_INT);
    rule_schema_add(b.schema, "kind", RULE_TEXT);
    b.chart = flow_chart_new("bench", b.schema);
    for (int s = 0; s < STATES; s++) {
        g_autofree char *id = g_strdup_printf("s%d", s);
        must(flow_chart_state(b.chart, &(FlowStateDef){ .id = id }, &error), error);
    }
    must(flow_chart_state(b.chart, &(FlowStateDef){ .id = "closed", .kind = FLOW_STATE_FINAL }, &error),
         error);
    must(flow_chart_task(b.chart, "handle", "handler", &error), error);
    add_clock(&b, "resident", TRUE);
    add_clock(&b, "work", FALSE);
    for (int i = 0; i < STATES * EVENTS; i++)
        add_line(&b, i / EVENTS, i % EVENTS);
    must(flow_chart_transition(b.chart, "* -> closed : close", &error), error);
    must(flow_chart_seal(b.chart, &error), error);
    return b;
}

/* ---- the naive machine ---- */

static int naive_fire(const Bench *b, int state, const char *event, const char *role, const RuleValue *row,
                      GArray *effects)
{
    const char *here = flow_chart_state_id(b->chart, state);
    for (gsize i = 0; i < b->guards->len; i++) {
        FlowTransition t = flow_chart_transition_at(b->chart, i);
        if (strcmp(flow_chart_state_id(b->chart, t.from), here) || strcmp(t.event, event)) continue;
        if (!g_strv_contains(t.roles, role) || (t.guard && !rule_holds(b->guards->pdata[i], row))) continue;
        g_array_append_vals(effects, t.actions, (guint)t.n_actions);
        return t.to;
    }
    g_error("nothing fits %s in %s", event, here);
}

static double naive_per_second(const Bench *b, const RuleValue *row, double seconds, int *state)
{
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    gint64 begin = g_get_monotonic_time(), done = 0;
    while (done % WARM || (double)(g_get_monotonic_time() - begin) < seconds * 1e6) {
        g_array_set_size(effects, 0);
        *state = naive_fire(b, *state, events[done % EVENTS], roles[done % EVENTS % 3], row, effects);
        done++;
    }
    return (double)done * 1e6 / (double)(g_get_monotonic_time() - begin);
}

/* ---- ours ---- */

static double flow_per_second(const Bench *b, const RuleValue *row, double seconds, gint64 *fired)
{
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_autoptr(GError) error = NULL;
    FlowCase c;
    must(flow_begin(b->chart, &c, row, G_GINT64_CONSTANT(1790000000000), effects, &error), error);
    gint64 begin = g_get_monotonic_time(), done = 0, now = G_GINT64_CONSTANT(1790000000000);
    while (done % WARM || (double)(g_get_monotonic_time() - begin) < seconds * 1e6) {
        const char *const held[] = { roles[done % EVENTS % 3], NULL };
        g_array_set_size(effects, 0);
        now += done % 64 ? 1 : 1000;
        must(flow_fire(b->chart, &c, events[done % EVENTS], held, row, now, effects, &error), error);
        done++;
    }
    *fired = done;
    return (double)done * 1e6 / (double)(g_get_monotonic_time() - begin);
}

/* ---- states within states ---- */

#define REGIONS 3
#define IN_REGION 8

static void put(FlowChart *chart, const char *id, const char *parent, FlowStateKind kind)
{
    g_autoptr(GError) error = NULL;
    must(flow_chart_state(chart, &(FlowStateDef){ .id = id, .parent = parent, .kind = kind }, &error), error);
}

static void put_line(FlowChart *chart, const char *text)
{
    g_autoptr(GError) error = NULL;
    must(flow_chart_transition(chart, text, &error), error);
}

static void add_region(FlowChart *chart, int r)
{
    g_autofree char *region = g_strdup_printf("r%d", r);
    put(chart, region, "open", FLOW_STATE_PLAIN);
    for (int s = 0; s < IN_REGION; s++) {
        g_autofree char *id = g_strdup_printf("r%d_%d", r, s);
        put(chart, id, region, FLOW_STATE_PLAIN);
    }
}

static void add_region_lines(FlowChart *chart, int r)
{
    g_autoptr(GError) error = NULL;
    for (int s = 0; s < IN_REGION; s++) {
        g_autofree char *text = g_strdup_printf("r%d_%d -> r%d_%d : go [n > 3] by operator / set(n, n + 1)",
                                                r, s, r, (s + 1) % IN_REGION),
                        *id = g_strdup_printf("r%d_%d", r, s);
        put_line(chart, text);
        must(flow_chart_on(chart, id, FLOW_ON_ENTRY, "notice(in)", &error), error);
        must(flow_chart_on(chart, id, FLOW_ON_EXIT, "notice(out)", &error), error);
    }
}

static FlowChart *build_tree(const Bench *b)
{
    FlowChart *chart = flow_chart_new("tree", b->schema);
    g_autoptr(GError) error = NULL;
    put(chart, "open", NULL, FLOW_STATE_PARALLEL);
    for (int r = 0; r < REGIONS; r++)
        add_region(chart, r);
    put(chart, "where", "open", FLOW_STATE_DEEP);
    put(chart, "held", NULL, FLOW_STATE_PLAIN);
    put(chart, "closed", NULL, FLOW_STATE_FINAL);
    const FlowClockDef clock = {
        .id = "work", .measure = BASE_MEASURE_OFFICE, .budget = 100 * BASE_DAY, .calendar = b->calendar
    };
    must(flow_chart_clock(chart, &clock, &error), error);
    must(flow_chart_on(chart, "open", FLOW_ON_ENTRY, "start(work)", &error), error);
    for (int r = 0; r < REGIONS; r++)
        add_region_lines(chart, r);
    put_line(chart, "open -> held : hold by operator / raise(told)");
    put_line(chart, "held -> - : told / notice(held)");
    put_line(chart, "held -> where : back by operator");
    put_line(chart, "* -> closed : close");
    must(flow_chart_seal(chart, &error), error);
    return chart;
}

/* Transitions: a "go" takes one in each region, "hold" and "back" one each and what was raised. */
static double tree_per_second(const FlowChart *chart, const RuleValue *row, double seconds,
                              double *events_each)
{
    static const char *const held[] = { "operator", NULL };
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_autoptr(GError) error = NULL;
    FlowCase c;
    must(flow_begin(chart, &c, row, 0, effects, &error), error);
    gint64 begin = g_get_monotonic_time(), taken = 0, done = 0;
    while (done % WARM || (double)(g_get_monotonic_time() - begin) < seconds * 1e6) {
        const char *event = done % 10 == 8 ? "hold" : done % 10 == 9 ? "back" : "go";
        g_array_set_size(effects, 0);
        must(flow_fire(chart, &c, event, held, row, done, effects, &error), error);
        taken += done % 10 == 8 ? 2 : done % 10 == 9 ? 1 : REGIONS;
        done++;
    }
    double elapsed = (double)(g_get_monotonic_time() - begin);
    *events_each = (double)done * 1e6 / elapsed;
    return (double)taken * 1e6 / elapsed;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 2;
    Bench b = build();
    const RuleValue row[] = { { .type = RULE_INT, .integer = 7 }, { .type = RULE_TEXT, .text = "noise" } };
    int state = 0;
    gint64 fired = 0;
    double ours = flow_per_second(&b, row, seconds, &fired),
           naive = naive_per_second(&b, row, seconds, &state);
    FlowChart *tree = build_tree(&b);
    double tree_events = 0, tree_ours = tree_per_second(tree, row, seconds, &tree_events);
    printf("{\"bench\":\"flow\",\"states\":%d,\"transitions\":%zu,\"fired\":%" G_GINT64_FORMAT
           ",\"per_second\":%.0f,\"ns_each\":%.0f,\"naive_per_second\":%.0f,\"times_naive\":%.2f,\"promise_"
           "ns\":2000,\"tree_states\":%d,\"tree_per_second\":%.0f,\"tree_events_per_second\":%.0f,\"kept\":%"
           "s}\n",
           STATES, flow_chart_transitions(b.chart), fired, ours, 1e9 / ours, naive, ours / naive,
           flow_chart_states(tree), tree_ours, tree_events, ours > 5e5 && tree_ours > 1e5 ? "true" : "false");
    flow_chart_free(tree);
    flow_chart_free(b.chart);
    for (guint i = 0; i < b.guards->len; i++)
        rule_free(b.guards->pdata[i]);
    g_ptr_array_unref(b.guards);
    rule_schema_free(b.schema);
    base_calendar_free(b.calendar);
    return 0;
}
