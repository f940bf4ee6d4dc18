/* resident.c - the resident's own page: who holds the link may see what it was about and rate it once. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/close/close.h"

gboolean api_resident_get(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    BaseId id;
    base_json_object(&call->out);
    if (!conn || !close_page(call->api->room, conn, call_text(call->params, "link"), call->now, &call->out,
                             &id, error))
        return FALSE;
    if (call->api->documents && !document_put_resident(call->api->documents, conn, &id, &call->out, error))
        return FALSE;
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean rate(ApiCall *call, StoreConn *conn, GError **error)
{
    if (!close_rate(call->api->room, conn, call_text(call->params, "link"),
                    (int)call_int(call->body, "level", 0), call_text(call->body, "text"), call->now, error))
        return FALSE;
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_resident_rate(ApiCall *call, GError **error)
{
    return call_write(call, rate, error);
}
