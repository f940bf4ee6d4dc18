/* dispatch.h - who goes: the nearest free unit with the skill that the case asks for, in a straight line; and, when a
 * unit comes free, the most urgent case that waits for one. */
#pragma once
#include "loop/case/case.h"

/* Enrols for engine(dispatch, nearest) and engine(dispatch, release). The skill is the case's open fact "skill". When no
 * unit is free the case waits; engine(dispatch, release) frees the unit and serves the waiting. */
typedef struct Dispatch Dispatch;
Dispatch *dispatch_new(CaseRoom *room);
void dispatch_free(Dispatch *dispatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dispatch, dispatch_free)

typedef struct {
    const char *unit;
    double metres;
} DispatchCandidate;
/* Free units with `skill`, nearest first, at most `k`, into `out` (DispatchCandidate; ids belong to `hold`). Ties go to
 * the smaller id, so a replay gives the same answer. */
gboolean dispatch_candidates(StoreConn *conn, const char *skill, BasePoint from, guint k, GArray *out, GPtrArray *hold,
                             GError **error);
