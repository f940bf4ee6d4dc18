/* inside.h - what the desks of this room share and nobody else may include.
 *
 * Threads: `chance` belongs to the writer thread; `sessions` and `generation` to `session_lock`; `gate` to
 * itself; signing to `sign_lock`; the keys are read-only after guard_open. */
#pragma once
#include <openssl/evp.h>
#include <sodium.h>
#include "guard/guard.h"

#define GUARD_HASH 32
#define GUARD_NAME "bihuan" /* key name and origin of our notes */
#define GUARD_PASSWORD_MIN 10
#define GUARD_PASSWORDS_AT_ONCE 2
#define GUARD_WRITE_BACK ((gint64)60 * 1000)

struct Guard {
    Store *store;
    char *keys; /* folder */
    BaseChance chance;
    guint8 secret[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES];
    guint8 residents[crypto_auth_hmacsha256_KEYBYTES];
    GMutex gate_lock;
    GCond gate_open;
    guint gate_inside; /* argon2id running now: at most GUARD_PASSWORDS_AT_ONCE */
    GMutex session_lock;
    GHashTable *sessions; /* guint8[32] -> Session of session.c */
    guint64 generation;   /* grows when sessions end, so that a slow reader does not cache a dead one */
    GMutex sign_lock;
    EVP_PKEY *seal[GUARD_SEALS]; /* seal.c */
    char *seal_pem[GUARD_SEALS];
};

/* ---- password.c ---- */
gboolean guard_password_sound(const char *login, const char *password, GError **error);
gboolean guard_password_hash(Guard *guard, const char *password, char out[crypto_pwhash_STRBYTES],
                             GError **error);
/* `hash` NULL: nobody's; the same work, and FALSE. */
gboolean guard_password_fits(Guard *guard, const char *hash, const char *password);

/* ---- user.c ---- */
gboolean guard_login_sound(const char *login);
GuardUser *guard_user_make(const char *login, const char *name, const char *org, const char *unit,
                           const char *roles);
GuardUser *guard_user_copy(const GuardUser *user);

/* ---- session.c ---- */
void guard_sessions_init(Guard *guard);
void guard_sessions_end(Guard *guard, const char *login); /* forget what is cached of them */

/* ---- keys.c ---- */
gboolean guard_keys_load(Guard *guard, gboolean make, GError **error);
/* A file in the keys' folder: NULL without error when `absent` (may be NULL) is given and it is not there. */
char *guard_keys_read(const Guard *guard, const char *name, gboolean *absent, GError **error);
gboolean guard_keys_write(const Guard *guard, const char *name, const char *text, gboolean replace,
                          GError **error);
#define GUARD_COPY "checkpoint" /* the newest checkpoint, beside the keys */

/* ---- seal.c ---- */
gboolean guard_seal_load(Guard *guard, GError **error);
void guard_seal_unload(Guard *guard);

/* ---- rights.c ---- */
gboolean guard_roles_sound(char *const *roles, GError **error);
