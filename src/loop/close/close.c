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
    (void)room, (void)call, (void)now, (void)data;
    Rating rating = { 0 };
    if (!rating_of(conn, &c->id, &rating, error)) return FALSE;
    if (rating.answered_at) return TRUE;
    case_draft_invite(c);
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

/* ---- the resident ---- */

static gboolean window_passed(const Case *c, const Rating *rating, gint64 now)
{
    gint64 window = pack_rating_window(c->pack);
    return rating->lapsed_at || (window && now >= rating->invited_at + window);
}

gboolean close_put_rating(StoreConn *conn, const Case *c, gint64 now, BaseJson *out, GError **error)
{
    Rating rating = { 0 };
    if (!rating_of(conn, &c->id, &rating, error)) return FALSE;
    gboolean answered = rating.answered_at != 0,
             lapsed = rating.found && !answered && window_passed(c, &rating, now);
    base_json_put_bool(out, "can_rate", rating.found && !answered && !lapsed);
    if (answered) base_json_put_int(out, "level", rating.level);
    base_json_put_bool(out, "lapsed", lapsed);
    return TRUE;
}

static gboolean may_answer(const Case *c, const Rating *rating, int level, gint64 now, GError **error)
{
    if (!rating->found)
        g_set_error(error, CLOSE_ERROR, CLOSE_ERROR_NOT_ASKED, "nobody was asked for an answer yet");
    else if (level < 1 || level > 5)
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

gboolean close_rate(CaseRoom *room, StoreConn *conn, const BaseId *id, int level, const char *text,
                    gint64 now, GError **error)
{
    const CaseActor resident = { .actor = "resident", .roles = (const char *const[]){ "resident", NULL } };
    Rating rating = { 0 };
    if (!rating_of(conn, id, &rating, error)) return FALSE;
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c || !may_answer(c, &rating, level, now, error)) return FALSE;
    json_t *fields = answer_fields(c, level, text);
    GError *refused = NULL;
    gboolean ok = case_fire(room, conn, id, "rate", fields, &resident, now, &refused);
    json_decref(fields);
    if (!ok && g_error_matches(refused, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED)) {
        g_clear_error(&refused);
        g_set_error(&refused, CLOSE_ERROR, CLOSE_ERROR_LAPSED,
                    "the case does not wait for an answer any more");
    }
    if (refused) g_propagate_error(error, refused);
    return ok;
}
