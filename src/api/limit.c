/* limit.c - token buckets by address, each kept as the instant at which it would be full again. */
#include "api/limit.h"

struct Limit {
    GMutex lock;
    gint64 burst, every;
    GHashTable *full_at; /* address -> gint64 * */
};

Limit *limit_new(guint burst, guint every_ms)
{
    Limit *l = g_new0(Limit, 1);
    g_mutex_init(&l->lock);
    l->burst = burst;
    l->every = every_ms;
    l->full_at = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return l;
}

void limit_free(Limit *l)
{
    if (!l) return;
    g_hash_table_unref(l->full_at);
    g_mutex_clear(&l->lock);
    g_free(l);
}

static gboolean is_full(gpointer address, gpointer full_at, gpointer now)
{
    return *(gint64 *)full_at <= *(gint64 *)now;
}

/* When even that leaves too many addresses, they share one bucket until some are forgotten. */
static const char *bucket_of(Limit *l, const char *address, gint64 now)
{
    if (g_hash_table_size(l->full_at) < LIMIT_MOST || g_hash_table_contains(l->full_at, address))
        return address;
    g_hash_table_foreach_remove(l->full_at, is_full, &now);
    return g_hash_table_size(l->full_at) < LIMIT_MOST ? address : "others";
}

gboolean limit_take(Limit *l, const char *address, gint64 now, gint64 *wait)
{
    g_mutex_lock(&l->lock);
    const char *key = bucket_of(l, address, now);
    gint64 *full_at = g_hash_table_lookup(l->full_at, key);
    gint64 after = MAX(full_at ? *full_at : now, now) + l->every;
    gboolean given = after - now <= l->burst * l->every;
    *wait = given ? 0 : after - now - l->burst * l->every;
    if (given && full_at) {
        *full_at = after;
    } else if (given) {
        full_at = g_new(gint64, 1);
        *full_at = after;
        g_hash_table_insert(l->full_at, g_strdup(key), full_at);
    }
    g_mutex_unlock(&l->lock);
    return given;
}
