/* derive_test.c - figures made of figures: by table. */
#include "engine/indicator/indicator.h"
#include <math.h>
#include <string.h>

static const char *const ids[] = { "solved", "opened", "办结", "a-b" };

static RuleSchema *names_new(void)
{
    gsize bad;
    RuleSchema *names = indicator_names(ids, G_N_ELEMENTS(ids), &bad);
    g_assert_nonnull(names);
    return names;
}

static void a_formula_is_computed_from_the_values_of_its_uses(void)
{
    static const struct {
        const char *name, *expr;
        gboolean empty_is_zero;
        IndicatorUse uses[4];
        gsize n;
        double values[4];
        gboolean has;
        double want;
    } table[] = {
        /* clang-format off */
        { "a ratio",          "solved / opened",        FALSE, { { 0, 0 }, { 1, 0 } }, 2, { 3, 4 }, TRUE, 0.75 },
        { "less one",         "solved / opened - 1",    FALSE, { { 0, 0 }, { 1, 0 } }, 2, { 3, 4 }, TRUE, -0.25 },
        { "by nothing",       "solved / opened",        FALSE, { { 0, 0 }, { 1, 0 } }, 2, { 3, 0 }, FALSE, 0 },
        { "an empty one",     "solved - opened",        FALSE, { { 0, 0 }, { 1, 0 } }, 2, { 3, NAN }, FALSE, 0 },
        { "empty is zero",    "solved / opened",        TRUE,  { { 0, 0 }, { 1, 0 } }, 2, { 3, 0 }, TRUE, 0 },
        { "filled in",        "coalesce(solved, 0.0) + 2", FALSE, { { 0, 0 } }, 1, { NAN }, TRUE, 2 },
        { "in Chinese",       "办结 * 2",               FALSE, { { 2, 0 } }, 1, { 5 }, TRUE, 10 },
        { "in quotes",        "\"a-b\" / 2",          FALSE, { { 3, 0 } }, 1, { 5 }, TRUE, 2.5 },
        { "the period before", "solved - period_before(solved)", FALSE, { { 0, 0 }, { 0, 1 } }, 2, { 5, 3 }, TRUE, 2 },
        { "a year before",    "year_before(solved) * 1.0", FALSE, { { 0, 2 } }, 1, { 3 }, TRUE, 3 },
        { "on the year",      "year_on_year(solved)",   FALSE, { { 0, 0 }, { 0, 2 } }, 2, { 6, 4 }, TRUE, 0.5 },
        { "on an empty year", "year_on_year(solved)",   FALSE, { { 0, 0 }, { 0, 2 } }, 2, { 6, NAN }, FALSE, 0 },
        { "on a year of none", "year_on_year(solved)",  FALSE, { { 0, 0 }, { 0, 2 } }, 2, { 6, 0 }, FALSE, 0 },
        { "named twice, used once", "year_on_year(solved) + solved - solved", FALSE, { { 0, 0 }, { 0, 2 } }, 2, { 6, 4 }, TRUE, 0.5 },
        /* clang-format on */
    };
    g_autoptr(RuleSchema) names = names_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        gsize n;
        double out = -7;
        g_test_message("%s", table[i].name);
        g_autoptr(Indicator) indicator =
            indicator_derived_new("x", table[i].expr, names, table[i].empty_is_zero, &error);
        g_assert_no_error(error);
        const IndicatorUse *uses = indicator_uses(indicator, &n);
        g_assert_cmpuint(n, ==, table[i].n);
        for (gsize k = 0; k < n; k++) {
            g_assert_cmpuint(uses[k].of, ==, table[i].uses[k].of);
            g_assert_cmpint(uses[k].shift, ==, table[i].uses[k].shift);
        }
        g_assert_cmpint(indicator_derive(indicator, table[i].values, &out), ==, table[i].has);
        g_assert_cmpfloat(out, ==, table[i].has ? table[i].want : -7);
        g_assert_false(indicator_weigh(indicator, NULL, NULL));
    }
}

static void a_formula_that_is_none_is_refused(void)
{
    static const struct {
        const char *expr, *want;
    } table[] = {
        { "solvd / opened", "expr: column 1: there is no column solvd; did you mean solved?" },
        { "solved > 3", "expr: column 1: not a number made of figures" },
        { "'x'", "expr: column 1: not a number made of figures" },
        { "1", "expr: column 1: not a number made of figures" },
        { "solved / ", "expr: column" },
        { "last_year(solved)", "expr: column 1: there is no function last_year" },
        { "year_before(solved + 1)", "expr: column 1: there is no function year_before" },
        { "sum(solved)", "expr: column 1: windows and aggregates are not taken" },
    };
    g_autoptr(RuleSchema) names = names_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(indicator_derived_new("x", table[i].expr, names, FALSE, &error));
        g_test_message("%s", error->message);
        g_assert_true(g_str_has_prefix(error->message, table[i].want));
    }
    gsize bad = 9;
    g_autofree char *lengthy = g_strnfill(60, 'x');
    g_assert_null(indicator_names((const char *const[]){ "a", lengthy }, 2, &bad));
    g_assert_cmpuint(bad, ==, 1);
}

static void a_score_is_the_weighted_way_from_zero_to_full(void)
{
    static const IndicatorPart parts[] = { { 0, 60, 0.9, 0.5 },
                                           { 1, 40, 8, 20 } }; /* of the second less is better */
    static const struct {
        const char *name;
        double values[2];
        gboolean empty_is_zero, has;
        double want;
    } table[] = {
        { "full marks", { 0.95, 6 }, FALSE, TRUE, 100 },
        { "none", { 0.5, 20 }, FALSE, TRUE, 0 },
        { "below none", { 0.1, 90 }, FALSE, TRUE, 0 },
        { "half of each", { 0.7, 14 }, FALSE, TRUE, 50 },
        { "one is empty", { 0.9, NAN }, FALSE, FALSE, 0 },
        { "which earns nothing", { 0.9, NAN }, TRUE, TRUE, 60 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        double out = -7;
        gsize n;
        g_test_message("%s", table[i].name);
        g_autoptr(Indicator) score = indicator_score_new("s", parts, 2, table[i].empty_is_zero);
        indicator_uses(score, &n);
        g_assert_cmpuint(n, ==, 2);
        g_assert_cmpint(indicator_derive(score, table[i].values, &out), ==, table[i].has);
        g_assert_true(!table[i].has || fabs(out - table[i].want) < 1e-9);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indicator/a_formula_is_computed_from_the_values_of_its_uses",
                    a_formula_is_computed_from_the_values_of_its_uses);
    g_test_add_func("/indicator/a_formula_that_is_none_is_refused", a_formula_that_is_none_is_refused);
    g_test_add_func("/indicator/a_score_is_the_weighted_way_from_zero_to_full",
                    a_score_is_the_weighted_way_from_zero_to_full);
    return g_test_run();
}
