/* pass.c - the root at every size, by the right edge of the tree: a full subtree is joined with its left
 * neighbour as soon as both are there (RFC 9162, 2.1.1, read from below). */
#include "guard/pass.h"
#include "guard/inside.h"

enum { SEQ, AT, CASE_ID, PRIVATE, LEAF, FIRST_TEXT, COLUMNS = FIRST_TEXT + 6 };

gboolean guard_pass_begin(GuardPass *pass, StoreConn *conn, GError **error)
{
    *pass = (GuardPass){ .rows = store_query(
                             conn,
                             "SELECT seq, at, case_id, private, leaf, kind, operation, actor, basis,"
                             " purpose, body FROM event ORDER BY seq",
                             NULL, 0, error) };
    return pass->rows != NULL;
}

void guard_pass_end(GuardPass *pass)
{
    store_rows_free(pass->rows);
    pass->rows = NULL;
}

static void node_hash(const guint8 *left, const guint8 *right, guint8 out[LEDGER_HASH])
{
    guint8 both[1 + 2 * LEDGER_HASH] = { 1 };
    memcpy(both + 1, left, LEDGER_HASH);
    memcpy(both + 1 + LEDGER_HASH, right, LEDGER_HASH);
    crypto_hash_sha256(out, both, sizeof both);
}

static void push(GuardPass *pass, const guint8 leaf[LEDGER_HASH])
{
    guint8 hash[LEDGER_HASH];
    int height = 0;
    memcpy(hash, leaf, sizeof hash);
    for (; pass->size >> height & 1; height++)
        node_hash(pass->edge[height], hash, hash);
    memcpy(pass->edge[height], hash, sizeof hash);
    pass->size++;
}

void guard_pass_root(const GuardPass *pass, guint8 out[LEDGER_HASH])
{
    gboolean some = FALSE;
    crypto_hash_sha256(out, NULL, 0);
    for (int height = 0; pass->size >> height; height++) {
        if (!(pass->size >> height & 1)) continue;
        if (some)
            node_hash(pass->edge[height], out, out);
        else
            memcpy(out, pass->edge[height], LEDGER_HASH);
        some = TRUE;
    }
}

/* A text with something behind a NUL, a time with a fraction, a case id of another length: the hash is over
 * what our readers see, so what they do not see must not be there. */
static gboolean cell_plain(const StoreRows *rows, int column, StoreType type)
{
    gsize length = 0;
    if (store_type(rows, column) != type) return FALSE;
    if (type == STORE_INT) return TRUE;
    const char *bytes = store_blob(rows, column, &length);
    return type == STORE_BLOB ? length == sizeof(BaseId) : !length || !memchr(bytes, 0, length);
}

static gboolean row_plain(const StoreRows *rows)
{
    if (!cell_plain(rows, AT, STORE_INT)) return FALSE;
    if (store_type(rows, CASE_ID) != STORE_NULL && !cell_plain(rows, CASE_ID, STORE_BLOB)) return FALSE;
    if (store_type(rows, PRIVATE) != STORE_NULL && !cell_plain(rows, PRIVATE, STORE_TEXT)) return FALSE;
    for (int column = FIRST_TEXT; column < COLUMNS; column++)
        if (!cell_plain(rows, column, STORE_TEXT)) return FALSE;
    return TRUE;
}

gboolean guard_pass_to(GuardPass *pass, gint64 size, GError **error)
{
    GError *failed = NULL;
    while (pass->size < size && store_step(pass->rows, &failed)) {
        gsize length = 0;
        const guint8 *leaf = store_blob(pass->rows, LEAF, &length);
        if (!pass->unplain && (length != LEDGER_HASH || !row_plain(pass->rows)))
            pass->unplain = store_int(pass->rows, SEQ);
        if (length == LEDGER_HASH) push(pass, leaf);
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}
