/* Any bytes as the script of a real service: a script, or a refusal with its place; never both, never
 * neither. */
#include "city/script.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static Pack *pack;
    if (!pack) {
        g_autofree char *folder = g_build_filename(g_getenv("G_TEST_SRCDIR"), "packs", "workorder", NULL);
        pack = pack_load(folder, NULL);
        g_assert_nonnull(pack);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Script) script = script_parse("fuzz", (const char *)data, size, pack, &error);
    g_assert_true((script != NULL) == (error == NULL));
    return 0;
}
