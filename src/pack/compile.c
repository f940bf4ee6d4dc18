/* compile.c - from trees of the right shape to a pack: pack.yaml here, the other files each in a part of
 * their own. */
#include "base/json.h"
#include "pack/inside.h"
#include <sodium.h>
#include <string.h>

/* ---- helpers of all parts ---- */
const json_t *pack_tree(const PackMaking *m, const char *name, const PackFile **file)
{
    const PackFile *found = pack_file_find(m->files, name);
    if (file) {
        *file = found;
    }
    return found ? found->tree : NULL;
}

const char *pack_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *const *pack_texts(Pack *pack, const json_t *value)
{
    if (!value) {
        return NULL;
    }
    const gsize n = json_is_array(value) ? json_array_size(value) : 1;
    const char **texts = g_new0(const char *, n + 1);
    for (gsize i = 0; i < n; i++) {
        texts[i] = json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
    }
    g_ptr_array_add(pack->hold, texts);
    return texts;
}

gboolean pack_budget_parse(const char *text, BaseMeasure *measure, gint64 *ms)
{
    static const struct {
        const char *unit;
        BaseMeasure measure;
        gint64 ms;
    } units[] = {
        { "minute", BASE_MEASURE_NATURAL, BASE_MINUTE },    { "hour", BASE_MEASURE_NATURAL, BASE_HOUR },
        { "day", BASE_MEASURE_NATURAL, BASE_DAY },          { "workday", BASE_MEASURE_WORKDAY, BASE_DAY },
        { "workminute", BASE_MEASURE_OFFICE, BASE_MINUTE }, { "workhour", BASE_MEASURE_OFFICE, BASE_HOUR },
    };
    char *rest = NULL;
    const guint64 n = text && g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &rest, 10) : 0;
    if (n == 0 || n > 100000 || *rest != ' ') {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(rest + 1, units[i].unit) == 0) {
            *measure = units[i].measure;
            *ms = (gint64)n * units[i].ms;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_name_char(gunichar c)
{
    return g_unichar_isalnum(c) || c == '_';
}

/* The name at *p, or the empty text; steps over it, over a quoted text, or over one other character. */
static char *next_name(const char **p)
{
    const char *start = *p;
    if (*start == '\'') {
        const char *end = strchr(start + 1, '\'');
        *p = end ? end + 1 : start + strlen(start);
        return g_strdup("");
    }
    while (**p && is_name_char(g_utf8_get_char(*p))) {
        *p = g_utf8_next_char(*p);
    }
    g_autofree char *name = g_strndup(start, *p - start);
    if (*p == start) {
        *p = g_utf8_next_char(start);
    }
    return g_ascii_strdown(name, -1);
}

gboolean pack_names_open_only(PackMaking *m, PackSpot spot, const char *condition)
{
    for (const char *p = condition; *p;) {
        g_autofree char *name = next_name(&p);
        const PackField *field = *name ? pack_field(m->pack, name) : NULL;
        if (field && field->klass == PACK_PRIVATE) {
            pack_refuse(m->refusals, PACK_RULE(private, condition), spot,
                        "names the private field '%s'; conditions, notices and figures see open fields only",
                        name);
            return FALSE;
        }
    }
    return TRUE;
}

/* Some line says set(field, actor). */
static gboolean set_to_actor(PackMaking *m, const char *field)
{
    const json_t *lines = json_object_get(pack_tree(m, "procedure.yaml", NULL), "transitions");
    g_autofree char *set = g_strdup_printf("set(%s, actor)", field);
    for (gsize i = 0; i < json_array_size(lines); i++) {
        if (strstr(json_string_value(json_array_get(lines, i)), set)) {
            return TRUE;
        }
    }
    return FALSE;
}

const char *pack_names_person(PackMaking *m, const char *condition)
{
    for (const char *p = condition; *p;) {
        g_autofree char *name = next_name(&p);
        const PackField *field = *name ? pack_field(m->pack, name) : NULL;
        if (strcmp(name, "actor") == 0) {
            return "actor";
        }
        if (field && field->type == RULE_TEXT && set_to_actor(m, name)) {
            return field->id;
        }
    }
    return NULL;
}

/* ---- pack.yaml ---- */
static gboolean offset_parse(const char *text, gint64 *out)
{
    if (!g_regex_match_simple("^[+-](0[0-9]|1[0-4]):[0-5][0-9]$", text, G_REGEX_DOLLAR_ENDONLY, 0)) {
        return FALSE;
    }
    const int hours = g_ascii_digit_value(text[1]) * 10 + g_ascii_digit_value(text[2]);
    const int minutes = g_ascii_digit_value(text[4]) * 10 + g_ascii_digit_value(text[5]);
    *out = (hours * BASE_HOUR + minutes * BASE_MINUTE) * (text[0] == '-' ? -1 : 1);
    return TRUE;
}

/* A party is a role too; it cannot be one of those who sign in. */
static void take_party_roles(PackMaking *m, const PackFile *file, const json_t *tree)
{
    const json_t *list = json_object_get(tree, "parties");
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!g_hash_table_add(m->roles, (gpointer)pack_text(item, "id"))) {
            pack_refuse(m->refusals, PACK_RULE(pack, party), PACK_AT_VALUE(file, item, "id"),
                        "'%s' is a role or party already; a party has a name of its own",
                        pack_text(item, "id"));
        }
    }
}

static void compile_roles(PackMaking *m, const PackFile *file, const json_t *tree)
{
    const json_t *roles = json_object_get(tree, "roles");
    for (gsize i = 0; i < json_array_size(roles); i++) {
        const char *role = json_string_value(json_array_get(roles, i));
        g_hash_table_add(m->roles, (gpointer)role);
        pack_mention(m->pack->roles, PACK_AT_ITEM(file, roles, i), role, NULL);
    }
    g_hash_table_add(m->roles, (char *)"resident");
    g_hash_table_add(m->roles, (char *)"system");
    take_party_roles(m, file, tree);
}

static void compile_pack(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "pack.yaml", &file);
    Pack *pack = m->pack;
    pack->id = pack_text(tree, "id");
    pack->prefix = pack_text(tree, "prefix");
    pack->title_zh = pack_text(json_object_get(tree, "title"), "zh");
    pack->title_en = pack_text(json_object_get(tree, "title"), "en");
    compile_roles(m, file, tree);
    const char *offset = pack_text(tree, "utc_offset");
    pack->utc_offset = BASE_CHINA_OFFSET;
    if (offset && !offset_parse(offset, &pack->utc_offset)) {
        pack_refuse(m->refusals, PACK_RULE(pack, offset), PACK_AT_VALUE(file, tree, "utc_offset"),
                    "not an offset; write it like \"+08:00\"");
    }
}

/* Needs the fields, so it comes after types.yaml. */
static void compile_title_field(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "pack.yaml", &file);
    const char *id = pack_text(tree, "title_field");
    const PackField *field = id ? pack_field(m->pack, id) : NULL;
    if (id && (!field || field->klass != PACK_OPEN || !field->list)) {
        pack_refuse(m->refusals, PACK_RULE(pack, title_field), PACK_AT_VALUE(file, tree, "title_field"),
                    "'%s' is not an open field with a code list; a case's title is the title of that code",
                    id);
    }
    m->pack->title_field = field;
}

/* Where a notice to a party goes. A phone number is personal data, so it can only be a private field. */
static const char *contact_of(PackMaking *m, const PackFile *file, const json_t *in)
{
    const char *id = pack_text(in, "contact");
    const PackField *field = id ? pack_field(m->pack, id) : NULL;
    if (id && (!field || field->klass != PACK_PRIVATE || field->type != RULE_TEXT)) {
        pack_refuse(m->refusals, PACK_RULE(pack, contact), PACK_AT_VALUE(file, in, "contact"),
                    "'%s' is not a private text field; name the one that holds their phone number", id);
    }
    return id;
}

static void compile_parties(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "pack.yaml", &file), *list = json_object_get(tree, "parties");
    Pack *pack = m->pack;
    pack->parties[pack->n_parties++] =
        (PackParty){ "resident", "居民", "Resident", contact_of(m, file, tree) };
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (pack->n_parties == PACK_PARTIES) {
            pack_refuse(m->refusals, PACK_RULE(pack, party), PACK_AT_ITEM(file, list, i),
                        "more than %d parties besides the resident; leave some out", PACK_PARTIES - 1);
            return;
        }
        pack->parties[pack->n_parties++] = (PackParty){ pack_text(item, "id"), pack_text(item, "zh"),
                                                        pack_text(item, "en"), contact_of(m, file, item) };
    }
}

static void take_scenarios(PackMaking *m)
{
    for (guint i = 0; i < m->files->len; i++) {
        const PackFile *file = m->files->pdata[i];
        if (g_str_has_prefix(file->name, "scenarios/")) {
            g_ptr_array_add(m->pack->scenarios, pack_file_ref(file));
        }
    }
    if (m->pack->scenarios->len) {
        return;
    }
    const PackFile folder = { .name = (char *)"scenarios" };
    pack_refuse(m->refusals, PACK_RULE(scenario, none), PACK_AT_FILE(&folder),
                "a pack without a scenario; write one that goes the normal way to the end");
}

/* ---- the whole ---- */
static void seal(Pack *pack)
{
    pack->canonical = base_json_canonical(pack->whole);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)pack->canonical, strlen(pack->canonical));
    sodium_bin2hex(pack->version, sizeof pack->version, hash, sizeof hash);
    pack->console = pack_console_make(pack);
}

static Pack *pack_new(const GPtrArray *files)
{
    Pack *pack = g_new0(Pack, 1);
    pack->whole = pack_whole(files);
    pack->schema = rule_schema_new();
    pack->fields = g_array_new(FALSE, TRUE, sizeof(PackField));
    pack->field_by_id = g_hash_table_new(g_str_hash, g_str_equal);
    pack->hold = g_ptr_array_new_with_free_func(g_free);
    pack->indicators = g_array_new(FALSE, TRUE, sizeof(PackIndicator));
    pack->reports = g_array_new(FALSE, TRUE, sizeof(PackReport));
    pack->notices = g_array_new(FALSE, TRUE, sizeof(PackNotice));
    pack->access = g_array_new(FALSE, TRUE, sizeof(PackAccess));
    pack->children = g_array_new(FALSE, TRUE, sizeof(PackMention));
    pack->roles = g_array_new(FALSE, TRUE, sizeof(PackMention));
    g_array_set_clear_func(pack->children, pack_mention_clear);
    g_array_set_clear_func(pack->roles, pack_mention_clear);
    pack->documents = g_array_new(FALSE, TRUE, sizeof(PackDocument));
    pack->registers = g_array_new(FALSE, TRUE, sizeof(PackRegister));
    pack->signings = json_object();
    pack->mappings = g_ptr_array_new_with_free_func((GDestroyNotify)pack_mapping_free);
    pack->plans = g_ptr_array_new_with_free_func((GDestroyNotify)pack_plan_free);
    pack->calendars =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)base_calendar_free);
    pack->forms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)pack_form_free);
    pack->decisions =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)pack_decision_free);
    pack->scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)pack_file_free);
    pack->rung_notices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return pack;
}

/* The files with what traits made of them in their place; the trees belong to `expanded`, the places to
 * `files`. */
static GPtrArray *files_with(const GPtrArray *files, const json_t *expanded)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    const PackFile *procedure = pack_file_find(files, "procedure.yaml");
    for (guint i = 0; i < files->len; i++) {
        PackFile *file = g_memdup2(files->pdata[i], sizeof *file);
        json_t *tree = json_object_get(expanded, file->name);
        if (tree) file->tree = tree;
        g_ptr_array_add(out, file);
    }
    const char *name;
    json_t *tree;
    json_object_foreach((json_t *)expanded, name, tree)
    {
        if (pack_file_find(files, name)) continue;
        PackFile *file = g_new0(PackFile, 1);
        *file = (PackFile){ .name = (char *)name, .tree = tree };
        if (procedure) file->places = procedure->places, file->where = procedure->name;
        g_ptr_array_add(out, file);
    }
    return out;
}

static gboolean expand(Pack *pack, const GPtrArray *files, PackRefusals *refusals, GPtrArray **out)
{
    const guint before = refusals->texts->len;
    json_t *expanded = pack_traits_expand(files, refusals);
    *out = files_with(files, expanded);
    if (!expanded) return refusals->texts->len == before;
    json_object_set_new(pack->whole, PACK_EXPANDED, expanded);
    if (refusals->texts->len == before) pack_schema_check(*out, refusals);
    return refusals->texts->len == before;
}

Pack *pack_compile(const GPtrArray *written, PackRefusals *refusals)
{
    g_autoptr(Pack) pack = pack_new(written);
    g_autoptr(GHashTable) roles = g_hash_table_new(g_str_hash, g_str_equal),
                          made = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
                          asked = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GPtrArray) files = NULL;
    if (!expand(pack, written, refusals, &files)) return NULL;
    PackMaking m = { pack, files, refusals, roles, made, asked };
    compile_pack(&m);
    pack_compile_types(&m);
    pack_compile_registers(&m);
    compile_title_field(&m);
    compile_parties(&m);
    pack_compile_forms(&m);
    pack_compile_decisions(&m);
    pack_compile_mappings(&m);
    pack_compile_notices(&m);
    pack_compile_access(&m);
    pack_compile_documents(&m);
    pack_compile_calendars(&m);
    pack_compile_procedure(&m);
    pack_forms_used(&m);
    pack_compile_indicators(&m);
    pack_compile_reports(&m);
    pack_compile_plans(&m);
    take_scenarios(&m);
    if (refusals->texts->len) {
        return NULL;
    }
    g_assert(pack->chart && pack->lists &&
             pack->purposes); /* invariant 1: nothing refused, nothing missing */
    seal(pack);
    return g_steal_pointer(&pack);
}
