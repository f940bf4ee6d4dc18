/* checkpoint_test.c - signing what the ledger has come to, and finding what was done to it since. The many
 * tamperings of a store on disk are in tests/audit. */
#include "guard/inside.h"
#include "guard/note.h"
#include "guard/pass.h"
#include "guard/room_for_test.h"

static gboolean append_job(StoreConn *conn, gpointer guard, GError **error)
{
    LedgerEvent event = { .at = T0, .kind = "test", .operation = "-", .actor = "test", .body = "{\"n\":1}" };
    return guard_log(conn, guard, &event, error) > 0;
}

static void append(Room *room, int n)
{
    for (int i = 0; i < n; i++)
        g_assert_true(store_write(room->store, append_job, room->guard, NULL));
}

static char *sign(Room *room, gint64 at)
{
    g_autoptr(GError) error = NULL;
    char *text = guard_checkpoint(room->guard, at, &error);
    g_assert_no_error(error);
    return text;
}

static gint64 rows_of(Room *room)
{
    g_autoptr(StoreConn) conn = store_read_begin(room->store, NULL);
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT count(*) FROM checkpoint", NULL, 0, NULL);
    g_assert_true(store_step(rows, NULL));
    return store_int(rows, 0);
}

static void one_is_signed_only_when_the_ledger_grew(void)
{
    Room room;
    GuardNote note;
    guint8 root[32];
    room_open(&room);
    g_autofree char *empty = sign(&room, T0);
    append(&room, 300);
    g_autofree char *one = sign(&room, T0 + 1);
    g_autofree char *same = sign(&room, T0 + 2);
    append(&room, 1);
    g_autofree char *two = sign(&room, T0 + 3);
    g_assert_cmpstr(one, ==, same);
    g_assert_cmpstr(one, !=, two);
    g_assert_cmpint(rows_of(&room), ==, 3);
    g_assert_true(guard_note_open(empty, room.guard->public, &note, NULL));
    g_assert_cmpint(note.size, ==, 0);
    g_assert_true(guard_note_open(two, room.guard->public, &note, NULL));
    g_assert_cmpint(note.size, ==, 301);
    g_assert_cmpint(note.at, ==, T0 + 3);
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    g_assert_true(ledger_root(conn, 301, root, NULL));
    g_assert_cmpmem(root, 32, note.root, 32);
    g_clear_pointer(&conn, store_read_end);
    g_autofree char *copy = guard_keys_read(room.guard, GUARD_COPY, NULL, NULL);
    g_assert_cmpstr(copy, ==, two);
    room_close(&room);
}

static gboolean sound(Room *room, const char *witness, GuardAudit *out)
{
    g_autoptr(GError) error = NULL;
    gboolean read = guard_audit_verify(room->guard, witness, NULL, NULL, out, &error);
    g_assert_no_error(error);
    g_assert_true(read);
    if (!out->sound) g_test_message("found: %s", out->why);
    return out->sound;
}

static void an_untouched_ledger_is_sound(void)
{
    Room room;
    GuardAudit audit;
    room_open(&room);
    g_assert_true(sound(&room, NULL, &audit));
    append(&room, 10);
    g_assert_true(sound(&room, NULL, &audit));
    g_autofree char *kept = sign(&room, T0);
    append(&room, 290);
    g_autofree char *newest = sign(&room, T0);
    append(&room, 5);
    g_assert_true(sound(&room, kept, &audit));
    g_assert_cmpint(audit.checkpoints, ==, 2);
    g_assert_cmpint(audit.ledger.events, ==, 305);
    g_assert_cmpint(audit.bad_checkpoint, ==, 0);
    room_close(&room);
}

static void each_wall_finds_what_the_others_miss(void)
{
    static const struct {
        const char *name, *sql, *also, *why;
    } table[] = {
        /* clang-format off */
        { "an event changed", "UPDATE event SET actor = 'other' WHERE seq = 7", NULL, "event 7 is not" },
        { "a checkpoint's row changed", "UPDATE checkpoint SET at = at + 1 WHERE size = 10", NULL, "checkpoint 10: the row" },
        { "a checkpoint renumbered", "UPDATE checkpoint SET size = 11 WHERE size = 10", NULL, "checkpoint 11: the row" },
        { "a checkpoint's note changed", "UPDATE checkpoint SET note = replace(note, 'at', 'it') WHERE size = 10", NULL,
          "checkpoint 10: not a checkpoint" },
        { "the newest checkpoint gone", "DELETE FROM checkpoint WHERE size = 300", NULL, "beside the keys is missing from" },
        { "the last events gone", "DELETE FROM event WHERE seq > 290", NULL, "checkpoint 300: signed over" },
        { "last events and checkpoint gone", "DELETE FROM event WHERE seq > 290", "DELETE FROM checkpoint WHERE size = 300",
          "the checkpoint beside the keys: signed over" },
        { "a kept subtree changed", "UPDATE tile SET root = zeroblob(32)", NULL, "subtree 0" },
        { "a kept subtree gone", "DELETE FROM tile", NULL, "subtree 0" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Room room;
        GuardAudit audit;
        g_test_message("%s", table[i].name);
        room_open(&room);
        append(&room, 10);
        g_free(sign(&room, T0));
        append(&room, 290);
        g_free(sign(&room, T0));
        room_sql(&room, table[i].sql);
        if (table[i].also) room_sql(&room, table[i].also);
        g_assert_false(sound(&room, NULL, &audit));
        g_assert_nonnull(strstr(audit.why, table[i].why));
        room_close(&room);
    }
}

/* A second guard on another store, same keys: what somebody with the database, but an older copy of it, has.
 */
static void an_older_copy_is_not_signed_over(void)
{
    Room room, older;
    GuardAudit audit;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    append(&room, 20);
    g_autofree char *note = sign(&room, T0);
    older = (Room){ .store = store_memory_open(NULL), .keys = room.keys };
    older.guard = guard_open(older.store, room.keys, FALSE, base_chance_seeded(3), NULL);
    append(&older, 5);
    g_assert_false(sound(&older, NULL, &audit));
    g_assert_nonnull(strstr(audit.why, "signed over 20 events, but there are only 5"));
    g_assert_null(guard_checkpoint(older.guard, T0, &error));
    g_assert_error(error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED);
    g_clear_error(&error);
    append(&older, 20);
    g_assert_false(sound(&older, NULL, &audit));
    g_assert_nonnull(strstr(audit.why, "are not those that were signed"));
    g_assert_null(guard_checkpoint(older.guard, T0, &error));
    g_assert_error(error, LEDGER_ERROR, LEDGER_ERROR_DAMAGED);
    guard_close(older.guard);
    store_close(older.store);
    room_close(&room);
}

/* Whoever holds the key and rewrites everything, copy included, is found by the note that somebody else kept.
 */
static void the_witness_finds_a_rewrite_with_the_key(void)
{
    Room room, forged;
    GuardAudit audit;
    room_open(&room);
    append(&room, 20);
    g_autofree char *witness = sign(&room, T0);
    g_autofree char *copy = g_build_filename(room.keys, GUARD_COPY, NULL);
    g_remove(copy);
    forged = (Room){ .store = store_memory_open(NULL), .keys = room.keys };
    forged.guard = guard_open(forged.store, room.keys, FALSE, base_chance_seeded(3), NULL);
    append(&forged, 30);
    g_free(sign(&forged, T0));
    g_assert_true(sound(&forged, NULL, &audit));
    g_assert_false(sound(&forged, witness, &audit));
    g_assert_nonnull(strstr(audit.why, "witness"));
    g_assert_false(sound(&forged, "rubbish", &audit));
    guard_close(forged.guard);
    store_close(forged.store);
    room_close(&room);
}

static void without_its_copy_the_ledger_is_not_called_sound(void)
{
    Room room;
    GuardAudit audit;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    append(&room, 3);
    g_free(sign(&room, T0));
    g_autofree char *copy = g_build_filename(room.keys, GUARD_COPY, NULL);
    g_chmod(copy, 0644);
    g_assert_false(guard_audit_verify(room.guard, NULL, NULL, NULL, &audit, &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_KEY);
    g_remove(copy);
    g_assert_false(sound(&room, NULL, &audit));
    g_assert_nonnull(strstr(audit.why, "copy of the newest checkpoint"));
    room_close(&room);
}

/* The pass against the store's own roots, which come from kept subtrees. */
static void a_pass_knows_the_root_at_every_size(void)
{
    Room room;
    GuardPass pass;
    guint8 root[32], want[32];
    room_open(&room);
    append(&room, 530);
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    g_assert_true(guard_pass_begin(&pass, conn, NULL));
    for (gint64 size = 0; size <= 530; size += size < 20 ? 1 : 17) {
        g_assert_true(guard_pass_to(&pass, size, NULL));
        g_assert_cmpint(pass.size, ==, size);
        guard_pass_root(&pass, root);
        g_assert_true(ledger_root(conn, size, want, NULL));
        g_assert_cmpmem(root, 32, want, 32);
    }
    g_assert_true(guard_pass_to(&pass, G_MAXINT64, NULL));
    g_assert_cmpint(pass.size, ==, 530);
    g_assert_cmpint(pass.unplain, ==, 0);
    guard_pass_end(&pass);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

static void the_head_of_an_event_shows_no_body(void)
{
    Room room;
    guint8 leaf[32], again[32];
    g_autoptr(GError) error = NULL;
    room_open(&room);
    append(&room, 2);
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    g_autofree char *head = guard_event_head(conn, 2, leaf, NULL);
    g_assert_true(g_str_has_prefix(head, "[2,1795449600000,\"test\",\"-\",\"\",\"test\",\"\",\"\",\""));
    g_assert_null(strstr(head, "\"n\""));
    ledger_leaf(head, again);
    g_assert_cmpmem(leaf, 32, again, 32);
    g_assert_null(guard_event_head(conn, 3, leaf, &error));
    g_assert_error(error, LEDGER_ERROR, LEDGER_ERROR_RANGE);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checkpoint/one_is_signed_only_when_the_ledger_grew",
                    one_is_signed_only_when_the_ledger_grew);
    g_test_add_func("/checkpoint/an_older_copy_is_not_signed_over", an_older_copy_is_not_signed_over);
    g_test_add_func("/audit/an_untouched_ledger_is_sound", an_untouched_ledger_is_sound);
    g_test_add_func("/audit/each_wall_finds_what_the_others_miss", each_wall_finds_what_the_others_miss);
    g_test_add_func("/audit/the_witness_finds_a_rewrite_with_the_key",
                    the_witness_finds_a_rewrite_with_the_key);
    g_test_add_func("/audit/without_its_copy_the_ledger_is_not_called_sound",
                    without_its_copy_the_ledger_is_not_called_sound);
    g_test_add_func("/audit/a_pass_knows_the_root_at_every_size", a_pass_knows_the_root_at_every_size);
    g_test_add_func("/audit/the_head_of_an_event_shows_no_body", the_head_of_an_event_shows_no_body);
    return g_test_run();
}
