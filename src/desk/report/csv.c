/* csv.c - an edition as a table, one line a value. */
#include "base/csv.h"
#include "desk/report/say.h"
#include <string.h>

static void field(GString *out, const char *text, gboolean *first)
{
    base_csv_write_field(out, text, *first);
    *first = FALSE;
}

static void exact(GString *out, const json_t *number, gboolean *first)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "";
    if (json_is_integer(number))
        g_snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    else if (json_is_number(number))
        g_ascii_dtostr(text, sizeof text, json_number_value(number));
    field(out, text, first);
}

static void put_row(GString *out, const Say *say, const json_t *section, const json_t *v)
{
    static const char *const numbers[] = { "value", "num", "den", "left_out", "before", "year_before" };
    const json_t *d = say_definition(say, v);
    g_autofree char *group = say_group(say, section, v), *taken = say_excluded(say, v);
    gboolean first = TRUE;
    field(out, say_text(say, section, "title"), &first);
    field(out, group, &first);
    field(out, json_string_value(json_object_get(v, "id")), &first);
    field(out, say_text(say, d, "title"), &first);
    field(out, say_text(say, d, "unit"), &first);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        exact(out, json_object_get(v, numbers[i]), &first);
    exact(out, json_object_get(d, "target"), &first);
    field(out, taken, &first);
    g_string_append(out, "\r\n");
}

char *report_csv(const json_t *edition, const char *lang)
{
    Say say = { edition, strcmp(lang, "en") != 0 };
    GString *out = g_string_new("\xef\xbb\xbf");
    const json_t *sections = json_object_get(edition, "sections");
    g_string_append(
        out,
        say_word(&say, "章节,单位/区域,指标代码,指标,单位,数值,分子,分母,未计,上期,上年同期,目标,剔除\r\n",
                 "section,group,id,indicator,unit,value,num,den,left out,before,year before,target,"
                 "taken out\r\n"));
    for (gsize s = 0; s < json_array_size(sections); s++) {
        const json_t *section = json_array_get(sections, s), *values = json_object_get(section, "values");
        for (gsize i = 0; i < json_array_size(values); i++)
            put_row(out, &say, section, json_array_get(values, i));
    }
    return g_string_free(out, FALSE);
}
