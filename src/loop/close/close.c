/* close.c - invitations, answers, and the outbox of notices. */
#include "loop/close/close.h"

/* ---- the two stages ---- */

typedef struct {
    BaseId case_id;
    gint64 invited_at, answered_at, lapsed_at;
    int level;
    gboolean found;
} Rating;

static void take_rating(const StoreRows *rows, Rating *out)
{
    out->found = TRUE;
    store_id(rows, 0, &out->case_id);
    out->invited_at = store_int(rows, 1);
    out->answered_at = store_int(rows, 2);
    out->lapsed_at = store_int(rows, 3);
    out->level = (int)store_int(rows, 4);
}

static gboolean rating_of(StoreConn *conn, const BaseId *id, Rating *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT case_id, invited_at, answered_at, lapsed_at, level FROM rating WHERE case_id = ?1",
        STORE_ID(id));
    if (rows && store_step(rows, &failed)) take_rating(rows, out);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* One answer for one service: who has answered is not asked again, whatever happens to the case. */
static gboolean invite(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                       GError **error)
{
    (void)call, (void)now, (void)data;
    Rating rating = { 0 };
    if (!rating_of(conn, &c->id, &rating, error)) return FALSE;
    if (rating.answered_at) return TRUE;
    char link[GUARD_LINK];
    guint8 token[32];
    guard_resident_link(case_room_guard(room), &c->id, link);
    guard_resident_hash(link, token);
    case_draft_invite(c, token);
    return TRUE;
}

static gboolean notify(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                       GError **error)
{
    (void)room, (void)conn, (void)now, (void)data;
    const PackNotice *notice = pack_notice(c->pack, call);
    if (notice) return case_draft_notice(c, notice, error);
    g_set_error(error, CASE_ERROR, CASE_ERROR_PACK, "pack %s has no notice '%s'", pack_id(c->pack), call);
    return FALSE;
}

void close_enrol(CaseRoom *room)
{
    case_room_enrol_draft(room, "rate", invite, NULL);
    case_room_enrol_draft(room, "notice", notify, NULL);
}

/* ---- the resident's page ---- */

/* One text for every link that leads nowhere, so that links cannot be tried out. */
static gboolean follow(StoreConn *conn, const char *link, Rating *out, GError **error)
{
    guint8 token[32] = { 0 };
    GError *failed = NULL;
    gboolean sound = guard_resident_hash(link, token);
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT case_id, invited_at, answered_at, lapsed_at, level FROM rating WHERE token = ?1",
        STORE_B(token, 32));
    if (!rows) return FALSE;
    if (store_step(rows, &failed) && sound) take_rating(rows, out);
    if (!failed && !out->found)
        g_set_error(&failed, CLOSE_ERROR, CLOSE_ERROR_LINK, "this link leads nowhere");
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean window_passed(const Case *c, const Rating *rating, gint64 now)
{
    gint64 window = pack_rating_window(c->pack);
    return rating->lapsed_at || (window && now >= rating->invited_at + window);
}

gboolean close_page(CaseRoom *room, StoreConn *conn, const char *link, gint64 now, BaseJson *out,
                    BaseId *case_id, GError **error)
{
    Rating rating = { 0 };
    if (!follow(conn, link, &rating, error)) return FALSE;
    g_autoptr(Case) c = case_load(room, conn, &rating.case_id, error);
    if (!c) return FALSE;
    gboolean answered = rating.answered_at != 0, lapsed = !answered && window_passed(c, &rating, now);
    *case_id = rating.case_id;
    base_json_put_text(out, "number", c->number);
    base_json_put_text(out, "title", c->title);
    base_json_put_text(out, "place", c->place);
    base_json_put_int(out, "opened_at", c->opened_at);
    base_json_put_text(
        out, "state",
        pack_state_title(c->pack,
                         flow_chart_state_id(pack_chart(c->pack), flow_rest(pack_chart(c->pack), &c->flow)),
                         "zh"));
    base_json_put_bool(out, "can_rate", !answered && !lapsed);
    if (answered) base_json_put_int(out, "level", rating.level);
    base_json_put_bool(out, "lapsed", lapsed);
    return TRUE;
}

static gboolean may_answer(const Case *c, const Rating *rating, int level, gint64 now, GError **error)
{
    if (level < 1 || level > 5)
        g_set_error(error, CLOSE_ERROR, CLOSE_ERROR_LEVEL, "a rating is from 1 to 5");
    else if (rating->answered_at)
        g_set_error(error, CLOSE_ERROR, CLOSE_ERROR_ANSWERED,
                    "this service was rated already; an answer is given once");
    else if (window_passed(c, rating, now))
        g_set_error(error, CLOSE_ERROR, CLOSE_ERROR_LAPSED, "the time for an answer has passed");
    else
        return TRUE;
    return FALSE;
}

static json_t *answer_fields(const Case *c, int level, const char *text)
{
    json_t *fields = json_object();
    json_object_set_new(fields, "rating", json_integer(level));
    if (text && *text && pack_field(c->pack, "rating_text"))
        json_object_set_new(fields, "rating_text", json_string(text));
    return fields;
}

gboolean close_rate(CaseRoom *room, StoreConn *conn, const char *link, int level, const char *text,
                    gint64 now, GError **error)
{
    const CaseActor resident = { .actor = "resident", .roles = (const char *const[]){ "resident", NULL } };
    Rating rating = { 0 };
    if (!follow(conn, link, &rating, error)) return FALSE;
    g_autoptr(Case) c = case_load(room, conn, &rating.case_id, error);
    if (!c || !may_answer(c, &rating, level, now, error)) return FALSE;
    json_t *fields = answer_fields(c, level, text);
    GError *refused = NULL;
    gboolean ok = case_fire(room, conn, &rating.case_id, "rate", fields, &resident, now, &refused);
    json_decref(fields);
    if (!ok && g_error_matches(refused, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED)) {
        g_clear_error(&refused);
        g_set_error(&refused, CLOSE_ERROR, CLOSE_ERROR_LAPSED,
                    "the case does not wait for an answer any more");
    }
    if (refused) g_propagate_error(error, refused);
    return ok;
}
