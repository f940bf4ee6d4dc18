/* rule.h - conditions: the text of a PostgreSQL expression, parsed by PostgreSQL's own parser, cut down,
 * compiled, evaluated on a row.
 *
 * Accepted: = <> != < <= > >=, BETWEEN, [NOT] IN (list), LIKE 'prefix%', IS [NOT] NULL, AND OR NOT, + - * /
 * and unary minus in scalar places, CASE is not; text, integer, decimal, true/false, NULL literals; named
 * lists `IN (@name)`; functions coalesce, abs, length (call.c's table). Names are columns of the schema
 * and may be Chinese. Meaning: SQL's "WHERE is TRUE": a comparison with NULL is not true, and NOT is pushed
 * to the leaves first, so NOT (x > 3) on a NULL x is not true either. Integer arithmetic is exact (overflow
 * and division by zero are NULL); integer / integer truncates as SQL does. Everything else is refused with
 * its position and a hint. Texts over 16 KiB or 256 nodes deep are refused. Windows and the index over many
 * conditions come beside this file later. Threads: a compiled rule is read-only and may be shared; parsing is
 * thread-safe. Knows nothing of cases, packs or stores. */
#pragma once
#include <glib.h>

#define RULE_ERROR (g_quark_from_static_string("rule"))
enum { RULE_ERROR_SYNTAX, RULE_ERROR_REFUSED, RULE_ERROR_NAME, RULE_ERROR_TYPE, RULE_ERROR_LIMIT };

typedef enum { RULE_NULL, RULE_BOOL, RULE_INT, RULE_REAL, RULE_TEXT } RuleType;

typedef struct {
    RuleType type;
    union {
        gboolean boolean;
        gint64 integer;
        double real;
        const char *text; /* UTF-8, the row's own; compared byte by byte (C collation) */
    };
} RuleValue;

/* Columns a text may name. Instants are RULE_INT, ms since 1970. */
typedef struct RuleSchema RuleSchema;
RuleSchema *rule_schema_new(void);
void rule_schema_free(RuleSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleSchema, rule_schema_free)
/* Index of the column in a row; the same name and type again gives the same index; a second type is -1, and
 * so is an empty name, one over 63 bytes (PostgreSQL would cut it) and type RULE_NULL. A name like
 * "year_before(solved)" is a column that texts write as a call on a name. */
int rule_schema_add(RuleSchema *schema, const char *name, RuleType type);
int rule_schema_find(const RuleSchema *schema, const char *name); /* -1 when unknown */
int rule_schema_size(const RuleSchema *schema);
const char *rule_schema_name(const RuleSchema *schema, int column);
RuleType rule_schema_type(const RuleSchema *schema, int column);
/* A named list of texts for `IN (@name)`; copied. Set before parsing. */
void rule_schema_list(RuleSchema *schema, const char *name, const char *const *items, gsize n);

typedef struct Rule Rule;

/* Compile a condition (boolean) against `schema`, which must outlive the rule.
 * error text: "column N: what; hint" with N counted in characters from 1. Cost: about 50 us. */
Rule *rule_parse(const char *text, const RuleSchema *schema, GError **error);
/* The same for a scalar expression of any type (`set(field, expr)`, indicator sums). */
Rule *rule_parse_scalar(const char *text, const RuleSchema *schema, GError **error);
void rule_free(Rule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rule, rule_free)

/* Is the condition true of the row (one value per schema column)? Cost: tens of ns, no allocation. */
gboolean rule_holds(const Rule *rule, const RuleValue *row);
/* Value of a scalar expression; text results belong to the row or to the rule. A condition's value has three
 * outcomes: true, false, NULL. */
RuleValue rule_value(const Rule *rule, const RuleValue *row);
/* Of its values when they are not NULL; RULE_NULL: never anything else. */
RuleType rule_type(const Rule *rule);
const char *rule_text(const Rule *rule); /* as given */
/* Does it read this column (an index of the schema)? For "which facts decide this". */
gboolean rule_reads(const Rule *rule, int column);
