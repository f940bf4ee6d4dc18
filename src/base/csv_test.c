/* csv_test.c - tables as offices write them, and as nobody should. */
#include "base/csv.h"
#include "base/json.h"
#include <string.h>

/* All rows as "a|b;c|d", bad rows as "!line". */
static char *flat(const char *bytes, gsize length, GError **error)
{
    g_autoptr(BaseCsv) csv = base_csv_new((const guint8 *)bytes, length, NULL, BASE_CSV_LIMITS, error);
    if (!csv) return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    char **fields;
    gsize n;
    const char *why;
    for (;;) {
        BaseCsvStep step = base_csv_next(csv, &fields, &n, &why, error);
        if (step == BASE_CSV_BROKEN) return NULL;
        if (step == BASE_CSV_END) return g_strdup(out->str);
        if (out->len) g_string_append_c(out, ';');
        if (step == BASE_CSV_BAD_ROW) {
            g_string_append_printf(out, "!%" G_GSIZE_FORMAT, base_csv_line(csv));
            continue;
        }
        for (gsize i = 0; i < n; i++)
            g_string_append_printf(out, "%s%s", i ? "|" : "", fields[i]);
    }
}

static void rows_are_cut_where_they_should_be(void)
{
    static const struct {
        const char *name, *text, *want;
    } table[] = {
        { "plain", "a,b\nc,d\n", "a|b;c|d" },
        { "no last line end", "a,b\nc,d", "a|b;c|d" },
        { "crlf", "a,b\r\nc,d\r\n", "a|b;c|d" },
        { "cr only", "a,b\rc,d\r", "a|b;c|d" },
        { "quoted separator", "\"a,b\",c\n", "a,b|c" },
        { "doubled quote", "\"a\"\"b\",c\n", "a\"b|c" },
        { "line end in quotes", "\"a\nb\",c\n", "a\nb|c" },
        { "tabs", "a\tb,c\nd\te\n", "a|b,c;d|e" },
        { "semicolons by sep=", "sep=;\na;b\n", "a|b" },
        { "sep= and nothing else", "sep=;", "" },
        { "empty fields", ",\n,\n", "|;|" },
        { "empty lines are skipped", "a\n\n\nb\n", "a;b" },
        { "nothing", "", "" },
        { "mark of UTF-8",
          "\xef\xbb\xbf"
          "a,b",
          "a|b" },
        { "a bad character spoils its row alone", "a,b\nc\xff,d\ne,f\n", "a|b;!2;e|f" },
        { "GBK", "\xd0\xd5\xc3\xfb,\xb5\xe7\xbb\xb0\n\xc0\xee\xcb\xc4,1\n", "姓名|电话;李四|1" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        g_autofree char *got = flat(table[i].text, strlen(table[i].text), &error);
        g_assert_no_error(error);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void a_quote_never_closed_is_refused_with_its_line(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(flat("a,b\nc,\"d\ne,f\n", 13, &error));
    g_assert_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_QUOTE);
    g_assert_true(g_str_has_prefix(error->message, "line 2:"));
}

static void a_nul_spoils_its_row_alone(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = flat("a,b\nc\0,d\ne,f\n", 13, &error);
    g_assert_cmpstr(got, ==, "a|b;!2;e|f");
}

static void too_many_columns_are_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *wide = g_strnfill(5000, ',');
    g_assert_null(flat(wide, 5000, &error));
    g_assert_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_COLUMNS);
}

static void a_field_over_the_limit_spoils_its_row_alone(void)
{
    g_autofree char *big = g_strnfill(300 << 10, 'x');
    g_autofree char *text = g_strconcat("a\n", big, "\nb\n", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *got = flat(text, strlen(text), &error);
    g_assert_cmpstr(got, ==, "a;!2;b");
}

static char *shared_path(const char *below)
{
    const char *shared = g_getenv("SHARED");
    return g_build_filename(shared ? shared : "../shared", "data", "badinput", below, NULL);
}

/* The files' line ends were turned on their way here while their truths were not. */
static char *without_carriage(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\r", 0);
    return g_strjoinv("", parts);
}

static void the_csv_spectrum_gives_its_rows(void)
{
    g_autofree char *folder = shared_path("csv/spectrum");
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (!dir) {
        g_test_skip("the shared bad input is not here");
        return;
    }
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".csv")) continue;
        g_autofree char *path = g_build_filename(folder, name, NULL),
                        *stem = g_strndup(path, strlen(path) - 4);
        g_autofree char *json_path = g_strconcat(stem, ".json", NULL), *text = NULL, *json = NULL;
        gsize length, json_length;
        g_autoptr(GError) error = NULL;
        g_test_message("%s", name);
        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        g_assert_true(g_file_get_contents(json_path, &json, &json_length, NULL));
        json_t *want = base_json_parse(json, json_length, BASE_JSON_REQUEST, &error);
        g_assert_no_error(error);
        if (!json_is_array(
                want)) { /* location_coordinates: its truth is of another table (upstream's slip) */
            json_decref(want);
            continue;
        }
        g_autoptr(BaseCsv) csv = base_csv_new((const guint8 *)text, length, NULL, BASE_CSV_LIMITS, &error);
        char **fields;
        gsize n;
        const char *why;
        g_assert_cmpint(base_csv_next(csv, &fields, &n, &why, &error), ==, BASE_CSV_ROW);
        g_autoptr(GPtrArray) header = g_ptr_array_new_with_free_func(g_free);
        for (gsize i = 0; i < n; i++)
            g_ptr_array_add(header, g_strdup(fields[i]));
        for (gsize row = 0; row < json_array_size(want); row++) {
            g_assert_cmpint(base_csv_next(csv, &fields, &n, &why, &error), ==, BASE_CSV_ROW);
            for (gsize i = 0; i < n; i++) {
                const char *truth =
                    json_string_value(json_object_get(json_array_get(want, row), header->pdata[i]));
                g_autofree char *unix_ends = without_carriage(truth), *got = without_carriage(fields[i]);
                g_assert_cmpstr(got, ==, unix_ends);
            }
        }
        g_assert_cmpint(base_csv_next(csv, &fields, &n, &why, &error), ==, BASE_CSV_END);
        json_decref(want);
    }
    g_dir_close(dir);
}

static void rosters_in_every_office_encoding_give_the_same_names(void)
{
    static const struct {
        const char *file;
        BaseEncoding encoding;
    } table[] = {
        { "cn/roster-gbk.csv", BASE_TEXT_GB18030 },         { "cn/roster-gb18030.csv", BASE_TEXT_GB18030 },
        { "cn/roster-utf8-bom.csv", BASE_TEXT_UTF8 },       { "cn/roster-utf16be.csv", BASE_TEXT_UTF16BE },
        { "cn/roster-utf16le-bom.csv", BASE_TEXT_UTF16LE }, { "cn/roster-big5.csv", BASE_TEXT_BIG5 },
        { "cn/roster-5c-trail.csv", BASE_TEXT_GB18030 },    { "cn/roster-gbk-tabs.txt", BASE_TEXT_GB18030 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *path = shared_path(table[i].file), *text = NULL;
        gsize length;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(path, &text, &length, NULL)) {
            g_test_skip("the shared bad input is not here");
            return;
        }
        g_test_message("%s", table[i].file);
        g_assert_cmpint(base_encoding_guess((const guint8 *)text, length, NULL), ==, table[i].encoding);
        g_autofree char *got = flat(text, length, &error);
        g_assert_no_error(error);
        g_assert_null(strchr(got, '!'));
        g_assert_nonnull(strchr(got, '|'));
    }
}

static void bytes_that_do_not_fit_their_encoding_are_refused_with_their_place(void)
{
    static const struct {
        const char *name;
        BaseEncoding encoding;
        const char *bytes;
        gsize length, at;
    } table[] = {
        { "UTF-8, an impossible byte", BASE_TEXT_UTF8, "ab\xff", 3, 2 },
        { "UTF-8, an overlong slash", BASE_TEXT_UTF8, "\xc0\xaf", 2, 0 },
        { "UTF-8, cut in a character", BASE_TEXT_UTF8, "a\xe5\xa7", 3, 1 },
        { "UTF-16, half a character", BASE_TEXT_UTF16LE, "a\0b", 3, 2 },
        { "UTF-16, a surrogate alone", BASE_TEXT_UTF16LE, "a\0\0\xdc", 4, 2 },
        { "GB18030, cut in a character", BASE_TEXT_GB18030, "a\xd0", 2, 1 },
        { "Big5, no such character", BASE_TEXT_BIG5, "\xff\xff", 2, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        gsize at = 99;
        g_assert_null(
            base_text_decode((const guint8 *)table[i].bytes, table[i].length, table[i].encoding, NULL, &at));
        g_assert_cmpuint(at, ==, table[i].at);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(flat("\xff\xfe"
                       "a\0\n\0\0\xdc",
                       8, &error));
    g_assert_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_ENCODING);
    g_assert_nonnull(strstr(error->message, "byte 5 is not UTF-16LE"));
}

static void an_encoding_goes_by_its_names(void)
{
    static const struct {
        const char *name;
        gboolean known;
        BaseEncoding want;
    } table[] = {
        { "UTF-8", TRUE, BASE_TEXT_UTF8 },      { "utf8", TRUE, BASE_TEXT_UTF8 },
        { "gbk", TRUE, BASE_TEXT_GB18030 },     { "GB2312", TRUE, BASE_TEXT_GB18030 },
        { "big5", TRUE, BASE_TEXT_BIG5 },       { "utf-16le", TRUE, BASE_TEXT_UTF16LE },
        { "latin1", FALSE, BASE_TEXT_GB18030 }, { "", FALSE, BASE_TEXT_GB18030 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        BaseEncoding got = BASE_TEXT_GB18030; /* a refusal leaves it */
        g_assert_cmpint(base_encoding_parse(table[i].name, &got), ==, table[i].known);
        g_assert_cmpint(got, ==, table[i].want);
    }
}

static void export_defuses_formulas_and_quotes(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    base_csv_write_field(out, "=1+1", TRUE);
    base_csv_write_field(out, "a\"b", FALSE);
    base_csv_write_field(out, "c,d", FALSE);
    base_csv_write_field(out, "", FALSE);
    g_assert_cmpstr(out->str, ==, "'=1+1,\"a\"\"b\",\"c,d\",");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/rows_are_cut_where_they_should_be", rows_are_cut_where_they_should_be);
    g_test_add_func("/csv/a_quote_never_closed_is_refused_with_its_line",
                    a_quote_never_closed_is_refused_with_its_line);
    g_test_add_func("/csv/a_nul_spoils_its_row_alone", a_nul_spoils_its_row_alone);
    g_test_add_func("/csv/too_many_columns_are_refused", too_many_columns_are_refused);
    g_test_add_func("/csv/a_field_over_the_limit_spoils_its_row_alone",
                    a_field_over_the_limit_spoils_its_row_alone);
    g_test_add_func("/csv/the_csv_spectrum_gives_its_rows", the_csv_spectrum_gives_its_rows);
    g_test_add_func("/csv/rosters_in_every_office_encoding_give_the_same_names",
                    rosters_in_every_office_encoding_give_the_same_names);
    g_test_add_func("/text/bytes_that_do_not_fit_their_encoding_are_refused_with_their_place",
                    bytes_that_do_not_fit_their_encoding_are_refused_with_their_place);
    g_test_add_func("/text/an_encoding_goes_by_its_names", an_encoding_goes_by_its_names);
    g_test_add_func("/csv/export_defuses_formulas_and_quotes", export_defuses_formulas_and_quotes);
    return g_test_run();
}
