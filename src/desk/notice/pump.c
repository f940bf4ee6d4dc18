/* pump.c - one round of sending. Each gateway: receipts that lie ready; what is too old; then a batch:
 *
 *   choose (write job)    queued notices whose time has come; texts; addresses, each with its event
 *   deliver               outside any transaction, may take as long as the network lets it
 *   record (write job)    handed; or one try more; or given up
 */
#include "desk/notice/inside.h"
#include "base/calendar.h"
#include "desk/notice/text.h"
#include "loop/case/paper.h"
#include <string.h>

#define EXPIRE_AT_ONCE 200
#define BACKOFF_FIRST ((gint64)5000)
#define NOTICE_PAUSE BASE_MINUTE /* longest that a gateway is left alone after failing */
#define NOTICE_RETRY BASE_HOUR   /* longest between two tries of one notice */

const CaseActor NOTICE_SYSTEM = { .actor = "system:notice",
                                  .roles = (const char *const[]){ "system", NULL } };

gint64 notice_backoff(BaseChance *chance, guint tries, gint64 most)
{
    gint64 whole = MIN(BACKOFF_FIRST << MIN(tries, 20u), most);
    return whole / 2 + (gint64)base_chance_below(chance, (guint64)(whole / 2 + 1));
}

typedef struct {
    CasePost post;
    NoticeItem item;
    NoticeResult result;
    guint tries; /* made already */
} Parcel;

static void parcel_clear(gpointer data)
{
    Parcel *p = data;
    case_post_clear(&p->post);
    notice_item_clear(&p->item);
}

typedef struct {
    NoticeDesk *desk;
    NoticeGate *gate; /* NULL: notices of channels without a gateway */
    GArray *parcels;  /* Parcel */
    GArray *receipts; /* NoticeReceipt */
    NoticeCount *count;
    gint64 now;
} Round;

static const NoticeGate *gate_of(const NoticeDesk *desk, int channel)
{
    int i = desk->config.by_channel[channel];
    return i < 0 ? NULL : &desk->config.gate[i];
}

/* ---- choosing ---- */

/* Queued, in the order in which their time comes. A channel is one of three words of ours. */
static gboolean take_due(const Round *r, StoreConn *conn, const char *channel, gint64 at_before, guint most,
                         GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT " CASE_POST_COLUMNS ", coalesce(t.tries, 0) FROM notice n LEFT JOIN notice_try t"
        " ON t.case_id = n.case_id AND t.seq = n.seq AND t.id = n.id"
        " WHERE n.state = 'queued' AND n.channel = ?1 AND n.changed_at <= ?2 AND coalesce(t.next_at, 0) <= ?3"
        " ORDER BY n.at, n.seq LIMIT ?4",
        STORE_T(channel), STORE_I(at_before), STORE_I(r->now), STORE_I(most));
    while (rows && store_step(rows, &failed)) {
        Parcel p = { .tries = (guint)store_int(rows, CASE_POST_N_COLUMNS) };
        case_post_take(rows, &p.post);
        g_array_append_val(r->parcels, p);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static json_t *facts_of_event(StoreConn *conn, gint64 seq, GError **error)
{
    GError *failed = NULL;
    json_t *facts = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT body FROM event WHERE seq = ?1", STORE_I(seq));
    if (rows && store_step(rows, &failed)) {
        const char *text = store_text(rows, 0);
        json_t *body = base_json_parse(text, strlen(text), BASE_JSON_LARGE, &failed);
        facts = json_incref(json_object_get(body, "facts"));
        json_decref(body);
    }
    if (failed) g_propagate_error(error, failed);
    return facts;
}

static void hopeless(Parcel *p, const char *why)
{
    p->result.outcome = NOTICE_REFUSED;
    g_strlcpy(p->result.why, why, sizeof p->result.why);
}

static char *sign_link(const Round *r, StoreConn *conn, const Case *c, const char *party)
{
    g_autofree char *path = case_paper_party_path(r->desk->room, conn, c, party, NULL);
    return path ? g_strconcat(r->desk->config.public_url, path, NULL) : NULL;
}

static void fill(const Round *r, StoreConn *conn, const Case *c, const PackNotice *notice,
                 const json_t *event, Parcel *p)
{
    char secret[GUARD_PARTY_LINK];
    const NoticeConfig *config = &r->desk->config;
    gboolean party = pack_party(c->pack, p->post.receiver) != NULL;
    guard_party_link(case_room_guard(r->desk->room), &c->id, p->post.receiver, secret);
    g_autofree char *link = party ? g_strdup_printf("%s/r/%s", config->public_url, secret) : g_strdup("-");
    g_autofree char *sign = party ? sign_link(r, conn, c, p->post.receiver) : NULL;
    const char *lang = notice_language(config, p->post.receiver);
    char *address = p->item.address;
    p->item = (NoticeItem){ .channel = g_strdup(p->post.channel),
                            .receiver = g_strdup(p->post.receiver),
                            .lang = g_strdup(lang),
                            .text = notice_text(c, notice, event, lang, case_room_offset(r->desk->room), link,
                                                sign),
                            .address = address,
                            .unit = party ? NULL : g_strdup(c->unit),
                            .org = party ? NULL : g_strdup(c->org),
                            .number = g_strdup(c->number) };
    case_post_message(&p->post, p->item.message);
}

/* FALSE: the store said no. What cannot be written is the notice's own failure, and no reason to stop. */
static gboolean prepare(const Round *r, StoreConn *conn, Parcel *p, GError **error)
{
    GError *failed = NULL;
    g_assert(r->gate); /* what is prepared goes by a gateway */
    g_autoptr(Case) c = case_load(r->desk->room, conn, &p->post.case_id, &failed);
    const PackNotice *notice = c ? pack_notice(c->pack, p->post.id) : NULL;
    g_clear_error(&failed);
    if (!notice) {
        hopeless(p, "its case or text cannot be read; is the pack there?");
        return TRUE;
    }
    if (pack_party(c->pack, p->post.receiver)) {
        if (!case_post_disclose(r->desk->room, conn, c, &p->post, r->gate->name, r->now, &p->item.address,
                                error))
            return FALSE;
        if (!p->item.address) {
            hopeless(p, "the case has no address of the receiver");
            return TRUE;
        }
    }
    json_t *event = facts_of_event(conn, p->post.seq, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    fill(r, conn, c, notice, event, p);
    json_decref(event);
    return TRUE;
}

static gboolean choose_job(StoreConn *conn, gpointer data, GError **error)
{
    Round *r = data;
    g_array_set_size(r->parcels, 0);
    for (int i = 0; i < NOTICE_CHANNELS; i++)
        if (gate_of(r->desk, i) == r->gate &&
            !take_due(r, conn, notice_channels[i], r->now, NOTICE_BATCH - r->parcels->len, error))
            return FALSE;
    for (guint i = 0; i < r->parcels->len; i++)
        if (!prepare(r, conn, &g_array_index(r->parcels, Parcel, i), error)) return FALSE;
    return TRUE;
}

/* ---- delivering ---- */

static void deliver(const Round *r, gint64 real_now)
{
    g_autofree NoticeItem *items = g_new0(NoticeItem, r->parcels->len);
    g_autofree NoticeResult *results = g_new0(NoticeResult, r->parcels->len);
    g_autofree guint *of = g_new(guint, r->parcels->len);
    gsize n = 0;
    for (guint i = 0; i < r->parcels->len; i++) {
        const Parcel *p = &g_array_index(r->parcels, Parcel, i);
        if (p->result.outcome == NOTICE_REFUSED) continue;
        items[n] = p->item; /* on loan */
        of[n++] = i;
    }
    if (n) r->gate->gateway->deliver(r->gate->gateway, items, n, real_now, results);
    for (gsize i = 0; i < n; i++)
        g_array_index(r->parcels, Parcel, of[i]).result = results[i];
}

/* ---- recording ---- */

static gboolean forget_tries(StoreConn *conn, const CasePost *post, GError **error)
{
    return STORE_RUN(conn, error, "DELETE FROM notice_try WHERE case_id = ?1 AND seq = ?2 AND id = ?3",
                     STORE_ID(&post->case_id), STORE_I(post->seq), STORE_T(post->id));
}

/* The row may have moved meanwhile: a receipt can be quicker than our own record. */
static gboolean move(const Round *r, StoreConn *conn, const CasePost *chosen, CasePostState to,
                     const char *why, gboolean *moved, GError **error)
{
    g_auto(CasePost) post = { 0 };
    char message[CASE_POST_MESSAGE];
    case_post_message(chosen, message);
    return case_post_find(conn, message, &post, error) &&
           case_post_move(r->desk->room, conn, &post, to, r->gate ? r->gate->name : NULL, why, &NOTICE_SYSTEM,
                          r->now, moved, error) &&
           forget_tries(conn, &post, error);
}

static gboolean one_try_more(const Round *r, StoreConn *conn, const Parcel *p, GError **error)
{
    gint64 next = r->now + notice_backoff(&r->desk->chance, p->tries, NOTICE_RETRY);
    return STORE_RUN(
        conn, error,
        "INSERT INTO notice_try(case_id, seq, id, tries, next_at, why) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT(case_id, seq, id) DO UPDATE SET tries = excluded.tries,"
        " next_at = excluded.next_at, why = excluded.why",
        STORE_ID(&p->post.case_id), STORE_I(p->post.seq), STORE_T(p->post.id), STORE_I(p->tries + 1),
        STORE_I(next), STORE_T(p->result.why));
}

static gboolean record(const Round *r, StoreConn *conn, const Parcel *p, GError **error)
{
    gboolean moved = FALSE, last = p->tries + 1 >= r->gate->tries;
    g_autofree char *given_up = g_strdup_printf("given up after %u tries: %s", p->tries + 1, p->result.why);
    switch (p->result.outcome) {
    case NOTICE_ACCEPTED:
        r->count->handed++;
        return move(r, conn, &p->post, CASE_POST_HANDED, NULL, &moved, error);
    case NOTICE_REFUSED:
        r->count->failed++;
        return move(r, conn, &p->post, CASE_POST_FAILED, p->result.why, &moved, error);
    case NOTICE_FAILED:
        r->count->tried += !last;
        r->count->failed += last;
        return last ? move(r, conn, &p->post, CASE_POST_FAILED, given_up, &moved, error)
                    : one_try_more(r, conn, p, error);
    default:
        return TRUE;
    }
}

static gboolean record_job(StoreConn *conn, gpointer data, GError **error)
{
    Round *r = data;
    for (guint i = 0; i < r->parcels->len; i++)
        if (!record(r, conn, &g_array_index(r->parcels, Parcel, i), error)) return FALSE;
    return TRUE;
}

/* A gateway that fails is left alone for a while, so that not every notice pays for it with a try. */
static void judge_gate(const Round *r)
{
    guint handed = 0, failed = 0;
    const char *why = NULL;
    for (guint i = 0; i < r->parcels->len; i++) {
        const NoticeResult *result = &g_array_index(r->parcels, Parcel, i).result;
        handed += result->outcome == NOTICE_ACCEPTED;
        failed += result->outcome == NOTICE_FAILED || result->outcome == NOTICE_REFUSED;
        if (result->outcome == NOTICE_FAILED) why = result->why;
    }
    NoticeGate *g = r->gate;
    g->failures = why ? g->failures + 1 : handed ? 0 : g->failures;
    g->pause = why ? r->now + notice_backoff(&r->desk->chance, g->failures - 1, NOTICE_PAUSE) : 0;
    g_mutex_lock(&r->desk->lock);
    g->health.handed += handed;
    g->health.failed += failed;
    if (why && g->health.up) g->health.failing_since = r->now;
    if (why || handed) g->health.up = !why;
    if (why) g_strlcpy(g->health.why, why, sizeof g->health.why);
    if (!why && handed) g->health.failing_since = 0;
    g_mutex_unlock(&r->desk->lock);
}

/* A write job only when there is something: a city at rest writes nothing. */
static gboolean anything_due(const Round *r, gboolean *any, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(case_room_store(r->desk->room), error);
    if (!conn) return FALSE;
    for (int i = 0; i < NOTICE_CHANNELS && !*any && !failed; i++) {
        if (gate_of(r->desk, i) != r->gate) continue;
        g_autoptr(StoreRows) rows =
            STORE_QUERY(conn, error,
                        "SELECT 1 FROM notice n LEFT JOIN notice_try t ON t.case_id = n.case_id"
                        " AND t.seq = n.seq AND t.id = n.id WHERE n.state = 'queued'"
                        " AND n.channel = ?1 AND coalesce(t.next_at, 0) <= ?2 LIMIT 1",
                        STORE_T(notice_channels[i]), STORE_I(r->now));
        if (!rows) return FALSE;
        *any = store_step(rows, &failed);
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean send_batch(Round *r, gint64 real_now, GError **error)
{
    Store *store = case_room_store(r->desk->room);
    gboolean any = FALSE;
    if (r->gate->pause > r->now) return TRUE;
    if (!anything_due(r, &any, error)) return FALSE;
    if (!any) return TRUE;
    if (!store_write(store, choose_job, r, error)) return FALSE;
    if (!r->parcels->len) return TRUE;
    deliver(r, real_now);
    judge_gate(r);
    r->count->more |= r->parcels->len == NOTICE_BATCH && r->gate->pause == 0;
    return store_write(store, record_job, r, error);
}

/* ---- what is too old ---- */

static gboolean take_unanswered(const Round *r, StoreConn *conn, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT " CASE_POST_COLUMNS " FROM notice n WHERE n.state = 'handed'"
                    " AND n.gateway = ?1 AND n.handed_at <= ?2 ORDER BY n.handed_at LIMIT ?3",
                    STORE_T(r->gate->name), STORE_I(r->now - r->gate->receipt), STORE_I(EXPIRE_AT_ONCE));
    while (rows && store_step(rows, &failed)) {
        Parcel p = { 0 };
        case_post_take(rows, &p.post);
        g_array_append_val(r->parcels, p);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean expire_taken(Round *r, StoreConn *conn, const char *why, GError **error)
{
    for (guint i = 0; i < r->parcels->len; i++) {
        gboolean moved = FALSE;
        const CasePost *post = &g_array_index(r->parcels, Parcel, i).post;
        if (!move(r, conn, post, CASE_POST_EXPIRED, why, &moved, error)) return FALSE;
        r->count->expired += moved;
    }
    r->count->more |= r->parcels->len == EXPIRE_AT_ONCE;
    g_array_set_size(r->parcels, 0);
    return TRUE;
}

static gboolean expire_queued(Round *r, StoreConn *conn, int channel, GError **error)
{
    gint64 life = r->gate ? r->gate->expire : BASE_DAY;
    return take_due(r, conn, notice_channels[channel], r->now - life, EXPIRE_AT_ONCE, error) &&
           expire_taken(r, conn, r->gate ? "too old to be sent" : "its channel has no gateway", error);
}

static gboolean expire_job(StoreConn *conn, gpointer data, GError **error)
{
    Round *r = data;
    g_array_set_size(r->parcels, 0);
    for (int i = 0; i < NOTICE_CHANNELS; i++)
        if (gate_of(r->desk, i) == r->gate && !expire_queued(r, conn, i, error)) return FALSE;
    return !r->gate || !r->gate->receipt ||
           (take_unanswered(r, conn, error) && expire_taken(r, conn, "no receipt came in time", error));
}

static gboolean anything_old(const Round *r, gboolean *any, GError **error)
{
    GError *failed = NULL;
    gint64 queued = r->now - (r->gate ? r->gate->expire : BASE_DAY),
           handed = r->gate && r->gate->receipt ? r->now - r->gate->receipt : G_MININT64;
    g_autoptr(StoreConn) conn = store_read_begin(case_room_store(r->desk->room), error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT 1 WHERE EXISTS(SELECT 1 FROM notice WHERE state = 'queued' AND channel IN ('sms', 'app', "
        "'voice')"
        " AND changed_at <= ?1) OR EXISTS(SELECT 1 FROM notice WHERE state = 'handed' AND gateway = ?2"
        " AND handed_at <= ?3)",
        STORE_I(queued), STORE_T(r->gate ? r->gate->name : ""), STORE_I(handed));
    *any = rows && store_step(rows, &failed);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean expire(Round *r, GError **error)
{
    gboolean any;
    return anything_old(r, &any, error) &&
           (!any || store_write(case_room_store(r->desk->room), expire_job, r, error));
}

/* ---- receipts of a folder ---- */

static gboolean receipts_job(StoreConn *conn, gpointer data, GError **error)
{
    Round *r = data;
    for (guint i = 0; i < r->receipts->len; i++) {
        gboolean changed;
        g_autoptr(GError) refused = NULL;
        if (notice_receipt_take(r->desk, conn, r->gate->name, &g_array_index(r->receipts, NoticeReceipt, i),
                                r->now, &changed, &refused)) {
            r->count->receipts += changed;
        } else if (!g_error_matches(refused, CASE_ERROR, CASE_ERROR_UNKNOWN)) {
            g_propagate_error(error, g_steal_pointer(&refused));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean take_receipts(Round *r, GError **error)
{
    NoticeGateway *gateway = r->gate->gateway;
    g_array_set_size(r->receipts, 0);
    if (!gateway->receipts) return TRUE;
    if (!gateway->receipts(gateway, r->receipts, error)) return FALSE;
    if (r->receipts->len && !store_write(case_room_store(r->desk->room), receipts_job, r, error))
        return FALSE;
    gateway->settled(gateway);
    return TRUE;
}

/* ---- the round ---- */

static gboolean serve(Round *r, NoticeGate *gate, gint64 real_now, GError **error)
{
    r->gate = gate;
    return take_receipts(r, error) && expire(r, error) && send_batch(r, real_now, error);
}

gboolean notice_pump(NoticeDesk *desk, gint64 now, gint64 real_now, NoticeCount *count, GError **error)
{
    *count = (NoticeCount){ 0 };
    g_autoptr(GArray) parcels = g_array_new(FALSE, TRUE, sizeof(Parcel)),
                      receipts = g_array_new(FALSE, TRUE, sizeof(NoticeReceipt));
    g_array_set_clear_func(parcels, parcel_clear);
    g_array_set_clear_func(receipts, (GDestroyNotify)notice_receipt_clear);
    Round r = { .desk = desk, .parcels = parcels, .receipts = receipts, .count = count, .now = now };
    for (guint i = 0; i < desk->config.n; i++)
        if (!serve(&r, &desk->config.gate[i], real_now, error)) return FALSE;
    r.gate = NULL; /* channels that nobody carries */
    return expire(&r, error);
}
