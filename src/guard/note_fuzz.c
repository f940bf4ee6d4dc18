/* note_fuzz.c - any bytes as a checkpoint: no crash, and what is accepted is exactly what the key signs. */
#include "guard/inside.h"
#include "guard/note.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static guint8 public[32], secret[64];
    static const guint8 seed[32] = { 1 };
    GuardNote note;
    if (sodium_init() == 0) crypto_sign_seed_keypair(public, secret, seed);
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!guard_note_open(text, public, &note, NULL)) return 0;
    g_autofree char *again = guard_note_sign(&note, secret);
    const char *body_end = strstr(again, "\n\n");
    g_assert(strncmp(text, again, (gsize)(body_end - again)) == 0);
    return 0;
}
