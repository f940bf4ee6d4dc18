/* scenario.c - runs scenarios/ against the pure engines: a signal opens a case, events move it, time passes;
 * states, tasks, clocks, notices, facts and figures are compared with what the scenario wants.
 *
 * No store, no people: what a stage would answer (which unit was sent) is said by the step (`unit:`). */
#include "pack/scenario.h"
#include <string.h>

#define MOMENTS_MOST 20000 /* rungs and expiries in one scenario */

/* ---- saying what went wrong ---- */
void pack_run_fail(PackRun *run, const json_t *in, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    const PackPlace at = pack_places_value(run->file->places, in, key);
    g_autofree char *place = at.line ? g_strdup_printf("%u:%u:", at.line, at.column) : g_strdup("");
    g_ptr_array_add(run->failures, g_strdup_printf("%s:%s %s", run->file->name, place, what));
}

static gboolean time_of(PackRun *run, const json_t *in, gint64 *out)
{
    if (base_time_parse(pack_text(in, "at"), run->pack->utc_offset, out)) {
        return TRUE;
    }
    pack_run_fail(run, in, "at", "wanted a time like \"2026-11-23 09:00\", got '%s'", pack_text(in, "at"));
    return FALSE;
}

/* ---- the row ---- */
static RuleValue text_value(const char *text)
{
    return (RuleValue){ .type = text ? RULE_TEXT : RULE_NULL, .text = text };
}

static void put(PackRun *run, PackFact fact, RuleValue value)
{
    run->row[run->pack->fact[fact]] = value;
}

static void put_int(PackRun *run, PackFact fact, gint64 value)
{
    put(run, fact, (RuleValue){ .type = RULE_INT, .integer = value });
}

void pack_run_fill_row(PackRun *run)
{
    memset(run->row, 0, sizeof(RuleValue) * (gsize)rule_schema_size(run->pack->schema));
    pack_row_fill(run->pack, run->facts, run->row);
    const int rest = flow_rest(run->pack->chart, &run->flow);
    put(run, PACK_FACT_TO_STATE, text_value(rest < 0 ? NULL : flow_chart_state_id(run->pack->chart, rest)));
    put(run, PACK_FACT_ORG, text_value(run->org));
    put(run, PACK_FACT_AREA, text_value(run->area));
    put(run, PACK_FACT_UNIT, text_value(run->unit));
    put_int(run, PACK_FACT_LEVEL, run->level);
    put_int(run, PACK_FACT_NOW, run->now);
    put_int(run, PACK_FACT_OPENED_AT, run->opened_at);
    put_int(run, PACK_FACT_MINUTES, (run->now - run->opened_at) / BASE_MINUTE);
    put_int(run, PACK_FACT_RETURNS, run->returns);
    put_int(run, PACK_FACT_REOPENS, run->reopens);
    put_int(run, PACK_FACT_CHILDREN, run->children);
    put_int(run, PACK_FACT_CHILDREN_OPEN, run->children_open);
    put(run, PACK_FACT_LATE, (RuleValue){ .type = RULE_BOOL, .boolean = run->late });
    if (run->closed_at) {
        put_int(run, PACK_FACT_CLOSED_AT, run->closed_at);
    }
    if (run->rating) {
        put_int(run, PACK_FACT_RATING, run->rating);
    }
}

static void say_event(PackRun *run, const char *event, int from, const char *role)
{
    put(run, PACK_FACT_EVENT, text_value(event));
    put(run, PACK_FACT_FROM_STATE, text_value(from < 0 ? NULL : flow_chart_state_id(run->pack->chart, from)));
    put(run, PACK_FACT_BY_ROLE, text_value(role));
}

/* ---- effects ---- */
static void set_text(char **slot, const char *text)
{
    g_free(*slot);
    *slot = g_strdup(text);
}

/* What set() and decisions before have done, as the next decision sees it. */
static void refresh_row(PackRun *run)
{
    pack_row_fill(run->pack, run->facts, run->row);
    put(run, PACK_FACT_ORG, text_value(run->org));
    put(run, PACK_FACT_AREA, text_value(run->area));
    put_int(run, PACK_FACT_LEVEL, run->level);
}

/* Entries of a register as the scenario says; without `load` an organisation has nothing to do yet. */
static json_t *decided(PackRun *run, const PackDecision *decision)
{
    const PackRegister *reg = pack_decision_register(decision);
    if (!reg) return pack_decide(decision, run->row);
    const json_t *list = json_object_get(json_object_get(run->file->tree, "registers"), reg->id);
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(PackEntry));
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *facts = json_array_get(list, i);
        PackEntry entry = { facts, json_integer_value(json_object_get(facts, "load")) };
        g_array_append_val(entries, entry);
    }
    return pack_choose(decision, run->row, (const PackEntry *)entries->data, entries->len);
}

static void assign(PackRun *run, const char *decision)
{
    refresh_row(run);
    json_t *set = decided(run, pack_decision(run->pack, decision)), *value;
    const char *key;
    json_object_foreach(set, key, value)
    {
        if (strcmp(key, "org") == 0) {
            set_text(&run->org, json_string_value(value));
        } else if (strcmp(key, "area") == 0) {
            set_text(&run->area, json_string_value(value));
        } else if (strcmp(key, "level") == 0) {
            run->level = (int)json_integer_value(value);
        } else if (strcmp(key, "title") != 0) {
            json_object_set(run->facts, key, value);
        }
    }
    json_decref(set);
}

json_t *pack_run_json(RuleValue value)
{
    switch (value.type) {
    case RULE_TEXT:
        return json_string(value.text);
    case RULE_INT:
        return json_integer(value.integer);
    case RULE_REAL:
        return json_real(value.real);
    case RULE_BOOL:
        return json_boolean(value.boolean);
    default:
        return json_null();
    }
}

static void carry_out(PackRun *run, const FlowEffect *effect)
{
    switch (effect->kind) {
    case FLOW_DO_NOTICE:
        g_ptr_array_add(run->notices, g_strdup(effect->text));
        break;
    case FLOW_DO_SET:
        json_object_set_new(run->facts, rule_schema_name(run->pack->schema, effect->index),
                            pack_run_json(effect->value));
        break;
    case FLOW_DO_ASSIGN:
        assign(run, effect->text);
        break;
    case FLOW_DO_ENGINE:
        g_ptr_array_add(run->engines, g_strdup_printf("%s.%s", effect->text, effect->text2));
        break;
    case FLOW_DO_RATE:
        run->rated = TRUE;
        break;
    case FLOW_DO_DOCUMENT:
        g_ptr_array_add(run->documents, g_strdup(effect->text));
        break;
    case FLOW_DO_SIGN:
        g_ptr_array_add(run->signs, g_strdup(effect->text));
        break;
    default:
        break;
    }
}

static void carry_out_all(PackRun *run)
{
    const guint made = run->documents->len;
    for (guint i = 0; i < run->effects->len; i++) {
        carry_out(run, &g_array_index(run->effects, FlowEffect, i));
    }
    for (guint i = made; i < run->documents->len; i++) {
        pack_run_draft(run, run->documents->pdata[i]);
    }
}

/* ---- one event ---- */
static const char *refusal_name(const GError *error)
{
    static const char *const names[] = { "chart", "not_awaited", "role",  "guard",
                                         "task",  "fields",      "clock", "loop" };
    return error->domain == FLOW_ERROR ? names[error->code] : "fields";
}

/* Transitions the event is about to take: what they need must come with it. */
static gboolean needs_met(PackRun *run, const char *event, const char *role, const json_t *fields,
                          GError **error)
{
    const char *const roles[] = { role, NULL };
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    flow_choice(run->pack->chart, &run->flow, event, roles, run->row, chosen);
    for (guint i = 0; i < chosen->len; i++) {
        const FlowTransition t = flow_chart_transition_at(run->pack->chart, g_array_index(chosen, gsize, i));
        for (const char *const *need = t.needs; need && *need; need++) {
            if (!json_object_get(fields, *need)) {
                g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "event '%s' must bring: %s", event, *need);
                return FALSE;
            }
        }
    }
    return pack_event_fits(run->pack, chosen, fields, error);
}

/* As the writing desk has it: nobody is asked to sign what was never made. */
static gboolean signs_what_is_made(const PackRun *run, GError **error)
{
    g_autoptr(GHashTable) made = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < run->effects->len; i++) {
        const FlowEffect *effect = &g_array_index(run->effects, FlowEffect, i);
        if (effect->kind == FLOW_DO_DOCUMENT) {
            g_hash_table_add(made, (gpointer)effect->text);
        } else if (effect->kind == FLOW_DO_SIGN && !json_object_get(run->versions, effect->text) &&
                   !g_hash_table_contains(made, effect->text)) {
            g_set_error(error, PACK_ERROR, PACK_ERROR_MEANING, "sign(%s) before document(%s)", effect->text,
                        effect->text);
            return FALSE;
        }
    }
    return TRUE;
}

/* The case is as it was when anything is refused. */
static gboolean try_event(PackRun *run, const char *event, const char *role, const json_t *fields,
                          GError **error)
{
    const char *const roles[] = { role, NULL };
    const FlowCase before = run->flow;
    g_array_set_size(run->effects, 0);
    if (!needs_met(run, event, role, fields, error) ||
        !flow_fire(run->pack->chart, &run->flow, event, roles, run->row, run->now, run->effects, error)) {
        return FALSE;
    }
    const gboolean sound = signs_what_is_made(run, error);
    if (!sound) run->flow = before;
    return sound;
}

static void count_event(PackRun *run, const char *event)
{
    run->returns += strcmp(event, "return") == 0;
    run->reopens += strcmp(event, "reopen") == 0;
    if (flow_ended(run->pack->chart, &run->flow)) {
        run->closed_at = run->now;
    }
}

static gboolean fire(PackRun *run, const char *event, const char *role, const json_t *fields, GError **error)
{
    json_t *open = NULL, *hidden = NULL, *kept = json_deep_copy(run->facts);
    const int from = flow_rest(run->pack->chart, &run->flow), rating = run->rating;
    if (!pack_take_fields(run->pack, fields, &open, &hidden, error)) {
        json_decref(kept);
        return FALSE;
    }
    json_t *kept_hidden = json_copy(run->hidden);
    json_object_update(run->facts, open);
    json_object_update(run->hidden, hidden);
    run->rating =
        json_object_get(open, "rating") ? (int)json_integer_value(json_object_get(open, "rating")) : rating;
    pack_run_fill_row(run);
    say_event(run, event, from, role);
    put(run, PACK_FACT_ACTOR, text_value(run->actor ? run->actor : role));
    put(run, PACK_FACT_ACTOR_ORG, text_value(run->actor_org ? run->actor_org : run->org));
    const gboolean ok = try_event(run, event, role, fields, error);
    if (ok) {
        count_event(run, event);
        carry_out_all(run);
        pack_run_fill_row(run);
        say_event(run, event, from, role);
        pack_run_weigh(run);
    } else {
        json_decref(run->facts);
        json_decref(run->hidden);
        run->facts = json_incref(kept);
        run->hidden = json_incref(kept_hidden);
        run->rating = rating;
    }
    json_decref(open);
    json_decref(hidden);
    json_decref(kept);
    json_decref(kept_hidden);
    return ok;
}

/* ---- time passing ---- */
static gboolean awaited(PackRun *run, const char *event)
{
    static const char *const system[] = { "system", NULL };
    pack_run_fill_row(run);
    return flow_awaits(run->pack->chart, &run->flow, event, system, run->row);
}

static void pass_rung(PackRun *run, const FlowEffect *due)
{
    const FlowClockDef *def = flow_chart_clock_def(run->pack->chart, due->index);
    const char *notice = pack_rung_notice(run->pack, def->id, due->rung);
    g_ptr_array_add(run->fired,
                    g_strdup_printf("%s %d", def->id,
                                    flow_rung_percent(run->pack->chart, &run->flow, due->index, due->rung)));
    if (notice) {
        g_ptr_array_add(run->notices, g_strdup(notice));
    }
}

static void pass_expiry(PackRun *run, const FlowEffect *due)
{
    const FlowClockDef *def = flow_chart_clock_def(run->pack->chart, due->index);
    g_ptr_array_add(run->fired, g_strdup_printf("%s expired", def->id));
    run->late = run->late || strcmp(def->id, "rating") != 0;
    if (due->text && awaited(run, due->text)) {
        json_t *nothing = json_object();
        g_autoptr(GError) error = NULL;
        if (!fire(run, due->text, "system", nothing, &error)) {
            g_ptr_array_add(run->fired, g_strdup_printf("%s refused: %s", due->text, error->message));
        }
        json_decref(nothing);
    }
}

static gint64 next_due(const PackRun *run)
{
    gint64 next = G_MAXINT64;
    for (int i = 0; i < flow_chart_clocks(run->pack->chart); i++) {
        next = MIN(next, flow_clock_next(run->pack->chart, &run->flow, i, NULL));
    }
    return next;
}

/* FALSE: so much happens by itself that there is no end to be seen. */
static gboolean pass_time(PackRun *run, gint64 until)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    for (gint64 next = next_due(run); next <= until; next = next_due(run)) {
        if (++run->moments > MOMENTS_MOST) return FALSE;
        run->now = next;
        g_array_set_size(due, 0);
        flow_tick(run->pack->chart, &run->flow, next, due);
        for (guint i = 0; i < due->len; i++) {
            const FlowEffect *effect = &g_array_index(due, FlowEffect, i);
            if (effect->kind == FLOW_DO_RUNG) {
                pass_rung(run, effect);
            } else if (effect->kind == FLOW_DO_EXPIRE) {
                pass_expiry(run, effect);
            }
        }
    }
    run->now = until;
    return TRUE;
}

/* ---- steps ---- */
static void forget_step(PackRun *run)
{
    g_ptr_array_set_size(run->notices, 0);
    g_ptr_array_set_size(run->engines, 0);
    g_ptr_array_set_size(run->fired, 0);
    g_ptr_array_set_size(run->documents, 0);
    g_ptr_array_set_size(run->signs, 0);
    run->rated = FALSE;
}

static void do_event(PackRun *run, const json_t *step, const char *event)
{
    const char *role = pack_text(step, "by"), *refused = pack_text(step, "refused");
    json_t *with = json_object_get(step, "with"), *fields = with ? json_incref(with) : json_object();
    g_autoptr(GError) error = NULL;
    const gboolean ok = fire(run, event, role ? role : "system", fields, &error);
    json_decref(fields);
    if (ok && refused) {
        pack_run_fail(run, step, "refused", "wanted a refusal (%s), got none", refused);
    } else if (!ok && !refused) {
        pack_run_fail(run, step, "do", "wanted %s to be taken, got: %s", event, error->message);
    } else if (!ok && strcmp(refused, refusal_name(error)) != 0) {
        pack_run_fail(run, step, "refused", "wanted %s, got %s: %s", refused, refusal_name(error),
                      error->message);
    }
}

static void do_step(PackRun *run, const json_t *step)
{
    gint64 at;
    const char *event = pack_text(step, "do"), *unit = pack_text(step, "unit");
    if (!time_of(run, step, &at)) {
        return;
    }
    if (at < run->now) {
        pack_run_fail(run, step, "at", "wanted a time after the step before, got an earlier one");
        return;
    }
    forget_step(run);
    run->actor = run->actor_org = NULL;
    if (!pass_time(run, at)) {
        pack_run_fail(run, step, "at", "more than %d rungs and expiries pass by themselves until then",
                      MOMENTS_MOST);
        return;
    }
    run->actor = pack_text(step, "actor");
    run->actor_org = pack_text(step, "actor_org");
    const json_t *children = json_object_get(step, "children");
    if (children) {
        run->children = (int)json_integer_value(json_array_get(children, 0));
        run->children_open = (int)json_integer_value(json_array_get(children, 1));
    }
    if (unit) {
        set_text(&run->unit, unit);
    }
    if (event) {
        do_event(run, step, event);
    }
    pack_run_compare(run, json_object_get(step, "want"));
}

/* A case that a plan opens, on one of its days. */
static gboolean take_planned(PackRun *run, const json_t *signal, PackSignal *out)
{
    const PackPlan *plan = pack_plan(run->pack, pack_text(signal, "plan"));
    g_autoptr(GError) error = NULL;
    BaseOccurrence o;
    gint64 at;
    if (!plan) {
        pack_run_fail(run, signal, "plan", "wanted a plan of plans.yaml, got '%s'",
                      pack_text(signal, "plan"));
        return FALSE;
    }
    if (!time_of(run, signal, &at)) {
        return FALSE;
    }
    if (!base_recur_after(plan->recur, at - 1, &o) || o.at != at) {
        pack_run_fail(run, signal, "at", "wanted a day and time of plan %s, got '%s'", plan->id,
                      pack_text(signal, "at"));
        return FALSE;
    }
    run->now = run->opened_at = at;
    if (!pack_plan_signal(run->pack, plan, &o, out, &error)) {
        pack_run_fail(run, signal, "plan", "wanted a signal, got: %s", error->message);
        return FALSE;
    }
    return TRUE;
}

static gboolean take_mapped(PackRun *run, const json_t *signal, PackSignal *out)
{
    const char *named = pack_text(signal, "mapping");
    const PackMapping *mapping = named ? pack_mapping(run->pack, named) : NULL;
    g_autoptr(GError) error = NULL;
    gint64 at;
    if (!mapping) {
        pack_run_fail(run, signal, named ? "mapping" : "at",
                      "wanted a mapping of intake.yaml or a plan, got '%s'", named ? named : "neither");
        return FALSE;
    }
    if (!time_of(run, signal, &at)) {
        return FALSE;
    }
    run->now = run->opened_at = at;
    if (!pack_map_json(run->pack, mapping, json_object_get(signal, "data"), at, out, &error)) {
        pack_run_fail(run, signal, "data", "wanted a signal, got: %s", error->message);
        return FALSE;
    }
    return TRUE;
}

static gboolean take_signal(PackRun *run, const json_t *signal, PackSignal *out)
{
    return pack_text(signal, "plan") ? take_planned(run, signal, out) : take_mapped(run, signal, out);
}

static gboolean open_case(PackRun *run, const json_t *signal)
{
    PackSignal in = { 0 };
    if (!take_signal(run, signal, &in)) {
        return FALSE;
    }
    run->facts = json_deep_copy(in.open);
    run->hidden = json_deep_copy(in.private_facts);
    run->place = g_strdup(in.place);
    run->title = g_strdup(in.title);
    run->org = g_strdup(in.org);
    run->area = g_strdup(in.area);
    run->level = in.level;
    pack_signal_clear(&in);
    g_autoptr(GError) begun = NULL;
    pack_run_fill_row(run);
    g_array_set_size(run->effects, 0);
    if (!flow_begin(run->pack->chart, &run->flow, run->row, run->now, run->effects, &begun)) {
        pack_run_fail(run, signal, "data", "wanted the case to begin, got: %s", begun->message);
        return FALSE;
    }
    carry_out_all(run);
    if (awaited(run, "opened")) {
        json_t *nothing = json_object();
        g_autoptr(GError) error = NULL;
        if (!fire(run, "opened", "system", nothing, &error)) {
            pack_run_fail(run, signal, "data", "wanted the case to open, got: %s", error->message);
        }
        json_decref(nothing);
    } else {
        pack_run_fill_row(run);
        say_event(run, "opened", -1, "system");
        pack_run_weigh(run);
    }
    pack_run_compare(run, json_object_get(signal, "want"));
    return TRUE;
}

/* ---- the whole ---- */
static void step_clear(gpointer data)
{
    g_ptr_array_unref(((PackStep *)data)->failures);
}

/* What is not met from here on belongs to this step. */
static void begin_step(PackRun *run, PackScenarioResult *result, const json_t *item)
{
    run->failures = g_ptr_array_new_with_free_func(g_free);
    const PackStep step = { pack_text(item, "at"), pack_text(item, "do"), pack_text(item, "by"),
                            pack_text(item, "refused"), run->failures };
    g_array_append_val(result->steps, step);
}

static void play(PackRun *run, PackScenarioResult *result)
{
    const json_t *whole = run->file->tree, *signal = json_object_get(whole, "signal"),
                 *steps = json_object_get(whole, "steps");
    begin_step(run, result, signal);
    if (!open_case(run, signal)) {
        return;
    }
    for (gsize i = 0; i < json_array_size(steps); i++) {
        begin_step(run, result, json_array_get(steps, i));
        do_step(run, json_array_get(steps, i));
    }
    begin_step(run, result, NULL);
    pack_run_compare_figures(run, whole);
}

static void run_free(PackRun *run)
{
    json_decref(run->facts);
    json_decref(run->hidden);
    json_decref(run->papers);
    json_decref(run->versions);
    g_free(run->place);
    g_free(run->title);
    g_free(run->org);
    g_free(run->area);
    g_free(run->unit);
    g_free(run->row);
    pack_tally_free(run->figures, run->pack);
    g_array_unref(run->effects);
    g_ptr_array_unref(run->notices);
    g_ptr_array_unref(run->engines);
    g_ptr_array_unref(run->fired);
    g_ptr_array_unref(run->documents);
    g_ptr_array_unref(run->signs);
}

PackScenarioResult *pack_scenario_named(const Pack *pack, gsize i)
{
    const PackFile *file = pack->scenarios->pdata[i];
    const json_t *titles = json_object_get(file->tree, "title");
    PackScenarioResult *result = g_new0(PackScenarioResult, 1);
    result->file = file->name;
    result->title_zh = pack_text(titles, "zh");
    result->title_en = pack_text(titles, "en");
    result->steps = g_array_new(FALSE, FALSE, sizeof(PackStep));
    g_array_set_clear_func(result->steps, step_clear);
    result->ok = TRUE;
    return result;
}

void pack_scenario_result_free(PackScenarioResult *result)
{
    if (!result) return;
    g_array_unref(result->steps);
    g_free(result);
}

gsize pack_scenarios(const Pack *pack)
{
    return pack->scenarios->len;
}

PackScenarioResult *pack_scenario_run(const Pack *pack, gsize i)
{
    const PackFile *file = pack->scenarios->pdata[i];
    PackScenarioResult *result = pack_scenario_named(pack, i);
    PackRun run = { .pack = pack, .file = file };
    run.row = g_new0(RuleValue, rule_schema_size(pack->schema));
    run.figures = pack_tally_new(pack);
    run.effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    run.notices = g_ptr_array_new_with_free_func(g_free);
    run.engines = g_ptr_array_new_with_free_func(g_free);
    run.fired = g_ptr_array_new_with_free_func(g_free);
    run.documents = g_ptr_array_new_with_free_func(g_free);
    run.signs = g_ptr_array_new_with_free_func(g_free);
    run.papers = json_object();
    run.versions = json_object();
    play(&run, result);
    run_free(&run);
    for (guint k = 0; k < result->steps->len; k++) {
        result->ok = result->ok && g_array_index(result->steps, PackStep, k).failures->len == 0;
    }
    return result;
}

gboolean pack_scenario_failures(const Pack *pack, gsize i, GPtrArray *lines)
{
    g_autoptr(PackScenarioResult) result = pack_scenario_run(pack, i);
    gboolean failed = FALSE; /* what comes after a step that failed fails with it, and teaches nothing */
    for (guint k = 0; k < result->steps->len && !failed; k++) {
        const GPtrArray *failures = g_array_index(result->steps, PackStep, k).failures;
        for (guint f = 0; f < failures->len; f++) {
            g_ptr_array_add(lines, g_strdup(failures->pdata[f]));
        }
        failed = failures->len > 0;
    }
    return result->ok;
}

gboolean pack_run_scenarios(const char *folder, GPtrArray *lines, GError **error)
{
    g_autoptr(Pack) pack = pack_load(folder, error);
    gboolean ok = pack != NULL;
    for (gsize i = 0; pack && i < pack_scenarios(pack); i++) {
        const PackFile *file = pack->scenarios->pdata[i];
        if (pack_scenario_failures(pack, i, lines)) {
            g_ptr_array_add(lines, g_strdup_printf("%s: ok", file->name));
        } else {
            ok = FALSE;
        }
    }
    return ok;
}
