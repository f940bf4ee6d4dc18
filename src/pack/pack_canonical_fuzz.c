/* Any text as a stored pack: a pack whose canonical text gives the same version again, or a refusal. */
#include "pack/pack.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_from_canonical(text, &error);
    g_assert((pack != NULL) == (error == NULL));
    if (pack) {
        g_autoptr(Pack) again = pack_from_canonical(pack_canonical(pack), NULL);
        g_assert_nonnull(again);
        g_assert_cmpstr(pack_version(again), ==, pack_version(pack));
    }
    return 0;
}
