/* judge.c - whether a whole chart is sound: reach, ends, clocks, transitions that can never be chosen.
 *
 * Configurations are not enumerated. All questions are "may" analyses over single states (Kildall 1973): a
 * transition t leads from each state it may leave (`leaves`: what can be active together with where it comes
 * from, below its domain) to each state it enters. Guards are taken to be true at times and events to come,
 * so what is refused is surely wrong, while what passes may still hang on its guards. In a flat chart
 * `leaves` is the one state and `enters` the other.
 *
 * Clocks: may[s] holds those that on some path to s have been started (or resumed) and not surely stopped or
 * paused by action since. States that a transition does not leave see what it starts, never what it stops. */
#include "engine/flow/chart.h"
#include <string.h>

#define STATE(i) (&CHART_STATE(chart, i))
#define N_STATES ((int)chart->states->len)

typedef struct {
    FlowBlame *blame;
    GError **error;
} Verdict;

#define BLAME_STATE(s) ((FlowBlame){ s, -1, -1 })
#define BLAME_TRANSITION(t) ((FlowBlame){ -1, t, -1 })
#define BLAME_CLOCK(c) ((FlowBlame){ -1, -1, c })

static gboolean refuse(const FlowChart *chart, Verdict *v, int code, FlowBlame blame, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
static gboolean refuse(const FlowChart *chart, Verdict *v, int code, FlowBlame blame, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    *v->blame = blame;
    g_set_error(v->error, FLOW_ERROR, code, "procedure %s: %s", chart->id, what);
    return FALSE;
}

/* ---- what a transition may leave and enter ---- */

/* `leaves` as far as its event tells: "done.state.S" comes when S is in a final state. */
static FlowSet may_leave(const FlowChart *chart, const ChartTransition *t)
{
    FlowSet leaves = t->leaves;
    char **events = (char **)t->deed->events->pdata;
    for (int s = 0; events[0] && !events[1] && s < N_STATES; s++) {
        if (!g_str_equal(events[0], STATE(s)->done)) continue;
        for (int i = set_next(&STATE(s)->below, 0); i >= 0; i = set_next(&STATE(s)->below, i + 1)) {
            const ChartState *inner = STATE(i);
            gboolean leaf_of_region = set_empty(&inner->children);
            if (leaf_of_region && inner->def.kind != FLOW_STATE_FINAL)
                leaves.word[i / 64] &= ~((guint64)1 << (i % 64));
        }
    }
    return leaves;
}

/* A history may lead to all that its parent holds. */
static void add_remembered(const FlowChart *chart, const GArray *targets, FlowSet *out)
{
    for (guint i = 0; i < targets->len; i++) {
        const ChartState *s = STATE(g_array_index(targets, int, i));
        if (chart_is_history(s)) set_add(out, &STATE(s->parent)->below);
    }
}

static FlowSet may_enter(const FlowChart *chart, const ChartTransition *t)
{
    FlowSet enters = t->enters;
    if (!t->recalls) return enters;
    add_remembered(chart, t->deed->targets, &enters);
    SET_UP(&t->begins, s) add_remembered(chart, STATE(s)->begin, &enters);
    return enters;
}

typedef struct {
    FlowSet *leaves, *enters; /* per transition */
} Ways;

static void ways_clear(Ways *w)
{
    g_free(w->leaves);
    g_free(w->enters);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ways, ways_clear)

static Ways ways_of(const FlowChart *chart)
{
    Ways w = { g_new(FlowSet, MAX(chart->transitions->len, 1)),
               g_new(FlowSet, MAX(chart->transitions->len, 1)) };
    for (guint i = 0; i < chart->transitions->len; i++) {
        w.leaves[i] = may_leave(chart, &CHART_TRANSITION(chart, i));
        w.enters[i] = may_enter(chart, &CHART_TRANSITION(chart, i));
    }
    return w;
}

/* ---- reach: from the beginning, and to an end ---- */

/* Where a history may lead is reached by other ways first; here it counts for its default alone. */
static FlowSet reached_from_initial(const FlowChart *chart)
{
    FlowSet seen = chart->enters;
    for (gboolean grown = TRUE; grown;) {
        grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++) {
            const ChartTransition *t = &CHART_TRANSITION(chart, i);
            if (!flow_set_has(&seen, t->from) || set_within(&t->enters, &seen)) continue;
            set_add(&seen, &t->enters);
            grown = TRUE;
        }
    }
    return seen;
}

static FlowSet reaching_end(const FlowChart *chart, const Ways *w)
{
    FlowSet leads = chart->ends;
    for (gboolean grown = TRUE; grown;) {
        grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++) {
            if (!set_meet(&w->enters[i], &leads) || set_within(&w->leaves[i], &leads)) continue;
            set_add(&leads, &w->leaves[i]);
            grown = TRUE;
        }
    }
    return leads;
}

static gboolean ways_sound(const FlowChart *chart, const Ways *w, Verdict *v)
{
    FlowSet seen = reached_from_initial(chart), leads = reaching_end(chart, w);
    for (int s = 0; s < N_STATES; s++) {
        if (!chart_is_history(STATE(s)) && !flow_set_has(&seen, s))
            return refuse(chart, v, FLOW_ERROR_UNREACHED, BLAME_STATE(s),
                          "nobody can reach state %s; write a transition to it, or remove it",
                          STATE(s)->def.id);
    }
    for (int s = 0; s < N_STATES; s++) {
        if (!chart_is_history(STATE(s)) && !flow_set_has(&leads, s))
            return refuse(chart, v, FLOW_ERROR_STUCK, BLAME_STATE(s),
                          "state %s is not final, and no way leads from it to a final state; write one",
                          STATE(s)->def.id);
    }
    return TRUE;
}

static gboolean goes_to(const GArray *targets, int state)
{
    for (guint i = 0; i < targets->len; i++) {
        if (g_array_index(targets, int, i) == state) return TRUE;
    }
    return FALSE;
}

static gboolean histories_sound(const FlowChart *chart, Verdict *v)
{
    for (int h = 0; h < chart->histories; h++) {
        gboolean used = FALSE;
        for (guint i = 0; i < chart->deeds->len; i++)
            used |= goes_to(((const ChartDeed *)chart->deeds->pdata[i])->targets, chart->history[h]);
        for (int s = 0; s < N_STATES; s++)
            used |= goes_to(STATE(s)->begin, chart->history[h]);
        if (!used)
            return refuse(chart, v, FLOW_ERROR_UNREACHED, BLAME_STATE(chart->history[h]),
                          "nobody goes to history %s; add a transition to it, or remove it",
                          STATE(chart->history[h])->def.id);
    }
    return TRUE;
}

/* ---- clocks ---- */

static guint32 after_action(const FlowChart *chart, const FlowEffect *action, guint32 clocks, gboolean sure)
{
    guint32 on = 0, off = 0, bit = action->index >= 0 && action->index < 32 ? (guint32)1 << action->index : 0;
    if (action->kind == FLOW_DO_CLOCK) {
        FlowClockDeed deed = action->clock_deed;
        on = deed == FLOW_CLOCK_START || deed == FLOW_CLOCK_RESUME ? bit : 0;
        off = deed == FLOW_CLOCK_STOP || deed == FLOW_CLOCK_PAUSE ? bit : 0;
    } else if (action->kind == FLOW_DO_TASK) {
        guint32 tied = CHART_TASK(chart, action->index).clocks;
        on = action->task_state == FLOW_TASK_OFFERED ? tied : 0;
        off = action->task_state == FLOW_TASK_OFFERED || action->task_state == FLOW_TASK_ACCEPTED ? 0 : tied;
    }
    return (sure ? clocks & ~off : clocks) | on;
}

static guint32 after_block(const FlowChart *chart, const ChartBlock *block, guint32 clocks, gboolean sure)
{
    for (guint i = 0; i < block->actions->len; i++)
        clocks = after_action(chart, &g_array_index(block->actions, FlowEffect, i), clocks, sure);
    return clocks;
}

static guint32 after_on(const FlowChart *chart, int state, FlowOn when, guint32 clocks, gboolean sure)
{
    const GPtrArray *blocks = STATE(state)->on[when];
    for (guint i = 0; blocks && i < blocks->len; i++)
        clocks = after_block(chart, blocks->pdata[i], clocks, sure);
    return clocks;
}

/* A history's default is taken only when nothing is remembered; so what it starts may run, and no more. */
static guint32 after_entry(const FlowChart *chart, const FlowSet *sure, const FlowSet *may,
                           const FlowSet *begins, guint32 clocks)
{
    FlowSet noisy = set_both(may, &chart->noisy[FLOW_ON_ENTRY]);
    SET_UP(&noisy, s)
    {
        clocks = after_on(chart, s, FLOW_ON_ENTRY, clocks, flow_set_has(sure, s));
        if (flow_set_has(begins, s))
            clocks = after_on(chart, s, FLOW_ON_INITIAL, clocks, flow_set_has(sure, s));
    }
    for (int h = 0; h < chart->histories; h++) {
        if (flow_set_has(may, STATE(chart->history[h])->parent))
            clocks = after_on(chart, chart->history[h], FLOW_ON_INITIAL, clocks, FALSE);
    }
    return clocks;
}

/* Surely active with leaf `s` when t is taken: it, where t comes from, and what holds either. */
static gboolean surely_left(const FlowChart *chart, const ChartTransition *t, int s, int state)
{
    return state == s || state == t->from || flow_set_has(&STATE(s)->above, state) ||
           flow_set_has(&STATE(t->from)->above, state);
}

typedef struct {
    const FlowChart *chart;
    const Ways *ways;
    guint32 may[FLOW_MAX_STATES];
    FlowSet entered; /* by a transition */
    gboolean grown;
} Clocks;

static guint32 after_transition(const Clocks *k, guint i, int s)
{
    static const FlowSet nothing;
    const FlowChart *chart = k->chart;
    const ChartTransition *t = &CHART_TRANSITION(chart, i);
    guint32 clocks = k->may[s];
    FlowSet noisy = set_both(&k->ways->leaves[i], &chart->noisy[FLOW_ON_EXIT]);
    SET_DOWN(&noisy, x) clocks = after_on(chart, x, FLOW_ON_EXIT, clocks, surely_left(chart, t, s, x));
    clocks = after_block(chart, t->deed->block, clocks, TRUE);
    return after_entry(chart, t->recalls ? &nothing : &t->enters, &k->ways->enters[i], &t->begins, clocks);
}

static void add_clocks(Clocks *k, const FlowSet *states, guint32 clocks)
{
    SET_UP(states, s)
    {
        k->grown |= (k->may[s] | clocks) != k->may[s];
        k->may[s] |= clocks;
    }
}

/* From each leaf that may be active: into what is entered when it is left, else into itself. */
static void pass_transition(Clocks *k, guint i)
{
    const FlowChart *chart = k->chart;
    FlowSet leaves = set_both(&STATE(CHART_TRANSITION(chart, i).from)->with, &chart->atomic);
    SET_UP(&leaves, s)
    {
        guint32 clocks = after_transition(k, i, s);
        FlowSet itself = { { 0 } };
        set_put(&itself, s);
        if (flow_set_has(&k->ways->leaves[i], s))
            add_clocks(k, &k->ways->enters[i], clocks);
        else if (!flow_set_has(&CHART_TRANSITION(chart, i).leaves, s))
            add_clocks(k, &itself, clocks);
    }
    set_add(&k->entered, &k->ways->enters[i]);
}

static void clocks_that_may(Clocks *k)
{
    const FlowChart *chart = k->chart;
    add_clocks(k, &chart->enters, after_entry(chart, &chart->enters, &chart->enters, &chart->begins, 0));
    do {
        k->grown = FALSE;
        for (guint i = 0; i < chart->transitions->len; i++)
            pass_transition(k, i);
    } while (k->grown);
}

static gboolean some_clock_runs(const FlowChart *chart, guint32 may, int state)
{
    for (guint k = 0; k < chart->clocks->len; k++) {
        if ((may >> k & 1) && chart_clock_runs_in(&CHART_CLOCK(chart, k), &STATE(state)->with)) return TRUE;
    }
    return FALSE;
}

static gboolean suspended(const FlowChart *chart, int state)
{
    gboolean is = FALSE;
    for (int up = state; up >= 0 && !is; up = STATE(up)->parent)
        is = STATE(up)->def.suspended;
    return is;
}

/* A state that is left in the same run in which it is entered: nobody waits there. */
static gboolean passes_at_once(const FlowChart *chart, int state)
{
    const ChartState *s = STATE(state);
    for (guint i = 0; i < chart->transitions->len; i++) {
        const ChartTransition *t = &CHART_TRANSITION(chart, i);
        if (t->deed->guard_text || !t->deed->targets->len) continue;
        if (t->from == state && !t->deed->events->pdata[0]) return TRUE;
        if (s->def.kind == FLOW_STATE_FINAL && t->from == s->parent &&
            chart_takes(t->deed, STATE(s->parent)->done))
            return TRUE;
    }
    return FALSE;
}

static gboolean clocks_sound(const FlowChart *chart, const Ways *w, Verdict *v)
{
    Clocks k = { .chart = chart, .ways = w };
    clocks_that_may(&k);
    SET_UP(&chart->atomic, s)
    {
        gboolean begins = flow_set_has(&chart->enters, s) && !flow_set_has(&k.entered, s);
        if (begins || flow_chart_state_final(chart, s) || suspended(chart, s) || passes_at_once(chart, s) ||
            some_clock_runs(chart, k.may[s], s))
            continue;
        return refuse(chart, v, FLOW_ERROR_UNCLOCKED, BLAME_STATE(s),
                      "no clock can be running in state %s; start() one before it, or list it in a run_in",
                      STATE(s)->def.id);
    }
    return TRUE;
}

/* ---- events that the chart itself fires ---- */

static gboolean awaited(const FlowChart *chart, const char *event, const char *role)
{
    for (guint i = 0; i < chart->deeds->len; i++) {
        const ChartDeed *deed = chart->deeds->pdata[i];
        if (chart_takes(deed, event) && g_strv_contains((const char *const *)deed->role_names->pdata, role))
            return TRUE;
    }
    return FALSE;
}

static gboolean expiries_sound(const FlowChart *chart, Verdict *v)
{
    for (guint k = 0; k < chart->clocks->len; k++) {
        const FlowClockDef *def = &CHART_CLOCK(chart, k).def;
        if (def->on_expiry && !awaited(chart, def->on_expiry, "system"))
            return refuse(
                chart, v, FLOW_ERROR_UNAWAITED, BLAME_CLOCK((int)k),
                "clock %s fires %s on expiry, but no transition awaits that from role system; write one",
                def->id, def->on_expiry);
    }
    return TRUE;
}

static gboolean raises_sound(const FlowChart *chart, const ChartBlock *block, FlowBlame blame, Verdict *v)
{
    for (guint i = 0; i < block->actions->len; i++) {
        const FlowEffect *action = &g_array_index(block->actions, FlowEffect, i);
        if (action->kind == FLOW_DO_RAISE && !awaited(chart, action->text, "system"))
            return refuse(chart, v, FLOW_ERROR_UNAWAITED, blame,
                          "raise(%s): no transition awaits that from role system; write one", action->text);
    }
    return TRUE;
}

static int first_of(const FlowChart *chart, const ChartDeed *deed)
{
    for (guint i = 0; i < chart->transitions->len; i++) {
        if (CHART_TRANSITION(chart, i).deed == deed) return (int)i;
    }
    return -1; /* "*" where every state is final */
}

static gboolean all_raises_sound(const FlowChart *chart, Verdict *v)
{
    for (guint i = 0; i < chart->deeds->len; i++) {
        const ChartDeed *deed = chart->deeds->pdata[i];
        if (!raises_sound(chart, deed->block, BLAME_TRANSITION(first_of(chart, deed)), v)) return FALSE;
    }
    for (int s = 0; s < N_STATES; s++) {
        for (int when = FLOW_ON_ENTRY; when <= FLOW_ON_INITIAL; when++) {
            const GPtrArray *blocks = STATE(s)->on[when];
            for (guint i = 0; blocks && i < blocks->len; i++) {
                if (!raises_sound(chart, blocks->pdata[i], BLAME_STATE(s), v)) return FALSE;
            }
        }
    }
    return TRUE;
}

/* ---- eventless circles ---- */

/* The eventless transition that is surely taken from a state; -1: none. Within regions others may come first.
 */
static int forced(const FlowChart *chart, int state)
{
    const ChartCell *cell = chart_cell(chart, state, CHART_AUTO);
    if (!cell->n) return -1;
    guint first = chart_candidate(chart, cell, 0);
    gboolean sure = !CHART_TRANSITION(chart, first).deed->guard_text;
    SET_UP(&STATE(state)->below, s) sure &= !chart_cell(chart, s, CHART_AUTO)->n;
    SET_UP(&STATE(state)->above, s) sure &= STATE(s)->def.kind != FLOW_STATE_PARALLEL;
    return sure ? (int)first : -1;
}

/* Where a forced transition leads to another: the states that are active then, the innermost first. */
static int forced_next(const FlowChart *chart, int number)
{
    const ChartTransition *t = &CHART_TRANSITION(chart, number);
    FlowSet then = STATE(t->from)->above;
    set_put(&then, t->from);
    set_cut(&then, &t->leaves);
    set_add(&then, &t->enters);
    SET_DOWN(&then, s)
    {
        if (chart_cell(chart, s, CHART_AUTO)->n) return forced(chart, s);
    }
    return -1;
}

static gboolean circles_sound(const FlowChart *chart, Verdict *v)
{
    for (int s = 0; chart->has_auto && s < N_STATES; s++) {
        int at = forced(chart, s);
        for (int steps = 0; at >= 0 && steps <= N_STATES; steps++)
            at = forced_next(chart, at);
        if (at >= 0)
            return refuse(chart, v, FLOW_ERROR_CIRCLE, BLAME_STATE(s),
                          "from state %s auto leads in a circle without a condition; give one a "
                          "condition or an event",
                          STATE(s)->def.id);
    }
    return TRUE;
}

/* ---- transitions that can never be chosen ---- */

/* Roles for which the i-th candidate of a cell can be chosen: those that no earlier candidate takes, either
 * without a condition or with the very same one. */
static guint64 live_roles(const FlowChart *chart, const ChartCell *cell, guint i)
{
    const ChartDeed *deed = CHART_TRANSITION(chart, chart_candidate(chart, cell, i)).deed;
    guint64 live = deed->roles;
    for (guint j = 0; j < i; j++) {
        const ChartDeed *earlier = CHART_TRANSITION(chart, chart_candidate(chart, cell, j)).deed;
        if (!earlier->guard_text || !g_strcmp0(earlier->guard_text, deed->guard_text))
            live &= ~earlier->roles;
    }
    return live;
}

/* "*" lives when it lives in one state. */
static guint64 live_anywhere(const FlowChart *chart, const guint64 *live, guint number)
{
    const ChartDeed *deed = CHART_TRANSITION(chart, number).deed;
    guint64 all = live[number];
    for (guint i = 0; deed->everywhere && i < chart->transitions->len; i++) {
        if (CHART_TRANSITION(chart, i).deed == deed) all |= live[i];
    }
    return all;
}

static gboolean choices_sound(const FlowChart *chart, Verdict *v)
{
    g_autofree guint64 *live = g_new0(guint64, MAX(chart->transitions->len, 1));
    for (guint c = 0; c < chart->cells->len; c++) {
        const ChartCell *cell = &g_array_index(chart->cells, ChartCell, c);
        for (guint i = 0; i < cell->n; i++)
            live[chart_candidate(chart, cell, i)] |= live_roles(chart, cell, i);
    }
    for (guint i = 0; i < chart->transitions->len; i++) {
        const ChartTransition *t = &CHART_TRANSITION(chart, i);
        guint64 dead = t->deed->roles & ~live_anywhere(chart, live, i);
        if (!dead) continue;
        const char *event = t->deed->events->pdata[0];
        int to = t->deed->targets->len ? g_array_index(t->deed->targets, int, 0) : -1;
        return refuse(chart, v, FLOW_ERROR_SHADOWED, BLAME_TRANSITION((int)i),
                      "%s -> %s : %s by %s can never be chosen; a transition before it takes every such "
                      "event; give that one a condition, or remove this",
                      t->deed->everywhere ? "*" : STATE(t->from)->def.id, to < 0 ? "-" : STATE(to)->def.id,
                      event ? event : "auto",
                      (const char *)g_ptr_array_index(chart->roles, g_bit_nth_lsf(dead, -1)));
    }
    return TRUE;
}

gboolean chart_judge(const FlowChart *chart, FlowBlame *blame, GError **error)
{
    g_auto(Ways) w = ways_of(chart);
    Verdict verdict = { blame, error }, *v = &verdict;
    return ways_sound(chart, &w, v) && histories_sound(chart, v) && clocks_sound(chart, &w, v) &&
           expiries_sound(chart, v) && all_raises_sound(chart, v) && circles_sound(chart, v) &&
           choices_sound(chart, v);
}
