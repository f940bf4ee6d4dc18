/* resolve.c - $ref finds its schema, and no schema leads back to itself without stepping into the value: such
 * a circle would never end. */
#include "engine/form/inside.h"
#include <string.h>

static gboolean refuse(const FormNode *node, char **at, GError **error, const char *what)
{
    g_set_error_literal(error, FORM_ERROR, FORM_ERROR_REF, what);
    if (at) {
        *at = g_strdup_printf("%s/$ref", node->pointer);
    }
    return FALSE;
}

static FormNode *find(const FormSchema *schema, const char *ref)
{
    g_autofree char *target = g_uri_unescape_string(ref + 1, NULL);
    if (!target) {
        return NULL;
    }
    return *target && *target != '/' ? g_hash_table_lookup(schema->anchors, target)
                                     : g_hash_table_lookup(schema->at, target);
}

typedef gboolean (*Visit)(FormNode *node, gpointer data);

static gboolean each(const GPtrArray *nodes, Visit visit, gpointer data)
{
    for (guint i = 0; nodes && i < nodes->len; i++) {
        if (!visit(nodes->pdata[i], data)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The schemas that a schema tries on the same value. */
static gboolean each_in_place(FormNode *node, Visit visit, gpointer data)
{
    FormNode *const single[] = { node->ref, node->not_, node->if_, node->then_, node->else_ };
    for (gsize i = 0; i < G_N_ELEMENTS(single); i++) {
        if (single[i] && !visit(single[i], data)) {
            return FALSE;
        }
    }
    if (node->dependent_schemas) {
        g_autoptr(GList) values = g_hash_table_get_values(node->dependent_schemas);
        for (const GList *v = values; v; v = v->next) {
            if (!visit(v->data, data)) {
                return FALSE;
            }
        }
    }
    return each(node->all_of, visit, data) && each(node->any_of, visit, data) &&
           each(node->one_of, visit, data);
}

/* Depth first; mark 1: on the way, 2: done. The depth is that of the longest chain of references. */
static gboolean no_circle(FormNode *node, gpointer depth)
{
    const guint below = GPOINTER_TO_UINT(depth) + 1;
    if (node->mark == 2) {
        return TRUE;
    }
    if (node->mark == 1 || below > FORM_MAX_NODES) {
        return FALSE;
    }
    node->mark = 1;
    const gboolean ok = each_in_place(node, no_circle, GUINT_TO_POINTER(below));
    node->mark = 2;
    return ok;
}

gboolean form_resolve(FormSchema *schema, char **at, GError **error)
{
    for (guint i = 0; i < schema->nodes->len; i++) {
        FormNode *node = schema->nodes->pdata[i];
        if (node->ref_text && !(node->ref = find(schema, node->ref_text))) {
            return refuse(node, at, error, "$ref leads nowhere; the schema it names is not in this form");
        }
    }
    for (guint i = 0; i < schema->nodes->len; i++) {
        if (!no_circle(schema->nodes->pdata[i], GUINT_TO_POINTER(0))) {
            return refuse(schema->nodes->pdata[i], at, error,
                          "$ref leads round in a circle on the same value; step into a property or item");
        }
    }
    return TRUE;
}
