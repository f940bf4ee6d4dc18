/* form_test.c - what fits and what does not, with the place and the reason; what no schema may be. */
#include "base/json.h"
#include "engine/form/form.h"
#include <string.h>

static json_t *json(const char *text)
{
    g_autoptr(GError) error = NULL;
    json_t *value = base_json_parse(text, strlen(text), BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    return value;
}

/* "at code rule; at code rule" */
static char *refusals_of(const char *schema_text, const char *instance_text)
{
    json_t *source = json(schema_text), *instance = json(instance_text);
    g_autoptr(GError) error = NULL;
    g_autoptr(FormSchema) schema = form_schema_new(source, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) refusals = form_refusals_new();
    GString *out = g_string_new(NULL);
    const gboolean fits = form_check(schema, instance, refusals);
    for (guint i = 0; i < refusals->len; i++) {
        const FormRefusal *r = refusals->pdata[i];
        g_string_append_printf(out, "%s%s %s%s%s", i ? "; " : "", r->at, form_code_name(r->code),
                               r->wanted ? " " : "", r->wanted ? r->wanted : "");
    }
    g_assert_true(fits == (out->len == 0));
    json_decref(source);
    json_decref(instance);
    return g_string_free(out, FALSE);
}

static void each_rule_refuses_at_its_place(void)
{
    static const struct {
        const char *schema, *instance, *want;
    } table[] = {
        /* clang-format off */
        { "true", "1", "" },
        { "false", "1", " never" },
        { "{\"type\":\"integer\"}", "1.0", "" },
        { "{\"type\":\"integer\"}", "1.5", " type integer" },
        { "{\"type\":[\"null\",\"string\"]}", "1", " type null|string" },
        { "{\"enum\":[\"a\",1]}", "1.0", "" },
        { "{\"enum\":[\"a\",1]}", "\"b\"", " enum a, 1" },
        { "{\"const\":{\"a\":[1]}}", "{\"a\":[1.0]}", "" },
        { "{\"const\":\"x\"}", "\"y\"", " const x" },
        { "{\"minimum\":9007199254740993}", "9007199254740992", " minimum 9.00719925474099e+15" },
        { "{\"minimum\":0,\"maximum\":10}", "11", " maximum 10" },
        { "{\"exclusiveMinimum\":0}", "0", " exclusive_minimum 0" },
        { "{\"exclusiveMaximum\":1.5}", "1.5", " exclusive_maximum 1.5" },
        { "{\"multipleOf\":0.01}", "19.99", "" },
        { "{\"multipleOf\":1e-8}", "12391239123", "" },
        { "{\"multipleOf\":0.3}", "12391239124", " multiple_of 0.3" },
        { "{\"multipleOf\":0.01}", "19.995", " multiple_of 0.01" },
        { "{\"maxLength\":2}", "\"你好吗\"", " max_length 2" },
        { "{\"maxLength\":3}", "\"你好吗\"", "" },
        { "{\"minLength\":1}", "\"\"", " min_length 1" },
        { "{\"pattern\":\"^[0-9]+$\"}", "\"12\\n\"", " pattern" },
        { "{\"items\":{\"type\":\"integer\"},\"maxItems\":1}", "[1,\"x\"]", " max_items 1; /1 type integer" },
        { "{\"prefixItems\":[{\"const\":1}],\"items\":false}", "[1,2]", "/1 never" },
        { "{\"contains\":{\"const\":1},\"minContains\":2,\"maxContains\":2}", "[1]", " min_contains 2" },
        { "{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", " unique_items" },
        { "{\"required\":[\"a\",\"b/c\"]}", "{}", "/a required; /b~1c required" },
        { "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"a\":1,\"z\":1}", "/z unknown" },
        { "{\"patternProperties\":{\"^x\":{\"type\":\"string\"}}}", "{\"x1\":1}", "/x1 type string" },
        { "{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab property_name" },
        { "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "/b dependent_required a" },
        { "{\"dependentSchemas\":{\"a\":{\"required\":[\"c\"]}}}", "{\"a\":1}", "/c required" },
        { "{\"if\":{\"properties\":{\"k\":{\"const\":1}},\"required\":[\"k\"]},\"then\":{\"required\":[\"t\"]}}",
          "{\"k\":1}", "/t required" },
        { "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1", " any_of" },
        { "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "2", " one_of" },
        { "{\"not\":{\"type\":\"string\"}}", "\"a\"", " not" },
        { "{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}}}],\"unevaluatedProperties\":false}",
          "{\"a\":\"x\",\"b\":1}", "/a type integer; /b unknown" },
        { "{\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/t\"}}}},\"$ref\":\"#/$defs/t\"}",
          "{\"next\":{\"next\":1}}", "/next/next type object" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s on %s", table[i].schema, table[i].instance);
        g_autofree char *got = refusals_of(table[i].schema, table[i].instance);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void formats_hold_to_their_sources(void)
{
    static const struct {
        const char *format, *text;
        gboolean holds;
    } table[] = {
        { "date", "2024-02-29", TRUE },
        { "date", "2023-02-29", FALSE },
        { "date", "2023-2-1", FALSE },
        { "date-time", "2026-11-23T17:05:00+08:00", TRUE },
        { "date-time", "2026-11-23 17:05:00", FALSE },
        { "time", "23:59:60Z", TRUE },
        { "time", "22:59:60Z", FALSE },
        { "time", "07:59:60+08:00", TRUE },
        { "email", "a.b@example.com", TRUE },
        { "email", "a..b@example.com", FALSE },
        { "uri", "https://example.com/a?b#c", TRUE },
        { "uri", "//example.com", FALSE },
        { "uri", "ldap://[2001:db8::7]/c=GB", TRUE },
        { "uri", "http://example.com/[1]", FALSE },
        { "uuid", "2EB8AA08-AA98-11EA-B4AA-73B441D16380", TRUE },
        { "uuid", "2EB8AA08AA9811EAB4AA73B441D16380", FALSE },
        { "cn-id", "990101199003070011", FALSE },
        { "cn-id", "990101199013070013", FALSE },
        { "cn-id", "11010519491231002X", TRUE }, /* the example in GB 11643 */
        { "cn-id", "11010519491231002x", FALSE },
        { "cn-id", "440524188001010014", TRUE }, /* and its other one */
        { "cn-phone", "12900000001", TRUE },
        { "cn-phone", "010-12345678", TRUE },
        { "cn-phone", "12345", FALSE },
        { "cn-uscc", "91350100M000100Y43", TRUE }, /* the example in GB 32100 */
        { "cn-uscc", "91350100M000100Y44", FALSE },
        { "cn-uscc", "91350100M000100I43", FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s %s", table[i].format, table[i].text);
        g_assert_true(form_format_holds(table[i].format, table[i].text) == table[i].holds);
    }
}

static void a_schema_that_is_not_one_is_refused_with_its_place(void)
{
    static const struct {
        const char *schema, *at, *what;
    } table[] = {
        { "1", "", "an object, true or false" },
        { "{\"properties\":{\"a\":{\"typ\":\"string\"}}}", "/properties/a/typ", "not a keyword" },
        { "{\"type\":\"text\"}", "/type", "not a type" },
        { "{\"type\":[]}", "/type", "empty" },
        { "{\"enum\":[]}", "/enum", "add one" },
        { "{\"minimum\":\"1\"}", "/minimum", "a number" },
        { "{\"multipleOf\":0}", "/multipleOf", "above 0" },
        { "{\"maxLength\":-1}", "/maxLength", "from 0 on" },
        { "{\"maxLength\":1.5}", "/maxLength", "from 0 on" },
        { "{\"pattern\":\"(\"}", "/pattern", "not a regular expression" },
        { "{\"pattern\":\"(*NO_JIT)a\"}", "/pattern", "begins with (*" },
        { "{\"patternProperties\":{\"[\":{}}}", "/patternProperties", "not a regular expression" },
        { "{\"format\":\"hostname\"}", "/format", "not a format" },
        { "{\"required\":[1]}", "/required", "a list of names" },
        { "{\"dependentRequired\":{\"a\":1}}", "/dependentRequired", "a list of names" },
        { "{\"allOf\":[]}", "/allOf", "add one" },
        { "{\"anyOf\":[{},1]}", "/anyOf/1", "an object, true or false" },
        { "{\"properties\":[]}", "/properties", "name: schema" },
        { "{\"uniqueItems\":1}", "/uniqueItems", "true or false" },
        { "{\"$ref\":\"https://example.com/s\"}", "/$ref", "stays inside" },
        { "{\"$ref\":\"#/$defs/a\"}", "/$ref", "leads nowhere" },
        { "{\"$ref\":\"#\"}", "/$ref", "circle" },
        { "{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}}}", "/$defs/a/$ref", "circle" },
        { "{\"$schema\":\"http://json-schema.org/draft-07/schema\"}", "/$schema", "2020-12" },
        { "{\"items\":{\"$id\":\"x\"}}", "/items/$id", "at the root" },
        { "{\"$defs\":{\"a\":{\"$anchor\":\"n\"},\"b\":{\"$anchor\":\"n\"}}}", "/$defs/b/$anchor",
          "not used yet" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].schema);
        json_t *source = json(table[i].schema);
        g_autofree char *at = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_null(form_schema_new(source, &at, &error));
        g_assert_cmpstr(at, ==, table[i].at);
        g_assert_nonnull(strstr(error->message, table[i].what));
        json_decref(source);
    }
}

/* A schema nested one in the other, deeper than any form is. */
static void too_deep_a_schema_is_refused(void)
{
    json_t *source = json_true();
    for (int i = 0; i <= FORM_MAX_DEPTH; i++) {
        source = json_pack("{s:o}", "not", source);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(form_schema_new(source, NULL, &error));
    g_assert_error(error, FORM_ERROR, FORM_ERROR_LIMIT);
    json_decref(source);
}

/* Each definition asks the next one twice: 2^40 schemas to try. */
static void work_has_an_end(void)
{
    g_autoptr(GString) text = g_string_new("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < 40; i++) {
        g_string_append_printf(text,
                               "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]},",
                               i, i + 1, i + 1);
    }
    g_string_append(text, "\"d40\":true}}");
    g_autofree char *got = refusals_of(text->str, "1");
    g_assert_cmpstr(got, ==, " too_intricate");
}

static void a_catastrophic_pattern_gives_up(void)
{
    const gint64 start = g_get_monotonic_time();
    g_autofree char *got =
        refusals_of("{\"pattern\":\"^(a+)+$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"");
    g_assert_cmpstr(got, ==, " pattern_cost");
    g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
}

static void each_code_speaks_both_languages(void)
{
    for (int code = 0; code < FORM_N_CODES; code++) {
        const FormRefusal refusal = { .code = (FormCode)code, .wanted = (char *)"integer|null" };
        g_autofree char *zh = form_refusal_text(&refusal, "zh"), *en = form_refusal_text(&refusal, "en");
        g_assert_cmpstr(zh, !=, en);
        g_assert_null(strstr(zh, "{}"));
        g_assert_null(strstr(en, "{}"));
    }
    const FormRefusal type = { .code = FORM_TYPE, .wanted = (char *)"integer|null" };
    g_autofree char *zh = form_refusal_text(&type, "zh"), *en = form_refusal_text(&type, "en");
    g_assert_cmpstr(en, ==, "wants a whole number or nothing (null)");
    g_assert_cmpstr(zh, ==, "应填整数或空值");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/form/each_rule_refuses_at_its_place", each_rule_refuses_at_its_place);
    g_test_add_func("/form/formats_hold_to_their_sources", formats_hold_to_their_sources);
    g_test_add_func("/form/a_schema_that_is_not_one_is_refused_with_its_place",
                    a_schema_that_is_not_one_is_refused_with_its_place);
    g_test_add_func("/form/too_deep_a_schema_is_refused", too_deep_a_schema_is_refused);
    g_test_add_func("/form/work_has_an_end", work_has_an_end);
    g_test_add_func("/form/a_catastrophic_pattern_gives_up", a_catastrophic_pattern_gives_up);
    g_test_add_func("/form/each_code_speaks_both_languages", each_code_speaks_both_languages);
    return g_test_run();
}
