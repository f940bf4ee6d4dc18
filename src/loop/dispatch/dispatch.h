/* dispatch.h - who goes: the organisation that a decision names; the nearest free unit with the skill that
 * the case asks for, in a straight line; and, when a unit comes free, the most urgent case that waits for
 * one. */
#pragma once
#include "loop/case/case.h"

/* Enrols for assign(decision), engine(dispatch, nearest), engine(dispatch, release), and for units coming
 * free. The skill is the case's open fact "skill"; without one any unit will do. When no unit is free the
 * case waits. */
typedef struct Dispatch Dispatch;
Dispatch *dispatch_new(CaseRoom *room);
void dispatch_free(Dispatch *dispatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dispatch, dispatch_free)

typedef struct {
    const char *unit;
    double metres; /* NAN: it is not known where to */
} DispatchCandidate;
/* Free units with `skill` ("" any), nearest first, at most `k`, into `out` (DispatchCandidate; ids belong to
 * `hold`). Ties go to the smaller id, so a replay gives the same answer; so do all when `from` is not known.
 */
gboolean dispatch_candidates(StoreConn *conn, const char *skill, BasePoint from, guint k, GArray *out,
                             GPtrArray *hold, GError **error);
