/* audit.c - is the ledger what it was: every row against its leaf, every leaf against the tree, the tree
 * against every checkpoint that was signed, against the copy beside the keys, and against a note that
 * somebody else kept.
 *
 * What each wall finds: a changed row its leaf; a changed leaf the kept subtrees; a tree rebuilt without the
 * key the signed roots; an older or shortened store the copy beside the keys; a holder of the key who
 * rewrites everything, only the witness. */
#include "guard/inside.h"
#include "guard/note.h"
#include "guard/pass.h"

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

/* One note, called `what` in the report: signed by us, over no more events than there are. */
static gboolean note_reads(Guard *guard, const char *text, const char *what, GuardNote *note, GuardAudit *out)
{
    g_autoptr(GError) why = NULL;
    if (!guard_note_open(text, guard->public, note, &why))
        found(out, "%s: %s", what, why->message);
    else if (note->size > out->ledger.events)
        found(out, "%s: signed over %" G_GINT64_FORMAT " events, but there are only %" G_GINT64_FORMAT, what,
              note->size, out->ledger.events);
    else
        return TRUE;
    return FALSE;
}

static gboolean root_fits(const guint8 root[LEDGER_HASH], const GuardNote *note, const char *what,
                          GuardAudit *out)
{
    if (sodium_memcmp(root, note->root, LEDGER_HASH) == 0) return TRUE;
    found(out, "%s: the first %" G_GINT64_FORMAT " events are not those that were signed", what, note->size);
    return FALSE;
}

/* A note of any size against the ledger of this snapshot. */
static gboolean note_fits(Guard *guard, StoreConn *conn, const char *text, const char *what, GuardAudit *out)
{
    g_autoptr(GError) why = NULL;
    guint8 root[LEDGER_HASH];
    GuardNote note;
    if (!note_reads(guard, text, what, &note, out)) return FALSE;
    if (ledger_root(conn, note.size, root, &why)) return root_fits(root, &note, what, out);
    found(out, "%s: %s", what, why->message);
    return FALSE;
}

/* One stored checkpoint; `pass` comes by its size. FALSE only when it cannot be read. */
static gboolean checkpoint_check(Guard *guard, const StoreRows *row, GuardPass *pass, GuardAudit *out,
                                 GError **error)
{
    gint64 size = store_int(row, 0);
    const char *text = store_text(row, 2);
    g_autofree char *what = g_strdup_printf("checkpoint %" G_GINT64_FORMAT, size);
    guint8 root[LEDGER_HASH];
    GuardNote note;
    if (!guard_pass_to(pass, size, error)) return FALSE;
    guard_pass_root(pass, root);
    gboolean fits = note_reads(guard, text ? text : "", what, &note, out);
    if (fits && (note.size != size || note.at != store_int(row, 1))) {
        found(out, "%s: the row says another size or time than the note", what);
        fits = FALSE;
    }
    fits = fits && root_fits(root, &note, what, out);
    if (!fits && !out->bad_checkpoint) out->bad_checkpoint = size;
    out->checkpoints++;
    return TRUE;
}

static gboolean stored_walk(Guard *guard, StoreConn *conn, GuardPass *pass, GuardAudit *out, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_query(conn, "SELECT size, at, note FROM checkpoint ORDER BY size", NULL, 0, error);
    if (!rows) return FALSE;
    GError *failed = NULL;
    while (store_step(rows, &failed))
        if (!checkpoint_check(guard, rows, pass, out, error)) return FALSE;
    if (failed) g_propagate_error(error, failed);
    return !failed && guard_pass_to(pass, G_MAXINT64, error);
}

/* Every stored checkpoint, and every cell, in one pass over the events. */
static gboolean stored_check(Guard *guard, StoreConn *conn, GuardAudit *out, GError **error)
{
    GuardPass pass;
    if (!guard_pass_begin(&pass, conn, error)) return FALSE;
    gboolean read = stored_walk(guard, conn, &pass, out, error);
    guard_pass_end(&pass);
    if (!read || !pass.unplain) return read;
    found(out, "event %" G_GINT64_FORMAT " holds something that its hash does not cover", pass.unplain);
    if (!out->ledger.bad_seq) out->ledger.bad_seq = pass.unplain;
    return TRUE;
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
    if (!note_fits(guard, conn, copy, "the checkpoint beside the keys", out)) return TRUE;
    if (!stored_has(conn, copy, &has, error)) return FALSE;
    if (!has) found(out, "the checkpoint beside the keys is missing from the store");
    return TRUE;
}

gboolean guard_audit_verify(Guard *guard, const char *witness, StoreProgress progress, gpointer data,
                            GuardAudit *out, GError **error)
{
    GuardAudit audit = { .sound = TRUE };
    g_autoptr(StoreConn) conn = store_read_begin(guard->store, error);
    if (!conn || !ledger_check(conn, progress, data, &audit.ledger, error)) return FALSE;
    ledger_judge(&audit);
    if (!stored_check(guard, conn, &audit, error) || !copy_check(guard, conn, &audit, error)) return FALSE;
    if (witness) note_fits(guard, conn, witness, "the witness's checkpoint", &audit);
    *out = audit;
    return TRUE;
}
