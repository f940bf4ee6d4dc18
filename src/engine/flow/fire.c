/* fire.c - one event at a case, run to completion on a copy (SCXML 1.0, appendix D: interpret, microstep,
 * exitStates, enterStates), which is put in place when all went well. */
#include "engine/flow/chart.h"
#include <string.h>

#define MAX_QUEUE (FLOW_MAX_STEPS + 24)

typedef struct {
    const FlowChart *chart;
    FlowCase *c;
    RuleValue *row; /* our own; set() and internal events change it */
    gint64 now;
    GArray *effects;
    guint steps, head, tail;
    GError **error;
    const char *queue[MAX_QUEUE]; /* of internal events */
} Run;

static void add(const Run *r, FlowEffect effect)
{
    g_array_append_val(r->effects, effect);
}

static gboolean queue(Run *r, const char *event)
{
    if (r->tail == MAX_QUEUE) {
        g_set_error(r->error, FLOW_ERROR, FLOW_ERROR_LOOP,
                    "procedure %s does not come to rest: more than %d internal events at once", r->chart->id,
                    MAX_QUEUE);
        return FALSE;
    }
    r->queue[r->tail++] = event;
    return TRUE;
}

/* ---- actions; `error` may be NULL: then a failure says nothing ---- */

static void move_clock(const Run *r, int index, FlowClockDeed deed)
{
    if (chart_clock_do(r->chart, r->c, index, deed, r->row, r->now))
        add(r, (FlowEffect){ .kind = FLOW_DO_CLOCK, .index = index, .clock_deed = deed });
}

/* Clocks that follow the task: begun when it is offered, ended when it is done or over. */
static void tell_clocks(const Run *r, guint32 clocks, FlowTaskState to)
{
    for (int k = 0; clocks; k++, clocks >>= 1) {
        if ((clocks & 1) && to != FLOW_TASK_ACCEPTED)
            move_clock(r, k, to == FLOW_TASK_OFFERED ? FLOW_CLOCK_START : FLOW_CLOCK_STOP);
    }
}

static gboolean move_task(const Run *r, int index, FlowTaskState to, GError **error)
{
    FlowTask *task = &r->c->task[index];
    if (!flow_task_may_follow(task->state, to)) {
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_TASK, "task %s is %s and cannot become %s",
                    CHART_TASK(r->chart, index).id, flow_task_state_name(task->state),
                    flow_task_state_name(to));
        return FALSE;
    }
    if (to == FLOW_TASK_OFFERED) task->generation++;
    task->state = to;
    add(r, (FlowEffect){ .kind = FLOW_DO_TASK, .index = index, .task_state = to });
    tell_clocks(r, CHART_TASK(r->chart, index).clocks, to);
    return TRUE;
}

static gboolean extend_clock(const Run *r, int index, GError **error)
{
    const FlowClockDef *def = &CHART_CLOCK(r->chart, index).def;
    const FlowClock *clock = &r->c->clock[index];
    if (chart_clock_extendable(r->chart, r->c, index)) {
        move_clock(r, index, FLOW_CLOCK_EXTEND);
        return TRUE;
    }
    if (clock->state == FLOW_CLOCK_NONE || clock->state == FLOW_CLOCK_STOPPED)
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_CLOCK, "clock %s cannot be extended: it %s", def->id,
                    clock->state == FLOW_CLOCK_NONE ? "never started" : "is stopped");
    else
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_CLOCK,
                    "clock %s cannot be extended: it was extended %u times, as often as it may be", def->id,
                    clock->extended);
    return FALSE;
}

/* The column's type is the law: an integer may stand for a decimal, nothing else for something else. */
static gboolean set_field(const Run *r, const FlowEffect *action, const Rule *rule, GError **error)
{
    static const char *const names[] = { "nothing", "true or false", "an integer", "a decimal", "a text" };
    RuleType want = rule_schema_type(r->chart->schema, action->index);
    FlowEffect effect = *action;
    effect.value = rule_value(rule, r->row);
    if (want == RULE_REAL && effect.value.type == RULE_INT)
        effect.value = (RuleValue){ .type = RULE_REAL, .real = (double)effect.value.integer };
    if (effect.value.type != want && effect.value.type != RULE_NULL) {
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_CHART, "set(%s, %s) gives %s, but the field holds %s",
                    rule_schema_name(r->chart->schema, action->index), rule_text(rule),
                    names[effect.value.type], names[want]);
        return FALSE;
    }
    r->row[action->index] = effect.value;
    add(r, effect);
    return TRUE;
}

static gboolean act(const Run *r, const FlowEffect *action, const Rule *value, GError **error)
{
    switch (action->kind) {
    case FLOW_DO_TASK:
        if (action->task_state == FLOW_TASK_LAPSED && !chart_task_open(r->c->task[action->index].state))
            return TRUE;
        return move_task(r, action->index, action->task_state, error);
    case FLOW_DO_CLOCK:
        if (action->clock_deed == FLOW_CLOCK_EXTEND) return extend_clock(r, action->index, error);
        move_clock(r, action->index, action->clock_deed);
        return TRUE;
    case FLOW_DO_SET:
        return set_field(r, action, value, error);
    default:
        add(r, *action);
        return TRUE;
    }
}

/* What cannot be done ends the block with an event, or, when nobody awaits that, the whole run. */
static gboolean carry_out(Run *r, const ChartBlock *block)
{
    gboolean told = r->chart->awaits_error;
    for (guint i = 0; i < block->actions->len; i++) {
        const FlowEffect *action = &g_array_index(block->actions, FlowEffect, i);
        if (action->kind == FLOW_DO_RAISE) {
            if (!queue(r, action->text)) return FALSE;
        } else if (!act(r, action, block->values->pdata[i], told ? NULL : r->error)) {
            return told && queue(r, "error.execution");
        }
    }
    return TRUE;
}

static gboolean carry_out_all(Run *r, const GPtrArray *blocks)
{
    for (guint i = 0; blocks && i < blocks->len; i++) {
        if (!carry_out(r, blocks->pdata[i])) return FALSE;
    }
    return TRUE;
}

/* ---- leaving ---- */

static void remember(Run *r, const FlowSet *leaves)
{
    for (int h = 0; h < r->chart->histories; h++) {
        const ChartState *history = &CHART_STATE(r->chart, r->chart->history[h]);
        if (!flow_set_has(leaves, history->parent)) continue;
        const ChartState *parent = &CHART_STATE(r->chart, history->parent);
        gboolean shallow = history->def.kind == FLOW_STATE_SHALLOW;
        r->c->remembered[h] = set_both(&r->c->active, shallow ? &parent->children : &parent->below);
        if (!shallow) r->c->remembered[h] = set_both(&r->c->remembered[h], &r->chart->atomic);
    }
}

static gboolean leave(Run *r, const FlowSet *leaves)
{
    remember(r, leaves);
    FlowSet noisy = set_both(leaves, &r->chart->noisy[FLOW_ON_EXIT]);
    SET_DOWN(&noisy, s)
    {
        if (!carry_out_all(r, CHART_STATE(r->chart, s).on[FLOW_ON_EXIT])) return FALSE;
    }
    set_cut(&r->c->active, leaves);
    return TRUE;
}

/* ---- entering ---- */

/* A final state ends its parent, and a parallel one ends when all its regions have. */
static gboolean tell_done(Run *r, const ChartState *final)
{
    if (final->parent < 0) return TRUE;
    const ChartState *parent = &CHART_STATE(r->chart, final->parent);
    if (!queue(r, parent->done)) return FALSE;
    if (parent->parent < 0) return TRUE;
    const ChartState *above = &CHART_STATE(r->chart, parent->parent);
    return above->def.kind != FLOW_STATE_PARALLEL ||
           !chart_in_final(r->chart, &r->c->active, parent->parent) || queue(r, above->done);
}

static gboolean take_defaults(Run *r, guint32 defaulted, int parent)
{
    for (int h = 0; h < r->chart->histories; h++) {
        const ChartState *history = &CHART_STATE(r->chart, r->chart->history[h]);
        if ((defaulted >> h & 1) && history->parent == parent &&
            !carry_out_all(r, history->on[FLOW_ON_INITIAL]))
            return FALSE;
    }
    return TRUE;
}

static gboolean enter_state(Run *r, int s, const FlowSet *begins, guint32 defaulted)
{
    const ChartState *state = &CHART_STATE(r->chart, s);
    return carry_out_all(r, state->on[FLOW_ON_ENTRY]) &&
           (!flow_set_has(begins, s) || carry_out_all(r, state->on[FLOW_ON_INITIAL])) &&
           (!defaulted || take_defaults(r, defaulted, s)) &&
           (state->def.kind != FLOW_STATE_FINAL || tell_done(r, state));
}

static gboolean enter(Run *r, const FlowSet *enters, const FlowSet *begins, guint32 defaulted)
{
    if (!defaulted && !set_meet(enters, &r->chart->noisy[FLOW_ON_ENTRY])) {
        set_add(&r->c->active, enters);
        return TRUE;
    }
    SET_UP(enters, s)
    {
        set_put(&r->c->active, s);
        if (!enter_state(r, s, begins, defaulted)) return FALSE;
    }
    return TRUE;
}

/* ---- steps ---- */

static void entered_by(Run *r, const ChartChoice *choice, ChartEntry *e)
{
    for (guint i = 0; i < choice->n; i++) {
        const ChartTransition *t = &CHART_TRANSITION(r->chart, choice->number[i]);
        if (t->recalls) {
            chart_transition_enter(e, t);
        } else {
            set_add(&e->enters, &t->enters);
            set_add(&e->begins, &t->begins);
        }
    }
}

static gboolean step(Run *r, const ChartChoice *choice)
{
    if (++r->steps > FLOW_MAX_STEPS) {
        g_set_error(r->error, FLOW_ERROR, FLOW_ERROR_LOOP,
                    "procedure %s does not come to rest: more than %d steps for one event", r->chart->id,
                    FLOW_MAX_STEPS);
        return FALSE;
    }
    FlowSet leaves = choice->leaves[0];
    for (guint i = 1; i < choice->n; i++)
        set_add(&leaves, &choice->leaves[i]);
    if (!leave(r, &leaves)) return FALSE;
    for (guint i = 0; i < choice->n; i++) {
        if (!carry_out(r, CHART_TRANSITION(r->chart, choice->number[i]).deed->block)) return FALSE;
    }
    ChartEntry e = { .chart = r->chart, .remembered = r->c->remembered };
    entered_by(r, choice, &e);
    return enter(r, &e.enters, &e.begins, e.defaulted);
}

/* Invariants 1 and 2: what the states a case rests in mean for its clocks and tasks. */
static gboolean settle(Run *r)
{
    gboolean ended = flow_ended(r->chart, r->c);
    for (guint k = 0; k < r->chart->clocks->len; k++) {
        const ChartClock *clock = &CHART_CLOCK(r->chart, k);
        if (ended)
            move_clock(r, (int)k, FLOW_CLOCK_STOP);
        else if (clock->def.run_in)
            move_clock(r, (int)k,
                       chart_clock_runs_in(clock, &r->c->active) ? FLOW_CLOCK_RESUME : FLOW_CLOCK_PAUSE);
    }
    for (guint t = 0; ended && t < r->chart->tasks->len; t++) {
        if (chart_task_open(r->c->task[t].state)) move_task(r, (int)t, FLOW_TASK_LAPSED, NULL);
    }
    return TRUE;
}

void flow_settle(const FlowChart *chart, FlowCase *c, gint64 now)
{
    g_autoptr(GArray) unwanted = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    Run r;
    r.chart = chart, r.c = c, r.now = now, r.effects = unwanted, r.row = NULL; /* no clock starts here */
    settle(&r);
}

/* The next internal event, shown in the row; NULL: none is left. */
static const char *next_event(Run *r)
{
    if (r->head == r->tail) return NULL;
    const char *event = r->queue[r->head++];
    if (r->head == r->tail) r->head = r->tail = 0;
    if (r->chart->event_column >= 0)
        r->row[r->chart->event_column] = (RuleValue){ .type = RULE_TEXT, .text = event };
    return event;
}

/* Eventless transitions first, then internal events one by one, until neither moves anything. */
static gboolean complete(Run *r, ChartChoice *choice)
{
    while (!flow_ended(r->chart, r->c)) {
        choice->n = 0;
        if (r->chart->has_auto) chart_choose(r->chart, r->c, CHART_AUTO, r->chart->system, r->row, choice);
        if (!choice->n) {
            const char *event = next_event(r);
            if (!event) break;
            chart_choose(r->chart, r->c, chart_event(r->chart, event), r->chart->system, r->row, choice);
            if (!choice->n) continue;
            if (!chart_needs_met(r->chart, choice, r->row, event, r->error)) return FALSE;
        }
        if (!step(r, choice)) return FALSE;
    }
    return settle(r);
}

static void begin_run(Run *r, const RuleValue *row)
{
    r->steps = r->head = r->tail = 0;
    memcpy(r->row, row, sizeof *row * (gsize)rule_schema_size(r->chart->schema));
}

/* NOLINTBEGIN(bugprone-macro-parentheses): `r` is declared here */
#define RUN(r, the_chart, copy, the_row)                                                                     \
    Run r;                                                                                                   \
    r.chart = the_chart, r.c = copy, r.now = now, r.effects = effects, r.error = error;                      \
    r.row = g_newa(RuleValue, MAX(rule_schema_size((the_chart)->schema), 1));                                \
    begin_run(&r, the_row)
/* NOLINTEND(bugprone-macro-parentheses) */

gboolean flow_begin(const FlowChart *chart, FlowCase *c, const RuleValue *row, gint64 now, GArray *effects,
                    GError **error)
{
    g_assert(chart->sealed);
    FlowCase next = { 0 };
    guint before = effects->len;
    ChartChoice choice;
    RUN(r, chart, &next, row);
    if (!enter(&r, &chart->enters, &chart->begins, chart->defaulted) || !complete(&r, &choice)) {
        g_array_set_size(effects, before);
        return FALSE;
    }
    *c = next;
    return TRUE;
}

gboolean flow_fire(const FlowChart *chart, FlowCase *c, const char *event, const char *const *roles,
                   const RuleValue *row, gint64 now, GArray *effects, GError **error)
{
    g_assert(chart->sealed);
    guint64 held = chart_roles_held(chart, roles);
    ChartChoice choice;
    chart_choose(chart, c, chart_event(chart, event), held, row, &choice);
    if (!choice.n) {
        chart_refuse_event(chart, c, event, held, error);
        return FALSE;
    }
    if (!chart_needs_met(chart, &choice, row, event, error)) return FALSE;
    FlowCase next = *c;
    guint before = effects->len;
    RUN(r, chart, &next, row);
    flow_tick(chart, &next, now, effects);
    if (!step(&r, &choice) || !complete(&r, &choice)) {
        g_array_set_size(effects, before);
        return FALSE;
    }
    *c = next;
    return TRUE;
}
