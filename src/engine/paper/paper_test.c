/* paper_test.c - documents as their readers see them: text, pages, heads, signatures, and the same bytes
 * twice. */
#include "engine/paper/paper_for_test.h"

#define NOW G_GINT64_CONSTANT(1795590000000) /* 2026-11-25 */
#define STROKES "[[100,100,150,60,200,140,260,90,330,130],[120,200,400,180],[250,40,240,260]]"

static PaperDoc *letter(void)
{
    return paper_new(&(PaperHead){ .style = PAPER_LETTER,
                                   .title = "答复函",
                                   .issuer = "江州市住房和城乡建设局",
                                   .number = "江建答〔2026〕17号",
                                   .now = NOW });
}

static const char paragraph[] = "您于2026年11月23日通过12345热线反映“小区门前路灯不亮、夜间出行不便”的来电收"
                                "悉。我局接件后，立即安排路灯管理所"
                                "工作人员到场核查：该路段共有路灯14盏，其中3盏因电缆接头进水跳闸。当日18时前"
                                "已更换接头并恢复供电，另对其余11盏"
                                "逐一检修。感谢您对城市管理工作的关心（English words, 100% mixed）。";

static PaperDoc *full_letter(void)
{
    PaperDoc *doc = letter();
    paper_heading(doc, 1, "关于路灯不亮问题的答复函");
    paper_text(doc, PAPER_LEFT, "尊敬的来电人：");
    paper_text(doc, PAPER_BODY, paragraph);
    paper_heading(doc, 2, "一、办理情况");
    static const PaperColumn columns[] = { { "序号", 1, PAPER_CENTRE },
                                           { "事项", 4, PAPER_LEFT },
                                           { "费用（元）", 2, PAPER_RIGHT } };
    static const char *const cells[] = { "1", "更换电缆接头", "320.00", "2", "检修灯具十一盏", NULL };
    paper_table(doc, columns, 3, cells, 2);
    paper_rule(doc);
    paper_text(doc, PAPER_NOTE, "注：费用由养护单位承担。");
    g_autoptr(PaperStrokes) strokes = paper_strokes_parse(STROKES, strlen(STROKES), NULL);
    paper_sign_line(doc, &(PaperSign){ "经办人：", "张三", "2026-11-25 09:00", strokes });
    paper_sign_line(doc, &(PaperSign){ .title = "申请人（签名）：" });
    paper_text(doc, PAPER_RIGHT, "江州市住房和城乡建设局");
    paper_text(doc, PAPER_RIGHT, "2026年11月25日");
    paper_qr(doc, "http://127.0.0.1:8080/v/K7Q2M-9XTRD-4HWPA-C3",
             "核验码 K7Q2M-9XTRD-4HWPA-C3\n扫码或打开 http://127.0.0.1:8080/v/ 核验本文件");
    return doc;
}

static void a_letter_reads_as_it_was_written(void)
{
    g_autoptr(PaperDoc) doc = full_letter();
    g_autoptr(GBytes) pdf = finished(doc);
    keep(pdf, "letter.pdf");
    g_autofree char *text = words_of(pdf), *facts = run_on_pdf(pdf, "pdfinfo", NULL);
    static const char *const words[] = { "关于路灯不亮问题的答复函",
                                         "尊敬的来电人：",
                                         "Englishwords,100%mixed",
                                         "一、办理情况",
                                         "更换电缆接头",
                                         "320.00",
                                         "经办人：",
                                         "张三",
                                         "江州市住房和城乡建设局",
                                         "江建答〔2026〕17号",
                                         "K7Q2M-9XTRD-4HWPA-C3",
                                         "第1页共2页",
                                         "第2页共2页" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_test_message("%s", words[i]);
        g_assert_nonnull(strstr(text, words[i]));
    }
    static const char *const lines[] = { "Title:           答复函", "Pages:           2", "A4" };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_test_message("%s", lines[i]);
        g_assert_nonnull(strstr(facts, lines[i]));
    }
}

/* Dark pixels of the first page. */
static guint ink_of(GBytes *pdf)
{
    g_autofree char *folder = g_dir_make_tmp("paper-XXXXXX", NULL);
    g_autofree char *in = g_build_filename(folder, "a.pdf", NULL), *out = g_build_filename(folder, "a", NULL);
    g_autofree char *pgm = g_strconcat(out, ".pgm", NULL), *pixels = NULL;
    g_file_set_contents(in, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL);
    const char *const argv[] = { "pdftoppm", "-r", "72", "-gray", "-singlefile", in, out, NULL };
    g_assert_true(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    gsize length = 0;
    guint dark = 0;
    g_assert_true(g_file_get_contents(pgm, &pixels, &length, NULL));
    for (gsize i = 16; i < length; i++)
        dark += (guchar)pixels[i] < 128;
    g_unlink(in);
    g_unlink(pgm);
    g_rmdir(folder);
    return dark;
}

/* cairo's own subset of Noto Sans CJK leaves the first of these blank (glyphs.c). */
static void every_letter_has_an_outline(void)
{
    static const char *const table[] = { "如", "此", "一", "鬱", "A", "§", "𠮷" };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(PaperDoc) with = paper_new(&(PaperHead){ .style = PAPER_REPORT, .now = NOW });
        g_autoptr(PaperDoc) without = paper_new(&(PaperHead){ .style = PAPER_REPORT, .now = NOW });
        const PaperColumn column = { NULL, 1, PAPER_LEFT };
        paper_table(with, &column, 1, &table[i], 1);
        paper_table(without, &column, 1, &(const char *){ " " }, 1);
        g_autoptr(GBytes) a = finished(with), b = finished(without);
        g_assert_cmpuint(ink_of(a), >, ink_of(b));
    }
}

static char *hash_of(GBytes *pdf)
{
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, pdf);
}

static gpointer make_a_letter(gpointer unused)
{
    g_autoptr(PaperDoc) doc = full_letter();
    g_autoptr(GBytes) pdf = finished(doc);
    return hash_of(pdf);
}

static void the_same_input_gives_the_same_bytes(void)
{
    g_autofree char *first = make_a_letter(NULL);
    g_autoptr(PaperDoc) other = letter(); /* fonts are warm in other sizes now */
    paper_heading(other, 2, "别的文件");
    g_autoptr(GBytes) unused = finished(other);
    g_autofree char *again = make_a_letter(NULL),
                    *there = g_thread_join(g_thread_new("other", make_a_letter, NULL));
    g_assert_cmpstr(first, ==, again);
    g_assert_cmpstr(first, ==, there);
    g_usleep(1100 * 1000); /* another second */
    g_autofree char *later = make_a_letter(NULL);
    g_assert_cmpstr(first, ==, later);
}

/* A second process has other addresses and another order of loading. */
static void another_process_gives_the_same_bytes(void)
{
    if (g_test_subprocess()) {
        g_autofree char *hash = make_a_letter(NULL);
        g_print("sha256=%s\n", hash);
        return;
    }
    g_autofree char *here = make_a_letter(NULL), *want = g_strdup_printf("*sha256=%s*", here);
    for (int i = 0; i < 2; i++) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_passed();
        g_test_trap_assert_stdout(want);
    }
}

static guint pages_of(PaperDoc *doc)
{
    guint pages = 0;
    g_autoptr(GBytes) pdf = paper_finish_counted(doc, &pages, NULL);
    return pdf ? pages : 0;
}

static guint count(const char *text, const char *word)
{
    guint n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        n++;
    return n;
}

static void a_long_table_repeats_its_head_and_loses_no_row(void)
{
    g_autoptr(PaperDoc) doc =
        paper_new(&(PaperHead){ .style = PAPER_REPORT, .issuer = "江州市", .number = "月报", .now = NOW });
    static const PaperColumn columns[] = { { "编号", 1, PAPER_LEFT },
                                           { "事项名称", 3, PAPER_LEFT },
                                           { "数值", 1, PAPER_RIGHT } };
    const gsize rows = 300;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < rows; i++) {
        g_ptr_array_add(cells, g_strdup_printf("N%03zu", i));
        g_ptr_array_add(cells, i % 7 ? g_strdup("投诉举报")
                                     : g_strdup("一行写不下的事项名称会换行，而整行仍旧在同一页上，不会被拆开"
                                                "到两页去，即使它有三行那么长也是如此"));
        g_ptr_array_add(cells, g_strdup_printf("%zu", i * i));
    }
    paper_heading(doc, 1, "十一月运行月报");
    paper_table(doc, columns, 3, (const char *const *)cells->pdata, rows);
    guint pages = 0;
    g_autoptr(GBytes) pdf = paper_finish_counted(doc, &pages, NULL);
    keep(pdf, "report.pdf");
    g_autofree char *text = text_of(pdf);
    g_assert_cmpuint(pages, >, 5);
    g_assert_cmpuint(count(text, "事项名称   "), ==, pages);
    for (gsize i = 0; i < rows; i++) {
        g_autofree char *id = g_strdup_printf("N%03zu", i);
        g_assert_cmpuint(count(text, id), ==, 1);
    }
}

static void a_row_taller_than_a_page_is_cut_between_lines(void)
{
    g_autoptr(PaperDoc) doc = paper_new(&(PaperHead){ .style = PAPER_REPORT, .now = NOW });
    GString *long_text = g_string_new(NULL);
    for (int i = 0; i < 150; i++)
        g_string_append_printf(long_text, "第L%03d句。\n", i);
    static const PaperColumn columns[] = { { "项", 1, PAPER_LEFT }, { "内容", 5, PAPER_LEFT } };
    const char *cells[] = { "长", long_text->str, "后", "最后一行" };
    paper_table(doc, columns, 2, cells, 2);
    g_autoptr(GBytes) pdf = finished(doc);
    g_autofree char *text = text_of(pdf);
    for (int i = 0; i < 150; i++) {
        g_autofree char *line = g_strdup_printf("第L%03d句。", i);
        g_assert_cmpuint(count(text, line), ==, 1);
    }
    g_assert_nonnull(strstr(text, "最后一行"));
    g_string_free(long_text, TRUE);
}

static void a_heading_never_ends_a_page(void)
{
    for (int lines = 15; lines < 24; lines++) {
        g_autoptr(PaperDoc) doc = letter();
        for (int i = 0; i < lines; i++)
            paper_text(doc, PAPER_LEFT, "一行");
        paper_heading(doc, 2, "标题在此");
        paper_text(doc, PAPER_LEFT, "标题之后");
        paper_text(doc, PAPER_LEFT, "再后一行");
        g_autoptr(GBytes) pdf = finished(doc);
        g_autofree char *text = text_of(pdf);
        const char *heading = strstr(text, "标题在此"), *after = strstr(text, "标题之后");
        g_assert_true(heading && after && heading < after);
        g_assert_null(memchr(heading, '\f', (gsize)(after - heading)));
    }
}

static void what_is_too_much_is_refused(void)
{
    g_autoptr(PaperDoc) pages = letter();
    for (int i = 0; i <= PAPER_MAX_PAGES; i++)
        paper_page_break(pages);
    g_autoptr(PaperDoc) columns = letter();
    paper_table(columns, NULL, PAPER_MAX_COLUMNS + 1, NULL, 0);
    g_autoptr(PaperDoc) bytes = letter();
    g_autofree char *large = g_strnfill(PAPER_MAX_TEXT, 'x');
    paper_text(bytes, PAPER_LEFT, large);
    g_autoptr(PaperDoc) qr = letter();
    g_autofree char *url = g_strnfill(PAPER_MAX_QR + 1, 'x');
    paper_qr(qr, url, NULL);
    g_autoptr(PaperDoc) utf8 = letter();
    paper_text(utf8, PAPER_LEFT, "\xff\xfe");
    PaperDoc *table[] = { pages, columns, bytes, qr, utf8 };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(paper_finish(table[i], &error));
        g_assert_error(error, PAPER_ERROR, PAPER_ERROR_LIMIT);
    }
}

static void odd_texts_do_no_harm(void)
{
    static const char *const table[] = { "",         "\n",           "\n\n\n",
                                         "a\tb",     "\x01\x7f",     "א\xe2\x80\xaeעברית",
                                         "🙂🙂", "<b>&amp;</b>", " ",
                                         "、。，" };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(PaperDoc) doc = paper_new(&(PaperHead){ .style = i % 2 ? PAPER_LETTER : PAPER_REPORT,
                                                          .landscape = i % 3 == 0,
                                                          .lang = i % 2 ? "en" : NULL });
        paper_heading(doc, (int)i, table[i]);
        paper_text(doc, PAPER_BODY, table[i]);
        paper_text(doc, PAPER_BODY, NULL);
        const PaperColumn column = { table[i], 0, PAPER_LEFT };
        paper_table(doc, &column, 1, &table[i], 1);
        paper_sign_line(doc, &(PaperSign){ table[i], table[i], table[i], NULL });
        paper_qr(doc, "x", table[i]);
        g_assert_cmpuint(pages_of(doc), ==, 1);
    }
}

static void strokes_are_a_signature_or_refused(void)
{
    static const struct {
        const char *name, *json;
        gboolean ok;
    } table[] = {
        /* clang-format off */
        { "three strokes",        STROKES, TRUE },
        { "one long stroke",      "[[0,0,100,10]]", TRUE },
        { "at the far corner",    "[[9900,9900,10000,10000]]", TRUE },
        { "nothing",              "[]", FALSE },
        { "no JSON",              "[[0,0", FALSE },
        { "no list",              "{}", FALSE },
        { "a stroke that is none", "[1,2]", FALSE },
        { "an odd number",        "[[0,0,100]]", FALSE },
        { "a dot",                "[[50,50,51,51]]", FALSE },
        { "many dots in one place", "[[5,5,6,6],[5,5,6,6],[5,5,6,6],[5,5,7,7]]", FALSE },
        { "a broken number",      "[[0.5,0,100,100]]", FALSE },
        { "a text",               "[[\"0\",0,100,100]]", FALSE },
        { "below nought",         "[[-1,0,100,100]]", FALSE },
        { "too far out",          "[[0,0,10001,100]]", FALSE },
        { "too deep",             "[[[[0,0]]]]", FALSE },
        { "a very large number",  "[[0,0,99999999999999999999999,1]]", FALSE },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autoptr(GError) error = NULL;
        g_autoptr(PaperStrokes) strokes = paper_strokes_parse(table[i].json, strlen(table[i].json), &error);
        g_assert_true((strokes != NULL) == table[i].ok);
        if (!table[i].ok) g_assert_error(error, PAPER_ERROR, PAPER_ERROR_STROKES);
    }
}

static void strokes_have_limits(void)
{
    GString *points = g_string_new("[[0,0"), *strokes = g_string_new("[[0,0,100,100]");
    for (int i = 0; i < PAPER_STROKES_POINTS; i++)
        g_string_append(points, ",1,1");
    g_string_append(points, "]]");
    for (int i = 0; i < PAPER_STROKES_MAX; i++)
        g_string_append(strokes, ",[1,1]");
    g_string_append(strokes, "]");
    GString *table[] = { points, strokes };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(paper_strokes_parse(table[i]->str, table[i]->len, &error));
        g_assert_error(error, PAPER_ERROR, PAPER_ERROR_STROKES);
        g_string_free(table[i], TRUE);
    }
    g_autofree char *large = g_strnfill(PAPER_STROKES_BYTES + 1, ' ');
    g_assert_null(paper_strokes_parse(large, strlen(large), NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/engine/paper/" #name, name)
    T(a_letter_reads_as_it_was_written);
    T(every_letter_has_an_outline);
    T(the_same_input_gives_the_same_bytes);
    T(another_process_gives_the_same_bytes);
    T(a_long_table_repeats_its_head_and_loses_no_row);
    T(a_row_taller_than_a_page_is_cut_between_lines);
    T(a_heading_never_ends_a_page);
    T(what_is_too_much_is_refused);
    T(odd_texts_do_no_harm);
    T(strokes_are_a_signature_or_refused);
    T(strokes_have_limits);
    return g_test_run();
}
