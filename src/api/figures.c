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

static gboolean period_sound(ApiCall *call, GError **error)
{
    const char *period = call_text(call->query, "period");
    IndicatorPeriod ignored;
    return !period || !*period || indicator_period_parse(period, &ignored) ||
           refuse_query(call, "period", "no such period; write 2026, 2026-H2, 2026-Q4, 2026-11 or 2026-11-23",
                        error);
}

static gboolean one_of(ApiCall *call, const char *name, const char *const *words, const char *why,
                       GError **error)
{
    const char *text = call_text(call->query, name);
    return !text || !*text || g_strv_contains(words, text) || refuse_query(call, name, why, error);
}

static gboolean by_sound(ApiCall *call, GError **error)
{
    static const char *const words[] = { "org", "org_tree", "area", "pack", NULL };
    return one_of(call, "by", words, "no such grouping; org, org_tree, area, pack, or leave it out", error);
}

static const char *unless_empty(const char *text)
{
    return text && *text ? text : NULL;
}

gboolean api_indicator_list(ApiCall *call, GError **error)
{
    MeasureQuery query = { .pack = call_text(call->query, "pack"),
                           .period = unless_empty(call_text(call->query, "period")),
                           .by = call_text(call->query, "by"),
                           .compare = call_bool(call->query, "compare") };
    if (!by_sound(call, error) || !period_sound(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_view(call->api->room, conn, &query, &call->out, error);
}

static gboolean indicator_known(ApiCall *call, GError **error)
{
    const Pack *pack = case_room_pack(call->api->room, call_text(call->params, "pack"));
    if (pack && pack_indicator_find(pack, call_text(call->params, "indicator")) >= 0) return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such indicator; see /api/packs");
    return FALSE;
}

gboolean api_indicator_events(ApiCall *call, GError **error)
{
    static const char *const only[] = { "excluded", "left_out", NULL };
    MeasureLook look = { .pack = call_text(call->params, "pack"),
                         .indicator = call_text(call->params, "indicator"),
                         .period = unless_empty(call_text(call->query, "period")),
                         .by = call_text(call->query, "by"),
                         .group = call_text(call->query, "group"),
                         .only = call_text(call->query, "only"),
                         .upto = call_int(call->query, "upto", 0),
                         .before = call_int(call->query, "before", 0),
                         .limit = (int)call_int(call->query, "limit", 50) };
    if (!indicator_known(call, error) || !period_sound(call, error) || !by_sound(call, error) ||
        !one_of(call, "only", only, "excluded, left_out, or leave it out", error))
        return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_events(call->api->room, conn, &look, &call->out, error);
}

gboolean api_indicator_series(ApiCall *call, GError **error)
{
    static const char *const grains[] = { "day", "month", "quarter", "half_year", "year", NULL };
    if (!indicator_known(call, error) ||
        !one_of(call, "grain", grains, "day, month, quarter, half_year or year", error))
        return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && measure_series(call->api->room, conn, call_text(call->params, "pack"),
                                  call_text(call->params, "indicator"),
                                  unless_empty(call_text(call->query, "grain")), &call->out, error);
}
