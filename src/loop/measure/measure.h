/* measure.h - what it amounts to: keeps the cells of every pack's indicators current as facts arrive, shows
 * them by organisation, area and period, lists the events behind a number, and computes all of it again from
 * the ledger. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

void measure_enrol(CaseRoom *room); /* listens to every fact */

typedef struct {
    const char *pack; /* NULL: every pack */
    const char
        *period; /* a text of engine/indicator: "2026-11-23", "2026-11", "2026-Q4" ...; NULL: all time */
    /* "org" (the one that had the case), "org_tree" (with all that are under it), "area", "pack"; NULL: all
     * together */
    const char *by;
    gboolean compare; /* beside each value that of the period before and of the year before */
} MeasureQuery;
/* Each value with its parts, what was left out, what was taken out and why, and (of a figure made of figures)
 * the values it was made of. */
gboolean measure_view(CaseRoom *room, StoreConn *conn, const MeasureQuery *query, BaseJson *out,
                      GError **error);

typedef struct {
    const char *pack, *indicator, *period;
    const char *by, *group; /* of one group only; NULL: of all */
    const char *only;       /* "excluded", "left_out"; NULL: all */
    gint64 upto;            /* no event after this one: what a frozen value rests on; 0: all */
    gint64 before;          /* page on below this number; 0: from the newest */
    int limit;
} MeasureLook;
/* Events behind one number, newest first: seq, time, case number, what it added, why it was taken out. */
gboolean measure_events(CaseRoom *room, StoreConn *conn, const MeasureLook *look, BaseJson *out,
                        GError **error);
/* One indicator's value by "day" (NULL), "month", "quarter", "half_year", "year", with that of the year
 * before: the last 400. */
gboolean measure_series(CaseRoom *room, StoreConn *conn, const char *pack, const char *indicator,
                        const char *grain, BaseJson *out, GError **error);
