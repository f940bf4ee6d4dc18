/* audit.c - is the ledger what it was: every row against its leaf, every leaf against the tree, the tree
 * against every checkpoint that was signed, against the copy beside the keys, and against a note that
 * somebody else kept.
 *
 * What each wall finds: a changed row its leaf; a changed leaf the kept subtrees; a tree rebuilt without the
 * key the signed roots; an older or shortened store the copy beside the keys; a holder of the key who
 * rewrites everything, only the witness. */
#include "guard/inside.h"
#include "guard/note.h"

typedef struct {
    char *text;
    guint8 *leaf;
} Head;

static gboolean head_take(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                          GError **error)
{
    Head *head = data;
    guint8 commitment[LEDGER_HASH];
    ledger_commitment(salt, event->body, event->private_body, commitment);
    head->text = ledger_head_text(event, commitment);
    memcpy(head->leaf, leaf, LEDGER_HASH);
    return TRUE;
}

char *guard_event_head(StoreConn *conn, gint64 seq, guint8 leaf[LEDGER_HASH], GError **error)
{
    Head head = { NULL, leaf };
    if (!ledger_walk(conn, seq, seq, TRUE, head_take, &head, error)) return NULL;
    if (!head.text)
        g_set_error(error, LEDGER_ERROR, LEDGER_ERROR_RANGE, "the ledger has no event %" G_GINT64_FORMAT,
                    seq);
    return head.text;
}

static void found(GuardAudit *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The first finding is the reason; later ones follow from it. */
static void found(GuardAudit *out, const char *format, ...)
{
    va_list args;
    if (!out->sound) return;
    out->sound = FALSE;
    va_start(args, format);
    g_vsnprintf(out->why, sizeof out->why, format, args);
    va_end(args);
}

static void ledger_judge(GuardAudit *out)
{
    const LedgerCheck *ledger = &out->ledger;
    if (ledger->gap) found(out, "event %" G_GINT64_FORMAT " is missing", ledger->gap);
    if (ledger->bad_seq) found(out, "event %" G_GINT64_FORMAT " is not what it was", ledger->bad_seq);
    if (ledger->bad_tile >= 0)
        found(out, "subtree %" G_GINT64_FORMAT " of the tree is not what it was", ledger->bad_tile);
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
    enum { AT = 1, CASE_ID, PRIVATE, FIRST_TEXT, COLUMNS = FIRST_TEXT + 6 };
    if (!cell_plain(rows, AT, STORE_INT)) return FALSE;
    if (store_type(rows, CASE_ID) != STORE_NULL && !cell_plain(rows, CASE_ID, STORE_BLOB)) return FALSE;
    if (store_type(rows, PRIVATE) != STORE_NULL && !cell_plain(rows, PRIVATE, STORE_TEXT)) return FALSE;
    for (int column = FIRST_TEXT; column < COLUMNS; column++)
        if (!cell_plain(rows, column, STORE_TEXT)) return FALSE;
    return TRUE;
}

static gboolean rows_check(StoreConn *conn, GuardAudit *out, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_query(conn,
                    "SELECT seq, at, case_id, private, kind, operation, actor, basis, purpose, body"
                    " FROM event ORDER BY seq",
                    NULL, 0, error);
    if (!rows) return FALSE;
    GError *failed = NULL;
    while (store_step(rows, &failed)) {
        if (row_plain(rows)) continue;
        gint64 seq = store_int(rows, 0);
        if (!out->ledger.bad_seq) out->ledger.bad_seq = seq;
        found(out, "event %" G_GINT64_FORMAT " holds something that its hash does not cover", seq);
        break;
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

/* One note, called `what` in the report, against the ledger of this snapshot. */
static gboolean note_fits(Guard *guard, StoreConn *conn, const char *text, const char *what, GuardNote *note,
                          GuardAudit *out)
{
    g_autoptr(GError) why = NULL;
    guint8 root[LEDGER_HASH];
    if (!guard_note_open(text, guard->public, note, &why))
        found(out, "%s: %s", what, why->message);
    else if (note->size > out->ledger.events)
        found(out, "%s: signed over %" G_GINT64_FORMAT " events, but there are only %" G_GINT64_FORMAT, what,
              note->size, out->ledger.events);
    else if (!ledger_root(conn, note->size, root, &why))
        found(out, "%s: %s", what, why->message);
    else if (sodium_memcmp(root, note->root, sizeof root) != 0)
        found(out, "%s: the first %" G_GINT64_FORMAT " events are not those that were signed", what,
              note->size);
    else
        return TRUE;
    return FALSE;
}

static gboolean stored_check(Guard *guard, StoreConn *conn, GuardAudit *out, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_query(conn, "SELECT size, at, note FROM checkpoint ORDER BY size", NULL, 0, error);
    if (!rows) return FALSE;
    GError *failed = NULL;
    while (store_step(rows, &failed)) {
        gint64 size = store_int(rows, 0);
        const char *text = store_text(rows, 2);
        g_autofree char *what = g_strdup_printf("checkpoint %" G_GINT64_FORMAT, size);
        GuardNote note;
        gboolean fits = note_fits(guard, conn, text ? text : "", what, &note, out);
        if (fits && (note.size != size || note.at != store_int(rows, 1))) {
            found(out, "%s: the row says another size or time than the note", what);
            fits = FALSE;
        }
        if (!fits && !out->bad_checkpoint) out->bad_checkpoint = size;
        out->checkpoints++;
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean stored_has(StoreConn *conn, const char *note, gboolean *has, GError **error)
{
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT 1 FROM checkpoint WHERE note = ?1", STORE_T(note));
    if (!rows) return FALSE;
    GError *failed = NULL;
    *has = store_step(rows, &failed);
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean copy_check(Guard *guard, StoreConn *conn, GuardAudit *out, GError **error)
{
    gboolean absent = FALSE, has;
    GuardNote note;
    GError *failed = NULL;
    g_autofree char *copy = guard_keys_read(guard, GUARD_COPY, &absent, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    if (!copy) {
        if (out->checkpoints > 0) found(out, "the copy of the newest checkpoint beside the keys is missing");
        return TRUE;
    }
    if (!note_fits(guard, conn, copy, "the checkpoint beside the keys", &note, out)) return TRUE;
    if (!stored_has(conn, copy, &has, error)) return FALSE;
    if (!has) found(out, "the checkpoint beside the keys is missing from the store");
    return TRUE;
}

gboolean guard_audit_verify(Guard *guard, const char *witness, StoreProgress progress, gpointer data,
                            GuardAudit *out, GError **error)
{
    GuardAudit audit = { .sound = TRUE };
    GuardNote note;
    g_autoptr(StoreConn) conn = store_read_begin(guard->store, error);
    if (!conn || !ledger_check(conn, progress, data, &audit.ledger, error)) return FALSE;
    ledger_judge(&audit);
    if (!rows_check(conn, &audit, error)) return FALSE;
    if (!stored_check(guard, conn, &audit, error) || !copy_check(guard, conn, &audit, error)) return FALSE;
    if (witness) note_fits(guard, conn, witness, "the witness's checkpoint", &note, &audit);
    *out = audit;
    return TRUE;
}
