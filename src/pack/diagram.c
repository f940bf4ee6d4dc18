/* diagram.c - from a procedure to a drawing: which boxes, which lines, which words. Transitions between the
 * same two states share one line; an event that leads to one state from many starts at a sign of its own
 * instead of drawing a line from each. Where all that lies is engine/draw's business. */
#include "pack/inside.h"
#include <string.h>

#define MANY 3
#define CONDITIONS_MOST 560.0 /* about four lines */
typedef struct {
    char *event, *whole;           /* whole: all its conditions, when only that there are some is drawn */
    GPtrArray *conditions, *deeds; /* char *, owned */
    gboolean always;               /* it leads there without a condition too: then none is said */
} Saying;

typedef struct {
    int from, to;
    GPtrArray *sayings, *refs; /* Saying, char *: owned */
} Way;

typedef struct {
    const Pack *pack;
    const char *lang;
    gboolean zh;
    Draw *draw;
    int *node;         /* by state of the chart */
    GHashTable *signs; /* "a|b|c" or "*" -> node + 1 */
    GPtrArray *ways;
} Making;

static void saying_free(gpointer data)
{
    Saying *saying = data;
    g_free(saying->event);
    g_free(saying->whole);
    g_ptr_array_unref(saying->conditions);
    g_ptr_array_unref(saying->deeds);
    g_free(saying);
}

static void way_free(gpointer data)
{
    Way *way = data;
    g_ptr_array_unref(way->sayings);
    g_ptr_array_unref(way->refs);
    g_free(way);
}

static void add_once(GPtrArray *texts, const char *text)
{
    if (!g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
        g_ptr_array_add(texts, g_strdup(text));
}

static Way *way_between(Making *m, int from, int to)
{
    for (guint i = 0; i < m->ways->len; i++) {
        Way *way = m->ways->pdata[i];
        if (way->from == from && way->to == to) return way;
    }
    Way *way = g_new0(Way, 1);
    way->from = from;
    way->to = to;
    way->sayings = g_ptr_array_new_with_free_func(saying_free);
    way->refs = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(m->ways, way);
    return way;
}

/* ---- boxes ---- */
static char *span(Making *m, gint64 ms, BaseMeasure measure)
{
    const gint64 minutes = ms / BASE_MINUTE, hours = minutes / 60, days = hours / 24;
    const gboolean day = hours % 24 == 0 && days > 0 && measure != BASE_MEASURE_OFFICE,
                   hour = minutes % 60 == 0 && hours > 0;
    const gint64 n = day ? days : hour ? hours : minutes;
    const char *work = measure == BASE_MEASURE_NATURAL ? "" : m->zh ? "工作" : "working ";
    const char *unit = day    ? (m->zh ? (measure == BASE_MEASURE_WORKDAY ? "日" : "天") : "d")
                       : hour ? (m->zh ? "小时" : "h")
                              : (m->zh ? "分钟" : "min");
    return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, work, unit);
}

static void add_clocks(Making *m, int state)
{
    const FlowChart *chart = m->pack->chart;
    for (int i = 0; i < flow_chart_clocks(chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(chart, i);
        if (!def->run_in || !g_strv_contains(def->run_in, flow_chart_state_id(chart, state))) continue;
        const char *title = pack_clock_title(m->pack, def->id, m->lang);
        g_autofree char *budget = span(m, def->budget, def->measure),
                        *text = g_strdup_printf("◷ %s %s", title, budget),
                        *most = g_strdup_printf(m->zh ? "◷ %s 还剩 99天23时" : "◷ %s 99 d 23 h left", title);
        draw_line(m->draw, m->node[state], &(DrawLine){ DRAW_CLOCK, text, def->id, title, most });
    }
}

/* A task is in hand where an event of the state says what becomes of it. */
static gboolean task_in(const FlowChart *chart, int state, int task)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        const FlowTransition t = flow_chart_transition_at(chart, i);
        for (gsize k = 0; t.from == state && k < t.n_actions; k++) {
            const FlowEffect *effect = &t.actions[k];
            const FlowTaskState to = effect->task_state;
            if (effect->kind == FLOW_DO_TASK && effect->index == task &&
                (to == FLOW_TASK_ACCEPTED || to == FLOW_TASK_DONE || to == FLOW_TASK_REASSIGNED))
                return TRUE;
        }
    }
    return FALSE;
}

static void add_tasks(Making *m, int state)
{
    for (int i = 0; i < flow_chart_tasks(m->pack->chart); i++) {
        if (!task_in(m->pack->chart, state, i)) continue;
        const char *id = flow_chart_task_id(m->pack->chart, i),
                   *title = pack_task_title(m->pack, id, m->lang);
        g_autofree char *text = g_strdup_printf(m->zh ? "▸ 任务：%s" : "▸ Task: %s", title),
                        *most = g_strdup_printf(m->zh ? "▸ %s（办理中）" : "▸ %s (accepted)", title);
        draw_line(m->draw, m->node[state], &(DrawLine){ DRAW_TASK, text, id, title, most });
    }
}

static DrawKind kind_of(const FlowChart *chart, int state)
{
    switch (flow_chart_state_def(chart, state)->kind) {
    case FLOW_STATE_PARALLEL:
        return DRAW_PARALLEL;
    case FLOW_STATE_FINAL:
        return DRAW_FINAL;
    case FLOW_STATE_SHALLOW:
    case FLOW_STATE_DEEP:
        return DRAW_HISTORY;
    default:
        return DRAW_PLAIN;
    }
}

static void add_note(Making *m, int state, FlowOn when, const char *zh, const char *en)
{
    gsize n = 0;
    const FlowEffect *effect = flow_chart_on_actions(m->pack->chart, state, when, &n);
    for (gsize i = 0; i < n; i++) {
        const char *what = NULL, *before = m->zh ? zh : en;
        if (effect[i].kind == FLOW_DO_CLOCK) {
            what =
                pack_clock_title(m->pack, flow_chart_clock_def(m->pack->chart, effect[i].index)->id, m->lang);
            const gboolean start = effect[i].clock_deed == FLOW_CLOCK_START;
            g_autofree char *text =
                g_strdup_printf(m->zh ? "%s：%s计时「%s」" : "%s: %s clock “%s”", before,
                                start ? (m->zh ? "开始" : "start") : (m->zh ? "变更" : "change"), what);
            draw_line(m->draw, m->node[state], &(DrawLine){ .kind = DRAW_NOTE, .text = text });
        } else if (effect[i].kind == FLOW_DO_RATE) {
            g_autofree char *text = g_strdup_printf(m->zh ? "%s：邀请评价" : "%s: ask for a rating", before);
            draw_line(m->draw, m->node[state], &(DrawLine){ .kind = DRAW_NOTE, .text = text });
        }
        g_autofree char *deed = pack_deed_words(m->pack, &effect[i], m->lang);
        if (deed) {
            g_autofree char *text = g_strdup_printf(m->zh ? "%s：%s" : "%s: %s", before, deed);
            draw_line(m->draw, m->node[state], &(DrawLine){ .kind = DRAW_NOTE, .text = text });
        }
    }
}

static void add_states(Making *m)
{
    const FlowChart *chart = m->pack->chart;
    const int dot = draw_node(m->draw, &(DrawNode){ ".", "", DRAW_INITIAL, -1 });
    m->node = g_new(int, (gsize)flow_chart_states(chart) + 1);
    for (int i = 0; i < flow_chart_states(chart); i++) {
        const char *id = flow_chart_state_id(chart, i);
        const int parent = flow_chart_state_parent(chart, i);
        m->node[i] = draw_node(m->draw, &(DrawNode){ id, pack_state_title(m->pack, id, m->lang),
                                                     kind_of(chart, i), parent < 0 ? -1 : m->node[parent] });
        add_clocks(m, i);
        add_tasks(m, i);
        add_note(m, i, FLOW_ON_ENTRY, "进入时", "On entry");
        add_note(m, i, FLOW_ON_EXIT, "离开时", "On leaving");
    }
    draw_edge(m->draw, &(DrawEdge){ .from = dot, .to = m->node[0] });
}

/* ---- lines ---- */
static gboolean same_goal(const FlowTransition *a, const FlowTransition *b)
{
    return a->to == b->to && g_strcmp0(a->event, b->event) == 0;
}

/* Several states of one box that one event leads out of: "a|b|c", or "*"; NULL: draw from the state itself.
 */
static char *sign_key(const Making *m, const FlowTransition *t, int *n)
{
    const FlowChart *chart = m->pack->chart;
    g_autoptr(GString) key = g_string_new(NULL);
    *n = 0;
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        const FlowTransition o = flow_chart_transition_at(chart, i);
        if (!same_goal(t, &o) || o.from == o.to ||
            flow_chart_state_parent(chart, o.from) != flow_chart_state_parent(chart, t->from))
            continue;
        if (o.everywhere) return g_strdup("*");
        g_autofree char *one = g_strdup_printf("|%s|", flow_chart_state_id(chart, o.from));
        if (!strstr(key->str, one)) {
            g_string_append(key, one);
            (*n)++;
        }
    }
    return *n >= MANY ? g_strdup(key->str) : NULL;
}

static int sign_of(Making *m, const FlowTransition *t)
{
    int n;
    g_autofree char *key = sign_key(m, t, &n);
    if (!key || t->from == t->to || t->to < 0) return m->node[t->from];
    const gboolean any = *key == '*';
    gpointer known = g_hash_table_lookup(m->signs, key);
    if (known) return GPOINTER_TO_INT(known) - 1;
    g_autofree char *title = any ? g_strdup(m->zh ? "任一未结环节" : "any open step")
                                 : g_strdup_printf(m->zh ? "其中 %d 个环节" : "any of %d steps", n);
    g_autofree char *id = g_strconcat("*", any ? "" : key, NULL);
    const int parent = flow_chart_state_parent(m->pack->chart, t->from);
    const int node =
        draw_node(m->draw, &(DrawNode){ id, title, DRAW_SIGN, parent < 0 ? -1 : m->node[parent] });
    if (!any) { /* which ones */
        g_auto(GStrv) ids = g_strsplit(key, "|", -1);
        for (char **one = ids; *one; one++) {
            if (**one)
                draw_line(
                    m->draw, node,
                    &(DrawLine){ DRAW_NOTE, pack_state_title(m->pack, *one, m->lang), *one, NULL, NULL });
        }
    }
    g_hash_table_insert(m->signs, g_strdup(key), GINT_TO_POINTER(node + 1));
    return node;
}

static Saying *saying_of(Way *way, const char *event)
{
    for (guint i = 0; i < way->sayings->len; i++) {
        Saying *saying = way->sayings->pdata[i];
        if (strcmp(saying->event, event) == 0) return saying;
    }
    Saying *saying = g_new0(Saying, 1);
    saying->event = g_strdup(event);
    saying->conditions = g_ptr_array_new_with_free_func(g_free);
    saying->deeds = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(way->sayings, saying);
    return saying;
}

static void say_it(const Making *m, Way *way, const FlowTransition *t)
{
    const char *event =
        !t->event ? (m->zh ? "自动" : "at once") : pack_event_title(m->pack, t->event, m->lang);
    Saying *saying = saying_of(way, event);
    saying->always = saying->always || !t->guard;
    for (gsize k = 0; k < t->n_actions; k++) {
        g_autofree char *deed = pack_deed_words(m->pack, &t->actions[k], m->lang);
        if (deed) add_once(saying->deeds, deed);
    }
    if (!t->guard) return;
    g_autofree char *words = pack_words(m->pack, t->guard, m->lang), *text = g_strdup_printf("[%s]", words);
    add_once(saying->conditions, text);
}

/* "from>to", then the events that lead there; none: it goes by itself. From "*": from anywhere. */
static char *ref_of(const FlowChart *chart, const FlowTransition *t, int to)
{
    g_autofree char *events = g_strjoinv(" ", (char **)t->events);
    return g_strconcat(t->everywhere ? "*" : flow_chart_state_id(chart, t->from), ">",
                       flow_chart_state_id(chart, to), *events ? " " : "", events, NULL);
}

static void add_transition(Making *m, const FlowTransition *t)
{
    const FlowChart *chart = m->pack->chart;
    const int from = sign_of(m, t);
    for (gsize i = 0; i < MAX(t->n_targets, 1); i++) {
        const int to = t->n_targets ? t->targets[i] : t->from;
        Way *way = way_between(m, from, m->node[to]);
        g_autofree char *ref = ref_of(chart, t, to);
        if (i == 0) say_it(m, way, t);
        add_once(way->refs, ref);
    }
}

static void add_small(GArray *lines, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        const DrawLine line = { .kind = DRAW_CONDITION, .text = texts->pdata[i] };
        g_array_append_val(lines, line);
    }
}

/* Conditions; when they are too long to be read at a line, that there are some. */
static void add_conditions(GArray *lines, const Making *m, Saying *saying)
{
    double width = 0;
    for (guint i = 0; i < saying->conditions->len; i++) {
        width += draw_text_width(saying->conditions->pdata[i], 10.5);
    }
    if (width <= CONDITIONS_MOST) {
        add_small(lines, saying->conditions);
        return;
    }
    g_ptr_array_add(saying->conditions, NULL);
    saying->whole = g_strjoinv(m->zh ? " 或 " : " or ", (char **)saying->conditions->pdata);
    const DrawLine line = { .kind = DRAW_CONDITION,
                            .text = m->zh ? "[有条件]" : "[under conditions]",
                            .name = saying->whole };
    g_array_append_val(lines, line);
}

/* Every event with its own conditions and deeds beneath it. */
static GArray *lines_of(const Making *m, const Way *way)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(DrawLine));
    for (guint i = 0; i < way->sayings->len; i++) {
        Saying *saying = way->sayings->pdata[i];
        const DrawLine event = { .kind = DRAW_EVENT, .text = saying->event };
        g_array_append_val(lines, event);
        if (!saying->always) add_conditions(lines, m, saying);
        add_small(lines, saying->deeds);
    }
    return lines;
}

static void add_ways(Making *m)
{
    for (guint i = 0; i < m->ways->len; i++) {
        Way *way = m->ways->pdata[i];
        g_autoptr(GArray) lines = lines_of(m, way);
        g_ptr_array_add(way->refs, NULL);
        draw_edge(m->draw, &(DrawEdge){ way->from, way->to, (const DrawLine *)(gpointer)lines->data,
                                        lines->len, (const char *const *)way->refs->pdata });
    }
}

Draw *pack_diagram(const Pack *pack, const char *lang)
{
    Making m = { .pack = pack, .lang = lang, .zh = strcmp(lang, "en") != 0, .draw = draw_new() };
    const DrawWords words = { m.zh ? "本段任一环节" : "any step here", m.zh ? "重新进入 " : "again: " };
    m.signs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m.ways = g_ptr_array_new_with_free_func(way_free);
    add_states(&m);
    for (gsize i = 0; i < flow_chart_transitions(pack->chart); i++) {
        const FlowTransition t = flow_chart_transition_at(pack->chart, i);
        const gboolean stays = t.to < 0 || t.to == t.from; /* opening where it begins is told by the dot */
        if (!stays || g_strcmp0(t.event, "opened") != 0) add_transition(&m, &t);
    }
    add_ways(&m);
    draw_place(m.draw, &words);
    g_ptr_array_unref(m.ways);
    g_hash_table_unref(m.signs);
    g_free(m.node);
    return m.draw;
}

char *pack_diagram_svg(const Pack *pack, const char *lang)
{
    const gboolean zh = strcmp(lang, "en") != 0;
    g_autoptr(Draw) draw = pack_diagram(pack, lang);
    g_autofree char *title = g_strdup_printf(zh ? "%s · 办理流程" : "%s: procedure", pack_title(pack, lang)),
                    *description =
                        g_strdup_printf(zh ? "“%s”的状态图，共 %d 个状态" : "State chart of “%s”, %d states",
                                        pack_title(pack, lang), flow_chart_states(pack->chart)),
                    *footer = g_strdup_printf(zh ? "版本 %.12s" : "version %.12s", pack_version(pack));
    const DrawSvg svg = { .title = title,
                          .description = description,
                          .footer = footer,
                          .legend = { { "initial", zh ? "由此开始" : "begins here" },
                                      { "plain", zh ? "环节" : "a step" },
                                      { "final", zh ? "办结" : "the end" },
                                      { "sign", zh ? "代表多个环节" : "stands for several steps" },
                                      { "clock", zh ? "在此计时的时限" : "a clock that runs here" },
                                      { "stay", zh ? "办后仍在原环节" : "stays in its step" } },
                          .n_legend = 6 };
    return draw_svg(draw, &svg);
}
