/* xlsx.c - an edition as a workbook: a sheet a section, a sheet of definitions. libxlsxwriter 1.1 writes to
 * files only, so it is written into a folder of its own, read back, and taken away. */
#include "desk/report/say.h"
#include <glib/gstdio.h>
#include <string.h>
#include <xlsxwriter.h>

typedef struct {
    lxw_workbook *book;
    lxw_format *title, *head, *text, *whole, *decimal, *share, *missed, *change;
} Work;

static lxw_format *format(lxw_workbook *book, const char *number)
{
    lxw_format *f = workbook_add_format(book);
    format_set_border(f, LXW_BORDER_THIN);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    if (number) format_set_num_format(f, number);
    return f;
}

static void make_formats(Work *w)
{
    w->title = workbook_add_format(w->book);
    format_set_bold(w->title);
    format_set_font_size(w->title, 14);
    w->head = format(w->book, NULL);
    format_set_bold(w->head);
    format_set_bg_color(w->head, 0xe8eef5);
    format_set_text_wrap(w->head);
    w->text = format(w->book, NULL);
    format_set_text_wrap(w->text);
    w->whole = format(w->book, "#,##0");
    w->decimal = format(w->book, "#,##0.0");
    w->share = format(w->book, "0.0%");
    w->change = format(w->book, "+0.0%;-0.0%;0.0%");
    w->missed = format(w->book, NULL);
    format_set_font_color(w->missed, 0xb3261e);
}

/* 31 characters at most, none of []:*?/\, each name once: a number before it sees to that. */
static char *sheet_name(gsize i, const char *title)
{
    g_autofree char *clean = g_strdelimit(g_strdup(title), "[]:*?/\\'", ' ');
    g_autofree char *cut = g_utf8_substring(clean, 0, MIN(g_utf8_strlen(clean, -1), 26));
    return g_strdup_printf("%" G_GSIZE_FORMAT " %s", i + 1, cut);
}

static void put_number(Work *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, const json_t *d,
                       const json_t *number)
{
    if (!json_is_number(number)) {
        worksheet_write_string(sheet, row, col, "—", w->text);
        return;
    }
    double x = json_number_value(number);
    gboolean share = d && say_is_share(d), whole = x == (double)(gint64)x;
    worksheet_write_number(sheet, row, col, x, share ? w->share : whole ? w->whole : w->decimal);
}

static void put_change(Work *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, const json_t *now,
                       const json_t *then)
{
    if (json_is_number(now) && json_is_number(then) && json_number_value(then) != 0)
        worksheet_write_number(sheet, row, col, json_number_value(now) / json_number_value(then) - 1,
                               w->change);
    else
        worksheet_write_string(sheet, row, col, "—", w->text);
}

static void put_value(Work *w, const Say *say, lxw_worksheet *sheet, lxw_row_t row, const json_t *section,
                      const json_t *v)
{
    const json_t *d = say_definition(say, v), *is = json_object_get(v, "value");
    g_autofree char *group = say_group(say, section, v), *taken = say_excluded(say, v);
    gboolean made = json_array_size(json_object_get(v, "inputs")) > 0;
    int met = say_met(d, v);
    worksheet_write_string(sheet, row, 0, group, w->text);
    worksheet_write_string(sheet, row, 1, say_text(say, d, "title"), w->text);
    put_number(w, sheet, row, 2, d, is);
    worksheet_write_string(sheet, row, 3, say_text(say, d, "unit"), w->text);
    put_number(w, sheet, row, 4, d, json_object_get(d, "target"));
    worksheet_write_string(sheet, row, 5,
                           met < 0 ? ""
                           : met   ? say_word(say, "达标", "met")
                                   : say_word(say, "未达标", "missed"),
                           met == 0 ? w->missed : w->text);
    put_number(w, sheet, row, 6, NULL, made ? NULL : json_object_get(v, "num"));
    put_number(w, sheet, row, 7, NULL, made ? NULL : json_object_get(v, "den"));
    put_number(w, sheet, row, 8, d, json_object_get(v, "before"));
    put_change(w, sheet, row, 9, is, json_object_get(v, "before"));
    put_number(w, sheet, row, 10, d, json_object_get(v, "year_before"));
    put_change(w, sheet, row, 11, is, json_object_get(v, "year_before"));
    worksheet_write_string(sheet, row, 12, taken, w->text);
    put_number(w, sheet, row, 13, NULL, json_object_get(v, "left_out"));
}

static void put_section(Work *w, const Say *say, gsize i, const json_t *section)
{
    static const char *const zh[] = { "单位/区域", "指标", "数值", "单位",     "目标", "达标", "分子",
                                      "分母",      "上期", "环比", "上年同期", "同比", "剔除", "未计" };
    static const char *const en[] = { "Group",       "Indicator",   "Value",     "Unit",    "Target",
                                      "Met",         "Num",         "Den",       "Before",  "On before",
                                      "Year before", "On the year", "Taken out", "Left out" };
    static const double widths[] = { 20, 26, 12, 8, 10, 9, 10, 10, 10, 10, 11, 10, 30, 8 };
    g_autofree char *name = sheet_name(i, say_text(say, section, "title"));
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, name);
    const json_t *values = json_object_get(section, "values");
    worksheet_write_string(sheet, 0, 0, say_text(say, section, "title"), w->title);
    worksheet_write_string(sheet, 1, 0, say_text(say, section, "text"), NULL);
    for (lxw_col_t c = 0; c < (lxw_col_t)G_N_ELEMENTS(zh); c++) {
        worksheet_write_string(sheet, 2, c, say->zh ? zh[c] : en[c], w->head);
        worksheet_set_column(sheet, c, c, widths[c], NULL);
    }
    for (gsize k = 0; k < json_array_size(values); k++)
        put_value(w, say, sheet, (lxw_row_t)k + 3, section, json_array_get(values, k));
    worksheet_freeze_panes(sheet, 3, 2);
    worksheet_repeat_rows(sheet, 2, 2);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); /* A4 */
    worksheet_fit_to_pages(sheet, 1, 0);
}

static void put_definition(Work *w, const Say *say, lxw_worksheet *sheet, lxw_row_t row, const json_t *d)
{
    const json_t *out = json_object_get(d, "excluded");
    const char *when = json_string_value(json_object_get(d, "when"));
    g_autofree char *formula = say_formula(say, d), *target = say_target(say, d);
    g_autoptr(GString) reasons = g_string_new(NULL);
    for (gsize k = 0; k < json_array_size(out); k++)
        g_string_append_printf(reasons, "%s%s: %s", k ? "\n" : "",
                               say_text(say, json_array_get(out, k), "reason"),
                               json_string_value(json_object_get(json_array_get(out, k), "when")));
    const char *const cells[] = { json_string_value(json_object_get(d, "id")),
                                  say_text(say, d, "title"),
                                  json_string_value(json_object_get(d, "kind")),
                                  formula,
                                  when ? when : "",
                                  reasons->str,
                                  json_string_value(json_object_get(d, "empty")),
                                  target,
                                  say_text(say, d, "unit") };
    for (lxw_col_t c = 0; c < (lxw_col_t)G_N_ELEMENTS(cells); c++)
        worksheet_write_string(sheet, row, c, cells[c], w->text);
}

static void put_definitions(Work *w, const Say *say)
{
    static const char *const zh[] = { "代码", "指标",     "类型", "算式", "取数范围",
                                      "剔除", "无分母时", "目标", "单位" };
    static const char *const en[] = { "Id",        "Indicator",  "Kind",   "Formula", "Over",
                                      "Taken out", "When empty", "Target", "Unit" };
    static const double widths[] = { 18, 24, 12, 46, 40, 40, 10, 10, 8 };
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, say_word(say, "口径", "Definitions"));
    const json_t *list = json_object_get(say->edition, "definitions");
    g_auto(GStrv) head = say_head(say);
    lxw_row_t row = 0;
    for (char **line = head; *line; line += 2, row++) {
        worksheet_write_string(sheet, row, 0, line[0], w->head);
        worksheet_write_string(sheet, row, 1, line[1], NULL);
    }
    row++;
    for (lxw_col_t c = 0; c < (lxw_col_t)G_N_ELEMENTS(zh); c++) {
        worksheet_write_string(sheet, row, c, say->zh ? zh[c] : en[c], w->head);
        worksheet_set_column(sheet, c, c, widths[c], NULL);
    }
    for (gsize i = 0; i < json_array_size(list); i++)
        put_definition(w, say, sheet, ++row, json_array_get(list, i));
}

static void put_differences(Work *w, const Say *say)
{
    static const char *const zh[] = { "章节", "指标", "更正前", "更正后" };
    static const char *const en[] = { "Section", "Indicator", "Before", "After" };
    g_auto(GStrv) cells = say_differences(say);
    if (!*cells) return;
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, say_word(say, "更正", "Corrections"));
    for (lxw_col_t c = 0; c < (lxw_col_t)G_N_ELEMENTS(zh); c++) {
        worksheet_write_string(sheet, 0, c, say->zh ? zh[c] : en[c], w->head);
        worksheet_set_column(sheet, c, c, 30, NULL);
    }
    for (guint i = 0; cells[i]; i++)
        worksheet_write_string(sheet, (lxw_row_t)i / 4 + 1, (lxw_col_t)(i % 4), cells[i], w->text);
}

static gboolean write_book(const Say *say, const char *path)
{
    const json_t *sections = json_object_get(say->edition, "sections");
    g_autofree char *name = report_name(say->edition, say->zh ? "zh" : "en");
    g_autofree char *author = g_strdup(say_text(say, say->edition, "pack"));
    Work w = { .book = workbook_new(path) };
    if (!w.book) return FALSE;
    lxw_doc_properties properties = {
        .title = name,
        .author = author,
        .created = (time_t)(json_integer_value(json_object_get(say->edition, "at")) / 1000)
    };
    workbook_set_properties(w.book, &properties);
    make_formats(&w);
    for (gsize i = 0; i < json_array_size(sections); i++)
        put_section(&w, say, i, json_array_get(sections, i));
    put_differences(&w, say);
    put_definitions(&w, say);
    return workbook_close(w.book) == LXW_NO_ERROR;
}

GBytes *report_xlsx(const json_t *edition, const char *lang, GError **error)
{
    Say say = { edition, strcmp(lang, "en") != 0 };
    g_autofree char *folder = g_dir_make_tmp("bihuan-report-XXXXXX", error);
    if (!folder) return NULL;
    g_autofree char *path = g_build_filename(folder, "report.xlsx", NULL), *bytes = NULL;
    gsize n = 0;
    gboolean well = write_book(&say, path);
    if (!well)
        g_set_error(error, REPORT_FILE_ERROR, REPORT_FILE_ERROR_WRITE, "the workbook could not be written");
    well = well && g_file_get_contents(path, &bytes, &n, error);
    g_unlink(path);
    g_rmdir(folder);
    return well ? g_bytes_new_take(g_steal_pointer(&bytes), n) : NULL;
}
