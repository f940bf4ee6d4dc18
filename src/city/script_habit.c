/* script_habit.c - the habits of a script, each held against the chart: could this person do this there? */
#include "city/script_inside.h"
#include <string.h>

#define MOST_MINUTES 1e6

static void habit_clear(gpointer data)
{
    Habit *habit = data;
    g_free(habit->state);
    g_free(habit->event);
    g_free(habit->by);
    g_free(habit->sign);
    rule_free(habit->when);
    g_clear_pointer(&habit->with, g_array_unref);
}

GHashTable *script_habits_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
}

const Habit *script_habits(const Script *script, const char *state, gsize *n)
{
    const GArray *habits = g_hash_table_lookup(script->habits, state);
    *n = habits ? habits->len : 0;
    return habits ? (const Habit *)habits->data : NULL;
}

/* ---- could it be done ---- */

static gboolean lies_within(const FlowChart *chart, int state, int ancestor)
{
    while (state >= 0 && state != ancestor)
        state = flow_chart_state_parent(chart, state);
    return state == ancestor;
}

/* May the transition be taken while the case stands in the state? */
static gboolean leads_from(const FlowChart *chart, const FlowTransition *t, int state)
{
    return lies_within(chart, state, t->from) || lies_within(chart, t->from, state);
}

gboolean script_takes(const FlowTransition *t, const char *event)
{
    for (gsize i = 0; t->events && t->events[i]; i++) {
        gsize n = strlen(t->events[i]);
        if (n > 2 && g_str_has_suffix(t->events[i], ".*")) n -= 2;
        if (!strcmp(t->events[i], "*") ||
            (!strncmp(t->events[i], event, n) && (!event[n] || event[n] == '.')))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_brought(const Habit *habit, const char *field)
{
    for (guint i = 0; i < habit->with->len; i++)
        if (strcmp(g_array_index(habit->with, ScriptValue, i).name, field) == 0) return TRUE;
    return strcmp(field, "rating") == 0 && strcmp(habit->by, "resident") == 0;
}

/* The first field that the transition needs and nobody brings; NULL: all are there. */
static const char *lacking(const Habit *habit, const FlowTransition *t)
{
    for (gsize i = 0; t->needs && t->needs[i]; i++)
        if (!is_brought(habit, t->needs[i])) return t->needs[i];
    return NULL;
}

static gboolean can_be_done(const Reader *r, const Habit *habit, PackPlace at)
{
    const FlowChart *chart = pack_chart(r->pack);
    int state = flow_chart_state_find(chart, habit->state);
    const char *field = NULL;
    gboolean event = FALSE, role = FALSE;
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        if (!leads_from(chart, &t, state) || !script_takes(&t, habit->event)) continue;
        event = TRUE;
        if (!t.roles || !g_strv_contains(t.roles, habit->by)) continue;
        role = TRUE;
        const char *wanted = lacking(habit, &t);
        if (!wanted) return TRUE;
        if (!field) field = wanted;
    }
    return !event ? script_refuse(r, at, "no transition takes \"%s\" in %s; see procedure.yaml", habit->event,
                                  habit->state)
           : !role ? script_refuse(r, at, "\"%s\" is not for %s in %s; see `by` in procedure.yaml",
                                   habit->event, habit->by, habit->state)
                   : script_refuse(r, at, "\"%s\" needs %s; write it into `with`", habit->event, field);
}

/* ---- what it brings ---- */

static gboolean is_rating(const Habit *habit)
{
    return strcmp(habit->event, "rate") == 0 && strcmp(habit->by, "resident") == 0;
}

/* A rating goes the resident's own way: a level and words. */
static gboolean rating_fits(const Reader *r, const Habit *habit, PackPlace at)
{
    gboolean level = FALSE;
    for (guint i = 0; i < habit->with->len; i++) {
        const ScriptValue *v = &g_array_index(habit->with, ScriptValue, i);
        gboolean is_level = strcmp(v->name, "level") == 0, well = is_level || strcmp(v->name, "text") == 0;
        level |= is_level;
        for (guint k = 0; v->kind == SCRIPT_ONE && k < v->options->len; k++) {
            const json_t *value = g_array_index(v->options, ScriptOption, k).value;
            well = well && (is_level ? json_integer_value(value) >= 1 && json_integer_value(value) <= 5
                                     : json_is_string(value));
        }
        if (v->kind == SCRIPT_RANGE) well = is_level && v->from >= 1 && v->to <= 5;
        if (!well) return script_refuse(r, at, "a resident's rating brings level (1 to 5) and text");
    }
    return level || script_refuse(r, at, "a resident's rating brings a level; write {level: 5} into `with`");
}

static gboolean field_takes(const Reader *r, const char *field, json_t *value, PackPlace at)
{
    json_t *fields = json_pack("{s:o}", field, value), *open = NULL, *hidden = NULL;
    g_autoptr(GError) why = NULL;
    gboolean well = pack_take_fields(r->pack, fields, &open, &hidden, &why);
    json_decref(fields);
    json_decref(open);
    json_decref(hidden);
    return well || script_refuse(r, at, "%s", why->message);
}

static gboolean fields_fit(const Reader *r, const Habit *habit, const json_t *given)
{
    const json_t *with = json_object_get(given, "with");
    for (guint i = 0; i < habit->with->len; i++) {
        const ScriptValue *v = &g_array_index(habit->with, ScriptValue, i);
        PackPlace at = script_place(r, with, v->name);
        for (guint k = 0; k < v->options->len; k++)
            if (!field_takes(r, v->name, json_incref(g_array_index(v->options, ScriptOption, k).value), at))
                return FALSE;
        if (v->kind == SCRIPT_RANGE && (!field_takes(r, v->name, json_integer(v->from), at) ||
                                        !field_takes(r, v->name, json_integer(v->to), at)))
            return FALSE;
    }
    return TRUE;
}

/* ---- reading ---- */

static gboolean read_after(const Reader *r, const json_t *in, PackPlace at, Habit *out)
{
    const json_t *after = json_object_get(in, "after"), *least = json_array_get(after, 0),
                 *most = json_array_get(after, 1);
    out->least = json_number_value(least);
    out->most = json_number_value(most);
    return (json_array_size(after) == 2 && json_is_number(least) && json_is_number(most) && out->least >= 0 &&
            out->most >= out->least && out->most <= MOST_MINUTES) ||
           script_refuse(r, after ? script_place(r, in, "after") : at,
                         "after is [least, most] in minutes, like [0.5, 20]");
}

static gboolean read_when(const Reader *r, const json_t *in, PackPlace at, Habit *out)
{
    g_autofree char *when = NULL;
    if (!json_object_get(in, "when")) return TRUE;
    if (!script_take_text(r, in, "when", at, &when)) return FALSE;
    g_autoptr(GError) why = NULL;
    out->when = rule_parse(when, pack_schema(r->pack), &why);
    return out->when || script_refuse(r, script_place(r, in, "when"), "%s", why->message);
}

static const PackSigner *signer_of(const PackDocument *document, const char *id)
{
    for (gsize i = 0; i < document->n_signers; i++)
        if (strcmp(document->signers[i].id, id) == 0) return &document->signers[i];
    return NULL;
}

/* A signature on a document that waits for it. */
static gboolean read_sign(const Reader *r, const json_t *in, PackPlace at, Habit *out)
{
    if (!script_has_keys(r, in, at, "weight by sign after when") ||
        !script_take_text(r, in, "sign", at, &out->sign) || !read_after(r, in, at, out))
        return FALSE;
    const PackDocument *document = pack_document(r->pack, out->sign);
    if (!document)
        return script_refuse(r, script_place(r, in, "sign"), "%s has no document %s", pack_id(r->pack),
                             out->sign);
    if (!signer_of(document, out->by))
        return script_refuse(r, script_place(r, in, "by"), "%s is no signer of %s; see documents/%s.yaml",
                             out->by, out->sign, out->sign);
    const FlowChart *chart = pack_chart(r->pack);
    g_autofree char *event = g_strconcat("signed.", out->sign, NULL);
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        if (script_takes(&t, event) && leads_from(chart, &t, flow_chart_state_find(chart, out->state)))
            return TRUE;
    }
    return script_refuse(r, at, "nobody waits for the signatures of %s in %s; see procedure.yaml", out->sign,
                         out->state);
}

static gboolean read_habit(const Reader *r, const json_t *in, PackPlace at, Habit *out)
{
    out->with = script_list_of(sizeof(ScriptValue), script_value_clear);
    if (!script_has_keys(r, in, at, "weight by do sign after when with") ||
        !script_take_count(r, in, "weight", at, 1, &out->weight) ||
        !script_take_text(r, in, "by", at, &out->by) || !read_when(r, in, at, out))
        return FALSE;
    if (json_object_get(in, "sign")) return read_sign(r, in, at, out);
    if (!json_object_get(in, "do"))
        return (!json_object_get(in, "after") && !json_object_get(in, "with")) ||
               script_refuse(r, at,
                             "who does nothing does it after no time and with nothing; write `do` or `sign`");
    return script_take_text(r, in, "do", at, &out->event) && read_after(r, in, at, out) &&
           script_read_values(r, in, "with", FALSE, out->with) && can_be_done(r, out, at) &&
           (is_rating(out) ? rating_fits(r, out, at) : fields_fit(r, out, in));
}

static gboolean read_state(const Reader *r, const json_t *in, const char *state)
{
    const FlowChart *chart = pack_chart(r->pack);
    int found = flow_chart_state_find(chart, state);
    PackPlace at = pack_places_key(r->places, in, state);
    if (found < 0 || flow_chart_state_def(chart, found)->kind >= FLOW_STATE_FINAL)
        return script_refuse(r, at, "%s has no state \"%s\" in which a case could stand; see procedure.yaml",
                             pack_id(r->pack), state);
    if (!script_is_list(r, in, state, at)) return FALSE;
    GArray *habits = script_list_of(sizeof(Habit), habit_clear);
    g_hash_table_insert(r->script->habits, g_strdup(state), habits);
    const json_t *list = json_object_get(in, state);
    for (gsize i = 0; i < json_array_size(list); i++) {
        Habit habit = { .state = g_strdup(state) };
        gboolean well = read_habit(r, json_array_get(list, i), pack_places_item(r->places, list, i), &habit);
        g_array_append_val(habits, habit);
        if (!well) return FALSE;
    }
    return TRUE;
}

gboolean script_read_habits(const Reader *r, const json_t *root)
{
    const json_t *in = json_object_get(root, "habits");
    if (json_object_size(in) == 0)
        return script_refuse(r, (PackPlace){ 1, 1 }, "habits are wanted here, by state");
    const char *state;
    json_t *list;
    json_object_foreach((json_t *)in, state, list) if (!read_state(r, in, state)) return FALSE;
    return TRUE;
}
