/* stream.c - pushes what happens: after each commit the changed cases and units, open facts only, as
 * server-sent events.
 *
 * A thread of its own is woken by the writer, reads the new events, takes each case once per round however
 * often it changed, compares the units with what it said of them last, builds a frame for each and wakes the
 * listeners; nobody waits for a listener. A round that would say too much says "gap" instead: the listener
 * then asks for its lists again. Frames bear ledger numbers; of several with one number the last alone says
 * it, so that Last-Event-ID never skips one. Rounds are at least ROUND_US apart. */
#include "api/call.h"
#include "api/ring.h"
#include "loop/case/view.h"
#include <string.h>

#define ROUND_US ((gint64)40 * 1000)
#define TICK_US G_USEC_PER_SEC
#define ROUND_EVENTS 4000 /* more events, or more frames, in one round are a gap */
#define ROUND_FRAMES 400

struct Stream {
    CaseRoom *room;
    Store *store;
    const BaseClock *clock;
    guint most;
    Ring *ring;
    GHashTable *units; /* id -> Sight, as last said; the thread's own */
    GThread *thread;
    GMutex lock; /* of the three below */
    GCond news;
    gint64 committed;
    gboolean ending;
    GMutex list_lock;
    GPtrArray *listeners;
    guint64 frames, gaps, cut; /* atomic */
};

typedef struct {
    Stream *stream;
    HttpStream *http;
    RingReader reader;
    GString *first;      /* said before anything else */
    gint over;           /* atomic */
    char *login, *token; /* whose it is; of the token the hash */
    gint64 until;        /* monotonic: no session is older */
} Listener;

/* ---- frames ---- */
typedef struct {
    gint64 seq;
    const char *event;
    GString *json;
} Frame;

static void frame_free(gpointer data)
{
    Frame *frame = data;
    g_string_free(frame->json, TRUE);
    g_free(frame);
}

static Frame *frame_new(GPtrArray *frames, gint64 seq, const char *event)
{
    Frame *frame = g_new0(Frame, 1);
    *frame = (Frame){ seq, event, g_string_new(NULL) };
    g_ptr_array_add(frames, frame);
    return frame;
}

static GBytes *wire(gint64 id, const char *event, const char *json)
{
    GString *text = g_string_new(NULL);
    if (id > 0) g_string_append_printf(text, "id: %" G_GINT64_FORMAT "\n", id);
    g_string_append_printf(text, "event: %s\ndata: %s\n\n", event, json);
    return g_string_free_to_bytes(text);
}

static void put_frame(Stream *s, gint64 seq, gint64 id, const char *event, const char *json)
{
    ring_put(s->ring, seq, wire(id, event, json));
    __atomic_fetch_add(&s->frames, 1, __ATOMIC_RELAXED);
}

static char *gap_json(gint64 from, gint64 to)
{
    return g_strdup_printf("{\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT "}", from, to);
}

static void put_gap(Stream *s, gint64 from, gint64 to)
{
    g_autofree char *json = gap_json(from, to);
    put_frame(s, to, to, "gap", json);
    __atomic_fetch_add(&s->gaps, 1, __ATOMIC_RELAXED);
}

/* ---- one round ---- */
typedef struct {
    gint64 seq;
    BaseId id;
    char *kind;
} Change;

static void change_free(gpointer data)
{
    Change *change = data;
    g_free(change->kind);
    g_free(change);
}

static guint id_hash(gconstpointer id)
{
    guint h;
    memcpy(&h, (const guint8 *)id + 12, sizeof h); /* drawn bits of a UUIDv7 */
    return h;
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
    return base_id_equal(a, b);
}

/* The last change of each case among the events of a family, by id; a newer one
 * that is known stays. */
static gboolean collect(StoreConn *conn, const char *family, gint64 from, gint64 to, GHashTable *changes,
                        GError **error)
{
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT seq, kind, case_id FROM event WHERE seq > ?1 AND seq <= ?2"
                    " AND case_id IS NOT NULL AND kind LIKE ?3 ORDER BY seq",
                    STORE_I(from), STORE_I(to), STORE_T(family));
    GError *fault = NULL;
    while (rows && store_step(rows, &fault)) {
        Change *change = g_new0(Change, 1);
        change->seq = store_int(rows, 0);
        change->kind = g_strdup(store_text(rows, 1));
        store_id(rows, 2, &change->id);
        const Change *known = g_hash_table_lookup(changes, &change->id);
        if (known && known->seq > change->seq)
            change_free(change);
        else
            g_hash_table_replace(changes, &change->id, change);
    }
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}

static gint by_seq(gconstpointer a, gconstpointer b)
{
    const Change *x = *(Change *const *)a, *y = *(Change *const *)b;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static gboolean frame_case(Stream *s, StoreConn *conn, const Change *change, gint64 now, GPtrArray *frames,
                           GError **error)
{
    Frame *frame = frame_new(frames, change->seq, "case");
    BaseJson j = base_json_to(frame->json);
    base_json_object(&j);
    base_json_put_int(&j, "seq", change->seq);
    base_json_put_text(&j, "kind", change->kind);
    base_json_put_int(&j, "now", now);
    base_json_key(&j, "brief");
    gboolean done = case_view_brief(s->room, conn, &change->id, now, &j, error);
    base_json_end_object(&j);
    return done;
}

/* Something became of one of the case's notices or documents; who shows them asks again. */
static gboolean frame_notice(Stream *s, StoreConn *conn, const Change *change, gint64 now, GPtrArray *frames,
                             GError **error)
{
    char id[BASE_ID_TEXT];
    Frame *frame = frame_new(frames, change->seq, "notice");
    BaseJson j = base_json_to(frame->json);
    base_id_write(&change->id, id);
    base_json_object(&j);
    base_json_put_int(&j, "seq", change->seq);
    base_json_put_int(&j, "now", now);
    base_json_put_text(&j, "case_id", id);
    base_json_end_object(&j);
    return TRUE;
}

typedef struct { /* what of a unit changes */
    BaseId case_id;
    double lat, lon;
    gint64 since;
    const char *state; /* interned */
} Sight;

static gboolean sight_same(const Sight *a, const Sight *b)
{
    return a && base_id_equal(&a->case_id, &b->case_id) && a->lat == b->lat && a->lon == b->lon &&
           a->since == b->since && a->state == b->state;
}

/* Units that are not as last said; the new sights are kept. */
static gboolean look_at_units(Stream *s, StoreConn *conn, GPtrArray *changed, GError **error)
{
    GError *fault = NULL;
    g_autoptr(StoreRows) rows =
        store_query(conn, "SELECT id, case_id, lat, lon, since, state FROM unit ORDER BY id", NULL, 0, error);
    while (rows && store_step(rows, &fault)) {
        const char *id = store_text(rows, 0);
        Sight now = { .lat = store_real(rows, 2), .lon = store_real(rows, 3), .since = store_int(rows, 4) };
        store_id(rows, 1, &now.case_id);
        now.state = g_intern_string(store_text(rows, 5));
        if (sight_same(g_hash_table_lookup(s->units, id), &now)) continue;
        g_hash_table_replace(s->units, g_strdup(id), g_memdup2(&now, sizeof now));
        g_ptr_array_add(changed, g_strdup(id));
    }
    if (fault) g_propagate_error(error, fault);
    return rows && !fault;
}

static gboolean frame_unit(StoreConn *conn, const char *id, gint64 seq, gint64 now, GPtrArray *frames,
                           GError **error)
{
    Frame *frame = frame_new(frames, seq, "unit");
    BaseJson j = base_json_to(frame->json);
    base_json_object(&j);
    base_json_put_int(&j, "seq", seq);
    base_json_put_int(&j, "now", now);
    base_json_key(&j, "unit");
    gboolean done = case_view_unit(conn, id, &j, error);
    base_json_end_object(&j);
    return done;
}

/* The last frame of each number says it. */
static void put_frames(Stream *s, const GPtrArray *frames)
{
    for (guint i = 0; i < frames->len; i++) {
        const Frame *frame = g_ptr_array_index(frames, i);
        const Frame *next = i + 1 < frames->len ? g_ptr_array_index(frames, i + 1) : NULL;
        put_frame(s, frame->seq, next && next->seq == frame->seq ? 0 : frame->seq, frame->event,
                  frame->json->str);
    }
}

typedef gboolean (*FrameMaker)(Stream *s, StoreConn *conn, const Change *change, gint64 now,
                               GPtrArray *frames, GError **error);

static gboolean frame_changes(Stream *s, StoreConn *conn, GHashTable *changes, FrameMaker make, gint64 now,
                              GPtrArray *frames, GError **error)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    GHashTableIter each;
    gpointer change;
    g_hash_table_iter_init(&each, changes);
    while (g_hash_table_iter_next(&each, NULL, &change))
        g_ptr_array_add(sorted, change);
    g_ptr_array_sort(sorted, by_seq);
    for (guint i = 0; i < sorted->len; i++)
        if (!make(s, conn, g_ptr_array_index(sorted, i), now, frames, error)) return FALSE;
    return TRUE;
}

static gint frame_order(gconstpointer a, gconstpointer b)
{
    const Frame *x = *(Frame *const *)a, *y = *(Frame *const *)b;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static gboolean round_of(Stream *s, gint64 from, gint64 to, GError **error)
{
    gint64 now = base_clock_now(s->clock);
    g_autoptr(StoreConn) conn = store_read_begin(s->store, error);
    g_autoptr(GHashTable) cases = g_hash_table_new_full(id_hash, id_equal, NULL, change_free);
    g_autoptr(GHashTable) notices = g_hash_table_new_full(id_hash, id_equal, NULL, change_free);
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func(frame_free);
    if (!conn || !collect(conn, "case.%", from, to, cases, error) ||
        !collect(conn, "notice.%", from, to, notices, error) ||
        !collect(conn, "document.%", from, to, notices, error) || !look_at_units(s, conn, units, error))
        return FALSE;
    if (g_hash_table_size(cases) + g_hash_table_size(notices) + units->len > ROUND_FRAMES) {
        put_gap(s, from, to);
        return TRUE;
    }
    if (!frame_changes(s, conn, cases, frame_case, now, frames, error) ||
        !frame_changes(s, conn, notices, frame_notice, now, frames, error))
        return FALSE;
    for (guint i = 0; i < units->len; i++)
        if (!frame_unit(conn, g_ptr_array_index(units, i), to, now, frames, error)) return FALSE;
    g_ptr_array_sort(frames, frame_order);
    put_frames(s, frames);
    return TRUE;
}

static void wake_all(Stream *s)
{
    g_mutex_lock(&s->list_lock);
    for (guint i = 0; i < s->listeners->len; i++)
        http_stream_wake(((Listener *)g_ptr_array_index(s->listeners, i))->http);
    g_mutex_unlock(&s->list_lock);
}

static void publish(Stream *s, gint64 to)
{
    g_autoptr(GError) error = NULL;
    gint64 from = ring_seq(s->ring);
    if (to - from > ROUND_EVENTS) {
        put_gap(s, from, to);
    } else if (!round_of(s, from, to, &error)) {
        g_warning("push: events %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ": %s", from, to, error->message);
        put_gap(s, from, to);
    }
    ring_reach(s->ring, to);
    wake_all(s);
}

static gboolean count_open(Stream *s, gint64 *open, gint64 *late, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(s->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT count(*), coalesce(sum(late), 0) FROM case_file WHERE final = 0", NULL, 0, error);
    if (!rows || !store_step(rows, error)) return FALSE;
    *open = store_int(rows, 0);
    *late = store_int(rows, 1);
    return TRUE;
}

static void tick(Stream *s)
{
    g_autoptr(GError) error = NULL;
    gint64 open, late;
    if (!count_open(s, &open, &late, &error)) {
        g_warning("push: %s", error ? error->message : "no count");
        return;
    }
    g_autoptr(GString) json = g_string_new(NULL);
    BaseJson j = base_json_to(json);
    base_json_object(&j);
    base_json_put_int(&j, "now", base_clock_now(s->clock));
    base_json_put_real(&j, "speed", s->clock->speed);
    base_json_put_int(&j, "open", open);
    base_json_put_int(&j, "late", late);
    base_json_put_int(&j, "versions", case_room_versions(s->room));
    base_json_end_object(&j);
    ring_tick(s->ring, wire(0, "tick", json->str));
    wake_all(s);
}

/* ---- the thread ---- */
static void on_commit(gint64 first, gint64 last, gpointer data)
{
    Stream *s = data;
    g_mutex_lock(&s->lock);
    s->committed = MAX(s->committed, last);
    g_cond_signal(&s->news);
    g_mutex_unlock(&s->lock);
}

/* Waits for news that may be told already, for the tick, or for the end. */
static gint64 wait_for_news(Stream *s, gint64 not_before, gint64 next_tick)
{
    gint64 reached = ring_seq(s->ring);
    g_mutex_lock(&s->lock);
    for (;;) {
        gint64 now = g_get_monotonic_time(),
               until = s->committed > reached ? MIN(not_before, next_tick) : next_tick;
        if (s->ending || now >= until) break;
        g_cond_wait_until(&s->news, &s->lock, until);
    }
    gint64 committed = s->ending ? -1 : s->committed;
    g_mutex_unlock(&s->lock);
    return committed;
}

static gpointer stream_run(gpointer data)
{
    Stream *s = data;
    gint64 next_tick = g_get_monotonic_time(), not_before = 0, committed;
    while ((committed = wait_for_news(s, not_before, next_tick)) >= 0) {
        gint64 now = g_get_monotonic_time();
        if (committed > ring_seq(s->ring) && now >= not_before) {
            publish(s, committed);
            not_before = now + ROUND_US;
        }
        if (now >= next_tick) {
            tick(s);
            next_tick = now + TICK_US;
        }
    }
    return NULL;
}

/* ---- listeners ---- */
static gssize listener_read(gpointer data, char *out, gsize room)
{
    Listener *l = data;
    if (l->first->len) {
        gsize n = MIN(room, l->first->len);
        memcpy(out, l->first->str, n);
        g_string_erase(l->first, 0, (gssize)n);
        return (gssize)n;
    }
    gboolean over = g_atomic_int_get(&l->over) || g_get_monotonic_time() > l->until;
    gssize n = over ? -1 : ring_read(l->stream->ring, &l->reader, out, room);
    if (n < 0) __atomic_fetch_add(&l->stream->cut, 1, __ATOMIC_RELAXED);
    return n;
}

static void listener_closed(gpointer data)
{
    Listener *l = data;
    g_mutex_lock(&l->stream->list_lock);
    g_ptr_array_remove_fast(l->stream->listeners, l);
    g_mutex_unlock(&l->stream->list_lock);
    ring_leave(&l->reader);
    g_string_free(l->first, TRUE);
    g_free(l->login);
    g_free(l->token);
    g_free(l);
}

/* An event without data sets the browser's Last-Event-ID and shows nothing. */
static void greet(Listener *l, gint64 last_id, gint64 seq, gboolean here)
{
    g_string_append(l->first, "retry: 2000\n");
    if (!here) {
        g_autofree char *json = gap_json(last_id, seq);
        g_string_append_printf(l->first, "id: %" G_GINT64_FORMAT "\nevent: gap\ndata: %s\n", seq, json);
        __atomic_fetch_add(&l->stream->gaps, 1, __ATOMIC_RELAXED);
    } else if (last_id < 0) {
        g_string_append_printf(l->first, "id: %" G_GINT64_FORMAT "\n", seq);
    }
    g_string_append_c(l->first, '\n');
}

static char *hash_of(const char *token)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, token, -1);
}

gboolean stream_join(Stream *s, HttpRequest *request, const char *login, const char *token, gint64 last_id,
                     GError **error)
{
    g_mutex_lock(&s->list_lock);
    gboolean room = s->listeners->len < s->most && !s->ending;
    if (room) {
        Listener *l = g_new0(Listener, 1);
        l->stream = s;
        l->first = g_string_new(NULL);
        l->login = g_strdup(login);
        l->token = hash_of(token);
        l->until = g_get_monotonic_time() + GUARD_ABSOLUTE * 1000;
        gint64 seq;
        gboolean here = ring_begin(s->ring, &l->reader, last_id, &seq);
        greet(l, last_id, seq, here);
        l->http =
            http_reply_stream(request, "text/event-stream; charset=utf-8", listener_read, listener_closed, l);
        g_ptr_array_add(s->listeners, l);
    } else {
        g_set_error(error, API_ERROR, API_ERROR_FULL, "there are too many listeners; try again in a moment");
    }
    g_mutex_unlock(&s->list_lock);
    return room;
}

void stream_dismiss(Stream *s, const char *login, const char *token)
{
    g_autofree char *hash = token ? hash_of(token) : NULL;
    g_mutex_lock(&s->list_lock);
    for (guint i = 0; i < s->listeners->len; i++) {
        Listener *l = g_ptr_array_index(s->listeners, i);
        if (strcmp(l->login, login) != 0 || (hash && strcmp(l->token, hash) != 0)) continue;
        g_atomic_int_set(&l->over, 1);
        http_stream_wake(l->http);
    }
    g_mutex_unlock(&s->list_lock);
}

/* ---- made and ended ---- */
Stream *stream_new(CaseRoom *room, const BaseClock *clock, guint listeners)
{
    Stream *s = g_new0(Stream, 1);
    s->room = room;
    s->store = case_room_store(room);
    s->clock = clock;
    s->most = listeners;
    s->listeners = g_ptr_array_new();
    s->units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&s->lock);
    g_cond_init(&s->news);
    g_mutex_init(&s->list_lock);
    store_watch(s->store, on_commit, s);
    return s;
}

void stream_start(Stream *s)
{
    g_autoptr(StoreConn) conn = store_read_begin(s->store, NULL);
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    s->ring = ring_new(conn ? ledger_size(conn) : 0);
    if (conn) look_at_units(s, conn, known, NULL);
    s->thread = g_thread_new("push", stream_run, s);
}

void stream_end(Stream *s)
{
    g_mutex_lock(&s->list_lock);
    g_mutex_lock(&s->lock);
    s->ending = TRUE;
    g_cond_signal(&s->news);
    g_mutex_unlock(&s->lock);
    for (guint i = 0; i < s->listeners->len; i++)
        g_atomic_int_set(&((Listener *)g_ptr_array_index(s->listeners, i))->over, 1);
    g_mutex_unlock(&s->list_lock);
    if (s->thread) g_thread_join(g_steal_pointer(&s->thread));
    wake_all(s);
}

void stream_free(Stream *s)
{
    ring_free(s->ring);
    g_hash_table_unref(s->units);
    g_ptr_array_unref(s->listeners);
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->news);
    g_mutex_clear(&s->list_lock);
    g_free(s);
}

StreamCount stream_count(Stream *s)
{
    g_mutex_lock(&s->list_lock);
    guint n = s->listeners->len;
    g_mutex_unlock(&s->list_lock);
    return (StreamCount){ .listeners = n,
                          .frames = __atomic_load_n(&s->frames, __ATOMIC_RELAXED),
                          .gaps = __atomic_load_n(&s->gaps, __ATOMIC_RELAXED),
                          .cut = __atomic_load_n(&s->cut, __ATOMIC_RELAXED),
                          .last_seq = s->ring ? ring_seq(s->ring) : 0 };
}
