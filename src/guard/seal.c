/* seal.c - the city's seal: two signatures over the same bytes, Ed25519 (RFC 8032) and SM2 with SM3 (GB/T
 * 32918.2, GB/T 35276: the signer's name is 1234567812345678). Anybody with a copy of OpenSSL checks them.
 *
 * The keys are PKCS #8 files beside the log's key, drawn from the system when there are none; each public key
 * goes with what it sealed, so that an old seal is checked after the keys were changed. */
#include "guard/inside.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define SM2_NAME "1234567812345678"
#define SIGNATURE_MOST 128

static const char *const files[] = { "seal-ed25519.key", "seal-sm2.key" };

static EVP_PKEY *key_draw(GuardSealKind kind)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, kind == GUARD_SEAL_SM2 ? "SM2" : "ED25519");
}

static char *pem_of(EVP_PKEY *key, gboolean secret)
{
    BIO *out = BIO_new(BIO_s_secmem());
    char *bytes = NULL, *text = NULL;
    if (secret ? PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL)
               : PEM_write_bio_PUBKEY(out, key)) {
        long n = BIO_get_mem_data(out, &bytes);
        text = g_strndup(bytes, (gsize)n);
    }
    BIO_free(out);
    return text;
}

static EVP_PKEY *key_of(const char *pem, GuardSealKind kind)
{
    BIO *in = BIO_new_mem_buf(pem, (int)strlen(pem));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    BIO_free(in);
    if (key && EVP_PKEY_is_a(key, kind == GUARD_SEAL_SM2 ? "SM2" : "ED25519")) return key;
    EVP_PKEY_free(key);
    return NULL;
}

static gboolean refuse(GError **error, const Guard *guard, GuardSealKind kind, const char *why)
{
    g_set_error(error, GUARD_ERROR, GUARD_ERROR_KEY, "%s/%s: %s", guard->keys, files[kind], why);
    return FALSE;
}

static char *key_make(Guard *guard, GuardSealKind kind, GError **error)
{
    EVP_PKEY *drawn = key_draw(kind);
    char *text = drawn ? pem_of(drawn, TRUE) : NULL;
    EVP_PKEY_free(drawn);
    if (!text) refuse(error, guard, kind, "OpenSSL cannot draw such a key");
    if (text && !guard_keys_write(guard, files[kind], text, FALSE, error)) g_clear_pointer(&text, g_free);
    return text;
}

/* A city from before there were seals gets its keys now. */
gboolean guard_seal_load(Guard *guard, GError **error)
{
    for (GuardSealKind kind = 0; kind < GUARD_SEALS; kind++) {
        gboolean absent = FALSE;
        char *text = guard_keys_read(guard, files[kind], &absent, error);
        if (!text && absent) text = key_make(guard, kind, error);
        if (!text) return FALSE;
        guard->seal[kind] = key_of(text, kind);
        sodium_memzero(text, strlen(text));
        g_free(text);
        if (!guard->seal[kind])
            return refuse(error, guard, kind, "is damaged; bring it back from the backup of the keys");
        guard->seal_pem[kind] = pem_of(guard->seal[kind], FALSE);
    }
    return TRUE;
}

void guard_seal_unload(Guard *guard)
{
    for (GuardSealKind kind = 0; kind < GUARD_SEALS; kind++) {
        EVP_PKEY_free(guard->seal[kind]);
        g_free(guard->seal_pem[kind]);
    }
}

const char *guard_seal_key(const Guard *guard, GuardSealKind kind)
{
    return guard->seal_pem[kind];
}

static gboolean begin(EVP_MD_CTX *md, EVP_PKEY *key, GuardSealKind kind)
{
    EVP_PKEY_CTX *how = NULL;
    return EVP_DigestSignInit(md, &how, kind == GUARD_SEAL_SM2 ? EVP_sm3() : NULL, NULL, key) == 1 &&
           (kind != GUARD_SEAL_SM2 || EVP_PKEY_CTX_set1_id(how, SM2_NAME, strlen(SM2_NAME)) == 1);
}

GBytes *guard_seal(const Guard *guard, GuardSealKind kind, const void *bytes, gsize n, GError **error)
{
    guint8 signature[SIGNATURE_MOST];
    size_t length = sizeof signature;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    gboolean ok = begin(md, guard->seal[kind], kind) &&
                  EVP_DigestSign(md, signature, &length, (const unsigned char *)bytes, n) == 1;
    EVP_MD_CTX_free(md);
    if (ok) return g_bytes_new(signature, length);
    refuse(error, guard, kind, "cannot sign");
    return NULL;
}
