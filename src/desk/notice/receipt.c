/* receipt.c - what gateways say afterwards, and what people do: send again, read. */
#include "desk/notice/inside.h"
#include <string.h>

static NoticeGate *gate_named(NoticeDesk *desk, const char *name)
{
    for (guint i = 0; i < desk->config.n; i++)
        if (!strcmp(desk->config.gate[i].name, name)) return &desk->config.gate[i];
    return NULL;
}

/* One text for a gateway that is not there, one that has no secret, and a signature that does not fit. */
gboolean notice_receipt_signed(NoticeDesk *desk, const char *gateway, const char *id, const char *timestamp,
                               const char *signature, const char *body, gsize length, gint64 real_now,
                               GError **error)
{
    const NoticeGate *gate = gate_named(desk, gateway);
    if (gate && gate->secret &&
        notice_signed(gate->secret, id, timestamp, signature, body, length, real_now / 1000))
        return TRUE;
    g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_SIGNATURE,
                "this receipt is not signed by that gateway, or is more than %d minutes old",
                NOTICE_TOLERANCE / 60);
    return FALSE;
}

static void count_receipt(NoticeDesk *desk, NoticeGate *gate)
{
    g_mutex_lock(&desk->lock);
    gate->health.receipts++;
    g_mutex_unlock(&desk->lock);
}

/* A queued notice has no gateway yet: its receipt overtook our own record of the hand-over. */
static gboolean is_of(const NoticeDesk *desk, const NoticeGate *gate, const CasePost *post)
{
    if (post->gateway) return !strcmp(post->gateway, gate->name);
    for (int i = 0; i < NOTICE_CHANNELS; i++)
        if (!strcmp(post->channel, notice_channels[i]))
            return desk->config.by_channel[i] >= 0 && &desk->config.gate[desk->config.by_channel[i]] == gate;
    return FALSE;
}

gboolean notice_receipt_take(NoticeDesk *desk, StoreConn *conn, const char *gateway,
                             const NoticeReceipt *receipt, gint64 now, gboolean *changed, GError **error)
{
    g_auto(CasePost) post = { 0 };
    NoticeGate *gate = gate_named(desk, gateway);
    g_autofree char *who = g_strconcat("gateway:", gateway, NULL);
    const CaseActor actor = { .actor = who, .roles = (const char *const[]){ "system", NULL } };
    *changed = FALSE;
    if (!case_post_find(conn, receipt->message, &post, error)) return FALSE;
    if (!gate || !is_of(desk, gate, &post)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such notice of this gateway");
        return FALSE;
    }
    if (!case_post_move(desk->room, conn, &post, receipt->state, gateway, receipt->reason, &actor, now,
                        changed, error))
        return FALSE;
    if (*changed) count_receipt(desk, gate);
    return TRUE;
}

/* ---- people ---- */

gboolean notice_again(CaseRoom *room, StoreConn *conn, const char *message, const CaseActor *actor,
                      gint64 now, GError **error)
{
    g_auto(CasePost) post = { 0 };
    gboolean moved = FALSE;
    if (!case_post_find(conn, message, &post, error)) return FALSE;
    g_autoptr(Case) c = case_load(room, conn, &post.case_id, error);
    if (!c || !case_stands(c, actor, error)) return FALSE;
    if (post.state != CASE_POST_FAILED && post.state != CASE_POST_EXPIRED) {
        g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_STATE,
                    "this notice is %s; only one that failed or expired is sent again",
                    case_post_state_name(post.state));
        return FALSE;
    }
    return case_post_move(room, conn, &post, CASE_POST_QUEUED, NULL, NULL, actor, now, &moved, error);
}

static gboolean is_theirs(CaseRoom *room, StoreConn *conn, const CasePost *post, const GuardUser *user,
                          gboolean *theirs, GError **error)
{
    *theirs = FALSE;
    if (strcmp(post->channel, "console") != 0 || !guard_has_role(user, post->receiver)) return TRUE;
    g_autoptr(Case) c = case_load(room, conn, &post->case_id, error);
    if (!c) return FALSE;
    *theirs = !strcmp(post->receiver, "unit")      ? !g_strcmp0(user->unit, c->unit)
              : !strcmp(post->receiver, "handler") ? !g_strcmp0(user->org, c->org)
                                                   : TRUE;
    return TRUE;
}

gboolean notice_read(CaseRoom *room, StoreConn *conn, const char *message, const GuardUser *user, gint64 now,
                     GError **error)
{
    g_auto(CasePost) post = { 0 };
    gboolean theirs, moved = FALSE;
    const CaseActor reader = { .actor = user->login, .roles = (const char *const *)user->roles };
    if (!case_post_find(conn, message, &post, error) || !is_theirs(room, conn, &post, user, &theirs, error))
        return FALSE;
    return !theirs || case_post_move(room, conn, &post, CASE_POST_DELIVERED, "console", NULL, &reader, now,
                                     &moved, error);
}
