/* naive_for_test.h - state charts done slowly: SCXML's appendix D (W3C 2015) procedure by procedure, with its
 * names, over a chart as text. Lists and hash tables, conditions read anew each time, nothing prepared. Ours
 * besides, as flow.h says: roles, needs, refusals, error.execution, clocks and tasks. The instants at which
 * clocks pass something are not worked out here again (clock_test.c does, minute by minute): the naive case
 * keeps its clocks in a FlowCase of its own and ticks that. */
#pragma once
#include "engine/flow/naive_chart_for_test.h"

/* ---- actions ---- */

static inline void naive_log(Naive *n, const char *format, ...) G_GNUC_PRINTF(2, 3);
static inline void naive_log(Naive *n, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(n->log, g_strdup_vprintf(format, args));
    va_end(args);
}

static inline int naive_clock_named(const Naive *n, const char *id)
{
    for (guint i = 0; i < n->draft->clocks->len; i++) {
        if (g_str_equal(draft_clock_at(n->draft, i)->def.id, id)) return (int)i;
    }
    return -1;
}

static inline gint64 naive_consumed(const Naive *n, int k)
{
    const FlowClockDef *def = &draft_clock_at(n->draft, (guint)k)->def;
    const FlowClock *clock = &n->timed.clock[k];
    gint64 ran = clock->state == FLOW_CLOCK_RUNNING && n->now > clock->since
                     ? base_calendar_spent(def->calendar, def->measure, clock->since, n->now)
                     : 0;
    return clock->consumed + ran;
}

static inline void naive_clock_run(Naive *n, int k)
{
    const FlowClockDef *def = &draft_clock_at(n->draft, (guint)k)->def;
    FlowClock *clock = &n->timed.clock[k];
    clock->state = FLOW_CLOCK_RUNNING;
    clock->since = n->now;
    clock->stopped = 0;
    if (def->next_day)
        clock->since = MAX(n->now, base_calendar_day_start(def->calendar, clock->started) + BASE_DAY);
}

static inline gint64 naive_budget(const Naive *n, const DraftClock *k)
{
    gboolean other = k->def.n_budgets && rule_holds(naive_rule(n, k->budget.when, FALSE), n->row);
    return other ? k->budget.budget : k->def.budget;
}

static inline void naive_start(Naive *n, int k)
{
    const FlowClockDef *def = &draft_clock_at(n->draft, (guint)k)->def;
    FlowClock *clock = &n->timed.clock[k];
    gboolean on = clock->state == FLOW_CLOCK_RUNNING || clock->state == FLOW_CLOCK_PAUSED;
    if (def->resident && on) return;
    if (!def->resident || clock->state == FLOW_CLOCK_NONE)
        *clock =
            (FlowClock){ .budget = naive_budget(n, draft_clock_at(n->draft, (guint)k)), .started = n->now };
    naive_clock_run(n, k);
    naive_log(n, "start %s", def->id);
}

static inline void naive_halt(Naive *n, int k, FlowClockState to, const char *deed)
{
    FlowClock *clock = &n->timed.clock[k];
    clock->consumed = naive_consumed(n, k);
    clock->state = to;
    clock->stopped = to == FLOW_CLOCK_STOPPED ? n->now : 0;
    naive_log(n, "%s %s", deed, draft_clock_at(n->draft, (guint)k)->def.id);
}

static inline void naive_stop(Naive *n, int k)
{
    FlowClockState state = n->timed.clock[k].state;
    if (state == FLOW_CLOCK_RUNNING || state == FLOW_CLOCK_PAUSED)
        naive_halt(n, k, FLOW_CLOCK_STOPPED, "stop");
}

static inline void naive_pause(Naive *n, int k)
{
    if (n->timed.clock[k].state == FLOW_CLOCK_RUNNING) naive_halt(n, k, FLOW_CLOCK_PAUSED, "pause");
}

static inline void naive_resume(Naive *n, int k)
{
    if (n->timed.clock[k].state != FLOW_CLOCK_PAUSED) return;
    naive_clock_run(n, k);
    naive_log(n, "resume %s", draft_clock_at(n->draft, (guint)k)->def.id);
}

static inline int naive_extend(Naive *n, int k)
{
    const FlowClockDef *def = &draft_clock_at(n->draft, (guint)k)->def;
    FlowClock *clock = &n->timed.clock[k];
    gboolean on = clock->state == FLOW_CLOCK_RUNNING || clock->state == FLOW_CLOCK_PAUSED;
    if (!on || clock->extended >= def->extend_max) return FLOW_ERROR_CLOCK;
    clock->budget += def->extend_by;
    clock->extended++;
    if (naive_consumed(n, k) < clock->budget) clock->expired = FALSE; /* it may expire once more */
    naive_log(n, "extend %s", def->id);
    return -1;
}

static inline int naive_task(Naive *n, const char *id, FlowTaskState to)
{
    guint t = 0;
    while (!g_str_equal(g_ptr_array_index(n->draft->tasks, t), id))
        t++;
    FlowTask *task = &n->timed.task[t];
    gboolean open = task->state == FLOW_TASK_OFFERED || task->state == FLOW_TASK_ACCEPTED;
    if (to == FLOW_TASK_LAPSED && !open) return -1;
    if (!flow_task_may_follow(task->state, to)) return FLOW_ERROR_TASK;
    if (to == FLOW_TASK_OFFERED) task->generation++;
    task->state = to;
    naive_log(n, "%s %s", id, flow_task_state_name(to));
    for (guint k = 0; k < n->draft->clocks->len; k++) {
        if (g_strcmp0(draft_clock_at(n->draft, k)->def.task, id) != 0) continue;
        if (to == FLOW_TASK_OFFERED)
            naive_start(n, (int)k);
        else if (to != FLOW_TASK_ACCEPTED && to != FLOW_TASK_VERIFIED)
            naive_stop(n, (int)k);
    }
    return -1;
}

static inline int naive_set(Naive *n, const char *field, const char *text)
{
    int column = rule_schema_find(n->schema, field);
    RuleValue value = rule_value(naive_rule(n, text, TRUE), n->row);
    RuleType type = rule_schema_type(n->schema, column);
    if (type == RULE_REAL && value.type == RULE_INT)
        value = (RuleValue){ .type = RULE_REAL, .real = (double)value.integer };
    if (value.type != RULE_NULL && value.type != type) return FLOW_ERROR_CHART;
    if (value.type == RULE_TEXT) value.text = g_intern_string(value.text);
    n->row[column] = value;
    g_autoptr(GString) out = g_string_new(NULL);
    FlowEffect effect = { .kind = FLOW_DO_SET, .index = column, .value = value };
    write_effect(out, n->chart, &effect);
    naive_log(n, "%s", out->str);
    return -1;
}

/* One action as written; -1, or the code of the refusal. */
static inline int naive_act(Naive *n, const char *action)
{
    static const struct {
        const char *word;
        FlowTaskState state;
    } tasks[] = { { "task", FLOW_TASK_OFFERED },    { "accept", FLOW_TASK_ACCEPTED },
                  { "done", FLOW_TASK_DONE },       { "verify", FLOW_TASK_VERIFIED },
                  { "return", FLOW_TASK_RETURNED }, { "reassign", FLOW_TASK_REASSIGNED },
                  { "lapse", FLOW_TASK_LAPSED } };
    static const struct {
        const char *word;
        void (*deed)(Naive *n, int k);
    } clocks[] = {
        { "start", naive_start }, { "stop", naive_stop }, { "pause", naive_pause }, { "resume", naive_resume }
    };
    const char *at = action;
    g_autofree char *word = draft_until(&at, "("), *args = *at ? g_strndup(at + 1, strlen(at) - 2) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(tasks); i++) {
        if (g_str_equal(word, tasks[i].word)) return naive_task(n, args, tasks[i].state);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++) {
        if (!g_str_equal(word, clocks[i].word)) continue;
        clocks[i].deed(n, naive_clock_named(n, args));
        return -1;
    }
    if (g_str_equal(word, "extend")) return naive_extend(n, naive_clock_named(n, args));
    if (g_str_equal(word, "raise"))
        (n->lies ? g_queue_push_head : g_queue_push_tail)(&n->internal_queue,
                                                          (gpointer)g_intern_string(args));
    else if (g_str_equal(word, "set")) {
        g_auto(GStrv) part = g_strsplit(args, ",", 2);
        return naive_set(n, g_strstrip(part[0]), part[1]);
    } else if (g_str_equal(word, "rate"))
        naive_log(n, "rate");
    else if (!g_str_equal(word, "needs"))
        naive_log(n, "%s %s", word, args);
    return -1;
}

static inline gboolean naive_awaits_errors(const Naive *n)
{
    for (guint i = 0; i < n->draft->lines->len; i++) {
        if (naive_awaits(n, draft_line_at(n->draft, i), "error.execution")) return TRUE;
    }
    return FALSE;
}

/* 5.9 and 4.9: an error ends its block and is an internal event, where the chart awaits it */
static inline void executeContent(Naive *n, const GPtrArray *actions)
{
    for (guint i = 0; n->code < 0 && i < actions->len; i++) {
        int code = naive_act(n, g_ptr_array_index(actions, i));
        if (code < 0) continue;
        if (naive_awaits_errors(n))
            g_queue_push_tail(&n->internal_queue, (gpointer)g_intern_static_string("error.execution"));
        else
            n->code = code;
        return;
    }
}

/* ---- a microstep ---- */

static inline void exitStates(Naive *n, const GArray *transitions)
{
    g_autoptr(GArray) statesToExit = computeExitSet(n, transitions);
    g_array_sort(statesToExit, ints_up);
    for (guint i = 0; i < n->draft->states->len; i++) {
        int h = (int)i, parent = naive_state(n, h)->parent;
        if (!isHistoryState(n, h) || !ints_has(statesToExit, parent)) continue;
        g_clear_pointer(&n->history[h], g_array_unref);
        n->history[h] = ints_new();
        for (guint j = 0; j < n->configuration->len; j++) {
            int s = INT_AT(n->configuration, j);
            gboolean kept = naive_state(n, h)->kind == FLOW_STATE_DEEP
                                ? isAtomicState(n, s) && isDescendant(n, s, parent)
                                : naive_state(n, s)->parent == parent;
            if (kept) ints_add(n->history[h], s);
        }
    }
    for (guint i = statesToExit->len; i-- > 0;) {
        int s = INT_AT(statesToExit, i);
        executeContent(n, naive_state(n, s)->on[FLOW_ON_EXIT]);
        ints_drop(n->configuration, s);
    }
}

typedef struct {
    Ints *statesToEnter, *statesForDefaultEntry;
    const GPtrArray *defaultHistoryContent[FLOW_MAX_STATES]; /* by parent */
} NaiveEntry;

static inline void addDescendantStatesToEnter(const Naive *n, int state, NaiveEntry *e);

static inline gboolean naive_some_below(const Naive *n, const NaiveEntry *e, int state)
{
    for (guint i = 0; i < e->statesToEnter->len; i++) {
        if (isDescendant(n, INT_AT(e->statesToEnter, i), state)) return TRUE;
    }
    return FALSE;
}

static inline void naive_enter_regions(const Naive *n, int state, NaiveEntry *e)
{
    g_autoptr(GArray) children = getChildStates(n, state);
    for (guint i = 0; i < children->len; i++) {
        int child = INT_AT(children, i);
        if (!naive_some_below(n, e, child)) addDescendantStatesToEnter(n, child, e);
    }
}

static inline void addAncestorStatesToEnter(const Naive *n, int state, int ancestor, NaiveEntry *e)
{
    g_autoptr(GArray) between = getProperAncestors(n, state, ancestor);
    for (guint i = 0; i < between->len; i++) {
        int anc = INT_AT(between, i);
        if (anc < 0) continue;
        ints_add(e->statesToEnter, anc);
        if (isParallelState(n, anc)) naive_enter_regions(n, anc, e);
    }
}

static inline void naive_enter_all(const Naive *n, const Ints *states, int ancestor, NaiveEntry *e)
{
    for (guint i = 0; i < states->len; i++)
        addDescendantStatesToEnter(n, INT_AT(states, i), e);
    for (guint i = 0; i < states->len; i++)
        addAncestorStatesToEnter(n, INT_AT(states, i), ancestor, e);
}

static inline void addDescendantStatesToEnter(const Naive *n, int state, NaiveEntry *e)
{
    if (isHistoryState(n, state)) {
        int parent = naive_state(n, state)->parent;
        if (!n->history[state]) e->defaultHistoryContent[parent] = naive_state(n, state)->on[FLOW_ON_INITIAL];
        g_autoptr(GArray) to =
            n->history[state] ? ints_copy(n->history[state]) : naive_history_default(n, state);
        naive_enter_all(n, to, parent, e);
        return;
    }
    ints_add(e->statesToEnter, state);
    if (isCompoundState(n, state)) {
        ints_add(e->statesForDefaultEntry, state);
        g_autoptr(GArray) to = naive_initial(n, state);
        naive_enter_all(n, to, state, e);
    } else if (isParallelState(n, state)) {
        naive_enter_regions(n, state, e);
    }
}

static inline void computeEntrySet(const Naive *n, const GArray *transitions, NaiveEntry *e)
{
    for (guint i = 0; i < transitions->len; i++) {
        NaiveTransition t = g_array_index(transitions, NaiveTransition, i);
        g_autoptr(GArray) targets = naive_targets(n, t.line->to);
        for (guint j = 0; j < targets->len; j++)
            addDescendantStatesToEnter(n, INT_AT(targets, j), e);
        int ancestor = getTransitionDomain(n, t);
        g_autoptr(GArray) effective = getEffectiveTargetStates(n, targets);
        for (guint j = 0; j < effective->len; j++)
            addAncestorStatesToEnter(n, INT_AT(effective, j), ancestor, e);
    }
}

static inline gboolean isInFinalState(const Naive *n, int s)
{
    g_autoptr(GArray) children = getChildStates(n, s);
    gboolean compound = isCompoundState(n, s), some = FALSE, all = TRUE;
    for (guint i = 0; i < children->len; i++) {
        int child = INT_AT(children, i);
        gboolean final =
            compound ? isFinalState(n, child) && ints_has(n->configuration, child) : isInFinalState(n, child);
        some = some || final;
        all = all && final;
    }
    return compound ? some : isParallelState(n, s) && all;
}

static inline void naive_raise_done(Naive *n, int state)
{
    g_autofree char *event = g_strdup_printf("done.state.%s", naive_state(n, state)->id);
    g_queue_push_tail(&n->internal_queue, (gpointer)g_intern_string(event));
}

static inline void naive_final_entered(Naive *n, int s)
{
    int parent = naive_state(n, s)->parent;
    if (parent < 0) {
        n->running = FALSE;
        return;
    }
    naive_raise_done(n, parent);
    int grandparent = naive_state(n, parent)->parent;
    if (isParallelState(n, grandparent) && isInFinalState(n, grandparent)) naive_raise_done(n, grandparent);
}

static inline void naive_enter(Naive *n, NaiveEntry *e)
{
    g_array_sort(e->statesToEnter, ints_up);
    for (guint i = 0; i < e->statesToEnter->len; i++) {
        int s = INT_AT(e->statesToEnter, i);
        ints_add(n->configuration, s);
        executeContent(n, naive_state(n, s)->on[FLOW_ON_ENTRY]);
        if (ints_has(e->statesForDefaultEntry, s)) executeContent(n, naive_state(n, s)->on[FLOW_ON_INITIAL]);
        if (e->defaultHistoryContent[s]) executeContent(n, e->defaultHistoryContent[s]);
        if (isFinalState(n, s)) naive_final_entered(n, s);
    }
    g_array_unref(e->statesToEnter);
    g_array_unref(e->statesForDefaultEntry);
}

static inline void microstep(Naive *n, const GArray *enabled)
{
    exitStates(n, enabled);
    for (guint i = 0; i < enabled->len; i++)
        executeContent(n, g_array_index(enabled, NaiveTransition, i).line->actions);
    NaiveEntry e = { ints_new(), ints_new(), { NULL } };
    computeEntrySet(n, enabled, &e);
    naive_enter(n, &e);
}

/* ---- running to completion ---- */

static const char *const naive_system[] = { "system", NULL };

static inline void naive_show_event(Naive *n, const char *event)
{
    n->row[n->event_column] = (RuleValue){ .type = RULE_TEXT, .text = event };
}

static inline void naive_macrostep(Naive *n)
{
    int steps = 0, came = 0;
    while (n->running && n->code < 0) {
        g_autoptr(GArray) enabled = selectTransitions(n, NULL, naive_system, &came);
        if (!enabled->len) {
            const char *event = g_queue_pop_head(&n->internal_queue);
            if (!event) break;
            naive_show_event(n, event);
            g_array_unref(enabled);
            enabled = selectTransitions(n, event, naive_system, &came);
        }
        if (!enabled->len) continue;
        if (++steps > FLOW_MAX_STEPS)
            n->code = FLOW_ERROR_LOOP;
        else
            microstep(n, enabled);
    }
    g_queue_clear(&n->internal_queue);
}

static inline gboolean naive_clock_runs_here(const Naive *n, const DraftClock *k)
{
    for (guint i = 0; i + 1 < k->run_in->len; i++) {
        if (ints_has(n->configuration, draft_find(n->draft, g_ptr_array_index(k->run_in, i)))) return TRUE;
    }
    return FALSE;
}

/* What the configuration means for clocks and tasks. */
static inline void naive_settle(Naive *n)
{
    for (guint k = 0; k < n->draft->clocks->len; k++) {
        const DraftClock *clock = draft_clock_at(n->draft, k);
        if (!n->running)
            naive_stop(n, (int)k);
        else if (clock->run_in)
            (naive_clock_runs_here(n, clock) ? naive_resume : naive_pause)(n, (int)k);
    }
    for (guint t = 0; !n->running && t < n->draft->tasks->len; t++) {
        FlowTaskState state = n->timed.task[t].state;
        if (state == FLOW_TASK_OFFERED || state == FLOW_TASK_ACCEPTED)
            naive_task(n, g_ptr_array_index(n->draft->tasks, t), FLOW_TASK_LAPSED);
    }
}

static inline void naive_prepare(Naive *n, const RuleValue *row, gint64 now)
{
    memcpy(n->row, row, sizeof n->row);
    n->now = now;
    n->code = -1;
    g_ptr_array_set_size(n->log, 0);
    g_queue_clear(&n->internal_queue);
}

static inline void naive_tick(Naive *n, gint64 now)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    flow_tick(n->chart, &n->timed, now, due);
    for (guint i = 0; i < due->len; i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        write_effect(out, n->chart, &g_array_index(due, FlowEffect, i));
        naive_log(n, "%s", out->str);
    }
}

static inline gboolean naive_brings(const Naive *n, const DraftLine *line)
{
    for (guint i = 0; i < line->actions->len; i++) {
        const char *action = g_ptr_array_index(line->actions, i);
        if (!g_str_has_prefix(action, "needs(")) continue;
        g_autofree char *names = g_strndup(action + 6, strlen(action) - 7);
        g_auto(GStrv) each = g_strsplit(names, ",", -1);
        for (gsize f = 0; each[f]; f++) {
            int column = rule_schema_find(n->schema, g_strstrip(each[f]));
            if (column >= 0 && n->row[column].type == RULE_NULL) return FALSE;
        }
    }
    return TRUE;
}

static inline Naive naive_new(const Draft *draft, const FlowChart *chart, const RuleSchema *schema)
{
    return (Naive){ .draft = draft,
                    .chart = chart,
                    .schema = schema,
                    .configuration = ints_new(),
                    .internal_queue = G_QUEUE_INIT,
                    .event_column = rule_schema_find(schema, "event"),
                    .log = g_ptr_array_new_with_free_func(g_free),
                    .rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, naive_rule_free),
                    .split = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, naive_parts_free) };
}

static inline void naive_clear(Naive *n)
{
    g_array_unref(n->configuration);
    for (int i = 0; i < FLOW_MAX_STATES; i++)
        g_clear_pointer(&n->history[i], g_array_unref);
    g_queue_clear(&n->internal_queue);
    g_ptr_array_unref(n->log);
    g_hash_table_unref(n->rules);
    g_hash_table_unref(n->split);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Naive, naive_clear)

/* Begin; -1, or the code of the refusal. */
static inline int naive_begin(Naive *n, const RuleValue *row, gint64 now)
{
    naive_prepare(n, row, now);
    n->running = TRUE;
    NaiveEntry e = { ints_new(), ints_new(), { NULL } };
    addDescendantStatesToEnter(n, 0, &e);
    naive_enter(n, &e);
    naive_macrostep(n);
    if (n->code < 0) naive_settle(n);
    return n->code;
}

static inline int naive_run(Naive *n, const char *event, const char *const *roles)
{
    int came = 0;
    g_autoptr(GArray) enabled = selectTransitions(n, event, roles, &came);
    if (!enabled->len)
        return came == 2 ? FLOW_ERROR_GUARD : came == 1 ? FLOW_ERROR_ROLE : FLOW_ERROR_NOT_AWAITED;
    for (guint i = 0; i < enabled->len; i++) {
        if (!naive_brings(n, g_array_index(enabled, NaiveTransition, i).line)) return FLOW_ERROR_NEEDS;
    }
    naive_tick(n, n->now);
    microstep(n, enabled);
    naive_macrostep(n);
    if (n->code < 0) naive_settle(n);
    return n->code;
}

/* Fire; -1, or the code of the refusal, and then all is as it was. */
static inline int naive_fire(Naive *n, const char *event, const char *const *roles, const RuleValue *row,
                             gint64 now)
{
    naive_prepare(n, row, now);
    FlowCase timed = n->timed;
    Ints *configuration = ints_copy(n->configuration), *history[FLOW_MAX_STATES];
    for (int i = 0; i < FLOW_MAX_STATES; i++)
        history[i] = ints_copy(n->history[i]);
    gboolean running = n->running;
    int code = naive_run(n, event, roles);
    if (code >= 0) {
        n->timed = timed;
        n->running = running;
        g_ptr_array_set_size(n->log, 0);
        g_array_unref(g_steal_pointer(&n->configuration));
        n->configuration = g_array_ref(configuration);
    }
    for (int i = 0; i < FLOW_MAX_STATES; i++) {
        if (code >= 0) {
            g_clear_pointer(&n->history[i], g_array_unref);
            n->history[i] = g_steal_pointer(&history[i]);
        }
        g_clear_pointer(&history[i], g_array_unref);
    }
    g_array_unref(configuration);
    return code;
}
