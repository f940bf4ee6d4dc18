/* indicator_test.c - figures by table, then random facts in any order, in one go or in parts, against a slow
 * oracle. */
#include "engine/indicator/indicator.h"
#include <string.h>

enum { TO, MINUTES, RATING, COST, N_COLUMNS };

static RuleSchema *schema_new(void)
{
    RuleSchema *schema = rule_schema_new();
    rule_schema_add(schema, "to_state", RULE_TEXT);
    rule_schema_add(schema, "minutes", RULE_INT);
    rule_schema_add(schema, "rating", RULE_INT);
    rule_schema_add(schema, "cost", RULE_REAL);
    return schema;
}

static void fill(RuleValue row[N_COLUMNS], const char *to, gint64 minutes, gint64 rating)
{
    row[TO] = (RuleValue){ to ? RULE_TEXT : RULE_NULL, .text = to };
    row[MINUTES] = (RuleValue){ minutes < 0 ? RULE_NULL : RULE_INT, .integer = minutes };
    row[RATING] = (RuleValue){ rating < 0 ? RULE_NULL : RULE_INT, .integer = rating };
    row[COST] = (RuleValue){ RULE_NULL };
}

static void a_fact_adds_what_it_says(void)
{
    static const struct {
        const char *name;
        IndicatorKind kind;
        const char *when, *num, *den, *to;
        gint64 minutes, rating;
        gboolean speaks;
        IndicatorDelta want;
    } table[] = {
        /* clang-format off */
        { "in time",             INDICATOR_RATIO, "to_state = 'here'", "minutes <= 12", "true",   "here", 12, -1, TRUE,  { 1, 1, 0 } },
        { "too late",            INDICATOR_RATIO, "to_state = 'here'", "minutes <= 12", "true",   "here", 13, -1, TRUE,  { 0, 1, 0 } },
        { "nobody looked",       INDICATOR_RATIO, "to_state = 'here'", "minutes <= 12", "true",   "here", -1, -1, TRUE,  { 0, 0, 1 } },
        { "another state",       INDICATOR_RATIO, "to_state = 'here'", "minutes <= 12", "true",   "gone", 12, -1, FALSE, { 7, 7, 7 } },
        { "no state",            INDICATOR_RATIO, "to_state = 'here'", "minutes <= 12", "true",   NULL,   12, -1, FALSE, { 7, 7, 7 } },
        { "not of the kind",     INDICATOR_RATIO, NULL,                "minutes <= 12", "rating >= 1", "x", 2,  0, TRUE,  { 1, 0, 0 } },
        { "den not known",       INDICATOR_RATIO, NULL,                "minutes <= 12", "rating >= 1", "x", 2, -1, TRUE,  { 0, 0, 1 } },
        { "a lapsed rating",     INDICATOR_RATIO, NULL,                "rating >= 4",   "rating IS NOT NULL", "x", 2, -1, TRUE, { 0, 0, 1 } },
        { "a lapsed rating is no praise", INDICATOR_RATIO, NULL,       "coalesce(rating >= 4, false)", "true", "x", 2, -1, TRUE, { 0, 1, 0 } },
        { "weighted",            INDICATOR_RATIO, NULL,                "minutes * 2",   "rating", "x",    3,  5,  TRUE,  { 6, 5, 0 } },
        { "a count",             INDICATOR_COUNT, NULL,                "true",          NULL,     "x",    3,  5,  TRUE,  { 1, 0, 0 } },
        { "a sum",               INDICATOR_COUNT, NULL,                "minutes",       NULL,     "x",    3,  5,  TRUE,  { 3, 0, 0 } },
        { "a mean",              INDICATOR_MEAN,  NULL,                "minutes",       NULL,     "x",    3,  5,  TRUE,  { 3, 1, 0 } },
        { "a mean of none",      INDICATOR_MEAN,  NULL,                "minutes",       NULL,     "x",    -1, 5,  TRUE,  { 0, 0, 1 } },
        /* clang-format on */
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        RuleValue row[N_COLUMNS];
        IndicatorDelta delta = { 7, 7, 7 };
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        IndicatorDef def = { .id = table[i].name,
                             .kind = table[i].kind,
                             .when = table[i].when,
                             .num = table[i].num,
                             .den = table[i].den };
        g_autoptr(Indicator) indicator = indicator_new(&def, schema, &error);
        g_assert_no_error(error);
        fill(row, table[i].to, table[i].minutes, table[i].rating);
        g_assert_cmpint(indicator_weigh(indicator, row, &delta), ==, table[i].speaks);
        g_assert_cmpmem(&delta, sizeof delta, &table[i].want, sizeof delta);
        g_assert_cmpstr(indicator_id(indicator), ==, table[i].name);
        g_assert_cmpint(indicator_kind(indicator), ==, table[i].kind);
    }
}

static void a_definition_that_cannot_add_up_is_refused(void)
{
    static const struct {
        IndicatorKind kind;
        const char *when, *num, *den, *want;
    } table[] = {
        { INDICATOR_RATIO, "minuts > 3", "true", "true",
          "when: column 1: there is no column minuts; did you mean minutes?" },
        { INDICATOR_RATIO, "true", "true AND", "true", "num: column 9: " },
        { INDICATOR_RATIO, "true", "true", "count(*)", "den: column 1: " },
        { INDICATOR_RATIO, "true", "true", NULL, "den: a ratio needs one" },
        { INDICATOR_COUNT, "true", "true", "true", "den: a count has none" },
        { INDICATOR_MEAN, "true", "minutes", "true", "den: a mean has none" },
        { INDICATOR_COUNT, "true", "cost", NULL, "num: column 1: neither" },
        { INDICATOR_COUNT, "true", "to_state", NULL, "num: column 1: neither" },
        { INDICATOR_RATIO, "true", "true", "NULL", "den: column 1: neither" },
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        IndicatorDef def = {
            .id = "x", .kind = table[i].kind, .when = table[i].when, .num = table[i].num, .den = table[i].den
        };
        g_assert_null(indicator_new(&def, schema, &error));
        g_test_message("%s", error->message);
        g_assert_true(g_str_has_prefix(error->message, table[i].want));
    }
}

static void an_empty_denominator_has_no_result(void)
{
    static const struct {
        IndicatorKind kind;
        IndicatorDelta sum;
        gboolean empty_is_zero, has;
        double want;
    } table[] = {
        { INDICATOR_RATIO, { 0, 0, 5 }, FALSE, FALSE, -1 },
        { INDICATOR_MEAN, { 0, 0, 5 }, FALSE, FALSE, -1 },
        { INDICATOR_RATIO, { 0, 0, 5 }, TRUE, TRUE, 0 },
        { INDICATOR_MEAN, { 0, 0, 5 }, TRUE, TRUE, 0 },
        { INDICATOR_RATIO, { 3, 4, 5 }, FALSE, TRUE, 0.75 },
        { INDICATOR_MEAN, { 7, 2, 0 }, TRUE, TRUE, 3.5 },
        { INDICATOR_COUNT, { 0, 0, 0 }, FALSE, TRUE, 0 },
        { INDICATOR_COUNT, { 12, 0, 1 }, FALSE, TRUE, 12 },
        { INDICATOR_MEAN, { -7, 2, 0 }, FALSE, TRUE, -3.5 },
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        double out = -1;
        IndicatorDef def = { .id = "x",
                             .kind = table[i].kind,
                             .num = "minutes",
                             .den = table[i].kind == INDICATOR_RATIO ? "true" : NULL,
                             .empty_is_zero = table[i].empty_is_zero };
        g_autoptr(Indicator) indicator = indicator_new(&def, schema, NULL);
        g_assert_cmpint(indicator_result(indicator, table[i].sum, &out), ==, table[i].has);
        g_assert_cmpfloat(out, ==, table[i].want);
    }
}

static void an_exclusion_takes_a_fact_out_once_by_the_first_reason(void)
{
    static const IndicatorExclusion excluded[] = { { "test", "to_state = 'test'" },
                                                   { "quick", "minutes < 2" } };
    static const struct {
        const char *name, *to;
        gint64 minutes;
        const char *why;
        IndicatorDelta want;
    } table[] = {
        { "counted", "here", 5, NULL, { 1, 1, 0, 0 } },
        { "the second reason", "here", 1, "quick", { 0, 0, 0, 1 } },
        { "both: the first, once", "test", 1, "test", { 0, 0, 0, 1 } },
        { "not known: left out, not excluded", "here", -1, NULL, { 0, 0, 1, 0 } },
        { "excluded before it is judged", "test", -1, "test", { 0, 0, 0, 1 } },
    };
    g_autoptr(RuleSchema) schema = schema_new();
    IndicatorDef def = { .id = "x",
                         .kind = INDICATOR_RATIO,
                         .num = "minutes <= 12",
                         .den = "true",
                         .excluded = excluded,
                         .n_excluded = G_N_ELEMENTS(excluded) };
    g_autoptr(Indicator) indicator = indicator_new(&def, schema, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        RuleValue row[N_COLUMNS];
        IndicatorDelta delta;
        g_test_message("%s", table[i].name);
        fill(row, table[i].to, table[i].minutes, 3);
        g_assert_true(indicator_weigh(indicator, row, &delta));
        g_assert_cmpmem(&delta, sizeof delta, &table[i].want, sizeof delta);
        g_assert_cmpstr(indicator_excludes(indicator, row), ==, table[i].why);
    }
}

static void a_percentile_is_a_value_that_was_seen(void)
{
    static const struct {
        const char *name;
        int percentile;
        IndicatorSeen seen[4];
        gboolean has;
        double want;
    } table[] = {
        { "of nothing", 50, { { 0 } }, FALSE, -1 },
        { "of one", 50, { { 7, 1 } }, TRUE, 7 },
        { "the middle of three", 50, { { 1, 1 }, { 5, 1 }, { 9, 1 } }, TRUE, 5 },
        { "the lower middle of two", 50, { { 1, 1 }, { 9, 1 } }, TRUE, 1 },
        { "weighed by how often", 50, { { 1, 1 }, { 5, 8 }, { 9, 1 } }, TRUE, 5 },
        { "nine tenths of ten", 90, { { 1, 9 }, { 30, 1 } }, TRUE, 1 },
        { "nine tenths of eleven", 90, { { 1, 9 }, { 30, 2 } }, TRUE, 30 },
        { "below zero", 1, { { -4, 99 }, { 3, 1 } }, TRUE, -4 },
    };
    g_autoptr(RuleSchema) schema = schema_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        IndicatorDef def = {
            .id = "p", .kind = INDICATOR_PERCENTILE, .num = "minutes", .percentile = table[i].percentile
        };
        g_autoptr(Indicator) indicator = indicator_new(&def, schema, NULL);
        double out = -1;
        gsize n = 0;
        while (n < 4 && table[i].seen[n].n)
            n++;
        g_test_message("%s", table[i].name);
        g_assert_cmpint(indicator_rank(indicator, table[i].seen, n, &out), ==, table[i].has);
        g_assert_cmpfloat(out, ==, table[i].want);
    }
}

/* ---- any order ---- */

enum { FACTS = 3000, GROUPS = 5 };

static const IndicatorDef praised = {
    .id = "praised in time",
    .kind = INDICATOR_RATIO,
    .when = "to_state = 'closed'",
    .num = "minutes <= 60 AND rating >= 4 AND minutes + rating IS NOT NULL",
    .den = "minutes * 0 + rating <> 0",
};

typedef struct {
    int group;
    gint64 at, minutes, rating; /* below zero: not known */
    const char *to;
} Fact;

static char *cell_of(const Fact *fact)
{
    char period[11];
    indicator_period(INDICATOR_MONTH, fact->at, BASE_CHINA_OFFSET, period);
    return g_strdup_printf("%s/%d", period, fact->group);
}

static void put(GHashTable *cells, const char *cell, IndicatorDelta delta)
{
    IndicatorDelta *sum = g_hash_table_lookup(cells, cell);
    if (!sum) {
        sum = g_new0(IndicatorDelta, 1);
        g_hash_table_insert(cells, g_strdup(cell), sum);
    }
    indicator_add(sum, delta);
}

static GHashTable *cells_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void weigh_into(GHashTable *cells, const Indicator *indicator, const Fact *fact)
{
    RuleValue row[N_COLUMNS];
    IndicatorDelta delta;
    g_autofree char *cell = cell_of(fact);
    fill(row, fact->to, fact->minutes, fact->rating);
    if (indicator_weigh(indicator, row, &delta)) put(cells, cell, delta);
}

/* The slow oracle: one cell at a time, in C, from the facts as they were made. */
static IndicatorDelta oracle(const Fact *facts, const char *cell)
{
    IndicatorDelta sum = { 0 };
    for (int i = 0; i < FACTS; i++) {
        g_autofree char *own = cell_of(&facts[i]);
        const Fact *f = &facts[i];
        if (!g_str_equal(own, cell) || g_strcmp0(f->to, "closed") != 0) continue;
        if (f->minutes < 0 || f->rating < 0)
            sum.left_out++;
        else {
            sum.num += f->minutes <= 60 && f->rating >= 4;
            sum.den += f->rating != 0;
        }
    }
    return sum;
}

static void random_facts(GRand *rand, Fact *facts)
{
    for (int i = 0; i < FACTS; i++)
        facts[i] =
            (Fact){ .group = g_rand_int_range(rand, 0, GROUPS),
                    .at = (gint64)g_rand_int_range(rand, 0, 200) * BASE_DAY + g_rand_int(rand) % BASE_DAY,
                    .minutes = g_rand_int_range(rand, -20, 120),
                    .rating = g_rand_int_range(rand, -1, 6),
                    .to = g_rand_boolean(rand)   ? "closed"
                          : g_rand_boolean(rand) ? "open"
                                                 : NULL };
}

static void shuffle(GRand *rand, Fact *facts)
{
    for (int i = FACTS - 1; i > 0; i--) {
        int other = g_rand_int_range(rand, 0, i + 1);
        Fact kept = facts[i];
        facts[i] = facts[other];
        facts[other] = kept;
    }
}

/* Two halves summed apart, then together. */
static GHashTable *in_parts(const Indicator *indicator, const Fact *facts, int cut)
{
    GHashTable *cells = cells_new();
    g_autoptr(GHashTable) rest = cells_new();
    GHashTableIter iter;
    gpointer cell, sum;
    for (int i = 0; i < FACTS; i++)
        weigh_into(i < cut ? cells : rest, indicator, &facts[i]);
    g_hash_table_iter_init(&iter, rest);
    while (g_hash_table_iter_next(&iter, &cell, &sum))
        put(cells, cell, *(IndicatorDelta *)sum);
    return cells;
}

static void the_same_facts_in_any_order_give_the_same_bits(void)
{
    guint32 seed = g_test_rand_int();
    g_test_message("seed %u", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autoptr(RuleSchema) schema = schema_new();
    g_autofree Fact *facts = g_new(Fact, FACTS);
    /* rating 0 stands for "answered without a mark": judged, yet not in the denominator */
    g_autoptr(Indicator) indicator = indicator_new(&praised, schema, NULL);
    random_facts(rand, facts);
    for (int round = 0; round < 5; round++) {
        g_autoptr(GHashTable) cells = in_parts(indicator, facts, g_rand_int_range(rand, 0, FACTS));
        GHashTableIter iter;
        gpointer cell, sum;
        g_hash_table_iter_init(&iter, cells);
        g_assert_cmpuint(g_hash_table_size(cells), >, GROUPS);
        while (g_hash_table_iter_next(&iter, &cell, &sum)) {
            IndicatorDelta want = oracle(facts, cell);
            g_assert_cmpmem(sum, sizeof want, &want, sizeof want);
        }
        shuffle(rand, facts);
    }
}

static void a_sum_beyond_64_bits_is_still_the_same_in_any_order(void)
{
    const IndicatorDelta a = { G_MAXINT64, 1, 0 }, b = { 5, 1, 0 }, c = { -9, 1, 0 };
    IndicatorDelta forth = { 0 }, back = { 0 };
    indicator_add(&forth, a);
    indicator_add(&forth, b);
    indicator_add(&forth, c);
    indicator_add(&back, c);
    indicator_add(&back, b);
    indicator_add(&back, a);
    g_assert_cmpmem(&forth, sizeof forth, &back, sizeof back);
    g_assert_cmpint(forth.num, ==, G_MAXINT64 - 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indicator/a_fact_adds_what_it_says", a_fact_adds_what_it_says);
    g_test_add_func("/indicator/a_definition_that_cannot_add_up_is_refused",
                    a_definition_that_cannot_add_up_is_refused);
    g_test_add_func("/indicator/an_empty_denominator_has_no_result", an_empty_denominator_has_no_result);
    g_test_add_func("/indicator/an_exclusion_takes_a_fact_out_once_by_the_first_reason",
                    an_exclusion_takes_a_fact_out_once_by_the_first_reason);
    g_test_add_func("/indicator/a_percentile_is_a_value_that_was_seen",
                    a_percentile_is_a_value_that_was_seen);
    g_test_add_func("/indicator/the_same_facts_in_any_order_give_the_same_bits",
                    the_same_facts_in_any_order_give_the_same_bits);
    g_test_add_func("/indicator/a_sum_beyond_64_bits_is_still_the_same_in_any_order",
                    a_sum_beyond_64_bits_is_still_the_same_in_any_order);
    return g_test_run();
}
