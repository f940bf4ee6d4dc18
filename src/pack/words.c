/* words.c - a condition as people say it. Only what is plain is put into words: comparisons of a field with a
 * value or a field, a field by itself, IN, IS NULL, in(state); joined by AND, OR, NOT and parentheses.
 * Anything else is shown as it is written. */
#include "pack/inside.h"
#include <string.h>

static const struct {
    const char *id, *zh, *en;
} facts[] = {
    /* clang-format off */
    { "org", "承办单位", "organisation" }, { "area", "区域", "area" }, { "unit", "处置单元", "unit" },
    { "level", "等级", "level" }, { "minutes", "已过分钟数", "minutes since opening" }, { "late", "已超时", "late" },
    { "from_state", "原环节", "state before" }, { "to_state", "到达环节", "state after" },
    { "returns", "退回次数", "times returned" }, { "reopens", "重办次数", "times reopened" },
    { "rating", "评价", "rating" }, { "actor", "办理人", "who does it" }, { "event", "事件", "event" }, { "by_role", "办理角色", "role" },
    { "children_open", "未结子案件数", "open child cases" }, { "children", "子案件数", "child cases" },
    /* clang-format on */
};

static gboolean chinese(const char *lang)
{
    return strcmp(lang, "en") != 0;
}

static const char *title_of(const Pack *pack, const char *id, const char *lang)
{
    const PackField *field = pack_field(pack, id);
    for (gsize i = 0; !field && i < G_N_ELEMENTS(facts); i++) {
        if (strcmp(facts[i].id, id) == 0) return chinese(lang) ? facts[i].zh : facts[i].en;
    }
    return field ? (chinese(lang) ? field->title_zh : field->title_en) : id;
}

static char *value_of(const Pack *pack, const char *id, const char *literal, const char *lang)
{
    const PackField *field = pack_field(pack, id);
    if (g_ascii_strcasecmp(literal, "true") == 0) return g_strdup(chinese(lang) ? "是" : "yes");
    if (g_ascii_strcasecmp(literal, "false") == 0) return g_strdup(chinese(lang) ? "否" : "no");
    if (*literal != '\'') return g_strdup(literal);
    g_autofree char *code = g_strndup(literal + 1, strlen(literal) - 2);
    const char *title = field && field->list             ? pack_code_title(pack, field->list, code, lang)
                        : strcmp(id, "event") == 0       ? pack_event_title(pack, code, lang)
                        : g_str_has_suffix(id, "_state") ? pack_state_title(pack, code, lang)
                                                         : NULL;
    return g_strdup(title ? title : code);
}

static char *listed(const Pack *pack, const char *id, const char *values, const char *lang)
{
    g_auto(GStrv) parts = g_strsplit(values, ",", -1);
    for (char **part = parts; *part; part++) {
        char *said = value_of(pack, id, g_strstrip(*part), lang);
        g_free(*part);
        *part = said;
    }
    return g_strjoinv(chinese(lang) ? "、" : ", ", parts);
}

static const char *sign_of(const char *sign)
{
    static const char *const signs[][2] = { { "<>", "≠" }, { "<=", "≤" }, { ">=", "≥" } };
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (strcmp(signs[i][0], sign) == 0) return signs[i][1];
    }
    return sign;
}

static char *compared(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *id = g_match_info_fetch(m, 1), *sign = g_match_info_fetch(m, 2),
                    *literal = g_match_info_fetch(m, 3);
    g_autofree char *value = value_of(pack, id, literal, lang);
    return g_strdup_printf("%s %s %s", title_of(pack, id, lang), sign_of(sign), value);
}

static char *emptiness(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *id = g_match_info_fetch(m, 1), *negated = g_match_info_fetch(m, 2);
    const gboolean known = negated && *negated;
    return g_strdup_printf(chinese(lang) ? (known ? "已有%s" : "尚无%s")
                                         : (known ? "%s is known" : "%s is not known"),
                           title_of(pack, id, lang));
}

static char *membership(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *id = g_match_info_fetch(m, 1), *negated = g_match_info_fetch(m, 2),
                    *values = g_match_info_fetch(m, 3);
    g_autofree char *said = listed(pack, id, values, lang);
    const gboolean none = negated && *negated;
    return g_strdup_printf(chinese(lang) ? (none ? "%s不属于：%s" : "%s属于：%s")
                                         : (none ? "%s is none of %s" : "%s is one of %s"),
                           title_of(pack, id, lang), said);
}

static char *beginning(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *id = g_match_info_fetch(m, 1), *prefix = g_match_info_fetch(m, 2);
    return g_strdup_printf(chinese(lang) ? "%s以「%s」开头" : "%s begins with “%s”", title_of(pack, id, lang),
                           prefix);
}

static char *activity(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *negated = g_match_info_fetch(m, 1), *state = g_match_info_fetch(m, 2);
    const gboolean outside = negated && *negated;
    return g_strdup_printf(chinese(lang) ? (outside ? "不在「%s」" : "正在「%s」")
                                         : (outside ? "not in “%s”" : "in “%s”"),
                           pack_state_title(pack, state, lang));
}

/* Two fields. A name that is none is no name of the city's: such a condition stays as written. */
static char *paired(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *a = g_match_info_fetch(m, 1), *sign = g_match_info_fetch(m, 2),
                    *b = g_match_info_fetch(m, 3);
    const char *one = title_of(pack, a, lang), *other = title_of(pack, b, lang);
    return one == a || other == b ? NULL : g_strdup_printf("%s %s %s", one, sign_of(sign), other);
}

/* What is not known yet counts as the value given: people need not be told. */
static char *defaulted(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *id = g_match_info_fetch(m, 1), *sign = g_match_info_fetch(m, 3),
                    *literal = g_match_info_fetch(m, 4);
    g_autofree char *value = value_of(pack, id, literal, lang);
    const char *title = title_of(pack, id, lang);
    return title == id ? NULL : g_strdup_printf("%s %s %s", title, sign_of(sign), value);
}

static char *truth(const Pack *pack, GMatchInfo *m, const char *lang)
{
    g_autofree char *not = g_match_info_fetch(m, 1), *id = g_match_info_fetch(m, 2);
    const char *title = title_of(pack, id, lang);
    if (title == id) return NULL;
    return g_strdup_printf("%s = %s", title, chinese(lang) ? (*not ? "否" : "是") : (*not ? "no" : "yes"));
}

#define LITERAL "('[^']*'|-?[0-9][0-9.]*|true|false)"
#define NAME "([^\\s()=<>',]+)"
#define SIGN "\\s*(<>|<=|>=|=|<|>)\\s*"
static const struct {
    const char *pattern;
    char *(*say)(const Pack *pack, GMatchInfo *m, const char *lang);
} shapes[] = {
    { "^" NAME SIGN LITERAL "$", compared },
    { "^coalesce\\(\\s*" NAME "\\s*,\\s*" LITERAL "\\s*\\)" SIGN LITERAL "$", defaulted },
    { "^" NAME "\\s+IS\\s+(NOT\\s+)?NULL$", emptiness },
    { "^" NAME "\\s+(NOT\\s+)?IN\\s*\\(((?:\\s*" LITERAL "\\s*,?)+)\\)$", membership },
    { "^" NAME "\\s+LIKE\\s+'([^'%_]+)%'$", beginning },
    { "^(not\\s+)?in\\(([^\\s()]+)\\)$", activity },
    { "^" NAME SIGN NAME "$", paired },
    { "^(NOT\\s+)?" NAME "$", truth },
};

/* One that is no junction; NULL when it cannot be said. */
/* Made once for the whole program: a page of a service asks for hundreds of conditions. */
static gpointer compile_shapes(gpointer data)
{
    GRegex **made = data;
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        made[i] = g_regex_new(shapes[i].pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
    }
    return made;
}

static char *say_one(const Pack *pack, const char *text, const char *lang)
{
    static GRegex *made[G_N_ELEMENTS(shapes)];
    static GOnce once = G_ONCE_INIT;
    g_once(&once, compile_shapes, made);
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GMatchInfo) m = NULL;
        if (g_regex_match(made[i], text, 0, &m)) return shapes[i].say(pack, m, lang);
    }
    return NULL;
}

/* What stands around a word ("AND", "OR") outside of quotes and parentheses. */
static char **split_at(const char *text, const char *word)
{
    GPtrArray *parts = g_ptr_array_new();
    const gsize n = strlen(word);
    const char *start = text;
    int depth = 0;
    for (const char *p = text; *p; p++) {
        if (*p == '\'') {
            const char *end = strchr(p + 1, '\'');
            p = end ? end : p;
        }
        depth += (*p == '(') - (*p == ')');
        if (depth == 0 && p > text && g_ascii_isspace(p[-1]) && g_ascii_strncasecmp(p, word, n) == 0 &&
            (g_ascii_isspace(p[n]) || p[n] == '(')) {
            g_ptr_array_add(parts, g_strstrip(g_strndup(start, (gsize)(p - start))));
            start = p + n;
        }
    }
    g_ptr_array_add(parts, g_strstrip(g_strdup(start)));
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}

/* "(a OR b)": what is in the parentheses, if they are one pair around it all. */
static char *unwrapped(const char *text)
{
    const gsize n = strlen(text);
    int depth = 0;
    for (gsize i = 0; n > 2 && *text == '(' && i < n; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0) return i == n - 1 ? g_strstrip(g_strndup(text + 1, n - 2)) : NULL;
    }
    return NULL;
}

static char *say(const Pack *pack, const char *text, gboolean among, const char *lang);

/* All parts in words, joined; NULL when one cannot be said. */
static char *say_joined(const Pack *pack, char **parts, const char *word, gboolean among, const char *lang)
{
    for (char **part = parts; *part; part++) {
        char *said = say(pack, *part, among, lang);
        if (!said) return NULL;
        g_free(*part);
        *part = said;
    }
    return g_strjoinv(word, parts);
}

/* `among`: others stand beside it that are joined more tightly. */
static char *say(const Pack *pack, const char *text, gboolean among, const char *lang)
{
    const gboolean zh = chinese(lang);
    g_autofree char *inner = unwrapped(text);
    if (inner) return say(pack, inner, among, lang);
    g_auto(GStrv) any = split_at(text, "OR"), all = split_at(text, "AND");
    if (any[1]) {
        g_autofree char *said = say_joined(pack, any, zh ? " 或 " : " or ", FALSE, lang);
        if (!said || !among) return g_steal_pointer(&said);
        return g_strdup_printf(zh ? "（%s）" : "(%s)", said);
    }
    if (all[1]) return say_joined(pack, all, zh ? " 且 " : " and ", TRUE, lang);
    return say_one(pack, text, lang);
}

char *pack_words(const Pack *pack, const char *condition, const char *lang)
{
    g_autofree char *text = g_strstrip(g_strdup(condition));
    char *said = say(pack, text, FALSE, lang);
    return said ? said : g_strdup(condition);
}

static char *signers_said(const PackDocument *document, const char *lang)
{
    GString *said = g_string_new(NULL);
    for (gsize i = 0; i < document->n_signers; i++) {
        const PackSigner *signer = &document->signers[i];
        g_string_append_printf(said, "%s%s", i ? (chinese(lang) ? "、" : ", ") : "",
                               chinese(lang) ? signer->title_zh : signer->title_en);
    }
    return g_string_free(said, FALSE);
}

char *pack_deed_words(const Pack *pack, const FlowEffect *action, const char *lang)
{
    if (action->kind != FLOW_DO_DOCUMENT && action->kind != FLOW_DO_SIGN) return NULL;
    const PackDocument *document = pack_document(pack, action->text);
    if (action->kind == FLOW_DO_DOCUMENT)
        return g_strdup_printf(chinese(lang) ? "出具《%s》" : "%s is made",
                               chinese(lang) ? document->title_zh : document->title_en);
    g_autofree char *signers = signers_said(document, lang);
    return g_strdup_printf(chinese(lang) ? "请%s签名" : "%s asked to sign", signers);
}
