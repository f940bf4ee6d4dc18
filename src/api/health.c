/* health.c - is it alive, is it ready, how is it doing; the document of the wire; and taking a seat at the
 * stream. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include <string.h>

static void put_done(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
}

gboolean api_livez(ApiCall *call, GError **error)
{
    put_done(call);
    return TRUE;
}

/* Ready all the same: cases go on while a gateway is down, its notices wait. */
static void put_degraded(ApiCall *call)
{
    NoticeDesk *desk = call->api->notices;
    base_json_key(&call->out, "degraded");
    base_json_array(&call->out);
    for (guint i = 0; desk && i < notice_gateways(desk); i++) {
        NoticeHealth health;
        notice_health(desk, i, &health);
        g_autofree char *text = g_strdup_printf("gateway %s: %s", health.name, health.why);
        if (!health.up) base_json_text(&call->out, text);
    }
    base_json_end_array(&call->out);
}

/* Ready: the store gives a snapshot that can be read. */
gboolean api_readyz(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(StoreRows) rows = conn ? store_query(conn, "SELECT max(seq) FROM event", NULL, 0, error) : NULL;
    if (!rows || !store_step(rows, error)) return FALSE;
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    put_degraded(call);
    base_json_end_object(&call->out);
    return TRUE;
}

static void put_gauges(Api *api, GString *out)
{
    HttpCount http = http_server_count(api->http);
    StreamCount stream = stream_count(api->stream);
    const struct {
        const char *name, *type, *help;
        gint64 value;
    } lines[] = {
        /* clang-format off */
        { "bihuan_connections",          "gauge",   "open connections",                         http.connections },
        { "bihuan_requests_waiting",     "gauge",   "requests that wait for a worker",          http.waiting },
        { "bihuan_requests_turned_away", "counter", "requests refused for overload",            (gint64)http.turned_away },
        { "bihuan_heads_refused",        "counter", "connections refused at the gate",          (gint64)http.refused_heads },
        { "bihuan_connections_cut",      "counter", "connections cut at a deadline",            (gint64)http.cut },
        { "bihuan_listeners",            "gauge",   "open streams",                             stream.listeners },
        { "bihuan_stream_frames",        "counter", "frames built for the stream",              (gint64)stream.frames },
        { "bihuan_stream_gaps",          "counter", "gaps told to listeners",                   (gint64)stream.gaps },
        { "bihuan_stream_cut",           "counter", "listeners cut for being slow, or at the end", (gint64)stream.cut },
        { "bihuan_ledger_pushed",        "gauge",   "ledger number up to which was pushed",     stream.last_seq },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        metrics_line(out, lines[i].name, lines[i].type, lines[i].help, lines[i].value);
}

static void put_gateway(NoticeDesk *desk, guint i, GString *out)
{
    NoticeHealth h;
    notice_health(desk, i, &h);
    g_string_append_printf(out, "bihuan_gateway_up{gateway=\"%s\"} %d\n", h.name, h.up);
    g_string_append_printf(out, "bihuan_gateway_handed{gateway=\"%s\"} %" G_GUINT64_FORMAT "\n", h.name,
                           h.handed);
    g_string_append_printf(out, "bihuan_gateway_failed{gateway=\"%s\"} %" G_GUINT64_FORMAT "\n", h.name,
                           h.failed);
    g_string_append_printf(out, "bihuan_gateway_receipts{gateway=\"%s\"} %" G_GUINT64_FORMAT "\n", h.name,
                           h.receipts);
}

static gboolean put_notices(Api *api, GString *out, GError **error)
{
    GError *fault = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(api->store, error);
    g_autoptr(StoreRows) rows =
        conn ? store_query(conn, "SELECT count(*) FROM notice WHERE state = 'queued'", NULL, 0, error) : NULL;
    if (rows && store_step(rows, &fault))
        metrics_line(out, "bihuan_notices_queued", "gauge", "notices that wait to be sent",
                     store_int(rows, 0));
    for (guint i = 0; api->notices && i < notice_gateways(api->notices); i++)
        put_gateway(api->notices, i, out);
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}

gboolean api_metrics(ApiCall *call, GError **error)
{
    GString *text = g_string_new(NULL);
    metrics_write(&call->api->metrics, text);
    put_gauges(call->api, text);
    if (!put_notices(call->api, text, error)) {
        g_string_free(text, TRUE);
        return FALSE;
    }
    http_reply(call->http, 200, "text/plain; version=0.0.4; charset=utf-8", g_string_free_to_bytes(text));
    return TRUE;
}

gboolean api_openapi(ApiCall *call, GError **error)
{
    const char *text = route_document();
    http_reply(call->http, 200, "application/json", g_bytes_new_static(text, strlen(text)));
    return TRUE;
}

gboolean api_stream(ApiCall *call, GError **error)
{
    gint64 last = -1;
    const char *id = http_header(call->http, "Last-Event-ID");
    if (id && *id && !g_ascii_string_to_signed(id, 10, 0, G_MAXINT64, &last, NULL)) {
        g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "Last-Event-ID is no ledger number");
        return FALSE;
    }
    return stream_join(call->api->stream, call->http, call->user->login, call->token, last, error);
}
