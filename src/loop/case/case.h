/* case.h - the life-file of one case: opened by a signal, moved by events, seen by those entitled.
 *
 * Deciding and recording are apart. A deed (open, fire, tick) asks the flow engine, writes one ledger event
 * that holds everything it changed, and applies that event to the projections; `bihuan rebuild` applies the
 * same events again and must get the same rows. A stage never calls another: what an event makes due
 * (engine(dispatch, nearest), assign(...), rate, notice) is handed to whoever is enrolled for it, inside the
 * same transaction, who adds to the event while it is drafted or answers with a further one. Invariants
 * (README): 1 every change is one event in the same transaction; 2 apply reads nothing but the event and the
 * rows; 3 one responsible addressee; 4 a final state has no running clock and no open task. Threads: deeds
 * run in write jobs; views on any snapshot. */
#pragma once
#include "base/geo.h"
#include "engine/flow/flow.h"
#include "guard/guard.h"
#include "pack/pack.h"
#include "store/ledger.h"

#define CASE_ERROR (g_quark_from_static_string("case"))
enum {
    CASE_ERROR_UNKNOWN,  /* no such case, or not one the asker may know of */
    CASE_ERROR_FIELDS,   /* an event's fields are refused or missing; the text names them */
    CASE_ERROR_RELATION, /* this user has no standing in this case (another organisation, another unit) */
    CASE_ERROR_PACK,     /* the case's pack or version is not loaded */
    CASE_ERROR_TIME      /* the time a device claims for a deed cannot be; the text says how it is off */
};

/* ---- the room: what is real here ---- */
typedef struct CaseRoom CaseRoom;
/* `guard` and `store` must outlive it. `utc_offset` cuts the local day. */
CaseRoom *case_room_new(Store *store, Guard *guard, gint64 utc_offset);
void case_room_free(CaseRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseRoom, case_room_free)
Store *case_room_store(CaseRoom *room);
Guard *case_room_guard(CaseRoom *room);
gint64 case_room_offset(const CaseRoom *room);
/* Take a pack (ownership, also when it fails); logs "pack.published" when its version is new to the store;
 * loads stored versions that open cases still hold. Also while the room is in use: readers see the old list
 * or the new one, whole. Not from within a job, and one at a time. */
gboolean case_room_add_pack(CaseRoom *room, Pack *pack, gint64 at, GError **error);
gint64 case_room_versions(const CaseRoom *room); /* how many there are; grows when a pack comes in */
const Pack *case_room_pack(const CaseRoom *room,
                           const char *id); /* the version new cases get; NULL unknown */
const Pack *case_room_pack_version(const CaseRoom *room, const char *hash);
GPtrArray *case_room_packs(const CaseRoom *room); /* of const Pack *, newest versions; the room's own */

/* ---- one case in a write job ---- */
typedef struct {
    BaseId id;
    char *number;
    const Pack *pack;
    FlowCase flow;
    gint64 next[FLOW_MAX_CLOCKS],
        due[FLOW_MAX_CLOCKS];                /* of each clock, as its row says; G_MAXINT64: never */
    char *title, *org, *area, *place, *unit; /* unit NULL: nobody sent */
    BasePoint point;                         /* NAN when unknown */
    int level;
    gint64 opened_at, moved_at, closed_at; /* closed_at 0: open */
    gboolean late;
    json_t *facts;  /* open facts by field id, with "returns", "reopens", "rating" */
    RuleValue *row; /* pack_schema's row of the current facts; texts belong to `facts` and the case */
    const struct CaseKit *kit; /* the pack's version made ready; the room's own */
    struct CaseEvent *draft;   /* the event being drafted, or NULL */
} Case;
Case *case_load(CaseRoom *room, StoreConn *conn, const BaseId *id, GError **error);
void case_free(Case *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

typedef struct {
    const char *actor;           /* login, "resident", or "system:<stage>" */
    const char *const *roles;    /* NULL-ended */
    const char *org, *unit;      /* of a user; NULL for the system */
    const char *basis, *purpose; /* NULL: the pack's own for its procedure */
    gint64 happened_at;          /* when it was done by the clock of their device, ms; 0: not said */
} CaseActor;
extern const CaseActor CASE_SYSTEM; /* role "system" */

/* Open a case for a signal. `source` and `signal->ref` together are unique: a second time gives the first
 * case, *again TRUE, and changes nothing. */
gboolean case_open(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *source,
                   const PackSignal *signal, const CaseActor *actor, gint64 now, BaseId *id, gboolean *again,
                   GError **error);
/* A signal that opens nothing: kept with its reason and the person who says so. */
gboolean case_reject(CaseRoom *room, StoreConn *conn, const char *source, const PackSignal *signal,
                     const Pack *pack, const char *reason, const char *person, gint64 now, GError **error);
/* A signal about a case that is already there. */
gboolean case_join(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *source,
                   const PackSignal *signal, const CaseActor *actor, gint64 now, GError **error);
/* A device may claim a time up to this much after it was received (clocks that nobody sets differ by
 * minutes), or before the case was opened; and up to this long ago (longer than anybody is out of reach). Our
 * choice, no law's. */
#define CASE_CLOCK_AHEAD (5 * BASE_MINUTE)
#define CASE_SENT_LATE (7 * BASE_DAY)
/* Fire an event; `fields` (may be NULL) are checked against the pack, split, and kept. Checks standing: roles
 * "unit" and "handler" must be the case's own unit or organisation. Runs what it makes due, to the end.
 * `actor->happened_at` stands in the event beside `now`, when it was received: a claim, kept for people.
 * Clocks and figures go by `now`, so nobody gains a minute by setting a device's clock. CASE_ERROR_TIME: the
 * claim is beyond the bounds above; nothing changed. Merging and splitting are relate.h's. */
gboolean case_fire(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *event, const json_t *fields,
                   const CaseActor *actor, gint64 now, GError **error);
/* Has one of the actor's roles standing in this case (unit: their own; handler: their organisation's)?
 * CASE_ERROR_RELATION: none has. */
gboolean case_stands(const Case *c, const CaseActor *actor, GError **error);
/* From a stage, on a loaded case: the same without loading; `c` is current afterwards. `change` (may be
 * NULL): what the stage sets besides (unit, org). `event` NULL: the change is recorded as event
 * "assigned", which is fired where the chart awaits it from the system. Refused: nothing changed. Failed
 * later (a stage or the store): the job is to be given up, and `c` with it. */
typedef enum { CASE_LEADS, CASE_FOLLOWS, CASE_CHILD, CASE_PARENT } CaseRelationKind;
typedef struct { /* of a case to another; relate.h */
    CaseRelationKind kind;
    BaseId other;
    gboolean ends;
    gint64 budget, base; /* of LEADS: ms, that the follower leaves the leader's resident clock, and that it
                          * had before all followers; 0: none */
} CaseRelation;
typedef struct {
    const char *unit, *org; /* NULL: as it is; "" clears the unit */
    const char *note;       /* open text for people: why this unit */
    const CaseRelation *relations;
    guint n_relations;
    int children, children_open; /* added to the facts of that name */
} CaseChange;
gboolean case_move(CaseRoom *room, StoreConn *conn, Case *c, const char *event, const json_t *fields,
                   const CaseChange *change, const CaseActor *actor, gint64 now, GError **error);
/* Pass rungs and expiries due at `now`: one event each ("case.rung", then the on_expiry event as role
 * system). */
gboolean case_tick(CaseRoom *room, StoreConn *conn, Case *c, gint64 now, GError **error);

/* ---- who is enrolled for what is due ---- */
/* engine(stage, call), assign(decision) -> stage "assign", rate -> stage "rate", notice -> stage "notice"
 * (call = notice id), document -> stage "document", sign -> stage "sign" (call = the template's id). "freed"
 * (call = unit id): a unit came free; `c` is NULL when it was not through a case. Runs inside the
 * transaction. */
typedef gboolean (*CaseStage)(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                              gpointer data, GError **error);
void case_room_enrol(CaseRoom *room, const char *stage, CaseStage run, gpointer data);
/* The same, but asked before the event is written, `c` being as after it: what the stage answers with
 * case_draft_* becomes part of the event, and no further one is needed. A stage may be enrolled both ways. */
void case_room_enrol_draft(CaseRoom *room, const char *stage, CaseStage run, gpointer data);
/* Texts are copied. */
void case_draft_unit(Case *c, const char *unit); /* sends the unit: its row becomes "sent" to this case */
void case_draft_free(Case *c); /* frees the case's unit; the case keeps the name of who did it */
void case_draft_wait(Case *c, const char *skill); /* no unit now; in line for one with this skill */
void case_draft_note(Case *c, const char *note);
gboolean case_draft_notice(Case *c, const PackNotice *notice, GError **error);
void case_draft_invite(Case *c);
/* An output of a decision: "org", "level" or an open field. */
gboolean case_draft_set(Case *c, const char *field, const json_t *value, GError **error);
/* Told of every fact (one per case event) after it was applied, live and on rebuild alike: measure listens
 * here. */
typedef gboolean (*CaseFact)(CaseRoom *room, StoreConn *conn, const Case *c, gint64 seq, gint64 at,
                             gpointer data, GError **error);
void case_room_listen(CaseRoom *room, CaseFact fact, gpointer data);
/* An event of a family that is no case's ("report."): whoever logs such events keeps rows of them, and is
 * given them again on rebuild, in their place in the ledger; then the rows are as they were when it was
 * logged. */
typedef gboolean (*CaseReplayed)(CaseRoom *room, StoreConn *conn, const LedgerEvent *event,
                                 const json_t *body, gpointer data, GError **error);
void case_room_enrol_family(CaseRoom *room, const char *family, CaseReplayed run, gpointer data);

/* ---- the projections ---- */
/* Empty every projection and apply the whole ledger again, in one transaction. */
gboolean case_rebuild(CaseRoom *room, StoreProgress progress, gpointer data, GError **error);
/* Rebuild into a scratch store and compare every row with the live one; `differences` (GPtrArray of char *)
 * gets up to 100 lines "table key: column live, rebuilt". FALSE only when it cannot be done. */
gboolean case_verify(CaseRoom *room, StoreProgress progress, gpointer data, GPtrArray *differences,
                     GError **error);
/* Events that are not a case's: units and organisations. Each logs one event and applies it. */
gboolean case_put_org(CaseRoom *room, StoreConn *conn, const char *id, const char *name, const char *parent,
                      const char *area, const char *kind, const char *actor, gint64 now, GError **error);
gboolean case_put_unit(CaseRoom *room, StoreConn *conn, const char *id, const char *name, const char *org,
                       const char *skills, BasePoint at, const char *actor, gint64 now, GError **error);
/* state: "free", "sent", "on_scene", "off". Position and state, for the board and for dispatch. */
gboolean case_set_unit(CaseRoom *room, StoreConn *conn, const char *id, const char *state,
                       const BaseId *case_id, BasePoint at, const char *actor, gint64 now, GError **error);
