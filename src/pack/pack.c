/* pack.c - loading, checking and freeing packs, and the plain questions one can ask of one. */
#include "base/json.h"
#include "pack/inside.h"
#include <string.h>

/* ---- making ---- */
static Pack *make(const GPtrArray *files, PackRefusals *refusals)
{
    if (refusals->texts->len == 0) {
        pack_schema_check(files, refusals);
    }
    pack_lawful_check(files, refusals);
    return refusals->texts->len ? NULL : pack_compile(files, refusals);
}

static Pack *first_refusal(Pack *pack, const PackRefusals *refusals, GError **error)
{
    if (!pack) {
        g_set_error_literal(error, PACK_ERROR, g_array_index(refusals->codes, int, 0),
                            refusals->texts->pdata[0]);
    }
    return pack;
}

Pack *pack_load(const char *folder, GError **error)
{
    g_autoptr(PackRefusals) refusals = pack_refusals_new();
    g_autoptr(GPtrArray) files = pack_read_folder(folder, refusals);
    return first_refusal(make(files, refusals), refusals, error);
}

Pack *pack_from_canonical(const char *text, GError **error)
{
    g_autoptr(GPtrArray) files = pack_read_canonical(text, error);
    if (!files) {
        return NULL;
    }
    g_autoptr(PackRefusals) refusals = pack_refusals_new();
    refusals->stored = TRUE;
    return first_refusal(make(files, refusals), refusals, error);
}

GPtrArray *pack_check(const char *folder)
{
    g_autoptr(PackRefusals) refusals = pack_refusals_new();
    g_autoptr(GPtrArray) files = pack_read_folder(folder, refusals);
    g_autoptr(Pack) pack = make(files, refusals);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; pack && i < pack_scenarios(pack); i++) {
        pack_scenario_failures(pack, i, lines);
    }
    for (guint i = 0; i < lines->len; i++) {
        pack_refuse_text(refusals, PACK_RULE(scenario, fails),
                         g_strdup_printf("%s; mend the service, or the example", (char *)lines->pdata[i]));
    }
    return g_steal_pointer(&refusals->texts);
}

void pack_free(Pack *pack)
{
    if (!pack) {
        return;
    }
    for (guint i = 0; i < pack->indicators->len; i++) {
        indicator_free(g_array_index(pack->indicators, PackIndicator, i).indicator);
    }
    g_array_unref(pack->indicators);
    g_array_unref(pack->reports);
    rule_schema_free(pack->figures);
    g_array_unref(pack->notices);
    g_array_unref(pack->access);
    g_array_unref(pack->children);
    g_array_unref(pack->roles);
    g_array_unref(pack->documents);
    g_array_unref(pack->registers);
    json_decref(pack->signings);
    g_hash_table_unref(pack->rung_notices);
    g_ptr_array_unref(pack->scenarios);
    g_ptr_array_unref(pack->plans);
    g_ptr_array_unref(pack->mappings);
    g_hash_table_unref(pack->decisions);
    g_hash_table_unref(pack->forms);
    flow_chart_free(pack->chart);
    g_hash_table_unref(pack->calendars);
    g_hash_table_unref(pack->field_by_id);
    g_array_unref(pack->fields);
    g_clear_pointer(&pack->lists, g_hash_table_unref);
    rule_schema_free(pack->schema);
    g_ptr_array_unref(pack->hold);
    json_decref(pack->whole);
    g_free(pack->canonical);
    g_free(pack->console);
    g_free(pack);
}

/* ---- asking ---- */
const char *pack_id(const Pack *pack)
{
    return pack->id;
}

const char *pack_version(const Pack *pack)
{
    return pack->version;
}

const char *pack_canonical(const Pack *pack)
{
    return pack->canonical;
}

gsize pack_parties(const Pack *pack)
{
    return pack->n_parties;
}

const PackParty *pack_party_at(const Pack *pack, gsize i)
{
    return &pack->parties[i];
}

const PackParty *pack_party(const Pack *pack, const char *id)
{
    for (gsize i = 0; i < pack->n_parties; i++) {
        if (strcmp(pack->parties[i].id, id) == 0) return &pack->parties[i];
    }
    return NULL;
}

const char *pack_number_prefix(const Pack *pack)
{
    return pack->prefix;
}

const char *pack_title(const Pack *pack, const char *lang)
{
    return strcmp(lang, "zh") == 0 ? pack->title_zh : pack->title_en;
}

const FlowChart *pack_chart(const Pack *pack)
{
    return pack->chart;
}

const RuleSchema *pack_schema(const Pack *pack)
{
    return pack->schema;
}

gint64 pack_rating_window(const Pack *pack)
{
    return pack->rating_window;
}

const char *pack_console_json(const Pack *pack)
{
    return pack->console;
}

gsize pack_fields(const Pack *pack)
{
    return pack->fields->len;
}

const PackField *pack_field_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->fields, PackField, i);
}

const PackField *pack_field(const Pack *pack, const char *id)
{
    return g_hash_table_lookup(pack->field_by_id, id);
}

const char *pack_event_title(const Pack *pack, const char *event, const char *lang)
{
    const json_t *titles = json_object_get(pack->events, event);
    const char *title = pack_text(titles ? titles : json_object_get(pack->signings, event),
                                  strcmp(lang, "zh") == 0 ? "zh" : "en");
    return title ? title : event;
}

static const char *title_in(const json_t *items, const char *id, const char *lang)
{
    for (gsize i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (strcmp(pack_text(item, "id"), id) == 0) {
            return pack_text(item, strcmp(lang, "zh") == 0 ? "zh" : "en");
        }
        const char *within = title_in(json_object_get(item, "states"), id, lang);
        if (within != id) return within;
    }
    return id;
}

const char *pack_state_title(const Pack *pack, const char *state, const char *lang)
{
    return title_in(pack->states, state, lang);
}

const char *pack_clock_title(const Pack *pack, const char *clock, const char *lang)
{
    return title_in(pack->clocks, clock, lang);
}

const char *pack_task_title(const Pack *pack, const char *task, const char *lang)
{
    return title_in(pack->tasks, task, lang);
}
