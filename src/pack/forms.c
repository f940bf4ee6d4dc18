/* forms.c - forms/: what an event or a signal may bring, as JSON Schema over the pack's fields.
 *
 * What types.yaml says of a field (type, code list, limits) is added to its property, so that a form says
 * only what is particular to it and every refusal names its place. */
#include "base/json.h"
#include "pack/inside.h"
#include <string.h>

void pack_form_free(PackForm *form)
{
    form_schema_free(form->schema);
    json_decref(form->tree);
    g_free(form->id);
    g_free(form);
}

const PackForm *pack_form(const Pack *pack, const char *id)
{
    return id ? g_hash_table_lookup(pack->forms, id) : NULL;
}

/* ---- what the field says ---- */
static const char *type_of(const PackField *field)
{
    static const char *const names[] = { "", "boolean", "integer", "number", "string" };
    return names[field->type];
}

static void put_missing(json_t *property, const char *key, json_t *value)
{
    if (json_object_get(property, key)) {
        json_decref(value);
    } else {
        json_object_set_new(property, key, value);
    }
}

static void add_codes(const Pack *pack, const PackField *field, json_t *property)
{
    json_t *codes = json_array(), *line;
    const char *code;
    json_object_foreach(g_hash_table_lookup(pack->lists, field->list), code, line)
    {
        json_array_append_new(codes, json_string(code));
    }
    put_missing(property, "enum", codes);
}

static void complete(const Pack *pack, const PackField *field, json_t *property)
{
    put_missing(property, "type", json_string(type_of(field)));
    if (field->list) {
        add_codes(pack, field, property);
    } else if (field->type == RULE_TEXT) {
        put_missing(property, "maxLength", json_integer((json_int_t)field->max_length));
    } else if (field->min != G_MININT64 && field->type != RULE_BOOL) {
        put_missing(property, "minimum", json_integer(field->min));
    }
    if (field->type != RULE_TEXT && field->type != RULE_BOOL && field->max != G_MAXINT64) {
        put_missing(property, "maximum", json_integer(field->max));
    }
}

/* ---- does the form agree with it ---- */
static void sound_limit(PackMaking *m, const PackFile *file, const json_t *property, const char *key,
                        gboolean sound)
{
    if (!sound) {
        pack_refuse(m->refusals, PACK_RULE(form, wider), PACK_AT_VALUE(file, property, key),
                    "wider than the field is in types.yaml; a form can only be narrower");
    }
}

static void sound_property(PackMaking *m, const PackFile *file, const PackField *field,
                           const json_t *property)
{
    const json_t *type = json_object_get(property, "type"), *codes = json_object_get(property, "enum");
    const json_t *longest = json_object_get(property, "maxLength"),
                 *least = json_object_get(property, "minimum");
    const json_t *most = json_object_get(property, "maximum");
    if (type && g_strcmp0(json_string_value(type), type_of(field)) != 0) {
        pack_refuse(m->refusals, PACK_RULE(form, type), PACK_AT_VALUE(file, property, "type"),
                    "field '%s' is of type %s; write \"%s\" or leave type out", field->id, type_of(field),
                    type_of(field));
    }
    for (gsize i = 0; field->list && i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        if (!code || !pack_has_code(m->pack, field->list, code)) {
            pack_refuse(m->refusals, PACK_RULE(known, code), PACK_AT_ITEM(file, codes, i),
                        "not a code of list '%s'; see types.yaml", field->list);
        }
    }
    sound_limit(m, file, property, "maxLength",
                !longest || json_integer_value(longest) <= (json_int_t)field->max_length);
    sound_limit(m, file, property, "minimum", !least || json_number_value(least) >= (double)field->min);
    sound_limit(m, file, property, "maximum", !most || json_number_value(most) <= (double)field->max);
}

static void sound_layout(PackMaking *m, const PackFile *file, const json_t *properties)
{
    const json_t *sections = json_object_get(json_object_get(file->tree, "x-layout"), "sections");
    g_autoptr(GHashTable) met = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < json_array_size(sections); i++) {
        const json_t *fields = json_object_get(json_array_get(sections, i), "fields");
        for (gsize k = 0; k < json_array_size(fields); k++) {
            const char *id = json_string_value(json_array_get(fields, k));
            if (!id || !json_object_get(properties, id) || !g_hash_table_add(met, (char *)id)) {
                pack_refuse(m->refusals, PACK_RULE(form, layout), PACK_AT_ITEM(file, fields, k),
                            "the layout names each property once; this is none, or stands twice");
            }
        }
    }
}

static void sound_show_if(PackMaking *m, const PackFile *file, const json_t *properties,
                          const json_t *property)
{
    const json_t *when = json_object_get(property, "x-show-if");
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)when, id, value)
    {
        if (!json_object_get(properties, id)) {
            pack_refuse(m->refusals, PACK_RULE(form, show_if), PACK_AT_KEY(file, when, id),
                        "x-show-if names '%s', which is not in this form; write {\"field\": value}", id);
        }
    }
}

/* ---- places ---- */
/* Where a JSON pointer of the schema stands in the file; the file, where it was added by us. */
static PackSpot spot_of(const PackFile *file, const char *pointer)
{
    g_auto(GStrv) parts = g_strsplit(*pointer ? pointer + 1 : "", "/", -1);
    const json_t *at = file->tree;
    PackSpot spot = PACK_AT_FILE(file);
    for (char **part = parts; *part && at; part++) {
        if (json_is_array(at)) {
            const gsize index = (gsize)g_ascii_strtoull(*part, NULL, 10);
            spot = PACK_AT_ITEM(file, at, index);
            at = json_array_get(at, index);
            continue;
        }
        const char *key;
        json_t *value, *next = NULL;
        json_object_foreach((json_t *)at, key, value)
        {
            g_autoptr(GString) escaped = g_string_new(key);
            g_string_replace(escaped, "~", "~0", 0);
            g_string_replace(escaped, "/", "~1", 0);
            if (strcmp(escaped->str, *part) == 0) {
                spot = PACK_AT_VALUE(file, at, key);
                next = value;
            }
        }
        at = next;
    }
    return spot;
}

/* ---- compiling ---- */
static gboolean compile_properties(PackMaking *m, const PackFile *file, json_t *tree)
{
    const json_t *written = json_object_get(file->tree, "properties");
    json_t *properties = json_object_get(tree, "properties"), *property;
    const guint before = m->refusals->texts->len;
    const char *id;
    if (!json_object_size(properties)) {
        pack_refuse(m->refusals, PACK_RULE(form, empty), PACK_AT_FILE(file),
                    "a form without properties; add the fields it asks for");
        return FALSE;
    }
    json_object_foreach(properties, id, property)
    {
        const PackField *field = pack_field(m->pack, id);
        if (!field || !json_is_object(property)) {
            pack_refuse_unknown(m->refusals, PACK_RULE(known, field), PACK_AT_KEY(file, written, id), id,
                                pack_known_keys(m->pack->field_by_id),
                                "'%s' is no field of types.yaml, or its schema is no object", id);
            continue;
        }
        sound_property(m, file, field, json_object_get(written, id));
        sound_show_if(m, file, written, json_object_get(written, id));
        complete(m->pack, field, property);
    }
    sound_layout(m, file, written);
    return m->refusals->texts->len == before;
}

static void compile_form(PackMaking *m, const PackFile *file)
{
    json_t *tree = json_deep_copy(file->tree);
    if (!compile_properties(m, file, tree)) {
        json_decref(tree);
        return;
    }
    put_missing(tree, "type", json_string("object"));
    g_autofree char *at = NULL;
    g_autoptr(GError) error = NULL;
    FormSchema *schema = form_schema_new(tree, &at, &error);
    if (!schema) {
        pack_refuse(m->refusals, PACK_RULE(form, schema), spot_of(file, at), "%s", error->message);
        json_decref(tree);
        return;
    }
    PackForm *form = g_new0(PackForm, 1);
    const char *base = strrchr(file->name, '/') + 1;
    *form = (PackForm){ g_strndup(base, strlen(base) - strlen(".json")), schema, tree };
    g_hash_table_insert(m->pack->forms, form->id, form);
}

void pack_compile_forms(PackMaking *m)
{
    for (guint i = 0; i < m->files->len; i++) {
        const PackFile *file = m->files->pdata[i];
        if (g_str_has_prefix(file->name, "forms/")) {
            compile_form(m, file);
        }
    }
}

static gboolean form_used(const Pack *pack, const char *id)
{
    for (gsize i = 0; i < flow_chart_transitions(pack->chart); i++) {
        if (g_strcmp0(flow_chart_transition_at(pack->chart, i).form, id) == 0) {
            return TRUE;
        }
    }
    for (guint i = 0; i < pack->mappings->len; i++) {
        if (g_strcmp0(pack_text(((const PackMapping *)pack->mappings->pdata[i])->item, "form"), id) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

void pack_forms_used(PackMaking *m)
{
    for (guint i = 0; i < m->files->len; i++) {
        const PackFile *file = m->files->pdata[i];
        g_autofree char *id = g_str_has_prefix(file->name, "forms/")
                                  ? g_strndup(file->name + 6, strlen(file->name) - 6 - strlen(".json"))
                                  : NULL;
        if (id && !form_used(m->pack, id)) {
            pack_refuse(m->refusals, PACK_RULE(form, unused), PACK_AT_FILE(file),
                        "nobody fills in this form; add form(%s) to a transition or `form: %s` to a mapping",
                        id, id);
        }
    }
}

/* ---- refusals that name their fields ---- */
typedef struct {
    char *fields;
} FormErrorData;

static GQuark form_error;

static void data_init(GError *error)
{
    (void)error;
}

static FormErrorData *data_of(const GError *error)
{
    return (FormErrorData *)((guint8 *)error - sizeof(FormErrorData));
}

static void data_copy(const GError *from, GError *to)
{
    data_of(to)->fields = g_strdup(data_of(from)->fields);
}

static void data_clear(GError *error)
{
    g_free(data_of(error)->fields);
}

GQuark pack_form_error_quark(void)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        form_error =
            g_error_domain_register("pack-form", sizeof(FormErrorData), data_init, data_copy, data_clear);
        g_once_init_leave(&once, 1);
    }
    return form_error;
}

const char *pack_form_error_fields(const GError *error)
{
    return error->domain == pack_form_error_quark() ? data_of(error)->fields : NULL;
}

static char *fields_json(const GPtrArray *refusals)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson json = base_json_to(out), *j = &json;
    base_json_array(j);
    for (guint i = 0; i < refusals->len; i++) {
        const FormRefusal *r = refusals->pdata[i];
        g_autofree char *zh = form_refusal_text(r, "zh"), *en = form_refusal_text(r, "en");
        base_json_object(j);
        base_json_put_text(j, "pointer", r->at);
        base_json_put_text(j, "code", form_code_name(r->code));
        base_json_put_text(j, "text_zh", zh);
        base_json_put_text(j, "text_en", en);
        base_json_end_object(j);
    }
    base_json_end_array(j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean refuse_fields(const GPtrArray *refusals, GError **error)
{
    const FormRefusal *first = refusals->pdata[0];
    g_autofree char *en = form_refusal_text(first, "en");
    if (error) {
        g_autofree char *more =
            refusals->len > 1 ? g_strdup_printf("; and %u more", refusals->len - 1) : g_strdup("");
        *error = g_error_new(pack_form_error_quark(), 0, "field '%s' %s%s", first->at + 1, en, more);
        data_of(*error)->fields = fields_json(refusals);
    }
    return FALSE;
}

/* ---- checking ---- */
static gboolean among(const char *const *names, const char *name)
{
    return names && g_strv_contains(names, name);
}

static gboolean may_bring(const Pack *pack, const FlowTransition *t, const char *field)
{
    const PackForm *form = pack_form(pack, t->form);
    return among(t->needs, field) ||
           (form && json_object_get(json_object_get(form->tree, "properties"), field)) ||
           strcmp(field, "note") == 0 || (strcmp(field, "rating_text") == 0 && among(t->needs, "rating"));
}

static void refuse_unknown(GPtrArray *refusals, const char *field)
{
    FormRefusal *refusal = g_new0(FormRefusal, 1);
    *refusal = (FormRefusal){ g_strdup_printf("/%s", field), g_strdup(""), FORM_UNKNOWN, NULL };
    g_ptr_array_add(refusals, refusal);
}

/* The part of `fields` that the form asks for. New reference. */
static json_t *part_of(const PackForm *form, const json_t *fields)
{
    json_t *part = json_object(), *value;
    const char *id;
    json_object_foreach((json_t *)fields, id, value)
    {
        if (json_object_get(json_object_get(form->tree, "properties"), id)) {
            json_object_set(part, id, value);
        }
    }
    return part;
}

static gboolean allowed_by_some(const Pack *pack, const GArray *chosen, const char *field)
{
    for (guint i = 0; i < chosen->len; i++) {
        const FlowTransition t = flow_chart_transition_at(pack->chart, g_array_index(chosen, gsize, i));
        if (may_bring(pack, &t, field)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean pack_event_fits(const Pack *pack, const GArray *chosen, const json_t *fields, GError **error)
{
    g_autoptr(GPtrArray) refusals = form_refusals_new();
    const char *field;
    json_t *value;
    json_object_foreach((json_t *)fields, field, value)
    {
        if (chosen->len && !allowed_by_some(pack, chosen, field)) {
            refuse_unknown(refusals, field);
        }
    }
    for (guint i = 0; i < chosen->len; i++) {
        const FlowTransition t = flow_chart_transition_at(pack->chart, g_array_index(chosen, gsize, i));
        const PackForm *form = pack_form(pack, t.form);
        if (form) {
            json_t *part = part_of(form, fields);
            form_check(form->schema, part, refusals);
            json_decref(part);
        }
    }
    return !refusals->len || refuse_fields(refusals, error);
}

gboolean pack_form_fits(const PackForm *form, const json_t *object, GError **error)
{
    g_autoptr(GPtrArray) refusals = form_refusals_new();
    json_t *part = part_of(form, object);
    form_check(form->schema, part, refusals);
    json_decref(part);
    return !refusals->len || refuse_fields(refusals, error);
}
