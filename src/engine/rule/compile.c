/* compile.c - from PostgreSQL's tree to a program: names become columns, types are checked, lists are sorted,
 * and NOT is pushed to the leaves.
 *
 * Two roots come out. The value root keeps SQL's three outcomes (rule_value). The truth root answers "WHERE
 * is TRUE" with two: AND and OR of leaves, each leaf a value that counts when it is true (or, negated, when
 * it is false), so a NULL never counts. De Morgan's laws hold in SQL's three-valued logic, hence both say the
 * same. */
#include "engine/rule/program.h"
#include <math.h>
#include <string.h>

typedef struct {
    RuleSource source;
    const RuleSchema *schema;
    Rule *rule;
    int depth;
} Compiler;

static int compile(Compiler *c, json_t *expr);

static RuleNode *node_at(Compiler *c, int at)
{
    return &g_array_index(c->rule->nodes, RuleNode, at);
}

static RuleType type_at(Compiler *c, int at)
{
    return node_at(c, at)->type;
}

static int add_node(Compiler *c, RuleOp op, RuleType type, int child)
{
    RuleNode node = { .op = op, .type = type, .child = child, .next = -1 };
    g_array_append_val(c->rule->nodes, node);
    return (int)c->rule->nodes->len - 1;
}

static int location_of(json_t *expr)
{
    return (int)json_integer_value(json_object_get(expr, "location"));
}

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Names come as lists of strings: a.b, pg_catalog.abs. */
static char *joined(json_t *list)
{
    GString *name = g_string_new(NULL);
    gsize i;
    json_t *part;
    json_array_foreach(list, i, part)
        g_string_append_printf(name, "%s%s", i ? "." : "", text_of(json_object_get(part, "String"), "sval"));
    return g_string_free(name, FALSE);
}

/* ---- literals ---- */

/* libpg_query 15 writes no number for a whole number that is zero or below: read it from the text, where the
 * literal's place is that of its minus sign. Between sign and digits stand only blanks, brackets, signs and
 * comments. */
static gint64 number_in_text(const char *at)
{
    gboolean minus = FALSE;
    int comments = 0;
    for (; *at && (comments || !g_ascii_isdigit(*at)); at++) {
        if (at[0] == '/' && at[1] == '*')
            comments++, at++;
        else if (at[0] == '*' && at[1] == '/' && comments)
            comments--, at++;
        else if (!comments && at[0] == '-' && at[1] == '-')
            at += strcspn(at, "\r\n") - 1;
        else if (!comments && at[0] == '-')
            minus = !minus;
    }
    gint64 number = g_ascii_strtoll(at, NULL, 10);
    return minus ? -number : number;
}

static int add_constant(Compiler *c, RuleValue value)
{
    int at = add_node(c, RULE_OP_CONST, value.type, -1);
    node_at(c, at)->constant = value;
    return at;
}

static int compile_number(Compiler *c, const char *digits, int location)
{
    char *end;
    if (digits[strspn(digits, "-0123456789")] == '\0') {
        errno = 0;
        gint64 whole = g_ascii_strtoll(digits, &end, 10);
        if (errno == ERANGE)
            return rule_refuse(&c->source, RULE_ERROR_LIMIT, location, "the number does not fit 64 bits",
                               "a decimal is written with a point");
        return add_constant(c, (RuleValue){ .type = RULE_INT, .integer = whole });
    }
    double real = g_ascii_strtod(digits, &end);
    if (!isfinite(real))
        return rule_refuse(&c->source, RULE_ERROR_LIMIT, location, "the number is too large",
                           "at most about 1.7e308");
    return add_constant(c, (RuleValue){ .type = RULE_REAL, .real = real });
}

static int compile_const(Compiler *c, json_t *expr)
{
    json_t *part;
    int location = location_of(expr);
    if (json_is_true(json_object_get(expr, "isnull")))
        return add_constant(c, (RuleValue){ .type = RULE_NULL });
    if ((part = json_object_get(expr, "boolval")))
        return add_constant(
            c, (RuleValue){ .type = RULE_BOOL, .boolean = json_is_true(json_object_get(part, "boolval")) });
    if ((part = json_object_get(expr, "ival"))) {
        json_t *number = json_object_get(part, "ival");
        gint64 whole =
            number ? json_integer_value(number) : number_in_text(rule_tree_source(&c->source, location));
        return add_constant(c, (RuleValue){ .type = RULE_INT, .integer = whole });
    }
    if ((part = json_object_get(expr, "fval"))) return compile_number(c, text_of(part, "fval"), location);
    if ((part = json_object_get(expr, "sval")) && *rule_tree_source(&c->source, location) == '\'') {
        const char *text = g_string_chunk_insert_const(c->rule->strings, text_of(part, "sval"));
        return add_constant(c, (RuleValue){ .type = RULE_TEXT, .text = text });
    }
    return rule_refuse(&c->source, RULE_ERROR_REFUSED, location, "this way of writing a text is not taken",
                       "write it in plain 'single quotes', a quote in it twice");
}

/* ---- columns ---- */

static int compile_column(Compiler *c, json_t *expr)
{
    int location = location_of(expr);
    g_autofree char *name = joined(json_object_get(expr, "fields"));
    int column = rule_schema_find(c->schema, name);
    if (column < 0) {
        g_autofree char *what = g_strdup_printf("there is no column %s", *name ? name : "*");
        g_autofree char *near = rule_schema_near(c->schema, name);
        gboolean quoted = *rule_tree_source(&c->source, location) == '"';
        g_autofree char *hint = g_strconcat(near, quoted ? " (text goes in 'single quotes')" : "", NULL);
        return rule_refuse(&c->source, RULE_ERROR_NAME, location, what, hint);
    }
    c->rule->reads[column / 64] |= G_GUINT64_CONSTANT(1) << (column % 64);
    int at = add_node(c, RULE_OP_COLUMN, rule_schema_type(c->schema, column), -1);
    node_at(c, at)->first = column;
    return at;
}

/* ---- types ---- */

static gboolean numeric(RuleType type)
{
    return type == RULE_INT || type == RULE_REAL || type == RULE_NULL;
}

static gboolean comparable(RuleType a, RuleType b)
{
    return a == b || a == RULE_NULL || b == RULE_NULL || (numeric(a) && numeric(b));
}

/* Compile and demand a condition. */
static int compile_boolean(Compiler *c, json_t *expr)
{
    int at = compile(c, expr);
    if (at < 0 || type_at(c, at) == RULE_BOOL || type_at(c, at) == RULE_NULL) return at;
    g_autofree char *what =
        g_strdup_printf("%s where a condition should stand", rule_type_name(type_at(c, at)));
    return rule_refuse(&c->source, RULE_ERROR_TYPE, rule_tree_location(expr), what,
                       "compare it with something, as x <> 0");
}

/* Operands as a chain of siblings, each `compile_one`d; the first one's index, or -1. */
static int compile_chain(Compiler *c, json_t *list, int (*compile_one)(Compiler *, json_t *))
{
    int first = -1, last = -1;
    gsize i;
    json_t *expr;
    json_array_foreach(list, i, expr)
    {
        int at = compile_one(c, expr);
        if (at < 0) return -1;
        if (first < 0)
            first = at;
        else
            node_at(c, last)->next = at;
        last = at;
    }
    return first;
}

/* ---- operators ---- */

static int negate(Compiler *c, int at, gboolean negated)
{
    return at >= 0 && negated ? add_node(c, RULE_OP_NOT, RULE_BOOL, at) : at;
}

static int compile_bool(Compiler *c, json_t *expr)
{
    const char *name = text_of(expr, "boolop");
    int first = compile_chain(c, json_object_get(expr, "args"), compile_boolean);
    if (first < 0) return -1;
    if (g_str_equal(name, "NOT_EXPR")) return negate(c, first, TRUE);
    return add_node(c, g_str_equal(name, "AND_EXPR") ? RULE_OP_AND : RULE_OP_OR, RULE_BOOL, first);
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

static int compile_minus(Compiler *c, json_t *expr)
{
    int at = compile(c, json_object_get(expr, "rexpr"));
    if (at < 0) return -1;
    if (!numeric(type_at(c, at)))
        return rule_refuse_types(&c->source, location_of(expr), RULE_INT, type_at(c, at));
    return add_node(c, RULE_OP_NEG, type_at(c, at), at);
}

static int check_binary(Compiler *c, gsize row, int a, int b, int location)
{
    RuleType left = type_at(c, a), right = type_at(c, b);
    RuleOp op = binary[row].op;
    gboolean ordered = op == RULE_OP_EQ || op == RULE_OP_NE || (left != RULE_BOOL && right != RULE_BOOL);
    gboolean fits =
        binary[row].compares ? comparable(left, right) && ordered : numeric(left) && numeric(right);
    if (!fits) return rule_refuse_types(&c->source, location, left, right);
    node_at(c, a)->next = b;
    if (binary[row].compares) return add_node(c, op, RULE_BOOL, a);
    return add_node(c, op, left == RULE_REAL || right == RULE_REAL ? RULE_REAL : RULE_INT, a);
}

static int compile_operator(Compiler *c, json_t *expr)
{
    g_autofree char *name = joined(json_object_get(expr, "name"));
    json_t *left = json_object_get(expr, "lexpr"), *right = json_object_get(expr, "rexpr");
    if (!left && g_str_equal(name, "-")) return compile_minus(c, expr);
    for (gsize row = 0; left && right && row < G_N_ELEMENTS(binary); row++) {
        if (!g_str_equal(binary[row].name, name)) continue;
        int a = compile(c, left);
        int b = a < 0 ? -1 : compile(c, right);
        return b < 0 ? -1 : check_binary(c, row, a, b, location_of(expr));
    }
    return rule_refuse_operator(&c->source, name, location_of(expr));
}

static int compile_between(Compiler *c, json_t *expr, gboolean negated)
{
    json_t *bounds = json_object_get(expr, "rexpr");
    int value = compile(c, json_object_get(expr, "lexpr"));
    int low =
        value < 0 ? -1 : compile_chain(c, json_object_get(json_object_get(bounds, "List"), "items"), compile);
    if (low < 0) return -1;
    RuleType type = type_at(c, value);
    for (int at = low; at >= 0; at = node_at(c, at)->next)
        if (!comparable(type, type_at(c, at)) || type_at(c, at) == RULE_BOOL || type == RULE_BOOL)
            return rule_refuse_types(&c->source, location_of(expr), type, type_at(c, at));
    node_at(c, value)->next = low;
    return negate(c, add_node(c, RULE_OP_BETWEEN, RULE_BOOL, value), negated);
}

/* LIKE means the same in both stores only as "starts with": SQLite has no escape, PostgreSQL's is the
 * backslash. */
static int compile_like(Compiler *c, json_t *expr, gboolean negated)
{
    json_t *right = json_object_get(json_object_get(expr, "rexpr"), "A_Const");
    const char *pattern = json_string_value(json_object_get(json_object_get(right, "sval"), "sval"));
    gsize n = pattern ? strcspn(pattern, "%_\\") : 0;
    if (!pattern || !g_str_equal(pattern + n, "%"))
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, location_of(expr), "LIKE takes a prefix only",
                           "write LIKE 'prefix%', with one % at the end and no _ or \\");
    int value = compile(c, json_object_get(expr, "lexpr"));
    int prefix = value < 0 ? -1 : compile_const(c, right);
    if (prefix < 0) return -1;
    if (!comparable(type_at(c, value), RULE_TEXT))
        return rule_refuse_types(&c->source, location_of(expr), type_at(c, value), RULE_TEXT);
    RuleNode *node = node_at(c, prefix); /* becomes the comparison: the literal is not an operand of it */
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

static int check_item(Compiler *c, List *list, RuleType type, int location)
{
    if (!comparable(list->type, type)) return rule_refuse_types(&c->source, location, list->type, type);
    if (list->type == RULE_NULL) list->type = type;
    return 0;
}

static int put_named(Compiler *c, List *list, json_t *item)
{
    gsize n = 0;
    json_t *column = json_object_get(json_object_get(item, "rexpr"), "ColumnRef");
    if (!column) return rule_refuse_operator(&c->source, "@", location_of(item));
    g_autofree char *name = joined(json_object_get(column, "fields"));
    const char *const *items = rule_schema_items(c->schema, name, &n);
    if (!items) {
        g_autofree char *what = g_strdup_printf("there is no list @%s", name);
        g_autofree char *hint = rule_schema_near_list(c->schema, name);
        return rule_refuse(&c->source, RULE_ERROR_NAME, location_of(item), what, hint);
    }
    if (check_item(c, list, RULE_TEXT, location_of(item)) < 0) return -1;
    for (gsize i = 0; i < n; i++) {
        RuleValue text = { .type = RULE_TEXT,
                           .text = g_string_chunk_insert_const(c->rule->strings, items[i]) };
        g_array_append_val(list->constants, text);
    }
    return 0;
}

static int put_item(Compiler *c, List *list, json_t *item)
{
    json_t *op = json_object_get(item, "A_Expr");
    g_autofree char *name = joined(json_object_get(op, "name"));
    if (op && g_str_equal(name, "@") && !json_object_get(op, "lexpr")) return put_named(c, list, op);
    int at = compile(c, item);
    if (at < 0) return -1;
    if (check_item(c, list, type_at(c, at), rule_tree_location(item)) < 0) return -1;
    RuleNode *node = node_at(c, at);
    if (node->op != RULE_OP_CONST) {
        node_at(c, list->last)->next = at;
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

static int compile_in(Compiler *c, json_t *expr, gboolean negated)
{
    json_t *items = json_object_get(json_object_get(json_object_get(expr, "rexpr"), "List"), "items"), *item;
    gsize i;
    if (!items) return rule_refuse_node(&c->source, json_object_get(expr, "rexpr"));
    int value = compile(c, json_object_get(expr, "lexpr"));
    if (value < 0) return -1;
    g_autoptr(GArray) constants = g_array_new(FALSE, FALSE, sizeof(RuleValue));
    List list = { .constants = constants, .type = type_at(c, value), .last = value };
    json_array_foreach(items, i, item) if (put_item(c, &list, item) < 0) return -1;
    g_array_sort(constants, in_order);
    int at = add_node(c, RULE_OP_IN, RULE_BOOL, value);
    RuleNode *node = node_at(c, at);
    node->first = (gint32)c->rule->constants->len;
    node->n = (gint32)constants->len;
    node->flag = list.has_null;
    if (constants->len) g_array_append_vals(c->rule->constants, constants->data, constants->len);
    return negate(c, at, negated);
}

static int compile_a_expr(Compiler *c, json_t *expr)
{
    const char *kind = text_of(expr, "kind");
    json_t *first = json_array_get(json_object_get(expr, "name"), 0);
    const char *name = text_of(json_object_get(first, "String"), "sval");
    if (g_str_equal(kind, "AEXPR_OP")) return compile_operator(c, expr);
    if (g_str_equal(kind, "AEXPR_IN")) return compile_in(c, expr, g_str_equal(name, "<>"));
    if (g_str_equal(kind, "AEXPR_LIKE")) return compile_like(c, expr, g_str_equal(name, "!~~"));
    if (g_str_equal(kind, "AEXPR_BETWEEN") || g_str_equal(kind, "AEXPR_NOT_BETWEEN"))
        return compile_between(c, expr, g_str_equal(kind, "AEXPR_NOT_BETWEEN"));
    return rule_refuse_kind(&c->source, kind, location_of(expr));
}

static int compile_null_test(Compiler *c, json_t *expr)
{
    int value = compile(c, json_object_get(expr, "arg"));
    if (value < 0) return -1;
    int at = add_node(c, RULE_OP_IS_NULL, RULE_BOOL, value);
    return negate(c, at, g_str_equal(text_of(expr, "nulltesttype"), "IS_NOT_NULL"));
}

/* ---- functions: only those that mean the same in SQLite and PostgreSQL ---- */

static int compile_coalesce(Compiler *c, json_t *expr)
{
    json_t *arguments = json_object_get(expr, "args");
    if (json_array_size(arguments) < 2)
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, location_of(expr),
                           "coalesce takes two values or more", "write coalesce(value, what to use instead)");
    int first = compile_chain(c, arguments, compile);
    RuleType type = RULE_NULL;
    for (int at = first; at >= 0; at = node_at(c, at)->next) {
        if (type == RULE_NULL) type = type_at(c, at);
        if (type_at(c, at) == type || type_at(c, at) == RULE_NULL) continue;
        if (numeric(type) && numeric(type_at(c, at))) /* then / would differ: SQLite keeps the whole number */
            return rule_refuse(&c->source, RULE_ERROR_TYPE, location_of(expr),
                               "whole numbers and decimals in one coalesce",
                               "write all of them with a point, as 0.0, or none");
        return rule_refuse_types(&c->source, location_of(expr), type, type_at(c, at));
    }
    return first < 0 ? -1 : add_node(c, RULE_OP_COALESCE, type, first);
}

static const struct {
    const char *name;
    RuleOp op;
    RuleType takes, gives; /* takes RULE_INT: any number, and gives its kind */
} functions[] = {
    { "abs", RULE_OP_ABS, RULE_INT, RULE_INT },
    { "length", RULE_OP_LENGTH, RULE_TEXT, RULE_INT },
};

static int refuse_function(Compiler *c, const char *name, int location)
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

static int compile_function(Compiler *c, gsize row, json_t *call)
{
    json_t *arguments = json_object_get(call, "args");
    int location = location_of(call);
    if (json_array_size(arguments) != 1)
        return rule_refuse(&c->source, RULE_ERROR_REFUSED, location, "the function takes one value",
                           "write it as abs(x)");
    int at = compile(c, json_array_get(arguments, 0));
    if (at < 0) return -1;
    RuleType takes = functions[row].takes, given = type_at(c, at);
    if (!comparable(takes, given)) return rule_refuse_types(&c->source, location, takes, given);
    return add_node(c, functions[row].op,
                    takes == RULE_INT && given == RULE_REAL ? RULE_REAL : functions[row].gives, at);
}

static int compile_call(Compiler *c, json_t *expr)
{
    static const char *const plain[] = { "funcname", "args", "funcformat", "location", NULL };
    g_autofree char *name = joined(json_object_get(expr, "funcname"));
    if (!rule_tree_only(expr, plain)) return rule_refuse_call(&c->source, expr);
    for (gsize row = 0; row < G_N_ELEMENTS(functions); row++)
        if (g_str_equal(functions[row].name, name)) return compile_function(c, row, expr);
    return refuse_function(c, name, location_of(expr));
}

/* ---- the walk ---- */

static const struct {
    const char *key;
    int (*compile)(Compiler *c, json_t *expr);
} kinds[] = {
    { "A_Const", compile_const },         { "ColumnRef", compile_column },   { "A_Expr", compile_a_expr },
    { "BoolExpr", compile_bool },         { "NullTest", compile_null_test }, { "FuncCall", compile_call },
    { "CoalesceExpr", compile_coalesce },
};

static int compile(Compiler *c, json_t *expr)
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
static int push_not(Compiler *c, int at, gboolean negated)
{
    RuleNode node = *node_at(c, at);
    if (node.op == RULE_OP_NOT) return push_not(c, node.child, !negated);
    if (node.op != RULE_OP_AND && node.op != RULE_OP_OR) {
        int leaf = add_node(c, RULE_OP_LEAF, RULE_BOOL, at);
        node_at(c, leaf)->flag = negated;
        return leaf;
    }
    int first = -1, last = -1;
    for (int child = node.child; child >= 0; child = node_at(c, child)->next) {
        int pushed = push_not(c, child, negated);
        if (first < 0)
            first = pushed;
        else
            node_at(c, last)->next = pushed;
        last = pushed;
    }
    return add_node(c, (node.op == RULE_OP_AND) != negated ? RULE_OP_ALL : RULE_OP_ANY, RULE_BOOL, first);
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
    Compiler c = { .source = { .text = text, .error = error }, .schema = schema, .rule = rule };
    json_t *expr = rule_tree_parse(&c.source);
    if (!expr) return NULL;
    rule->value = condition ? compile_boolean(&c, expr) : compile(&c, expr);
    json_decref(expr);
    if (rule->value < 0) return NULL;
    RuleType type = type_at(&c, rule->value);
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
