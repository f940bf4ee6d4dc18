/* reports.c - editions of reports: which there are, one of them, as a file, held against the ledger, and
 * freezing. Only those for whom a report is meant are shown it. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "desk/report/report.h"
#include "loop/measure/report.h"
#include <string.h>

static const char *const *roles_of(const ApiCall *call)
{
    return (const char *const *)call->user->roles;
}

gboolean api_report_list(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_report_list(call->api->room, conn, roles_of(call), &call->out, error);
}

static gboolean meant_for(ApiCall *call, GError **error)
{
    if (measure_report_meant_for(call->api->room, call_text(call->params, "pack"),
                                 call_text(call->params, "report"), roles_of(call)))
        return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such report, or not one for your roles");
    return FALSE;
}

typedef json_t *(*Read)(CaseRoom *room, StoreConn *conn, const char *pack, const char *report,
                        const char *period, gint64 edition, GError **error);

static json_t *read_one(ApiCall *call, Read read, GError **error)
{
    gint64 edition;
    if (!meant_for(call, error)) return NULL;
    if (!g_ascii_string_to_signed(call_text(call->params, "edition"), 10, 1, 1000000, &edition, NULL)) {
        g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "editions are numbered from 1");
        return NULL;
    }
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn ? read(call->api->room, conn, call_text(call->params, "pack"),
                       call_text(call->params, "report"), call_text(call->params, "period"), edition, error)
                : NULL;
}

static gboolean put_one(ApiCall *call, Read read, GError **error)
{
    json_t *body = read_one(call, read, error);
    if (body) base_json_tree(&call->out, body);
    json_decref(body);
    return body != NULL;
}

gboolean api_report_get(ApiCall *call, GError **error)
{
    return put_one(call, measure_report_get, error);
}

gboolean api_report_check(ApiCall *call, GError **error)
{
    return put_one(call, measure_report_check, error);
}

/* ---- files ---- */

static void reply_file(ApiCall *call, const json_t *edition, const char *lang, const char *type,
                       const char *suffix, GBytes *bytes)
{
    g_autofree char *name = report_name(edition, lang);
    g_autofree char *full = g_strconcat(name, ".", suffix, NULL);
    g_autofree char *escaped = g_uri_escape_string(full, NULL, FALSE);
    g_autofree char *disposition =
        g_strdup_printf("attachment; filename=\"report-%s-%d.%s\"; filename*=UTF-8''%s", /* RFC 6266, 5987 */
                        json_string_value(json_object_get(edition, "period")),
                        (int)json_integer_value(json_object_get(edition, "edition")), suffix, escaped);
    http_reply_header(call->http, "Content-Disposition", disposition);
    http_reply(call->http, 200, type, bytes);
}

static gboolean file(ApiCall *call, const char *type, const char *suffix,
                     GBytes *(*make)(const json_t *, const char *, GError **), GError **error)
{
    const char *lang = g_strcmp0(call_text(call->query, "lang"), "en") ? "zh" : "en";
    json_t *body = read_one(call, measure_report_get, error);
    GBytes *bytes = body ? make(body, lang, error) : NULL;
    if (bytes) reply_file(call, body, lang, type, suffix, bytes);
    json_decref(body);
    return bytes != NULL;
}

gboolean api_report_pdf(ApiCall *call, GError **error)
{
    return file(call, "application/pdf", "pdf", report_pdf, error);
}

gboolean api_report_xlsx(ApiCall *call, GError **error)
{
    return file(call, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
                report_xlsx, error);
}

static GBytes *table(const json_t *edition, const char *lang, GError **error)
{
    (void)error;
    char *text = report_csv(edition, lang);
    return g_bytes_new_take(text, strlen(text));
}

gboolean api_report_csv(ApiCall *call, GError **error)
{
    return file(call, "text/csv; charset=utf-8", "csv", table, error);
}

/* ---- freezing ---- */

static MeasureFreeze freeze_of(ApiCall *call)
{
    return (MeasureFreeze){ .pack = call_text(call->params, "pack"),
                            .report = call_text(call->params, "report"),
                            .period = call_text(call->params, "period"),
                            .why = call->body ? call_text(call->body, "why") : NULL,
                            .actor = call->user->login,
                            .now = call->now };
}

gboolean api_report_draft(ApiCall *call, GError **error)
{
    MeasureFreeze freeze = freeze_of(call);
    if (!meant_for(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    json_t *body = conn ? measure_report_draft(call->api->room, conn, &freeze, error) : NULL;
    if (body) base_json_tree(&call->out, body);
    json_decref(body);
    return body != NULL;
}

static gboolean freeze(ApiCall *call, StoreConn *conn, GError **error)
{
    MeasureFreeze of = freeze_of(call);
    gint64 edition;
    if (!measure_report_freeze(call->api->room, conn, &of, &edition, error)) return FALSE;
    base_json_object(&call->out);
    base_json_put_int(&call->out, "edition", edition);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_report_freeze(ApiCall *call, GError **error)
{
    return meant_for(call, error) && call_write(call, freeze, error);
}
