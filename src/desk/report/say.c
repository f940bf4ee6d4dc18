/* say.c - values, targets, formulas and exclusions of an edition in words. */
#include "desk/report/say.h"
#include <math.h>
#include <string.h>

const char *say_word(const Say *say, const char *zh, const char *en)
{
    return say->zh ? zh : en;
}

static const char *plain(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

const char *say_text(const Say *say, const json_t *object, const char *key)
{
    g_autofree char *full = g_strconcat(key, say->zh ? "_zh" : "_en", NULL);
    return plain(object, full);
}

const json_t *say_definition(const Say *say, const json_t *value)
{
    const json_t *list = json_object_get(say->edition, "definitions");
    for (gsize i = 0; i < json_array_size(list); i++)
        if (json_equal(json_object_get(json_array_get(list, i), "id"), json_object_get(value, "id")))
            return json_array_get(list, i);
    return NULL;
}

gboolean say_is_share(const json_t *definition)
{
    return !strcmp(plain(definition, "unit_zh"), "%");
}

static char *digits(double x, gboolean share)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (share) x *= 100;
    gboolean whole = !share && x == floor(x) && fabs(x) < 1e15;
    return g_strconcat(g_ascii_formatd(text, sizeof text, whole ? "%.0f" : "%.1f", x), share ? "%" : "",
                       NULL);
}

char *say_number(const json_t *definition, const json_t *number)
{
    return json_is_number(number) ? digits(json_number_value(number), say_is_share(definition))
                                  : g_strdup("—");
}

char *say_target(const Say *say, const json_t *definition)
{
    const json_t *target = json_object_get(definition, "target");
    if (!json_is_number(target)) return g_strdup("");
    g_autofree char *number = say_number(definition, target);
    char *tail = g_str_has_suffix(number, ".0%") ? number + strlen(number) - strlen(".0%") : NULL;
    if (tail) memcpy(tail, "%", sizeof "%");
    return g_strconcat(json_is_true(json_object_get(definition, "higher_is_better")) ? "≥ " : "≤ ", number,
                       NULL);
}

int say_met(const json_t *definition, const json_t *value)
{
    const json_t *target = json_object_get(definition, "target"), *is = json_object_get(value, "value");
    if (!json_is_number(target) || !json_is_number(is)) return -1;
    return json_is_true(json_object_get(definition, "higher_is_better"))
               ? json_number_value(is) >= json_number_value(target)
               : json_number_value(is) <= json_number_value(target);
}

char *say_change(const json_t *now, const json_t *then)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!json_is_number(now) || !json_is_number(then) || json_number_value(then) == 0) return g_strdup("—");
    double change = (json_number_value(now) / json_number_value(then) - 1) * 100;
    return g_strconcat(g_ascii_formatd(text, sizeof text, "%+.1f", change), "%", NULL);
}

static const char *reason(const Say *say, const json_t *definition, const char *id)
{
    const json_t *list = json_object_get(definition, "excluded");
    for (gsize i = 0; i < json_array_size(list); i++)
        if (!strcmp(plain(json_array_get(list, i), "id"), id))
            return say_text(say, json_array_get(list, i), "reason");
    return id;
}

char *say_excluded(const Say *say, const json_t *value)
{
    const json_t *list = json_object_get(value, "excluded"), *definition = say_definition(say, value);
    g_autoptr(GString) all = g_string_new(NULL);
    gint64 n = 0;
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        gint64 some = (gint64)json_integer_value(json_object_get(one, "n"));
        g_string_append_printf(all, "%s%s %" G_GINT64_FORMAT, i ? say_word(say, "，", ", ") : "",
                               reason(say, definition, plain(one, "id")), some);
        n += some;
    }
    if (!n) return g_strdup("");
    return g_strdup_printf(say_word(say, "%" G_GINT64_FORMAT "（%s）", "%" G_GINT64_FORMAT " (%s)"), n,
                           all->str);
}

static void add_parts(const Say *say, GString *out, const json_t *definition)
{
    const json_t *list = json_object_get(definition, "parts");
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *part = json_array_get(list, i);
        g_autofree char *full = digits(json_number_value(json_object_get(part, "full")), FALSE),
                        *zero = digits(json_number_value(json_object_get(part, "zero")), FALSE);
        g_string_append_printf(
            out, say_word(say, "%s%s %.0f 分（满分 %s，零分 %s）", "%s%s %.0f (full at %s, none at %s)"),
            i ? say_word(say, "；", "; ") : "", plain(part, "of"),
            json_number_value(json_object_get(part, "weight")), full, zero);
    }
}

char *say_formula(const Say *say, const json_t *definition)
{
    const char *kind = plain(definition, "kind");
    GString *out = g_string_new(NULL);
    if (!strcmp(kind, "derived"))
        g_string_append(out, plain(definition, "expr"));
    else if (!strcmp(kind, "score"))
        add_parts(say, out, definition);
    else if (!strcmp(kind, "ratio"))
        g_string_printf(out, "Σ(%s) / Σ(%s)", plain(definition, "num"), plain(definition, "den"));
    else if (!strcmp(kind, "mean"))
        g_string_printf(out, say_word(say, "平均(%s)", "mean(%s)"), plain(definition, "num"));
    else if (!strcmp(kind, "percentile"))
        g_string_printf(out, say_word(say, "第 %d 百分位(%s)", "percentile %d (%s)"),
                        (int)json_integer_value(json_object_get(definition, "p")), plain(definition, "num"));
    else
        g_string_printf(out, "Σ(%s)", plain(definition, "num"));
    return g_string_free(out, FALSE);
}

char *say_group(const Say *say, const json_t *section, const json_t *value)
{
    const char *name = plain(value, "group_name"), *group = plain(value, "group");
    if (!*plain(section, "by")) return g_strdup(say_word(say, "合计", "All"));
    if (!*group) return g_strdup(say_word(say, "（未定）", "(none)"));
    return g_strdup(*name ? name : group);
}

/* ---- what a correction changes ---- */

static char *said(const Say *say, const json_t *v)
{
    const json_t *d = v ? say_definition(say, v) : NULL;
    if (!d) return g_strdup(say_word(say, "无此项", "not there"));
    g_autofree char *number = say_number(d, json_object_get(v, "value"));
    gint64 num = (gint64)json_integer_value(json_object_get(v, "num")),
           den = (gint64)json_integer_value(json_object_get(v, "den"));
    return den ? g_strdup_printf("%s (%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ")", number, num, den)
               : g_steal_pointer(&number);
}

static char *where(const Say *say, const json_t *section, const json_t *v)
{
    g_autofree char *group = say_group(say, section, v);
    return *plain(section, "by") ? g_strdup_printf("%s · %s", say_text(say, section, "title"), group)
                                 : g_strdup(say_text(say, section, "title"));
}

char **say_differences(const Say *say)
{
    const json_t *sections = json_object_get(say->edition, "sections"),
                 *list = json_object_get(json_object_get(say->edition, "corrects"), "differences");
    GPtrArray *out = g_ptr_array_new();
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *was = json_object_get(one, "was"),
                     *is = json_object_get(one, "is"),
                     *section =
                         json_array_get(sections, (gsize)json_integer_value(json_object_get(one, "section")));
        g_ptr_array_add(out, where(say, section, is ? is : was));
        g_ptr_array_add(out, g_strdup(say_text(say, say_definition(say, one), "title")));
        g_ptr_array_add(out, said(say, was));
        g_ptr_array_add(out, said(say, is));
    }
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}

char *report_name(const json_t *edition, const char *lang)
{
    Say say = { edition, strcmp(lang, "en") != 0 };
    return g_strdup_printf(say_word(&say, "%s %s 第%d版", "%s %s edition %d"),
                           say_text(&say, edition, "title"), plain(edition, "period"),
                           (int)json_integer_value(json_object_get(edition, "edition")));
}

static char *instant(const json_t *edition)
{
    g_autoptr(GDateTime) utc =
        g_date_time_new_from_unix_utc((gint64)json_integer_value(json_object_get(edition, "at")) / 1000);
    g_autoptr(GTimeZone) china = g_time_zone_new_offset(8 * 3600);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, china) : NULL;
    return local ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("");
}

static void line(GPtrArray *out, const char *name, char *value)
{
    g_ptr_array_add(out, g_strdup(name));
    g_ptr_array_add(out, value);
}

char **say_head(const Say *say)
{
    const json_t *e = say->edition, *corrects = json_object_get(e, "corrects");
    GPtrArray *out = g_ptr_array_new();
    line(out, say_word(say, "业务", "Service"), g_strdup(say_text(say, e, "pack")));
    line(out, say_word(say, "期间", "Period"),
         g_strconcat(
             plain(e, "period"),
             json_is_true(json_object_get(e, "ended")) ? "" : say_word(say, "（期未满）", " (not over yet)"),
             NULL));
    line(out, say_word(say, "版次", "Edition"),
         g_strdup_printf("%d", (int)json_integer_value(json_object_get(e, "edition"))));
    g_autofree char *at = instant(e);
    line(out, say_word(say, "定稿", "Frozen"), g_strdup_printf("%s  %s", at, plain(e, "actor")));
    if (json_is_false(json_object_get(e, "sound")))
        line(out, say_word(say, "核对", "Checked"),
             g_strdup(say_word(say, "与账本不一致，请勿使用", "Not what the ledger says: do not use it")));
    if (corrects) {
        line(out, say_word(say, "更正", "Corrects"),
             g_strdup_printf(say_word(say, "第 %d 版", "edition %d"),
                             (int)json_integer_value(json_object_get(corrects, "edition"))));
        line(out, say_word(say, "更正原因", "Why"), g_strdup(plain(corrects, "why")));
        line(out, say_word(say, "变动数值", "Values that differ"),
             g_strdup_printf("%d", (int)json_array_size(json_object_get(corrects, "differences"))));
    }
    line(out, say_word(say, "账本位置", "Ledger size"),
         g_strdup_printf("%d", (int)json_integer_value(json_object_get(e, "size"))));
    line(out, say_word(say, "规则版本", "Pack version"), g_strdup(plain(e, "version")));
    line(out, say_word(say, "校验值 SHA-256", "Digest SHA-256"), g_strdup(plain(e, "digest")));
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}
