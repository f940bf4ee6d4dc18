/* paper_body_test.c - templates: what is written of them, and what is refused where. */
#include "engine/paper/body.h"
#include "engine/paper/paper_for_test.h"

static const char *value(const char *field, gpointer data)
{
    return strcmp(field, "name") == 0    ? "王小明"
           : strcmp(field, "odd") == 0   ? "{x}|{?name}"
           : strcmp(field, "empty") == 0 ? ""
                                         : NULL;
}

static char *written(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PaperBody) body = paper_body_parse(text, &error);
    g_assert_no_error(error);
    g_autoptr(PaperDoc) doc = paper_new(&(PaperHead){ .style = PAPER_REPORT });
    paper_body_write(body, value, NULL, doc);
    g_autoptr(GBytes) pdf = finished(doc);
    char *words = words_of(pdf), *foot = strstr(words, "第1页共1页");
    g_assert_nonnull(foot);
    *foot = 0;
    return words;
}

static void a_template_is_written_with_its_values(void)
{
    static const struct {
        const char *name, *body, *want;
    } table[] = {
        /* clang-format off */
        { "plain",             "# 题\n\n正文\n> 右\n^ 中\n< 左\n; 注\n---", "题正文右中左注" },
        { "field",             "{name}您好", "王小明您好" },
        { "no value",          "甲{gone}乙", "甲乙" },
        { "braces",            "{{name}}", "{name}" },
        { "if",                "{?name}有{/name}{?gone}无{/gone}", "有" },
        { "empty is none",     "{?empty}有{/empty}{!empty}无{/empty}", "无" },
        { "within",            "{?name}一{?gone}二{/gone}三{/name}", "一三" },
        { "within hidden",     "{?gone}一{?name}二{/name}三{/gone}四", "四" },
        { "whole lines",       "{?gone}\n甲\n{?name}\n乙\n{/name}\n{/gone}\n{!gone}\n丙\n{/gone}", "丙" },
        { "value is no mark",  "{odd}", "{x}|{?name}" },
        { "table",             "|项|值|\n|--|-----:|\n|a|{name}|\n{?gone}\n|b|c|\n{/gone}\n|d|{odd}|", "项值a王小明d{x}|{?name}" },
        { "table without head", "|a|b|\n|c|d|", "abcd" },
        { "head alone",        "|a|b|\n|--|--|", "ab" },
        { "two tables",        "|a|\n\n|b|c|", "abc" },
        { "head hidden",       "{?gone}\n|a|b|\n{/gone}\n|--|--|", "" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autofree char *got = written(table[i].body);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void a_template_is_said_without_its_marks(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PaperBody) body = paper_body_parse(
        "# 题\n---\n{?gone}\n甲\n{/gone}\n> {name}您好\n|项|值|\n|--|--|\n|a|{odd}|\n{gone}\n", &error);
    g_assert_no_error(error);
    g_autofree char *text = paper_body_text(body, value, NULL);
    g_assert_cmpstr(text, ==, "题\n王小明您好\n项 | 值\na | {x}|{?name}\n");
}

static void what_is_no_template_is_refused_with_its_place(void)
{
    static const struct {
        const char *name, *body, *at;
    } table[] = {
        /* clang-format off */
        { "open brace",          "甲\n乙{name", "line 2, column 2:" },
        { "closing brace",       "a}", "line 1, column 2:" },
        { "no name",             "{}", "line 1, column 1:" },
        { "upper case",          "{Name}", "line 1, column 1:" },
        { "not closed",          "{?a}x", "line 1, column 1:" },
        { "not opened",          "x{/a}", "line 1, column 4:" },
        { "crossed",             "{?a}{?b}{/a}{/b}", "line 1, column 11:" },
        { "lines not closed",    "{?a}\nx", "line 2, column 1:" },
        { "lines not opened",    "x\n{/a}", "line 2, column 3:" },
        { "other number of cells", "|a|b|\n|c|", "line 2, column 1:" },
        { "row without end",     "|a|b", "line 1, column 1:" },
        { "over a cell's edge",  "|{?a}x|y{/a}|", "line 1, column" },
        { "too deep",            "{?a}{?a}{?a}{?a}{?a}{?a}{?a}{?a}{?a}", "line 1, column 35:" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autoptr(GError) error = NULL;
        g_assert_null(paper_body_parse(table[i].body, &error));
        g_assert_error(error, PAPER_ERROR, PAPER_ERROR_TEMPLATE);
        g_assert_true(g_str_has_prefix(error->message, table[i].at));
    }
}

static void its_fields_are_named_with_their_places(void)
{
    g_autoptr(PaperBody) body = paper_body_parse("甲{name}\n|{a}|{b}|\n{?c}\n{/c}", NULL);
    static const PaperPlace want[] = { { "name", 1, 3 }, { "a", 2, 3 }, { "b", 2, 7 }, { "c", 3, 3 } };
    gsize n;
    const PaperPlace *got = paper_body_places(body, &n);
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(want));
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpstr(got[i].id, ==, want[i].id);
        g_assert_cmpuint(got[i].line, ==, want[i].line);
        g_assert_cmpuint(got[i].column, ==, want[i].column);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/engine/paper/" #name, name)
    T(a_template_is_written_with_its_values);
    T(a_template_is_said_without_its_marks);
    T(what_is_no_template_is_refused_with_its_place);
    T(its_fields_are_named_with_their_places);
    return g_test_run();
}
