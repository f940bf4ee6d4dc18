/* tree.c - what nesting means: who is in whom, where a state begins, what is left and entered (SCXML 1.0,
 * appendix D: addDescendantStatesToEnter, addAncestorStatesToEnter, getTransitionDomain), and whether a set
 * of states is one a case can be in. */
#include "engine/flow/chart.h"
#include <string.h>

#define STATE(i) (&CHART_STATE(chart, i))

/* ---- sets ---- */

/* Neither in one another, and the deepest state that holds both is parallel: both may be active. */
static gboolean beside(const FlowChart *chart, int a, int b)
{
    FlowSet common = set_both(&STATE(a)->above, &STATE(b)->above);
    int deepest = set_prev(&common, FLOW_MAX_STATES - 1);
    return deepest >= 0 && STATE(deepest)->def.kind == FLOW_STATE_PARALLEL;
}

static void make_sets(FlowChart *chart)
{
    int n = flow_chart_states(chart);
    memset(&chart->atomic, 0, sizeof chart->atomic);
    memset(&chart->ends, 0, sizeof chart->ends);
    memset(chart->noisy, 0, sizeof chart->noisy);
    for (int i = 0; i < n; i++)
        STATE(i)->above = STATE(i)->below = STATE(i)->children = STATE(i)->with = (FlowSet){ { 0 } };
    for (int i = 0; i < n; i++) {
        ChartState *state = STATE(i);
        for (int up = state->parent; up >= 0; up = STATE(up)->parent) {
            set_put(&state->above, up);
            if (!chart_is_history(state)) set_put(&STATE(up)->below, i);
        }
        if (state->parent >= 0 && !chart_is_history(state)) set_put(&STATE(state->parent)->children, i);
        if (flow_chart_state_final(chart, i)) set_put(&chart->ends, i);
        if (state->on[FLOW_ON_ENTRY] || state->on[FLOW_ON_INITIAL] || state->def.kind == FLOW_STATE_FINAL)
            set_put(&chart->noisy[FLOW_ON_ENTRY], i);
        if (state->on[FLOW_ON_EXIT]) set_put(&chart->noisy[FLOW_ON_EXIT], i);
        g_autofree char *done = g_strconcat("done.state.", state->def.id, NULL);
        state->done = g_string_chunk_insert_const(chart->words, done);
    }
    for (int i = 0; i < n; i++) {
        ChartState *state = STATE(i);
        if (set_empty(&state->children) && !chart_is_history(state)) set_put(&chart->atomic, i);
        for (int k = 0; k < n; k++) {
            if (k == i || flow_set_has(&state->above, k) || flow_set_has(&state->below, k) ||
                beside(chart, i, k))
                set_put(&state->with, k);
        }
    }
}

gboolean flow_chart_together(const FlowChart *chart, int state, int other)
{
    return flow_set_has(&STATE(state)->with, other);
}

/* ---- where a state begins ---- */

static gboolean add_begin(FlowChart *chart, int state, int target, GError **error)
{
    ChartState *s = STATE(state);
    int within = chart_is_history(s) ? s->parent : state;
    if (!flow_set_has(&STATE(target)->above, within))
        return chart_refuse(error, "state %s begins in %s, which is not within %s; name a state that is",
                            s->def.id, STATE(target)->def.id, STATE(within)->def.id);
    if (chart_is_history(s) && chart_is_history(STATE(target)))
        return chart_refuse(error, "history %s falls back on %s, another history", s->def.id,
                            STATE(target)->def.id);
    for (guint i = 0; i < s->begin->len; i++) {
        int other = g_array_index(s->begin, int, i);
        if (!beside(chart, other, target))
            return chart_refuse(error, "state %s begins in %s and %s, which cannot both be active", s->def.id,
                                STATE(other)->def.id, STATE(target)->def.id);
    }
    g_array_append_val(s->begin, target);
    return TRUE;
}

static gboolean read_begin(FlowChart *chart, int state, GError **error)
{
    ChartState *s = STATE(state);
    g_auto(GStrv) names = g_strsplit(s->def.initial, "&", -1);
    for (gsize i = 0; names[i]; i++) {
        int target = flow_chart_state_find(chart, g_strstrip(names[i]));
        if (target < 0)
            return chart_refuse(error, "state %s begins in %s, which is no state", s->def.id, names[i]);
        if (!add_begin(chart, state, target, error)) return FALSE;
    }
    return TRUE;
}

static gboolean make_begin(FlowChart *chart, int state, GError **error)
{
    ChartState *s = STATE(state);
    g_clear_pointer(&s->begin, g_array_unref);
    s->begin = g_array_new(FALSE, FALSE, sizeof(int));
    if (s->def.initial) return read_begin(chart, state, error);
    int first = set_next(&s->children, 0);
    if (s->def.kind == FLOW_STATE_PLAIN && first >= 0) g_array_append_val(s->begin, first);
    return TRUE;
}

/* ---- is each state sound as it stands in the tree? ---- */

static gboolean holds_nothing(const FlowChart *chart, int state)
{
    for (int i = state + 1; i < flow_chart_states(chart); i++) {
        if (STATE(i)->parent == state) return FALSE;
    }
    return TRUE;
}

static gboolean regions_sound(const FlowChart *chart, const ChartState *s, GError **error)
{
    if (set_size(&s->children) < 2)
        return chart_refuse(
            error, "state %s is parallel and has fewer than two regions; add one, or leave parallel out",
            s->def.id);
    SET_UP(&s->children, i)
    {
        if (STATE(i)->def.kind == FLOW_STATE_FINAL)
            return chart_refuse(error, "state %s is a region of %s and cannot be final", STATE(i)->def.id,
                                s->def.id);
    }
    return TRUE;
}

static gboolean state_sound(const FlowChart *chart, int state, GError **error)
{
    const ChartState *s = STATE(state);
    gboolean plain = s->def.kind == FLOW_STATE_PLAIN, leaf = holds_nothing(chart, state);
    if (s->def.kind == FLOW_STATE_PARALLEL) return regions_sound(chart, s, error);
    if (plain && !leaf && set_empty(&s->children))
        return chart_refuse(error, "state %s holds nothing but histories", s->def.id);
    if (plain && leaf && s->def.initial)
        return chart_refuse(error, "state %s holds no states; it has no initial one", s->def.id);
    if (plain && leaf && s->on[FLOW_ON_INITIAL])
        return chart_refuse(error, "state %s holds no states; it has no actions at their beginning",
                            s->def.id);
    return TRUE;
}

gboolean chart_tree_make(FlowChart *chart, GError **error)
{
    make_sets(chart);
    for (int i = 0; i < flow_chart_states(chart); i++) {
        if (!state_sound(chart, i, error) || !make_begin(chart, i, error)) return FALSE;
    }
    ChartEntry entry = { .chart = chart };
    chart_enter_down(&entry, 0);
    chart->enters = entry.enters;
    chart->begins = entry.begins;
    chart->defaulted = entry.defaulted;
    return TRUE;
}

/* ---- entering ---- */

static void enter_each(ChartEntry *e, const GArray *targets, int below)
{
    for (guint i = 0; i < targets->len; i++)
        chart_enter_down(e, g_array_index(targets, int, i));
    for (guint i = 0; i < targets->len; i++)
        chart_enter_up(e, g_array_index(targets, int, i), below);
}

static void enter_regions(ChartEntry *e, const ChartState *parallel)
{
    const FlowChart *chart = e->chart;
    SET_UP(&parallel->children, child)
    {
        if (!set_meet(&e->enters, &STATE(child)->below)) chart_enter_down(e, child);
    }
}

static void enter_history(ChartEntry *e, const ChartState *history)
{
    const FlowChart *chart = e->chart;
    const ChartState *parent = STATE(history->parent);
    e->recalls = TRUE;
    if (e->remembered && !set_empty(&e->remembered[history->history])) {
        const FlowSet *states = &e->remembered[history->history];
        SET_UP(states, s) chart_enter_down(e, s);
        SET_UP(states, s) chart_enter_up(e, s, history->parent);
        return;
    }
    e->defaulted |= (guint32)1 << history->history;
    if (history->begin->len)
        enter_each(e, history->begin, history->parent);
    else if (parent->def.kind == FLOW_STATE_PARALLEL)
        enter_regions(e, parent);
    else
        enter_each(e, parent->begin, history->parent);
}

void chart_enter_down(ChartEntry *e, int state)
{
    const FlowChart *chart = e->chart;
    const ChartState *s = STATE(state);
    if (chart_is_history(s)) {
        enter_history(e, s);
        return;
    }
    set_put(&e->enters, state);
    if (s->def.kind == FLOW_STATE_PARALLEL) {
        enter_regions(e, s);
    } else if (!set_empty(&s->children)) {
        set_put(&e->begins, state);
        enter_each(e, s->begin, state);
    }
}

void chart_enter_up(ChartEntry *e, int state, int below)
{
    const FlowChart *chart = e->chart;
    for (int up = STATE(state)->parent; up != below && up >= 0; up = STATE(up)->parent) {
        set_put(&e->enters, up);
        if (STATE(up)->def.kind == FLOW_STATE_PARALLEL) enter_regions(e, STATE(up));
    }
}

/* ---- domains ---- */

static void add_effective(const FlowChart *chart, const FlowSet *remembered, int target, FlowSet *out)
{
    const ChartState *s = STATE(target);
    if (!chart_is_history(s)) {
        set_put(out, target);
        return;
    }
    if (remembered && !set_empty(&remembered[s->history])) {
        set_add(out, &remembered[s->history]);
        return;
    }
    const ChartState *parent = STATE(s->parent);
    const GArray *begin = s->begin->len ? s->begin : parent->begin;
    if (!begin->len) set_add(out, &parent->children);
    for (guint i = 0; i < begin->len; i++)
        add_effective(chart, remembered, g_array_index(begin, int, i), out);
}

static gboolean is_compound(const ChartState *s)
{
    return s->def.kind == FLOW_STATE_PLAIN && !set_empty(&s->children);
}

int chart_domain(const FlowChart *chart, int from, const ChartDeed *deed, const FlowSet *remembered)
{
    FlowSet targets = { { 0 } };
    for (guint i = 0; i < deed->targets->len; i++)
        add_effective(chart, remembered, g_array_index(deed->targets, int, i), &targets);
    if (deed->internal && is_compound(STATE(from)) && set_within(&targets, &STATE(from)->below)) return from;
    for (int up = STATE(from)->parent; up >= 0; up = STATE(up)->parent) {
        if (is_compound(STATE(up)) && set_within(&targets, &STATE(up)->below)) return up;
    }
    return -1;
}

static void add_ancestors(ChartEntry *e, const FlowSet *states, int domain)
{
    SET_UP(states, s) chart_enter_up(e, s, domain);
}

void chart_transition_enter(ChartEntry *e, const ChartTransition *t)
{
    int domain = chart_domain(e->chart, t->from, t->deed, e->remembered);
    FlowSet effective = { { 0 } };
    for (guint i = 0; i < t->deed->targets->len; i++)
        chart_enter_down(e, g_array_index(t->deed->targets, int, i));
    for (guint i = 0; i < t->deed->targets->len; i++)
        add_effective(e->chart, e->remembered, g_array_index(t->deed->targets, int, i), &effective);
    add_ancestors(e, &effective, domain);
}

/* What lies below the domain and can be active together with where the transition comes from. */
void chart_make_transition(FlowChart *chart, ChartTransition *t)
{
    static const FlowSet nothing;
    t->recalls = FALSE;
    t->leaves = t->enters = t->begins = nothing;
    if (!t->deed->targets->len) return;
    ChartEntry entry = { .chart = chart };
    int domain = chart_domain(chart, t->from, t->deed, NULL);
    chart_transition_enter(&entry, t);
    t->recalls = entry.recalls;
    t->enters = entry.enters;
    t->begins = entry.begins;
    t->leaves = STATE(t->from)->with;
    if (domain >= 0) t->leaves = set_both(&t->leaves, &STATE(domain)->below);
}

/* ---- lawful sets ---- */

const char *chart_lawful(const FlowChart *chart, const FlowSet *active, int top)
{
    int at_top = 0, last = set_prev(active, FLOW_MAX_STATES - 1);
    if (last >= flow_chart_states(chart)) return "0: no such state";
    SET_UP(active, i)
    {
        const ChartState *s = STATE(i);
        if (chart_is_history(s)) return "0: a history is active";
        if (s->parent == top) at_top++;
        if (s->parent >= 0 && s->parent != top && !flow_set_has(active, s->parent))
            return "0: a state is active without the one that holds it";
        FlowSet inside = set_both(active, &s->children);
        if (s->def.kind == FLOW_STATE_PARALLEL ? !set_within(&s->children, &inside)
                                               : !set_empty(&s->children) && set_size(&inside) != 1)
            return "0: a state is active without one of those it holds, or with too many";
    }
    gboolean all = top >= 0 && STATE(top)->def.kind == FLOW_STATE_PARALLEL;
    int wanted = all ? set_size(&STATE(top)->children) : 1;
    return at_top == wanted     ? NULL
           : top < 0 && !at_top ? "0: no such state"
                                : "0: too many or too few states";
}

const char *chart_memory_lawful(const FlowChart *chart, const FlowSet *remembered, int history)
{
    if (set_empty(remembered)) return NULL;
    if (history >= chart->histories) return "0: something is remembered for no history";
    const ChartState *h = STATE(chart->history[history]), *parent = STATE(h->parent);
    if (h->def.kind == FLOW_STATE_SHALLOW) {
        gboolean all = parent->def.kind == FLOW_STATE_PARALLEL;
        gboolean lawful = set_within(remembered, &parent->children) &&
                          set_size(remembered) == (all ? set_size(&parent->children) : 1);
        return lawful ? NULL : "0: a history remembers what was not";
    }
    if (!set_within(remembered, &chart->atomic) || !set_within(remembered, &parent->below))
        return "0: a history remembers what was not";
    FlowSet whole = *remembered;
    SET_UP(remembered, leaf) set_add(&whole, &STATE(leaf)->above);
    whole = set_both(&whole, &parent->below);
    return chart_lawful(chart, &whole, h->parent) ? "0: a history remembers what was not" : NULL;
}

/* SCXML's isInFinalState. */
gboolean chart_in_final(const FlowChart *chart, const FlowSet *active, int state)
{
    const ChartState *s = STATE(state);
    SET_UP(&s->children, child)
    {
        gboolean parallel = s->def.kind == FLOW_STATE_PARALLEL;
        gboolean final = parallel ? chart_in_final(chart, active, child)
                                  : STATE(child)->def.kind == FLOW_STATE_FINAL && flow_set_has(active, child);
        if (final != parallel) return final;
    }
    return s->def.kind == FLOW_STATE_PARALLEL;
}
