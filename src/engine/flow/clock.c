/* clock.c - one clock as budget + consumed + running-since: its deeds, its due instants, and passing what is
 * due.
 *
 * With W the calendar's measure, a running clock has consumed `consumed + W(since, t)` at t, and passes a
 * share of its budget at the earliest t where that is reached: base_calendar_after(since, share - consumed).
 * Pausing adds W(since, now) to `consumed` and is exact. Nothing here steps through time. */
#include "engine/flow/chart.h"

static gint64 spent(const FlowClockDef *def, gint64 from, gint64 to)
{
    return to > from ? base_calendar_spent(def->calendar, def->measure, from, to) : 0;
}

static gint64 consumed(const FlowClockDef *def, const FlowClock *clock, gint64 now)
{
    return clock->consumed + (clock->state == FLOW_CLOCK_RUNNING ? spent(def, clock->since, now) : 0);
}

static gint64 share(const FlowClock *clock, const FlowClockDef *def)
{
    return chart_rung_share(&def->rungs[clock->rung], clock->budget);
}

/* ---- start, stop, pause, resume, extend ---- */

static void run_from(const FlowClockDef *def, FlowClock *clock, gint64 now)
{
    gint64 first = clock->started;
    if (def->next_day) first = base_calendar_day_start(def->calendar, clock->started) + BASE_DAY;
    clock->state = FLOW_CLOCK_RUNNING;
    clock->since = MAX(now, first);
    clock->stopped = 0;
}

static void halt(const FlowClockDef *def, FlowClock *clock, FlowClockState state, gint64 now)
{
    clock->consumed = consumed(def, clock, now);
    clock->since = now;
    clock->state = state;
    clock->stopped = state == FLOW_CLOCK_STOPPED ? now : 0;
}

static gint64 budget(const ChartClock *kept, const RuleValue *row)
{
    for (gsize i = 0; i < kept->def.n_budgets; i++) {
        if (rule_holds(kept->when[i], row)) return kept->def.budgets[i].budget;
    }
    return kept->def.budget;
}

static gboolean start(const ChartClock *kept, FlowClock *clock, const RuleValue *row, gint64 now)
{
    const FlowClockDef *def = &kept->def;
    if (def->resident && (clock->state == FLOW_CLOCK_RUNNING || clock->state == FLOW_CLOCK_PAUSED))
        return FALSE;
    if (!def->resident || clock->state == FLOW_CLOCK_NONE)
        *clock = (FlowClock){ .budget = budget(kept, row), .started = now };
    run_from(def, clock, now);
    return TRUE;
}

gboolean chart_clock_extendable(const FlowChart *chart, const FlowCase *c, int index)
{
    FlowClockState state = c->clock[index].state;
    return (state == FLOW_CLOCK_RUNNING || state == FLOW_CLOCK_PAUSED) &&
           c->clock[index].extended < CHART_CLOCK(chart, index).def.extend_max;
}

/* What was told stays told: rungs that fired do not fire again. A clock that had expired has expired no more
 * when the time added covers what is consumed, and may then expire once more. */
static gboolean extend(const FlowClockDef *def, FlowClock *clock, gint64 now)
{
    clock->budget += def->extend_by;
    clock->extended++;
    clock->expired = clock->expired && consumed(def, clock, now) >= clock->budget;
    return TRUE;
}

gboolean chart_clock_do(const FlowChart *chart, FlowCase *c, int index, FlowClockDeed deed,
                        const RuleValue *row, gint64 now)
{
    const FlowClockDef *def = &CHART_CLOCK(chart, index).def;
    FlowClock *clock = &c->clock[index];
    if (deed == FLOW_CLOCK_START) return start(&CHART_CLOCK(chart, index), clock, row, now);
    if (deed == FLOW_CLOCK_EXTEND) return chart_clock_extendable(chart, c, index) && extend(def, clock, now);
    gboolean running = clock->state == FLOW_CLOCK_RUNNING, paused = clock->state == FLOW_CLOCK_PAUSED;
    if (deed == FLOW_CLOCK_RESUME ? !paused : deed == FLOW_CLOCK_PAUSE ? !running : !running && !paused)
        return FALSE;
    if (deed == FLOW_CLOCK_RESUME)
        run_from(def, clock, now);
    else
        halt(def, clock, deed == FLOW_CLOCK_PAUSE ? FLOW_CLOCK_PAUSED : FLOW_CLOCK_STOPPED, now);
    return TRUE;
}

/* ---- what is due when ---- */

static gint64 reach(const FlowClockDef *def, const FlowClock *clock, gint64 amount, gboolean *provisional)
{
    return base_calendar_after(def->calendar, def->measure, clock->since, MAX(0, amount - clock->consumed),
                               provisional);
}

/* A day ends at its 24:00, which is the instant the next one begins: an instant right there is not moved. */
static gint64 due(const FlowClockDef *def, const FlowClock *clock, gboolean *provisional)
{
    gint64 t = reach(def, clock, clock->budget, provisional);
    if (def->end == FLOW_END_OF_DAY) return base_calendar_day_start(def->calendar, t - 1) + BASE_DAY;
    if (def->end != FLOW_END_ROLL) return t;
    gboolean beyond = FALSE;
    t = base_calendar_roll(def->calendar, t, &beyond);
    if (provisional) *provisional |= beyond;
    return t;
}

/* Rungs from 100 % on are moved with the end; one some time before it is not. */
static gint64 rung_due(const FlowClockDef *def, const FlowClock *clock, gboolean *provisional)
{
    guint16 percent = def->rungs[clock->rung].percent;
    if (percent < 100 || def->end == FLOW_END_EXACT) return reach(def, clock, share(clock, def), provisional);
    gint64 whole = due(def, clock, provisional);
    if (percent == 100) return whole;
    gboolean beyond = FALSE;
    gint64 t = reach(def, clock, share(clock, def), &beyond);
    if (provisional) *provisional |= beyond;
    return MAX(t, whole);
}

/* The clock's next rung or expiry. Rungs up to 100 % come before the expiry of the same instant, later ones
 * after. */
static gint64 next_step(const FlowClockDef *def, const FlowClock *clock, gboolean *expiry,
                        gboolean *provisional)
{
    gboolean rung_provisional = FALSE, due_provisional = FALSE;
    gint64 rung = G_MAXINT64, whole = G_MAXINT64;
    if (clock->state == FLOW_CLOCK_RUNNING && clock->rung < def->n_rungs)
        rung = rung_due(def, clock, &rung_provisional);
    if (clock->state == FLOW_CLOCK_RUNNING && !clock->expired) whole = due(def, clock, &due_provisional);
    *expiry = whole < rung || (whole == rung && whole != G_MAXINT64 && def->rungs[clock->rung].percent > 100);
    if (provisional) *provisional = *expiry ? due_provisional : rung_provisional;
    return *expiry ? whole : rung;
}

gint64 flow_clock_next(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional)
{
    gboolean expiry;
    return next_step(&CHART_CLOCK(chart, clock).def, &c->clock[clock], &expiry, provisional);
}

gint64 flow_clock_due(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional)
{
    if (provisional) *provisional = FALSE;
    if (c->clock[clock].state != FLOW_CLOCK_RUNNING) return G_MAXINT64;
    return due(&CHART_CLOCK(chart, clock).def, &c->clock[clock], provisional);
}

gint64 flow_clock_consumed(const FlowChart *chart, const FlowCase *c, int clock, gint64 now)
{
    return consumed(&CHART_CLOCK(chart, clock).def, &c->clock[clock], now);
}

/* ---- passing what is due ---- */

/* Cheap and never wrong in the negative: nothing is due before the least share that is still to come is
 * consumed. */
static gboolean nothing_due(const FlowClockDef *def, const FlowClock *clock, gint64 now)
{
    if (clock->state != FLOW_CLOCK_RUNNING) return TRUE;
    gint64 least = clock->expired ? G_MAXINT64 : clock->budget;
    if (clock->rung < def->n_rungs) least = MIN(least, share(clock, def));
    return least == G_MAXINT64 || consumed(def, clock, now) < least;
}

/* The oldest thing due at `now`: whose, and whether it is the expiry. FALSE: nothing is. */
static gboolean oldest_due(const FlowChart *chart, const FlowCase *c, gint64 now, int *clock,
                           gboolean *expiry)
{
    gint64 first = G_MAXINT64;
    for (guint k = 0; k < chart->clocks->len; k++) {
        const FlowClockDef *def = &CHART_CLOCK(chart, k).def;
        gboolean its_expiry;
        if (nothing_due(def, &c->clock[k], now)) continue;
        gint64 at = next_step(def, &c->clock[k], &its_expiry, NULL);
        if (at > now || at >= first) continue;
        first = at;
        *clock = (int)k;
        *expiry = its_expiry;
    }
    return first != G_MAXINT64;
}

void flow_tick(const FlowChart *chart, FlowCase *c, gint64 now, GArray *effects)
{
    int k = 0;
    gboolean expiry = FALSE;
    while (oldest_due(chart, c, now, &k, &expiry)) {
        FlowClock *clock = &c->clock[k];
        FlowEffect effect = { .kind = expiry ? FLOW_DO_EXPIRE : FLOW_DO_RUNG, .index = k };
        if (expiry) {
            clock->expired = TRUE;
            effect.text = CHART_CLOCK(chart, k).def.on_expiry;
        } else {
            effect.rung = clock->rung++;
        }
        g_array_append_val(effects, effect);
    }
}
