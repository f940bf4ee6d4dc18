/* script.c - a script from its text: keys, numbers, values; and that its service can do what it says. */
#include "city/script_inside.h"
#include "city/world.h"
#include <stdio.h>
#include <string.h>

const char *const script_columns[SCRIPT_COLUMNS] = { "at",       "channel", "caller_name", "caller_phone",
                                                     "category", "place",   "lat",         "lon",
                                                     "area",     "text" };

/* ---- freeing ---- */

static void option_clear(gpointer option)
{
    json_decref(((ScriptOption *)option)->value);
}

void script_value_clear(gpointer data)
{
    ScriptValue *value = data;
    g_free(value->name);
    g_clear_pointer(&value->options, g_array_unref);
    g_free(value->pattern);
}

static void matter_clear(gpointer data)
{
    ScriptMatter *matter = data;
    g_free(matter->category);
    g_clear_pointer(&matter->texts, g_ptr_array_unref);
    g_clear_pointer(&matter->columns, g_array_unref);
}

static void channel_clear(gpointer channel)
{
    g_free(((ScriptChannel *)channel)->name);
}

static void storm_clear(gpointer data)
{
    ScriptStorm *storm = data;
    g_free(storm->category);
    g_free(storm->channel);
    g_free(storm->text);
}

GArray *script_list_of(gsize size, GDestroyNotify clear)
{
    GArray *list = g_array_new(FALSE, TRUE, (guint)size);
    g_array_set_clear_func(list, clear);
    return list;
}

void script_free(Script *script)
{
    if (!script) return;
    if (script->signals) {
        g_free(script->signals->mapping);
        g_array_unref(script->signals->channels);
        g_array_unref(script->signals->columns);
        g_array_unref(script->signals->matters);
        g_array_unref(script->signals->storms);
        g_free(script->signals);
    }
    g_hash_table_unref(script->habits);
    g_free(script);
}

/* ---- drawing ---- */

gsize script_pick(BaseChance *chance, const guint *weights, gsize n, gsize stride)
{
    guint total = 0;
    for (gsize i = 0; i < n; i++)
        total += *(const guint *)((const char *)weights + i * stride);
    guint drawn = (guint)base_chance_below(chance, total);
    for (gsize i = 0;; i++) {
        guint weight = *(const guint *)((const char *)weights + i * stride);
        if (drawn < weight) return i;
        drawn -= weight;
    }
}

json_t *script_draw(const ScriptValue *value, BaseChance *chance, guint64 running)
{
    char name[32], phone[12];
    switch (value->kind) {
    case SCRIPT_ONE: {
        const ScriptOption *options = (const ScriptOption *)value->options->data;
        return json_incref(
            options[script_pick(chance, &options->weight, value->options->len, sizeof *options)].value);
    }
    case SCRIPT_RANGE:
        return json_integer(value->from +
                            (gint64)base_chance_below(chance, (guint64)(value->to - value->from) + 1));
    case SCRIPT_NUMBER: {
        g_autofree char *n = g_strdup_printf("%" G_GUINT64_FORMAT, running);
        g_auto(GStrv) around = g_strsplit(value->pattern, "{n}", 2);
        g_autofree char *text = g_strjoinv(n, around);
        return json_string(text);
    }
    case SCRIPT_PERSON:
    case SCRIPT_PHONE:
    case SCRIPT_COMPANY:
        break;
    }
    world_person(chance, name, phone);
    if (value->kind == SCRIPT_COMPANY) {
        g_autofree char *company = g_strconcat(name, "商贸有限公司", NULL);
        return json_string(company);
    }
    return json_string(value->kind == SCRIPT_PERSON ? name : phone);
}

/* ---- reading, with places ---- */

gboolean script_refuse(const Reader *r, PackPlace at, const char *format, ...)
{
    va_list rest;
    va_start(rest, format);
    g_autofree char *what = g_strdup_vprintf(format, rest);
    va_end(rest);
    g_set_error(r->error, SCRIPT_ERROR, SCRIPT_ERROR_MEANING, "%s:%u:%u: %s", r->name, MAX(at.line, 1),
                MAX(at.column, 1), what);
    return FALSE;
}

PackPlace script_place(const Reader *r, const json_t *object, const char *key)
{
    return json_object_get(object, key) ? pack_places_value(r->places, object, key)
                                        : (PackPlace){ .line = 1, .column = 1 };
}

/* Is it an object with keys of these only? `keys`: with blanks between. `at`: where it stands. */
gboolean script_has_keys(const Reader *r, const json_t *object, PackPlace at, const char *keys)
{
    if (!json_is_object(object)) return script_refuse(r, at, "keys are wanted here; these: %s", keys);
    g_auto(GStrv) known = g_strsplit(keys, " ", 0);
    const char *key;
    json_t *value;
    json_object_foreach(
        (json_t *)object, key,
        value) if (!g_strv_contains((const char *const *)known,
                                    key)) return script_refuse(r, pack_places_key(r->places, object, key),
                                                               "\"%s\" is no key here; these are: %s", key,
                                                               keys);
    return TRUE;
}

gboolean script_take_whole(const Reader *r, const json_t *object, const char *key, PackPlace at, gint64 least,
                           gint64 most, gint64 *out)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value) && json_integer_value(value) >= least && json_integer_value(value) <= most) {
        *out = json_integer_value(value);
        return TRUE;
    }
    return script_refuse(r, value ? script_place(r, object, key) : at,
                         "%s is wanted here: a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                         key, least, most);
}

gboolean script_take_count(const Reader *r, const json_t *object, const char *key, PackPlace at, gint64 least,
                           guint *out)
{
    gint64 whole = 0;
    gboolean well = script_take_whole(r, object, key, at, least, SCRIPT_MOST, &whole);
    *out = (guint)whole;
    return well;
}

gboolean script_take_text(const Reader *r, const json_t *object, const char *key, PackPlace at, char **out)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value) || !*json_string_value(value))
        return script_refuse(r, value ? script_place(r, object, key) : at, "%s is wanted here: a text", key);
    *out = g_strdup(json_string_value(value));
    return TRUE;
}

gboolean script_is_list(const Reader *r, const json_t *object, const char *key, PackPlace at)
{
    const json_t *list = json_object_get(object, key);
    return json_array_size(list) > 0 || script_refuse(r, list ? script_place(r, object, key) : at,
                                                      "%s is wanted here: a list of one or more", key);
}

/* ---- values ---- */

/* The key of {one: {...}} as the value a field takes. */
static json_t *typed(const Reader *r, const char *field, const char *text)
{
    const PackField *f = field ? pack_field(r->pack, field) : NULL;
    gint64 whole;
    RuleType type = f ? f->type : field && !strcmp(field, "level") ? RULE_INT : RULE_TEXT;
    if (type == RULE_INT && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &whole, NULL))
        return json_integer(whole);
    if (type == RULE_BOOL && (!strcmp(text, "true") || !strcmp(text, "false")))
        return json_boolean(*text == 't');
    return json_string(text);
}

static gboolean read_one(const Reader *r, const json_t *given, const char *field, ScriptValue *out)
{
    const json_t *one = json_object_get(given, "one");
    if (!script_has_keys(r, given, script_place(r, given, "one"), "one")) return FALSE;
    if (json_object_size(one) == 0)
        return script_refuse(r, script_place(r, given, "one"),
                             "values and their weights are wanted here, like {one: {a: 3, b: 1}}");
    const char *text;
    json_t *weight;
    json_object_foreach((json_t *)one, text, weight)
    {
        ScriptOption option = { 0 };
        if (!script_take_count(r, one, text, script_place(r, one, text), 1, &option.weight)) return FALSE;
        option.value = typed(r, field, text);
        g_array_append_val(out->options, option);
    }
    return TRUE;
}

static gboolean read_range(const Reader *r, const json_t *given, PackPlace at, ScriptValue *out)
{
    out->kind = SCRIPT_RANGE;
    return script_has_keys(r, given, at, "from to") &&
           script_take_whole(r, given, "from", at, -1000000000000, 1000000000000, &out->from) &&
           script_take_whole(r, given, "to", at, out->from, 1000000000000, &out->to);
}

static gboolean read_number(const Reader *r, const json_t *given, PackPlace at, ScriptValue *out)
{
    out->kind = SCRIPT_NUMBER;
    return script_has_keys(r, given, at, "number") &&
           script_take_text(r, given, "number", at, &out->pattern) &&
           (strstr(out->pattern, "{n}") || script_refuse(r, at, "no {n} in it; like {number: \"FW{n}\"}"));
}

static gboolean read_word(const Reader *r, const char *word, PackPlace at, ScriptValue *out)
{
    static const char *const words[] = { "person", "phone", "company" };
    for (int i = 0; i < 3; i++) {
        if (g_strcmp0(word, words[i])) continue;
        out->kind = (ScriptKind)(SCRIPT_PERSON + i);
        return TRUE;
    }
    return script_refuse(
        r, at, "a column is person, phone, company, {from, to}, {number} or {one: {value: weight}}");
}

/* `column`: of a drawn table, else a field that an event brings. */
static gboolean read_value(const Reader *r, const json_t *in, const char *key, gboolean column,
                           ScriptValue *out)
{
    const json_t *given = json_object_get(in, key);
    PackPlace at = script_place(r, in, key);
    out->name = g_strdup(key);
    out->options = script_list_of(sizeof(ScriptOption), option_clear);
    if (json_object_get(given, "one")) return read_one(r, given, column ? NULL : key, out);
    if (json_object_get(given, "from")) return read_range(r, given, at, out);
    if (column)
        return json_is_object(given) ? read_number(r, given, at, out)
                                     : read_word(r, json_string_value(given), at, out);
    if (json_is_object(given))
        return script_refuse(r, at, "a value is a constant, {from, to} or {one: {value: weight}}");
    ScriptOption constant = { json_deep_copy(given), 1 };
    g_array_append_val(out->options, constant);
    return TRUE;
}

/* All of the object under `key`, which need not be there. */
gboolean script_read_values(const Reader *r, const json_t *in, const char *key, gboolean columns, GArray *out)
{
    const json_t *values = json_object_get(in, key);
    if (values && !json_is_object(values))
        return script_refuse(r, script_place(r, in, key), "%s are wanted here, each with its value",
                             columns ? "columns" : "fields");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)values, name, value)
    {
        ScriptValue each = { 0 };
        gboolean well = read_value(r, values, name, columns, &each);
        g_array_append_val(out, each);
        if (!well) return FALSE;
    }
    return TRUE;
}

/* ---- signals ---- */

static gboolean read_channels(const Reader *r, const json_t *in, PackPlace at, GArray *out)
{
    const json_t *channels = json_object_get(in, "channels");
    if (json_object_size(channels) == 0)
        return script_refuse(r, at, "channels are wanted here, with their weights, like {call: 3, web: 1}");
    const char *name;
    json_t *weight;
    json_object_foreach((json_t *)channels, name, weight)
    {
        ScriptChannel channel = { 0 };
        if (!script_take_count(r, channels, name, at, 1, &channel.weight)) return FALSE;
        channel.name = g_strdup(name);
        g_array_append_val(out, channel);
    }
    return TRUE;
}

static gboolean read_matter(const Reader *r, const json_t *given, PackPlace at, ScriptMatter *out)
{
    out->texts = g_ptr_array_new_with_free_func(g_free);
    out->columns = script_list_of(sizeof(ScriptValue), script_value_clear);
    if (!script_has_keys(r, given, at, "category weight texts columns") ||
        !script_take_text(r, given, "category", at, &out->category) ||
        !script_take_count(r, given, "weight", at, 1, &out->weight) || !script_is_list(r, given, "texts", at))
        return FALSE;
    gsize i;
    json_t *text;
    json_array_foreach(json_object_get(given, "texts"), i, text)
    {
        if (!json_is_string(text)) return script_refuse(r, at, "texts are wanted here, of what people say");
        g_ptr_array_add(out->texts, g_strdup(json_string_value(text)));
    }
    return script_read_values(r, given, "columns", TRUE, out->columns);
}

static gboolean read_storm(const Reader *r, const json_t *given, PackPlace at, ScriptStorm *out)
{
    g_autofree char *when = NULL;
    int hour, minute, end = 0;
    if (!script_has_keys(r, given, at, "category channel text signals at within") ||
        !script_take_text(r, given, "category", at, &out->category) ||
        !script_take_text(r, given, "channel", at, &out->channel) ||
        !script_take_text(r, given, "text", at, &out->text) ||
        !script_take_count(r, given, "signals", at, 1, &out->signals) ||
        !script_take_count(r, given, "within", at, 1, &out->within_min) ||
        !script_take_text(r, given, "at", at, &when))
        return FALSE;
    if (sscanf(when, "%2d:%2d%n", &hour, &minute, &end) != 2 || when[end] || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || out->within_min > 60)
        return script_refuse(
            r, at, "a storm begins at a time of the day (at: \"15:12\") and goes on within 60 minutes");
    out->at_min = (guint)(hour * 60 + minute);
    return TRUE;
}

static gboolean read_hours(const Reader *r, const json_t *in, PackPlace at, gboolean *office)
{
    const char *hours = json_string_value(json_object_get(in, "hours"));
    *office = g_strcmp0(hours, "office") == 0;
    return *office || g_strcmp0(hours, "always") == 0 ||
           script_refuse(r, json_object_get(in, "hours") ? script_place(r, in, "hours") : at,
                         "hours are office (8:30 to 17:30 of working days) or always (by the day's curve)");
}

static gboolean read_matters(const Reader *r, const json_t *in, PackPlace at, ScriptSignals *out)
{
    if (!script_is_list(r, in, "matters", at)) return FALSE;
    gsize i;
    json_t *each;
    const json_t *matters = json_object_get(in, "matters"), *storms = json_object_get(in, "storms");
    json_array_foreach((json_t *)matters, i, each)
    {
        ScriptMatter matter = { 0 };
        gboolean well = read_matter(r, each, pack_places_item(r->places, matters, i), &matter);
        g_array_append_val(out->matters, matter);
        if (!well) return FALSE;
    }
    if (storms && !script_is_list(r, in, "storms", at)) return FALSE;
    json_array_foreach((json_t *)storms, i, each)
    {
        ScriptStorm storm = { 0 };
        gboolean well = read_storm(r, each, pack_places_item(r->places, storms, i), &storm);
        g_array_append_val(out->storms, storm);
        if (!well) return FALSE;
    }
    return TRUE;
}

/* ---- does the service's mapping take such a row ---- */

const ScriptValue *script_column(const ScriptSignals *s, const ScriptMatter *matter, guint i)
{
    const ScriptValue *usual = &g_array_index(s->columns, ScriptValue, i);
    for (guint k = 0; matter->columns && k < matter->columns->len; k++)
        if (strcmp(g_array_index(matter->columns, ScriptValue, k).name, usual->name) == 0)
            return &g_array_index(matter->columns, ScriptValue, k);
    return usual;
}

char *script_say(const ScriptValue *value, BaseChance *chance, guint64 running)
{
    json_t *drawn = script_draw(value, chance, running);
    char *text = json_is_string(drawn) ? g_strdup(json_string_value(drawn))
                                       : g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(drawn));
    json_decref(drawn);
    return text;
}

static gboolean take_sample(const Reader *r, const PackBinding *binding, const ScriptSignals *s,
                            const ScriptMatter *matter, const char *channel, PackPlace at)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
    const char *const row[SCRIPT_COLUMNS] = {
        "2026-11-23 10:00", channel, "王芳",  "12000000000", matter->category,
        "闭环路1号",        "30.3",  "114.6", "A1",          "…"
    };
    for (gsize i = 0; i < SCRIPT_COLUMNS; i++)
        g_ptr_array_add(fields, g_strdup(row[i]));
    BaseChance chance = base_chance_seeded(1);
    for (guint i = 0; i < s->columns->len; i++)
        g_ptr_array_add(fields, script_say(script_column(s, matter, i), &chance, 1));
    PackSignal signal = { 0 };
    g_autoptr(GError) why = NULL;
    gboolean well = pack_bind_row(binding, (char **)fields->pdata, fields->len, 1790000000000, &signal, &why);
    pack_signal_clear(&signal);
    return well ||
           script_refuse(r, at, "the mapping %s does not take such a signal: %s", s->mapping, why->message);
}

static gboolean take_samples(const Reader *r, const ScriptSignals *s, const PackMapping *mapping,
                             const json_t *given)
{
    g_autoptr(GPtrArray) header = g_ptr_array_new();
    for (gsize i = 0; i < SCRIPT_COLUMNS; i++)
        g_ptr_array_add(header, (char *)script_columns[i]);
    for (guint i = 0; i < s->columns->len; i++)
        g_ptr_array_add(header, g_array_index(s->columns, ScriptValue, i).name);
    g_autoptr(GError) why = NULL;
    g_autoptr(PackBinding) binding = pack_bind(r->pack, mapping, (char **)header->pdata, header->len, &why);
    if (!binding)
        return script_refuse(r, script_place(r, given, "mapping"), "%s; what is missing stands in `columns`",
                             why->message);
    const json_t *matters = json_object_get(given, "matters"), *storms = json_object_get(given, "storms");
    const ScriptChannel *channels = (const ScriptChannel *)s->channels->data;
    for (guint i = 0; i < s->matters->len; i++)
        if (!take_sample(r, binding, s, &g_array_index(s->matters, ScriptMatter, i), channels->name,
                         pack_places_item(r->places, matters, i)))
            return FALSE;
    for (guint i = 0; i < s->storms->len; i++) {
        const ScriptStorm *storm = &g_array_index(s->storms, ScriptStorm, i);
        const ScriptMatter as = { .category = storm->category };
        if (!take_sample(r, binding, s, &as, storm->channel, pack_places_item(r->places, storms, i)))
            return FALSE;
    }
    for (guint i = 1; i < s->channels->len; i++)
        if (!take_sample(r, binding, s, &g_array_index(s->matters, ScriptMatter, 0), channels[i].name,
                         script_place(r, json_object_get(given, "channels"), channels[i].name)))
            return FALSE;
    return TRUE;
}

/* A column that nothing reads would be drawn for nobody. */
static gboolean columns_are_read(const Reader *r, const GArray *columns, const PackMapping *mapping,
                                 const json_t *in)
{
    for (guint i = 0; i < columns->len; i++) {
        const char *name = g_array_index(columns, ScriptValue, i).name;
        if (pack_mapping_reads(mapping, name) == PACK_READS_NOT)
            return script_refuse(r, pack_places_key(r->places, in, name), "the mapping %s reads no column %s",
                                 pack_mapping_id(mapping), name);
    }
    return TRUE;
}

/* A matter says otherwise only what is a column of all. */
static gboolean matters_fit(const Reader *r, const ScriptSignals *s, const json_t *given)
{
    const json_t *matters = json_object_get(given, "matters");
    for (guint i = 0; i < s->matters->len; i++) {
        const ScriptMatter *matter = &g_array_index(s->matters, ScriptMatter, i);
        for (guint k = 0; k < matter->columns->len; k++) {
            const char *name = g_array_index(matter->columns, ScriptValue, k).name;
            gboolean known = FALSE;
            for (guint c = 0; c < s->columns->len; c++)
                known |= strcmp(g_array_index(s->columns, ScriptValue, c).name, name) == 0;
            if (!known)
                return script_refuse(
                    r, pack_places_item(r->places, matters, i),
                    "no column %s stands in `columns`, where what all other matters have is said", name);
        }
    }
    return TRUE;
}

static ScriptSignals *signals_new(void)
{
    ScriptSignals *s = g_new0(ScriptSignals, 1);
    s->channels = script_list_of(sizeof(ScriptChannel), channel_clear);
    s->columns = script_list_of(sizeof(ScriptValue), script_value_clear);
    s->matters = script_list_of(sizeof(ScriptMatter), matter_clear);
    s->storms = script_list_of(sizeof(ScriptStorm), storm_clear);
    return s;
}

static gboolean read_signals(const Reader *r, const json_t *root)
{
    const json_t *in = json_object_get(root, "signals");
    PackPlace at = script_place(r, root, "signals");
    ScriptSignals *s = r->script->signals = signals_new();
    if (!script_has_keys(r, in, at, "mapping day year before hours channels columns matters storms") ||
        !script_take_text(r, in, "mapping", at, &s->mapping) ||
        !script_take_count(r, in, "day", at, 0, &s->day) ||
        (json_object_get(in, "year") && !script_take_count(r, in, "year", at, 0, &s->year)) ||
        (json_object_get(in, "before") && !script_take_count(r, in, "before", at, 0, &s->before)) ||
        !read_hours(r, in, at, &s->office) || !read_channels(r, in, at, s->channels) ||
        !script_read_values(r, in, "columns", TRUE, s->columns) || !read_matters(r, in, at, s))
        return FALSE;
    const PackMapping *mapping = pack_mapping(r->pack, s->mapping);
    if (!mapping)
        return script_refuse(r, script_place(r, in, "mapping"), "intake.yaml of %s has no mapping %s",
                             pack_id(r->pack), s->mapping);
    return columns_are_read(r, s->columns, mapping, json_object_get(in, "columns")) &&
           matters_fit(r, s, in) && take_samples(r, s, mapping, in);
}

/* ---- the whole ---- */

static gboolean read_script(const Reader *r, const json_t *root)
{
    g_autofree char *pack = NULL;
    PackPlace top = { 1, 1 };
    if (!script_has_keys(r, root, top, "pack signals habits") ||
        !script_take_text(r, root, "pack", top, &pack))
        return FALSE;
    if (strcmp(pack, pack_id(r->pack)) != 0)
        return script_refuse(r, script_place(r, root, "pack"), "this is the script of %s", pack_id(r->pack));
    return (!json_object_get(root, "signals") || read_signals(r, root)) && script_read_habits(r, root);
}

Script *script_parse(const char *name, const char *text, gsize length, const Pack *pack, GError **error)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    g_autoptr(GError) why = NULL;
    json_t *root = pack_yaml_parse(text, length, places, &why);
    if (!root) {
        g_set_error(error, SCRIPT_ERROR, SCRIPT_ERROR_YAML, "%s:%s", name, why->message);
        return NULL;
    }
    Script *script = g_new0(Script, 1);
    script->pack = pack;
    script->habits = script_habits_new();
    const Reader r = { name, places, pack, script, error };
    if (!read_script(&r, root)) g_clear_pointer(&script, script_free);
    json_decref(root);
    return script;
}

Script *script_load(const char *folder, const Pack *pack, GError **error)
{
    g_autofree char *file = g_strconcat(pack_id(pack), ".yaml", NULL),
                    *path = g_build_filename(folder, file, NULL), *text = NULL;
    gsize length;
    g_autoptr(GError) why = NULL;
    if (g_file_get_contents(path, &text, &length, &why)) return script_parse(path, text, length, pack, error);
    if (!g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_set_error(error, SCRIPT_ERROR, SCRIPT_ERROR_READ, "%s:1:1: cannot be read; check its rights", path);
    return NULL;
}

const Pack *script_pack(const Script *script)
{
    return script->pack;
}

const ScriptSignals *script_signals(const Script *script)
{
    return script->signals;
}
