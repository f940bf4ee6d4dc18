/* refuse.c - what is not taken, and what to write instead. One table per kind of thing PostgreSQL reads and
 * we do not. Never quotes a literal: a text in a condition may be somebody's name. */
#include "engine/rule/program.h"

typedef struct {
    const char *key, *what, *hint;
} Refusal;

static const Refusal nodes[] = {
    /* clang-format off */
    { "SubLink",            "a subquery", "a condition sees one row only; put the list into a named list, IN (@name)" },
    { "CaseExpr",           "CASE", "write it as conditions with AND and OR, or use coalesce" },
    { "TypeCast",           "a cast or typed literal", "columns have their types; instants are whole milliseconds since 1970" },
    { "SQLValueFunction",   "the present time or user", "a condition reads its row only, so that a replay gives the same answer: "
                            "use a column such as now; a column of this name goes in \"double quotes\"" },
    { "ParamRef",           "a parameter", "write the value, or a named list, IN (@name)" },
    { "BooleanTest",        "IS TRUE, IS FALSE or IS UNKNOWN", "write the condition itself, NOT it, or it IS NULL" },
    { "MinMaxExpr",         "GREATEST or LEAST", "SQLite and PostgreSQL differ on NULL here: compare one by one with AND and OR" },
    { "RowExpr",            "a row of values", "compare the columns one by one with AND" },
    { "A_ArrayExpr",        "an array", "write IN (list)" },
    { "A_Indirection",      "a part of a value", "name a column" },
    { "CollateClause",      "COLLATE", "texts are compared byte by byte" },
    { "GroupingFunc",       "GROUPING", "a condition sees one row only" },
    /* clang-format on */
};

static const Refusal kinds[] = {
    /* of A_Expr */
    /* clang-format off */
    { "AEXPR_OP_ANY",          "ANY", "write IN (list)" },
    { "AEXPR_OP_ALL",          "ALL", "write NOT IN (list)" },
    { "AEXPR_DISTINCT",        "IS DISTINCT FROM", "write a <> b OR a IS NULL as meant" },
    { "AEXPR_NOT_DISTINCT",    "IS NOT DISTINCT FROM", "write a = b OR a IS NULL AND b IS NULL" },
    { "AEXPR_NULLIF",          "NULLIF", "division by zero is NULL already" },
    { "AEXPR_ILIKE",           "ILIKE", "write LIKE 'prefix%'" },
    { "AEXPR_SIMILAR",         "SIMILAR TO", "write LIKE 'prefix%'" },
    { "AEXPR_BETWEEN_SYM",     "BETWEEN SYMMETRIC", "write BETWEEN low AND high" },
    { "AEXPR_NOT_BETWEEN_SYM", "BETWEEN SYMMETRIC", "write NOT BETWEEN low AND high" },
    /* clang-format on */
};

static const Refusal operators[] = {
    /* clang-format off */
    { "@",   "@ outside a list", "a named list stands in IN (@name) only" },
    { "%",   "operator %", "write a - a / b * b" },
    { "||",  "operator ||", "texts cannot be joined in a condition" },
    { "+",   "+ before a value", "leave it out" },
    { "~",   "a regular expression", "write LIKE 'prefix%'" },
    { "~*",  "a regular expression", "write LIKE 'prefix%'" },
    /* clang-format on */
};

static const Refusal *find(const Refusal *table, gsize n, const char *key)
{
    for (gsize i = 0; i < n; i++)
        if (g_strcmp0(table[i].key, key) == 0) return &table[i];
    return NULL;
}

static int refuse_by(const RuleSource *source, const Refusal *found, int location, const char *otherwise,
                     const char *hint)
{
    g_autofree char *what = found ? g_strdup_printf("%s is not taken", found->what) : g_strdup(otherwise);
    return rule_refuse(source, RULE_ERROR_REFUSED, location, what, found ? found->hint : hint);
}

#define HINT "taken are = <> < <= > >=, BETWEEN, IN, LIKE 'prefix%', IS NULL, AND OR NOT, + - * /"

int rule_refuse_node(const RuleSource *source, json_t *expr)
{
    const char *key = json_object_iter_key(json_object_iter(expr));
    const Refusal *found = find(nodes, G_N_ELEMENTS(nodes), key);
    return refuse_by(source, found, rule_tree_location(expr), "this kind of expression is not taken", HINT);
}

int rule_refuse_kind(const RuleSource *source, const char *kind, int location)
{
    const Refusal *found = find(kinds, G_N_ELEMENTS(kinds), kind);
    return refuse_by(source, found, location, "this kind of comparison is not taken", HINT);
}

int rule_refuse_operator(const RuleSource *source, const char *name, int location)
{
    const Refusal *found = find(operators, G_N_ELEMENTS(operators), name);
    return refuse_by(source, found, location, "this operator is not taken",
                     HINT "; leave a space before - and @");
}

int rule_refuse_call(const RuleSource *source, json_t *call)
{
    int location = (int)json_integer_value(json_object_get(call, "location"));
    if (json_object_get(call, "over") || json_object_get(call, "agg_filter") ||
        json_object_get(call, "agg_star"))
        return rule_refuse(source, RULE_ERROR_REFUSED, location, "windows and aggregates are not taken",
                           "they come later; a condition sees one row only, count in a column of it");
    return rule_refuse(source, RULE_ERROR_REFUSED, location, "DISTINCT, ORDER BY or VARIADIC in a call",
                       "write name(value, ...)");
}

const char *rule_type_name(RuleType type)
{
    static const char *const names[] = {
        [RULE_NULL] = "NULL",      [RULE_BOOL] = "true/false", [RULE_INT] = "a whole number",
        [RULE_REAL] = "a decimal", [RULE_TEXT] = "text",
    };
    return names[type];
}

static gboolean numeric(RuleType type)
{
    return type == RULE_INT || type == RULE_REAL;
}

int rule_refuse_types(const RuleSource *source, int location, RuleType a, RuleType b)
{
    g_autofree char *what = g_strdup_printf("%s beside %s", rule_type_name(a), rule_type_name(b));
    const char *hint = "both sides need one type";
    if ((a == RULE_TEXT && numeric(b)) || (b == RULE_TEXT && numeric(a)))
        hint = "text goes in 'quotes', a number without: make both sides the same";
    else if (a == RULE_BOOL || b == RULE_BOOL)
        hint = "true/false is compared by = and <> with true/false only, or stands alone";
    return rule_refuse(source, RULE_ERROR_TYPE, location, what, hint);
}
