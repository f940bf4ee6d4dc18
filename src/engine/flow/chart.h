/* chart.h - how a chart is kept; for the files of this room only.
 *
 * A line of a procedure becomes one Deed; each of its `from` states becomes one Transition that points to it.
 * Words (ids, events, roles) are kept once in `words`. Sealing makes the table cell[state][event], a run of
 * transition numbers in document order. */
#pragma once
#include "engine/flow/flow.h"

typedef struct {
    const char *id;
    gboolean final;
} ChartState;

typedef struct {
    FlowClockDef def; /* texts in `words`, arrays owned */
    guint64 runs_in[FLOW_MAX_STATES / 64];
} ChartClock;

typedef struct {
    const char *id, *role;
} ChartTask;

typedef struct {
    const char *event;
    int to;
    Rule *guard;                        /* NULL: none */
    guint64 roles;                      /* a bit per role of the chart */
    GPtrArray *role_names, *need_names; /* of const char *, NULL-ended once read */
    GArray *need_columns;               /* int; -1: not in the schema */
    GArray *actions;                    /* FlowEffect */
    GPtrArray *values;                  /* Rule per action; NULL unless SET */
} ChartDeed;

typedef struct {
    int from; /* -1: any state that is not final */
    const ChartDeed *deed;
} ChartTransition;

typedef struct {
    guint first, n; /* in `order` */
} ChartCell;

struct FlowChart {
    char *id;
    const RuleSchema *schema;
    GStringChunk *words;
    GArray *states, *clocks, *tasks; /* ChartState, ChartClock, ChartTask */
    GPtrArray *deeds;                /* owns ChartDeed */
    GArray *transitions;             /* ChartTransition, in document order */
    GPtrArray *roles;                /* of const char *; the index is the bit */
    GHashTable *role_bit;            /* role -> bit + 1 */
    /* made by sealing */
    gboolean sealed;
    GPtrArray *events;        /* of const char * */
    GHashTable *event_number; /* event -> number + 1 */
    GArray *cells;            /* ChartCell [state * events + event] */
    GArray *order;            /* guint: transition numbers */
};

#define CHART_STATE(chart, i) g_array_index((chart)->states, ChartState, i)
#define CHART_CLOCK(chart, i) g_array_index((chart)->clocks, ChartClock, i)
#define CHART_TASK(chart, i) g_array_index((chart)->tasks, ChartTask, i)
#define CHART_TRANSITION(chart, i) g_array_index((chart)->transitions, ChartTransition, i)

/* chart.c */
const char *
chart_word_end(const char *text); /* after the longest name that `text` begins with; `text` when none */
const char *chart_keep(FlowChart *chart, const char *text, gsize length);
int chart_role(FlowChart *chart, const char *role); /* its bit; -1 when there are too many */
ChartDeed *chart_deed_new(void);
void chart_deed_free(ChartDeed *deed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartDeed, chart_deed_free)
gboolean chart_still_open(const FlowChart *chart, GError **error);

static inline gboolean chart_clock_runs_in(const ChartClock *clock, int state)
{
    return !clock->def.run_in || (clock->runs_in[state / 64] >> (state % 64) & 1);
}

/* seal.c: the candidates for an event in a state, in document order; NULL when the chart knows no such event
 */
const ChartCell *chart_cell(const FlowChart *chart, int state, const char *event);
static inline const ChartTransition *chart_candidate(const FlowChart *chart, const ChartCell *cell, guint i)
{
    return &CHART_TRANSITION(chart, g_array_index(chart->order, guint, cell->first + i));
}

/* clock.c: one clock's deed; FALSE when it changes nothing */
gboolean chart_clock_do(const FlowChart *chart, FlowCase *c, int index, FlowClockDeed deed, gint64 now);
gint64 chart_clock_share(const FlowClock *clock, const FlowClockDef *def, guint rung); /* ms of the measure */

/* task.c */
static inline gboolean chart_task_open(FlowTaskState state)
{
    return state == FLOW_TASK_OFFERED || state == FLOW_TASK_ACCEPTED;
}
