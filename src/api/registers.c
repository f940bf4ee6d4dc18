/* registers.c - what stands in a service's registers, kept by those whose role keeps them; and whom a
 * decision could choose for a case. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/register.h"

static const PackRegister *find(ApiCall *call, const Pack **pack, GError **error)
{
    *pack = case_room_pack(call->api->room, call_text(call->params, "pack"));
    const PackRegister *reg = *pack ? pack_register(*pack, call_text(call->params, "register")) : NULL;
    if (!reg) g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such register; see /api/packs");
    return reg;
}

static void put_entry(BaseJson *out, const CaseEntry *entry)
{
    base_json_object(out);
    base_json_put_text(out, "key", entry->key);
    base_json_put_int(out, "since", entry->since);
    if (entry->until) base_json_put_int(out, "until", entry->until);
    base_json_key(out, "facts");
    base_json_tree(out, entry->facts);
    base_json_end_object(out);
}

gboolean api_register_list(ApiCall *call, GError **error)
{
    const Pack *pack;
    const PackRegister *reg = find(call, &pack, error);
    g_autoptr(StoreConn) conn = reg ? store_read_begin(call->api->store, error) : NULL;
    g_autoptr(GArray) entries = case_entries_new();
    if (!conn || !case_register_read(conn, pack_id(pack), reg->id, call_int(call->query, "at", call->now),
                                     entries, error))
        return FALSE;
    base_json_object(&call->out);
    base_json_key(&call->out, "entries");
    base_json_array(&call->out);
    for (guint i = 0; i < entries->len; i++)
        put_entry(&call->out, &g_array_index(entries, CaseEntry, i));
    base_json_end_array(&call->out);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean done(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean put(ApiCall *call, StoreConn *conn, GError **error)
{
    const Pack *pack;
    const PackRegister *reg = find(call, &pack, error);
    const CaseActor actor = call_actor(call);
    return reg &&
           case_register_put(call->api->room, conn, pack, reg->id, json_object_get(call->body, "facts"),
                             call_int(call->body, "since", call->now), call_int(call->body, "until", 0),
                             &actor, call->now, error) &&
           done(call);
}

gboolean api_register_put(ApiCall *call, GError **error)
{
    return call_write(call, put, error);
}

static gboolean end(ApiCall *call, StoreConn *conn, GError **error)
{
    const Pack *pack;
    const PackRegister *reg = find(call, &pack, error);
    const CaseActor actor = call_actor(call);
    return reg &&
           case_register_end(call->api->room, conn, pack, reg->id, call_text(call->body, "key"),
                             call_int(call->body, "until", call->now), &actor, call->now, error) &&
           done(call);
}

gboolean api_register_end(ApiCall *call, GError **error)
{
    return call_write(call, end, error);
}

gboolean api_candidate_list(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(Case) c = conn ? case_load(call->api->room, conn, &id, error) : NULL;
    const PackDecision *decision = c ? pack_decision(c->pack, call_text(call->params, "decision")) : NULL;
    if (c && !decision) g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "the service has no such decision");
    if (!decision) return FALSE;
    base_json_object(&call->out);
    base_json_key(&call->out, "candidates");
    gboolean ok = case_view_candidates(call->api->room, conn, c, decision, call->now, &call->out, error);
    base_json_end_object(&call->out);
    return ok;
}
