/* rule_oracle_test.c - SQLite as the oracle: the same text on the same rows, most of them with NULLs, gives
 * the same answer, as WHERE and as a value. RULE_PAIRS sets how many (rule, row) pairs, RULE_SEED the seed
 * (printed).
 *
 * Sentences are made so that both dialects read them alike; whole numbers stay small enough not to overflow,
 * where SQLite turns to decimals and we to NULL (rule_test.c has those). Columns `big` and `wide` hold the
 * extremes and are only compared. */
#include "engine/rule/rule.h"
#include <sqlite3.h>
#include <string.h>

enum { ROWS = 24, RULES_PER_TABLE = 40 };

static const struct {
    const char *name;
    RuleType type;
    const char *sql;
} columns[] = {
    { "i", RULE_INT, "INTEGER" },  { "j", RULE_INT, "INTEGER" },   { "r", RULE_REAL, "REAL" },
    { "t", RULE_TEXT, "TEXT" },    { "区", RULE_TEXT, "TEXT" },    { "b", RULE_BOOL, "INTEGER" },
    { "c", RULE_BOOL, "INTEGER" }, { "big", RULE_INT, "INTEGER" }, { "wide", RULE_REAL, "REAL" },
};

static const char *const texts[] = { "a", "ab", "B", "", "朝阳", "朝", "海淀", "it's", "100" };
static const char *const pilots[] = { "朝阳", "ab" };
#define PILOTS_IN_SQL "'朝阳', 'ab'"
static const gint64 extremes[] = {
    G_MININT64, G_MAXINT64, G_MAXINT64 - 1, (1LL << 53) + 1, 1LL << 53, -(1LL << 53) - 1, 0, 7
};
static const double wides[] = { 9223372036854775808.0,
                                -9223372036854775808.0,
                                9007199254740992.0,
                                -9007199254740992.0,
                                9007199254740994.0,
                                1e300,
                                -1e300,
                                7.0,
                                7.5,
                                -0.5 };

typedef struct {
    GRand *rand;
    sqlite3 *db;
    RuleSchema *schema;
    RuleValue rows[ROWS][G_N_ELEMENTS(columns)];
} World;

static int dice(World *w, int n)
{
    return g_rand_int_range(w->rand, 0, n);
}

#define ANY_OF(w, table) ((table)[dice(w, G_N_ELEMENTS(table))])

/* ---- random sentences ---- */

static void say_condition(World *w, GString *out, int depth);

static void say_text_literal(World *w, GString *out)
{
    g_auto(GStrv) parts = g_strsplit(ANY_OF(w, texts), "'", -1);
    g_autofree char *doubled = g_strjoinv("''", parts);
    g_string_append_printf(out, "'%s'", doubled);
}

static void say_text(World *w, GString *out, int depth)
{
    switch (dice(w, depth > 0 ? 5 : 4)) {
    case 0:
        say_text_literal(w, out);
        break;
    case 4:
        g_string_append(out, "coalesce(");
        say_text(w, out, depth - 1);
        g_string_append(out, ", ");
        say_text(w, out, depth - 1);
        g_string_append(out, ")");
        break;
    default:
        g_string_append(out, dice(w, 2) ? "t" : "区");
    }
}

static void say_whole(World *w, GString *out, int depth);

static void say_whole_leaf(World *w, GString *out)
{
    int n = dice(w, 41) - 20;
    if (dice(w, 3))
        g_string_append(out, dice(w, 2) ? "i" : "j");
    else if (dice(w, 12) == 0)
        g_string_append(out, "NULL");
    else
        g_string_append_printf(out, "%s%d", n < 0 && dice(w, 2) ? " - " : "",
                               n < 0 && out->str[out->len - 1] == ' ' ? -n : n);
}

static void say_call(World *w, GString *out, int depth)
{
    int which = dice(w, 3);
    g_string_append(out, which == 0 ? "abs(" : which == 1 ? "coalesce(" : "length(");
    if (which == 2)
        say_text(w, out, depth - 1);
    else
        say_whole(w, out, depth - 1);
    if (which == 1) {
        g_string_append(out, ", ");
        say_whole(w, out, depth - 1);
    }
    g_string_append(out, ")");
}

static void say_whole(World *w, GString *out, int depth)
{
    int which = depth > 0 ? dice(w, 8) : 0;
    gboolean brackets = dice(w, 2);
    if (which < 3) {
        g_string_append(out, " ");
        say_whole_leaf(w, out);
    } else if (which == 3) {
        say_call(w, out, depth);
    } else if (which == 4) {
        g_string_append(out, " - (");
        say_whole(w, out, depth - 1);
        g_string_append(out, ")");
    } else {
        g_string_append(out, brackets ? "(" : "");
        say_whole(w, out, depth - 1);
        g_string_append_printf(out, " %c ", "+-*/"[dice(w, 4)]);
        say_whole(w, out, depth - 1);
        g_string_append(out, brackets ? ")" : "");
    }
}

static void say_decimal(World *w, GString *out, int depth)
{
    int which = depth > 0 ? dice(w, 6) : dice(w, 2);
    if (which == 0)
        g_string_append(out, "r");
    else if (which == 1)
        g_string_append_printf(out, "%d.%d", dice(w, 20), dice(w, 4) * 25);
    else if (which == 2)
        g_string_append(out, "coalesce(r, 1.5)");
    else {
        g_string_append(out, "(");
        say_decimal(w, out, depth - 1);
        g_string_append_printf(out, " %c ", "+-*/"[dice(w, 4)]);
        if (which == 3)
            say_whole(w, out, depth - 1);
        else
            say_decimal(w, out, depth - 1);
        g_string_append(out, ")");
    }
}

static void say_number(World *w, GString *out, int depth)
{
    if (dice(w, 3))
        say_whole(w, out, depth);
    else
        say_decimal(w, out, depth);
}

typedef void (*Say)(World *w, GString *out, int depth);

static void say_list(World *w, GString *out, Say say, gboolean text)
{
    g_string_append(out, dice(w, 2) ? " IN (" : " NOT IN (");
    for (int i = 0, n = 1 + dice(w, 5); i < n; i++) {
        g_string_append(out, i ? ", " : "");
        if (text && dice(w, 3) == 0)
            g_string_append(out, "@pilots");
        else if (dice(w, 8) == 0)
            g_string_append(out, "NULL");
        else
            say(w, out, 1);
    }
    g_string_append(out, ")");
}

static void say_extreme(World *w, GString *out, int depth)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    switch (dice(w, 4)) {
    case 0:
        g_string_append(out, "big");
        break;
    case 1:
        g_string_append(out, "wide");
        break;
    case 2:
        g_string_append_printf(out, " %" G_GINT64_FORMAT, ANY_OF(w, extremes));
        break;
    default:
        g_string_append_printf(out, " %s", g_ascii_formatd(buffer, sizeof buffer, "%.1f", wides[dice(w, 5)]));
    }
}

static void say_compared(World *w, GString *out, Say say, gboolean text)
{
    static const char *const signs[] = { " = ", " <> ", " != ", " < ", " <= ", " > ", " >= " };
    say(w, out, 3);
    switch (dice(w, 4)) {
    case 0:
        say_list(w, out, say, text);
        break;
    case 1:
        g_string_append(out, dice(w, 2) ? " BETWEEN " : " NOT BETWEEN ");
        say(w, out, 1);
        g_string_append(out, " AND ");
        say(w, out, 1);
        break;
    default:
        g_string_append(out, ANY_OF(w, signs));
        say(w, out, 3);
    }
}

static void say_leaf(World *w, GString *out)
{
    static const char *const plain[] = { "b",    "c",     "true",      "false",
                                         "NULL", "b = c", "b <> true", "c IN (true, NULL)" };
    switch (dice(w, 8)) {
    case 0:
        g_string_append(out, ANY_OF(w, plain));
        break;
    case 1:
        g_string_append(out, columns[dice(w, G_N_ELEMENTS(columns))].name);
        g_string_append(out, dice(w, 2) ? " IS NULL" : " IS NOT NULL");
        break;
    case 2:
        say_text(w, out, 1);
        g_string_append(out, dice(w, 2) ? " LIKE " : " NOT LIKE ");
        g_string_append(out, dice(w, 2) ? "'朝%'" : dice(w, 2) ? "'a%'" : "'%'");
        break;
    case 3:
        say_compared(w, out, say_extreme, FALSE);
        break;
    case 4:
        say_compared(w, out, say_text, TRUE);
        break;
    default:
        say_compared(w, out, say_number, FALSE);
    }
}

static void say_bracketed(World *w, GString *out, const char *before, int depth, const char *after)
{
    g_string_append(out, before);
    say_condition(w, out, depth - 1);
    g_string_append(out, after);
}

static void say_condition(World *w, GString *out, int depth)
{
    int which = depth > 0 ? dice(w, 10) : 0;
    if (which < 3) {
        say_leaf(w, out);
    } else if (which == 3) {
        say_bracketed(w, out, "(", depth, dice(w, 2) ? ") IS NULL" : ") IS NOT NULL");
    } else if (which == 4) {
        say_bracketed(w, out, "(", depth, dice(w, 2) ? ") = (" : ") <> (");
        say_bracketed(w, out, "", depth, ")");
    } else if (which == 5) {
        say_bracketed(w, out, "coalesce((", depth, dice(w, 2) ? "), b)" : "), false)");
    } else if (which == 6) {
        say_bracketed(w, out, dice(w, 2) ? "NOT (" : "NOT NOT (", depth, ")");
    } else if (which == 7) {
        say_bracketed(w, out, "", depth, dice(w, 2) ? " AND NOT " : " OR NOT ");
        say_leaf(w, out);
    } else {
        gboolean brackets = dice(w, 2);
        say_bracketed(w, out, brackets ? "(" : "", depth, dice(w, 2) ? " AND " : " OR ");
        say_bracketed(w, out, "", depth, brackets ? ")" : "");
    }
}

/* ---- random rows ---- */

static RuleValue random_value(World *w, gsize column)
{
    if (dice(w, 4) == 0) return (RuleValue){ .type = RULE_NULL };
    switch (columns[column].type) {
    case RULE_BOOL:
        return (RuleValue){ .type = RULE_BOOL, .boolean = dice(w, 2) };
    case RULE_TEXT:
        return (RuleValue){ .type = RULE_TEXT, .text = ANY_OF(w, texts) };
    case RULE_REAL:
        return (RuleValue){ .type = RULE_REAL,
                            .real = g_str_equal(columns[column].name, "r") ? (dice(w, 161) - 80) / 4.0
                                                                           : ANY_OF(w, wides) };
    default:
        return (RuleValue){ .type = RULE_INT,
                            .integer = g_str_equal(columns[column].name, "big") ? ANY_OF(w, extremes)
                                                                                : dice(w, 41) - 20 };
    }
}

static sqlite3_stmt *prepare(World *w, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(w->db, sql, -1, &statement, NULL) != SQLITE_OK)
        g_error("the oracle cannot read %s: %s", sql, sqlite3_errmsg(w->db));
    return statement;
}

static void bind(sqlite3_stmt *statement, int at, const RuleValue *v)
{
    if (v->type == RULE_BOOL)
        sqlite3_bind_int(statement, at, v->boolean);
    else if (v->type == RULE_INT)
        sqlite3_bind_int64(statement, at, v->integer);
    else if (v->type == RULE_REAL)
        sqlite3_bind_double(statement, at, v->real);
    else if (v->type == RULE_TEXT)
        sqlite3_bind_text(statement, at, v->text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, at);
}

static void new_rows(World *w)
{
    sqlite3_exec(w->db, "DELETE FROM t", NULL, NULL, NULL);
    sqlite3_stmt *insert = prepare(w, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    for (int n = 0; n < ROWS; n++) {
        sqlite3_reset(insert);
        sqlite3_bind_int(insert, 1, n);
        for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
            w->rows[n][i] = random_value(w, i);
            bind(insert, (int)i + 2, &w->rows[n][i]);
        }
        g_assert_cmpint(sqlite3_step(insert), ==, SQLITE_DONE);
    }
    sqlite3_finalize(insert);
}

static World *world_new(guint32 seed)
{
    World *w = g_new0(World, 1);
    GString *create = g_string_new("CREATE TABLE t (n INTEGER PRIMARY KEY");
    w->rand = g_rand_new_with_seed(seed);
    w->schema = rule_schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        rule_schema_add(w->schema, columns[i].name, columns[i].type);
        g_string_append_printf(create, ", %s %s", columns[i].name, columns[i].sql);
    }
    g_string_append(create, ")");
    rule_schema_list(w->schema, "pilots", pilots, G_N_ELEMENTS(pilots));
    g_assert_cmpint(sqlite3_open(":memory:", &w->db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(w->db, create->str, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_exec(w->db, "PRAGMA case_sensitive_like = ON", NULL, NULL, NULL);
    g_string_free(create, TRUE);
    return w;
}

static void world_free(World *w)
{
    sqlite3_close(w->db);
    rule_schema_free(w->schema);
    g_rand_free(w->rand);
    g_free(w);
}

/* ---- the comparison ---- */

static char *in_sqlite(const char *text)
{
    GString *sql = g_string_new(text);
    g_string_replace(sql, "@pilots", PILOTS_IN_SQL, 0);
    return g_string_free(sql, FALSE);
}

static gboolean same(const RuleValue *got, sqlite3_stmt *oracle, int at)
{
    switch (sqlite3_column_type(oracle, at)) {
    case SQLITE_NULL:
        return got->type == RULE_NULL;
    case SQLITE_INTEGER:
        return got->type == RULE_BOOL  ? got->boolean == sqlite3_column_int64(oracle, at)
               : got->type == RULE_INT ? got->integer == sqlite3_column_int64(oracle, at)
                                       : FALSE;
    case SQLITE_FLOAT:
        return got->type == RULE_REAL && got->real == sqlite3_column_double(oracle, at);
    default:
        return got->type == RULE_TEXT &&
               strcmp(got->text, (const char *)sqlite3_column_text(oracle, at)) == 0;
    }
}

static Rule *parsed(World *w, const char *text, gboolean condition)
{
    g_autoptr(GError) error = NULL;
    Rule *rule = condition ? rule_parse(text, w->schema, &error) : rule_parse_scalar(text, w->schema, &error);
    if (!rule) g_error("%s\nis refused: %s", text, error->message);
    return rule;
}

/* WHERE's rows against rule_holds. */
static int compare_where(World *w, const char *text, const char *sql)
{
    g_autofree char *query = g_strdup_printf("SELECT n FROM t WHERE %s", sql);
    g_autoptr(Rule) rule = parsed(w, text, TRUE);
    sqlite3_stmt *oracle = prepare(w, query);
    gboolean want[ROWS] = { FALSE };
    int hits = 0;
    for (; sqlite3_step(oracle) == SQLITE_ROW; hits++)
        want[sqlite3_column_int(oracle, 0)] = TRUE;
    sqlite3_finalize(oracle);
    for (int n = 0; n < ROWS; n++)
        if (rule_holds(rule, w->rows[n]) != want[n])
            g_error("row %d: WHERE is %d, the rule is not:\n%s", n, want[n], text);
    return hits;
}

/* A selected value against rule_value. */
static void compare_value(World *w, const char *text, const char *sql)
{
    g_autofree char *query = g_strdup_printf("SELECT %s FROM t ORDER BY n", sql);
    g_autoptr(Rule) rule = parsed(w, text, FALSE);
    sqlite3_stmt *oracle = prepare(w, query);
    for (int n = 0; n < ROWS; n++) {
        g_assert_cmpint(sqlite3_step(oracle), ==, SQLITE_ROW);
        RuleValue got = rule_value(rule, w->rows[n]);
        if (!same(&got, oracle, 0))
            g_error("row %d: SQLite says %s, the rule another value:\n%s", n, sqlite3_column_text(oracle, 0),
                    text);
    }
    sqlite3_finalize(oracle);
}

static guint32 seed_now(void)
{
    const char *given = g_getenv("RULE_SEED");
    guint32 seed = given ? (guint32)g_ascii_strtoull(given, NULL, 10) : g_random_int();
    g_test_message("RULE_SEED=%u", seed);
    return seed;
}

static int pairs_wanted(void)
{
    const char *given = g_getenv("RULE_PAIRS");
    return given ? (int)g_ascii_strtoll(given, NULL, 10) : 40000;
}

static void a_condition_holds_where_sqlite_says_so(void)
{
    World *w = world_new(seed_now());
    int pairs = 0, hits = 0;
    for (int rules = 0; pairs < pairs_wanted(); rules++, pairs += ROWS) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (rules % RULES_PER_TABLE == 0) new_rows(w);
        say_condition(w, text, 4);
        g_autofree char *sql = in_sqlite(text->str);
        hits += compare_where(w, text->str, sql);
        compare_value(w, text->str, sql);
    }
    g_test_message("%d pairs, %d true", pairs, hits);
    g_assert_cmpint(hits, >, pairs / 5); /* the sentences are not idle */
    g_assert_cmpint(hits, <, pairs * 4 / 5);
    world_free(w);
}

static void a_scalar_has_the_value_sqlite_gives(void)
{
    static const Say say[] = { say_whole, say_decimal, say_text };
    World *w = world_new(seed_now());
    for (int pairs = 0, rules = 0; pairs < pairs_wanted() / 2; rules++, pairs += ROWS) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (rules % RULES_PER_TABLE == 0) new_rows(w);
        say[rules % 3](w, text, 3);
        compare_value(w, text->str, text->str);
    }
    world_free(w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/a_condition_holds_where_sqlite_says_so", a_condition_holds_where_sqlite_says_so);
    g_test_add_func("/rule/a_scalar_has_the_value_sqlite_gives", a_scalar_has_the_value_sqlite_gives);
    return g_test_run();
}
