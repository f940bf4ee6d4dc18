/* sign.c - Standard Webhooks over libsodium's HMAC. */
#include "desk/notice/sign.h"
#include <sodium.h>
#include <string.h>

#define PREFIX "whsec_"
#define KEY_MOST 64
#define KEY_LEAST 24
#define ID_MOST 200

static gsize key_of(const char *secret, guint8 key[KEY_MOST])
{
    size_t n = 0;
    const char *end = NULL;
    if (!secret || !g_str_has_prefix(secret, PREFIX)) return 0;
    const char *text = secret + strlen(PREFIX);
    if (sodium_base642bin(key, KEY_MOST, text, strlen(text), NULL, &n, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return 0;
    return *end || n < KEY_LEAST ? 0 : n;
}

gboolean notice_secret_sound(const char *secret)
{
    guint8 key[KEY_MOST];
    gboolean sound = key_of(secret, key) > 0;
    sodium_memzero(key, sizeof key);
    return sound;
}

static void mac(const char *secret, const char *id, const char *timestamp, const char *body, gsize length,
                guint8 out[crypto_auth_hmacsha256_BYTES])
{
    guint8 key[KEY_MOST];
    gsize n = key_of(secret, key);
    g_assert(n > 0);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, n);
    crypto_auth_hmacsha256_update(&state, (const guint8 *)id, strlen(id));
    crypto_auth_hmacsha256_update(&state, (const guint8 *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const guint8 *)timestamp, strlen(timestamp));
    crypto_auth_hmacsha256_update(&state, (const guint8 *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const guint8 *)body, length);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
}

char *notice_sign(const char *secret, const char *id, gint64 seconds, const char *body, gsize length)
{
    guint8 out[crypto_auth_hmacsha256_BYTES];
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
    mac(secret, id, timestamp, body, length, out);
    g_autofree char *base64 = g_base64_encode(out, sizeof out);
    return g_strconcat("v1,", base64, NULL);
}

static gboolean in_time(const char *timestamp, gint64 now)
{
    gint64 said;
    return g_ascii_string_to_signed(timestamp, 10, 0, G_MAXINT32 * G_GINT64_CONSTANT(1000), &said, NULL) &&
           ABS(said - now) <= NOTICE_TOLERANCE;
}

static gboolean same(const char *signature, const guint8 want[crypto_auth_hmacsha256_BYTES])
{
    guint8 got[crypto_auth_hmacsha256_BYTES];
    size_t n = 0;
    const char *end = NULL;
    if (!g_str_has_prefix(signature, "v1,")) return FALSE;
    const char *text = signature + 3;
    return sodium_base642bin(got, sizeof got, text, strlen(text), NULL, &n, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           !*end && n == sizeof got && sodium_memcmp(got, want, sizeof got) == 0;
}

gboolean notice_signed(const char *secret, const char *id, const char *timestamp, const char *signatures,
                       const char *body, gsize length, gint64 now_seconds)
{
    guint8 want[crypto_auth_hmacsha256_BYTES];
    if (!id || !timestamp || !signatures || strlen(id) > ID_MOST || !in_time(timestamp, now_seconds))
        return FALSE;
    mac(secret, id, timestamp, body, length, want);
    g_auto(GStrv) each = g_strsplit(signatures, " ", 8);
    gboolean found = FALSE;
    for (char **s = each; *s; s++)
        found |= same(*s, want);
    return found;
}
