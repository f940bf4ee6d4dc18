/* fire_test.c - events at a case: which transition is chosen, what it makes due, and that a refusal changes
 * nothing. */
#include "engine/flow/flow_test.h"

/* A work order in small: two clocks, one task. */
static Desk order_desk(void)
{
    static const char *const working[] = { "offered", "handling", NULL };
    Desk d = desk_new();
    states(&d, "draft offered handling held replied closed*");
    FlowClockDef clocks[] = {
        { .id = "resident", .budget = 10 * BASE_HOUR, .calendar = d.always, .resident = TRUE },
        { .id = "work", .budget = 2 * BASE_HOUR, .calendar = d.always, .run_in = working },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++)
        g_assert_true(flow_chart_clock(d.chart, &clocks[i], NULL));
    g_assert_true(flow_chart_task(d.chart, "handle", "handler", NULL));
    static const char *const lines[] = {
        "draft -> offered : submit by operator / assign(route), start(resident), start(work), task(handle)",
        "offered -> handling : signin by handler / accept(handle)",
        "offered -> draft : return [n < 2] by handler / return(handle), stop(work), set(n, coalesce(n, 0) + "
        "1)",
        "offered -> closed : return [n = 2] by handler",
        "handling -> held : hold by handler",
        "held -> handling : go_on by handler|officer",
        "handling -> replied : reply [word IS NOT NULL] by handler / needs(flag, share, phone), "
        "done(handle), notice(reply)",
        "replied -> handling : callback [flag = false] by callcentre / start(work), task(handle)",
        "replied -> closed : callback [flag = true] by callcentre / needs(flag), verify(handle), rate, "
        "engine(measure, count)",
        "* -> closed : cancel by officer / set(share, 1), set(word, 'cancelled')",
        "* -> closed : spoil by officer / set(word, n + 1)",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        line(&d, lines[i]);
    seal(&d);
    return d;
}

typedef struct {
    const char *event, *role;
    const char *facts; /* "n=1 flag=true word=x share"; a name alone: some value */
    const char *want;  /* effects, or "!" and the beginning of the refusal */
    const char *state;
    int code;
} Step;

static void read_facts(const Desk *d, const char *facts, RuleValue *row)
{
    for (int i = 0; i < DESK_COLUMNS; i++)
        row[i] = (RuleValue){ .type = RULE_NULL };
    g_auto(GStrv) each = g_strsplit(facts ? facts : "", " ", -1);
    for (gsize i = 0; each[i]; i++) {
        if (g_str_has_prefix(each[i], "n="))
            row[d->n] = (RuleValue){ .type = RULE_INT, .integer = atoi(each[i] + 2) };
        if (g_str_has_prefix(each[i], "flag="))
            row[d->flag] = (RuleValue){ .type = RULE_BOOL, .boolean = g_str_has_suffix(each[i], "true") };
        if (g_str_has_prefix(each[i], "word")) row[d->word] = (RuleValue){ .type = RULE_TEXT, .text = "w" };
        if (g_str_has_prefix(each[i], "share"))
            row[d->word + 1] = (RuleValue){ .type = RULE_REAL, .real = 0.5 };
    }
}

static void take_step(const Desk *d, FlowCase *c, const Step *step, gint64 now)
{
    RuleValue row[DESK_COLUMNS];
    read_facts(d, step->facts, row);
    const char *const roles[] = { "nobody", step->role, NULL };
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_autoptr(GError) error = NULL;
    FlowCase before = *c;
    g_test_message("%s by %s", step->event, step->role);
    if (flow_fire(d->chart, c, step->event, roles, row, now, effects, &error)) {
        g_autofree char *got = write_effects(d->chart, effects);
        g_assert_cmpstr(got, ==, step->want);
    } else {
        g_test_message("  %s", error->message);
        g_assert_error(error, FLOW_ERROR, step->code);
        g_assert_cmpstr(error->message, ==, step->want + 1);
        g_assert_true(same_case(&before, c) && effects->len == 0);
    }
    g_assert_cmpstr(flow_chart_state_id(d->chart, flow_rest(d->chart, c)), ==, step->state);
    hold_sound(d->chart, c);
}

static void an_order_goes_through_its_procedure(void)
{
    static const Step steps[] = {
        /* clang-format off */
        { "signin",   "handler",    NULL,                "!signin is not awaited in state draft; awaited: submit, cancel, spoil", "draft", FLOW_ERROR_NOT_AWAITED },
        { "fly away", "handler",    NULL,                "!an event this procedure does not know is not awaited in state draft; awaited: submit, cancel, spoil", "draft", FLOW_ERROR_NOT_AWAITED },
        { "submit",   "handler",    NULL,                "!submit is awaited from operator, not from this role", "draft", FLOW_ERROR_ROLE },
        { "submit",   "operator",   NULL,                "assign route, start resident, start work, handle offered", "offered", 0 },
        { "return",   "handler",    "n=7",               "!return is awaited, but its condition is not met: [n < 2] nor [n = 2]", "offered", FLOW_ERROR_GUARD },
        { "return",   "operator",   "n=1",               "!return is awaited from handler, not from this role", "offered", FLOW_ERROR_ROLE },
        { "return",   "handler",    "n=1",               "handle returned, stop work, set 0 2", "draft", 0 },
        { "submit",   "operator",   NULL,                "assign route, start work, handle offered", "offered", 0 },
        { "signin",   "handler",    NULL,                "handle accepted", "handling", 0 },
        { "hold",     "handler",    NULL,                "pause work", "held", 0 },
        { "go_on",    "clerk",      NULL,                "!go_on is awaited from handler or officer, not from this role", "held", FLOW_ERROR_ROLE },
        { "go_on",    "officer",    NULL,                "resume work", "handling", 0 },
        { "reply",    "handler",    NULL,                "!reply is awaited, but its condition is not met: [word IS NOT NULL]", "handling", FLOW_ERROR_GUARD },
        { "reply",    "handler",    "word flag=true",    "!reply needs share", "handling", FLOW_ERROR_NEEDS },
        { "reply",    "handler",    "word",              "!reply needs flag, share", "handling", FLOW_ERROR_NEEDS },
        { "reply",    "handler",    "word flag=true share", "handle done, notice reply, pause work", "replied", 0 },
        { "callback", "callcentre", "flag=false",        "start work, handle offered", "handling", 0 },
        { "signin",   "handler",    NULL,                "!signin is not awaited in state handling; awaited: hold, reply, cancel, spoil", "handling", FLOW_ERROR_NOT_AWAITED },
        { "reply",    "handler",    "word flag=true share", "!task handle is offered and cannot become done", "handling", FLOW_ERROR_TASK },
        { "spoil",    "officer",    "n=1",               "!set(word, n + 1) gives an integer, but the field holds a text", "handling", FLOW_ERROR_CHART },
        { "cancel",   "officer",    NULL,                "set 3 1, set 2 cancelled, stop resident, stop work, handle lapsed", "closed", 0 },
        { "cancel",   "officer",    NULL,                "!cancel: state closed is final and awaits nothing", "closed", FLOW_ERROR_NOT_AWAITED },
        /* clang-format on */
    };
    g_auto(Desk) d = order_desk();
    FlowCase c = begun(d.chart);
    gint64 now = at("2026-11-23 09:00");
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        take_step(&d, &c, &steps[i], now += BASE_MINUTE);
    g_assert_cmpuint(c.task[0].generation, ==, 3);
}

static void the_way_to_a_rating(void)
{
    static const Step steps[] = {
        { "submit", "operator", NULL, "assign route, start resident, start work, handle offered", "offered",
          0 },
        { "signin", "handler", NULL, "handle accepted", "handling", 0 },
        { "reply", "handler", "word flag=true share", "handle done, notice reply, pause work", "replied", 0 },
        { "callback", "callcentre", NULL,
          "!callback is awaited, but its condition is not met: [flag = false] nor [flag = true]", "replied",
          FLOW_ERROR_GUARD },
        { "callback", "callcentre", "flag=true",
          "handle verified, rate, engine measure count, stop resident, stop work", "closed", 0 },
    };
    g_auto(Desk) d = order_desk();
    FlowCase c = begun(d.chart);
    gint64 now = at("2026-11-23 09:00");
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        take_step(&d, &c, &steps[i], now += BASE_MINUTE);
}

static void offers_are_what_the_role_could_do_now(void)
{
    static const struct {
        const char *name;
        int state;
        const char *role, *facts, *want; /* events and targets */
    } table[] = {
        { "one event", 0, "operator", NULL, "submit>offered" },
        { "none for this role", 0, "handler", NULL, "" },
        { "everywhere but at the end", 2, "officer", NULL, "cancel>closed spoil>closed" },
        { "nothing at the end", 5, "officer", NULL, "" },
        { "condition holds", 1, "handler", "n=1", "signin>handling return>draft" },
        { "another condition holds", 1, "handler", "n=2", "signin>handling return>closed" },
        { "no condition holds", 1, "handler", NULL, "signin>handling" },
        { "waits for what the event brings", 4, "callcentre", NULL, "callback>closed" },
        { "the first that holds takes it", 4, "callcentre", "flag=false", "callback>handling" },
    };
    g_auto(Desk) d = order_desk();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        FlowCase c = in_states(d.chart, flow_chart_state_id(d.chart, table[i].state));
        RuleValue row[DESK_COLUMNS];
        read_facts(&d, table[i].facts, row);
        const char *const roles[] = { table[i].role, NULL };
        g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(gsize));
        flow_offers(d.chart, &c, roles, row, out);
        g_autoptr(GString) got = g_string_new(NULL);
        for (guint n = 0; n < out->len; n++) {
            FlowTransition t = flow_chart_transition_at(d.chart, g_array_index(out, gsize, n));
            g_string_append_printf(got, "%s%s>%s", n ? " " : "", t.event, flow_chart_state_id(d.chart, t.to));
        }
        g_assert_cmpstr(got->str, ==, table[i].want);
    }
}

static void somebody_without_roles_may_nothing(void)
{
    g_auto(Desk) d = order_desk();
    RuleValue row[DESK_COLUMNS];
    read_facts(&d, NULL, row);
    FlowCase c = begun(d.chart);
    static const char *const none[] = { NULL };
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_assert_false(flow_fire(d.chart, &c, "submit", none, row, 0, effects, NULL));
    g_assert_false(flow_fire(d.chart, &c, "submit", NULL, row, 0, effects, NULL));
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(gsize));
    flow_offers(d.chart, &c, NULL, row, out);
    g_assert_cmpuint(out->len, ==, 0);
}

static void unsound_cases_are_told(void)
{
    static const FlowClock running = { .state = FLOW_CLOCK_RUNNING, .budget = 1, .started = 1 };
    static const struct {
        const char *want;
        FlowCase c;
    } table[] = {
        /* clang-format off */
        { "0:", { .active = {{ 1 << 6 }} } },
        { "1:", { .active = {{ 1 << 5 }}, .clock[0] = { .state = FLOW_CLOCK_RUNNING, .budget = 1 } } },
        { "1:", { .active = {{ 1 << 5 }}, .task[0] = { FLOW_TASK_OFFERED, 1 } } },
        { "2:", { .active = {{ 1 << 3 }}, .clock[1] = { .state = FLOW_CLOCK_RUNNING, .budget = 1 } } },
        { "2:", { .active = {{ 1 << 2 }}, .clock[1] = { .state = FLOW_CLOCK_PAUSED, .budget = 1 } } },
        { "3:", { .active = {{ 1 << 2 }}, .task[0] = { FLOW_TASK_OFFERED, 0 } } },
        { "3:", { .active = {{ 1 << 2 }}, .task[1] = { FLOW_TASK_DONE, 1 } } },
        { "4:", { .active = {{ 1 << 2 }}, .clock[0] = { .consumed = 1 } } },
        { "5:", { .active = {{ 1 << 2 }}, .clock[0] = { .state = FLOW_CLOCK_RUNNING } } },
        { "5:", { .active = {{ 1 << 2 }}, .clock[0] = { .state = FLOW_CLOCK_RUNNING, .budget = 1, .rung = 1 } } },
        { "7:", { .active = {{ 1 << 2 }}, .clock[0] = { .state = FLOW_CLOCK_PAUSED, .budget = 1, .consumed = 1 } } },
        /* clang-format on */
    };
    g_auto(Desk) d = order_desk();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        const char *why;
        g_assert_false(flow_sound(d.chart, &table[i].c, &why));
        g_test_message("%s", why);
        g_assert_true(g_str_has_prefix(why, table[i].want));
    }
    FlowCase good = { .active = { { 1 << 2 } }, .clock[0] = running };
    hold_sound(d.chart, &good);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/an_order_goes_through_its_procedure", an_order_goes_through_its_procedure);
    g_test_add_func("/flow/the_way_to_a_rating", the_way_to_a_rating);
    g_test_add_func("/flow/offers_are_what_the_role_could_do_now", offers_are_what_the_role_could_do_now);
    g_test_add_func("/flow/somebody_without_roles_may_nothing", somebody_without_roles_may_nothing);
    g_test_add_func("/flow/unsound_cases_are_told", unsound_cases_are_told);
    return g_test_run();
}
