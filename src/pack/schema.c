/* schema.c - walks a tree along a shape. */
#include "pack/schema.h"
#include <string.h>

static const char *kind_name(PackShapeKind kind)
{
    static const char *const names[] = { "a text",
                                         "a name",
                                         "a word",
                                         "an integer",
                                         "a number",
                                         "true or false",
                                         "one value or null",
                                         "one value",
                                         "a text or a list of texts",
                                         "an object (key: value)",
                                         "a list (- item)",
                                         "an object (name: value)",
                                         "an object with `use`" };
    return names[kind];
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = { "an object", "a list", "a text", "an integer",
                                         "a number",  "true",   "false",  "null" };
    return names[json_typeof(value)];
}

static gboolean fits_kind(PackShapeKind kind, const json_t *value)
{
    switch (kind) {
    case PACK_SHAPE_TEXT:
    case PACK_SHAPE_ID:
    case PACK_SHAPE_WORD:
        return json_is_string(value);
    case PACK_SHAPE_INT:
        return json_is_integer(value);
    case PACK_SHAPE_NUMBER:
        return json_is_number(value);
    case PACK_SHAPE_BOOL:
        return json_is_boolean(value);
    case PACK_SHAPE_CELL:
        return json_is_null(value) || fits_kind(PACK_SHAPE_SCALAR, value);
    case PACK_SHAPE_SCALAR:
        return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
    case PACK_SHAPE_TEXTS:
        return json_is_string(value) || json_is_array(value);
    case PACK_SHAPE_LIST:
        return json_is_array(value);
    case PACK_SHAPE_OBJECT:
    case PACK_SHAPE_MAP:
        return json_is_object(value);
    case PACK_SHAPE_USE:
        return json_is_object(value) && json_is_string(json_object_get(value, "use"));
    }
    return FALSE;
}

gboolean pack_is_name(const char *text)
{
    glong length = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p), length++) {
        const gunichar c = g_utf8_get_char(p);
        if (!(g_unichar_isalpha(c) || c == '_' || (length && (g_unichar_isdigit(c) || c == '-')))) {
            return FALSE;
        }
    }
    return length >= 1 && length <= 64;
}

static void check_text(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    const gsize length = g_utf8_strlen(json_string_value(value), -1), most = shape->max ? shape->max : 2000;
    if (length == 0) {
        pack_refuse(refusals, PACK_RULE(shape, length), spot,
                    "an empty text; write something or remove the key");
    } else if (length > most) {
        pack_refuse(refusals, PACK_RULE(shape, length), spot, "a text of %zu characters; at most %zu", length,
                    most);
    }
}

static void check_word(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    const char *word = json_string_value(value);
    if (!g_strv_contains(shape->words, word)) {
        g_autofree char *known = g_strjoinv(", ", (char **)shape->words);
        pack_refuse(refusals, PACK_RULE(shape, word), spot, "'%s' is not known here; one of: %s", word,
                    known);
    }
}

static void check_int(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    const gint64 v = json_integer_value(value);
    if ((shape->min || shape->max) && (v < shape->min || v > shape->max)) {
        pack_refuse(refusals, PACK_RULE(shape, range), spot,
                    "%" G_GINT64_FORMAT " is out of range; from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, v,
                    shape->min, shape->max);
    }
}

static void check_list(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    static const PackShape text = { .kind = PACK_SHAPE_TEXT };
    const gsize n = json_array_size(value), most = shape->max ? shape->max : 5000;
    if (n < (gsize)MAX(shape->min, 1) || n > most) {
        pack_refuse(refusals, PACK_RULE(shape, items), spot, "a list of %zu items; from %zu to %zu", n,
                    (gsize)MAX(shape->min, 1), most);
        return;
    }
    for (gsize i = 0; i < n; i++) {
        pack_shape_check(shape->of ? shape->of : &text, json_array_get(value, i),
                         PACK_AT_ITEM(spot.file, value, i), refusals);
    }
}

static const PackShapeKey *find_key(const PackShapeKey *keys, const char *key)
{
    for (; keys->key; keys++) {
        if (strcmp(keys->key, key) == 0) {
            return keys;
        }
    }
    return NULL;
}

static void refuse_key(const PackShapeKey *keys, const char *key, PackSpot spot, PackRefusals *refusals)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (; keys->key; keys++) {
        g_ptr_array_add(known, (char *)keys->key);
    }
    g_ptr_array_add(known, NULL);
    const char *near = pack_nearest(key, (const char *const *)known->pdata);
    g_autofree char *all = g_strjoinv(", ", (char **)known->pdata);
    if (near) {
        pack_refuse(refusals, PACK_RULE(shape, key), spot, "unknown key '%s'; did you mean '%s'?", key, near);
    } else {
        pack_refuse(refusals, PACK_RULE(shape, key), spot, "unknown key '%s'; known here: %s", key, all);
    }
}

static void check_object(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)value, key, item)
    {
        const PackShapeKey *known = find_key(shape->keys, key);
        if (known) {
            pack_shape_check(known->shape, item, PACK_AT_VALUE(spot.file, value, key), refusals);
        } else {
            refuse_key(shape->keys, key, PACK_AT_KEY(spot.file, value, key), refusals);
        }
    }
    for (const PackShapeKey *k = shape->keys; k->key; k++) {
        if (k->required && !json_object_get(value, k->key)) {
            pack_refuse(refusals, PACK_RULE(shape, missing), spot, "key '%s' is missing; add it", k->key);
        }
    }
}

static void check_map(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)value, key, item)
    {
        pack_shape_check(shape->of, item, PACK_AT_VALUE(spot.file, value, key), refusals);
    }
}

void pack_shape_check(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals)
{
    if (!fits_kind(shape->kind, value)) {
        pack_refuse(refusals, PACK_RULE(shape, type), spot, "%s stands here; %s is wanted%s",
                    type_name(value), kind_name(shape->kind),
                    shape->kind <= PACK_SHAPE_WORD && json_is_number(value) ? ", put it in quotes" : "");
        return;
    }
    switch (shape->kind) {
    case PACK_SHAPE_TEXT:
        check_text(shape, value, spot, refusals);
        break;
    case PACK_SHAPE_ID:
        if (!pack_is_name(json_string_value(value))) {
            pack_refuse(refusals, PACK_RULE(shape, name), spot,
                        "not a name; a letter, then letters, digits, _ or -, 64 at most");
        }
        break;
    case PACK_SHAPE_WORD:
        check_word(shape, value, spot, refusals);
        break;
    case PACK_SHAPE_INT:
        check_int(shape, value, spot, refusals);
        break;
    case PACK_SHAPE_LIST:
        check_list(shape, value, spot, refusals);
        break;
    case PACK_SHAPE_TEXTS:
        if (json_is_array(value)) {
            check_list(shape, value, spot, refusals);
        }
        break;
    case PACK_SHAPE_OBJECT:
        check_object(shape, value, spot, refusals);
        break;
    case PACK_SHAPE_MAP:
        check_map(shape, value, spot, refusals);
        break;
    default:
        break;
    }
}

static void check_file(const PackFile *file, PackRefusals *refusals)
{
    if (strcmp(file->name, PACK_EXPANDED) == 0)
        return; /* of a canonical pack; its trees are checked in their places */
    const PackShape *shape = pack_shape_of(file->name, file->tree);
    if (g_str_has_prefix(file->name, "forms/")) {
        return; /* engine/form knows the shape of these */
    }
    if (shape) {
        pack_shape_check(shape, file->tree, PACK_AT_FILE(file), refusals);
    } else {
        pack_refuse(refusals, PACK_RULE(file, unknown), PACK_AT_FILE(file),
                    "not a part of a pack; see docs/packs.md");
    }
}

void pack_schema_check(const GPtrArray *files, PackRefusals *refusals)
{
    for (guint i = 0; i < files->len; i++) {
        check_file(files->pdata[i], refusals);
    }
    for (const char *const *name = pack_required_files; *name; name++) {
        if (!pack_file_find(files, *name)) {
            const PackFile missing = { .name = (char *)*name };
            pack_refuse(refusals, PACK_RULE(file, missing), PACK_AT_FILE(&missing),
                        "this file is missing; every pack has one");
        }
    }
}
