/* choose.c - which transitions an event takes: for each leaf of the configuration the first that fits, from
 * the leaf outwards (SCXML 1.0, appendix D: selectTransitions), without those that another one preempts
 * (removeConflictingTransitions); and what is said when there is none. A role filters as a condition does. */
#include "engine/flow/chart.h"

guint64 chart_roles_held(const FlowChart *chart, const char *const *roles)
{
    guint64 held = 0;
    for (gsize i = 0; roles && roles[i]; i++) {
        guint bit = GPOINTER_TO_UINT(g_hash_table_lookup(chart->role_bit, roles[i]));
        if (bit) held |= (guint64)1 << (bit - 1);
    }
    return held;
}

/* ---- conditions ---- */

static gboolean stands_in(const ChartDeed *deed, const FlowSet *active)
{
    for (guint i = 0; i < deed->ins->len; i++) {
        const FlowIn *in = &g_array_index(deed->ins, FlowIn, i);
        if (flow_set_has(active, in->state) != in->wanted) return FALSE;
    }
    return TRUE;
}

static gboolean holds(const ChartDeed *deed, const FlowSet *active, const RuleValue *row)
{
    return stands_in(deed, active) && (!deed->guard || rule_holds(deed->guard, row));
}

/* A condition on a field that the event must bring cannot be told before it does. */
static gboolean waits_for_needs(const ChartDeed *deed)
{
    for (guint i = 0; deed->guard && i < deed->need_columns->len; i++) {
        int column = g_array_index(deed->need_columns, int, i);
        if (column >= 0 && rule_reads(deed->guard, column)) return TRUE;
    }
    return FALSE;
}

/* ---- choosing ---- */

static void add(const FlowChart *chart, const FlowCase *c, guint number, ChartChoice *choice)
{
    for (guint i = 0; i < choice->n; i++) {
        if (choice->number[i] == number) return;
    }
    const ChartTransition *t = &CHART_TRANSITION(chart, number);
    FlowSet leaves = set_both(&t->leaves, &c->active);
    if (t->recalls) {
        int domain = chart_domain(chart, t->from, t->deed, c->remembered);
        leaves = domain < 0 ? c->active : set_both(&c->active, &CHART_STATE(chart, domain).below);
    }
    choice->leaves[choice->n] = leaves;
    choice->number[choice->n++] = number;
}

/* Those that could not be told go to `maybe` (may be NULL). */
static void enable_for(const FlowChart *chart, const FlowCase *c, int leaf, guint event, guint64 held,
                       const RuleValue *row, ChartChoice *choice, ChartChoice *maybe)
{
    for (int s = leaf; s >= 0; s = CHART_STATE(chart, s).parent) {
        const ChartCell *cell = chart_cell(chart, s, event);
        for (guint i = 0; i < cell->n; i++) {
            guint number = chart_candidate(chart, cell, i);
            const ChartDeed *deed = CHART_TRANSITION(chart, number).deed;
            if (!(deed->roles & held)) continue;
            if (maybe && waits_for_needs(deed)) {
                if (stands_in(deed, &c->active)) add(chart, c, number, maybe);
            } else if (holds(deed, &c->active, row)) {
                add(chart, c, number, choice);
                return;
            }
        }
    }
}

static void drop(ChartChoice *choice, guint i)
{
    choice->n--;
    for (; i < choice->n; i++) {
        choice->number[i] = choice->number[i + 1];
        choice->leaves[i] = choice->leaves[i + 1];
    }
}

/* Two that leave a state in common: the one from further inside goes, else the one chosen first. */
static gboolean preempted(const FlowChart *chart, const ChartChoice *choice, guint kept, guint one)
{
    int from = CHART_TRANSITION(chart, choice->number[one]).from;
    for (guint i = 0; i < kept; i++) {
        int other = CHART_TRANSITION(chart, choice->number[i]).from;
        if (set_meet(&choice->leaves[i], &choice->leaves[one]) &&
            !flow_set_has(&CHART_STATE(chart, from).above, other))
            return TRUE;
    }
    return FALSE;
}

static void resolve(const FlowChart *chart, ChartChoice *choice)
{
    guint kept = choice->n ? 1 : 0;
    while (kept < choice->n) {
        if (preempted(chart, choice, kept, kept)) {
            drop(choice, kept);
            continue;
        }
        for (guint i = kept; i-- > 0;) {
            if (!set_meet(&choice->leaves[i], &choice->leaves[kept])) continue;
            drop(choice, i);
            kept--;
        }
        kept++;
    }
}

void chart_choose(const FlowChart *chart, const FlowCase *c, guint event, guint64 held, const RuleValue *row,
                  ChartChoice *choice)
{
    choice->n = 0;
    FlowSet leaves = set_both(&c->active, &chart->atomic);
    SET_UP(&leaves, leaf) enable_for(chart, c, leaf, event, held, row, choice, NULL);
    if (choice->n > 1) resolve(chart, choice);
}

/* ---- needs ---- */

static void add_missing(const ChartDeed *deed, const RuleValue *row, GString **missing)
{
    for (guint i = 0; i < deed->need_columns->len; i++) {
        int column = g_array_index(deed->need_columns, int, i);
        if (column < 0 || row[column].type != RULE_NULL) continue;
        if (!*missing) *missing = g_string_new(NULL);
        g_string_append_printf(*missing, "%s%s", (*missing)->len ? ", " : "",
                               (const char *)deed->need_names->pdata[i]);
    }
}

gboolean chart_needs_met(const FlowChart *chart, const ChartChoice *choice, const RuleValue *row,
                         const char *event, GError **error)
{
    g_autoptr(GString) missing = NULL;
    for (guint i = 0; i < choice->n; i++)
        add_missing(CHART_TRANSITION(chart, choice->number[i]).deed, row, &missing);
    if (!missing) return TRUE;
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_NEEDS, "%s needs %s", event, missing->str);
    return FALSE;
}

/* ---- refusing, as specific as can be ---- */

static void list(GString *out, const char *between, const char *what)
{
    g_string_append_printf(out, "%s%s", out->len ? between : "", what);
}

/* The transitions that would take this event from somebody; in document order. */
static GArray *candidates(const FlowChart *chart, const FlowCase *c, guint event)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < chart->transitions->len; i++) {
        const ChartTransition *t = &CHART_TRANSITION(chart, i);
        if (!flow_set_has(&c->active, t->from)) continue;
        const ChartCell *cell = chart_cell(chart, t->from, event);
        for (guint k = 0; k < cell->n; k++) {
            if (chart_candidate(chart, cell, k) == i) g_array_append_val(found, i);
        }
    }
    return found;
}

static void refuse_unawaited(const FlowChart *chart, const FlowCase *c, const char *event, GError **error)
{
    g_autoptr(GString) awaited = g_string_new(NULL), states = g_string_new(NULL);
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    FlowSet leaves = set_both(&c->active, &chart->atomic);
    SET_UP(&leaves, leaf) list(states, ", ", CHART_STATE(chart, leaf).def.id);
    for (guint i = 0; i < chart->transitions->len; i++) {
        const ChartTransition *t = &CHART_TRANSITION(chart, i);
        if (!flow_set_has(&c->active, t->from)) continue;
        for (char **name = (char **)t->deed->events->pdata; *name; name++) {
            if (g_str_has_prefix(*name, "done.state.") || g_str_has_prefix(*name, "error.")) continue;
            if (g_hash_table_add(told, *name)) list(awaited, ", ", *name);
        }
    }
    gboolean known = g_hash_table_contains(chart->event_number, event);
    const char *name = known ? event : "an event this procedure does not know";
    if (flow_ended(chart, c))
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED, "%s: state %s is final and awaits nothing",
                    name, states->str);
    else
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED, "%s is not awaited in state %s; awaited: %s",
                    name, states->str, awaited->str);
}

static void refuse_role(const FlowChart *chart, guint64 wanted, const char *event, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint bit = 0; bit < chart->roles->len; bit++) {
        if (wanted >> bit & 1) list(names, " or ", chart->roles->pdata[bit]);
    }
    g_set_error(error, FLOW_ERROR, FLOW_ERROR_ROLE, "%s is awaited from %s, not from this role", event,
                names->str);
}

void chart_refuse_event(const FlowChart *chart, const FlowCase *c, const char *event, guint64 held,
                        GError **error)
{
    g_autoptr(GArray) found = candidates(chart, c, chart_event(chart, event));
    g_autoptr(GString) guards = g_string_new(NULL);
    guint64 wanted = 0;
    for (guint i = 0; i < found->len; i++) {
        const ChartDeed *deed = CHART_TRANSITION(chart, g_array_index(found, guint, i)).deed;
        wanted |= deed->roles;
        if (!(deed->roles & held)) continue;
        g_string_append_printf(guards, "%s[%s]", guards->len ? " nor " : "", deed->guard_text);
    }
    if (guards->len)
        g_set_error(error, FLOW_ERROR, FLOW_ERROR_GUARD, "%s is awaited, but its condition is not met: %s",
                    event, guards->str);
    else if (found->len)
        refuse_role(chart, wanted, event, error);
    else
        refuse_unawaited(chart, c, event, error);
}

/* ---- for those who ask beforehand ---- */

void flow_choice(const FlowChart *chart, const FlowCase *c, const char *event, const char *const *roles,
                 const RuleValue *row, GArray *out)
{
    g_assert(chart->sealed);
    ChartChoice choice;
    chart_choose(chart, c, chart_event(chart, event), chart_roles_held(chart, roles), row, &choice);
    for (guint i = 0; i < choice.n; i++) {
        gsize number = choice.number[i];
        g_array_append_val(out, number);
    }
}

static void possible(const FlowChart *chart, const FlowCase *c, guint event, guint64 held,
                     const RuleValue *row, ChartChoice *choice, ChartChoice *maybe)
{
    choice->n = maybe->n = 0;
    FlowSet leaves = set_both(&c->active, &chart->atomic);
    SET_UP(&leaves, leaf) enable_for(chart, c, leaf, event, held, row, choice, maybe);
    resolve(chart, choice);
}

gboolean flow_awaits(const FlowChart *chart, const FlowCase *c, const char *event, const char *const *roles,
                     const RuleValue *row)
{
    g_assert(chart->sealed);
    ChartChoice choice, maybe;
    possible(chart, c, chart_event(chart, event), chart_roles_held(chart, roles), row, &choice, &maybe);
    return choice.n || maybe.n;
}

static gboolean is_offered(const char *event)
{
    return !g_str_has_prefix(event, "done.state.") && !g_str_has_prefix(event, "error.");
}

void flow_offers(const FlowChart *chart, const FlowCase *c, const char *const *roles, const RuleValue *row,
                 GArray *out)
{
    g_assert(chart->sealed);
    guint64 held = chart_roles_held(chart, roles);
    g_autofree gboolean *taken = g_new0(gboolean, chart->transitions->len);
    ChartChoice choice, maybe;
    for (guint e = CHART_FIRST_EVENT; e < chart->events->len; e++) {
        if (!is_offered(chart->events->pdata[e])) continue;
        possible(chart, c, e, held, row, &choice, &maybe);
        for (guint i = 0; i < choice.n; i++)
            taken[choice.number[i]] = TRUE;
        for (guint i = 0; i < maybe.n; i++)
            taken[maybe.number[i]] = TRUE;
    }
    for (gsize i = 0; i < chart->transitions->len; i++) {
        if (taken[i]) g_array_append_val(out, i);
    }
}
