/* chart_test.c - what a chart takes, what it refuses, and where in a line it says the mistake is. */
#include "engine/flow/flow_test.h"

static Desk line_desk(void)
{
    static const char *const in_b[] = { "b", NULL };
    Desk d = desk_new();
    states(&d, "a b 处置 z*");
    static const FlowStateDef more[] = { { .id = "p", .kind = FLOW_STATE_PARALLEL },
                                         { .id = "r", .parent = "p" },
                                         { .id = "r1", .parent = "r" },
                                         { .id = "h", .parent = "r", .kind = FLOW_STATE_DEEP },
                                         { .id = "s", .parent = "p" },
                                         { .id = "s1", .parent = "s" } };
    for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
        g_assert_true(flow_chart_state(d.chart, &more[i], NULL));
    g_assert_true(flow_chart_task(d.chart, "t", "unit", NULL));
    FlowClockDef clocks[] = {
        { .id = "long", .budget = BASE_HOUR, .calendar = d.always, .extend_by = 1, .extend_max = 1 },
        { .id = "tied", .budget = BASE_HOUR, .calendar = d.always, .task = "t" },
        { .id = "k", .budget = BASE_HOUR, .calendar = d.always },
        { .id = "listed", .budget = BASE_HOUR, .calendar = d.always, .run_in = in_b },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++)
        g_assert_true(flow_chart_clock(d.chart, &clocks[i], NULL));
    return d;
}

/* A transition as the reader understood it, in one spelling. */
static char *spell(const FlowChart *chart, gsize i)
{
    FlowTransition t = flow_chart_transition_at(chart, i);
    g_autofree char *roles = g_strjoinv("|", (char **)t.roles), *needs = g_strjoinv(" ", (char **)t.needs);
    g_autoptr(GString) actions = g_string_new(NULL);
    for (gsize a = 0; a < t.n_actions; a++)
        write_effect(actions, chart, &t.actions[a]);
    g_autoptr(GString) targets = g_string_new(t.n_targets ? NULL : "-");
    for (gsize n = 0; n < t.n_targets; n++)
        g_string_append_printf(targets, "%s%s", n ? "&" : "", flow_chart_state_id(chart, t.targets[n]));
    g_autofree char *events = t.event ? g_strjoinv("|", (char **)t.events) : g_strdup("auto");
    return g_strdup_printf(t.internal ? "%s=>%s:%s[%s]%s/%s/%s" : "%s>%s:%s[%s]%s/%s/%s",
                           t.everywhere ? "*" : flow_chart_state_id(chart, t.from), targets->str, events,
                           t.guard ? t.guard : "", roles, actions->str, needs);
}

static void a_line_is_read_as_written(void)
{
    static const struct {
        const char *line, *want; /* transitions divided by ";" */
    } table[] = {
        /* clang-format off */
        { "a -> b : go",                                     "a>b:go[]system//" },
        { "a->b:go",                                         "a>b:go[]system//" },
        { "  a  ->  b  :  go  ",                             "a>b:go[]system//" },
        { "* -> z : cancel by officer",                      "*>z:cancel[]officer//;*>z:cancel[]officer//;*>z:cancel[]officer//;*>z:cancel[]officer//" },
        { "a|b -> z : close by officer|system",              "a>z:close[]officer|system//;b>z:close[]officer|system//" },
        { "a -> 处置 : 上报 by 单位",                        "a>处置:上报[]单位//" },
        { "a -> b : go [n > 3] by x",                        "a>b:go[n > 3]x//" },
        { "a -> b : go[n > 3]/rate",                         "a>b:go[n > 3]system/rate/" },
        { "a -> b : go [word = ']'] by x",                   "a>b:go[word = ']']x//" },
        { "a -> b : go [word = 'it''s [x]' or n = 1]",       "a>b:go[word = 'it''s [x]' or n = 1]system//" },
        { "a -> b : go [\"word\" = 'x'] by x",               "a>b:go[\"word\" = 'x']x//" },
        { "a -> b : by by by / rate()",                      "a>b:by[]by/rate/" },
        { "a -> b : go / task(t), start(k)",                 "a>b:go[]system/t offered, start k/" },
        { "a -> b : go / accept(t),done(t),verify(t)",       "a>b:go[]system/t accepted, t done, t verified/" },
        { "a -> b : go / return(t), reassign(t), lapse(t)",  "a>b:go[]system/t returned, t reassigned, t lapsed/" },
        { "a -> b : go / stop(k), pause(k), resume(k)",      "a>b:go[]system/stop k, pause k, resume k/" },
        { "a -> b : go / notice(reply), assign(route)",      "a>b:go[]system/notice reply, assign route/" },
        { "a -> b : go / engine(dispatch, nearest-unit)",    "a>b:go[]system/engine dispatch nearest-unit/" },
        { "a -> b : go / set(n, (n + 1) * 2), rate",         "a>b:go[]system/set 0 -, rate/" },
        { "a -> b : go / set(word, '),('), rate",            "a>b:go[]system/set 2 -, rate/" },
        { "a -> b : go / needs(word, n phone)",              "a>b:go[]system//word n phone" },
        { "a -> b : go|come.in by x",                        "a>b:go|come.in[]x//" },
        { "a -> b : go.* / rate",                            "a>b:go.*[]system/rate/" },
        { "a -> b : *",                                      "a>b:*[]system//" },
        { "a -> b : auto [n > 3]",                           "a>b:auto[n > 3]system//" },
        { "a => b : go",                                     "a=>b:go[]system//" },
        { "a=>b:go",                                         "a=>b:go[]system//" },
        { "a -> - : go / rate",                              "a>-:go[]system/rate/" },
        { "a -> r1 & s1 : go",                               "a>r1&s1:go[]system//" },
        { "a -> b : go [in(b)]",                             "a>b:go[in(b)]system//" },
        { "a -> b : go [NOT IN(b) and in( 处置 ) AND (n = 1 OR n = 2)]", "a>b:go[NOT IN(b) and in( 处置 ) AND (n = 1 OR n = 2)]system//" },
        { "a -> b : go / extend(long), raise(x.y)",          "a>b:go[]system/extend long, raise x.y/" },
        { "a -> b : go / document(d), sign(l), link(k)",     "a>b:go[]system/document d, sign l, link k/" },
        { "a -> b : go / child(p, m), register(end, r)",     "a>b:go[]system/child p m, register end r/" },
        { "a -> b : go / start(listed), stop(listed)",       "a>b:go[]system/start listed, stop listed/" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].line);
        g_auto(Desk) d = line_desk();
        line(&d, table[i].line);
        g_autoptr(GString) got = g_string_new(NULL);
        for (gsize t = 0; t < flow_chart_transitions(d.chart); t++) {
            g_autofree char *one = spell(d.chart, t);
            g_string_append_printf(got, "%s%s", t ? ";" : "", one);
        }
        g_assert_cmpstr(got->str, ==, table[i].want);
    }
}

static void a_refused_line_says_the_column(void)
{
    static const struct {
        const char *line, *want;
    } table[] = {
        /* clang-format off */
        { "",                                "column 1: the name of a state" },
        { "a",                               "column 2: the line ends, \"->\"" },
        { "a b",                             "column 3: \"->\" is wanted" },
        { "a -> ",                           "column 6: the name of a state" },
        { "q -> b : go",                     "column 1: q is no state" },
        { "a -> 处 : go",                    "column 6: 处 is no state" },
        { "处置 -> q : go",                  "column 7: q is no state" },
        { "a|q -> b : go",                   "column 3: q is no state" },
        { "a|a -> b : go",                   "column 3: this state stands here twice" },
        { "a -> * : go",                     "column 6: a transition leads to one state" },
        { "z -> a : go",                     "column 1: z is final" },
        { "a -> b go",                       "column 8: \":\" is wanted" },
        { "a -> b : ",                       "column 10: the name of an event" },
        { "a -> b ： go",                    "column 8: \":\" is wanted" },
        { "a -> b : go [n > 3",              "column 13: the condition is never closed" },
        { "a -> b : go [word = ']",          "column 13: the condition is never closed" },
        { "a -> b : go [ ]",                 "column 13: the condition is empty" },
        { "a -> b : go [nobody = 1]",        "column 14: " },
        { "a -> b : go [  n = 1 and m = 2]", "column 26: " },
        { "a -> 处置 : go [m = 2]",          "column 15: " },
        { "a -> b : go [n = 1] nobody",      "column 21: not understood" },
        { "a -> b : go by",                  "column 15: the name of a role" },
        { "a -> b : go by x|",               "column 18: the name of a role" },
        { "a -> b : go by x|x",              "column 18: role x stands here twice" },
        { "a -> b : go bystander",           "column 13: not understood" },
        { "a -> b : go / ",                  "column 15: the name of an action" },
        { "a -> b : go / fly(t)",            "column 15: fly is no action" },
        { "a -> b : go / task",              "column 19: the line ends, \"(\"" },
        { "a -> b : go / task(q)",           "column 20: q is no task of this procedure; its tasks: t" },
        { "a -> b : go / task(t",            "column 21: the line ends, \")\"" },
        { "a -> b : go / start(q)",          "column 21: q is no clock of this procedure; its clocks: long, tied, k, listed" },
        { "a -> b : go / pause(listed)",     "column 21: clock listed lists its states" },
        { "a -> b : go / resume(listed)",    "column 22: clock listed lists its states" },
        { "a -> b : go / set(q, 1)",         "column 19: q is no field" },
        { "a -> b : go / set(n)",            "column 20: \",\" is wanted" },
        { "a -> b : go / set(n, )",          "column 22: an expression is wanted" },
        { "a -> b : go / set(n, (1 + 2)",    "column 19: set(n, ...) is never closed" },
        { "a -> b : go / set(n, 1 + m)",     "column 26: " },
        { "a -> b : go / engine(x)",         "column 23: \",\" is wanted" },
        { "a -> b : go / needs()",           "column 21: the name of a field" },
        { "a -> b : go / rate(5)",           "column 20: \")\" is wanted" },
        { "a -> b : go / rate rate",         "column 20: not understood" },
        { "a -> b : go / rate,",             "column 20: the name of an action" },
        { "h -> b : go",                     "column 1: h is a history" },
        { "r1 -> h : go",                    "column 7: h is the history of r, and r1 is in it" },
        { "a|r1 -> h : go",                  "column 9: h is the history of r, and r1 is in it" },
        { "a -> r1 & b : go",                "column 11: r1 and b cannot both be active" },
        { "a -> r1 & r1 : go",               "column 11: r1 and r1 cannot both" },
        { "a -> r & r1 : go",                "column 10: r and r1 cannot both" },
        { "a -> - : auto",                   "column 1: it leads nowhere" },
        { "a -> b : go|go",                  "column 13: event go stands here twice" },
        { "a -> b : go|auto",                "column 13: auto is no event" },
        { "a -> b : auto|go",                "column 15: auto is no event" },
        { "a -> b : go.",                    "column 10: an event does not end with a dot" },
        { "a -> b : auto by x",              "column 18: auto happens by itself" },
        { "a -> b : auto / needs(n)",        "column 23: auto brings no fields" },
        { "a -> b : go [in(q)]",             "column 17: q is no state" },
        { "a -> b : go [in(b) n = 1]",       "column 20: \"]\" is wanted" },
        { "a -> b : go [in(b) AND ]",        "column 24: a condition is wanted" },
        { "a -> b : go [in(b) AND n = 1 OR n = 2]", "column 24: in() is joined by AND" },
        { "a -> b : go [in(b) AND m = 1]",   "column 24: " },
        { "a -> b : go [n = 1 AND in(b)]",   "column " },
        { "a -> b : go / extend(k)",         "column 22: clock k cannot be extended; give it an extension first" },
        { "a -> b : go / start(tied)",       "column 21: clock tied follows task t" },
        { "a -> b : go / register(x, r)",    "column 24: a register is added to or ended" },
        { "a -> b : go / child(p)",          "column 22: \",\" is wanted" },
        { "a -> b : go / raise(auto)",       "column 21: auto is no event" },
        { "a -> b : g\xff",                  "byte 11: not UTF-8" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Desk) d = line_desk();
        g_autoptr(GError) error = NULL;
        g_assert_false(flow_chart_transition(d.chart, table[i].line, &error));
        g_assert_error(error, FLOW_ERROR, FLOW_ERROR_CHART);
        g_test_message("%s  =>  %s", g_utf8_validate(table[i].line, -1, NULL) ? table[i].line : "(bytes)",
                       error->message);
        g_assert_true(g_str_has_prefix(error->message, table[i].want));
        g_assert_cmpuint(flow_chart_transitions(d.chart), ==, 0);
    }
}

static void a_line_too_long_is_refused(void)
{
    g_auto(Desk) d = line_desk();
    g_autofree char *tail = g_strnfill(FLOW_MAX_LINE, ' '),
                    *long_line = g_strconcat("a -> b : go", tail, NULL);
    g_assert_false(flow_chart_transition(d.chart, long_line, NULL));
    long_line[FLOW_MAX_LINE] = '\0';
    line(&d, long_line);
}

static void pieces_are_refused_when_repeated_or_senseless(void)
{
    g_auto(Desk) d = line_desk();
    static const FlowRung falling[] = { { 80, 0 }, { 50, 0 } }, zero[] = { { 0, 0 } },
                          huge[] = { { 1001, 0 } };
    static const char *const nowhere[] = { "nowhere", NULL }, *const at_end[] = { "z", NULL },
                             *const none[] = { NULL }, *const in_history[] = { "h", NULL };
    static const FlowRung early[] = { { 0, 9 } }, rising[] = { { 0, 10 }, { 0, 20 } },
                          crossed[] = { { 95, 0 }, { 0, 20 } }, afterwards[] = { { 150, 0 }, { 0, 20 } };
    static const FlowBudget unread[] = { { "m = 1", 1 } }, nothing[] = { { "n = 1", 0 } },
                            small[] = { { "n = 1", 9 } };
    const FlowClockDef bad[] = {
        { .id = "k", .budget = 1, .calendar = d.always },
        { .id = "two words", .budget = 1, .calendar = d.always },
        { .id = "x", .budget = 0, .calendar = d.always },
        { .id = "x", .budget = G_MAXINT64, .calendar = d.always },
        { .id = "x", .budget = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .rungs = falling, .n_rungs = 2 },
        { .id = "x", .budget = 1, .calendar = d.always, .rungs = zero, .n_rungs = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .rungs = huge, .n_rungs = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .run_in = nowhere },
        { .id = "x", .budget = 1, .calendar = d.always, .run_in = at_end },
        { .id = "x", .budget = 1, .calendar = d.always, .run_in = none },
        { .id = "x", .budget = 1, .calendar = d.always, .on_expiry = "two words" },
        { .id = "x", .budget = 1, .calendar = d.always, .run_in = in_history },
        { .id = "x", .budget = 1, .calendar = d.always, .task = "q" },
        { .id = "x", .budget = 1, .calendar = d.always, .task = "t", .resident = TRUE },
        { .id = "x", .budget = 1, .calendar = d.always, .extend_by = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .extend_max = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .extend_max = 1, .extend_by = -1 },
        { .id = "x", .budget = 9, .calendar = d.always, .rungs = early, .n_rungs = 1 },
        { .id = "x", .budget = 100, .calendar = d.always, .rungs = rising, .n_rungs = 2 },
        { .id = "x", .budget = 100, .calendar = d.always, .rungs = crossed, .n_rungs = 2 },
        { .id = "x", .budget = 100, .calendar = d.always, .rungs = afterwards, .n_rungs = 2 },
        { .id = "x", .budget = 1, .calendar = d.always, .budgets = unread, .n_budgets = 1 },
        { .id = "x", .budget = 1, .calendar = d.always, .budgets = nothing, .n_budgets = 1 },
        { .id = "x",
          .budget = 100,
          .calendar = d.always,
          .budgets = small,
          .n_budgets = 1,
          .rungs = early,
          .n_rungs = 1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(flow_chart_clock(d.chart, &bad[i], &error));
        g_assert_error(error, FLOW_ERROR, FLOW_ERROR_CHART);
    }
    g_assert_cmpint(flow_chart_clocks(d.chart), ==, 4);
    static const char *const ids[] = { "a", "", "*", "a b", "a->b", "-", "a|b", "\xff" };
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        g_assert_false(flow_chart_state(d.chart, &(FlowStateDef){ .id = ids[i] }, NULL));
    g_assert_cmpint(flow_chart_states(d.chart), ==, 10);
    g_assert_false(flow_chart_task(d.chart, "t", "unit", NULL));
    g_assert_false(flow_chart_task(d.chart, "t2", "", NULL));
}

static void a_full_chart_takes_no_more(void)
{
    g_auto(Desk) d = desk_new();
    for (int i = 0; i <= FLOW_MAX_STATES; i++) {
        g_autofree char *id = g_strdup_printf("s%d", i);
        g_assert_cmpint(flow_chart_state(d.chart, &(FlowStateDef){ .id = id }, NULL), ==,
                        i < FLOW_MAX_STATES);
    }
    for (int i = 0; i <= FLOW_MAX_CLOCKS; i++) {
        g_autofree char *id = g_strdup_printf("k%d", i);
        FlowClockDef def = { .id = id, .budget = 1, .calendar = d.always };
        g_assert_cmpint(flow_chart_clock(d.chart, &def, NULL), ==, i < FLOW_MAX_CLOCKS);
    }
    for (int i = 0; i <= FLOW_MAX_TASKS; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        g_assert_cmpint(flow_chart_task(d.chart, id, "r", NULL), ==, i < FLOW_MAX_TASKS);
    }
    for (int i = 0; i <= FLOW_MAX_ROLES; i++) {
        g_autofree char *text = g_strdup_printf("s0 -> s1 : e by r%d", i);
        g_assert_cmpint(flow_chart_transition(d.chart, text, NULL), ==, i < FLOW_MAX_ROLES);
    }
}

static void sealing_refuses_what_only_the_whole_shows(void)
{
    /* clocks: k runs everywhere once started; b_only where b is; late fires "late". Lines divided by ";" */
    static const struct {
        const char *name, *states, *lines, *want; /* want NULL: sound */
    } table[] = {
        /* clang-format off */
        { "sound",                  "a b z*",   "a -> b : go / start(k); b -> z : end",                          NULL },
        { "no state",               NULL,       "",                                                              "it has no state" },
        { "no final state",         "a b",      "a -> b : go / start(k); b -> a : back",                         "state a is not final" },
        { "cannot be reached",      "a b c z*", "a -> b : go / start(k); b|c -> z : end",                        "reach state c" },
        { "final not reached",      "a b z* y*","a -> b : go / start(k); b -> z : end",                          "reach state y" },
        { "dead end",               "a b c z*", "a -> b : go / start(k); a -> c : side / start(k); b -> z : end","state c is not final" },
        { "loop without end",       "a b c z*", "a -> b : x / start(k); b -> c : y; c -> b : y; a -> z : end",   "state b is not final" },
        { "star is a way out",      "a b c z*", "a -> b : x / start(k); b -> c : y; c -> b : y; * -> z : end",   NULL },
        { "star alone",             "a z*",     "* -> z : end",                                                  NULL },
        { "no clock in b",          "a b z*",   "a -> b : go; b -> z : end",                                     "in state b" },
        { "stopped on the way",     "a b c z*", "a -> b : x / start(k); b -> c : y / stop(k); c -> z : end",     "in state c" },
        { "stopped, then started",  "a b c z*", "a -> b : x / start(k); b -> c : y / stop(k), start(k); c -> z : end", NULL },
        { "started, then stopped",  "a b z*",   "a -> b : x / start(k), stop(k); b -> z : end",                  "in state b" },
        { "paused on the way",      "a b c z*", "a -> b : x / start(k); b -> c : y / pause(k); c -> z : end",    "in state c" },
        { "one way with a clock",   "a b z*",   "a -> b : x; a -> b : y / start(k); b -> z : end",               NULL },
        { "listed state only",      "a b c z*", "a -> b : x / start(b_only); b -> c : y; c -> z : end",          "in state c" },
        { "listed, but not started","a b z*",   "a -> b : x; b -> z : end",                                      "in state b" },
        { "back without a clock",   "a b z*",   "a -> b : x / start(k); b -> a : back / stop(k); b -> z : end",  "in state a" },
        { "never chosen",           "a b z*",   "a -> b : x / start(k); a -> z : x; b -> z : end",               "a -> z : x by system" },
        { "same condition twice",   "a b z*",   "a -> b : x [n = 1] / start(k); a -> z : x [n = 1]; b -> z : end", "can never be chosen" },
        { "other condition",        "a b z*",   "a -> b : x [n = 1] / start(k); a -> z : x; b -> z : end",       NULL },
        { "other role",             "a b z*",   "a -> b : x by p / start(k); a -> z : x by q; b -> z : end",     NULL },
        { "one role of two",        "a b z*",   "a -> b : x by p / start(k); a -> z : x by p|q; b -> z : end",   "x by p" },
        { "star after one state",   "a b z*",   "a -> b : x / start(k); * -> z : x",                             NULL },
        { "one state after star",   "a b z*",   "* -> z : x; a -> b : y / start(k); b -> z : x",                 "b -> z : x" },
        { "star covered wholly",    "a b z*",   "a -> b : x / start(k); b -> z : x; * -> z : x",                 "* -> z : x" },
        /* clang-format on */
    };
    static const char *const in_b[] = { "b", NULL };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_auto(Desk) d = desk_new();
        if (table[i].states) states(&d, table[i].states);
        FlowClockDef k = { .id = "k", .budget = 1, .calendar = d.always };
        FlowClockDef b_only = { .id = "b_only", .budget = 1, .calendar = d.always, .run_in = in_b };
        g_assert_true(flow_chart_clock(d.chart, &k, NULL));
        if (flow_chart_state_find(d.chart, "b") >= 0) g_assert_true(flow_chart_clock(d.chart, &b_only, NULL));
        g_auto(GStrv) lines = g_strsplit(table[i].lines, ";", -1);
        for (gsize n = 0; lines[n]; n++)
            line(&d, lines[n]);
        g_autoptr(GError) error = NULL;
        gboolean sealed = flow_chart_seal(d.chart, &error);
        if (error) g_test_message("  %s", error->message);
        g_assert_cmpint(sealed, ==, !table[i].want);
        if (table[i].want) g_assert_nonnull(strstr(error->message, table[i].want));
    }
}

static void an_expiry_event_must_be_awaited_from_the_system(void)
{
    static const struct {
        const char *last;
        gboolean sound;
    } table[] = { { "b -> z : end", FALSE },
                  { "b -> z : late by officer", FALSE },
                  { "b -> z : late", TRUE } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Desk) d = desk_new();
        states(&d, "a b z*");
        FlowClockDef k = { .id = "k", .budget = 1, .calendar = d.always, .on_expiry = "late" };
        g_assert_true(flow_chart_clock(d.chart, &k, NULL));
        line(&d, "a -> b : go / start(k)");
        line(&d, table[i].last);
        g_assert_cmpint(flow_chart_seal(d.chart, NULL), ==, table[i].sound);
    }
}

static void a_refused_chart_may_be_mended_and_a_sealed_one_not(void)
{
    g_auto(Desk) d = desk_new();
    states(&d, "a z*");
    g_assert_false(flow_chart_seal(d.chart, NULL));
    line(&d, "a -> z : end");
    seal(&d);
    g_assert_false(flow_chart_state(d.chart, &(FlowStateDef){ .id = "b" }, NULL));
    g_assert_false(flow_chart_transition(d.chart, "a -> z : other", NULL));
    g_assert_false(flow_chart_seal(d.chart, NULL));
}

static void a_task_follows_the_one_table(void)
{
    static const char *const lawful[] = {
        "none offered",
        "offered accepted",
        "offered returned",
        "offered reassigned",
        "offered lapsed",
        "accepted done",
        "accepted returned",
        "accepted reassigned",
        "accepted lapsed",
        "done verified",
        "done returned",
        "done offered",
        "verified offered",
        "returned offered",
        "reassigned offered",
        "lapsed offered",
        NULL,
    };
    for (FlowTaskState from = FLOW_TASK_NONE; from <= FLOW_TASK_LAPSED; from++) {
        FlowTaskState back;
        g_assert_true(flow_task_state_parse(flow_task_state_name(from), &back) && back == from);
        for (FlowTaskState to = FLOW_TASK_NONE; to <= FLOW_TASK_LAPSED; to++) {
            g_autofree char *pair =
                g_strdup_printf("%s %s", flow_task_state_name(from), flow_task_state_name(to));
            g_assert_cmpint(flow_task_may_follow(from, to), ==, g_strv_contains(lawful, pair));
        }
    }
    FlowTaskState unknown;
    g_assert_false(flow_task_state_parse("open", &unknown));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/a_line_is_read_as_written", a_line_is_read_as_written);
    g_test_add_func("/flow/a_refused_line_says_the_column", a_refused_line_says_the_column);
    g_test_add_func("/flow/a_line_too_long_is_refused", a_line_too_long_is_refused);
    g_test_add_func("/flow/pieces_are_refused_when_repeated_or_senseless",
                    pieces_are_refused_when_repeated_or_senseless);
    g_test_add_func("/flow/a_full_chart_takes_no_more", a_full_chart_takes_no_more);
    g_test_add_func("/flow/sealing_refuses_what_only_the_whole_shows",
                    sealing_refuses_what_only_the_whole_shows);
    g_test_add_func("/flow/an_expiry_event_must_be_awaited_from_the_system",
                    an_expiry_event_must_be_awaited_from_the_system);
    g_test_add_func("/flow/a_refused_chart_may_be_mended_and_a_sealed_one_not",
                    a_refused_chart_may_be_mended_and_a_sealed_one_not);
    g_test_add_func("/flow/a_task_follows_the_one_table", a_task_follows_the_one_table);
    return g_test_run();
}
