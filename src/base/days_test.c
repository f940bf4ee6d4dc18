/* days_test.c - notices are read, laid over one another, and refused where they make no sense. */
#include "base/calendar.h"
#include <string.h>

static const BaseShift office[] = { { 510, 720 }, { 810, 1050 } };

static gint32 day_of(const char *date)
{
    gint32 day;
    g_assert_true(base_day_parse(date, &day));
    return day;
}

static BaseDays *read_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    BaseDays *days = base_days_read(text, strlen(text), &error);
    g_assert_no_error(error);
    return days;
}

#define YEAR_2027                                                                                            \
    "2027-01-01\toff\t元旦\t2027\n2027-02-05\toff\t春节\t2027\n2027-02-08\toff\t春节\t2027\n"          \
    "2027-02-09\toff\t春节\t2027\n2027-02-10\toff\t春节\t2027\n2027-02-11\toff\t春节\t2027\n"          \
    "2027-02-14\twork\t春节\t2027\n2027-10-01\toff\t国庆节\t2027\n2026-12-27\twork\t元旦\t2027\n"

static void a_notice_publishes_its_year_and_says_its_days(void)
{
    g_autoptr(BaseDays) notice = read_text("# 2027\n" YEAR_2027), days = NULL;
    days = base_days_over(base_days_built_in(), notice);
    g_assert_cmpint(base_days_last_published(base_days_built_in()), ==, 2026);
    g_assert_cmpint(base_days_last_published(days), ==, 2027);
    g_assert_false(base_days_work(days, NULL, day_of("2027-02-08")));
    g_assert_true(base_days_work(days, NULL, day_of("2027-02-14")));
    g_assert_true(base_days_work(days, NULL, day_of("2026-12-27")));
    g_assert_true(base_days_work(days, NULL, day_of("2027-02-12")));
    g_autoptr(GArray) differ = base_days_differ(base_days_built_in(), days, NULL);
    g_assert_cmpuint(differ->len, ==, 9);
    g_assert_cmpint(g_array_index(differ, gint32, 0), ==, day_of("2026-12-27"));
}

static void an_amended_notice_replaces_the_whole_year_and_nothing_else(void)
{
    g_autoptr(BaseDays) first = read_text(YEAR_2027), second = NULL, one = NULL, both = NULL;
    g_autofree char *amended = g_strconcat(YEAR_2027, "2027-02-12\toff\t春节延长\t2027\n", NULL);
    char *gone = strstr(amended, "2027-02-14");
    memmove(gone, strchr(gone, '\n') + 1, strlen(strchr(gone, '\n') + 1) + 1);
    second = read_text(amended);
    one = base_days_over(base_days_built_in(), first);
    both = base_days_over(one, second);
    g_assert_false(base_days_work(both, NULL, day_of("2027-02-12")));
    g_assert_false(base_days_work(both, NULL, day_of("2027-02-14"))); /* a Sunday again */
    g_assert_false(base_days_work(both, NULL, day_of("2026-10-01")));
    g_autoptr(GArray) differ = base_days_differ(one, both, NULL);
    g_assert_cmpuint(differ->len, ==, 2);
}

static void a_day_for_one_calendar_is_no_day_for_another(void)
{
    g_autoptr(BaseDays) move = read_text("2026-12-01\toff\t搬迁\t\tregistry\n"), days = NULL;
    days = base_days_over(base_days_built_in(), move);
    g_assert_false(base_days_work(days, "registry", day_of("2026-12-01")));
    g_assert_true(base_days_work(days, "city-office", day_of("2026-12-01")));
    g_autoptr(BaseCalendar) registry = base_calendar_new("registry", office, 2, BASE_CHINA_OFFSET);
    g_autoptr(BaseCalendar) city = base_calendar_new("city-office", office, 2, BASE_CHINA_OFFSET);
    gint64 noon = day_of("2026-12-01") * BASE_DAY + BASE_HOUR;
    g_assert_true(base_calendar_works(registry, noon));
    base_calendar_set_days(registry, days);
    base_calendar_set_days(city, days);
    g_assert_false(base_calendar_works(registry, noon));
    g_assert_true(base_calendar_works(city, noon));
}

static void what_is_no_notice_is_refused_with_its_place(void)
{
    static const struct {
        const char *name, *text, *why;
    } table[] = {
        /* clang-format off */
        { "nothing",          "# only a remark\n",                               "1:1: there is no day" },
        { "no date",          "2027-02-30\toff\tx\n",                            "1:1: the date is written" },
        { "short date",       "2027-2-3\toff\tx\n",                              "1:1: the date is written" },
        { "no kind",          "2027-02-03\tfree\tx\n",                           "1:1: the second column" },
        { "no name",          "2027-02-03\toff\t\n",                             "1:1: a day has a name" },
        { "two columns",      "#\n2027-02-03\toff\n",                            "2:1: wants 3 to 5 columns" },
        { "six columns",      "2027-02-03\toff\tx\t\ty\tz\n",                    "1:1: wants 3 to 5 columns" },
        { "no year",          "2027-02-03\toff\tx\t27\n",                        "1:1: the fourth column" },
        { "twice",            "2027-02-03\toff\tx\n2027-02-03\twork\tx\n",       "2:1: this day stands twice" },
        { "far from notice",  "2027-02-03\toff\tx\t2029\n",                      "1:1: the date lies more than" },
        { "both",             "2027-02-03\toff\tx\t2027\tregistry\n",            "1:1: a day of a notice is for" },
        { "one day a year",   "2027-02-03\toff\tx\t2027\n",                      "the notice of 2027 would have only 1" },
        { "an empty year",    "{\"year\": 2027, \"days\": []}",                  "its notice is not out yet" },
        { "no year's file",   "{\"days\": []}",                                  "a year's file has" },
        { "no boolean",       "{\"year\": 2027, \"days\": [{\"name\": \"x\", \"date\": \"2027-01-01\", \"isOffDay\": 1}]}", "days[0]: \"isOffDay\"" },
        { "broken JSON",      "{\"year\": 2027,",                                "1:" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        g_assert_null(base_days_read(table[i].text, strlen(table[i].text), &error));
        g_assert_nonnull(strstr(error->message, table[i].why));
    }
}

static void the_ledgers_form_gives_the_same_days_back(void)
{
    g_autoptr(BaseDays) notice = read_text(YEAR_2027 "2026-12-01\toff\t搬迁\t\tregistry\n");
    g_autoptr(GString) text = g_string_new(NULL), again_text = g_string_new(NULL);
    BaseJson j = base_json_to(text), k = base_json_to(again_text);
    base_days_write(notice, &j);
    json_t *body = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, NULL);
    g_autoptr(BaseDays) again = base_days_take(body, NULL);
    json_decref(body);
    g_assert_nonnull(again);
    base_days_write(again, &k);
    g_assert_cmpstr(text->str, ==, again_text->str);
}

static void the_files_of_holiday_cn_say_what_is_built_in(void)
{
    const char *shared = g_getenv("SHARED");
    for (int year = 2007; year <= 2026; year++) {
        g_autofree char *file = g_strdup_printf("%d.json", year), *text = NULL;
        g_autofree char *path =
            g_build_filename(shared ? shared : "../shared", "data", "calendar", "holiday-cn", file, NULL);
        gsize length;
        if (!g_file_get_contents(path, &text, &length, NULL)) {
            g_test_skip("the shared calendar data are not here");
            return;
        }
        g_autoptr(GError) error = NULL;
        g_autoptr(BaseDays) notice = base_days_read(text, length, &error), days = NULL;
        g_assert_no_error(error);
        days = base_days_over(base_days_built_in(), notice);
        g_autoptr(GArray) differ = base_days_differ(base_days_built_in(), days, NULL);
        g_assert_cmpuint(differ->len, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/days/a_notice_publishes_its_year_and_says_its_days",
                    a_notice_publishes_its_year_and_says_its_days);
    g_test_add_func("/days/an_amended_notice_replaces_the_whole_year_and_nothing_else",
                    an_amended_notice_replaces_the_whole_year_and_nothing_else);
    g_test_add_func("/days/a_day_for_one_calendar_is_no_day_for_another",
                    a_day_for_one_calendar_is_no_day_for_another);
    g_test_add_func("/days/what_is_no_notice_is_refused_with_its_place",
                    what_is_no_notice_is_refused_with_its_place);
    g_test_add_func("/days/the_ledgers_form_gives_the_same_days_back",
                    the_ledgers_form_gives_the_same_days_back);
    g_test_add_func("/days/the_files_of_holiday_cn_say_what_is_built_in",
                    the_files_of_holiday_cn_say_what_is_built_in);
    return g_test_run();
}
