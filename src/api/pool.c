/* pool.c - worker threads over two queues. See pool.h. */
#include "api/pool.h"

typedef struct {
    PoolLane lane;
    PoolTask task;
    gpointer data;
} Piece;

struct Pool {
    GMutex lock;
    GCond more;
    GQueue lanes[3];  /* of Piece */
    guint waiting[3]; /* admitted and not yet begun, by lane */
    guint slow_working, slow_most, queue;
    guint64 turned_away;
    gboolean ending;
    GPtrArray *threads;
};

static Piece *pick(Pool *pool)
{
    Piece *piece = g_queue_pop_head(&pool->lanes[POOL_URGENT]);
    if (!piece && pool->slow_working < pool->slow_most) piece = g_queue_pop_head(&pool->lanes[POOL_SLOW]);
    return piece ? piece : g_queue_pop_head(&pool->lanes[POOL_NORMAL]);
}

static guint waiting(const Pool *pool)
{
    return pool->waiting[POOL_URGENT] + pool->waiting[POOL_NORMAL] + pool->waiting[POOL_SLOW];
}

/* Somebody admitted may not have pushed yet: nobody goes home before that. */
static Piece *next_piece(Pool *pool)
{
    Piece *piece = NULL;
    while (!(piece = pick(pool)) && !(pool->ending && waiting(pool) == 0))
        g_cond_wait(&pool->more, &pool->lock);
    return piece;
}

static gpointer work(gpointer data)
{
    Pool *pool = data;
    Piece *piece;
    g_mutex_lock(&pool->lock);
    while ((piece = next_piece(pool))) {
        pool->waiting[piece->lane]--;
        if (pool->ending) g_cond_broadcast(&pool->more);
        pool->slow_working += piece->lane == POOL_SLOW;
        g_mutex_unlock(&pool->lock);
        piece->task(piece->data);
        g_mutex_lock(&pool->lock);
        pool->slow_working -= piece->lane == POOL_SLOW;
        g_free(piece);
    }
    g_mutex_unlock(&pool->lock);
    return NULL;
}

Pool *pool_new(guint threads, guint queue)
{
    Pool *pool = g_new0(Pool, 1);
    g_mutex_init(&pool->lock);
    g_cond_init(&pool->more);
    pool->queue = queue;
    pool->slow_most = MAX(1, threads / 4);
    pool->threads = g_ptr_array_new();
    for (guint i = 0; i < threads; i++)
        g_ptr_array_add(pool->threads, g_thread_new("worker", work, pool));
    return pool;
}

void pool_end(Pool *pool)
{
    g_mutex_lock(&pool->lock);
    pool->ending = TRUE;
    g_cond_broadcast(&pool->more);
    g_mutex_unlock(&pool->lock);
    for (guint i = 0; i < pool->threads->len; i++)
        g_thread_join(g_ptr_array_index(pool->threads, i));
}

void pool_free(Pool *pool)
{
    if (!pool) return;
    g_ptr_array_unref(pool->threads);
    g_cond_clear(&pool->more);
    g_mutex_clear(&pool->lock);
    g_free(pool);
}

gboolean pool_admit(Pool *pool, PoolLane lane)
{
    g_mutex_lock(&pool->lock);
    gboolean room = !pool->ending && (lane == POOL_URGENT || waiting(pool) < pool->queue);
    if (lane == POOL_SLOW && pool->waiting[POOL_SLOW] >= pool->queue / 4) room = FALSE;
    if (room)
        pool->waiting[lane]++;
    else
        pool->turned_away++;
    g_mutex_unlock(&pool->lock);
    return room;
}

void pool_push(Pool *pool, PoolLane lane, PoolTask task, gpointer data)
{
    Piece *piece = g_new0(Piece, 1);
    *piece = (Piece){ lane, task, data };
    g_mutex_lock(&pool->lock);
    g_queue_push_tail(&pool->lanes[lane], piece);
    g_cond_signal(&pool->more);
    g_mutex_unlock(&pool->lock);
}

guint pool_waiting(Pool *pool)
{
    g_mutex_lock(&pool->lock);
    guint n = waiting(pool);
    g_mutex_unlock(&pool->lock);
    return n;
}

guint64 pool_turned_away(Pool *pool)
{
    g_mutex_lock(&pool->lock);
    guint64 n = pool->turned_away;
    g_mutex_unlock(&pool->lock);
    return n;
}
