/* states.c - the configuration of a case: where it rests, whether it has ended, and as text. */
#include "engine/flow/chart.h"
#include <string.h>

gboolean flow_active(const FlowChart *chart, const FlowCase *c, int state)
{
    return state >= 0 && state < flow_chart_states(chart) && flow_set_has(&c->active, state);
}

gboolean flow_ended(const FlowChart *chart, const FlowCase *c)
{
    return set_meet(&c->active, &chart->ends);
}

int flow_rest(const FlowChart *chart, const FlowCase *c)
{
    FlowSet leaves = set_both(&c->active, &chart->atomic);
    if (set_empty(&c->active)) return -1;
    SET_DOWN(&c->active, s)
    {
        FlowSet held = CHART_STATE(chart, s).below;
        set_put(&held, s);
        if (set_within(&leaves, &held)) return s;
    }
    g_return_val_if_reached(0);
}

static void write_set(const FlowChart *chart, const FlowSet *set, GString *out)
{
    const char *blank = "";
    SET_UP(set, s)
    {
        g_string_append_printf(out, "%s%s", blank, CHART_STATE(chart, s).def.id);
        blank = " ";
    }
}

void flow_states_write(const FlowChart *chart, const FlowCase *c, GString *out)
{
    FlowSet leaves = set_both(&c->active, &chart->atomic);
    write_set(chart, &leaves, out);
    for (int h = 0; h < chart->histories; h++) {
        if (set_empty(&c->remembered[h])) continue;
        g_string_append_printf(out, "; %s = ", CHART_STATE(chart, chart->history[h]).def.id);
        write_set(chart, &c->remembered[h], out);
    }
}

static gboolean read_set(const FlowChart *chart, char *text, FlowSet *set)
{
    g_auto(GStrv) ids = g_strsplit(g_strstrip(text), " ", -1);
    for (gsize i = 0; ids[i]; i++) {
        int state = flow_chart_state_find(chart, ids[i]);
        if (state < 0 || flow_set_has(set, state)) return FALSE;
        set_put(set, state);
    }
    return !set_empty(set);
}

static gboolean read_memory(const FlowChart *chart, char *text, FlowSet *remembered)
{
    char *equals = strchr(text, '=');
    if (!equals) return FALSE;
    *equals = '\0';
    int state = flow_chart_state_find(chart, g_strstrip(text));
    int h = state < 0 ? -1 : CHART_STATE(chart, state).history;
    return h >= 0 && set_empty(&remembered[h]) && read_set(chart, equals + 1, &remembered[h]) &&
           !chart_memory_lawful(chart, &remembered[h], h);
}

gboolean flow_states_read(const FlowChart *chart, const char *text, FlowCase *c)
{
    FlowSet leaves = { { 0 } }, remembered[FLOW_MAX_HISTORIES] = { { { 0 } } };
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    if (!parts[0] || !read_set(chart, parts[0], &leaves) || !set_within(&leaves, &chart->atomic))
        return FALSE;
    for (gsize i = 1; parts[i]; i++) {
        if (!read_memory(chart, parts[i], remembered)) return FALSE;
    }
    FlowSet active = leaves;
    SET_UP(&leaves, leaf) set_add(&active, &CHART_STATE(chart, leaf).above);
    if (chart_lawful(chart, &active, -1)) return FALSE;
    c->active = active;
    memcpy(c->remembered, remembered, sizeof remembered);
    return TRUE;
}
