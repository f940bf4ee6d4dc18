/* supervise.c - finds the cases with something due by the index on clock(next_at), and passes it. */
#include "loop/supervise/supervise.h"

#include <string.h>

/* The last bytes of an id are drawn. */
static guint id_hash(gconstpointer id)
{
    guint hash;
    memcpy(&hash, ((const BaseId *)id)->b + sizeof(BaseId) - sizeof hash, sizeof hash);
    return hash;
}

static gboolean id_same(gconstpointer a, gconstpointer b)
{
    return base_id_equal(a, b);
}

/* Up to `limit` cases, the one that has waited longest first; each once, however many of its clocks are due.
 * The cursor is closed before anything is written. */
static GPtrArray *due_cases(StoreConn *conn, gint64 now, guint limit, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(id_hash, id_same);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT case_id FROM clock WHERE next_at IS NOT NULL AND next_at <= ?1 "
                    "ORDER BY next_at, case_id, id",
                    STORE_I(now));
    GError *failed = NULL;
    BaseId id;
    while (rows && ids->len < limit && store_step(rows, &failed)) {
        if (!store_id(rows, 0, &id) || g_hash_table_contains(seen, &id)) continue;
        g_ptr_array_add(ids, g_memdup2(&id, sizeof id));
        g_hash_table_add(seen, g_ptr_array_index(ids, ids->len - 1));
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? g_steal_pointer(&ids) : NULL;
}

static gboolean pass(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c) return FALSE;
    if (case_tick(room, conn, c, now, error)) return TRUE;
    g_prefix_error(error, "case %s, on passing what its clocks made due: ", c->number);
    return FALSE;
}

gboolean supervise_tick(CaseRoom *room, StoreConn *conn, gint64 now, int limit, int *handled, GError **error)
{
    g_autoptr(GPtrArray) ids = due_cases(conn, now, (guint)MAX(limit, 0), error);
    if (!ids) return FALSE;
    for (guint i = 0; i < ids->len; i++) {
        if (!pass(room, conn, g_ptr_array_index(ids, i), now, error)) return FALSE;
    }
    *handled = (int)ids->len;
    return TRUE;
}

typedef struct {
    CaseRoom *room;
    const BaseId *id;
    gint64 now;
} One;

static gboolean pass_job(StoreConn *conn, gpointer data, GError **error)
{
    const One *one = data;
    return pass(one->room, conn, one->id, one->now, error);
}

static GPtrArray *due_now(Store *store, gint64 now, guint limit, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(store, error);
    return conn ? due_cases(conn, now, limit, error) : NULL;
}

gboolean supervise_each(CaseRoom *room, gint64 now, int limit, SuperviseRefused refused, gpointer data,
                        GError **error)
{
    Store *store = case_room_store(room);
    g_autoptr(GPtrArray) ids = due_now(store, now, (guint)MAX(limit, 0), error);
    for (guint i = 0; ids && i < ids->len; i++) {
        g_autoptr(GError) why = NULL;
        One one = { room, g_ptr_array_index(ids, i), now };
        if (!store_write(store, pass_job, &one, &why)) refused(one.id, why, data);
    }
    return ids != NULL;
}

gboolean supervise_next(StoreConn *conn, gint64 *next, GError **error)
{
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT next_at FROM clock WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1", NULL, 0, error);
    if (!rows) return FALSE;
    GError *failed = NULL;
    gint64 first = store_step(rows, &failed) ? store_int(rows, 0) : G_MAXINT64;
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    *next = first;
    return TRUE;
}
