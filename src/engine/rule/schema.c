/* schema.c - the names a condition may use: columns with their types, named lists of texts, and the nearest
 * name to one that is not there. Does not know what the names mean. */
#include "base/text.h"
#include "engine/rule/program.h"
#include <string.h>

struct RuleSchema {
    GPtrArray *names;    /* char * */
    GArray *types;       /* RuleType */
    GHashTable *columns; /* name (owned by names) -> index + 1 */
    GHashTable *lists;   /* name -> GPtrArray of char * */
};

RuleSchema *rule_schema_new(void)
{
    RuleSchema *schema = g_new0(RuleSchema, 1);
    schema->names = g_ptr_array_new_with_free_func(g_free);
    schema->types = g_array_new(FALSE, FALSE, sizeof(RuleType));
    schema->columns = g_hash_table_new(g_str_hash, g_str_equal);
    schema->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    return schema;
}

void rule_schema_free(RuleSchema *schema)
{
    if (!schema) return;
    g_hash_table_unref(schema->columns);
    g_hash_table_unref(schema->lists);
    g_array_unref(schema->types);
    g_ptr_array_unref(schema->names);
    g_free(schema);
}

int rule_schema_add(RuleSchema *schema, const char *name, RuleType type)
{
    int known = rule_schema_find(schema, name);
    if (known >= 0) return rule_schema_type(schema, known) == type ? known : -1;
    if (type == RULE_NULL || *name == '\0' || strlen(name) > RULE_MAX_NAME) return -1;
    char *copy = g_strdup(name);
    g_ptr_array_add(schema->names, copy);
    g_array_append_val(schema->types, type);
    g_hash_table_insert(schema->columns, copy, GINT_TO_POINTER(schema->names->len));
    return (int)schema->names->len - 1;
}

int rule_schema_find(const RuleSchema *schema, const char *name)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(schema->columns, name)) - 1;
}

int rule_schema_size(const RuleSchema *schema)
{
    return (int)schema->names->len;
}

const char *rule_schema_name(const RuleSchema *schema, int column)
{
    return g_ptr_array_index(schema->names, column);
}

RuleType rule_schema_type(const RuleSchema *schema, int column)
{
    return g_array_index(schema->types, RuleType, column);
}

void rule_schema_list(RuleSchema *schema, const char *name, const char *const *items, gsize n)
{
    GPtrArray *list = g_ptr_array_new_full((guint)n, g_free);
    for (gsize i = 0; i < n; i++)
        g_ptr_array_add(list, g_strdup(items[i]));
    g_hash_table_replace(schema->lists, g_strdup(name), list);
}

const char *const *rule_schema_items(const RuleSchema *schema, const char *name, gsize *n)
{
    GPtrArray *list = g_hash_table_lookup(schema->lists, name);
    static const char *const none[] = { NULL };
    if (!list) return NULL;
    *n = list->len;
    return list->len ? (const char *const *)list->pdata : none;
}

static const char *nearest(const char *name, GPtrArray *candidates)
{
    gsize n = (gsize)g_utf8_strlen(name, -1), best = 0;
    const char *found = NULL;
    for (guint i = 0; i < candidates->len; i++) {
        const char *candidate = g_ptr_array_index(candidates, i);
        gsize m = (gsize)g_utf8_strlen(candidate, -1), distance = base_text_edits(name, candidate);
        if (distance <= MAX(1, (MAX(n, m) + 1) / 3) && distance < MAX(n, m) && (!found || distance < best)) {
            found = candidate;
            best = distance;
        }
    }
    return found;
}

/* "did you mean x?", or what there is: at most eight names. */
char *rule_near(const char *name, GPtrArray *candidates, const char *what)
{
    const char *near = nearest(name, candidates);
    if (near) return g_strdup_printf("did you mean %s?", near);
    if (candidates->len == 0) return g_strdup_printf("there are no %s here", what);
    GString *hint = g_string_new(NULL);
    g_string_printf(hint, "%s here:", what);
    for (guint i = 0; i < candidates->len && i < 8; i++)
        g_string_append_printf(hint, "%s %s", i ? "," : "", (const char *)g_ptr_array_index(candidates, i));
    if (candidates->len > 8) g_string_append_printf(hint, " and %u more", candidates->len - 8);
    return g_string_free(hint, FALSE);
}

char *rule_schema_near(const RuleSchema *schema, const char *name)
{
    return rule_near(name, schema->names, "columns");
}

char *rule_schema_near_list(const RuleSchema *schema, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(schema->lists), (GCompareFunc)strcmp);
    for (GList *at = keys; at; at = at->next)
        g_ptr_array_add(names, at->data);
    return rule_near(name, names, "lists");
}
