/* action.c - reads actions, "start(x), notice(y)", of a transition or of a state's entry, exit or beginning.
 */
#include "engine/flow/line.h"

typedef struct {
    const char *name;
    gboolean (*read)(Line *l, FlowEffect *effect);
    FlowEffectKind kind;
    int deed; /* FlowTaskState or FlowClockDeed */
} Action;

static void add(Line *l, const FlowEffect *effect, Rule *value)
{
    g_array_append_val(l->block->actions, *effect);
    g_ptr_array_add(l->block->values, value);
}

static char *ids_of(const FlowChart *chart, int n, const char *(*id)(const FlowChart *, int))
{
    g_autoptr(GString) list = g_string_new(n ? NULL : "(none)");
    for (int i = 0; i < n; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", id(chart, i));
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static const char *clock_id(const FlowChart *chart, int clock)
{
    return flow_chart_clock_def(chart, clock)->id;
}

static gboolean read_task(Line *l, FlowEffect *effect)
{
    const char *where, *id = line_word(l, "a task", &where);
    if (!id) return FALSE;
    effect->index = flow_chart_task_find(l->chart, id);
    if (effect->index < 0) {
        g_autofree char *known = ids_of(l->chart, flow_chart_tasks(l->chart), flow_chart_task_id);
        return line_refuse(l, where, "%s is no task of this procedure; its tasks: %s", id, known);
    }
    add(l, effect, NULL);
    return TRUE;
}

static gboolean deed_sound(const Line *l, const char *where, const FlowClockDef *def, FlowClockDeed deed)
{
    gboolean by_action = deed == FLOW_CLOCK_PAUSE || deed == FLOW_CLOCK_RESUME;
    if (by_action && def->run_in)
        return line_refuse(l, where, "clock %s lists its states in run_in; they alone pause and resume it",
                           def->id);
    if ((deed == FLOW_CLOCK_START || deed == FLOW_CLOCK_STOP) && def->task)
        return line_refuse(l, where,
                           "clock %s follows task %s, which alone starts and stops it; leave this out",
                           def->id, def->task);
    if (deed == FLOW_CLOCK_EXTEND && !def->extend_max)
        return line_refuse(l, where, "clock %s cannot be extended; give it an extension first", def->id);
    return TRUE;
}

static gboolean read_clock(Line *l, FlowEffect *effect)
{
    const char *where, *id = line_word(l, "a clock", &where);
    if (!id) return FALSE;
    effect->index = flow_chart_clock_find(l->chart, id);
    if (effect->index < 0) {
        g_autofree char *known = ids_of(l->chart, flow_chart_clocks(l->chart), clock_id);
        return line_refuse(l, where, "%s is no clock of this procedure; its clocks: %s", id, known);
    }
    if (!deed_sound(l, where, flow_chart_clock_def(l->chart, effect->index), effect->clock_deed))
        return FALSE;
    add(l, effect, NULL);
    return TRUE;
}

/* What stands in the parentheses of an action that is only told. */
static const struct {
    FlowEffectKind kind;
    const char *what, *what2, *shape; /* what2 NULL: one name */
} told[] = {
    { FLOW_DO_NOTICE, "a notice", NULL, NULL },
    { FLOW_DO_ASSIGN, "a decision", NULL, NULL },
    { FLOW_DO_DOCUMENT, "a template", NULL, NULL },
    { FLOW_DO_SIGN, "a list of signers", NULL, NULL },
    { FLOW_DO_LINK, "a kind of link", NULL, NULL },
    { FLOW_DO_RAISE, "an event", NULL, NULL },
    { FLOW_DO_ENGINE, "a stage", "a call", "engine(stage, call)" },
    { FLOW_DO_CHILD, "a pack", "a mapping", "child(pack, mapping)" },
    { FLOW_DO_REGISTER, "add or end", "a register", "register(add|end, register)" },
};

static gboolean told_sound(const Line *l, const char *where, const FlowEffect *effect)
{
    if (effect->kind == FLOW_DO_RAISE && g_str_equal(effect->text, "auto"))
        return line_refuse(l, where, "auto is no event; nothing raises it");
    if (effect->kind == FLOW_DO_REGISTER && !g_str_equal(effect->text, "add") &&
        !g_str_equal(effect->text, "end"))
        return line_refuse(l, where, "a register is added to or ended; register(add|end, register)");
    return TRUE;
}

static gboolean read_told(Line *l, FlowEffect *effect)
{
    gsize i = 0;
    while (told[i].kind != effect->kind)
        i++;
    const char *where, *second;
    effect->text = line_word(l, told[i].what, &where);
    if (!effect->text || !told_sound(l, where, effect)) return FALSE;
    if (told[i].what2) {
        if (!line_want(l, ",", told[i].shape)) return FALSE;
        effect->text2 = line_word(l, told[i].what2, &second);
        if (!effect->text2) return FALSE;
    }
    add(l, effect, NULL);
    return TRUE;
}

static gboolean read_set(Line *l, FlowEffect *effect)
{
    const char *where, *field = line_word(l, "a field", &where), *start;
    if (!field) return FALSE;
    effect->index = rule_schema_find(l->chart->schema, field);
    if (effect->index < 0)
        return line_refuse(l, where, "%s is no field of this procedure, or a private one", field);
    if (!line_want(l, ",", "set(field, expression)")) return FALSE;
    const char *close = line_find_close(l->at, ')');
    if (!close)
        return line_refuse(l, where, "set(%s, ...) is never closed; \")\" or a quote is missing", field);
    g_autofree char *text = line_text_until(l, close, &start);
    if (!*text) return line_refuse(l, start, "an expression is wanted; set(field, expression)");
    g_autoptr(GError) inner = NULL;
    Rule *value = rule_parse_scalar(text, l->chart->schema, &inner);
    if (!value) return line_refuse_rule(l, start, inner);
    add(l, effect, value);
    return TRUE;
}

static gboolean read_needs(Line *l, FlowEffect *effect)
{
    (void)effect;
    if (!l->deed) return line_refuse(l, l->at, "a state needs no fields; those who enter it do");
    if (!l->deed->events->len) return line_refuse(l, l->at, "auto brings no fields; nothing can be needed");
    do {
        const char *where, *field = line_word(l, "a field", &where);
        if (!field) return FALSE;
        int in_schema = rule_schema_find(l->chart->schema, field);
        g_ptr_array_add(l->deed->need_names, (gpointer)field);
        g_array_append_val(l->deed->need_columns, in_schema);
        line_take(l, ",");
        line_skip(l);
    } while (*l->at && *l->at != ')');
    return TRUE;
}

static gboolean read_form(Line *l, FlowEffect *effect)
{
    (void)effect;
    if (!l->deed) return line_refuse(l, l->at, "a state has no form; those who enter it do");
    if (!l->deed->events->len) return line_refuse(l, l->at, "auto brings no fields; it has no form");
    const char *where, *id = line_word(l, "a form", &where);
    if (!id) return FALSE;
    if (l->deed->form) return line_refuse(l, where, "a second form; one transition has one form");
    l->deed->form = id;
    return TRUE;
}

static const Action known[] = {
    /* clang-format off */
    { "task",     read_task,   FLOW_DO_TASK,   FLOW_TASK_OFFERED },
    { "accept",   read_task,   FLOW_DO_TASK,   FLOW_TASK_ACCEPTED },
    { "done",     read_task,   FLOW_DO_TASK,   FLOW_TASK_DONE },
    { "verify",   read_task,   FLOW_DO_TASK,   FLOW_TASK_VERIFIED },
    { "return",   read_task,   FLOW_DO_TASK,   FLOW_TASK_RETURNED },
    { "reassign", read_task,   FLOW_DO_TASK,   FLOW_TASK_REASSIGNED },
    { "lapse",    read_task,   FLOW_DO_TASK,   FLOW_TASK_LAPSED },
    { "start",    read_clock,  FLOW_DO_CLOCK,  FLOW_CLOCK_START },
    { "stop",     read_clock,  FLOW_DO_CLOCK,  FLOW_CLOCK_STOP },
    { "pause",    read_clock,  FLOW_DO_CLOCK,  FLOW_CLOCK_PAUSE },
    { "resume",   read_clock,  FLOW_DO_CLOCK,  FLOW_CLOCK_RESUME },
    { "extend",   read_clock,  FLOW_DO_CLOCK,  FLOW_CLOCK_EXTEND },
    { "notice",   read_told,   FLOW_DO_NOTICE, 0 },
    { "assign",   read_told,   FLOW_DO_ASSIGN, 0 },
    { "engine",   read_told,   FLOW_DO_ENGINE, 0 },
    { "document", read_told,   FLOW_DO_DOCUMENT, 0 },
    { "sign",     read_told,   FLOW_DO_SIGN,   0 },
    { "child",    read_told,   FLOW_DO_CHILD,  0 },
    { "link",     read_told,   FLOW_DO_LINK,   0 },
    { "register", read_told,   FLOW_DO_REGISTER, 0 },
    { "raise",    read_told,   FLOW_DO_RAISE,  0 },
    { "set",      read_set,    FLOW_DO_SET,    0 },
    { "needs",    read_needs,  0,              0 },
    { "form",     read_form,   0,              0 },
    { "rate",     NULL,        FLOW_DO_RATE,   0 },
    /* clang-format on */
};

static const Action *action_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_str_equal(known[i].name, name)) return &known[i];
    }
    return NULL;
}

static gboolean refuse_action(const Line *l, const char *where, const char *name)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_string_append_printf(list, "%s%s", i ? " " : "", known[i].name);
    return line_refuse(l, where, "%s is no action; actions: %s", name, list->str);
}

static gboolean read_action(Line *l)
{
    const char *where, *name = line_word(l, "an action", &where);
    if (!name) return FALSE;
    const Action *action = action_named(name);
    if (!action) return refuse_action(l, where, name);
    FlowEffect effect = { .kind = action->kind, .index = -1 };
    if (action->kind == FLOW_DO_TASK) effect.task_state = (FlowTaskState)action->deed;
    if (action->kind == FLOW_DO_CLOCK) effect.clock_deed = (FlowClockDeed)action->deed;
    if (!action->read) {
        add(l, &effect, NULL);
        return !line_take(l, "(") || line_want(l, ")", "this action takes nothing");
    }
    return line_want(l, "(", "this action says what it is about in parentheses") &&
           action->read(l, &effect) && line_want(l, ")", "it closes the action");
}

gboolean line_actions(Line *l)
{
    do {
        if (!read_action(l)) return FALSE;
    } while (line_take(l, ","));
    return TRUE;
}

/* ---- actions of a state ---- */

static gboolean on_sound(const FlowChart *chart, const char *id, int state, FlowOn when, GError **error)
{
    if (state < 0) return chart_refuse(error, "%s is no state of this procedure", id);
    const ChartState *s = &CHART_STATE(chart, state);
    if (when == FLOW_ON_EXIT && flow_chart_state_final(chart, state))
        return chart_refuse(error, "state %s is final; nobody ever leaves it", id);
    if (when != FLOW_ON_INITIAL && chart_is_history(s))
        return chart_refuse(
            error, "history %s is neither entered nor left; it has actions where its default is taken", id);
    if (when == FLOW_ON_INITIAL && (s->def.kind == FLOW_STATE_PARALLEL || s->def.kind == FLOW_STATE_FINAL))
        return chart_refuse(error, "state %s is parallel or final; it has no beginning of its own", id);
    return TRUE;
}

static void keep_block(FlowChart *chart, ChartState *state, FlowOn when, ChartBlock *block, const char *text)
{
    if (!state->on[when]) state->on[when] = g_ptr_array_new_with_free_func((GDestroyNotify)chart_block_free);
    if (!state->on_actions[when]) state->on_actions[when] = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_ptr_array_add(state->on[when], block);
    if (block->actions->len)
        g_array_append_vals(state->on_actions[when], block->actions->data, block->actions->len);
    const char *before = state->on_text[when];
    g_autofree char *all = before ? g_strconcat(before, ", ", text, NULL) : g_strdup(text);
    state->on_text[when] = chart_keep(chart, all, strlen(all));
}

/* Given more than once: one block after the other, each of its own (SCXML 3.8). */
gboolean flow_chart_on(FlowChart *chart, const char *state, FlowOn when, const char *actions, GError **error)
{
    if (!chart_still_open(chart, error)) return FALSE;
    int index = flow_chart_state_find(chart, state);
    if (!on_sound(chart, state, index, when, error)) return FALSE;
    g_autoptr(ChartBlock) block = chart_block_new();
    Line l = { chart, actions, actions, block, NULL, NULL, error };
    if (!line_sound(&l) || !line_actions(&l)) return FALSE;
    line_skip(&l);
    if (*l.at) return line_refuse(&l, l.at, "not understood; actions are divided by commas");
    keep_block(chart, &CHART_STATE(chart, index), when, g_steal_pointer(&block), actions);
    return TRUE;
}
