/* supervise.h - is it on time: passes every clock whose next rung or expiry is due. Cost follows what is due,
 * not what is open (index on the next instant). */
#pragma once
#include "loop/case/case.h"

/* Inside a write job: handle up to `limit` cases with something due at `now`, oldest first. *handled says how
 * many; call again while it equals `limit`. */
gboolean supervise_tick(CaseRoom *room, StoreConn *conn, gint64 now, int limit, int *handled, GError **error);

/* The same with a job for each case, when supervise_tick was refused: one case that cannot be passed does not
 * hold up the clocks of the others. `refused` hears of it. */
typedef void (*SuperviseRefused)(const BaseId *id, const GError *why, gpointer data);
gboolean supervise_each(CaseRoom *room, gint64 now, int limit, SuperviseRefused refused, gpointer data,
                        GError **error);
/* The next instant anything is due; G_MAXINT64 when nothing is. */
gboolean supervise_next(StoreConn *conn, gint64 *next, GError **error);
