/* say.c - refusals in words, Chinese and English, from form.def. */
#include "engine/form/form.h"
#include <string.h>

static const struct {
    const char *name, *zh, *en;
} codes[] = {
#define FORM(code, name, zh, en) { name, zh, en },
#include "engine/form/form.def"
#undef FORM
};

static const struct { /* types and formats, which have a name in each language */
    const char *name, *zh, *en;
} words[] = {
    { "null", "空值", "nothing (null)" },
    { "boolean", "是或否", "true or false" },
    { "integer", "整数", "a whole number" },
    { "number", "数字", "a number" },
    { "string", "文字", "a text" },
    { "array", "列表", "a list" },
    { "object", "一组内容", "a group of entries" },
    { "date", "日期（如 2026-11-23）", "a date (2026-11-23)" },
    { "date-time", "日期和时间（如 2026-11-23T17:05:00+08:00）",
      "a date and time (2026-11-23T17:05:00+08:00)" },
    { "time", "时间（如 17:05:00+08:00）", "a time (17:05:00+08:00)" },
    { "email", "电子邮箱地址", "an e-mail address" },
    { "uri", "网址", "a web address (URI)" },
    { "uuid", "UUID", "a UUID" },
    { "cn-id", "有效的 18 位身份证号码", "an 18-digit identity number with its check digit" },
    { "cn-phone", "电话号码", "a telephone number" },
    { "cn-uscc", "有效的统一社会信用代码", "a unified social credit code with its check digit" },
};

const char *form_code_name(FormCode code)
{
    return codes[code].name;
}

static const char *word_of(const char *name, gboolean zh)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].name, name) == 0) {
            return zh ? words[i].zh : words[i].en;
        }
    }
    return name;
}

/* "integer|null" in words. */
static char *in_words(const char *wanted, gboolean zh)
{
    g_auto(GStrv) names = g_strsplit(wanted, "|", -1);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; names[i]; i++) {
        g_string_append_printf(out, "%s%s", i == 0 ? "" : zh ? "或" : " or ", word_of(names[i], zh));
    }
    return g_string_free(out, FALSE);
}

char *form_refusal_text(const FormRefusal *refusal, const char *lang)
{
    const gboolean zh = strcmp(lang, "zh") == 0;
    const char *text = zh ? codes[refusal->code].zh : codes[refusal->code].en, *place = strstr(text, "{}");
    if (!place) {
        return g_strdup(text);
    }
    const gboolean named = refusal->code == FORM_TYPE || refusal->code == FORM_FORMAT;
    g_autofree char *wanted = named ? in_words(refusal->wanted, zh) : g_strdup(refusal->wanted);
    return g_strdup_printf("%.*s%s%s", (int)(place - text), text, wanted, place + 2);
}
