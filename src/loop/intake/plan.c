/* plan.c - see plan.h. What is to come is derived from the pack and from what came last; what is due opens.
 */
#include "loop/intake/plan.h"
#include "loop/case/days.h"
#include "loop/intake/plan_row.h"
#include <string.h>

/* ---- what is to come ---- */

typedef struct {
    gint64 since, until; /* what was before is passed over; the walk ends with the first one after `until` */
    guint most;
    GArray *come; /* of BaseOccurrence */
} Coming;

static gboolean take_one(const BaseOccurrence *o, gpointer data)
{
    Coming *c = data;
    if (o->at > c->since) g_array_append_val(c->come, *o);
    return o->at <= c->until && c->come->len < c->most;
}

/* What the plan has still to come by `until`, and one more; at most `most`. */
static GArray *coming(const PackPlan *plan, const PlanRow *row, gint64 until, guint most)
{
    Coming c = { row->since, until, most, g_array_new(FALSE, FALSE, sizeof(BaseOccurrence)) };
    base_recur_walk(plan->recur, row->has_last ? &row->last : NULL, take_one, &c);
    return c.come;
}

static void derive_next(const PackPlan *plan, PlanRow *row)
{
    g_autoptr(GArray) come = coming(plan, row, G_MAXINT64, 1);
    row->has_next = come->len > 0;
    if (row->has_next) row->next = g_array_index(come, BaseOccurrence, 0);
}

static gboolean same_next(const PlanRow *a, const PlanRow *b)
{
    return a->has_next == b->has_next &&
           (!a->has_next ||
            (a->next.date == b->next.date && a->next.day == b->next.day && a->next.at == b->next.at));
}

/* ---- in step with the packs and the days ---- */

/* NULL: as it was. */
static const char *why_set(const PackPlan *plan, const PlanRow *row, gboolean found, gint64 now)
{
    if (!found) return "new";
    if (strcmp(row->digest, plan->digest) != 0) return "rule";
    return row->since > now ? "clock" : NULL;
}

static gboolean bring_in_step(CaseRoom *room, StoreConn *conn, const Pack *pack, const PackPlan *plan,
                              gint64 now, GError **error)
{
    g_auto(PlanRow) row = { 0 };
    gboolean found;
    if (!plan_row_find(conn, pack_id(pack), plan->id, &row, &found, error)) return FALSE;
    const char *why = why_set(plan, &row, found, now);
    PlanRow to = row;
    to.pack = (char *)pack_id(pack);
    to.id = (char *)plan->id;
    to.digest = plan->digest;
    if (why) to.since = now;
    derive_next(plan, &to);
    if (!why && same_next(&to, &row)) return TRUE;
    return plan_row_set(room, conn, &to, why ? why : "days", now, error);
}

static gboolean end_those_gone(CaseRoom *room, StoreConn *conn, gint64 now, GError **error)
{
    g_autoptr(GArray) rows = plan_rows(conn, PLAN_ROWS_ALL, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const PlanRow *row = &g_array_index(rows, PlanRow, i);
        const Pack *pack = case_room_pack(room, row->pack);
        if (pack && *row->digest && !pack_plan(pack, row->id) && !plan_row_end(room, conn, row, now, error))
            return FALSE;
    }
    return rows != NULL;
}

static gboolean all_in_step(CaseRoom *room, StoreConn *conn, gint64 now, gpointer data, GError **error)
{
    (void)data;
    const GPtrArray *packs = case_room_packs(room);
    for (guint i = 0; i < packs->len; i++)
        for (gsize k = 0; k < pack_plans(packs->pdata[i]); k++)
            if (!bring_in_step(room, conn, packs->pdata[i], pack_plan_at(packs->pdata[i], k), now, error))
                return FALSE;
    return end_those_gone(room, conn, now, error);
}

/* The list of packs is another one whenever a pack comes in. */
static gboolean in_step(PlanDesk *desk, StoreConn *conn, gint64 now, GError **error)
{
    const GPtrArray *packs = case_room_packs(desk->room);
    if (packs == desk->packs) return TRUE;
    if (!all_in_step(desk->room, conn, now, NULL, error)) return FALSE;
    desk->packs = packs;
    return TRUE;
}

void plan_enrol(CaseRoom *room)
{
    case_room_enrol_family(room, "plan.", plan_row_replay, NULL);
    case_room_enrol_days(room, all_in_step, NULL);
}

/* ---- opening ---- */

static const CaseActor PLANNER = { .actor = "system:plan", .roles = (const char *const[]){ "system", NULL } };

static gboolean open_case(CaseRoom *room, StoreConn *conn, const Pack *pack, const PackPlan *plan,
                          PlanRow *row, gint64 now, GError **error)
{
    PackSignal signal = { 0 };
    gboolean again;
    if (!pack_plan_signal(pack, plan, &row->last, &signal, error)) return FALSE;
    g_autofree char *source = g_strdup_printf("plan:%s/%s", pack_id(pack), plan->id);
    row->has_case = case_open(room, conn, pack, source, &signal, &PLANNER, now, &row->opened, &again, error);
    pack_signal_clear(&signal);
    return row->has_case;
}

/* The occurrences of one plan that are due, oldest first. */
static gboolean pass_plan(CaseRoom *room, StoreConn *conn, PlanRow *row, gint64 now, int limit, int *handled,
                          GError **error)
{
    const Pack *pack = case_room_pack(room, row->pack);
    const PackPlan *plan = pack ? pack_plan(pack, row->id) : NULL;
    if (!plan || strcmp(plan->digest, row->digest) != 0) return TRUE; /* not here, or not yet in step */
    g_autoptr(GArray) come = coming(plan, row, now, G_MAXUINT);
    const BaseOccurrence *all = (const BaseOccurrence *)come->data;
    guint due = come->len;
    while (due > 0 && all[due - 1].at > now)
        due--;
    for (guint i = 0; i < due && *handled < limit; i++, ++*handled) {
        row->last = all[i];
        row->has_last = TRUE;
        row->has_case = FALSE;
        row->missed = now > pack_plan_grace(plan, all[i].at);
        row->has_next = i + 1 < come->len;
        if (row->has_next) row->next = all[i + 1];
        const gboolean note = row->missed && (plan->note || due - i > PLAN_MOST_LATE);
        if ((!note && !open_case(room, conn, pack, plan, row, now, error)) ||
            !plan_row_came(room, conn, row, now, error)) {
            g_prefix_error(error, "plan %s/%s: ", row->pack, row->id);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean plan_tick(PlanDesk *desk, StoreConn *conn, gint64 now, int limit, int *handled, GError **error)
{
    *handled = 0;
    if (!in_step(desk, conn, now, error)) return FALSE;
    g_autoptr(GArray) rows = plan_rows(conn, now, error);
    for (guint i = 0; rows && i < rows->len && *handled < limit; i++)
        if (!pass_plan(desk->room, conn, &g_array_index(rows, PlanRow, i), now, limit, handled, error))
            return FALSE;
    return rows != NULL;
}

gboolean plan_next(PlanDesk *desk, StoreConn *conn, gint64 now, gint64 *next, GError **error)
{
    GError *failed = NULL;
    *next = G_MAXINT64;
    if (!in_step(desk, conn, now, error)) return FALSE;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT pack, next_at FROM plan WHERE next_at IS NOT NULL ORDER BY next_at", NULL, 0, error);
    while (rows && *next == G_MAXINT64 && store_step(rows, &failed))
        if (case_room_pack(desk->room, store_text(rows, 0))) *next = store_int(rows, 1);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* ---- each by itself ---- */

typedef struct {
    PlanDesk *desk;
    PlanRow *row; /* NULL: bring the plans in step */
    gint64 now;
    int limit;
} One;

static gboolean one_job(StoreConn *conn, gpointer data, GError **error)
{
    One *one = data;
    int handled = 0;
    if (!one->row) return in_step(one->desk, conn, one->now, error);
    return pass_plan(one->desk->room, conn, one->row, one->now, one->limit, &handled, error);
}

static GArray *due_now(Store *store, gint64 now, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(store, error);
    return conn ? plan_rows(conn, now, error) : NULL;
}

gboolean plan_each(PlanDesk *desk, gint64 now, int limit, PlanRefused refused, gpointer data, GError **error)
{
    Store *store = case_room_store(desk->room);
    One one = { desk, NULL, now, limit };
    desk->packs = NULL; /* the refused job may have brought them in step */
    if (!store_write(store, one_job, &one, error)) return FALSE;
    g_autoptr(GArray) rows = due_now(store, now, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        g_autoptr(GError) why = NULL;
        one.row = &g_array_index(rows, PlanRow, i);
        g_autofree char *name = g_strdup_printf("%s/%s", one.row->pack, one.row->id);
        if (!store_write(store, one_job, &one, &why)) refused(name, why, data);
    }
    return rows != NULL;
}

/* ---- for people ---- */

static void write_last(BaseJson *out, const PlanRow *row)
{
    char id[BASE_ID_TEXT];
    base_json_key(out, "last");
    base_json_object(out);
    plan_row_put(out, &row->last);
    base_json_put_bool(out, "missed", row->missed);
    if (row->has_case) {
        base_id_write(&row->opened, id);
        base_json_put_text(out, "case", id);
    }
    base_json_end_object(out);
}

static void put_move(BaseJson *out, const Pack *pack, const PackPlan *plan, const BaseOccurrence *o,
                     const BaseDays *days)
{
    char day[11];
    base_day_write(MAX(o->date, o->day), day);
    base_json_put_text(out, "why_zh", pack_plan_rest(pack, plan, o->date, days, "zh"));
    base_json_put_text(out, "why_en", pack_plan_rest(pack, plan, o->date, days, "en"));
    base_json_put_bool(out, "provisional",
                       plan->moves && g_ascii_strtoll(day, NULL, 10) > base_days_last_published(days));
}

static void write_ahead(CaseRoom *room, BaseJson *out, const Pack *pack, const PackPlan *plan,
                        const PlanRow *row, gint64 now, guint n)
{
    PlanRow from = *row;
    from.since = MAX(row->since, now);
    g_autoptr(GArray) come = coming(plan, &from, G_MAXINT64, n);
    base_json_key(out, "ahead");
    base_json_array(out);
    for (guint i = 0; i < come->len; i++) {
        const BaseOccurrence *o = &g_array_index(come, BaseOccurrence, i);
        base_json_object(out);
        plan_row_put(out, o);
        put_move(out, pack, plan, o, case_days(room));
        base_json_end_object(out);
    }
    base_json_end_array(out);
}

static gboolean view_one(CaseRoom *room, StoreConn *conn, const Pack *pack, const PackPlan *plan, gint64 now,
                         guint n, BaseJson *out, GError **error)
{
    g_auto(PlanRow) row = { 0 };
    gboolean found;
    if (!plan_row_find(conn, pack_id(pack), plan->id, &row, &found, error)) return FALSE;
    base_json_object(out);
    base_json_put_text(out, "pack", pack_id(pack));
    base_json_put_text(out, "id", plan->id);
    base_json_put_text(out, "title_zh", plan->title_zh);
    base_json_put_text(out, "title_en", plan->title_en);
    base_json_put_text(out, "rule", json_string_value(json_object_get(plan->item, "rule")));
    base_json_put_text(out, "at", json_string_value(json_object_get(plan->item, "at")));
    base_json_put_int(out, "opened", row.n_opened);
    base_json_put_int(out, "missed", row.n_missed);
    if (row.has_last) write_last(out, &row);
    if (row.has_next) plan_row_write(out, "next", &row.next);
    write_ahead(room, out, pack, plan, &row, now, n);
    base_json_end_object(out);
    return TRUE;
}

gboolean plan_view(CaseRoom *room, StoreConn *conn, gint64 now, guint n, BaseJson *out, GError **error)
{
    const GPtrArray *packs = case_room_packs(room);
    base_json_object(out);
    base_json_key(out, "plans");
    base_json_array(out);
    for (guint i = 0; i < packs->len; i++)
        for (gsize k = 0; k < pack_plans(packs->pdata[i]); k++)
            if (!view_one(room, conn, packs->pdata[i], pack_plan_at(packs->pdata[i], k), now, n, out, error))
                return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
