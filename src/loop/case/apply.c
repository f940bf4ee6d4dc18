/* apply.c - an event into the case in memory, and into its rows: the one way in which a case's rows ever
 * change, live and on rebuild alike. Reads nothing but the event and the rows (invariant 2). */
#include "loop/case/life.h"

#include <math.h>

/* ---- into memory ---- */

static void replace(char **place, const char *text)
{
    if (*place == text || !g_strcmp0(*place, text)) return;
    g_free(*place);
    *place = g_strdup(text);
}

static void take_opening(Case *c, const CaseEvent *e)
{
    replace(&c->number, e->number);
    replace(&c->title, e->title);
    replace(&c->place, e->place);
    c->point = e->point;
    c->opened_at = e->at;
    if (!c->facts) c->facts = json_object();
}

static void take_count(Case *c, const char *key, int value)
{
    if (value && json_integer_value(json_object_get(c->facts, key)) != value)
        json_object_set_new(c->facts, key, json_integer(value));
}

static void take_facts(Case *c, const CaseEvent *e)
{
    if (e->facts) json_object_update(c->facts, e->facts);
    take_count(c, "returns", e->returns);
    take_count(c, "reopens", e->reopens);
    take_count(c, "rating", e->rating);
    if (e->rate == CASE_RATE_LAPSED) json_object_del(c->facts, "rating");
    if (case_event_counts(e)) {
        json_object_set_new(c->facts, "children", json_integer(e->children));
        json_object_set_new(c->facts, "children_open", json_integer(e->children_open));
    }
    const char *waits = json_string_value(json_object_get(c->facts, "waiting"));
    if (!e->waiting && waits)
        json_object_del(c->facts, "waiting");
    else if (e->waiting && g_strcmp0(waits, e->waiting))
        json_object_set_new(c->facts, "waiting", json_string(e->waiting));
}

/* Another chart, another row: what the case is stands whole in the event. Ours among the facts stay. */
static void take_migration(Case *c, const CaseEvent *e)
{
    json_t *ours = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(c->facts, key, value)
    {
        if (!pack_field(c->pack, key)) json_object_set(ours, key, value);
    }
    json_decref(c->facts);
    c->facts = ours;
    if (c->kit == e->kit) return;
    c->kit = e->kit;
    c->pack = e->kit->pack;
    g_free(c->row);
    c->row = g_new0(RuleValue, e->kit->columns);
    memset(&c->flow, 0, sizeof c->flow);
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++)
        c->next[i] = c->due[i] = G_MAXINT64;
}

void case_take(Case *c, const CaseEvent *e)
{
    if (e->deed == CASE_OPENED) take_opening(c, e);
    if (e->deed == CASE_MIGRATED) take_migration(c, e);
    c->flow.active = e->active;
    memcpy(c->flow.remembered, e->remembered, sizeof e->remembered);
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++)
        if (e->clocks & 1u << i) {
            c->flow.clock[i] = e->clock[i];
            c->next[i] = e->due[i].next;
            c->due[i] = e->due[i].due;
        }
    for (guint i = 0; i < e->n_tasks; i++)
        c->flow.task[e->task[i].kind] = (FlowTask){ e->task[i].state, e->task[i].generation };
    replace(&c->org, e->org);
    replace(&c->area, e->area);
    replace(&c->unit, e->unit);
    c->level = e->level;
    c->late = e->late;
    if (e->deed != CASE_RUNG) c->moved_at = e->at;
    gboolean final = flow_ended(c->kit->chart, &c->flow);
    c->closed_at = !final ? 0 : c->closed_at ? c->closed_at : e->at;
    take_facts(c, e);
    case_row_case(c);
    case_row_event(c->kit, e, c->row);
}

/* ---- what it was ---- */

static char *waiting_key(const Case *c)
{
    const char *skill = json_string_value(json_object_get(c->facts, "waiting"));
    char id[BASE_ID_TEXT];
    base_id_write(&c->id, id);
    return skill ? g_strdup_printf("waiting %s %d %015" G_GINT64_FORMAT " %s", skill, c->level, c->opened_at,
                                   id)
                 : NULL;
}

void case_was(const Case *c, CaseWas *was)
{
    *was = (CaseWas){ .unit = g_strdup(c->unit),
                      .org = g_strdup(c->org),
                      .waiting = waiting_key(c),
                      .open = c->closed_at == 0,
                      .late = c->late };
}

void case_was_clear(CaseWas *was)
{
    g_clear_pointer(&was->unit, g_free);
    g_clear_pointer(&was->org, g_free);
    g_clear_pointer(&was->waiting, g_free);
}

/* ---- rows of one case ---- */

gboolean case_claim_signal(StoreConn *conn, const CaseSignal *s, const BaseId *case_id, gboolean *fresh,
                           GError **error)
{
    if (!STORE_RUN(
            conn, error,
            "INSERT INTO signal(id, source, ref, channel, at, received_at, pack, disposition, case_id, "
            "reason, person)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(source, ref) DO NOTHING",
            STORE_ID(&s->id), STORE_T(s->source), STORE_T(s->ref), STORE_T(s->channel), STORE_I(s->at),
            STORE_I(s->received_at), STORE_T(s->pack), STORE_T(s->disposition), STORE_ID(case_id),
            STORE_T(s->reason), STORE_T(s->person)))
        return FALSE;
    *fresh = store_changes(conn) > 0;
    return TRUE;
}

static StoreValue instant(gint64 t)
{
    return t == 0 || t == G_MAXINT64 ? STORE_NIL : STORE_I(t);
}

static StoreValue degrees(double x)
{
    return isfinite(x) ? STORE_R(x) : STORE_NIL;
}

static gboolean insert_file(StoreConn *conn, const Case *c, const char *facts, const char *states,
                            GError **error)
{
    return STORE_RUN(conn, error,
                     "INSERT INTO case_file(id, number, pack, version, state, final, title, level, org, "
                     "area, place, lat, lon,"
                     " unit, opened_at, moved_at, closed_at, late, facts, states) VALUES(?1, ?2, ?3, ?4, "
                     "?5, ?6, ?7, ?8, ?9,"
                     " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
                     STORE_ID(&c->id), STORE_T(c->number), STORE_T(pack_id(c->pack)),
                     STORE_T(pack_version(c->pack)),
                     STORE_T(flow_chart_state_id(c->kit->chart, flow_rest(c->kit->chart, &c->flow))),
                     STORE_I(c->closed_at != 0), STORE_T(c->title), STORE_I(c->level), STORE_T(c->org),
                     STORE_T(c->area), STORE_T(c->place), degrees(c->point.lat), degrees(c->point.lon),
                     STORE_T(c->unit), STORE_I(c->opened_at), STORE_I(c->moved_at), instant(c->closed_at),
                     STORE_I(c->late), STORE_T(facts), STORE_T(states));
}

static gboolean update_file(StoreConn *conn, const Case *c, const char *facts, const char *states,
                            GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE case_file SET state = ?2, final = ?3, level = ?4, org = ?5, unit = ?6, moved_at = ?7,"
        " closed_at = ?8, late = ?9, facts = ?10, area = ?11, states = ?12, version = ?13"
        " WHERE id = ?1",
        STORE_ID(&c->id), STORE_T(flow_chart_state_id(c->kit->chart, flow_rest(c->kit->chart, &c->flow))),
        STORE_I(c->closed_at != 0), STORE_I(c->level), STORE_T(c->org), STORE_T(c->unit),
        STORE_I(c->moved_at), instant(c->closed_at), STORE_I(c->late), STORE_T(facts), STORE_T(c->area),
        STORE_T(states), STORE_T(pack_version(c->pack)));
}

static gboolean touch_file(StoreConn *conn, const Case *c, GError **error)
{
    return STORE_RUN(conn, error, "UPDATE case_file SET late = ?2 WHERE id = ?1", STORE_ID(&c->id),
                     STORE_I(c->late));
}

static gboolean write_file(StoreConn *conn, const Case *c, const CaseEvent *e, GError **error)
{
    if (e->deed == CASE_RUNG) return touch_file(conn, c, error);
    char *facts = json_dumps(c->facts, JSON_COMPACT | JSON_SORT_KEYS);
    g_autoptr(GString) states = g_string_new(NULL);
    if (!flow_chart_flat(c->kit->chart)) flow_states_write(c->kit->chart, &c->flow, states);
    gboolean ok = e->deed == CASE_OPENED ? insert_file(conn, c, facts, states->str, error)
                                         : update_file(conn, c, facts, states->str, error);
    free(facts);
    return ok;
}

static gboolean write_clock(StoreConn *conn, const CaseEvent *e, int i, GError **error)
{
    const FlowClock *k = &e->clock[i];
    return STORE_RUN(
        conn, error,
        "INSERT INTO clock(case_id, id, state, consumed, since, budget, started, stopped, rung, expired, "
        "next_at,"
        " due_at, provisional, extended) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        " ON CONFLICT(case_id, id) DO UPDATE SET state = excluded.state, consumed = excluded.consumed,"
        " since = excluded.since, budget = excluded.budget, started = excluded.started,"
        " stopped = excluded.stopped, rung = excluded.rung, expired = excluded.expired,"
        " next_at = excluded.next_at, due_at = excluded.due_at, provisional = excluded.provisional,"
        " extended = excluded.extended",
        STORE_ID(&e->id), STORE_T(flow_chart_clock_def(e->kit->chart, i)->id), STORE_I(k->state),
        STORE_I(k->consumed), STORE_I(k->since), STORE_I(k->budget), STORE_I(k->started), STORE_I(k->stopped),
        STORE_I(k->rung), STORE_I(k->expired), instant(e->due[i].next), instant(e->due[i].due),
        STORE_I(e->due[i].provisional), STORE_I(k->extended));
}

static gboolean write_clocks(StoreConn *conn, const CaseEvent *e, GError **error)
{
    if (e->deed == CASE_MIGRATED &&
        !STORE_RUN(conn, error, "DELETE FROM clock WHERE case_id = ?1", STORE_ID(&e->id)))
        return FALSE;
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++)
        if (e->clocks & 1u << i && !write_clock(conn, e, i, error)) return FALSE;
    return TRUE;
}

static gboolean write_task(StoreConn *conn, const Case *c, const CaseEvent *e, guint i, GError **error)
{
    const char *role = flow_chart_task_role(e->kit->chart, e->task[i].kind);
    return STORE_RUN(
        conn, error,
        "INSERT INTO task(case_id, kind, generation, state, role, org, unit, offered_at, changed_at)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT(case_id, kind, generation)"
        " DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at",
        STORE_ID(&e->id), STORE_T(flow_chart_task_id(e->kit->chart, e->task[i].kind)),
        STORE_I(e->task[i].generation), STORE_T(flow_task_state_name(e->task[i].state)), STORE_T(role),
        STORE_T(c->org), STORE_T(!strcmp(role, "unit") ? c->unit : NULL), STORE_I(e->at));
}

/* Did task move i belong to a task that this event offered? */
static gboolean is_new(const CaseEvent *e, guint i)
{
    for (guint k = 0; k <= i; k++)
        if (e->task[k].kind == e->task[i].kind && e->task[k].generation == e->task[i].generation &&
            e->task[k].state == FLOW_TASK_OFFERED)
            return TRUE;
    return FALSE;
}

static gboolean rename_tasks(StoreConn *conn, const CaseEvent *e, GError **error)
{
    const char *was;
    json_t *becomes;
    json_object_foreach(e->renamed_tasks, was, becomes)
    {
        if (!STORE_RUN(conn, error, "UPDATE task SET kind = ?3 WHERE case_id = ?1 AND kind = ?2",
                       STORE_ID(&e->id), STORE_T(was), STORE_T(json_string_value(becomes))))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_each_task(StoreConn *conn, const Case *c, const CaseEvent *e, gboolean new,
                                GError **error)
{
    for (guint i = 0; i < e->n_tasks; i++)
        if (is_new(e, i) == new && !write_task(conn, c, e, i, error)) return FALSE;
    return TRUE;
}

/* What ends, ends with whom it was; what stays open follows the case to its organisation and unit. */
static gboolean write_tasks(StoreConn *conn, const Case *c, const CaseEvent *e, gboolean moved,
                            GError **error)
{
    if (e->deed == CASE_MIGRATED) return rename_tasks(conn, e, error); /* they stay as they are */
    return write_each_task(conn, c, e, FALSE, error) &&
           (!moved ||
            STORE_RUN(
                conn, error,
                "UPDATE task SET org = ?2, unit = CASE WHEN role = 'unit' THEN ?3 END WHERE case_id = ?1"
                " AND state IN ('offered', 'accepted')",
                STORE_ID(&c->id), STORE_T(c->org), STORE_T(c->unit))) &&
           write_each_task(conn, c, e, TRUE, error);
}

/* A migration renames and drops; it never looks at the values. */
static gboolean rename_private(StoreConn *conn, const CaseEvent *e, GError **error)
{
    if (!json_object_size(e->renamed_private)) return TRUE;
    json_t *all = guard_private_engine(conn, &e->id, error), *becomes, *out = json_object(), *value;
    const char *key;
    if (!all) return FALSE;
    json_object_foreach(all, key, value)
    {
        becomes = json_object_get(e->renamed_private, key);
        if (!json_is_null(becomes)) json_object_set(out, becomes ? json_string_value(becomes) : key, value);
    }
    char *text = json_dumps(out, JSON_COMPACT | JSON_SORT_KEYS);
    gboolean ok = guard_private_put(conn, &e->id, text, error);
    free(text);
    json_decref(all);
    json_decref(out);
    return ok;
}

static gboolean write_private(StoreConn *conn, const CaseEvent *e, GError **error)
{
    if (e->deed == CASE_MIGRATED) return rename_private(conn, e, error);
    if (!e->private_facts || !json_object_size(e->private_facts)) return TRUE;
    json_t *all =
        e->deed == CASE_OPENED ? json_incref(e->private_facts) : guard_private_engine(conn, &e->id, error);
    if (!all) return FALSE;
    if (e->deed != CASE_OPENED) json_object_update(all, e->private_facts);
    char *text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(all);
    gboolean ok = guard_private_put(conn, &e->id, text, error);
    free(text);
    return ok;
}

/* What goes to the console is there with this row. */
static gboolean write_notice(StoreConn *conn, const CaseEvent *e, guint i, gint64 seq, GError **error)
{
    gboolean console = !strcmp(e->notice[i].channel, "console");
    return STORE_RUN(
        conn, error,
        "INSERT INTO notice(case_id, seq, id, channel, receiver, at, state, gateway, changed_at, handed_at)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, ?9) ON CONFLICT(case_id, seq, id) DO NOTHING",
        STORE_ID(&e->id), STORE_I(seq), STORE_T(e->notice[i].id), STORE_T(e->notice[i].channel),
        STORE_T(e->notice[i].receiver), STORE_I(e->at), STORE_T(console ? "handed" : "queued"),
        STORE_T(console ? "console" : NULL), console ? STORE_I(e->at) : STORE_NIL);
}

static gboolean write_notices(StoreConn *conn, const CaseEvent *e, gint64 seq, GError **error)
{
    for (guint i = 0; i < e->n_notices; i++)
        if (!write_notice(conn, e, i, seq, error)) return FALSE;
    return TRUE;
}

static gboolean write_rate(StoreConn *conn, const CaseEvent *e, GError **error)
{
    switch (e->rate) {
    case CASE_RATE_INVITED:
        return STORE_RUN(
            conn, error,
            "INSERT INTO rating(case_id, invited_at) VALUES(?1, ?2) ON CONFLICT(case_id) DO UPDATE"
            " SET invited_at = excluded.invited_at, lapsed_at = NULL",
            STORE_ID(&e->id), STORE_I(e->at));
    case CASE_RATE_ANSWERED:
        return STORE_RUN(conn, error, "UPDATE rating SET answered_at = ?2, level = ?3 WHERE case_id = ?1",
                         STORE_ID(&e->id), STORE_I(e->at), STORE_I(e->rating));
    case CASE_RATE_LAPSED:
        return STORE_RUN(conn, error,
                         "UPDATE rating SET lapsed_at = ?2 WHERE case_id = ?1 AND answered_at IS NULL",
                         STORE_ID(&e->id), STORE_I(e->at));
    default:
        return TRUE;
    }
}

/* ---- rows beside the case ---- */

static gboolean free_unit(StoreConn *conn, const Case *c, const char *unit, gint64 at, GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE unit SET state = 'free', case_id = NULL, since = ?3 WHERE id = ?1 AND case_id = ?2",
        STORE_T(unit), STORE_ID(&c->id), STORE_I(at));
}

static gboolean write_unit(StoreConn *conn, const Case *c, const CaseWas *was, const CaseEvent *e,
                           GError **error)
{
    gboolean left = was->unit && g_strcmp0(was->unit, c->unit);
    if ((left || e->free) && was->unit && !free_unit(conn, c, was->unit, e->at, error)) return FALSE;
    return !e->send ||
           STORE_RUN(conn, error, "UPDATE unit SET state = 'sent', case_id = ?2, since = ?3 WHERE id = ?1",
                     STORE_T(c->unit), STORE_ID(&c->id), STORE_I(e->at));
}

/* The line of those who wait for a unit stands in `counter`, whose key is ordered: skill, urgency, age, id.
 */
static gboolean write_waiting(StoreConn *conn, const Case *c, const CaseWas *was, GError **error)
{
    g_autofree char *key = waiting_key(c);
    if (!g_strcmp0(key, was->waiting)) return TRUE;
    if (was->waiting && !STORE_RUN(conn, error, "DELETE FROM counter WHERE name = ?1", STORE_T(was->waiting)))
        return FALSE;
    return !key || STORE_RUN(conn, error, "INSERT INTO counter(name, value) VALUES(?1, 1)", STORE_T(key));
}

static gboolean count(StoreConn *conn, const char *what, const Case *c, int by, GError **error)
{
    if (!by) return TRUE;
    char name[96];
    g_snprintf(name, sizeof name, "%s %s", what, pack_id(c->pack));
    return STORE_RUN(conn, error,
                     "INSERT INTO counter(name, value) VALUES(?1, ?2)"
                     " ON CONFLICT(name) DO UPDATE SET value = counter.value + excluded.value",
                     STORE_T(name), STORE_I(by));
}

static gboolean write_counts(StoreConn *conn, const Case *c, const CaseWas *was, GError **error)
{
    gboolean open = c->closed_at == 0;
    return count(conn, "open", c, open - was->open, error) &&
           count(conn, "late", c, (open && c->late) - (was->open && was->late), error);
}

/* "JQ-20261123-000017": the counter "number JQ-20261123" stands at 17. */
static gboolean write_number(StoreConn *conn, const CaseEvent *e, GError **error)
{
    const char *dash = strrchr(e->number, '-');
    if (!dash) return TRUE;
    char name[96];
    g_snprintf(name, sizeof name, "number %.*s", (int)(dash - e->number), e->number);
    return STORE_RUN(conn, error,
                     "INSERT INTO counter(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value "
                     "= excluded.value",
                     STORE_T(name), STORE_I(g_ascii_strtoll(dash + 1, NULL, 10)));
}

static gboolean tell(CaseRoom *room, StoreConn *conn, Case *c, const CaseEvent *e, gint64 seq, GError **error)
{
    for (guint i = 0; i < room->n_listeners; i++)
        if (!room->listener[i].run(room, conn, c, seq, e->at, room->listener[i].data, error)) return FALSE;
    return TRUE;
}

gboolean case_apply(CaseRoom *room, StoreConn *conn, Case *c, const CaseWas *was, const CaseEvent *e,
                    gint64 seq, GError **error)
{
    gboolean addressee = g_strcmp0(was->unit, c->unit) || g_strcmp0(was->org, c->org);
    gboolean ok = write_file(conn, c, e, error) && write_clocks(conn, e, error) &&
                  write_tasks(conn, c, e, addressee && e->deed != CASE_OPENED, error) &&
                  write_private(conn, e, error) && write_notices(conn, e, seq, error) &&
                  case_write_relations(conn, e, seq, error) && write_rate(conn, e, error) &&
                  write_unit(conn, c, was, e, error) && write_waiting(conn, c, was, error) &&
                  write_counts(conn, c, was, error) &&
                  (e->deed != CASE_OPENED || write_number(conn, e, error)) &&
                  tell(room, conn, c, e, seq, error);
    case_row_forget(c);
    return ok;
}
