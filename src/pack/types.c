/* types.c - types.yaml: code lists and fields, the schema that conditions see, and the check of a field's
 * value. */
#include "pack/inside.h"
#include <string.h>

#define LONGEST_TEXT 4000

static const struct {
    const char *name;
    RuleType type;
} facts[] = {
#define X(name, type) { name, type },
    PACK_FACTS
#undef X
};
G_STATIC_ASSERT(G_N_ELEMENTS(facts) == PACK_N_FACTS);

static void codes_free(gpointer codes)
{
    json_decref(codes);
}

/* ---- lists ---- */
static json_t *compile_list(PackMaking *m, const PackFile *file, const char *id, const json_t *lines)
{
    json_t *all = json_object();
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    for (gsize i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i);
        const char *code = pack_text(line, "code");
        if (json_object_get(all, code)) {
            pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, line, "code"),
                        "code '%s' stands twice in list '%s'; remove one", code, id);
        }
        json_object_set(all, code, line);
        g_ptr_array_add(codes, (char *)code);
    }
    rule_schema_list(m->pack->schema, id, (const char *const *)codes->pdata, codes->len);
    return all;
}

static void compile_lists(PackMaking *m, const PackFile *file, const json_t *lists)
{
    m->pack->lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, codes_free);
    const char *id;
    json_t *lines;
    json_object_foreach((json_t *)lists, id, lines)
    {
        g_hash_table_insert(m->pack->lists, (char *)id, compile_list(m, file, id, lines));
    }
}

gboolean pack_has_code(const Pack *pack, const char *list, const char *code)
{
    return json_object_get(g_hash_table_lookup(pack->lists, list), code) != NULL;
}

const char *pack_code_title(const Pack *pack, const char *list, const char *code, const char *lang)
{
    const json_t *codes = list ? g_hash_table_lookup(pack->lists, list) : NULL;
    return code ? pack_text(json_object_get(codes, code), lang) : NULL;
}

/* ---- fields ---- */
static RuleType type_of(const char *word, gboolean *time)
{
    *time = strcmp(word, "time") == 0;
    return strcmp(word, "text") == 0   ? RULE_TEXT
           : strcmp(word, "real") == 0 ? RULE_REAL
           : strcmp(word, "bool") == 0 ? RULE_BOOL
                                       : RULE_INT;
}

static int fact_of(const char *id)
{
    for (int i = 0; i < PACK_N_FACTS; i++) {
        if (strcmp(facts[i].name, id) == 0) {
            return i;
        }
    }
    return -1;
}

static gboolean sound_name(PackMaking *m, const PackFile *file, const json_t *line, const PackField *field)
{
    const PackSpot spot = PACK_AT_VALUE(file, line, "id");
    g_autofree char *lower = g_ascii_strdown(field->id, -1);
    if (strcmp(lower, field->id) != 0 || strchr(field->id, '-')) {
        pack_refuse(m->refusals, PACK_RULE(name, field), spot,
                    "conditions cannot name '%s'; use lower-case letters, digits and _", field->id);
        return FALSE;
    }
    if (pack_field(m->pack, field->id)) {
        pack_refuse(m->refusals, PACK_RULE(name, twice), spot, "field '%s' stands twice; remove one",
                    field->id);
        return FALSE;
    }
    const int fact = fact_of(field->id);
    if (fact >= 0 && !(fact == PACK_FACT_RATING && field->type == RULE_INT && field->klass == PACK_OPEN)) {
        pack_refuse(m->refusals, PACK_RULE(name, field), spot,
                    "'%s' is a fact that every case has; choose another name%s", field->id,
                    fact == PACK_FACT_RATING ? ", or make it an open int" : "");
        return FALSE;
    }
    return TRUE;
}

void pack_field_limits(PackMaking *m, const PackFile *file, const json_t *line, const PackField *field)
{
    const char *list = field->list;
    if (list && !g_hash_table_contains(m->pack->lists, list)) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, list), PACK_AT_VALUE(file, line, "list"), list,
                            pack_known_keys(m->pack->lists), "no list '%s' under lists: above", list);
    }
    if (list && field->type != RULE_TEXT) {
        pack_refuse(m->refusals, PACK_RULE(field, list), PACK_AT_VALUE(file, line, "type"),
                    "a field with a list is of type text; write text, or leave list out");
    }
    if (field->min > field->max) {
        pack_refuse(m->refusals, PACK_RULE(field, limits), PACK_AT_VALUE(file, line, "min"),
                    "min is above max; change them over");
    }
}

static gint64 limit_of(const json_t *line, const char *key, gint64 otherwise)
{
    const json_t *value = json_object_get(line, key);
    return value ? json_integer_value(value) : otherwise;
}

PackField pack_field_read(const json_t *line)
{
    gboolean time;
    const RuleType type = type_of(pack_text(line, "type"), &time);
    PackField field = { .id = pack_text(line, "id"),
                        .title_zh = pack_text(line, "zh"),
                        .title_en = pack_text(line, "en"),
                        .type = type,
                        .klass =
                            g_strcmp0(pack_text(line, "class"), "private") == 0 ? PACK_PRIVATE : PACK_OPEN,
                        .column = -1,
                        .list = pack_text(line, "list"),
                        .is_time = time };
    field.min = limit_of(line, "min", type == RULE_TEXT ? 0 : G_MININT64);
    field.max = limit_of(line, "max", type == RULE_TEXT ? 200 : G_MAXINT64);
    field.max_length = type == RULE_TEXT ? CLAMP(field.max, 1, LONGEST_TEXT) : 0;
    return field;
}

/* A column's name must be one that a condition can say: SQL has words of its own. */
static void sound_column(PackMaking *m, const PackFile *file, const json_t *line, const PackField *field)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Rule) rule = rule_parse_scalar(field->id, m->pack->schema, &error);
    if (!rule) {
        pack_refuse(m->refusals, PACK_RULE(name, field), PACK_AT_VALUE(file, line, "id"),
                    "'%s' is a word of SQL, so no condition could name it; choose another", field->id);
    }
}

static void compile_field(PackMaking *m, const PackFile *file, const json_t *line)
{
    PackField field = pack_field_read(line);
    if (!sound_name(m, file, line, &field)) {
        return;
    }
    pack_field_limits(m, file, line, &field);
    if (field.klass == PACK_OPEN) {
        field.column = rule_schema_add(m->pack->schema, field.id, field.type);
        sound_column(m, file, line, &field);
    }
    g_assert((field.klass == PACK_PRIVATE) == (field.column < 0)); /* invariant 4 */
    g_array_append_val(m->pack->fields, field);
    PackField *kept = &g_array_index(m->pack->fields, PackField, m->pack->fields->len - 1);
    g_hash_table_insert(m->pack->field_by_id, (char *)kept->id, kept);
}

void pack_compile_types(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "types.yaml", &file), *lines = json_object_get(tree, "fields");
    compile_lists(m, file, json_object_get(tree, "lists"));
    g_array_unref(m->pack->fields); /* room for all at once, so that no PackField moves */
    m->pack->fields = g_array_sized_new(FALSE, TRUE, sizeof(PackField), json_array_size(lines));
    for (gsize i = 0; i < json_array_size(lines); i++) {
        compile_field(m, file, json_array_get(lines, i));
    }
    for (int i = 0; i < PACK_N_FACTS; i++) {
        m->pack->fact[i] = rule_schema_add(m->pack->schema, facts[i].name, facts[i].type);
    }
}

/* ---- values ---- */
static gboolean refuse_value(GError **error, const PackField *field, const char *what)
{
    g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "field '%s' %s", field->id, what);
    return FALSE;
}

static gboolean text_fits(const Pack *pack, const PackField *field, const char *text, GError **error)
{
    const gsize length = g_utf8_strlen(text, -1);
    if (length > field->max_length) {
        g_autofree char *what = g_strdup_printf("is longer than %zu characters", field->max_length);
        return refuse_value(error, field, what);
    }
    if (field->list && !pack_has_code(pack, field->list, text)) {
        g_autofree char *what = g_strdup_printf("is not a code of list '%s'", field->list);
        return refuse_value(error, field, what);
    }
    return TRUE;
}

static gboolean number_fits(const PackField *field, double value, GError **error)
{
    if (value >= (double)field->min && value <= (double)field->max) {
        return TRUE;
    }
    g_autofree char *what =
        g_strdup_printf("is out of range, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field->min, field->max);
    return refuse_value(error, field, what);
}

static json_t *take_int(const Pack *pack, const PackField *field, const json_t *value, GError **error)
{
    gint64 t;
    if (field->is_time && json_is_string(value) &&
        base_time_parse(json_string_value(value), pack->utc_offset, &t)) {
        return json_integer(t);
    }
    if (!json_is_integer(value)) {
        refuse_value(error, field, field->is_time ? "must be a time" : "must be an integer");
        return NULL;
    }
    return number_fits(field, (double)json_integer_value(value), error) ? json_incref((json_t *)value) : NULL;
}

json_t *pack_field_take(const Pack *pack, const PackField *field, const json_t *value, GError **error)
{
    switch (field->type) {
    case RULE_INT:
        return take_int(pack, field, value, error);
    case RULE_TEXT:
        if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
            refuse_value(error, field, "must be a text");
            return NULL;
        }
        return text_fits(pack, field, json_string_value(value), error) ? json_incref((json_t *)value) : NULL;
    case RULE_REAL:
        if (!json_is_number(value)) {
            refuse_value(error, field, "must be a number");
            return NULL;
        }
        return number_fits(field, json_number_value(value), error) ? json_incref((json_t *)value) : NULL;
    default:
        if (!json_is_boolean(value)) {
            refuse_value(error, field, "must be true or false");
            return NULL;
        }
        return json_incref((json_t *)value);
    }
}

static gboolean take_one(const Pack *pack, const char *id, const json_t *value, json_t *open,
                         json_t *private_facts, GError **error)
{
    const PackField *field = pack_field(pack, id);
    if (!field) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "unknown field '%s'; see the pack's fields", id);
        return FALSE;
    }
    if (json_is_null(value)) {
        return TRUE;
    }
    json_t *taken = pack_field_take(pack, field, value, error);
    if (!taken) {
        return FALSE;
    }
    json_object_set_new(field->klass == PACK_OPEN ? open : private_facts, id, taken);
    return TRUE;
}

gboolean pack_take_fields(const Pack *pack, const json_t *fields, json_t **open, json_t **private_facts,
                          GError **error)
{
    json_t *o = json_object(), *p = json_object();
    const char *id;
    json_t *value;
    gboolean ok = TRUE;
    json_object_foreach((json_t *)fields, id, value)
    {
        ok = ok && take_one(pack, id, value, o, p, error);
    }
    if (!ok) {
        json_decref(o);
        json_decref(p);
        return FALSE;
    }
    *open = o;
    *private_facts = p;
    return TRUE;
}

RuleValue pack_rule_value(RuleType type, const json_t *value)
{
    RuleValue v = { .type = type };
    if (!value || json_is_null(value)) {
        v.type = RULE_NULL;
    } else if (type == RULE_TEXT) {
        v.text = json_string_value(value);
    } else if (type == RULE_INT) {
        v.integer = json_integer_value(value);
    } else if (type == RULE_REAL) {
        v.real = json_number_value(value);
    } else {
        v.boolean = json_is_true(value);
    }
    return v;
}

void pack_row_fill(const Pack *pack, const json_t *open, RuleValue *row)
{
    for (guint i = 0; i < pack->fields->len; i++) {
        const PackField *field = &g_array_index(pack->fields, PackField, i);
        if (field->column >= 0) {
            row[field->column] = pack_rule_value(field->type, json_object_get(open, field->id));
        }
    }
}
