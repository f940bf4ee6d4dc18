/* plan_row.c - rows of plans come from events of plans, live and on rebuild alike. */
#include "loop/intake/plan_row.h"
#include <string.h>

void plan_row_clear(PlanRow *row)
{
    g_free(row->pack);
    g_free(row->id);
    g_free(row->digest);
    *row = (PlanRow){ 0 };
}

/* ---- reading ---- */

#define COLUMNS                                                                                              \
    "SELECT pack, id, digest, since, last_date, last_day, last_at, last_case, last_missed, next_date,"       \
    " next_day, next_at, opened, missed FROM plan"

static gboolean take_occurrence(const StoreRows *rows, int column, BaseOccurrence *out)
{
    if (store_type(rows, column) == STORE_NULL) return FALSE;
    *out = (BaseOccurrence){ (gint32)store_int(rows, column), (gint32)store_int(rows, column + 1),
                             store_int(rows, column + 2) };
    return TRUE;
}

static PlanRow take(const StoreRows *rows)
{
    PlanRow row = { .pack = g_strdup(store_text(rows, 0)),
                    .id = g_strdup(store_text(rows, 1)),
                    .digest = g_strdup(store_text(rows, 2)),
                    .since = store_int(rows, 3),
                    .missed = store_int(rows, 8) != 0,
                    .n_opened = store_int(rows, 12),
                    .n_missed = store_int(rows, 13) };
    row.has_last = take_occurrence(rows, 4, &row.last);
    row.has_case = store_type(rows, 7) != STORE_NULL && store_id(rows, 7, &row.opened);
    row.has_next = take_occurrence(rows, 9, &row.next);
    return row;
}

static gboolean finish(const StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static void clear(gpointer row)
{
    plan_row_clear(row);
}

GArray *plan_rows(StoreConn *conn, gint64 due, GError **error)
{
    GError *failed = NULL;
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(PlanRow));
    g_array_set_clear_func(all, clear);
    g_autoptr(StoreRows) rows =
        due == PLAN_ROWS_ALL
            ? store_query(conn, COLUMNS " ORDER BY pack, id", NULL, 0, error)
            : STORE_QUERY(conn, error,
                          COLUMNS " WHERE next_at IS NOT NULL AND next_at <= ?1 ORDER BY next_at, pack, id",
                          STORE_I(due));
    while (rows && store_step(rows, &failed)) {
        PlanRow row = take(rows);
        g_array_append_val(all, row);
    }
    return finish(rows, failed, error) ? g_steal_pointer(&all) : NULL;
}

gboolean plan_row_find(StoreConn *conn, const char *pack, const char *id, PlanRow *out, gboolean *found,
                       GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, COLUMNS " WHERE pack = ?1 AND id = ?2", STORE_T(pack), STORE_T(id));
    *found = rows && store_step(rows, &failed);
    *out = *found ? take(rows) : (PlanRow){ 0 };
    return finish(rows, failed, error);
}

/* ---- rows ---- */

static gboolean write_set(StoreConn *conn, const PlanRow *r, GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO plan(pack, id, digest, since, next_date, next_day, next_at, last_missed,"
                     " opened, missed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0) ON CONFLICT(pack, id) DO"
                     " UPDATE SET digest = excluded.digest, since = excluded.since, next_date ="
                     " excluded.next_date, next_day = excluded.next_day, next_at = excluded.next_at",
                     STORE_T(r->pack), STORE_T(r->id), STORE_T(r->digest), STORE_I(r->since),
                     r->has_next ? STORE_I(r->next.date) : STORE_NIL,
                     r->has_next ? STORE_I(r->next.day) : STORE_NIL,
                     r->has_next ? STORE_I(r->next.at) : STORE_NIL);
}

static gboolean write_end(StoreConn *conn, const PlanRow *r, GError **error)
{
    return STORE_RUN(conn, error,
                     "UPDATE plan SET digest = '', next_date = NULL, next_day = NULL, next_at = NULL WHERE"
                     " pack = ?1 AND id = ?2",
                     STORE_T(r->pack), STORE_T(r->id));
}

static gboolean write_came(StoreConn *conn, const PlanRow *r, GError **error)
{
    return STORE_RUN(conn, error,
                     "UPDATE plan SET last_date = ?3, last_day = ?4, last_at = ?5, last_case = ?6,"
                     " last_missed = ?7, next_date = ?8, next_day = ?9, next_at = ?10, opened = opened + ?11,"
                     " missed = missed + ?7 WHERE pack = ?1 AND id = ?2",
                     STORE_T(r->pack), STORE_T(r->id), STORE_I(r->last.date), STORE_I(r->last.day),
                     STORE_I(r->last.at), r->has_case ? STORE_ID(&r->opened) : STORE_NIL, STORE_I(r->missed),
                     r->has_next ? STORE_I(r->next.date) : STORE_NIL,
                     r->has_next ? STORE_I(r->next.day) : STORE_NIL,
                     r->has_next ? STORE_I(r->next.at) : STORE_NIL, STORE_I(r->has_case));
}

/* ---- events ---- */

void plan_row_put(BaseJson *j, const BaseOccurrence *o)
{
    char date[11];
    base_day_write(o->date, date);
    base_json_put_text(j, "date", date);
    base_day_write(o->day, date);
    base_json_put_text(j, "day", date);
    base_json_put_int(j, "at", o->at);
}

void plan_row_write(BaseJson *j, const char *key, const BaseOccurrence *o)
{
    base_json_key(j, key);
    base_json_object(j);
    plan_row_put(j, o);
    base_json_end_object(j);
}

static gboolean read_occurrence(const json_t *body, const char *key, BaseOccurrence *out)
{
    const json_t *o = json_object_get(body, key);
    const char *date = json_string_value(json_object_get(o, "date")),
               *day = json_string_value(json_object_get(o, "day"));
    out->at = json_integer_value(json_object_get(o, "at"));
    return date && day && base_day_parse(date, &out->date) && base_day_parse(day, &out->day);
}

static gboolean log_event(CaseRoom *room, StoreConn *conn, const char *kind, GString *body, gint64 now,
                          GError **error)
{
    LedgerEvent event = {
        .at = now, .kind = kind, .operation = "-", .actor = "system:plan", .body = body->str
    };
    return guard_log(conn, case_room_guard(room), &event, error) > 0;
}

static void begin(BaseJson *j, const PlanRow *row)
{
    base_json_object(j);
    base_json_put_text(j, "pack", row->pack);
    base_json_put_text(j, "plan", row->id);
}

static void put_next(BaseJson *j, const PlanRow *row)
{
    if (row->has_next) plan_row_write(j, "next", &row->next);
    base_json_end_object(j);
}

gboolean plan_row_set(CaseRoom *room, StoreConn *conn, const PlanRow *row, const char *why, gint64 now,
                      GError **error)
{
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    begin(&j, row);
    base_json_put_text(&j, "why", why);
    base_json_put_text(&j, "digest", row->digest);
    base_json_put_int(&j, "since", row->since);
    put_next(&j, row);
    return log_event(room, conn, "plan.set", body, now, error) && write_set(conn, row, error);
}

gboolean plan_row_end(CaseRoom *room, StoreConn *conn, const PlanRow *row, gint64 now, GError **error)
{
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    begin(&j, row);
    base_json_end_object(&j);
    return log_event(room, conn, "plan.ended", body, now, error) && write_end(conn, row, error);
}

gboolean plan_row_came(CaseRoom *room, StoreConn *conn, const PlanRow *row, gint64 now, GError **error)
{
    char id[BASE_ID_TEXT];
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    begin(&j, row);
    plan_row_write(&j, "came", &row->last);
    if (row->has_case) {
        base_id_write(&row->opened, id);
        base_json_put_text(&j, "case", id);
    }
    put_next(&j, row);
    return log_event(room, conn, row->missed ? "plan.missed" : "plan.opened", body, now, error) &&
           write_came(conn, row, error);
}

gboolean plan_row_replay(CaseRoom *room, StoreConn *conn, const LedgerEvent *event, const json_t *body,
                         gpointer data, GError **error)
{
    (void)room, (void)data;
    const char *id = json_string_value(json_object_get(body, "case"));
    PlanRow row = { .pack = (char *)json_string_value(json_object_get(body, "pack")),
                    .id = (char *)json_string_value(json_object_get(body, "plan")),
                    .digest = (char *)json_string_value(json_object_get(body, "digest")),
                    .since = json_integer_value(json_object_get(body, "since")),
                    .missed = strcmp(event->kind, "plan.missed") == 0 };
    row.has_case = id && base_id_parse(id, &row.opened);
    row.has_next = read_occurrence(body, "next", &row.next);
    row.has_last = read_occurrence(body, "came", &row.last);
    if (strcmp(event->kind, "plan.set") == 0) return write_set(conn, &row, error);
    if (strcmp(event->kind, "plan.ended") == 0) return write_end(conn, &row, error);
    return write_came(conn, &row, error);
}
