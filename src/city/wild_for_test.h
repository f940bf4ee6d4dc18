/* wild_for_test.h - random services: packs drawn piece by piece as canonical text, with states within states,
 * regions, history, entry and exit actions, tasks, clocks and ratings; taken when pack/ takes them.
 *
 * What all of them have, so that the eight laws can be asked of them: a case begins at "new", is worked on
 * within "work" (compound or parallel), may be held on a ground for a time, and ends through "asking", where
 * the resident is asked; the clock "whole" is the resident's and runs from arrival to end. */
#pragma once
#include "base/chance.h"
#include "pack/pack.h"
#include <string.h>

typedef struct {
    BaseChance *chance;
    GPtrArray *inside; /* ids of the states within "work", histories included */
    GPtrArray *lines;  /* extra ones, which may be left out */
    int n;
} Wild;

static inline int wild_below(const Wild *w, int n)
{
    return (int)base_chance_below(w->chance, (guint64)n);
}

static inline gboolean wild_often(const Wild *w, int percent)
{
    return wild_below(w, 100) < percent;
}

#define WILD_ONE(w, list) list[wild_below(w, (int)G_N_ELEMENTS(list))]

static inline char *wild_actions(const Wild *w, int most)
{
    static const char *const actions[] = {
        "notice(told)",
        "notice(hurry)",
        "raise(r0)",
        "raise(r1)",
        "start(short)",
        "stop(short)",
        "set(parts, parts + 1)",
        "set(parts, 0)",
        "set(solved, level < 3)",
        "task(visit)",
        "lapse(visit)",
        "accept(visit)",
        "done(visit)",
        "engine(dispatch, nearest)",
        "engine(dispatch, release)",
        "extend(short)",
    };
    GString *out = g_string_new(NULL);
    for (int n = wild_below(w, most + 1); n > 0; n--)
        g_string_append_printf(out, "%s%s", out->len ? ", " : "", WILD_ONE(w, actions));
    return g_string_free(out, FALSE);
}

/* What can always be done: for those whom nobody could tell of a refusal, the clocks. */
static const char *const wild_quiet[] = { "notice(told)", "set(parts, 1)", "raise(r0)", "start(short)",
                                          "lapse(visit)" };

static inline void wild_on(const Wild *w, json_t *state, const char *when)
{
    if (wild_often(w, 30)) json_object_set_new(state, when, json_string(WILD_ONE(w, wild_quiet)));
}

static inline json_t *wild_state(Wild *w, int depth, gboolean region);

static inline json_t *wild_children(Wild *w, int depth, gboolean regions)
{
    json_t *list = json_array();
    for (int n = 2 + wild_below(w, 2); n > 0; n--)
        json_array_append_new(list, wild_state(w, depth + 1, regions));
    if (!regions && wild_often(w, 40)) {
        g_autofree char *id = g_strdup_printf("f%d", w->n++);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "id", id, "zh", "完", "en", "End", "final", 1));
        g_ptr_array_add(w->inside, g_strdup(id));
    }
    if (!regions && wild_often(w, 50)) {
        g_autofree char *id = g_strdup_printf("h%d", w->n++);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "id", id, "zh", "原", "en", "Before",
                                              "history", wild_often(w, 50) ? "deep" : "shallow"));
        g_ptr_array_add(w->inside, g_strdup(id));
    }
    return list;
}

static inline json_t *wild_state(Wild *w, int depth, gboolean region)
{
    g_autofree char *id = g_strdup_printf("s%d", w->n++);
    json_t *state = json_pack("{s:s, s:s, s:s}", "id", id, "zh", "态", "en", "State");
    g_ptr_array_add(w->inside, g_strdup(id));
    gboolean parallel = !region && depth < 2 && wild_often(w, 15);
    if (depth < 2 && (parallel || wild_often(w, 35))) {
        if (parallel) json_object_set_new(state, "parallel", json_true());
        json_object_set_new(state, "states", wild_children(w, depth, parallel));
    }
    wild_on(w, state, "on_entry");
    wild_on(w, state, "on_exit");
    return state;
}

static inline json_t *wild_states(Wild *w)
{
    gboolean parallel = wild_often(w, 40);
    json_t *list = json_pack("[{s:s, s:s, s:s}]", "id", "new", "zh", "新", "en", "New");
    json_t *work = json_pack("{s:s, s:s, s:s}", "id", "work", "zh", "办", "en", "Work");
    if (parallel) json_object_set_new(work, "parallel", json_true());
    json_object_set_new(work, "states", wild_children(w, 0, parallel));
    json_array_append_new(list, work);
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", "held", "zh", "挂", "en", "Held"));
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", "asking", "zh", "问", "en", "Asking"));
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:b}", "id", "closed", "zh", "结", "en", "Closed", "final", 1));
    return list;
}

static inline const char *wild_inside(const Wild *w)
{
    return g_ptr_array_index(w->inside, (guint)wild_below(w, (int)w->inside->len));
}

static inline void wild_line(Wild *w)
{
    static const char *const events[] = { "e0", "e1", "e2", "e3", "return", "e0|e2", "e1|return" };
    static const char *const engine[] = { "r0", "r1", "late", "auto" };
    static const char *const roles[] = { "handler", "callcentre", "unit", "duty_officer",
                                         "handler|callcentre" };
    static const char *const guards[] = { "parts < 3",   "solved", "kind = 'a'", "minutes > 60 AND level < 4",
                                          "returns < 2", "late" };
    const char *from = wild_inside(w);
    if (*from != 's') return;
    gboolean people = wild_often(w, 75);
    const char *event = people ? WILD_ONE(w, events) : WILD_ONE(w, engine);
    g_autofree char *actions = people ? wild_actions(w, 3) : g_strdup(WILD_ONE(w, wild_quiet));
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_printf(out, "%s %s %s : %s", from, wild_often(w, 15) ? "=>" : "->",
                    wild_often(w, 20) ? "-" : wild_inside(w), event);
    if (strstr(out->str, "=> -")) return;
    if (!strcmp(event, "auto"))
        g_string_append(out, " [parts < 2]");
    else if (wild_often(w, 40))
        g_string_append_printf(out, " [%s]", WILD_ONE(w, guards));
    if (people) g_string_append_printf(out, " by %s", WILD_ONE(w, roles));
    if (!strcmp(event, "auto"))
        g_string_append(out, " / set(parts, parts + 1)");
    else if (*actions)
        g_string_append_printf(out, " / %s", actions);
    g_ptr_array_add(w->lines, g_strdup(out->str));
}

static inline json_t *wild_transitions(const Wild *w)
{
    json_t *list = json_array();
    json_array_append_new(
        list,
        json_string(
            "new -> work : opened / assign(route), task(handle), set(parts, 0), start(whole), start(short)"));
    for (guint i = 0; i < w->inside->len; i++) {
        const char *id = g_ptr_array_index(w->inside, i);
        g_autofree char *line = g_strdup_printf("work -> %s : to_%s by handler|callcentre", id, id);
        json_array_append_new(list, json_string(line));
    }
    for (guint i = 0; i < w->lines->len; i++)
        json_array_append_new(list, json_string(g_ptr_array_index(w->lines, i)));
    static const char *const always[] = {
        "work -> - : r0|r1|late [parts < 5] / notice(hurry)",
        "work -> asking : finish by handler / needs(answer), lapse(handle), lapse(visit), engine(dispatch, "
        "release), rate, start(rating)",
        "work -> held : hold by callcentre / needs(ground), pause(whole), start(suspension)",
        "held -> work : go_on by handler|callcentre / stop(suspension), resume(whole)",
        "held -> work : suspension_ends / stop(suspension), resume(whole)",
        "asking -> work : rate [rating <= 2 AND reopens < 3] by resident / needs(rating), task(handle)",
        "asking -> closed : rate by resident / needs(rating)",
        "asking -> closed : rate_lapsed",
        "asking -> work : reopen [reopens < 2] by callcentre / task(handle)",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
        json_array_append_new(list, json_string(always[i]));
    return list;
}

/* The events that the lines name. */
static inline json_t *wild_events(const json_t *lines)
{
    json_t *events = json_object();
    for (gsize i = 0; i < json_array_size(lines); i++) {
        const char *event = strstr(json_string_value(json_array_get(lines, i)), " : ") + 3;
        g_autofree char *names = g_strndup(event, strcspn(event, " "));
        g_auto(GStrv) each = g_strsplit(names, "|", -1);
        for (gsize e = 0; each[e]; e++)
            if (strcmp(each[e], "auto"))
                json_object_set_new(events, each[e], json_pack("{s:s, s:s}", "zh", "事", "en", "Event"));
    }
    return events;
}

static inline json_t *wild_parse(const char *text)
{
    json_error_t error;
    g_autofree char *copy = g_strdelimit(g_strdup(text), "`", '"');
    json_t *tree = json_loads(copy, 0, &error);
    if (!tree) g_error("%s: %s", error.text, text);
    return tree;
}

static inline json_t *wild_clocks(const Wild *w)
{
    static const char *const budgets[] = { "5 workday", "40 hour", "9 day", "600 workminute" };
    g_autofree char *text = g_strdup_printf(
        "{`calendars`: {`duty`: {}, `office`: {`shifts`: [`08:30-12:00`, `14:00-17:30`]}}, `clocks`: ["
        "{`id`: `whole`, `zh`: `全`, `en`: `Whole`, `for`: `resident`, `budget`: `%s`, `calendar`: `office`, "
        "`end`: `%s`, "
        "`rungs`: [{`at`: 50, `notice`: `hurry`}, {`at`: 100}]},"
        "{`id`: `short`, `zh`: `短`, `en`: `Short`, `for`: `handler`, `budget`: `%d hour`, `calendar`: "
        "`duty`, "
        "`run_in`: [`work`], `rungs`: [{`at`: %d}], `on_expiry`: `late`, `extend`: {`max`: 2, `by`: `3 "
        "hour`}},"
        "{`id`: `suspension`, `zh`: `挂`, `en`: `Suspension`, `for`: `handler`, `budget`: `%d day`, "
        "`calendar`: "
        "`duty`, `on_expiry`: `suspension_ends`},"
        "{`id`: `visiting`, `zh`: `访`, `en`: `Visit`, `for`: `handler`, `budget`: `8 hour`, `calendar`: "
        "`duty`, `task`: `visit`},"
        "{`id`: `rating`, `zh`: `评`, `en`: `Rating`, `for`: `handler`, `budget`: `7 day`, `calendar`: "
        "`duty`, "
        "`run_in`: [`asking`], `on_expiry`: `rate_lapsed`}]}",
        WILD_ONE(w, budgets), wild_often(w, 50) ? "exact" : "end_of_day", 2 + wild_below(w, 40),
        20 + wild_below(w, 80), 1 + wild_below(w, 10));
    return wild_parse(text);
}

static const char wild_rest[] =
    "{`pack.yaml`: {`id`: `wild`, `title`: {`zh`: `野`, `en`: `Wild`}, `owner`: {`zh`: `某`, `en`: `Some`}, "
    "`prefix`: `WD`,"
    " `roles`: [`handler`, `unit`, `callcentre`, `duty_officer`], `title_field`: `kind`, `law`: "
    "[{`document`: `某法`}]},"
    "`types.yaml`: {`lists`: {`kinds`: [{`code`: `a`, `zh`: `甲`, `en`: `A`}, {`code`: `b`, `zh`: `乙`, "
    "`en`: `B`}], `grounds`: [{`code`: `storm`, `zh`: `风`, `en`: `Storm`}, {`code`: `papers`, `zh`: `件`, "
    "`en`: "
    "`Papers`}]}, `fields`: ["
    "{`id`: `kind`, `zh`: `类`, `en`: `Kind`, `type`: `text`, `class`: `open`, `list`: `kinds`},"
    "{`id`: `solved`, `zh`: `解`, `en`: `Solved`, `type`: `bool`, `class`: `open`},"
    "{`id`: `ground`, `zh`: `由`, `en`: `Ground`, `type`: `text`, `class`: `open`, `list`: `grounds`},"
    "{`id`: `parts`, `zh`: `料`, `en`: `Parts`, `type`: `int`, `class`: `open`, `min`: 0, `max`: 100},"
    "{`id`: `answer`, `zh`: `答`, `en`: `Answer`, `type`: `text`, `class`: `open`, `max`: 100},"
    "{`id`: `rating`, `zh`: `评`, `en`: `Rating`, `type`: `int`, `class`: `open`, `min`: 1, `max`: 5},"
    "{`id`: `rating_text`, `zh`: `语`, `en`: `Words`, `type`: `text`, `class`: `private`},"
    "{`id`: `caller`, `zh`: `人`, `en`: `Caller`, `type`: `text`, `class`: `private`, `max`: 40}]},"
    "`decisions/route.yaml`: {`hit`: `first`, `rows`: [{`when`: `kind = 'a'`, `set`: {`org`: `D2`}}, {`set`: "
    "{`org`: `D1`, `level`: 2}}]},"
    "`intake.yaml`: {`mappings`: [{`id`: `json`, `zh`: `录`, `en`: `Form`, `channel`: `web`, `fields`: ["
    "{`to`: `kind`, `from`: `kind`, `required`: true}]}]},"
    "`scenarios/one.yaml`: {`title`: {`zh`: `一`, `en`: `One`}, `signal`: {`mapping`: `json`, `at`: "
    "`2026-11-23 09:00`,"
    " `data`: {`kind`: `a`}}, `steps`: [{`at`: `2026-11-23 10:00`, `want`: {`state`: `new`}}]},"
    "`notices.yaml`: {`notices`: [{`id`: `told`, `channel`: `sms`, `receiver`: `resident`, `zh`: `{number}`, "
    "`en`: `{number}`},"
    "{`id`: `hurry`, `channel`: `console`, `receiver`: `handler`, `zh`: `{number}`, `en`: `{number}`}]},"
    "`indicators.yaml`: {`indicators`: ["
    "{`id`: `arrived`, `zh`: `收`, `en`: `Arrived`, `kind`: `count`, `when`: `event = 'opened'`, `num`: "
    "`true`, `unit`: {`zh`: `件`, `en`: `n`}},"
    "{`id`: `on_time`, `zh`: `准`, `en`: `On time`, `kind`: `ratio`, `when`: `to_state = 'closed' AND "
    "from_state <> 'closed'`,"
    " `num`: `NOT late`, `den`: `true`, `unit`: {`zh`: `%`, `en`: `%`}},"
    "{`id`: `minutes`, `zh`: `时`, `en`: `Minutes`, `kind`: `mean`, `when`: `event = 'finish'`, `num`: "
    "`minutes`, `unit`: {`zh`: `分`, `en`: `min`}},"
    "{`id`: `satisfied`, `zh`: `满`, `en`: `Satisfied`, `kind`: `ratio`, `when`: `event = 'rate' OR event = "
    "'rate_lapsed'`,"
    " `num`: `rating >= 4`, `den`: `rating IS NOT NULL`, `unit`: {`zh`: `%`, `en`: `%`}}]},"
    "`reports.yaml`: {`reports`: [{`id`: `monthly`, `zh`: `月`, `en`: `Monthly`, `period`: `month`, "
    "`audience`: "
    "[`handler`], `sections`: [{`title`: {`zh`: `总`, `en`: `All`}, `indicators`: [`arrived`, `on_time`, "
    "`minutes`, "
    "`satisfied`], `compare`: [`before`], `text`: {`zh`: `{arrived}`, `en`: `{arrived}`}}, {`title`: {`zh`: "
    "`分`, "
    "`en`: `By`}, `indicators`: [`arrived`], `by`: `area`}]}]},"
    "`access.yaml`: {`purposes`: {`handle`: {`zh`: `办`, `en`: `Handle`}}, `rules`: ["
    "{`role`: `callcentre`, `purpose`: `handle`, `basis`: `某法第一条`, `scope`: `all`, `full`: [`caller`, "
    "`rating_text`]}]}}";

static inline Pack *wild_compile(const Wild *w, const json_t *states, const json_t *clocks, GError **error)
{
    json_t *whole = wild_parse(wild_rest);
    json_t *lines = wild_transitions(w);
    json_t *procedure =
        json_pack("{s:O, s:o, s:o, s:o}", "states", states, "tasks",
                  wild_parse("[{`id`: `handle`, `role`: `handler`, `zh`: `办`, `en`: `Handle`},"
                             "{`id`: `visit`, `role`: `unit`, `zh`: `访`, `en`: `Visit`}]"),
                  "events", wild_events(lines), "transitions", lines);
    json_object_set_new(whole, "procedure.yaml", procedure);
    json_object_set(whole, "clocks.yaml", (json_t *)clocks);
    char *text = json_dumps(whole, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(whole);
    Pack *pack = pack_from_canonical(text, error);
    free(text);
    return pack;
}

/* A pack that pack/ takes: an extra line is left out at each refusal; NULL when that does not help. */
static inline Pack *wild_pack(BaseChance *chance)
{
    Wild w = { chance, g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free), 0 };
    json_t *states = wild_states(&w), *clocks = wild_clocks(&w);
    for (int n = 6 + wild_below(&w, 20); n > 0; n--)
        wild_line(&w);
    Pack *pack = NULL;
    for (;;) {
        g_autoptr(GError) error = NULL;
        pack = wild_compile(&w, states, clocks, &error);
        if (pack || !w.lines->len) {
            if (!pack) g_test_message("not taken: %s", error->message);
            break;
        }
        g_ptr_array_remove_index(w.lines, (guint)wild_below(&w, (int)w.lines->len));
    }
    json_decref(states);
    json_decref(clocks);
    g_ptr_array_unref(w.inside);
    g_ptr_array_unref(w.lines);
    return pack;
}
