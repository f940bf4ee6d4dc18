/* proofs.c - the ledger shows its work: for ledgers of many sizes, every kind of statement it can be asked to
 * prove, one JSON line each, and beside each a bent one. verify.mjs, which shares no code with us, must
 * accept the first and refuse the second.
 *
 *   {"t":"leaf","salt":hex,"body":text,"private":text or null,"head":text,"leaf":hex,"ok":bool}
 *   {"t":"tree","leaves":[hex],"root":hex,"ok":bool}
 *   {"t":"inclusion","index":i,"size":n,"leaf":hex,"root":hex,"path":[hex],"ok":bool}
 *   {"t":"consistency","from":m,"size":n,"from_root":hex,"root":hex,"path":[hex],"ok":bool}
 *   {"t":"note","note":text,"key":text,"size":n,"root":hex,"ok":bool}
 * Sizes 1..130, 255..258 and 1000 for every event and every older size; some random sizes up to --grow for
 * random ones. */
#include <glib/gstdio.h>
#include "base/json.h"
#include "guard/guard.h"

#define T0 G_GINT64_CONSTANT(1795449600000)

static struct {
    Store *store;
    Guard *guard;
    BaseChance chance; /* what to prove, and how to bend it */
    GArray *leaves;    /* guint8[32] */
    GString *out;
} here;

typedef struct {
    guint8 b[LEDGER_HASH];
} Hash;

static const Hash *leaf_at(gint64 index)
{
    return &g_array_index(here.leaves, Hash, (guint)index);
}

/* ---- writing ---- */

static void put_hash(BaseJson *j, const char *key, const guint8 *hash, gsize n)
{
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(hex, "%02x", hash[i]);
    if (key)
        base_json_put_text(j, key, hex->str);
    else
        base_json_text(j, hex->str);
    g_string_free(hex, TRUE);
}

static void put_hashes(BaseJson *j, const char *key, const guint8 *hashes, gsize n)
{
    base_json_key(j, key);
    base_json_array(j);
    for (gsize i = 0; i < n; i++)
        put_hash(j, NULL, hashes + i * LEDGER_HASH, LEDGER_HASH);
    base_json_end_array(j);
}

static BaseJson line_begin(const char *kind)
{
    g_string_truncate(here.out, 0);
    BaseJson j = base_json_to(here.out);
    base_json_object(&j);
    base_json_put_text(&j, "t", kind);
    return j;
}

static void line_end(BaseJson *j, gboolean ok)
{
    base_json_put_bool(j, "ok", ok);
    base_json_end_object(j);
    puts(here.out->str);
}

/* ---- bending ---- */

static void bend_hash(guint8 *hash)
{
    hash[base_chance_below(&here.chance, LEDGER_HASH)] ^= (guint8)(1 << base_chance_below(&here.chance, 8));
}

/* One of: a bit of a path hash, a hash dropped, repeated, added, two exchanged. A path of none gets one. */
static void bend_path(GByteArray *path)
{
    guint n = path->len / LEDGER_HASH;
    guint at = n ? (guint)base_chance_below(&here.chance, n) : 0;
    guint8 *hash = path->data + (gsize)at * LEDGER_HASH;
    Hash spare;
    base_chance_bytes(&here.chance, spare.b, sizeof spare.b);
    switch (n ? base_chance_below(&here.chance, n > 1 ? 5 : 4) : 3) {
    case 0:
        bend_hash(hash);
        break;
    case 1:
        g_byte_array_remove_range(path, at * LEDGER_HASH, LEDGER_HASH);
        break;
    case 2:
        memcpy(spare.b, hash, sizeof spare.b);
        g_byte_array_append(path, spare.b, sizeof spare.b);
        break;
    case 3:
        g_byte_array_append(path, spare.b, sizeof spare.b);
        break;
    default:
        hash = path->data;
        at = 1 + (guint)base_chance_below(&here.chance, n - 1);
        memcpy(spare.b, hash, sizeof spare.b);
        memcpy(hash, path->data + (gsize)at * LEDGER_HASH, LEDGER_HASH);
        memcpy(path->data + (gsize)at * LEDGER_HASH, spare.b, LEDGER_HASH);
    }
}

/* ---- proofs ---- */

static void inclusion_line(gint64 index, gint64 size, const guint8 *leaf, const guint8 *root,
                           const GByteArray *path, gboolean ok)
{
    BaseJson j = line_begin("inclusion");
    base_json_put_int(&j, "index", index);
    base_json_put_int(&j, "size", size);
    put_hash(&j, "leaf", leaf, LEDGER_HASH);
    put_hash(&j, "root", root, LEDGER_HASH);
    put_hashes(&j, "path", path->data, path->len / LEDGER_HASH);
    line_end(&j, ok);
}

static void inclusion(StoreConn *conn, gint64 index, gint64 size)
{
    Hash root, leaf = *leaf_at(index);
    g_autoptr(GByteArray) path = g_byte_array_new();
    g_assert_true(ledger_root(conn, size, root.b, NULL));
    g_assert_true(ledger_inclusion(conn, index + 1, size, path, NULL));
    inclusion_line(index, size, leaf.b, root.b, path, TRUE);
    switch (base_chance_below(&here.chance, 4)) {
    case 0:
        bend_hash(leaf.b);
        break;
    case 1:
        bend_hash(root.b);
        break;
    case 2:
        index =
            size > 1 ? (index + 1 + (gint64)base_chance_below(&here.chance, (guint64)size - 1)) % size : size;
        break;
    default:
        bend_path(path);
    }
    inclusion_line(index, size, leaf.b, root.b, path, FALSE);
}

static void consistency_line(gint64 from, gint64 size, const guint8 *old, const guint8 *root,
                             const GByteArray *path, gboolean ok)
{
    BaseJson j = line_begin("consistency");
    base_json_put_int(&j, "from", from);
    base_json_put_int(&j, "size", size);
    put_hash(&j, "from_root", old, LEDGER_HASH);
    put_hash(&j, "root", root, LEDGER_HASH);
    put_hashes(&j, "path", path->data, path->len / LEDGER_HASH);
    line_end(&j, ok);
}

static void consistency(StoreConn *conn, gint64 from, gint64 size)
{
    Hash old, root;
    g_autoptr(GByteArray) path = g_byte_array_new();
    g_assert_true(ledger_root(conn, from, old.b, NULL));
    g_assert_true(ledger_root(conn, size, root.b, NULL));
    g_assert_true(ledger_consistency(conn, from, size, path, NULL));
    consistency_line(from, size, old.b, root.b, path, TRUE);
    guint64 how = base_chance_below(&here.chance, 3);
    switch (from == 0 && how == 1 ? 0 : how) { /* every ledger continues the empty one */
    case 0:
        bend_hash(old.b);
        break;
    case 1:
        bend_hash(root.b);
        break;
    default:
        bend_path(path);
    }
    consistency_line(from, size, old.b, root.b, path, FALSE);
}

static void tree(StoreConn *conn, gint64 size)
{
    Hash root;
    g_assert_true(ledger_root(conn, size, root.b, NULL));
    for (int ok = 1; ok >= 0; ok--) {
        BaseJson j = line_begin("tree");
        put_hashes(&j, "leaves", (const guint8 *)here.leaves->data, (gsize)size);
        put_hash(&j, "root", root.b, LEDGER_HASH);
        line_end(&j, ok);
        bend_hash(root.b);
    }
}

/* ---- notes ---- */

static void note_line(const char *note, const char *key, gint64 size, const guint8 *root, gboolean ok)
{
    BaseJson j = line_begin("note");
    base_json_put_text(&j, "note", note);
    base_json_put_text(&j, "key", key);
    base_json_put_int(&j, "size", size);
    put_hash(&j, "root", root, LEDGER_HASH);
    line_end(&j, ok);
}

/* Bent in one printable character, so that the line stays JSON. */
static void note(gint64 size)
{
    Hash root;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = guard_checkpoint(here.guard, T0 + size, &error),
                    *key = guard_public_key(here.guard);
    g_assert_no_error(error);
    g_autoptr(StoreConn) conn = store_read_begin(here.store, NULL);
    g_assert_true(ledger_root(conn, size, root.b, NULL));
    note_line(text, key, size, root.b, TRUE);
    for (int i = 0; i < 8; i++) {
        g_autofree char *bent = g_strdup(text);
        char *at;
        do
            at = bent + base_chance_below(&here.chance, strlen(bent));
        while (!g_ascii_isalnum(*at));
        *at = *at == 'x' ? 'y' : 'x';
        note_line(bent, key, size, root.b, FALSE);
    }
}

/* ---- growing ---- */

static gboolean leaf_line(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                          GError **error)
{
    Hash commitment, hash;
    memcpy(hash.b, leaf, sizeof hash.b);
    g_array_append_val(here.leaves, hash);
    if (event->seq > 300) return TRUE;
    ledger_commitment(salt, event->body, event->private_body, commitment.b);
    g_autofree char *head = ledger_head_text(event, commitment.b);
    for (int ok = 1; ok >= 0; ok--) {
        BaseJson j = line_begin("leaf");
        put_hash(&j, "salt", salt, 16);
        base_json_put_text(&j, "body", ok || event->seq % 2 ? event->body : "{}");
        base_json_put_text(&j, "private", event->private_body);
        base_json_put_text(&j, "head", head);
        put_hash(&j, "leaf", hash.b, LEDGER_HASH);
        line_end(&j, ok);
        bend_hash(hash.b);
    }
    return TRUE;
}

static gboolean append_job(StoreConn *conn, gpointer data, GError **error)
{
    gint64 n = here.leaves->len;
    g_autofree char *body = g_strdup_printf("{\"note\":\"第%d件 <a> \\\"b\\\"\"}", (int)n);
    LedgerEvent event = { .at = T0 + n,
                          .kind = "case.moved",
                          .operation = n % 3 ? "alteration" : "collection",
                          .actor = "system:测试",
                          .basis = n % 2 ? "信访工作条例 22" : NULL,
                          .body = body,
                          .private_body = n % 2 ? "{\"name\":\"某某\"}" : NULL };
    if (n % 5) event.case_id = base_id_make(&here.chance, T0 + n);
    return guard_log(conn, here.guard, &event, error) > 0 &&
           ledger_walk(conn, event.seq, event.seq, TRUE, leaf_line, NULL, error);
}

static void grow(gint64 size)
{
    g_autoptr(GError) error = NULL;
    while (here.leaves->len < size)
        if (!store_write(here.store, append_job, NULL, &error)) g_error("append: %s", error->message);
}

static gboolean in_full(gint64 size)
{
    return size <= 130 || (size >= 255 && size <= 258) || size == 1000;
}

static void prove_all(gint64 size)
{
    note(size);
    g_autoptr(StoreConn) conn = store_read_begin(here.store, NULL);
    tree(conn, size);
    for (gint64 i = 0; i < size; i++) {
        inclusion(conn, i, size);
        consistency(conn, i, size);
    }
    consistency(conn, size, size);
}

static void prove_some(gint64 size)
{
    note(size);
    g_autoptr(StoreConn) conn = store_read_begin(here.store, NULL);
    for (int i = 0; i < 20; i++) {
        gint64 older = 1 + (gint64)base_chance_below(&here.chance, (guint64)size);
        inclusion(conn, (gint64)base_chance_below(&here.chance, (guint64)older), older);
        inclusion(conn, (gint64)base_chance_below(&here.chance, (guint64)size), size);
        consistency(conn, older, size);
    }
}

static void prove(gint64 most)
{
    for (gint64 size = 1; size <= 1000; size++)
        if (in_full(size)) {
            grow(size);
            prove_all(size);
        }
    for (gint64 size = 1000; size < most;) {
        size = MIN(most, size + 1 + (gint64)base_chance_below(&here.chance, (guint64)most / 16));
        grow(size);
        prove_some(size);
    }
}

int main(int argc, char **argv)
{
    gint64 seed = 1, most = 5000;
    const GOptionEntry options[] = {
        { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "what is random", "N" },
        { "grow", 0, 0, G_OPTION_ARG_INT64, &most, "largest ledger", "N" },
        { NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- prove what the ledger holds, in JSON lines");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) g_error("%s", error->message);
    g_autofree char *keys = g_dir_make_tmp("bihuan-proofs-XXXXXX", NULL);
    here.store = store_memory_open(&error);
    here.guard = guard_open(here.store, keys, TRUE, base_chance_seeded((guint64)seed), &error);
    if (error) g_error("%s", error->message);
    here.chance = base_chance_seeded((guint64)seed + 1);
    here.leaves = g_array_new(FALSE, FALSE, sizeof(Hash));
    here.out = g_string_new(NULL);
    prove(most);
    g_string_free(here.out, TRUE);
    g_array_unref(here.leaves);
    guard_close(here.guard);
    store_close(here.store);
    for (const char *const *name = (const char *const[]){ "log.key", "residents.key", "seal-ed25519.key",
                                                          "seal-sm2.key", "checkpoint", NULL };
         *name; name++) {
        g_autofree char *path = g_build_filename(keys, *name, NULL);
        g_remove(path);
    }
    return g_rmdir(keys);
}
