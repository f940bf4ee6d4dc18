/* program.h - the inside of the room: what the desks hand to one another. schema.c keeps names, tree.c turns
 * text into PostgreSQL's tree, compile.c turns the tree into a program of flat nodes, refuse.c words
 * refusals, rule.c runs it. Not for other rooms. */
#pragma once
#include <jansson.h>
#include "engine/rule/rule.h"

enum { RULE_MAX_TEXT = 16 * 1024, RULE_MAX_DEPTH = 256, RULE_MAX_NAME = 63 };

/* Values have three outcomes (true, false, NULL); the last three ops are the condition itself, which has two.
 */
typedef enum {
    RULE_OP_CONST,
    RULE_OP_COLUMN, /* first: column */
    RULE_OP_NOT,
    RULE_OP_AND,
    RULE_OP_OR,
    RULE_OP_EQ,
    RULE_OP_NE,
    RULE_OP_LT,
    RULE_OP_LE,
    RULE_OP_GT,
    RULE_OP_GE,
    RULE_OP_BETWEEN, /* value, low, high */
    RULE_OP_IN, /* value, then the items that are not constants; first, n: sorted constants; flag: a NULL is
                   in */
    RULE_OP_PREFIX, /* value; constant: the prefix, n its bytes */
    RULE_OP_IS_NULL,
    RULE_OP_ADD,
    RULE_OP_SUB,
    RULE_OP_MUL,
    RULE_OP_DIV,
    RULE_OP_NEG,
    RULE_OP_ABS,
    RULE_OP_LENGTH,
    RULE_OP_COALESCE,
    RULE_OP_ALL, /* conditions; flag unused */
    RULE_OP_ANY,
    RULE_OP_LEAF /* value; flag: negated */
} RuleOp;

typedef struct {
    guint8 op;   /* RuleOp */
    guint8 type; /* RuleType this node yields when not NULL */
    guint8 flag;
    gint32 child, next; /* first operand, next operand of the same parent; -1: none */
    gint32 first, n;
    RuleValue constant;
} RuleNode;

struct Rule {
    char *text;
    GArray *nodes;     /* RuleNode */
    GArray *constants; /* RuleValue, runs of IN lists */
    GStringChunk *strings;
    guint64 *reads; /* bit set over `columns` */
    int columns;
    int value; /* root for rule_value */
    int truth; /* root for rule_holds; -1: not a condition */
};

/* Order of two values that are not NULL and comparable: whole numbers and decimals exactly, texts byte by
 * byte. */
int rule_value_order(const RuleValue *a, const RuleValue *b);

const char *const *rule_schema_items(const RuleSchema *schema, const char *name,
                                     gsize *n); /* NULL: no such list */
char *rule_schema_near(const RuleSchema *schema,
                       const char *name); /* "did you mean x" or the names there are */
char *rule_schema_near_list(const RuleSchema *schema, const char *name); /* the same for named lists */
char *rule_near(const char *name, GPtrArray *candidates, const char *what);

/* A text being read: refusals are counted from its first character. */
typedef struct {
    const char *text;
    GError **error;
} RuleSource;

/* Refuse at a byte of the tree's text (PostgreSQL's `location`); always -1, so that callers can return it. */
int rule_refuse(const RuleSource *source, int code, int location, const char *what, const char *hint);
int rule_refuse_node(const RuleSource *source, json_t *expr); /* a kind of expression not taken */
int rule_refuse_kind(const RuleSource *source, const char *kind,
                     int location); /* a kind of A_Expr not taken */
int rule_refuse_operator(const RuleSource *source, const char *name, int location);
int rule_refuse_call(const RuleSource *source, json_t *call); /* a function with OVER, FILTER, DISTINCT ... */
/* Two types that do not go together around an operator. */
int rule_refuse_types(const RuleSource *source, int location, RuleType a, RuleType b);
const char *rule_type_name(RuleType type);

/* The one expression the text is; a new reference, or NULL and an error. */
json_t *rule_tree_parse(const RuleSource *source);
int rule_tree_location(json_t *node); /* first byte known of it, or of what is inside it */
/* What stands in the source at a PostgreSQL location; never beyond its end. */
const char *rule_tree_source(const RuleSource *source, int location);
/* No key in `object` but these (NULL-ended)? */
gboolean rule_tree_only(json_t *object, const char *const *keys);
