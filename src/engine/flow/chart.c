/* chart.c - building a chart piece by piece, and reading it back. Each piece is checked against those before
 * it; what only the whole can show is checked in seal.c. */
#include "engine/flow/chart.h"

#define MAX_BUDGET ((gint64)30 * 366 * BASE_DAY)
#define MAX_PERCENT 1000
#define MAX_RUNGS 64

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

void flow_chart_free(FlowChart *chart)
{
    if (!chart) return;
    for (guint i = 0; i < chart->clocks->len; i++) {
        g_free((gpointer)CHART_CLOCK(chart, i).def.run_in);
        g_free((gpointer)CHART_CLOCK(chart, i).def.rungs);
    }
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

ChartDeed *chart_deed_new(void)
{
    ChartDeed *deed = g_new0(ChartDeed, 1);
    deed->role_names = g_ptr_array_new();
    deed->need_names = g_ptr_array_new();
    deed->need_columns = g_array_new(FALSE, FALSE, sizeof(int));
    deed->actions = g_array_new(FALSE, TRUE, sizeof(FlowEffect));
    deed->values = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    return deed;
}

void chart_deed_free(ChartDeed *deed)
{
    if (!deed) return;
    rule_free(deed->guard);
    g_ptr_array_unref(deed->role_names);
    g_ptr_array_unref(deed->need_names);
    g_array_unref(deed->need_columns);
    g_array_unref(deed->actions);
    g_ptr_array_unref(deed->values);
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

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error) *error = g_error_new_valist(FLOW_ERROR, FLOW_ERROR_CHART, format, args);
    va_end(args);
    return FALSE;
}

gboolean chart_still_open(const FlowChart *chart, GError **error)
{
    return !chart->sealed || refuse(error, "procedure %s is sealed; nothing can be added", chart->id);
}

static gboolean name_sound(const char *kind, const char *id, GError **error)
{
    if (id && g_utf8_validate(id, -1, NULL) && *id && !*chart_word_end(id)) return TRUE;
    return refuse(error, "\"%s\" cannot name a %s; names are letters, digits, _ . and -", id ? id : "", kind);
}

static gboolean room_for(const char *kind, const char *id, int known, guint have, guint most, GError **error)
{
    if (known >= 0) return refuse(error, "%s %s is there already; ids are used once", kind, id);
    if (have >= most)
        return refuse(error, "%s %s is one too many; a procedure has at most %u", kind, id, most);
    return TRUE;
}

/* ---- states ---- */

gboolean flow_chart_state(FlowChart *chart, const char *id, gboolean final, GError **error)
{
    if (!chart_still_open(chart, error) || !name_sound("state", id, error) ||
        !room_for("state", id, flow_chart_state_find(chart, id), chart->states->len, FLOW_MAX_STATES, error))
        return FALSE;
    if (final && chart->states->len == 0)
        return refuse(error, "state %s is the initial one and cannot be final", id);
    ChartState state = { .id = keep(chart, id), .final = final };
    g_array_append_val(chart->states, state);
    return TRUE;
}

int flow_chart_states(const FlowChart *chart)
{
    return (int)chart->states->len;
}

const char *flow_chart_state_id(const FlowChart *chart, int state)
{
    return CHART_STATE(chart, state).id;
}

gboolean flow_chart_state_final(const FlowChart *chart, int state)
{
    return CHART_STATE(chart, state).final;
}

int flow_chart_state_find(const FlowChart *chart, const char *id)
{
    for (guint i = 0; i < chart->states->len; i++) {
        if (g_str_equal(CHART_STATE(chart, i).id, id)) return (int)i;
    }
    return -1;
}

/* ---- clocks ---- */

static gboolean clock_numbers_sound(const FlowClockDef *def, GError **error)
{
    if (!def->calendar) return refuse(error, "clock %s has no calendar", def->id);
    if (def->budget <= 0 || def->budget > MAX_BUDGET)
        return refuse(error, "clock %s has a budget outside of 1 ms to 30 years", def->id);
    if (def->n_rungs > MAX_RUNGS) return refuse(error, "clock %s has more than %d rungs", def->id, MAX_RUNGS);
    for (gsize i = 0; i < def->n_rungs; i++) {
        if (def->rungs[i] == 0 || def->rungs[i] > MAX_PERCENT ||
            (i > 0 && def->rungs[i] <= def->rungs[i - 1]))
            return refuse(error, "clock %s: rung %u %% is out of order; rungs ascend from 1 to %d", def->id,
                          def->rungs[i], MAX_PERCENT);
    }
    return TRUE;
}

static gboolean clock_states_sound(const FlowChart *chart, const FlowClockDef *def, ChartClock *clock,
                                   GError **error)
{
    if (!def->run_in) return TRUE;
    if (!def->run_in[0])
        return refuse(error, "clock %s lists no state to run in; leave run_in out to run in all", def->id);
    for (gsize i = 0; def->run_in[i]; i++) {
        int state = flow_chart_state_find(chart, def->run_in[i]);
        if (state < 0)
            return refuse(error, "clock %s runs in %s, which is no state", def->id, def->run_in[i]);
        if (CHART_STATE(chart, state).final)
            return refuse(error, "clock %s runs in %s, which is final; nothing runs there", def->id,
                          def->run_in[i]);
        clock->runs_in[state / 64] |= (guint64)1 << (state % 64);
    }
    return TRUE;
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

gboolean flow_chart_clock(FlowChart *chart, const FlowClockDef *def, GError **error)
{
    ChartClock clock = { .def = *def };
    if (!chart_still_open(chart, error) || !name_sound("clock", def->id, error) ||
        !room_for("clock", def->id, flow_chart_clock_find(chart, def->id), chart->clocks->len,
                  FLOW_MAX_CLOCKS, error) ||
        !clock_numbers_sound(def, error) || !clock_states_sound(chart, def, &clock, error) ||
        (def->on_expiry && !name_sound("event", def->on_expiry, error)))
        return FALSE;
    clock.def.id = keep(chart, def->id);
    clock.def.on_expiry = keep(chart, def->on_expiry);
    clock.def.run_in = keep_list(chart, def->run_in);
    clock.def.rungs = g_memdup2(def->rungs, def->n_rungs * sizeof *def->rungs);
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

/* ---- tasks ---- */

gboolean flow_chart_task(FlowChart *chart, const char *id, const char *role, GError **error)
{
    if (!chart_still_open(chart, error) || !name_sound("task", id, error) ||
        !name_sound("role", role, error) ||
        !room_for("task", id, flow_chart_task_find(chart, id), chart->tasks->len, FLOW_MAX_TASKS, error))
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
        .to = deed->to,
        .event = deed->event,
        .guard = deed->guard ? rule_text(deed->guard) : NULL,
        .roles = (const char *const *)deed->role_names->pdata,
        .needs = (const char *const *)deed->need_names->pdata,
        .actions = (const FlowEffect *)(gpointer)deed->actions->data,
        .n_actions = deed->actions->len,
    };
}
