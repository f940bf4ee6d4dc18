/* text.c - filling the places of a template. Private facts cannot get in: they are not in a case's open
 * facts. */
#include "desk/notice/text.h"
#include <string.h>

static const json_t *fact(const Case *c, const json_t *event, const char *name)
{
    const json_t *brought = json_object_get(event, name);
    return brought ? brought : json_object_get(c->facts, name);
}

static void put_place(GString *out, const Case *c, const json_t *event, const char *name, const char *lang,
                      gint64 utc_offset, const char *link, const char *sign)
{
    const PackField *field = pack_field(c->pack, name);
    if (!strcmp(name, "number"))
        g_string_append(out, c->number);
    else if (!strcmp(name, "link"))
        g_string_append(out, link);
    else if (!strcmp(name, "sign_link"))
        g_string_append(out, sign ? sign : "-");
    else if (!field || field->klass != PACK_OPEN ||
             !pack_say(c->pack, field, fact(c, event, name), lang, utc_offset, out))
        g_string_append_c(out, '-');
}

char *notice_text(const Case *c, const PackNotice *notice, const json_t *event, const char *lang,
                  gint64 utc_offset, const char *link, const char *sign)
{
    const char *p = !strcmp(lang, "en") ? notice->text_en : notice->text_zh, *open, *end;
    g_autoptr(GString) out = g_string_new(NULL);
    while ((open = strchr(p, '{')) && (end = strchr(open, '}'))) {
        g_autofree char *name = g_strndup(open + 1, (gsize)(end - open - 1));
        g_string_append_len(out, p, open - p);
        put_place(out, c, event, name, lang, utc_offset, link, sign);
        p = end + 1;
    }
    g_string_append(out, p);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
