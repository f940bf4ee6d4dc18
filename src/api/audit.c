/* audit.c - what lets anyone check the ledger: checkpoints, proofs (hashes as lower-case hex), the list of
 * who did what. Proofs of consistency and checkpoints are open to all, so that a witness needs no account;
 * they name nobody. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include <sodium.h>

static void put_hash(BaseJson *j, const char *key, const guint8 *hash)
{
    char hex[LEDGER_HASH * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, hash, LEDGER_HASH);
    if (key)
        base_json_put_text(j, key, hex);
    else
        base_json_text(j, hex);
}

static void put_hashes(BaseJson *j, const GByteArray *hashes)
{
    base_json_key(j, "hashes");
    base_json_array(j);
    for (guint i = 0; i + LEDGER_HASH <= hashes->len; i += LEDGER_HASH)
        put_hash(j, NULL, hashes->data + i);
    base_json_end_array(j);
}

#define NOTE_MS 1000 /* anybody may ask, and signing is a durable write: at most one a second */

static char *checkpoint(ApiCall *call, GError **error)
{
    Api *api = call->api;
    g_mutex_lock(&api->note_lock);
    gint64 now = g_get_monotonic_time() / 1000;
    if (now >= api->note_until || !api->note) {
        g_free(api->note);
        api->note = guard_checkpoint(api->guard, call->now, error);
        api->note_until = now + NOTE_MS;
    }
    char *note = g_strdup(api->note);
    g_mutex_unlock(&api->note_lock);
    return note;
}

gboolean api_audit_checkpoint(ApiCall *call, GError **error)
{
    g_autofree char *note = checkpoint(call, error);
    if (!note) return FALSE;
    g_autofree char *key = guard_public_key(call->api->guard);
    base_json_object(&call->out);
    base_json_put_text(&call->out, "note", note);
    base_json_put_text(&call->out, "key", key);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean in_range(gint64 low, gint64 value, gint64 high, GError **error)
{
    if (low <= value && value <= high) return TRUE;
    g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_RANGE,
                "the ledger has no such number; it holds %" G_GINT64_FORMAT " events", high);
    return FALSE;
}

gboolean api_audit_inclusion(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(GByteArray) hashes = g_byte_array_new();
    guint8 root[LEDGER_HASH], leaf[LEDGER_HASH];
    if (!conn) return FALSE;
    gint64 most = ledger_size(conn), size = call_int(call->query, "size", most),
           seq = call_int(call->query, "seq", 0);
    if (!in_range(1, size, most, error) || !in_range(1, seq, size, error)) return FALSE;
    g_autofree char *text = guard_event_head(conn, seq, leaf, error);
    if (!text) return FALSE;
    if (!ledger_inclusion(conn, seq, size, hashes, error) || !ledger_root(conn, size, root, error))
        return FALSE;
    base_json_object(&call->out);
    base_json_put_int(&call->out, "size", size);
    put_hash(&call->out, "root", root);
    put_hashes(&call->out, hashes);
    base_json_put_text(&call->out, "head", text);
    put_hash(&call->out, "leaf", leaf);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_audit_consistency(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    g_autoptr(GByteArray) hashes = g_byte_array_new();
    guint8 root[LEDGER_HASH], from_root[LEDGER_HASH];
    gint64 from = call_int(call->query, "from", 0), to = call_int(call->query, "to", 0);
    if (!conn || !in_range(1, to, ledger_size(conn), error) || !in_range(1, from, to, error)) return FALSE;
    if (!ledger_consistency(conn, from, to, hashes, error) || !ledger_root(conn, to, root, error) ||
        !ledger_root(conn, from, from_root, error))
        return FALSE;
    base_json_object(&call->out);
    base_json_put_int(&call->out, "size", to);
    put_hash(&call->out, "root", root);
    put_hashes(&call->out, hashes);
    base_json_put_int(&call->out, "from", from);
    put_hash(&call->out, "from_root", from_root);
    base_json_end_object(&call->out);
    return TRUE;
}

static void put_event(BaseJson *j, const StoreRows *rows)
{
    base_json_object(j);
    base_json_put_int(j, "seq", store_int(rows, 0));
    base_json_put_int(j, "at", store_int(rows, 1));
    base_json_put_text(j, "kind", store_text(rows, 2));
    base_json_put_text(j, "operation", store_text(rows, 3));
    base_json_put_text(j, "actor", store_text(rows, 4));
    if (store_text(rows, 5)) base_json_put_text(j, "number", store_text(rows, 5));
    base_json_put_text(j, "basis", store_text(rows, 6));
    base_json_put_text(j, "purpose", store_text(rows, 7));
    base_json_end_object(j);
}

gboolean api_audit_events(ApiCall *call, GError **error)
{
    GError *fault = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT e.seq, e.at, e.kind, e.operation, e.actor, c.number, e.basis, e.purpose FROM event e"
        " LEFT JOIN case_file c ON c.id = e.case_id WHERE e.seq < ?1 AND (?2 IS NULL OR e.actor = ?2)"
        " AND (?3 IS NULL OR e.operation = ?3) ORDER BY e.seq DESC LIMIT ?4",
        STORE_I(call_int(call->query, "before", G_MAXINT64)), STORE_T(call_text(call->query, "actor")),
        STORE_T(call_text(call->query, "operation")), STORE_I(call_int(call->query, "limit", 100)));
    base_json_object(&call->out);
    base_json_key(&call->out, "events");
    base_json_array(&call->out);
    while (rows && store_step(rows, &fault))
        put_event(&call->out, rows);
    base_json_end_array(&call->out);
    base_json_end_object(&call->out);
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}
