/* notice.h - the sending desk: takes queued notices, writes their texts, hands them to gateways, keeps
 * receipts.
 *
 * Which channel goes by which gateway stands in gateways.json of the city's folder (config.h says how). A
 * round (notice_pump) reads in one job, logging each disclosure of a resident's address; hands over outside
 * any transaction; and records what became of it in a second job. If we die in between, the notice is still
 * queued and goes again under the same name: at least once, and the other side can drop repeats.
 * Threads: the pump is one at a time, by itself; the rest from anywhere. Nothing here runs on rebuild. */
#pragma once
#include "base/clock.h"
#include "base/json.h"
#include "desk/notice/gateway.h"
#include "desk/notice/sign.h"

typedef struct NoticeDesk NoticeDesk;

typedef struct {
    CaseRoom *room;     /* must outlive the desk */
    const char *folder; /* of the city: gateways.json, and what relative paths in it begin at */
    /* Nothing leaves: every channel goes into the folder "outbox" with "simulated": true, whatever
     * gateways.json says. For demonstrations. */
    gboolean simulated;
    BaseChance chance; /* of the jitter of tries */
} NoticeOptions;
/* Without gateways.json no channel has a gateway: notices wait, and expire after a day. */
NoticeDesk *notice_desk_new(const NoticeOptions *options, GError **error);
void notice_desk_free(NoticeDesk *desk); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoticeDesk, notice_desk_free)

/* "public_url" of gateways.json, "" when it is not said; caller frees. */
char *notice_public_url(const char *folder);

typedef struct {
    guint handed, tried, failed, expired, receipts;
    gboolean more; /* there was more than one batch takes: go on at once */
} NoticeCount;
/* One round over every gateway: receipts, what is too old, one batch each. `now` is the city's, `real_now`
 * the world's. What a gateway refuses is no error here; FALSE: the store, or a receipt folder, said no. */
gboolean notice_pump(NoticeDesk *desk, gint64 now, gint64 real_now, NoticeCount *count, GError **error);
/* A round every `every_ms`, in a thread of its own, until stopped; stopping leaves a request that hangs. */
void notice_worker_start(NoticeDesk *desk, const BaseClock *clock, guint every_ms);
void notice_worker_stop(NoticeDesk *desk);

/* ---- receipts over the wire ---- */
/* Is this body signed by that gateway? Refusals tell nothing of which part was wrong. */
gboolean notice_receipt_signed(NoticeDesk *desk, const char *gateway, const char *id, const char *timestamp,
                               const char *signature, const char *body, gsize length, gint64 real_now,
                               GError **error);
/* In a write job. *changed FALSE: known already, or too late to matter; no error. CASE_ERROR_UNKNOWN: no such
 * message, or it is another gateway's. */
gboolean notice_receipt_take(NoticeDesk *desk, StoreConn *conn, const char *gateway,
                             const NoticeReceipt *receipt, gint64 now, gboolean *changed, GError **error);

/* ---- people ---- */
/* Have a failed or expired notice sent again, under a new name. CASE_ERROR_RELATION: not this actor's case.
 */
gboolean notice_again(CaseRoom *room, StoreConn *conn, const char *message, const CaseActor *actor,
                      gint64 now, GError **error);
/* A console notice was read by `user`: its receipt. Reading twice, or what is not theirs, changes nothing. */
gboolean notice_read(CaseRoom *room, StoreConn *conn, const char *message, const GuardUser *user, gint64 now,
                     GError **error);
/* In the shapes of api/routes.def (NoticeList, Inbox). A resident's link stands in no text shown here. */
gboolean notice_view_case(CaseRoom *room, StoreConn *conn, const BaseId *id, BaseJson *out, GError **error);
gboolean notice_view_inbox(CaseRoom *room, StoreConn *conn, const GuardUser *user, gint limit, BaseJson *out,
                           GError **error);

/* ---- health ---- */
typedef struct {
    const char *name, *kind; /* live as long as the desk */
    gboolean up;             /* the last hand-over went well, or there was none */
    guint64 handed, failed, receipts;
    gint64 failing_since; /* the city's instant; 0: it works */
    char why[160];
} NoticeHealth;
guint notice_gateways(const NoticeDesk *desk);
void notice_health(NoticeDesk *desk, guint i, NoticeHealth *out);
