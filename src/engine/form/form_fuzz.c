/* form_fuzz.c - any JSON as a schema, any JSON as an instance (parted by a line): no crash, an end, and the
 * same answer with and without the list of refusals. */
#include "base/json.h"
#include "engine/form/form.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void judge(const FormSchema *schema, const json_t *instance)
{
    g_autoptr(GPtrArray) refusals = form_refusals_new();
    const gboolean fits = form_check(schema, instance, refusals);
    g_assert_true(fits == (refusals->len == 0) && fits == form_check(schema, instance, NULL));
    for (guint i = 0; i < refusals->len; i++) {
        const FormRefusal *refusal = refusals->pdata[i];
        g_autofree char *zh = form_refusal_text(refusal, "zh"), *en = form_refusal_text(refusal, "en");
        g_assert_true(g_utf8_validate(zh, -1, NULL) && g_utf8_validate(en, -1, NULL) && !strstr(en, "{}"));
        g_assert_true(!*refusal->at || *refusal->at == '/');
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    const guint8 *line = memchr(data, '\n', size);
    const gsize first = line ? (gsize)(line - data) : size;
    json_t *source = base_json_parse((const char *)data, first, BASE_JSON_REQUEST, NULL);
    json_t *instance =
        line ? base_json_parse((const char *)line, size - first, BASE_JSON_REQUEST, NULL) : NULL;
    g_autofree char *at = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(FormSchema) schema = source ? form_schema_new(source, &at, &error) : NULL;
    if (source && !schema) {
        g_assert_true(at && error && (!*at || *at == '/'));
    }
    if (schema && instance) {
        judge(schema, instance);
    }
    json_decref(source);
    json_decref(instance);
    return 0;
}
