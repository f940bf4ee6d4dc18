/* sound.c - every invariant of a case against its chart, as numbered in the README. For tests and fuzzing. */
#include "engine/flow/chart.h"

static const char *idle(const FlowClock *clock)
{
    gboolean blank = !clock->consumed && !clock->budget && !clock->started && !clock->stopped &&
                     !clock->rung && !clock->extended && !clock->expired;
    return blank ? NULL : "4: a clock that never started holds something";
}

static gint64 share(const FlowClockDef *def, const FlowClock *clock)
{
    return chart_rung_share(&def->rungs[clock->rung], clock->budget);
}

static const char *shares(const FlowClockDef *def, const FlowClock *clock)
{
    if (clock->consumed < 0 || clock->budget <= 0 || clock->rung > def->n_rungs)
        return "5: a clock's numbers are senseless";
    if (clock->extended > def->extend_max) return "9: a clock was extended too often";
    if (clock->rung > 0 && def->rungs[clock->rung - 1].percent > 100 && !clock->expired && !clock->extended)
        return "6: a rung past 100 % fired before expiry";
    if (clock->rung < def->n_rungs && def->rungs[clock->rung].percent <= 100 && clock->expired)
        return "6: expired before its rungs fired";
    gboolean still = clock->state != FLOW_CLOCK_RUNNING;
    if (still && clock->rung < def->n_rungs && def->rungs[clock->rung].percent < 100 &&
        clock->consumed >= share(def, clock))
        return "7: a rung was passed but never fired";
    if (still && def->end == FLOW_END_EXACT && !clock->expired && clock->consumed >= clock->budget)
        return "7: the budget was consumed but the clock never expired";
    return NULL;
}

static const char *clock_why(const FlowChart *chart, const FlowCase *c, guint k)
{
    const ChartClock *clock = &CHART_CLOCK(chart, k);
    FlowClockState state = c->clock[k].state;
    gboolean runs_here = chart_clock_runs_in(clock, &c->active);
    if (state == FLOW_CLOCK_NONE) return idle(&c->clock[k]);
    if ((guint)state > FLOW_CLOCK_STOPPED) return "5: a clock's state is senseless";
    if (flow_ended(chart, c) && state != FLOW_CLOCK_STOPPED) return "1: a clock goes on in a final state";
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
    if (flow_ended(chart, c) && chart_task_open(task->state)) return "1: a task is open in a final state";
    return NULL;
}

gboolean flow_sound(const FlowChart *chart, const FlowCase *c, const char **why)
{
    *why = chart_lawful(chart, &c->active, -1);
    for (int h = 0; !*why && h < FLOW_MAX_HISTORIES; h++)
        *why = chart_memory_lawful(chart, &c->remembered[h], h);
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
