/* ledger.c - appending to the ledger, its hashes, walking it, and checking all of it. */
#include "store/ledger.h"
#include "base/json.h"
#include "store/seam.h"
#include <string.h>

enum { CHECK_STEP = 4096 };

void ledger_commitment(const guint8 salt[16], const char *body, const char *private_body,
                       guint8 out[LEDGER_HASH])
{
    if (!body) body = "{}";
    gsize length = strlen(body), private_length = private_body ? strlen(private_body) : 0;
    guint64 big = GUINT64_TO_BE((guint64)length);
    g_autofree guint8 *all = g_malloc(24 + length);
    memcpy(all, salt, 16);
    memcpy(all + 16, &big, 8);
    memcpy(all + 24, body, length);
    store_sha256(out, all, 24 + length, private_body, private_length);
}

void ledger_leaf(const char *head_text, guint8 out[LEDGER_HASH])
{
    store_sha256(out, "\0", 1, head_text, strlen(head_text));
}

static void hex(const guint8 hash[LEDGER_HASH], char out[2 * LEDGER_HASH + 1])
{
    gsize i = 0;
    for (; i < LEDGER_HASH; i++) {
        out[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
    }
    out[2 * i] = '\0';
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void head_write(const LedgerEvent *event, const guint8 commitment[LEDGER_HASH], GString *out)
{
    char id[BASE_ID_TEXT] = "", digest[2 * LEDGER_HASH + 1];
    if (!base_id_is_nil(&event->case_id)) base_id_write(&event->case_id, id);
    hex(commitment, digest);
    BaseJson json = base_json_to(out);
    base_json_array(&json);
    base_json_int(&json, event->seq);
    base_json_int(&json, event->at);
    base_json_text(&json, event->kind);
    base_json_text(&json, event->operation);
    base_json_text(&json, id);
    base_json_text(&json, event->actor);
    base_json_text(&json, or_empty(event->basis));
    base_json_text(&json, or_empty(event->purpose));
    base_json_text(&json, digest);
    base_json_end_array(&json);
}

char *ledger_head_text(const LedgerEvent *event, const guint8 commitment[LEDGER_HASH])
{
    GString *out = g_string_sized_new(256);
    head_write(event, commitment, out);
    return g_string_free(out, FALSE);
}

static void event_leaf(const LedgerEvent *event, const guint8 salt[16], guint8 out[LEDGER_HASH])
{
    guint8 commitment[LEDGER_HASH];
    ledger_commitment(salt, event->body, event->private_body, commitment);
    g_autofree char *head = ledger_head_text(event, commitment);
    ledger_leaf(head, out);
}

static gboolean last_seq(StoreConn *conn, gint64 *out, GError **error)
{
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT coalesce(max(seq), 0) FROM event", NULL, 0, error);
    if (!rows || !store_step(rows, error)) return FALSE;
    *out = store_int(rows, 0);
    return TRUE;
}

gboolean store_ledger_open(StoreConn *conn, GError **error)
{
    return last_seq(conn, &conn->tree.size, error);
}

gint64 ledger_size(StoreConn *conn)
{
    gint64 size = -1;
    if (!conn->reading) return conn->tree.size;
    last_seq(conn, &size, NULL);
    return size;
}

static gboolean event_insert(StoreConn *conn, const LedgerEvent *event, const guint8 salt[16],
                             const guint8 leaf[LEDGER_HASH], GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO event(seq, at, kind, operation, case_id, actor, basis, purpose, salt, "
                     "leaf, body, private)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                     STORE_I(event->seq), STORE_I(event->at), STORE_T(event->kind), STORE_T(event->operation),
                     STORE_ID(&event->case_id), STORE_T(event->actor), STORE_T(or_empty(event->basis)),
                     STORE_T(or_empty(event->purpose)), STORE_B(salt, 16), STORE_B(leaf, LEDGER_HASH),
                     STORE_T(event->body ? event->body : "{}"), STORE_T(event->private_body));
}

/* Keep the subtrees of 256^k leaves that the newest leaf completed. */
static gboolean tiles_insert(StoreConn *conn, const StoreTree *tree, GError **error)
{
    for (int level = 8; level < STORE_TREE_HEIGHT && (tree->size & (((gint64)1 << level) - 1)) == 0;
         level += 8)
        if (!STORE_RUN(conn, error, "INSERT INTO tile(level, idx, root) VALUES(?1, ?2, ?3)", STORE_I(level),
                       STORE_I((tree->size >> level) - 1), STORE_B(tree->edge[level], LEDGER_HASH)))
            return FALSE;
    return TRUE;
}

gboolean ledger_append(StoreConn *conn, LedgerEvent *event, BaseChance *chance, GError **error)
{
    guint8 salt[16], leaf[LEDGER_HASH];
    g_assert(!conn->reading && event->kind && event->operation && event->actor);
    if (!conn->tree_ready && !store_tree_load(conn, conn->tree.size, &conn->tree, error)) return FALSE;
    conn->tree_ready = TRUE;
    event->seq = conn->tree.size + 1;
    base_chance_bytes(chance, salt, sizeof salt);
    event_leaf(event, salt, leaf);
    if (!event_insert(conn, event, salt, leaf, error)) return FALSE;
    store_tree_push(&conn->tree, leaf);
    return tiles_insert(conn, &conn->tree, error);
}

static StoreRows *walk_rows(StoreConn *conn, gint64 from, gint64 to, gboolean with_private, GError **error)
{
    if (with_private)
        return STORE_QUERY(
            conn, error,
            "SELECT seq, at, kind, operation, case_id, actor, basis, purpose, salt, leaf, body, private"
            " FROM event WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
            STORE_I(from), STORE_I(to));
    return STORE_QUERY(
        conn, error,
        "SELECT seq, at, kind, operation, case_id, actor, basis, purpose, salt, leaf, body, NULL"
        " FROM event WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        STORE_I(from), STORE_I(to));
}

static LedgerEvent row_event(const StoreRows *rows)
{
    LedgerEvent event = {
        .seq = store_int(rows, 0),
        .at = store_int(rows, 1),
        .kind = store_text(rows, 2),
        .operation = store_text(rows, 3),
        .actor = store_text(rows, 5),
        .basis = store_text(rows, 6),
        .purpose = store_text(rows, 7),
        .body = store_text(rows, 10),
        .private_body = store_text(rows, 11),
    };
    store_id(rows, 4, &event.case_id);
    return event;
}

gboolean ledger_walk(StoreConn *conn, gint64 from, gint64 to, gboolean with_private, LedgerEach each,
                     gpointer data, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = walk_rows(conn, from, to, with_private, error);
    if (!rows) return FALSE;
    while (store_step(rows, &failed)) {
        gsize salt_length = 0, leaf_length = 0;
        LedgerEvent event = row_event(rows);
        const guint8 *salt = store_blob(rows, 8, &salt_length), *leaf = store_blob(rows, 9, &leaf_length);
        if (salt_length != 16 || leaf_length != LEDGER_HASH) {
            g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED,
                        "event %" G_GINT64_FORMAT " has no salt or no leaf", event.seq);
            return FALSE;
        }
        if (!each(&event, salt, leaf, data, error)) return FALSE;
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

typedef struct {
    StoreConn *conn;
    LedgerCheck *out;
    StoreTree tree;
    gint64 total;
    StoreProgress progress;
    gpointer data;
} Check;

static gboolean check_tiles(Check *check, GError **error)
{
    for (int level = 8; level < STORE_TREE_HEIGHT && (check->tree.size & (((gint64)1 << level) - 1)) == 0;
         level += 8) {
        gint64 index = (check->tree.size >> level) - 1;
        g_autoptr(StoreRows) rows =
            STORE_QUERY(check->conn, error, "SELECT root FROM tile WHERE level = ?1 AND idx = ?2",
                        STORE_I(level), STORE_I(index));
        if (!rows) return FALSE;
        GError *failed = NULL;
        gsize length = 0;
        const void *root = store_step(rows, &failed) ? store_blob(rows, 0, &length) : NULL;
        if (failed) {
            g_propagate_error(error, failed);
            return FALSE;
        }
        if ((!root || length != LEDGER_HASH || memcmp(root, check->tree.edge[level], LEDGER_HASH) != 0) &&
            check->out->bad_tile < 0) {
            check->out->bad_tile = index;
            check->out->bad_tile_level = level;
        }
    }
    return TRUE;
}

/* After a gap nothing fits any more; it alone is told. */
static gboolean check_event(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                            GError **error)
{
    Check *check = data;
    LedgerCheck *out = check->out;
    guint8 expected[LEDGER_HASH];
    out->events++;
    if (!out->gap && event->seq != out->events) out->gap = out->events;
    event_leaf(event, salt, expected);
    if (!out->bad_seq && memcmp(expected, leaf, LEDGER_HASH) != 0) out->bad_seq = event->seq;
    store_tree_push(&check->tree, expected);
    if (check->progress && out->events % CHECK_STEP == 0)
        check->progress(out->events, check->total, check->data);
    return out->gap ? TRUE : check_tiles(check, error);
}

/* Kept subtrees beyond the end: the end of the ledger was cut off. */
static gboolean check_end(Check *check, GError **error)
{
    LedgerCheck *out = check->out;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        check->conn, error,
        "SELECT level, idx FROM tile WHERE (idx + 1) * (1 << level) > ?1 ORDER BY level, idx LIMIT 1",
        STORE_I(check->tree.size));
    if (!rows) return FALSE;
    GError *failed = NULL;
    if (store_step(rows, &failed) && out->bad_tile < 0) {
        out->bad_tile_level = (int)store_int(rows, 0);
        out->bad_tile = store_int(rows, 1);
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

gboolean ledger_check(StoreConn *conn, StoreProgress progress, gpointer data, LedgerCheck *out,
                      GError **error)
{
    LedgerCheck result = { .bad_tile = -1 };
    Check check = { .conn = conn, .out = &result, .progress = progress, .data = data };
    check.total = ledger_size(conn);
    if (!ledger_walk(conn, 1, G_MAXINT64, TRUE, check_event, &check, error) || !check_end(&check, error))
        return FALSE;
    store_tree_root(&check.tree, result.root);
    if (progress) progress(result.events, check.total, data);
    *out = result;
    return TRUE;
}
