/* sound.c - every invariant of a case against its chart, as numbered in the README. For tests and fuzzing. */
#include "engine/flow/chart.h"

static const char *idle(const FlowClock *clock)
{
    gboolean blank = !clock->consumed && !clock->budget && !clock->started && !clock->stopped &&
                     !clock->rung && !clock->expired;
    return blank ? NULL : "4: a clock that never started holds something";
}

static const char *shares(const FlowClockDef *def, const FlowClock *clock)
{
    if (clock->consumed < 0 || clock->budget <= 0 || clock->rung > def->n_rungs)
        return "5: a clock's numbers are senseless";
    if (clock->rung > 0 && def->rungs[clock->rung - 1] > 100 && !clock->expired)
        return "6: a rung past 100 % fired before expiry";
    if (clock->rung < def->n_rungs && def->rungs[clock->rung] <= 100 && clock->expired)
        return "6: expired before its rungs fired";
    gboolean still = clock->state != FLOW_CLOCK_RUNNING;
    if (still && clock->rung < def->n_rungs && def->rungs[clock->rung] < 100 &&
        clock->consumed >= chart_clock_share(clock, def, clock->rung))
        return "7: a rung was passed but never fired";
    if (still && !def->end_of_day && !clock->expired && clock->consumed >= clock->budget)
        return "7: the budget was consumed but the clock never expired";
    return NULL;
}

static const char *clock_why(const FlowChart *chart, const FlowCase *c, guint k)
{
    const ChartClock *clock = &CHART_CLOCK(chart, k);
    FlowClockState state = c->clock[k].state;
    gboolean runs_here = chart_clock_runs_in(clock, c->state);
    if (state == FLOW_CLOCK_NONE) return idle(&c->clock[k]);
    if ((guint)state > FLOW_CLOCK_STOPPED) return "5: a clock's state is senseless";
    if (CHART_STATE(chart, c->state).final && state != FLOW_CLOCK_STOPPED)
        return "1: a clock goes on in a final state";
    if (clock->def.run_in && state == FLOW_CLOCK_RUNNING && !runs_here)
        return "2: a clock runs in a state it does not list";
    if (clock->def.run_in && state == FLOW_CLOCK_PAUSED && runs_here)
        return "2: a clock pauses in a state it lists";
    return shares(&clock->def, &c->clock[k]);
}

static const char *task_why(const FlowChart *chart, const FlowCase *c, guint t)
{
    const FlowTask *task = &c->task[t];
    if ((guint)task->state > FLOW_TASK_LAPSED) return "3: a task's state is senseless";
    if ((task->state == FLOW_TASK_NONE) != (task->generation == 0))
        return "3: a task and its generation disagree";
    if (CHART_STATE(chart, c->state).final && chart_task_open(task->state))
        return "1: a task is open in a final state";
    return NULL;
}

gboolean flow_sound(const FlowChart *chart, const FlowCase *c, const char **why)
{
    *why = c->state >= 0 && c->state < flow_chart_states(chart) ? NULL : "0: no such state";
    for (guint k = 0; !*why && k < FLOW_MAX_CLOCKS; k++)
        *why = k < chart->clocks->len ? clock_why(chart, c, k) : idle(&c->clock[k]);
    for (guint t = 0; !*why && t < FLOW_MAX_TASKS; t++) {
        if (t < chart->tasks->len)
            *why = task_why(chart, c, t);
        else if (c->task[t].state != FLOW_TASK_NONE || c->task[t].generation)
            *why = "3: a task the chart does not know";
    }
    return !*why;
}
