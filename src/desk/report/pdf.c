/* pdf.c - an edition on A4 paper. */
#include "desk/report/say.h"
#include "engine/paper/paper.h"
#include <string.h>

static void put_values(PaperDoc *doc, const Say *say, const json_t *section)
{
    const json_t *values = json_object_get(section, "values");
    gboolean before = json_is_true(json_object_get(section, "before")),
             year = json_is_true(json_object_get(section, "year_on_year")),
             by = *json_string_value(json_object_get(section, "by")) != '\0';
    PaperColumn columns[10];
    gsize n = 0;
    if (by) columns[n++] = (PaperColumn){ say_word(say, "单位/区域", "Group"), 2.2, PAPER_LEFT };
    columns[n++] = (PaperColumn){ say_word(say, "指标", "Indicator"), 2.8, PAPER_LEFT };
    columns[n++] = (PaperColumn){ say_word(say, "数值", "Value"), 1.3, PAPER_RIGHT };
    columns[n++] = (PaperColumn){ say_word(say, "目标", "Target"), 1.5, PAPER_LEFT };
    columns[n++] = (PaperColumn){ say_word(say, "分子/分母", "Parts"), 1.5, PAPER_RIGHT };
    if (before) columns[n++] = (PaperColumn){ say_word(say, "环比", "On before"), 1.2, PAPER_RIGHT };
    if (year) columns[n++] = (PaperColumn){ say_word(say, "同比", "On the year"), 1.2, PAPER_RIGHT };
    columns[n++] = (PaperColumn){ say_word(say, "剔除", "Taken out"), 2.2, PAPER_LEFT };
    columns[n++] = (PaperColumn){ say_word(say, "未计", "Left out"), 0.9, PAPER_RIGHT };
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i), *d = say_definition(say, v),
                     *is = json_object_get(v, "value");
        g_autofree char *number = say_number(d, is), *target = say_target(say, d);
        int met = say_met(d, v);
        gint64 num = (gint64)json_integer_value(json_object_get(v, "num")),
               den = (gint64)json_integer_value(json_object_get(v, "den"));
        if (by) g_ptr_array_add(cells, say_group(say, section, v));
        g_ptr_array_add(cells, g_strdup(say_text(say, d, "title")));
        g_ptr_array_add(cells, say_is_share(d) || !json_is_number(is)
                                   ? g_strdup(number)
                                   : g_strdup_printf("%s %s", number, say_text(say, d, "unit")));
        g_ptr_array_add(cells, g_strdup_printf("%s%s", target,
                                               met < 0 ? ""
                                               : met   ? say_word(say, " 达标", " met")
                                                       : say_word(say, " 未达标", " missed")));
        g_ptr_array_add(cells, json_array_size(json_object_get(v, "inputs")) ? g_strdup("")
                               : den ? g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, num, den)
                                     : g_strdup_printf("%" G_GINT64_FORMAT, num));
        if (before) g_ptr_array_add(cells, say_change(is, json_object_get(v, "before")));
        if (year) g_ptr_array_add(cells, say_change(is, json_object_get(v, "year_before")));
        g_ptr_array_add(cells, say_excluded(say, v));
        gint64 left = (gint64)json_integer_value(json_object_get(v, "left_out"));
        g_ptr_array_add(cells, left ? g_strdup_printf("%" G_GINT64_FORMAT, left) : g_strdup(""));
    }
    if (cells->len)
        paper_table(doc, columns, n, (const char *const *)cells->pdata, cells->len / n);
    else
        paper_text(doc, PAPER_NOTE, say_word(say, "本期无数据。", "Nothing in this period."));
}

static void put_differences(PaperDoc *doc, const Say *say)
{
    g_auto(GStrv) cells = say_differences(say);
    const PaperColumn columns[] = { { say_word(say, "章节", "Section"), 2.5, PAPER_LEFT },
                                    { say_word(say, "指标", "Indicator"), 2.5, PAPER_LEFT },
                                    { say_word(say, "更正前", "Before"), 2, PAPER_RIGHT },
                                    { say_word(say, "更正后", "After"), 2, PAPER_RIGHT } };
    if (!*cells) return;
    paper_heading(doc, 2, say_word(say, "更正的数值", "Values corrected"));
    paper_table(doc, columns, 4, (const char *const *)cells, g_strv_length(cells) / 4);
}

static void put_definitions(PaperDoc *doc, const Say *say)
{
    const json_t *list = json_object_get(say->edition, "definitions");
    const PaperColumn columns[] = { { say_word(say, "指标", "Indicator"), 2, PAPER_LEFT },
                                    { say_word(say, "算式", "Formula"), 4, PAPER_LEFT },
                                    { say_word(say, "取数范围", "Over"), 3, PAPER_LEFT },
                                    { say_word(say, "剔除", "Taken out"), 2, PAPER_LEFT } };
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *d = json_array_get(list, i), *out = json_object_get(d, "excluded");
        const char *when = json_string_value(json_object_get(d, "when"));
        g_autoptr(GString) reasons = g_string_new(NULL);
        for (gsize k = 0; k < json_array_size(out); k++)
            g_string_append_printf(reasons, "%s%s: %s", k ? "\n" : "",
                                   say_text(say, json_array_get(out, k), "reason"),
                                   json_string_value(json_object_get(json_array_get(out, k), "when")));
        g_ptr_array_add(cells, g_strdup_printf("%s\n%s", say_text(say, d, "title"),
                                               json_string_value(json_object_get(d, "id"))));
        g_ptr_array_add(cells, say_formula(say, d));
        g_ptr_array_add(cells, g_strdup(when ? when : ""));
        g_ptr_array_add(cells, g_strdup(reasons->str));
    }
    paper_heading(doc, 2, say_word(say, "口径", "Definitions"));
    if (cells->len) paper_table(doc, columns, 4, (const char *const *)cells->pdata, cells->len / 4);
}

static void put_head(PaperDoc *doc, const Say *say)
{
    g_auto(GStrv) head = say_head(say);
    const PaperColumn columns[] = { { NULL, 1, PAPER_LEFT }, { NULL, 5, PAPER_LEFT } };
    paper_table(doc, columns, 2, (const char *const *)head, g_strv_length(head) / 2);
}

GBytes *report_pdf(const json_t *edition, const char *lang, GError **error)
{
    Say say = { edition, strcmp(lang, "en") != 0 };
    g_autofree char *name = report_name(edition, lang);
    const char *digest = json_string_value(json_object_get(edition, "digest"));
    g_autofree char *qr =
        g_strdup_printf("bihuan-report:%s/%s/%s/%d#%s", json_string_value(json_object_get(edition, "pack")),
                        json_string_value(json_object_get(edition, "report")),
                        json_string_value(json_object_get(edition, "period")),
                        (int)json_integer_value(json_object_get(edition, "edition")), digest);
    PaperHead head = { .style = PAPER_REPORT,
                       .lang = say.zh ? "zh" : "en",
                       .title = name,
                       .issuer = say_text(&say, edition, "pack"),
                       .number = name,
                       .now = (gint64)json_integer_value(json_object_get(edition, "at")) };
    g_autoptr(PaperDoc) doc = paper_new(&head);
    const json_t *sections = json_object_get(edition, "sections");
    paper_heading(doc, 1, say_text(&say, edition, "title"));
    put_head(doc, &say);
    for (gsize i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);
        const char *text = say_text(&say, section, "text");
        paper_heading(doc, 2, say_text(&say, section, "title"));
        if (*text) paper_text(doc, PAPER_BODY, text);
        put_values(doc, &say, section);
    }
    put_differences(doc, &say);
    put_definitions(doc, &say);
    if (strlen(qr) <= PAPER_MAX_QR)
        paper_qr(doc, qr, say_word(&say, "校验：bihuan report verify", "Check: bihuan report verify"));
    return paper_finish(doc, error);
}
