/* flow.h - procedures as state charts: which event may move a case where, who may do it, what it makes due,
 * and the clocks that run meanwhile.
 *
 * Pure: a case's configuration, an event, a row of facts and `now` go in; the new configuration and a list of
 * effects come out. The caller records the effects and carries them out. The same inputs give the same
 * outputs, always.
 *
 * Meaning: W3C SCXML 1.0 (2015), appendix D, for compound, parallel, final and history states, entry and exit
 * actions, internal events, run to completion, document order and preemption. Ours besides: a transition
 * belongs to roles; an event that no transition takes is refused, not dropped; an action that cannot be done
 * refuses the whole event, unless the chart awaits error.execution (then SCXML 5.9's way); `needs`.
 *
 * Clock = budget + consumed + running-since on a calendar; the due instant is derived. A clock runs in the
 * states it lists (a compound state stands for all within it; none listed: from start to stop) and pauses in
 * the others; one that lists states is not paused or resumed by actions too. A clock `for: resident` starts
 * once and never again: start() on one that was stopped goes on with what is consumed, and does nothing to
 * one that runs or pauses. One `for: handler` starts afresh with each start(), or with each task of the kind
 * it names. Each rung fires once per start. At 100 % the clock's `on_expiry` event (if any) is due, fired by
 * role "system". A final state at the top stops every clock and lapses every open task. Threads: a sealed
 * chart is read-only. Knows nothing of stores, people or packs. */
#pragma once
#include "base/calendar.h"
#include "engine/rule/rule.h"

#define FLOW_ERROR (g_quark_from_static_string("flow"))
enum {
    FLOW_ERROR_CHART,       /* the chart itself is not sound */
    FLOW_ERROR_NOT_AWAITED, /* no transition for this event in this configuration; the text lists what is
                               awaited */
    FLOW_ERROR_ROLE,        /* awaited, but not from this role */
    FLOW_ERROR_GUARD,       /* awaited from this role, but its condition is not met; the text quotes it */
    FLOW_ERROR_TASK,        /* the task is not where this move could begin */
    FLOW_ERROR_NEEDS,       /* all is well but for fields the event must bring; the text names them */
    FLOW_ERROR_CLOCK,       /* the clock cannot be extended: not started, stopped, or as often as it may be */
    FLOW_ERROR_LOOP,        /* the chart does not come to rest: FLOW_MAX_STEPS microsteps for one event */
    /* of sealing: what only the whole chart shows */
    FLOW_ERROR_UNREACHED, /* a state, or a history */
    FLOW_ERROR_STUCK,     /* no way leads from a state to an end */
    FLOW_ERROR_UNCLOCKED, /* no clock can be running in a state */
    FLOW_ERROR_UNAWAITED, /* an event the chart fires itself, which no transition takes */
    FLOW_ERROR_CIRCLE,    /* eventless transitions that lead round */
    FLOW_ERROR_SHADOWED   /* a transition that can never be chosen */
};

#define FLOW_MAX_STATES 256
#define FLOW_MAX_HISTORIES 8
#define FLOW_MAX_CLOCKS 32
#define FLOW_MAX_TASKS 16
#define FLOW_MAX_TRANSITIONS 4096
#define FLOW_MAX_ROLES 64
#define FLOW_MAX_STEPS 1000
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
    gint64 budget;    /* ms of the measure; kept here because start conditions and extensions decide it */
    gint64 started;   /* instant of the (last) start */
    gint64 stopped;   /* instant of the stop */
    guint8 rung;      /* rungs already fired */
    guint8 extended;  /* how often it was extended */
    gboolean expired; /* 100 % was passed while it ran */
} FlowClock;

typedef struct {
    FlowTaskState state;
    guint32 generation; /* counts tasks of this kind in this case, from 1 */
} FlowTask;

typedef struct {
    guint64 word[FLOW_MAX_STATES / 64];
} FlowSet; /* of states, by index */
static inline gboolean flow_set_has(const FlowSet *set, int state)
{
    return (set->word[state / 64] >> (state % 64) & 1) != 0;
}

typedef struct {                            /* all the engine needs to know of one case */
    FlowSet active;                         /* the configuration: every active state, ancestors too */
    FlowSet remembered[FLOW_MAX_HISTORIES]; /* by number of the history state, in document order; empty:
                                               nothing yet */
    FlowClock clock[FLOW_MAX_CLOCKS];       /* by clock index of the chart */
    FlowTask task[FLOW_MAX_TASKS];          /* the current task of each kind */
} FlowCase;

/* ---- charts: made by pack/, then sealed ---- */
typedef struct FlowChart FlowChart;
FlowChart *flow_chart_new(const char *id, const RuleSchema *schema); /* schema must outlive the chart */
void flow_chart_free(FlowChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowChart, flow_chart_free)

typedef enum {
    FLOW_STATE_PLAIN,
    FLOW_STATE_PARALLEL,
    FLOW_STATE_FINAL,
    FLOW_STATE_SHALLOW,
    FLOW_STATE_DEEP
} FlowStateKind;

typedef struct {
    const char *id;
    const char *parent;  /* id of a state added before; NULL: top level */
    FlowStateKind kind;  /* PLAIN with children is compound; SHALLOW and DEEP are history */
    const char *initial; /* of a compound state: where to begin ("a", or "a & b" in regions), a descendant
                          * added later; NULL: its first child. Of a history state: where to when nothing is
                          * remembered; NULL: the parent's own beginning. */
    gboolean suspended;  /* the case waits here with a ground and an end: no clock need run */
} FlowStateDef;

typedef struct {
    guint16 percent; /* of the budget, or 0 */
    gint64 before;   /* with percent 0: this many ms of the measure before the budget is consumed */
} FlowRung;

typedef struct {
    const char *when; /* a condition on the row at the start */
    gint64 budget;    /* ms of the measure */
} FlowBudget;

typedef enum {
    FLOW_END_EXACT,
    FLOW_END_OF_DAY, /* the due instant is moved to the end of its local day */
    FLOW_END_ROLL    /* the same, and from a rest day to the end of the next working day */
} FlowEnd;

typedef struct {
    const char *id;
    BaseMeasure measure;
    gint64 budget;             /* ms of the measure */
    const FlowBudget *budgets; /* the first that holds at the start is taken instead; may be NULL */
    gsize n_budgets;
    const BaseCalendar *calendar; /* must outlive the chart */
    gboolean resident;            /* for the resident: starts once */
    gboolean next_day;            /* starts at the next local midnight */
    FlowEnd end;
    const char *const *run_in; /* state ids, NULL-ended; NULL: runs in every state */
    const FlowRung *rungs;     /* in the order in which they pass, with every budget and extension */
    gsize n_rungs;
    const char *on_expiry; /* event, or NULL */
    const char *task; /* a task kind, or NULL: started when one is offered, stopped when it is done or over */
    gint64 extend_by; /* ms of the measure that one extend() adds */
    guint8 extend_max; /* how often; 0: never */
} FlowClockDef;

/* Adding refuses repeated ids and over-full charts. Order of calls: states (parents first, document order),
 * tasks, clocks, then flow_chart_on and transitions. The first top-level state is initial. */
gboolean flow_chart_state(FlowChart *chart, const FlowStateDef *def, GError **error);
gboolean flow_chart_task(FlowChart *chart, const char *id, const char *role, GError **error);
gboolean flow_chart_clock(FlowChart *chart, const FlowClockDef *def, GError **error);
/* Actions as a transition has them, "start(x), notice(y)", done on entering or leaving a state, or (INITIAL)
 * between entering a compound state and its first child, or (of a history state) when its default is taken.
 */
typedef enum { FLOW_ON_ENTRY, FLOW_ON_EXIT, FLOW_ON_INITIAL } FlowOn;
gboolean flow_chart_on(FlowChart *chart, const char *state, FlowOn when, const char *actions, GError **error);
/* One line of a procedure: "from -> to : event [guard] by role|role / action(args), action". Texts of errors
 * carry the column in the line, in characters from 1: "column N: what; hint". Names are letters (of any
 * script), digits, _ . and -.
 *   from    "a|b": one transition each, in that order; "*": every top-level state that is not final
 *   ->      external; "=>" internal (SCXML type="internal")
 *   to      a state; "a & b": several, in different regions; "-": none, nothing is left or entered
 *   event   "e|f"; "e" also takes "e.x" (SCXML 3.12.1); "e.*" the same; "*" any; "auto": eventless, taken as
 *           soon as the guard holds. "done.state.S" and "error.execution" come from the engine.
 *   guard   a condition of engine/rule; before it may stand "in(state)" and "not in(state)", joined by AND
 *   by      without it: role "system". Internal events and auto are fired by "system".
 *   actions task(kind) accept(kind) done(kind) verify(kind) return(kind) reassign(kind) lapse(kind)
 *           start(clock) stop(clock) pause(clock) resume(clock) extend(clock) notice(id) set(field, expr)
 *           assign(decision) engine(stage, call) document(template) sign(list) child(pack, mapping)
 *           link(kind) register(add|end, register) raise(event) rate needs(field, field ...) form(id)
 *
 * needs(): the event must bring these fields; those of the schema are checked here (not NULL in the row),
 * others are the caller's to check. lapse(kind) does nothing when none is open. task(kind) offers a new task,
 * refused while one of that kind is open (offered or accepted). set() is seen by what comes after it, guards
 * of the same run included. */
gboolean flow_chart_transition(FlowChart *chart, const char *line, GError **error);
/* Refuses: a state nobody can reach; a state that is not final and has no way to a final one at the top; an
 * open state in which no clock can be running, unless it is suspended (only the initial state, when nothing
 * leads back to it, may lack one: what opens the case starts the clocks); two transitions of one state, event
 * and role of which the second can never be chosen; an `on_expiry` event that no transition awaits from
 * "system"; a raise() that no transition awaits; a default that is no descendant; a final state as a region,
 * or fewer than two regions; a history state nobody goes to; eventless transitions that lead in a circle
 * without a condition. After a refusal the chart may be mended or freed. */
gboolean flow_chart_seal(FlowChart *chart, GError **error);
/* What a refused seal is about, so that its place can be named; -1: not that, or the chart as a whole. */
typedef struct {
    int state, transition, clock;
} FlowBlame;
FlowBlame flow_chart_blame(const FlowChart *chart);

int flow_chart_states(const FlowChart *chart);
const char *flow_chart_state_id(const FlowChart *chart, int state);
int flow_chart_state_find(const FlowChart *chart, const char *id); /* -1 */
const FlowStateDef *flow_chart_state_def(const FlowChart *chart, int state);
int flow_chart_state_parent(const FlowChart *chart, int state);     /* -1: top level */
gboolean flow_chart_state_final(const FlowChart *chart, int state); /* final and at the top: the case ends */
gboolean flow_chart_state_compound(const FlowChart *chart, int state); /* has children (parallel too) */
gboolean flow_chart_flat(const FlowChart *chart); /* no state has children: a configuration is one state */
const char *flow_chart_on_text(const FlowChart *chart, int state, FlowOn when); /* as given; NULL: none */
int flow_chart_clocks(const FlowChart *chart);
const FlowClockDef *flow_chart_clock_def(const FlowChart *chart, int clock);
int flow_chart_clock_find(const FlowChart *chart, const char *id);
int flow_chart_tasks(const FlowChart *chart);
const char *flow_chart_task_id(const FlowChart *chart, int task);
const char *flow_chart_task_role(const FlowChart *chart, int task);
int flow_chart_task_find(const FlowChart *chart, const char *id);

typedef enum {
    FLOW_DO_TASK,     /* task `index` moved to `task_state`; generation in the FlowCase */
    FLOW_DO_CLOCK,    /* clock `index` changed; its new value is in the FlowCase */
    FLOW_DO_NOTICE,   /* text: notice id */
    FLOW_DO_SET,      /* index: schema column, value */
    FLOW_DO_ASSIGN,   /* text: decision id */
    FLOW_DO_ENGINE,   /* text: stage, text2: call */
    FLOW_DO_DOCUMENT, /* text: template id */
    FLOW_DO_SIGN,     /* text: signer list id */
    FLOW_DO_CHILD,    /* text: pack id, text2: mapping */
    FLOW_DO_LINK,     /* text: kind */
    FLOW_DO_REGISTER, /* text: "add" or "end", text2: register */
    FLOW_DO_RATE,     /* invite the receiver to rate */
    FLOW_DO_RUNG,     /* clock `index` passed rung number `rung` (0-based) */
    FLOW_DO_EXPIRE,   /* clock `index` passed 100 %; text: event to fire, or NULL */
    FLOW_DO_RAISE     /* text: internal event; only as declared, never among the effects of a run */
} FlowEffectKind;

typedef enum {
    FLOW_CLOCK_START,
    FLOW_CLOCK_STOP,
    FLOW_CLOCK_PAUSE,
    FLOW_CLOCK_RESUME,
    FLOW_CLOCK_EXTEND
} FlowClockDeed;

typedef struct {
    FlowEffectKind kind;
    int index, rung;
    FlowTaskState task_state;
    FlowClockDeed clock_deed; /* of FLOW_DO_CLOCK */
    const char *text, *text2; /* the chart's own */
    RuleValue value;          /* text values belong to the row or the chart */
} FlowEffect;

/* What a state does on entry, on exit or at its beginning, as declared; NULL: nothing. */
const FlowEffect *flow_chart_on_actions(const FlowChart *chart, int state, FlowOn when, gsize *n);

/* A transition, for those who draw, document, judge or offer buttons. */
typedef struct {
    int state;
    gboolean wanted;
} FlowIn; /* in(state), or not in(state) */
typedef struct {
    int from;           /* "a|b" gives two, "*" one per top-level state that is not final */
    int to;             /* first target; -1: stays */
    const int *targets; /* all of them */
    gsize n_targets;
    const char *event;         /* first; NULL: auto */
    const char *const *events; /* NULL-ended, as written */
    gboolean internal;         /* "=>" */
    gboolean everywhere;       /* written "*" */
    const char *guard;         /* whole text, in() too; NULL: none */
    const Rule *condition;     /* its part that is a condition on the row; NULL: none */
    const FlowIn *ins;         /* and those on the configuration, all of which must be so */
    gsize n_ins;
    const char *const *roles;  /* NULL-ended */
    const char *const *needs;  /* field ids, NULL-ended */
    const char *form;          /* form(id): what may be brought besides, the caller's to check; NULL: none */
    const FlowEffect *actions; /* as declared (SET values unset) */
    gsize n_actions;
} FlowTransition;
gsize flow_chart_transitions(const FlowChart *chart);
FlowTransition flow_chart_transition_at(const FlowChart *chart, gsize i);
/* Of a sealed chart: may both be active at once? A state and itself: yes. */
gboolean flow_chart_together(const FlowChart *chart, int state, int other);

/* ---- running ---- */

/* Enter the initial configuration: no clocks, no tasks but what entry actions and eventless transitions
 * start. Appends effects. Fails as flow_fire does (TASK, LOOP). */
gboolean flow_begin(const FlowChart *chart, FlowCase *c, const RuleValue *row, gint64 now, GArray *effects,
                    GError **error);
/* Fire `event` as somebody holding `roles` (NULL-ended), and run to completion. `row` has one value per
 * schema column and already holds what the event brings; a column named "event" shows internal events while
 * they are worked on. On success `c` is the new configuration and effects (FlowEffect) are appended: first
 * rungs and expiries that were due before `now` (as flow_tick; a caller who wants an on_expiry event to go
 * first ticks first), then what exits, transitions and entries do in SCXML's order, then pauses, resumes and
 * stops of clocks and lapses of tasks that the new configuration brings. On failure nothing changed, and the
 * error is the most specific one: NEEDS, GUARD, ROLE, NOT_AWAITED. Cost: under 5 us for a chart of 30 states.
 */
gboolean flow_fire(const FlowChart *chart, FlowCase *c, const char *event, const char *const *roles,
                   const RuleValue *row, gint64 now, GArray *effects, GError **error);
/* Events somebody with `roles` could fire now: indexes of transitions that would be taken, into `out`
 * (gsize), in document order. A guard that reads a field of its own needs() cannot be decided before the
 * event brings it: offered. Internal events and auto are not offered. */
void flow_offers(const FlowChart *chart, const FlowCase *c, const char *const *roles, const RuleValue *row,
                 GArray *out);
/* Would flow_fire take the event, as far as can be told before it brings its needs()? */
gboolean flow_awaits(const FlowChart *chart, const FlowCase *c, const char *event, const char *const *roles,
                     const RuleValue *row);
/* Transitions that flow_fire would take for the event, in the order in which it would (gsize into `out`). */
void flow_choice(const FlowChart *chart, const FlowCase *c, const char *event, const char *const *roles,
                 const RuleValue *row, GArray *out);
gboolean flow_active(const FlowChart *chart, const FlowCase *c, int state);
/* Where the case rests, as one state: the deepest that holds every active leaf. Of a flat chart its state. -1
 * before flow_begin. */
int flow_rest(const FlowChart *chart, const FlowCase *c);
gboolean flow_ended(const FlowChart *chart, const FlowCase *c); /* in a final state at the top */
/* The configuration as text and back: ids of the active leaves in document order, "a b", then per history
 * state that remembers something "; h = x y". Of a flat chart the state's id. FALSE: not of this chart, or no
 * lawful configuration. Clocks and tasks are not touched. */
void flow_states_write(const FlowChart *chart, const FlowCase *c, GString *out);
gboolean flow_states_read(const FlowChart *chart, const char *text, FlowCase *c);
/* Pass every rung and expiry that is due at `now`: appends RUNG and EXPIRE effects, each once, oldest first.
 */
void flow_tick(const FlowChart *chart, FlowCase *c, gint64 now, GArray *effects);
/* The next instant at which flow_tick would do something for this clock; G_MAXINT64 when never. */
gint64 flow_clock_next(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional);
/* The instant the clock reaches 100 %; G_MAXINT64 unless RUNNING. */
gint64 flow_clock_due(const FlowChart *chart, const FlowCase *c, int clock, gboolean *provisional);
gint64 flow_clock_consumed(const FlowChart *chart, const FlowCase *c, int clock, gint64 now);
/* Percent of the clock's present budget at which its rung (0-based) passes. */
int flow_rung_percent(const FlowChart *chart, const FlowCase *c, int clock, int rung);

/* ---- for a case taken over from another chart ---- */
/* The clock begins now with its usual budget, running; flow_settle says whether it may run where the case is.
 */
void flow_clock_start(const FlowChart *chart, FlowCase *c, int clock, gint64 now);
/* Clocks pause, resume and stop, and tasks lapse, as the configuration says. */
void flow_settle(const FlowChart *chart, FlowCase *c, gint64 now);

/* Walk every invariant of a case against its chart; FALSE and a reason. For tests and fuzzing. */
gboolean flow_sound(const FlowChart *chart, const FlowCase *c, const char **why);
