/* decide.c - decisions: rows of a condition and outputs, of which the first that holds wins; and running them
 * and the tables of table.c. */
#include "pack/table.h"
#include <string.h>

void pack_decision_free(PackDecision *decision)
{
    g_clear_pointer(&decision->when, g_ptr_array_unref);
    g_clear_pointer(&decision->set, g_ptr_array_unref);
    g_clear_pointer(&decision->cells, g_ptr_array_unref);
    g_clear_pointer(&decision->outputs, g_ptr_array_unref);
    g_clear_pointer(&decision->collect, g_array_unref);
    json_decref(decision->otherwise);
    pack_choice_free(decision->choice);
    g_free(decision);
}

static void rule_drop(gpointer rule)
{
    rule_free(rule);
}

/* ---- outputs: facts of the signal and open fields ---- */
static gboolean is_fact_output(const char *key)
{
    static const char *const keys[] = { "org", "area", "title", "level", NULL };
    return g_strv_contains(keys, key);
}

static void sound_fact_output(PackMaking *m, PackSpot spot, const char *key, const json_t *value)
{
    const gboolean level = strcmp(key, "level") == 0;
    const json_int_t n = json_integer_value(value);
    if (level ? !json_is_integer(value) || n < 1 || n > 4 : !json_is_string(value)) {
        pack_refuse(m->refusals, PACK_RULE(decision, output), spot, "%s takes %s; write one", key,
                    level ? "an integer from 1 (most urgent) to 4" : "a text");
    }
}

void pack_decision_output(PackMaking *m, PackSpot at_key, PackSpot at_value, const char *key,
                          const json_t *value)
{
    if (is_fact_output(key)) {
        if (value) {
            sound_fact_output(m, at_value, key, value);
        }
        return;
    }
    const PackField *field = pack_field(m->pack, key);
    if (!field || field->klass != PACK_OPEN) {
        pack_refuse(
            m->refusals, field ? PACK_RULE(private, decided) : PACK_RULE(known, field), at_key,
            field ? "a decision cannot set the private field '%s'; only open fields, org, area, title, level"
                  : "no field '%s'; a decision sets open fields, org, area, title, level",
            key);
        return;
    }
    g_autoptr(GError) error = NULL;
    json_t *taken = value ? pack_field_take(m->pack, field, value, &error) : NULL;
    if (value && !taken) {
        pack_refuse(m->refusals, PACK_RULE(decision, output), at_value, "%s; see types.yaml", error->message);
    }
    json_decref(taken);
}

/* ---- rows ---- */
static void compile_row(PackMaking *m, const PackFile *file, const json_t *row, gboolean last,
                        PackDecision *decision)
{
    const char *when = pack_text(row, "when");
    const json_t *set = json_object_get(row, "set");
    const PackSpot spot = PACK_AT_VALUE(file, row, "when");
    Rule *rule = NULL;
    g_autoptr(GError) error = NULL;
    if (!when && !last) {
        pack_refuse(m->refusals, PACK_RULE(decision, last), PACK_AT_VALUE(file, row, "set"),
                    "a row without `when` always holds, so the rows after it never do; move it to the end");
    } else if (when && pack_names_open_only(m, spot, when) &&
               !(rule = rule_parse(when, m->pack->schema, &error))) {
        pack_refuse(m->refusals, PACK_RULE(condition, sound), spot, "%s", error->message);
    }
    g_ptr_array_add(decision->when, rule);
    g_ptr_array_add(decision->set, json_incref((json_t *)set));
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)set, key, value)
    {
        pack_decision_output(m, PACK_AT_KEY(file, set, key), PACK_AT_VALUE(file, set, key), key, value);
    }
}

static void set_drop(gpointer set)
{
    json_decref(set);
}

static PackHit hit_of(const char *word)
{
    return strcmp(word, "unique") == 0    ? PACK_HIT_UNIQUE
           : strcmp(word, "collect") == 0 ? PACK_HIT_COLLECT
                                          : PACK_HIT_FIRST;
}

static void compile_decision(PackMaking *m, const PackFile *file)
{
    PackDecision *decision = g_new0(PackDecision, 1);
    const char *base = strrchr(file->name, '/') + 1;
    const char *end = strrchr(base, '.');
    char *id = g_strndup(base, end ? (gsize)(end - base) : strlen(base));
    decision->id = id;
    decision->source = file->tree;
    decision->hit = hit_of(json_object_get(file->tree, "from") ? "first" : pack_text(file->tree, "hit"));
    decision->when = g_ptr_array_new_with_free_func(rule_drop);
    decision->set = g_ptr_array_new_with_free_func(set_drop);
    g_hash_table_insert(m->pack->decisions, id, decision);
    if (json_object_get(file->tree, "from")) {
        decision->choice = pack_choice_compile(m, file);
        return;
    }
    if (json_object_get(file->tree, "inputs")) {
        pack_table_compile(m, file, decision);
        return;
    }
    const json_t *rows = json_object_get(file->tree, "rows");
    const gsize n = json_array_size(rows);
    for (gsize i = 0; i < n; i++) {
        compile_row(m, file, json_array_get(rows, i), i + 1 == n, decision);
    }
}

void pack_compile_decisions(PackMaking *m)
{
    for (guint i = 0; i < m->files->len; i++) {
        const PackFile *file = m->files->pdata[i];
        if (g_str_has_prefix(file->name, "decisions/")) {
            compile_decision(m, file);
        }
    }
}

/* ---- running ---- */
const PackDecision *pack_decision(const Pack *pack, const char *id)
{
    return g_hash_table_lookup(pack->decisions, id);
}

json_t *pack_decide(const PackDecision *decision, const RuleValue *row)
{
    json_t *set = NULL;
    if (decision->hit == PACK_HIT_COLLECT) {
        set = pack_table_collect(decision, row);
    }
    for (guint i = 0; decision->hit != PACK_HIT_COLLECT && !set && i < decision->when->len; i++) {
        const Rule *when = decision->when->pdata[i];
        if (!when || rule_holds(when, row)) {
            set = json_incref(decision->set->pdata[i]);
        }
    }
    return set ? set : json_incref(decision->otherwise);
}
