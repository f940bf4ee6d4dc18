/* rule_test.c - conditions by table: what holds, what a value is, what is refused, where and with which hint.
 */
#include "engine/rule/rule.h"
#include <string.h>

enum { LEVEL, MINUTES, SHARE, KIND, DISTRICT, LATE, BIG, N_COLUMNS };

static RuleSchema *schema_new(void)
{
    static const char *const pilots[] = { "朝阳", "海淀" };
    RuleSchema *schema = rule_schema_new();
    rule_schema_add(schema, "level", RULE_INT);
    rule_schema_add(schema, "minutes", RULE_INT);
    rule_schema_add(schema, "share", RULE_REAL);
    rule_schema_add(schema, "kind", RULE_TEXT);
    rule_schema_add(schema, "区", RULE_TEXT);
    rule_schema_add(schema, "late", RULE_BOOL);
    rule_schema_add(schema, "big", RULE_INT);
    rule_schema_list(schema, "pilot_areas", pilots, G_N_ELEMENTS(pilots));
    rule_schema_list(schema, "nobody", NULL, 0);
    return schema;
}

/* level 3, minutes NULL, share 0.5, kind 'noise', 区 朝阳, late true, big the largest */
static const RuleValue sample[N_COLUMNS] = {
    [LEVEL] = { RULE_INT, .integer = 3 },        [MINUTES] = { RULE_NULL },
    [SHARE] = { RULE_REAL, .real = 0.5 },        [KIND] = { RULE_TEXT, .text = "noise" },
    [DISTRICT] = { RULE_TEXT, .text = "朝阳" },  [LATE] = { RULE_BOOL, .boolean = TRUE },
    [BIG] = { RULE_INT, .integer = G_MAXINT64 },
};

/* One line of TAP, whatever is in the text. */
static void say(const char *text, const GError *error)
{
    g_autofree char *line = g_strescape(text, NULL);
    g_test_message("%s -> %s", line, error ? error->message : "taken");
}

static void a_condition_holds_as_where_says(void)
{
    static const struct {
        const char *text;
        gboolean want;
    } table[] = {
        /* clang-format off */
        { "level = 3", TRUE },                        { "level <> 3", FALSE },
        { "level != 3", FALSE },                      { "3 <= level AND level < 4", TRUE },
        { "level BETWEEN 3 AND 5", TRUE },            { "level NOT BETWEEN 4 AND 5", TRUE },
        { "level BETWEEN 5 AND 3", FALSE },           { "level NOT BETWEEN 4 AND NULL", TRUE },
        { "level IN (1, 3, 5)", TRUE },               { "level NOT IN (1, 2)", TRUE },
        { "level NOT IN (1, NULL)", FALSE },          { "level IN (3, NULL)", TRUE },
        { "level IN (level + 0, 9)", TRUE },          { "level IN (2.5, 3.0)", TRUE },
        { "kind LIKE 'noi%'", TRUE },                 { "kind NOT LIKE 'NOI%'", TRUE },
        { "kind LIKE '%'", TRUE },                    { "kind LIKE 'noises%'", FALSE },
        { "区 = '朝阳'", TRUE },                      { "区 LIKE '朝%'", TRUE },
        { "区 IN (@pilot_areas)", TRUE },             { "区 NOT IN (@pilot_areas)", FALSE },
        { "区 IN ('西城', @pilot_areas)", TRUE },     { "区 IN (@nobody)", FALSE },
        { "区 NOT IN (@nobody)", TRUE },              { "late", TRUE },
        { "NOT late", FALSE },                        { "late = true", TRUE },
        { "late IN (false, true)", TRUE },            { "(level = 3) = late", TRUE },
        { "coalesce(minutes > 5, true)", TRUE },      { "minutes IS NULL", TRUE },
        { "minutes IS NOT NULL", FALSE },             { "(minutes > 3) IS NULL", TRUE },
        { "level * 2 + 1 = 7", TRUE },                { "level / 2 = 1", TRUE },
        { "-level / 2 = -1", TRUE },                  { "level = - -3", TRUE },
        { "level - 5 = -2", TRUE },                   { "level - 3 = -0", TRUE },
        { "level - 5 = - /* -1 */ (2)", TRUE },       { "level - 5 = - -- -\n 2", TRUE },
        { "level - 6 IN (-3, 0)", TRUE },             { "share = .5", TRUE },
        { "share < level", TRUE },                    { "share * 4 = 2", TRUE },
        { "abs(-level) = 3", TRUE },                  { "abs(share - 1) = 0.5", TRUE },
        { "length(区) = 2", TRUE },                   { "kind = 'it''s'", FALSE },
        { "kind < 'noisf'", TRUE },                   { "kind > 'Zebra'", TRUE },
        { "big = 9223372036854775807", TRUE },        { "big > -9223372036854775808", TRUE },
        { "big < 9223372036854775808.0", TRUE },      { "LEVEL = 3", TRUE },
        { "\"level\" = 3 -- as agreed", TRUE },       { "true", TRUE },
        { "level = 9 OR late AND level = 3", TRUE },  { "NOT (level = 9 OR NOT late)", TRUE },
        /* clang-format on */
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Rule) rule = rule_parse(table[i].text, schema, &error);
        say(table[i].text, NULL);
        g_assert_no_error(error);
        g_assert_cmpint(rule_holds(rule, sample), ==, table[i].want);
        g_assert_cmpstr(rule_text(rule), ==, table[i].text);
    }
}

static void null_is_never_true(void)
{
    static const char *const texts[] = {
        "minutes > 3",
        "NOT (minutes > 3)",
        "NOT NOT (minutes > 3)",
        "minutes = NULL",
        "NULL",
        "NOT NULL",
        "minutes BETWEEN 1 AND 9",
        "NOT (minutes BETWEEN 1 AND 9)",
        "minutes NOT IN (1, 2)",
        "NOT (minutes IN (1, 2))",
        "minutes = minutes",
        "minutes + 1 > minutes",
        "NOT (minutes = 1 OR level = 9)",
        "NOT (minutes = 1 AND late)",
        "level / 0 = 1",
        "NOT (level / 0 = 1)",
        "share / 0 = 1",
        "big + 1 > 0",
        "big + 1 < 0",
        "big * big = 1",
        "-(-big - 1) > 0",
        "abs(-big - 1) > 0",
        "(-big - 1) / -1 > 0",
        "1e308 * 10 > 0",
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", texts[i]);
        g_autoptr(Rule) rule = rule_parse(texts[i], schema, &error);
        g_assert_no_error(error);
        g_assert_false(rule_holds(rule, sample));
        g_assert_cmpint(rule_value(rule, sample).type, ==, RULE_NULL);
    }
}

static void a_value_has_the_type_of_its_expression(void)
{
    static const struct {
        const char *text;
        RuleType type;
        RuleValue want;
    } table[] = {
        /* clang-format off */
        { "7 / 2",                   RULE_INT,  { RULE_INT, .integer = 3 } },
        { "-7 / 2",                  RULE_INT,  { RULE_INT, .integer = -3 } },
        { "7 / 2.0",                 RULE_REAL, { RULE_REAL, .real = 3.5 } },
        { "level + share",           RULE_REAL, { RULE_REAL, .real = 3.5 } },
        { "coalesce(minutes, 12)",   RULE_INT,  { RULE_INT, .integer = 12 } },
        { "coalesce(NULL, 区)",      RULE_TEXT, { RULE_TEXT, .text = "朝阳" } },
        { "'办结'",                  RULE_TEXT, { RULE_TEXT, .text = "办结" } },
        { "minutes",                 RULE_INT,  { RULE_NULL } },
        { "minutes <= 12",           RULE_BOOL, { RULE_NULL } },
        { "minutes <= 12 AND level = 9", RULE_BOOL, { RULE_BOOL, .boolean = FALSE } },
        { "minutes <= 12 OR late",   RULE_BOOL, { RULE_BOOL, .boolean = TRUE } },
        { "length('')",              RULE_INT,  { RULE_INT, .integer = 0 } },
        { "-2147483648",             RULE_INT,  { RULE_INT, .integer = G_MININT32 } },
        { "-9223372036854775808",    RULE_INT,  { RULE_INT, .integer = G_MININT64 } },
        { "NULL",                    RULE_NULL, { RULE_NULL } },
        /* clang-format on */
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].text);
        g_autoptr(Rule) rule = rule_parse_scalar(table[i].text, schema, &error);
        g_assert_no_error(error);
        RuleValue got = rule_value(rule, sample);
        g_assert_cmpint(rule_type(rule), ==, table[i].type);
        g_assert_cmpint(got.type, ==, table[i].want.type);
        if (got.type == RULE_TEXT)
            g_assert_cmpstr(got.text, ==, table[i].want.text);
        else if (got.type == RULE_REAL)
            g_assert_cmpfloat(got.real, ==, table[i].want.real);
        else if (got.type == RULE_INT)
            g_assert_cmpint(got.integer, ==, table[i].want.integer);
        else if (got.type == RULE_BOOL)
            g_assert_cmpint(got.boolean, ==, table[i].want.boolean);
    }
}

typedef struct {
    const char *text;
    int code;
    int column;
    const char *part; /* of the message */
} Refused;

static void refuse_all(const Refused *table, gsize n, gboolean scalar)
{
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Rule) rule = scalar ? rule_parse_scalar(table[i].text, schema, &error)
                                      : rule_parse(table[i].text, schema, &error);
        say(table[i].text, error);
        g_assert_null(rule);
        g_assert_error(error, RULE_ERROR, table[i].code);
        g_autofree char *start = g_strdup_printf("column %d: ", table[i].column);
        g_assert_true(g_str_has_prefix(error->message, start));
        g_assert_nonnull(strstr(error->message, "; "));
        g_assert_nonnull(strstr(error->message, table[i].part));
    }
}

static void a_refusal_says_where_and_what_instead(void)
{
    static const Refused table[] = {
        /* clang-format off */
        { "level = (SELECT 1)",          RULE_ERROR_REFUSED, 9,  "a subquery" },
        { "EXISTS (SELECT 1)",           RULE_ERROR_REFUSED, 1,  "a subquery" },
        { "level IN (SELECT 1)",         RULE_ERROR_REFUSED, 7,  "a subquery" },
        { "区 = '朝阳'; DELETE FROM t",  RULE_ERROR_REFUSED, 9,  "without ;" },
        { "level = 3;",                  RULE_ERROR_REFUSED, 10, "without ;" },
        { "level = 3, late",            RULE_ERROR_SYNTAX, 10, "near \",\"" },
        { "level FROM t",               RULE_ERROR_SYNTAX, 7, "near \"FROM\"" },
        { "DISTINCT late",              RULE_ERROR_SYNTAX, 1, "near" },
        { "late ORDER BY level",        RULE_ERROR_REFUSED, 15, "after WHERE" },
        { "late LIMIT 1",               RULE_ERROR_REFUSED, 12, "after WHERE" },
        { "late UNION SELECT true",     RULE_ERROR_REFUSED, 1, "after WHERE" },
        { "late INTO t",                RULE_ERROR_SYNTAX, 6, "near" },
        { "late AND",                    RULE_ERROR_SYNTAX,  9,  "is missing" },
        { "late GROUP BY kind HAVING true", RULE_ERROR_REFUSED, 15, "after WHERE" },
        { "late FOR UPDATE",             RULE_ERROR_REFUSED, 16, "after WHERE" },
        { "late WINDOW w AS ()",         RULE_ERROR_REFUSED, 18, "after WHERE" },
        { "late) AND (late",             RULE_ERROR_SYNTAX,  5,  "near" },
        { "late kind",                  RULE_ERROR_SYNTAX, 6, "near" },
        { "CASE WHEN late THEN true END", RULE_ERROR_REFUSED, 1, "coalesce" },
        { "level::text = '3'",           RULE_ERROR_REFUSED, 6,  "cast" },
        { "late IS NOT TRUE",            RULE_ERROR_REFUSED, 6,  "IS NULL" },
        { "level = $1",                  RULE_ERROR_REFUSED, 9,  "a parameter" },
        { "minutes > current_timestamp", RULE_ERROR_REFUSED, 11, "replay" },
        { "(level, late) = (1, true)",   RULE_ERROR_REFUSED, 1,  "one by one" },
        { "level = ANY (ARRAY[1])",      RULE_ERROR_REFUSED, 7,  "IN (list)" },
        { "greatest(level, 2) = 3",      RULE_ERROR_REFUSED, 1,  "GREATEST" },
        { "level IS DISTINCT FROM 3",    RULE_ERROR_REFUSED, 7,  "IS NULL" },
        { "nullif(level, 3) = 3",        RULE_ERROR_REFUSED, 1,  "NULL already" },
        { "kind ILIKE 'a%'",             RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "kind LIKE '%a'",              RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "kind LIKE 'a_%'",             RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "kind LIKE 'a'",               RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "kind LIKE 区",                RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "kind LIKE 'a%' ESCAPE 'x'",   RULE_ERROR_REFUSED, 6,  "LIKE 'prefix%'" },
        { "level % 2 = 1",               RULE_ERROR_REFUSED, 7,  "operator %" },
        { "kind || 'x' = 'y'",           RULE_ERROR_REFUSED, 6,  "joined" },
        { "@pilot_areas = 区",           RULE_ERROR_REFUSED, 1,  "IN (@name)" },
        { "区 IN (@'x')",                RULE_ERROR_REFUSED, 7,  "IN (@name)" },
        { "kind ~ 'a'",                  RULE_ERROR_REFUSED, 6,  "regular expression" },
        { "kind = E'a'",                 RULE_ERROR_REFUSED, 8,  "single quotes" },
        { "kind = $$a$$",                RULE_ERROR_REFUSED, 8,  "single quotes" },
        { "coalesce(late) ",             RULE_ERROR_REFUSED, 1,  "two values" },
        { "count(*) > 3",                RULE_ERROR_REFUSED, 1,  "come later" },
        { "sum(level) > 3",              RULE_ERROR_REFUSED, 1,  "come later" },
        { "count(*) FILTER (WHERE late) OVER (PARTITION BY kind) > 3", RULE_ERROR_REFUSED, 1, "come later" },
        { "level = 3 AND window_count(late, '10 minutes', by => kind) >= 5", RULE_ERROR_REFUSED, 15, "come later" },
        { "length(DISTINCT kind) = 3",   RULE_ERROR_REFUSED, 1,  "DISTINCT" },
        { "length(kind, 区) = 3",        RULE_ERROR_REFUSED, 1,  "one value" },
        { "区 = '朝阳' AND levle = 3",   RULE_ERROR_NAME,    14, "did you mean level?" },
        { "kind = \"noise\"",            RULE_ERROR_NAME,    8,  "'single quotes'" },
        { "fire = 1",                    RULE_ERROR_NAME,    1,  "columns here: level, minutes" },
        { "a.level = 1",                 RULE_ERROR_NAME,    1,  "no column a.level" },
        { "*",                          RULE_ERROR_SYNTAX, 1, "near" },
        { "abz(level) = 3",              RULE_ERROR_NAME,    1,  "did you mean abs?" },
        { "lower(kind) = 'a'",           RULE_ERROR_NAME,    1,  "functions here: coalesce, abs, length" },
        { "区 IN (@pilot_area)",         RULE_ERROR_NAME,    7,  "did you mean pilot_areas?" },
        { "level = '3'",                 RULE_ERROR_TYPE,    7,  "both sides the same" },
        { "kind = 3",                    RULE_ERROR_TYPE,    6,  "both sides the same" },
        { "kind + 1 = 2",                RULE_ERROR_TYPE,    6,  "both sides the same" },
        { "level IN (1, 'a')",           RULE_ERROR_TYPE,    14, "both sides the same" },
        { "NULL IN (1, 'a')",            RULE_ERROR_TYPE,    13, "both sides the same" },
        { "level IN (@pilot_areas)",     RULE_ERROR_TYPE,    11, "both sides the same" },
        { "level BETWEEN 1 AND 'a'",     RULE_ERROR_TYPE,    7,  "both sides the same" },
        { "level LIKE 'a%'",             RULE_ERROR_TYPE,    7,  "both sides the same" },
        { "late > false",                RULE_ERROR_TYPE,    6,  "true/false" },
        { "late + 1 = 2",                RULE_ERROR_TYPE,    6,  "true/false" },
        { "-kind = 'a'",                 RULE_ERROR_TYPE,    1,  "both sides the same" },
        { "abs(kind) = 1",               RULE_ERROR_TYPE,    1,  "both sides the same" },
        { "length(level) = 1",           RULE_ERROR_TYPE,    1,  "both sides the same" },
        { "coalesce(level, 0.5) = 1",    RULE_ERROR_TYPE,    1,  "with a point" },
        { "coalesce(level, 'a') = 1",    RULE_ERROR_TYPE,    1,  "both sides the same" },
        { "level + 1",                   RULE_ERROR_TYPE,    7,  "compare it" },
        { "late AND level",              RULE_ERROR_TYPE,    10, "compare it" },
        { "",                            RULE_ERROR_SYNTAX,  1,  "no expression" },
        { " \n",                         RULE_ERROR_SYNTAX,  1,  "no expression" },
        { "区 = ",                       RULE_ERROR_SYNTAX,  5,  "end of input" },
        { "区区 = = 3",                  RULE_ERROR_SYNTAX,  6,  "quotes" },
        { "kind = 'a",                   RULE_ERROR_SYNTAX,  8,  "unterminated" },
        { "end = 3",                     RULE_ERROR_SYNTAX,  1,  "double quotes" },
        { "区 = '\xff'",                 RULE_ERROR_SYNTAX,  6,  "UTF-8" },
        { "big = 9223372036854775808",   RULE_ERROR_LIMIT,   7,  "64 bits" },
        { "share < 1e999",               RULE_ERROR_LIMIT,   9,  "too large" },
        /* clang-format on */
    };
    refuse_all(table, G_N_ELEMENTS(table), FALSE);
}

static void a_scalar_is_refused_alike(void)
{
    static const Refused table[] = {
        { "level + ", RULE_ERROR_SYNTAX, 9, "end of input" },
        { "level + kind", RULE_ERROR_TYPE, 7, "both sides the same" },
        { "now() - minutes", RULE_ERROR_NAME, 1, "no function now" },
        { "sum(level) OVER ()", RULE_ERROR_REFUSED, 1, "come later" },
    };
    refuse_all(table, G_N_ELEMENTS(table), TRUE);
}

static char *repeated(const char *before, const char *middle, const char *after, guint n)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append(text, before);
    g_string_append(text, middle);
    for (guint i = 0; i < n; i++)
        g_string_append(text, after);
    return g_string_free(text, FALSE);
}

static void depth_and_length_have_limits(void)
{
    static const struct {
        const char *name, *before, *middle, *after;
        guint n;
        gboolean taken;
    } table[] = {
        { "255 NOTs", "NOT ", "late", "", 255, TRUE },
        { "one NOT too many", "NOT ", "late", "", 256, FALSE },
        { "NOTs beyond jansson's depth", "NOT ", "late", "", 4000, FALSE },
        { "signs", "- ", "level = 1", "", 8000, FALSE },
        { "brackets are no depth", "(", "late", ")", 4000, TRUE },
        { "brackets beyond the parser", "(", "late", "", 16000, FALSE },
        { "flat ORs", "late OR ", "late", "", 2000, TRUE },
        { "16 KiB", " ", "late", "", 16 * 1024 - 4, TRUE },
        { "16 KiB and one byte", " ", "late", "", 16 * 1024 - 3, FALSE },
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = repeated(table[i].before, table[i].middle, table[i].after, table[i].n);
        g_autoptr(Rule) rule = rule_parse(text, schema, &error);
        g_test_message("%s: %s", table[i].name, error ? error->message : "taken");
        if (table[i].taken)
            g_assert_no_error(error);
        else
            g_assert_error(error, RULE_ERROR, RULE_ERROR_LIMIT);
    }
}

static void a_long_list_is_searched_and_outlives_its_schema(void)
{
    RuleSchema *schema = schema_new();
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < 5000; i++)
        g_ptr_array_add(items, g_strdup_printf("unit-%d", i * 7919 % 5000));
    rule_schema_list(schema, "units", (const char *const *)items->pdata, items->len);
    g_autoptr(Rule) rule = rule_parse("kind IN (@units)", schema, NULL);
    rule_schema_list(schema, "units", NULL, 0);
    rule_schema_free(schema);
    for (int i = -1; i <= 5000; i++) {
        g_autofree char *name = g_strdup_printf("unit-%d", i);
        RuleValue row[N_COLUMNS] = { [KIND] = { RULE_TEXT, .text = name } };
        g_assert_cmpint(rule_holds(rule, row), ==, i >= 0 && i < 5000);
    }
}

static void a_rule_tells_which_columns_it_reads(void)
{
    g_autoptr(RuleSchema) schema = schema_new();
    for (int i = 0; i < 100; i++) {
        g_autofree char *name = g_strdup_printf("c%d", i);
        g_assert_cmpint(rule_schema_add(schema, name, RULE_INT), ==, N_COLUMNS + i);
    }
    g_autoptr(Rule) rule =
        rule_parse("late AND coalesce(c99, level) IN (1, c3 / 2) OR 区 IS NULL", schema, NULL);
    for (int i = -1; i <= rule_schema_size(schema); i++) {
        gboolean want = i == LATE || i == LEVEL || i == DISTRICT || i == N_COLUMNS + 3 || i == N_COLUMNS + 99;
        g_assert_cmpint(rule_reads(rule, i), ==, want);
    }
}

static void a_schema_knows_each_name_once(void)
{
    g_autoptr(RuleSchema) schema = schema_new();
    g_autofree char *longest = g_strnfill(63, 'n'), *longer = g_strnfill(64, 'n');
    g_assert_cmpint(rule_schema_add(schema, "kind", RULE_TEXT), ==, KIND);
    g_assert_cmpint(rule_schema_add(schema, "kind", RULE_INT), ==, -1);
    g_assert_cmpint(rule_schema_add(schema, "", RULE_INT), ==, -1);
    g_assert_cmpint(rule_schema_add(schema, longer, RULE_INT), ==, -1);
    g_assert_cmpint(rule_schema_add(schema, "other", RULE_NULL), ==, -1);
    g_assert_cmpint(rule_schema_size(schema), ==, N_COLUMNS);
    g_assert_cmpint(rule_schema_add(schema, longest, RULE_INT), ==, N_COLUMNS);
    g_assert_cmpint(rule_schema_find(schema, "区"), ==, DISTRICT);
    g_assert_cmpint(rule_schema_find(schema, "none"), ==, -1);
    g_assert_cmpstr(rule_schema_name(schema, DISTRICT), ==, "区");
    g_assert_cmpint(rule_schema_type(schema, LATE), ==, RULE_BOOL);
}

static void a_value_of_another_type_counts_as_not_known(void)
{
    g_autoptr(RuleSchema) schema = schema_new();
    g_autoptr(Rule) rule =
        rule_parse("level IS NULL AND kind IS NULL AND share = 2 AND late IS NULL", schema, NULL);
    RuleValue row[N_COLUMNS] = {
        [LEVEL] = { RULE_TEXT, .text = "3" },
        [KIND] = { RULE_TEXT, .text = NULL },
        [SHARE] = { RULE_INT, .integer = 2 },
        [LATE] = { RULE_INT, .integer = 1 },
    };
    g_assert_true(rule_holds(rule, row));
}

static gpointer parse_many(gpointer schema)
{
    for (int i = 0; i < 200; i++) {
        g_autoptr(Rule) rule = rule_parse("level BETWEEN -3 AND 5 AND 区 IN (@pilot_areas)", schema, NULL);
        g_autoptr(Rule) none = rule_parse("level ==", schema, NULL);
        if (!rule || none || !rule_holds(rule, sample)) return GINT_TO_POINTER(1);
    }
    return NULL;
}

static void threads_parse_at_the_same_time(void)
{
    g_autoptr(RuleSchema) schema = schema_new();
    GThread *threads[4];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("parse", parse_many, schema);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_null(g_thread_join(threads[i]));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/a_condition_holds_as_where_says", a_condition_holds_as_where_says);
    g_test_add_func("/rule/null_is_never_true", null_is_never_true);
    g_test_add_func("/rule/a_value_has_the_type_of_its_expression", a_value_has_the_type_of_its_expression);
    g_test_add_func("/rule/a_refusal_says_where_and_what_instead", a_refusal_says_where_and_what_instead);
    g_test_add_func("/rule/a_scalar_is_refused_alike", a_scalar_is_refused_alike);
    g_test_add_func("/rule/depth_and_length_have_limits", depth_and_length_have_limits);
    g_test_add_func("/rule/a_long_list_is_searched_and_outlives_its_schema",
                    a_long_list_is_searched_and_outlives_its_schema);
    g_test_add_func("/rule/a_rule_tells_which_columns_it_reads", a_rule_tells_which_columns_it_reads);
    g_test_add_func("/rule/a_schema_knows_each_name_once", a_schema_knows_each_name_once);
    g_test_add_func("/rule/a_value_of_another_type_counts_as_not_known",
                    a_value_of_another_type_counts_as_not_known);
    g_test_add_func("/rule/threads_parse_at_the_same_time", threads_parse_at_the_same_time);
    return g_test_run();
}
