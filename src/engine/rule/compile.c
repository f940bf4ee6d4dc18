/* compile.c - from PostgreSQL's tree to a program: names become columns, types are checked, lists are sorted,
 * and NOT is pushed to the leaves.
 *
 * Two roots come out. The value root keeps SQL's three outcomes (rule_value). The truth root answers "WHERE
 * is TRUE" with two: AND and OR of leaves, each leaf a value that counts when it is true (or, negated, when
 * it is false), so a NULL never counts. De Morgan's laws hold in SQL's three-valued logic, hence both say the
 * same. */
#include "engine/rule/compile.h"
#include <string.h>

/* ---- nodes and types ---- */

int rule_add_node(RuleCompiler *c, RuleOp op, RuleType type, int child)
{
    RuleNode node = { .op = op, .type = type, .child = child, .next = -1 };
    g_array_append_val(c->rule->nodes, node);
    return (int)c->rule->nodes->len - 1;
}

gboolean rule_is_number(RuleType type)
{
    return type == RULE_INT || type == RULE_REAL || type == RULE_NULL;
}

gboolean rule_comparable(RuleType a, RuleType b)
{
    return a == b || a == RULE_NULL || b == RULE_NULL || (rule_is_number(a) && rule_is_number(b));
}

int rule_compile_chain(RuleCompiler *c, json_t *list, RuleCompile one)
{
    int first = -1, last = -1;
    gsize i;
    json_t *expr;
    json_array_foreach(list, i, expr)
    {
        int at = one(c, expr);
        if (at < 0) return -1;
        if (first < 0)
            first = at;
        else
            rule_node_at(c, last)->next = at;
        last = at;
    }
    return first;
}

/* ---- columns ---- */

int rule_compile_column_at(RuleCompiler *c, int column)
{
    c->rule->reads[column / 64] |= G_GUINT64_CONSTANT(1) << (column % 64);
    int at = rule_add_node(c, RULE_OP_COLUMN, rule_schema_type(c->schema, column), -1);
    rule_node_at(c, at)->first = column;
    return at;
}

static int compile_column(RuleCompiler *c, json_t *expr)
{
    int location = rule_tree_own_location(expr);
    g_autofree char *name = rule_tree_name(json_object_get(expr, "fields"));
    int column = rule_schema_find(c->schema, name);
    if (column < 0) {
        g_autofree char *what = g_strdup_printf("there is no column %s", *name ? name : "*");
        g_autofree char *near = rule_schema_near(c->schema, name);
        gboolean quoted = *rule_tree_source(&c->source, location) == '"';
        g_autofree char *hint = g_strconcat(near, quoted ? " (text goes in 'single quotes')" : "", NULL);
        return rule_refuse(&c->source, RULE_ERROR_NAME, location, what, hint);
    }
    return rule_compile_column_at(c, column);
}

/* Compile and demand a condition. */
static int compile_boolean(RuleCompiler *c, json_t *expr)
{
    int at = rule_compile(c, expr);
    if (at < 0 || rule_type_at(c, at) == RULE_BOOL || rule_type_at(c, at) == RULE_NULL) return at;
    g_autofree char *what =
        g_strdup_printf("%s where a condition should stand", rule_type_name(rule_type_at(c, at)));
    return rule_refuse(&c->source, RULE_ERROR_TYPE, rule_tree_location(expr), what,
                       "compare it with something, as x <> 0");
}

/* ---- operators ---- */

static int negate(RuleCompiler *c, int at, gboolean negated)
{
    return at >= 0 && negated ? rule_add_node(c, RULE_OP_NOT, RULE_BOOL, at) : at;
}

static int compile_bool(RuleCompiler *c, json_t *expr)
{
    const char *name = rule_tree_text(expr, "boolop");
    int first = rule_compile_chain(c, json_object_get(expr, "args"), compile_boolean);
    if (first < 0) return -1;
    if (g_str_equal(name, "NOT_EXPR")) return negate(c, first, TRUE);
    return rule_add_node(c, g_str_equal(name, "AND_EXPR") ? RULE_OP_AND : RULE_OP_OR, RULE_BOOL, first);
}

static const struct {
    const char *name;
    RuleOp op;
    gboolean compares;
} binary[] = {
    { "=", RULE_OP_EQ, TRUE },   { "<>", RULE_OP_NE, TRUE },  { "<", RULE_OP_LT, TRUE },
    { "<=", RULE_OP_LE, TRUE },  { ">", RULE_OP_GT, TRUE },   { ">=", RULE_OP_GE, TRUE },
    { "+", RULE_OP_ADD, FALSE }, { "-", RULE_OP_SUB, FALSE }, { "*", RULE_OP_MUL, FALSE },
    { "/", RULE_OP_DIV, FALSE },
};

static int compile_minus(RuleCompiler *c, json_t *expr)
{
    int at = rule_compile(c, json_object_get(expr, "rexpr"));
    if (at < 0) return -1;
    if (!rule_is_number(rule_type_at(c, at)))
        return rule_refuse_types(&c->source, rule_tree_own_location(expr), RULE_INT, rule_type_at(c, at));
    return rule_add_node(c, RULE_OP_NEG, rule_type_at(c, at), at);
}

static int check_binary(RuleCompiler *c, gsize row, int a, int b, int location)
{
    RuleType left = rule_type_at(c, a), right = rule_type_at(c, b);
    RuleOp op = binary[row].op;
    gboolean ordered = op == RULE_OP_EQ || op == RULE_OP_NE || (left != RULE_BOOL && right != RULE_BOOL);
    gboolean fits = binary[row].compares ? rule_comparable(left, right) && ordered
                                         : rule_is_number(left) && rule_is_number(right);
    if (!fits) return rule_refuse_types(&c->source, location, left, right);
    rule_node_at(c, a)->next = b;
    if (binary[row].compares) return rule_add_node(c, op, RULE_BOOL, a);
    return rule_add_node(c, op, left == RULE_REAL || right == RULE_REAL ? RULE_REAL : RULE_INT, a);
}

static int compile_operator(RuleCompiler *c, json_t *expr)
{
    g_autofree char *name = rule_tree_name(json_object_get(expr, "name"));
    json_t *left = json_object_get(expr, "lexpr"), *right = json_object_get(expr, "rexpr");
    if (!left && g_str_equal(name, "-")) return compile_minus(c, expr);
    for (gsize row = 0; left && right && row < G_N_ELEMENTS(binary); row++) {
        if (!g_str_equal(binary[row].name, name)) continue;
        int a = rule_compile(c, left);
        int b = a < 0 ? -1 : rule_compile(c, right);
        return b < 0 ? -1 : check_binary(c, row, a, b, rule_tree_own_location(expr));
    }
    return rule_refuse_operator(&c->source, name, rule_tree_own_location(expr));
}

static int compile_between(RuleCompiler *c, json_t *expr, gboolean negated)
{
    json_t *bounds = json_object_get(expr, "rexpr");
    int value = rule_compile(c, json_object_get(expr, "lexpr"));
    int low = value < 0 ? -1
                        : rule_compile_chain(c, json_object_get(json_object_get(bounds, "List"), "items"),
                                             rule_compile);
    if (low < 0) return -1;
    RuleType type = rule_type_at(c, value);
    for (int at = low; at >= 0; at = rule_node_at(c, at)->next)
        if (!rule_comparable(type, rule_type_at(c, at)) || rule_type_at(c, at) == RULE_BOOL ||
            type == RULE_BOOL)
            return rule_refuse_types(&c->source, rule_tree_own_location(expr), type, rule_type_at(c, at));
    rule_node_at(c, value)->next = low;
    return negate(c, rule_add_node(c, RULE_OP_BETWEEN, RULE_BOOL, value), negated);
}

/* LIKE means the same in both stores only as "starts with": SQLite has no escape, PostgreSQL's is the
 * backslash. */
static int compile_like(RuleCompiler *c, json_t *expr, gboolean negated)
{
    json_t *right = json_object_get(json_object_get(expr, "rexpr"), "A_Const");
    const char *pattern = json_string_value(json_object_get(json_object_get(right, "sval"), "sval"));
    gsize n = pattern ? strcspn(pattern, "%_\\") : 0;
    if (!pattern || !g_str_equal(pattern + n, "%"))
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, rule_tree_own_location(expr),
                           "LIKE takes a prefix only",
                           "write LIKE 'prefix%', with one % at the end and no _ or \\");
    int value = rule_compile(c, json_object_get(expr, "lexpr"));
    int prefix = value < 0 ? -1 : rule_compile_const(c, right);
    if (prefix < 0) return -1;
    if (!rule_comparable(rule_type_at(c, value), RULE_TEXT))
        return rule_refuse_types(&c->source, rule_tree_own_location(expr), rule_type_at(c, value), RULE_TEXT);
    RuleNode *node =
        rule_node_at(c, prefix); /* becomes the comparison: the literal is not an operand of it */
    node->op = RULE_OP_PREFIX;
    node->type = RULE_BOOL;
    node->child = value;
    node->n = (gint32)n;
    return negate(c, prefix, negated);
}

/* ---- lists ---- */

typedef struct {
    GArray *constants; /* RuleValue */
    RuleType type;     /* of the value, or of the first item when the value is NULL */
    int last;          /* last operand of the chain that starts with the value */
    gboolean has_null;
} List;

static int check_item(RuleCompiler *c, List *list, RuleType type, int location)
{
    if (!rule_comparable(list->type, type)) return rule_refuse_types(&c->source, location, list->type, type);
    if (list->type == RULE_NULL) list->type = type;
    return 0;
}

static int put_named(RuleCompiler *c, List *list, json_t *item)
{
    gsize n = 0;
    json_t *column = json_object_get(json_object_get(item, "rexpr"), "ColumnRef");
    if (!column) return rule_refuse_operator(&c->source, "@", rule_tree_own_location(item));
    g_autofree char *name = rule_tree_name(json_object_get(column, "fields"));
    const char *const *items = rule_schema_items(c->schema, name, &n);
    if (!items) {
        g_autofree char *what = g_strdup_printf("there is no list @%s", name);
        g_autofree char *hint = rule_schema_near_list(c->schema, name);
        return rule_refuse(&c->source, RULE_ERROR_NAME, rule_tree_own_location(item), what, hint);
    }
    if (check_item(c, list, RULE_TEXT, rule_tree_own_location(item)) < 0) return -1;
    for (gsize i = 0; i < n; i++) {
        RuleValue text = { .type = RULE_TEXT,
                           .text = g_string_chunk_insert_const(c->rule->strings, items[i]) };
        g_array_append_val(list->constants, text);
    }
    return 0;
}

static int put_item(RuleCompiler *c, List *list, json_t *item)
{
    json_t *op = json_object_get(item, "A_Expr");
    g_autofree char *name = rule_tree_name(json_object_get(op, "name"));
    if (op && g_str_equal(name, "@") && !json_object_get(op, "lexpr")) return put_named(c, list, op);
    int at = rule_compile(c, item);
    if (at < 0) return -1;
    if (check_item(c, list, rule_type_at(c, at), rule_tree_location(item)) < 0) return -1;
    RuleNode *node = rule_node_at(c, at);
    if (node->op != RULE_OP_CONST) {
        rule_node_at(c, list->last)->next = at;
        list->last = at;
        return 0;
    }
    if (node->constant.type == RULE_NULL)
        list->has_null = TRUE;
    else
        g_array_append_val(list->constants, node->constant);
    g_array_set_size(c->rule->nodes, at);
    return 0;
}

static gint in_order(gconstpointer a, gconstpointer b)
{
    return rule_value_order(a, b);
}

static int compile_in(RuleCompiler *c, json_t *expr, gboolean negated)
{
    json_t *items = json_object_get(json_object_get(json_object_get(expr, "rexpr"), "List"), "items"), *item;
    gsize i;
    if (!items) return rule_refuse_node(&c->source, json_object_get(expr, "rexpr"));
    int value = rule_compile(c, json_object_get(expr, "lexpr"));
    if (value < 0) return -1;
    g_autoptr(GArray) constants = g_array_new(FALSE, FALSE, sizeof(RuleValue));
    List list = { .constants = constants, .type = rule_type_at(c, value), .last = value };
    json_array_foreach(items, i, item) if (put_item(c, &list, item) < 0) return -1;
    g_array_sort(constants, in_order);
    int at = rule_add_node(c, RULE_OP_IN, RULE_BOOL, value);
    RuleNode *node = rule_node_at(c, at);
    node->first = (gint32)c->rule->constants->len;
    node->n = (gint32)constants->len;
    node->flag = list.has_null;
    if (constants->len) g_array_append_vals(c->rule->constants, constants->data, constants->len);
    return negate(c, at, negated);
}

static int compile_a_expr(RuleCompiler *c, json_t *expr)
{
    const char *kind = rule_tree_text(expr, "kind");
    json_t *first = json_array_get(json_object_get(expr, "name"), 0);
    const char *name = rule_tree_text(json_object_get(first, "String"), "sval");
    if (g_str_equal(kind, "AEXPR_OP")) return compile_operator(c, expr);
    if (g_str_equal(kind, "AEXPR_IN")) return compile_in(c, expr, g_str_equal(name, "<>"));
    if (g_str_equal(kind, "AEXPR_LIKE")) return compile_like(c, expr, g_str_equal(name, "!~~"));
    if (g_str_equal(kind, "AEXPR_BETWEEN") || g_str_equal(kind, "AEXPR_NOT_BETWEEN"))
        return compile_between(c, expr, g_str_equal(kind, "AEXPR_NOT_BETWEEN"));
    return rule_refuse_kind(&c->source, kind, rule_tree_own_location(expr));
}

static int compile_null_test(RuleCompiler *c, json_t *expr)
{
    int value = rule_compile(c, json_object_get(expr, "arg"));
    if (value < 0) return -1;
    int at = rule_add_node(c, RULE_OP_IS_NULL, RULE_BOOL, value);
    return negate(c, at, g_str_equal(rule_tree_text(expr, "nulltesttype"), "IS_NOT_NULL"));
}

/* ---- the walk ---- */

static const struct {
    const char *key;
    RuleCompile compile;
} kinds[] = {
    { "A_Const", rule_compile_const },
    { "ColumnRef", compile_column },
    { "A_Expr", compile_a_expr },
    { "BoolExpr", compile_bool },
    { "NullTest", compile_null_test },
    { "FuncCall", rule_compile_call },
    { "CoalesceExpr", rule_compile_coalesce },
};

int rule_compile(RuleCompiler *c, json_t *expr)
{
    void *only = json_object_iter(expr);
    const char *key = json_object_iter_key(only);
    if (c->depth == RULE_MAX_DEPTH)
        return rule_refuse(&c->source, RULE_ERROR_LIMIT, rule_tree_location(expr), "nested deeper than 256",
                           "split it into several conditions");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_strcmp0(kinds[i].key, key) != 0) continue;
        c->depth++;
        int at = kinds[i].compile(c, json_object_iter_value(only));
        c->depth--;
        return at;
    }
    return rule_refuse_node(&c->source, expr);
}

/* The condition of the value at `at`, with NOT pushed down to its leaves. */
static int push_not(RuleCompiler *c, int at, gboolean negated)
{
    RuleNode node = *rule_node_at(c, at);
    if (node.op == RULE_OP_NOT) return push_not(c, node.child, !negated);
    if (node.op != RULE_OP_AND && node.op != RULE_OP_OR) {
        int leaf = rule_add_node(c, RULE_OP_LEAF, RULE_BOOL, at);
        rule_node_at(c, leaf)->flag = negated;
        return leaf;
    }
    int first = -1, last = -1;
    for (int child = node.child; child >= 0; child = rule_node_at(c, child)->next) {
        int pushed = push_not(c, child, negated);
        if (first < 0)
            first = pushed;
        else
            rule_node_at(c, last)->next = pushed;
        last = pushed;
    }
    return rule_add_node(c, (node.op == RULE_OP_AND) != negated ? RULE_OP_ALL : RULE_OP_ANY, RULE_BOOL,
                         first);
}

static Rule *rule_new(const char *text, int columns)
{
    Rule *rule = g_new0(Rule, 1);
    rule->text = g_strdup(text);
    rule->nodes = g_array_new(FALSE, FALSE, sizeof(RuleNode));
    rule->constants = g_array_new(FALSE, FALSE, sizeof(RuleValue));
    rule->strings = g_string_chunk_new(256);
    rule->columns = columns;
    rule->reads = g_new0(guint64, (gsize)columns / 64 + 1);
    rule->truth = -1;
    return rule;
}

static Rule *parse(const char *text, const RuleSchema *schema, gboolean condition, GError **error)
{
    g_autoptr(Rule) rule = rule_new(text, rule_schema_size(schema));
    RuleCompiler c = { .source = { .text = text, .error = error }, .schema = schema, .rule = rule };
    json_t *expr = rule_tree_parse(&c.source);
    if (!expr) return NULL;
    rule->value = condition ? compile_boolean(&c, expr) : rule_compile(&c, expr);
    json_decref(expr);
    if (rule->value < 0) return NULL;
    RuleType type = rule_type_at(&c, rule->value);
    if (type == RULE_BOOL || type == RULE_NULL) rule->truth = push_not(&c, rule->value, FALSE);
    return g_steal_pointer(&rule);
}

Rule *rule_parse(const char *text, const RuleSchema *schema, GError **error)
{
    return parse(text, schema, TRUE, error);
}

Rule *rule_parse_scalar(const char *text, const RuleSchema *schema, GError **error)
{
    return parse(text, schema, FALSE, error);
}
