/* json_fuzz.c - what is accepted writes back to something that reads as the same. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    json_t *tree = base_json_parse((const char *)data, size, BASE_JSON_REQUEST, NULL);
    if (!tree) return 0;
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_tree(&j, tree);
    json_t *again = base_json_parse(out->str, out->len, BASE_JSON_LARGE, NULL);
    g_assert_true(json_equal(tree, again));
    json_decref(tree);
    json_decref(again);
    return 0;
}
