/* report_test.c - editions: frozen once, corrected by a further one, made again from the ledger bit for bit.
 */
#include "loop/case/town_for_test.h"
#include "loop/measure/report.h"
#include <math.h>

#define PACK "src/loop/case/pack_for_test"

typedef struct {
    const char *period, *why;
    gint64 edition;
    gboolean then_fail;
} Freeze;

static gboolean freeze_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    Freeze *f = data;
    MeasureFreeze freeze = { .pack = "errand",
                             .report = "monthly",
                             .period = f->period,
                             .why = f->why,
                             .actor = "boss",
                             .now = town->now };
    if (!measure_report_freeze(town->room, conn, &freeze, &f->edition, error)) return FALSE;
    if (f->then_fail) g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "killed");
    return !f->then_fail;
}

static int freeze(Town *town, const char *period, const char *why)
{
    Freeze f = { .period = period, .why = why };
    g_autoptr(GError) error = NULL;
    if (town_write(town, freeze_job, &f, &error)) return (int)f.edition;
    g_assert_cmpuint(error->domain, ==, REPORT_ERROR);
    return -1 - error->code;
}

static void open_bureau(Town *town, guint64 seed)
{
    town_open(town, seed, PACK);
    town_stand_in(town);
    measure_enrol(town->room);
}

static json_t *get(Town *town, const char *period, gint64 edition)
{
    g_autoptr(StoreConn) conn = store_read_begin(town->store, NULL);
    json_t *body = measure_report_get(town->room, conn, "errand", "monthly", period, edition, NULL);
    g_assert_nonnull(body);
    return body;
}

static const json_t *value(const json_t *body, gsize section, const char *id, const char *group)
{
    const json_t *values =
        json_object_get(json_array_get(json_object_get(body, "sections"), section), "values");
    for (gsize i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i);
        if (!strcmp(json_string_value(json_object_get(v, "id")), id) &&
            !strcmp(json_string_value(json_object_get(v, "group")), group))
            return v;
    }
    return NULL;
}

static gint64 num(const json_t *v)
{
    return (gint64)json_integer_value(json_object_get(v, "num"));
}

static void an_edition_never_changes_and_a_correction_names_it(void)
{
    Town town;
    open_bureau(&town, 4);
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    json_t *first = get(&town, "2026-11", 1);
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, -1 - REPORT_ERROR_UNCHANGED);
    g_assert_cmpint(freeze(&town, "2026-11", "again"), ==, -1 - REPORT_ERROR_UNCHANGED);
    town_signal(&town, "water", "plumbing");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, -1 - REPORT_ERROR_REASON);
    g_assert_cmpint(freeze(&town, "2026-11", ""), ==, -1 - REPORT_ERROR_REASON);
    g_assert_cmpint(freeze(&town, "2026-11", "one came late"), ==, 2);
    json_t *again = get(&town, "2026-11", 1), *second = get(&town, "2026-11", 0);
    g_assert_true(json_is_true(json_object_get(first, "last")) &&
                  json_is_false(json_object_get(again, "last")));
    json_object_del(first, "last");
    json_object_del(again, "last");
    g_assert_true(json_equal(first, again));
    const json_t *corrects = json_object_get(second, "corrects"),
                 *differences = json_object_get(corrects, "differences");
    g_assert_cmpint(json_integer_value(json_object_get(corrects, "edition")), ==, 1);
    g_assert_cmpstr(json_string_value(json_object_get(corrects, "why")), ==, "one came late");
    g_assert_cmpuint(json_array_size(differences), >, 0);
    g_assert_cmpint(num(json_object_get(json_array_get(differences, 0), "was")), ==, 1);
    g_assert_cmpint(num(json_object_get(json_array_get(differences, 0), "is")), ==, 2);
    g_assert_cmpint(num(value(first, 0, "arrived", "")), ==, 1);
    g_assert_cmpint(num(value(second, 0, "arrived", "")), ==, 2);
    g_assert_true(json_is_false(json_object_get(second, "ended")));
    json_decref(first);
    json_decref(again);
    json_decref(second);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static json_t *check(Town *town, const char *period, gint64 edition)
{
    g_autoptr(StoreConn) conn = store_read_begin(town->store, NULL);
    g_autoptr(GError) error = NULL;
    json_t *found = measure_report_check(town->room, conn, "errand", "monthly", period, edition, &error);
    g_assert_no_error(error);
    return found;
}

/* How many of the editions the lines of the events up to each give again, to the byte. */
static int same(Town *town, const char *period, int editions)
{
    int n = 0;
    for (int edition = 1; edition <= editions; edition++) {
        json_t *found = check(town, period, edition);
        n += json_is_true(json_object_get(found, "same"));
        json_decref(found);
    }
    return n;
}

static void editions_are_made_again_from_the_ledger_bit_for_bit(void)
{
    for (guint64 seed = 1; seed <= 6; seed++) {
        Town town;
        open_bureau(&town, seed);
        int november = 0, december = 0;
        for (int i = 0; i < 6; i++) {
            town_live(&town, 40);
            november += freeze(&town, "2026-11", "more came in") > 0;
            december += freeze(&town, "2026-12", i % 2 ? "more came in" : NULL) > 0;
        }
        int editions = november + december;
        town_live(&town, 40);
        g_assert_cmpint(same(&town, "2026-11", november), ==, november);
        g_assert_cmpint(same(&town, "2026-12", december), ==, december);
        g_test_message("seed %" G_GUINT64_FORMAT ": %d editions", seed, editions);
        g_assert_cmpint(editions, >, 2);
        town_assert_rebuilt_equal(&town);
        g_autoptr(GError) error = NULL;
        g_assert_true(case_rebuild(town.room, NULL, NULL, &error));
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static gboolean forge_body(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    return store_run(conn, data, NULL, 0, error);
}

static guint differences(Town *town, const char *want)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(case_verify(town->room, NULL, NULL, list, NULL));
    guint n = 0;
    for (guint i = 0; i < list->len; i++)
        n += strstr(list->pdata[i], want) != NULL;
    return n;
}

/* A figure forged in the row, and a figure forged in the cells before it was frozen. */
static void a_forged_edition_is_found(void)
{
    Town town;
    open_bureau(&town, 4);
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    g_assert_cmpuint(differences(&town, "report "), ==, 0);
    g_assert_true(town_write(&town, forge_body,
                             (gpointer) "UPDATE report SET body = replace(body, '\"num\":1', '\"num\":9')",
                             NULL));
    g_assert_cmpuint(differences(&town, "report errand,monthly,2026-11,1: body"), ==, 1);
    json_t *body = get(&town, "2026-11", 1);
    g_assert_true(json_is_false(json_object_get(body, "sound")));
    json_decref(body);
    g_assert_true(town_write(&town, forge_body, (gpointer) "UPDATE cell SET num = num + 5", NULL));
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", "forged"), ==, 2);
    g_assert_cmpuint(differences(&town, "report errand,monthly,2026-11,2: digest"), ==, 1);
    town_close(&town);
}

/* What came later does not matter; what was done to a line before it does, and it is said which figure. */
static void an_edition_is_held_against_the_lines_before_it(void)
{
    Town town;
    open_bureau(&town, 4);
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    town_signal(&town, "water", "plumbing");
    g_assert_cmpint(freeze(&town, "2026-11", "one came late"), ==, 2);
    town_signal(&town, "water", "plumbing");
    g_assert_cmpint(same(&town, "2026-11", 2), ==, 2);
    gint64 size = town_number(&town, "SELECT body ->> 'size' FROM report WHERE edition = 1");
    g_autofree char *sql = g_strdup_printf(
        "UPDATE cell_event SET num = 9 WHERE indicator = 'arrived' AND seq > %" G_GINT64_FORMAT, size);
    g_assert_true(town_write(&town, forge_body, sql, NULL));
    g_assert_cmpint(same(&town, "2026-11", 1), ==, 1);
    json_t *second = check(&town, "2026-11", 2),
           *one = json_array_get(json_object_get(second, "differences"), 0);
    g_assert_true(json_is_false(json_object_get(second, "same")) &&
                  json_is_true(json_object_get(second, "sound")));
    g_assert_cmpstr(json_string_value(json_object_get(one, "id")), ==, "arrived");
    g_assert_cmpint(num(json_object_get(one, "was")), ==, 2);
    g_assert_cmpint(num(json_object_get(one, "is")), ==, 10);
    json_decref(second);
    town_close(&town);
}

static void what_fails_halfway_leaves_no_edition(void)
{
    Town town;
    open_bureau(&town, 4);
    town_signal(&town, "light", "electric");
    Freeze f = { .period = "2026-11", .then_fail = TRUE };
    gint64 before = town_number(&town, "SELECT count(*) FROM event");
    g_assert_false(town_write(&town, freeze_job, &f, NULL));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, before);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM report"), ==, 0);
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* Two people press the button: whoever comes second, in the order of the writer, is refused. */
static void of_two_the_second_is_refused(void)
{
    Town town;
    open_bureau(&town, 4);
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, -1 - REPORT_ERROR_UNCHANGED);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM report"), ==, 1);
    town_close(&town);
}

static void senseless_periods_are_refused(void)
{
    static const struct {
        const char *period;
        int code;
    } table[] = { { "2026", REPORT_ERROR_UNKNOWN },    { "2026-13", REPORT_ERROR_UNKNOWN },
                  { "2026-Q4", REPORT_ERROR_UNKNOWN }, { "", REPORT_ERROR_UNKNOWN },
                  { "2026-12", REPORT_ERROR_EARLY },   { "2027-11", REPORT_ERROR_EARLY } };
    Town town;
    open_bureau(&town, 4);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        g_assert_cmpint(freeze(&town, table[i].period, NULL), ==, -1 - table[i].code);
    town_close(&town);
}

/* An empty month, a month before the first, the last minute of a month in China. */
static void periods_end_where_the_day_ends_in_china(void)
{
    Town town;
    open_bureau(&town, 4);
    base_time_parse("2026-11-30 23:59", BASE_CHINA_OFFSET, &town.now);
    town_signal(&town, "light", "electric");
    town.now += BASE_MINUTE;
    town_signal(&town, "light", "electric");
    town_signal(&town, "light", "electric");
    g_assert_cmpint(freeze(&town, "2026-11", NULL), ==, 1);
    g_assert_cmpint(freeze(&town, "2026-12", NULL), ==, 1);
    g_assert_cmpint(freeze(&town, "2025-12", NULL), ==, 1);
    json_t *november = get(&town, "2026-11", 0), *december = get(&town, "2026-12", 0),
           *empty = get(&town, "2025-12", 0);
    g_assert_cmpint(num(value(november, 0, "arrived", "")), ==, 1);
    g_assert_cmpint(num(value(december, 0, "arrived", "")), ==, 2);
    g_assert_true(json_is_true(json_object_get(november, "ended")));
    g_assert_true(json_is_false(json_object_get(december, "ended")));
    g_assert_cmpfloat(json_number_value(json_object_get(value(december, 0, "arrived", ""), "before")), ==, 1);
    g_assert_null(json_object_get(value(december, 0, "arrived", ""), "year_before"));
    g_assert_null(json_object_get(value(empty, 0, "arrived", ""), "value"));
    g_assert_cmpstr(json_string_value(
                        json_object_get(json_array_get(json_object_get(december, "sections"), 0), "text_zh")),
                    ==, "2026-12受理 2 件，同比 —，上期 1 件；按时办结率 —。");
    json_decref(november);
    json_decref(december);
    json_decref(empty);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/an_edition_never_changes_and_a_correction_names_it",
                    an_edition_never_changes_and_a_correction_names_it);
    g_test_add_func("/report/editions_are_made_again_from_the_ledger_bit_for_bit",
                    editions_are_made_again_from_the_ledger_bit_for_bit);
    g_test_add_func("/report/a_forged_edition_is_found", a_forged_edition_is_found);
    g_test_add_func("/report/an_edition_is_held_against_the_lines_before_it",
                    an_edition_is_held_against_the_lines_before_it);
    g_test_add_func("/report/what_fails_halfway_leaves_no_edition", what_fails_halfway_leaves_no_edition);
    g_test_add_func("/report/of_two_the_second_is_refused", of_two_the_second_is_refused);
    g_test_add_func("/report/senseless_periods_are_refused", senseless_periods_are_refused);
    g_test_add_func("/report/periods_end_where_the_day_ends_in_china",
                    periods_end_where_the_day_ends_in_china);
    return g_test_run();
}
