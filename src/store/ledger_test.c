/* ledger_test.c - roots and proofs against RFC 9162 written down as it reads (slow, recursive, over all
 * leaves), and tampering of every kind found by ledger_check. */
#include "store/ledger.h"
#include "store/seam.h"
#include <string.h>

#define ALL_SIZES 300

typedef struct {
    Store *store;
    GArray *leaves; /* 32 bytes each, as ledger_walk gives them */
    guint64 seed;
    BaseChance chance;
} City;

/* --- RFC 9162, 2.1, literally --- */

static void slow_node(const guint8 *left, const guint8 *right, guint8 out[32])
{
    guint8 text[65] = { 1 };
    memcpy(text + 1, left, 32);
    memcpy(text + 33, right, 32);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = 32;
    g_checksum_update(sum, text, 65);
    g_checksum_get_digest(sum, out, &length);
}

static gsize slow_split(gsize n)
{
    gsize k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static void slow_root(const guint8 *leaves, gsize n, guint8 out[32])
{
    guint8 left[32], right[32];
    if (n == 1) {
        memcpy(out, leaves, 32);
        return;
    }
    gsize k = slow_split(n);
    slow_root(leaves, k, left);
    slow_root(leaves + 32 * k, n - k, right);
    slow_node(left, right, out);
}

static void slow_append_root(const guint8 *leaves, gsize n, GByteArray *out)
{
    guint8 root[32];
    slow_root(leaves, n, root);
    g_byte_array_append(out, root, 32);
}

static void slow_path(gsize m, const guint8 *leaves, gsize n, GByteArray *out)
{
    if (n == 1) return;
    gsize k = slow_split(n);
    slow_path(m < k ? m : m - k, m < k ? leaves : leaves + 32 * k, m < k ? k : n - k, out);
    slow_append_root(m < k ? leaves + 32 * k : leaves, m < k ? n - k : k, out);
}

static void slow_subproof(gsize m, const guint8 *leaves, gsize n, gboolean whole, GByteArray *out)
{
    if (m == n) {
        if (!whole) slow_append_root(leaves, n, out);
        return;
    }
    gsize k = slow_split(n);
    if (m <= k) {
        slow_subproof(m, leaves, k, whole, out);
        slow_append_root(leaves + 32 * k, n - k, out);
    } else {
        slow_subproof(m - k, leaves + 32 * k, n - k, FALSE, out);
        slow_append_root(leaves, k, out);
    }
}

/* --- a city's ledger --- */

typedef struct {
    City *city;
    guint n;
    gboolean refuse;
} Append;

static gboolean append_job(StoreConn *conn, gpointer data, GError **error)
{
    Append *append = data;
    for (guint i = 0; i < append->n; i++) {
        gint64 before = ledger_size(conn);
        g_autofree char *body = g_strdup_printf("{\"n\":%" G_GINT64_FORMAT ",\"地\":\"<\"}", before);
        LedgerEvent event = { .at = 1700000000000 + before,
                              .kind = "case.opened",
                              .operation = "collection",
                              .actor = "system:intake",
                              .body = before % 3 ? body : NULL,
                              .private_body = before % 2 ? "{\"phone\":\"12000000000\"}" : NULL };
        if (before % 4) event.case_id.b[0] = 1 + (guint8)before % 4;
        if (!ledger_append(conn, &event, &append->city->chance, error)) return FALSE;
        g_assert_cmpint(event.seq, ==, before + 1);
    }
    if (append->refuse) g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "refused by the test");
    return !append->refuse;
}

static gboolean keep_leaf(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                          GError **error)
{
    g_array_append_vals(data, leaf, 1);
    return TRUE;
}

static void city_grow(City *city, guint n)
{
    g_autoptr(GError) error = NULL;
    store_write(city->store, append_job, &(Append){ city, n, FALSE }, &error);
    g_assert_no_error(error);
    g_array_set_size(city->leaves, 0);
    g_autoptr(StoreConn) conn = store_read_begin(city->store, &error);
    g_assert_true(ledger_walk(conn, 1, G_MAXINT64, FALSE, keep_leaf, city->leaves, &error));
}

static void city_make(City *city, guint n)
{
    city->seed = (guint64)g_test_rand_int();
    g_test_message("seed %" G_GUINT64_FORMAT, city->seed);
    city->chance = base_chance_seeded(city->seed);
    city->store = store_memory_open(NULL);
    city->leaves = g_array_new(FALSE, FALSE, 32);
    if (n) city_grow(city, n);
}

static void city_end(City *city)
{
    store_close(city->store);
    g_array_free(city->leaves, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(City, city_end)

static void root_fits(City *city, StoreConn *conn, gint64 size)
{
    guint8 root[32], slow[32];
    g_assert_true(ledger_root(conn, size, root, NULL));
    slow_root((guint8 *)city->leaves->data, (gsize)size, slow);
    g_assert_cmpmem(root, 32, slow, 32);
}

static void inclusion_fits(City *city, StoreConn *conn, gint64 seq, gint64 size)
{
    g_autoptr(GByteArray) proof = g_byte_array_new(), slow = g_byte_array_new();
    g_assert_true(ledger_inclusion(conn, seq, size, proof, NULL));
    slow_path((gsize)seq - 1, (guint8 *)city->leaves->data, (gsize)size, slow);
    g_assert_cmpmem(proof->data, proof->len, slow->data, slow->len);
}

static void consistency_fits(City *city, StoreConn *conn, gint64 from, gint64 to)
{
    g_autoptr(GByteArray) proof = g_byte_array_new(), slow = g_byte_array_new();
    g_assert_true(ledger_consistency(conn, from, to, proof, NULL));
    slow_subproof((gsize)from, (guint8 *)city->leaves->data, (gsize)to, TRUE, slow);
    g_assert_cmpmem(proof->data, proof->len, slow->data, slow->len);
}

static void every_small_proof_is_the_one_of_the_rfc(void)
{
    g_auto(City) city;
    city_make(&city, ALL_SIZES);
    g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
    for (gint64 size = 1; size <= ALL_SIZES; size++) {
        root_fits(&city, conn, size);
        for (gint64 seq = 1; seq <= size; seq += size < 70 ? 1 : 1 + (seq * 7) % 13) {
            inclusion_fits(&city, conn, seq, size);
            consistency_fits(&city, conn, seq, size);
        }
    }
}

static void large_proofs_are_those_of_the_rfc(void)
{
    g_auto(City) city;
    city_make(&city, 66000); /* beyond the first subtree of 256^2 */
    g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
    for (int i = 0; i < 40; i++) {
        gint64 size = 1 + (gint64)base_chance_below(&city.chance, city.leaves->len);
        gint64 seq = 1 + (gint64)base_chance_below(&city.chance, (guint64)size);
        root_fits(&city, conn, size);
        inclusion_fits(&city, conn, seq, size);
        consistency_fits(&city, conn, seq, size);
    }
    root_fits(&city, conn, 65536);
    consistency_fits(&city, conn, 65536, 66000);
}

static void a_ledger_grown_in_steps_with_refusals_is_whole(void)
{
    g_auto(City) city;
    city_make(&city, 0);
    for (int i = 0; i < 60; i++) {
        Append refused = { &city, 1 + (guint)base_chance_below(&city.chance, 300), TRUE };
        g_assert_false(store_write(city.store, append_job, &refused, NULL));
        city_grow(&city, 1 + (guint)base_chance_below(&city.chance, 20));
    }
    LedgerCheck check;
    g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
    g_assert_true(ledger_check(conn, NULL, NULL, &check, NULL));
    g_assert_cmpint(check.events, ==, city.leaves->len);
    g_assert_true(!check.bad_seq && check.bad_tile == -1 && !check.gap);
    root_fits(&city, conn, city.leaves->len);
    guint8 root[32];
    g_assert_true(ledger_root(conn, check.events, root, NULL));
    g_assert_cmpmem(root, 32, check.root, 32);
}

static void out_of_range_is_refused(void)
{
    g_auto(City) city;
    city_make(&city, 5);
    static const struct {
        const char *name;
        gint64 a, b;
        gboolean inclusion, fine;
    } table[] = {
        /* clang-format off */
        { "no event 0",             0, 5, TRUE,  FALSE }, { "first",                  1, 5, TRUE,  TRUE },
        { "last",                   5, 5, TRUE,  TRUE },  { "beyond the tree",        5, 4, TRUE,  FALSE },
        { "beyond the ledger",      1, 6, TRUE,  FALSE }, { "empty tree holds none",  1, 0, TRUE,  FALSE },
        { "from nothing",           0, 5, FALSE, TRUE },  { "to itself",              5, 5, FALSE, TRUE },
        { "backwards",              4, 3, FALSE, FALSE }, { "consistency beyond",     4, 6, FALSE, FALSE },
        { "negative",              -1, 3, FALSE, FALSE },
        /* clang-format on */
    };
    g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GByteArray) proof = g_byte_array_new();
        g_test_message("%s", table[i].name);
        gboolean ok = (table[i].inclusion ? ledger_inclusion : ledger_consistency)(conn, table[i].a,
                                                                                   table[i].b, proof, &error);
        g_assert_cmpint(ok, ==, table[i].fine);
        if (!ok) g_assert_error(error, LEDGER_ERROR, LEDGER_ERROR_RANGE);
    }
    guint8 root[32];
    g_assert_false(ledger_root(conn, 6, root, NULL));
    g_assert_true(ledger_root(conn, 0, root, NULL));
    g_assert_cmpmem(root, 4, "\xe3\xb0\xc4\x42", 4); /* SHA-256 of nothing */
}

static void the_hashes_are_those_written_in_the_header(void)
{
    static const guint8 salt[16] = "0123456789abcde";
    LedgerEvent event = {
        .seq = 7, .at = -1, .kind = "k", .operation = "-", .case_id = { { 0xab } }, .actor = "a\"<"
    };
    guint8 hash[32], slow[32];
    gsize length = 32;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, salt, 16);
    g_checksum_update(sum, (const guchar *)"\0\0\0\0\0\0\0\2{}{\"p\":1}", 17);
    g_checksum_get_digest(sum, slow, &length);
    ledger_commitment(salt, NULL, "{\"p\":1}", hash);
    g_assert_cmpmem(hash, 32, slow, 32);
    memset(hash, 0x5a, 32);
    g_autofree char *head = ledger_head_text(&event, hash);
    g_assert_cmpstr(head, ==,
                    "[7,-1,\"k\",\"-\",\"ab000000-0000-0000-0000-000000000000\",\"a\\\"\\u003c\",\"\",\"\","
                    "\"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\"]");
    g_checksum_reset(sum);
    g_checksum_update(sum, (const guchar *)"\0", 1);
    g_checksum_update(sum, (const guchar *)head, -1);
    g_checksum_get_digest(sum, slow, &length);
    ledger_leaf(head, hash);
    g_assert_cmpmem(hash, 32, slow, 32);
}

static gboolean tamper_job(StoreConn *conn, gpointer sql, GError **error)
{
    return store_run(conn, sql, NULL, 0, error);
}

static void tampering_is_found(void)
{
    static const struct {
        const char *name, *sql;
        gint64 bad_seq, bad_tile, gap;
    } table[] = {
        /* clang-format off */
        { "nothing",              "SELECT 1",                                                        0, -1, 0 },
        { "a body",               "UPDATE event SET body = '{\"n\":1 }' WHERE seq = 2",              2, 0, 0 },
        { "a private body",       "UPDATE event SET private = NULL WHERE seq = 300",                 300, 1, 0 },
        { "from body to private", "UPDATE event SET body = '', private = body || coalesce(private, '') WHERE seq = 4", 4, 0, 0 },
        { "the actor",            "UPDATE event SET actor = 'b' WHERE seq = 600",                    600, -1, 0 },
        { "the time",             "UPDATE event SET at = at + 1 WHERE seq = 1",                      1, 0, 0 },
        { "the case",             "UPDATE event SET case_id = NULL WHERE seq = 2",                   2, 0, 0 },
        { "the purpose",          "UPDATE event SET purpose = 'x' WHERE seq = 9",                    9, 0, 0 },
        { "the salt",             "UPDATE event SET salt = randomblob(16) WHERE seq = 9",            9, 0, 0 },
        { "a leaf",               "UPDATE event SET leaf = randomblob(32) WHERE seq = 9",            9, -1, 0 },
        { "a subtree",            "UPDATE tile SET root = randomblob(32) WHERE idx = 1",             0, 1, 0 },
        { "a subtree is missing", "DELETE FROM tile WHERE idx = 1",                                  0, 1, 0 },
        { "a subtree too many",   "INSERT INTO tile VALUES(8, 2, randomblob(32))",                   0, 2, 0 },
        { "an event is missing",  "DELETE FROM event WHERE seq = 5",                                 0, -1, 5 },
        { "the first is missing", "DELETE FROM event WHERE seq = 1",                                 0, -1, 1 },
        { "the end is cut off",   "DELETE FROM event WHERE seq > 511",                               0, 1, 0 },
        { "an event moved",       "UPDATE event SET seq = 1000 WHERE seq = 700",                     1000, -1, 700 },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(City) city;
        LedgerCheck check;
        g_autoptr(GError) error = NULL;
        city_make(&city, 700);
        g_test_message("%s", table[i].name);
        store_write(city.store, tamper_job, (gpointer)table[i].sql, &error);
        g_assert_no_error(error);
        g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
        g_assert_true(ledger_check(conn, NULL, NULL, &check, &error));
        g_assert_cmpint(check.bad_seq, ==, table[i].bad_seq);
        g_assert_cmpint(check.bad_tile, ==, table[i].bad_tile);
        g_assert_cmpint(check.gap, ==, table[i].gap);
    }
}

/* Any hashed column of any event, altered and mended again: the event is named. */
static void any_altered_value_is_found(void)
{
    static const char *const columns[] = { "kind", "operation", "actor", "body", "private", "salt", "leaf" };
    g_auto(City) city;
    city_make(&city, 40);
    for (int i = 0; i < 200; i++) {
        gint64 seq = 2 + 2 * (gint64)base_chance_below(&city.chance, 20); /* those with a private body */
        const char *column = columns[base_chance_below(&city.chance, G_N_ELEMENTS(columns))];
        g_autofree char *keep =
            g_strdup_printf("CREATE TABLE kept AS SELECT * FROM event WHERE seq = %d", (int)seq);
        g_autofree char *flip =
            g_strdup_printf("UPDATE event SET %s = CASE typeof(%s) WHEN 'text' THEN replace(%s, substr(%s, "
                            "%d, 1), '?') ELSE randomblob(length(%s)) END WHERE seq = %d",
                            column, column, column, column, 1 + i % 2, column, (int)seq);
        g_autofree char *mend = g_strdup_printf("UPDATE event SET %s = (SELECT %s FROM kept) WHERE seq = %d",
                                                column, column, (int)seq);
        LedgerCheck check;
        g_assert_true(store_write(city.store, tamper_job, keep, NULL));
        g_assert_true(store_write(city.store, tamper_job, flip, NULL));
        g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
        g_assert_true(ledger_check(conn, NULL, NULL, &check, NULL));
        g_assert_cmpint(check.bad_seq, ==, seq);
        store_read_end(g_steal_pointer(&conn));
        g_assert_true(store_write(city.store, tamper_job, mend, NULL));
        g_assert_true(store_write(city.store, tamper_job, (gpointer) "DROP TABLE kept", NULL));
    }
}

static gboolean count_private(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                              GError **error)
{
    gint64 *seen = data;
    seen[0]++;
    if (event->private_body) seen[1]++;
    return event->seq < 8;
}

static void a_walk_gives_private_bodies_only_when_asked(void)
{
    g_auto(City) city;
    city_make(&city, 10);
    g_autoptr(StoreConn) conn = store_read_begin(city.store, NULL);
    gint64 open_only[2] = { 0 }, all[2] = { 0 };
    g_assert_false(ledger_walk(conn, 3, 10, FALSE, count_private, open_only, NULL));
    g_assert_cmpint(open_only[0], ==, 6);
    g_assert_cmpint(open_only[1], ==, 0);
    g_assert_true(ledger_walk(conn, 1, 4, TRUE, count_private, all, NULL));
    g_assert_cmpint(all[0], ==, 4);
    g_assert_cmpint(all[1], ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/every_small_proof_is_the_one_of_the_rfc",
                    every_small_proof_is_the_one_of_the_rfc);
    g_test_add_func("/ledger/large_proofs_are_those_of_the_rfc", large_proofs_are_those_of_the_rfc);
    g_test_add_func("/ledger/a_ledger_grown_in_steps_with_refusals_is_whole",
                    a_ledger_grown_in_steps_with_refusals_is_whole);
    g_test_add_func("/ledger/out_of_range_is_refused", out_of_range_is_refused);
    g_test_add_func("/ledger/the_hashes_are_those_written_in_the_header",
                    the_hashes_are_those_written_in_the_header);
    g_test_add_func("/ledger/tampering_is_found", tampering_is_found);
    g_test_add_func("/ledger/any_altered_value_is_found", any_altered_value_is_found);
    g_test_add_func("/ledger/a_walk_gives_private_bodies_only_when_asked",
                    a_walk_gives_private_bodies_only_when_asked);
    return g_test_run();
}
