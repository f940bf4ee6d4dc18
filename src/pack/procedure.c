/* procedure.c - clocks.yaml and procedure.yaml: clocks with their rungs, and the chart. */
#include "pack/inside.h"
#include <string.h>

/* ---- clocks ---- */
static gboolean budget_of(PackMaking *m, const PackFile *file, const json_t *object, BaseMeasure *measure,
                          gint64 *ms)
{
    if (pack_budget_parse(pack_text(object, "budget"), measure, ms)) {
        return TRUE;
    }
    pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_VALUE(file, object, "budget"),
                "not a budget; a number and minute, hour, day, workday, workminute or workhour");
    return FALSE;
}

/* The budget may not be longer than the law allows, as far as the pack names a law. */
static void within_limit(PackMaking *m, const PackFile *file, const json_t *item, const FlowClockDef *def)
{
    const json_t *limit = json_object_get(item, "limit");
    BaseMeasure measure;
    gint64 most;
    if (!limit || !budget_of(m, file, limit, &measure, &most)) {
        return;
    }
    if (measure != def->measure || def->budget > most) {
        pack_refuse(m->refusals, PACK_ERROR_LAWFUL, PACK_AT_VALUE(file, item, "budget"),
                    "%s (%s allows %s); shorten it, or count both in the same unit",
                    measure == def->measure ? "longer than the law allows"
                                            : "cannot be compared with the legal limit",
                    pack_text(limit, "law"), pack_text(limit, "budget"));
    }
}

static const guint16 *compile_rungs(PackMaking *m, const PackFile *file, const json_t *item, gsize *n)
{
    const json_t *rungs = json_object_get(item, "rungs");
    *n = json_array_size(rungs);
    guint16 *percents = g_new0(guint16, *n + 1);
    g_ptr_array_add(m->pack->hold, percents);
    for (gsize i = 0; i < *n; i++) {
        const json_t *rung = json_array_get(rungs, i);
        percents[i] = (guint16)json_integer_value(json_object_get(rung, "at"));
        const char *notice = pack_text(rung, "notice");
        if (i && percents[i] <= percents[i - 1]) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_VALUE(file, rung, "at"),
                        "rungs go upwards, each once");
        }
        if (notice && !pack_notice(m->pack, notice)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_VALUE(file, rung, "notice"),
                        "no notice '%s' in notices.yaml", notice);
        } else if (notice) {
            g_hash_table_insert(m->pack->rung_notices, g_strdup_printf("%s/%zu", pack_text(item, "id"), i),
                                (char *)notice);
        }
    }
    return percents;
}

static gboolean is_word(const json_t *item, const char *key, const char *word)
{
    return g_strcmp0(pack_text(item, key), word) == 0;
}

static void compile_clock(PackMaking *m, const PackFile *file, const json_t *clocks, gsize i)
{
    const json_t *item = json_array_get(clocks, i);
    const char *calendar = pack_text(item, "calendar");
    FlowClockDef def = { .id = pack_text(item, "id"),
                         .calendar = pack_calendar(m->pack, calendar),
                         .resident = is_word(item, "for", "resident"),
                         .next_day = is_word(item, "start", "next_day"),
                         .end_of_day = is_word(item, "end", "end_of_day"),
                         .run_in = pack_texts(m->pack, json_object_get(item, "run_in")),
                         .on_expiry = pack_text(item, "on_expiry") };
    if (!def.calendar) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_VALUE(file, item, "calendar"),
                    "no calendar '%s' above", calendar);
    }
    def.rungs = compile_rungs(m, file, item, &def.n_rungs);
    if (!budget_of(m, file, item, &def.measure, &def.budget) || !def.calendar) {
        return;
    }
    within_limit(m, file, item, &def);
    if (strcmp(def.id, "rating") == 0) {
        m->pack->rating_window = def.budget;
    }
    g_autoptr(GError) error = NULL;
    if (!flow_chart_clock(m->pack->chart, &def, &error)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_ITEM(file, clocks, i), "%s", error->message);
    }
}

static void compile_clocks(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "clocks.yaml", &file);
    m->pack->clocks = json_object_get(tree, "clocks");
    for (gsize i = 0; i < json_array_size(m->pack->clocks); i++) {
        compile_clock(m, file, m->pack->clocks, i);
    }
}

/* ---- states, tasks ---- */
static void compile_states(PackMaking *m, const PackFile *file)
{
    for (gsize i = 0; i < json_array_size(m->pack->states); i++) {
        const json_t *item = json_array_get(m->pack->states, i);
        g_autoptr(GError) error = NULL;
        if (!flow_chart_state(m->pack->chart, pack_text(item, "id"),
                              json_is_true(json_object_get(item, "final")), &error)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_ITEM(file, m->pack->states, i), "%s",
                        error->message);
        }
    }
}

static gboolean known_role(PackMaking *m, PackSpot spot, const char *role)
{
    if (g_hash_table_contains(m->roles, role)) {
        return TRUE;
    }
    pack_refuse(m->refusals, PACK_ERROR_MEANING, spot,
                "role '%s' is not among the roles of pack.yaml; nobody could do this", role);
    return FALSE;
}

static void compile_tasks(PackMaking *m, const PackFile *file)
{
    for (gsize i = 0; i < json_array_size(m->pack->tasks); i++) {
        const json_t *item = json_array_get(m->pack->tasks, i);
        g_autoptr(GError) error = NULL;
        known_role(m, PACK_AT_VALUE(file, item, "role"), pack_text(item, "role"));
        if (!flow_chart_task(m->pack->chart, pack_text(item, "id"), pack_text(item, "role"), &error)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_ITEM(file, m->pack->tasks, i), "%s",
                        error->message);
        }
    }
}

/* ---- transitions ---- */
static void sound_action(PackMaking *m, PackSpot spot, const FlowEffect *action)
{
    static const char *const calls[] = { "dispatch.nearest", "dispatch.release", NULL };
    if (action->kind == FLOW_DO_NOTICE && !pack_notice(m->pack, action->text)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, spot, "no notice '%s' in notices.yaml", action->text);
    } else if (action->kind == FLOW_DO_ASSIGN && !pack_decision(m->pack, action->text)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, spot, "no decision '%s'; add decisions/%s.yaml",
                    action->text, action->text);
    } else if (action->kind == FLOW_DO_ENGINE) {
        g_autofree char *call = g_strdup_printf("%s.%s", action->text, action->text2);
        if (!g_strv_contains(calls, call)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, spot,
                        "no engine call %s; known: engine(dispatch, nearest), engine(dispatch, release)",
                        call);
        }
    } else if (action->kind == FLOW_DO_SET) {
        const char *id = rule_schema_name(m->pack->schema, action->index);
        if (!pack_field(m->pack, id)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, spot,
                        "'%s' is a fact, not a field; only fields can be set", id);
        }
    }
}

static void sound_rate(PackMaking *m, PackSpot spot)
{
    const PackField *rating = pack_field(m->pack, "rating"), *text = pack_field(m->pack, "rating_text");
    if (!rating || !text || text->klass != PACK_PRIVATE || !m->pack->rating_window) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, spot,
                    "`rate` needs the fields rating (open int 1..5) and rating_text (private text) and a "
                    "clock 'rating' "
                    "with on_expiry: rate_lapsed");
    }
}

static void sound_transition(PackMaking *m, PackSpot spot, const FlowTransition *t)
{
    if (!json_object_get(m->pack->events, t->event)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, spot,
                    "event '%s' has no title; add it under events:", t->event);
    }
    for (const char *const *role = t->roles; role && *role; role++) {
        known_role(m, spot, *role);
    }
    for (const char *const *need = t->needs; need && *need; need++) {
        if (!pack_field(m->pack, *need)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, spot, "needs(%s): no such field in types.yaml",
                        *need);
        }
    }
    for (gsize i = 0; i < t->n_actions; i++) {
        sound_action(m, spot, &t->actions[i]);
        if (t->actions[i].kind == FLOW_DO_RATE) {
            sound_rate(m, spot);
        }
    }
}

/* The parts of a line that are conditions: [guard] and set(field, expression). */
static gboolean sound_guard(PackMaking *m, PackSpot spot, const char *line)
{
    const char *open = strchr(line, '['), *close = strrchr(line, ']');
    g_autofree char *guard = open && close > open ? g_strndup(open + 1, close - open - 1) : NULL;
    const char *set = strstr(close ? close : line, "set(");
    return (!guard || pack_names_open_only(m, spot, guard)) && (!set || pack_names_open_only(m, spot, set));
}

static void compile_transition(PackMaking *m, const PackFile *file, const json_t *lines, gsize i)
{
    const PackSpot spot = PACK_AT_ITEM(file, lines, i);
    const char *line = json_string_value(json_array_get(lines, i));
    const gsize before = flow_chart_transitions(m->pack->chart);
    g_autoptr(GError) error = NULL;
    if (!sound_guard(m, spot, line)) {
        return;
    }
    if (!flow_chart_transition(m->pack->chart, line, &error)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, spot, "%s", error->message);
    } else if (flow_chart_transitions(m->pack->chart) > before) {
        const FlowTransition t =
            flow_chart_transition_at(m->pack->chart, before); /* its twins differ in `from` only */
        sound_transition(m, spot, &t);
    }
}

static gboolean event_used(const FlowChart *chart, const char *event)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        if (strcmp(flow_chart_transition_at(chart, i).event, event) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean clock_started(const FlowChart *chart, int clock)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        const FlowTransition t = flow_chart_transition_at(chart, i);
        for (gsize k = 0; k < t.n_actions; k++) {
            if (t.actions[k].kind == FLOW_DO_CLOCK && t.actions[k].index == clock &&
                t.actions[k].clock_deed == FLOW_CLOCK_START) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static void sound_use(PackMaking *m, const PackFile *file)
{
    const char *event;
    json_t *titles;
    json_object_foreach((json_t *)m->pack->events, event, titles)
    {
        if (!event_used(m->pack->chart, event)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_KEY(file, m->pack->events, event),
                        "event '%s' moves nothing; remove it or write its transition", event);
        }
    }
    const PackFile *clocks = pack_file_find(m->files, "clocks.yaml");
    for (int i = 0; i < flow_chart_clocks(m->pack->chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(m->pack->chart, i);
        if (!clock_started(m->pack->chart, i)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_ITEM(clocks, m->pack->clocks, (gsize)i),
                        "clock '%s' is never started; add start(%s) to a transition", def->id, def->id);
        }
        if (def->on_expiry && !event_used(m->pack->chart, def->on_expiry)) {
            pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_ITEM(clocks, m->pack->clocks, (gsize)i),
                        "on_expiry: '%s' moves nothing; write its transition by system", def->on_expiry);
        }
    }
}

static void compile_transitions(PackMaking *m, const PackFile *file, const json_t *lines)
{
    const guint before = m->refusals->texts->len;
    for (gsize i = 0; i < json_array_size(lines); i++) {
        compile_transition(m, file, lines, i);
    }
    g_autoptr(GError) error = NULL;
    if (m->refusals->texts->len > before) {
        return; /* what the whole chart lacks would only echo the lines that are missing */
    }
    sound_use(m, file);
    if (!flow_chart_seal(m->pack->chart, &error)) {
        pack_refuse(m->refusals, PACK_ERROR_MEANING, PACK_AT_KEY(file, file->tree, "transitions"), "%s",
                    error->message);
    }
}

void pack_compile_procedure(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "procedure.yaml", &file);
    const guint before = m->refusals->texts->len;
    m->pack->chart = flow_chart_new(m->pack->id, m->pack->schema);
    m->pack->states = json_object_get(tree, "states");
    m->pack->tasks = json_object_get(tree, "tasks");
    m->pack->events = json_object_get(tree, "events");
    compile_states(m, file);
    compile_clocks(m);
    compile_tasks(m, file);
    if (m->refusals->texts->len == before) {
        compile_transitions(m, file, json_object_get(tree, "transitions"));
    }
}

const char *pack_rung_notice(const Pack *pack, const char *clock, int rung)
{
    g_autofree char *key = g_strdup_printf("%s/%d", clock, rung);
    return g_hash_table_lookup(pack->rung_notices, key);
}
