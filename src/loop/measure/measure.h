/* measure.h - what it amounts to: keeps the cells of every pack's indicators current as facts arrive, shows
 * them by organisation, area and period, lists the events behind a number, and computes all of it again from
 * the ledger. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

void measure_enrol(CaseRoom *room); /* listens to every fact */

typedef struct {
    const char *pack;   /* NULL: every pack */
    const char *period; /* "2026-11-23", "2026-11", "2026"; NULL: all time */
    const char *by;     /* "org", "area" or NULL: all together */
} MeasureQuery;
gboolean measure_view(CaseRoom *room, StoreConn *conn, const MeasureQuery *query, BaseJson *out,
                      GError **error);
/* Events behind one number: seq, time, case number, what it added; newest first, `limit` of them before seq
 * `before`. */
gboolean measure_events(CaseRoom *room, StoreConn *conn, const char *pack, const char *indicator,
                        const char *period, gint64 before, int limit, BaseJson *out, GError **error);
/* One indicator's value by day, for a chart. */
gboolean measure_series(CaseRoom *room, StoreConn *conn, const char *pack, const char *indicator,
                        BaseJson *out, GError **error);
