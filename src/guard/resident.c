/* resident.c - the one-time link of a resident: a keyed hash of the case, so that it can be written again
 * without being stored, and cannot be made without the residents' key. And, by the same key, marks of rows.
 */
#include "guard/inside.h"

#define LINK_BYTES ((GUARD_LINK - 1) / 2)

/* The labels, with their NULs, keep the uses of the key apart. */
static void keyed(const Guard *guard, const char *label, const void *bytes, gsize n, char out[GUARD_LINK])
{
    guint8 mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, guard->residents, sizeof guard->residents);
    crypto_auth_hmacsha256_update(&state, (const guint8 *)label, strlen(label) + 1);
    crypto_auth_hmacsha256_update(&state, bytes, n);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(out, GUARD_LINK, mac, LINK_BYTES);
    sodium_memzero(mac, sizeof mac);
}

void guard_resident_link(const Guard *guard, const BaseId *case_id, char out[GUARD_LINK])
{
    keyed(guard, "bihuan resident link", case_id->b, sizeof case_id->b, out);
}

void guard_row_mark(const Guard *guard, const void *bytes, gsize n, char out[GUARD_LINK])
{
    keyed(guard, "bihuan row mark", bytes, n, out);
}

/* Parts with their lengths before them, so that no two signers share a text. */
void guard_sign_link(const Guard *guard, const BaseId *case_id, const char *document, int version,
                     const char *signer, char out[GUARD_LINK])
{
    g_autofree char *text =
        g_strdup_printf("%zu:%s %d %zu:%s", strlen(document), document, version, strlen(signer), signer);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, case_id->b, sizeof case_id->b);
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
    keyed(guard, "bihuan sign link", bytes->data, bytes->len, out);
}

gboolean guard_resident_hash(const char *link, guint8 out[32])
{
    guint8 raw[LINK_BYTES];
    size_t n;
    if (!link || strlen(link) != GUARD_LINK - 1) return FALSE;
    if (sodium_hex2bin(raw, sizeof raw, link, GUARD_LINK - 1, NULL, &n, NULL) != 0 || n != sizeof raw)
        return FALSE;
    crypto_hash_sha256(out, raw, sizeof raw);
    sodium_memzero(raw, sizeof raw);
    return TRUE;
}
