/* measure.c - keeping: one cell per indicator, day, organisation and area, and one line for each fact that
 * spoke to it. Sums are of integers, so any order of the same facts gives the same bits. */
#include "loop/measure/measure.h"
#include "loop/measure/report.h"

static gboolean add_cell(StoreConn *conn, const char *indicator, const Case *c, const char *day,
                         const IndicatorDelta *d, GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO cell(indicator, pack, period, org, area, num, den, left_out)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(indicator, pack, period, org, area)"
                     " DO UPDATE SET num = cell.num + excluded.num, den = cell.den + excluded.den,"
                     " left_out = cell.left_out + excluded.left_out",
                     STORE_T(indicator), STORE_T(pack_id(c->pack)), STORE_T(day), STORE_T(c->org),
                     STORE_T(c->area), STORE_I(d->num), STORE_I(d->den), STORE_I(d->left_out));
}

static gboolean add_out(StoreConn *conn, const char *indicator, const Case *c, const char *day,
                        const char *reason, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO cell_out(indicator, pack, period, org, area, reason, n)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1)"
        " ON CONFLICT(indicator, pack, period, org, area, reason) DO UPDATE SET n = cell_out.n + 1",
        STORE_T(indicator), STORE_T(pack_id(c->pack)), STORE_T(day), STORE_T(c->org), STORE_T(c->area),
        STORE_T(reason));
}

static gboolean add_value(StoreConn *conn, const char *indicator, const Case *c, const char *day,
                          gint64 value, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO cell_value(indicator, pack, period, org, area, value, n)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1)"
        " ON CONFLICT(indicator, pack, period, org, area, value) DO UPDATE SET n = cell_value.n + 1",
        STORE_T(indicator), STORE_T(pack_id(c->pack)), STORE_T(day), STORE_T(c->org), STORE_T(c->area),
        STORE_I(value));
}

static gboolean add_event(StoreConn *conn, const char *indicator, const Case *c, const char *day, gint64 seq,
                          const IndicatorDelta *d, const char *reason, GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO cell_event(indicator, pack, period, seq, num, den, left_out, reason)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     STORE_T(indicator), STORE_T(pack_id(c->pack)), STORE_T(day), STORE_I(seq),
                     STORE_I(d->num), STORE_I(d->den), STORE_I(d->left_out), STORE_T(reason));
}

static gboolean take(StoreConn *conn, const PackIndicator *p, const Case *c, const char *day, gint64 seq,
                     GError **error)
{
    IndicatorDelta delta;
    if (!indicator_weigh(p->indicator, c->row, &delta)) return TRUE;
    const char *reason = delta.excluded ? indicator_excludes(p->indicator, c->row) : NULL;
    gboolean ranked = indicator_kind(p->indicator) == INDICATOR_PERCENTILE && delta.den;
    return (reason ? add_out(conn, p->id, c, day, reason, error)
                   : add_cell(conn, p->id, c, day, &delta, error)) &&
           (!ranked || add_value(conn, p->id, c, day, delta.num, error)) &&
           add_event(conn, p->id, c, day, seq, &delta, reason, error);
}

static gboolean fact(CaseRoom *room, StoreConn *conn, const Case *c, gint64 seq, gint64 at, gpointer data,
                     GError **error)
{
    (void)data;
    char day[11];
    indicator_period(INDICATOR_DAY, at, case_room_offset(room), day);
    for (gsize i = 0; i < pack_indicators(c->pack); i++)
        if (!take(conn, pack_indicator_at(c->pack, i), c, day, seq, error)) return FALSE;
    return TRUE;
}

void measure_enrol(CaseRoom *room)
{
    case_room_listen(room, fact, NULL);
    measure_report_enrol(room);
}
