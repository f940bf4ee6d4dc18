/* queue.c - jobs, one at a time, in groups that share one trip to the disk (README, "Group commit").
 *
 * The first job of a group owns the transaction: refused, it takes the transaction with it and needs no
 * savepoint. Those after it run in a savepoint each. Nobody hears of any job before the group is on disk. */
#include "store/seam.h"

enum { GROUP_JOBS = 256, GROUP_MICROSECONDS = 2000, IDLE_MICROSECONDS = 100 * 1000 };

struct StoreWork {
    StoreWork *next;
    StoreJob job;
    gpointer data;
    StoreDone done; /* of store_write_later; may be NULL */
    gboolean later; /* ours to give back; else on the stack of someone who waits */
    gboolean ok;
    GError *error;
    gboolean finished; /* under `lock` */
    GMutex lock;
    GCond cond;
};

static void list_push(StoreWorkList *list, StoreWork *work)
{
    work->next = NULL;
    if (list->last)
        list->last->next = work;
    else
        list->first = work;
    list->last = work;
}

static StoreWork *list_pop(StoreWorkList *list)
{
    StoreWork *work = list->first;
    if (work && !(list->first = work->next)) list->last = NULL;
    return work;
}

static StoreWorkList list_take(StoreWorkList *list)
{
    StoreWorkList all = *list;
    *list = (StoreWorkList){ 0 };
    return all;
}

/* One statement of ours about the transaction. A transaction that will not end as told is one we know nothing
 * about. */
static void must(StoreConn *conn, const char *sql)
{
    g_autoptr(GError) error = NULL;
    if (!store_run(conn, sql, NULL, 0, &error))
        g_error("store: %s failed: %s. Stopping: what was acknowledged is on disk, nothing else is", sql,
                error->message);
}

/* Invariants 2 and 3. `open`: whether a transaction of this group is running; kept. */
static void work_run(Store *store, StoreWork *work, gboolean *open)
{
    StoreConn *conn = store->writer;
    gboolean first = !*open;
    if (first && !(*open = store_run(conn, conn->ops->begin, NULL, 0, &work->error))) return;
    if (!first) must(conn, "SAVEPOINT job");
    StoreTree before = conn->tree;
    gboolean ready = conn->tree_ready;
    store->queue.in_job = TRUE;
    work->ok = work->job(conn, work->data, &work->error);
    store->queue.in_job = FALSE;
    g_assert(work->ok == (work->error == NULL));
    g_assert(conn->open_rows == 0);
    if (!conn->ops->in_transaction(conn))
        g_error("store: the transaction was lost under a job: %s",
                work->ok ? "unknown" : work->error->message);
    if (!work->ok) {
        conn->tree = before;
        conn->tree_ready = ready;
        must(conn, first ? "ROLLBACK" : "ROLLBACK TO job");
        if (first) *open = FALSE;
    }
    if (!first) must(conn, "RELEASE job");
}

gboolean store_try(StoreConn *conn, StoreJob part, gpointer data, GError **error)
{
    GError *why = NULL;
    if (!store_run(conn, "SAVEPOINT part", NULL, 0, error)) return FALSE;
    const StoreTree before = conn->tree;
    const gboolean ready = conn->tree_ready, ok = part(conn, data, &why);
    g_assert(ok == (why == NULL));
    conn->store->queue.in_job = FALSE;
    if (!ok) {
        conn->tree = before;
        conn->tree_ready = ready;
        must(conn, "ROLLBACK TO part");
        g_propagate_error(error, why);
    }
    must(conn, "RELEASE part");
    conn->store->queue.in_job = TRUE;
    return ok;
}

static gboolean more_waits(StoreQueue *queue, StoreWorkList *todo)
{
    if (todo->first) return TRUE;
    g_mutex_lock(&queue->lock);
    *todo = list_take(&queue->waiting);
    g_mutex_unlock(&queue->lock);
    return todo->first != NULL;
}

static void work_tell(StoreQueue *queue, StoreWork *work)
{
    if (!work->later) {
        g_mutex_lock(&work->lock);
        work->finished = TRUE;
        g_cond_signal(&work->cond);
        g_mutex_unlock(&work->lock);
        return;
    }
    if (work->done) work->done(work->ok, work->error, work->data);
    g_clear_error(&work->error);
    g_mutex_lock(&queue->lock);
    work->next = queue->spare;
    queue->spare = work;
    g_mutex_unlock(&queue->lock);
}

static void group_tell(Store *store, gint64 before, StoreWorkList *finished)
{
    gint64 after = store->writer->tree.size;
    for (guint i = 0; after > before && i < store->n_watches; i++)
        store->watches[i].call(before + 1, after, store->watches[i].data);
    for (StoreWork *work; (work = list_pop(finished));)
        work_tell(&store->queue, work);
}

/* Invariant 1: commit, then tell. */
static void group_run(Store *store, StoreWorkList *todo)
{
    StoreWorkList finished = { 0 };
    gint64 start = g_get_monotonic_time(), before = store->writer->tree.size;
    gboolean open = FALSE;
    guint n = 0;
    do {
        StoreWork *work = list_pop(todo);
        work_run(store, work, &open);
        list_push(&finished, work);
    } while (++n < GROUP_JOBS && more_waits(&store->queue, todo) &&
             g_get_monotonic_time() - start < GROUP_MICROSECONDS);
    if (open) must(store->writer, "COMMIT");
    group_tell(store, before, &finished);
}

/* Wait for work, at most until `deadline` when it is not 0. */
static StoreWorkList work_wait(StoreQueue *queue, gint64 deadline, gboolean *stopping)
{
    g_mutex_lock(&queue->lock);
    queue->sleeping = TRUE;
    while (!queue->waiting.first && !queue->stopping) {
        if (!deadline)
            g_cond_wait(&queue->work, &queue->lock);
        else if (!g_cond_wait_until(&queue->work, &queue->lock, deadline))
            break;
    }
    queue->sleeping = FALSE;
    *stopping = queue->stopping;
    StoreWorkList todo = list_take(&queue->waiting);
    g_mutex_unlock(&queue->lock);
    return todo;
}

static gpointer writer_main(gpointer data)
{
    Store *store = data;
    gboolean untidy = TRUE, stopping = FALSE;
    while (TRUE) {
        StoreWorkList todo =
            work_wait(&store->queue, untidy ? g_get_monotonic_time() + IDLE_MICROSECONDS : 0, &stopping);
        if (!todo.first && stopping) return NULL;
        if (!todo.first) untidy = store->ops->tidy(store, TRUE);
        while (todo.first) {
            group_run(store, &todo);
            untidy = store->ops->tidy(store, FALSE);
        }
    }
}

void store_queue_start(Store *store, gboolean stepped)
{
    StoreQueue *queue = &store->queue;
    g_mutex_init(&queue->lock);
    g_cond_init(&queue->work);
    g_cond_init(&queue->gate);
    if (stepped) return;
    queue->thread = g_thread_new("store-writer", writer_main, store);
    g_atomic_pointer_set(&queue->runner, queue->thread);
}

void store_queue_stop(Store *store)
{
    StoreQueue *queue = &store->queue;
    if (queue->thread) {
        g_mutex_lock(&queue->lock);
        queue->stopping = TRUE;
        g_cond_signal(&queue->work);
        g_mutex_unlock(&queue->lock);
        g_thread_join(queue->thread);
    }
    while (queue->spare) {
        StoreWork *work = queue->spare;
        queue->spare = work->next;
        g_free(work);
    }
    g_mutex_clear(&queue->lock);
    g_cond_clear(&queue->work);
    g_cond_clear(&queue->gate);
}

gboolean store_runs_here(Store *store)
{
    return g_atomic_pointer_get(&store->queue.runner) == g_thread_self();
}

void store_gate_enter(Store *store)
{
    StoreQueue *queue = &store->queue;
    g_mutex_lock(&queue->lock);
    while (queue->owner && queue->owner != g_thread_self())
        g_cond_wait(&queue->gate, &queue->lock);
    queue->owner = g_thread_self();
    queue->depth++;
    g_mutex_unlock(&queue->lock);
}

void store_gate_leave(Store *store)
{
    StoreQueue *queue = &store->queue;
    g_mutex_lock(&queue->lock);
    if (--queue->depth == 0) {
        queue->owner = NULL;
        g_cond_signal(&queue->gate);
    }
    g_mutex_unlock(&queue->lock);
}

/* Stepped: run `work`, then whatever jobs and callbacks queued meanwhile. The gate is held. */
static void step_all(Store *store, StoreWork *work)
{
    StoreWorkList todo = { 0 };
    list_push(&todo, work);
    g_atomic_pointer_set(&store->queue.runner, g_thread_self());
    while (todo.first || more_waits(&store->queue, &todo)) {
        group_run(store, &todo);
        store->ops->tidy(store, FALSE);
    }
    g_atomic_pointer_set(&store->queue.runner, NULL);
}

static void work_push(StoreQueue *queue, StoreWork *work)
{
    g_mutex_lock(&queue->lock);
    list_push(&queue->waiting, work);
    if (queue->sleeping) {
        queue->sleeping = FALSE;
        g_cond_signal(&queue->work);
    }
    g_mutex_unlock(&queue->lock);
}

static void write_and_wait(Store *store, StoreWork *work)
{
    StoreQueue *queue = &store->queue;
    g_mutex_init(&work->lock);
    g_cond_init(&work->cond);
    work_push(queue, work);
    g_mutex_lock(&work->lock);
    while (!work->finished)
        g_cond_wait(&work->cond, &work->lock);
    g_mutex_unlock(&work->lock);
    g_mutex_clear(&work->lock);
    g_cond_clear(&work->cond);
}

static gboolean read_only(Store *store, GError **error)
{
    if (store->writer) return FALSE;
    g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY, "the store was opened for reading only");
    return TRUE;
}

gboolean store_write(Store *store, StoreJob job, gpointer data, GError **error)
{
    StoreQueue *queue = &store->queue;
    StoreWork work = { .job = job, .data = data };
    if (read_only(store, error)) return FALSE;
    if (!queue->thread) store_gate_enter(store);
    if (store_runs_here(store))
        g_error("store: store_write inside a job or a callback of the same store would wait for itself; "
                "use the job's connection, or store_write_later");
    if (queue->thread) {
        write_and_wait(store, &work);
    } else {
        g_mutex_init(&work.lock);
        g_cond_init(&work.cond);
        step_all(store, &work);
        g_mutex_clear(&work.lock);
        g_cond_clear(&work.cond);
        store_gate_leave(store);
    }
    if (work.error) g_propagate_error(error, work.error);
    return work.ok;
}

static StoreWork *work_later(StoreQueue *queue)
{
    g_mutex_lock(&queue->lock);
    StoreWork *work = queue->spare;
    if (work) queue->spare = work->next;
    g_mutex_unlock(&queue->lock);
    if (!work) work = g_new0(StoreWork, 1);
    return work;
}

void store_write_later(Store *store, StoreJob job, gpointer data, StoreDone done)
{
    StoreQueue *queue = &store->queue;
    g_autoptr(GError) error = NULL;
    if (read_only(store, &error)) {
        if (done) done(FALSE, error, data);
        return;
    }
    StoreWork *work = work_later(queue);
    *work = (StoreWork){ .job = job, .data = data, .done = done, .later = TRUE };
    if (!queue->thread) store_gate_enter(store);
    if (queue->thread || store_runs_here(store))
        work_push(queue, work);
    else
        step_all(store, work);
    if (!queue->thread) store_gate_leave(store);
}
