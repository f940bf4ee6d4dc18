/* ledger.h - the one log of everything that happened: an append-only table of events under an RFC 9162 Merkle
 * tree.
 *
 * An event has a head (who, when, what kind of operation, on which case, on what legal basis, for what
 * purpose), an open body and a private body (personal data). The head names both bodies only by a salted
 * commitment, so an event can be proved, shown or erased without showing what it held:
 *   commitment = SHA-256(salt || be64(length(body)) || body || private)    salt: 16 bytes, drawn per event
 *   leaf input = ledger_head_text(): a JSON array, see there
 *   leaf hash  = SHA-256(0x00 || leaf input), node = SHA-256(0x01 || left || right)      RFC 9162, 2.1.1
 * seq runs from 1 without gaps; leaf index = seq - 1.
 * The tree grows in the transaction of the events; full subtrees of 256^k leaves are kept, so a proof reads
 * at most 256 hashes a level for its path and 256 for the ragged right end, and the first append reads at
 * most 256 a level.
 * Threads: appending inside a write job; proofs on any snapshot. */
#pragma once
#include "store/store.h"

#define LEDGER_ERROR (g_quark_from_static_string("ledger"))
enum { LEDGER_ERROR_RANGE, LEDGER_ERROR_DAMAGED };

#define LEDGER_HASH 32

typedef struct {
    gint64 seq;       /* given by ledger_append */
    gint64 at;        /* ms since 1970, the city's clock */
    const char *kind; /* "case.opened", "case.moved", "read", "sign-in" ... lower-case words and dots */
    /* collection, alteration, consultation, disclosure, combination, erasure, or "-" */
    const char *operation;
    BaseId case_id;              /* nil: concerns no case */
    const char *actor;           /* login, or "system:<stage>", or "resident" */
    const char *basis, *purpose; /* legal basis and purpose codes; NULL writes "" */
    const char *body;            /* open JSON object; NULL writes {} */
    const char *private_body;    /* JSON with personal data, NULL when there is none */
} LedgerEvent;

/* Append inside a write job; sets event->seq. `chance` draws the salt. */
gboolean ledger_append(StoreConn *conn, LedgerEvent *event, BaseChance *chance, GError **error);

/* Events committed in this snapshot (or, in a job, appended so far); -1 when the store cannot be read. */
gint64 ledger_size(StoreConn *conn);
/* Root of the tree over the first `size` events. LEDGER_ERROR_RANGE above ledger_size. Size 0: SHA-256 of
 * nothing. */
gboolean ledger_root(StoreConn *conn, gint64 size, guint8 out[LEDGER_HASH], GError **error);
/* RFC 9162, 2.1.3 and 2.1.4: appends hashes (LEDGER_HASH bytes each) to `out`. */
gboolean ledger_inclusion(StoreConn *conn, gint64 seq, gint64 size, GByteArray *out, GError **error);
gboolean ledger_consistency(StoreConn *conn, gint64 old, gint64 size, GByteArray *out, GError **error);

/* The exact text that is hashed into the leaf:
 * [seq,at,"kind","operation","case id or empty","actor","basis","purpose","commitment in hex"] */
char *ledger_head_text(const LedgerEvent *event, const guint8 commitment[LEDGER_HASH]);
void ledger_commitment(const guint8 salt[16], const char *body, const char *private_body,
                       guint8 out[LEDGER_HASH]);
void ledger_leaf(const char *head_text, guint8 out[LEDGER_HASH]);

/* Walk events of seq in [from, to] in order. `private_body` is given only when `with_private`: for rebuild
 * and verify; guard alone may pass it to people. FALSE from `each` stops. */
typedef gboolean (*LedgerEach)(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf,
                               gpointer data, GError **error);
gboolean ledger_walk(StoreConn *conn, gint64 from, gint64 to, gboolean with_private, LedgerEach each,
                     gpointer data, GError **error);

typedef struct {
    gint64 events;
    gint64 bad_seq;     /* first event whose leaf does not fit its row; 0: none */
    gint64 bad_tile;    /* first kept subtree that does not fit, counted from 0 on its level; -1: none */
    int bad_tile_level; /* its height: 8, 16, 24 ... */
    gint64 gap;         /* first missing number; 0: none */
    guint8 root[LEDGER_HASH];
} LedgerCheck;
/* Recompute every leaf from its row, every kept subtree and the root. FALSE only when it cannot be read.
 * Cost: O(n). */
gboolean ledger_check(StoreConn *conn, StoreProgress progress, gpointer data, LedgerCheck *out,
                      GError **error);
