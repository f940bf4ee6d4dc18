/* intake.c - what comes in over the wire: one signal as JSON, or a table as CSV. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/intake/intake.h"

#define BAD_ROWS_SHOWN 100

static const Pack *pack_named(ApiCall *call, const char *id, GError **error)
{
    const Pack *pack = case_room_pack(call->api->room, id);
    if (!pack) g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such pack; see /api/packs");
    return pack;
}

static const PackMapping *mapping_named(const Pack *pack, const char *id, GError **error)
{
    const PackMapping *mapping = id                    ? pack_mapping(pack, id)
                                 : pack_mappings(pack) ? pack_mapping_at(pack, 0)
                                                       : NULL;
    if (!mapping)
        g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "the pack has no such mapping; see /api/packs");
    return mapping;
}

static gboolean put_number(StoreConn *conn, const BaseId *id, BaseJson *out, GError **error)
{
    char text[BASE_ID_TEXT];
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT number FROM case_file WHERE id = ?1", STORE_ID(id));
    if (!rows || !store_step(rows, error)) return FALSE;
    base_id_write(id, text);
    base_json_put_text(out, "id", text);
    base_json_put_text(out, "number", store_text(rows, 0));
    return TRUE;
}

static gboolean take_signal(ApiCall *call, StoreConn *conn, GError **error)
{
    const Pack *pack = pack_named(call, call_text(call->body, "pack"), error);
    const PackMapping *mapping = pack ? mapping_named(pack, call_text(call->body, "mapping"), error) : NULL;
    BaseId id = { 0 };
    const char *outcome = NULL;
    CaseActor actor = call_actor(call);
    if (!mapping) return FALSE;
    g_autofree char *source = g_strdup_printf("%s/%s", pack_id(pack), pack_mapping_id(mapping));
    if (!intake_json(call->api->room, conn, pack, mapping, json_object_get(call->body, "signal"), source,
                     NULL, &actor, call->now, &id, &outcome, error))
        return FALSE;
    base_json_object(&call->out);
    base_json_put_text(&call->out, "outcome", outcome);
    gboolean done = base_id_is_nil(&id) || put_number(conn, &id, &call->out, error);
    base_json_end_object(&call->out);
    return done;
}

gboolean api_signal_post(ApiCall *call, GError **error)
{
    return call_write(call, take_signal, error);
}

typedef struct {
    GString *rows; /* JSON objects with commas between */
    guint n;
} BadRows;

static void bad_row(gsize line, const char *why, gpointer data)
{
    BadRows *bad = data;
    if (bad->n++ >= BAD_ROWS_SHOWN) return;
    if (bad->rows->len) g_string_append_c(bad->rows, ',');
    BaseJson j = base_json_to(bad->rows);
    base_json_object(&j);
    base_json_put_int(&j, "line", (gint64)line);
    base_json_put_text(&j, "why", why);
    base_json_end_object(&j);
}

static void put_count(BaseJson *j, const IntakeCount *count, const BadRows *bad)
{
    g_autofree char *errors = g_strdup_printf("[%s]", bad->rows->str);
    base_json_object(j);
    base_json_put_int(j, "rows", count->rows);
    base_json_put_int(j, "opened", count->opened);
    base_json_put_int(j, "again", count->again);
    base_json_put_int(j, "joined", count->joined);
    base_json_put_int(j, "rejected", count->rejected);
    base_json_put_int(j, "bad", count->bad);
    base_json_put_raw(j, "errors", errors);
    base_json_end_object(j);
}

static gboolean encoding_named(ApiCall *call, BaseEncoding *out, GError **error)
{
    const char *name = call_text(call->query, "encoding");
    if (!name || base_encoding_parse(name, out)) return TRUE;
    call->where = g_strdup("query.encoding");
    g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD,
                "no such encoding; UTF-8, GB18030, UTF-16LE, UTF-16BE, Big5, or leave it out");
    return FALSE;
}

static gboolean read_table(ApiCall *call, const IntakeOptions *options, BadRows *bad, GError **error)
{
    IntakeCount count = { 0 };
    gsize length;
    const guint8 *bytes = http_body(call->http, &length);
    if (!intake_table(call->api->room, bytes, length, options, &count, error)) return FALSE;
    put_count(&call->out, &count, bad);
    return call_keep(call, error);
}

/* A table is many jobs. Reading it again opens nothing twice (intake.h), so the key may be kept after the
 * deed. */
gboolean api_signal_import(ApiCall *call, GError **error)
{
    gboolean seen;
    BaseEncoding encoding;
    BadRows bad = { 0 };
    CaseActor actor = call_actor(call);
    const Pack *pack = pack_named(call, call_text(call->query, "pack"), error);
    const char *mapping = call_text(call->query, "mapping");
    if (!pack || (mapping && !mapping_named(pack, mapping, error)) || !encoding_named(call, &encoding, error))
        return FALSE;
    if (!call_seen(call, &seen, error) || seen) return seen;
    IntakeOptions options = { .pack = pack_id(pack),
                              .mapping = mapping,
                              .encoding = call_text(call->query, "encoding") ? &encoding : NULL,
                              .actor = &actor,
                              .bad_row = bad_row,
                              .data = &bad,
                              .now = call->now };
    bad.rows = g_string_new(NULL);
    gboolean done = read_table(call, &options, &bad, error);
    g_string_free(bad.rows, TRUE);
    return done;
}
