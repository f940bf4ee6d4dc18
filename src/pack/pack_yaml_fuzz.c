/* Any bytes: a tree or a refusal with its place, never both, never neither. */
#include "pack/pack.h"
#include "pack/yaml.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    g_autoptr(GError) error = NULL;
    json_t *tree = pack_yaml_parse((const char *)data, size, places, &error);
    g_assert((tree != NULL) == (error == NULL));
    json_decref(tree);
    return 0;
}
