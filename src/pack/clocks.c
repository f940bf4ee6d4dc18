/* clocks.c - clocks.yaml: budgets, rungs, extension, legal limits; the calendars are in calendar.c. */
#include "pack/inside.h"
#include <string.h>

static gboolean refuse_budget(PackMaking *m, PackSpot spot)
{
    pack_refuse(m->refusals, PACK_RULE(clock, budget), spot,
                "not a budget; a number and minute, hour, day, workday, workminute or workhour");
    return FALSE;
}

static gboolean budget_of(PackMaking *m, const PackFile *file, const json_t *object, const char *key,
                          BaseMeasure *measure, gint64 *ms)
{
    return pack_budget_parse(pack_text(object, key), measure, ms) ||
           refuse_budget(m, PACK_AT_VALUE(file, object, key));
}

/* A further span of the same clock; it is counted as its budget is. */
static gboolean span_of(PackMaking *m, const PackFile *file, const json_t *object, const char *key,
                        const FlowClockDef *def, gint64 *ms)
{
    BaseMeasure measure;
    if (!budget_of(m, file, object, key, &measure, ms)) {
        return FALSE;
    }
    if (measure != def->measure) {
        pack_refuse(m->refusals, PACK_RULE(clock, unit), PACK_AT_VALUE(file, object, key),
                    "counted in another way than the clock's budget; use the same unit");
        return FALSE;
    }
    return TRUE;
}

/* ---- budgets by condition ---- */
static void compile_budgets(PackMaking *m, const PackFile *file, const json_t *item, FlowClockDef *def)
{
    const json_t *list = json_object_get(item, "budgets");
    FlowBudget *budgets = g_new0(FlowBudget, json_array_size(list) + 1);
    g_ptr_array_add(m->pack->hold, budgets);
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        budgets[i].when = pack_text(row, "when");
        if (!pack_names_open_only(m, PACK_AT_VALUE(file, row, "when"), budgets[i].when) ||
            !span_of(m, file, row, "budget", def, &budgets[i].budget)) {
            return;
        }
    }
    def->budgets = budgets;
    def->n_budgets = json_array_size(list);
}

static void compile_extension(PackMaking *m, const PackFile *file, const json_t *item, FlowClockDef *def)
{
    const json_t *extend = json_object_get(item, "extend");
    if (extend && span_of(m, file, extend, "by", def, &def->extend_by)) {
        def->extend_max = (guint8)json_integer_value(json_object_get(extend, "max"));
    }
}

/* The longest it can become, with every extension. */
static gint64 longest(const FlowClockDef *def)
{
    gint64 most = def->budget;
    for (gsize i = 0; i < def->n_budgets; i++) {
        most = MAX(most, def->budgets[i].budget);
    }
    return most + def->extend_max * def->extend_by;
}

/* No longer than the law allows, extensions included, as far as the pack names a law. */
static void within_limit(PackMaking *m, const PackFile *file, const json_t *item, const FlowClockDef *def)
{
    const json_t *limit = json_object_get(item, "limit");
    BaseMeasure measure;
    gint64 most;
    if (!limit || !budget_of(m, file, limit, "budget", &measure, &most)) {
        return;
    }
    if (measure != def->measure || longest(def) > most) {
        pack_refuse(m->refusals, PACK_RULE(clock, limit), PACK_AT_VALUE(file, item, "budget"),
                    "%s (%s allows %s); shorten it, or count both in the same unit",
                    measure == def->measure ? "longer than the law allows, with its extensions"
                                            : "cannot be compared with the legal limit",
                    pack_text(limit, "law"), pack_text(limit, "budget"));
    }
}

/* ---- rungs ---- */
static gint64 share_of(const FlowRung *rung, gint64 budget)
{
    return rung->percent ? budget * rung->percent / 100 : budget - rung->before;
}

static gboolean rung_of(PackMaking *m, const PackFile *file, const json_t *item, const FlowClockDef *def,
                        FlowRung *rung)
{
    const json_t *at = json_object_get(item, "at");
    if ((at != NULL) == (json_object_get(item, "before") != NULL)) {
        pack_refuse(
            m->refusals, PACK_RULE(clock, rung), PACK_AT_KEY(file, item, at ? "at" : "notice"),
            "a rung says either at: percent of the budget, or before: time that is left; write one of them");
        return FALSE;
    }
    rung->percent = (guint16)json_integer_value(at);
    return at || span_of(m, file, item, "before", def, &rung->before);
}

static void compile_rung(PackMaking *m, const PackFile *file, const json_t *clock, const FlowClockDef *def,
                         FlowRung *rungs, gsize i)
{
    const json_t *item = json_array_get(json_object_get(clock, "rungs"), i);
    const char *notice = pack_text(item, "notice");
    if (!rung_of(m, file, item, def, &rungs[i])) {
        return;
    }
    if (i && share_of(&rungs[i], def->budget) <= share_of(&rungs[i - 1], def->budget)) {
        pack_refuse(m->refusals, PACK_RULE(clock, rung),
                    PACK_AT_VALUE(file, item, rungs[i].percent ? "at" : "before"),
                    "rungs go upwards, each once; put what passes first first");
    }
    if (notice && !pack_notice(m->pack, notice)) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, notice), PACK_AT_VALUE(file, item, "notice"),
                            notice,
                            pack_known_in(json_object_get(pack_tree(m, "notices.yaml", NULL), "notices")),
                            "no notice '%s' in notices.yaml", notice);
    } else if (notice) {
        g_hash_table_insert(m->pack->rung_notices, g_strdup_printf("%s/%zu", def->id, i), (char *)notice);
    }
}

static void compile_rungs(PackMaking *m, const PackFile *file, const json_t *item, FlowClockDef *def)
{
    def->n_rungs = json_array_size(json_object_get(item, "rungs"));
    FlowRung *rungs = g_new0(FlowRung, def->n_rungs + 1);
    g_ptr_array_add(m->pack->hold, rungs);
    for (gsize i = 0; i < def->n_rungs; i++) {
        compile_rung(m, file, item, def, rungs, i);
    }
    def->rungs = rungs;
}

/* ---- clocks ---- */
static gboolean is_word(const json_t *item, const char *key, const char *word)
{
    return g_strcmp0(pack_text(item, key), word) == 0;
}

static FlowEnd end_of(const json_t *item)
{
    return is_word(item, "end", "end_of_day")        ? FLOW_END_OF_DAY
           : is_word(item, "end", "roll_to_workday") ? FLOW_END_ROLL
                                                     : FLOW_END_EXACT;
}

static void compile_clock(PackMaking *m, const PackFile *file, const json_t *clocks, gsize i)
{
    const json_t *item = json_array_get(clocks, i);
    const char *calendar = pack_text(item, "calendar");
    FlowClockDef def = { .id = pack_text(item, "id"),
                         .calendar = pack_calendar(m->pack, calendar),
                         .resident = is_word(item, "for", "resident") || is_word(item, "for", "case"),
                         .next_day = is_word(item, "start", "next_day"),
                         .end = end_of(item),
                         .run_in = pack_texts(m->pack, json_object_get(item, "run_in")),
                         .on_expiry = pack_text(item, "on_expiry"),
                         .task = pack_text(item, "task") };
    if (!def.calendar) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, calendar), PACK_AT_VALUE(file, item, "calendar"),
                            calendar, pack_known_keys(m->pack->calendars), "no calendar '%s' above",
                            calendar);
    }
    if (!budget_of(m, file, item, "budget", &def.measure, &def.budget) || !def.calendar) {
        return;
    }
    const guint before = m->refusals->texts->len;
    compile_budgets(m, file, item, &def);
    compile_extension(m, file, item, &def);
    compile_rungs(m, file, item, &def);
    within_limit(m, file, item, &def);
    if (strcmp(def.id, "rating") == 0) {
        m->pack->rating_window = def.budget;
    }
    g_autoptr(GError) error = NULL;
    if (m->refusals->texts->len == before && !flow_chart_clock(m->pack->chart, &def, &error)) {
        pack_refuse(m->refusals, PACK_RULE(clock, sound), PACK_AT_ITEM(file, clocks, i),
                    "%s; see docs/packs.md, clocks.yaml", error->message);
    }
}

void pack_compile_clocks(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "clocks.yaml", &file);
    m->pack->clocks = json_object_get(tree, "clocks");
    for (gsize i = 0; i < json_array_size(m->pack->clocks); i++) {
        compile_clock(m, file, m->pack->clocks, i);
    }
}

const char *pack_rung_notice(const Pack *pack, const char *clock, int rung)
{
    g_autofree char *key = g_strdup_printf("%s/%d", clock, rung);
    return g_hash_table_lookup(pack->rung_notices, key);
}
