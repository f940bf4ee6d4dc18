/* resident.c - what needs no sign-in: a party's page by their link, and bringing a matter in. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/close/close.h"
#include "loop/intake/intake.h"

static gboolean put_page(ApiCall *call, StoreConn *conn, GError **error)
{
    const PackParty *party;
    BaseJson *out = &call->out;
    g_autoptr(Case) c = portal_follow(call->api->room, conn, call_text(call->params, "link"), &party, error);
    if (!c) return FALSE;
    base_json_object(out);
    if (!portal_page(call->api->room, conn, c, party, call->now, out, error)) return FALSE;
    if (!strcmp(party->id, "resident")) {
        if (!close_put_rating(conn, c, call->now, out, error)) return FALSE;
    } else {
        base_json_put_bool(out, "can_rate", FALSE);
        base_json_put_bool(out, "lapsed", FALSE);
    }
    if (call->api->documents && !document_put_party(call->api->documents, conn, c, party->id, out, error))
        return FALSE;
    base_json_end_object(out);
    return TRUE;
}

gboolean api_resident_get(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && put_page(call, conn, error);
}

/* The procedure of the case, in its version: what fields and forms are, and what the words mean. */
gboolean api_resident_service(ApiCall *call, GError **error)
{
    const PackParty *party;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(Case) c =
        conn ? portal_follow(call->api->room, conn, call_text(call->params, "link"), &party, error) : NULL;
    if (c) base_json_raw(&call->out, pack_console_json(c->pack));
    return c != NULL;
}

static gboolean ok(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean rate(ApiCall *call, StoreConn *conn, GError **error)
{
    const PackParty *party;
    g_autoptr(Case) c = portal_follow(call->api->room, conn, call_text(call->params, "link"), &party, error);
    if (!c) return FALSE;
    if (strcmp(party->id, "resident") != 0) {
        g_set_error(error, PORTAL_ERROR, PORTAL_ERROR_LINK, "this link leads nowhere");
        return FALSE;
    }
    return close_rate(call->api->room, conn, &c->id, (int)call_int(call->body, "level", 0),
                      call_text(call->body, "text"), call->now, error) &&
           ok(call);
}

gboolean api_resident_rate(ApiCall *call, GError **error)
{
    return call_write(call, rate, error);
}

static gboolean act(ApiCall *call, StoreConn *conn, GError **error)
{
    const PackParty *party;
    const json_t *fields = json_object_get(call->body, "fields");
    g_autoptr(Case) c = portal_follow(call->api->room, conn, call_text(call->params, "link"), &party, error);
    return c &&
           portal_act(call->api->room, conn, c, party, call_text(call->body, "event"),
                      json_is_object(fields) ? fields : NULL, call_happened_at(call), call->now, error) &&
           ok(call);
}

gboolean api_resident_act(ApiCall *call, GError **error)
{
    return call_write(call, act, error);
}

/* ---- without a link ---- */

gboolean api_service_list(ApiCall *call, GError **error)
{
    (void)error;
    portal_services(call->api->room, &call->out);
    return TRUE;
}

/* The answer holds the resident's link; who brought the matter in keeps it. */
static gboolean put_reported(ApiCall *call, StoreConn *conn, const BaseId *id, GError **error)
{
    char link[GUARD_PARTY_LINK];
    g_autoptr(Case) c = case_load(call->api->room, conn, id, error);
    if (!c) return FALSE;
    guard_party_link(call->api->guard, id, "resident", link);
    g_autofree char *path = g_strconcat("/r/", link, NULL);
    base_json_object(&call->out);
    base_json_put_text(&call->out, "number", c->number);
    base_json_put_text(&call->out, "path", path);
    base_json_end_object(&call->out);
    return TRUE;
}

/* A reference of the reporter's own choosing could name another's case, whose link would come back: the key
 * of the request is the reference. */
static gboolean bring(ApiCall *call, StoreConn *conn, GError **error)
{
    const char *pack = call_text(call->body, "pack");
    const PackMapping *mapping =
        portal_mapping(call->api->room, pack, call_text(call->body, "mapping"), error);
    const CaseActor actor = { .actor = "resident", .roles = (const char *const[]){ "resident", NULL } };
    BaseId id = { 0 };
    const char *outcome;
    if (!mapping) return FALSE;
    g_autofree char *key =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, http_header(call->http, "Idempotency-Key"), -1);
    g_autofree char *source = g_strdup_printf("public/%s/%s/%.32s", pack, pack_mapping_id(mapping), key);
    if (!intake_json(call->api->room, conn, case_room_pack(call->api->room, pack), mapping,
                     json_object_get(call->body, "signal"), source, NULL, &actor, call->now, &id, &outcome,
                     error))
        return FALSE;
    if (!base_id_is_nil(&id)) return put_reported(call, conn, &id, error);
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "this could not be taken in");
    return FALSE;
}

gboolean api_public_signal(ApiCall *call, GError **error)
{
    gint64 wait = 0;
    if (limit_take(call->api->reports, http_address(call->http), g_get_monotonic_time() / 1000, &wait))
        return call_write(call, bring, error);
    g_set_error(error, API_ERROR, API_ERROR_TOO_MANY, "too many reports from this address; wait a minute");
    return FALSE;
}
