/* meet.c - for each column the values that its conditions can tell apart, and then every row of them.
 *
 * Between two neighbouring constants all numbers are alike, and so are all texts that nobody names; of k
 * texts that are compared with one another, k such texts are enough (each may differ from all others). */
#include "engine/rule/meet.h"
#include "engine/rule/program.h"
#include <math.h>
#include <string.h>

static const char *const others[] = { "…", "……", "………", "…………" }; /* texts nobody names */

typedef struct {
    GArray *cuts, *atoms; /* RuleValue; NULL: the column is not read */
    int link;             /* the first of the columns it is compared with */
} Column;

typedef struct {
    const RuleSchema *schema;
    const RuleDomain *domains;
    Column *columns;
    int n;
    gboolean known;
} Meeting;

static void column_clear(Column *c)
{
    g_clear_pointer(&c->cuts, g_array_unref);
    g_clear_pointer(&c->atoms, g_array_unref);
}

/* ---- what is compared ---- */

typedef struct {
    int column[2], n; /* those met, -1: none */
    GArray *values;   /* RuleValue */
} Operands;

static const RuleNode *node_at(const Rule *rule, int at)
{
    return &g_array_index(rule->nodes, RuleNode, at);
}

static void read_column(Meeting *m, int column)
{
    Column *c = &m->columns[column];
    if (c->cuts) return;
    c->cuts = g_array_new(FALSE, TRUE, sizeof(RuleValue));
    c->atoms = g_array_new(FALSE, TRUE, sizeof(RuleValue));
    c->link = column;
}

static void walk(Meeting *m, const Rule *rule, int at);

static void add_column(Meeting *m, Operands *all, int column)
{
    read_column(m, column);
    for (int i = 0; i < all->n; i++) {
        if (all->column[i] == column) return;
    }
    if (all->n == 2)
        m->known = FALSE;
    else
        all->column[all->n++] = column;
}

/* A column, a value, or coalesce() of them; what is true or false is looked at by itself. */
static void add_operand(Meeting *m, const Rule *rule, int at, Operands *all)
{
    const RuleNode *node = node_at(rule, at);
    if (node->op == RULE_OP_COLUMN) {
        add_column(m, all, node->first);
    } else if (node->op == RULE_OP_CONST) {
        g_array_append_val(all->values, node->constant);
    } else if (node->op == RULE_OP_COALESCE) {
        for (int child = node->child; child >= 0; child = node_at(rule, child)->next)
            add_operand(m, rule, child, all);
    } else if (node->type == RULE_BOOL) {
        walk(m, rule, at);
    } else {
        m->known = FALSE;
    }
}

static int root(const Meeting *m, int column)
{
    while (m->columns[column].link != column)
        column = m->columns[column].link;
    return column;
}

/* Texts of two columns may be the same or not; nothing else is said of two columns. */
static void link_columns(Meeting *m, const Operands *all, gboolean equality)
{
    if (!equality || rule_schema_type(m->schema, all->column[0]) != RULE_TEXT) m->known = FALSE;
    m->columns[root(m, all->column[1])].link = root(m, all->column[0]);
}

static void compare(Meeting *m, const Rule *rule, const RuleNode *node)
{
    g_autoptr(GArray) values = g_array_new(FALSE, TRUE, sizeof(RuleValue));
    Operands all = { .values = values };
    for (int child = node->child; child >= 0; child = node_at(rule, child)->next)
        add_operand(m, rule, child, &all);
    if (node->op == RULE_OP_IN)
        g_array_append_vals(values, &((RuleValue *)(gpointer)rule->constants->data)[node->first],
                            (guint)node->n);
    if (all.n == 2) link_columns(m, &all, node->op == RULE_OP_EQ || node->op == RULE_OP_NE);
    for (int i = 0; i < all.n; i++)
        g_array_append_vals(m->columns[all.column[i]].cuts, values->data, values->len);
}

static void walk(Meeting *m, const Rule *rule, int at)
{
    const RuleNode *node = node_at(rule, at);
    switch ((RuleOp)node->op) {
    case RULE_OP_CONST:
        break;
    case RULE_OP_COLUMN:
        read_column(m, node->first);
        break;
    case RULE_OP_EQ ... RULE_OP_IN:
    case RULE_OP_IS_NULL:
    case RULE_OP_COALESCE:
        compare(m, rule, node);
        break;
    case RULE_OP_NOT:
    case RULE_OP_AND:
    case RULE_OP_OR:
    case RULE_OP_ALL:
    case RULE_OP_ANY:
    case RULE_OP_LEAF:
        for (int child = node->child; child >= 0; child = node_at(rule, child)->next)
            walk(m, rule, child);
        break;
    default:
        m->known = FALSE;
    }
}

/* ---- values that differ ---- */

static gboolean same(const RuleValue *a, const RuleValue *b)
{
    return a->type == b->type && (a->type == RULE_NULL || rule_value_order(a, b) == 0);
}

static void put(Column *c, RuleValue value)
{
    for (guint i = 0; i < c->atoms->len; i++) {
        if (same(&g_array_index(c->atoms, RuleValue, i), &value)) return;
    }
    g_array_append_val(c->atoms, value);
}

static void put_whole(const RuleDomain *d, Column *c, gint64 v)
{
    if (!d->bounded || (v >= d->min && v <= d->max)) put(c, (RuleValue){ RULE_INT, .integer = v });
}

static void put_decimal(const RuleDomain *d, Column *c, double v)
{
    if (isfinite(v) && (!d->bounded || (v >= (double)d->min && v <= (double)d->max)))
        put(c, (RuleValue){ RULE_REAL, .real = v });
}

static void wholes(const RuleDomain *d, Column *c)
{
    if (d->bounded) {
        put_whole(d, c, d->min);
        put_whole(d, c, d->max);
    }
    put_whole(d, c, 0);
    for (guint i = 0; i < c->cuts->len; i++) {
        const RuleValue cut = g_array_index(c->cuts, RuleValue, i);
        if (cut.type != RULE_INT && (cut.type != RULE_REAL || fabs(cut.real) > 9e15)) continue;
        const gint64 v = cut.type == RULE_INT ? cut.integer : (gint64)floor(cut.real);
        if (v > G_MININT64) put_whole(d, c, v - 1);
        put_whole(d, c, v);
        if (v < G_MAXINT64) put_whole(d, c, v + 1);
    }
}

static int by_size(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void decimals(const RuleDomain *d, Column *c)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < c->cuts->len; i++) {
        const RuleValue cut = g_array_index(c->cuts, RuleValue, i);
        const double v = cut.type == RULE_INT ? (double)cut.integer : cut.real;
        if (cut.type != RULE_NULL) g_array_append_val(cuts, v);
    }
    const double ends[] = { d->bounded ? (double)d->min : -1, d->bounded ? (double)d->max : 1 };
    g_array_append_vals(cuts, ends, 2);
    g_array_sort(cuts, by_size);
    for (guint i = 0; i < cuts->len; i++) {
        const double v = g_array_index(cuts, double, i);
        put_decimal(d, c, v);
        if (i) put_decimal(d, c, g_array_index(cuts, double, i - 1) / 2 + v / 2);
        if (!i) put_decimal(d, c, v - MAX(1, fabs(v)));
        if (i + 1 == cuts->len) put_decimal(d, c, v + MAX(1, fabs(v)));
    }
}

/* Of a column by itself that holds one of a list: those named, and one that is not. */
static void listed(const RuleDomain *d, Column *c, gboolean alone)
{
    gboolean other = FALSE;
    for (gsize i = 0; i < d->n_values; i++) {
        const RuleValue value = { RULE_TEXT, .text = d->values[i] };
        gboolean named = !alone;
        for (guint k = 0; !named && k < c->cuts->len; k++)
            named = same(&g_array_index(c->cuts, RuleValue, k), &value);
        if (named || !other) put(c, value);
        other |= !named;
    }
}

static void texts(Meeting *m, int column)
{
    const int of = root(m, column);
    const RuleDomain *d = &m->domains[column];
    Column *c = &m->columns[column];
    gsize linked = 0;
    for (int i = 0; i < m->n; i++)
        linked += m->columns[i].cuts && root(m, i) == of;
    if (d->values) {
        listed(d, c, linked == 1);
        return;
    }
    for (int i = 0; i < m->n; i++) {
        const Column *with = &m->columns[i];
        if (!with->cuts || root(m, i) != of) continue;
        for (guint k = 0; k < with->cuts->len; k++) {
            const RuleValue cut = g_array_index(with->cuts, RuleValue, k);
            if (cut.type == RULE_TEXT) put(c, cut);
        }
        for (gsize k = 0; linked > 1 && k < m->domains[i].n_values; k++)
            put(c, (RuleValue){ RULE_TEXT, .text = m->domains[i].values[k] });
    }
    if (linked > G_N_ELEMENTS(others)) m->known = FALSE;
    for (gsize i = 0; i < MIN(linked, G_N_ELEMENTS(others)); i++)
        put(c, (RuleValue){ RULE_TEXT, .text = others[i] });
}

static void make_atoms(Meeting *m, int column)
{
    Column *c = &m->columns[column];
    const RuleDomain *d = &m->domains[column];
    switch (rule_schema_type(m->schema, column)) {
    case RULE_BOOL:
        put(c, (RuleValue){ RULE_BOOL, .boolean = TRUE });
        put(c, (RuleValue){ RULE_BOOL, .boolean = FALSE });
        break;
    case RULE_INT:
        wholes(d, c);
        break;
    case RULE_REAL:
        decimals(d, c);
        break;
    default:
        texts(m, column);
    }
    if (!d->never_null) put(c, (RuleValue){ RULE_NULL });
}

/* ---- every row ---- */

static gboolean all_hold(const Rule *const *rules, gsize n, const RuleValue *row)
{
    for (gsize i = 0; i < n; i++) {
        if (!rule_holds(rules[i], row)) return FALSE;
    }
    return TRUE;
}

/* The next row, counting in the first column first; FALSE after the last. */
static gboolean next_row(const Meeting *m, guint *at, RuleValue *row)
{
    for (int i = 0; i < m->n; i++) {
        const GArray *atoms = m->columns[i].atoms;
        if (!atoms) continue;
        const gboolean more = at[i] + 1 < atoms->len;
        at[i] = more ? at[i] + 1 : 0;
        row[i] = g_array_index(atoms, RuleValue, at[i]);
        if (more) return TRUE;
    }
    return FALSE;
}

static RuleMeet try_rows(const Meeting *m, const Rule *const *rules, gsize n, RuleValue *row)
{
    g_autofree guint *at = g_new0(guint, m->n + 1);
    guint64 rows = 1;
    for (int i = 0; i < m->n; i++) {
        const GArray *atoms = m->columns[i].atoms;
        row[i] = atoms && atoms->len ? g_array_index(atoms, RuleValue, 0) : (RuleValue){ RULE_NULL };
        rows *= atoms ? atoms->len : 1;
        if (rows > RULE_MEET_ROWS) return RULE_MEET_UNKNOWN;
    }
    if (!rows) return RULE_MEET_NEVER; /* a column may hold nothing at all */
    do {
        if (all_hold(rules, n, row)) return RULE_MEET_SOMETIMES;
    } while (next_row(m, at, row));
    return RULE_MEET_NEVER;
}

RuleMeet rule_meet(const RuleSchema *schema, const Rule *const *rules, gsize n, const RuleDomain *domains,
                   RuleValue *row)
{
    Meeting m = { .schema = schema, .domains = domains, .n = rule_schema_size(schema), .known = TRUE };
    m.columns = g_new0(Column, m.n + 1);
    for (gsize i = 0; i < n; i++)
        walk(&m, rules[i], rules[i]->truth);
    for (int i = 0; i < m.n; i++) {
        if (m.columns[i].cuts) make_atoms(&m, i);
    }
    const RuleMeet answer = m.known ? try_rows(&m, rules, n, row) : RULE_MEET_UNKNOWN;
    for (int i = 0; i < m.n; i++)
        column_clear(&m.columns[i]);
    g_free(m.columns);
    return answer;
}

gboolean rule_meet_other(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(text, others[i]) == 0) return TRUE;
    }
    return FALSE;
}
