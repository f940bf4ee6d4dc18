/* given.c - for callers that take a case over from elsewhere, or read what a chart does where. */
#include "engine/flow/chart.h"

int flow_rung_percent(const FlowChart *chart, const FlowCase *c, int clock, int rung)
{
    const FlowRung *at = &CHART_CLOCK(chart, clock).def.rungs[rung];
    const gint64 budget = MAX(c->clock[clock].budget, 1);
    return at->percent ? at->percent : (int)(chart_rung_share(at, budget) * 100 / budget);
}

void flow_clock_start(const FlowChart *chart, FlowCase *c, int clock, gint64 now)
{
    c->clock[clock] = (FlowClock){ .state = FLOW_CLOCK_RUNNING,
                                   .since = now,
                                   .started = now,
                                   .budget = CHART_CLOCK(chart, clock).def.budget };
}

void flow_settle(const FlowChart *chart, FlowCase *c, gint64 now)
{
    const gboolean ended = flow_ended(chart, c);
    for (guint k = 0; k < chart->clocks->len; k++) {
        const ChartClock *clock = &CHART_CLOCK(chart, k);
        if (ended)
            chart_clock_do(chart, c, (int)k, FLOW_CLOCK_STOP, NULL, now);
        else if (clock->def.run_in)
            chart_clock_do(chart, c, (int)k,
                           chart_clock_runs_in(clock, &c->active) ? FLOW_CLOCK_RESUME : FLOW_CLOCK_PAUSE,
                           NULL, now);
    }
    for (guint t = 0; ended && t < chart->tasks->len; t++)
        if (chart_task_open(c->task[t].state)) c->task[t].state = FLOW_TASK_LAPSED;
}
