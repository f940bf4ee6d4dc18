/* meet_test.c - what can hold together, by table, and against a slow oracle that tries every row of a small
 * world. */
#include "engine/rule/meet.h"

enum { N, SHARE, KIND, WORD, ACTOR, BY, FLAG, N_COLUMNS };

static const char *const kinds[] = { "a", "b", "c" };

static RuleSchema *schema_new(void)
{
    RuleSchema *schema = rule_schema_new();
    rule_schema_add(schema, "n", RULE_INT);
    rule_schema_add(schema, "share", RULE_REAL);
    rule_schema_add(schema, "kind", RULE_TEXT);
    rule_schema_add(schema, "word", RULE_TEXT);
    rule_schema_add(schema, "actor", RULE_TEXT);
    rule_schema_add(schema, "by", RULE_TEXT);
    rule_schema_add(schema, "flag", RULE_BOOL);
    rule_schema_list(schema, "ab", kinds, 2);
    return schema;
}

static const RuleDomain domains[N_COLUMNS] = {
    [N] = { .bounded = TRUE, .max = 4, .never_null = TRUE },
    [KIND] = { .values = kinds, .n_values = 3 },
};

static RuleMeet meet(const char *one, const char *other, RuleValue *row)
{
    g_autoptr(RuleSchema) schema = schema_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Rule) a = rule_parse(one, schema, &error);
    g_assert_no_error(error);
    g_autoptr(Rule) b = rule_parse(other, schema, &error);
    g_assert_no_error(error);
    const Rule *both[] = { a, b };
    const RuleMeet answer = rule_meet(schema, both, 2, domains, row);
    if (answer == RULE_MEET_SOMETIMES) {
        g_assert_true(rule_holds(a, row));
        g_assert_true(rule_holds(b, row));
    }
    return answer;
}

static void conditions_meet_where_a_row_is_in_both(void)
{
    static const struct {
        const char *one, *other;
        RuleMeet want;
    } table[] = {
        /* clang-format off */
        { "n < 2", "n >= 2", RULE_MEET_NEVER },              { "n < 3", "n >= 2", RULE_MEET_SOMETIMES },
        { "n > 2 AND n < 3", "true", RULE_MEET_NEVER },      { "share > 2 AND share < 3", "true", RULE_MEET_SOMETIMES },
        { "n > 4", "true", RULE_MEET_NEVER },                { "n >= 3.5", "n < 4", RULE_MEET_NEVER },
        { "n IS NULL", "true", RULE_MEET_NEVER },            { "share IS NULL", "share > 1", RULE_MEET_NEVER },
        { "n BETWEEN 1 AND 2", "n IN (0, 3, 4)", RULE_MEET_NEVER }, { "n <> 0 AND n <> 1", "n <> 2 AND n NOT IN (3, 4)", RULE_MEET_NEVER },
        { "kind = 'a'", "kind IN (@ab)", RULE_MEET_SOMETIMES }, { "kind NOT IN (@ab)", "kind <> 'c'", RULE_MEET_NEVER },
        { "kind = 'z'", "true", RULE_MEET_NEVER },           { "word = 'z'", "word <> 'y'", RULE_MEET_SOMETIMES },
        { "word = 'z'", "word = 'y'", RULE_MEET_NEVER },     { "NOT (word = 'z' OR word IS NULL)", "word <> 'y'", RULE_MEET_SOMETIMES },
        { "flag", "NOT flag", RULE_MEET_NEVER },             { "flag IS NULL", "word IS NOT NULL", RULE_MEET_SOMETIMES },
        { "actor <> by", "actor = by", RULE_MEET_NEVER },    { "actor <> by", "actor = 'x' AND by = 'x'", RULE_MEET_NEVER },
        { "actor <> by", "word <> actor AND word <> by", RULE_MEET_SOMETIMES }, { "actor = by AND by = word", "actor <> word", RULE_MEET_NEVER },
        { "by IS NULL OR actor <> by", "by = 'x'", RULE_MEET_SOMETIMES }, { "coalesce(n, 0) = 0", "n > 0", RULE_MEET_NEVER },
        { "coalesce(share, 0.0) = 0", "share IS NULL", RULE_MEET_SOMETIMES }, { "(n = 3) = flag", "n = 2 AND flag", RULE_MEET_NEVER },
        { "kind = word", "word = 'z'", RULE_MEET_NEVER },    { "kind = word", "word = 'b'", RULE_MEET_SOMETIMES },
        { "n + 1 > 2", "true", RULE_MEET_UNKNOWN },          { "actor < by", "true", RULE_MEET_UNKNOWN },
        { "word LIKE 'a%'", "true", RULE_MEET_UNKNOWN },     { "n > share", "true", RULE_MEET_UNKNOWN },
        { "false", "true", RULE_MEET_NEVER },                { "true", "true", RULE_MEET_SOMETIMES },
        /* clang-format on */
    };
    RuleValue row[N_COLUMNS];
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s / %s", table[i].one, table[i].other);
        g_assert_cmpint(meet(table[i].one, table[i].other, row), ==, table[i].want);
    }
}

/* ---- against every row ---- */

static char *leaf(void)
{
    static const char *const signs[] = { "=", "<>", "<", "<=", ">", ">=" };
    const int v = g_test_rand_int_range(-1, 6);
    switch (g_test_rand_int_range(0, 8)) {
    case 0:
        return g_strdup_printf("kind = '%s'", kinds[g_test_rand_int_range(0, 3)]);
    case 1:
        return g_strdup_printf("kind %s IN ('%s', 'z')", g_test_rand_bit() ? "NOT" : "",
                               kinds[g_test_rand_int_range(0, 3)]);
    case 2:
        return g_strdup("flag");
    case 3:
        return g_strdup_printf("%s IS NULL", g_test_rand_bit() ? "kind" : "flag");
    case 4:
        return g_strdup_printf("n BETWEEN %d AND %d", v, g_test_rand_int_range(0, 5));
    case 5:
        return g_strdup_printf("n > %d.5", MAX(v, 0));
    default:
        return g_strdup_printf("n %s %d", signs[g_test_rand_int_range(0, 6)], v);
    }
}

static char *condition(int depth)
{
    if (!depth || g_test_rand_int_range(0, 4) == 0) return leaf();
    g_autofree char *a = condition(depth - 1), *b = condition(depth - 1);
    const int how = g_test_rand_int_range(0, 3);
    return how == 0 ? g_strdup_printf("NOT (%s)", a)
                    : g_strdup_printf("(%s) %s (%s)", a, how == 1 ? "AND" : "OR", b);
}

static gboolean some_row(const Rule *a, const Rule *b)
{
    RuleValue row[N_COLUMNS] = { 0 };
    for (int n = 0; n <= 4; n++) {
        for (int kind = 0; kind <= 3; kind++) {
            for (int flag = 0; flag <= 2; flag++) {
                row[N] = (RuleValue){ RULE_INT, .integer = n };
                row[KIND] =
                    kind < 3 ? (RuleValue){ RULE_TEXT, .text = kinds[kind] } : (RuleValue){ RULE_NULL };
                row[FLAG] = flag < 2 ? (RuleValue){ RULE_BOOL, .boolean = flag } : (RuleValue){ RULE_NULL };
                if (rule_holds(a, row) && rule_holds(b, row)) return TRUE;
            }
        }
    }
    return FALSE;
}

static void they_meet_exactly_when_some_row_of_a_small_world_is_in_both(void)
{
    g_autoptr(RuleSchema) schema = schema_new();
    guint never = 0;
    for (int i = 0; i < 5000; i++) {
        g_autofree char *one = condition(3), *other = condition(3);
        g_autoptr(Rule) a = rule_parse(one, schema, NULL);
        g_autoptr(Rule) b = rule_parse(other, schema, NULL);
        const Rule *both[] = { a, b };
        RuleValue row[N_COLUMNS];
        const gboolean want = some_row(a, b);
        if ((rule_meet(schema, both, 2, domains, row) == RULE_MEET_SOMETIMES) != want)
            g_error("%s / %s: %s", one, other, want ? "they meet" : "they do not");
        never += !want;
    }
    g_assert_cmpuint(never, >, 500);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/meet/conditions_meet_where_a_row_is_in_both",
                    conditions_meet_where_a_row_is_in_both);
    g_test_add_func("/rule/meet/they_meet_exactly_when_some_row_of_a_small_world_is_in_both",
                    they_meet_exactly_when_some_row_of_a_small_world_is_in_both);
    return g_test_run();
}
