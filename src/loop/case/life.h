/* life.h - what the desks of this room share: a pack version made ready (CaseKit), what happened (CaseEvent),
 * and the steps from one to the rows. Nobody outside loop/case includes it.
 *
 *   decide (open.c, fire.c, tick.c) -> CaseEvent -> event.c writes it as JSON -> the ledger
 *                                             \-> apply.c takes it into the Case and writes the rows
 *   rebuild.c: the ledger -> event.c reads the JSON -> CaseEvent -> apply.c */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"
#include "store/ledger.h"

/* The facts every case has, in the order of PACK_FACTS. */
typedef enum {
    FACT_EVENT,
    FACT_FROM_STATE,
    FACT_TO_STATE,
    FACT_BY_ROLE,
    FACT_ORG,
    FACT_AREA,
    FACT_UNIT,
    FACT_LEVEL,
    FACT_NOW,
    FACT_OPENED_AT,
    FACT_CLOSED_AT,
    FACT_MINUTES,
    FACT_LATE,
    FACT_RETURNS,
    FACT_REOPENS,
    FACT_RATING,
    FACT_RUNG_CLOCK,
    FACT_RUNG_PERCENT,
    FACT_ACTOR,
    FACT_ACTOR_ORG,
    FACT_CHILDREN,
    FACT_CHILDREN_OPEN,
    N_FACTS
} CaseFactName;

/* The clock in which the resident may answer. It is the receiver's time, so it makes no case due or late. */
#define CASE_RATING_CLOCK "rating"
#define CASE_MAX_DEPTH 16 /* deeds a deed may lead to, before we call it a loop in the pack */
#define CASE_MAX_MOVES 16 /* task moves and notices of one event */

typedef struct CaseKit {
    Pack *pack;
    const FlowChart *chart;
    int columns, fact[N_FACTS]; /* column of each fact in a row */
    int rating_clock;           /* -1: none */
    GuardRule *rules;
    gsize n_rules;
} CaseKit;

typedef struct {
    char *stage;
    CaseStage run;
    gpointer data;
} CaseEnrolled;

struct CaseRoom {
    Store *store;
    Guard *guard;
    gint64 utc_offset;
    /* Lists that readers walk while a version comes in: never changed, but replaced (room.c); old ones stay
     * in `past`. */
    GPtrArray *kits;        /* CaseKit, every version */
    GPtrArray *packs;       /* const Pack *, the newest version of each */
    GPtrArray *past;        /* GPtrArray */
    BaseDays *days;         /* days.c; NULL: those built in */
    GArray *drafts, *after; /* CaseEnrolled */
    struct {
        CaseFact run;
        gpointer data;
    } listener[4];
    struct {
        const char *name; /* "report." */
        CaseReplayed run;
        gpointer data;
    } family[4];
    struct {
        gboolean (*run)(CaseRoom *room, StoreConn *conn, gint64 now, gpointer data, GError **error);
        gpointer data;
    } days_changed[4];
    guint n_listeners, n_families, n_days_changed, depth;
    guint chunk; /* clocks of one job when days change; 0: days.c says */
};

typedef struct {
    BaseId id;
    const char *source, *ref, *channel, *pack;
    gint64 at, received_at;
    const char *disposition; /* "opened", "joined", "rejected" */
    const char *reason, *person;
} CaseSignal;

typedef struct {
    gint64 next, due; /* G_MAXINT64: never */
    gboolean provisional;
} CaseDue;

typedef enum { CASE_OPENED, CASE_MOVED, CASE_RUNG, CASE_MIGRATED } CaseDeed;
typedef enum { CASE_RATE_NONE, CASE_RATE_INVITED, CASE_RATE_ANSWERED, CASE_RATE_LAPSED } CaseRate;

/* What one event did to one case. Fields without a mark hold the state after it; texts belong to the maker.
 */
typedef struct CaseEvent {
    CaseDeed deed;
    const CaseKit *kit;
    BaseId id;
    gint64 at;
    const char *number, *title, *area, *place; /* of an opening */
    BasePoint point;                           /* of an opening */
    CaseSignal signal;                         /* of an opening */
    const char *event, *by_role;
    int from, to, level; /* where it rested, as one state; from -1: nothing was before */
    FlowSet active, remembered[FLOW_MAX_HISTORIES]; /* the configuration; follows from `to` in a flat chart */
    int returns, reopens, rating;                   /* rating 0: not answered */
    gboolean late;
    const char *org, *unit, *note;
    gboolean send, free; /* the unit is sent with this event; comes free with it */
    const char *waiting; /* skill waited for, or NULL */
    gint64 opened_at;
    gint64 happened_at;            /* by the clock of the actor's device; 0: not said */
    json_t *facts, *private_facts; /* what the event brought; owned; NULL: nothing */
    guint clocks;                  /* bit i: clock[i] and due[i] are changed */
    FlowClock clock[FLOW_MAX_CLOCKS];
    CaseDue due[FLOW_MAX_CLOCKS];
    struct {
        int kind;
        guint32 generation;
        FlowTaskState state;
    } task[CASE_MAX_MOVES];
    struct {
        const char *id, *channel, *receiver;
    } notice[CASE_MAX_MOVES];
    CaseRelation relation[CASE_MAX_MOVES];
    guint n_tasks, n_notices, n_relations;
    int children, children_open;
    CaseRate rate;
    const char *rung_clock;
    int rung_percent;
    json_t *renamed_tasks, *renamed_private; /* of a migration: {old: new}, {old: new or null}; owned */
    json_t *hold;                            /* the parsed body that the texts belong to; owned */
    GPtrArray *texts;                        /* what stages said; owned; NULL: nothing */
} CaseEvent;
/* Does the event say how many children there are? Those that never had one hold no such fact. */
static inline gboolean case_event_counts(const CaseEvent *e)
{
    gboolean counts = e->children != 0;
    for (guint i = 0; i < e->n_relations; i++)
        counts |= e->relation[i].kind == CASE_CHILD;
    return counts;
}
void case_event_clear(CaseEvent *e);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CaseEvent, case_event_clear)

/* event.c */
const char *case_event_kind(const CaseEvent *e);
void case_event_write(const CaseEvent *e, GString *out);
/* From the ledger's body (taken over) and private body; `e` must be zero. FALSE when the body is not of this
 * chart. */
gboolean case_event_read(const CaseKit *kit, const LedgerEvent *event, json_t *body, CaseEvent *e,
                         GError **error);
void case_signal_write(BaseJson *j, const CaseSignal *signal);
void case_signal_read(const json_t *body, CaseSignal *signal);

/* room.c */
const GPtrArray *case_kits(const CaseRoom *room); /* of CaseKit: every version */
const CaseKit *case_kit(const CaseRoom *room, const char *version);
const CaseKit *case_kit_of(const CaseRoom *room, const Pack *pack);
gboolean case_run_stage(CaseRoom *room, const GArray *enrolled, const char *stage, StoreConn *conn, Case *c,
                        const char *call, gint64 now, GError **error);

/* row.c */
void case_row_fields(const CaseKit *kit, const json_t *facts,
                     RuleValue *row); /* only fields that are in `facts` */
void case_row_case(Case *c);          /* every column, from the case */
void case_row_event(const CaseKit *kit, const CaseEvent *e, RuleValue *row); /* what just happened */
/* Who brings an event: for deciding alone, so that no figure is about one official. */
void case_row_actor(const CaseKit *kit, const CaseActor *actor, RuleValue *row);
void case_row_forget(Case *c);                 /* nothing just happened */
json_t *case_row_json(const RuleValue *value); /* new reference */

/* load.c */
Case *case_new(const CaseKit *kit, const BaseId *id);
void case_due_dates(const CaseKit *kit, const FlowCase *flow, int clock, CaseDue *out);

/* apply.c */
typedef struct { /* what a case was before an event, as far as rows depend on it */
    char *unit, *org, *waiting;
    gboolean open, late;
} CaseWas;
void case_was(const Case *c, CaseWas *was);
void case_was_clear(CaseWas *was);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CaseWas, case_was_clear)
void case_take(Case *c, const CaseEvent *e); /* into memory; may be repeated as the draft grows */
/* TRUE in *fresh when (source, ref) was not there yet. */
gboolean case_claim_signal(StoreConn *conn, const CaseSignal *signal, const BaseId *case_id, gboolean *fresh,
                           GError **error);
/* The rows and the listeners; the signal of an opening is claimed before. */
gboolean case_apply(CaseRoom *room, StoreConn *conn, Case *c, const CaseWas *was, const CaseEvent *e,
                    gint64 seq, GError **error);
gboolean case_apply_org(StoreConn *conn, const json_t *body, GError **error);
gboolean case_apply_unit(StoreConn *conn, const json_t *body, gint64 at, GError **error);
gboolean case_apply_unit_move(StoreConn *conn, const json_t *body, gint64 at, GError **error);

/* open.c: as case_open, under an id that was drawn already, with its relation to its parent */
gboolean case_open_related(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *source,
                           const PackSignal *signal, const BaseId *id, const CaseRelation *relation,
                           const CaseActor *actor, gint64 now, GError **error);

/* relate.c */
const char *case_relation_name(CaseRelationKind kind);
gboolean case_relation_parse(const char *name, CaseRelationKind *out);
gboolean case_write_relations(StoreConn *conn, const CaseEvent *e, gint64 seq, GError **error);
/* Those of a kind that have not ended, oldest first, appended to `out` (CaseRelation). */
gboolean case_relations(StoreConn *conn, const BaseId *id, CaseRelationKind kind, GArray *out,
                        GError **error);
/* After an event: `ended` when the case closed with it. Followers learn that their leader is done, the parent
 * that a child is. */
gboolean case_tell_related(CaseRoom *room, StoreConn *conn, Case *c, gboolean ended, const GArray *effects,
                           gint64 now, GError **error);

/* child.c */
void case_draft_children(CaseRoom *room, CaseEvent *e, const GArray *effects); /* ids of child(...) effects */
gboolean case_run_child(CaseRoom *room, StoreConn *conn, Case *c, const FlowEffect *effect, const BaseId *id,
                        const CaseActor *actor, gint64 now, GError **error);

/* post.c: an event "notice.<state>" into its row */
gboolean case_apply_post(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error);

/* tick.c */
gboolean case_awaits(const Case *c, const char *event); /* from the system, in the state it is in */

/* fire.c */
#define CASE_MAX_ROLES 32
/* The actor's roles that may act on this case, NULL-ended; FALSE when one was left out because the case is
 * another's. */
gboolean case_standing(const Case *c, const CaseActor *actor, const char *roles[CASE_MAX_ROLES + 1]);
/* An event that the chart is not asked about: what happened beside the case. */
gboolean case_note(CaseRoom *room, StoreConn *conn, Case *c, const char *event, const CaseChange *change,
                   const CaseActor *actor, gint64 now, GError **error);
/* A move that changes nothing yet. */
void case_draft_base(CaseEvent *e, const Case *c, const char *event, gint64 now);

/* record.c: the last steps of every deed */
void case_draft_states(CaseEvent *e, const FlowCase *flow); /* the configuration and where it rests */
/* FALSE: the pack sets what it may not. */
gboolean case_draft_flow(CaseEvent *e, const Case *before, const FlowCase *after, const GArray *effects,
                         GError **error);
/* Ask the draft stages, write the event, apply it, hand on what it makes due. `c` is as before the event, or
 * new. */
gboolean case_record(CaseRoom *room, StoreConn *conn, Case *c, CaseEvent *e, const GArray *effects,
                     const CaseActor *actor, GError **error);
gboolean case_log(CaseRoom *room, StoreConn *conn, LedgerEvent *event, const CaseActor *actor,
                  const CaseKit *kit, GError **error);
char *case_private_body(const json_t *facts); /* NULL when there are none; caller frees */

/* register.c: an event "register.<what>" into its rows; and register(add|end, x) of a case */
gboolean case_apply_register(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error);
gboolean case_run_register(CaseRoom *room, StoreConn *conn, const Case *c, const FlowEffect *effect,
                           gint64 now, GError **error);

/* paper.c: an event "document.<what>" into its rows */
gboolean case_apply_paper(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error);

/* days.c: calendar.changed, clock.reprojected, calendar.applied */
gboolean case_days_apply(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error);

/* rebuild.c */
typedef struct {
    const char *table;
    int keys;        /* the first columns */
    const char *sql; /* every row in the order of the keys: comparing is a walk along both */
} CaseTable;
extern const CaseTable case_tables[];
extern const gsize case_n_tables;

typedef struct {
    CaseRoom *room;
    StoreConn *conn; /* where rows are written */
    StoreProgress progress;
    gpointer data;
    gint64 size; /* events in all */
} CaseReplay;
/* Apply every event of `ledger`'s snapshot to empty projections. */
gboolean case_replay(CaseReplay *r, StoreConn *ledger, GError **error);
