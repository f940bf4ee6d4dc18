/* weave.c - the pieces of traits are put into a pack's trees.
 *
 * What the pack wrote itself under the same id stays. Every made node remembers the place of the trait's
 * line, so that a refusal about it points there. Lines that traits change (a condition more, an action more)
 * are changed after all traits have added theirs: the order of traits does not matter for them. */
#include "pack/traits.h"
#include <string.h>

/* ---- trees ---- */

static json_t *copy_of(PackWeave *w, const char *name)
{
    const PackFile *file = pack_file_find(w->files, name);
    if (!file) return NULL;
    json_t *copy = json_deep_copy(file->tree);
    if (file->places) pack_places_copy(file->places, file->tree, copy);
    json_object_set_new(w->trees, name, copy);
    return copy;
}

static json_t *list_in(PackWeave *w, const char *name, const char *key)
{
    json_t *tree = json_object_get(w->trees, name);
    if (!tree) tree = copy_of(w, name);
    if (!tree) json_object_set_new(w->trees, name, tree = json_object());
    json_t *list = json_object_get(tree, key);
    if (!list)
        json_object_set_new(tree, key, list = strcmp(key, "events") == 0 ? json_object() : json_array());
    return list;
}

void pack_weave_begin(PackWeave *w)
{
    w->trees = json_object();
    w->outside = g_ptr_array_new_with_free_func(g_free);
    w->states = list_in(w, "procedure.yaml", "states");
    w->events = list_in(w, "procedure.yaml", "events");
    w->transitions = list_in(w, "procedure.yaml", "transitions");
    w->clocks = list_in(w, "clocks.yaml", "clocks");
    w->fields = list_in(w, "types.yaml", "fields");
    json_object_del(json_object_get(w->trees, "procedure.yaml"), "traits");
}

static PackPlace place_of(const PackTrait *t)
{
    return pack_places_item(t->file->places, t->traits, t->index);
}

static void append(const PackTrait *t, const char *file, json_t *list, json_t *item)
{
    const PackFile *of = pack_file_find(t->weave->files, file);
    json_array_append(list, item);
    if (!of) of = t->file; /* a file that only traits make */
    if (of->places) pack_places_put_item(of->places, list, json_array_size(list) - 1, item, place_of(t));
}

static json_t *find(const json_t *list, const char *id)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        if (g_strcmp0(pack_text(item, "id"), id) == 0) return item;
    }
    return NULL;
}

/* The list that holds the state: the top one, or the children of a state within it. */
static json_t *list_with(json_t *states, const char *id)
{
    if (find(states, id)) return states;
    for (gsize i = 0; i < json_array_size(states); i++) {
        json_t *found = list_with(json_object_get(json_array_get(states, i), "states"), id);
        if (found) return found;
    }
    return NULL;
}

/* ---- what is added ---- */

static void add_state(PackTrait *t, json_t *piece)
{
    const char *id = pack_text(piece, "id"), *beside = pack_text(piece, "beside");
    json_t *list = beside ? list_with(t->weave->states, beside) : NULL;
    if (json_is_true(json_object_get(piece, "outside"))) g_ptr_array_add(t->weave->outside, g_strdup(id));
    json_object_del(piece, "outside");
    if (!list_with(t->weave->states, id)) append(t, "procedure.yaml", list ? list : t->weave->states, piece);
    json_object_del(piece, "beside");
}

static void add_field(PackTrait *t, json_t *piece)
{
    if (!find(t->weave->fields, pack_text(piece, "id"))) append(t, "types.yaml", t->weave->fields, piece);
}

static void add_clock(PackTrait *t, json_t *piece)
{
    if (!find(t->weave->clocks, pack_text(piece, "id"))) append(t, "clocks.yaml", t->weave->clocks, piece);
}

static void add_plan(PackTrait *t, json_t *piece)
{
    json_t *plans = list_in(t->weave, "plans.yaml", "plans");
    if (!find(plans, pack_text(piece, "id"))) append(t, "plans.yaml", plans, piece);
}

static void add_event(PackTrait *t, json_t *piece)
{
    g_autofree char *id = g_strdup(pack_text(piece, "id"));
    json_object_del(piece, "id");
    if (json_object_get(t->weave->events, id)) return;
    json_object_set(t->weave->events, id, piece);
    pack_places_put_key(t->file->places, t->weave->events, id, place_of(t));
}

static void add_line(PackTrait *t, json_t *piece)
{
    append(t, "procedure.yaml", t->weave->transitions,
           json_is_object(piece) ? json_object_get(piece, "line") : piece);
}

static void add_extension(PackTrait *t, json_t *piece)
{
    json_t *clock = find(t->weave->clocks, pack_text(piece, "clock"));
    if (!clock) {
        pack_refuse_unknown(t->refusals, PACK_RULE(known, clock), PACK_AT_ITEM(t->file, t->traits, t->index),
                            pack_text(piece, "clock"), pack_known_in(t->weave->clocks),
                            "trait %s: no clock '%s' in clocks.yaml", t->name, pack_text(piece, "clock"));
        return;
    }
    if (json_object_get(clock, "extend")) return;
    const gint64 times = g_ascii_strtoll(pack_text(piece, "max"), NULL, 10);
    json_object_set_new(clock, "extend",
                        json_pack("{s:I, s:s}", "max", (json_int_t)times, "by", pack_text(piece, "by")));
}

static void add_run_in(PackTrait *t, json_t *piece)
{
    const char *like = pack_text(piece, "like"), *state = pack_text(piece, "add");
    for (gsize i = 0; i < json_array_size(t->weave->clocks); i++) {
        json_t *clock = json_array_get(t->weave->clocks, i), *run_in = json_object_get(clock, "run_in");
        gboolean wanted = !like && g_strcmp0(pack_text(clock, "for"), "resident") == 0;
        for (gsize k = 0; like && k < json_array_size(run_in); k++)
            wanted |= g_strcmp0(json_string_value(json_array_get(run_in, k)), like) == 0;
        if (run_in && wanted) json_array_append_new(run_in, json_string(state));
    }
}

/* ---- rungs, each with its notice ---- */

static json_t *notice_of(const json_t *clock, gint64 percent, const char *to)
{
    g_autofree char *id = g_strdup_printf("%s_%" G_GINT64_FORMAT, pack_text(clock, "id"), percent);
    g_autofree char *zh =
        g_strdup_printf("{number}：“%s”时限已用 %" G_GINT64_FORMAT "%%。", pack_text(clock, "zh"), percent);
    g_autofree char *en = g_strdup_printf("{number}: %" G_GINT64_FORMAT " %% of the time for \"%s\" is used.",
                                          percent, pack_text(clock, "en"));
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "channel",
                     strcmp(to, "resident") == 0 ? "sms" : "console", "receiver", to, "zh", zh, "en", en);
}

static void add_rung(PackTrait *t, json_t *clock, json_t *rungs, gint64 percent, const char *to)
{
    json_t *notices = list_in(t->weave, "notices.yaml", "notices"), *notice = notice_of(clock, percent, to);
    const char *id = pack_text(notice, "id");
    json_array_append_new(rungs, json_pack("{s:I, s:s}", "at", (json_int_t)percent, "notice", id));
    if (!find(notices, id)) append(t, "notices.yaml", notices, notice);
    json_decref(notice);
}

static void add_rungs(PackTrait *t, json_t *piece)
{
    const gsize n = pack_trait_values(t, "at");
    if (pack_trait_values(t, "to") != n) {
        pack_refuse(t->refusals, PACK_RULE(trait, setting), PACK_AT_ITEM(t->file, t->traits, t->index),
                    "trait %s: 'at' and 'to' are equally long; each rung tells one role", t->name);
        return;
    }
    for (gsize k = 0; k < pack_trait_values(t, "clock"); k++) {
        g_autofree char *id = pack_trait_nth(t, "clock", k);
        json_t *clock = find(t->weave->clocks, id), *rungs = json_array();
        for (gsize i = 0; clock && i < n; i++) {
            g_autofree char *at = pack_trait_nth(t, "at", i), *to = pack_trait_nth(t, "to", i);
            add_rung(t, clock, rungs, g_ascii_strtoll(at, NULL, 10), to);
        }
        if (!clock)
            pack_refuse_unknown(
                t->refusals, PACK_RULE(known, clock), PACK_AT_ITEM(t->file, t->traits, t->index), id,
                pack_known_in(t->weave->clocks), "trait %s: no clock '%s' in clocks.yaml", t->name, id);
        else if (!json_object_get(clock, "rungs"))
            json_object_set(clock, "rungs", rungs);
        json_decref(rungs);
    }
}

/* ---- lines that are changed ---- */

typedef struct {
    const char *event, *event_end; /* "e|f" */
    const char *guard, *guard_end; /* between the brackets; NULL: none */
    const char *actions;           /* at the stroke; NULL: none */
} Anatomy;

static const char *closing(const char *at, char sign)
{
    char quote = 0;
    for (; *at && (quote || *at != sign); at++)
        if (quote ? *at == quote : *at == '\'' || *at == '"') quote = (char)(quote ? 0 : *at);
    return *at ? at : NULL;
}

/* FALSE: not a line; the chart will say so. */
static gboolean anatomy(const char *line, Anatomy *out)
{
    const char *colon = strchr(line, ':');
    if (!colon) return FALSE;
    *out = (Anatomy){ .event = colon + 1 + strspn(colon + 1, " ") };
    out->event_end = out->event + strcspn(out->event, " [/");
    const char *at = out->event_end + strspn(out->event_end, " ");
    if (*at == '[') {
        out->guard = at + 1;
        out->guard_end = closing(at + 1, ']');
        if (!out->guard_end) return FALSE;
        at = out->guard_end + 1;
    }
    out->actions = strchr(at, '/');
    return TRUE;
}

static gboolean of_event(const Anatomy *a, const char *event)
{
    g_autofree char *all = g_strndup(a->event, (gsize)(a->event_end - a->event));
    g_auto(GStrv) each = g_strsplit(all, "|", -1);
    return g_strv_contains((const char *const *)each, event);
}

/* "in(...)" terms stand first and are joined by AND; the rest is put in brackets. */
static char *joined(const char *guard, const char *more)
{
    if (!guard) return g_strdup(more);
    const char *at = guard;
    while (g_str_has_prefix(at, "in(") || g_str_has_prefix(at, "not in(")) {
        at = strchr(at, ')');
        if (!at || !*(at + 1)) return g_strdup_printf("%s AND %s", guard, more);
        at += 1 + strspn(at + 1, " ");
        if (g_ascii_strncasecmp(at, "AND ", 4) == 0) at += 4;
    }
    return g_strdup_printf("%.*s(%s) AND (%s)", (int)(at - guard), guard, at, more);
}

static char *with_guard(const char *line, const Anatomy *a, const char *more)
{
    g_autofree char *guard = a->guard ? g_strndup(a->guard, (gsize)(a->guard_end - a->guard)) : NULL;
    g_autofree char *all = joined(guard, more);
    return g_strdup_printf("%.*s [%s]%s", (int)(a->event_end - line), line, all,
                           a->guard ? a->guard_end + 1 : a->event_end);
}

static char *with_action(const char *line, const Anatomy *a, const char *action)
{
    return g_strdup_printf("%s%s%s", line, a->actions ? ", " : " / ", action);
}

typedef char *(*Change)(const char *line, const Anatomy *a, const char *with);

static void change_lines(PackTrait *t, const char *event, Change change, const char *with)
{
    gboolean any = FALSE;
    for (gsize i = 0; i < json_array_size(t->weave->transitions); i++) {
        json_t *item = json_array_get(t->weave->transitions, i);
        Anatomy a;
        if (!json_is_string(item) || !anatomy(json_string_value(item), &a) || !of_event(&a, event)) continue;
        g_autofree char *changed = change(json_string_value(item), &a, with);
        json_string_set(item, changed);
        any = TRUE;
    }
    if (!any)
        pack_refuse(t->refusals, PACK_RULE(trait, event), PACK_AT_ITEM(t->file, t->traits, t->index),
                    "trait %s: no transition of event '%s'; write one", t->name, event);
}

static void add_guard(PackTrait *t, json_t *piece)
{
    change_lines(t, pack_text(piece, "event"), with_guard, pack_text(piece, "and"));
}

static void add_act(PackTrait *t, json_t *piece)
{
    change_lines(t, pack_text(piece, "event"), with_action, pack_text(piece, "do"));
}

/* ---- k different persons ---- */

#define MAX_PERSONS 9

/* "nobody of the first k did it before" */
static char *fresh_person(const char *event, int k)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "coalesce(%s_seen, 0) = %d", event, k);
    for (int i = 1; i <= k; i++)
        g_string_append_printf(out, " AND actor <> %s_by_%d", event, i);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* "s -> t : e ..." also as "s -> - : e ..." for each person before the last. */
static void add_seeing(PackTrait *t, const char *line, const char *event, int k)
{
    const char *arrow = strstr(line, "->"), *colon = strchr(line, ':');
    g_autofree char *stays = g_strdup_printf("%.*s-> - %s", (int)(arrow - line), line, colon);
    Anatomy a;
    if (!anatomy(stays, &a)) return;
    g_autofree char *fresh = fresh_person(event, k), *guarded = with_guard(stays, &a, fresh);
    if (!anatomy(guarded, &a)) return;
    const char *stroke = a.actions;
    g_autofree char *seen = g_strdup_printf("%.*s / set(%s_by_%d, actor), set(%s_seen, %d)",
                                            (int)(stroke ? stroke - guarded : (glong)strlen(guarded)),
                                            guarded, event, k + 1, event, k + 1);
    json_t *piece = json_string(seen);
    append(t, "procedure.yaml", t->weave->transitions, piece);
    json_decref(piece);
}

static void add_person_field(PackTrait *t, const char *event, int k)
{
    g_autofree char *id = k ? g_strdup_printf("%s_by_%d", event, k) : g_strdup_printf("%s_seen", event);
    json_t *field = k ? json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "id", id, "zh", "复核人", "en", "Seen by",
                                  "type", "text", "class", "open", "max", 64)
                      : json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "zh", "已复核人数", "en",
                                  "Persons who saw it", "type", "int", "class", "open");
    add_field(t, field);
    json_decref(field);
}

static void add_persons(PackTrait *t, json_t *piece)
{
    const char *event = pack_text(piece, "event");
    const int persons = (int)g_ascii_strtoll(pack_text(piece, "persons"), NULL, 10);
    if (persons < 1 || persons > MAX_PERSONS) {
        pack_refuse(t->refusals, PACK_RULE(trait, setting), PACK_AT_VALUE(t->file, t->item, "persons"),
                    "trait %s: from 1 to %d persons", t->name, MAX_PERSONS);
        return;
    }
    if (persons == 1) return;
    const gsize n = json_array_size(t->weave->transitions);
    for (gsize i = 0; i < n; i++) {
        const char *line = json_string_value(json_array_get(t->weave->transitions, i));
        Anatomy a;
        if (!line || !anatomy(line, &a) || !of_event(&a, event) || !strstr(line, "->")) continue;
        for (int k = 0; k < persons - 1; k++)
            add_seeing(t, line, event, k);
    }
    g_autofree char *last = fresh_person(event, persons - 1);
    for (gsize i = 0; i < n; i++) {
        json_t *item = json_array_get(t->weave->transitions, i);
        Anatomy a;
        if (!json_is_string(item) || !anatomy(json_string_value(item), &a) || !of_event(&a, event)) continue;
        g_autofree char *changed = with_guard(json_string_value(item), &a, last);
        json_string_set(item, changed);
    }
    for (int k = 0; k < persons; k++)
        add_person_field(t, event, k);
    g_autofree char *after = pack_trait_value(t, "after"), *anew = g_strdup_printf("set(%s_seen, 0)", event);
    change_lines(t, after, with_action, anew); /* what is done anew is looked at anew */
}

/* ---- one trait, and the whole ---- */

static const struct {
    const char *key;
    PackPiece take;
    gboolean later; /* changes what all traits have added */
} parts[] = {
    { "states", add_state, FALSE },    { "fields", add_field, FALSE }, { "events", add_event, FALSE },
    { "clocks", add_clock, FALSE },    { "plans", add_plan, FALSE },   { "transitions", add_line, FALSE },
    { "extend", add_extension, TRUE }, { "rungs", add_rungs, TRUE },   { "run_in", add_run_in, TRUE },
    { "act", add_act, TRUE },          { "guard", add_guard, TRUE },   { "seen_by", add_persons, TRUE },
};

void pack_weave(PackTrait *t, gboolean later)
{
    const json_t *adds = json_object_get(t->template, "adds");
    const char *wrap = pack_text(t->template, "wrap");
    if (wrap && (strcmp(wrap, "always") == 0 || pack_trait_values(t, wrap) > 1)) t->weave->wrap = TRUE;
    for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
        const json_t *items = parts[p].later == later ? json_object_get(adds, parts[p].key) : NULL;
        for (gsize i = 0; i < json_array_size(items); i++)
            pack_trait_pieces(t, json_array_get(items, i), parts[p].take);
    }
}

static gboolean is_outside(const PackWeave *w, const json_t *state)
{
    return json_is_true(json_object_get(state, "final")) ||
           g_ptr_array_find_with_equal_func(w->outside, pack_text(state, "id"), g_str_equal, NULL);
}

/* The open states become children of one, which remembers. */
static void wrap(PackWeave *w)
{
    json_t *inner = json_array(), *outer = json_array();
    const PackFile *file = w->procedure;
    for (gsize i = 0; i < json_array_size(w->states); i++) {
        json_t *state = json_array_get(w->states, i), *list = is_outside(w, state) ? outer : inner;
        json_array_append(list, state);
        if (file->places)
            pack_places_put_item(file->places, list, json_array_size(list) - 1, NULL,
                                 pack_places_item(file->places, w->states, i));
    }
    json_array_append_new(inner, json_pack("{s:s, s:s, s:s, s:s}", "id", PACK_OPEN_MEMORY, "zh", "原环节",
                                           "en", "Where it was", "history", "deep"));
    json_t *open =
        json_pack("{s:s, s:s, s:s, s:o}", "id", PACK_OPEN_STATE, "zh", "在办", "en", "Open", "states", inner);
    json_array_insert_new(outer, 0, open);
    for (gsize i = json_array_size(outer); file->places && i-- > 1;)
        pack_places_put_item(file->places, outer, i, NULL, pack_places_item(file->places, outer, i - 1));
    json_object_set_new(json_object_get(w->trees, "procedure.yaml"), "states", outer);
}

json_t *pack_weave_end(PackWeave *w)
{
    if (w->wrap && !list_with(w->states, PACK_OPEN_STATE)) wrap(w);
    g_ptr_array_unref(w->outside);
    return w->trees;
}
