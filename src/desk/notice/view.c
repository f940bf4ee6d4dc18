/* view.c - notices as people see them: those of a case, and the inbox of a role. */
#include "desk/notice/inside.h"
#include "desk/notice/text.h"
#include <string.h>

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* Both languages; the console shows its reader's. Without the case's pack there are no words. */
static void put_words(BaseJson *out, CaseRoom *room, const Case *c, const char *id)
{
    const PackNotice *notice = c ? pack_notice(c->pack, id) : NULL;
    if (!notice) return;
    g_autofree char *zh = notice_text(c, notice, NULL, "zh", case_room_offset(room), "…", "…"),
                    *en = notice_text(c, notice, NULL, "en", case_room_offset(room), "…", "…");
    base_json_put_text(out, "text_zh", zh);
    base_json_put_text(out, "text_en", en);
}

static void put_post(BaseJson *out, CaseRoom *room, const Case *c, const CasePost *p, const StoreRows *rows)
{
    char message[CASE_POST_MESSAGE];
    case_post_message(p, message);
    base_json_object(out);
    base_json_put_text(out, "message", message);
    base_json_put_text(out, "id", p->id);
    base_json_put_text(out, "channel", p->channel);
    base_json_put_text(out, "receiver", p->receiver);
    base_json_put_text(out, "state", case_post_state_name(p->state));
    base_json_put_int(out, "at", p->at);
    base_json_put_int(out, "changed_at", p->changed_at);
    if (p->handed_at) base_json_put_int(out, "handed_at", p->handed_at);
    if (p->gateway) base_json_put_text(out, "gateway", p->gateway);
    if (p->actor) base_json_put_text(out, "by", p->actor);
    gboolean waits = p->state == CASE_POST_QUEUED && store_type(rows, CASE_POST_N_COLUMNS) != STORE_NULL;
    const char *why = waits ? store_text(rows, CASE_POST_N_COLUMNS + 2) : p->reason;
    if (why) base_json_put_text(out, "reason", why);
    if (waits) base_json_put_int(out, "tries", store_int(rows, CASE_POST_N_COLUMNS));
    if (waits) base_json_put_int(out, "next_at", store_int(rows, CASE_POST_N_COLUMNS + 1));
    put_words(out, room, c, p->id);
    base_json_end_object(out);
}

gboolean notice_view_case(CaseRoom *room, StoreConn *conn, const BaseId *id, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c) return FALSE;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error,
                                            "SELECT " CASE_POST_COLUMNS
                                            ", t.tries, t.next_at, t.why FROM notice n LEFT JOIN notice_try t"
                                            " ON t.case_id = n.case_id AND t.seq = n.seq AND t.id = n.id "
                                            "WHERE n.case_id = ?1 ORDER BY n.seq DESC, n.id",
                                            STORE_ID(id));
    base_json_object(out);
    base_json_key(out, "notices");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        g_auto(CasePost) post = { 0 };
        case_post_take(rows, &post);
        put_post(out, room, c, &post, rows);
    }
    base_json_end_array(out);
    base_json_end_object(out);
    return finish(rows, failed, error);
}

/* ---- the inbox ---- */

/* A unit sees its own cases', a handler its organisation's, the others every case's: as they may act. */
#define INBOX                                                                                                \
    " FROM notice n JOIN case_file c ON c.id = n.case_id WHERE n.receiver = ?1 AND n.state = 'handed'"       \
    " AND n.channel = 'console' AND (?2 IS NULL OR c.unit = ?2) AND (?3 IS NULL OR c.org = ?3)"

typedef struct {
    CasePost post;
    char *number;
} Letter;

static void letter_clear(gpointer data)
{
    Letter *letter = data;
    case_post_clear(&letter->post);
    g_free(letter->number);
}

static gboolean take_role(StoreConn *conn, const GuardUser *user, const char *role, gint limit,
                          GArray *letters, gint64 *unread, GError **error)
{
    GError *failed = NULL;
    gboolean unit = !strcmp(role, "unit"), handler = !strcmp(role, "handler");
    if (unit && !user->unit) return TRUE;
    const StoreValue values[] = { STORE_T(role), STORE_T(unit ? user->unit : NULL),
                                  STORE_T(handler ? user->org : NULL), STORE_I(limit) };
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT " CASE_POST_COLUMNS ", c.number" INBOX " ORDER BY n.at DESC, n.seq DESC LIMIT ?4",
        values, 4, error);
    while (rows && store_step(rows, &failed)) {
        Letter letter = { .number = g_strdup(store_text(rows, CASE_POST_N_COLUMNS)) };
        case_post_take(rows, &letter.post);
        g_array_append_val(letters, letter);
    }
    if (!finish(rows, failed, error)) return FALSE;
    g_autoptr(StoreRows) count = store_query(conn, "SELECT count(*)" INBOX, values, 3, error);
    if (count && store_step(count, &failed)) *unread += store_int(count, 0);
    return finish(count, failed, error);
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const CasePost *x = &((const Letter *)a)->post, *y = &((const Letter *)b)->post;
    return x->at != y->at ? (x->at < y->at ? 1 : -1) : (x->seq < y->seq) - (x->seq > y->seq);
}

static gboolean put_letter(BaseJson *out, CaseRoom *room, StoreConn *conn, const Letter *letter,
                           GError **error)
{
    char message[CASE_POST_MESSAGE], id[BASE_ID_TEXT];
    g_autoptr(Case) c = case_load(room, conn, &letter->post.case_id, error);
    if (!c) return FALSE;
    case_post_message(&letter->post, message);
    base_id_write(&letter->post.case_id, id);
    base_json_object(out);
    base_json_put_text(out, "message", message);
    base_json_put_text(out, "case_id", id);
    base_json_put_text(out, "number", letter->number);
    base_json_put_text(out, "receiver", letter->post.receiver);
    base_json_put_int(out, "at", letter->post.at);
    put_words(out, room, c, letter->post.id);
    base_json_end_object(out);
    return TRUE;
}

gboolean notice_view_inbox(CaseRoom *room, StoreConn *conn, const GuardUser *user, gint limit, BaseJson *out,
                           GError **error)
{
    gint64 unread = 0;
    g_autoptr(GArray) letters = g_array_new(FALSE, TRUE, sizeof(Letter));
    g_array_set_clear_func(letters, letter_clear);
    for (char **role = user->roles; *role; role++)
        if (!take_role(conn, user, *role, limit, letters, &unread, error)) return FALSE;
    g_array_sort(letters, newest_first);
    base_json_object(out);
    base_json_put_int(out, "unread", unread);
    base_json_key(out, "letters");
    base_json_array(out);
    for (guint i = 0; i < MIN(letters->len, (guint)limit); i++)
        if (!put_letter(out, room, conn, &g_array_index(letters, Letter, i), error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
