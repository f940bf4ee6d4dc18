/* chart.c - building a chart piece by piece, and reading it back. Each piece is checked against those before
 * it; what only the whole can show is checked in tree.c and judge.c. Clocks have a desk of their own,
 * watch.c. */
#include "engine/flow/chart.h"

FlowChart *flow_chart_new(const char *id, const RuleSchema *schema)
{
    FlowChart *chart = g_new0(FlowChart, 1);
    chart->id = g_strdup(id);
    chart->schema = schema;
    chart->words = g_string_chunk_new(1024);
    chart->states = g_array_new(FALSE, FALSE, sizeof(ChartState));
    chart->clocks = g_array_new(FALSE, FALSE, sizeof(ChartClock));
    chart->tasks = g_array_new(FALSE, FALSE, sizeof(ChartTask));
    chart->deeds = g_ptr_array_new_with_free_func((GDestroyNotify)chart_deed_free);
    chart->transitions = g_array_new(FALSE, FALSE, sizeof(ChartTransition));
    chart->roles = g_ptr_array_new();
    chart->role_bit = g_hash_table_new(g_str_hash, g_str_equal);
    chart->events = g_ptr_array_new();
    chart->event_number = g_hash_table_new(g_str_hash, g_str_equal);
    chart->cells = g_array_new(FALSE, TRUE, sizeof(ChartCell));
    chart->order = g_array_new(FALSE, FALSE, sizeof(guint));
    return chart;
}

static void free_state(ChartState *state)
{
    for (int when = FLOW_ON_ENTRY; when <= FLOW_ON_INITIAL; when++) {
        g_clear_pointer(&state->on[when], g_ptr_array_unref);
        g_clear_pointer(&state->on_actions[when], g_array_unref);
    }
    g_clear_pointer(&state->begin, g_array_unref);
}

static void free_clock(ChartClock *clock)
{
    for (gsize i = 0; i < clock->def.n_budgets; i++)
        rule_free(clock->when[i]);
    g_free(clock->when);
    g_free((gpointer)clock->def.budgets);
    g_free((gpointer)clock->def.run_in);
    g_free((gpointer)clock->def.rungs);
}

void flow_chart_free(FlowChart *chart)
{
    if (!chart) return;
    for (guint i = 0; i < chart->states->len; i++)
        free_state(&CHART_STATE(chart, i));
    for (guint i = 0; i < chart->clocks->len; i++)
        free_clock(&CHART_CLOCK(chart, i));
    g_array_unref(chart->states);
    g_array_unref(chart->clocks);
    g_array_unref(chart->tasks);
    g_ptr_array_unref(chart->deeds);
    g_array_unref(chart->transitions);
    g_ptr_array_unref(chart->roles);
    g_hash_table_unref(chart->role_bit);
    g_ptr_array_unref(chart->events);
    g_hash_table_unref(chart->event_number);
    g_array_unref(chart->cells);
    g_array_unref(chart->order);
    g_string_chunk_free(chart->words);
    g_free(chart->id);
    g_free(chart);
}

ChartBlock *chart_block_new(void)
{
    ChartBlock *block = g_new0(ChartBlock, 1);
    block->actions = g_array_new(FALSE, TRUE, sizeof(FlowEffect));
    block->values = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    return block;
}

void chart_block_free(ChartBlock *block)
{
    if (!block) return;
    g_array_unref(block->actions);
    g_ptr_array_unref(block->values);
    g_free(block);
}

ChartDeed *chart_deed_new(void)
{
    ChartDeed *deed = g_new0(ChartDeed, 1);
    deed->targets = g_array_new(FALSE, FALSE, sizeof(int));
    deed->events = g_ptr_array_new();
    deed->numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    deed->ins = g_array_new(FALSE, FALSE, sizeof(FlowIn));
    deed->role_names = g_ptr_array_new();
    deed->need_names = g_ptr_array_new();
    deed->need_columns = g_array_new(FALSE, FALSE, sizeof(int));
    deed->block = chart_block_new();
    return deed;
}

void chart_deed_free(ChartDeed *deed)
{
    if (!deed) return;
    rule_free(deed->guard);
    g_array_unref(deed->targets);
    g_ptr_array_unref(deed->events);
    g_array_unref(deed->numbers);
    g_array_unref(deed->ins);
    g_ptr_array_unref(deed->role_names);
    g_ptr_array_unref(deed->need_names);
    g_array_unref(deed->need_columns);
    chart_block_free(deed->block);
    g_free(deed);
}

/* ---- words ---- */

const char *chart_word_end(const char *text)
{
    const char *at = text;
    for (;;) {
        gunichar c = g_utf8_get_char(at);
        gboolean dash = c == '-' && at[1] != '>' && at != text;
        if (!(g_unichar_isalnum(c) || g_unichar_ismark(c) || c == '_' || c == '.' || dash)) return at;
        at = g_utf8_next_char(at);
    }
}

const char *chart_keep(FlowChart *chart, const char *text, gsize length)
{
    g_autofree char *copy = g_strndup(text, length);
    return g_string_chunk_insert_const(chart->words, copy);
}

static const char *keep(FlowChart *chart, const char *text)
{
    return text ? g_string_chunk_insert_const(chart->words, text) : NULL;
}

int chart_role(FlowChart *chart, const char *role)
{
    gpointer known = g_hash_table_lookup(chart->role_bit, role);
    if (known) return GPOINTER_TO_INT(known) - 1;
    if (chart->roles->len == FLOW_MAX_ROLES) return -1;
    g_ptr_array_add(chart->roles, (gpointer)role);
    g_hash_table_insert(chart->role_bit, (gpointer)role, GINT_TO_POINTER((int)chart->roles->len));
    return (int)chart->roles->len - 1;
}

/* ---- refusals that all pieces share ---- */

gboolean chart_refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error) *error = g_error_new_valist(FLOW_ERROR, FLOW_ERROR_CHART, format, args);
    va_end(args);
    return FALSE;
}

gboolean chart_still_open(const FlowChart *chart, GError **error)
{
    return !chart->sealed || chart_refuse(error, "procedure %s is sealed; nothing can be added", chart->id);
}

gboolean chart_name_sound(const char *kind, const char *id, GError **error)
{
    if (id && g_utf8_validate(id, -1, NULL) && *id && !*chart_word_end(id)) return TRUE;
    return chart_refuse(error, "\"%s\" cannot name a %s; names are letters, digits, _ . and -", id ? id : "",
                        kind);
}

gboolean chart_room_for(const char *kind, const char *id, int known, guint have, guint most, GError **error)
{
    if (known >= 0) return chart_refuse(error, "%s %s is there already; ids are used once", kind, id);
    if (have >= most)
        return chart_refuse(error, "%s %s is one too many; a procedure has at most %u", kind, id, most);
    return TRUE;
}

/* ---- states ---- */

static gboolean place_sound(const FlowChart *chart, const FlowStateDef *def, int parent, GError **error)
{
    if (chart->transitions->len)
        return chart_refuse(error, "state %s comes too late; states come before transitions", def->id);
    if (!def->parent) {
        if (def->kind >= FLOW_STATE_SHALLOW)
            return chart_refuse(error, "state %s is a history and stands at the top; it belongs into a state",
                                def->id);
        if (chart->states->len == 0 && def->kind == FLOW_STATE_FINAL)
            return chart_refuse(error, "state %s is the initial one and cannot be final", def->id);
        return TRUE;
    }
    if (parent < 0)
        return chart_refuse(error, "state %s is in %s, which is no state; parents come first", def->id,
                            def->parent);
    if (CHART_STATE(chart, parent).def.kind >= FLOW_STATE_FINAL)
        return chart_refuse(error, "state %s is in %s, which is final or a history and holds no states",
                            def->id, def->parent);
    return TRUE;
}

static gboolean kind_sound(const FlowChart *chart, const FlowStateDef *def, GError **error)
{
    if ((guint)def->kind > FLOW_STATE_DEEP) return chart_refuse(error, "state %s is of no kind", def->id);
    if (def->kind >= FLOW_STATE_SHALLOW && chart->histories == FLOW_MAX_HISTORIES)
        return chart_refuse(error, "history %s is one too many; a procedure has at most %d", def->id,
                            FLOW_MAX_HISTORIES);
    if (def->initial && (def->kind == FLOW_STATE_PARALLEL || def->kind == FLOW_STATE_FINAL))
        return chart_refuse(error, "state %s is parallel or final; it has no initial state", def->id);
    return TRUE;
}

gboolean flow_chart_state(FlowChart *chart, const FlowStateDef *def, GError **error)
{
    if (!chart_still_open(chart, error) || !chart_name_sound("state", def->id, error) ||
        !chart_room_for("state", def->id, flow_chart_state_find(chart, def->id), chart->states->len,
                        FLOW_MAX_STATES, error))
        return FALSE;
    int parent = def->parent ? flow_chart_state_find(chart, def->parent) : -1;
    if (!place_sound(chart, def, parent, error) || !kind_sound(chart, def, error)) return FALSE;
    ChartState state = { .def = *def, .parent = parent, .history = -1 };
    state.def.id = keep(chart, def->id);
    state.def.parent = parent < 0 ? NULL : CHART_STATE(chart, parent).def.id;
    state.def.initial = keep(chart, def->initial);
    if (chart_is_history(&state)) {
        state.history = chart->histories;
        chart->history[chart->histories++] = (int)chart->states->len;
    }
    g_array_append_val(chart->states, state);
    return TRUE;
}

int flow_chart_states(const FlowChart *chart)
{
    return (int)chart->states->len;
}

const char *flow_chart_state_id(const FlowChart *chart, int state)
{
    return CHART_STATE(chart, state).def.id;
}

const FlowStateDef *flow_chart_state_def(const FlowChart *chart, int state)
{
    return &CHART_STATE(chart, state).def;
}

int flow_chart_state_parent(const FlowChart *chart, int state)
{
    return CHART_STATE(chart, state).parent;
}

gboolean flow_chart_state_final(const FlowChart *chart, int state)
{
    const ChartState *s = &CHART_STATE(chart, state);
    return s->parent < 0 && s->def.kind == FLOW_STATE_FINAL;
}

gboolean flow_chart_state_compound(const FlowChart *chart, int state)
{
    for (guint i = (guint)state + 1; i < chart->states->len; i++) {
        if (CHART_STATE(chart, i).parent == state) return TRUE;
    }
    return FALSE;
}

gboolean flow_chart_flat(const FlowChart *chart)
{
    for (guint i = 0; i < chart->states->len; i++) {
        if (CHART_STATE(chart, i).parent >= 0) return FALSE;
    }
    return TRUE;
}

int flow_chart_state_find(const FlowChart *chart, const char *id)
{
    for (guint i = 0; i < chart->states->len; i++) {
        if (g_str_equal(CHART_STATE(chart, i).def.id, id)) return (int)i;
    }
    return -1;
}

const FlowEffect *flow_chart_on_actions(const FlowChart *chart, int state, FlowOn when, gsize *n)
{
    const GArray *actions = CHART_STATE(chart, state).on_actions[when];
    *n = actions ? actions->len : 0;
    return actions ? (const FlowEffect *)(gpointer)actions->data : NULL;
}

const char *flow_chart_on_text(const FlowChart *chart, int state, FlowOn when)
{
    return CHART_STATE(chart, state).on_text[when];
}

/* ---- tasks ---- */

gboolean flow_chart_task(FlowChart *chart, const char *id, const char *role, GError **error)
{
    if (!chart_still_open(chart, error) || !chart_name_sound("task", id, error) ||
        !chart_name_sound("role", role, error) ||
        !chart_room_for("task", id, flow_chart_task_find(chart, id), chart->tasks->len, FLOW_MAX_TASKS,
                        error))
        return FALSE;
    ChartTask task = { .id = keep(chart, id), .role = keep(chart, role) };
    g_array_append_val(chart->tasks, task);
    return TRUE;
}

int flow_chart_tasks(const FlowChart *chart)
{
    return (int)chart->tasks->len;
}

const char *flow_chart_task_id(const FlowChart *chart, int task)
{
    return CHART_TASK(chart, task).id;
}

const char *flow_chart_task_role(const FlowChart *chart, int task)
{
    return CHART_TASK(chart, task).role;
}

int flow_chart_task_find(const FlowChart *chart, const char *id)
{
    for (guint i = 0; i < chart->tasks->len; i++) {
        if (g_str_equal(CHART_TASK(chart, i).id, id)) return (int)i;
    }
    return -1;
}

/* ---- transitions, for readers ---- */

gsize flow_chart_transitions(const FlowChart *chart)
{
    return chart->transitions->len;
}

FlowTransition flow_chart_transition_at(const FlowChart *chart, gsize i)
{
    const ChartTransition *transition = &CHART_TRANSITION(chart, i);
    const ChartDeed *deed = transition->deed;
    return (FlowTransition){
        .from = transition->from,
        .to = deed->targets->len ? g_array_index(deed->targets, int, 0) : -1,
        .targets = (const int *)(gpointer)deed->targets->data,
        .n_targets = deed->targets->len,
        .event = deed->events->pdata[0],
        .events = (const char *const *)deed->events->pdata,
        .internal = deed->internal,
        .everywhere = deed->everywhere,
        .guard = deed->guard_text,
        .condition = deed->guard,
        .ins = (const FlowIn *)(gpointer)deed->ins->data,
        .n_ins = deed->ins->len,
        .roles = (const char *const *)deed->role_names->pdata,
        .needs = (const char *const *)deed->need_names->pdata,
        .form = deed->form,
        .actions = (const FlowEffect *)(gpointer)deed->block->actions->data,
        .n_actions = deed->block->actions->len,
    };
}
