/* days.c - see days.h. Deciding reads clocks and asks the flow engine; applying reads only the event
 * (invariant 2). */
#include "loop/case/days.h"
#include "loop/case/life.h"

#define CHUNK 10000 /* clocks that one job looks at */
#define PENDING "calendar pending"

typedef struct {
    BaseId case_id;
    char *clock;
    gint64 next, due;
    gboolean provisional;
} Moved;

static void moved_clear(gpointer data)
{
    g_free(((Moved *)data)->clock);
}

static GArray *moved_new(void)
{
    GArray *moved = g_array_new(FALSE, TRUE, sizeof(Moved));
    g_array_set_clear_func(moved, moved_clear);
    return moved;
}

/* ---- the days that count ---- */

const BaseDays *case_days(const CaseRoom *room)
{
    return room->days ? room->days : base_days_built_in();
}

static void days_set(CaseRoom *room, BaseDays *days)
{
    BaseDays *was = room->days;
    room->days = days;
    const GPtrArray *kits = case_kits(room);
    for (guint i = 0; i < kits->len; i++)
        pack_set_days(((CaseKit *)kits->pdata[i])->pack, days);
    base_days_unref(was);
}

/* ---- the clocks that move ---- */

typedef struct {
    const FlowChart *(*chart)(const char *version, gpointer data); /* NULL: not here */
    gpointer data;
    BaseId last_case;
    char last_clock[65];
    GArray *moved; /* Moved */
    guint seen;
} Walk;

static gint64 instant_of(const StoreRows *rows, int column)
{
    return store_type(rows, column) == STORE_NULL ? G_MAXINT64 : store_int(rows, column);
}

static void project(Walk *w, const StoreRows *rows)
{
    static __thread FlowCase c; /* only one clock of it is ever set */
    const FlowChart *chart = w->chart(store_text(rows, 1), w->data);
    const int i = chart ? flow_chart_clock_find(chart, store_text(rows, 2)) : -1;
    if (i < 0) return;
    gboolean next_provisional, provisional;
    c.clock[i] = (FlowClock){ .state = FLOW_CLOCK_RUNNING,
                              .consumed = store_int(rows, 3),
                              .since = store_int(rows, 4),
                              .budget = store_int(rows, 5),
                              .rung = (guint8)store_int(rows, 6),
                              .expired = store_int(rows, 7) != 0 };
    const gint64 next = flow_clock_next(chart, &c, i, &next_provisional),
                 due = flow_clock_due(chart, &c, i, &provisional);
    c.clock[i] = (FlowClock){ 0 };
    if (next == instant_of(rows, 8) && due == instant_of(rows, 9) &&
        provisional == (store_int(rows, 10) != 0))
        return;
    Moved moved = {
        .clock = g_strdup(store_text(rows, 2)), .next = next, .due = due, .provisional = provisional
    };
    store_id(rows, 0, &moved.case_id);
    g_array_append_val(w->moved, moved);
}

/* Running clocks after the last one looked at, in the order of their keys. */
static gboolean walk(Walk *w, StoreConn *conn, guint limit, GError **error)
{
    GError *failed = NULL;
    w->seen = 0;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT k.case_id, f.version, k.id, k.consumed, k.since, k.budget, k.rung, k.expired, k.next_at,"
        " k.due_at, k.provisional FROM clock k JOIN case_file f ON f.id = k.case_id"
        " WHERE (k.case_id, k.id) > (?1, ?2) AND k.state = 1 ORDER BY k.case_id, k.id",
        STORE_B(w->last_case.b, sizeof w->last_case.b), STORE_T(w->last_clock));
    while (rows && w->seen < limit && store_step(rows, &failed)) {
        project(w, rows);
        store_id(rows, 0, &w->last_case);
        g_strlcpy(w->last_clock, store_text(rows, 2), sizeof w->last_clock);
        w->seen++;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* ---- events and rows ---- */

static StoreValue instant(gint64 t)
{
    return t == G_MAXINT64 ? STORE_NIL : STORE_I(t);
}

static gboolean apply_moved(StoreConn *conn, const Moved *m, GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE clock SET next_at = ?3, due_at = ?4, provisional = ?5 WHERE case_id = ?1 AND id = ?2",
        STORE_ID(&m->case_id), STORE_T(m->clock), instant(m->next), instant(m->due), STORE_I(m->provisional));
}

static gboolean apply_all(StoreConn *conn, const GArray *moved, GError **error)
{
    for (guint i = 0; i < moved->len; i++)
        if (!apply_moved(conn, &g_array_index(moved, Moved, i), error)) return FALSE;
    return TRUE;
}

static void put_instant(BaseJson *j, gint64 t)
{
    if (t == G_MAXINT64)
        base_json_null(j);
    else
        base_json_int(j, t);
}

static char *moved_body(const GArray *moved, gint64 change)
{
    g_autoptr(GString) text = g_string_sized_new(96 * moved->len + 64);
    BaseJson j = base_json_to(text);
    base_json_object(&j);
    base_json_put_int(&j, "change", change);
    base_json_key(&j, "moved");
    base_json_array(&j);
    for (guint i = 0; i < moved->len; i++) {
        const Moved *m = &g_array_index(moved, Moved, i);
        char id[BASE_ID_TEXT];
        base_id_write(&m->case_id, id);
        base_json_array(&j);
        base_json_text(&j, id);
        base_json_text(&j, m->clock);
        put_instant(&j, m->next);
        put_instant(&j, m->due);
        base_json_int(&j, m->provisional);
        base_json_end_array(&j);
    }
    base_json_end_array(&j);
    base_json_end_object(&j);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gint64 read_instant(const json_t *value)
{
    return json_is_integer(value) ? json_integer_value(value) : G_MAXINT64;
}

static GArray *moved_read(const json_t *body)
{
    const json_t *list = json_object_get(body, "moved");
    GArray *all = moved_new();
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *id = json_string_value(json_array_get(item, 0)),
                   *clock = json_string_value(json_array_get(item, 1));
        Moved m = { .next = read_instant(json_array_get(item, 2)),
                    .due = read_instant(json_array_get(item, 3)),
                    .provisional = json_integer_value(json_array_get(item, 4)) != 0 };
        if (!id || !clock || !base_id_parse(id, &m.case_id)) continue;
        m.clock = g_strdup(clock);
        g_array_append_val(all, m);
    }
    return all;
}

static gboolean apply_change(StoreConn *conn, const char *body, gint64 seq, GError **error)
{
    return STORE_RUN(conn, error, "INSERT INTO day_notice(seq, body) VALUES(?1, ?2)", STORE_I(seq),
                     STORE_T(body)) &&
           STORE_RUN(
               conn, error,
               "INSERT INTO counter(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = "
               "excluded.value",
               STORE_T(PENDING), STORE_I(seq));
}

static gboolean apply_end(StoreConn *conn, GError **error)
{
    return STORE_RUN(conn, error, "DELETE FROM counter WHERE name = ?1", STORE_T(PENDING));
}

gboolean case_days_apply(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    if (!strcmp(event->kind, "calendar.changed")) return apply_change(conn, event->body, event->seq, error);
    if (!strcmp(event->kind, "calendar.applied")) return apply_end(conn, error);
    g_autoptr(GArray) moved = moved_read(body);
    return apply_all(conn, moved, error);
}

static gint64 log_event(CaseRoom *room, StoreConn *conn, const char *kind, const char *actor,
                        const char *body, gint64 now, GError **error)
{
    LedgerEvent event = { .at = now, .kind = kind, .operation = "alteration", .actor = actor, .body = body };
    return guard_log(conn, room->guard, &event, error) ? event.seq : 0;
}

/* ---- making it so ---- */

typedef struct {
    CaseRoom *room;
    const BaseDays *change;
    const char *actor;
    gint64 now, seq, moved;
    Walk walk;
} Change;

static gboolean announce_job(StoreConn *conn, gpointer data, GError **error)
{
    Change *c = data;
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    base_days_write(c->change, &j);
    c->seq = log_event(c->room, conn, "calendar.changed", c->actor, body->str, c->now, error);
    return c->seq && apply_change(conn, body->str, c->seq, error);
}

static const FlowChart *live_chart(const char *version, gpointer data)
{
    const CaseKit *kit = case_kit(data, version);
    return kit ? kit->chart : NULL;
}

static gboolean project_job(StoreConn *conn, gpointer data, GError **error)
{
    Change *c = data;
    g_array_set_size(c->walk.moved, 0);
    if (!walk(&c->walk, conn, CHUNK, error)) return FALSE;
    if (!c->walk.moved->len) return TRUE;
    g_autofree char *body = moved_body(c->walk.moved, c->seq);
    return log_event(c->room, conn, "clock.reprojected", c->actor, body, c->now, error) &&
           apply_all(conn, c->walk.moved, error);
}

static gboolean end_job(StoreConn *conn, gpointer data, GError **error)
{
    Change *c = data;
    g_autofree char *body =
        g_strdup_printf("{\"change\":%" G_GINT64_FORMAT ",\"moved\":%" G_GINT64_FORMAT "}", c->seq, c->moved);
    return log_event(c->room, conn, "calendar.applied", c->actor, body, c->now, error) &&
           apply_end(conn, error);
}

static gboolean project_all(Change *c, GError **error)
{
    g_autoptr(GArray) moved = moved_new();
    c->walk = (Walk){ .chart = live_chart, .data = c->room, .moved = moved };
    do {
        if (!store_write(c->room->store, project_job, c, error)) return FALSE;
        c->moved += moved->len;
    } while (c->walk.seen == CHUNK);
    return store_write(c->room->store, end_job, c, error);
}

gboolean case_days_change(CaseRoom *room, const BaseDays *change, const char *actor, gint64 now,
                          gint64 *moved, GError **error)
{
    Change c = { .room = room, .change = change, .actor = actor, .now = now };
    if (!store_write(room->store, announce_job, &c, error)) return FALSE;
    days_set(room, base_days_over(case_days(room), change));
    if (!project_all(&c, error)) return FALSE;
    *moved = c.moved;
    return TRUE;
}

/* ---- at the start ---- */

static BaseDays *days_stored(StoreConn *conn, GError **error)
{
    GError *failed = NULL;
    g_autoptr(BaseDays) days = base_days_ref(base_days_built_in());
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT body FROM day_notice ORDER BY seq", NULL, 0, error);
    while (rows && store_step(rows, &failed)) {
        const char *text = store_text(rows, 0);
        json_t *body = base_json_parse(text, strlen(text), BASE_JSON_LARGE, error);
        g_autoptr(BaseDays) change = body ? base_days_take(body, error) : NULL;
        json_decref(body);
        if (!change) return NULL;
        BaseDays *over = base_days_over(days, change);
        base_days_unref(days);
        days = over;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? g_steal_pointer(&days) : NULL;
}

static gboolean pending(StoreConn *conn, gint64 *seq, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT value FROM counter WHERE name = ?1", STORE_T(PENDING));
    *seq = rows && store_step(rows, &failed) ? store_int(rows, 0) : 0;
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean case_days_load(CaseRoom *room, gint64 now, GError **error)
{
    Change c = { .room = room, .actor = "system:case", .now = now };
    BaseDays *days = NULL;
    {
        g_autoptr(StoreConn) conn = store_read_begin(room->store, error);
        if (!conn || !(days = days_stored(conn, error))) return FALSE;
        if (!pending(conn, &c.seq, error)) {
            base_days_unref(days);
            return FALSE;
        }
    }
    days_set(room, days);
    return !c.seq || project_all(&c, error);
}

/* ---- the survey ---- */

typedef struct {
    CaseRoom *room;
    const BaseDays *days;
    GHashTable *packs; /* version -> Pack of our own, on the days that would count */
} Imagined;

static const FlowChart *imagined_chart(const char *version, gpointer data)
{
    Imagined *im = data;
    Pack *pack = g_hash_table_lookup(im->packs, version);
    const CaseKit *kit = pack ? NULL : case_kit(im->room, version);
    if (kit && (pack = pack_from_canonical(pack_canonical(kit->pack), NULL))) {
        pack_set_days(pack, im->days);
        g_hash_table_insert(im->packs, g_strdup(version), pack);
    }
    return pack ? pack_chart(pack) : NULL;
}

static gboolean write_first(StoreConn *conn, const Moved *m, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT f.number, k.due_at FROM clock k JOIN case_file f ON f.id = k.case_id WHERE k.case_id = ?1"
        " AND k.id = ?2",
        STORE_ID(&m->case_id), STORE_T(m->clock));
    if (rows && store_step(rows, &failed)) {
        base_json_object(out);
        base_json_put_text(out, "number", store_text(rows, 0));
        base_json_put_text(out, "clock", m->clock);
        base_json_key(out, "was");
        put_instant(out, instant_of(rows, 1));
        base_json_key(out, "becomes");
        put_instant(out, m->due);
        base_json_end_object(out);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static void write_days(const BaseDays *was, const BaseDays *becomes, int limit, BaseJson *out)
{
    g_autoptr(GArray) differ = base_days_differ(was, becomes, NULL);
    base_json_key(out, "days");
    base_json_array(out);
    for (guint i = 0; i < differ->len && (int)i < limit; i++) {
        char date[11];
        const gint32 day = g_array_index(differ, gint32, i);
        base_day_write(day, date);
        base_json_array(out);
        base_json_text(out, date);
        base_json_bool(out, base_days_work(becomes, NULL, day));
        base_json_end_array(out);
    }
    base_json_end_array(out);
}

gboolean case_days_survey(CaseRoom *room, StoreConn *conn, const BaseDays *change, int limit, BaseJson *out,
                          GError **error)
{
    g_autoptr(BaseDays) becomes = base_days_over(case_days(room), change);
    g_autoptr(GHashTable) packs =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)pack_free);
    g_autoptr(GArray) moved = moved_new();
    Imagined im = { room, becomes, packs };
    Walk w = { .chart = imagined_chart, .data = &im, .moved = moved };
    if (!walk(&w, conn, G_MAXUINT, error)) return FALSE;
    base_json_object(out);
    write_days(case_days(room), becomes, limit, out);
    base_json_put_int(out, "clocks", w.seen);
    base_json_put_int(out, "moved", moved->len);
    base_json_key(out, "first");
    base_json_array(out);
    for (guint i = 0; i < moved->len && (int)i < limit; i++)
        if (!write_first(conn, &g_array_index(moved, Moved, i), out, error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
