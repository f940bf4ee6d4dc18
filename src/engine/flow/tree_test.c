/* tree_test.c - states within states: what is left, entered and remembered, in which order things are done,
 * what the chart fires by itself, and what is refused. Charts are written small: states  "a p|| r:p r1:r f:r*
 * h:r~ d:r~~ z*"  p parallel, f final, h shallow and d deep history; ":" parent;
 *           "(x)" behind a name: begins in x
 *   on      "r + notice(in)" entry, "r - notice(out)" exit, "r . notice(first)" beginning
 *   lines   of transitions. All three are divided by ";" (states by blanks). */
#include "engine/flow/flow_test.h"

static const char *const system_role[] = { "system", NULL };

static void put_state(Desk *d, const char *text)
{
    static const char *const marks[] = { "||", "*", "~~", "~" };
    static const FlowStateKind kinds[] = { FLOW_STATE_PARALLEL, FLOW_STATE_FINAL, FLOW_STATE_DEEP,
                                           FLOW_STATE_SHALLOW };
    g_autofree char *name = g_strdup(text), *initial = NULL;
    FlowStateDef def = { .id = name, .suspended = TRUE };
    char *open = strchr(name, '(');
    if (open) {
        initial = g_strndup(open + 1, strlen(open) - 2);
        def.initial = initial;
        *open = '\0';
    }
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (def.kind || !g_str_has_suffix(name, marks[i])) continue;
        name[strlen(name) - strlen(marks[i])] = '\0';
        def.kind = kinds[i];
    }
    char *colon = strchr(name, ':');
    if (colon) {
        *colon = '\0';
        def.parent = colon + 1;
    }
    g_autoptr(GError) error = NULL;
    flow_chart_state(d->chart, &def, &error);
    g_assert_no_error(error);
}

static void put_on(Desk *d, const char *text)
{
    g_auto(GStrv) part = g_strsplit(text, " ", 3);
    FlowOn when = *part[1] == '+' ? FLOW_ON_ENTRY : *part[1] == '-' ? FLOW_ON_EXIT : FLOW_ON_INITIAL;
    g_autoptr(GError) error = NULL;
    flow_chart_on(d->chart, part[0], when, part[2], &error);
    g_assert_no_error(error);
}

static void each_part(Desk *d, const char *text, const char *between, void (*put)(Desk *, const char *))
{
    g_auto(GStrv) parts = g_strsplit(text ? text : "", between, -1);
    for (gsize i = 0; parts[i]; i++) {
        if (*g_strstrip(parts[i])) put(d, parts[i]);
    }
}

static Desk tree(const char *states_text, const char *on, const char *lines)
{
    Desk d = desk_new();
    each_part(&d, states_text, " ", put_state);
    FlowClockDef k = {
        .id = "k", .budget = BASE_HOUR, .calendar = d.always, .extend_by = BASE_HOUR, .extend_max = 1
    };
    g_assert_true(flow_chart_task(d.chart, "t", "unit", NULL));
    g_assert_true(flow_chart_clock(d.chart, &k, NULL));
    each_part(&d, on, ";", put_on);
    each_part(&d, lines, ";", line);
    return d;
}

/* Effects of the beginning and of each event, divided by " / "; a refusal is its code in "!". */
static char *play(const Desk *d, FlowCase *c, const char *events)
{
    RuleValue row[DESK_COLUMNS] = { 0 };
    g_autoptr(GString) log = g_string_new(NULL);
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_auto(GStrv) each = g_strsplit(events, " ", -1);
    g_assert_true(flow_begin(d->chart, c, row, 0, effects, NULL));
    hold_sound(d->chart, c);
    g_autofree char *first = write_effects(d->chart, effects);
    g_string_append(log, first);
    for (gsize i = 0; each[i] && *each[i]; i++) {
        g_autoptr(GError) error = NULL;
        FlowCase before = *c;
        g_array_set_size(effects, 0);
        if (flow_fire(d->chart, c, each[i], system_role, row, 0, effects, &error)) {
            g_autofree char *got = write_effects(d->chart, effects);
            g_string_append_printf(log, " / %s", got);
        } else {
            g_string_append_printf(log, " / !%d", error->code);
            g_assert_true(same_case(&before, c) && !effects->len);
        }
        hold_sound(d->chart, c);
    }
    g_string_append(log, " / ");
    flow_states_write(d->chart, c, log);
    return g_string_free(g_steal_pointer(&log), FALSE);
}

static void states_are_left_and_entered_as_scxml_says(void)
{
    static const char regions[] = "a p|| r:p r1:r r2:r s:p s1:s s2:s z*";
    static const struct {
        const char *name, *states, *on, *lines, *events, *want;
    } table[] = {
        /* clang-format off */
        { "in document order, out the other way", regions, "r1 + notice(1); s1 + notice(2); p + notice(0); p - notice(5); s1 - notice(3); r1 - notice(4)",
          "a -> p : go; p -> z : end; p -> r2 & s2 : reach", "go end", " / notice 0, notice 1, notice 2 / notice 3, notice 4, notice 5 / z" },
        { "exit, then the transition, then entry", "a b z*", "a - notice(1); b + notice(3)", "a -> b : go / notice(2); b -> z : end", "go", " / notice 1, notice 2, notice 3 / b" },
        { "a state into itself is left and entered", "a z*", "a + notice(in); a - notice(out)", "a -> a : again; a -> z : end", "again", "notice in / notice out, notice in / a" },
        { "within, the outer one stays", "p p1:p p2:p z*", "p + notice(in); p - notice(out)", "p => p2 : go; p -> z : end", "go", "notice in /  / p2" },
        { "without, it is left", "p p1:p p2:p z*", "p + notice(in); p - notice(out)", "p -> p2 : go; p -> z : end", "go", "notice in / notice out, notice in / p2" },
        { "nowhere, nothing is left", "p p1:p z*", "p1 - notice(out)", "p -> - : tick / notice(tick); p -> z : end", "tick", " / notice tick / p1" },
        { "the inner one is asked first", "p p1:p z*", "", "p -> z : go; p1 -> p1 : go / notice(inner)", "go", " / notice inner / p1" },
        { "the outer one when the inner does not", "p p1:p p2:p z*", "", "p1 -> p2 : x; p -> z : go; p2 -> p1 : go [flag]", "x go", " /  /  / z" },
        { "both regions move at once", regions, "", "a -> p : go; r1 -> r2 : x / notice(r); s1 -> s2 : x / notice(s); p -> z : end; p -> r2 & s2 : reach", "go x", " /  / notice r, notice s / r2 s2" },
        { "one region alone is enough", regions, "", "a -> p : go; r1 -> r2 : x; s1 -> s2 : y; p -> z : end; p -> r2 & s2 : reach", "go x", " /  /  / r2 s1" },
        { "the first in the document preempts", regions, "", "a -> p : go; r1 -> z : x / notice(r); s1 -> a : x / notice(s); r2 -> r1 : b; s2 -> s1 : b; p -> r2 & s2 : f; p -> r2 & s2 : reach", "go x", " /  / notice r / z" },
        { "several targets", regions, "", "a -> r2 & s2 : go; p -> r1 & s1 : back; p -> z : end; p -> r2 & s2 : reach", "go", " /  / r2 s2" },
        { "one target brings the other region's first", regions, "", "a -> s2 : go; p -> r2 : other; p -> z : end; p -> r2 & s2 : reach", "go", " /  / r1 s2" },
        { "beginning in another than the first", "p(p2) p1:p p2:p z*", "p . notice(first); p2 + notice(in)", "p2 -> p1 : x; p -> z : end", "", "notice first, notice in / p2" },
        { "beginning deep down in two regions", "q(r2&s2) p:q|| r:p r1:r r2:r s:p s1:s s2:s z*", "", "q -> r1 & s1 : x; q -> z : end", "", " / r2 s2" },
        { "no beginning where a child is the target", "a p p1:p p2:p z*", "p . notice(first)", "a -> p2 : go; p2 -> p1 : x; p -> z : end", "go", " /  / p2" },
        { "auto goes on at once", "a b c z*", "", "a -> b : go; b -> c : auto / notice(on); c -> z : end", "go", " / notice on / c" },
        { "auto waits for its condition", "a b c z*", "", "a -> b : go / set(flag, false); b -> c : auto [flag]; b -> b : yes / set(flag, true); c -> z : end", "go yes", " / set 1 - / set 1 - / c" },
        { "auto at the beginning", "a b z*", "a + notice(1)", "a -> b : auto / notice(2); b -> z : end", "", "notice 1, notice 2 / b" },
        { "set is seen by later guards", "a b c z*", "", "a -> b : go / set(n, 5); b -> c : auto [n = 5]; b -> z : end; c -> z : end", "go", " / set 0 5 / c" },
        { "raise, after what is at once", "a b c d z*", "", "a -> b : go / raise(x); b -> c : auto / notice(1); c -> d : x / notice(2); d -> z : end", "go", " / notice 1, notice 2 / d" },
        { "raised in their order", "a b z*", "", "a -> b : go / raise(x), raise(y); b -> - : x / notice(x); b -> - : y / notice(y); b -> z : end", "go", " / notice x, notice y / b" },
        { "what nobody takes is dropped inside", "a b z*", "", "a -> b : go / raise(x); a -> z : x; b -> z : end", "go", " /  / b" },
        { "a final child tells its parent", "p p1:p f:p* b z*", "", "p1 -> f : go; p -> b : done.state.p / notice(done); b -> z : end", "go", " / notice done / b" },
        { "a parallel one is done when all are", "p|| r:p r1:r f:r* s:p s1:s g:s* z*", "", "r1 -> f : x; s1 -> g : y; p -> z : done.state.p; p -> - : done.state.r / notice(r)", "x y", " / notice r /  / z" },
        { "finals of two regions at once", "p|| r:p r1:r f:r* s:p s1:s g:s* z*", "", "r1 -> f : x; s1 -> g : x; p -> z : done.state.p / notice(all)", "x", " / notice all / z" },
        { "a longer name is taken by a shorter one", "a b z*", "", "a -> b : done; b -> z : end", "done.well", " /  / b" },
        { "but not by its letters", "a b z*", "", "a -> b : do; b -> z : end", "done", " / !1 / a" },
        { "with a star it is the same", "a b z*", "", "a -> b : done.*; b -> z : end", "done", " /  / b" },
        { "a star takes all", "a b z*", "", "a -> b : *; b -> z : end", "whatever", " /  / b" },
        { "one of two events", "a b z*", "", "a -> b : x|y; b -> z : end", "y", " /  / b" },
        { "in a state of the other region", regions, "", "a -> p : go; r1 -> r2 : x [in(s2)]; s1 -> s2 : y; p -> z : end; p -> r2 & s2 : reach", "go x y x", " /  / !3 /  /  / r2 s2" },
        { "not in it", regions, "", "a -> p : go; r1 -> r2 : x [not in(s2)]; s1 -> s2 : y; p -> z : end; p -> r2 & s2 : reach", "go y x", " /  /  / !3 / r1 s2" },
        { "in it and a condition", regions, "", "a -> p : go; r1 -> r2 : x [in(s1) AND n IS NULL]; s1 -> s2 : y; p -> z : end; p -> r2 & s2 : reach", "go x", " /  /  / r2 s1" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Desk) d = tree(table[i].states, table[i].on, table[i].lines);
        seal(&d);
        FlowCase c;
        g_autofree char *got = play(&d, &c, table[i].events);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void histories_lead_back(void)
{
    static const char nested[] = "p q:p q1:q q2:q o:p h:p~ d:p~~ b z*";
    static const struct {
        const char *name, *states, *on, *lines, *events, *want;
    } table[] = {
        /* clang-format off */
        { "shallow: the child, from its beginning", nested, "", "q1 -> q2 : x; q -> o : y; p -> b : out; b -> h : back; b -> d : deep; b -> z : end", "x out back", " /  /  /  / q1; h = q; d = q2" },
        { "deep: where it was exactly",             nested, "", "q1 -> q2 : x; q -> o : y; p -> b : out; b -> h : back; b -> d : deep; b -> z : end", "x out deep", " /  /  /  / q2; h = q; d = q2" },
        { "it remembers the last time",             nested, "", "q1 -> q2 : x; q -> o : y; p -> b : out; b -> h : back; b -> d : deep; b -> z : end", "x out deep y out deep", " /  /  /  /  /  /  / o; h = o; d = o" },
        { "nothing remembered: the parent's beginning", "a p p1:p p2:p h:p~ z*", "h . notice(default)", "a -> h : go; p1 -> p2 : x; p -> a : out; p -> z : end", "go", " / notice default / p1" },
        { "nothing remembered: its own default", "a p p1:p p2:p h:p~(p2) z*", "", "a -> h : go; p2 -> p1 : x; p -> a : out; p -> z : end", "go", " /  / p2" },
        { "remembered: its default is not done", "a p p1:p p2:p h:p~ z*", "h . notice(default)", "a -> h : go; p1 -> p2 : x; p -> a : out; p -> z : end", "go x out go", " / notice default /  /  /  / p2; h = p2" },
        { "of all regions", "p|| r:p r1:r r2:r s:p s1:s s2:s d:p~~ b z*", "", "r1 -> r2 : x; s1 -> s2 : y; p -> b : out; b -> d : back; b -> z : end", "x out back", " /  /  /  / r2 s1; d = r2 s1" },
        { "within a state that is not left", "p q:p q1:q q2:q h:q~ o:p z*", "", "q1 -> q2 : x; q -> o : y; o -> h : back; p -> z : end", "x y back", " /  /  /  / q2; h = q2" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Desk) d = tree(table[i].states, table[i].on, table[i].lines);
        seal(&d);
        FlowCase c, back = { 0 };
        g_autofree char *got = play(&d, &c, table[i].events);
        g_assert_cmpstr(got, ==, table[i].want);
        g_autoptr(GString) text = g_string_new(NULL);
        flow_states_write(d.chart, &c, text);
        g_assert_true(flow_states_read(d.chart, text->str, &back) &&
                      same_case(&back, &(FlowCase){ .active = c.active,
                                                    .remembered = { c.remembered[0], c.remembered[1] } }));
    }
}

static void what_cannot_be_done_refuses_all_or_is_told(void)
{
    static const struct {
        const char *name, *lines, *events, *want;
    } table[] = {
        /* clang-format off */
        { "refused as a whole",            "a -> b : go / notice(1), done(t); b -> z : end", "go", " / !4 / a" },
        { "refused on entry too",          "a -> c : go / notice(1); c -> z : end; a -> b : x; b -> z : end", "go", " / !4 / a" },
        { "refused a step later",          "a -> b : go / notice(1); b -> z : auto / done(t)", "go", " / !4 / a" },
        { "told, the rest of the block left out", "a -> b : go / notice(1), done(t), notice(2); b -> z : end; b -> - : error.execution / notice(told)", "go", " / notice 1, notice told / b" },
        { "told by the shorter name",      "a -> b : go / done(t); b -> z : end; b -> - : error / notice(told)", "go", " / notice told / b" },
        { "a clock that never started",    "a -> b : go / extend(k); b -> z : end", "go", " / !6 / a" },
        { "extended once and no more",     "a -> b : go / start(k); b -> - : more / extend(k); b -> z : end", "go more more", " / start k / extend k / !6 / b" },
        { "round and round",               "a -> b : go; b -> b : auto [n IS NULL]; b -> z : end", "go", " / !7 / a" },
        { "events without end",            "a -> b : go / raise(x); b -> - : x / raise(x), raise(x); b -> z : end", "go", " / !7 / a" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        gboolean on = strstr(table[i].lines, "-> c") != NULL;
        g_auto(Desk) d = tree(on ? "a b c z*" : "a b z*", on ? "c + done(t)" : "", table[i].lines);
        seal(&d);
        FlowCase c;
        g_autofree char *got = play(&d, &c, table[i].events);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void a_case_rests_in_the_deepest_state_that_holds_its_leaves(void)
{
    static const struct {
        const char *states, *rest;
    } table[] = { { "a", "a" }, { "r1 s1", "p" }, { "r2 s2", "p" }, { "z", "z" } };
    g_auto(Desk) d =
        tree("a p|| r:p r1:r r2:r s:p s1:s s2:s z*", "", "a -> p : go; p -> r2 & s2 : x; p -> z : end");
    seal(&d);
    g_assert_false(flow_chart_flat(d.chart));
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        FlowCase c = in_states(d.chart, table[i].states);
        hold_sound(d.chart, &c);
        g_assert_cmpstr(flow_chart_state_id(d.chart, flow_rest(d.chart, &c)), ==, table[i].rest);
        g_assert_true(flow_active(d.chart, &c, flow_chart_state_find(d.chart, table[i].rest)));
        g_assert_cmpint(flow_ended(d.chart, &c), ==, !strcmp(table[i].rest, "z"));
    }
    g_assert_cmpint(flow_rest(d.chart, &(FlowCase){ 0 }), ==, -1);
    static const char *const unlawful[] = {
        "",         "q",      "r1",  "p",      "r1 r2 s1",      "a r1 s1",
        "r1 r1 s1", "r1  s1", "r s", "r1 s1;", "r1 s1; p = r1", "r1 s1; x = a",
        ";"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(unlawful); i++) {
        FlowCase c = { 0 };
        g_test_message("unlawful: %s", unlawful[i]);
        g_assert_false(flow_states_read(d.chart, unlawful[i], &c));
        g_assert_cmpint(flow_rest(d.chart, &c), ==, -1);
    }
}

static void clocks_run_in_whole_states_and_with_tasks(void)
{
    static const char *const in_p[] = { "p", NULL };
    g_auto(Desk) d = desk_new();
    each_part(&d, "a p p1:p p2:p b z*", " ", put_state);
    g_assert_true(flow_chart_task(d.chart, "t", "unit", NULL));
    FlowClockDef clocks[] = { { .id = "k", .budget = BASE_HOUR, .calendar = d.always, .run_in = in_p },
                              { .id = "w", .budget = BASE_HOUR, .calendar = d.always, .task = "t" } };
    for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++)
        g_assert_true(flow_chart_clock(d.chart, &clocks[i], NULL));
    each_part(
        &d,
        "a -> p : go / start(k), task(t); p1 -> p2 : x / accept(t); p2 -> b : y / done(t); b -> p : back / "
        "return(t), task(t); * -> z : end",
        ";", line);
    seal(&d);
    FlowCase c;
    g_autofree char *got = play(&d, &c, "go x y back end");
    g_assert_cmpstr(got, ==,
                    " / start k, t offered, start w / t accepted / t done, stop w, pause k / t returned, t "
                    "offered, start "
                    "w, resume k / stop k, stop w, t lapsed / z");
    g_assert_false(flow_chart_transition(d.chart, "a -> z : q", NULL));
}

static void offers_leave_out_what_another_preempts(void)
{
    g_auto(Desk) d =
        tree("p|| r:p r1:r r2:r s:p s1:s s2:s z*", "",
             "r1 -> r2 : x by system; s1 -> z : y; p -> z : x; r2 -> r1 : auto [flag]; p -> r2 & s2 : "
             "other; p -> z : done.state.p; s1 -> s2 : more.*");
    seal(&d);
    FlowCase c = begun(d.chart);
    RuleValue row[DESK_COLUMNS] = { 0 };
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(gsize));
    flow_offers(d.chart, &c, system_role, row, out);
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint i = 0; i < out->len; i++)
        g_string_append_printf(got, "%zu ", g_array_index(out, gsize, i));
    g_assert_cmpstr(got->str, ==, "0 1 4 6 ");
    g_assert_true(flow_awaits(d.chart, &c, "more.of.it", system_role, row));
    g_assert_false(flow_awaits(d.chart, &c, "less", system_role, row));
}

static void sealing_refuses_unsound_trees(void)
{
    static const struct {
        const char *name, *states, *on, *lines, *want; /* want NULL: sound */
    } table[] = {
        /* clang-format off */
        { "one region",            "p|| r:p z*",          "", "p -> z : end", "fewer than two regions" },
        { "a final region",        "p|| r:p f:p* z*",     "", "p -> z : end", "cannot be final" },
        { "parallel in parallel",  "p|| r:p|| r1:r r2:r s:p z*", "", "p -> z : end", NULL },
        { "nothing but a history", "p h:p~ z*",           "", "p -> z : end", "nothing but histories" },
        { "begins elsewhere",      "p(a) p1:p a z*",      "", "p -> a : x; a -> z : end", "which is not within p" },
        { "begins nowhere",        "p(q) p1:p z*",        "", "p -> z : end", "which is no state" },
        { "begins twice",          "p(p1&p2) p1:p p2:p z*", "", "p -> z : end", "cannot both be active" },
        { "begins in a leaf",      "a(z) z*",             "", "a -> z : end", "holds no states" },
        { "actions at no beginning", "a z*",              "a . notice(x)", "a -> z : end", "no actions at their beginning" },
        { "history on history",    "p p1:p h:p~(g) g:p~ a z*", "", "p -> a : x; a -> h : y; a -> g : w; a -> z : end", "another history" },
        { "a history nobody wants", "p p1:p h:p~ z*",     "", "p -> z : end", "nobody goes to history h" },
        { "a child nobody reaches", "p p1:p p2:p z*",     "", "p -> z : end", "reach state p2" },
        { "the parent is a way out", "p p1:p p2:p z*",    "", "p1 -> p2 : x; p -> z : end", NULL },
        { "a child without a way out", "p p1:p p2:p z*",  "", "p1 -> p2 : x; p1 -> z : end", "state p2 is not final" },
        { "a final child is no way out", "p p1:p f:p* z*", "", "p1 -> f : x; p1 -> z : end", "state f is not final" },
        { "but what it brings may be", "p p1:p f:p* z*",  "", "p1 -> f : x; p -> z : done.state.p", NULL },
        { "which helps no other child", "p p1:p q:p f:p* z*", "", "p1 -> f : x; p1 -> q : y; p -> z : done.state.p", "state q is not final" },
        { "another region leads out", "p|| r:p r1:r s:p s1:s z*", "", "s1 -> z : end", NULL },
        { "raised for nobody",     "a z*",                "a + raise(x)", "a -> z : end", "raise(x)" },
        { "raised for another role", "a z*",              "", "a -> z : end / raise(x); a -> z : x by officer", "raise(x)" },
        { "auto into itself",      "a z*",                "", "a -> a : auto; a -> z : end", "in a circle" },
        { "auto in a circle",      "a b c z*",            "", "a -> b : go; b -> c : auto; c -> b : auto; b -> z : end", "in a circle" },
        { "auto in its parent",    "p p1:p z*",           "", "p => p1 : auto; p -> z : end", "in a circle" },
        { "a condition ends it",   "a b c z*",            "", "a -> b : go; b -> c : auto; c -> z : auto [n = 1]; c -> b : auto; b -> z : end", NULL },
        { "auto twice",            "a b z*",              "", "a -> b : auto; a -> z : auto; b -> z : end", "can never be chosen" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Desk) d = tree(table[i].states, table[i].on, table[i].lines);
        g_autoptr(GError) error = NULL;
        gboolean sealed = flow_chart_seal(d.chart, &error);
        if (error) g_test_message("  %s", error->message);
        g_assert_cmpint(sealed, ==, !table[i].want);
        if (table[i].want) g_assert_nonnull(strstr(error->message, table[i].want));
    }
}

static void pieces_of_a_tree_are_refused(void)
{
    static const FlowStateDef bad[] = {
        { .id = "h", .kind = FLOW_STATE_DEEP },
        { .id = "x", .parent = "nowhere" },
        { .id = "x", .parent = "z" },
        { .id = "x", .kind = FLOW_STATE_PARALLEL, .initial = "a" },
        { .id = "x", .kind = FLOW_STATE_FINAL, .initial = "a" },
        { .id = "x", .kind = (FlowStateKind)9 },
    };
    static const struct {
        const char *state, *actions, *want;
        FlowOn when;
    } on[] = {
        { "q", "rate", "no state", FLOW_ON_ENTRY },
        { "z", "rate", "nobody ever leaves", FLOW_ON_EXIT },
        { "a", "fly", "column 1: fly", FLOW_ON_ENTRY },
        { "a", "needs(n)", "column 7: a state needs", FLOW_ON_ENTRY },
        { "a", "rate rate", "column 6:", FLOW_ON_EXIT },
        { "a", "", "column 1:", FLOW_ON_EXIT },
        { "z", "rate", "no beginning", FLOW_ON_INITIAL },
        { "a", "raise(auto)", "column 7: auto", FLOW_ON_ENTRY },
    };
    g_auto(Desk) d = tree("a z*", "", "");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(flow_chart_state(d.chart, &bad[i], NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(on); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(flow_chart_on(d.chart, on[i].state, on[i].when, on[i].actions, &error));
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, on[i].want));
    }
    line(&d, "a -> z : end");
    g_assert_false(flow_chart_state(d.chart, &(FlowStateDef){ .id = "late" }, NULL));
}

/* "b" may begin without a clock in its region when the other region has one. */
static void one_clock_serves_all_regions(void)
{
    static const struct {
        const char *name, *lines;
        gboolean sound;
    } table[] = {
        /* clang-format off */
        { "started on the way in",           "a -> p : go / start(k); r1 -> r2 : x; p -> z : end", TRUE },
        { "started by the other region",     "a -> p : go; s1 -> s1 : y / start(k); r1 -> r2 : x; p -> z : end", TRUE },
        { "never",                           "a -> p : go; r1 -> r2 : x; p -> z : end", FALSE },
        { "stopped by the other region",     "a -> p : go / start(k); s1 -> s1 : y / stop(k); r1 -> r2 : x; p -> z : end", TRUE },
        { "stopped on the way in",           "a -> p : go / start(k), stop(k); r1 -> r2 : x; p -> z : end", FALSE },
        { "nobody waits where auto goes on", "a -> p : go / start(k); p -> b : x / stop(k); b -> z : auto; r1 -> r2 : y; p -> z : end", TRUE },
        { "somebody waits for a condition",  "a -> p : go / start(k); p -> b : x / stop(k); b -> z : auto [flag]; r1 -> r2 : y; p -> z : end", FALSE },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Desk) d = desk_new();
        gboolean b = strstr(table[i].lines, "b ->") != NULL;
        const FlowStateDef defs[] = { { .id = "a" },
                                      { .id = "p", .kind = FLOW_STATE_PARALLEL },
                                      { .id = "r", .parent = "p" },
                                      { .id = "r1", .parent = "r" },
                                      { .id = "r2", .parent = "r" },
                                      { .id = "s", .parent = "p" },
                                      { .id = "s1", .parent = "s" },
                                      { .id = "z", .kind = FLOW_STATE_FINAL },
                                      { .id = "b" } };
        for (gsize n = 0; n < G_N_ELEMENTS(defs) - !b; n++)
            g_assert_true(flow_chart_state(d.chart, &defs[n], NULL));
        FlowClockDef k = { .id = "k", .budget = 1, .calendar = d.always };
        g_assert_true(flow_chart_clock(d.chart, &k, NULL));
        each_part(&d, table[i].lines, ";", line);
        g_autoptr(GError) error = NULL;
        gboolean sealed = flow_chart_seal(d.chart, &error);
        if (error) g_test_message("  %s", error->message);
        g_assert_cmpint(sealed, ==, table[i].sound);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/states_are_left_and_entered_as_scxml_says",
                    states_are_left_and_entered_as_scxml_says);
    g_test_add_func("/flow/histories_lead_back", histories_lead_back);
    g_test_add_func("/flow/what_cannot_be_done_refuses_all_or_is_told",
                    what_cannot_be_done_refuses_all_or_is_told);
    g_test_add_func("/flow/a_case_rests_in_the_deepest_state_that_holds_its_leaves",
                    a_case_rests_in_the_deepest_state_that_holds_its_leaves);
    g_test_add_func("/flow/clocks_run_in_whole_states_and_with_tasks",
                    clocks_run_in_whole_states_and_with_tasks);
    g_test_add_func("/flow/offers_leave_out_what_another_preempts", offers_leave_out_what_another_preempts);
    g_test_add_func("/flow/sealing_refuses_unsound_trees", sealing_refuses_unsound_trees);
    g_test_add_func("/flow/pieces_of_a_tree_are_refused", pieces_of_a_tree_are_refused);
    g_test_add_func("/flow/one_clock_serves_all_regions", one_clock_serves_all_regions);
    return g_test_run();
}
