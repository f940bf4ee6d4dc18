/* packs.c - services as data, for people to read: what each is, how it is drawn, which versions hold open
 * cases, and whether its examples come out as written. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include <string.h>

#define SCENARIOS_MS 3000.0 /* after so long no further one is begun */

gboolean api_pack_list(ApiCall *call, GError **error)
{
    GPtrArray *packs = case_room_packs(call->api->room);
    base_json_object(&call->out);
    base_json_key(&call->out, "packs");
    base_json_array(&call->out);
    for (guint i = 0; i < packs->len; i++)
        base_json_raw(&call->out, pack_console_json(g_ptr_array_index(packs, i)));
    base_json_end_array(&call->out);
    g_autofree char *troubles = api_troubles(call->api);
    base_json_put_raw(&call->out, "troubles", troubles);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_pack_diagram(ApiCall *call, GError **error)
{
    const char *id = call_text(call->params, "pack"), *version = call_text(call->query, "version"),
               *lang = call_text(call->query, "lang");
    const Pack *pack =
        version ? case_room_pack_version(call->api->room, version) : case_room_pack(call->api->room, id);
    if (!pack || strcmp(pack_id(pack), id) != 0) {
        g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such service or version; see /api/packs");
        return FALSE;
    }
    g_autoptr(Draw) draw = pack_diagram(pack, lang && !strcmp(lang, "en") ? "en" : "zh");
    draw_json(draw, &call->out);
    return TRUE;
}

static const Pack *pack_asked(ApiCall *call, GError **error)
{
    const Pack *pack = case_room_pack(call->api->room, call_text(call->params, "pack"));
    if (!pack) g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such service; see /api/packs");
    return pack;
}

/* ---- one service ---- */
static gboolean put_versions(ApiCall *call, const Pack *pack, GError **error)
{
    GError *fault = NULL;
    BaseJson *j = &call->out;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(StoreRows) rows = NULL;
    if (conn)
        rows = STORE_QUERY(
            conn, error,
            "SELECT v.hash, v.published_at, coalesce(o.n, 0) FROM pack_version v LEFT JOIN (SELECT version,"
            " count(*) AS n FROM case_file WHERE pack = ?1 AND final = 0 GROUP BY version) o"
            " ON o.version = v.hash WHERE v.id = ?1 ORDER BY v.published_at DESC, v.hash LIMIT 200",
            STORE_T(pack_id(pack)));
    base_json_key(j, "versions");
    base_json_array(j);
    while (rows && store_step(rows, &fault)) {
        base_json_object(j);
        base_json_put_text(j, "hash", store_text(rows, 0));
        base_json_put_int(j, "published_at", store_int(rows, 1));
        base_json_put_bool(j, "newest", !strcmp(store_text(rows, 0), pack_version(pack)));
        base_json_put_int(j, "open", store_int(rows, 2));
        base_json_end_object(j);
    }
    base_json_end_array(j);
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}

gboolean api_pack_get(ApiCall *call, GError **error)
{
    const Pack *pack = pack_asked(call, error);
    if (!pack) return FALSE;
    g_autofree char *about = pack_about_json(pack);
    base_json_object(&call->out);
    base_json_put_text(&call->out, "id", pack_id(pack));
    if (!put_versions(call, pack, error)) return FALSE;
    base_json_put_raw(&call->out, "about", about);
    base_json_end_object(&call->out);
    return TRUE;
}

/* ---- its examples ---- */
static void put_step(BaseJson *j, const PackStep *step)
{
    base_json_object(j);
    if (step->at) base_json_put_text(j, "at", step->at);
    if (step->event) base_json_put_text(j, "event", step->event);
    if (step->by) base_json_put_text(j, "by", step->by);
    if (step->refused) base_json_put_text(j, "refused", step->refused);
    base_json_key(j, "failures");
    base_json_array(j);
    for (guint i = 0; i < step->failures->len; i++)
        base_json_text(j, step->failures->pdata[i]);
    base_json_end_array(j);
    base_json_end_object(j);
}

static double ms_since(gint64 begun)
{
    return (double)(g_get_monotonic_time() - begun) / 1000.0;
}

static gboolean put_run(BaseJson *j, const Pack *pack, gsize i, gboolean ran)
{
    const gint64 begun = g_get_monotonic_time();
    g_autoptr(PackScenarioResult) result = ran ? pack_scenario_run(pack, i) : pack_scenario_named(pack, i);
    base_json_object(j);
    base_json_put_text(j, "file", result->file);
    base_json_put_text(j, "title_zh", result->title_zh);
    base_json_put_text(j, "title_en", result->title_en);
    base_json_put_bool(j, "ran", ran);
    base_json_put_bool(j, "ok", ran && result->ok);
    base_json_put_real(j, "ms", ms_since(begun));
    base_json_key(j, "steps");
    base_json_array(j);
    for (guint k = 0; k < result->steps->len; k++)
        put_step(j, &g_array_index(result->steps, PackStep, k));
    base_json_end_array(j);
    base_json_end_object(j);
    return ran && result->ok;
}

/* Changes nothing and reads no case: examples are part of the pack and run beside the store. */
gboolean api_pack_scenarios(ApiCall *call, GError **error)
{
    const Pack *pack = pack_asked(call, error);
    BaseJson *j = &call->out;
    const gint64 begun = g_get_monotonic_time();
    gboolean ok = pack != NULL;
    if (!pack) return FALSE;
    base_json_object(j);
    base_json_put_text(j, "version", pack_version(pack));
    base_json_key(j, "runs");
    base_json_array(j);
    for (gsize i = 0; i < pack_scenarios(pack); i++)
        ok = put_run(j, pack, i, ms_since(begun) < SCENARIOS_MS) && ok;
    base_json_end_array(j);
    base_json_put_bool(j, "ok", ok);
    base_json_put_real(j, "ms", ms_since(begun));
    base_json_end_object(j);
    return TRUE;
}
