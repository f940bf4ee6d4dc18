/* procedure.c - procedure.yaml: states within states, tasks, transitions, and what only the whole chart
 * shows. */
#include "pack/inside.h"
#include <string.h>

/* ---- states, tasks ---- */
static FlowStateKind kind_of(const json_t *item)
{
    const char *history = pack_text(item, "history");
    if (history) return strcmp(history, "deep") == 0 ? FLOW_STATE_DEEP : FLOW_STATE_SHALLOW;
    if (json_is_true(json_object_get(item, "final"))) return FLOW_STATE_FINAL;
    return json_is_true(json_object_get(item, "parallel")) ? FLOW_STATE_PARALLEL : FLOW_STATE_PLAIN;
}

static gboolean one_kind(const json_t *item)
{
    return (json_object_get(item, "history") != NULL) + json_is_true(json_object_get(item, "final")) +
               json_is_true(json_object_get(item, "parallel")) <=
           1;
}

static void compile_states(PackMaking *m, const PackFile *file, const json_t *states, const char *parent)
{
    for (gsize i = 0; i < json_array_size(states); i++) {
        const json_t *item = json_array_get(states, i), *within = json_object_get(item, "states");
        const FlowStateDef def = { .id = pack_text(item, "id"),
                                   .parent = parent,
                                   .kind = kind_of(item),
                                   .initial = pack_text(item, "initial"),
                                   .suspended = json_is_true(json_object_get(item, "suspended")) };
        g_autoptr(GError) error = NULL;
        if (!one_kind(item)) {
            pack_refuse(m->refusals, PACK_RULE(flow, kind), PACK_AT_ITEM(file, states, i),
                        "state '%s' is more than one of final, parallel and history; choose one", def.id);
        } else if (within && (def.kind == FLOW_STATE_FINAL || def.kind > FLOW_STATE_FINAL)) {
            pack_refuse(m->refusals, PACK_RULE(flow, kind), PACK_AT_KEY(file, item, "states"),
                        "a final or history state holds no others; move them out");
        } else if (!flow_chart_state(m->pack->chart, &def, &error)) {
            pack_refuse(m->refusals, PACK_RULE(flow, state), PACK_AT_ITEM(file, states, i), "%s",
                        error->message);
        } else {
            compile_states(m, file, within, def.id);
        }
    }
}

static gboolean known_role(PackMaking *m, PackSpot spot, const char *role)
{
    if (g_hash_table_contains(m->roles, role)) {
        return TRUE;
    }
    pack_refuse_unknown(m->refusals, PACK_RULE(known, role), spot, role, pack_known_keys(m->roles),
                        "role '%s' is not among the roles of pack.yaml, so nobody could do this", role);
    return FALSE;
}

static void compile_tasks(PackMaking *m, const PackFile *file)
{
    for (gsize i = 0; i < json_array_size(m->pack->tasks); i++) {
        const json_t *item = json_array_get(m->pack->tasks, i);
        g_autoptr(GError) error = NULL;
        known_role(m, PACK_AT_VALUE(file, item, "role"), pack_text(item, "role"));
        if (!flow_chart_task(m->pack->chart, pack_text(item, "id"), pack_text(item, "role"), &error)) {
            pack_refuse(m->refusals, PACK_RULE(flow, task), PACK_AT_ITEM(file, m->pack->tasks, i), "%s",
                        error->message);
        }
    }
}

/* ---- transitions ---- */
static void sound_action(PackMaking *m, PackSpot spot, const FlowEffect *action)
{
    static const char *const calls[] = { "dispatch.nearest", "dispatch.release", NULL };
    if (action->kind == FLOW_DO_NOTICE && !pack_notice(m->pack, action->text)) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, notice), spot, action->text,
                            pack_known_in(json_object_get(pack_tree(m, "notices.yaml", NULL), "notices")),
                            "no notice '%s' in notices.yaml", action->text);
    } else if (action->kind == FLOW_DO_ASSIGN && !pack_decision(m->pack, action->text)) {
        pack_refuse(m->refusals, PACK_RULE(known, decision), spot, "no decision '%s'; add decisions/%s.yaml",
                    action->text, action->text);
    } else if (action->kind == FLOW_DO_ENGINE) {
        g_autofree char *call = g_strdup_printf("%s.%s", action->text, action->text2);
        if (!g_strv_contains(calls, call)) {
            pack_refuse(m->refusals, PACK_RULE(known, call), spot,
                        "no engine call %s; known: engine(dispatch, nearest), engine(dispatch, release)",
                        call);
        }
    } else if (action->kind == FLOW_DO_DOCUMENT || action->kind == FLOW_DO_SIGN) {
        pack_document_action(m, spot, action);
    } else if (action->kind == FLOW_DO_CHILD) {
        pack_mention(m->pack->children, spot, action->text, action->text2);
    } else if (action->kind == FLOW_DO_REGISTER) {
        pack_register_action(m, spot, action);
    } else if (action->kind == FLOW_DO_LINK) {
        pack_refuse(m->refusals, PACK_RULE(flow, action), spot,
                    "no such thing in this pack: %s; leave it out", action->text);
    } else if (action->kind == FLOW_DO_SET) {
        const char *id = rule_schema_name(m->pack->schema, action->index);
        if (!pack_field(m->pack, id)) {
            pack_refuse(m->refusals, PACK_RULE(flow, set), spot,
                        "'%s' is a fact, not a field; only fields can be set", id);
        }
    }
}

static void sound_rate(PackMaking *m, PackSpot spot)
{
    const PackField *rating = pack_field(m->pack, "rating"), *text = pack_field(m->pack, "rating_text");
    if (!rating || !text || text->klass != PACK_PRIVATE || !m->pack->rating_window) {
        pack_refuse(m->refusals, PACK_RULE(flow, rate), spot,
                    "nothing to rate with; `rate` needs the fields rating (open int 1..5) and rating_text "
                    "(private text) and a "
                    "clock 'rating' "
                    "with on_expiry: rate_lapsed");
    }
}

static void sound_actions(PackMaking *m, PackSpot spot, const FlowEffect *actions, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        sound_action(m, spot, &actions[i]);
        if (actions[i].kind == FLOW_DO_RATE) {
            sound_rate(m, spot);
        }
    }
}

/* Events of the engine's own, and descriptors that take any, need no words. */
static gboolean needs_title(const char *event)
{
    return !g_str_has_prefix(event, "done.state.") && !g_str_has_prefix(event, "error.") &&
           !g_str_has_suffix(event, "*");
}

static void sound_transition(PackMaking *m, PackSpot spot, const FlowTransition *t)
{
    for (const char *const *event = t->events; event && *event; event++) {
        if (needs_title(*event) && !json_object_get(m->pack->events, *event) &&
            !json_object_get(m->pack->signings, *event)) {
            pack_refuse(m->refusals, PACK_RULE(flow, untitled), spot,
                        "event '%s' has no title; add it under events:", *event);
        }
    }
    for (const char *const *role = t->roles; role && *role; role++) {
        known_role(m, spot, *role);
    }
    for (const char *const *need = t->needs; need && *need; need++) {
        if (!pack_field(m->pack, *need)) {
            pack_refuse_unknown(m->refusals, PACK_RULE(known, field), spot, *need,
                                pack_known_keys(m->pack->field_by_id),
                                "needs(%s): no such field in types.yaml", *need);
        }
    }
    if (t->form && !pack_form(m->pack, t->form)) {
        pack_refuse(m->refusals, PACK_RULE(known, form), spot, "no form '%s'; add forms/%s.json", t->form,
                    t->form);
    }
    sound_actions(m, spot, t->actions, t->n_actions);
}

/* The parts of a line that are conditions: [guard] and set(field, expression). */
static gboolean sound_guard(PackMaking *m, PackSpot spot, const char *line)
{
    const char *open = strchr(line, '['), *close = strrchr(line, ']');
    g_autofree char *guard = open && close > open ? g_strndup(open + 1, close - open - 1) : NULL;
    const char *set = strstr(close ? close : line, "set(");
    return (!guard || pack_names_open_only(m, spot, guard)) && (!set || pack_names_open_only(m, spot, set));
}

static void compile_transition(PackMaking *m, const PackFile *file, const json_t *lines, gsize i,
                               GArray *line_of)
{
    const PackSpot spot = PACK_AT_ITEM(file, lines, i);
    const char *line = json_string_value(json_array_get(lines, i));
    const gsize before = flow_chart_transitions(m->pack->chart);
    g_autoptr(GError) error = NULL;
    if (!sound_guard(m, spot, line)) {
        return;
    }
    if (!flow_chart_transition(m->pack->chart, line, &error)) {
        pack_refuse(m->refusals, PACK_RULE(flow, line), spot, "%s", error->message);
    } else if (flow_chart_transitions(m->pack->chart) > before) {
        const FlowTransition t =
            flow_chart_transition_at(m->pack->chart, before); /* its twins differ in `from` only */
        sound_transition(m, spot, &t);
    }
    while (line_of->len < flow_chart_transitions(m->pack->chart))
        g_array_append_val(line_of, i);
}

/* What is done on entering, leaving and beginning states: on_entry, on_exit, on_initial. */
static void compile_on(PackMaking *m, const PackFile *file, const json_t *states)
{
    static const char *const keys[] = { "on_entry", "on_exit", "on_initial" };
    for (gsize i = 0; i < json_array_size(states); i++) {
        const json_t *item = json_array_get(states, i);
        for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
            const char *actions = pack_text(item, keys[k]);
            const PackSpot spot = PACK_AT_VALUE(file, item, keys[k]);
            g_autoptr(GError) error = NULL;
            if (!actions || !pack_names_open_only(m, spot, actions)) continue;
            if (!flow_chart_on(m->pack->chart, pack_text(item, "id"), (FlowOn)k, actions, &error)) {
                pack_refuse(m->refusals, PACK_RULE(flow, line), spot, "%s", error->message);
                continue;
            }
            gsize n;
            const int state = flow_chart_state_find(m->pack->chart, pack_text(item, "id"));
            const FlowEffect *effects = flow_chart_on_actions(m->pack->chart, state, (FlowOn)k, &n);
            sound_actions(m, spot, effects, n);
        }
        compile_on(m, file, json_object_get(item, "states"));
    }
}

static gboolean event_used(const FlowChart *chart, const char *event)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        if (g_strv_contains(flow_chart_transition_at(chart, i).events, event)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean starts(const FlowEffect *actions, gsize n, int clock)
{
    for (gsize i = 0; i < n; i++) {
        if (actions[i].kind == FLOW_DO_CLOCK && actions[i].index == clock &&
            actions[i].clock_deed == FLOW_CLOCK_START) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean clock_started(const FlowChart *chart, int clock)
{
    gboolean started = flow_chart_clock_def(chart, clock)->task != NULL;
    for (gsize i = 0; !started && i < flow_chart_transitions(chart); i++) {
        const FlowTransition t = flow_chart_transition_at(chart, i);
        started = starts(t.actions, t.n_actions, clock);
    }
    for (int s = 0; !started && s < flow_chart_states(chart); s++) {
        for (int on = FLOW_ON_ENTRY; !started && on <= FLOW_ON_INITIAL; on++) {
            gsize n;
            const FlowEffect *actions = flow_chart_on_actions(chart, s, (FlowOn)on, &n);
            started = starts(actions, n, clock);
        }
    }
    return started;
}

static gboolean role_moves(const FlowChart *chart, const char *role)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        if (g_strv_contains(flow_chart_transition_at(chart, i).roles, role)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whoever is given a task must be able to do something in the case. */
static void tasks_can_be_done(PackMaking *m, const PackFile *file)
{
    for (gsize i = 0; i < json_array_size(m->pack->tasks); i++) {
        const json_t *item = json_array_get(m->pack->tasks, i);
        if (!role_moves(m->pack->chart, pack_text(item, "role"))) {
            pack_refuse(
                m->refusals, PACK_RULE(role, idle), PACK_AT_VALUE(file, item, "role"),
                "role '%s' has this task, but no transition is by it, so it could never be done; write "
                "one, or give the task to another role",
                pack_text(item, "role"));
        }
    }
}

static void sound_use(PackMaking *m, const PackFile *file)
{
    const char *event;
    json_t *titles;
    json_object_foreach((json_t *)m->pack->events, event, titles)
    {
        if (!event_used(m->pack->chart, event)) {
            pack_refuse(m->refusals, PACK_RULE(flow, event_unused), PACK_AT_KEY(file, m->pack->events, event),
                        "event '%s' moves nothing; remove it or write its transition", event);
        }
    }
    tasks_can_be_done(m, file);
    const PackFile *clocks = pack_file_find(m->files, "clocks.yaml");
    for (int i = 0; i < flow_chart_clocks(m->pack->chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(m->pack->chart, i);
        if (!clock_started(m->pack->chart, i)) {
            pack_refuse(m->refusals, PACK_RULE(clock, never_started),
                        PACK_AT_ITEM(clocks, m->pack->clocks, (gsize)i),
                        "clock '%s' is never started; add start(%s) to a transition", def->id, def->id);
        }
        if (def->on_expiry && !event_used(m->pack->chart, def->on_expiry)) {
            pack_refuse(m->refusals, PACK_RULE(clock, expiry),
                        PACK_AT_ITEM(clocks, m->pack->clocks, (gsize)i),
                        "on_expiry: '%s' moves nothing; write its transition by system", def->on_expiry);
        }
    }
}

/* The rule that the whole chart breaks. */
static const PackRule *rule_of(const GError *error)
{
    return g_error_matches(error, FLOW_ERROR, FLOW_ERROR_UNREACHED)   ? PACK_RULE(flow, unreached)
           : g_error_matches(error, FLOW_ERROR, FLOW_ERROR_STUCK)     ? PACK_RULE(flow, stuck)
           : g_error_matches(error, FLOW_ERROR, FLOW_ERROR_UNCLOCKED) ? PACK_RULE(flow, unclocked)
           : g_error_matches(error, FLOW_ERROR, FLOW_ERROR_UNAWAITED) ? PACK_RULE(flow, unawaited)
           : g_error_matches(error, FLOW_ERROR, FLOW_ERROR_CIRCLE)    ? PACK_RULE(flow, circle)
           : g_error_matches(error, FLOW_ERROR, FLOW_ERROR_SHADOWED)  ? PACK_RULE(flow, shadowed)
                                                                      : PACK_RULE(flow, nesting);
}

/* Where a state stands, at the top or within another. */
static gboolean spot_of_state(const PackFile *file, const json_t *states, const char *id, PackSpot *spot)
{
    for (gsize i = 0; i < json_array_size(states); i++) {
        const json_t *item = json_array_get(states, i);
        if (strcmp(pack_text(item, "id"), id) == 0) {
            *spot = PACK_AT_ITEM(file, states, i);
            return TRUE;
        }
        if (spot_of_state(file, json_object_get(item, "states"), id, spot)) {
            return TRUE;
        }
    }
    return FALSE;
}

static PackSpot blamed(PackMaking *m, const PackFile *file, const json_t *lines, const GArray *line_of)
{
    const FlowBlame blame = flow_chart_blame(m->pack->chart);
    PackSpot spot = PACK_AT_KEY(file, file->tree, "transitions");
    if (blame.transition >= 0) {
        return PACK_AT_ITEM(file, lines, g_array_index(line_of, gsize, blame.transition));
    }
    if (blame.clock >= 0) {
        return PACK_AT_ITEM(pack_file_find(m->files, "clocks.yaml"), m->pack->clocks, (gsize)blame.clock);
    }
    if (blame.state >= 0) {
        spot_of_state(file, m->pack->states, flow_chart_state_id(m->pack->chart, blame.state), &spot);
    }
    return spot;
}

static void compile_transitions(PackMaking *m, const PackFile *file, const json_t *lines)
{
    const guint before = m->refusals->texts->len;
    g_autoptr(GArray) line_of = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < json_array_size(lines); i++) {
        compile_transition(m, file, lines, i, line_of);
    }
    if (m->refusals->texts->len > before) {
        return; /* what the whole chart lacks would only echo the lines that are missing */
    }
    sound_use(m, file);
    pack_documents_used(m);
    if (!flow_chart_seal(m->pack->chart, &error)) {
        pack_refuse(m->refusals, rule_of(error), blamed(m, file, lines, line_of), "%s", error->message);
        return;
    }
    pack_guards_sound(m, file, lines, line_of);
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
    compile_states(m, file, m->pack->states, NULL);
    compile_tasks(m, file);
    pack_compile_clocks(m);
    if (m->refusals->texts->len == before) {
        compile_on(m, file, m->pack->states);
        compile_transitions(m, file, json_object_get(tree, "transitions"));
    }
}
