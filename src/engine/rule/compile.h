/* compile.h - what the desks of the compiler share: the rule being made and how nodes are put to it. Not for
 * other rooms. A compile function returns the index of the node it made, or -1 when it refused. */
#pragma once
#include "engine/rule/program.h"

typedef struct {
    RuleSource source;
    const RuleSchema *schema;
    Rule *rule;
    int depth;
} RuleCompiler;

typedef int (*RuleCompile)(RuleCompiler *c, json_t *expr);

int rule_compile(RuleCompiler *c, json_t *expr);          /* any expression */
int rule_compile_const(RuleCompiler *c, json_t *expr);    /* literal.c */
int rule_compile_coalesce(RuleCompiler *c, json_t *expr); /* call.c */
int rule_compile_call(RuleCompiler *c, json_t *expr);
int rule_compile_column_at(RuleCompiler *c, int column);
/* Operands as a chain of siblings, each by `one`; the first one's index. */
int rule_compile_chain(RuleCompiler *c, json_t *list, RuleCompile one);

int rule_add_node(RuleCompiler *c, RuleOp op, RuleType type, int child);

static inline RuleNode *rule_node_at(RuleCompiler *c, int at) /* until the next node is added */
{
    return &g_array_index(c->rule->nodes, RuleNode, at);
}

static inline RuleType rule_type_at(RuleCompiler *c, int at)
{
    return rule_node_at(c, at)->type;
}

gboolean rule_is_number(RuleType type); /* or NULL */
gboolean rule_comparable(RuleType a, RuleType b);

int rule_tree_own_location(json_t *expr);
const char *rule_tree_text(json_t *object, const char *key); /* "" when absent */
char *rule_tree_name(json_t *list);                          /* names come as lists of strings: a.b */
