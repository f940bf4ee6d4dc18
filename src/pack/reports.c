/* reports.c - reports.yaml: which figures are put together for whom, and how often. Freezing is
 * loop/measure's. */
#include "pack/inside.h"
#include <string.h>

static const char *const periods[] = { "day", "month", "quarter", "half_year", "year" };

static gboolean known_place(PackMaking *m, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ".", 2);
    if (strcmp(name, "period") == 0) {
        return TRUE;
    }
    return parts[0] && pack_indicator_find(m->pack, parts[0]) >= 0 &&
           (!parts[1] || strcmp(parts[1], "before") == 0 || strcmp(parts[1], "year_on_year") == 0);
}

static void sound_text(PackMaking *m, const PackFile *file, const json_t *text, const char *lang)
{
    const char *all = pack_text(text, lang);
    for (const char *p = all ? strchr(all, '{') : NULL; p; p = strchr(p + 1, '{')) {
        const char *end = strchr(p, '}');
        g_autofree char *name = end ? g_strndup(p + 1, (gsize)(end - p - 1)) : NULL;
        if (!name) {
            pack_refuse(m->refusals, PACK_RULE(text, brace), PACK_AT_VALUE(file, text, lang),
                        "a { without its }; close it, or leave it out");
            return;
        }
        if (!known_place(m, name)) {
            pack_refuse(m->refusals, PACK_RULE(known, place), PACK_AT_VALUE(file, text, lang),
                        "{%s} is not known; {period}, or an indicator's id, alone or with .before or "
                        ".year_on_year",
                        name);
        }
    }
}

static const gsize *take_indicators(PackMaking *m, const PackFile *file, const json_t *list)
{
    gsize *taken = g_new0(gsize, json_array_size(list) + 1);
    g_ptr_array_add(m->pack->hold, taken);
    for (gsize i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        const int at = pack_indicator_find(m->pack, id);
        if (at < 0) {
            pack_refuse_unknown(
                m->refusals, PACK_RULE(known, indicator), PACK_AT_ITEM(file, list, i), id,
                pack_known_in(json_object_get(pack_tree(m, "indicators.yaml", NULL), "indicators")),
                "no indicator '%s' in indicators.yaml", id);
        }
        taken[i] = (gsize)MAX(at, 0);
    }
    return taken;
}

static gboolean compares(const json_t *section, const char *word)
{
    const json_t *list = json_object_get(section, "compare");
    for (gsize i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), word) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void take_section(PackMaking *m, const PackFile *file, const json_t *item, PackSection *out)
{
    const json_t *title = json_object_get(item, "title"), *text = json_object_get(item, "text"),
                 *list = json_object_get(item, "indicators");
    const char *by = pack_text(item, "by");
    sound_text(m, file, text, "zh");
    sound_text(m, file, text, "en");
    *out = (PackSection){ .title_zh = pack_text(title, "zh"),
                          .title_en = pack_text(title, "en"),
                          .text_zh = pack_text(text, "zh"),
                          .text_en = pack_text(text, "en"),
                          .indicators = take_indicators(m, file, list),
                          .n_indicators = json_array_size(list),
                          .by = by && strcmp(by, "none") != 0 ? by : NULL,
                          .before = compares(item, "before"),
                          .year_on_year = compares(item, "year_on_year") };
}

static void sound_audience(PackMaking *m, const PackFile *file, const json_t *list)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        const char *role = json_string_value(json_array_get(list, i));
        if (!g_hash_table_contains(m->roles, role)) {
            pack_refuse_unknown(m->refusals, PACK_RULE(known, role), PACK_AT_ITEM(file, list, i), role,
                                pack_known_keys(m->roles), "role '%s' is not among the roles of pack.yaml",
                                role);
        }
    }
}

static void take_report(PackMaking *m, const PackFile *file, const json_t *item)
{
    const json_t *sections = json_object_get(item, "sections");
    PackSection *taken = g_new0(PackSection, json_array_size(sections) + 1);
    PackReport report = { .id = pack_text(item, "id"),
                          .title_zh = pack_text(item, "zh"),
                          .title_en = pack_text(item, "en"),
                          .audience = pack_texts(m->pack, json_object_get(item, "audience")),
                          .sections = taken,
                          .n_sections = json_array_size(sections) };
    g_ptr_array_add(m->pack->hold, taken);
    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
        if (strcmp(periods[i], pack_text(item, "period")) == 0) {
            report.period = (IndicatorPeriod)i;
        }
    }
    for (gsize i = 0; i < report.n_sections; i++) {
        take_section(m, file, json_array_get(sections, i), &taken[i]);
    }
    sound_audience(m, file, json_object_get(item, "audience"));
    if (pack_report(m->pack, report.id)) {
        pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                    "report '%s' stands twice; remove one", report.id);
    }
    g_array_append_val(m->pack->reports, report);
}

void pack_compile_reports(PackMaking *m)
{
    const PackFile *file;
    const json_t *items = json_object_get(pack_tree(m, "reports.yaml", &file), "reports");
    for (gsize i = 0; i < json_array_size(items); i++) {
        take_report(m, file, json_array_get(items, i));
    }
}

gsize pack_reports(const Pack *pack)
{
    return pack->reports->len;
}

const PackReport *pack_report_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->reports, PackReport, i);
}

const PackReport *pack_report(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->reports->len; i++) {
        if (strcmp(pack_report_at(pack, i)->id, id) == 0) {
            return pack_report_at(pack, i);
        }
    }
    return NULL;
}

const char *pack_period_word(IndicatorPeriod period)
{
    return periods[period];
}
