/* mapping.c - intake.yaml: what each line of a mapping reads, how, and into what. */
#include "pack/inside.h"
#include <string.h>

static const struct {
    const char *name;
    PackTarget target;
    PackAs as;
} targets[] = {
    { "channel", PACK_TO_CHANNEL, PACK_AS_TEXT }, { "ref", PACK_TO_REF, PACK_AS_TEXT },
    { "place", PACK_TO_PLACE, PACK_AS_TEXT },     { "org", PACK_TO_ORG, PACK_AS_TEXT },
    { "area", PACK_TO_AREA, PACK_AS_TEXT },       { "title", PACK_TO_TITLE, PACK_AS_TEXT },
    { "at", PACK_TO_AT, PACK_AS_TIME },           { "lat", PACK_TO_LAT, PACK_AS_LAT },
    { "lon", PACK_TO_LON, PACK_AS_LON },          { "level", PACK_TO_LEVEL, PACK_AS_INT },
};
static const char *const as_names[] = { "text", "time", "int", "real", "bool", "lat", "lon" };

static void line_free(gpointer p)
{
    PackMapLine *line = p;
    g_clear_pointer(&line->pattern, g_regex_unref);
    g_free(line);
}

void pack_mapping_free(PackMapping *mapping)
{
    g_ptr_array_unref(mapping->lines);
    g_ptr_array_unref(mapping->decide);
    g_free(mapping);
}

/* ---- one line ---- */
static PackAs natural_as(const PackField *field)
{
    static const PackAs by_type[] = { PACK_AS_TEXT, PACK_AS_BOOL, PACK_AS_INT, PACK_AS_REAL, PACK_AS_TEXT };
    return field->is_time ? PACK_AS_TIME : by_type[field->type];
}

static gboolean find_target(PackMaking *m, const PackFile *file, const json_t *item, PackMapLine *line)
{
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        if (strcmp(targets[i].name, line->to) == 0) {
            line->target = targets[i].target;
            line->as = targets[i].as;
            return TRUE;
        }
    }
    line->target = PACK_TO_FIELD;
    line->field = pack_field(m->pack, line->to);
    if (!line->field) {
        pack_refuse(m->refusals, PACK_RULE(known, field), PACK_AT_VALUE(file, item, "to"),
                    "no field '%s'; a field of types.yaml, or channel, ref, place, org, area, title, at, "
                    "lat, lon, level",
                    line->to);
        return FALSE;
    }
    line->as = natural_as(line->field);
    return TRUE;
}

static void find_as(PackMaking *m, const PackFile *file, const json_t *item, PackMapLine *line)
{
    const char *as = pack_text(item, "as");
    if (as && strcmp(as, as_names[line->as]) != 0) {
        pack_refuse(m->refusals, PACK_RULE(mapping, as), PACK_AT_VALUE(file, item, "as"),
                    "'%s' is read as %s, not as %s; leave `as` out", line->to, as_names[line->as], as);
    }
}

static void compile_pattern(PackMaking *m, const PackFile *file, const json_t *item, PackMapLine *line)
{
    const char *pattern = pack_text(item, "pattern");
    if (!pattern) {
        return;
    }
    g_autoptr(GError) error = NULL;
    const PackSpot spot = PACK_AT_VALUE(file, item, "pattern");
    line->pattern = g_regex_new(pattern, G_REGEX_OPTIMIZE, 0, &error);
    if (!line->pattern) {
        pack_refuse(m->refusals, PACK_RULE(mapping, pattern), spot, "%s; see pcrepattern(3)", error->message);
    } else if (g_regex_get_capture_count(line->pattern) != 1) {
        pack_refuse(m->refusals, PACK_RULE(mapping, pattern), spot,
                    "%d captures; put round brackets about the one part wanted",
                    g_regex_get_capture_count(line->pattern));
    }
}

/* A scalar as the text that a column would have held. */
static const char *scalar_text(Pack *pack, const json_t *value)
{
    if (!value || json_is_string(value)) {
        return json_string_value(value);
    }
    char *text = json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
                 : json_is_real(value)  ? g_strdup_printf("%.17g", json_real_value(value))
                                        : g_strdup(json_is_true(value) ? "true" : "false");
    g_ptr_array_add(pack->hold, text);
    return text;
}

static void sound_codes(PackMaking *m, const PackFile *file, const json_t *item, const PackMapLine *line)
{
    const char *list = line->field ? line->field->list : NULL, *key;
    json_t *value;
    if (!list) {
        return;
    }
    if (line->fallback && !pack_has_code(m->pack, list, line->fallback)) {
        pack_refuse(m->refusals, PACK_RULE(known, code), PACK_AT_VALUE(file, item, "default"),
                    "'%s' is not a code of list '%s'; see types.yaml", line->fallback, list);
    }
    json_object_foreach((json_t *)line->map, key, value)
    {
        const char *code = json_string_value(value);
        if (!code || !pack_has_code(m->pack, list, code)) {
            pack_refuse(m->refusals, PACK_RULE(known, code), PACK_AT_VALUE(file, line->map, key),
                        "'%s' is not a code of list '%s'; see types.yaml", code ? code : "this", list);
        }
    }
}

static PackMapLine *compile_line(PackMaking *m, const PackFile *file, const json_t *item)
{
    PackMapLine *line = g_new0(PackMapLine, 1);
    line->to = pack_text(item, "to");
    line->from = (const char **)pack_texts(m->pack, json_object_get(item, "from"));
    line->map = json_object_get(item, "map");
    line->fallback = scalar_text(m->pack, json_object_get(item, "default"));
    line->required = json_is_true(json_object_get(item, "required"));
    line->optional = json_is_true(json_object_get(item, "optional"));
    if (find_target(m, file, item, line)) {
        find_as(m, file, item, line);
        compile_pattern(m, file, item, line);
        sound_codes(m, file, item, line);
    }
    if (!line->from && !line->fallback) {
        pack_refuse(m->refusals, PACK_RULE(mapping, source), PACK_AT_VALUE(file, item, "to"),
                    "neither `from` nor `default`; say which column '%s' comes from", line->to);
    }
    return line;
}

/* ---- one mapping ---- */
/* channel: and ref: at the top are lines too, so that running knows one thing only. */
static void compile_top(PackMaking *m, const json_t *item, GPtrArray *lines)
{
    if (pack_text(item, "channel")) {
        PackMapLine *line = g_new0(PackMapLine, 1);
        *line = (PackMapLine){ .target = PACK_TO_CHANNEL,
                               .to = "channel",
                               .fallback = pack_text(item, "channel") };
        g_ptr_array_add(lines, line);
    }
    if (json_object_get(item, "ref")) {
        PackMapLine *line = g_new0(PackMapLine, 1);
        *line = (PackMapLine){ .target = PACK_TO_REF,
                               .to = "ref",
                               .from = (const char **)pack_texts(m->pack, json_object_get(item, "ref")),
                               .required = TRUE };
        g_ptr_array_add(lines, line);
    }
}

static void refuse_twice(PackMaking *m, const PackFile *file, const json_t *item, const GPtrArray *lines)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < lines->len; i++) {
        const PackMapLine *line = lines->pdata[i];
        if (!g_hash_table_add(seen, (char *)line->to)) {
            pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "fields"),
                        "'%s' is filled twice; give one line a list of columns under `from`", line->to);
        }
    }
    if (!g_hash_table_contains(seen, "channel")) {
        pack_refuse(m->refusals, PACK_RULE(mapping, channel), PACK_AT_VALUE(file, item, "id"),
                    "no channel; add `channel: <name>` or a line `to: channel`");
    }
}

static void compile_decide(PackMaking *m, const PackFile *file, const json_t *item, GPtrArray *decide)
{
    const json_t *ids = json_object_get(item, "decide");
    for (gsize i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        const PackDecision *decision = pack_decision(m->pack, id);
        if (decision && decision->choice) {
            pack_refuse(m->refusals, PACK_RULE(register, stored), PACK_AT_ITEM(file, ids, i),
                        "'%s' chooses from a register; do that in the procedure, with assign(%s)", id, id);
        } else if (decision) {
            g_ptr_array_add(decide, (gpointer)decision);
        } else {
            pack_refuse(m->refusals, PACK_RULE(known, decision), PACK_AT_ITEM(file, ids, i),
                        "no decision '%s'; add decisions/%s.yaml", id, id);
        }
    }
}

static void compile_mapping(PackMaking *m, const PackFile *file, const json_t *item)
{
    PackMapping *mapping = g_new0(PackMapping, 1);
    mapping->id = pack_text(item, "id");
    const char *form = pack_text(item, "form");
    if (form && !pack_form(m->pack, form)) {
        pack_refuse(m->refusals, PACK_RULE(known, form), PACK_AT_VALUE(file, item, "form"),
                    "no form '%s'; add forms/%s.json", form, form);
    }
    mapping->item = item;
    mapping->lines = g_ptr_array_new_with_free_func(line_free);
    mapping->decide = g_ptr_array_new();
    if (pack_mapping(m->pack, mapping->id)) {
        pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                    "mapping '%s' stands twice; remove one", mapping->id);
    }
    g_ptr_array_add(m->pack->mappings, mapping);
    compile_top(m, item, mapping->lines);
    const json_t *lines = json_object_get(item, "fields");
    for (gsize i = 0; i < json_array_size(lines); i++) {
        g_ptr_array_add(mapping->lines, compile_line(m, file, json_array_get(lines, i)));
    }
    compile_decide(m, file, item, mapping->decide);
    refuse_twice(m, file, item, mapping->lines);
    pack_check_open311(m, file, mapping);
}

void pack_compile_mappings(PackMaking *m)
{
    const PackFile *file;
    const json_t *items = json_object_get(pack_tree(m, "intake.yaml", &file), "mappings");
    for (gsize i = 0; i < json_array_size(items); i++) {
        compile_mapping(m, file, json_array_get(items, i));
    }
}

gsize pack_mappings(const Pack *pack)
{
    return pack->mappings->len;
}

const PackMapping *pack_mapping_at(const Pack *pack, gsize i)
{
    return pack->mappings->pdata[i];
}

const PackMapping *pack_mapping(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->mappings->len; i++) {
        const PackMapping *mapping = pack->mappings->pdata[i];
        if (strcmp(mapping->id, id) == 0) {
            return mapping;
        }
    }
    return NULL;
}

const char *pack_mapping_id(const PackMapping *mapping)
{
    return mapping->id;
}

const char *pack_mapping_title(const PackMapping *mapping, const char *lang)
{
    return pack_text(mapping->item, lang);
}

gboolean pack_mapping_public(const PackMapping *mapping)
{
    return json_is_true(json_object_get(mapping->item, "public"));
}

PackReads pack_mapping_reads(const PackMapping *mapping, const char *key)
{
    PackReads reads = PACK_READS_NOT;
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        if (!line->from || !g_strv_contains((const char *const *)line->from, key)) {
            continue;
        }
        const gboolean hidden = line->field && line->field->klass == PACK_PRIVATE;
        reads = MAX(reads, hidden ? PACK_READS_PRIVATE : PACK_READS_OPEN);
    }
    return reads;
}
