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
