/* tamper.c - a sealed ledger on disk, and everything somebody with the database file, but without the keys'
 * folder, may do to it. Each tampering is done to a copy with plain SQL; guard_audit_verify must find every
 * one, and must find nothing in a copy nobody touched.
 *
 *   tamper [--tampers N] [--seed S]      every kind in turn; what each draws comes from the seed */
#include <glib/gstdio.h>
#include <sodium.h>
#include <sqlite3.h>
#include "guard/guard.h"
#include "guard/note.h"

#define T0 G_GINT64_CONSTANT(1795449600000)
#define EVENTS 700
#define OLD 300 /* events in the old copy */

static struct {
    char *folder, *keys, *sealed, *old, *scratch; /* the last three: folders of a store */
    BaseChance chance;
    sqlite3 *db; /* the copy that is being tampered with */
    const char *what;
    char *detail;
} here;

/* ---- sealing ---- */

static gboolean append_job(StoreConn *conn, gpointer guard, GError **error)
{
    gint64 n = ledger_size(conn);
    g_autofree char *body = g_strdup_printf("{\"step\":%d,\"state\":\"handling\"}", (int)n);
    g_autofree char *personal = g_strdup_printf("{\"name\":\"某%d\",\"phone\":\"120%08d\"}", (int)n, (int)n);
    LedgerEvent event = { .at = T0 + n * 1000,
                          .kind = n % 4 ? "case.moved" : "read",
                          .operation = n % 4 ? "alteration" : "consultation",
                          .actor = n % 2 ? "wang.li" : "system:dispatch",
                          .basis = n % 3 ? "信访工作条例 22" : NULL,
                          .purpose = n % 3 ? "handle" : NULL,
                          .body = body,
                          .private_body = n % 2 ? personal : NULL };
    if (n % 5) event.case_id = base_id_make(guard_chance(guard), event.at);
    return guard_log(conn, guard, &event, error) > 0;
}

static void grow(Store *store, Guard *guard, gint64 to)
{
    g_autoptr(GError) error = NULL;
    for (gint64 n = 0; n < to; n++)
        if (!store_write(store, append_job, guard, &error)) g_error("append: %s", error->message);
}

static Store *store_at(const char *folder, GError **error)
{
    return store_sqlite_open(&(StoreOptions){ .path = folder }, error);
}

static void checkpoint(Guard *guard, gint64 at)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *note = guard_checkpoint(guard, at, &error);
    if (!note) g_error("checkpoint: %s", error->message);
}

static void seal(void)
{
    static const int sizes[] = { 100, OLD, 513, EVENTS };
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_at(here.sealed, &error);
    if (!store) g_error("%s", error->message);
    g_autoptr(Guard) guard = guard_open(store, here.keys, TRUE, base_chance_seeded(11), &error);
    if (!guard) g_error("%s", error->message);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        grow(store, guard, sizes[i] - (i ? sizes[i - 1] : 0));
        checkpoint(guard, T0 + sizes[i]);
        if (sizes[i] == OLD && !store_backup(store, here.old, NULL, NULL, &error))
            g_error("%s", error->message);
    }
}

/* ---- SQL on the copy ---- */

static gboolean sql(const char *format, ...) G_GNUC_PRINTF(1, 2);

static gboolean sql(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = sqlite3_vmprintf(format, args);
    va_end(args);
    gboolean done =
        sqlite3_exec(here.db, text, NULL, NULL, NULL) == SQLITE_OK && sqlite3_changes(here.db) > 0;
    sqlite3_free(text);
    return done;
}

static void sql_sure(const char *text)
{
    if (sqlite3_exec(here.db, text, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", text, sqlite3_errmsg(here.db));
}

static gint64 draw(gint64 low, gint64 high)
{
    return low + (gint64)base_chance_below(&here.chance, (guint64)(high - low + 1));
}

/* ---- flipping a bit in a column ---- */

typedef struct {
    int type;
    gint64 number;
    GByteArray *bytes;
} Cell;

static Cell cell_read(const char *table, const char *column, const char *key, gint64 row)
{
    sqlite3_stmt *statement;
    Cell cell = { SQLITE_NULL, 0, g_byte_array_new() };
    g_autofree char *text =
        g_strdup_printf("SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d", column, table, key, (int)row);
    if (sqlite3_prepare_v2(here.db, text, -1, &statement, NULL) != SQLITE_OK)
        g_error("%s", sqlite3_errmsg(here.db));
    if (sqlite3_step(statement) == SQLITE_ROW) {
        cell.type = sqlite3_column_type(statement, 0);
        cell.number = sqlite3_column_int64(statement, 0);
        const void *bytes = sqlite3_column_blob(statement, 0);
        g_byte_array_append(cell.bytes, bytes ? bytes : (const void *)"",
                            (guint)sqlite3_column_bytes(statement, 0));
    }
    sqlite3_finalize(statement);
    return cell;
}

static gboolean cell_write(const char *table, const char *column, const char *key, const char *key_value,
                           const Cell *cell)
{
    sqlite3_stmt *statement;
    g_autofree char *text =
        g_strdup_printf("UPDATE %s SET %s = ?1 WHERE %s = %s", table, column, key, key_value);
    if (sqlite3_prepare_v2(here.db, text, -1, &statement, NULL) != SQLITE_OK)
        g_error("%s", sqlite3_errmsg(here.db));
    if (cell->type == SQLITE_INTEGER)
        sqlite3_bind_int64(statement, 1, cell->number);
    else if (cell->type == SQLITE_TEXT)
        sqlite3_bind_text(statement, 1, (const char *)cell->bytes->data, (int)cell->bytes->len,
                          SQLITE_TRANSIENT);
    else
        sqlite3_bind_blob(statement, 1, cell->bytes->data, (int)cell->bytes->len, SQLITE_TRANSIENT);
    gboolean done = sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(here.db) == 1;
    sqlite3_finalize(statement);
    return done;
}

static gboolean cell_flip(Cell *cell)
{
    if (cell->type == SQLITE_INTEGER)
        cell->number ^= (gint64)1 << draw(0, 40);
    else if (cell->type == SQLITE_NULL || cell->bytes->len == 0)
        return FALSE;
    else
        cell->bytes->data[draw(0, cell->bytes->len - 1)] ^= (guint8)(1 << draw(0, 7));
    return TRUE;
}

static gboolean flip(const char *table, const char *column, const char *key, gint64 rows)
{
    gint64 row = draw(0, rows - 1);
    Cell cell = cell_read(table, column, key, row), id = cell_read(table, key, key, row);
    g_autofree char *key_value = g_strdup_printf("%" G_GINT64_FORMAT, id.number);
    g_free(here.detail);
    here.detail = g_strdup_printf("%s.%s where %s = %s", table, column, key, key_value);
    gboolean done = cell_flip(&cell) && cell_write(table, column, key, key_value, &cell);
    g_byte_array_unref(cell.bytes);
    g_byte_array_unref(id.bytes);
    return done;
}

/* ---- the tree, rebuilt by somebody who knows how but has no key ---- */

typedef struct {
    guint8 b[LEDGER_HASH];
} Hash;

static Hash tree_hash(const Hash *leaves, gsize n)
{
    guint8 both[1 + 2 * LEDGER_HASH] = { 1 };
    Hash out;
    gsize k = 1;
    if (n == 1) return *leaves;
    while (k * 2 < n)
        k *= 2;
    Hash left = tree_hash(leaves, k), right = tree_hash(leaves + k, n - k);
    memcpy(both + 1, left.b, LEDGER_HASH);
    memcpy(both + 1 + LEDGER_HASH, right.b, LEDGER_HASH);
    crypto_hash_sha256(out.b, both, sizeof both);
    return out;
}

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static Hash row_leaf(sqlite3_stmt *row)
{
    guint8 commitment[LEDGER_HASH];
    Hash out;
    LedgerEvent event = { .seq = sqlite3_column_int64(row, 0),
                          .at = sqlite3_column_int64(row, 1),
                          .kind = text_at(row, 2),
                          .operation = text_at(row, 3),
                          .actor = text_at(row, 5),
                          .basis = text_at(row, 6),
                          .purpose = text_at(row, 7),
                          .body = text_at(row, 8),
                          .private_body = text_at(row, 9) };
    if (sqlite3_column_bytes(row, 4) == 16) memcpy(event.case_id.b, sqlite3_column_blob(row, 4), 16);
    ledger_commitment(sqlite3_column_blob(row, 10), event.body, event.private_body, commitment);
    g_autofree char *head = ledger_head_text(&event, commitment);
    ledger_leaf(head, out.b);
    return out;
}

static void leaf_store(gint64 seq, const Hash *leaf)
{
    sqlite3_stmt *statement;
    sqlite3_prepare_v2(here.db, "UPDATE event SET leaf = ?2 WHERE seq = ?1", -1, &statement, NULL);
    sqlite3_bind_int64(statement, 1, seq);
    sqlite3_bind_blob(statement, 2, leaf->b, LEDGER_HASH, SQLITE_STATIC);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
}

/* Every leaf from its row, stored again; the leaves in order. */
static GArray *leaves_rebuild(void)
{
    sqlite3_stmt *statement;
    GArray *leaves = g_array_new(FALSE, FALSE, sizeof(Hash));
    sqlite3_prepare_v2(here.db,
                       "SELECT seq, at, kind, operation, case_id, actor, basis, purpose, body, private, salt"
                       " FROM event ORDER BY seq",
                       -1, &statement, NULL);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        Hash leaf = row_leaf(statement);
        g_array_append_val(leaves, leaf);
    }
    sqlite3_finalize(statement);
    for (guint i = 0; i < leaves->len; i++)
        leaf_store(i + 1, &g_array_index(leaves, Hash, i));
    return leaves;
}

static void tiles_rebuild(const GArray *leaves)
{
    sql_sure("DELETE FROM tile");
    for (guint i = 0; i + 256 <= leaves->len; i += 256) {
        sqlite3_stmt *statement;
        Hash root = tree_hash(&g_array_index(leaves, Hash, i), 256);
        sqlite3_prepare_v2(here.db, "INSERT INTO tile(level, idx, root) VALUES(8, ?1, ?2)", -1, &statement,
                           NULL);
        sqlite3_bind_int64(statement, 1, i / 256);
        sqlite3_bind_blob(statement, 2, root.b, LEDGER_HASH, SQLITE_STATIC);
        sqlite3_step(statement);
        sqlite3_finalize(statement);
    }
}

static GArray *tree_rebuild(void)
{
    sql_sure("BEGIN");
    GArray *leaves = leaves_rebuild();
    tiles_rebuild(leaves);
    sql_sure("COMMIT");
    return leaves;
}

/* ---- the kinds of tampering; FALSE: what was drawn changes nothing, draw again ---- */

static gboolean change_one(gint64 *seq)
{
    *seq = draw(1, EVENTS);
    return sql("UPDATE event SET actor = 'wang.li', at = at + 1 WHERE seq = %lld", (long long)*seq);
}

static gboolean drop(void)
{
    return sql("DELETE FROM event WHERE seq = %lld", (long long)draw(1, EVENTS));
}

static gboolean drop_and_close_up(void)
{
    gint64 seq = draw(1, EVENTS - 1);
    return sql("DELETE FROM event WHERE seq = %lld", (long long)seq) &&
           sql("UPDATE event SET seq = -(seq - 1) WHERE seq > %lld", (long long)seq) &&
           sql("UPDATE event SET seq = -seq WHERE seq < 0");
}

static gboolean close_up_and_rebuild(void)
{
    if (!drop_and_close_up()) return FALSE;
    g_array_unref(tree_rebuild());
    return TRUE;
}

static gboolean truncate_end(void)
{
    return sql("DELETE FROM event WHERE seq > %lld", (long long)draw(0, EVENTS - 1));
}

static gboolean truncate_all_traces(void)
{
    gint64 size = draw(0, EVENTS - 1);
    sql("DELETE FROM tile WHERE (idx + 1) * 256 > %lld", (long long)size);
    sql("DELETE FROM checkpoint WHERE size > %lld", (long long)size);
    return sql("DELETE FROM event WHERE seq > %lld", (long long)size);
}

static gboolean swap_rows(void)
{
    gint64 a = draw(1, EVENTS), b = draw(1, EVENTS);
    return a != b && sql("UPDATE event SET seq = -1 WHERE seq = %lld", (long long)a) &&
           sql("UPDATE event SET seq = %lld WHERE seq = %lld", (long long)a, (long long)b) &&
           sql("UPDATE event SET seq = %lld WHERE seq = -1", (long long)b);
}

static gboolean swap_private(void)
{
    gint64 a = draw(1, EVENTS) / 2 * 2, b = draw(1, EVENTS) / 2 * 2; /* even ones have a private body */
    return a != b && a && b &&
           sql("UPDATE event SET private = (SELECT private FROM event e WHERE e.seq = %lld + %lld - "
               "event.seq)"
               " WHERE seq IN (%lld, %lld)",
               (long long)a, (long long)b, (long long)a, (long long)b);
}

static gboolean duplicate(void)
{
    return sql("INSERT INTO event SELECT %d, at, kind, operation, case_id, actor, basis, purpose, body, "
               "private, salt, leaf"
               " FROM event WHERE seq = %lld",
               EVENTS + 1, (long long)draw(1, EVENTS));
}

static gboolean insert_between(void)
{
    gint64 seq = draw(1, EVENTS);
    return sql("UPDATE event SET seq = -(seq + 1) WHERE seq >= %lld", (long long)seq) &&
           sql("UPDATE event SET seq = -seq WHERE seq < 0") &&
           sql("INSERT INTO event SELECT %lld, at, kind, operation, case_id, actor, basis, purpose, body, "
               "private, salt, leaf"
               " FROM event WHERE seq = %lld",
               (long long)seq, (long long)seq + 1);
}

static gboolean insert_and_rebuild(void)
{
    if (!insert_between()) return FALSE;
    g_array_unref(tree_rebuild());
    return TRUE;
}

static gboolean erase_private(void)
{
    return sql("UPDATE event SET private = NULL WHERE private IS NOT NULL AND seq = %lld",
               (long long)draw(1, EVENTS));
}

static gboolean rehash_leaf(void)
{
    gint64 seq;
    if (!change_one(&seq)) return FALSE;
    sql_sure("BEGIN");
    g_array_unref(leaves_rebuild());
    sql_sure("COMMIT");
    return TRUE;
}

static gboolean rebuild_tree(void)
{
    gint64 seq;
    if (!change_one(&seq)) return FALSE;
    g_array_unref(tree_rebuild());
    return TRUE;
}

static gboolean rebuild_and_forget_checkpoints(void)
{
    if (!rebuild_tree()) return FALSE;
    return sql("DELETE FROM checkpoint");
}

/* With a key of their own, and our name on it. */
static gboolean rebuild_and_sign(void)
{
    guint8 public[32], secret[64];
    gint64 seq;
    crypto_sign_keypair(public, secret);
    if (!change_one(&seq)) return FALSE;
    GArray *leaves = tree_rebuild();
    GuardNote note = { .size = EVENTS, .at = T0 + EVENTS };
    Hash root = tree_hash((const Hash *)leaves->data, leaves->len);
    memcpy(note.root, root.b, sizeof note.root);
    g_autofree char *text = guard_note_sign(&note, secret);
    g_array_unref(leaves);
    return sql("DELETE FROM checkpoint") &&
           sql("INSERT INTO checkpoint(size, at, note) VALUES(%d, %lld, '%s')", EVENTS, (long long)note.at,
               text);
}

static gboolean tile_flip(void)
{
    gint64 index = draw(0, EVENTS / 256 - 1);
    Cell cell = cell_read("tile", "root", "idx", index);
    g_autofree char *key = g_strdup_printf("%d AND level = 8", (int)index);
    gboolean done = cell_flip(&cell) && cell_write("tile", "root", "idx", key, &cell);
    g_byte_array_unref(cell.bytes);
    return done;
}

static gboolean tile_drop(void)
{
    return sql("DELETE FROM tile WHERE idx = %lld", (long long)draw(0, EVENTS / 256 - 1));
}

static gboolean tile_add(void)
{
    return sql("INSERT INTO tile(level, idx, root) VALUES(8, %lld, randomblob(32))",
               (long long)draw(EVENTS / 256, 99));
}

static gboolean checkpoint_drop_newest(void)
{
    return sql("DELETE FROM checkpoint WHERE size > %lld", (long long)draw(0, EVENTS - 1));
}

static gboolean checkpoint_swap_notes(void)
{
    return sql("UPDATE checkpoint SET note = (SELECT note FROM checkpoint c WHERE c.size = %d + %d - "
               "checkpoint.size)"
               " WHERE size IN (%d, %d)",
               OLD, EVENTS, OLD, EVENTS);
}

/* What a C string does not show, and what a number rounds away. */
static gboolean text_behind_nul(void)
{
    static const char *const columns[] = { "kind", "operation", "actor", "basis", "purpose", "body" };
    const char *column = columns[draw(0, G_N_ELEMENTS(columns) - 1)];
    return sql("UPDATE event SET %s = CAST(CAST(%s AS BLOB) || x'00' || 'more' AS TEXT) WHERE seq = %lld",
               column, column, (long long)draw(1, EVENTS));
}

static gboolean private_behind_nul(void)
{
    return sql("UPDATE event SET private = CAST(CAST(private AS BLOB) || x'00' || 'more' AS TEXT)"
               " WHERE private IS NOT NULL AND seq = %lld",
               (long long)draw(1, EVENTS));
}

static gboolean time_and_a_half(void)
{
    return sql("UPDATE event SET at = at + 0.5 WHERE seq = %lld", (long long)draw(1, EVENTS));
}

static gboolean case_of_three_bytes(void)
{
    return sql("UPDATE event SET case_id = x'010203' WHERE case_id IS NULL AND seq = %lld",
               (long long)draw(1, EVENTS));
}

static gboolean copy_file(const char *from, const char *to)
{
    g_autofree char *a = g_build_filename(from, "store.db", NULL),
                    *b = g_build_filename(to, "store.db", NULL), *bytes = NULL;
    gsize n;
    return g_file_get_contents(a, &bytes, &n, NULL) && g_file_set_contents(b, bytes, (gssize)n, NULL);
}

static gboolean scratch_open(const char *from)
{
    g_autofree char *path = g_build_filename(here.scratch, "store.db", NULL);
    g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);
    g_remove(wal);
    g_remove(shm);
    return copy_file(from, here.scratch) && sqlite3_open(path, &here.db) == SQLITE_OK;
}

static gboolean roll_back(void)
{
    sqlite3_close(here.db);
    return scratch_open(here.old);
}

/* An older copy that goes on as if nothing had been; at times beyond the length that was signed. */
static gboolean roll_back_and_go_on(void)
{
    g_autofree char *other = g_build_filename(here.folder, "other-keys", NULL);
    sqlite3_close(here.db);
    here.db = NULL;
    if (!scratch_open(here.old)) return FALSE;
    sqlite3_close(here.db);
    here.db = NULL;
    g_autoptr(Store) store = store_at(here.scratch, NULL);
    g_autoptr(Guard) guard = guard_open(store, other, TRUE, here.chance, NULL);
    grow(store, guard, draw(1, EVENTS));
    g_clear_pointer(&guard, guard_close);
    g_clear_pointer(&store, store_close);
    g_autofree char *path = g_build_filename(here.scratch, "store.db", NULL);
    return sqlite3_open(path, &here.db) == SQLITE_OK;
}

#define FLIP(table, column, key, rows)                                                                       \
    static gboolean flip_##table##_##column(void)                                                            \
    {                                                                                                        \
        return flip(#table, #column, #key, rows);                                                            \
    }
#define EVENT_COLUMNS                                                                                        \
    X(seq)                                                                                                   \
    X(at) X(kind) X(operation) X(case_id) X(actor) X(basis) X(purpose) X(body) X(private) X(salt) X(leaf)
#define CHECKPOINT_COLUMNS Y(size) Y(at) Y(note)
#define X(column) FLIP(event, column, seq, EVENTS)
#define Y(column) FLIP(checkpoint, column, size, 4)
EVENT_COLUMNS CHECKPOINT_COLUMNS
#undef X
#undef Y

    static const struct {
    const char *name;
    gboolean (*deed)(void);
} kinds[] = {
#define X(column) { "a bit of event." #column, flip_event_##column },
#define Y(column) { "a bit of checkpoint." #column, flip_checkpoint_##column },
    EVENT_COLUMNS CHECKPOINT_COLUMNS
#undef X
#undef Y
    { "an event dropped", drop },
    { "an event dropped, the gap closed", drop_and_close_up },
    { "an event dropped, gap closed, tree rebuilt", close_up_and_rebuild },
    { "the end cut off", truncate_end },
    { "the end cut off with subtrees and checkpoints", truncate_all_traces },
    { "two events swapped", swap_rows },
    { "two private bodies swapped", swap_private },
    { "an event doubled at the end", duplicate },
    { "an event doubled in between", insert_between },
    { "an event doubled in between, tree rebuilt", insert_and_rebuild },
    { "a private body erased", erase_private },
    { "an event changed, its leaf hashed again", rehash_leaf },
    { "an event changed, whole tree rebuilt", rebuild_tree },
    { "the same, checkpoints removed", rebuild_and_forget_checkpoints },
    { "the same, signed with another key", rebuild_and_sign },
    { "a bit of a subtree", tile_flip },
    { "a subtree dropped", tile_drop },
    { "a subtree too many", tile_add },
    { "newest checkpoints dropped", checkpoint_drop_newest },
    { "checkpoints' notes swapped", checkpoint_swap_notes },
    { "text behind a NUL", text_behind_nul },
    { "private text behind a NUL", private_behind_nul },
    { "half a millisecond", time_and_a_half },
    { "a case id of three bytes", case_of_three_bytes },
    { "an older copy", roll_back },
    { "an older copy that went on", roll_back_and_go_on },
};

/* ---- judging ---- */

/* "sound", or what was found: by the audit, or already by opening. */
static char *judge(void)
{
    GuardAudit audit;
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_at(here.scratch, &error);
    if (!store) return g_strdup(error->message);
    g_autoptr(Guard) guard = guard_open(store, here.keys, FALSE, base_chance_seeded(1), &error);
    if (!guard) g_error("%s", error->message);
    if (!guard_audit_verify(guard, NULL, NULL, NULL, &audit, &error)) return g_strdup(error->message);
    return g_strdup(audit.sound ? "sound" : audit.why);
}

static gboolean control(void)
{
    if (!scratch_open(here.sealed)) g_error("cannot copy");
    sqlite3_close(here.db);
    g_autofree char *found = judge();
    if (!g_str_equal(found, "sound")) g_printerr("untouched, but: %s\n", found);
    return g_str_equal(found, "sound");
}

static gboolean tamper(gsize kind)
{
    gboolean done = FALSE;
    for (int tries = 0; !done && tries < 1000; tries++) {
        g_clear_pointer(&here.detail, g_free);
        if (!scratch_open(here.sealed)) g_error("cannot copy");
        done = kinds[kind].deed();
        sqlite3_close(here.db);
    }
    if (!done) g_error("%s: cannot be done", kinds[kind].name);
    g_autofree char *found = judge();
    if (!g_str_equal(found, "sound")) return TRUE;
    g_printerr("not found: %s %s\n", kinds[kind].name, here.detail ? here.detail : "");
    return FALSE;
}

static int run(gint64 tampers)
{
    gint64 tried[G_N_ELEMENTS(kinds)] = { 0 }, found[G_N_ELEMENTS(kinds)] = { 0 }, all = 0;
    gboolean untouched = control();
    for (gint64 i = 0; i < tampers; i++) {
        gsize kind = (gsize)i % G_N_ELEMENTS(kinds);
        tried[kind]++;
        found[kind] += tamper(kind);
    }
    untouched = control() && untouched;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_print("# %s: %d of %d\n", kinds[i].name, (int)found[i], (int)tried[i]);
        all += found[i];
    }
    g_print("1..2\n%s 1 an untouched copy is sound\n", untouched ? "ok" : "not ok");
    g_print("%s 2 %d of %d tamperings are found\n", all == tampers ? "ok" : "not ok", (int)all, (int)tampers);
    return untouched && all == tampers ? 0 : 1;
}

static void folder_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            folder_remove(path);
        else
            g_remove(path);
    }
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    gint64 tampers = 2 * G_N_ELEMENTS(kinds), seed = 1;
    const GOptionEntry options[] = {
        { "tampers", 0, 0, G_OPTION_ARG_INT64, &tampers, "how many", "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "what they draw", "S" },
        { NULL },
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("- tamper with a sealed ledger and see that it is found");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) g_error("%s", error->message);
    if (sodium_init() < 0) g_error("libsodium does not start");
    g_print("# seed %d\n", (int)seed);
    here.chance = base_chance_seeded((guint64)seed);
    here.folder = g_dir_make_tmp("bihuan-tamper-XXXXXX", &error);
    if (!here.folder) g_error("%s", error->message);
    here.keys = g_build_filename(here.folder, "keys", NULL);
    here.sealed = g_build_filename(here.folder, "sealed", NULL);
    here.old = g_build_filename(here.folder, "old", NULL);
    here.scratch = g_build_filename(here.folder, "scratch", NULL);
    g_mkdir(here.scratch, 0700);
    seal();
    int failed = run(tampers);
    folder_remove(here.folder);
    return failed;
}
