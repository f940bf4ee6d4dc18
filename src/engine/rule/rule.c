/* rule.c - a compiled rule at work: its value, and whether it holds, of one row. No allocation, no failure.
 */
#include "engine/rule/program.h"
#include <math.h>
#include <string.h>

static const RuleValue null_value = { .type = RULE_NULL };

static RuleValue value(const Rule *rule, int at, const RuleValue *row);

static inline const RuleNode *node_at(const Rule *rule, int at)
{
    return &g_array_index(rule->nodes, RuleNode, at);
}

static inline RuleValue truth_of(gboolean boolean)
{
    return (RuleValue){ .type = RULE_BOOL, .boolean = boolean != FALSE };
}

static inline RuleValue whole(gint64 integer)
{
    return (RuleValue){ .type = RULE_INT, .integer = integer };
}

/* What is not finite is NULL: PostgreSQL refuses it, SQLite makes NaN NULL. */
static inline RuleValue decimal(double real)
{
    return isfinite(real) ? (RuleValue){ .type = RULE_REAL, .real = real } : null_value;
}

/* Exact, where turning the whole number into a double would round it (as SQLite's sqlite3IntFloatCompare). */
static int whole_decimal_order(gint64 a, double b)
{
    if (b < -9223372036854775808.0) return 1;
    if (b >= 9223372036854775808.0) return -1;
    gint64 cut = (gint64)b;
    if (a != cut) return a < cut ? -1 : 1;
    double back = (double)cut;
    return (back > b) - (back < b);
}

int rule_value_order(const RuleValue *a, const RuleValue *b)
{
    if (a->type == RULE_TEXT) return strcmp(a->text, b->text);
    if (a->type == RULE_BOOL) return a->boolean - b->boolean;
    if (a->type == RULE_INT && b->type == RULE_INT)
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->type == RULE_INT) return whole_decimal_order(a->integer, b->real);
    if (b->type == RULE_INT) return -whole_decimal_order(b->integer, a->real);
    return (a->real > b->real) - (a->real < b->real);
}

/* A row's value as its column's type; what does not fit counts as not known (invariant 4). */
static RuleValue column(const RuleNode *node, const RuleValue *row)
{
    RuleValue given = row[node->first];
    if (given.type == RULE_INT && node->type == RULE_REAL) return decimal((double)given.integer);
    if (given.type != node->type) return null_value;
    if (given.type == RULE_REAL) return decimal(given.real);
    if (given.type == RULE_BOOL) return truth_of(given.boolean);
    return given.type == RULE_TEXT && !given.text ? null_value : given;
}

static RuleValue whole_arithmetic(RuleOp op, gint64 a, gint64 b)
{
    gint64 result;
    switch (op) {
    case RULE_OP_ADD:
        return __builtin_add_overflow(a, b, &result) ? null_value : whole(result);
    case RULE_OP_SUB:
        return __builtin_sub_overflow(a, b, &result) ? null_value : whole(result);
    case RULE_OP_MUL:
        return __builtin_mul_overflow(a, b, &result) ? null_value : whole(result);
    default:
        return b == 0 || (a == G_MININT64 && b == -1) ? null_value : whole(a / b);
    }
}

static RuleValue decimal_arithmetic(RuleOp op, double a, double b)
{
    switch (op) {
    case RULE_OP_ADD:
        return decimal(a + b);
    case RULE_OP_SUB:
        return decimal(a - b);
    case RULE_OP_MUL:
        return decimal(a * b);
    default:
        return b == 0 ? null_value : decimal(a / b);
    }
}

static inline double as_real(RuleValue v)
{
    return v.type == RULE_INT ? (double)v.integer : v.real;
}

static RuleValue arithmetic(const Rule *rule, const RuleNode *node, const RuleValue *row)
{
    RuleValue a = value(rule, node->child, row);
    RuleValue b = a.type == RULE_NULL ? a : value(rule, node_at(rule, node->child)->next, row);
    if (b.type == RULE_NULL) return null_value;
    if (a.type == RULE_INT && b.type == RULE_INT) return whole_arithmetic(node->op, a.integer, b.integer);
    return decimal_arithmetic(node->op, as_real(a), as_real(b));
}

static RuleValue compared(RuleOp op, const RuleValue *a, const RuleValue *b)
{
    if (a->type == RULE_NULL || b->type == RULE_NULL) return null_value;
    int order = rule_value_order(a, b);
    switch (op) {
    case RULE_OP_EQ:
        return truth_of(order == 0);
    case RULE_OP_NE:
        return truth_of(order != 0);
    case RULE_OP_LT:
        return truth_of(order < 0);
    case RULE_OP_LE:
        return truth_of(order <= 0);
    case RULE_OP_GT:
        return truth_of(order > 0);
    default:
        return truth_of(order >= 0);
    }
}

static RuleValue comparison(const Rule *rule, const RuleNode *node, const RuleValue *row)
{
    RuleValue a = value(rule, node->child, row);
    RuleValue b = value(rule, node_at(rule, node->child)->next, row);
    return compared(node->op, &a, &b);
}

/* Kleene's AND (decided by a false) and OR (decided by a true). */
static RuleValue junction(const Rule *rule, const RuleNode *node, const RuleValue *row, gboolean decides)
{
    gboolean unknown = FALSE;
    for (int at = node->child; at >= 0; at = node_at(rule, at)->next) {
        RuleValue v = value(rule, at, row);
        if (v.type == RULE_NULL)
            unknown = TRUE;
        else if (v.boolean == decides)
            return v;
    }
    return unknown ? null_value : truth_of(!decides);
}

static RuleValue between(const Rule *rule, const RuleNode *node, const RuleValue *row)
{
    const RuleNode *low = node_at(rule, node_at(rule, node->child)->next);
    RuleValue v = value(rule, node->child, row);
    RuleValue from = value(rule, node_at(rule, node->child)->next, row);
    RuleValue to = value(rule, low->next, row);
    RuleValue a = compared(RULE_OP_GE, &v, &from), b = compared(RULE_OP_LE, &v, &to);
    if ((a.type == RULE_BOOL && !a.boolean) || (b.type == RULE_BOOL && !b.boolean)) return truth_of(FALSE);
    return a.type == RULE_NULL ? a : b;
}

static gboolean in_constants(const Rule *rule, const RuleNode *node, const RuleValue *v)
{
    int low = node->first, high = node->first + node->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = rule_value_order(v, &g_array_index(rule->constants, RuleValue, middle));
        if (order == 0) return TRUE;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FALSE;
}

static RuleValue in_list(const Rule *rule, const RuleNode *node, const RuleValue *row)
{
    int item = node_at(rule, node->child)->next;
    gboolean unknown = node->flag;
    if (node->n == 0 && item < 0 && !unknown)
        return truth_of(FALSE); /* an empty named list holds nobody, known or not, as = ANY('{}') says */
    RuleValue v = value(rule, node->child, row);
    if (v.type == RULE_NULL) return null_value;
    if (in_constants(rule, node, &v)) return truth_of(TRUE);
    for (; item >= 0; item = node_at(rule, item)->next) {
        RuleValue other = value(rule, item, row);
        if (other.type == RULE_NULL)
            unknown = TRUE;
        else if (rule_value_order(&v, &other) == 0)
            return truth_of(TRUE);
    }
    return unknown ? null_value : truth_of(FALSE);
}

static RuleValue coalesce(const Rule *rule, const RuleNode *node, const RuleValue *row)
{
    RuleValue v = null_value;
    for (int at = node->child; at >= 0 && v.type == RULE_NULL; at = node_at(rule, at)->next)
        v = value(rule, at, row);
    return v;
}

static RuleValue opposite(RuleValue v)
{
    if (v.type == RULE_INT) return v.integer == G_MININT64 ? null_value : whole(-v.integer);
    return decimal(-v.real);
}

/* Operations on one value that is not NULL. */
static RuleValue unary(const RuleNode *node, RuleValue v)
{
    switch (node->op) {
    case RULE_OP_NOT:
        return truth_of(!v.boolean);
    case RULE_OP_PREFIX:
        return truth_of(strncmp(v.text, node->constant.text, (gsize)node->n) == 0);
    case RULE_OP_NEG:
        return opposite(v);
    case RULE_OP_ABS:
        return (v.type == RULE_INT ? v.integer < 0 : v.real < 0) ? opposite(v) : v;
    default: /* RULE_OP_LENGTH */
        return whole(g_utf8_strlen(v.text, -1));
    }
}

static RuleValue value(const Rule *rule, int at, const RuleValue *row)
{
    const RuleNode *node = node_at(rule, at);
    switch ((RuleOp)node->op) {
    case RULE_OP_CONST:
        return node->constant;
    case RULE_OP_COLUMN:
        return column(node, row);
    case RULE_OP_AND:
        return junction(rule, node, row, FALSE);
    case RULE_OP_OR:
        return junction(rule, node, row, TRUE);
    case RULE_OP_EQ ... RULE_OP_GE:
        return comparison(rule, node, row);
    case RULE_OP_BETWEEN:
        return between(rule, node, row);
    case RULE_OP_IN:
        return in_list(rule, node, row);
    case RULE_OP_IS_NULL:
        return truth_of(value(rule, node->child, row).type == RULE_NULL);
    case RULE_OP_ADD ... RULE_OP_DIV:
        return arithmetic(rule, node, row);
    case RULE_OP_COALESCE:
        return coalesce(rule, node, row);
    default: {
        RuleValue v = value(rule, node->child, row);
        return v.type == RULE_NULL ? v : unary(node, v);
    }
    }
}

/* Two-valued: a leaf counts when it is known and as wanted (invariant 1). */
static gboolean holds(const Rule *rule, int at, const RuleValue *row)
{
    const RuleNode *node = node_at(rule, at);
    if (node->op == RULE_OP_LEAF) {
        RuleValue v = value(rule, node->child, row);
        return v.type == RULE_BOOL && v.boolean != node->flag;
    }
    gboolean any = node->op == RULE_OP_ANY;
    for (int child = node->child; child >= 0; child = node_at(rule, child)->next)
        if (holds(rule, child, row) == any) return any;
    return !any;
}

gboolean rule_holds(const Rule *rule, const RuleValue *row)
{
    return rule->truth >= 0 && holds(rule, rule->truth, row);
}

RuleValue rule_value(const Rule *rule, const RuleValue *row)
{
    return value(rule, rule->value, row);
}

RuleType rule_type(const Rule *rule)
{
    return node_at(rule, rule->value)->type;
}

const char *rule_text(const Rule *rule)
{
    return rule->text;
}

gboolean rule_reads(const Rule *rule, int column)
{
    return column >= 0 && column < rule->columns && (rule->reads[column / 64] >> (column % 64) & 1);
}

void rule_free(Rule *rule)
{
    if (!rule) return;
    g_free(rule->text);
    g_array_unref(rule->nodes);
    g_array_unref(rule->constants);
    g_string_chunk_free(rule->strings);
    g_free(rule->reads);
    g_free(rule);
}
