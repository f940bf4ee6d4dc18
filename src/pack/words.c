/* words.c - a condition as people say it. Only what is plain is put into words: comparisons of one field with
 * a value, IN, IS NULL, in(state), joined by AND or by OR. Anything else is shown as it is written. */
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
    { "rating", "评价", "rating" }, { "event", "事件", "event" }, { "by_role", "办理角色", "role" },
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

static char *compared(const Pack *pack, GMatchInfo *m, const char *lang)
{
    static const char *const signs[][2] = { { "<>", "≠" }, { "<=", "≤" }, { ">=", "≥" },
                                            { "=", "=" },  { "<", "<" },  { ">", ">" } };
    g_autofree char *id = g_match_info_fetch(m, 1), *sign = g_match_info_fetch(m, 2),
                    *literal = g_match_info_fetch(m, 3);
    const char *title = title_of(pack, id, lang), *said = sign;
    g_autofree char *value = value_of(pack, id, literal, lang);
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        said = strcmp(signs[i][0], sign) == 0 ? signs[i][1] : said;
    }
    return g_strdup_printf("%s %s %s", title, said, value);
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

#define LITERAL "('[^']*'|-?[0-9][0-9.]*|true|false)"
static const struct {
    const char *pattern;
    char *(*say)(const Pack *pack, GMatchInfo *m, const char *lang);
} shapes[] = {
    { "^([^\\s()=<>']+)\\s*(<>|<=|>=|=|<|>)\\s*" LITERAL "$", compared },
    { "^([^\\s()=<>']+)\\s+IS\\s+(NOT\\s+)?NULL$", emptiness },
    { "^([^\\s()=<>']+)\\s+(NOT\\s+)?IN\\s*\\(((?:\\s*" LITERAL "\\s*,?)+)\\)$", membership },
    { "^([^\\s()=<>']+)\\s+LIKE\\s+'([^'%_]+)%'$", beginning },
    { "^(not\\s+)?in\\(([^\\s()]+)\\)$", activity },
};

static char *say_one(const Pack *pack, const char *text, const char *lang)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GRegex) regex = g_regex_new(shapes[i].pattern, G_REGEX_CASELESS, 0, NULL);
        g_autoptr(GMatchInfo) m = NULL;
        if (g_regex_match(regex, text, 0, &m)) return shapes[i].say(pack, m, lang);
    }
    return NULL;
}

/* All parts in words, joined; NULL when one cannot be said. */
static char *say_joined(const Pack *pack, const char *condition, const char *by, const char *word,
                        const char *lang)
{
    g_auto(GStrv) parts = g_regex_split_simple(by, condition, G_REGEX_CASELESS, 0);
    for (char **part = parts; *part; part++) {
        char *said = say_one(pack, g_strstrip(*part), lang);
        if (!said) return NULL;
        g_free(*part);
        *part = said;
    }
    return g_strjoinv(word, parts);
}

char *pack_words(const Pack *pack, const char *condition, const char *lang)
{
    char *said = say_joined(pack, condition, "\\s+AND\\s+", chinese(lang) ? " 且 " : " and ", lang);
    if (!said) said = say_joined(pack, condition, "\\s+OR\\s+", chinese(lang) ? " 或 " : " or ", lang);
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
