/* rule_fuzz.c - any bytes as a condition and as a scalar: no crash, and where they are taken, both roots
 * agree. */
#include "engine/rule/rule.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static RuleSchema *schema_new(void)
{
    static const char *const items[] = { "a", "朝阳" };
    RuleSchema *schema = rule_schema_new();
    rule_schema_add(schema, "i", RULE_INT);
    rule_schema_add(schema, "r", RULE_REAL);
    rule_schema_add(schema, "t", RULE_TEXT);
    rule_schema_add(schema, "b", RULE_BOOL);
    rule_schema_list(schema, "l", items, G_N_ELEMENTS(items));
    return schema;
}

static void judge(const char *text, const RuleSchema *schema,
                  Rule *(*parse)(const char *, const RuleSchema *, GError **))
{
    static const RuleValue rows[][4] = {
        { { RULE_INT, .integer = 3 },
          { RULE_REAL, .real = 0.5 },
          { RULE_TEXT, .text = "a" },
          { RULE_BOOL, .boolean = 1 } },
        { { RULE_INT, .integer = G_MININT64 },
          { RULE_REAL, .real = 1e308 },
          { RULE_TEXT, .text = "" },
          { RULE_BOOL } },
        { { RULE_NULL }, { RULE_NULL }, { RULE_NULL }, { RULE_NULL } },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(Rule) rule = parse(text, schema, &error);
    if (!rule)
        g_assert_true(error && g_str_has_prefix(error->message, "column ") && strstr(error->message, "; "));
    for (gsize i = 0; rule && i < G_N_ELEMENTS(rows); i++) {
        RuleValue value = rule_value(rule, rows[i]);
        g_assert_true(value.type == RULE_NULL || value.type == rule_type(rule));
        g_assert_true(rule_holds(rule, rows[i]) == (value.type == RULE_BOOL && value.boolean));
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(RuleSchema) schema = schema_new();
    g_autofree char *text = g_strndup((const char *)data, size);
    judge(text, schema, rule_parse);
    judge(text, schema, rule_parse_scalar);
    return 0;
}
