/* seam.h - what a store is made of inside this room: the functions a kind of store must offer (StoreOps),
 * those its connections must offer (StoreConnOps), and what store.c, queue.c and the ledger keep beside them.
 *
 * A new kind of store (PostgreSQL) is one file that fills the two structs. */
#pragma once
#include "store/store.h"

typedef struct {
    const char *begin; /* opens a write transaction */
    /* A statement is the backend's own. `reading`: one that writes is refused. */
    void *(*prepare)(StoreConn *conn, const char *sql, GError **error);
    void (*forget)(void *statement);
    /* `copy`: the bytes may be gone before the statement is stepped. */
    gboolean (*bind)(StoreConn *conn, void *statement, const StoreValue *values, gsize n, gboolean copy,
                     GError **error);
    gboolean (*step)(StoreConn *conn, void *statement, gboolean *row, GError **error);
    void (*reset)(void *statement);
    int (*columns)(void *statement);
    const char *(*column_name)(void *statement, int column);
    StoreType (*type)(void *statement, int column);
    gint64 (*integer)(void *statement, int column);
    double (*real)(void *statement, int column);
    const char *(*text)(void *statement, int column);
    const void *(*blob)(void *statement, int column, gsize *length);
    gint64 (*changes)(StoreConn *conn);
    gboolean (*in_transaction)(StoreConn *conn);
} StoreConnOps;

typedef struct {
    StoreConn *(*read_begin)(Store *store, GError **error);
    void (*read_end)(StoreConn *conn);
    gboolean (*backup)(Store *store, const char *folder, StoreProgress progress, gpointer data,
                       GError **error);
    /* Between groups, on the writer; `idle`: nobody waits. TRUE: wants to be called again when idle. */
    gboolean (*tidy)(Store *store, gboolean idle);
    void (*close)(Store *store); /* frees store->own and store->writer */
} StoreOps;

/* The right edge of a Merkle tree: edge[h] is the root of the last full subtree of 2^h leaves, of use where
 * bit h of `size` is set. After a push it also holds every subtree that the new leaf completed: those with
 * 2^h dividing size. */
#define STORE_TREE_HEIGHT 48
typedef struct {
    gint64 size;
    guint8 edge[STORE_TREE_HEIGHT][32];
} StoreTree;

struct StoreRows {
    StoreConn *conn;
    const char *key; /* address of the caller's text */
    char *text;      /* copy of it */
    void *statement;
    gboolean busy, loose, ended;
};

#define STORE_SLOTS 512 /* power of two */
struct StoreConn {
    const StoreConnOps *ops;
    Store *store;
    void *session; /* the backend's connection */
    gboolean reading;
    guint open_rows;
    StoreTree tree;      /* the writer's: the ledger so far, this job's events included */
    gboolean tree_ready; /* its edge is loaded; its size always is */
    guint cached;
    StoreRows *slots[STORE_SLOTS]; /* by address of text, open addressing */
};

typedef struct StoreWork StoreWork;
typedef struct {
    StoreWork *first, *last;
} StoreWorkList;

typedef struct {
    GMutex lock; /* all below */
    GCond work;  /* something to do */
    StoreWorkList waiting;
    StoreWork *spare; /* used ones of store_write_later */
    gboolean sleeping, stopping;
    GThread *thread; /* NULL: jobs are stepped in the caller's thread */
    GThread *runner; /* who runs jobs and callbacks now; atomic */
    gboolean in_job; /* the runner's own */
    GThread *owner;  /* stepped: who holds the gate, `depth` times */
    GCond gate;
    guint depth;
} StoreQueue;

struct Store {
    const StoreOps *ops;
    void *own; /* the backend's */
    StoreConn *writer;
    StoreQueue queue;
    struct {
        StoreWatch call;
        gpointer data;
    } watches[4];
    guint n_watches;
};

/* store.c */
StoreConn *store_conn_new(const StoreConnOps *ops, Store *store, void *session, gboolean reading);
void store_conn_free(StoreConn *conn); /* its statements too; the session is the backend's */

/* queue.c: groups of jobs on store->writer. `stepped`: no thread, store_write runs the job where it is
 * called. */
void store_queue_start(Store *store, gboolean stepped);
void store_queue_stop(Store *store); /* runs what is queued first */
void store_gate_enter(Store *store); /* stepped: one thread at a time, nested calls pass */
void store_gate_leave(Store *store);
gboolean store_runs_here(Store *store); /* in a job or a callback of this store */

/* tree.c */
void store_sha256(guint8 out[32], const void *a, gsize a_length, const void *b, gsize b_length);
void store_tree_push(StoreTree *tree, const guint8 leaf[32]);
void store_tree_root(const StoreTree *tree, guint8 out[32]);
/* proof.c: the right edge of the first `size` events, from the kept subtrees. */
gboolean store_tree_load(StoreConn *conn, gint64 size, StoreTree *out, GError **error);
/* ledger.c: the writer's `tree.size`, once after opening. */
gboolean store_ledger_open(StoreConn *conn, GError **error);
