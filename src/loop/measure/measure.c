/* measure.c - cells: one per indicator, day, organisation and area, summed into months, years and groups when
 * somebody looks. Sums are of integers, so any order of the same facts gives the same bits. */
#include "loop/measure/measure.h"

#include <math.h>

/* ---- keeping ---- */

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

static gboolean add_event(StoreConn *conn, const char *indicator, const Case *c, const char *day, gint64 seq,
                          const IndicatorDelta *d, GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO cell_event(indicator, pack, period, seq, num, den, left_out)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     STORE_T(indicator), STORE_T(pack_id(c->pack)), STORE_T(day), STORE_I(seq),
                     STORE_I(d->num), STORE_I(d->den), STORE_I(d->left_out));
}

static gboolean fact(CaseRoom *room, StoreConn *conn, const Case *c, gint64 seq, gint64 at, gpointer data,
                     GError **error)
{
    (void)data;
    char day[11];
    indicator_period(INDICATOR_DAY, at, case_room_offset(room), day);
    for (gsize i = 0; i < pack_indicators(c->pack); i++) {
        const PackIndicator *p = pack_indicator_at(c->pack, i);
        IndicatorDelta delta;
        if (!indicator_weigh(p->indicator, c->row, &delta)) continue;
        if (!add_cell(conn, p->id, c, day, &delta, error) ||
            !add_event(conn, p->id, c, day, seq, &delta, error))
            return FALSE;
    }
    return TRUE;
}

void measure_enrol(CaseRoom *room)
{
    case_room_listen(room, fact, NULL);
}

/* ---- periods: "2026" holds every day whose text begins with it ---- */

static gboolean period_sound(const char *period)
{
    static const char form[] = "dddd-dd-dd";
    gsize n = period ? strlen(period) : 0;
    if (period && n != 4 && n != 7 && n != 10) return FALSE;
    for (gsize i = 0; i < n; i++)
        if (form[i] == 'd' ? !g_ascii_isdigit(period[i]) : period[i] != form[i]) return FALSE;
    if (n < 7) return TRUE;
    g_autofree char *day = n == 10 ? g_strdup(period) : g_strconcat(period, "-01", NULL);
    gint64 ignored;
    return base_time_parse(day, 0, &ignored);
}

static gboolean refuse_period(const char *period, GError **error)
{
    if (period_sound(period)) return FALSE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                "a period is a day (2026-11-23), a month (2026-11) or a year (2026)");
    return TRUE;
}

static void period_bounds(const char *period, char from[16], char to[16])
{
    g_strlcpy(from, period ? period : "", 16);
    g_snprintf(to, 16, "%s~", from);
}

/* ---- showing ---- */

static void write_value(BaseJson *out, const char *pack, const PackIndicator *p, const char *group,
                        IndicatorDelta sum)
{
    double value;
    base_json_object(out);
    base_json_put_text(out, "id", p->id);
    base_json_put_text(out, "pack", pack);
    base_json_put_text(out, "title_zh", p->title_zh);
    base_json_put_text(out, "title_en", p->title_en);
    base_json_put_text(out, "unit_zh", p->unit_zh ? p->unit_zh : "");
    base_json_put_text(out, "unit_en", p->unit_en ? p->unit_en : "");
    base_json_put_text(out, "group", group);
    base_json_put_int(out, "num", sum.num);
    base_json_put_int(out, "den", sum.den);
    base_json_put_int(out, "left_out", sum.left_out);
    if (indicator_result(indicator_kind(p->indicator), sum, &value)) base_json_put_real(out, "value", value);
    if (isfinite(p->target)) base_json_put_real(out, "target", p->target);
    base_json_put_bool(out, "higher_is_better", p->higher_is_better);
    base_json_end_object(out);
}

static const char *sums_by(const char *by)
{
    if (!by)
        return "SELECT '', sum(num), sum(den), sum(left_out) FROM cell WHERE indicator = ?1 AND pack = ?2"
               " AND period >= ?3 AND period < ?4";
    if (!strcmp(by, "org"))
        return "SELECT org, sum(num), sum(den), sum(left_out) FROM cell WHERE indicator = ?1 AND pack = ?2"
               " AND period >= ?3 AND period < ?4 GROUP BY org ORDER BY org";
    if (!strcmp(by, "area"))
        return "SELECT area, sum(num), sum(den), sum(left_out) FROM cell WHERE indicator = ?1 AND pack = ?2"
               " AND period >= ?3 AND period < ?4 GROUP BY area ORDER BY area";
    return NULL;
}

static gboolean view_indicator(StoreConn *conn, const char *sql, const char *pack, const PackIndicator *p,
                               const char *period, BaseJson *out, GError **error)
{
    char from[16], to[16];
    GError *failed = NULL;
    period_bounds(period, from, to);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, sql, STORE_T(p->id), STORE_T(pack), STORE_T(from), STORE_T(to));
    while (rows && store_step(rows, &failed)) {
        IndicatorDelta sum = { store_int(rows, 1), store_int(rows, 2), store_int(rows, 3) };
        write_value(out, pack, p, store_text(rows, 0), sum);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean view_pack(StoreConn *conn, const char *sql, const Pack *pack, const char *period,
                          BaseJson *out, GError **error)
{
    for (gsize i = 0; i < pack_indicators(pack); i++)
        if (!view_indicator(conn, sql, pack_id(pack), pack_indicator_at(pack, i), period, out, error))
            return FALSE;
    return TRUE;
}

gboolean measure_view(CaseRoom *room, StoreConn *conn, const MeasureQuery *query, BaseJson *out,
                      GError **error)
{
    const char *sql = sums_by(query->by);
    if (!sql) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "figures are grouped by org or area");
        return FALSE;
    }
    if (refuse_period(query->period, error)) return FALSE;
    if (query->pack && !case_room_pack(room, query->pack)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "there is no pack '%s' here", query->pack);
        return FALSE;
    }
    base_json_object(out);
    base_json_put_text(out, "period", query->period ? query->period : "");
    base_json_put_text(out, "by", query->by ? query->by : "");
    base_json_key(out, "values");
    base_json_array(out);
    GPtrArray *packs = case_room_packs(room);
    for (guint i = 0; i < packs->len; i++)
        if ((!query->pack || !strcmp(query->pack, pack_id(packs->pdata[i]))) &&
            !view_pack(conn, sql, packs->pdata[i], query->period, out, error))
            return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}

/* ---- behind a number ---- */

static const PackIndicator *find_indicator(CaseRoom *room, const char *pack_name, const char *id,
                                           GError **error)
{
    const Pack *pack = case_room_pack(room, pack_name);
    for (gsize i = 0; pack && i < pack_indicators(pack); i++)
        if (!strcmp(pack_indicator_at(pack, i)->id, id)) return pack_indicator_at(pack, i);
    g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "there is no such indicator in this pack");
    return NULL;
}

static void write_event(BaseJson *out, const StoreRows *rows)
{
    char text[BASE_ID_TEXT];
    BaseId id;
    base_json_object(out);
    base_json_put_int(out, "seq", store_int(rows, 0));
    base_json_put_int(out, "at", store_int(rows, 1));
    base_json_put_text(out, "number", store_text(rows, 2));
    if (store_id(rows, 3, &id)) {
        base_id_write(&id, text);
        base_json_put_text(out, "case_id", text);
    }
    base_json_put_int(out, "num", store_int(rows, 4));
    base_json_put_int(out, "den", store_int(rows, 5));
    base_json_put_int(out, "left_out", store_int(rows, 6));
    base_json_end_object(out);
}

gboolean measure_events(CaseRoom *room, StoreConn *conn, const char *pack, const char *indicator,
                        const char *period, gint64 before, int limit, BaseJson *out, GError **error)
{
    if (!find_indicator(room, pack, indicator, error) || refuse_period(period, error)) return FALSE;
    char from[16], to[16];
    GError *failed = NULL;
    period_bounds(period, from, to);
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT x.seq, e.at, c.number, c.id, x.num, x.den, x.left_out FROM (SELECT seq, num, den, left_out"
        " FROM cell_event WHERE indicator = ?1 AND pack = ?2 AND period >= ?3 AND period < ?4 AND seq < ?5"
        " ORDER BY seq DESC LIMIT ?6) x JOIN event e ON e.seq = x.seq JOIN case_file c ON c.id = e.case_id"
        " ORDER BY x.seq DESC",
        STORE_T(indicator), STORE_T(pack), STORE_T(from), STORE_T(to), STORE_I(before ? before : G_MAXINT64),
        STORE_I(CLAMP(limit, 1, 200)));
    base_json_object(out);
    base_json_key(out, "events");
    base_json_array(out);
    while (rows && store_step(rows, &failed))
        write_event(out, rows);
    base_json_end_array(out);
    base_json_end_object(out);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static void write_point(BaseJson *out, const PackIndicator *p, const StoreRows *rows)
{
    IndicatorDelta sum = { store_int(rows, 1), store_int(rows, 2), 0 };
    double value;
    base_json_object(out);
    base_json_put_text(out, "period", store_text(rows, 0));
    base_json_put_int(out, "num", sum.num);
    base_json_put_int(out, "den", sum.den);
    if (indicator_result(indicator_kind(p->indicator), sum, &value)) base_json_put_real(out, "value", value);
    base_json_end_object(out);
}

gboolean measure_series(CaseRoom *room, StoreConn *conn, const char *pack, const char *indicator,
                        BaseJson *out, GError **error)
{
    const PackIndicator *p = find_indicator(room, pack, indicator, error);
    if (!p) return FALSE;
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT period, sum(num), sum(den) FROM cell WHERE indicator = ?1 AND pack = ?2"
                    " GROUP BY period ORDER BY period",
                    STORE_T(indicator), STORE_T(pack));
    base_json_object(out);
    base_json_key(out, "points");
    base_json_array(out);
    while (rows && store_step(rows, &failed))
        write_point(out, p, rows);
    base_json_end_array(out);
    base_json_end_object(out);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}
