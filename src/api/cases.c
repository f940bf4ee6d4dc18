/* cases.c - cases in lists, one case under a grant, what people do to it, units and what the console needs to
 * show them. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/view.h"

static StoreConn *snapshot(ApiCall *call, GError **error)
{
    return store_read_begin(call->api->store, error);
}

gboolean api_case_list(ApiCall *call, GError **error)
{
    CaseQuery query = { .pack = call_text(call->query, "pack"),
                        .state = call_text(call->query, "state"),
                        .org = call_text(call->query, "org"),
                        .unit = call_text(call->query, "unit"),
                        .number = call_text(call->query, "number"),
                        .open_only = call_bool(call->query, "open"),
                        .late_only = call_bool(call->query, "late"),
                        .before = call_int(call->query, "before", 0),
                        .limit = (int)call_int(call->query, "limit", 50) };
    g_autoptr(StoreConn) conn = snapshot(call, error);
    return conn && case_view_list(call->api->room, conn, &query, call->now, &call->out, error);
}

/* The grant is opened on what the case is now; its event is on disk before anything private is read. */
static Grant *open_grant(ApiCall *call, const BaseId *id, GError **error)
{
    GuardCase about = { 0 };
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = snapshot(call, error);
    if (!conn || !case_view_about(conn, id, &about, hold, error)) return NULL;
    const Pack *pack = case_room_pack(call->api->room, about.pack);
    gsize n = 0;
    const GuardRule *rules = pack ? case_view_rules(call->api->room, pack, &n) : NULL;
    g_clear_pointer(&conn, store_read_end);
    return guard_grant_open(call->api->guard, call->user, &about, rules, n, call_text(call->query, "purpose"),
                            call->now, error);
}

gboolean api_case_get(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    g_autoptr(Grant) grant = open_grant(call, &id, error);
    g_autoptr(StoreConn) conn = grant ? snapshot(call, error) : NULL;
    return conn &&
           case_view_whole(call->api->room, conn, &id, call->user, grant, call->now, &call->out, error);
}

gboolean api_case_timeline(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    g_autoptr(StoreConn) conn = snapshot(call, error);
    return conn && case_view_timeline(call->api->room, conn, &id, &call->out, error);
}

gboolean api_task_list(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = snapshot(call, error);
    return conn && case_view_tasks(call->api->room, conn, call->user, call->now, &call->out, error);
}

static gboolean fire(ApiCall *call, StoreConn *conn, GError **error)
{
    BaseId id = call_id(call->params, "id");
    CaseActor actor = call_actor(call);
    actor.happened_at = call_happened_at(call);
    const json_t *fields = json_object_get(call->body, "fields");
    if (!case_fire(call->api->room, conn, &id, call_text(call->body, "event"),
                   json_is_object(fields) ? fields : NULL, &actor, call->now, error))
        return FALSE;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT state FROM case_file WHERE id = ?1", STORE_ID(&id));
    if (!rows || !store_step(rows, error)) return FALSE;
    base_json_object(&call->out);
    base_json_put_text(&call->out, "id", call_text(call->params, "id"));
    base_json_put_int(&call->out, "seq", ledger_size(conn));
    base_json_put_text(&call->out, "state", store_text(rows, 0));
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_case_fire(ApiCall *call, GError **error)
{
    return call_write(call, fire, error);
}

gboolean api_unit_list(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = snapshot(call, error);
    return conn && case_view_units(conn, &call->out, error);
}

/* The state and the case stay; only the place is new. */
static gboolean set_position(ApiCall *call, StoreConn *conn, GError **error)
{
    const char *unit = call_text(call->params, "unit");
    BasePoint at = { json_number_value(json_object_get(call->body, "lat")),
                     json_number_value(json_object_get(call->body, "lon")) };
    BaseId on = { 0 };
    g_autofree char *state = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT state, case_id FROM unit WHERE id = ?1", STORE_T(unit));
    if (rows && store_step(rows, error)) {
        state = g_strdup(store_text(rows, 0));
        store_id(rows, 1, &on);
    }
    g_clear_pointer(&rows, store_rows_free);
    if (!state ||
        !case_set_unit(call->api->room, conn, unit, state, &on, at, call->user->login, call->now, error)) {
        if (error && !*error) g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such unit");
        return FALSE;
    }
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_unit_position(ApiCall *call, GError **error)
{
    BasePoint at = { json_number_value(json_object_get(call->body, "lat")),
                     json_number_value(json_object_get(call->body, "lon")) };
    if (!guard_has_role(call->user, "duty_officer") &&
        g_strcmp0(call->user->unit, call_text(call->params, "unit"))) {
        g_set_error(error, API_ERROR, API_ERROR_NOT_YOURS,
                    "this is another unit; a unit tells its own place only");
        return FALSE;
    }
    if (!base_geo_sound(at)) {
        call->where = g_strdup("body");
        g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD,
                    "not a place on earth; degrees, latitude -90 to 90");
        return FALSE;
    }
    return call_write(call, set_position, error);
}

gboolean api_org_list(ApiCall *call, GError **error)
{
    GError *fault = NULL;
    BaseJson *j = &call->out;
    g_autoptr(StoreConn) conn = snapshot(call, error);
    g_autoptr(StoreRows) rows =
        conn ? store_query(conn, "SELECT id, name, parent, area, kind FROM org ORDER BY id", NULL, 0, error)
             : NULL;
    base_json_object(j);
    base_json_key(j, "orgs");
    base_json_array(j);
    while (rows && store_step(rows, &fault)) {
        base_json_object(j);
        base_json_put_text(j, "id", store_text(rows, 0));
        base_json_put_text(j, "name", store_text(rows, 1));
        if (store_text(rows, 2)) base_json_put_text(j, "parent", store_text(rows, 2));
        base_json_put_text(j, "area", store_text(rows, 3));
        base_json_put_text(j, "kind", store_text(rows, 4));
        base_json_end_object(j);
    }
    base_json_end_array(j);
    base_json_end_object(j);
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}

gboolean api_map_get(ApiCall *call, GError **error)
{
    http_reply(call->http, 200, "application/geo+json", g_bytes_ref(call->api->map));
    return TRUE;
}
