/* say.c - a field's value as people read it. */
#include "base/calendar.h"
#include "pack/pack.h"
#include <string.h>

static void put_number(GString *out, const PackField *field, const json_t *value, gint64 utc_offset)
{
    char when[17];
    if (field->is_time) {
        base_time_write(json_integer_value(value), utc_offset, when);
        g_string_append(out, when);
    } else if (json_is_integer(value)) {
        g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        g_string_append_printf(out, "%g", json_real_value(value));
    }
}

gboolean pack_say(const Pack *pack, const PackField *field, const json_t *value, const char *lang,
                  gint64 utc_offset, GString *out)
{
    const char *text = json_string_value(value);
    const char *title = text && field->list ? pack_code_title(pack, field->list, text, lang) : NULL;
    gboolean en = !strcmp(lang, "en");
    if (text)
        g_string_append(out, title ? title : text);
    else if (json_is_number(value))
        put_number(out, field, value, utc_offset);
    else if (json_is_boolean(value))
        g_string_append(out, json_is_true(value) ? (en ? "yes" : "是") : (en ? "no" : "否"));
    else
        return FALSE;
    return TRUE;
}
