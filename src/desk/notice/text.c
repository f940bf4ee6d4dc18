/* text.c - filling the places of a template. Private facts cannot get in: they are not in a case's open
 * facts. */
#include "desk/notice/text.h"
#include "base/calendar.h"
#include <string.h>

static const json_t *fact(const Case *c, const json_t *event, const char *name)
{
    const json_t *brought = json_object_get(event, name);
    return brought ? brought : json_object_get(c->facts, name);
}

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

static void put_field(GString *out, const Case *c, const PackField *field, const json_t *value,
                      const char *lang, gint64 utc_offset)
{
    const char *text = json_string_value(value);
    const char *title = text && field->list ? pack_code_title(c->pack, field->list, text, lang) : NULL;
    if (text)
        g_string_append(out, title ? title : text);
    else if (json_is_number(value))
        put_number(out, field, value, utc_offset);
    else if (json_is_boolean(value))
        g_string_append(out, !strcmp(lang, "en") ? (json_is_true(value) ? "yes" : "no")
                                                 : (json_is_true(value) ? "是" : "否"));
    else
        g_string_append_c(out, '-');
}

static void put_place(GString *out, const Case *c, const json_t *event, const char *name, const char *lang,
                      gint64 utc_offset, const char *link)
{
    const PackField *field = pack_field(c->pack, name);
    if (!strcmp(name, "number"))
        g_string_append(out, c->number);
    else if (!strcmp(name, "link"))
        g_string_append(out, link);
    else if (field && field->klass == PACK_OPEN)
        put_field(out, c, field, fact(c, event, name), lang, utc_offset);
    else
        g_string_append_c(out, '-');
}

char *notice_text(const Case *c, const PackNotice *notice, const json_t *event, const char *lang,
                  gint64 utc_offset, const char *link)
{
    const char *p = !strcmp(lang, "en") ? notice->text_en : notice->text_zh, *open, *end;
    g_autoptr(GString) out = g_string_new(NULL);
    while ((open = strchr(p, '{')) && (end = strchr(open, '}'))) {
        g_autofree char *name = g_strndup(open + 1, (gsize)(end - open - 1));
        g_string_append_len(out, p, open - p);
        put_place(out, c, event, name, lang, utc_offset, link);
        p = end + 1;
    }
    g_string_append(out, p);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
