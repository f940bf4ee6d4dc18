/* flow_line_fuzz.c - any bytes as a line of a procedure: refused with a column, or kept so that every part of
 * it can be read back. */
#include "engine/flow/flow.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static gboolean put_states(FlowChart *chart)
{
    const FlowStateDef defs[] = { { .id = "a" },
                                  { .id = "p", .kind = FLOW_STATE_PARALLEL },
                                  { .id = "r", .parent = "p" },
                                  { .id = "r1", .parent = "r" },
                                  { .id = "h", .parent = "r", .kind = FLOW_STATE_DEEP },
                                  { .id = "s", .parent = "p" },
                                  { .id = "z", .kind = FLOW_STATE_FINAL } };
    for (gsize i = 0; i < G_N_ELEMENTS(defs); i++) {
        if (!flow_chart_state(chart, &defs[i], NULL)) return FALSE;
    }
    return TRUE;
}

static FlowChart *chart_for(const RuleSchema *schema, const BaseCalendar *calendar)
{
    FlowChart *chart = flow_chart_new("fuzz", schema);
    FlowClockDef clock = { .id = "k", .budget = BASE_HOUR, .calendar = calendar };
    g_assert_true(put_states(chart) && flow_chart_clock(chart, &clock, NULL) &&
                  flow_chart_task(chart, "t", "unit", NULL));
    return chart;
}

static void read_back(const FlowChart *chart)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        g_assert_true(t.from >= 0 && t.from < 6 && t.to >= -1 && t.to < 7 && t.roles[0]);
        for (gsize n = 0; t.events[n]; n++)
            g_assert_true(*t.events[n]);
        for (gsize n = 0; t.needs[n]; n++)
            g_assert_true(*t.needs[n]);
        for (gsize a = 0; a < t.n_actions; a++)
            g_assert_true(t.actions[a].kind <= FLOW_DO_RAISE);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *line = g_strndup((const char *)data, size);
    g_autoptr(RuleSchema) schema = rule_schema_new();
    rule_schema_add(schema, "n", RULE_INT);
    rule_schema_add(schema, "text", RULE_TEXT);
    g_autoptr(BaseCalendar) calendar = base_calendar_new("all", NULL, 0, BASE_CHINA_OFFSET);
    g_autoptr(FlowChart) chart = chart_for(schema, calendar);
    g_autoptr(GError) error = NULL;
    if (flow_chart_transition(chart, line, &error))
        read_back(chart);
    else
        g_assert_true(g_str_has_prefix(error->message, "column ") ||
                      g_str_has_prefix(error->message, "byte "));
    return 0;
}
