/* figures.c - indicators, the events behind a number, and its course over time. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/measure/measure.h"
#include <string.h>

static gboolean refuse_query(ApiCall *call, const char *name, const char *why, GError **error)
{
    call->where = g_strdup_printf("query.%s", name);
    g_set_error_literal(error, CHECK_ERROR, CHECK_ERROR_FIELD, why);
    return FALSE;
}

/* "2026", "2026-11" or "2026-11-23" */
static gboolean period_sound(ApiCall *call, GError **error)
{
    const char *period = call_text(call->query, "period"), *shape = "dddd-dd-dd";
    gsize n = period ? strlen(period) : 4;
    gboolean sound = n == 4 || n == 7 || n == 10;
    for (gsize i = 0; period && sound && i < n; i++)
        sound = shape[i] == 'd' ? g_ascii_isdigit(period[i]) : period[i] == '-';
    return sound || refuse_query(call, "period", "no such period; write 2026, 2026-11 or 2026-11-23", error);
}

gboolean api_indicator_list(ApiCall *call, GError **error)
{
    MeasureQuery query = { .pack = call_text(call->query, "pack"),
                           .period = call_text(call->query, "period"),
                           .by = call_text(call->query, "by") };
    if (query.by && strcmp(query.by, "org") != 0 && strcmp(query.by, "area") != 0)
        return refuse_query(call, "by", "no such grouping; org, area, or leave it out", error);
    if (!period_sound(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_view(call->api->room, conn, &query, &call->out, error);
}

static gboolean indicator_known(ApiCall *call, GError **error)
{
    const Pack *pack = case_room_pack(call->api->room, call_text(call->params, "pack"));
    for (gsize i = 0; pack && i < pack_indicators(pack); i++)
        if (!strcmp(pack_indicator_at(pack, i)->id, call_text(call->params, "indicator"))) return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such indicator; see /api/packs");
    return FALSE;
}

gboolean api_indicator_events(ApiCall *call, GError **error)
{
    if (!indicator_known(call, error) || !period_sound(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_events(call->api->room, conn, call_text(call->params, "pack"),
                                  call_text(call->params, "indicator"), call_text(call->query, "period"),
                                  call_int(call->query, "before", G_MAXINT64),
                                  (int)call_int(call->query, "limit", 50), &call->out, error);
}

gboolean api_indicator_series(ApiCall *call, GError **error)
{
    if (!indicator_known(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_series(call->api->room, conn, call_text(call->params, "pack"),
                                  call_text(call->params, "indicator"), &call->out, error);
}
