/* refuse.c - refusals, gathered: each says file:line:column, what, and a hint. */
#include "base/text.h"
#include "pack/inside.h"
#include <string.h>

PackRefusals *pack_refusals_new(void)
{
    PackRefusals *refusals = g_new0(PackRefusals, 1);
    refusals->texts = g_ptr_array_new_with_free_func(g_free);
    refusals->codes = g_array_new(FALSE, FALSE, sizeof(int));
    return refusals;
}

void pack_refusals_free(PackRefusals *refusals)
{
    if (refusals) {
        g_clear_pointer(&refusals->texts, g_ptr_array_unref);
        g_array_unref(refusals->codes);
        g_free(refusals);
    }
}

/* ---- rules ---- */
const PackRule pack_rule[PACK_N_RULES] = {
#define RULE(group, name, kind, zh, en) { #group "." #name, PACK_ERROR_##kind, FALSE, zh, en },
#define LINT(group, name, kind, zh, en) { #group "." #name, PACK_ERROR_##kind, TRUE, zh, en },
#include "pack/rules.def"
#undef LINT
#undef RULE
};

const PackRule *pack_rules(gsize *n)
{
    *n = PACK_N_RULES;
    return pack_rule;
}

/* ---- refusing ---- */
static PackPlace place_of(PackSpot spot)
{
    if (!spot.in) {
        return (PackPlace){ spot.file->places ? 1 : 0, 1 };
    }
    if (!spot.key) {
        return pack_places_item(spot.file->places, spot.in, spot.index);
    }
    if (spot.line) {
        return pack_places_text(spot.file->places, spot.in, spot.key, spot.line, spot.column);
    }
    return spot.at_key ? pack_places_key(spot.file->places, spot.in, spot.key)
                       : pack_places_value(spot.file->places, spot.in, spot.key);
}

char *pack_spot_text(PackSpot spot)
{
    const PackPlace at = place_of(spot);
    const char *where = spot.file->where ? spot.file->where : spot.file->name;
    return at.line ? g_strdup_printf("%s:%u:%u", where, at.line, at.column) : g_strdup(spot.file->name);
}

guint pack_spot_line(PackSpot spot)
{
    return place_of(spot).line;
}

void pack_refuse_text(PackRefusals *refusals, const PackRule *rule, char *text)
{
    if (refusals->texts->len < PACK_MAX_REFUSALS && !(refusals->stored && rule->linter_only)) {
        g_ptr_array_add(refusals->texts, g_strdup_printf("%s [%s]", text, rule->id));
        g_array_append_val(refusals->codes, rule->code);
    }
    g_free(text);
}

void pack_refuse(PackRefusals *refusals, const PackRule *rule, PackSpot spot, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *at = pack_spot_text(spot);
    pack_refuse_text(refusals, rule, g_strdup_printf("%s: %s", at, what));
}

/* ---- names that are not there ---- */
GPtrArray *pack_known_keys(GHashTable *table)
{
    GPtrArray *known = g_ptr_array_new();
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, table);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        g_ptr_array_add(known, key);
    }
    return known;
}

GPtrArray *pack_known_in(const json_t *tree)
{
    GPtrArray *known = g_ptr_array_new();
    const char *key;
    json_t *value;
    for (gsize i = 0; i < json_array_size(tree); i++) {
        g_ptr_array_add(known, (gpointer)pack_text(json_array_get(tree, i), "id"));
    }
    json_object_foreach((json_t *)tree, key, value)
    {
        g_ptr_array_add(known, (gpointer)key);
    }
    return known;
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "did you mean 'x'?", or those there are, when they are few. */
static char *hint_of(const char *word, GPtrArray *known)
{
    g_ptr_array_sort(known, by_text);
    const guint n = known->len;
    g_ptr_array_add(known, NULL);
    const char *near = pack_nearest(word, (const char *const *)known->pdata);
    g_autofree char *all = n <= 12 ? g_strjoinv(", ", (char **)known->pdata) : NULL;
    return near       ? g_strdup_printf("did you mean '%s'?", near)
           : n && all ? g_strdup_printf("there are: %s", all)
                      : g_strdup_printf("write it there, or name %s", n ? "one that is" : "none");
}

void pack_refuse_unknown(PackRefusals *refusals, const PackRule *rule, PackSpot spot, const char *word,
                         GPtrArray *known, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args), *hint = hint_of(word, known);
    va_end(args);
    g_ptr_array_unref(known);
    pack_refuse(refusals, rule, spot, "%s; %s", what, hint);
}

const char *pack_nearest(const char *word, const char *const *known)
{
    const char *best = NULL;
    if (strlen(word) > 64) {
        return NULL;
    }
    gsize best_distance = MAX(2, strlen(word) / 2) + 1;
    for (; *known; known++) {
        const gsize d = base_text_edits(word, *known);
        if (d < best_distance) {
            best = *known;
            best_distance = d;
        }
    }
    return best;
}
