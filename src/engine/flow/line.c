/* line.c - reads one line of a procedure:
 *
 *   from -> to : event [guard] by role|role / action(args), action
 *
 * A hand-written reader, left to right, no going back. What stands in quotes ('...' or "...") is never looked
 * into for brackets, so a guard may hold the text ']' and an expression the text ')'. The guard and the
 * expressions are read by engine/rule; its columns are moved to where the text stands in the line. */
#include "engine/flow/chart.h"
#include <string.h>

typedef struct {
    FlowChart *chart;
    const char *line, *at;
    ChartDeed *deed;
    GArray *froms; /* int */
    GError **error;
} Line;

static long column(const Line *l, const char *where)
{
    return g_utf8_pointer_to_offset(l->line, where) + 1;
}

static gboolean refuse(const Line *l, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean refuse(const Line *l, const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(l->error, FLOW_ERROR, FLOW_ERROR_CHART, "column %ld: %s", column(l, where), what);
    return FALSE;
}

/* A refusal of engine/rule about the text at `start`, told as one about this line. */
static gboolean refuse_rule(const Line *l, const char *start, const GError *rule_error)
{
    const char *what = rule_error->message;
    guint64 inner = 1;
    if (g_str_has_prefix(what, "column ")) {
        char *end;
        inner = g_ascii_strtoull(what + strlen("column "), &end, 10);
        if (end[0] == ':' && end[1] == ' ') what = end + 2;
    }
    g_set_error(l->error, FLOW_ERROR, FLOW_ERROR_CHART, "column %" G_GUINT64_FORMAT ": %s",
                (guint64)column(l, start) + MAX(inner, 1) - 1, what);
    return FALSE;
}

static void skip(Line *l)
{
    while (*l->at == ' ' || *l->at == '\t')
        l->at++;
}

static gboolean take(Line *l, const char *sign)
{
    skip(l);
    if (!g_str_has_prefix(l->at, sign)) return FALSE;
    l->at += strlen(sign);
    return TRUE;
}

static gboolean want(Line *l, const char *sign, const char *hint)
{
    if (take(l, sign)) return TRUE;
    if (!*l->at) return refuse(l, l->at, "the line ends, \"%s\" is wanted; %s", sign, hint);
    return refuse(l, l->at, "\"%s\" is wanted; %s", sign, hint);
}

/* The next name, kept; NULL with an error. `where` gets its place. */
static const char *word(Line *l, const char *what, const char **where)
{
    skip(l);
    const char *end = chart_word_end(l->at);
    *where = l->at;
    if (end == l->at) {
        refuse(l, l->at, "the name of %s is wanted; names are letters, digits, _ . and -", what);
        return NULL;
    }
    const char *kept = chart_keep(l->chart, l->at, (gsize)(end - l->at));
    l->at = end;
    return kept;
}

/* First unquoted `close`, a ')' only outside of inner parentheses; NULL when there is none. */
static const char *find_close(const char *text, char close)
{
    int depth = 0;
    char quote = 0;
    for (const char *at = text; *at; at++) {
        if (quote) {
            if (*at == quote) quote = 0;
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (*at == close && (depth == 0 || close == ']')) {
            return at;
        } else if (*at == '(') {
            depth++;
        } else if (*at == ')' && depth > 0) {
            depth--;
        }
    }
    return NULL;
}

/* The text up to `end` without the blanks around it; moves behind it. */
static char *text_until(Line *l, const char *end, const char **start)
{
    skip(l);
    *start = l->at;
    l->at = end;
    return g_strchomp(g_strndup(*start, *start < end ? (gsize)(end - *start) : 0));
}

/* ---- from -> to : event ---- */

static int state(Line *l)
{
    const char *where, *id = word(l, "a state", &where);
    if (!id) return -1;
    int found = flow_chart_state_find(l->chart, id);
    if (found < 0) refuse(l, where, "%s is no state of this procedure", id);
    return found;
}

static gboolean read_from(Line *l)
{
    int from = -1;
    if (take(l, "*")) {
        g_array_append_val(l->froms, from);
        return TRUE;
    }
    do {
        skip(l);
        const char *where = l->at;
        from = state(l);
        if (from < 0) return FALSE;
        if (CHART_STATE(l->chart, from).final)
            return refuse(l, where, "%s is final; nothing leaves a final state",
                          CHART_STATE(l->chart, from).id);
        for (guint i = 0; i < l->froms->len; i++) {
            if (g_array_index(l->froms, int, i) == from)
                return refuse(l, where, "this state stands here twice");
        }
        g_array_append_val(l->froms, from);
    } while (take(l, "|"));
    return TRUE;
}

static gboolean read_to(Line *l)
{
    if (!want(l, "->", "a line is: from -> to : event [guard] by role / actions")) return FALSE;
    skip(l);
    if (*l->at == '*')
        return refuse(l, l->at, "a transition leads to one state; \"*\" stands on the left only");
    l->deed->to = state(l);
    return l->deed->to >= 0;
}

static gboolean read_event(Line *l)
{
    const char *where;
    if (!want(l, ":", "the event follows the states after a colon")) return FALSE;
    l->deed->event = word(l, "an event", &where);
    return l->deed->event != NULL;
}

/* ---- [guard] by role|role ---- */

static gboolean read_guard(Line *l)
{
    skip(l);
    const char *open = l->at, *start;
    if (!take(l, "[")) return TRUE;
    const char *close = find_close(l->at, ']');
    if (!close) return refuse(l, open, "the condition is never closed; \"]\" or a quote is missing");
    g_autofree char *text = text_until(l, close, &start);
    if (!*text) return refuse(l, open, "the condition is empty; leave the brackets out");
    g_autoptr(GError) inner = NULL;
    l->deed->guard = rule_parse(text, l->chart->schema, &inner);
    if (!l->deed->guard) return refuse_rule(l, start, inner);
    return want(l, "]", "it closes the condition");
}

static gboolean add_role(Line *l, const char *role, const char *where)
{
    int bit = chart_role(l->chart, role);
    if (bit < 0)
        return refuse(l, where, "role %s is one too many; a procedure has at most %d", role, FLOW_MAX_ROLES);
    if (l->deed->roles >> bit & 1) return refuse(l, where, "role %s stands here twice", role);
    l->deed->roles |= (guint64)1 << bit;
    g_ptr_array_add(l->deed->role_names, (gpointer)role);
    return TRUE;
}

static gboolean read_roles(Line *l)
{
    const char *where, *role;
    skip(l);
    if (!*l->at || *l->at == '/') return add_role(l, chart_keep(l->chart, "system", 6), l->at);
    const char *by = l->at, *end = chart_word_end(by);
    if (end - by != 2 || strncmp(by, "by", 2) != 0)
        return refuse(l, by, "not understood; after the event come [guard], by role, / actions");
    l->at = end;
    do {
        role = word(l, "a role", &where);
        if (!role || !add_role(l, role, where)) return FALSE;
    } while (take(l, "|"));
    return TRUE;
}

/* ---- actions ---- */

typedef struct {
    const char *name;
    gboolean (*read)(Line *l, FlowEffect *effect);
    FlowEffectKind kind;
    int deed; /* FlowTaskState or FlowClockDeed */
} Action;

static void add(Line *l, const FlowEffect *effect, Rule *value)
{
    g_array_append_val(l->deed->actions, *effect);
    g_ptr_array_add(l->deed->values, value);
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
    const char *where, *id = word(l, "a task", &where);
    if (!id) return FALSE;
    effect->index = flow_chart_task_find(l->chart, id);
    if (effect->index < 0) {
        g_autofree char *known = ids_of(l->chart, flow_chart_tasks(l->chart), flow_chart_task_id);
        return refuse(l, where, "%s is no task of this procedure; its tasks: %s", id, known);
    }
    add(l, effect, NULL);
    return TRUE;
}

static gboolean read_clock(Line *l, FlowEffect *effect)
{
    const char *where, *id = word(l, "a clock", &where);
    if (!id) return FALSE;
    effect->index = flow_chart_clock_find(l->chart, id);
    if (effect->index < 0) {
        g_autofree char *known = ids_of(l->chart, flow_chart_clocks(l->chart), clock_id);
        return refuse(l, where, "%s is no clock of this procedure; its clocks: %s", id, known);
    }
    if (effect->clock_deed >= FLOW_CLOCK_PAUSE && flow_chart_clock_def(l->chart, effect->index)->run_in)
        return refuse(l, where, "clock %s lists its states in run_in; they alone pause and resume it", id);
    add(l, effect, NULL);
    return TRUE;
}

static gboolean read_text(Line *l, FlowEffect *effect)
{
    const char *where;
    effect->text = word(l, effect->kind == FLOW_DO_NOTICE ? "a notice" : "a decision", &where);
    if (effect->text) add(l, effect, NULL);
    return effect->text != NULL;
}

static gboolean read_engine(Line *l, FlowEffect *effect)
{
    const char *where;
    effect->text = word(l, "a stage", &where);
    if (!effect->text || !want(l, ",", "engine(stage, call)")) return FALSE;
    effect->text2 = word(l, "a call", &where);
    if (effect->text2) add(l, effect, NULL);
    return effect->text2 != NULL;
}

static gboolean read_set(Line *l, FlowEffect *effect)
{
    const char *where, *field = word(l, "a field", &where), *start;
    if (!field) return FALSE;
    effect->index = rule_schema_find(l->chart->schema, field);
    if (effect->index < 0)
        return refuse(l, where, "%s is no field of this procedure, or a private one", field);
    if (!want(l, ",", "set(field, expression)")) return FALSE;
    const char *close = find_close(l->at, ')');
    if (!close) return refuse(l, where, "set(%s, ...) is never closed; \")\" or a quote is missing", field);
    g_autofree char *text = text_until(l, close, &start);
    if (!*text) return refuse(l, start, "an expression is wanted; set(field, expression)");
    g_autoptr(GError) inner = NULL;
    Rule *value = rule_parse_scalar(text, l->chart->schema, &inner);
    if (!value) return refuse_rule(l, start, inner);
    add(l, effect, value);
    return TRUE;
}

static gboolean read_needs(Line *l, FlowEffect *effect)
{
    do {
        const char *where, *field = word(l, "a field", &where);
        if (!field) return FALSE;
        int in_schema = rule_schema_find(l->chart->schema, field);
        g_ptr_array_add(l->deed->need_names, (gpointer)field);
        g_array_append_val(l->deed->need_columns, in_schema);
        take(l, ",");
        skip(l);
    } while (*l->at && *l->at != ')');
    return TRUE;
}

static const Action actions[] = {
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
    { "notice",   read_text,   FLOW_DO_NOTICE, 0 },
    { "assign",   read_text,   FLOW_DO_ASSIGN, 0 },
    { "engine",   read_engine, FLOW_DO_ENGINE, 0 },
    { "set",      read_set,    FLOW_DO_SET,    0 },
    { "needs",    read_needs,  0,              0 },
    { "rate",     NULL,        FLOW_DO_RATE,   0 },
    /* clang-format on */
};

static const Action *action_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (g_str_equal(actions[i].name, name)) return &actions[i];
    }
    return NULL;
}

static gboolean refuse_action(const Line *l, const char *where, const char *name)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        g_string_append_printf(list, "%s%s", i ? " " : "", actions[i].name);
    return refuse(l, where, "%s is no action; actions: %s", name, list->str);
}

static gboolean read_action(Line *l)
{
    const char *where, *name = word(l, "an action", &where);
    if (!name) return FALSE;
    const Action *action = action_named(name);
    if (!action) return refuse_action(l, where, name);
    FlowEffect effect = { .kind = action->kind, .index = -1 };
    if (action->kind == FLOW_DO_TASK) effect.task_state = (FlowTaskState)action->deed;
    if (action->kind == FLOW_DO_CLOCK) effect.clock_deed = (FlowClockDeed)action->deed;
    if (!action->read) {
        add(l, &effect, NULL);
        return !take(l, "(") || want(l, ")", "this action takes nothing");
    }
    return want(l, "(", "this action says what it is about in parentheses") && action->read(l, &effect) &&
           want(l, ")", "it closes the action");
}

static gboolean read_actions(Line *l)
{
    if (take(l, "/")) {
        do {
            if (!read_action(l)) return FALSE;
        } while (take(l, ","));
    }
    skip(l);
    if (*l->at) return refuse(l, l->at, "not understood; actions are divided by commas");
    return TRUE;
}

/* ---- the whole ---- */

static gboolean line_sound(Line *l)
{
    gsize length = strnlen(l->line, FLOW_MAX_LINE + 1);
    const char *bad;
    if (length > FLOW_MAX_LINE) return refuse(l, l->line, "the line is longer than %d bytes", FLOW_MAX_LINE);
    if (!g_utf8_validate(l->line, (gssize)length, &bad)) {
        g_set_error(l->error, FLOW_ERROR, FLOW_ERROR_CHART, "byte %ld: not UTF-8", (long)(bad - l->line) + 1);
        return FALSE;
    }
    return TRUE;
}

static gboolean put(Line *l)
{
    FlowChart *chart = l->chart;
    if (chart->transitions->len + l->froms->len > FLOW_MAX_TRANSITIONS)
        return refuse(l, l->line, "one too many; a procedure has at most %d transitions",
                      FLOW_MAX_TRANSITIONS);
    g_ptr_array_add(l->deed->role_names, NULL);
    g_ptr_array_add(l->deed->need_names, NULL);
    for (guint i = 0; i < l->froms->len; i++) {
        ChartTransition transition = { .from = g_array_index(l->froms, int, i), .deed = l->deed };
        g_array_append_val(chart->transitions, transition);
    }
    g_ptr_array_add(chart->deeds, l->deed);
    return TRUE;
}

gboolean flow_chart_transition(FlowChart *chart, const char *line, GError **error)
{
    if (!chart_still_open(chart, error)) return FALSE;
    g_autoptr(ChartDeed) deed = chart_deed_new();
    g_autoptr(GArray) froms = g_array_new(FALSE, FALSE, sizeof(int));
    Line l = { .chart = chart, .line = line, .at = line, .deed = deed, .froms = froms, .error = error };
    if (!line_sound(&l) || !read_from(&l) || !read_to(&l) || !read_event(&l) || !read_guard(&l) ||
        !read_roles(&l) || !read_actions(&l) || !put(&l))
        return FALSE;
    g_steal_pointer(&deed);
    return TRUE;
}
