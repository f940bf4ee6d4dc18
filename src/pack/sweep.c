/* sweep.c - every title and every text that people read, swept for what no pack may hold (lawful.c knows the
 * words): of states, events, clocks, notices, figures, reports, forms and documents. */
#include "pack/inside.h"
#include <string.h>

/* Where names are judged one by one already, or values together; and sample calls, which are what people say.
 */
static gboolean judged_elsewhere(const char *name)
{
    static const char *const names[] = { "types.yaml", PACK_EXPANDED, NULL };
    return g_strv_contains(names, name) || g_str_has_prefix(name, "scenarios/");
}

static gboolean is_read(const char *key)
{
    static const char *const keys[] = { "zh", "en", "title", "description", "text", NULL };
    return g_strv_contains(keys, key);
}

/* A long text is refused at the place of the word. */
static PackSpot spot_in(const PackFile *file, const json_t *in, const char *key, const char *text,
                        const char *word)
{
    const char *at = strstr(text, word), *line = text;
    guint lines = 1;
    for (const char *p = text; at && p < at; p++) {
        if (*p != '\n') continue;
        lines++;
        line = p + 1;
    }
    return at && lines > 1 ? PACK_AT_TEXT(file, in, key, lines, (guint)g_utf8_strlen(line, at - line) + 1)
                           : PACK_AT_VALUE(file, in, key);
}

static void sweep_text(const PackFile *file, const json_t *in, const char *key, PackRefusals *refusals)
{
    const char *text = pack_text(in, key), *what, *word;
    if (!pack_lawful_text(text, &what, &word)) {
        pack_refuse(refusals, PACK_RULE(lawful, text), spot_in(file, in, key, text, word),
                    "'%s' names %s; no pack may ask for it or speak of it (个人信息保护法 art. 6 and 28, "
                    "docs/law.md): remove it",
                    word, what);
    }
}

static void sweep(const PackFile *file, const json_t *value, PackRefusals *refusals)
{
    const char *key;
    json_t *item;
    for (gsize i = 0; i < json_array_size(value); i++)
        sweep(file, json_array_get(value, i), refusals);
    json_object_foreach((json_t *)value, key, item)
    {
        if (json_is_string(item) && is_read(key))
            sweep_text(file, value, key, refusals);
        else
            sweep(file, item, refusals);
    }
}

void pack_sweep(const GPtrArray *files, PackRefusals *refusals)
{
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        if (!judged_elsewhere(file->name)) sweep(file, file->tree, refusals);
    }
}
