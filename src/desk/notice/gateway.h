/* gateway.h - the seam to whoever carries notices: a struct of functions. Two ship: a folder that the site's
 * own system empties (file.c), and signed HTTPS requests (webhook.c).
 *
 * A gateway takes batches and says of each notice what became of it; receipts come later, by the gateway's
 * own folder or over the wire (receipt.c). The same message may be handed over twice (we died between its
 * taking it and our writing that down): its name is the same then, and the other side drops the repetition.
 * Threads: one pump at a time; stop() from any. Knows nothing of cases: texts are rendered already. */
#pragma once
#include "loop/case/post.h"

typedef struct {
    char message[CASE_POST_MESSAGE]; /* the same at each try */
    char *channel, *receiver;        /* receiver: "resident", "unit" or a role */
    char *lang, *text;
    char *
        address; /* a resident's; personal data: goes to the gateway and nowhere else. NULL: not a resident */
    char *unit, *org; /* of the case, for units and roles; NULL for residents */
    char *number;     /* of the case */
} NoticeItem;
void notice_item_clear(NoticeItem *item);

typedef enum {
    NOTICE_NOT_TRIED, /* the gateway was not reached at all: counts as no try of this notice */
    NOTICE_ACCEPTED,
    NOTICE_FAILED, /* try again */
    NOTICE_REFUSED /* trying again is of no use */
} NoticeOutcome;
typedef struct {
    NoticeOutcome outcome;
    char why[160]; /* of FAILED and REFUSED: for people, no personal data */
} NoticeResult;

typedef struct {
    char *message, *reason; /* reason NULL: none given */
    CasePostState state;    /* DELIVERED or FAILED */
} NoticeReceipt;
void notice_receipt_clear(NoticeReceipt *receipt);
/* {"message": text, "state": "delivered" | "failed", "reason": text}; anything else is refused. */
gboolean notice_receipt_read(const json_t *object, NoticeReceipt *out, GError **error);

typedef struct NoticeGateway NoticeGateway;
struct NoticeGateway {
    const char *kind; /* "file", "webhook" */
    /* `results` has n, all NOT_TRIED. `real_now`: ms since 1970 by the real clock, for signatures and names.
     */
    void (*deliver)(NoticeGateway *gateway, const NoticeItem *items, gsize n, gint64 real_now,
                    NoticeResult *results);
    /* Receipts that lie ready, appended to `out` (NoticeReceipt); NULL: they come over the wire. */
    gboolean (*receipts)(NoticeGateway *gateway, GArray *out, GError **error);
    void (*settled)(NoticeGateway *gateway); /* those of the last receipts() are in the ledger: forget them */
    void (*stop)(NoticeGateway *gateway);    /* leave what is under way; NULL: never long */
    void (*free)(NoticeGateway *gateway);
};

/* Batches appear in `folder` as NAME.jsonl, whole and on disk or not at all; receipts are read from
 * files *.jsonl that the other side moves into `drop` (NULL: none). `simulated` stands in every line. Folders
 * are made. */
NoticeGateway *notice_file_gateway(const char *folder, const char *drop, gboolean simulated, GError **error);

typedef struct {
    const char *url, *secret; /* "whsec_..." */
    const char *ca;           /* file of authorities to trust instead of the system's; NULL */
    guint connect_ms, timeout_ms;
} NoticeWebhookOptions;
/* One POST a notice, signed as Standard Webhooks says (sign.h). TLS is verified, redirects are not followed,
 * no proxy is taken from the environment, a reply's body is cut at 16 KiB. 2xx: accepted; 408, 425, 429, 5xx
 * and no answer: failed; all else: refused. */
NoticeGateway *notice_webhook_gateway(const NoticeWebhookOptions *options, GError **error);
