/* moved.c - see moved.h. Deciding reads clocks and asks the flow engine; applying reads only the event
 * (invariant 2). */
#include "loop/case/moved.h"

/* ---- which move ---- */

static gint64 instant_of(const StoreRows *rows, int column)
{
    return store_type(rows, column) == STORE_NULL ? G_MAXINT64 : store_int(rows, column);
}

static void project(CaseMovedWalk *w, const StoreRows *rows, const BaseId *id)
{
    static __thread FlowCase c; /* only one clock of it is ever set */
    const FlowChart *chart = w->chart(store_text(rows, 1), w->data);
    const int i = chart ? flow_chart_clock_find(chart, store_text(rows, 2)) : -1;
    if (i < 0) return;
    gboolean provisional;
    c.clock[i] = (FlowClock){ .state = FLOW_CLOCK_RUNNING,
                              .consumed = store_int(rows, 3),
                              .since = store_int(rows, 4),
                              .budget = store_int(rows, 5),
                              .rung = (guint8)store_int(rows, 6),
                              .expired = store_int(rows, 7) != 0 };
    const gint64 next = flow_clock_next(chart, &c, i, NULL), due = flow_clock_due(chart, &c, i, &provisional);
    c.clock[i] = (FlowClock){ 0 };
    if (next == instant_of(rows, 8) && due == instant_of(rows, 9) &&
        provisional == (store_int(rows, 10) != 0))
        return;
    const CaseMoved moved = { *id, flow_chart_clock_def(chart, i)->id, next, due, provisional };
    g_array_append_val(w->moved, moved);
}

static StoreRows *walk_rows(const CaseMovedWalk *w, StoreConn *conn, GError **error)
{
    return STORE_QUERY(
        conn, error,
        "SELECT k.case_id, f.version, k.id, k.consumed, k.since, k.budget, k.rung, k.expired, k.next_at,"
        " k.due_at, k.provisional FROM clock k JOIN case_file f ON f.id = k.case_id"
        " WHERE k.case_id > ?1 AND k.case_id <= ?2 AND k.state = 1 ORDER BY k.case_id, k.id",
        STORE_B(w->after.b, sizeof w->after.b), STORE_B(w->upto.b, sizeof w->upto.b));
}

gboolean case_moved_find(CaseMovedWalk *w, StoreConn *conn, GError **error)
{
    GError *failed = NULL;
    BaseId id, last = w->after;
    w->seen = 0;
    w->more = FALSE;
    g_autoptr(StoreRows) rows = walk_rows(w, conn, error);
    while (rows && !w->more && store_step(rows, &failed)) {
        store_id(rows, 0, &id);
        if (w->seen >= w->limit && !base_id_equal(&id, &last)) {
            w->more = TRUE;
            w->upto = last;
            continue;
        }
        project(w, rows, &id);
        last = id;
        w->seen++;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* ---- rows ---- */

static StoreValue instant(gint64 t)
{
    return t == G_MAXINT64 ? STORE_NIL : STORE_I(t);
}

static gboolean apply_one(StoreConn *conn, const CaseMoved *m, GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE clock SET next_at = ?3, due_at = ?4, provisional = ?5 WHERE case_id = ?1 AND id = ?2",
        STORE_ID(&m->case_id), STORE_T(m->clock), instant(m->next), instant(m->due), STORE_I(m->provisional));
}

static gboolean apply_range(StoreConn *conn, const GArray *moved, gint64 seq, GError **error)
{
    const CaseMoved *first = &g_array_index(moved, CaseMoved, 0),
                    *last = &g_array_index(moved, CaseMoved, moved->len - 1);
    char from[BASE_ID_TEXT], to[BASE_ID_TEXT];
    base_id_write(&first->case_id, from);
    base_id_write(&last->case_id, to);
    return STORE_RUN(conn, error, "INSERT INTO reprojection(seq, first, last) VALUES(?1, ?2, ?3)",
                     STORE_I(seq), STORE_T(from), STORE_T(to));
}

gboolean case_moved_apply(StoreConn *conn, const GArray *moved, gint64 seq, GError **error)
{
    for (guint i = 0; i < moved->len; i++)
        if (!apply_one(conn, &g_array_index(moved, CaseMoved, i), error)) return FALSE;
    return !moved->len || apply_range(conn, moved, seq, error);
}

/* ---- the body ---- */

static void put_instant(BaseJson *j, gint64 t)
{
    if (t == G_MAXINT64)
        base_json_null(j);
    else
        base_json_int(j, t);
}

static void put_one(BaseJson *j, const CaseMoved *m)
{
    char id[BASE_ID_TEXT];
    base_id_write(&m->case_id, id);
    base_json_array(j);
    base_json_text(j, id);
    base_json_text(j, m->clock);
    put_instant(j, m->next);
    put_instant(j, m->due);
    base_json_int(j, m->provisional);
    base_json_end_array(j);
}

char *case_moved_body(const GArray *moved, gint64 change)
{
    GString *text = g_string_sized_new(96 * (gsize)moved->len + 64);
    BaseJson j = base_json_to(text);
    base_json_object(&j);
    base_json_put_int(&j, "change", change);
    base_json_key(&j, "moved");
    base_json_array(&j);
    for (guint i = 0; i < moved->len; i++)
        put_one(&j, &g_array_index(moved, CaseMoved, i));
    base_json_end_array(&j);
    base_json_end_object(&j);
    return g_string_free(text, FALSE);
}

static gint64 read_instant(const json_t *value)
{
    return json_is_integer(value) ? json_integer_value(value) : G_MAXINT64;
}

GArray *case_moved_read(const json_t *body)
{
    const json_t *list = json_object_get(body, "moved");
    GArray *all = g_array_new(FALSE, FALSE, sizeof(CaseMoved));
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *id = json_string_value(json_array_get(item, 0));
        CaseMoved m = { .clock = json_string_value(json_array_get(item, 1)),
                        .next = read_instant(json_array_get(item, 2)),
                        .due = read_instant(json_array_get(item, 3)),
                        .provisional = json_integer_value(json_array_get(item, 4)) != 0 };
        if (id && m.clock && base_id_parse(id, &m.case_id)) g_array_append_val(all, m);
    }
    return all;
}

/* ---- one case's part ---- */

/* A tree of the whole would be thousands of cases for the sake of one: the body is as put_one wrote it. */
char *case_moved_of(const char *body, const BaseId *id)
{
    char wanted[BASE_ID_TEXT + 4], text[BASE_ID_TEXT];
    base_id_write(id, text);
    g_snprintf(wanted, sizeof wanted, "[\"%s\",", text);
    const char *list = strstr(body, "\"moved\":["), *item = list ? strstr(list, wanted) : NULL;
    if (!item) return NULL;
    GString *out = g_string_new_len(body, list + strlen("\"moved\":[") - body);
    for (const char *sep = ""; item; item = strstr(item + 1, wanted), sep = ",") {
        g_string_append(out, sep);
        g_string_append_len(out, item, (gssize)strcspn(item, "]") + 1);
    }
    g_string_append(out, "]}");
    return g_string_free(out, FALSE);
}
