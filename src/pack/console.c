/* console.c - what the console needs of a pack, as one JSON text (its shape is in pack.h). */
#include "base/json.h"
#include "pack/inside.h"
#include <math.h>
#include <string.h>

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Keys in the order of the canonical form, so that a pack says the same whether it came from its folder or a
 * store. */
static GPtrArray *sorted_keys(const json_t *object)
{
    GPtrArray *keys = g_ptr_array_new();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        g_ptr_array_add(keys, (char *)key);
    }
    g_ptr_array_sort(keys, by_name);
    return keys;
}

static void put_titles(BaseJson *j, const json_t *item)
{
    base_json_put_text(j, "title_zh", pack_text(item, "zh"));
    base_json_put_text(j, "title_en", pack_text(item, "en"));
}

static void begin(BaseJson *j, const char *key)
{
    base_json_key(j, key);
    base_json_array(j);
}

static void put_names(BaseJson *j, const char *key, const char *const *names)
{
    begin(j, key);
    for (; names && *names; names++) {
        base_json_text(j, *names);
    }
    base_json_end_array(j);
}

static const char *state_kind(const json_t *item)
{
    const char *history = pack_text(item, "history");
    if (history) return strcmp(history, "deep") == 0 ? "deep" : "shallow";
    if (json_is_true(json_object_get(item, "final"))) return "final";
    if (json_is_true(json_object_get(item, "parallel"))) return "parallel";
    return json_object_get(item, "states") ? "compound" : "plain";
}

static void put_given(BaseJson *j, const json_t *item, const char *key)
{
    if (pack_text(item, key)) base_json_put_text(j, key, pack_text(item, key));
}

static void put_states_of(BaseJson *j, const json_t *states, const char *parent)
{
    for (gsize i = 0; i < json_array_size(states); i++) {
        const json_t *item = json_array_get(states, i);
        base_json_object(j);
        base_json_put_text(j, "id", pack_text(item, "id"));
        put_titles(j, item);
        base_json_put_bool(j, "final", !parent && json_is_true(json_object_get(item, "final")));
        base_json_put_text(j, "kind", state_kind(item));
        if (parent) base_json_put_text(j, "parent", parent);
        if (json_is_true(json_object_get(item, "suspended"))) base_json_put_bool(j, "suspended", TRUE);
        put_given(j, item, "initial");
        put_given(j, item, "on_entry");
        put_given(j, item, "on_exit");
        put_given(j, item, "on_initial");
        base_json_end_object(j);
        put_states_of(j, json_object_get(item, "states"), pack_text(item, "id"));
    }
}

static void put_states(BaseJson *j, const Pack *pack)
{
    begin(j, "states");
    put_states_of(j, pack->states, NULL);
    base_json_end_array(j);
}

static void put_events_of(BaseJson *j, const json_t *events)
{
    g_autoptr(GPtrArray) ids = sorted_keys(events);
    for (guint i = 0; i < ids->len; i++) {
        base_json_object(j);
        base_json_put_text(j, "id", ids->pdata[i]);
        put_titles(j, json_object_get(events, ids->pdata[i]));
        base_json_end_object(j);
    }
}

static void put_events(BaseJson *j, const Pack *pack)
{
    begin(j, "events");
    put_events_of(j, pack->events);
    put_events_of(j, pack->signings);
    base_json_end_array(j);
}

static void put_targets(BaseJson *j, const Pack *pack, const FlowTransition *t)
{
    base_json_put_text(j, "to", t->to < 0 ? NULL : flow_chart_state_id(pack->chart, t->to));
    if (t->n_targets < 2) return;
    begin(j, "targets");
    for (gsize i = 0; i < t->n_targets; i++) {
        base_json_text(j, flow_chart_state_id(pack->chart, t->targets[i]));
    }
    base_json_end_array(j);
}

/* Verb and what it is done to, as written in the line. */
static void put_deed(BaseJson *j, const Pack *pack, const FlowEffect *deed)
{
    static const char *const tasks[] = { NULL,     "task",   "accept",   "done",
                                         "verify", "return", "reassign", "lapse" };
    static const char *const clocks[] = { "start", "stop", "pause", "resume", "extend" };
    static const char *const verbs[] = {
        [FLOW_DO_NOTICE] = "notice", [FLOW_DO_SET] = "set",           [FLOW_DO_ASSIGN] = "assign",
        [FLOW_DO_ENGINE] = "engine", [FLOW_DO_DOCUMENT] = "document", [FLOW_DO_SIGN] = "sign",
        [FLOW_DO_CHILD] = "child",   [FLOW_DO_LINK] = "link",         [FLOW_DO_REGISTER] = "register",
        [FLOW_DO_RATE] = "rate",     [FLOW_DO_RUNG] = NULL,           [FLOW_DO_EXPIRE] = NULL,
        [FLOW_DO_RAISE] = "raise"
    };
    const gboolean task = deed->kind == FLOW_DO_TASK, clock = deed->kind == FLOW_DO_CLOCK;
    const char *what = task                        ? flow_chart_task_id(pack->chart, deed->index)
                       : clock                     ? flow_chart_clock_def(pack->chart, deed->index)->id
                       : deed->kind == FLOW_DO_SET ? rule_schema_name(pack->schema, deed->index)
                                                   : deed->text;
    base_json_array(j);
    base_json_text(j, task ? tasks[deed->task_state] : clock ? clocks[deed->clock_deed] : verbs[deed->kind]);
    if (what) base_json_text(j, what);
    if (deed->text2) base_json_text(j, deed->text2);
    base_json_end_array(j);
}

static void put_transition(BaseJson *j, const Pack *pack, const FlowTransition *t)
{
    base_json_object(j);
    base_json_put_text(j, "from", t->everywhere ? NULL : flow_chart_state_id(pack->chart, t->from));
    put_targets(j, pack, t);
    base_json_put_text(j, "event", t->event ? t->event : "auto");
    if (t->event && t->events[1]) put_names(j, "events", t->events);
    if (t->internal) base_json_put_bool(j, "internal", TRUE);
    base_json_put_text(j, "guard", t->guard);
    put_names(j, "roles", t->roles);
    put_names(j, "needs", t->needs);
    base_json_put_text(j, "form", t->form);
    begin(j, "does");
    for (gsize i = 0; i < t->n_actions; i++) {
        put_deed(j, pack, &t->actions[i]);
    }
    base_json_end_array(j);
    base_json_end_object(j);
}

/* A line written "*" is many transitions and stands here once, from null. */
static void put_transitions(BaseJson *j, const Pack *pack)
{
    const char *const *before = NULL;
    begin(j, "transitions");
    for (gsize i = 0; i < flow_chart_transitions(pack->chart); i++) {
        const FlowTransition t = flow_chart_transition_at(pack->chart, i);
        if (!t.everywhere || t.roles != before) put_transition(j, pack, &t);
        before = t.roles;
    }
    base_json_end_array(j);
}

static void put_tasks(BaseJson *j, const Pack *pack)
{
    begin(j, "tasks");
    for (gsize i = 0; i < json_array_size(pack->tasks); i++) {
        const json_t *item = json_array_get(pack->tasks, i);
        base_json_object(j);
        base_json_put_text(j, "id", pack_text(item, "id"));
        base_json_put_text(j, "role", pack_text(item, "role"));
        put_titles(j, item);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static gint64 rung_percent(const FlowClockDef *def, gsize rung)
{
    const FlowRung *at = &def->rungs[rung];
    return at->percent ? at->percent : (def->budget - at->before) * 100 / def->budget;
}

static void put_clocks(BaseJson *j, const Pack *pack)
{
    static const char *const measures[] = { "natural", "workday", "office" };
    begin(j, "clocks");
    for (int i = 0; i < flow_chart_clocks(pack->chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(pack->chart, i);
        base_json_object(j);
        base_json_put_text(j, "id", def->id);
        put_titles(j, json_array_get(pack->clocks, (gsize)i));
        base_json_put_bool(j, "resident", def->resident);
        base_json_put_int(j, "budget", def->budget);
        base_json_put_text(j, "measure", measures[def->measure]);
        begin(j, "rungs");
        for (gsize k = 0; k < def->n_rungs; k++) {
            base_json_int(j, rung_percent(def, k));
        }
        base_json_end_array(j);
        put_names(j, "run_in", def->run_in);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static const char *type_name(const PackField *field)
{
    static const char *const names[] = { "", "bool", "int", "real", "text" };
    return field->is_time ? "time" : names[field->type];
}

/* The ends of the integers stand for "no limit"; JavaScript could not read them anyway. */
static void put_limit(BaseJson *j, const char *key, gint64 limit)
{
    if (limit != G_MININT64 && limit != G_MAXINT64) {
        base_json_put_int(j, key, limit);
    }
}

static void put_field(BaseJson *j, const PackField *field)
{
    base_json_object(j);
    base_json_put_text(j, "id", field->id);
    base_json_put_text(j, "title_zh", field->title_zh);
    base_json_put_text(j, "title_en", field->title_en);
    base_json_put_text(j, "type", type_name(field));
    base_json_put_text(j, "class", field->klass == PACK_OPEN ? "open" : "private");
    if (field->list) {
        base_json_put_text(j, "list", field->list);
    }
    if (field->type == RULE_TEXT) {
        base_json_put_int(j, "max_length", (gint64)field->max_length);
    } else {
        put_limit(j, "min", field->min);
        put_limit(j, "max", field->max);
    }
    base_json_end_object(j);
}

static void put_fields(BaseJson *j, const Pack *pack)
{
    begin(j, "fields");
    for (gsize i = 0; i < pack_fields(pack); i++) {
        put_field(j, pack_field_at(pack, i));
    }
    base_json_end_array(j);
}

static void put_codes(BaseJson *j, const json_t *lines)
{
    base_json_array(j);
    for (gsize i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        base_json_object(j);
        base_json_put_text(j, "code", pack_text(line, "code"));
        put_titles(j, line);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_lists(BaseJson *j, const Pack *pack)
{
    const json_t *lists = json_object_get(json_object_get(pack->whole, "types.yaml"), "lists");
    g_autoptr(GPtrArray) ids = sorted_keys(lists);
    base_json_key(j, "lists");
    base_json_object(j);
    for (guint i = 0; i < ids->len; i++) {
        base_json_key(j, ids->pdata[i]);
        put_codes(j, json_object_get(lists, ids->pdata[i]));
    }
    base_json_end_object(j);
}

static void put_exclusions(BaseJson *j, const PackIndicator *indicator)
{
    begin(j, "excluded");
    for (gsize i = 0; i < indicator->n_excluded; i++) {
        const PackExclusion *out = &indicator->excluded[i];
        base_json_object(j);
        base_json_put_text(j, "id", out->id);
        base_json_put_text(j, "when", out->when);
        base_json_put_text(j, "reason_zh", out->reason_zh);
        base_json_put_text(j, "reason_en", out->reason_en);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_uses(BaseJson *j, const Pack *pack, const Indicator *indicator)
{
    static const char *const shifts[] = { "same", "period_before", "year_before" };
    gsize n;
    const IndicatorUse *uses = indicator_uses(indicator, &n);
    begin(j, "uses");
    for (gsize i = 0; i < n; i++) {
        base_json_object(j);
        base_json_put_text(j, "of", pack_indicator_at(pack, uses[i].of)->id);
        base_json_put_text(j, "shift", shifts[uses[i].shift]);
        base_json_end_object(j);
    }
    base_json_end_array(j);
    const IndicatorPart *parts = indicator_parts(indicator, &n);
    begin(j, "parts");
    for (gsize i = 0; i < n; i++) {
        base_json_object(j);
        base_json_put_text(j, "of", pack_indicator_at(pack, parts[i].of)->id);
        base_json_put_real(j, "weight", parts[i].weight);
        base_json_put_real(j, "full", parts[i].full);
        base_json_put_real(j, "zero", parts[i].zero);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_indicators(BaseJson *j, const Pack *pack)
{
    begin(j, "indicators");
    for (gsize i = 0; i < pack_indicators(pack); i++) {
        const PackIndicator *indicator = pack_indicator_at(pack, i);
        base_json_object(j);
        base_json_put_text(j, "id", indicator->id);
        base_json_put_text(j, "title_zh", indicator->title_zh);
        base_json_put_text(j, "title_en", indicator->title_en);
        base_json_put_text(j, "unit_zh", indicator->unit_zh);
        base_json_put_text(j, "unit_en", indicator->unit_en);
        base_json_put_text(j, "kind", indicator_kind_name(indicator_kind(indicator->indicator)));
        base_json_put_real(j, "target", indicator->target);
        base_json_put_bool(j, "higher_is_better", indicator->higher_is_better);
        base_json_put_text(j, "when", indicator->when);
        base_json_put_text(j, "num", indicator->num);
        base_json_put_text(j, "den", indicator->den);
        base_json_put_int(j, "p", indicator_percentile(indicator->indicator));
        base_json_put_text(j, "expr", indicator->expr);
        base_json_put_text(j, "empty", indicator_empty_is_zero(indicator->indicator) ? "zero" : "none");
        put_exclusions(j, indicator);
        put_uses(j, pack, indicator->indicator);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_reports(BaseJson *j, const Pack *pack)
{
    begin(j, "reports");
    for (gsize i = 0; i < pack_reports(pack); i++) {
        const PackReport *report = pack_report_at(pack, i);
        base_json_object(j);
        base_json_put_text(j, "id", report->id);
        base_json_put_text(j, "title_zh", report->title_zh);
        base_json_put_text(j, "title_en", report->title_en);
        base_json_put_text(j, "period", pack_period_word(report->period));
        begin(j, "audience");
        for (const char *const *role = report->audience; *role; role++) {
            base_json_text(j, *role);
        }
        base_json_end_array(j);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_mappings(BaseJson *j, const Pack *pack)
{
    begin(j, "mappings");
    for (gsize i = 0; i < pack_mappings(pack); i++) {
        const PackMapping *mapping = pack_mapping_at(pack, i);
        base_json_object(j);
        base_json_put_text(j, "id", mapping->id);
        put_titles(j, mapping->item);
        begin(j, "fields");
        for (guint k = 0; k < mapping->lines->len; k++) {
            const PackMapLine *line = mapping->lines->pdata[k];
            if (line->from) {
                base_json_text(j, line->to);
            }
        }
        base_json_end_array(j);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_plans(BaseJson *j, const Pack *pack)
{
    static const char *const keys[] = { "rule", "at", "from", "until", "calendar", "grace", "mapping" };
    begin(j, "plans");
    for (gsize i = 0; i < pack_plans(pack); i++) {
        const json_t *item = pack_plan_at(pack, i)->item;
        base_json_object(j);
        base_json_put_text(j, "id", pack_text(item, "id"));
        put_titles(j, item);
        for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
            base_json_put_text(j, keys[k], pack_text(item, keys[k]));
        }
        const char *move = pack_text(item, "move"), *missed = pack_text(item, "missed");
        base_json_put_text(j, "move", move ? move : pack_text(item, "calendar") ? "next_workday" : "none");
        base_json_put_text(j, "missed", missed ? missed : "open_late");
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

/* A cell as it is written: 5, true and null need no quotes. */
static void put_cell(BaseJson *j, const json_t *cell)
{
    g_autofree char *text =
        json_is_string(cell) ? g_strdup(json_string_value(cell)) : base_json_canonical(cell);
    base_json_text(j, text);
}

static void put_tree(BaseJson *j, const char *key, const json_t *tree)
{
    g_autofree char *text = tree ? base_json_canonical(tree) : NULL; /* keys sorted, as above */
    base_json_put_raw(j, key, text);
}

static void put_decision_row(BaseJson *j, const PackDecision *decision, const json_t *row, const json_t *set)
{
    const gsize cells = decision->outputs ? json_array_size(row) - decision->outputs->len : 0;
    base_json_object(j);
    begin(j, "cells");
    for (gsize i = 0; i < cells; i++) {
        put_cell(j, json_array_get(row, i));
    }
    base_json_end_array(j);
    base_json_put_text(j, "when", pack_text(row, "when"));
    put_tree(j, "set", set);
    base_json_end_object(j);
}

static void put_list(BaseJson *j, const char *key, const json_t *texts)
{
    begin(j, key);
    for (gsize i = 0; i < json_array_size(texts); i++) {
        base_json_text(j, json_string_value(json_array_get(texts, i)));
    }
    base_json_end_array(j);
}

static void put_decision(BaseJson *j, const PackDecision *decision)
{
    const json_t *source = decision->source, *rows = json_object_get(source, "rows");
    base_json_object(j);
    base_json_put_text(j, "id", decision->id);
    put_titles(j, json_object_get(source, "title"));
    base_json_put_text(j, "hit", pack_text(source, "hit"));
    put_list(j, "inputs", json_object_get(source, "inputs"));
    put_list(j, "outputs", json_object_get(source, "outputs"));
    put_tree(j, "collect", json_object_get(source, "collect"));
    base_json_put_bool(j, "gap", json_object_get(source, "gap") != NULL);
    begin(j, "rows");
    for (gsize i = 0; i < json_array_size(rows); i++) {
        put_decision_row(j, decision, json_array_get(rows, i), decision->set->pdata[i]);
    }
    base_json_end_array(j);
    put_tree(j, "default", decision->otherwise);
    if (pack_text(source, "from")) {
        base_json_put_text(j, "from", pack_text(source, "from"));
        base_json_put_text(j, "when", pack_text(source, "when"));
        put_list(j, "order", json_object_get(source, "order"));
        put_tree(j, "takes", json_object_get(source, "set"));
    }
    base_json_end_object(j);
}

static void put_forms(BaseJson *j, const Pack *pack)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, pack->forms);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_ptr_array_add(ids, id);
    }
    g_ptr_array_sort(ids, by_name);
    base_json_key(j, "forms");
    base_json_object(j);
    for (guint i = 0; i < ids->len; i++) {
        put_tree(j, ids->pdata[i], pack_form(pack, ids->pdata[i])->tree);
    }
    base_json_end_object(j);
}

static void put_decisions(BaseJson *j, const Pack *pack)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, pack->decisions);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_ptr_array_add(ids, id);
    }
    g_ptr_array_sort(ids, by_name);
    begin(j, "decisions");
    for (guint i = 0; i < ids->len; i++) {
        put_decision(j, g_hash_table_lookup(pack->decisions, ids->pdata[i]));
    }
    base_json_end_array(j);
}

static gboolean role_before(const Pack *pack, gsize end, const PackAccess *access)
{
    for (gsize i = 0; i < end; i++) {
        const PackAccess *a = pack_access_at(pack, i);
        if (strcmp(a->purpose, access->purpose) == 0 && strcmp(a->role, access->role) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void put_purpose(BaseJson *j, const Pack *pack, const char *id, const json_t *titles)
{
    base_json_object(j);
    base_json_put_text(j, "id", id);
    put_titles(j, titles);
    begin(j, "roles");
    for (gsize i = 0; i < pack_access(pack); i++) {
        const PackAccess *access = pack_access_at(pack, i);
        if (strcmp(access->purpose, id) == 0 && !role_before(pack, i, access)) {
            base_json_text(j, access->role);
        }
    }
    base_json_end_array(j);
    base_json_end_object(j);
}

static void put_purposes(BaseJson *j, const Pack *pack)
{
    g_autoptr(GPtrArray) ids = sorted_keys(pack->purposes);
    begin(j, "purposes");
    for (guint i = 0; i < ids->len; i++) {
        put_purpose(j, pack, ids->pdata[i], json_object_get(pack->purposes, ids->pdata[i]));
    }
    base_json_end_array(j);
}

static void put_document(BaseJson *j, const PackDocument *document)
{
    base_json_object(j);
    base_json_put_text(j, "id", document->id);
    base_json_put_text(j, "title_zh", document->title_zh);
    base_json_put_text(j, "title_en", document->title_en);
    begin(j, "signers");
    for (gsize i = 0; i < document->n_signers; i++) {
        base_json_object(j);
        base_json_put_text(j, "id", document->signers[i].id);
        base_json_put_text(j, "title_zh", document->signers[i].title_zh);
        base_json_put_text(j, "title_en", document->signers[i].title_en);
        base_json_end_object(j);
    }
    base_json_end_array(j);
    base_json_end_object(j);
}

static void put_documents(BaseJson *j, const Pack *pack)
{
    begin(j, "documents");
    for (gsize i = 0; i < pack_documents(pack); i++)
        put_document(j, pack_document_at(pack, i));
    base_json_end_array(j);
}

char *pack_console_make(const Pack *pack)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson json = base_json_to(out), *j = &json;
    base_json_object(j);
    base_json_put_text(j, "id", pack->id);
    base_json_put_text(j, "version", pack->version);
    base_json_put_text(j, "prefix", pack->prefix);
    base_json_put_text(j, "title_zh", pack->title_zh);
    base_json_put_text(j, "title_en", pack->title_en);
    base_json_put_bool(j, "rated", pack->rating_window > 0);
    put_states(j, pack);
    put_events(j, pack);
    put_transitions(j, pack);
    put_tasks(j, pack);
    put_clocks(j, pack);
    put_fields(j, pack);
    put_lists(j, pack);
    put_indicators(j, pack);
    put_reports(j, pack);
    put_mappings(j, pack);
    put_plans(j, pack);
    put_decisions(j, pack);
    put_forms(j, pack);
    put_purposes(j, pack);
    put_documents(j, pack);
    base_json_end_object(j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
