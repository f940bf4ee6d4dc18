/* resident.c - links of parties and signers: keyed hashes, so that they can be written again without being
 * stored, and cannot be made without the residents' key. And, by the same key, marks of rows. */
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

static void party_mac(const Guard *guard, const BaseId *case_id, const char *party, guint8 out[LINK_BYTES])
{
    char hex[GUARD_LINK];
    size_t n;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, case_id->b, sizeof case_id->b);
    g_byte_array_append(bytes, (const guint8 *)party, (guint)strlen(party));
    keyed(guard, "bihuan party link", bytes->data, bytes->len, hex);
    sodium_hex2bin(out, LINK_BYTES, hex, sizeof hex - 1, NULL, &n, NULL);
}

void guard_party_link(const Guard *guard, const BaseId *case_id, const char *party,
                      char out[GUARD_PARTY_LINK])
{
    guint8 bytes[sizeof case_id->b + LINK_BYTES];
    memcpy(bytes, case_id->b, sizeof case_id->b);
    party_mac(guard, case_id, party, bytes + sizeof case_id->b);
    sodium_bin2base64(out, GUARD_PARTY_LINK, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static gboolean party_read(const char *link, guint8 out[sizeof(BaseId) + LINK_BYTES])
{
    size_t n;
    return link && strlen(link) == GUARD_PARTY_LINK - 1 &&
           sodium_base642bin(out, sizeof(BaseId) + LINK_BYTES, link, GUARD_PARTY_LINK - 1, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == sizeof(BaseId) + LINK_BYTES;
}

gboolean guard_party_case(const char *link, BaseId *out)
{
    guint8 bytes[sizeof(BaseId) + LINK_BYTES];
    if (!party_read(link, bytes)) return FALSE;
    memcpy(out->b, bytes, sizeof out->b);
    return TRUE;
}

gboolean guard_party_fits(const Guard *guard, const char *link, const char *party)
{
    guint8 bytes[sizeof(BaseId) + LINK_BYTES], mac[LINK_BYTES];
    BaseId id;
    if (!party_read(link, bytes)) return FALSE;
    memcpy(id.b, bytes, sizeof id.b);
    party_mac(guard, &id, party, mac);
    return sodium_memcmp(mac, bytes + sizeof id.b, sizeof mac) == 0;
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

gboolean guard_link_hash(const char *link, guint8 out[32])
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
