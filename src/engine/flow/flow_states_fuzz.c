/* flow_states_fuzz.c - any bytes as the text of a configuration: refused, and the case untouched, or a lawful
 * one that is written and read back as it is. */
#include "engine/flow/flow.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static FlowChart *chart_for(const RuleSchema *schema)
{
    static const FlowStateDef defs[] = {
        { .id = "a", .suspended = TRUE },
        { .id = "p", .kind = FLOW_STATE_PARALLEL, .suspended = TRUE },
        { .id = "r", .parent = "p" },
        { .id = "r1", .parent = "r" },
        { .id = "r2", .parent = "r" },
        { .id = "h", .parent = "r", .kind = FLOW_STATE_SHALLOW },
        { .id = "s", .parent = "p" },
        { .id = "d", .parent = "p", .kind = FLOW_STATE_DEEP },
        { .id = "z", .kind = FLOW_STATE_FINAL },
    };
    static const char *const lines[] = { "a -> d : go", "a -> h : in", "r1 -> r2 : on", "p -> a : out",
                                         "* -> z : end" };
    FlowChart *chart = flow_chart_new("fuzz", schema);
    for (gsize i = 0; i < G_N_ELEMENTS(defs); i++)
        g_assert_true(flow_chart_state(chart, &defs[i], NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        g_assert_true(flow_chart_transition(chart, lines[i], NULL));
    g_assert_true(flow_chart_seal(chart, NULL));
    return chart;
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(RuleSchema) schema = rule_schema_new();
    g_autoptr(FlowChart) chart = chart_for(schema);
    FlowCase read = { 0 }, again = { 0 };
    const char *why;
    if (!flow_states_read(chart, text, &read)) {
        g_assert_cmpint(memcmp(&read, &again, sizeof read), ==, 0);
        return 0;
    }
    g_assert_true(flow_sound(chart, &read, &why));
    g_autoptr(GString) out = g_string_new(NULL);
    flow_states_write(chart, &read, out);
    g_assert_true(flow_states_read(chart, out->str, &again));
    g_assert_cmpint(memcmp(&read, &again, sizeof read), ==, 0);
    return 0;
}
