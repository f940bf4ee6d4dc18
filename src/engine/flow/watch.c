/* watch.c - the clocks of a chart: what is given is checked and kept. How they run is clock.c. */
#include "engine/flow/chart.h"

#define MAX_BUDGET ((gint64)30 * 366 * BASE_DAY)
#define MAX_PERCENT 1000
#define MAX_RUNGS 64
#define MAX_BUDGETS 32

/* ---- budgets ---- */

static gboolean budget_sound(const FlowClockDef *def, gint64 budget, GError **error)
{
    return (budget > 0 && budget <= MAX_BUDGET) ||
           chart_refuse(error, "clock %s has a budget outside of 1 ms to 30 years", def->id);
}

static gboolean budgets_sound(const FlowClockDef *def, GError **error)
{
    if (!def->calendar) return chart_refuse(error, "clock %s has no calendar", def->id);
    if (!budget_sound(def, def->budget, error)) return FALSE;
    if (def->n_budgets > MAX_BUDGETS)
        return chart_refuse(error, "clock %s has more than %d budgets", def->id, MAX_BUDGETS);
    for (gsize i = 0; i < def->n_budgets; i++) {
        if (!budget_sound(def, def->budgets[i].budget, error)) return FALSE;
    }
    if (!def->extend_max != !def->extend_by)
        return chart_refuse(error, "clock %s is extended either so often by nothing or never by something",
                            def->id);
    return !def->extend_max || budget_sound(def, def->extend_by, error);
}

/* ---- rungs: in the order in which they pass, whatever the budget came to be ---- */

gint64 chart_rung_share(const FlowRung *rung, gint64 budget)
{
    return rung->percent ? budget * rung->percent / 100 : budget - rung->before;
}

static gboolean rung_sound(const FlowClockDef *def, gsize i, GError **error)
{
    const FlowRung *rung = &def->rungs[i], *last = i ? rung - 1 : NULL;
    if (rung->percent ? rung->percent > MAX_PERCENT || rung->before : rung->before <= 0)
        return chart_refuse(error, "clock %s: rung %zu is neither 1 to %d %% nor some time before the end",
                            def->id, i + 1, MAX_PERCENT);
    gboolean rises = !last || (rung->percent && last->percent ? rung->percent > last->percent
                               : rung->percent                ? TRUE
                               : last->percent                ? last->percent < 100
                                                              : rung->before < last->before);
    return rises || chart_refuse(error, "clock %s: rung %zu is out of order; rungs ascend from 1 to %d",
                                 def->id, i + 1, MAX_PERCENT);
}

static gboolean rungs_fit(const FlowClockDef *def, gint64 budget, GError **error)
{
    for (gsize i = 0; i < def->n_rungs; i++) {
        gint64 share = chart_rung_share(&def->rungs[i], budget);
        if (!def->rungs[i].percent && share <= 0)
            return chart_refuse(error,
                                "clock %s: rung %zu would pass before it starts; the budget is shorter",
                                def->id, i + 1);
        if (i && share < chart_rung_share(&def->rungs[i - 1], budget))
            return chart_refuse(error, "clock %s: rung %zu would pass before the one above it", def->id,
                                i + 1);
    }
    return TRUE;
}

static gboolean rungs_sound(const FlowClockDef *def, GError **error)
{
    if (def->n_rungs > MAX_RUNGS)
        return chart_refuse(error, "clock %s has more than %d rungs", def->id, MAX_RUNGS);
    for (gsize i = 0; i < def->n_rungs; i++) {
        if (!rung_sound(def, i, error)) return FALSE;
    }
    for (gsize b = 0; b <= def->n_budgets; b++) {
        gint64 budget = b ? def->budgets[b - 1].budget : def->budget;
        for (int extended = 0; extended <= def->extend_max; extended++) {
            if (!rungs_fit(def, budget + extended * def->extend_by, error)) return FALSE;
        }
    }
    return TRUE;
}

/* ---- where it runs, and for whom ---- */

static gboolean states_sound(const FlowChart *chart, const FlowClockDef *def, ChartClock *clock,
                             GError **error)
{
    if (!def->run_in) return TRUE;
    if (!def->run_in[0])
        return chart_refuse(error, "clock %s lists no state to run in; leave run_in out to run in all",
                            def->id);
    for (gsize i = 0; def->run_in[i]; i++) {
        int state = flow_chart_state_find(chart, def->run_in[i]);
        if (state < 0)
            return chart_refuse(error, "clock %s runs in %s, which is no state", def->id, def->run_in[i]);
        if (flow_chart_state_final(chart, state))
            return chart_refuse(error, "clock %s runs in %s, which is final; nothing runs there", def->id,
                                def->run_in[i]);
        if (chart_is_history(&CHART_STATE(chart, state)))
            return chart_refuse(error, "clock %s runs in %s, which is a history; no case is ever there",
                                def->id, def->run_in[i]);
        set_put(&clock->runs_in, state);
    }
    return TRUE;
}

static gboolean task_sound(const FlowChart *chart, const FlowClockDef *def, ChartClock *clock, GError **error)
{
    clock->task = def->task ? flow_chart_task_find(chart, def->task) : -1;
    if (!def->task) return TRUE;
    if (clock->task < 0)
        return chart_refuse(error, "clock %s is for task %s, which is no task of this procedure", def->id,
                            def->task);
    return !def->resident || chart_refuse(error,
                                          "clock %s is the resident's and never starts again; it cannot "
                                          "follow task %s, which may be offered more than once",
                                          def->id, def->task);
}

/* ---- keeping ---- */

static const char *keep(FlowChart *chart, const char *text)
{
    return text ? g_string_chunk_insert_const(chart->words, text) : NULL;
}

static const char *const *keep_list(FlowChart *chart, const char *const *list)
{
    if (!list) return NULL;
    gsize n = g_strv_length((char **)list);
    const char **kept = g_new0(const char *, n + 1);
    for (gsize i = 0; i < n; i++)
        kept[i] = keep(chart, list[i]);
    return kept;
}

/* Conditions of budgets, read; NULL when one is refused. */
static Rule **read_conditions(const FlowChart *chart, const FlowClockDef *def, GError **error)
{
    Rule **when = g_new0(Rule *, def->n_budgets + 1);
    for (gsize i = 0; i < def->n_budgets; i++) {
        g_autoptr(GError) inner = NULL;
        when[i] = rule_parse(def->budgets[i].when, chart->schema, &inner);
        if (when[i]) continue;
        chart_refuse(error, "clock %s, budget %zu: %s", def->id, i + 1, inner->message);
        while (i)
            rule_free(when[--i]);
        g_free(when);
        return NULL;
    }
    return when;
}

static void keep_clock(FlowChart *chart, ChartClock *clock)
{
    FlowClockDef *def = &clock->def;
    def->id = keep(chart, def->id);
    def->on_expiry = keep(chart, def->on_expiry);
    def->task = keep(chart, def->task);
    def->run_in = keep_list(chart, def->run_in);
    def->rungs = g_memdup2(def->rungs, def->n_rungs * sizeof *def->rungs);
    FlowBudget *budgets = g_memdup2(def->budgets, def->n_budgets * sizeof *budgets);
    for (gsize i = 0; i < def->n_budgets; i++)
        budgets[i].when = keep(chart, budgets[i].when);
    def->budgets = budgets;
}

gboolean flow_chart_clock(FlowChart *chart, const FlowClockDef *def, GError **error)
{
    ChartClock clock = { .def = *def };
    if (!chart_still_open(chart, error) || !chart_name_sound("clock", def->id, error) ||
        !chart_room_for("clock", def->id, flow_chart_clock_find(chart, def->id), chart->clocks->len,
                        FLOW_MAX_CLOCKS, error) ||
        !budgets_sound(def, error) || !rungs_sound(def, error) || !states_sound(chart, def, &clock, error) ||
        !task_sound(chart, def, &clock, error) ||
        (def->on_expiry && !chart_name_sound("event", def->on_expiry, error)))
        return FALSE;
    clock.when = read_conditions(chart, def, error);
    if (!clock.when) return FALSE;
    keep_clock(chart, &clock);
    if (clock.task >= 0) CHART_TASK(chart, clock.task).clocks |= (guint32)1 << chart->clocks->len;
    g_array_append_val(chart->clocks, clock);
    return TRUE;
}

int flow_chart_clocks(const FlowChart *chart)
{
    return (int)chart->clocks->len;
}

const FlowClockDef *flow_chart_clock_def(const FlowChart *chart, int clock)
{
    return &CHART_CLOCK(chart, clock).def;
}

int flow_chart_clock_find(const FlowChart *chart, const char *id)
{
    for (guint i = 0; i < chart->clocks->len; i++) {
        if (g_str_equal(CHART_CLOCK(chart, i).def.id, id)) return (int)i;
    }
    return -1;
}
