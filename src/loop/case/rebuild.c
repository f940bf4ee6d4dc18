/* rebuild.c - the projections made again from the ledger alone: in place, or aside to be compared with the
 * live ones.
 *
 * Live and rebuilt rows come from the same case_apply, so what differs was written past the ledger, or by
 * chance, or from something that is not in the event. */
#include "loop/case/life.h"

typedef struct {
    CaseRoom *room;
    StoreConn *conn; /* where rows are written */
    StoreProgress progress;
    gpointer data;
    gint64 size;
} Rebuild;

/* ---- one event ---- */

static gboolean signal_event(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    gboolean fresh, joined = !strcmp(event->kind, "signal.joined");
    CaseSignal signal = { .disposition = joined ? "joined" : "rejected" };
    case_signal_read(body, &signal);
    signal.reason = json_string_value(json_object_get(body, "reason"));
    signal.person = json_string_value(json_object_get(body, "person"));
    return case_claim_signal(conn, &signal, joined ? &event->case_id : NULL, &fresh, error);
}

static Case *case_of(Rebuild *r, const LedgerEvent *event, const json_t *body, GError **error)
{
    if (strcmp(event->kind, "case.opened") != 0) return case_load(r->room, r->conn, &event->case_id, error);
    const char *version = json_string_value(json_object_get(body, "version"));
    const CaseKit *kit = version ? case_kit(r->room, version) : NULL;
    if (kit) return case_new(kit, &event->case_id);
    g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                "event %" G_GINT64_FORMAT
                " is of a pack version that is not loaded (%.12s); add the pack first",
                event->seq, version ? version : "none");
    return NULL;
}

/* Takes over `body`. */
static gboolean case_event(Rebuild *r, const LedgerEvent *event, json_t *body, GError **error)
{
    g_auto(CaseEvent) e = { .hold = body };
    g_auto(CaseWas) was = { 0 };
    g_autoptr(Case) c = case_of(r, event, body, error);
    if (!c || !case_event_read(c->kit, event, body, &e, error)) return FALSE;
    e.opened_at = e.deed == CASE_OPENED ? e.at : c->opened_at;
    if (e.deed != CASE_OPENED) case_was(c, &was);
    gboolean fresh = TRUE;
    if (e.deed == CASE_OPENED && !case_claim_signal(r->conn, &e.signal, &e.id, &fresh, error)) return FALSE;
    case_take(c, &e);
    return case_apply(r->room, r->conn, c, &was, &e, event->seq, error);
}

/* Takes over `body`. Kinds that are not named here have no rows. */
static gboolean apply_body(Rebuild *r, const LedgerEvent *event, json_t *body, GError **error)
{
    if (g_str_has_prefix(event->kind, "case.")) return case_event(r, event, body, error);
    gboolean ok = TRUE;
    if (g_str_has_prefix(event->kind, "signal."))
        ok = signal_event(r->conn, event, body, error);
    else if (!strcmp(event->kind, "org.put"))
        ok = case_apply_org(r->conn, body, error);
    else if (!strcmp(event->kind, "unit.put"))
        ok = case_apply_unit(r->conn, body, event->at, error);
    else if (!strcmp(event->kind, "unit.moved"))
        ok = case_apply_unit_move(r->conn, body, event->at, error);
    json_decref(body);
    return ok;
}

static gboolean has_rows(const char *kind)
{
    static const char *const families[] = { "case.", "signal.", "org.", "unit." };
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
        if (g_str_has_prefix(kind, families[i])) return TRUE;
    return FALSE;
}

static gboolean each(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                     GError **error)
{
    (void)salt, (void)leaf;
    Rebuild *r = data;
    if (r->progress && event->seq % 1000 == 0) r->progress(event->seq, r->size, r->data);
    if (!has_rows(event->kind)) return TRUE;
    json_t *body = base_json_parse(event->body, strlen(event->body), BASE_JSON_LARGE, error);
    return body && apply_body(r, event, body, error);
}

static gboolean replay(Rebuild *r, StoreConn *ledger, GError **error)
{
    r->size = ledger_size(ledger);
    if (r->size && !ledger_walk(ledger, 1, r->size, TRUE, each, r, error)) return FALSE;
    if (r->progress) r->progress(r->size, r->size, r->data);
    return TRUE;
}

/* ---- in place ---- */

static gboolean empty(StoreConn *conn, GError **error)
{
    for (const char *const *table = store_projections(); *table; table++) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM %s", *table);
        if (!store_run(conn, g_intern_string(sql), NULL, 0, error)) return FALSE;
    }
    return TRUE;
}

static gboolean rebuild_job(StoreConn *conn, gpointer data, GError **error)
{
    Rebuild *r = data;
    r->conn = conn;
    return empty(conn, error) && replay(r, conn, error);
}

gboolean case_rebuild(CaseRoom *room, StoreProgress progress, gpointer data, GError **error)
{
    Rebuild r = { .room = room, .progress = progress, .data = data };
    return store_write(room->store, rebuild_job, &r, error);
}

/* ---- aside, to compare ---- */

/* Rows in the order of their keys, keys first: comparing is a walk along both. */
static const struct {
    const char *table;
    int keys;
    const char *sql;
} compared[] = {
    { "signal", 2,
      "SELECT source, ref, id, channel, at, received_at, pack, disposition, case_id, reason, person FROM "
      "signal"
      " ORDER BY source, ref" },
    { "case_file", 1, "SELECT * FROM case_file ORDER BY id" },
    { "case_private", 1, "SELECT * FROM case_private ORDER BY case_id" },
    { "task", 3, "SELECT * FROM task ORDER BY case_id, kind, generation" },
    { "clock", 2, "SELECT * FROM clock ORDER BY case_id, id" },
    { "notice", 3, "SELECT * FROM notice ORDER BY case_id, seq, id" },
    { "rating", 1, "SELECT * FROM rating ORDER BY case_id" },
    { "unit", 1, "SELECT * FROM unit ORDER BY id" },
    { "org", 1, "SELECT * FROM org ORDER BY id" },
    { "cell", 5,
      "SELECT indicator, pack, period, org, area, num, den, left_out FROM cell ORDER BY 1, 2, 3, 4, 5" },
    { "cell_event", 4,
      "SELECT indicator, pack, period, seq, num, den, left_out FROM cell_event ORDER BY 1, 2, 3, 4" },
    { "counter", 1, "SELECT * FROM counter ORDER BY name" },
};

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
    add_difference(c, g_string_append(begin_difference(c, rows), where));
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
    for (gsize i = 0; i < G_N_ELEMENTS(compared); i++) {
        g_autoptr(StoreRows) a = store_query(live, compared[i].sql, NULL, 0, error);
        g_autoptr(StoreRows) b = a ? store_query(again, compared[i].sql, NULL, 0, error) : NULL;
        Compare c = { .live = a,
                      .again = b,
                      .table = compared[i].table,
                      .keys = compared[i].keys,
                      .hidden = !strcmp(compared[i].table, "case_private"),
                      .differences = differences };
        if (!b || !compare_table(&c, error)) return FALSE;
    }
    return TRUE;
}

typedef struct {
    Rebuild rebuild;
    StoreConn *live;
    GPtrArray *differences;
} Verify;

static gboolean verify_job(StoreConn *conn, gpointer data, GError **error)
{
    Verify *v = data;
    v->rebuild.conn = conn;
    return replay(&v->rebuild, v->live, error) && compare_all(v->live, conn, v->differences, error);
}

gboolean case_verify(CaseRoom *room, StoreProgress progress, gpointer data, GPtrArray *differences,
                     GError **error)
{
    g_autoptr(Store) scratch = store_memory_open(error);
    if (!scratch) return FALSE;
    g_autoptr(StoreConn) live = store_read_begin(room->store, error);
    if (!live) return FALSE;
    Verify v = { .rebuild = { .room = room, .progress = progress, .data = data },
                 .live = live,
                 .differences = differences };
    return store_write(scratch, verify_job, &v, error);
}
