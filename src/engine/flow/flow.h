/* flow.h - procedures as state charts: which event may move a case where, who may do it, what it makes due,
 * and the clocks that run meanwhile.
 *
 * Pure: a case's state, an event, a row of facts and `now` go in; the new state and a list of effects come
 * out. The caller records the effects and carries them out. The same inputs give the same outputs, always.
 *
 * A chart has states (one initial, any number final), transitions in document order (the first that is
 * enabled wins), task kinds, and clocks. `from` may be "*": every state that is not final.
 * Clock = budget + consumed + running-since on a calendar; the due instant is derived. A clock runs in the
 * states it lists (none listed: from start to stop) and pauses in the others; one that lists states is not
 * paused or resumed by actions too. A clock `for: resident` starts once and never again: start() on one that
 * was stopped goes on with what is consumed, and does nothing to one that runs or pauses. One `for: handler`
 * starts afresh with each start(). Rungs are shares of the budget in percent; each fires once per start. At
 * 100 % the clock's `on_expiry` event (if any) is due, fired by role "system". A final state stops every
 * clock and lapses every open task.
 * Sources: SCXML (W3C 2015) for the meaning of transitions; packs.md "Clocks" for budgets.
 * Threads: a sealed chart is read-only. Knows nothing of stores, people or packs. */
#pragma once
#include "base/calendar.h"
#include "engine/rule/rule.h"

#define FLOW_ERROR (g_quark_from_static_string("flow"))
enum {
    FLOW_ERROR_CHART,       /* the chart itself is not sound */
    FLOW_ERROR_NOT_AWAITED, /* no transition for this event in this state; the text lists what is awaited */
    FLOW_ERROR_ROLE,        /* awaited, but not from this role */
    FLOW_ERROR_GUARD,       /* awaited from this role, but its condition is not met; the text quotes it */
    FLOW_ERROR_TASK,        /* the task is not where this move could begin */
    FLOW_ERROR_NEEDS        /* all is well but for fields the event must bring; the text names them */
};

#define FLOW_MAX_CLOCKS 8
#define FLOW_MAX_TASKS 8
#define FLOW_MAX_STATES 256
#define FLOW_MAX_TRANSITIONS 4096
#define FLOW_MAX_ROLES 64
#define FLOW_MAX_LINE (32 << 10) /* bytes of a transition line */

/* offered -> accepted -> done -> verified; or returned, reassigned, lapsed */
typedef enum {
    FLOW_TASK_NONE,
    FLOW_TASK_OFFERED,
    FLOW_TASK_ACCEPTED,
    FLOW_TASK_DONE,
    FLOW_TASK_VERIFIED,
    FLOW_TASK_RETURNED,
    FLOW_TASK_REASSIGNED,
    FLOW_TASK_LAPSED
} FlowTaskState;
const char *flow_task_state_name(FlowTaskState state);
gboolean flow_task_state_parse(const char *name, FlowTaskState *out);
gboolean flow_task_may_follow(FlowTaskState from, FlowTaskState to); /* the one table of lawful moves */

typedef enum { FLOW_CLOCK_NONE, FLOW_CLOCK_RUNNING, FLOW_CLOCK_PAUSED, FLOW_CLOCK_STOPPED } FlowClockState;

typedef struct {
    FlowClockState state;
    gint64 consumed;  /* ms of the clock's measure, up to `since` */
    gint64 since;     /* running since this instant; meaningless unless RUNNING */
    gint64 budget;    /* ms of the measure; kept here because extensions change it */
    gint64 started;   /* instant of the (last) start */
    gint64 stopped;   /* instant of the stop */
    guint8 rung;      /* rungs already fired */
    gboolean expired; /* 100 % was passed while it ran */
} FlowClock;

typedef struct {
    FlowTaskState state;
    guint32 generation; /* counts tasks of this kind in this case, from 1 */
} FlowTask;

typedef struct { /* all the engine needs to know of one case */
    int state;
    FlowClock clock[FLOW_MAX_CLOCKS]; /* by clock index of the chart */
    FlowTask task[FLOW_MAX_TASKS];    /* the current task of each kind */
} FlowCase;

/* ---- charts: made by pack/, then sealed ---- */
typedef struct FlowChart FlowChart;
FlowChart *flow_chart_new(const char *id, const RuleSchema *schema); /* schema must outlive the chart */
void flow_chart_free(FlowChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowChart, flow_chart_free)

typedef struct {
    const char *id;
    BaseMeasure measure;
    gint64 budget;                /* ms of the measure */
    const BaseCalendar *calendar; /* must outlive the chart */
    gboolean resident;            /* for the resident: starts once */
    gboolean next_day;            /* starts at the next local midnight */
    gboolean end_of_day;          /* the due instant is moved to the end of its local day */
    const char *const *run_in;    /* state ids, NULL-ended; NULL: runs in every state */
    const guint16 *rungs;         /* percent of the budget, ascending */
    gsize n_rungs;
    const char *on_expiry; /* event, or NULL */
} FlowClockDef;

/* Adding refuses repeated ids and over-full charts. Order of calls: states, clocks, tasks, then
 * transitions. */
/* The first is initial. */
gboolean flow_chart_state(FlowChart *chart, const char *id, gboolean final, GError **error);
gboolean flow_chart_clock(FlowChart *chart, const FlowClockDef *def, GError **error);
gboolean flow_chart_task(FlowChart *chart, const char *id, const char *role, GError **error);
/* One line of a procedure: "from -> to : event [guard] by role|role / action(args), action". `from` may be
 * several, "a|b -> c": one transition each, in that order. Names are letters (of any script), digits, _ . and
 * -. Texts of errors carry the column in the line, in characters from 1: "column N: what; hint". Actions:
 * task(kind) accept(kind) done(kind) verify(kind) return(kind) reassign(kind) lapse(kind) start(clock)
 * stop(clock) pause(clock) resume(clock) notice(id) set(field, expr) assign(decision) engine(stage, call)
 * rate needs(field, field ...). needs(): the event must bring these fields; those of the schema are checked
 * here (not NULL in the row), others are the caller's to check. Without "by": role "system". task(kind)
 * offers a new task, refused while one of that kind is open (offered or accepted). */
gboolean flow_chart_transition(FlowChart *chart, const char *line, GError **error);
/* Refuses: a state nobody can reach; a state that is not final and has no way to a final one; an open state
 * in which no clock can be running (only the initial state, when nothing leads back to it, may lack one: what
 * opens the case starts the clocks); two transitions of one state, event and role of which the second can
 * never be chosen; an `on_expiry` event that no transition awaits from "system". After a refusal the chart
 * may be mended or freed. */
gboolean flow_chart_seal(FlowChart *chart, GError **error);

int flow_chart_states(const FlowChart *chart);
const char *flow_chart_state_id(const FlowChart *chart, int state);
int flow_chart_state_find(const FlowChart *chart, const char *id); /* -1 */
gboolean flow_chart_state_final(const FlowChart *chart, int state);
int flow_chart_clocks(const FlowChart *chart);
const FlowClockDef *flow_chart_clock_def(const FlowChart *chart, int clock);
int flow_chart_clock_find(const FlowChart *chart, const char *id);
int flow_chart_tasks(const FlowChart *chart);
const char *flow_chart_task_id(const FlowChart *chart, int task);
const char *flow_chart_task_role(const FlowChart *chart, int task);
int flow_chart_task_find(const FlowChart *chart, const char *id);

typedef enum {
    FLOW_DO_TASK,   /* task `index` moved to `task_state`; generation in the FlowCase */
    FLOW_DO_CLOCK,  /* clock `index` changed; its new value is in the FlowCase */
    FLOW_DO_NOTICE, /* text: notice id */
    FLOW_DO_SET,    /* index: schema column, value */
    FLOW_DO_ASSIGN, /* text: decision id */
    FLOW_DO_ENGINE, /* text: stage, text2: call */
    FLOW_DO_RATE,   /* invite the receiver to rate */
    FLOW_DO_RUNG,   /* clock `index` passed rung number `rung` (0-based) */
    FLOW_DO_EXPIRE  /* clock `index` passed 100 %; text: event to fire, or NULL */
} FlowEffectKind;

typedef enum { FLOW_CLOCK_START, FLOW_CLOCK_STOP, FLOW_CLOCK_PAUSE, FLOW_CLOCK_RESUME } FlowClockDeed;

typedef struct {
    FlowEffectKind kind;
    int index, rung;
    FlowTaskState task_state;
    FlowClockDeed clock_deed; /* of FLOW_DO_CLOCK */
    const char *text, *text2; /* the chart's own */
    RuleValue value;          /* text values belong to the row or the chart */
} FlowEffect;

/* A transition, for those who draw, document or offer buttons. */
typedef struct {
    int from, to; /* from -1: any state that is not final */
    const char *event;
    const char *guard;         /* NULL: none */
    const char *const *roles;  /* NULL-ended */
    const char *const *needs;  /* field ids, NULL-ended */
    const FlowEffect *actions; /* as declared (SET values unset) */
    gsize n_actions;
} FlowTransition;
gsize flow_chart_transitions(const FlowChart *chart);
FlowTransition flow_chart_transition_at(const FlowChart *chart, gsize i);

/* ---- running ---- */
void flow_begin(const FlowChart *chart, FlowCase *c); /* in the initial state, no clocks, no tasks */

/* Fire `event` as somebody holding `roles` (NULL-ended). `row` has one value per schema column and already
 * holds what the event brings. On success `c` is the new state and effects (FlowEffect) are appended: first
 * rungs and expiries that were due before `now` (as flow_tick; a caller who wants an on_expiry event to go
 * first ticks first), then the actions in their order, then pauses, resumes and stops of clocks and lapses of
 * tasks that the new state brings. On failure nothing changed, and the error is the most specific one: NEEDS,
 * GUARD, ROLE, NOT_AWAITED. Cost: under 2 us. */
gboolean flow_fire(const FlowChart *chart, FlowCase *c, const char *event, const char *const *roles,
                   const RuleValue *row, gint64 now, GArray *effects, GError **error);
/* Events somebody with `roles` could fire now: indexes of transitions whose guards hold, into `out` (gsize),
 * in document order. A guard that reads a field of its own needs() cannot be decided before the event brings
 * it: offered. */
void flow_offers(const FlowChart *chart, const FlowCase *c, const char *const *roles, const RuleValue *row,
                 GArray *out);
/* Pass every rung and expiry that is due at `now`: appends RUNG and EXPIRE effects, each once, oldest
 * first. */
void flow_tick(const FlowChart *chart, FlowCase *c, gint64 now, GArray *effects);
/* The next instant at which flow_tick would do something for this clock; G_MAXINT64 when never. */
gint64 flow_clock_next(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional);
/* The instant the clock reaches 100 %; G_MAXINT64 unless RUNNING. */
gint64 flow_clock_due(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional);
gint64 flow_clock_consumed(const FlowChart *chart, const FlowCase *c, int clock, gint64 now);
/* Walk every invariant of a case against its chart; FALSE and a reason. For tests and fuzzing. */
gboolean flow_sound(const FlowChart *chart, const FlowCase *c, const char **why);
