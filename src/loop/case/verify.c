/* verify.c - the ledger replayed into a store aside, and every row compared with the live one. What differs
 * was written past the ledger, or by chance, or from something that is not in the event. */
#include "loop/case/life.h"

#define MOST_DIFFERENCES 100

typedef struct {
    StoreRows *live, *again;
    const char *table;
    int keys;
    gboolean hidden; /* its values are never shown */
    GPtrArray *differences;
} Compare;

static int compare_bytes(const void *a, gsize n, const void *b, gsize m)
{
    int order = memcmp(a, b, MIN(n, m));
    return order ? order : (n > m) - (n < m);
}

/* In the order of the store: NULL, numbers, text, blobs. */
static int compare_value(const StoreRows *a, const StoreRows *b, int i)
{
    StoreType t = store_type(a, i);
    if (t != store_type(b, i)) return t < store_type(b, i) ? -1 : 1;
    if (t == STORE_INT) return (store_int(a, i) > store_int(b, i)) - (store_int(a, i) < store_int(b, i));
    if (t == STORE_REAL) return (store_real(a, i) > store_real(b, i)) - (store_real(a, i) < store_real(b, i));
    gsize n = 0, m = 0;
    if (t == STORE_BLOB) {
        const void *x = store_blob(a, i, &n), *y = store_blob(b, i, &m);
        return compare_bytes(x, n, y, m);
    }
    return t == STORE_TEXT ? strcmp(store_text(a, i), store_text(b, i)) : 0;
}

static void print_value(GString *out, const StoreRows *rows, int i)
{
    gsize n = 0;
    switch (store_type(rows, i)) {
    case STORE_NULL:
        g_string_append(out, "NULL");
        break;
    case STORE_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, store_int(rows, i));
        break;
    case STORE_REAL:
        g_string_append_printf(out, "%.17g", store_real(rows, i));
        break;
    case STORE_TEXT:
        g_string_append_printf(out, "%.120s", store_text(rows, i));
        break;
    case STORE_BLOB:
        for (const guint8 *b = store_blob(rows, i, &n), *end = b + n; b < end; b++)
            g_string_append_printf(out, "%02x", *b);
        break;
    }
}

static GString *begin_difference(const Compare *c, const StoreRows *rows)
{
    GString *out = g_string_new(c->table);
    for (int i = 0; i < c->keys; i++) {
        g_string_append_c(out, i ? ',' : ' ');
        print_value(out, rows, i);
    }
    g_string_append(out, ": ");
    return out;
}

static void add_difference(const Compare *c, GString *text)
{
    char *line = g_string_free(text, FALSE);
    if (c->differences->len < MOST_DIFFERENCES)
        g_ptr_array_add(c->differences, line);
    else
        g_free(line);
}

static void compare_row(const Compare *c)
{
    for (int i = c->keys; i < store_columns(c->live); i++) {
        if (!compare_value(c->live, c->again, i)) continue;
        GString *text = begin_difference(c, c->live);
        g_string_append_printf(text, "%s ", store_column_name(c->live, i));
        if (c->hidden) {
            g_string_append(text, "differs");
        } else {
            print_value(text, c->live, i);
            g_string_append(text, ", ");
            print_value(text, c->again, i);
        }
        add_difference(c, text);
    }
}

static int compare_keys(const Compare *c)
{
    for (int i = 0; i < c->keys; i++) {
        int order = compare_value(c->live, c->again, i);
        if (order) return order;
    }
    return 0;
}

static void only_in(const Compare *c, const StoreRows *rows, const char *where)
{
    GString *text = begin_difference(c, rows);
    g_string_append(text, where);
    add_difference(c, text);
}

static gboolean compare_table(Compare *c, GError **error)
{
    GError *failed = NULL;
    gboolean live = store_step(c->live, &failed), again = !failed && store_step(c->again, &failed);
    while (!failed && (live || again)) {
        int order = !live ? 1 : !again ? -1 : compare_keys(c);
        if (order < 0) only_in(c, c->live, "row live, absent rebuilt");
        if (order > 0) only_in(c, c->again, "row absent live, rebuilt");
        if (!order) compare_row(c);
        if (order <= 0) live = store_step(c->live, &failed);
        if (order >= 0 && !failed) again = store_step(c->again, &failed);
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean compare_all(StoreConn *live, StoreConn *again, GPtrArray *differences, GError **error)
{
    for (gsize i = 0; i < case_n_tables; i++) {
        g_autoptr(StoreRows) a = store_query(live, case_tables[i].sql, NULL, 0, error);
        g_autoptr(StoreRows) b = a ? store_query(again, case_tables[i].sql, NULL, 0, error) : NULL;
        Compare c = { .live = a,
                      .again = b,
                      .table = case_tables[i].table,
                      .keys = case_tables[i].keys,
                      .hidden = g_str_has_suffix(case_tables[i].table, "_private"),
                      .differences = differences };
        if (!b || !compare_table(&c, error)) return FALSE;
    }
    return TRUE;
}

typedef struct {
    CaseReplay replay;
    StoreConn *live;
    GPtrArray *differences;
} Verify;

static gboolean verify_job(StoreConn *conn, gpointer data, GError **error)
{
    Verify *v = data;
    v->replay.conn = conn;
    return case_replay(&v->replay, v->live, error) && compare_all(v->live, conn, v->differences, error);
}

gboolean case_verify(CaseRoom *room, StoreProgress progress, gpointer data, GPtrArray *differences,
                     GError **error)
{
    g_autoptr(Store) scratch = store_memory_open(error);
    if (!scratch) return FALSE;
    g_autoptr(StoreConn) live = store_read_begin(room->store, error);
    if (!live) return FALSE;
    Verify v = { .replay = { .room = room, .progress = progress, .data = data },
                 .live = live,
                 .differences = differences };
    return store_write(scratch, verify_job, &v, error);
}
