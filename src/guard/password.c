/* password.c - argon2id (RFC 9106) by libsodium: 64 MiB, 3 passes, two at a time, and which passwords are
 * refused.
 *
 * A login that is not there costs the same work against nobody's hash, so that the time of an answer does not
 * tell which logins exist. The memory limit times GUARD_PASSWORDS_AT_ONCE is all that sign-ins can ever take.
 */
#include "guard/inside.h"

#define PASSWORD_PASSES 3
#define PASSWORD_MEMORY ((gsize)64 << 20)
#define PASSWORD_DIFFERENT 4 /* different characters at least */

/* The cost of the real ones with a salt and hash drawn once: nothing is known to fit it. */
static const char nobody[] =
    "$argon2id$v=19$m=65536,t=3,p=1$BLurUM6v8pIMQVkPPt0Dfg$NBIbwEi4ScB5K2YFcVXRRvx6DlWq6tZzzRbRFyJ8k7Y";

/* Those of ten and more characters that head every published list; short ones fall by their length. */
static const char *const common[] = {
    "1234567890",    "12345678910", "123456789a",    "0123456789",   "0987654321",   "1q2w3e4r5t",
    "1qaz2wsx3edc",  "q1w2e3r4t5",  "qwertyuiop",    "qwerty12345",  "qwerty123456", "asdfghjkl;",
    "password12",    "password123", "password1234",  "passw0rd123",  "p@ssw0rd123",  "password12345",
    "administrator", "admin12345",  "admin123456",   "welcome123",   "letmein123",   "iloveyou123",
    "changeme123",   "woaini1314",  "woaini5201314", "5201314520",   "abc1234567",   "abcd123456",
    "abc123456789",  "a123456789",  "aa12345678",    "qq123456789",  "zxcvbnm123",   "1234567890-",
    "123456789q",    "147258369a",  "qazwsxedcrfv",  "1qaz@wsx3edc", NULL,
};

static gsize different_characters(const char *text)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        g_hash_table_add(seen, GUINT_TO_POINTER(g_utf8_get_char(p)));
    return g_hash_table_size(seen);
}

gboolean guard_password_sound(const char *login, const char *password, GError **error)
{
    const char *why = NULL;
    if (!g_utf8_validate(password, -1, NULL)) {
        why = "is not UTF-8";
    } else if (g_utf8_strlen(password, -1) < GUARD_PASSWORD_MIN) {
        why = "has fewer than 10 characters";
    } else {
        g_autofree char *lower = g_utf8_strdown(password, -1);
        if (different_characters(password) < PASSWORD_DIFFERENT) why = "repeats a few characters";
        if (g_strv_contains(common, lower)) why = "is one of those that everybody tries first";
        if (g_str_equal(lower, login)) why = "is the login";
    }
    if (why)
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "the password %s; take a few words instead", why);
    return !why;
}

static void gate_enter(Guard *guard)
{
    g_mutex_lock(&guard->gate_lock);
    while (guard->gate_inside >= GUARD_PASSWORDS_AT_ONCE)
        g_cond_wait(&guard->gate_open, &guard->gate_lock);
    guard->gate_inside++;
    g_mutex_unlock(&guard->gate_lock);
}

static void gate_leave(Guard *guard)
{
    g_mutex_lock(&guard->gate_lock);
    guard->gate_inside--;
    g_cond_signal(&guard->gate_open);
    g_mutex_unlock(&guard->gate_lock);
}

gboolean guard_password_hash(Guard *guard, const char *password, char out[crypto_pwhash_STRBYTES],
                             GError **error)
{
    gate_enter(guard);
    int failed = crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    gate_leave(guard);
    if (failed)
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "no 64 MiB of memory free to hash a password");
    return !failed;
}

gboolean guard_password_fits(Guard *guard, const char *hash, const char *password)
{
    gate_enter(guard);
    int fits = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0;
    gate_leave(guard);
    return fits && hash;
}
