/* tree.c - the Merkle tree of RFC 9162, 2.1, grown leaf by leaf on its right edge, and SHA-256 under it.
 * Knows nothing of events or rows. */
#include "store/seam.h"
#include <openssl/evp.h>
#include <string.h>

/* OpenSSL's SHA-256 uses the processor's SHA instructions; its context is worth keeping: one a thread. */
static EVP_MD_CTX *sha256_start(void)
{
    static const EVP_MD *sha256;
    static GPrivate mine = G_PRIVATE_INIT((GDestroyNotify)EVP_MD_CTX_free);
    static gsize once;
    if (g_once_init_enter(&once)) {
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        if (!sha256) g_error("store: OpenSSL has no SHA-256");
        g_once_init_leave(&once, 1);
    }
    EVP_MD_CTX *context = g_private_get(&mine);
    if (!context) g_private_set(&mine, context = EVP_MD_CTX_new());
    if (!EVP_DigestInit_ex2(context, sha256, NULL)) g_error("store: SHA-256 cannot start");
    return context;
}

void store_sha256(guint8 out[32], const void *a, gsize a_length, const void *b, gsize b_length)
{
    EVP_MD_CTX *context = sha256_start();
    EVP_DigestUpdate(context, a, a_length);
    if (b_length) EVP_DigestUpdate(context, b, b_length);
    EVP_DigestFinal_ex(context, out, NULL);
}

/* `out` may be `left` or `right`. */
static void node(const guint8 left[32], const guint8 right[32], guint8 out[32])
{
    guint8 both[65] = { 1 };
    memcpy(both + 1, left, 32);
    memcpy(both + 33, right, 32);
    store_sha256(out, both, sizeof both, NULL, 0);
}

void store_tree_push(StoreTree *tree, const guint8 leaf[32])
{
    guint8 hash[32];
    int height = 0;
    memcpy(hash, leaf, 32);
    for (; tree->size >> height & 1; height++) {
        guint8 left[32];
        memcpy(left, tree->edge[height], 32);
        memcpy(tree->edge[height], hash, 32);
        node(left, hash, hash);
    }
    g_assert(height < STORE_TREE_HEIGHT);
    memcpy(tree->edge[height], hash, 32);
    tree->size++;
}

/* From the smallest subtree leftwards, as RFC 9162 splits: the left part is the largest power of two. */
void store_tree_root(const StoreTree *tree, guint8 out[32])
{
    if (tree->size == 0) {
        store_sha256(out, "", 0, NULL, 0);
        return;
    }
    int height = g_bit_nth_lsf((gulong)tree->size, -1);
    memcpy(out, tree->edge[height], 32);
    while (++height < STORE_TREE_HEIGHT)
        if (tree->size >> height & 1) node(tree->edge[height], out, out);
}
