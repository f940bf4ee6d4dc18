/* roster.h - the mediation organisations of a city that does not exist (data/city/organisations.csv), as
 * organisations, and as entries of the register `organisations` where the service `mediation` is loaded. */
#pragma once
#include "loop/case/case.h"

/* In a write job. An entry that the register does not take is an error, which names its line. */
gboolean roster_settle(CaseRoom *room, StoreConn *conn, gint64 now, GError **error);
