/* guard.h - the doorkeeper: who somebody is, what they may see of one case, and the record that they looked.
 *
 * Users have roles and an organisation; passwords are argon2id (libsodium). A session is an opaque 256-bit
 * id, given out once and stored hashed; it dies after 15 minutes of silence or 12 hours, and an account locks
 * for 10 minutes after 5 failures (docs/law.md).
 * Personal data leave the store only through a Grant. A Grant is for one user, one case, one purpose with its
 * legal basis; opening one writes the consultation (who, case, basis, purpose, which fields; never values) to
 * the ledger and returns only when that is on disk. No event, no data. Rules come from the pack; what no rule
 * gives is refused.
 * Threads: Guard is shared; a Grant belongs to one request.
 * Time: `now` for sessions is real time; `at` for ledger events is the city's clock. */
#pragma once
#include <jansson.h>
#include "store/ledger.h"

#define GUARD_ERROR (g_quark_from_static_string("guard"))
enum {
    GUARD_ERROR_SIGN_IN, /* unknown, wrong, or locked: one text for all, so that logins cannot be tried out */
    GUARD_ERROR_SESSION, /* none, expired */
    GUARD_ERROR_RIGHT,   /* signed in, but this is not theirs to do */
    GUARD_ERROR_PURPOSE, /* no rule of the pack gives this role this purpose on this case */
    GUARD_ERROR_USER,    /* refused change of users: bad login, weak password, roles that must stay apart */
    GUARD_ERROR_KEY      /* key file missing, readable by others, or damaged */
};

typedef struct Guard Guard;

/* `keys`: folder with the log's Ed25519 key and the residents' key; made with mode 0700/0600 when
 * `make_keys`. `chance`: salts; copied. A seeded one draws the residents' key too, so that a run replays to
 * the bit: its links can be guessed by who knows the seed; not for real cities. */
Guard *guard_open(Store *store, const char *keys, gboolean make_keys, BaseChance chance, GError **error);
void guard_close(Guard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guard, guard_close)

/* ---- users ---- */
typedef struct {
    char *login, *name, *org, *unit; /* unit NULL: not a unit's account */
    char **roles;                    /* NULL-ended */
} GuardUser;
void guard_user_free(GuardUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GuardUser, guard_user_free)

/* Add or replace. Refused: login not [a-z0-9._-]{2,64}; password under 10 characters; a role that is not in
 * guard/rights.def; two of admin, security and auditor in one account (GB/T 22239 three-officer split). Ends
 * the account's sessions, enables it and lifts its lock. `password` NULL: keeps the one there is. */
gboolean guard_user_put(Guard *guard, const GuardUser *user, const char *password, gint64 now, gint64 at,
                        const char *actor, GError **error);
/* Ends the account's sessions too. */
gboolean guard_user_disable(Guard *guard, const char *login, gint64 at, const char *actor, GError **error);
GPtrArray *guard_user_list(Guard *guard, GError **error); /* of GuardUser */

/* ---- sign-in ---- */
#define GUARD_IDLE ((gint64)15 * 60 * 1000)
#define GUARD_ABSOLUTE ((gint64)12 * 60 * 60 * 1000)
#define GUARD_LOCK_AFTER 5
#define GUARD_LOCK_FOR ((gint64)10 * 60 * 1000)
#define GUARD_TOKEN 65 /* hex text with NUL */

/* Success: `token` is the session id, told once. Cost: one argon2id (about 50-100 ms, 64 MiB), at most 2 at a
 * time. */
gboolean guard_sign_in(Guard *guard, const char *login, const char *password, gint64 now, gint64 at,
                       char token[GUARD_TOKEN], GuardUser **user, GError **error);
/* Cheap (cached); extends the idle limit, written back at most once a minute. */
GuardUser *guard_session_user(Guard *guard, const char *token, gint64 now, GError **error);
gboolean guard_sign_out(Guard *guard, const char *token, gint64 at, GError **error);

/* ---- rights: which role may use which route; the table is guard/rights.def ---- */
gboolean guard_right_known(const char *right);
gboolean guard_role_known(const char *role);
gboolean guard_may(const GuardUser *user, const char *right);
char **guard_rights_of(const GuardUser *user); /* caller frees with g_strfreev */
gboolean guard_has_role(const GuardUser *user, const char *role);

/* ---- grants ---- */
typedef enum { GUARD_SCOPE_UNIT, GUARD_SCOPE_ORG, GUARD_SCOPE_ALL } GuardScope;
/* One line of a pack's access.yaml. */
typedef struct {
    const char *role, *purpose, *basis; /* basis: the article of law, as text */
    GuardScope scope;                   /* cases of my unit, of my organisation, or every case */
    gboolean open_only;                 /* only while the case is not closed */
    const char *const *full, *const *partial, *const *existence; /* private field ids, NULL-ended */
} GuardRule;
typedef struct {
    BaseId id;
    const char *number, *pack, *org, *unit;
    gboolean final;
} GuardCase;

typedef struct Grant Grant;
/* First rule that fits role, purpose and scope. Writes the event, waits until it is durable. */
Grant *guard_grant_open(Guard *guard, const GuardUser *user, const GuardCase *about, const GuardRule *rules,
                        gsize n, const char *purpose, gint64 at, GError **error);
void guard_grant_free(Grant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grant, guard_grant_free)
gint64 guard_grant_seq(const Grant *grant); /* the event that says so; goes out with the data */
const char *guard_grant_basis(const Grant *grant);

/* ---- the one way to private rows ---- */
/* The case's private facts as the grant allows: full values, partial ("138****0001", "张*"), true for
 * existence; other fields absent. New reference; empty object when there are none. */
json_t *guard_private_read(StoreConn *conn, const Grant *grant, GError **error);
/* Inside a write job; `facts` is a JSON object text, replacing what was there. Only loop/case calls this. */
gboolean guard_private_put(StoreConn *conn, const BaseId *case_id, const char *facts, GError **error);
/* For deciding inside the engine (no person looks): only loop/case may call it, inside a write job. */
json_t *guard_private_engine(StoreConn *conn, const BaseId *case_id, GError **error);
/* Masked text of a value: keeps first and last characters by kind of field (name, phone, id number, address,
 * other). */
char *guard_mask(const char *field, const char *value);

/* ---- residents ---- */
/* The link by which a party of a case ("resident", or one the pack names) follows it and acts: the case's id
 * and 128 bits of HMAC-SHA-256 under the residents' key, in base64url. Nothing of it is stored. */
#define GUARD_PARTY_LINK 44
void guard_party_link(const Guard *guard, const BaseId *case_id, const char *party,
                      char out[GUARD_PARTY_LINK]);
gboolean guard_party_case(const char *link, BaseId *out); /* whose case it claims; FALSE: no link at all */
gboolean guard_party_fits(const Guard *guard, const char *link, const char *party); /* in constant time */
#define GUARD_LINK 33
/* A mark by which a row of a table is known again in this city, telling nothing of what it says. */
void guard_row_mark(const Guard *guard, const void *bytes, gsize n, char out[GUARD_LINK]);
gboolean guard_link_hash(const char *link, guint8 out[32]); /* FALSE when it is not 32 hex digits */

/* The secret by which one signer reaches one version of one document of a case; 128 bits in hex. Only its
 * hash is stored.
 */
void guard_sign_link(const Guard *guard, const BaseId *case_id, const char *document, int version,
                     const char *signer, char out[GUARD_LINK]);

/* ---- the city's seal: detached signatures over bytes ---- */
typedef enum {
    GUARD_SEAL_ED25519, /* RFC 8032; 64 bytes */
    GUARD_SEAL_SM2,     /* GB/T 32918.2 with SM3, in DER; drawn anew each time */
    GUARD_SEALS
} GuardSealKind;
/* NULL: OpenSSL refuses. From any thread. */
GBytes *guard_seal(const Guard *guard, GuardSealKind kind, const void *bytes, gsize n, GError **error);
const char *guard_seal_key(const Guard *guard, GuardSealKind kind); /* public key, PEM; the guard's own */

/* ---- gateways of notices ---- */
/* The secret shared with a gateway, as Standard Webhooks writes it ("whsec_" and base64 of 24 to 64 bytes),
 * from the file "gateway-NAME" beside the keys; `make` draws one of 32 bytes when there is none. NAME is
 * [a-z0-9-], 1 to 24. */
char *guard_gateway_secret(const Guard *guard, const char *name, gboolean make, GError **error);

/* ---- writes of people: any event a user causes that is not a case's own goes through here ---- */
/* Inside a job; the event's number, or 0. */
gint64 guard_log(StoreConn *conn, Guard *guard, LedgerEvent *event, GError **error);
BaseChance *guard_chance(Guard *guard); /* for use on the writer thread */

/* ---- checkpoints: C2SP signed notes over (size, root) ---- */
/* The newest: signs one when the ledger has grown since the last. Text of the note; caller frees.
 * LEDGER_ERROR_DAMAGED: the ledger no longer holds what was signed before (an older copy, a rewrite); nothing
 * is signed over that. Hold no snapshot while calling. */
char *guard_checkpoint(Guard *guard, gint64 at, GError **error);
char *guard_public_key(const Guard *guard); /* "bihuan+<hash>+<base64>" verifier key of C2SP; caller frees */

/* The text hashed into the leaf of one event, and the leaf: for inclusion proofs. Holds no body, private or
 * open, only their commitment. NULL and LEDGER_ERROR_RANGE when there is no such event. */
char *guard_event_head(StoreConn *conn, gint64 seq, guint8 leaf[LEDGER_HASH], GError **error);

typedef struct {
    LedgerCheck ledger;
    gint64 checkpoints, bad_checkpoint; /* size of the first checkpoint that does not fit; 0: none */
    gboolean sound;
    char why[256];
} GuardAudit;
/* Finding something is not an error: `out` says so. FALSE only when store or keys cannot be read.
 * Everything: leaves, tree, each stored checkpoint's signature and root, and the copy of the newest
 * checkpoint kept beside the keys (a truncated ledger is found by it). `witness` (may be NULL): a note
 * somebody else kept. */
gboolean guard_audit_verify(Guard *guard, const char *witness, StoreProgress progress, gpointer data,
                            GuardAudit *out, GError **error);
