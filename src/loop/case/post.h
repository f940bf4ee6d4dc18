/* post.h - what becomes of a notice after the event that called for it: queued, handed to a gateway,
 * delivered; or failed, or expired. Each change is one ledger event ("notice.<state>"), its row a projection.
 *
 * Sending is desk/notice's; here stands only what may follow what, and the one way by which a resident's
 * address leaves the store for a gateway. A message's name is
 *   <case uuid>.<ledger number of its event>.<8 hex digits of the notice id's SHA-256>.<generation>
 * so it can be made again from the ledger, is the same at every try (a gateway drops repeats by it), and is
 * another one when a person has it sent again. Notices of the channel "console" are handed at once: the
 * console's inbox shows them, and who reads one there has received it. Threads: changes in write jobs. */
#pragma once
#include "loop/case/case.h"

typedef enum {
    CASE_POST_QUEUED,
    CASE_POST_HANDED,    /* a gateway took it */
    CASE_POST_DELIVERED, /* a receipt says so */
    CASE_POST_FAILED,    /* refused, given up, or a receipt says so */
    CASE_POST_EXPIRED    /* too old to be sent, or no receipt in time */
} CasePostState;
const char *case_post_state_name(CasePostState state);
gboolean case_post_state_parse(const char *name, CasePostState *out);
gboolean case_post_may_follow(CasePostState from, CasePostState to); /* the one table of lawful moves */

typedef struct {
    BaseId case_id;
    gint64 seq; /* of the event that called for it */
    int generation;
    CasePostState state;
    gint64 at, changed_at, handed_at; /* handed_at 0: not yet */
    char *id, *channel, *receiver, *gateway, *reason,
        *actor; /* gateway, reason, actor (of the last change): may be NULL */
} CasePost;
void case_post_clear(CasePost *post);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CasePost, case_post_clear)

/* Columns that case_post_take reads, in its order; the query names table notice `n`. */
#define CASE_POST_COLUMNS                                                                                    \
    "n.case_id, n.seq, n.id, n.channel, n.receiver, n.at, n.state, n.generation, n.gateway, n.changed_at,"   \
    " n.handed_at, n.reason, n.actor"
#define CASE_POST_N_COLUMNS 13
void case_post_take(const StoreRows *rows, CasePost *out); /* `out` must be zero or cleared */

#define CASE_POST_MESSAGE 80
void case_post_message(const CasePost *post, char out[CASE_POST_MESSAGE]);
/* By a message's name. CASE_ERROR_UNKNOWN: no such notice, or it was sent again under another name since. */
gboolean case_post_find(StoreConn *conn, const char *message, CasePost *out, GError **error);

/* Change its state. FALSE in *moved: it was so already, or may not follow; nothing changed, which is no error
 * (receipts come twice and late). `gateway`, `reason` may be NULL. `post` is current afterwards. */
gboolean case_post_move(CaseRoom *room, StoreConn *conn, CasePost *post, CasePostState to,
                        const char *gateway, const char *reason, const CaseActor *actor, gint64 now,
                        gboolean *moved, GError **error);
/* The address of the party that receives it (the private field that the pack calls `contact`), for `gateway`
 * alone: logs the event "notice.disclosed" (operation disclosure; message, channel, gateway and field, never
 * the value) in this job. Commit before it leaves the process. *address NULL: the case has none, and nothing
 * was logged. */
gboolean case_post_disclose(CaseRoom *room, StoreConn *conn, const Case *c, const CasePost *post,
                            const char *gateway, gint64 now, char **address, GError **error);
