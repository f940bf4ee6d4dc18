/* line.c - reads one line of a procedure:
 *
 *   from -> to : event [guard] by role|role / action(args), action
 *
 * A hand-written reader, left to right, no going back. What stands in quotes ('...' or "...") is never looked
 * into for brackets, so a guard may hold the text ']' and an expression the text ')'. The guard and the
 * expressions are read by engine/rule; its columns are moved to where the text stands in the line. Actions
 * are read by action.c, which also reads those of a state's entry and exit. */
#include "engine/flow/line.h"

static long column(const Line *l, const char *where)
{
    return g_utf8_pointer_to_offset(l->line, where) + 1;
}

gboolean line_refuse(const Line *l, const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(l->error, FLOW_ERROR, FLOW_ERROR_CHART, "column %ld: %s", column(l, where), what);
    return FALSE;
}

gboolean line_refuse_rule(const Line *l, const char *start, const GError *rule_error)
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

void line_skip(Line *l)
{
    while (*l->at == ' ' || *l->at == '\t')
        l->at++;
}

gboolean line_take(Line *l, const char *sign)
{
    line_skip(l);
    if (!g_str_has_prefix(l->at, sign)) return FALSE;
    l->at += strlen(sign);
    return TRUE;
}

gboolean line_want(Line *l, const char *sign, const char *hint)
{
    if (line_take(l, sign)) return TRUE;
    if (!*l->at) return line_refuse(l, l->at, "the line ends, \"%s\" is wanted; %s", sign, hint);
    return line_refuse(l, l->at, "\"%s\" is wanted; %s", sign, hint);
}

const char *line_word(Line *l, const char *what, const char **where)
{
    line_skip(l);
    const char *end = chart_word_end(l->at);
    *where = l->at;
    if (end == l->at) {
        line_refuse(l, l->at, "the name of %s is wanted; names are letters, digits, _ . and -", what);
        return NULL;
    }
    const char *kept = chart_keep(l->chart, l->at, (gsize)(end - l->at));
    l->at = end;
    return kept;
}

const char *line_find_close(const char *text, char close)
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

char *line_text_until(Line *l, const char *end, const char **start)
{
    line_skip(l);
    *start = l->at;
    l->at = end;
    return g_strchomp(g_strndup(*start, *start < end ? (gsize)(end - *start) : 0));
}

gboolean line_sound(Line *l)
{
    gsize length = strnlen(l->line, FLOW_MAX_LINE + 1);
    const char *bad;
    if (length > FLOW_MAX_LINE)
        return line_refuse(l, l->line, "the line is longer than %d bytes", FLOW_MAX_LINE);
    if (!g_utf8_validate(l->line, (gssize)length, &bad)) {
        g_set_error(l->error, FLOW_ERROR, FLOW_ERROR_CHART, "byte %ld: not UTF-8", (long)(bad - l->line) + 1);
        return FALSE;
    }
    return TRUE;
}

/* ---- from -> to : event ---- */

int line_state(Line *l)
{
    const char *where, *id = line_word(l, "a state", &where);
    if (!id) return -1;
    int found = flow_chart_state_find(l->chart, id);
    if (found < 0) line_refuse(l, where, "%s is no state of this procedure", id);
    return found;
}

static void from_everywhere(Line *l)
{
    l->deed->everywhere = TRUE;
    for (int i = 0; i < flow_chart_states(l->chart); i++) {
        const ChartState *state = &CHART_STATE(l->chart, i);
        if (state->parent < 0 && state->def.kind != FLOW_STATE_FINAL) g_array_append_val(l->froms, i);
    }
}

static gboolean from_sound(const Line *l, const char *where, int from)
{
    const ChartState *state = &CHART_STATE(l->chart, from);
    if (state->def.kind == FLOW_STATE_FINAL)
        return line_refuse(l, where, "%s is final; nothing leaves a final state", state->def.id);
    if (chart_is_history(state))
        return line_refuse(l, where, "%s is a history; no case is ever there", state->def.id);
    for (guint i = 0; i < l->froms->len; i++) {
        if (g_array_index(l->froms, int, i) == from)
            return line_refuse(l, where, "this state stands here twice");
    }
    return TRUE;
}

static gboolean read_from(Line *l)
{
    if (line_take(l, "*")) {
        from_everywhere(l);
        return TRUE;
    }
    do {
        line_skip(l);
        const char *where = l->at;
        int from = line_state(l);
        if (from < 0 || !from_sound(l, where, from)) return FALSE;
        g_array_append_val(l->froms, from);
    } while (line_take(l, "|"));
    return TRUE;
}

/* Several targets are entered together: the deepest state that holds any two of them must be parallel. */
static gboolean beside(const FlowChart *chart, int a, int b)
{
    for (int up = a; up >= 0; up = flow_chart_state_parent(chart, up)) {
        for (int other = b; other >= 0; other = flow_chart_state_parent(chart, other)) {
            if (up == other)
                return up != a && up != b && CHART_STATE(chart, up).def.kind == FLOW_STATE_PARALLEL;
        }
    }
    return FALSE;
}

/* A history is where one goes back to. From within, the state it remembers is still active: appendix D would
 * enter regions of it a second time. */
static gboolean comes_from_outside(const Line *l, const char *where, int to)
{
    const ChartState *history = &CHART_STATE(l->chart, to);
    if (!chart_is_history(history)) return TRUE;
    for (guint i = 0; i < l->froms->len; i++) {
        int from = g_array_index(l->froms, int, i), up = flow_chart_state_parent(l->chart, from);
        while (up >= 0 && up != history->parent)
            up = flow_chart_state_parent(l->chart, up);
        if (up >= 0)
            return line_refuse(
                l, where, "%s is the history of %s, and %s is in it; one goes back from outside",
                history->def.id, flow_chart_state_id(l->chart, up), flow_chart_state_id(l->chart, from));
    }
    return TRUE;
}

static gboolean read_target(Line *l)
{
    line_skip(l);
    const char *where = l->at;
    if (*l->at == '*')
        return line_refuse(l, l->at, "a transition leads to one state; \"*\" stands on the left only");
    int to = line_state(l);
    if (to < 0 || !comes_from_outside(l, where, to)) return FALSE;
    for (guint i = 0; i < l->deed->targets->len; i++) {
        int other = g_array_index(l->deed->targets, int, i);
        if (!beside(l->chart, other, to))
            return line_refuse(l, where,
                               "%s and %s cannot both be active; \"&\" joins regions of a parallel state",
                               flow_chart_state_id(l->chart, other), flow_chart_state_id(l->chart, to));
    }
    g_array_append_val(l->deed->targets, to);
    return TRUE;
}

static gboolean read_to(Line *l)
{
    l->deed->internal = line_take(l, "=>");
    if (!l->deed->internal && !line_want(l, "->", "a line is: from -> to : event [guard] by role / actions"))
        return FALSE;
    if (line_take(l, "-")) return TRUE;
    do {
        if (!read_target(l)) return FALSE;
    } while (line_take(l, "&"));
    return TRUE;
}

/* "e", "e.x", "e.*" or "*". */
static const char *descriptor(Line *l, const char **where)
{
    line_skip(l);
    *where = l->at;
    if (line_take(l, "*")) return chart_keep(l->chart, "*", 1);
    const char *name = line_word(l, "an event", where);
    if (!name || !g_str_has_suffix(name, ".")) return name;
    if (*l->at != '*') {
        line_refuse(l, *where, "an event does not end with a dot; \"%s*\" takes all that begin so", name);
        return NULL;
    }
    l->at++;
    return chart_keep(l->chart, *where, (gsize)(l->at - *where));
}

static gboolean read_event(Line *l)
{
    if (!line_want(l, ":", "the event follows the states after a colon")) return FALSE;
    GPtrArray *events = l->deed->events;
    gboolean eventless = FALSE;
    const char *where;
    do {
        const char *event = descriptor(l, &where);
        if (!event) return FALSE;
        if (eventless || (events->len && g_str_equal(event, "auto")))
            return line_refuse(l, where, "auto is no event; it stands alone");
        if (g_ptr_array_find_with_equal_func(events, event, g_str_equal, NULL))
            return line_refuse(l, where, "event %s stands here twice", event);
        eventless = g_str_equal(event, "auto");
        if (!eventless) g_ptr_array_add(events, (gpointer)event);
    } while (line_take(l, "|"));
    return TRUE;
}

/* ---- [guard] by role|role ---- */

/* Does `text` begin with this word of SQL, in whatever case? */
static gboolean at_word(const char *text, const char *word)
{
    gsize n = strlen(word);
    return !g_ascii_strncasecmp(text, word, n) && chart_word_end(text) == text + n;
}

static gboolean take_word(Line *l, const char *word)
{
    line_skip(l);
    if (!at_word(l->at, word)) return FALSE;
    l->at += strlen(word);
    return TRUE;
}

/* One "in(state)" or "not in(state)" at the beginning of what is left; *done FALSE: there is none. */
static gboolean read_in(Line *l, gboolean *done)
{
    const char *begin = l->at;
    FlowIn in = { .wanted = !take_word(l, "not") };
    *done = take_word(l, "in") && line_take(l, "(");
    if (!*done) {
        l->at = begin;
        return TRUE;
    }
    in.state = line_state(l);
    if (in.state < 0 || !line_want(l, ")", "it closes the state")) return FALSE;
    g_array_append_val(l->deed->ins, in);
    return TRUE;
}

/* An OR outside of parentheses would be read as if these stood around it. */
static gboolean holds_or(const char *text)
{
    int depth = 0;
    char quote = 0;
    for (const char *at = text; *at; at++) {
        if (quote) {
            if (*at == quote) quote = 0;
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (*at == '(' || *at == ')') {
            depth += *at == '(' ? 1 : -1;
        } else if (depth == 0 && (at == text || chart_word_end(at - 1) == at - 1) && at_word(at, "or")) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean read_condition(Line *l, const char *close)
{
    const char *start;
    g_autofree char *text = line_text_until(l, close, &start);
    if (!*text) return line_refuse(l, start, "a condition is wanted after AND");
    if (l->deed->ins->len && holds_or(text))
        return line_refuse(l, start, "in() is joined by AND; put what holds OR in parentheses");
    g_autoptr(GError) inner = NULL;
    l->deed->guard = rule_parse(text, l->chart->schema, &inner);
    return l->deed->guard || line_refuse_rule(l, start, inner);
}

static gboolean read_guard(Line *l)
{
    line_skip(l);
    const char *open = l->at, *start;
    if (!line_take(l, "[")) return TRUE;
    const char *close = line_find_close(l->at, ']');
    if (!close) return line_refuse(l, open, "the condition is never closed; \"]\" or a quote is missing");
    g_autofree char *text = line_text_until(l, close, &start);
    if (!*text) return line_refuse(l, open, "the condition is empty; leave the brackets out");
    l->deed->guard_text = chart_keep(l->chart, text, strlen(text));
    l->at = start;
    gboolean more = TRUE, in = TRUE;
    while (more && in) {
        if (!read_in(l, &in)) return FALSE;
        if (in) more = take_word(l, "and");
    }
    if (more && !read_condition(l, close)) return FALSE;
    return line_want(l, "]", more ? "it closes the condition" : "after in() comes AND or the end");
}

static gboolean add_role(Line *l, const char *role, const char *where)
{
    int bit = chart_role(l->chart, role);
    if (bit < 0)
        return line_refuse(l, where, "role %s is one too many; a procedure has at most %d", role,
                           FLOW_MAX_ROLES);
    if (l->deed->roles >> bit & 1) return line_refuse(l, where, "role %s stands here twice", role);
    l->deed->roles |= (guint64)1 << bit;
    g_ptr_array_add(l->deed->role_names, (gpointer)role);
    return TRUE;
}

static gboolean by_system(const Line *l, const char *where)
{
    if (l->deed->events->len || !strcmp(l->deed->role_names->pdata[0], "system")) return TRUE;
    return line_refuse(l, where, "auto happens by itself; it is nobody's but the system's");
}

static gboolean read_roles(Line *l)
{
    const char *where, *role;
    line_skip(l);
    if (!*l->at || *l->at == '/') return add_role(l, chart_keep(l->chart, "system", 6), l->at);
    const char *by = l->at, *end = chart_word_end(by);
    if (end - by != 2 || strncmp(by, "by", 2) != 0)
        return line_refuse(l, by, "not understood; after the event come [guard], by role, / actions");
    l->at = end;
    do {
        role = line_word(l, "a role", &where);
        if (!role || !add_role(l, role, where) || !by_system(l, where)) return FALSE;
    } while (line_take(l, "|"));
    return TRUE;
}

/* ---- the whole ---- */

static gboolean does_something(Line *l)
{
    return l->deed->targets->len || l->deed->events->len || l->deed->guard_text ||
           line_refuse(l, l->line,
                       "it leads nowhere and would happen again and again; give it a target, an event or a "
                       "condition");
}

static gboolean put(Line *l)
{
    FlowChart *chart = l->chart;
    if (chart->transitions->len + l->froms->len > FLOW_MAX_TRANSITIONS)
        return line_refuse(l, l->line, "one too many; a procedure has at most %d transitions",
                           FLOW_MAX_TRANSITIONS);
    g_ptr_array_add(l->deed->events, NULL);
    g_ptr_array_add(l->deed->role_names, NULL);
    g_ptr_array_add(l->deed->need_names, NULL);
    for (guint i = 0; i < l->froms->len; i++) {
        ChartTransition transition = { .from = g_array_index(l->froms, int, i), .deed = l->deed };
        g_array_append_val(chart->transitions, transition);
    }
    g_ptr_array_add(chart->deeds, l->deed);
    return TRUE;
}

static gboolean read_actions(Line *l)
{
    if (line_take(l, "/") && !line_actions(l)) return FALSE;
    line_skip(l);
    return !*l->at || line_refuse(l, l->at, "not understood; actions are divided by commas");
}

gboolean flow_chart_transition(FlowChart *chart, const char *line, GError **error)
{
    if (!chart_still_open(chart, error)) return FALSE;
    g_autoptr(ChartDeed) deed = chart_deed_new();
    g_autoptr(GArray) froms = g_array_new(FALSE, FALSE, sizeof(int));
    Line l = { chart, line, line, deed->block, deed, froms, error };
    if (!line_sound(&l) || !read_from(&l) || !read_to(&l) || !read_event(&l) || !read_guard(&l) ||
        !read_roles(&l) || !read_actions(&l) || !does_something(&l) || !put(&l))
        return FALSE;
    g_steal_pointer(&deed);
    return TRUE;
}
