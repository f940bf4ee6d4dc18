/* Rows and JSON objects become signals; an event's fields are checked and split. */
#include "base/csv.h"
#include "pack/pack.h"
#include <gio/gio.h>
#include <math.h>
#include <string.h>

static Pack *shipped(const char *id)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "packs", id, NULL);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

/* ---- one row ---- */
static PackBinding *bind(const Pack *pack, const char *mapping, const char *header, GError **error)
{
    g_auto(GStrv) columns = g_strsplit(header, ",", -1);
    return pack_bind(pack, pack_mapping(pack, mapping), columns, g_strv_length(columns), error);
}

static gboolean take(const PackBinding *binding, const char *row, PackSignal *out, GError **error)
{
    g_auto(GStrv) fields = g_strsplit(row, ",", -1);
    return pack_bind_row(binding, fields, g_strv_length(fields), 0, out, error);
}

#define DEMO "at,channel,caller_name,caller_phone,category,place,lat,lon,area,text"

static const char *code(const PackSignal *signal, const char *field)
{
    return json_string_value(json_object_get(signal->open, field));
}

static void a_row_becomes_a_signal(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(GError) error = NULL;
    g_autoptr(PackBinding) binding = bind(pack, "demo", DEMO, &error);
    g_assert_no_error(error);
    PackSignal signal;
    g_assert_true(take(binding,
                       "2026-11-23 09:05:10,phone,张三,12000000001, fire ,梧桐路,30.5,114.25,A1,厨房起火",
                       &signal, &error));
    g_assert_cmpstr(signal.channel, ==, "phone");
    g_assert_null(signal.ref);
    g_assert_cmpstr(signal.title, ==, "火灾");
    g_assert_cmpstr(signal.org, ==, "FIRE");
    g_assert_cmpstr(signal.area, ==, "A1");
    g_assert_cmpstr(signal.place, ==, "梧桐路");
    g_assert_cmpint(signal.level, ==, 1);
    g_assert_cmpint(signal.at, ==, G_GINT64_CONSTANT(1795395910000));
    g_assert_cmpfloat(signal.lat, ==, 30.5);
    g_assert_cmpstr(code(&signal, "skill"), ==, "fire");
    g_assert_cmpstr(json_string_value(json_object_get(signal.private_facts, "caller_name")), ==, "张三");
    g_assert_null(json_object_get(signal.open, "caller_name"));
    pack_signal_clear(&signal);
}

static void a_row_that_does_not_fit_is_refused_without_its_value(void)
{
    static const struct {
        const char *name, *row, *what;
    } table[] = {
        /* clang-format off */
        { "too few fields",  "2026-11-23 09:05,phone", "2 fields, the header 10" },
        { "no time",         ",phone,,,fire,,,,,", "column 'at': empty" },
        { "not a time",      "soon secret,phone,,,fire,,,,,", "column 'at': not a time" },
        { "not a code",      "2026-11-23 09:05,phone,,,secret,,,,,", "column 'category': field 'category' is not a code of list" },
        { "no category",     "2026-11-23 09:05,phone,,, ,,,,,", "column 'category': empty" },
        { "a phone too long", "2026-11-23 09:05,phone,,secret4567890123456789012345678901,fire,,,,,", "longer than 30" },
        /* clang-format on */
    };
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(PackBinding) binding = bind(pack, "demo", DEMO, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        PackSignal signal = { .level = 77 };
        g_test_message("%s", table[i].name);
        g_assert_false(take(binding, table[i].row, &signal, &error));
        g_assert_nonnull(strstr(error->message, table[i].what));
        g_assert_null(strstr(error->message, "secret"));
        g_assert_cmpint(signal.level, ==, 77);
    }
}

static void wild_coordinates_are_unknown_and_the_row_is_kept(void)
{
    static const char *const rows[] = { "0,0", "91,10", "30,181", "x,114", ",114", "nan,114", "1e999,1" };
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(PackBinding) binding = bind(pack, "demo", DEMO, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *row = g_strdup_printf("2026-11-23 09:05,phone,,,fire,,%s,A1,", rows[i]);
        PackSignal signal;
        g_test_message("%s", rows[i]);
        g_assert_true(take(binding, row, &signal, NULL));
        g_assert_true(isnan(signal.lat) && isnan(signal.lon));
        pack_signal_clear(&signal);
    }
}

static void columns_may_stand_in_any_order_and_case(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(GError) error = NULL;
    g_autoptr(PackBinding) binding = bind(
        pack, "demo", "extra, AREA ,text,lon,lat,place,category,caller_phone,caller_name,channel,at", &error);
    g_assert_no_error(error);
    PackSignal signal;
    g_assert_true(take(binding, "?,A3,,,,,theft,,,,2026-11-23 09:05", &signal, &error));
    g_assert_cmpstr(signal.org, ==, "PS-A3");
    g_assert_cmpstr(signal.channel, ==, "call");
    pack_signal_clear(&signal);
}

static void a_table_of_another_kind_names_what_is_missing(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(GError) error = NULL;
    g_assert_null(bind(pack, "montco911", "lat,lng,title", &error));
    g_assert_error(error, PACK_ERROR, PACK_ERROR_MEANING);
    g_assert_nonnull(
        strstr(error->message, "missing columns: timeStamp, addr, twp, desc; found: lat, lng, title"));
}

static void a_table_without_a_header_is_not_said_back(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(GError) error = NULL;
    g_assert_null(bind(pack, "montco911", "12900004711,lat,张三", &error));
    g_assert_nonnull(
        strstr(error->message, "missing columns: timeStamp, title, addr, twp, lng, desc; found: lat"));
    g_assert_null(strstr(error->message, "4711"));
    g_clear_error(&error);
    g_assert_null(bind(pack, "montco911", "12900004711,张三", &error));
    g_assert_nonnull(strstr(error->message, "found: none; is its first line the header?"));
    g_assert_null(strstr(error->message, "张三"));
}

/* ---- JSON ---- */
static gboolean map(const Pack *pack, const char *text, PackSignal *out, GError **error)
{
    json_t *object = json_loads(text, 0, NULL);
    const gboolean ok = pack_map_json(pack, pack_mapping(pack, "json"), object, 5000, out, error);
    json_decref(object);
    return ok;
}

static void a_form_becomes_a_signal(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_autoptr(GError) error = NULL;
    PackSignal signal;
    g_assert_true(map(pack,
                      "{\"category\":\"nuisance\",\"injured\":2,\"lat\":30.25,\"lon\":114,\"text\":\"很吵\","
                      "\"place\":null}",
                      &signal, &error));
    g_assert_cmpint(signal.at, ==, 5000);
    g_assert_null(signal.ref);
    g_assert_cmpint(signal.level, ==, 4);
    g_assert_cmpint(json_integer_value(json_object_get(signal.open, "injured")), ==, 2);
    g_assert_cmpstr(json_string_value(json_object_get(signal.private_facts, "description")), ==, "很吵");
    g_assert_cmpfloat(signal.lon, ==, 114);
    pack_signal_clear(&signal);
}

static void a_form_that_does_not_fit_is_refused(void)
{
    static const struct {
        const char *name, *json, *what;
    } table[] = {
        /* clang-format off */
        { "unknown key",   "{\"category\":\"fire\",\"colour\":1}", "key 'colour' is not one of mapping 'json'" },
        { "a list",        "{\"category\":[\"fire\"]}", "must hold one value" },
        { "nothing",       "{}", "column 'category'" },
        { "not an object", "[1]", "one JSON object" },
        { "out of range",  "{\"category\":\"fire\",\"injured\":-1}", "out of range" },
        { "not a number",  "{\"category\":\"fire\",\"injured\":\"many\"}", "not an integer" },
        /* clang-format on */
    };
    g_autoptr(Pack) pack = shipped("incident");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        PackSignal signal;
        g_test_message("%s", table[i].name);
        g_assert_false(map(pack, table[i].json, &signal, &error));
        g_assert_nonnull(strstr(error->message, table[i].what));
    }
}

/* ---- fields of events ---- */
static void fields_are_checked_and_split(void)
{
    static const struct {
        const char *json, *open, *hidden, *refused;
    } table[] = {
        /* clang-format off */
        { "{}", "{}", "{}", NULL },
        { "{\"result\":\"handled\",\"report_text\":\"已处置\"}", "{\"result\":\"handled\"}", "{\"report_text\":\"已处置\"}", NULL },
        { "{\"rating\":5,\"rating_text\":null}", "{\"rating\":5}", "{}", NULL },
        { "{\"rating\":6}", NULL, NULL, "field 'rating' is out of range, 1 to 5" },
        { "{\"rating\":\"5\"}", NULL, NULL, "field 'rating' must be an integer" },
        { "{\"rating\":4.5}", NULL, NULL, "field 'rating' must be an integer" },
        { "{\"result\":\"perfect\"}", NULL, NULL, "field 'result' is not a code of list 'result'" },
        { "{\"result\":7}", NULL, NULL, "field 'result' must be a text" },
        { "{\"result\":\"a\\u0000b\"}", NULL, NULL, "field 'result' must be a text" },
        { "{\"resalt\":\"handled\"}", NULL, NULL, "unknown field 'resalt'" },
        /* clang-format on */
    };
    g_autoptr(Pack) pack = shipped("incident");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        json_t *fields = json_loads(table[i].json, JSON_ALLOW_NUL, NULL), *open = NULL, *hidden = NULL;
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].json);
        if (pack_take_fields(pack, fields, &open, &hidden, &error)) {
            char *o = json_dumps(open, JSON_COMPACT), *h = json_dumps(hidden, JSON_COMPACT);
            g_assert_cmpstr(o, ==, table[i].open);
            g_assert_cmpstr(h, ==, table[i].hidden);
            free(o);
            free(h);
        } else {
            g_assert_cmpstr(table[i].open, ==, NULL);
            g_assert_nonnull(strstr(error->message, table[i].refused));
            g_assert_null(open);
        }
        json_decref(fields);
        json_decref(open);
        json_decref(hidden);
    }
}

/* ---- the real tables ---- */
typedef struct {
    guint rows, refused, placed, other;
    GHashTable *orgs;
} Tally;

static void tally_row(const PackBinding *binding, char **fields, gsize n, gsize line, Tally *tally)
{
    PackSignal signal;
    g_autoptr(GError) error = NULL;
    tally->rows++;
    if (!pack_bind_row(binding, fields, n, 0, &signal, &error)) {
        g_test_message("line %zu: %s", line, error->message);
        tally->refused++;
        return;
    }
    tally->placed += !isnan(signal.lat);
    tally->other += g_strcmp0(code(&signal, "category"), "other") == 0;
    g_assert_nonnull(code(&signal, "category"));
    g_hash_table_add(tally->orgs, g_strdup(signal.org));
    pack_signal_clear(&signal);
}

static void tally_table(const Pack *pack, const char *mapping, const char *bytes, gsize length, Tally *tally)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseCsv) csv = base_csv_new((const guint8 *)bytes, length, NULL, BASE_CSV_LIMITS, &error);
    g_assert_no_error(error);
    char **fields;
    gsize n;
    const char *why;
    g_assert_cmpint(base_csv_next(csv, &fields, &n, &why, &error), ==, BASE_CSV_ROW);
    g_autoptr(PackBinding) binding = pack_bind(pack, pack_mapping(pack, mapping), fields, n, &error);
    g_assert_no_error(error);
    while (base_csv_next(csv, &fields, &n, &why, &error) == BASE_CSV_ROW) {
        tally_row(binding, fields, n, base_csv_line(csv), tally);
    }
    g_assert_no_error(error);
}

static gboolean unpack(const char *path, char **bytes, gsize *length)
{
    const char *shared = g_getenv("SHARED");
    g_autofree char *file = g_build_filename(shared ? shared : "../shared", "data/dispatch", path, NULL);
    g_autofree char *zstd = g_find_program_in_path("zstd");
    if (!g_file_test(file, G_FILE_TEST_EXISTS) || !zstd) {
        g_test_skip("the shared data (or zstd) is absent");
        return FALSE;
    }
    g_autoptr(GSubprocess) process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "zstd", "-dc", file, NULL);
    g_autoptr(GBytes) out = NULL;
    g_assert_true(g_subprocess_communicate(process, NULL, NULL, &out, NULL, NULL));
    *bytes = g_bytes_unref_to_data(g_steal_pointer(&out), length);
    return TRUE;
}

static void real_tables_are_taken_whole(void)
{
    static const struct {
        const char *pack, *mapping, *path;
        guint rows, refused, placed, most_other, orgs;
    } table[] = {
        /* clang-format off */
        { "incident", "montco911", "calls911/montco_911_2015-12_2016-04.csv.zst", 55068, 0, 55068, 160, 3 },
        { "workorder", "nyc311", "nyc311/nyc311_sample_dev.csv.zst", 4628, 0, 4532, 80, 19 },
        { "workorder", "nyc311", "nyc311/nyc311_2025-03-24_236rows.csv.zst", 235, 0, 232, 15, 12 },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *bytes = NULL;
        gsize length;
        if (!unpack(table[i].path, &bytes, &length)) {
            return;
        }
        g_autoptr(Pack) pack = shipped(table[i].pack);
        Tally tally = { .orgs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
        const gint64 start = g_get_monotonic_time();
        tally_table(pack, table[i].mapping, bytes, length, &tally);
        g_test_message("%s: %u rows, %u refused, %u placed, %u other, %u orgs, %.0f rows/s", table[i].path,
                       tally.rows, tally.refused, tally.placed, tally.other, g_hash_table_size(tally.orgs),
                       1e6 * tally.rows / (double)(g_get_monotonic_time() - start));
        g_assert_cmpuint(tally.rows, ==, table[i].rows);
        g_assert_cmpuint(tally.refused, ==, table[i].refused);
        g_assert_cmpuint(tally.placed, ==, table[i].placed);
        g_assert_cmpuint(tally.other, <=, table[i].most_other);
        g_assert_cmpuint(g_hash_table_size(tally.orgs), ==, table[i].orgs);
        g_hash_table_unref(tally.orgs);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/bind/a_row_becomes_a_signal", a_row_becomes_a_signal);
    g_test_add_func("/pack/bind/a_row_that_does_not_fit_is_refused_without_its_value",
                    a_row_that_does_not_fit_is_refused_without_its_value);
    g_test_add_func("/pack/bind/wild_coordinates_are_unknown_and_the_row_is_kept",
                    wild_coordinates_are_unknown_and_the_row_is_kept);
    g_test_add_func("/pack/bind/columns_may_stand_in_any_order_and_case",
                    columns_may_stand_in_any_order_and_case);
    g_test_add_func("/pack/bind/a_table_of_another_kind_names_what_is_missing",
                    a_table_of_another_kind_names_what_is_missing);
    g_test_add_func("/pack/bind/a_table_without_a_header_is_not_said_back",
                    a_table_without_a_header_is_not_said_back);
    g_test_add_func("/pack/bind/a_form_becomes_a_signal", a_form_becomes_a_signal);
    g_test_add_func("/pack/bind/a_form_that_does_not_fit_is_refused", a_form_that_does_not_fit_is_refused);
    g_test_add_func("/pack/bind/fields_are_checked_and_split", fields_are_checked_and_split);
    g_test_add_func("/pack/bind/real_tables_are_taken_whole", real_tables_are_taken_whole);
    return g_test_run();
}
