/* call.c - functions: only those that mean the same in SQLite and PostgreSQL. */
#include "engine/rule/compile.h"

int rule_compile_coalesce(RuleCompiler *c, json_t *expr)
{
    json_t *arguments = json_object_get(expr, "args");
    if (json_array_size(arguments) < 2)
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, rule_tree_own_location(expr),
                           "coalesce takes two values or more", "write coalesce(value, what to use instead)");
    int first = rule_compile_chain(c, arguments, rule_compile);
    RuleType type = RULE_NULL;
    for (int at = first; at >= 0; at = rule_node_at(c, at)->next) {
        if (type == RULE_NULL) type = rule_type_at(c, at);
        if (rule_type_at(c, at) == type || rule_type_at(c, at) == RULE_NULL) continue;
        if (rule_is_number(type) &&
            rule_is_number(rule_type_at(c, at))) /* then / would differ: SQLite keeps the whole number */
            return rule_refuse(&c->source, RULE_ERROR_TYPE, rule_tree_own_location(expr),
                               "whole numbers and decimals in one coalesce",
                               "write all of them with a point, as 0.0, or none");
        return rule_refuse_types(&c->source, rule_tree_own_location(expr), type, rule_type_at(c, at));
    }
    return first < 0 ? -1 : rule_add_node(c, RULE_OP_COALESCE, type, first);
}

static const struct {
    const char *name;
    RuleOp op;
    RuleType takes, gives; /* takes RULE_INT: any number, and gives its kind */
} functions[] = {
    { "abs", RULE_OP_ABS, RULE_INT, RULE_INT },
    { "length", RULE_OP_LENGTH, RULE_TEXT, RULE_INT },
};

static int refuse_function(RuleCompiler *c, const char *name, int location)
{
    static const char *const windows[] = { "window_count", "window_sum", "followed_by", "count",
                                           "sum",          "avg",        "row_number",  "first_value",
                                           "lag",          "last_value", "lead",        NULL };
    if (g_strv_contains(windows, name))
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, location, "windows and aggregates are not taken",
                           "they come later; a condition sees one row only, count in a column of it");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_ptr_array_add(names, (gpointer) "coalesce");
    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
        g_ptr_array_add(names, (gpointer)functions[i].name);
    g_autofree char *what = g_strdup_printf("there is no function %s", name);
    g_autofree char *hint = rule_near(name, names, "functions");
    return rule_refuse(&c->source, RULE_ERROR_NAME, location, what, hint);
}

static int compile_function(RuleCompiler *c, gsize row, json_t *call)
{
    json_t *arguments = json_object_get(call, "args");
    int location = rule_tree_own_location(call);
    if (json_array_size(arguments) != 1)
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, location, "the function takes one value",
                           "write it as abs(x)");
    int at = rule_compile(c, json_array_get(arguments, 0));
    if (at < 0) return -1;
    RuleType takes = functions[row].takes, given = rule_type_at(c, at);
    if (!rule_comparable(takes, given)) return rule_refuse_types(&c->source, location, takes, given);
    return rule_add_node(c, functions[row].op,
                         takes == RULE_INT && given == RULE_REAL ? RULE_REAL : functions[row].gives, at);
}

/* A schema may have columns whose name is written as a call on a name: "year_before(solved)". -1: this is
 * none. */
static int find_called_column(RuleCompiler *c, const char *function, json_t *expr)
{
    json_t *arguments = json_object_get(expr, "args");
    json_t *column = json_object_get(json_array_get(arguments, 0), "ColumnRef");
    if (json_array_size(arguments) != 1 || !column) return -1;
    g_autofree char *of = rule_tree_name(json_object_get(column, "fields"));
    g_autofree char *name = g_strdup_printf("%s(%s)", function, of);
    return rule_schema_find(c->schema, name);
}

int rule_compile_call(RuleCompiler *c, json_t *expr)
{
    static const char *const plain[] = { "funcname", "args", "funcformat", "location", NULL };
    g_autofree char *name = rule_tree_name(json_object_get(expr, "funcname"));
    if (!rule_tree_only(expr, plain)) return rule_refuse_call(&c->source, expr);
    for (gsize row = 0; row < G_N_ELEMENTS(functions); row++)
        if (g_str_equal(functions[row].name, name)) return compile_function(c, row, expr);
    int column = find_called_column(c, name, expr);
    if (column >= 0) return rule_compile_column_at(c, column);
    return refuse_function(c, name, rule_tree_own_location(expr));
}
