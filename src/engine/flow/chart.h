/* chart.h - how a chart is kept; for the files of this room only.
 *
 * A line of a procedure becomes one Deed; each of its `from` states becomes one Transition that points to it.
 * Words (ids, events, roles) are kept once in `words`. Sealing makes the sets over states that the tree means
 * (tree.c), what each transition leaves and enters, and the table cell[state][event], a run of transition
 * numbers in document order (seal.c). A state's number is its place in document order, and parents come
 * before children, so ascending numbers are SCXML's entry order and descending ones its exit order. */
#pragma once
#include "engine/flow/flow.h"

/* ---- sets of states ---- */
#define CHART_WORDS (FLOW_MAX_STATES / 64)

static inline void set_put(FlowSet *set, int state)
{
    set->word[state / 64] |= (guint64)1 << (state % 64);
}

static inline void set_add(FlowSet *set, const FlowSet *more)
{
    for (int w = 0; w < CHART_WORDS; w++)
        set->word[w] |= more->word[w];
}

static inline void set_cut(FlowSet *set, const FlowSet *less)
{
    for (int w = 0; w < CHART_WORDS; w++)
        set->word[w] &= ~less->word[w];
}

static inline FlowSet set_both(const FlowSet *a, const FlowSet *b)
{
    FlowSet both;
    for (int w = 0; w < CHART_WORDS; w++)
        both.word[w] = a->word[w] & b->word[w];
    return both;
}

static inline gboolean set_meet(const FlowSet *a, const FlowSet *b)
{
    guint64 any = 0;
    for (int w = 0; w < CHART_WORDS; w++)
        any |= a->word[w] & b->word[w];
    return any != 0;
}

static inline gboolean set_within(const FlowSet *small, const FlowSet *large)
{
    guint64 out = 0;
    for (int w = 0; w < CHART_WORDS; w++)
        out |= small->word[w] & ~large->word[w];
    return out == 0;
}

static inline gboolean set_empty(const FlowSet *set)
{
    return set_meet(set, set) == FALSE;
}

static inline int set_size(const FlowSet *set)
{
    int n = 0;
    for (int w = 0; w < CHART_WORDS; w++)
        n += __builtin_popcountll(set->word[w]);
    return n;
}

/* The lowest member from `from` on, the highest up to `from`; -1: none. */
static inline int set_next(const FlowSet *set, int from)
{
    for (int w = from / 64, shift = from % 64; w < CHART_WORDS; w++, shift = 0) {
        guint64 rest = set->word[w] >> shift;
        if (rest) return w * 64 + shift + __builtin_ctzll(rest);
    }
    return -1;
}

static inline int set_prev(const FlowSet *set, int from)
{
    if (from < 0) return -1;
    for (int w = from / 64, shift = 63 - from % 64; w >= 0; w--, shift = 0) {
        guint64 rest = set->word[w] << shift;
        if (rest) return w * 64 + 63 - shift - __builtin_clzll(rest);
    }
    return -1;
}

/* NOLINTBEGIN(bugprone-macro-parentheses): `i` is declared here */
#define SET_UP(set, i) for (int i = set_next((set), 0); i >= 0; i = set_next((set), i + 1))
#define SET_DOWN(set, i)                                                                                     \
    for (int i = set_prev((set), FLOW_MAX_STATES - 1); i >= 0; i = set_prev((set), i - 1))
/* NOLINTEND(bugprone-macro-parentheses) */

/* ---- pieces ---- */
typedef struct {
    GArray *actions;   /* FlowEffect */
    GPtrArray *values; /* Rule per action; NULL unless SET */
} ChartBlock;

typedef struct {
    FlowStateDef def;      /* texts in `words` */
    int parent, history;   /* -1: top level; no history state */
    GPtrArray *on[3];      /* of ChartBlock, by FlowOn; NULL: none */
    GArray *on_actions[3]; /* FlowEffect, of all blocks */
    const char *on_text[3];
    /* made by sealing */
    GArray *begin; /* int: where it begins; of a history state: where to by default */
    FlowSet above, below, children,
        with;         /* proper; history states are no children; `with`: may be active too */
    const char *done; /* "done.state.ID" */
} ChartState;

typedef struct {
    FlowClockDef def; /* texts in `words`, arrays owned */
    FlowSet runs_in;
    Rule **when; /* per budget */
    int task;    /* -1: none */
} ChartClock;

typedef struct {
    const char *id, *role;
    guint32 clocks; /* a bit per clock that follows it */
} ChartTask;

typedef struct {
    GArray *targets;   /* int */
    GPtrArray *events; /* of const char *, as written, NULL-ended; empty but for the end: auto */
    GArray *numbers;   /* guint: of the descriptors among the chart's events; made by sealing */
    gboolean internal, everywhere;
    const char *guard_text;             /* NULL: none */
    GArray *ins;                        /* FlowIn, all of which must be so */
    Rule *guard;                        /* and this; NULL: nothing more */
    guint64 roles;                      /* a bit per role of the chart */
    const char *form;                   /* id; NULL: none */
    GPtrArray *role_names, *need_names; /* of const char *, NULL-ended once read */
    GArray *need_columns;               /* int; -1: not in the schema */
    ChartBlock *block;
} ChartDeed;

typedef struct {
    int from;
    const ChartDeed *deed;
    /* made by sealing */
    gboolean recalls; /* a history state decides: `leaves`, `enters`, `begins` when it is taken */
    FlowSet leaves, enters, begins; /* what it may leave, enters, begins at its beginning */
} ChartTransition;

typedef struct {
    guint first, n; /* in `order` */
} ChartCell;

enum {
    CHART_AUTO,
    CHART_UNKNOWN,
    CHART_FIRST_EVENT
}; /* numbers of events; unknown ones are taken by "*" alone */

struct FlowChart {
    char *id;
    const RuleSchema *schema;
    GStringChunk *words;
    GArray *states, *clocks, *tasks;            /* ChartState, ChartClock, ChartTask */
    GPtrArray *deeds;                           /* owns ChartDeed */
    GArray *transitions;                        /* ChartTransition, in document order */
    GPtrArray *roles;                           /* of const char *; the index is the bit */
    GHashTable *role_bit;                       /* role -> bit + 1 */
    int histories, history[FLOW_MAX_HISTORIES]; /* their states, in document order */
    /* made by sealing */
    FlowBlame blame; /* of the last refusal */
    gboolean sealed, has_auto, awaits_error;
    int event_column;               /* of the row; -1: none that holds a text */
    guint64 system;                 /* the role's bit */
    FlowSet atomic, ends, noisy[2]; /* leaves; finals at the top; with something to do on entry, on exit */
    FlowSet enters, begins;         /* of the beginning */
    guint32 defaulted;              /* history states whose default the beginning takes */
    GPtrArray *events;              /* of const char * */
    GHashTable *event_number;       /* event -> number */
    GArray *cells;                  /* ChartCell [state * events + event] */
    GArray *order;                  /* guint: transition numbers */
};

#define CHART_STATE(chart, i) g_array_index((chart)->states, ChartState, i)
#define CHART_CLOCK(chart, i) g_array_index((chart)->clocks, ChartClock, i)
#define CHART_TASK(chart, i) g_array_index((chart)->tasks, ChartTask, i)
#define CHART_TRANSITION(chart, i) g_array_index((chart)->transitions, ChartTransition, i)

/* chart.c */
/* After the longest name that `text` begins with; `text` when none. */
const char *chart_word_end(const char *text);
const char *chart_keep(FlowChart *chart, const char *text, gsize length);
int chart_role(FlowChart *chart, const char *role); /* its bit; -1 when there are too many */
ChartBlock *chart_block_new(void);
void chart_block_free(ChartBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartBlock, chart_block_free)
ChartDeed *chart_deed_new(void);
void chart_deed_free(ChartDeed *deed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartDeed, chart_deed_free)
gboolean chart_still_open(const FlowChart *chart, GError **error);
gboolean chart_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
gboolean chart_name_sound(const char *kind, const char *id, GError **error);
gboolean chart_room_for(const char *kind, const char *id, int known, guint have, guint most, GError **error);

static inline gboolean chart_is_history(const ChartState *state)
{
    return state->def.kind >= FLOW_STATE_SHALLOW;
}

static inline gboolean chart_clock_runs_in(const ChartClock *clock, const FlowSet *active)
{
    return !clock->def.run_in || set_meet(&clock->runs_in, active);
}

/* tree.c: what nesting means. */
gboolean chart_tree_make(FlowChart *chart, GError **error); /* sets of states and where each begins */
/* States that are entered: `remembered` by history number, NULL: nothing is. */
typedef struct {
    const FlowChart *chart;
    const FlowSet *remembered;
    FlowSet enters, begins;
    guint32 defaulted; /* history states whose default was taken, a bit per number */
    gboolean recalls;  /* a history state was on the way */
} ChartEntry;
void chart_enter_down(ChartEntry *e, int state);          /* the state and all that begins with it */
void chart_enter_up(ChartEntry *e, int state, int below); /* its ancestors below `below`, and their regions */
/* The state below which a transition leaves and enters; -1: the whole chart. */
int chart_domain(const FlowChart *chart, int from, const ChartDeed *deed, const FlowSet *remembered);
void chart_transition_enter(ChartEntry *e, const ChartTransition *t);
void chart_make_transition(FlowChart *chart, ChartTransition *t); /* leaves, enters, begins */
/* NULL, or why these are not the states of a case: what is in `active` at and below `top` (-1: all). */
const char *chart_lawful(const FlowChart *chart, const FlowSet *active, int top);
const char *chart_memory_lawful(const FlowChart *chart, const FlowSet *remembered, int history);
gboolean chart_in_final(const FlowChart *chart, const FlowSet *active, int state);

/* seal.c: the number of an event; of one that is not known: of the longest part that is. */
guint chart_event(const FlowChart *chart, const char *event);
gboolean chart_takes(const ChartDeed *deed, const char *event); /* does a descriptor fit? */
static inline const ChartCell *chart_cell(const FlowChart *chart, int state, guint event)
{
    return &g_array_index(chart->cells, ChartCell, (guint)state * chart->events->len + event);
}
static inline guint chart_candidate(const FlowChart *chart, const ChartCell *cell, guint i)
{
    return g_array_index(chart->order, guint, cell->first + i);
}

/* judge.c: what only the whole shows. */
gboolean chart_judge(const FlowChart *chart, FlowBlame *blame, GError **error);

/* choose.c: which transitions an event takes. */
typedef struct {
    guint n, number[FLOW_MAX_STATES];
    FlowSet leaves[FLOW_MAX_STATES]; /* active states that each leaves */
} ChartChoice;
guint64 chart_roles_held(const FlowChart *chart, const char *const *roles);
void chart_choose(const FlowChart *chart, const FlowCase *c, guint event, guint64 held, const RuleValue *row,
                  ChartChoice *choice);
gboolean chart_needs_met(const FlowChart *chart, const ChartChoice *choice, const RuleValue *row,
                         const char *event, GError **error);
void chart_refuse_event(const FlowChart *chart, const FlowCase *c, const char *event, guint64 held,
                        GError **error);

/* clock.c: one clock's deed; FALSE when it changes nothing. `row` decides among budgets. */
gboolean chart_clock_do(const FlowChart *chart, FlowCase *c, int index, FlowClockDeed deed,
                        const RuleValue *row, gint64 now);
gboolean chart_clock_extendable(const FlowChart *chart, const FlowCase *c, int index);
gint64 chart_rung_share(const FlowRung *rung, gint64 budget); /* ms of the measure */

/* task.c */
static inline gboolean chart_task_open(FlowTaskState state)
{
    return state == FLOW_TASK_OFFERED || state == FLOW_TASK_ACCEPTED;
}
