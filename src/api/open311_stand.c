/* open311_stand.c - how requests stand that came in by Open311, and of those only state, times, who is
 * responsible, and a point rounded to a thousandth of a degree (some 100 m). Never words, names or addresses.
 */
#include "api/open311.h"
#include "engine/flow/flow.h"
#include <math.h>
#include <string.h>

#define SPAN (90 * BASE_DAY)
#define MOST 1000
#define IDS_MOST 50

typedef struct {
    gint64 from, to;
    const char *number; /* NULL: all of the span */
    char **codes;       /* NULL: any */
    gboolean open, closed;
    gboolean moves; /* the span is of their last move, and that is what is told */
} Filter;

/* Of another category now, which is none of the services: no longer told. */
static char *code_of(const Pack *pack, const char *facts, PackService *out)
{
    json_t *open = json_loads(facts, 0, NULL);
    const char *value = call_text(open, pack_open311_field(pack_open311(pack)));
    char *code = NULL;
    for (gsize i = 0; value && !code && pack_open311_service(pack, i, out); i++)
        if (!strcmp(out->value, value)) code = g_strdup_printf("%s.%s", pack_id(pack), out->code);
    json_decref(open);
    return code;
}

/* The earliest running clock that is for the resident; 0: none. */
static gboolean expected(StoreConn *conn, const Pack *pack, const BaseId *id, gint64 *out, GError **error)
{
    const FlowChart *chart = pack_chart(pack);
    GError *broken = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT id, due_at FROM clock WHERE case_id = ?1 AND state = ?2 AND due_at IS NOT NULL",
        STORE_ID(id), STORE_I(FLOW_CLOCK_RUNNING));
    *out = 0;
    while (rows && store_step(rows, &broken))
        for (int i = 0; i < flow_chart_clocks(chart); i++) {
            const FlowClockDef *def = flow_chart_clock_def(chart, i);
            gint64 due = store_int(rows, 1);
            if (def->resident && strcmp(def->id, "rating") != 0 && !strcmp(def->id, store_text(rows, 0)))
                *out = *out ? MIN(*out, due) : due;
        }
    if (broken) g_propagate_error(error, broken);
    return rows && !broken;
}

static void put_time(json_t *tree, const char *name, gint64 at)
{
    g_autofree char *text = at ? georeport_time(at) : NULL;
    json_object_set_new(tree, name, text ? json_string(text) : json_null());
}

static void put_degrees(json_t *tree, const char *name, StoreRows *rows, int column)
{
    gboolean known = store_type(rows, column) != STORE_NULL;
    json_object_set_new(tree, name,
                        known ? json_real(round(store_real(rows, column) * 1000) / 1000) : json_null());
}

static json_t *request_tree(const Pack *version, const PackService *service, const char *code,
                            StoreRows *rows, gint64 due)
{
    const char *title = pack_state_title(version, store_text(rows, 2), "zh");
    gboolean closed = store_int(rows, 3) != 0;
    json_t *tree = json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:n, s:n, s:n, s:n}", "service_request_id",
                             store_text(rows, 0), "status", closed ? "closed" : "open", "status_notes",
                             title ? title : "", "service_name", service->title_zh, "service_code", code,
                             "description", "agency_responsible", store_text(rows, 4), "service_notice",
                             "address", "zipcode", "media_url");
    put_time(tree, "requested_datetime", store_int(rows, 7));
    put_time(tree, "updated_datetime", store_int(rows, 8));
    put_time(tree, "expected_datetime", closed ? 0 : due);
    put_degrees(tree, "lat", rows, 5);
    put_degrees(tree, "long", rows, 6);
    return tree;
}

/* The last move of a request: there is one of each, named by its time. */
static json_t *update_tree(const Pack *version, StoreRows *rows)
{
    const char *title = pack_state_title(version, store_text(rows, 2), "zh");
    g_autofree char *id = g_strdup_printf("%s-%" G_GINT64_FORMAT, store_text(rows, 0), store_int(rows, 8));
    json_t *tree = json_pack("{s:s, s:s, s:s, s:s, s:n}", "update_id", id, "service_request_id",
                             store_text(rows, 0), "status", store_int(rows, 3) ? "closed" : "open",
                             "description", title ? title : "", "media_url");
    put_time(tree, "updated_datetime", store_int(rows, 8));
    return tree;
}

static gboolean take_row(ApiCall *call, StoreConn *conn, const Pack *pack, const Filter *f, StoreRows *rows,
                         json_t *list, GError **error)
{
    PackService service;
    BaseId id;
    gint64 due;
    const Pack *version = case_room_pack_version(call->api->room, store_text(rows, 1));
    g_autofree char *code = code_of(pack, store_text(rows, 9), &service);
    gboolean closed = store_int(rows, 3) != 0;
    if (!version) version = pack;
    if (!code || (f->codes && !g_strv_contains((const char *const *)f->codes, code)) ||
        !(closed ? f->closed : f->open))
        return TRUE;
    if (f->moves) return json_array_append_new(list, update_tree(version, rows)) == 0;
    if (!store_id(rows, 10, &id) || !expected(conn, version, &id, &due, error)) return FALSE;
    json_array_append_new(list, request_tree(version, &service, code, rows, due));
    return TRUE;
}

static gboolean of_pack(ApiCall *call, StoreConn *conn, const Pack *pack, const Filter *f, json_t *list,
                        GError **error)
{
    GError *broken = NULL;
    gint64 since = f->moves ? MAX(0, f->from - SPAN) : f->from;
    g_autofree char *source = open311_source(pack), *first = open311_day(since),
                    *after = open311_day(f->to + BASE_DAY);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT c.number, c.version, c.state, c.final, c.org, c.lat, c.lon, c.opened_at, "
                    "c.moved_at, c.facts, c.id"
                    " FROM signal s JOIN case_file c ON c.id = s.case_id WHERE s.source = ?1 AND s.ref >= ?2 "
                    "AND s.ref < ?3"
                    " AND (?6 IS NULL OR c.number = ?6) AND CASE WHEN ?7 THEN c.moved_at > c.opened_at AND "
                    "c.moved_at BETWEEN ?4"
                    " AND ?5 ELSE c.opened_at BETWEEN ?4 AND ?5 END"
                    " ORDER BY CASE WHEN ?7 THEN c.moved_at ELSE c.opened_at END DESC, c.number",
                    STORE_T(source), STORE_T(first), STORE_T(after), STORE_I(f->from), STORE_I(f->to),
                    STORE_T(f->number), STORE_I(f->moves));
    gsize before = json_array_size(list);
    gboolean well = rows != NULL;
    while (well && json_array_size(list) - before < MOST && store_step(rows, &broken))
        well = take_row(call, conn, pack, f, rows, list, error);
    if (broken) g_propagate_error(error, broken);
    return well && !broken;
}

static gboolean collect(ApiCall *call, StoreConn *conn, const Filter *f, json_t *list, GError **error)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_ref(case_room_packs(call->api->room));
    for (guint p = 0; p < packs->len; p++)
        if (pack_open311(packs->pdata[p]) && !of_pack(call, conn, packs->pdata[p], f, list, error))
            return FALSE;
    return TRUE;
}

/* By its number, whatever the span. */
static gboolean collect_number(ApiCall *call, StoreConn *conn, const char *number, json_t *list,
                               GError **error)
{
    GError *broken = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT opened_at FROM case_file WHERE number = ?1", STORE_T(number));
    if (!rows) return FALSE;
    if (!store_step(rows, &broken)) {
        if (broken) g_propagate_error(error, broken);
        return !broken;
    }
    const Filter f = { store_int(rows, 0), store_int(rows, 0), number, NULL, TRUE, TRUE, FALSE };
    return collect(call, conn, &f, list, error);
}

static gboolean collect_numbers(ApiCall *call, StoreConn *conn, const char *numbers, json_t *list,
                                GError **error)
{
    g_auto(GStrv) each = g_strsplit(numbers, ",", -1);
    if (g_strv_length(each) > IDS_MOST)
        return open311_wrong(error, "too many service_request_id; 50 at most");
    for (char **n = each; *n; n++)
        if (!collect_number(call, conn, g_strstrip(*n), list, error)) return FALSE;
    return TRUE;
}

static gboolean read_time(ApiCall *call, const char *name, gint64 *out, GError **error)
{
    const char *text = call_text(call->query, name);
    return !text || georeport_read_time(text, out) ||
           open311_wrong(error, "start_date and end_date are times of ISO 8601; as 2026-11-23T09:00:00Z");
}

/* At most 90 days: the last of them when more are asked for, the first when only a start is given. */
static gboolean read_filter(ApiCall *call, Filter *f, GError **error)
{
    const char *status = call_text(call->query, "status");
    f->from = G_MININT64;
    f->to = G_MAXINT64;
    if (!read_time(call, "start_date", &f->from, error) || !read_time(call, "end_date", &f->to, error))
        return FALSE;
    if (f->to == G_MAXINT64) f->to = f->from == G_MININT64 ? call->now : MIN(call->now, f->from + SPAN);
    f->to = CLAMP(f->to, SPAN, call->now + BASE_DAY);
    f->from = MAX(f->from, f->to - SPAN);
    f->open = !status || strstr(status, "open");
    f->closed = !status || strstr(status, "closed");
    return f->open || f->closed || open311_wrong(error, "status is open, closed, or both with a comma");
}

/* Requests by when they came, updates by when they were. */
static const char *time_of(const json_t *tree)
{
    const char *came = call_text(tree, "requested_datetime");
    return came ? came : call_text(tree, "updated_datetime");
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(time_of(*(json_t *const *)b), time_of(*(json_t *const *)a));
}

/* Takes `list`. */
static json_t *newest(json_t *list)
{
    gsize n = json_array_size(list);
    g_autofree json_t **all = g_new(json_t *, n + 1);
    json_t *out = json_array();
    for (gsize i = 0; i < n; i++)
        all[i] = json_array_get(list, i);
    qsort(all, n, sizeof *all, newest_first);
    for (gsize i = 0; i < MIN(n, MOST); i++)
        json_array_append(out, all[i]);
    json_decref(list);
    return out;
}

gboolean open311_requests(ApiCall *call, GeoReportFormat format, GError **error)
{
    Filter f = { 0 };
    const char *ids = call_text(call->query, "service_request_id"),
               *codes = call_text(call->query, "service_code");
    if (!read_filter(call, &f, error)) return FALSE;
    g_auto(GStrv) wanted = f.codes = codes ? g_strsplit(codes, ",", -1) : NULL;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    json_t *list = json_array();
    if (conn && (ids ? collect_numbers(call, conn, ids, list, error) : collect(call, conn, &f, list, error)))
        return open311_answer(call, "service_requests", newest(list), format);
    json_decref(list);
    return FALSE;
}

gboolean open311_updates(ApiCall *call, GeoReportFormat format, GError **error)
{
    Filter f = { .moves = TRUE };
    if (!read_filter(call, &f, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    json_t *list = json_array();
    if (conn && collect(call, conn, &f, list, error))
        return open311_answer(call, "service_request_updates", newest(list), format);
    json_decref(list);
    return FALSE;
}

gboolean open311_request(ApiCall *call, const char *number, GeoReportFormat format, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    json_t *list = json_array();
    gboolean well = conn && collect_number(call, conn, number, list, error);
    if (well && json_array_size(list) > 0) return open311_answer(call, "service_requests", list, format);
    json_decref(list);
    return well ? open311_unknown(error, "no such service_request_id") : FALSE;
}
