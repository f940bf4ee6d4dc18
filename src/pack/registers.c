/* registers.c - types.yaml: registers, lists of entries that somebody keeps up to date; and decisions that
 * choose one entry: the fitting one that comes first in an order. */
#include "pack/inside.h"
#include <string.h>

#define ENTRY "entry_" /* before an entry's field in the condition of a choice */

struct PackChoice {
    const PackRegister *from;
    RuleSchema *schema; /* the pack's columns, then the entry's */
    Rule *when;         /* NULL: all fit */
    GPtrArray *order;   /* of const char *: field ids, or "load" */
    const char *org;    /* the entry's field that names an organisation, whose load counts; NULL */
    const json_t *set;  /* {field of the case: field of the entry} */
};

void pack_choice_free(PackChoice *choice)
{
    if (!choice) return;
    rule_free(choice->when);
    rule_schema_free(choice->schema);
    g_ptr_array_unref(choice->order);
    g_free(choice);
}

/* ---- registers ---- */

gsize pack_registers(const Pack *pack)
{
    return pack->registers->len;
}

const PackRegister *pack_register_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->registers, PackRegister, i);
}

const PackRegister *pack_register(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->registers->len; i++) {
        if (strcmp(pack_register_at(pack, i)->id, id) == 0) return pack_register_at(pack, i);
    }
    return NULL;
}

static const PackField *field_in(const PackRegister *reg, const char *id)
{
    for (gsize i = 0; i < reg->n_fields; i++) {
        if (strcmp(reg->fields[i].id, id) == 0) return &reg->fields[i];
    }
    return NULL;
}

static void take_fields(PackMaking *m, const PackFile *file, const json_t *lines, PackRegister *reg)
{
    PackField *fields = g_new0(PackField, json_array_size(lines) + 1);
    g_ptr_array_add(m->pack->hold, fields);
    reg->fields = fields;
    for (gsize i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        PackField field = pack_field_read(line);
        pack_field_limits(m, file, line, &field);
        if (field_in(reg, field.id)) {
            pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, line, "id"),
                        "field '%s' stands twice; remove one", field.id);
        }
        fields[reg->n_fields++] = field;
    }
}

static void compile_register(PackMaking *m, const PackFile *file, const json_t *item)
{
    PackRegister reg = { .id = pack_text(item, "id"),
                         .title_zh = pack_text(item, "zh"),
                         .title_en = pack_text(item, "en"),
                         .key = pack_text(item, "key"),
                         .keeper = pack_text(item, "keeper") };
    take_fields(m, file, json_object_get(item, "fields"), &reg);
    const PackField *key = field_in(&reg, reg.key);
    if (!key || key->type != RULE_TEXT) {
        pack_refuse(m->refusals, PACK_RULE(register, key), PACK_AT_VALUE(file, item, "key"),
                    "'%s' is no text field of the register; name the one that tells its entries apart",
                    reg.key);
    }
    if (pack_register(m->pack, reg.id)) {
        pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                    "register '%s' stands twice; remove one", reg.id);
    }
    if (!g_hash_table_contains(m->roles, reg.keeper)) {
        pack_refuse(m->refusals, PACK_RULE(known, role), PACK_AT_VALUE(file, item, "keeper"),
                    "role '%s' is not among the roles of pack.yaml", reg.keeper);
    }
    g_array_append_val(m->pack->registers, reg);
}

void pack_compile_registers(PackMaking *m)
{
    const PackFile *file;
    const json_t *list = json_object_get(pack_tree(m, "types.yaml", &file), "registers");
    for (gsize i = 0; i < json_array_size(list); i++)
        compile_register(m, file, json_array_get(list, i));
}

/* What register(add, x) enters: fields of the case by the same name, and its org, area, place, number. */
static gboolean case_says(const Pack *pack, const PackField *field)
{
    static const char *const facts[] = { "org", "area", "place", "number", NULL };
    const PackField *of = pack_field(pack, field->id);
    return of ? of->klass == PACK_OPEN && of->type == field->type
              : field->type == RULE_TEXT && g_strv_contains(facts, field->id);
}

void pack_register_action(PackMaking *m, PackSpot spot, const FlowEffect *action)
{
    const PackRegister *reg = pack_register(m->pack, action->text2);
    if (!reg) {
        pack_refuse(m->refusals, PACK_RULE(known, register), spot,
                    "no register '%s' in types.yaml; write it there, or name one that is", action->text2);
        return;
    }
    for (gsize i = 0; i < reg->n_fields; i++) {
        if (strcmp(reg->fields[i].id, reg->key) == 0 && !case_says(m->pack, &reg->fields[i])) {
            pack_refuse(m->refusals, PACK_RULE(register, key), spot,
                        "the case has no open field '%s' of that type, so the entry would have no key",
                        reg->key);
        }
    }
}

json_t *pack_register_take(const Pack *pack, const PackRegister *reg, const json_t *facts, GError **error)
{
    const char *id;
    json_t *value, *out = json_object();
    gboolean ok = TRUE;
    json_object_foreach((json_t *)facts, id, value)
    {
        const PackField *field = field_in(reg, id);
        json_t *taken = field && !json_is_null(value) ? pack_field_take(pack, field, value, error) : NULL;
        if (!field)
            g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "unknown field '%s' of register %s", id,
                        reg->id);
        if (taken) json_object_set_new(out, id, taken);
        ok = taken || (field && json_is_null(value));
        if (!ok) break;
    }
    const char *key = json_string_value(json_object_get(out, reg->key));
    if (ok && key && *key) return out;
    if (ok)
        g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "an entry of register %s needs '%s'", reg->id,
                    reg->key);
    json_decref(out);
    return NULL;
}

/* ---- choosing ---- */

static RuleSchema *schema_of(const Pack *pack, const PackRegister *reg)
{
    RuleSchema *schema = rule_schema_new();
    for (int i = 0; i < rule_schema_size(pack->schema); i++)
        rule_schema_add(schema, rule_schema_name(pack->schema, i), rule_schema_type(pack->schema, i));
    for (gsize i = 0; i < reg->n_fields; i++) {
        g_autofree char *name = g_strconcat(ENTRY, reg->fields[i].id, NULL);
        rule_schema_add(schema, name, reg->fields[i].type);
    }
    return schema;
}

static void take_order(PackMaking *m, const PackFile *file, const json_t *list, PackChoice *choice)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        const gboolean load = strcmp(id, "load") == 0;
        if (!load && !field_in(choice->from, id)) {
            pack_refuse(m->refusals, PACK_RULE(known, field), PACK_AT_ITEM(file, list, i),
                        "register %s has no field '%s'; name one of its fields, or load", choice->from->id,
                        id);
        }
        if (load && !choice->org) {
            pack_refuse(m->refusals, PACK_RULE(register, load), PACK_AT_ITEM(file, list, i),
                        "the load is of an organisation; set `org` from a field of the entry");
        }
        g_ptr_array_add(choice->order, (gpointer)id);
    }
}

static void take_set(PackMaking *m, const PackFile *file, const json_t *set, PackChoice *choice)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)set, key, value)
    {
        const PackField *field = field_in(choice->from, json_string_value(value));
        if (!field) {
            pack_refuse(m->refusals, PACK_RULE(known, field), PACK_AT_VALUE(file, set, key),
                        "register %s has no field '%s'", choice->from->id, json_string_value(value));
        }
        pack_decision_output(m, PACK_AT_KEY(file, set, key), PACK_AT_VALUE(file, set, key), key, NULL);
        if (strcmp(key, "org") == 0) choice->org = json_string_value(value);
    }
}

PackChoice *pack_choice_compile(PackMaking *m, const PackFile *file)
{
    const json_t *tree = file->tree;
    const char *from = pack_text(tree, "from"), *when = pack_text(tree, "when");
    const PackRegister *reg = pack_register(m->pack, from);
    g_autoptr(GError) error = NULL;
    if (!reg) {
        pack_refuse(m->refusals, PACK_RULE(known, register), PACK_AT_VALUE(file, tree, "from"),
                    "no register '%s' in types.yaml; write it there, or name one that is", from);
        return NULL;
    }
    PackChoice *choice = g_new0(PackChoice, 1);
    *choice = (PackChoice){ .from = reg,
                            .schema = schema_of(m->pack, reg),
                            .order = g_ptr_array_new(),
                            .set = json_object_get(tree, "set") };
    take_set(m, file, choice->set, choice);
    take_order(m, file, json_object_get(tree, "order"), choice);
    if (when && pack_names_open_only(m, PACK_AT_VALUE(file, tree, "when"), when)) {
        choice->when = rule_parse(when, choice->schema, &error);
        if (!choice->when)
            pack_refuse(m->refusals, PACK_RULE(condition, sound), PACK_AT_VALUE(file, tree, "when"), "%s",
                        error->message);
    }
    return choice;
}

const PackRegister *pack_decision_register(const PackDecision *decision)
{
    return decision->choice ? decision->choice->from : NULL;
}

const char *pack_decision_org(const PackDecision *decision)
{
    return decision->choice ? decision->choice->org : NULL;
}

gboolean pack_choice_fits(const PackDecision *decision, const RuleValue *row, const json_t *entry)
{
    const PackChoice *choice = decision->choice;
    const int n = rule_schema_size(choice->schema), first = n - (int)choice->from->n_fields;
    g_autofree RuleValue *all = g_new0(RuleValue, n);
    memcpy(all, row, sizeof *all * (gsize)first);
    for (gsize i = 0; i < choice->from->n_fields; i++) {
        const PackField *field = &choice->from->fields[i];
        all[first + (int)i] = pack_rule_value(field->type, json_object_get(entry, field->id));
    }
    return !choice->when || rule_holds(choice->when, all);
}

static int compare_values(const json_t *a, const json_t *b)
{
    if (json_is_string(a) && json_is_string(b)) return strcmp(json_string_value(a), json_string_value(b));
    if (json_is_number(a) && json_is_number(b))
        return (json_number_value(a) > json_number_value(b)) - (json_number_value(a) < json_number_value(b));
    return (b != NULL) - (a != NULL); /* what says nothing comes last */
}

int pack_choice_compare(const PackDecision *decision, const PackEntry *a, const PackEntry *b)
{
    const PackChoice *choice = decision->choice;
    for (guint i = 0; i < choice->order->len; i++) {
        const char *id = choice->order->pdata[i];
        const int by = strcmp(id, "load") == 0
                           ? (a->load > b->load) - (a->load < b->load)
                           : compare_values(json_object_get(a->facts, id), json_object_get(b->facts, id));
        if (by) return by;
    }
    return compare_values(json_object_get(a->facts, choice->from->key),
                          json_object_get(b->facts, choice->from->key));
}

json_t *pack_choice_set(const PackDecision *decision, const json_t *entry)
{
    const char *key;
    json_t *value, *out = json_object();
    json_object_foreach((json_t *)decision->choice->set, key, value)
    {
        json_t *is = json_object_get(entry, json_string_value(value));
        if (is) json_object_set(out, key, is);
    }
    return out;
}

json_t *pack_choose(const PackDecision *decision, const RuleValue *row, const PackEntry *entries, gsize n)
{
    const PackEntry *best = NULL;
    for (gsize i = 0; i < n; i++) {
        if (pack_choice_fits(decision, row, entries[i].facts) &&
            (!best || pack_choice_compare(decision, &entries[i], best) < 0))
            best = &entries[i];
    }
    return best ? pack_choice_set(decision, best->facts) : json_incref(decision->otherwise);
}
