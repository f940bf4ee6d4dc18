/* pack_table_test.c - decision tables: cells, hit policies, and the linter's answers on overlaps, gaps and
 * rows never reached, against a slow oracle that tries every combination. */
#include "pack/mini_pack.h"
#include "pack/pack.h"

static const char types[] =
    "lists:\n"
    "  kind:\n"
    "    - {code: a, zh: 甲, en: A}\n"
    "    - {code: b, zh: 乙, en: B}\n"
    "    - {code: c, zh: 丙, en: C}\n"
    "  warm:\n"
    "    - {code: a, zh: 甲, en: A}\n"
    "    - {code: b, zh: 乙, en: B}\n"
    "fields:\n"
    "  - {id: kind, zh: 类别, en: Kind, type: text, class: open, list: kind}\n"
    "  - {id: n, zh: 数, en: Number, type: int, class: open, min: 0, max: 9}\n"
    "  - {id: flag, zh: 是否, en: Flag, type: bool, class: open}\n"
    "  - {id: amount, zh: 金额, en: Amount, type: real, class: open}\n"
    "  - {id: word, zh: 词, en: Word, type: text, class: open}\n"
    "  - {id: notes, zh: 说明, en: Notes, type: text, class: open, max: 40}\n"
    "  - {id: total, zh: 合计, en: Total, type: int, class: open, min: -1000, max: 1000}\n"
    "  - {id: rating, zh: 满意度, en: Rating, type: int, class: open, min: 1, max: 5}\n"
    "  - {id: phone, zh: 电话, en: Phone, type: text, class: private, max: 20}\n"
    "  - {id: rating_text, zh: 意见, en: Words, type: text, class: private}\n"
    "registers:\n"
    "  - {id: desks, zh: 窗口, en: Desks, key: code, keeper: officer, fields: [{id: code, zh: 码, en: Code, "
    "type: text}, {id: org, zh: 单位, en: Org, type: text}]}\n";

/* A folder with these types and `table` as decisions/try.yaml. */
static char *folder_with(const char *table)
{
    char *folder = mini_write("types.yaml", NULL, types);
    g_autofree char *path = g_build_filename(folder, "decisions", "try.yaml", NULL);
    g_assert_true(g_file_set_contents(path, table, -1, NULL));
    return folder;
}

static Pack *pack_with(const char *table)
{
    char *folder = folder_with(table);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    mini_remove(folder);
    return pack;
}

/* Every refusal, one a line. */
static char *refusals_of(const char *table)
{
    char *folder = folder_with(table);
    g_autoptr(GPtrArray) texts = pack_check(folder);
    g_ptr_array_add(texts, NULL);
    char *all = g_strjoinv("\n", (char **)texts->pdata);
    mini_remove(folder);
    return all;
}

static void each_broken_table_is_refused_with_its_place(void)
{
    static const struct {
        const char *name, *table, *want;
    } table[] = {
        /* clang-format off */
        { "no input so called", "hit: first\ninputs: [num]\noutputs: [org]\nrows:\n  - [1, X]\n", "decisions/try.yaml:2:10: column" },
        { "a private input", "hit: first\ninputs: [phone]\noutputs: [org]\nrows:\n  - [-, X]\n", "decisions/try.yaml:2:10: names the private field" },
        { "an input twice", "hit: first\ninputs: [n, n]\noutputs: [org]\nrows:\n  - [1, 1, X]\n", "decisions/try.yaml:2:13: this input stands twice" },
        { "nothing as input", "hit: first\ninputs: [\"NULL\"]\noutputs: [org]\nrows:\n  - [1, X]\n", "decisions/try.yaml:2:10:" },
        { "no output so called", "hit: first\ninputs: [n]\noutputs: [orgs]\nrows:\n  - [1, X]\n", "decisions/try.yaml:3:11: no field 'orgs'" },
        { "a private output", "hit: first\ninputs: [n]\noutputs: [phone]\nrows:\n  - [1, X]\n", "decisions/try.yaml:3:11: a decision cannot set" },
        { "an output twice", "hit: first\ninputs: [n]\noutputs: [org, org]\nrows:\n  - [1, X, X]\n", "decisions/try.yaml:3:16: this output stands twice" },
        { "cells too few", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [1]\n", "decisions/try.yaml:5:5: a row of 1 cells" },
        { "a cell not read", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [many, X]\n", "decisions/try.yaml:5:6: not a cell for a number" },
        { "a comparison with nothing", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"> x\", X]\n", "decisions/try.yaml:5:6: after > or <" },
        { "half an interval", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"[1..\", X]\n", "decisions/try.yaml:5:6: not an interval" },
        { "an interval backwards", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"[5..1]\", X]\n", "decisions/try.yaml:5:6: an interval in which no number" },
        { "a text without quotes", "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [a, X]\n", "decisions/try.yaml:5:6: not a cell for a text" },
        { "a truth that is none", "hit: first\ninputs: [flag]\noutputs: [org]\nrows:\n  - [maybe, X]\n", "decisions/try.yaml:5:6: not a cell for yes or no" },
        { "more than a cell", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"1 2\", X]\n", "decisions/try.yaml:5:6: more stands here" },
        { "not null and more", "hit: first\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"not 1, null\", X]\n", "decisions/try.yaml:5:6: `not` never takes" },
        { "no such code", "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"'z'\", X]\n", "decisions/try.yaml:5:6: 'z' is not a code of kind" },
        { "no such list", "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"@cold\", X]\n", "decisions/try.yaml:5:6: no list 'cold'" },
        { "out of the field's limits", "hit: first\ngap: ok\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"> 9\", X]\n", "decisions/try.yaml:6:6: no value that this input may have" },
        { "no whole number between", "hit: first\ngap: ok\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"(3..4)\", X]\n", "decisions/try.yaml:6:6: no value that this input may have" },
        { "an output of the wrong kind", "hit: first\ninputs: [n]\noutputs: [level]\nrows:\n  - [-, high]\n", "decisions/try.yaml:5:9: level takes an integer" },
        { "overlapping rows", "hit: unique\ngap: ok\ninputs: [n, kind]\noutputs: [org]\nrows:\n  - [\"<= 5\", \"'a', 'b'\", X]\n  - [\">= 5\", \"not 'a'\", Y]\n",
          "decisions/try.yaml:7:5: rows 1 and 2 both hold for n = 5, kind = 'b'" },
        { "a row never reached", "hit: first\ngap: ok\ninputs: [n]\noutputs: [org]\nrows:\n  - [\"< 5\", X]\n  - [\">= 5\", Y]\n  - [\"[3..7]\", Z]\n",
          "decisions/try.yaml:8:5: row 3 is never reached" },
        { "a gap at empty", "hit: unique\ninputs: [flag]\noutputs: [org]\nrows:\n  - [true, X]\n  - [false, Y]\n", "decisions/try.yaml:4:1: no row holds for flag empty" },
        { "a gap between", "hit: unique\ninputs: [amount]\noutputs: [org]\nrows:\n  - [\"< 10\", X]\n  - [\"> 10\", Y]\n  - [null, Z]\n", "decisions/try.yaml:4:1: no row holds for amount = 10" },
        { "a gap at another code", "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"@warm, null\", X]\n", "decisions/try.yaml:4:1: no row holds for kind = 'c'" },
        { "a gap at another text", "hit: first\ninputs: [word]\noutputs: [org]\nrows:\n  - [\"'x', null\", X]\n", "decisions/try.yaml:4:1: no row holds for word another text" },
        { "default of another length", "hit: first\ninputs: [n]\noutputs: [org]\ndefault: [X, Y]\nrows:\n  - [1, X]\n", "decisions/try.yaml:4:10: default has one cell an output, 1" },
        { "default never reached", "hit: first\ninputs: [n]\noutputs: [org]\ndefault: [Y]\nrows:\n  - [-, X]\n", "decisions/try.yaml:4:1: default is never reached" },
        { "nothing said of collecting", "hit: collect\ninputs: [n]\noutputs: [total]\nrows:\n  - [-, 1]\n", "decisions/try.yaml:3:1: hit: collect must say" },
        { "collecting elsewhere", "hit: first\ninputs: [n]\noutputs: [total]\ncollect: {total: sum}\nrows:\n  - [-, 1]\n", "decisions/try.yaml:4:1: only hit: collect" },
        { "a sum of texts", "hit: collect\ninputs: [n]\noutputs: [notes]\ncollect: {notes: sum}\nrows:\n  - [-, x]\n", "decisions/try.yaml:4:18: list goes into a text field" },
        { "a sum too large", "hit: collect\ninputs: [n]\noutputs: [total]\ncollect: {total: sum}\nrows:\n  - [-, 600]\n  - [1, 600]\n", "decisions/try.yaml:4:18: all rows together" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *got = refusals_of(table[i].table);
        g_test_message("%s: %s", table[i].name, got);
        g_assert_true(g_str_has_prefix(got, table[i].want));
    }
}

typedef struct {
    const char *kind;
    gint64 n;      /* -1: empty */
    int flag;      /* -1: empty */
    double amount; /* -1: empty */
} Point;

static void fill(const Pack *pack, RuleValue *row, Point p)
{
    memset(row, 0, sizeof *row * (gsize)rule_schema_size(pack_schema(pack)));
    row[pack_field(pack, "kind")->column] =
        (RuleValue){ .type = p.kind ? RULE_TEXT : RULE_NULL, .text = p.kind };
    row[pack_field(pack, "n")->column] =
        (RuleValue){ .type = p.n >= 0 ? RULE_INT : RULE_NULL, .integer = p.n };
    row[pack_field(pack, "flag")->column] =
        (RuleValue){ .type = p.flag >= 0 ? RULE_BOOL : RULE_NULL, .boolean = p.flag > 0 };
    row[pack_field(pack, "amount")->column] =
        (RuleValue){ .type = p.amount >= 0 ? RULE_REAL : RULE_NULL, .real = p.amount };
}

static char *decided(const Pack *pack, Point p)
{
    g_autofree RuleValue *row = g_new0(RuleValue, rule_schema_size(pack_schema(pack)));
    fill(pack, row, p);
    json_t *set = pack_decide(pack_decision(pack, "try"), row);
    char *dumped = set ? json_dumps(set, JSON_COMPACT | JSON_SORT_KEYS) : NULL, *text = g_strdup(dumped);
    free(dumped);
    json_decref(set);
    return text;
}

static void tables_decide_as_their_policy_says(void)
{
    static const struct {
        const char *table;
        Point point;
        const char *want;
    } table[] = {
        /* clang-format off */
        { "hit: unique\ninputs: [amount]\noutputs: [org, level]\nrows:\n  - [\"< 10.5\", X, 1]\n  - [\">= 10.5\", Y, null]\n  - [null, Z, 3]\n", { NULL, 1, 1, 10.5 }, "{\"org\":\"Y\"}" },
        { "hit: unique\ninputs: [amount]\noutputs: [org, level]\nrows:\n  - [\"< 10.5\", X, 1]\n  - [\">= 10.5\", Y, null]\n  - [null, Z, 3]\n", { NULL, 1, 1, -1 }, "{\"level\":3,\"org\":\"Z\"}" },
        { "hit: first\ninputs: [\"n * 2\", kind]\noutputs: [org]\ndefault: [D]\nrows:\n  - [\"[4..6]\", \"@warm\", X]\n", { "b", 3, 1, 1 }, "{\"org\":\"X\"}" },
        { "hit: first\ninputs: [\"n * 2\", kind]\noutputs: [org]\ndefault: [D]\nrows:\n  - [\"[4..6]\", \"@warm\", X]\n", { "c", 3, 1, 1 }, "{\"org\":\"D\"}" },
        { "hit: first\ngap: ok\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"not 'a'\", X]\n", { NULL, 3, 1, 1 }, NULL },
        { "hit: collect\ngap: ok\ninputs: [n, flag]\noutputs: [total, notes]\ncollect: {total: sum, notes: list}\nrows:\n  - [\">= 2\", -, 5, two]\n  - [\">= 3\", true, 7, \"yes, three\"]\n  - [-, false, 100, no]\n", { NULL, 4, 1, 1 }, "{\"notes\":\"two, yes, three\",\"total\":12}" },
        { "hit: collect\ngap: ok\ninputs: [n]\noutputs: [total]\ncollect: {total: count}\nrows:\n  - [\">= 2\", x]\n  - [\">= 3\", x]\n  - [1, x]\n", { NULL, 4, 1, 1 }, "{\"total\":2}" },
        { "hit: collect\ngap: ok\ninputs: [n]\noutputs: [total]\ncollect: {total: min}\nrows:\n  - [\">= 2\", 8]\n  - [\">= 3\", 4]\n", { NULL, 4, 1, 1 }, "{\"total\":4}" },
        { "hit: collect\ndefault: [0]\ninputs: [n]\noutputs: [total]\ncollect: {total: max}\nrows:\n  - [\">= 2\", 8]\n  - [\">= 3\", 4]\n", { NULL, 1, 1, 1 }, "{\"total\":0}" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Pack) pack = pack_with(table[i].table);
        g_autofree char *got = decided(pack, table[i].point);
        g_test_message("%s", table[i].table);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

/* ---- the oracle ---- */
#define ROWS 5
#define NUMBERS 11 /* 0..9, empty */
#define KINDS 4    /* a, b, c, empty */
#define FLAGS 3    /* false, true, empty */

typedef struct {
    gboolean n[NUMBERS], kind[KINDS], flag[FLAGS];
} OracleRow;

static char *random_number_cell(GRand *rand, gboolean *set)
{
    const int a = g_rand_int_range(rand, 0, 10), b = g_rand_int_range(rand, a, 10);
    const int form = g_rand_int_range(rand, 0, 11);
    for (int v = 0; v < NUMBERS; v++) {
        const gboolean empty = v == NUMBERS - 1;
        const gboolean takes[] = {
            TRUE,   empty, v == a,        v >= a, v < a, v >= a && v <= b, v > a && v < b, v == a || v == b,
            v != a, TRUE,  v < a || v > b
        };
        set[v] = empty ? form == 0 || form == 1 || form == 10 : takes[form];
    }
    const char *const shapes[] = {
        "-",      "null",   "%d",       ">= %d",           "< %d", "[%d..%d]", "(%d..%d)",
        "%d, %d", "not %d", "not null", "< %d, > %d, null"
    };
    if (form == 6 && a == b) {
        return random_number_cell(rand, set); /* refused by its text already */
    }
    g_autofree char *one = g_strdup_printf("%d", a), *two = g_strdup_printf("%d", b);
    g_auto(GStrv) parts = g_strsplit(shapes[form], "%d", 3);
    return g_strconcat(parts[0], parts[1] ? one : "", parts[1] ? parts[1] : "",
                       parts[1] && parts[2] ? two : "", parts[1] && parts[2] ? parts[2] : "", NULL);
}

static const char *random_kind_cell(GRand *rand, gboolean *set)
{
    static const struct {
        const char *text;
        gboolean set[KINDS];
    } cells[] = { { "-", { 1, 1, 1, 1 } },         { "'a'", { 1, 0, 0, 0 } },
                  { "'b', 'c'", { 0, 1, 1, 0 } },  { "not 'a'", { 0, 1, 1, 0 } },
                  { "null", { 0, 0, 0, 1 } },      { "@warm", { 1, 1, 0, 0 } },
                  { "not @warm", { 0, 0, 1, 0 } }, { "'c', null", { 0, 0, 1, 1 } } };
    const int i = g_rand_int_range(rand, 0, G_N_ELEMENTS(cells));
    memcpy(set, cells[i].set, sizeof cells[i].set);
    return cells[i].text;
}

static const char *random_flag_cell(GRand *rand, gboolean *set)
{
    static const struct {
        const char *text;
        gboolean set[FLAGS];
    } cells[] = { { "-", { 1, 1, 1 } },        { "true", { 0, 1, 0 } }, { "false", { 1, 0, 0 } },
                  { "not true", { 1, 0, 0 } }, { "null", { 0, 0, 1 } }, { "not null", { 1, 1, 0 } } };
    const int i = g_rand_int_range(rand, 0, G_N_ELEMENTS(cells));
    memcpy(set, cells[i].set, sizeof cells[i].set);
    return cells[i].text;
}

typedef struct {
    gboolean empty_cell, overlap, gap, unreached;
} Verdict;

static gboolean row_takes(const OracleRow *row, int n, int k, int f)
{
    return row->n[n] && row->kind[k] && row->flag[f];
}

static Verdict try_everything(const OracleRow *rows, int n_rows)
{
    Verdict verdict = { 0 };
    gboolean reached[ROWS] = { 0 };
    for (int n = 0; n < NUMBERS; n++) {
        for (int k = 0; k < KINDS; k++) {
            for (int f = 0; f < FLAGS; f++) {
                int takers = 0;
                for (int r = 0; r < n_rows; r++) {
                    const gboolean takes = row_takes(&rows[r], n, k, f);
                    reached[r] = reached[r] || (takes && !takers);
                    takers += takes;
                }
                verdict.overlap = verdict.overlap || takers > 1;
                verdict.gap = verdict.gap || takers == 0;
            }
        }
    }
    for (int r = 0; r < n_rows; r++) {
        gboolean some = FALSE;
        for (int n = 0; n < NUMBERS; n++) {
            some = some || rows[r].n[n];
        }
        verdict.empty_cell = verdict.empty_cell || !some;
        verdict.unreached = verdict.unreached || !reached[r];
    }
    return verdict;
}

static void decides_like_the_rows(const char *table, const OracleRow *rows, int n_rows)
{
    static const char *const kinds[] = { "a", "b", "c", NULL };
    g_autoptr(Pack) pack = pack_with(table);
    for (int n = 0; n < NUMBERS; n++) {
        for (int k = 0; k < KINDS; k++) {
            for (int f = 0; f < FLAGS; f++) {
                int taker = 0;
                while (taker < n_rows && !row_takes(&rows[taker], n, k, f)) {
                    taker++;
                }
                g_autofree char *got =
                    decided(pack, (Point){ kinds[k], n == NUMBERS - 1 ? -1 : n, f == FLAGS - 1 ? -1 : f, 0 });
                g_autofree char *want = taker < n_rows ? g_strdup_printf("{\"org\":\"R%d\"}", taker) : NULL;
                g_assert_cmpstr(got, ==, want);
            }
        }
    }
}

static void one_random_table(GRand *rand, guint *met)
{
    OracleRow rows[ROWS];
    const int n_rows = g_rand_int_range(rand, 1, ROWS + 1);
    const gboolean unique = g_rand_boolean(rand);
    g_autoptr(GString) table = g_string_new(unique ? "hit: unique\n" : "hit: first\n");
    const gboolean gap_ok = g_rand_boolean(rand);
    g_string_append_printf(table, "%sinputs: [n, kind, flag]\noutputs: [org]\nrows:\n",
                           gap_ok ? "gap: ok\n" : "");
    for (int r = 0; r < n_rows; r++) {
        g_autofree char *number = random_number_cell(rand, rows[r].n);
        const char *kind = random_kind_cell(rand, rows[r].kind), *flag = random_flag_cell(rand, rows[r].flag);
        g_string_append_printf(table, "  - [\"%s\", \"%s\", \"%s\", R%d]\n", number, kind, flag, r);
    }
    const Verdict v = try_everything(rows, n_rows);
    g_autofree char *got = refusals_of(table->str);
    g_test_message("%s%s", table->str, got);
    g_assert_true(v.empty_cell == (strstr(got, "no value that this input") != NULL));
    if (!v.empty_cell) {
        g_assert_true((unique && v.overlap) == (strstr(got, "both hold for") != NULL));
        g_assert_true((!unique && v.unreached) == (strstr(got, "is never reached") != NULL));
        g_assert_true((v.gap && !gap_ok) == (strstr(got, "no row holds for") != NULL));
    }
    if (!*got) {
        decides_like_the_rows(table->str, rows, n_rows);
        ++*met;
    }
}

static void the_linter_agrees_with_trying_everything(void)
{
    const guint32 seed = g_test_rand_int();
    g_test_message("seed %u", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    guint sound = 0;
    for (int i = 0; i < 400; i++) {
        one_random_table(rand, &sound);
    }
    g_test_message("%u of 400 sound", sound);
    g_assert_cmpuint(sound, >, 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/each_broken_table_is_refused_with_its_place",
                    each_broken_table_is_refused_with_its_place);
    g_test_add_func("/table/tables_decide_as_their_policy_says", tables_decide_as_their_policy_says);
    g_test_add_func("/table/the_linter_agrees_with_trying_everything",
                    the_linter_agrees_with_trying_everything);
    return g_test_run();
}
