/* check.c - walking a value along a schema: the schemas tried on the same value here, its parts in scalar.c,
 * array.c and object.c. What was refused is gathered; what an unevaluated... keyword may ask is remembered.
 */
#include "engine/form/inside.h"
#include <string.h>

#define MAX_WALK_DEPTH                                                                                       \
    400 /* schemas on the way from the root to here; each costs about 300 bytes of stack                     \
         */

/* ---- refusals ---- */
static void refusal_free(gpointer data)
{
    FormRefusal *refusal = data;
    g_free(refusal->at);
    g_free(refusal->rule);
    g_free(refusal->wanted);
    g_free(refusal);
}

GPtrArray *form_refusals_new(void)
{
    return g_ptr_array_new_with_free_func(refusal_free);
}

gboolean form_refuse(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                     const char *wanted)
{
    if (w->refusals && w->refusals->len < FORM_MAX_REFUSALS) {
        FormRefusal *refusal = g_new0(FormRefusal, 1);
        refusal->at = g_strdup(w->at->str);
        refusal->rule = keyword ? g_strdup_printf("%s/%s", node->pointer, keyword) : g_strdup(node->pointer);
        refusal->code = code;
        refusal->wanted = g_strdup(wanted);
        g_ptr_array_add(w->refusals, refusal);
    }
    return FALSE;
}

gboolean form_refuse_key(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                         const char *key, const char *wanted)
{
    const gsize before = w->at->len;
    form_pointer_add(w->at, key);
    form_refuse(w, node, keyword, code, wanted);
    g_string_truncate(w->at, before);
    return FALSE;
}

gboolean form_refuse_count(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                           gint64 count)
{
    g_autofree char *wanted = g_strdup_printf("%" G_GINT64_FORMAT, count);
    return form_refuse(w, node, keyword, code, wanted);
}

/* ---- what was seen ---- */
void form_seen_key(FormWalk *w, FormSeen *seen, const char *key)
{
    if (!w->schema->tracks) {
        return;
    }
    if (!seen->keys) {
        seen->keys = g_hash_table_new(g_str_hash, g_str_equal);
    }
    g_hash_table_add(seen->keys, (char *)key);
}

void form_seen_item(FormWalk *w, FormSeen *seen, const json_t *list, gsize i)
{
    if (!w->schema->tracks) {
        return;
    }
    if (!seen->items) {
        seen->n_items = json_array_size(list);
        seen->items = g_new0(guint8, seen->n_items);
    }
    seen->items[i] = 1;
}

static void seen_join(FormWalk *w, FormSeen *up, const FormSeen *seen, const json_t *value)
{
    GHashTableIter iter;
    gpointer key;
    if (seen->keys) {
        g_hash_table_iter_init(&iter, seen->keys);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
            form_seen_key(w, up, key);
        }
    }
    for (gsize i = 0; i < seen->n_items; i++) {
        if (seen->items[i]) {
            form_seen_item(w, up, value, i);
        }
    }
}

static void seen_clear(FormSeen *seen)
{
    g_clear_pointer(&seen->keys, g_hash_table_unref);
    g_clear_pointer(&seen->items, g_free);
}

/* ---- schemas on the same value ---- */
static gboolean all_of(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    gboolean ok = TRUE;
    for (guint i = 0; node->all_of && i < node->all_of->len; i++) {
        ok = form_walk(w, node->all_of->pdata[i], value, seen) && ok;
    }
    return ok;
}

static guint count_fits(FormWalk *w, const GPtrArray *nodes, const json_t *value, FormSeen *seen)
{
    guint fits = 0;
    for (guint i = 0; i < nodes->len; i++) {
        fits += form_walk_quiet(w, nodes->pdata[i], value, seen);
    }
    return fits;
}

static gboolean some_of(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    gboolean ok = TRUE;
    if (node->any_of && count_fits(w, node->any_of, value, seen) == 0) {
        ok = form_refuse(w, node, "anyOf", FORM_ANY_OF, NULL);
    }
    if (node->one_of) {
        const guint fits = count_fits(w, node->one_of, value, seen);
        if (fits != 1) {
            ok = form_refuse(w, node, "oneOf", fits ? FORM_ONE_OF : FORM_ANY_OF, NULL);
        }
    }
    if (node->not_ && form_walk_quiet(w, node->not_, value, NULL)) {
        ok = form_refuse(w, node, "not", FORM_NOT, NULL);
    }
    return ok;
}

static gboolean if_then(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    if (!node->if_) {
        return TRUE;
    }
    const FormNode *next = form_walk_quiet(w, node->if_, value, seen) ? node->then_ : node->else_;
    return !next || form_walk(w, next, value, seen);
}

static gboolean parts(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    gboolean ok = form_scalar(w, node, value);
    if (json_is_array(value)) {
        ok = form_array(w, node, value, seen) && ok;
    } else if (json_is_object(value)) {
        ok = form_object(w, node, (json_t *)value, seen) && ok;
    }
    return ok;
}

static gboolean rest(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    if (node->unevaluated_items && json_is_array(value)) {
        return form_array_rest(w, node, value, seen);
    }
    if (node->unevaluated_properties && json_is_object(value)) {
        return form_object_rest(w, node, (json_t *)value, seen);
    }
    return TRUE;
}

static gboolean walk_node(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen)
{
    if (node->never) {
        return form_refuse(w, node, NULL, FORM_NEVER, NULL);
    }
    gboolean ok = parts(w, node, value, seen);
    ok = (!node->ref || form_walk(w, node->ref, value, seen)) && ok;
    ok = all_of(w, node, value, seen) && ok;
    ok = some_of(w, node, value, seen) && ok;
    ok = if_then(w, node, value, seen) && ok;
    return rest(w, node, value, seen) && ok;
}

/* Out of steps nothing more is tried: everything is refused, quietly, and the root says so. */
static gboolean may_step(FormWalk *w)
{
    if (w->ok_to_go_on && (w->steps++ >= FORM_MAX_STEPS || w->depth >= MAX_WALK_DEPTH)) {
        w->ok_to_go_on = FALSE;
    }
    return w->ok_to_go_on;
}

gboolean form_walk(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *up)
{
    FormSeen seen = { 0 };
    if (!may_step(w)) {
        return FALSE;
    }
    w->depth++;
    const gboolean ok = walk_node(w, node, value, &seen);
    w->depth--;
    if (up && (ok || w->refusals)) { /* what fails aloud fails as a whole: do not call it unknown too */
        seen_join(w, up, &seen, value);
    }
    seen_clear(&seen);
    return ok;
}

gboolean form_walk_quiet(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *up)
{
    GPtrArray *kept = w->refusals;
    w->refusals = NULL;
    const gboolean ok = form_walk(w, node, value, up);
    w->refusals = kept;
    return ok;
}

gboolean form_walk_key(FormWalk *w, const FormNode *node, const char *key, const json_t *child)
{
    const gsize before = w->at->len;
    form_pointer_add(w->at, key);
    const gboolean ok = form_walk(w, node, child, NULL);
    g_string_truncate(w->at, before);
    return ok;
}

gboolean form_walk_item(FormWalk *w, const FormNode *node, gsize i, const json_t *child)
{
    char key[24];
    g_snprintf(key, sizeof key, "%zu", i);
    return form_walk_key(w, node, key, child);
}

gboolean form_check(const FormSchema *schema, const json_t *instance, GPtrArray *refusals)
{
    g_autoptr(GString) at = g_string_new(NULL);
    FormWalk w = { .schema = schema, .refusals = refusals, .at = at, .ok_to_go_on = TRUE };
    const gboolean ok = form_walk(&w, schema->nodes->pdata[0], instance, NULL);
    return w.ok_to_go_on ? ok : form_refuse(&w, schema->nodes->pdata[0], NULL, FORM_INTRICATE, NULL);
}
