/* room_for_test.h - a guard on an empty store in memory with keys of its own, for the tests of this room. */
#pragma once
#include <glib/gstdio.h>
#include "guard/guard.h"

#define T0 G_GINT64_CONSTANT(1795449600000) /* 2026-11-23 16:00 UTC */
#define PASSWORD "four words of chance"

typedef struct {
    Store *store;
    Guard *guard;
    char *keys;
} Room;

static inline void room_open(Room *room)
{
    g_autoptr(GError) error = NULL;
    room->store = store_memory_open(&error);
    g_assert_no_error(error);
    room->keys = g_dir_make_tmp("bihuan-guard-XXXXXX", &error);
    g_assert_no_error(error);
    room->guard = guard_open(room->store, room->keys, TRUE, base_chance_seeded(7), &error);
    g_assert_no_error(error);
}

static inline void folder_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(folder);
}

static inline void room_close(Room *room)
{
    guard_close(room->guard);
    store_close(room->store);
    folder_remove(room->keys);
    g_free(room->keys);
}

static inline GuardUser user_of(const char *login, const char *org, const char *unit,
                                const char *const *roles)
{
    return (GuardUser){ (char *)login, (char *)"某某", (char *)org, (char *)unit, (char **)roles };
}

static inline void room_add(Room *room, const char *login, const char *const *roles)
{
    g_autoptr(GError) error = NULL;
    GuardUser user = user_of(login, "city", NULL, roles);
    g_assert_true(guard_user_put(room->guard, &user, PASSWORD, T0, T0, "setup", &error));
    g_assert_no_error(error);
}

static inline gint64 room_events(Room *room)
{
    g_autoptr(StoreConn) conn = store_read_begin(room->store, NULL);
    return ledger_size(conn);
}

/* "kind actor operation basis purpose body" of one event. */
static inline gboolean event_text(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf,
                                  gpointer data, GError **error)
{
    g_string_append_printf(data, "%s %s %s %s %s %s", event->kind, event->actor, event->operation,
                           event->basis, event->purpose, event->body);
    return TRUE;
}

static inline char *room_event(Room *room, gint64 seq)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(room->store, NULL);
    g_assert_true(ledger_walk(conn, seq, seq, TRUE, event_text, out, NULL));
    return g_strdup(out->str);
}

static inline gboolean sql_job(StoreConn *conn, gpointer sql, GError **error)
{
    return store_run(conn, sql, NULL, 0, error);
}

static inline void room_sql(Room *room, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(room->store, sql_job, (gpointer)sql, &error));
    g_assert_no_error(error);
}

/* Until the next call nothing can be appended to the ledger. */
static inline void room_ledger_refuses(Room *room, gboolean refuses)
{
    room_sql(room,
             refuses
                 ? "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'disk full'); END"
                 : "DROP TRIGGER full");
}
