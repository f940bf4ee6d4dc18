/* town.c - who there is: organisations and units. Their events concern no case. */
#include "loop/case/life.h"

#include <math.h>

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static StoreValue real_of(const json_t *object, const char *key)
{
    return STORE_R(json_number_value(json_object_get(object, key)));
}

/* ---- applying ---- */

gboolean case_apply_org(StoreConn *conn, const json_t *body, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO org(id, name, parent, area, kind) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(id) DO UPDATE"
        " SET name = excluded.name, parent = excluded.parent, area = excluded.area, kind = excluded.kind",
        STORE_T(text_of(body, "id")), STORE_T(text_of(body, "name")), STORE_T(text_of(body, "parent")),
        STORE_T(text_of(body, "area")), STORE_T(text_of(body, "kind")));
}

gboolean case_apply_unit(StoreConn *conn, const json_t *body, gint64 at, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO unit(id, name, org, skills, lat, lon, state, since) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
        "'free', ?7)"
        " ON CONFLICT(id) DO UPDATE SET name = excluded.name, org = excluded.org, skills = excluded.skills,"
        " lat = excluded.lat, lon = excluded.lon",
        STORE_T(text_of(body, "id")), STORE_T(text_of(body, "name")), STORE_T(text_of(body, "org")),
        STORE_T(text_of(body, "skills")), real_of(body, "lat"), real_of(body, "lon"), STORE_I(at));
}

gboolean case_apply_unit_move(StoreConn *conn, const json_t *body, gint64 at, GError **error)
{
    BaseId id = { { 0 } };
    const char *case_text = text_of(body, "case");
    if (case_text) base_id_parse(case_text, &id);
    return STORE_RUN(
        conn, error,
        "UPDATE unit SET since = CASE WHEN state = ?2 THEN since ELSE ?6 END, state = ?2, case_id = ?3,"
        " lat = ?4, lon = ?5 WHERE id = ?1",
        STORE_T(text_of(body, "id")), STORE_T(text_of(body, "state")), STORE_ID(&id), real_of(body, "lat"),
        real_of(body, "lon"), STORE_I(at));
}

/* ---- doing ---- */

static gboolean record(CaseRoom *room, StoreConn *conn, const char *kind, const char *actor,
                       const BaseId *case_id, json_t *body, gint64 now, GError **error)
{
    g_autofree char *text = base_json_canonical(body);
    LedgerEvent event = { .at = now, .kind = kind, .operation = "-", .actor = actor, .body = text };
    if (case_id) event.case_id = *case_id;
    return guard_log(conn, room->guard, &event, error) > 0;
}

gboolean case_put_org(CaseRoom *room, StoreConn *conn, const char *id, const char *name, const char *parent,
                      const char *area, const char *kind, const char *actor, gint64 now, GError **error)
{
    json_t *body = json_pack("{s:s, s:s, s:s?, s:s, s:s}", "id", id, "name", name, "parent", parent, "area",
                             area, "kind", kind);
    gboolean ok =
        record(room, conn, "org.put", actor, NULL, body, now, error) && case_apply_org(conn, body, error);
    json_decref(body);
    return ok;
}

gboolean case_put_unit(CaseRoom *room, StoreConn *conn, const char *id, const char *name, const char *org,
                       const char *skills, BasePoint at, const char *actor, gint64 now, GError **error)
{
    if (!base_geo_sound(at)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "unit %s needs a position in degrees", id);
        return FALSE;
    }
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:f, s:f}", "id", id, "name", name, "org", org, "skills",
                             skills, "lat", at.lat, "lon", at.lon);
    gboolean ok = record(room, conn, "unit.put", actor, NULL, body, now, error) &&
                  case_apply_unit(conn, body, now, error) &&
                  case_run_stage(room, room->after, "freed", conn, NULL, id, now, error);
    json_decref(body);
    return ok;
}

typedef struct {
    BasePoint at;
    BaseId case_id;
} UnitNow;

static gboolean unit_now(StoreConn *conn, const char *id, UnitNow *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT lat, lon, case_id FROM unit WHERE id = ?1", STORE_T(id));
    gboolean found = rows && store_step(rows, &failed);
    if (found) {
        out->at = (BasePoint){ store_real(rows, 0), store_real(rows, 1) };
        store_id(rows, 2, &out->case_id);
    } else if (failed) {
        g_propagate_error(error, failed);
    } else if (rows) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no unit %s", id);
    }
    return found;
}

static gboolean unit_state_known(const char *state, GError **error)
{
    static const char *const states[] = { "free", "sent", "on_scene", "off", NULL };
    if (g_strv_contains(states, state)) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "a unit is free, sent, on_scene or off, not '%s'",
                state);
    return FALSE;
}

gboolean case_set_unit(CaseRoom *room, StoreConn *conn, const char *id, const char *state,
                       const BaseId *case_id, BasePoint at, const char *actor, gint64 now, GError **error)
{
    UnitNow was = { 0 };
    if (!unit_state_known(state, error) || !unit_now(conn, id, &was, error)) return FALSE;
    if (!base_geo_sound(at)) at = was.at; /* a position that makes no sense is none */
    char text[BASE_ID_TEXT];
    gboolean busy = case_id && !base_id_is_nil(case_id);
    if (busy) base_id_write(case_id, text);
    json_t *body = json_pack("{s:s, s:s, s:s?, s:f, s:f}", "id", id, "state", state, "case",
                             busy ? text : NULL, "lat", at.lat, "lon", at.lon);
    gboolean ok = record(room, conn, "unit.moved", actor, busy ? case_id : NULL, body, now, error) &&
                  case_apply_unit_move(conn, body, now, error) &&
                  (busy || strcmp(state, "free") != 0 ||
                   case_run_stage(room, room->after, "freed", conn, NULL, id, now, error));
    json_decref(body);
    return ok;
}
