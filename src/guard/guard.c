/* guard.c - opening and closing the room, and the one door to the ledger for what people do. */
#include "guard/inside.h"

Guard *guard_open(Store *store, const char *keys, gboolean make_keys, BaseChance chance, GError **error)
{
    if (sodium_init() < 0) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_KEY, "libsodium does not start: no random numbers");
        return NULL;
    }
    g_autoptr(Guard) guard = g_new0(Guard, 1);
    guard->store = store;
    guard->keys = g_strdup(keys);
    guard->chance = chance;
    g_mutex_init(&guard->gate_lock);
    g_cond_init(&guard->gate_open);
    g_mutex_init(&guard->sign_lock);
    guard_sessions_init(guard);
    if (!guard_keys_load(guard, make_keys, error) || !guard_seal_load(guard, error)) return NULL;
    return g_steal_pointer(&guard);
}

void guard_close(Guard *guard)
{
    if (!guard) return;
    g_hash_table_unref(guard->sessions);
    g_mutex_clear(&guard->session_lock);
    g_mutex_clear(&guard->sign_lock);
    g_mutex_clear(&guard->gate_lock);
    g_cond_clear(&guard->gate_open);
    guard_seal_unload(guard);
    g_free(guard->keys);
    sodium_memzero(guard, sizeof *guard);
    g_free(guard);
}

gint64 guard_log(StoreConn *conn, Guard *guard, LedgerEvent *event, GError **error)
{
    return ledger_append(conn, event, &guard->chance, error) ? event->seq : 0;
}

BaseChance *guard_chance(Guard *guard)
{
    return &guard->chance;
}
