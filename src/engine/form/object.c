/* object.c - objects: the properties by name and by pattern, the others, what must be there. */
#include "engine/form/inside.h"
#include <string.h>

/* An unknown key is said to be unknown, rather than that it "must be left out". */
static gboolean other(FormWalk *w, const FormNode *node, const FormNode *of, const char *keyword,
                      const char *key, const json_t *child)
{
    return of->never ? form_refuse_key(w, node, keyword, FORM_UNKNOWN, key, NULL)
                     : form_walk_key(w, of, key, child);
}

static gboolean by_pattern(FormWalk *w, const FormNode *node, const char *key, const json_t *child,
                           gboolean *met)
{
    gboolean ok = TRUE, too_costly;
    for (guint i = 0; node->pattern_properties && i < node->pattern_properties->len; i++) {
        const FormPatternProperty *p = &g_array_index(node->pattern_properties, FormPatternProperty, i);
        if (form_regex_holds(w, p->regex, key, &too_costly)) {
            ok = form_walk_key(w, p->node, key, child) && ok;
            *met = TRUE;
        } else if (too_costly) {
            ok = form_refuse_key(w, node, "patternProperties", FORM_COST, key, NULL);
        }
    }
    return ok;
}

static gboolean property(FormWalk *w, const FormNode *node, const char *key, const json_t *child,
                         FormSeen *seen)
{
    const FormNode *of = node->properties ? g_hash_table_lookup(node->properties, key) : NULL;
    gboolean met = of != NULL, ok = !of || form_walk_key(w, of, key, child);
    ok = by_pattern(w, node, key, child, &met) && ok;
    if (!met && node->additional) {
        ok = other(w, node, node->additional, "additionalProperties", key, child) && ok;
        met = TRUE;
    }
    if (met) {
        form_seen_key(w, seen, key);
    }
    if (node->names) {
        json_t *name = json_string(key);
        if (!form_walk_quiet(w, node->names, name, NULL)) {
            ok = form_refuse_key(w, node, "propertyNames", FORM_NAME, key, NULL);
        }
        json_decref(name);
    }
    return ok;
}

static gboolean lists(FormWalk *w, const FormNode *node, const json_t *value)
{
    gboolean ok = TRUE;
    for (gsize i = 0; i < json_array_size(node->required); i++) {
        const char *key = json_string_value(json_array_get(node->required, i));
        if (!json_object_get(value, key)) {
            ok = form_refuse_key(w, node, "required", FORM_REQUIRED, key, NULL);
        }
    }
    const char *given;
    json_t *needed;
    json_object_foreach((json_t *)node->dependent_required, given, needed)
    {
        for (gsize i = 0; json_object_get(value, given) && i < json_array_size(needed); i++) {
            const char *key = json_string_value(json_array_get(needed, i));
            if (!json_object_get(value, key)) {
                ok = form_refuse_key(w, node, "dependentRequired", FORM_DEPENDENT, key, given);
            }
        }
    }
    return ok;
}

static gboolean counts(FormWalk *w, const FormNode *node, const json_t *value)
{
    const gint64 n = (gint64)json_object_size(value);
    if (node->min_properties >= 0 && n < node->min_properties) {
        return form_refuse_count(w, node, "minProperties", FORM_MIN_PROPERTIES, node->min_properties);
    }
    return node->max_properties < 0 || n <= node->max_properties ||
           form_refuse_count(w, node, "maxProperties", FORM_MAX_PROPERTIES, node->max_properties);
}

static gboolean dependent_schemas(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    GHashTableIter iter;
    gpointer key, of;
    gboolean ok = TRUE;
    g_hash_table_iter_init(&iter, node->dependent_schemas);
    while (g_hash_table_iter_next(&iter, &key, &of)) {
        if (json_object_get(value, key)) {
            ok = form_walk(w, of, value, seen) && ok;
        }
    }
    return ok;
}

gboolean form_object(FormWalk *w, const FormNode *node, json_t *value, FormSeen *seen)
{
    const char *key;
    json_t *child;
    gboolean ok = counts(w, node, value);
    ok = lists(w, node, value) && ok;
    if (node->properties || node->pattern_properties || node->additional || node->names) {
        json_object_foreach(value, key, child)
        {
            ok = property(w, node, key, child, seen) && ok;
        }
    }
    return (!node->dependent_schemas || dependent_schemas(w, node, value, seen)) && ok;
}

gboolean form_object_rest(FormWalk *w, const FormNode *node, json_t *value, FormSeen *seen)
{
    const char *key;
    json_t *child;
    gboolean ok = TRUE;
    json_object_foreach(value, key, child)
    {
        if (!seen->keys || !g_hash_table_contains(seen->keys, key)) {
            ok = other(w, node, node->unevaluated_properties, "unevaluatedProperties", key, child) && ok;
            form_seen_key(w, seen, key);
        }
    }
    return ok;
}
