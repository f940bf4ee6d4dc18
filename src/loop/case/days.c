/* days.c - see days.h. Which clocks move is found on a snapshot while the writer is busy with those found
 * before; a job that was overtaken by another deed looks again. */
#include "loop/case/days.h"
#include "loop/case/moved.h"

#define CHUNK 10000 /* clocks of one job */
#define PENDING "calendar pending"

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

/* ---- events and rows ---- */

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
    g_autoptr(GArray) moved = case_moved_read(body);
    return case_moved_apply(conn, moved, event->seq, error);
}

static gint64 log_event(CaseRoom *room, StoreConn *conn, const char *kind, const char *actor,
                        const char *body, gint64 now, GError **error)
{
    LedgerEvent event = { .at = now, .kind = kind, .operation = "alteration", .actor = actor, .body = body };
    return guard_log(conn, room->guard, &event, error) ? event.seq : 0;
}

/* ---- making it so ---- */

/* Some cases' clocks, on their way from a snapshot to the writer. */
typedef struct {
    struct Change *change;
    CaseMovedWalk walk;
    gint64 as_of; /* events in the snapshot */
    char *body;   /* NULL: nothing moves */
} Chunk;

typedef struct Change {
    CaseRoom *room;
    const BaseDays *change;
    const char *actor;
    gint64 now, seq, moved;
    gint64 own; /* the last event about clocks; the writer's */
    Chunk chunk[2];
    GMutex lock;
    GCond cond;
    gboolean busy; /* under `lock`: a chunk is with the writer */
    GError *failed;
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

static gboolean look(Chunk *k, StoreConn *conn, GError **error)
{
    g_array_set_size(k->walk.moved, 0);
    g_clear_pointer(&k->body, g_free);
    if (!case_moved_find(&k->walk, conn, error)) return FALSE;
    if (k->walk.moved->len) k->body = case_moved_body(k->walk.moved, k->change->seq);
    return TRUE;
}

static gboolean look_ahead(Chunk *k, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(k->change->room->store, error);
    if (!conn) return FALSE;
    k->as_of = ledger_size(conn);
    return look(k, conn, error);
}

/* Is an event about one of these cases, or about all clocks? */
static gboolean concerns(const Chunk *k, const StoreRows *rows)
{
    BaseId id;
    if (store_id(rows, 1, &id))
        return memcmp(&id, &k->walk.after, sizeof id) > 0 && memcmp(&id, &k->walk.upto, sizeof id) <= 0;
    const char *kind = store_text(rows, 0);
    return g_str_has_prefix(kind, "calendar.") || !strcmp(kind, "clock.reprojected");
}

/* Did anything happen to these clocks since they were looked at? */
static gboolean overtaken(const Chunk *k, StoreConn *conn, gboolean *yes, GError **error)
{
    GError *failed = NULL;
    *yes = FALSE;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT kind, case_id FROM event WHERE seq > ?1 AND seq <> ?2",
                    STORE_I(k->as_of), STORE_I(k->change->own));
    while (rows && !*yes && store_step(rows, &failed))
        *yes = concerns(k, rows);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* Looking again is within the same bounds, whatever number of clocks that is by now. */
static gboolean project_job(StoreConn *conn, gpointer data, GError **error)
{
    Chunk *k = data;
    Change *c = k->change;
    gboolean again;
    if (!overtaken(k, conn, &again, error)) return FALSE;
    k->walk.limit = G_MAXUINT;
    if (again && !look(k, conn, error)) return FALSE;
    if (!k->body) return TRUE;
    const gint64 seq = log_event(c->room, conn, "clock.reprojected", c->actor, k->body, c->now, error);
    if (!seq || !case_moved_apply(conn, k->walk.moved, seq, error)) return FALSE;
    c->own = seq;
    c->moved += k->walk.moved->len;
    return TRUE;
}

static void project_done(gboolean ok, const GError *error, gpointer data)
{
    Change *c = ((Chunk *)data)->change;
    g_mutex_lock(&c->lock);
    if (!ok) c->failed = g_error_copy(error);
    c->busy = FALSE;
    g_cond_signal(&c->cond);
    g_mutex_unlock(&c->lock);
}

/* Until the writer is done with the chunk before. */
static gboolean project_wait(Change *c, GError **error)
{
    g_mutex_lock(&c->lock);
    while (c->busy)
        g_cond_wait(&c->cond, &c->lock);
    g_mutex_unlock(&c->lock);
    if (!c->failed) return TRUE;
    g_propagate_error(error, g_steal_pointer(&c->failed));
    return FALSE;
}

void case_room_enrol_days(CaseRoom *room, CaseDaysChanged run, gpointer data)
{
    g_assert(room->n_days_changed < G_N_ELEMENTS(room->days_changed));
    room->days_changed[room->n_days_changed].run = run;
    room->days_changed[room->n_days_changed++].data = data;
}

static gboolean tell_job(StoreConn *conn, gpointer data, GError **error)
{
    const Change *c = data;
    for (guint i = 0; i < c->room->n_days_changed; i++)
        if (!c->room->days_changed[i].run(c->room, conn, c->now, c->room->days_changed[i].data, error))
            return FALSE;
    return TRUE;
}

static gboolean end_job(StoreConn *conn, gpointer data, GError **error)
{
    Change *c = data;
    g_autofree char *body =
        g_strdup_printf("{\"change\":%" G_GINT64_FORMAT ",\"moved\":%" G_GINT64_FORMAT "}", c->seq, c->moved);
    return log_event(c->room, conn, "calendar.applied", c->actor, body, c->now, error) &&
           apply_end(conn, error);
}

static void chunks_open(Change *c)
{
    g_mutex_init(&c->lock);
    g_cond_init(&c->cond);
    for (int i = 0; i < 2; i++) {
        GArray *moved = g_array_new(FALSE, FALSE, sizeof(CaseMoved));
        c->chunk[i] =
            (Chunk){ .change = c, .walk = { .chart = live_chart, .data = c->room, .moved = moved } };
    }
}

static void chunks_close(Change *c)
{
    for (int i = 0; i < 2; i++) {
        g_array_unref(c->chunk[i].walk.moved);
        g_free(c->chunk[i].body);
    }
    g_cond_clear(&c->cond);
    g_mutex_clear(&c->lock);
}

/* One chunk is looked for while the one before it is written. */
static gboolean project_chunks(Change *c, GError **error)
{
    BaseId after = { 0 };
    gboolean ok = TRUE, more = TRUE;
    for (guint n = 0; ok && more; n++) {
        Chunk *k = &c->chunk[n & 1];
        k->walk.after = after;
        k->walk.upto = CASE_MOVED_EVERY;
        k->walk.limit = c->room->chunk ? c->room->chunk : CHUNK;
        ok = look_ahead(k, error);
        ok = project_wait(c, ok ? error : NULL) && ok;
        if (!ok) break;
        more = k->walk.more;
        after = k->walk.upto;
        c->busy = TRUE;
        store_write_later(c->room->store, project_job, k, project_done);
    }
    return project_wait(c, ok ? error : NULL) && ok;
}

static gboolean project_all(Change *c, GError **error)
{
    chunks_open(c);
    const gboolean ok = project_chunks(c, error);
    chunks_close(c);
    return ok && store_write(c->room->store, tell_job, c, error) &&
           store_write(c->room->store, end_job, c, error);
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

static void put_instant(BaseJson *j, gint64 t)
{
    if (t == G_MAXINT64)
        base_json_null(j);
    else
        base_json_int(j, t);
}

static gboolean write_first(StoreConn *conn, const CaseMoved *m, BaseJson *out, GError **error)
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
        put_instant(out, store_type(rows, 1) == STORE_NULL ? G_MAXINT64 : store_int(rows, 1));
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
    g_autoptr(GArray) moved = g_array_new(FALSE, FALSE, sizeof(CaseMoved));
    Imagined im = { room, becomes, packs };
    CaseMovedWalk w = {
        .chart = imagined_chart, .data = &im, .upto = CASE_MOVED_EVERY, .limit = G_MAXUINT, .moved = moved
    };
    if (!case_moved_find(&w, conn, error)) return FALSE;
    base_json_object(out);
    write_days(case_days(room), becomes, limit, out);
    base_json_put_int(out, "clocks", w.seen);
    base_json_put_int(out, "moved", moved->len);
    base_json_key(out, "first");
    base_json_array(out);
    for (guint i = 0; i < moved->len && (int)i < limit; i++)
        if (!write_first(conn, &g_array_index(moved, CaseMoved, i), out, error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
