/* relate.h - cases and other cases: followers merged into a leading one, parts split off, children of a
 * service.
 *
 * A merge is the follower's event `merge` (its chart must await it, trait mergeable) and the leader's event
 * "leads", in one transaction, both of operation "combination". The follower keeps its receiver, its resident
 * clock, its notices and its rating; the leader's resident deadline becomes the earliest of them all, by a
 * smaller budget. When the leader is done (its resident is asked to rate, or it ends) each follower gets
 * `leader_closed` from the system and goes its own way to its rating. Undoing brings the follower back where
 * it was and gives the leader the budget that the others leave it.
 * A split is the parent's event `split` (trait splittable) and a case of the same service per organisation;
 * when one of them ends the parent gets `child_closed`. child(pack, mapping) of a procedure opens a case of
 * another service. How many there are and how many of them are open stands in the facts `children` and
 * `children_open`, for guards: all are done, any is, so many are.
 * Relations are rows of their own case (invariant 1): each side's event writes its side. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define CASE_MAX_PARTS 8

/* Refused, and nothing changed: CASE_ERROR_RELATION (no standing in one of the two; another service; itself;
 * a follower that leads others; a leader that could not be merged itself because it is closed, done or
 * follows), and what case_fire refuses. `reason` is open text for people. */
gboolean case_merge(CaseRoom *room, StoreConn *conn, const BaseId *leader, const BaseId *follower,
                    const char *reason, const CaseActor *actor, gint64 now, GError **error);
gboolean case_unmerge(CaseRoom *room, StoreConn *conn, const BaseId *follower, const char *reason,
                      const CaseActor *actor, gint64 now, GError **error);

typedef struct {
    const char *org;      /* responsible for this part */
    const json_t *fields; /* what differs from the parent's facts; NULL: nothing */
} CasePart;
/* A part takes the parent's open and private facts (the latter logged as disclosure), its place and level.
 * `ids` gets one id a part. */
gboolean case_split(CaseRoom *room, StoreConn *conn, const BaseId *id, const CasePart *parts, guint n,
                    const char *reason, const CaseActor *actor, gint64 now, BaseId *ids, GError **error);
/* Parts that nobody has begun are withdrawn (their chart must await `withdrawn` from the system); one that
 * was begun is left, and its parent's `unsplit` is refused by the guard children_open = 0. */
gboolean case_unsplit(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *reason,
                      const CaseActor *actor, gint64 now, GError **error);

/* RelationList of api/routes.def: related cases, and open cases of the same service with the same place and
 * title within 72 hours, which may be the same matter. Open facts only. */
gboolean case_view_relations(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                             GError **error);
