/* compile.c - from a schema's tree to nodes: one row per keyword, which says how its value is read. */
#include "engine/form/inside.h"
#include <string.h>

typedef struct {
    FormSchema *schema;
    GString *at; /* pointer of the schema being read */
    guint depth;
    char **refused_at;
    GError **error;
} Making;

static FormNode *compile_node(Making *m, const json_t *source);

/* ---- refusing ---- */
static gboolean refuse(Making *m, const char *keyword, int code, const char *format, ...) G_GNUC_PRINTF(4, 5);
static gboolean refuse(Making *m, const char *keyword, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(m->error, FORM_ERROR, code, text);
    if (m->refused_at) {
        g_autoptr(GString) at = g_string_new(m->at->str);
        if (keyword) {
            form_pointer_add(at, keyword);
        }
        *m->refused_at = g_string_free(g_steal_pointer(&at), FALSE);
    }
    return FALSE;
}

void form_pointer_add(GString *pointer, const char *key)
{
    g_string_append_c(pointer, '/');
    for (; *key; key++) {
        if (*key == '~' || *key == '/') {
            g_string_append(pointer, *key == '~' ? "~0" : "~1");
        } else {
            g_string_append_c(pointer, *key);
        }
    }
}

/* ---- values of keywords ---- */
static FormNode *sub(Making *m, const char *keyword, const char *key, const json_t *source)
{
    const gsize before = m->at->len;
    form_pointer_add(m->at, keyword);
    if (key) {
        form_pointer_add(m->at, key);
    }
    FormNode *node = compile_node(m, source);
    if (node) { /* a refusal inside has copied the place */
        g_string_truncate(m->at, before);
    }
    return node;
}

static gboolean take_node(Making *m, const char *keyword, const json_t *value, FormNode **slot)
{
    return (*slot = sub(m, keyword, NULL, value)) != NULL;
}

static gboolean take_nodes(Making *m, const char *keyword, const json_t *value, GPtrArray **slot)
{
    if (json_array_size(value) == 0) {
        return refuse(m, keyword, FORM_ERROR_VALUE, "%s is a list of one schema or more; add one", keyword);
    }
    *slot = g_ptr_array_new();
    for (gsize i = 0; i < json_array_size(value); i++) {
        g_autofree char *index = g_strdup_printf("%zu", i);
        FormNode *node = sub(m, keyword, index, json_array_get(value, i));
        if (!node) {
            return FALSE;
        }
        g_ptr_array_add(*slot, node);
    }
    return TRUE;
}

static gboolean take_map(Making *m, const char *keyword, const json_t *value, GHashTable **slot)
{
    const char *key;
    json_t *item;
    if (!json_is_object(value)) {
        return refuse(m, keyword, FORM_ERROR_VALUE, "%s is an object of schemas; write name: schema",
                      keyword);
    }
    *slot = g_hash_table_new(g_str_hash, g_str_equal);
    json_object_foreach((json_t *)value, key, item)
    {
        FormNode *node = sub(m, keyword, key, item);
        if (!node) {
            return FALSE;
        }
        g_hash_table_insert(*slot, (char *)key, node);
    }
    return TRUE;
}

static gboolean take_count(Making *m, const char *keyword, const json_t *value, gint64 *slot)
{
    const double real = json_number_value(value);
    if (!(form_types_of(value) & FORM_IS_INTEGER) || real < 0 || real > 1e9) {
        return refuse(m, keyword, FORM_ERROR_VALUE, "%s is a whole number from 0 on; write one", keyword);
    }
    *slot = (gint64)real;
    return TRUE;
}

static gboolean take_number(Making *m, const char *keyword, const json_t *value, const json_t **slot)
{
    if (!json_is_number(value)) {
        return refuse(m, keyword, FORM_ERROR_VALUE, "%s is a number; write one", keyword);
    }
    *slot = value;
    return TRUE;
}

static gboolean is_text_list(const json_t *value)
{
    for (gsize i = 0; i < json_array_size(value); i++) {
        if (!json_is_string(json_array_get(value, i))) {
            return FALSE;
        }
    }
    return json_is_array(value);
}

static gboolean take_texts(Making *m, const char *keyword, const json_t *value, const json_t **slot)
{
    if (!is_text_list(value)) {
        return refuse(m, keyword, FORM_ERROR_VALUE, "%s is a list of names; write [\"a\", \"b\"]", keyword);
    }
    *slot = value;
    return TRUE;
}

/* ---- keywords ---- */
#define NODE(name, slot)                                                                                     \
    static gboolean name(Making *m, FormNode *n, const char *k, const json_t *v)                             \
    {                                                                                                        \
        return take_node(m, k, v, &n->slot);                                                                 \
    }
#define NODES(name, slot)                                                                                    \
    static gboolean name(Making *m, FormNode *n, const char *k, const json_t *v)                             \
    {                                                                                                        \
        return take_nodes(m, k, v, &n->slot);                                                                \
    }
#define COUNT(name, slot)                                                                                    \
    static gboolean name(Making *m, FormNode *n, const char *k, const json_t *v)                             \
    {                                                                                                        \
        return take_count(m, k, v, &n->slot);                                                                \
    }
#define NUMBER(name, slot)                                                                                   \
    static gboolean name(Making *m, FormNode *n, const char *k, const json_t *v)                             \
    {                                                                                                        \
        return take_number(m, k, v, &n->slot);                                                               \
    }
NODE(on_not, not_)
NODE(on_if, if_)
NODE(on_then, then_)
NODE(on_else, else_)
NODE(on_items, items)
NODE(on_contains, contains)
NODE(on_additional, additional)
NODE(on_names, names)
NODES(on_all_of, all_of)
NODES(on_any_of, any_of)
NODES(on_one_of, one_of)
NODES(on_prefix_items, prefix_items)
COUNT(on_min_length, min_length)
COUNT(on_max_length, max_length)
COUNT(on_min_items, min_items)
COUNT(on_max_items, max_items)
COUNT(on_min_contains, min_contains)
COUNT(on_max_contains, max_contains)
COUNT(on_min_properties, min_properties)
COUNT(on_max_properties, max_properties)
NUMBER(on_minimum, minimum)
NUMBER(on_maximum, maximum)
NUMBER(on_above, above)
NUMBER(on_below, below)

static gboolean on_unevaluated_items(Making *m, FormNode *n, const char *k, const json_t *v)
{
    m->schema->tracks = TRUE;
    return take_node(m, k, v, &n->unevaluated_items);
}

static gboolean on_unevaluated_properties(Making *m, FormNode *n, const char *k, const json_t *v)
{
    m->schema->tracks = TRUE;
    return take_node(m, k, v, &n->unevaluated_properties);
}

static gboolean on_multiple(Making *m, FormNode *n, const char *k, const json_t *v)
{
    if (!json_is_number(v) || json_number_value(v) <= 0) {
        return refuse(m, k, FORM_ERROR_VALUE, "multipleOf is a number above 0; write one");
    }
    n->multiple = v;
    return TRUE;
}

static gboolean add_type(Making *m, FormNode *n, const char *k, const json_t *v)
{
    for (guint bit = FORM_IS_NULL; bit <= FORM_IS_OBJECT; bit <<= 1) {
        if (g_strcmp0(json_string_value(v), form_type_name(bit)) == 0) {
            n->types |= bit;
            return TRUE;
        }
    }
    return refuse(m, k, FORM_ERROR_VALUE,
                  "not a type; one of null, boolean, integer, number, string, array, object");
}

static gboolean on_type(Making *m, FormNode *n, const char *k, const json_t *v)
{
    if (!json_is_array(v)) {
        return add_type(m, n, k, v);
    }
    for (gsize i = 0; i < json_array_size(v); i++) {
        if (!add_type(m, n, k, json_array_get(v, i))) {
            return FALSE;
        }
    }
    return n->types || refuse(m, k, FORM_ERROR_VALUE, "type is an empty list; name a type");
}

static gboolean on_enum(Making *m, FormNode *n, const char *k, const json_t *v)
{
    n->enumeration = v;
    return json_array_size(v) > 0 || refuse(m, k, FORM_ERROR_VALUE, "enum is a list of values; add one");
}

static gboolean on_const(Making *m, FormNode *n, const char *k, const json_t *v)
{
    n->constant = v;
    return TRUE;
}

static gboolean take_regex(Making *m, const char *k, const char *text, GRegex **slot)
{
    g_autoptr(GError) error = NULL;
    *slot = text ? form_regex(text, &error) : NULL;
    if (!*slot) {
        return refuse(m, k, error ? error->code : FORM_ERROR_VALUE, "%s",
                      error ? error->message : "pattern is a regular expression; write a text");
    }
    return TRUE;
}

static gboolean on_pattern(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return take_regex(m, k, json_string_value(v), &n->pattern);
}

static gboolean on_format(Making *m, FormNode *n, const char *k, const json_t *v)
{
    n->format = json_string_value(v);
    return (n->format && form_format_known(n->format)) ||
           refuse(m, k, FORM_ERROR_VALUE,
                  "not a format known here; one of date, date-time, time, email, uri, uuid, cn-id, cn-phone, "
                  "cn-uscc");
}

static gboolean on_unique(Making *m, FormNode *n, const char *k, const json_t *v)
{
    n->unique = json_is_true(v);
    return json_is_boolean(v) || refuse(m, k, FORM_ERROR_VALUE, "uniqueItems is true or false");
}

static gboolean on_required(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return take_texts(m, k, v, &n->required);
}

static gboolean on_dependent_required(Making *m, FormNode *n, const char *k, const json_t *v)
{
    const char *key;
    json_t *list;
    json_object_foreach((json_t *)v, key, list)
    {
        if (!is_text_list(list)) {
            return refuse(m, k, FORM_ERROR_VALUE, "of each name a list of names; write {\"a\": [\"b\"]}");
        }
    }
    n->dependent_required = v;
    return json_is_object(v) ||
           refuse(m, k, FORM_ERROR_VALUE, "dependentRequired is an object; write {\"a\": [\"b\"]}");
}

static gboolean on_properties(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return take_map(m, k, v, &n->properties);
}

static gboolean on_dependent_schemas(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return take_map(m, k, v, &n->dependent_schemas);
}

static void pattern_property_clear(gpointer data)
{
    g_regex_unref(((FormPatternProperty *)data)->regex);
}

static gboolean on_pattern_properties(Making *m, FormNode *n, const char *k, const json_t *v)
{
    g_autoptr(GHashTable) nodes = NULL;
    GHashTableIter iter;
    gpointer pattern, node;
    if (!take_map(m, k, v, &nodes)) {
        return FALSE;
    }
    n->pattern_properties = g_array_new(FALSE, FALSE, sizeof(FormPatternProperty));
    g_array_set_clear_func(n->pattern_properties, pattern_property_clear);
    g_hash_table_iter_init(&iter, nodes);
    while (g_hash_table_iter_next(&iter, &pattern, &node)) {
        FormPatternProperty p = { NULL, node };
        if (!take_regex(m, k, pattern, &p.regex)) {
            return FALSE;
        }
        g_array_append_val(n->pattern_properties, p);
    }
    return TRUE;
}

static gboolean on_ref(Making *m, FormNode *n, const char *k, const json_t *v)
{
    n->ref_text = json_string_value(v);
    return (n->ref_text && *n->ref_text == '#') ||
           refuse(m, k, FORM_ERROR_REF, "$ref stays inside its schema; write \"#/$defs/name\"");
}

static gboolean on_defs(Making *m, FormNode *n, const char *k, const json_t *v)
{
    g_autoptr(GHashTable) unused = NULL;
    return take_map(m, k, v, &unused);
}

static gboolean on_anchor(Making *m, FormNode *n, const char *k, const json_t *v)
{
    if (!json_is_string(v) || g_hash_table_contains(m->schema->anchors, json_string_value(v))) {
        return refuse(m, k, FORM_ERROR_VALUE, "$anchor is a name of its own; choose one not used yet");
    }
    g_hash_table_insert(m->schema->anchors, (char *)json_string_value(v), n);
    return TRUE;
}

static gboolean at_root_only(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return (m->depth == 1 && json_is_string(v)) ||
           refuse(m, k, FORM_ERROR_KEYWORD, "%s stands at the root, as a text; remove it here", k);
}

/* Another dialect would mean other rules. */
static gboolean on_schema(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return (m->depth == 1 &&
            g_strcmp0(json_string_value(v), "https://json-schema.org/draft/2020-12/schema") == 0) ||
           refuse(m, k, FORM_ERROR_VALUE,
                  "$schema stands at the root and is https://json-schema.org/draft/2020-12/schema");
}

static gboolean says_only(Making *m, FormNode *n, const char *k, const json_t *v)
{
    return TRUE;
}

static const struct {
    const char *keyword;
    gboolean (*read)(Making *m, FormNode *node, const char *keyword, const json_t *value);
} keywords[] = {
    { "$schema", on_schema },
    { "$id", at_root_only },
    { "$comment", says_only },
    { "$defs", on_defs },
    { "$anchor", on_anchor },
    { "$ref", on_ref },
    { "title", says_only },
    { "description", says_only },
    { "default", says_only },
    { "examples", says_only },
    { "type", on_type },
    { "enum", on_enum },
    { "const", on_const },
    { "minimum", on_minimum },
    { "maximum", on_maximum },
    { "exclusiveMinimum", on_above },
    { "exclusiveMaximum", on_below },
    { "multipleOf", on_multiple },
    { "minLength", on_min_length },
    { "maxLength", on_max_length },
    { "pattern", on_pattern },
    { "format", on_format },
    { "prefixItems", on_prefix_items },
    { "items", on_items },
    { "contains", on_contains },
    { "minContains", on_min_contains },
    { "maxContains", on_max_contains },
    { "minItems", on_min_items },
    { "maxItems", on_max_items },
    { "uniqueItems", on_unique },
    { "properties", on_properties },
    { "patternProperties", on_pattern_properties },
    { "additionalProperties", on_additional },
    { "propertyNames", on_names },
    { "required", on_required },
    { "minProperties", on_min_properties },
    { "maxProperties", on_max_properties },
    { "dependentRequired", on_dependent_required },
    { "dependentSchemas", on_dependent_schemas },
    { "unevaluatedItems", on_unevaluated_items },
    { "unevaluatedProperties", on_unevaluated_properties },
    { "allOf", on_all_of },
    { "anyOf", on_any_of },
    { "oneOf", on_one_of },
    { "not", on_not },
    { "if", on_if },
    { "then", on_then },
    { "else", on_else },
};

static gboolean read_keyword(Making *m, FormNode *node, const char *key, const json_t *value)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
        if (strcmp(keywords[i].keyword, key) == 0) {
            return keywords[i].read(m, node, key, value);
        }
    }
    return g_str_has_prefix(key, "x-") ||
           refuse(m, key, FORM_ERROR_KEYWORD,
                  "not a keyword known here; check its spelling (docs/packs.md), or call it x-...");
}

/* ---- nodes ---- */
static FormNode *node_new(Making *m)
{
    FormNode *node = g_new0(FormNode, 1);
    node->pointer = g_strdup(m->at->str);
    node->min_length = node->max_length = node->min_items = node->max_items = -1;
    node->min_properties = node->max_properties = node->min_contains = node->max_contains = -1;
    g_ptr_array_add(m->schema->nodes, node);
    g_hash_table_insert(m->schema->at, node->pointer, node);
    return node;
}

static FormNode *compile_object(Making *m, const json_t *source)
{
    FormNode *node = node_new(m);
    const char *key;
    json_t *value;
    if (!json_is_object(source)) {
        node->never = json_is_false(source);
        return node;
    }
    m->depth++;
    json_object_foreach((json_t *)source, key, value)
    {
        if (!read_keyword(m, node, key, value)) {
            return NULL;
        }
    }
    m->depth--;
    return node;
}

static FormNode *compile_node(Making *m, const json_t *source)
{
    if (!json_is_object(source) && !json_is_boolean(source)) {
        refuse(m, NULL, FORM_ERROR_VALUE, "a schema is an object, true or false");
        return NULL;
    }
    if (m->depth >= FORM_MAX_DEPTH || m->schema->nodes->len >= FORM_MAX_NODES) {
        refuse(m, NULL, FORM_ERROR_LIMIT, "more than %d schemas deep or %d in all; make the form simpler",
               FORM_MAX_DEPTH, FORM_MAX_NODES);
        return NULL;
    }
    return compile_object(m, source);
}

static void node_free(gpointer data)
{
    FormNode *node = data;
    g_clear_pointer(&node->pattern, g_regex_unref);
    g_clear_pointer(&node->all_of, g_ptr_array_unref);
    g_clear_pointer(&node->any_of, g_ptr_array_unref);
    g_clear_pointer(&node->one_of, g_ptr_array_unref);
    g_clear_pointer(&node->prefix_items, g_ptr_array_unref);
    g_clear_pointer(&node->properties, g_hash_table_unref);
    g_clear_pointer(&node->dependent_schemas, g_hash_table_unref);
    g_clear_pointer(&node->pattern_properties, g_array_unref);
    g_free(node->pointer);
    g_free(node);
}

FormSchema *form_schema_new(json_t *source, char **at, GError **error)
{
    g_autoptr(FormSchema) schema = g_new0(FormSchema, 1);
    schema->source = json_incref(source);
    schema->at = g_hash_table_new(g_str_hash, g_str_equal);
    schema->anchors = g_hash_table_new(g_str_hash, g_str_equal);
    schema->nodes = g_ptr_array_new_with_free_func(node_free);
    g_autoptr(GString) here = g_string_new(NULL);
    Making m = { .schema = schema, .at = here, .refused_at = at, .error = error };
    if (!compile_node(&m, source) || !form_resolve(schema, at, error)) {
        return NULL;
    }
    return g_steal_pointer(&schema);
}

void form_schema_free(FormSchema *schema)
{
    if (schema) {
        g_hash_table_unref(schema->at);
        g_hash_table_unref(schema->anchors);
        g_ptr_array_unref(schema->nodes);
        json_decref(schema->source);
        g_free(schema);
    }
}
