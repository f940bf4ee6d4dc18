/* compare.c - is a newer version of a pack a pure addition to an older one? Then running cases may take it
 * over at once; otherwise they stay on theirs until somebody moves them (loop/case/migrate.h). */
#include "pack/inside.h"
#include <string.h>

/* The file as it governs: what traits made of it, where they did. */
static const json_t *governing(const Pack *pack, const char *name)
{
    const json_t *made = json_object_get(json_object_get(pack->whole, PACK_EXPANDED), name);
    return made ? made : json_object_get(pack->whole, name);
}

/* Words for people may always be mended: equal but for them. */
static gboolean is_words(const char *key)
{
    static const char *const words[] = { "zh", "en", "title", "x-help", NULL };
    return g_strv_contains(words, key);
}

static gboolean same(const json_t *a, const json_t *b);

static gboolean within(const json_t *a, const json_t *b)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)a, key, value)
    {
        if (!is_words(key) && !same(value, json_object_get(b, key))) return FALSE;
    }
    return TRUE;
}

static gboolean same(const json_t *a, const json_t *b)
{
    if (json_is_object(a) && json_is_object(b)) return within(a, b) && within(b, a);
    if (!json_is_array(a) || !json_is_array(b)) return json_equal(a, b);
    gboolean good = json_array_size(a) == json_array_size(b);
    for (gsize i = 0; good && i < json_array_size(a); i++)
        good = same(json_array_get(a, i), json_array_get(b, i));
    return good;
}

static const json_t *item(const json_t *list, const char *key, const char *id)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *each = json_array_get(list, i);
        if (g_strcmp0(pack_text(each, key), id) == 0) return each;
    }
    return NULL;
}

static gboolean say(char **why, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean say(char **why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *why = g_strdup_vprintf(format, args);
    va_end(args);
    return FALSE;
}

/* Every old item is there, unchanged; new ones may have come. */
static gboolean grown(const json_t *before, const json_t *after, const char *key, const char *what,
                      char **why)
{
    for (gsize i = 0; i < json_array_size(before); i++) {
        const json_t *old = json_array_get(before, i), *now = item(after, key, pack_text(old, key));
        if (!now) return say(why, "%s '%s' is gone", what, pack_text(old, key));
        if (!same(old, now)) return say(why, "%s '%s' is another", what, pack_text(old, key));
    }
    return TRUE;
}

static gboolean lists_grown(const json_t *before, const json_t *after, char **why)
{
    const char *id;
    json_t *codes;
    json_object_foreach((json_t *)before, id, codes)
    {
        if (!grown(codes, json_object_get(after, id), "code", "code", why)) return FALSE;
    }
    return TRUE;
}

static const char *list_of(const char *file)
{
    static const char *const files[][2] = { { "notices.yaml", "notices" },
                                            { "indicators.yaml", "indicators" },
                                            { "reports.yaml", "reports" } };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        if (strcmp(files[i][0], file) == 0) return files[i][1];
    return NULL;
}

/* Concerns what is to come or how it is told, never how a running case goes. */
static gboolean is_free(const char *file)
{
    return strcmp(file, "pack.yaml") == 0 || strcmp(file, "intake.yaml") == 0 ||
           strcmp(file, PACK_EXPANDED) == 0 || strcmp(file, "plans.yaml") == 0 ||
           g_str_has_prefix(file, "scenarios/");
}

static gboolean file_grown(const char *file, const json_t *before, const json_t *after, char **why)
{
    if (is_free(file)) return TRUE;
    if (strcmp(file, "types.yaml") == 0)
        return lists_grown(json_object_get(before, "lists"), json_object_get(after, "lists"), why) &&
               grown(json_object_get(before, "fields"), json_object_get(after, "fields"), "id", "field", why);
    const char *list = list_of(file);
    if (list) return grown(json_object_get(before, list), json_object_get(after, list), "id", file, why);
    /* A new document moves nothing by itself: the procedure that makes it is another, and says so. A changed
     * one is no mending: its parties may be about to sign what it said, so their cases keep it. */
    if (g_str_has_prefix(file, "documents/") && !before) return TRUE;
    return same(before, after) || say(why, "%s is another", file);
}

gboolean pack_additive(const Pack *before, const Pack *after, char **why)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const json_t *const wholes[] = { before->whole, after->whole };
    const char *file;
    json_t *tree;
    *why = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(wholes); i++) {
        json_object_foreach((json_t *)wholes[i], file, tree)
        {
            if (g_hash_table_add(seen, (gpointer)file) &&
                !file_grown(file, governing(before, file), governing(after, file), why))
                return FALSE;
        }
    }
    return TRUE;
}
