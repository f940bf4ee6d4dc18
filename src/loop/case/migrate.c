/* migrate.c - carries a case from the chart of one version to that of another, on paper first. */
#include "loop/case/migrate.h"
#include "loop/case/life.h"

#include <string.h>

struct CaseMigration {
    const CaseKit *to;
    json_t *map;
    char *reason; /* NULL: none given */
};

static const char *const kinds[] = { "states", "tasks", "clocks", "fields", NULL };

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error) *error = g_error_new_valist(CASE_ERROR, CASE_ERROR_FIELDS, format, args);
    va_end(args);
    return FALSE;
}

/* ---- the map ---- */

static gboolean has(const CaseKit *kit, const char *kind, const char *id)
{
    return !strcmp(kind, "states")   ? flow_chart_state_find(kit->chart, id) >= 0
           : !strcmp(kind, "tasks")  ? flow_chart_task_find(kit->chart, id) >= 0
           : !strcmp(kind, "clocks") ? flow_chart_clock_find(kit->chart, id) >= 0
                                     : pack_field(kit->pack, id) != NULL;
}

static gboolean older_has(const CaseRoom *room, const CaseKit *to, const char *kind, const char *id)
{
    const GPtrArray *kits = case_kits(room);
    for (guint i = 0; i < kits->len; i++) {
        const CaseKit *kit = kits->pdata[i];
        if (kit != to && !strcmp(pack_id(kit->pack), pack_id(to->pack)) && has(kit, kind, id)) return TRUE;
    }
    return FALSE;
}

static gboolean droppable(const char *kind)
{
    return !strcmp(kind, "clocks") || !strcmp(kind, "fields");
}

static gboolean kind_sound(const CaseRoom *room, const CaseKit *to, const char *kind, const json_t *pairs,
                           GError **error)
{
    const char *old;
    json_t *value;
    if (pairs && !json_is_object(pairs)) return refuse(error, "%s: an object old: new is wanted", kind);
    json_object_foreach((json_t *)pairs, old, value)
    {
        const char *now = json_string_value(value);
        if (!older_has(room, to, kind, old))
            return refuse(error, "%s: no older version of %s has '%s'", kind, pack_id(to->pack), old);
        if (json_is_null(value) && !droppable(kind))
            return refuse(error, "%s: '%s' cannot be dropped; say what becomes of it", kind, old);
        if (!json_is_null(value) && (!now || !has(to, kind, now)))
            return refuse(error, "%s: '%s' would become '%s', which the new version does not have", kind, old,
                          now ? now : "?");
    }
    return TRUE;
}

static gboolean map_sound(const CaseRoom *room, const CaseKit *to, const json_t *map, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)map, key, value)
    {
        if (!strcmp(key, "from")    ? !json_is_string(value)
            : !strcmp(key, "start") ? !json_is_array(value)
                                    : !g_strv_contains(kinds, key))
            return refuse(
                error, "the map's '%s' is not understood; it has from, states, tasks, clocks, fields, start",
                key);
    }
    for (const char *const *kind = kinds; *kind; kind++)
        if (!kind_sound(room, to, *kind, json_object_get(map, *kind), error)) return FALSE;
    const json_t *start = json_object_get(map, "start");
    for (gsize i = 0; i < json_array_size(start); i++) {
        const char *id = json_string_value(json_array_get(start, i));
        if (!id || !has(to, "clocks", id))
            return refuse(error, "start: no clock '%s' in the new version", id ? id : "?");
    }
    return TRUE;
}

CaseMigration *case_migration_new(CaseRoom *room, const char *pack, const json_t *map, GError **error)
{
    const Pack *newest = case_room_pack(room, pack);
    const CaseKit *to = newest ? case_kit_of(room, newest) : NULL;
    if (!to) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no service %s", pack);
        return NULL;
    }
    if (json_is_null(map)) map = NULL;
    if (map && !json_is_object(map)) {
        refuse(error, "the map is an object with states, tasks, clocks, fields");
        return NULL;
    }
    if (!map_sound(room, to, map, error)) return NULL;
    CaseMigration *m = g_new0(CaseMigration, 1);
    m->to = to;
    m->map = map ? json_deep_copy(map) : json_object();
    return m;
}

void case_migration_because(CaseMigration *m, const char *reason)
{
    g_free(m->reason);
    m->reason = g_strdup(reason);
}

void case_migration_free(CaseMigration *m)
{
    if (!m) return;
    g_free(m->reason);
    json_decref(m->map);
    g_free(m);
}

/* What the thing is called in the new version; NULL: it is dropped. */
static const char *target(const CaseMigration *m, const char *kind, const char *id)
{
    const json_t *value = json_object_get(json_object_get(m->map, kind), id);
    return value ? json_string_value(value) : id;
}

/* ---- carrying one case over, on paper ---- */

/* "a b; h = x y" in the new version's names. */
static char *states_text(const CaseMigration *m, const Case *c)
{
    g_autoptr(GString) was = g_string_new(NULL), becomes = g_string_new(NULL);
    flow_states_write(c->kit->chart, &c->flow, was);
    for (const char *at = was->str; *at;) {
        const gsize n = strcspn(at, " ;=");
        if (n) {
            g_autofree char *id = g_strndup(at, n);
            g_string_append(becomes, target(m, "states", id));
            at += n;
        } else {
            g_string_append_c(becomes, *at++);
        }
    }
    return g_string_free(g_steal_pointer(&becomes), FALSE);
}

static gboolean carry_states(const CaseMigration *m, const Case *c, FlowCase *flow, GError **error)
{
    g_autofree char *text = states_text(m, c);
    if (flow_states_read(m->to->chart, text, flow)) return TRUE;
    return refuse(error, "state %s has no counterpart in the new version; map it under states:",
                  flow_chart_state_id(c->kit->chart, flow_rest(c->kit->chart, &c->flow)));
}

static gboolean same_rungs(const FlowClockDef *a, const FlowClockDef *b)
{
    gboolean same = a->n_rungs == b->n_rungs;
    for (gsize i = 0; same && i < a->n_rungs; i++)
        same = a->rungs[i].percent == b->rungs[i].percent && a->rungs[i].before == b->rungs[i].before;
    return same;
}

/* Each rung fires once: those whose share is consumed by now count as fired, since their time is told in the
 * old version's words already. */
static guint8 rungs_passed(const FlowClockDef *def, const FlowClock *clock, gint64 consumed)
{
    guint8 n = 0;
    for (; n < def->n_rungs; n++) {
        const FlowRung *rung = &def->rungs[n];
        const gint64 share =
            rung->percent ? clock->budget * rung->percent / 100 : clock->budget - rung->before;
        if (share > consumed || (!clock->expired && share > clock->budget)) break;
    }
    return n;
}

static gboolean carry_clock(const CaseMigration *m, const Case *c, int i, FlowCase *flow, gint64 now,
                            GError **error)
{
    const FlowClockDef *was = flow_chart_clock_def(c->kit->chart, i);
    const char *id = target(m, "clocks", was->id);
    const int j = id ? flow_chart_clock_find(m->to->chart, id) : -1;
    if (!id) return TRUE;
    if (j < 0)
        return refuse(error, "clock %s has no counterpart; map it under clocks:, or drop it with null",
                      was->id);
    const FlowClockDef *def = flow_chart_clock_def(m->to->chart, j);
    if (def->measure != was->measure || def->resident != was->resident)
        return refuse(error, "clock %s is counted in another way than %s", was->id, id);
    FlowClock *clock = &flow->clock[j];
    *clock = c->flow.clock[i];
    if (clock->budget == was->budget + clock->extended * was->extend_by)
        clock->budget = def->budget + clock->extended * def->extend_by;
    const gint64 consumed = flow_clock_consumed(m->to->chart, flow, j, now);
    if (consumed < clock->budget) clock->expired = FALSE;
    if (!same_rungs(was, def) || clock->budget != c->flow.clock[i].budget)
        clock->rung = rungs_passed(def, clock, consumed);
    return TRUE;
}

static gboolean carry_clocks(const CaseMigration *m, const Case *c, FlowCase *flow, gint64 now,
                             GError **error)
{
    for (int i = 0; i < flow_chart_clocks(c->kit->chart); i++)
        if (c->flow.clock[i].state != FLOW_CLOCK_NONE && !carry_clock(m, c, i, flow, now, error))
            return FALSE;
    const json_t *start = json_object_get(m->map, "start");
    for (gsize i = 0; i < json_array_size(start); i++) {
        const int j = flow_chart_clock_find(m->to->chart, json_string_value(json_array_get(start, i)));
        if (flow->clock[j].state == FLOW_CLOCK_NONE) flow_clock_start(m->to->chart, flow, j, now);
    }
    return TRUE;
}

static gboolean carry_tasks(const CaseMigration *m, const Case *c, FlowCase *flow, GError **error)
{
    for (int t = 0; t < flow_chart_tasks(c->kit->chart); t++) {
        const FlowTask *task = &c->flow.task[t];
        const char *was = flow_chart_task_id(c->kit->chart, t);
        const int j = flow_chart_task_find(m->to->chart, target(m, "tasks", was));
        const gboolean open = task->state == FLOW_TASK_OFFERED || task->state == FLOW_TASK_ACCEPTED;
        if (j >= 0)
            flow->task[j] = *task;
        else if (open)
            return refuse(error, "task %s is open and has no counterpart; map it under tasks:", was);
    }
    return TRUE;
}

static gboolean clock_runs(const CaseKit *kit, const FlowCase *flow)
{
    for (int i = 0; i < flow_chart_clocks(kit->chart); i++)
        if (flow->clock[i].state == FLOW_CLOCK_RUNNING) return TRUE;
    return FALSE;
}

static gboolean is_suspended(const CaseKit *kit, const FlowCase *flow)
{
    for (int s = 0; s < flow_chart_states(kit->chart); s++)
        if (flow_active(kit->chart, flow, s) && flow_chart_state_def(kit->chart, s)->suspended) return TRUE;
    return FALSE;
}

static gboolean carry_flow(const CaseMigration *m, const Case *c, FlowCase *flow, gint64 now, GError **error)
{
    const char *why;
    memset(flow, 0, sizeof *flow);
    if (!carry_states(m, c, flow, error) || !carry_clocks(m, c, flow, now, error) ||
        !carry_tasks(m, c, flow, error))
        return FALSE;
    flow_settle(m->to->chart, flow, now);
    if (!clock_runs(m->to, flow) && !is_suspended(m->to, flow))
        return refuse(error, "no clock would run; name one under start:");
    return flow_sound(m->to->chart, flow, &why) || refuse(error, "the case would not be sound: %s", why);
}

/* ---- fields ---- */

static gboolean carry_open(const CaseMigration *m, const Case *c, json_t *fields, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach(c->facts, key, value)
    {
        if (!pack_field(c->pack, key)) continue; /* ours: returns, reopens, waiting */
        const char *now = target(m, "fields", key);
        const PackField *field = now ? pack_field(m->to->pack, now) : NULL;
        if (!now) continue;
        if (!field || field->klass != PACK_OPEN)
            return refuse(
                error, "field %s has no open counterpart; map it under fields:, or drop it with null", key);
        json_object_set(fields, now, value);
    }
    json_t *open = NULL, *hidden = NULL;
    g_autoptr(GError) refused = NULL;
    if (!pack_take_fields(m->to->pack, fields, &open, &hidden, &refused))
        return refuse(error, "a field does not fit the new version: %s", refused->message);
    json_decref(open);
    json_decref(hidden);
    return TRUE;
}

/* Private fields by name only; their values are not looked at. */
static gboolean private_sound(const CaseMigration *m, const CaseKit *from, json_t *renamed, GError **error)
{
    for (gsize i = 0; i < pack_fields(from->pack); i++) {
        const PackField *was = pack_field_at(from->pack, i);
        if (was->klass != PACK_PRIVATE) continue;
        const char *now = target(m, "fields", was->id);
        const PackField *field = now ? pack_field(m->to->pack, now) : NULL;
        if (now && (!field || field->klass != PACK_PRIVATE || field->type != was->type ||
                    field->max_length < was->max_length))
            return refuse(
                error,
                "private field %s has no counterpart of its type and length; map it, or drop it with null",
                was->id);
        if (!now || strcmp(now, was->id) != 0)
            json_object_set_new(renamed, was->id, now ? json_string(now) : json_null());
    }
    return TRUE;
}

/* ---- the event ---- */

static void renamed_tasks(const CaseMigration *m, const CaseKit *from, json_t *renamed)
{
    for (int t = 0; t < flow_chart_tasks(from->chart); t++) {
        const char *was = flow_chart_task_id(from->chart, t), *now = target(m, "tasks", was);
        if (strcmp(was, now) != 0) json_object_set_new(renamed, was, json_string(now));
    }
}

static void draft_flow(CaseEvent *e, const FlowCase *flow)
{
    for (int i = 0; i < flow_chart_clocks(e->kit->chart); i++) {
        if (flow->clock[i].state == FLOW_CLOCK_NONE) continue;
        e->clocks |= 1u << i;
        e->clock[i] = flow->clock[i];
        case_due_dates(e->kit, flow, i, &e->due[i]);
    }
    for (int t = 0; t < flow_chart_tasks(e->kit->chart); t++) {
        if (flow->task[t].state == FLOW_TASK_NONE) continue;
        e->task[e->n_tasks].kind = t;
        e->task[e->n_tasks].generation = flow->task[t].generation;
        e->task[e->n_tasks++].state = flow->task[t].state;
    }
}

/* FALSE: it cannot be carried over; the error says why. */
static gboolean carry(const CaseMigration *m, const Case *c, gint64 now, CaseEvent *e, GError **error)
{
    FlowCase flow;
    case_draft_base(e, c, "migrated", now);
    e->deed = CASE_MIGRATED;
    e->kit = m->to;
    e->by_role = "system";
    e->note = m->reason;
    e->facts = json_object();
    e->renamed_private = json_object();
    e->renamed_tasks = json_object();
    if (!carry_flow(m, c, &flow, now, error) || !carry_open(m, c, e->facts, error) ||
        !private_sound(m, c->kit, e->renamed_private, error))
        return FALSE;
    renamed_tasks(m, c->kit, e->renamed_tasks);
    case_draft_states(e, &flow);
    draft_flow(e, &flow);
    return TRUE;
}

/* ---- all of them ---- */

typedef gboolean (*EachCase)(CaseRoom *room, StoreConn *conn, Case *c, gpointer data, GError **error);

static gboolean wanted(const CaseMigration *m, const char *version)
{
    const char *from = json_string_value(json_object_get(m->map, "from"));
    return !from || g_str_has_prefix(version, from);
}

static GArray *old_cases(StoreConn *conn, const CaseMigration *m, const BaseId *after, int limit,
                         GError **error)
{
    GError *failed = NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(BaseId));
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT id, version FROM case_file WHERE pack = ?1 AND final = 0 AND version <> ?3 AND id > ?2"
        " ORDER BY id",
        STORE_T(pack_id(m->to->pack)), STORE_B(after->b, sizeof after->b),
        STORE_T(pack_version(m->to->pack)));
    while (rows && (int)ids->len < limit && store_step(rows, &failed)) {
        BaseId id;
        if (!wanted(m, store_text(rows, 1))) continue;
        store_id(rows, 0, &id);
        g_array_append_val(ids, id);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? g_steal_pointer(&ids) : NULL;
}

static gboolean each_case(CaseRoom *room, StoreConn *conn, const CaseMigration *m, BaseId *after, int limit,
                          int *seen, EachCase run, gpointer data, GError **error)
{
    g_autoptr(GArray) ids = old_cases(conn, m, after, limit, error);
    *seen = ids ? (int)ids->len : 0;
    for (guint i = 0; ids && i < ids->len; i++) {
        *after = g_array_index(ids, BaseId, i);
        g_autoptr(Case) c = case_load(room, conn, after, error);
        if (!c || !run(room, conn, c, data, error)) return FALSE;
    }
    return ids != NULL;
}

/* ---- the survey ---- */

typedef struct {
    const CaseMigration *m;
    gint64 now;
    int limit;
    guint cases, kept, moved_deadlines;
    GString *kept_text, *deadline_text;
    BaseJson kept_json, deadline_json;
} Survey;

static void survey_kept(Survey *s, const Case *c, const char *why)
{
    if (s->kept++ >= (guint)s->limit) return;
    BaseJson *j = &s->kept_json;
    base_json_object(j);
    base_json_put_text(j, "number", c->number);
    base_json_put_text(j, "version", pack_version(c->pack));
    base_json_put_text(j, "state", flow_chart_state_id(c->kit->chart, flow_rest(c->kit->chart, &c->flow)));
    base_json_put_text(j, "why", why);
    base_json_end_object(j);
}

static void put_instant(BaseJson *j, const char *key, gint64 t)
{
    if (t == G_MAXINT64)
        base_json_put_text(j, key, NULL);
    else
        base_json_put_int(j, key, t);
}

static void survey_deadline(Survey *s, const Case *c, const char *clock, gint64 was, gint64 becomes)
{
    if (was == becomes || s->moved_deadlines++ >= (guint)s->limit) return;
    BaseJson *j = &s->deadline_json;
    base_json_object(j);
    base_json_put_text(j, "number", c->number);
    base_json_put_text(j, "clock", clock);
    put_instant(j, "was", was);
    put_instant(j, "becomes", becomes);
    base_json_end_object(j);
}

static void survey_deadlines(Survey *s, const Case *c, const CaseEvent *e)
{
    for (int i = 0; i < flow_chart_clocks(c->kit->chart); i++) {
        const char *was = flow_chart_clock_def(c->kit->chart, i)->id, *now = target(s->m, "clocks", was);
        const int j = now ? flow_chart_clock_find(e->kit->chart, now) : -1;
        if (c->flow.clock[i].state != FLOW_CLOCK_NONE)
            survey_deadline(s, c, was, c->due[i], j >= 0 ? e->due[j].due : G_MAXINT64);
    }
}

static gboolean survey_case(CaseRoom *room, StoreConn *conn, Case *c, gpointer data, GError **error)
{
    Survey *s = data;
    g_auto(CaseEvent) e = { 0 };
    g_autoptr(GError) why = NULL;
    s->cases++;
    if (carry(s->m, c, s->now, &e, &why))
        survey_deadlines(s, c, &e);
    else
        survey_kept(s, c, why->message);
    return TRUE;
}

static void write_survey(const Survey *s, BaseJson *out)
{
    base_json_object(out);
    base_json_put_text(out, "pack", pack_id(s->m->to->pack));
    base_json_put_text(out, "to", pack_version(s->m->to->pack));
    base_json_put_int(out, "cases", s->cases);
    base_json_put_int(out, "carried", s->cases - s->kept);
    base_json_put_int(out, "kept_count", s->kept);
    base_json_put_int(out, "deadline_count", s->moved_deadlines);
    base_json_key(out, "kept");
    base_json_raw(out, s->kept_text->str);
    base_json_key(out, "deadlines");
    base_json_raw(out, s->deadline_text->str);
    base_json_end_object(out);
}

gboolean case_migration_survey(CaseRoom *room, StoreConn *conn, const CaseMigration *m, gint64 now, int limit,
                               BaseJson *out, GError **error)
{
    g_autoptr(GString) kept = g_string_new(NULL), deadlines = g_string_new(NULL);
    Survey s = { .m = m, .now = now, .limit = limit, .kept_text = kept, .deadline_text = deadlines };
    BaseId after = { 0 };
    int seen;
    s.kept_json = base_json_to(kept);
    s.deadline_json = base_json_to(deadlines);
    base_json_array(&s.kept_json);
    base_json_array(&s.deadline_json);
    if (!each_case(room, conn, m, &after, G_MAXINT, &seen, survey_case, &s, error)) return FALSE;
    base_json_end_array(&s.kept_json);
    base_json_end_array(&s.deadline_json);
    write_survey(&s, out);
    return TRUE;
}

/* ---- moving ---- */

typedef struct {
    CaseRoom *room;
    const CaseMigration *m;
    const CaseActor *actor;
    gint64 now;
    gboolean additive, done;
    BaseId after;
    int limit, seen, moved;
} Moving;

static gboolean takes_over(const Moving *w, const Case *c)
{
    g_autofree char *why = NULL;
    return !w->additive || pack_additive(c->pack, w->m->to->pack, &why);
}

static gboolean move_case(CaseRoom *room, StoreConn *conn, Case *c, gpointer data, GError **error)
{
    Moving *w = data;
    g_auto(CaseEvent) e = { 0 };
    g_autoptr(GError) why = NULL;
    if (!takes_over(w, c)) return TRUE;
    if (!case_tick(room, conn, c, w->now, error)) return FALSE;
    if (c->closed_at || !carry(w->m, c, w->now, &e, &why)) return TRUE;
    w->moved++;
    return case_record(room, conn, c, &e, NULL, w->actor, error);
}

static gboolean move_batch(StoreConn *conn, gpointer data, GError **error)
{
    Moving *w = data;
    return each_case(w->room, conn, w->m, &w->after, w->limit, &w->seen, move_case, w, error);
}

/* So that a start with nothing to move writes nothing. */
static gboolean any_old(CaseRoom *room, const CaseMigration *m, gboolean *any, GError **error)
{
    const BaseId first = { 0 };
    g_autoptr(StoreConn) conn = store_read_begin(room->store, error);
    g_autoptr(GArray) ids = conn ? old_cases(conn, m, &first, 1, error) : NULL;
    *any = ids && ids->len;
    return ids != NULL;
}

gboolean case_migrate_all(CaseRoom *room, const CaseMigration *m, const CaseActor *actor, gint64 now,
                          gboolean additive, int *moved, GError **error)
{
    Moving w = { .room = room, .m = m, .actor = actor, .now = now, .additive = additive, .limit = 256 };
    gboolean any;
    if (!any_old(room, m, &any, error)) return FALSE;
    while (any && !w.done) {
        if (!store_write(room->store, move_batch, &w, error)) return FALSE;
        w.done = w.seen < w.limit;
    }
    *moved = w.moved;
    return TRUE;
}
