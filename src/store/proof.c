/* proof.c - roots and proofs of RFC 9162, 2.1.3 and 2.1.4, from the rows: leaves in `event`, roots of full
 * subtrees of 256^k leaves in `tile`. Any other full subtree is folded from at most 128 rows of the level
 * below it. */
#include "store/ledger.h"
#include "store/seam.h"
#include <string.h>

static StoreRows *level_rows(StoreConn *conn, int level, gint64 first, gint64 count, GError **error)
{
    if (level == 0)
        return STORE_QUERY(conn, error, "SELECT leaf FROM event WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
                           STORE_I(first + 1), STORE_I(first + count));
    return STORE_QUERY(conn, error,
                       "SELECT root FROM tile WHERE level = ?1 AND idx BETWEEN ?2 AND ?3 ORDER BY idx",
                       STORE_I(level), STORE_I(first), STORE_I(first + count - 1));
}

static gboolean damaged(int level, gint64 first, gint64 count, GError **error)
{
    g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED,
                "the ledger lacks hashes of level %d between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                "; run the audit check, restore from a backup",
                level, first, first + count - 1);
    return FALSE;
}

/* Root of the full subtree of 2^height leaves that starts at leaf index << height. */
static gboolean full_root(StoreConn *conn, int height, gint64 index, guint8 out[LEDGER_HASH], GError **error)
{
    int level = height / 8 * 8;
    gint64 count = (gint64)1 << (height - level), first = index * count;
    StoreTree part = { 0 };
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = level_rows(conn, level, first, count, error);
    if (!rows) return FALSE;
    while (store_step(rows, &failed)) {
        gsize length = 0;
        const void *hash = store_blob(rows, 0, &length);
        if (length != LEDGER_HASH) break;
        store_tree_push(&part, hash);
    }
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    if (part.size != count) return damaged(level, first, count, error);
    store_tree_root(&part, out);
    return TRUE;
}

/* The right edge of the leaves in [from, from + size), where from is a multiple of the largest power of two
 * in size. */
static gboolean edge_load(StoreConn *conn, gint64 from, gint64 size, StoreTree *out, GError **error)
{
    out->size = size;
    gint64 at = from;
    for (int height = STORE_TREE_HEIGHT - 1; height >= 0; height--) {
        if (!(size >> height & 1)) continue;
        if (!full_root(conn, height, at >> height, out->edge[height], error)) return FALSE;
        at += (gint64)1 << height;
    }
    return TRUE;
}

gboolean store_tree_load(StoreConn *conn, gint64 size, StoreTree *out, GError **error)
{
    return edge_load(conn, 0, size, out, error);
}

/* MTH(D[from:to]) of the RFC. */
static gboolean range_root(StoreConn *conn, gint64 from, gint64 to, guint8 out[LEDGER_HASH], GError **error)
{
    StoreTree edge;
    if (!edge_load(conn, from, to - from, &edge, error)) return FALSE;
    store_tree_root(&edge, out);
    return TRUE;
}

static gint64 largest_power_below(gint64 n)
{
    return (gint64)1 << (g_bit_storage((gulong)(n - 1)) - 1);
}

static gboolean in_range(StoreConn *conn, gint64 low, gint64 value, gint64 high, const char *what,
                         GError **error)
{
    if (value >= low && value <= high) return TRUE;
    g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_RANGE,
                "%s %" G_GINT64_FORMAT " is not between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT, what,
                value, low, high);
    return FALSE;
}

gboolean ledger_root(StoreConn *conn, gint64 size, guint8 out[LEDGER_HASH], GError **error)
{
    if (!in_range(conn, 0, size, ledger_size(conn), "tree size", error)) return FALSE;
    return range_root(conn, 0, size, out, error);
}

static gboolean path_add(StoreConn *conn, gint64 from, gint64 to, GArray *path, GError **error)
{
    guint8 hash[LEDGER_HASH];
    if (!range_root(conn, from, to, hash, error)) return FALSE;
    g_array_append_vals(path, hash, 1);
    return TRUE;
}

/* The RFC lists from the bottom up; we walk from the top. */
static void path_give(const GArray *path, GByteArray *out)
{
    for (guint i = path->len; i-- > 0;)
        g_byte_array_append(out, (const guint8 *)path->data + (gsize)i * LEDGER_HASH, LEDGER_HASH);
}

gboolean ledger_inclusion(StoreConn *conn, gint64 seq, gint64 size, GByteArray *out, GError **error)
{
    if (!in_range(conn, 1, size, ledger_size(conn), "tree size", error)) return FALSE;
    if (!in_range(conn, 1, seq, size, "event", error)) return FALSE;
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, LEDGER_HASH);
    for (gint64 from = 0, to = size; to - from > 1;) {
        gint64 middle = from + largest_power_below(to - from);
        gboolean left = seq - 1 < middle;
        if (!path_add(conn, left ? middle : from, left ? to : middle, path, error)) return FALSE;
        if (left)
            to = middle;
        else
            from = middle;
    }
    path_give(path, out);
    return TRUE;
}

gboolean ledger_consistency(StoreConn *conn, gint64 old, gint64 size, GByteArray *out, GError **error)
{
    if (!in_range(conn, 0, size, ledger_size(conn), "tree size", error)) return FALSE;
    if (!in_range(conn, 0, old, size, "old tree size", error)) return FALSE;
    if (old == 0 || old == size) return TRUE;
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, LEDGER_HASH);
    gint64 from = 0, to = size;
    while (to != old) {
        gint64 middle = from + largest_power_below(to - from);
        gboolean left = old <= middle;
        if (!path_add(conn, left ? middle : from, left ? to : middle, path, error)) return FALSE;
        if (left)
            to = middle;
        else
            from = middle;
    }
    if (from != 0 && !path_add(conn, from, to, path, error)) return FALSE;
    path_give(path, out);
    return TRUE;
}
