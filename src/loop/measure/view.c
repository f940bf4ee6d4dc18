/* view.c - figures for whoever may see them: values with their parts, their course over time, and the events
 * behind a number. */
#include "loop/measure/book.h"
#include <math.h>

/* ---- questions ---- */

static gboolean refuse_period(const char *period, GError **error)
{
    IndicatorPeriod ignored;
    if (!period || indicator_period_parse(period, &ignored)) return FALSE;
    g_set_error(
        error, CASE_ERROR, CASE_ERROR_FIELDS,
        "a period is a day (2026-11-23), a month (2026-11), a quarter (2026-Q4), a half-year (2026-H2) or "
        "a year (2026)");
    return TRUE;
}

static gboolean refuse_by(const char *text, BookBy *by, GError **error)
{
    if (book_by_parse(text, by)) return FALSE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "figures are grouped by org, org_tree, area or pack");
    return TRUE;
}

static const Pack *find_indicator(CaseRoom *room, const char *pack_name, const char *id, gsize *i,
                                  GError **error)
{
    const Pack *pack = case_room_pack(room, pack_name);
    int at = pack ? pack_indicator_find(pack, id) : -1;
    if (at < 0) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "there is no such indicator in this pack");
        return NULL;
    }
    *i = (gsize)at;
    return pack;
}

/* ---- values ---- */

static gboolean put_value(BaseJson *out, const char *key, Book *book, gsize i, const char *period,
                          const char *group, GError **error)
{
    double value;
    gboolean has;
    if (!book_value(book, i, period, group, &has, &value, error)) return FALSE;
    if (has) base_json_put_real(out, key, value);
    return TRUE;
}

static const PackExclusion *exclusion_of(const PackIndicator *p, const char *id)
{
    for (gsize i = 0; i < p->n_excluded; i++)
        if (!strcmp(p->excluded[i].id, id)) return &p->excluded[i];
    return NULL;
}

static void put_excluded(BaseJson *out, const PackIndicator *p, const BookSum *sum)
{
    base_json_key(out, "excluded");
    base_json_array(out);
    for (GTreeNode *at = g_tree_node_first(sum->out); at; at = g_tree_node_next(at)) {
        const char *id = g_tree_node_key(at);
        const PackExclusion *e = exclusion_of(p, id); /* of an older version perhaps, and gone */
        base_json_object(out);
        base_json_put_text(out, "id", id);
        base_json_put_text(out, "reason_zh", e ? e->reason_zh : id);
        base_json_put_text(out, "reason_en", e ? e->reason_en : id);
        base_json_put_int(out, "n", *(gint64 *)g_tree_node_value(at));
        base_json_end_object(out);
    }
    base_json_end_array(out);
}

static gboolean put_inputs(BaseJson *out, Book *book, gsize i, const char *period, const char *group,
                           GError **error)
{
    gsize n, n_parts;
    const Indicator *indicator = pack_indicator_at(book_pack(book), i)->indicator;
    const IndicatorUse *uses = indicator_uses(indicator, &n);
    const IndicatorPart *parts = indicator_parts(indicator, &n_parts);
    base_json_key(out, "inputs");
    base_json_array(out);
    for (gsize k = 0; k < n; k++) {
        char of[11] = "";
        const PackIndicator *p = pack_indicator_at(book_pack(book), uses[k].of);
        gboolean there = pack_period_of(period, uses[k].shift, of);
        const BookSum *sum = there ? book_sum(book, uses[k].of, of, group, error) : NULL;
        if (there && !sum) return FALSE;
        base_json_object(out);
        base_json_put_text(out, "id", p->id);
        base_json_put_text(out, "title_zh", p->title_zh);
        base_json_put_text(out, "title_en", p->title_en);
        base_json_put_text(out, "unit_zh", p->unit_zh ? p->unit_zh : "");
        base_json_put_text(out, "unit_en", p->unit_en ? p->unit_en : "");
        base_json_put_text(out, "kind", indicator_kind_name(indicator_kind(p->indicator)));
        base_json_put_text(out, "period", of);
        base_json_put_int(out, "num", sum ? sum->sum.num : 0);
        base_json_put_int(out, "den", sum ? sum->sum.den : 0);
        if (there && !put_value(out, "value", book, uses[k].of, of, group, error)) return FALSE;
        for (gsize m = 0; m < n_parts; m++)
            if (parts[m].of == uses[k].of) {
                base_json_put_real(out, "weight", parts[m].weight);
                base_json_put_real(out, "full", parts[m].full);
                base_json_put_real(out, "zero", parts[m].zero);
            }
        base_json_end_object(out);
    }
    base_json_end_array(out);
    return TRUE;
}

static gboolean put_compared(BaseJson *out, Book *book, gsize i, const char *period, const char *group,
                             GError **error)
{
    static const struct {
        const char *key;
        IndicatorShift shift;
    } sides[] = { { "before", INDICATOR_PERIOD_BEFORE }, { "year_before", INDICATOR_YEAR_BEFORE } };
    for (gsize k = 0; k < G_N_ELEMENTS(sides); k++) {
        char of[11];
        if (pack_period_of(period, sides[k].shift, of) &&
            !put_value(out, sides[k].key, book, i, of, group, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_value(BaseJson *out, Book *book, gsize i, const char *period, const char *group,
                            gboolean compare, GError **error)
{
    const PackIndicator *p = pack_indicator_at(book_pack(book), i);
    const BookSum *sum = book_sum(book, i, period, group, error);
    if (!sum) return FALSE;
    base_json_object(out);
    base_json_put_text(out, "id", p->id);
    base_json_put_text(out, "pack", pack_id(book_pack(book)));
    base_json_put_text(out, "kind", indicator_kind_name(indicator_kind(p->indicator)));
    base_json_put_text(out, "title_zh", p->title_zh);
    base_json_put_text(out, "title_en", p->title_en);
    base_json_put_text(out, "unit_zh", p->unit_zh ? p->unit_zh : "");
    base_json_put_text(out, "unit_en", p->unit_en ? p->unit_en : "");
    base_json_put_text(out, "group", group);
    base_json_put_int(out, "num", sum->sum.num);
    base_json_put_int(out, "den", sum->sum.den);
    base_json_put_int(out, "left_out", sum->sum.left_out);
    put_excluded(out, p, sum);
    if (!put_value(out, "value", book, i, period, group, error) ||
        !put_inputs(out, book, i, period, group, error) ||
        (compare && !put_compared(out, book, i, period, group, error)))
        return FALSE;
    if (isfinite(p->target)) base_json_put_real(out, "target", p->target);
    base_json_put_bool(out, "higher_is_better", p->higher_is_better);
    base_json_end_object(out);
    return TRUE;
}

static gboolean view_pack(StoreConn *conn, BookBy by, const Pack *pack, const MeasureQuery *query,
                          BaseJson *out, GError **error)
{
    g_autoptr(Book) book = book_new(conn, pack, by);
    const char *period = query->period ? query->period : "";
    for (gsize i = 0; i < pack_indicators(pack); i++) {
        g_autoptr(GPtrArray) groups = book_groups(book, i, period, error);
        for (guint k = 0; groups && k < groups->len; k++)
            if (!write_value(out, book, i, period, groups->pdata[k], query->compare, error)) return FALSE;
        if (!groups) return FALSE;
    }
    return TRUE;
}

gboolean measure_view(CaseRoom *room, StoreConn *conn, const MeasureQuery *query, BaseJson *out,
                      GError **error)
{
    BookBy by;
    if (refuse_by(query->by, &by, error) || refuse_period(query->period, error)) return FALSE;
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
            !view_pack(conn, by, packs->pdata[i], query, out, error))
            return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}

/* ---- behind a number ---- */

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
    if (store_text(rows, 7)) base_json_put_text(out, "excluded", store_text(rows, 7));
    base_json_end_object(out);
}

#define LINES                                                                                                \
    "SELECT x.seq, e.at, c.number, c.id, x.num, x.den, x.left_out, x.reason FROM (SELECT seq, num, den,"     \
    " left_out, reason FROM cell_event WHERE indicator = ?1 AND pack = ?2 AND period >= ?3 AND period < ?4"  \
    " AND seq < ?5 AND (?7 = '' OR (?7 = 'excluded' AND reason IS NOT NULL) OR (?7 = 'left_out' AND"         \
    " left_out > 0))"
#define OF_CASES ") x JOIN event e ON e.seq = x.seq JOIN case_file c ON c.id = e.case_id"
#define NEWEST " ORDER BY x.seq DESC LIMIT ?6"

/* Of all groups the newest are found among the lines alone; of one group their events must be asked. */
static const char *const look_by[] = {
    [BOOK_ALL] = LINES " ORDER BY seq DESC LIMIT ?6" OF_CASES " ORDER BY x.seq DESC",
    [BOOK_ORG] = LINES OF_CASES " WHERE e.body ->> 'org' = ?8" NEWEST,
    [BOOK_ORG_TREE] =
        LINES OF_CASES " WHERE e.body ->> 'org' IN (WITH RECURSIVE under(id) AS (SELECT ?8 UNION"
                       " SELECT org.id FROM org JOIN under ON org.parent = under.id)"
                       " SELECT id FROM under)" NEWEST,
    [BOOK_AREA] = LINES OF_CASES " WHERE e.body ->> 'area' = ?8" NEWEST,
};

static StoreRows *look_up(StoreConn *conn, const MeasureLook *look, BookBy by, GError **error)
{
    char from[12], to[12];
    gint64 below = look->before ? look->before : G_MAXINT64;
    if (look->upto) below = MIN(below, look->upto + 1);
    indicator_period_days(look->period, from, to);
    StoreValue values[] = { STORE_T(look->indicator),
                            STORE_T(look->pack),
                            STORE_T(from),
                            STORE_T(to),
                            STORE_I(below),
                            STORE_I(CLAMP(look->limit, 1, 200)),
                            STORE_T(look->only ? look->only : ""),
                            STORE_T(look->group) };
    return store_query(conn, look_by[by], values, by == BOOK_ALL ? 7 : 8, error);
}

gboolean measure_events(CaseRoom *room, StoreConn *conn, const MeasureLook *look, BaseJson *out,
                        GError **error)
{
    gsize ignored;
    BookBy by;
    GError *failed = NULL;
    if (!find_indicator(room, look->pack, look->indicator, &ignored, error) ||
        refuse_period(look->period, error) || refuse_by(look->group ? look->by : NULL, &by, error))
        return FALSE;
    g_autoptr(StoreRows) rows = look_up(conn, look, by == BOOK_PACK ? BOOK_ALL : by, error);
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

/* ---- over time ---- */

#define MOST_POINTS 400

static gboolean grain_parse(const char *text, IndicatorPeriod *out)
{
    static const char *const words[] = { "day", "month", "quarter", "half_year", "year" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (!strcmp(text ? text : "day", words[i])) {
            *out = (IndicatorPeriod)i;
            return TRUE;
        }
    return FALSE;
}

/* Periods in which the figures over facts under this one have cells, as a set of texts. */
static gboolean add_periods(StoreConn *conn, const Pack *pack, gsize i, IndicatorPeriod grain, GTree *into,
                            GError **error)
{
    gsize n;
    GError *failed = NULL;
    const PackIndicator *p = pack_indicator_at(pack, i);
    const IndicatorUse *uses = indicator_uses(p->indicator, &n);
    for (gsize k = 0; k < n; k++)
        if (!add_periods(conn, pack, uses[k].of, grain, into, error)) return FALSE;
    if (n) return TRUE;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT DISTINCT period FROM cell WHERE indicator = ?1 AND pack = ?2 ORDER BY period",
        STORE_T(p->id), STORE_T(pack_id(pack)));
    while (rows && store_step(rows, &failed)) {
        char text[11];
        indicator_period_of_day(grain, store_text(rows, 0), text);
        g_tree_insert(into, g_strdup(text), NULL);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean write_point(BaseJson *out, Book *book, gsize i, const char *period, GError **error)
{
    char year_before[11];
    const BookSum *sum = book_sum(book, i, period, "", error);
    if (!sum) return FALSE;
    base_json_object(out);
    base_json_put_text(out, "period", period);
    base_json_put_int(out, "num", sum->sum.num);
    base_json_put_int(out, "den", sum->sum.den);
    if (!put_value(out, "value", book, i, period, "", error) ||
        (indicator_year_before(period, year_before) &&
         !put_value(out, "year_before", book, i, year_before, "", error)))
        return FALSE;
    base_json_end_object(out);
    return TRUE;
}

static int by_text(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

gboolean measure_series(CaseRoom *room, StoreConn *conn, const char *pack_name, const char *indicator,
                        const char *grain_name, BaseJson *out, GError **error)
{
    gsize i;
    IndicatorPeriod grain;
    const Pack *pack = find_indicator(room, pack_name, indicator, &i, error);
    if (!pack) return FALSE;
    if (!grain_parse(grain_name, &grain)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                    "a series is by day, month, quarter, half_year or year");
        return FALSE;
    }
    g_autoptr(Book) book = book_new(conn, pack, BOOK_ALL);
    g_autoptr(GTree) periods = g_tree_new_full(by_text, NULL, g_free, NULL);
    if (!add_periods(conn, pack, i, grain, periods, error)) return FALSE;
    gint skip = MAX(0, g_tree_nnodes(periods) - MOST_POINTS);
    base_json_object(out);
    base_json_key(out, "points");
    base_json_array(out);
    for (GTreeNode *at = g_tree_node_first(periods); at; at = g_tree_node_next(at))
        if (skip-- <= 0 && !write_point(out, book, i, g_tree_node_key(at), error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
