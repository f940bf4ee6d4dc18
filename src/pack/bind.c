/* bind.c - a row or a JSON object becomes a signal, along the lines of a mapping.
 *
 * Every value passes through text, so a column "3" and a JSON 3 are one thing. A refusal names the column and
 * the reason, never the value: a private thing may stand in the wrong column. */
#include "base/geo.h"
#include "pack/inside.h"
#include <math.h>
#include <string.h>

#define LONGEST_FACT 300
#define LEVEL_WHEN_SILENT 3

struct PackBinding {
    const Pack *pack;
    const PackMapping *mapping;
    GArray *positions; /* gint: candidates of all lines, each line's ended by -1 */
    gsize columns;
};

typedef struct { /* where the values of one signal come from */
    const PackBinding *binding;
    char **fields;
    const json_t *object;
} Source;

typedef struct {
    const Pack *pack;
    PackSignal *out;
} Filling;

void pack_signal_clear(PackSignal *signal)
{
    g_free(signal->channel);
    g_free(signal->ref);
    g_free(signal->place);
    g_free(signal->org);
    g_free(signal->area);
    g_free(signal->title);
    json_decref(signal->open);
    json_decref(signal->private_facts);
    memset(signal, 0, sizeof *signal);
}

/* ---- binding ---- */
static gboolean same_column(const char *header, const char *wanted)
{
    g_autofree char *bare = g_strstrip(g_strdup(header));
    return strcmp(bare, wanted) == 0 || g_ascii_strcasecmp(bare, wanted) == 0;
}

static gint find_column(char **header, gsize n, const char *wanted)
{
    for (gsize i = 0; i < n; i++) {
        if (same_column(header[i], wanted)) {
            return (gint)i;
        }
    }
    return -1;
}

/* Positions of the line's candidates that are there; FALSE when none is. */
static gboolean bind_line(const PackMapLine *line, char **header, gsize n, GArray *positions)
{
    const gint end = -1;
    gboolean found = FALSE;
    for (const char **from = line->from; from && *from; from++) {
        const gint position = find_column(header, n, *from);
        if (position >= 0) {
            g_array_append_val(positions, position);
            found = TRUE;
        }
    }
    g_array_append_val(positions, end);
    return found;
}

static gboolean column_known(char *column, const PackMapping *mapping)
{
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        for (const char **from = line->from; from && *from; from++) {
            if (find_column(&column, 1, *from) == 0) return TRUE;
        }
    }
    return FALSE;
}

/* Of the table's first line only names that we know ourselves are said back: a table without a header begins
 * with a person. */
static void refuse_header(const GPtrArray *missing, char **header, gsize n, const PackMapping *mapping,
                          GError **error)
{
    g_autoptr(GString) lacks = g_string_new(NULL), found = g_string_new(NULL);
    gsize known = 0;
    for (guint i = 0; i < missing->len; i++) {
        g_string_append_printf(lacks, "%s%s", i ? ", " : "", (const char *)missing->pdata[i]);
    }
    for (gsize i = 0; i < n; i++) {
        if (!column_known(header[i], mapping)) continue;
        g_string_append_printf(found, "%s%s", known++ ? ", " : "", header[i]);
    }
    if (!known) g_string_append(found, "none; is its first line the header?");
    g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING,
                "the table does not fit mapping '%s': missing columns: %s; found: %s", mapping->id,
                lacks->str, found->str);
}

static void add_once(GPtrArray *names, char *name)
{
    if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
        g_free(name);
    } else {
        g_ptr_array_add(names, name);
    }
}

PackBinding *pack_bind(const Pack *pack, const PackMapping *mapping, char **header, gsize n, GError **error)
{
    g_autoptr(PackBinding) binding = g_new0(PackBinding, 1);
    *binding = (PackBinding){ pack, mapping, g_array_new(FALSE, FALSE, sizeof(gint)), n };
    g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        if (!bind_line(line, header, n, binding->positions) && line->from && !line->optional) {
            add_once(missing, g_strjoinv(" or ", (char **)line->from));
        }
    }
    if (missing->len) {
        refuse_header(missing, header, n, mapping, error);
        return NULL;
    }
    return g_steal_pointer(&binding);
}

void pack_binding_free(PackBinding *binding)
{
    if (binding) {
        g_array_unref(binding->positions);
        g_free(binding);
    }
}

/* ---- values as text ---- */
static gboolean is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* First candidate that holds something. `position` walks the binding's list. */
static char *from_row(const Source *source, guint *position)
{
    const gint *p = &g_array_index(source->binding->positions, gint, *position);
    char *found = NULL;
    for (; *p >= 0; p++, ++*position) {
        if (!found && !is_blank(source->fields[*p])) {
            found = g_strstrip(g_strdup(source->fields[*p]));
        }
    }
    ++*position;
    return found;
}

static char *json_text(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        return *json_string_value(value) ? g_strdup(json_string_value(value)) : NULL; /* byte for byte */
    case JSON_INTEGER:
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL: {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_dtostr(text, sizeof text, json_real_value(value)));
    }
    case JSON_TRUE:
        return g_strdup("true");
    case JSON_FALSE:
        return g_strdup("false");
    default:
        return NULL;
    }
}

static char *from_json(const Source *source, const PackMapLine *line)
{
    char *text = NULL;
    for (const char **from = line->from; !text && from && *from; from++) {
        text = json_text(json_object_get(source->object, *from));
    }
    return text;
}

static gboolean refuse_line(GError **error, const PackMapLine *line, const char *what)
{
    g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "%s%s%s: %s", line->from ? "column '" : "'",
                line->from ? line->from[0] : line->to, "'", what);
    return FALSE;
}

/* Pattern, map and default turn what stood there into the line's text; NULL: nothing. */
static char *shape_text(const PackMapLine *line, char *text)
{
    g_autofree char *raw = text;
    if (raw && line->pattern) {
        g_autoptr(GMatchInfo) match = NULL;
        char *part = g_regex_match(line->pattern, raw, 0, &match) ? g_match_info_fetch(match, 1) : NULL;
        g_free(raw);
        raw = part && *g_strstrip(part) ? part : (g_free(part), NULL);
    }
    if (raw && line->map) {
        char *code = json_text(json_object_get(line->map, raw));
        g_free(raw);
        raw = code;
    }
    return raw ? g_steal_pointer(&raw) : g_strdup(line->fallback);
}

/* ---- values as what they are ---- */
static gboolean parse_time(const Pack *pack, const char *text, gint64 *out)
{
    if (strlen(text) >= 11 && strspn(text, "0123456789") == strlen(text)) {
        return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64 / 2, out, NULL);
    }
    return base_time_parse(text, pack->utc_offset, out);
}

static gboolean parse_real(const char *text, double *out)
{
    char *end;
    *out = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

static json_t *parse_bool(const char *text)
{
    static const char *const yes[] = { "true", "1", "yes", "是", NULL }, *const no[] = { "false", "0", "no",
                                                                                         "否", NULL };
    return g_strv_contains(yes, text) ? json_true() : g_strv_contains(no, text) ? json_false() : NULL;
}

static json_t *parse_value(const Pack *pack, PackAs as, const char *text)
{
    gint64 integer;
    double real;
    switch (as) {
    case PACK_AS_TIME:
        return parse_time(pack, text, &integer) ? json_integer(integer) : NULL;
    case PACK_AS_INT:
        return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &integer, NULL)
                   ? json_integer(integer)
                   : NULL;
    case PACK_AS_REAL:
        return parse_real(text, &real) ? json_real(real) : NULL;
    case PACK_AS_BOOL:
        return parse_bool(text);
    default:
        return json_string(text);
    }
}

static gboolean put_field(const Filling *f, const PackMapLine *line, const char *text, GError **error)
{
    static const char *const what[] = { "not a text", "not a time", "not an integer", "not a number",
                                        "not true or false" };
    json_t *value = parse_value(f->pack, line->as, text);
    if (!value) {
        return refuse_line(error, line, what[line->as]);
    }
    g_autoptr(GError) why = NULL;
    json_t *taken = pack_field_take(f->pack, line->field, value, &why);
    json_decref(value);
    if (!taken) {
        return refuse_line(error, line, why->message);
    }
    json_object_set_new(line->field->klass == PACK_OPEN ? f->out->open : f->out->private_facts,
                        line->field->id, taken);
    return TRUE;
}

static gboolean put_fact_text(char **slot, const PackMapLine *line, const char *text, GError **error)
{
    if (g_utf8_strlen(text, -1) > LONGEST_FACT) {
        return refuse_line(error, line, "longer than 300 characters");
    }
    g_free(*slot);
    *slot = g_strdup(text);
    return TRUE;
}

static gboolean put_level(PackSignal *out, const PackMapLine *line, const char *text, GError **error)
{
    gint64 level;
    if (!g_ascii_string_to_signed(text, 10, 1, 4, &level, NULL)) {
        return refuse_line(error, line, "a level is 1 (most urgent) to 4");
    }
    out->level = (int)level;
    return TRUE;
}

/* Coordinates that make no sense become NAN; the row is kept. */
static void put_coordinate(double *slot, const char *text)
{
    if (!parse_real(text, slot)) {
        *slot = NAN;
    }
}

static gboolean put(const Filling *f, const PackMapLine *line, const char *text, GError **error)
{
    PackSignal *out = f->out;
    switch (line->target) {
    case PACK_TO_FIELD:
        return put_field(f, line, text, error);
    case PACK_TO_CHANNEL:
        return put_fact_text(&out->channel, line, text, error);
    case PACK_TO_REF:
        return put_fact_text(&out->ref, line, text, error);
    case PACK_TO_PLACE:
        return put_fact_text(&out->place, line, text, error);
    case PACK_TO_ORG:
        return put_fact_text(&out->org, line, text, error);
    case PACK_TO_AREA:
        return put_fact_text(&out->area, line, text, error);
    case PACK_TO_TITLE:
        return put_fact_text(&out->title, line, text, error);
    case PACK_TO_AT:
        return parse_time(f->pack, text, &out->at) ||
               refuse_line(error, line, "not a time; like 2026-11-23 17:05:00");
    case PACK_TO_LEVEL:
        return put_level(out, line, text, error);
    case PACK_TO_LAT:
        put_coordinate(&out->lat, text);
        return TRUE;
    case PACK_TO_LON:
        put_coordinate(&out->lon, text);
        return TRUE;
    }
    return FALSE;
}

static gboolean put_line(const Filling *f, const PackMapLine *line, char *raw, GError **error)
{
    g_autofree char *text = shape_text(line, raw);
    if (!text) {
        return line->required ? refuse_line(error, line, "empty or not in the form wanted, and required")
                              : TRUE;
    }
    return put(f, line, text, error);
}

/* ---- decisions ---- */
static void row_of_signal(const Pack *pack, const PackSignal *signal, RuleValue *row)
{
    memset(row, 0, sizeof(RuleValue) * (gsize)rule_schema_size(pack->schema));
    pack_row_fill(pack, signal->open, row);
    row[pack->fact[PACK_FACT_EVENT]] = (RuleValue){ .type = RULE_TEXT, .text = "opened" };
    row[pack->fact[PACK_FACT_ORG]] = (RuleValue){ .type = RULE_TEXT, .text = signal->org };
    row[pack->fact[PACK_FACT_AREA]] = (RuleValue){ .type = RULE_TEXT, .text = signal->area };
    row[pack->fact[PACK_FACT_LEVEL]] = (RuleValue){ .type = RULE_INT, .integer = signal->level };
    row[pack->fact[PACK_FACT_NOW]] = (RuleValue){ .type = RULE_INT, .integer = signal->at };
    row[pack->fact[PACK_FACT_OPENED_AT]] = (RuleValue){ .type = RULE_INT, .integer = signal->at };
    row[pack->fact[PACK_FACT_MINUTES]] = (RuleValue){ .type = RULE_INT, .integer = 0 };
}

static void set_text(char **slot, const json_t *value)
{
    g_free(*slot);
    *slot = g_strdup(json_string_value(value));
}

static void apply_outputs(PackSignal *signal, const json_t *set)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)set, key, value)
    {
        if (strcmp(key, "org") == 0) {
            set_text(&signal->org, value);
        } else if (strcmp(key, "area") == 0) {
            set_text(&signal->area, value);
        } else if (strcmp(key, "title") == 0) {
            set_text(&signal->title, value);
        } else if (strcmp(key, "level") == 0) {
            signal->level = (int)json_integer_value(value);
        } else {
            json_object_set(signal->open, key, value);
        }
    }
}

static void decide_signal(const Pack *pack, const PackMapping *mapping, PackSignal *signal)
{
    RuleValue *row = g_newa(RuleValue, rule_schema_size(pack->schema));
    for (guint i = 0; i < mapping->decide->len; i++) {
        row_of_signal(pack, signal, row);
        json_t *set = pack_decide(mapping->decide->pdata[i], row);
        apply_outputs(signal, set);
        json_decref(set);
    }
}

/* ---- one signal ---- */
static PackSignal signal_new(gint64 now)
{
    return (PackSignal){ .channel = g_strdup(""),
                         .place = g_strdup(""),
                         .org = g_strdup(""),
                         .area = g_strdup(""),
                         .at = now,
                         .lat = NAN,
                         .lon = NAN,
                         .level = LEVEL_WHEN_SILENT,
                         .open = json_object(),
                         .private_facts = json_object() };
}

static void finish(const Pack *pack, const PackMapping *mapping, PackSignal *signal)
{
    if (!base_geo_sound((BasePoint){ signal->lat, signal->lon })) {
        signal->lat = signal->lon = NAN;
    }
    g_assert(isnan(signal->lat) == isnan(signal->lon)); /* invariant 7 */
    decide_signal(pack, mapping, signal);
    const PackField *by = pack->title_field;
    if (!signal->title) {
        const char *code = by ? pack_text(signal->open, by->id) : NULL;
        const char *title = code ? pack_code_title(pack, by->list, code, "zh") : NULL;
        signal->title = g_strdup(title ? title : pack->title_zh);
    }
}

static gboolean fill(const Pack *pack, const PackMapping *mapping, const Source *source, gint64 now,
                     PackSignal *out, GError **error)
{
    PackSignal signal = signal_new(now);
    const Filling filling = { pack, &signal };
    guint position = 0;
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        char *raw = source->binding ? from_row(source, &position) : from_json(source, line);
        if (!put_line(&filling, line, raw, error)) {
            pack_signal_clear(&signal);
            return FALSE;
        }
    }
    finish(pack, mapping, &signal);
    *out = signal;
    return TRUE;
}

gboolean pack_bind_row(const PackBinding *binding, char **fields, gsize n, gint64 now, PackSignal *out,
                       GError **error)
{
    if (n != binding->columns) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING,
                    "the row has %zu fields, the header %zu; check quotes and separators", n,
                    binding->columns);
        return FALSE;
    }
    const Source source = { .binding = binding, .fields = fields };
    return fill(binding->pack, binding->mapping, &source, now, out, error);
}

static gboolean wants_key(const PackMapping *mapping, const char *key)
{
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        if (line->from && g_strv_contains(line->from, key)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean sound_keys(const PackMapping *mapping, const json_t *object, GError **error)
{
    if (!json_is_object(object)) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "a signal is one JSON object");
        return FALSE;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!wants_key(mapping, key) || json_is_object(value) || json_is_array(value)) {
            g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "key '%.64s' %s mapping '%s'", key,
                        wants_key(mapping, key) ? "must hold one value, by" : "is not one of", mapping->id);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pack_map_json(const Pack *pack, const PackMapping *mapping, const json_t *object, gint64 now,
                       PackSignal *out, GError **error)
{
    const Source source = { .object = object };
    const PackForm *form = pack_form(pack, pack_text(mapping->item, "form"));
    return sound_keys(mapping, object, error) && (!form || pack_form_fits(form, object, error)) &&
           fill(pack, mapping, &source, now, out, error);
}
