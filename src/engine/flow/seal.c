/* seal.c - makes of the pieces what flow_fire looks into: the tree, what each transition leaves and enters,
 * and the table state x event -> transitions. Whether the whole is sound is judge.c's to say. */
#include "engine/flow/chart.h"
#include <string.h>

/* ---- events ---- */

static guint event_number(FlowChart *chart, const char *event)
{
    gpointer known = g_hash_table_lookup(chart->event_number, event);
    if (known) return GPOINTER_TO_UINT(known);
    g_ptr_array_add(chart->events, (gpointer)event);
    g_hash_table_insert(chart->event_number, (gpointer)event, GUINT_TO_POINTER(chart->events->len - 1));
    return chart->events->len - 1;
}

/* "e.*" is "e"; "*" takes what nobody knows, too. */
static guint descriptor_number(FlowChart *chart, const char *descriptor)
{
    if (g_str_equal(descriptor, "*")) return CHART_UNKNOWN;
    if (!g_str_has_suffix(descriptor, ".*")) return event_number(chart, descriptor);
    return event_number(chart, chart_keep(chart, descriptor, strlen(descriptor) - 2));
}

static void number_events(FlowChart *chart)
{
    g_ptr_array_set_size(chart->events, 0);
    g_hash_table_remove_all(chart->event_number);
    g_ptr_array_add(chart->events, (gpointer) "auto");
    g_ptr_array_add(chart->events, (gpointer) "*");
    chart->has_auto = FALSE;
    for (guint i = 0; i < chart->deeds->len; i++) {
        ChartDeed *deed = chart->deeds->pdata[i];
        g_array_set_size(deed->numbers, 0);
        chart->has_auto |= !deed->events->pdata[0];
        for (char **event = (char **)deed->events->pdata; *event; event++) {
            guint number = descriptor_number(chart, *event);
            g_array_append_val(deed->numbers, number);
        }
    }
}

guint chart_event(const FlowChart *chart, const char *event)
{
    gpointer known = g_hash_table_lookup(chart->event_number, event);
    if (known) return GPOINTER_TO_UINT(known);
    g_autofree char *part = g_strdup(event);
    for (char *dot = strrchr(part, '.'); dot; dot = strrchr(part, '.')) {
        *dot = '\0';
        known = g_hash_table_lookup(chart->event_number, part);
        if (known) return GPOINTER_TO_UINT(known);
    }
    return CHART_UNKNOWN;
}

gboolean chart_takes(const ChartDeed *deed, const char *event)
{
    for (char **name = (char **)deed->events->pdata; *name; name++) {
        gsize n = strlen(*name);
        if (g_str_has_suffix(*name, ".*")) n -= 2;
        if (g_str_equal(*name, "*") || (!strncmp(event, *name, n) && (!event[n] || event[n] == '.')))
            return TRUE;
    }
    return FALSE;
}

/* ---- the table ---- */

/* Marks the numbers of descriptors that take this event: itself, what it begins with, and "*". */
static void mark_descriptors(const FlowChart *chart, guint event, gboolean *takes)
{
    memset(takes, 0, chart->events->len * sizeof *takes);
    takes[event] = TRUE;
    if (event == CHART_AUTO) return;
    takes[CHART_UNKNOWN] = TRUE;
    const char *name = chart->events->pdata[event];
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        g_autofree char *part = g_strndup(name, (gsize)(dot - name));
        gpointer known = g_hash_table_lookup(chart->event_number, part);
        if (known) takes[GPOINTER_TO_UINT(known)] = TRUE;
    }
}

static gboolean takes_any(const ChartDeed *deed, guint event, const gboolean *takes)
{
    if (event == CHART_AUTO) return deed->numbers->len == 0;
    for (guint i = 0; i < deed->numbers->len; i++) {
        if (takes[g_array_index(deed->numbers, guint, i)]) return TRUE;
    }
    return FALSE;
}

/* The cells of one event, state by state: a pass that counts, one that fills. */
static void index_event(FlowChart *chart, guint event, const gboolean *takes)
{
    guint n_events = chart->events->len, base = chart->order->len;
#define CELL(state) g_array_index(chart->cells, ChartCell, (guint)(state)*n_events + event)
    for (guint i = 0; i < chart->transitions->len; i++)
        CELL(CHART_TRANSITION(chart, i).from).n += takes_any(CHART_TRANSITION(chart, i).deed, event, takes);
    for (guint s = 0; s < chart->states->len; s++) {
        CELL(s).first = base;
        base += CELL(s).n;
        CELL(s).n = 0;
    }
    g_array_set_size(chart->order, base);
    for (guint i = 0; i < chart->transitions->len; i++) {
        if (!takes_any(CHART_TRANSITION(chart, i).deed, event, takes)) continue;
        ChartCell *cell = &CELL(CHART_TRANSITION(chart, i).from);
        g_array_index(chart->order, guint, cell->first + cell->n++) = i;
    }
#undef CELL
}

static void make_table(FlowChart *chart)
{
    number_events(chart);
    g_array_set_size(chart->order, 0);
    g_array_set_size(chart->cells, 0);
    g_array_set_size(chart->cells, chart->states->len * chart->events->len);
    g_autofree gboolean *takes = g_new0(gboolean, chart->events->len);
    for (guint event = 0; event < chart->events->len; event++) {
        mark_descriptors(chart, event, takes);
        index_event(chart, event, takes);
    }
}

static void make_rest(FlowChart *chart)
{
    gpointer system = g_hash_table_lookup(chart->role_bit, "system");
    chart->system = system ? (guint64)1 << (GPOINTER_TO_UINT(system) - 1) : 0;
    chart->event_column = rule_schema_find(chart->schema, "event");
    if (chart->event_column >= 0 && rule_schema_type(chart->schema, chart->event_column) != RULE_TEXT)
        chart->event_column = -1;
    chart->awaits_error = FALSE;
    for (guint i = 0; i < chart->deeds->len; i++)
        chart->awaits_error |= chart_takes(chart->deeds->pdata[i], "error.execution");
    for (guint i = 0; i < chart->transitions->len; i++)
        chart_make_transition(chart, &CHART_TRANSITION(chart, i));
}

gboolean flow_chart_seal(FlowChart *chart, GError **error)
{
    if (!chart_still_open(chart, error)) return FALSE;
    chart->blame = (FlowBlame){ -1, -1, -1 };
    if (!chart->states->len) return chart_refuse(error, "procedure %s: it has no state", chart->id);
    g_autoptr(GError) inner = NULL;
    if (!chart_tree_make(chart, &inner))
        return chart_refuse(error, "procedure %s: %s", chart->id, inner->message);
    make_table(chart);
    make_rest(chart);
    chart->sealed = chart_judge(chart, &chart->blame, error);
    return chart->sealed;
}

FlowBlame flow_chart_blame(const FlowChart *chart)
{
    return chart->blame;
}
