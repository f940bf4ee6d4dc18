/* fire.c - one event at a case: choose the transition, carry out its actions on a copy, let the new state
 * have its way with clocks and tasks, and only then put the copy in place. */
#include "engine/flow/chart.h"

void flow_begin(const FlowChart *chart, FlowCase *c)
{
    g_assert(chart->sealed);
    *c = (FlowCase){ .state = 0 };
}

/* ---- choosing ---- */

static guint64 roles_held(const FlowChart *chart, const char *const *roles)
{
    guint64 held = 0;
    for (gsize i = 0; roles && roles[i]; i++) {
        guint bit = GPOINTER_TO_UINT(g_hash_table_lookup(chart->role_bit, roles[i]));
        if (bit) held |= (guint64)1 << (bit - 1);
    }
    return held;
}

static gboolean in_need(const ChartDeed *deed, const RuleValue *row, guint i)
{
    int column = g_array_index(deed->need_columns, int, i);
    return column >= 0 && row[column].type == RULE_NULL;
}

static void refuse_event(const FlowChart *chart, int state, const char *event, GError **error)
{
    g_autoptr(GString) awaited = g_string_new(NULL);
    for (guint e = 0; e < chart->events->len; e++) {
        if (!g_array_index(chart->cells, ChartCell, (guint)state * chart->events->len + e).n) continue;
        g_string_append_printf(awaited, "%s%s", awaited->len ? ", " : "",
                               (const char *)chart->events->pdata[e]);
    }
    const char *known =
        g_hash_table_contains(chart->event_number, event) ? event : "an event this procedure does not know";
    if (CHART_STATE(chart, state).final)
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED, "%s: state %s is final and awaits nothing",
                    known, CHART_STATE(chart, state).id);
    else
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED, "%s is not awaited in state %s; awaited: %s",
                    known, CHART_STATE(chart, state).id, awaited->str);
}

static void refuse_role(const FlowChart *chart, const ChartCell *cell, const char *event, GError **error)
{
    guint64 wanted = 0;
    for (guint i = 0; i < cell->n; i++)
        wanted |= chart_candidate(chart, cell, i)->deed->roles;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint bit = 0; bit < chart->roles->len; bit++) {
        if (wanted >> bit & 1)
            g_string_append_printf(list, "%s%s", list->len ? " or " : "",
                                   (const char *)chart->roles->pdata[bit]);
    }
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_ROLE, "%s is awaited from %s, not from this role", event,
                list->str);
}

static void refuse_guard(const FlowChart *chart, const ChartCell *cell, guint64 held, const char *event,
                         GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < cell->n; i++) {
        const ChartDeed *deed = chart_candidate(chart, cell, i)->deed;
        if (deed->roles & held)
            g_string_append_printf(list, "%s[%s]", list->len ? " nor " : "", rule_text(deed->guard));
    }
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_GUARD, "%s is awaited, but its condition is not met: %s", event,
                list->str);
}

static gboolean needs_met(const ChartDeed *deed, const RuleValue *row, GError **error)
{
    g_autoptr(GString) missing = NULL;
    for (guint i = 0; i < deed->need_columns->len; i++) {
        if (!in_need(deed, row, i)) continue;
        if (!missing) missing = g_string_new(NULL);
        g_string_append_printf(missing, "%s%s", missing->len ? ", " : "",
                               (const char *)deed->need_names->pdata[i]);
    }
    if (!missing) return TRUE;
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_NEEDS, "%s needs %s", deed->event, missing->str);
    return FALSE;
}

/* The first candidate in document order whose role and condition fit. */
static const ChartDeed *choose(const FlowChart *chart, int state, const char *event, const char *const *roles,
                               const RuleValue *row, GError **error)
{
    const ChartCell *cell = chart_cell(chart, state, event);
    if (!cell || !cell->n) {
        refuse_event(chart, state, event, error);
        return NULL;
    }
    guint64 held = roles_held(chart, roles);
    gboolean right_role = FALSE;
    for (guint i = 0; i < cell->n; i++) {
        const ChartDeed *deed = chart_candidate(chart, cell, i)->deed;
        if (!(deed->roles & held)) continue;
        if (!deed->guard || rule_holds(deed->guard, row)) return deed;
        right_role = TRUE;
    }
    if (right_role)
        refuse_guard(chart, cell, held, event, error);
    else
        refuse_role(chart, cell, event, error);
    return NULL;
}

/* ---- carrying out ---- */

typedef struct {
    const FlowChart *chart;
    FlowCase *c;
    const RuleValue *row;
    gint64 now;
    GArray *effects;
    GError **error;
} Firing;

static void add(const Firing *f, FlowEffect effect)
{
    g_array_append_val(f->effects, effect);
}

static gboolean move_task(const Firing *f, int index, FlowTaskState to)
{
    FlowTask *task = &f->c->task[index];
    if (!flow_task_may_follow(task->state, to)) {
        g_set_error(f->error, FLOW_ERROR, FLOW_ERROR_TASK, "task %s is %s and cannot become %s",
                    CHART_TASK(f->chart, index).id, flow_task_state_name(task->state),
                    flow_task_state_name(to));
        return FALSE;
    }
    if (to == FLOW_TASK_OFFERED) task->generation++;
    task->state = to;
    add(f, (FlowEffect){ .kind = FLOW_DO_TASK, .index = index, .task_state = to });
    return TRUE;
}

static void move_clock(const Firing *f, int index, FlowClockDeed deed)
{
    if (chart_clock_do(f->chart, f->c, index, deed, f->now))
        add(f, (FlowEffect){ .kind = FLOW_DO_CLOCK, .index = index, .clock_deed = deed });
}

/* The column's type is the law: an integer may stand for a decimal, nothing else for something else. */
static gboolean set_field(const Firing *f, const FlowEffect *action, const Rule *rule)
{
    static const char *const names[] = { "nothing", "true or false", "an integer", "a decimal", "a text" };
    RuleType want = rule_schema_type(f->chart->schema, action->index);
    FlowEffect effect = *action;
    effect.value = rule_value(rule, f->row);
    if (want == RULE_REAL && effect.value.type == RULE_INT)
        effect.value = (RuleValue){ .type = RULE_REAL, .real = (double)effect.value.integer };
    if (effect.value.type != want && effect.value.type != RULE_NULL) {
        g_set_error(f->error, FLOW_ERROR, FLOW_ERROR_CHART, "set(%s, %s) gives %s, but the field holds %s",
                    rule_schema_name(f->chart->schema, action->index), rule_text(rule),
                    names[effect.value.type], names[want]);
        return FALSE;
    }
    add(f, effect);
    return TRUE;
}

static gboolean act(const Firing *f, const FlowEffect *action, const Rule *value)
{
    switch (action->kind) {
    case FLOW_DO_TASK:
        return move_task(f, action->index, action->task_state);
    case FLOW_DO_CLOCK:
        move_clock(f, action->index, action->clock_deed);
        return TRUE;
    case FLOW_DO_SET:
        return set_field(f, action, value);
    default:
        add(f, *action);
        return TRUE;
    }
}

/* Invariants 1 and 2: what the state a case rests in means for its clocks and tasks. */
static void settle(const Firing *f)
{
    gboolean final = CHART_STATE(f->chart, f->c->state).final;
    for (guint k = 0; k < f->chart->clocks->len; k++) {
        const ChartClock *clock = &CHART_CLOCK(f->chart, k);
        if (final)
            move_clock(f, (int)k, FLOW_CLOCK_STOP);
        else if (clock->def.run_in)
            move_clock(f, (int)k,
                       chart_clock_runs_in(clock, f->c->state) ? FLOW_CLOCK_RESUME : FLOW_CLOCK_PAUSE);
    }
    for (guint t = 0; final && t < f->chart->tasks->len; t++) {
        if (chart_task_open(f->c->task[t].state)) move_task(f, (int)t, FLOW_TASK_LAPSED);
    }
}

static gboolean carry_out(const Firing *f, const ChartDeed *deed)
{
    flow_tick(f->chart, f->c, f->now, f->effects);
    f->c->state = deed->to;
    for (guint i = 0; i < deed->actions->len; i++) {
        if (!act(f, &g_array_index(deed->actions, FlowEffect, i), deed->values->pdata[i])) return FALSE;
    }
    settle(f);
    return TRUE;
}

gboolean flow_fire(const FlowChart *chart, FlowCase *c, const char *event, const char *const *roles,
                   const RuleValue *row, gint64 now, GArray *effects, GError **error)
{
    g_assert(chart->sealed && c->state >= 0 && c->state < flow_chart_states(chart));
    const ChartDeed *deed = choose(chart, c->state, event, roles, row, error);
    if (!deed || !needs_met(deed, row, error)) return FALSE;
    FlowCase next = *c;
    guint before = effects->len;
    Firing firing = {
        .chart = chart, .c = &next, .row = row, .now = now, .effects = effects, .error = error
    };
    if (!carry_out(&firing, deed)) {
        g_array_set_size(effects, before);
        return FALSE;
    }
    *c = next;
    return TRUE;
}

/* ---- offers ---- */

static gboolean waits_for_needs(const ChartDeed *deed)
{
    for (guint i = 0; deed->guard && i < deed->need_columns->len; i++) {
        int column = g_array_index(deed->need_columns, int, i);
        if (column >= 0 && rule_reads(deed->guard, column)) return TRUE;
    }
    return FALSE;
}

static int by_number(gconstpointer a, gconstpointer b)
{
    gsize x = *(const gsize *)a, y = *(const gsize *)b;
    return (x > y) - (x < y);
}

void flow_offers(const FlowChart *chart, const FlowCase *c, const char *const *roles, const RuleValue *row,
                 GArray *out)
{
    g_assert(chart->sealed && c->state >= 0 && c->state < flow_chart_states(chart));
    guint64 held = roles_held(chart, roles);
    guint before = out->len;
    for (guint e = 0; e < chart->events->len; e++) {
        const ChartCell *cell =
            &g_array_index(chart->cells, ChartCell, (guint)c->state * chart->events->len + e);
        for (guint i = 0; i < cell->n; i++) {
            const ChartDeed *deed = chart_candidate(chart, cell, i)->deed;
            if (!(deed->roles & held)) continue;
            gboolean open = waits_for_needs(deed);
            if (!open && deed->guard && !rule_holds(deed->guard, row)) continue;
            gsize number = g_array_index(chart->order, guint, cell->first + i);
            g_array_append_val(out, number);
            if (!open) break; /* it takes the event; those after it cannot be chosen */
        }
    }
    if (out->len > before)
        qsort(&g_array_index(out, gsize, before), out->len - before, sizeof(gsize), by_number);
}
