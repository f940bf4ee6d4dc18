/* seal.c - what only the whole chart can show: the table that flow_fire looks into, and whether the chart is
 * sound.
 *
 * The clock check is a data-flow analysis over the states (Kildall 1973, the "may" form): may[s] holds the
 * clocks that on some path from the beginning have been started (or resumed) and not stopped or paused by
 * action since. A clock can be running in s when it is in may[s] and its run_in allows s. Guards are taken to
 * be true at times, so what is refused is surely wrong, while what passes may still depend on its guards. */
#include "engine/flow/chart.h"

static gboolean refuse(const FlowChart *chart, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean refuse(const FlowChart *chart, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_CHART, "procedure %s: %s", chart->id, what);
    return FALSE;
}

/* ---- the table ---- */

static guint event_number(FlowChart *chart, const char *event)
{
    gpointer known = g_hash_table_lookup(chart->event_number, event);
    if (known) return GPOINTER_TO_UINT(known) - 1;
    g_ptr_array_add(chart->events, (gpointer)event);
    g_hash_table_insert(chart->event_number, (gpointer)event, GUINT_TO_POINTER(chart->events->len));
    return chart->events->len - 1;
}

static gboolean leaves(const FlowChart *chart, const ChartTransition *transition, int state)
{
    return transition->from == state || (transition->from < 0 && !CHART_STATE(chart, state).final);
}

static void index_state(FlowChart *chart, int state)
{
    for (guint event = 0; event < chart->events->len; event++) {
        ChartCell cell = { .first = chart->order->len };
        for (guint i = 0; i < chart->transitions->len; i++) {
            const ChartTransition *transition = &CHART_TRANSITION(chart, i);
            if (transition->deed->event != g_ptr_array_index(chart->events, event)) continue;
            if (leaves(chart, transition, state)) g_array_append_val(chart->order, i);
        }
        cell.n = chart->order->len - cell.first;
        g_array_append_val(chart->cells, cell);
    }
}

static void make_table(FlowChart *chart)
{
    g_ptr_array_set_size(chart->events, 0);
    g_hash_table_remove_all(chart->event_number);
    g_array_set_size(chart->cells, 0);
    g_array_set_size(chart->order, 0);
    for (guint i = 0; i < chart->transitions->len; i++)
        event_number(chart, CHART_TRANSITION(chart, i).deed->event);
    for (int state = 0; state < flow_chart_states(chart); state++)
        index_state(chart, state);
}

const ChartCell *chart_cell(const FlowChart *chart, int state, const char *event)
{
    gpointer known = g_hash_table_lookup(chart->event_number, event);
    if (!known) return NULL;
    return &g_array_index(chart->cells, ChartCell,
                          (guint)state * chart->events->len + GPOINTER_TO_UINT(known) - 1);
}

/* ---- reach: from the beginning, and to an end ---- */

static gboolean *reached_from_initial(const FlowChart *chart)
{
    gboolean *seen = g_new0(gboolean, chart->states->len), grown = TRUE;
    seen[0] = TRUE;
    while (grown) {
        grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++) {
            const ChartTransition *t = &CHART_TRANSITION(chart, i);
            gboolean from =
                t->from < 0 || seen[t->from]; /* "*": the initial state is seen and is not final */
            if (!from || seen[t->deed->to]) continue;
            seen[t->deed->to] = grown = TRUE;
        }
    }
    return seen;
}

static gboolean *reaching_final(const FlowChart *chart)
{
    gboolean *good = g_new0(gboolean, chart->states->len), grown = TRUE;
    for (guint s = 0; s < chart->states->len; s++)
        good[s] = CHART_STATE(chart, s).final;
    while (grown) {
        grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++) {
            const ChartTransition *t = &CHART_TRANSITION(chart, i);
            for (guint s = 0; good[t->deed->to] && s < chart->states->len; s++) {
                if (good[s] || !leaves(chart, t, (int)s)) continue;
                good[s] = grown = TRUE;
            }
        }
    }
    return good;
}

static gboolean ways_sound(const FlowChart *chart, GError **error)
{
    g_autofree gboolean *in = reached_from_initial(chart), *out = reaching_final(chart);
    for (guint s = 0; s < chart->states->len; s++) {
        if (!in[s]) return refuse(chart, error, "nobody can reach state %s", CHART_STATE(chart, s).id);
    }
    for (guint s = 0; s < chart->states->len; s++) {
        if (!out[s])
            return refuse(chart, error, "state %s is not final, and no way leads from it to a final state",
                          CHART_STATE(chart, s).id);
    }
    return TRUE;
}

/* ---- clocks ---- */

static guint8 clocks_after(const ChartDeed *deed, guint8 may)
{
    for (guint i = 0; i < deed->actions->len; i++) {
        const FlowEffect *action = &g_array_index(deed->actions, FlowEffect, i);
        if (action->kind != FLOW_DO_CLOCK) continue;
        gboolean on = action->clock_deed == FLOW_CLOCK_START || action->clock_deed == FLOW_CLOCK_RESUME;
        guint8 bit = (guint8)(1u << action->index);
        may = on ? may | bit : may & (guint8)~bit;
    }
    return may;
}

/* The clocks that may be on when a state is entered; `entered` gets which states a transition enters. */
static guint8 *clocks_that_may(const FlowChart *chart, gboolean *entered)
{
    guint8 *may = g_new0(guint8, chart->states->len);
    gboolean grown = TRUE;
    while (grown) {
        grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++) {
            const ChartTransition *t = &CHART_TRANSITION(chart, i);
            entered[t->deed->to] = TRUE;
            for (guint s = 0; s < chart->states->len; s++) {
                if (!leaves(chart, t, (int)s)) continue;
                guint8 more = may[t->deed->to] | clocks_after(t->deed, may[s]);
                grown |= more != may[t->deed->to];
                may[t->deed->to] = more;
            }
        }
    }
    return may;
}

static gboolean some_clock_runs(const FlowChart *chart, guint8 may, int state)
{
    for (guint k = 0; k < chart->clocks->len; k++) {
        if ((may >> k & 1) && chart_clock_runs_in(&CHART_CLOCK(chart, k), state)) return TRUE;
    }
    return FALSE;
}

static gboolean clocks_sound(const FlowChart *chart, GError **error)
{
    g_autofree gboolean *entered = g_new0(gboolean, chart->states->len);
    g_autofree guint8 *may = clocks_that_may(chart, entered);
    for (guint s = 0; s < chart->states->len; s++) {
        if (CHART_STATE(chart, s).final || !entered[s] || some_clock_runs(chart, may[s], (int)s)) continue;
        return refuse(chart, error,
                      "no clock can be running in state %s; start() one before it, or list it in a run_in",
                      CHART_STATE(chart, s).id);
    }
    return TRUE;
}

static gboolean expiries_sound(const FlowChart *chart, GError **error)
{
    for (guint k = 0; k < chart->clocks->len; k++) {
        const FlowClockDef *def = &CHART_CLOCK(chart, k).def;
        gboolean awaited = !def->on_expiry;
        for (guint i = 0; i < chart->transitions->len && !awaited; i++) {
            const ChartDeed *deed = CHART_TRANSITION(chart, i).deed;
            awaited = deed->event == def->on_expiry &&
                      g_strv_contains((const char *const *)deed->role_names->pdata, "system");
        }
        if (!awaited)
            return refuse(chart, error,
                          "clock %s fires %s on expiry, but no transition awaits that from role system",
                          def->id, def->on_expiry);
    }
    return TRUE;
}

/* ---- transitions that can never be chosen ---- */

/* Roles for which the i-th candidate of a cell can be chosen: those that no earlier candidate takes, either
 * without a condition or with the very same one. */
static guint64 live_roles(const FlowChart *chart, const ChartCell *cell, guint i)
{
    const ChartDeed *deed = chart_candidate(chart, cell, i)->deed;
    guint64 live = deed->roles;
    for (guint j = 0; j < i; j++) {
        const ChartDeed *earlier = chart_candidate(chart, cell, j)->deed;
        gboolean same =
            earlier->guard && deed->guard && g_str_equal(rule_text(earlier->guard), rule_text(deed->guard));
        if (!earlier->guard || same) live &= ~earlier->roles;
    }
    return live;
}

static gboolean choices_sound(const FlowChart *chart, GError **error)
{
    g_autofree guint64 *live = g_new0(guint64, MAX(chart->transitions->len, 1));
    for (guint c = 0; c < chart->cells->len; c++) {
        const ChartCell *cell = &g_array_index(chart->cells, ChartCell, c);
        for (guint i = 0; i < cell->n; i++)
            live[g_array_index(chart->order, guint, cell->first + i)] |= live_roles(chart, cell, i);
    }
    for (guint i = 0; i < chart->transitions->len; i++) {
        const ChartTransition *t = &CHART_TRANSITION(chart, i);
        guint64 dead = t->deed->roles & ~live[i];
        if (!dead) continue;
        return refuse(
            chart, error,
            "%s -> %s : %s by %s can never be chosen; a transition before it takes every such event",
            t->from < 0 ? "*" : CHART_STATE(chart, t->from).id, CHART_STATE(chart, t->deed->to).id,
            t->deed->event, (const char *)g_ptr_array_index(chart->roles, g_bit_nth_lsf(dead, -1)));
    }
    return TRUE;
}

gboolean flow_chart_seal(FlowChart *chart, GError **error)
{
    if (!chart_still_open(chart, error)) return FALSE;
    if (!chart->states->len) return refuse(chart, error, "it has no state");
    make_table(chart);
    chart->sealed = ways_sound(chart, error) && clocks_sound(chart, error) && expiries_sound(chart, error) &&
                    choices_sound(chart, error);
    return chart->sealed;
}
