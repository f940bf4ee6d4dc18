/* naive_chart_for_test.h - the first half of the slow oracle: the case, the chart as text, and which
 * transitions an event takes. Names are those of SCXML's appendix D (W3C 2015). */
#pragma once
#include "engine/flow/draft_for_test.h"
#include "engine/flow/flow_test.h"

typedef GArray Ints; /* of int: an ordered set */

static inline Ints *ints_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(int));
}
#define INT_AT(list, i) g_array_index(list, int, i)

static inline gboolean ints_has(const Ints *list, int n)
{
    for (guint i = 0; i < list->len; i++) {
        if (INT_AT(list, i) == n) return TRUE;
    }
    return FALSE;
}

static inline void ints_add(Ints *list, int n)
{
    if (!ints_has(list, n)) g_array_append_val(list, n);
}

static inline void ints_drop(Ints *list, int n)
{
    for (guint i = 0; i < list->len; i++) {
        if (INT_AT(list, i) == n) g_array_remove_index(list, i--);
    }
}

static inline int ints_up(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

static inline Ints *ints_copy(const Ints *list)
{
    return list ? g_array_copy((Ints *)list) : NULL;
}

typedef struct {
    const Draft *draft;
    const FlowChart *chart; /* for the calendar's sake alone: ticking */
    const RuleSchema *schema;
    /* the case */
    Ints *configuration;
    Ints *history[FLOW_MAX_STATES]; /* by history state; NULL: nothing yet */
    FlowCase timed;                 /* clocks and tasks */
    /* one run */
    GQueue internal_queue; /* of text, interned */
    RuleValue row[DRAFT_COLUMNS];
    int event_column;
    gint64 now;
    GPtrArray *log;    /* effects as text */
    GHashTable *rules; /* text -> Rule, read when first met */
    GHashTable *split; /* text -> its parts, the same */
    gboolean lies;     /* raise() goes to the front of the queue: for seeing that a difference is found */
    gboolean running;
    int code; /* refusal, or -1 */
} Naive;

static inline const Rule *naive_rule(const Naive *n, const char *text, gboolean scalar)
{
    Rule *rule = g_hash_table_lookup(n->rules, text);
    if (rule) return rule;
    rule = scalar ? rule_parse_scalar(text, n->schema, NULL) : rule_parse(text, n->schema, NULL);
    g_hash_table_insert(n->rules, g_strdup(text), rule);
    return rule;
}

/* "a | b" -> "a", "b" */
static inline char **naive_split(const Naive *n, const char *text)
{
    char **parts = g_hash_table_lookup(n->split, text);
    if (parts) return parts;
    parts = g_strsplit(text, "|", -1);
    for (gsize i = 0; parts[i]; i++)
        g_strstrip(parts[i]);
    g_hash_table_insert(n->split, g_strdup(text), parts);
    return parts;
}

static inline void naive_parts_free(gpointer parts)
{
    g_strfreev(parts);
}

static inline void naive_rule_free(gpointer rule)
{
    rule_free(rule);
}

/* ---- reading the chart ---- */

static inline DraftState *naive_state(const Naive *n, int s)
{
    return draft_state_at(n->draft, s);
}

static inline gboolean isHistoryState(const Naive *n, int s)
{
    return naive_state(n, s)->kind == FLOW_STATE_SHALLOW || naive_state(n, s)->kind == FLOW_STATE_DEEP;
}

static inline Ints *getChildStates(const Naive *n, int s) /* history states are none */
{
    Ints *out = ints_new();
    for (guint i = 0; i < n->draft->states->len; i++) {
        if (naive_state(n, (int)i)->parent == s && !isHistoryState(n, (int)i)) ints_add(out, (int)i);
    }
    return out;
}

static inline gboolean isAtomicState(const Naive *n, int s)
{
    g_autoptr(GArray) children = getChildStates(n, s);
    return !children->len;
}

static inline gboolean isParallelState(const Naive *n, int s)
{
    return s >= 0 && naive_state(n, s)->kind == FLOW_STATE_PARALLEL;
}

static inline gboolean isCompoundState(const Naive *n, int s)
{
    return s >= 0 && !isParallelState(n, s) && !isAtomicState(n, s);
}

static inline gboolean isFinalState(const Naive *n, int s)
{
    return naive_state(n, s)->kind == FLOW_STATE_FINAL;
}

static inline gboolean isDescendant(const Naive *n, int s, int of) /* -1: the whole chart */
{
    while (s >= 0) {
        s = naive_state(n, s)->parent;
        if (s == of) return TRUE;
    }
    return FALSE;
}

/* Those between `s` and `upto`, neither included; upto -2: up to the whole chart (-1), included. */
static inline Ints *getProperAncestors(const Naive *n, int s, int upto)
{
    Ints *out = ints_new();
    while (s >= 0) {
        s = naive_state(n, s)->parent;
        if (s == upto) break;
        ints_add(out, s);
    }
    return out;
}

static inline Ints *naive_targets(const Naive *n, const char *text)
{
    Ints *out = ints_new();
    if (!text || g_str_equal(text, "-")) return out;
    g_auto(GStrv) each = g_strsplit(text, "&", -1);
    for (gsize i = 0; each[i]; i++)
        ints_add(out, draft_find(n->draft, g_strstrip(each[i])));
    return out;
}

/* Where a state begins: as written, or its first child. */
static inline Ints *naive_initial(const Naive *n, int s)
{
    if (naive_state(n, s)->initial) return naive_targets(n, naive_state(n, s)->initial);
    g_autoptr(GArray) children = getChildStates(n, s);
    Ints *out = ints_new();
    ints_add(out, INT_AT(children, 0));
    return out;
}

/* The target of a history state's default transition: as written, or the parent's beginning (all regions of a
 * parallel one). */
static inline Ints *naive_history_default(const Naive *n, int h)
{
    int parent = naive_state(n, h)->parent;
    if (naive_state(n, h)->initial) return naive_targets(n, naive_state(n, h)->initial);
    return isParallelState(n, parent) ? getChildStates(n, parent) : naive_initial(n, parent);
}

/* ---- transitions: a line in one of its states ---- */

typedef struct {
    const DraftLine *line;
    int source;
} NaiveTransition;

static inline gboolean naive_leaves(const Naive *n, const DraftLine *line, int s)
{
    if (g_str_equal(line->from, "*")) return naive_state(n, s)->parent < 0 && !isFinalState(n, s);
    return g_strv_contains((const char *const *)naive_split(n, line->from), naive_state(n, s)->id);
}

static inline gboolean nameMatch(const char *descriptor, const char *event)
{
    if (g_str_equal(descriptor, "*")) return TRUE;
    gsize length = strlen(descriptor);
    if (g_str_has_suffix(descriptor, ".*")) length -= 2;
    return strncmp(descriptor, event, length) == 0 && (!event[length] || event[length] == '.');
}

static inline gboolean naive_awaits(const Naive *n, const DraftLine *line,
                                    const char *event) /* NULL: eventless */
{
    char **each = naive_split(n, line->events);
    for (gsize i = 0; each[i]; i++) {
        gboolean eventless = g_str_equal(each[i], "auto");
        if (event ? !eventless && nameMatch(each[i], event) : eventless) return TRUE;
    }
    return FALSE;
}

static inline gboolean naive_plays(const Naive *n, const DraftLine *line, const char *const *roles)
{
    char **each = naive_split(n, line->roles ? line->roles : "system");
    for (gsize i = 0; each[i]; i++) {
        if (g_strv_contains(roles, each[i])) return TRUE;
    }
    return FALSE;
}

/* "in(a) AND not in(b) AND the rest" */
static inline gboolean conditionMatch(const Naive *n, const DraftLine *line)
{
    const char *at = line->guard;
    while (at && *at) {
        while (*at == ' ')
            at++;
        gboolean no = g_str_has_prefix(at, "not in(");
        if (!no && !g_str_has_prefix(at, "in(")) break;
        at = strchr(at, '(') + 1;
        g_autofree char *id = g_strstrip(draft_until(&at, ")"));
        if (ints_has(n->configuration, draft_find(n->draft, id)) == no) return FALSE;
        at++;
        while (*at == ' ')
            at++;
        if (g_str_has_prefix(at, "AND ")) at += 4;
    }
    if (!at || !*at) return TRUE;
    return rule_holds(naive_rule(n, at, FALSE), n->row);
}

static inline int getTransitionDomain_findLCCA(const Naive *n, int first, const Ints *rest)
{
    g_autoptr(GArray) ancestors = getProperAncestors(n, first, -2);
    for (guint i = 0; i < ancestors->len; i++) {
        int anc = INT_AT(ancestors, i);
        if (anc >= 0 && !isCompoundState(n, anc)) continue;
        gboolean all = TRUE;
        for (guint j = 0; j < rest->len; j++)
            all = all && isDescendant(n, INT_AT(rest, j), anc);
        if (all) return anc;
    }
    return -1;
}

static inline Ints *getEffectiveTargetStates(const Naive *n, const Ints *targets)
{
    Ints *out = ints_new();
    for (guint i = 0; i < targets->len; i++) {
        int s = INT_AT(targets, i);
        if (!isHistoryState(n, s)) {
            ints_add(out, s);
            continue;
        }
        g_autoptr(GArray) stored = n->history[s] ? ints_copy(n->history[s]) : naive_history_default(n, s);
        g_autoptr(GArray) through = n->history[s] ? ints_copy(stored) : getEffectiveTargetStates(n, stored);
        for (guint j = 0; j < through->len; j++)
            ints_add(out, INT_AT(through, j));
    }
    return out;
}

/* -1: the whole chart; -2: nothing is left or entered */
static inline int getTransitionDomain(const Naive *n, NaiveTransition t)
{
    g_autoptr(GArray) named = naive_targets(n, t.line->to);
    g_autoptr(GArray) targets = getEffectiveTargetStates(n, named);
    if (!targets->len) return -2;
    gboolean within = TRUE;
    for (guint i = 0; i < targets->len; i++)
        within = within && isDescendant(n, INT_AT(targets, i), t.source);
    if (t.line->internal && isCompoundState(n, t.source) && within) return t.source;
    return getTransitionDomain_findLCCA(n, t.source, targets);
}

static inline Ints *computeExitSet(const Naive *n, const GArray *transitions)
{
    Ints *out = ints_new();
    for (guint i = 0; i < transitions->len; i++) {
        NaiveTransition t = g_array_index(transitions, NaiveTransition, i);
        int domain = getTransitionDomain(n, t);
        for (guint j = 0; domain != -2 && j < n->configuration->len; j++) {
            int s = INT_AT(n->configuration, j);
            if (isDescendant(n, s, domain)) ints_add(out, s);
        }
    }
    return out;
}

/* ---- choosing ---- */

static inline gboolean naive_meet(const Ints *a, const Ints *b)
{
    for (guint i = 0; i < a->len; i++) {
        if (ints_has(b, INT_AT(a, i))) return TRUE;
    }
    return FALSE;
}

static inline Ints *naive_exit_set(const Naive *n, NaiveTransition t)
{
    g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(NaiveTransition));
    g_array_append_val(one, t);
    return computeExitSet(n, one);
}

static inline void removeConflictingTransitions(const Naive *n, GArray *enabled)
{
    g_autoptr(GArray) filtered = g_array_new(FALSE, FALSE, sizeof(NaiveTransition));
    for (guint i = 0; i < enabled->len; i++) {
        NaiveTransition t1 = g_array_index(enabled, NaiveTransition, i);
        g_autoptr(GArray) exit1 = naive_exit_set(n, t1), remove = ints_new();
        gboolean preempted = FALSE;
        for (guint j = 0; j < filtered->len && !preempted; j++) {
            NaiveTransition t2 = g_array_index(filtered, NaiveTransition, j);
            g_autoptr(GArray) exit2 = naive_exit_set(n, t2);
            if (!naive_meet(exit1, exit2)) continue;
            if (isDescendant(n, t1.source, t2.source))
                ints_add(remove, (int)j);
            else
                preempted = TRUE;
        }
        if (preempted) continue;
        for (guint j = filtered->len; j-- > 0;) {
            if (ints_has(remove, (int)j)) g_array_remove_index(filtered, j);
        }
        g_array_append_val(filtered, t1);
    }
    g_array_set_size(enabled, 0);
    g_array_append_vals(enabled, filtered->data, filtered->len);
}

/* The first transition that `s` or the nearest of its ancestors has for the event. Notes how near a refusal
 * came: 1 an event awaited, 2 from this role. */
static inline gboolean naive_first(const Naive *n, int s, const char *event, const char *const *roles,
                                   NaiveTransition *out, int *came)
{
    for (; s >= 0; s = naive_state(n, s)->parent) {
        for (guint i = 0; i < n->draft->lines->len; i++) {
            const DraftLine *line = draft_line_at(n->draft, i);
            if (!naive_leaves(n, line, s) || !naive_awaits(n, line, event)) continue;
            *came = MAX(*came, 1);
            if (!naive_plays(n, line, roles)) continue;
            *came = MAX(*came, 2);
            if (!conditionMatch(n, line)) continue;
            *out = (NaiveTransition){ line, s };
            return TRUE;
        }
    }
    return FALSE;
}

static inline gboolean naive_same(NaiveTransition a, NaiveTransition b)
{
    return a.line == b.line && a.source == b.source;
}

/* selectTransitions and, with event NULL, selectEventlessTransitions */
static inline GArray *selectTransitions(const Naive *n, const char *event, const char *const *roles,
                                        int *came)
{
    GArray *enabled = g_array_new(FALSE, FALSE, sizeof(NaiveTransition));
    g_autoptr(GArray) inDocumentOrder = ints_copy(n->configuration);
    g_array_sort(inDocumentOrder, ints_up);
    for (guint i = 0; i < inDocumentOrder->len; i++) {
        NaiveTransition t;
        int state = INT_AT(inDocumentOrder, i);
        if (!isAtomicState(n, state) || !naive_first(n, state, event, roles, &t, came)) continue;
        gboolean known = FALSE;
        for (guint j = 0; j < enabled->len; j++)
            known = known || naive_same(g_array_index(enabled, NaiveTransition, j), t);
        if (!known) g_array_append_val(enabled, t);
    }
    removeConflictingTransitions(n, enabled);
    return enabled;
}
