/* pool.h - a few threads for work that may wait (a durable write, a password hash), so that no event loop
 * ever does.
 *
 * Three lanes. URGENT is never refused and is taken first. NORMAL is refused when `queue` tasks wait already.
 * SLOW may hold a quarter of the threads, so that sign-ins and imports leave room; a quarter of the queue may
 * wait for that. Threads: any may push. */
#pragma once
#include <glib.h>

typedef enum { POOL_URGENT, POOL_NORMAL, POOL_SLOW } PoolLane;
typedef void (*PoolTask)(gpointer data);
typedef struct Pool Pool;

Pool *pool_new(guint threads, guint queue);
void pool_end(Pool *pool);  /* runs what was admitted, admits no more, joins */
void pool_free(Pool *pool); /* after pool_end */

/* A place for one task, or FALSE when it must be turned away. Who was admitted must push. */
gboolean pool_admit(Pool *pool, PoolLane lane);
void pool_push(Pool *pool, PoolLane lane, PoolTask task, gpointer data);
guint pool_waiting(Pool *pool);
guint64 pool_turned_away(Pool *pool); /* since the start */
