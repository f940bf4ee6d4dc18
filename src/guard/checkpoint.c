/* checkpoint.c - signing what the ledger has come to.
 *
 * A checkpoint is made from a read snapshot, which shows only what is on disk, and only when the ledger has
 * grown. Before signing, the ledger must still hold the last checkpoint as a prefix: the key never signs over
 * a rewritten or shortened ledger. First the row, then the copy beside the keys, so the copy never runs ahead
 * of the store. */
#include "guard/inside.h"
#include "guard/note.h"

char *guard_public_key(const Guard *guard)
{
    return guard_note_verifier(guard->public);
}

/* The newest stored note, or NULL when there is none. FALSE when it cannot be read. */
static gboolean newest_stored(StoreConn *conn, char **text, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_query(conn, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", NULL, 0, error);
    if (!rows) return FALSE;
    GError *failed = NULL;
    *text = store_step(rows, &failed) ? g_strdup(store_text(rows, 0)) : NULL;
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean still_holds(Guard *guard, StoreConn *conn, const char *text, GuardNote *note, GError **error)
{
    guint8 root[LEDGER_HASH];
    if (!guard_note_open(text, guard->public, note, error)) return FALSE;
    if (note->size > ledger_size(conn)) {
        g_set_error(
            error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED,
            "the ledger has %" G_GINT64_FORMAT " events, but %" G_GINT64_FORMAT
            " were signed: this is an older copy; to go on with it, move %s/%s away first and write down why",
            ledger_size(conn), note->size, guard->keys, GUARD_COPY);
        return FALSE;
    }
    if (!ledger_root(conn, note->size, root, error)) return FALSE;
    if (sodium_memcmp(root, note->root, sizeof root) == 0) return TRUE;
    g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED,
                "the first %" G_GINT64_FORMAT
                " events are not those that were signed; see \"bihuan audit verify\"",
                note->size);
    return FALSE;
}

typedef struct {
    gint64 size, at;
    const char *note;
} KeepJob;

static gboolean keep_job(StoreConn *conn, gpointer data, GError **error)
{
    KeepJob *job = data;
    return STORE_RUN(conn, error, "INSERT INTO checkpoint(size, at, note) VALUES(?1, ?2, ?3)",
                     STORE_I(job->size), STORE_I(job->at), STORE_T(job->note));
}

/* What to sign next: the snapshot's size and root; or, in `text`, the stored note that still stands. */
static gboolean checkpoint_next(Guard *guard, gint64 at, GuardNote *next, char **text, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(guard->store, error);
    if (!conn) return FALSE;
    g_autofree char *stored = NULL, *copy = NULL;
    GuardNote note = { .size = -1 }, beside;
    gboolean absent;
    GError *failed = NULL;
    copy = guard_keys_read(guard, GUARD_COPY, &absent, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    if (!newest_stored(conn, &stored, error)) return FALSE;
    if (stored && !still_holds(guard, conn, stored, &note, error)) return FALSE;
    if (copy && g_strcmp0(copy, stored) != 0 && !still_holds(guard, conn, copy, &beside, error)) return FALSE;
    *next = (GuardNote){ .size = ledger_size(conn), .at = at };
    if (note.size == next->size) *text = g_steal_pointer(&stored);
    return ledger_root(conn, next->size, next->root, error);
}

static char *checkpoint_make(Guard *guard, gint64 at, GError **error)
{
    GuardNote next;
    g_autofree char *text = NULL;
    if (!checkpoint_next(guard, at, &next, &text, error)) return NULL;
    if (text) return g_steal_pointer(&text);
    text = guard_note_sign(&next, guard->secret);
    KeepJob job = { next.size, at, text };
    if (!store_write(guard->store, keep_job, &job, error)) return NULL;
    return guard_keys_write(guard, GUARD_COPY, text, TRUE, error) ? g_steal_pointer(&text) : NULL;
}

char *guard_checkpoint(Guard *guard, gint64 at, GError **error)
{
    g_mutex_lock(&guard->sign_lock);
    char *text = checkpoint_make(guard, at, error);
    g_mutex_unlock(&guard->sign_lock);
    return text;
}
