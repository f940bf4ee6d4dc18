/* array.c - lists: the first items, the others, what must be contained, how many, and none twice. */
#include "base/json.h"
#include "engine/form/inside.h"
#include <math.h>

static gboolean items(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    const gsize fixed = node->prefix_items ? node->prefix_items->len : 0;
    gboolean ok = TRUE;
    for (gsize i = 0; i < json_array_size(value); i++) {
        const FormNode *of = i < fixed ? node->prefix_items->pdata[i] : node->items;
        if (of) {
            ok = form_walk_item(w, of, i, json_array_get(value, i)) && ok;
            form_seen_item(w, seen, value, i);
        }
    }
    return ok;
}

static gboolean contains(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    const gint64 least = node->min_contains < 0 ? 1 : node->min_contains;
    gint64 fits = 0;
    for (gsize i = 0; i < json_array_size(value); i++) {
        if (form_walk_quiet(w, node->contains, json_array_get(value, i), NULL)) {
            form_seen_item(w, seen, value, i);
            fits++;
        }
    }
    if (fits < least) {
        return form_refuse_count(w, node, node->min_contains < 0 ? "contains" : "minContains",
                                 FORM_MIN_CONTAINS, least);
    }
    return node->max_contains < 0 || fits <= node->max_contains ||
           form_refuse_count(w, node, "maxContains", FORM_MAX_CONTAINS, node->max_contains);
}

/* A copy in which 1.0 is 1, so that the same values have the same text. */
static json_t *plain(const json_t *value)
{
    const char *key;
    json_t *item, *copy;
    if (json_is_real(value) && fabs(json_real_value(value)) < 9e15 &&
        (form_types_of(value) & FORM_IS_INTEGER)) {
        return json_integer((json_int_t)json_real_value(value));
    }
    if (json_is_array(value)) {
        copy = json_array();
        for (gsize i = 0; i < json_array_size(value); i++) {
            json_array_append_new(copy, plain(json_array_get(value, i)));
        }
        return copy;
    }
    if (!json_is_object(value)) {
        return json_incref((json_t *)value);
    }
    copy = json_object();
    json_object_foreach((json_t *)value, key, item)
    {
        json_object_set_new(copy, key, plain(item));
    }
    return copy;
}

static gboolean unique(FormWalk *w, const FormNode *node, const json_t *value)
{
    g_autoptr(GHashTable) met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    w->steps += (guint)json_array_size(value) * 4; /* copies weigh more than looks */
    for (gsize i = 0; i < json_array_size(value); i++) {
        json_t *bare = plain(json_array_get(value, i));
        const gboolean new = g_hash_table_add(met, base_json_canonical(bare));
        json_decref(bare);
        if (!new) {
            return form_refuse(w, node, "uniqueItems", FORM_UNIQUE, NULL);
        }
    }
    return TRUE;
}

gboolean form_array(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    const gint64 n = (gint64)json_array_size(value);
    gboolean ok = TRUE;
    if (node->min_items >= 0 && n < node->min_items) {
        ok = form_refuse_count(w, node, "minItems", FORM_MIN_ITEMS, node->min_items);
    }
    if (node->max_items >= 0 && n > node->max_items) {
        ok = form_refuse_count(w, node, "maxItems", FORM_MAX_ITEMS, node->max_items);
    }
    if (node->prefix_items || node->items) {
        ok = items(w, node, value, seen) && ok;
    }
    if (node->contains) {
        ok = contains(w, node, value, seen) && ok;
    }
    return (!node->unique || unique(w, node, value)) && ok;
}

gboolean form_array_rest(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    gboolean ok = TRUE;
    for (gsize i = 0; i < json_array_size(value); i++) {
        if (!seen->items || !seen->items[i]) {
            ok = form_walk_item(w, node->unevaluated_items, i, json_array_get(value, i)) && ok;
            form_seen_item(w, seen, value, i);
        }
    }
    return ok;
}
