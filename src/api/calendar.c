/* calendar.c - the city's working days: what counts, and (by whoever may) what is announced. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/days.h"
#include <string.h>

#define SHOWN 50

gboolean api_calendar_get(ApiCall *call, GError **error)
{
    (void)error;
    const BaseDays *days = case_days(call->api->room);
    const gint64 year = call_int(call->query, "year", 0);
    base_json_object(&call->out);
    base_json_put_int(&call->out, "last_published", base_days_last_published(days));
    base_json_key(&call->out, "days");
    base_json_array(&call->out);
    for (gsize i = 0; i < base_days_size(days); i++) {
        const BaseDay row = base_days_at(days, i);
        char date[11];
        base_day_write(row.day, date);
        if (year && g_ascii_strtoll(date, NULL, 10) != year) continue;
        base_json_object(&call->out);
        base_json_put_text(&call->out, "date", date);
        base_json_put_bool(&call->out, "works", row.works);
        base_json_put_text(&call->out, "name", row.name ? row.name : "");
        if (row.calendar) base_json_put_text(&call->out, "calendar", row.calendar);
        base_json_end_object(&call->out);
    }
    base_json_end_array(&call->out);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean survey(ApiCall *call, const BaseDays *days, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && case_days_survey(call->api->room, conn, days, SHOWN, &call->out, error);
}

/* Many jobs; announced again, a notice changes nothing more. The reply is the survey of what was found before
 * it. */
gboolean api_calendar_put(ApiCall *call, GError **error)
{
    gboolean seen;
    gint64 moved;
    const char *text = call_text(call->body, "notice");
    g_autoptr(BaseDays) days = base_days_read(text, strlen(text), error);
    if (!days) {
        call->where = g_strdup("body.notice");
        return FALSE;
    }
    if (!call_seen(call, &seen, error)) return FALSE;
    if (seen) return TRUE;
    return survey(call, days, error) &&
           (!call_bool(call->body, "apply") ||
            case_days_change(call->api->room, days, call->user->login, call->now, &moved, error)) &&
           call_keep(call, error);
}
