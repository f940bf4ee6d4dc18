/* whole.c - one case: under a grant with its private facts, its timeline of open bodies, and the tasks of a
 * user. */
#include "loop/case/view.h"
#include "loop/case/moved.h"

#define OPEN_TASKS 200 /* of one kind of addressee in a user's list */

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* ---- offers ---- */

static void write_offer(BaseJson *out, const Case *c, const FlowTransition *t)
{
    base_json_object(out);
    base_json_put_text(out, "event", t->event);
    base_json_put_text(out, "to", t->to < 0 ? NULL : flow_chart_state_id(c->kit->chart, t->to));
    base_json_key(out, "needs");
    base_json_array(out);
    for (gsize i = 0; t->needs && t->needs[i]; i++)
        base_json_text(out, t->needs[i]);
    base_json_end_array(out);
    base_json_put_text(out, "form", t->form);
    base_json_end_object(out);
}

/* What the user could do now: one offer an event, the first that the chart would take. */
static void write_offers(BaseJson *out, const Case *c, const GuardUser *user)
{
    const CaseActor actor = { .roles = (const char *const *)user->roles,
                              .org = user->org,
                              .unit = user->unit };
    const char *roles[CASE_MAX_ROLES + 1];
    case_standing(c, &actor, roles);
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GPtrArray) seen = g_ptr_array_new();
    flow_offers(c->kit->chart, &c->flow, roles, c->row, offers);
    base_json_key(out, "offers");
    base_json_array(out);
    for (guint i = 0; i < offers->len; i++) {
        FlowTransition t = flow_chart_transition_at(c->kit->chart, g_array_index(offers, gsize, i));
        if (g_ptr_array_find_with_equal_func(seen, t.event, g_str_equal, NULL)) continue;
        g_ptr_array_add(seen, (gpointer)t.event);
        write_offer(out, c, &t);
    }
    base_json_end_array(out);
}

/* ---- the whole ---- */

static void write_clock(BaseJson *out, const Case *c, int i, gint64 now)
{
    static const char *const states[] = { "none", "running", "paused", "stopped" };
    const FlowClock *clock = &c->flow.clock[i];
    CaseDue due;
    case_due_dates(c->kit, &c->flow, i, &due);
    base_json_object(out);
    base_json_put_text(out, "id", flow_chart_clock_def(c->kit->chart, i)->id);
    base_json_put_text(out, "state", states[clock->state]);
    if (due.due != G_MAXINT64) base_json_put_int(out, "due_at", due.due);
    base_json_put_int(out, "budget", clock->budget);
    base_json_put_int(out, "consumed", flow_clock_consumed(c->kit->chart, &c->flow, i, now));
    base_json_put_bool(out, "expired", clock->expired);
    base_json_put_bool(out, "provisional", due.provisional);
    base_json_end_object(out);
}

static void write_clocks(BaseJson *out, const Case *c, gint64 now)
{
    base_json_key(out, "clocks");
    base_json_array(out);
    for (int i = 0; i < flow_chart_clocks(c->kit->chart); i++)
        if (c->flow.clock[i].state != FLOW_CLOCK_NONE) write_clock(out, c, i, now);
    base_json_end_array(out);
}

static gboolean write_tasks(BaseJson *out, StoreConn *conn, const BaseId *id, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT kind, generation, state, role, org, unit, offered_at, changed_at FROM task WHERE case_id = ?1"
        " ORDER BY offered_at, kind, generation",
        STORE_ID(id));
    base_json_key(out, "tasks");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        base_json_object(out);
        base_json_put_text(out, "kind", store_text(rows, 0));
        base_json_put_int(out, "generation", store_int(rows, 1));
        base_json_put_text(out, "state", store_text(rows, 2));
        base_json_put_text(out, "role", store_text(rows, 3));
        base_json_put_text(out, "org", store_text(rows, 4));
        if (store_text(rows, 5)) base_json_put_text(out, "unit", store_text(rows, 5));
        base_json_put_int(out, "offered_at", store_int(rows, 6));
        base_json_put_int(out, "changed_at", store_int(rows, 7));
        base_json_end_object(out);
    }
    base_json_end_array(out);
    return finish(rows, failed, error);
}

static gboolean write_rating(BaseJson *out, StoreConn *conn, const BaseId *id, GError **error)
{
    static const char *const keys[] = { "invited_at", "answered_at", "lapsed_at", "level" };
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT invited_at, answered_at, lapsed_at, level FROM rating WHERE case_id = ?1",
        STORE_ID(id));
    if (rows && store_step(rows, &failed)) {
        base_json_key(out, "rating");
        base_json_object(out);
        for (int i = 0; i < 4; i++)
            if (store_type(rows, i) != STORE_NULL) base_json_put_int(out, keys[i], store_int(rows, i));
        base_json_end_object(out);
    }
    return finish(rows, failed, error);
}

/* The purpose stands in the event that the grant wrote; a snapshot older than it knows only the basis. */
static gboolean grant_purpose(const Case *c, StoreConn *conn, const Grant *grant, char **out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT purpose FROM event WHERE seq = ?1 AND kind = 'read'",
                    STORE_I(guard_grant_seq(grant)));
    if (rows && store_step(rows, &failed)) *out = g_strdup(store_text(rows, 0));
    for (gsize i = 0; !*out && i < c->kit->n_rules; i++)
        if (!g_strcmp0(c->kit->rules[i].basis, guard_grant_basis(grant)))
            *out = g_strdup(c->kit->rules[i].purpose);
    return finish(rows, failed, error);
}

static gboolean write_private(BaseJson *out, const Case *c, StoreConn *conn, const Grant *grant,
                              GError **error)
{
    g_autofree char *purpose = NULL;
    if (!grant_purpose(c, conn, grant, &purpose, error)) return FALSE;
    json_t *facts = guard_private_read(conn, grant, error);
    if (!facts) return FALSE;
    base_json_key(out, "private");
    base_json_tree(out, facts);
    json_decref(facts);
    base_json_put_text(out, "purpose", purpose ? purpose : "");
    base_json_put_text(out, "basis", guard_grant_basis(grant));
    base_json_put_int(out, "audit_seq", guard_grant_seq(grant));
    return TRUE;
}

/* Ids of the active leaves: several when the chart has regions. */
static void write_states(BaseJson *out, const Case *c)
{
    base_json_key(out, "states");
    base_json_array(out);
    for (int s = 0; s < flow_chart_states(c->kit->chart); s++)
        if (flow_active(c->kit->chart, &c->flow, s) && !flow_chart_state_compound(c->kit->chart, s))
            base_json_text(out, flow_chart_state_id(c->kit->chart, s));
    base_json_end_array(out);
}

gboolean case_view_whole(CaseRoom *room, StoreConn *conn, const BaseId *id, const GuardUser *user,
                         const Grant *grant, gint64 now, BaseJson *out, GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c) return FALSE;
    base_json_object(out);
    base_json_key(out, "brief");
    if (!case_view_brief(room, conn, id, now, out, error)) return FALSE;
    base_json_put_text(out, "version", pack_version(c->pack));
    write_states(out, c);
    base_json_key(out, "facts");
    base_json_tree(out, c->facts);
    if (!write_private(out, c, conn, grant, error)) return FALSE;
    write_clocks(out, c, now);
    if (!write_tasks(out, conn, id, error)) return FALSE;
    write_offers(out, c, user);
    if (!write_rating(out, conn, id, error)) return FALSE;
    base_json_end_object(out);
    return TRUE;
}

/* ---- the timeline: what the ledger says of the case, without the private bodies ---- */

static void write_event(BaseJson *out, const StoreRows *rows, const char *body)
{
    base_json_object(out);
    base_json_put_int(out, "seq", store_int(rows, 0));
    base_json_put_int(out, "at", store_int(rows, 1));
    base_json_put_text(out, "kind", store_text(rows, 2));
    base_json_put_text(out, "operation", store_text(rows, 3));
    base_json_put_text(out, "actor", store_text(rows, 4));
    base_json_put_raw(out, "body", body);
    base_json_end_object(out);
}

/* Its own events, and its part of those about many cases. */
gboolean case_view_timeline(CaseRoom *room, StoreConn *conn, const BaseId *id, BaseJson *out, GError **error)
{
    (void)room;
    GError *failed = NULL;
    char text[BASE_ID_TEXT];
    base_id_write(id, text);
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT seq, at, kind, operation, actor, body, case_id IS NULL FROM event WHERE case_id = ?1 OR"
        " seq IN (SELECT seq FROM reprojection WHERE first <= ?2 AND last >= ?2) ORDER BY seq",
        STORE_ID(id), STORE_T(text));
    base_json_object(out);
    base_json_key(out, "events");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        const char *body = store_text(rows, 5);
        g_autofree char *part = store_int(rows, 6) ? case_moved_of(body, id) : NULL;
        if (part || !store_int(rows, 6)) write_event(out, rows, part ? part : body);
    }
    base_json_end_array(out);
    base_json_end_object(out);
    return finish(rows, failed, error);
}

/* ---- tasks of a user ---- */

typedef struct {
    BaseId case_id;
    char *kind, *state;
    gint64 offered_at;
} OpenTask;

static void open_task_clear(gpointer task)
{
    g_free(((OpenTask *)task)->kind);
    g_free(((OpenTask *)task)->state);
}

static gboolean take_tasks(StoreConn *conn, const char *sql, const char *role, const char *addressee,
                           GArray *tasks, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, sql, STORE_T(role), STORE_T(addressee), STORE_I(OPEN_TASKS));
    while (rows && store_step(rows, &failed)) {
        OpenTask task = { .kind = g_strdup(store_text(rows, 1)),
                          .state = g_strdup(store_text(rows, 2)),
                          .offered_at = store_int(rows, 3) };
        store_id(rows, 0, &task.case_id);
        g_array_append_val(tasks, task);
    }
    return finish(rows, failed, error);
}

/* The same line as standing: a unit's own, an organisation's own, and what a role may do by right. */
static gboolean tasks_of_role(StoreConn *conn, const char *role, const GuardUser *user, GArray *tasks,
                              GError **error)
{
    if (!strcmp(role, "unit"))
        return take_tasks(conn,
                          "SELECT case_id, kind, state, offered_at FROM task WHERE role = ?1 AND unit = ?2"
                          " AND state IN ('offered', 'accepted') LIMIT ?3",
                          role, user->unit, tasks, error);
    if (!strcmp(role, "handler"))
        return take_tasks(conn,
                          "SELECT case_id, kind, state, offered_at FROM task WHERE role = ?1 AND org = ?2"
                          " AND state IN ('offered', 'accepted') LIMIT ?3",
                          role, user->org, tasks, error);
    return take_tasks(conn,
                      "SELECT case_id, kind, state, offered_at FROM task WHERE role = ?1 AND ?2 IS NULL"
                      " AND state IN ('offered', 'accepted') LIMIT ?3",
                      role, NULL, tasks, error);
}

static gint oldest_first(gconstpointer a, gconstpointer b)
{
    const OpenTask *x = a, *y = b;
    if (x->offered_at != y->offered_at) return x->offered_at < y->offered_at ? -1 : 1;
    return memcmp(&x->case_id, &y->case_id, sizeof x->case_id);
}

static gboolean write_task_item(CaseRoom *room, StoreConn *conn, const OpenTask *task, const GuardUser *user,
                                gint64 now, BaseJson *out, GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, &task->case_id, error);
    if (!c) return FALSE;
    base_json_object(out);
    base_json_key(out, "case");
    if (!case_view_brief(room, conn, &task->case_id, now, out, error)) return FALSE;
    base_json_put_text(out, "kind", task->kind);
    base_json_put_text(out, "state", task->state);
    write_offers(out, c, user);
    base_json_end_object(out);
    return TRUE;
}

gboolean case_view_tasks(CaseRoom *room, StoreConn *conn, const GuardUser *user, gint64 now, BaseJson *out,
                         GError **error)
{
    g_autoptr(GArray) tasks = g_array_new(FALSE, TRUE, sizeof(OpenTask));
    g_array_set_clear_func(tasks, open_task_clear);
    for (char **role = user->roles; *role; role++)
        if (!tasks_of_role(conn, *role, user, tasks, error)) return FALSE;
    g_array_sort(tasks, oldest_first);
    base_json_object(out);
    base_json_key(out, "tasks");
    base_json_array(out);
    for (guint i = 0; i < MIN(tasks->len, OPEN_TASKS); i++)
        if (!write_task_item(room, conn, &g_array_index(tasks, OpenTask, i), user, now, out, error))
            return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
