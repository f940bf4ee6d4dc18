/* georeport_fuzz.c - any bytes as a form: refused, or texts within the limits, whose XML is one that GLib
 * reads. */
#include "api/georeport.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const GMarkupParser deaf = { 0 };
    const char *key;
    json_t *value, *form = georeport_form(data, size, NULL), *list = json_array();
    g_autofree char *text = g_strndup((const char *)data, size);
    gint64 at;
    georeport_read_time(text, &at);
    if (form) g_assert_cmpuint(json_object_size(form), <=, GEOREPORT_ARGUMENTS + 1);
    json_object_foreach(form, key, value)
    {
        if (json_is_string(value)) json_array_append_new(list, json_pack("{s:O}", "description", value));
    }
    g_autofree char *xml = georeport_write(list, "errors", GEOREPORT_XML);
    g_autoptr(GMarkupParseContext) reader = g_markup_parse_context_new(&deaf, 0, NULL, NULL);
    g_assert_true(g_markup_parse_context_parse(reader, xml, (gssize)strlen(xml), NULL) &&
                  g_markup_parse_context_end_parse(reader, NULL));
    json_decref(list);
    json_decref(form);
    return 0;
}
