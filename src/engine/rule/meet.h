/* meet.h - can conditions hold together, or one of them at all?
 *
 * Exact for conditions that compare a column (or coalesce(column, value)) with values, test it for NULL, or
 * say that two texts are equal or not: then only finitely many rows differ, and each is tried. Of arithmetic,
 * of order between columns, and of conditions over too many columns nothing is said. Columns are taken to
 * have nothing to do with one another. Threads: no state. */
#pragma once
#include "engine/rule/rule.h"

#define RULE_MEET_ROWS 20000 /* rows tried, about 100 ns each */

typedef struct { /* what a column may hold; all zero: anything of its type, or NULL */
    gboolean never_null, bounded;
    gint64 min, max;           /* of a number, when bounded */
    const char *const *values; /* of a text: one of these; NULL: any */
    gsize n_values;
} RuleDomain;

typedef enum { RULE_MEET_NEVER, RULE_MEET_SOMETIMES, RULE_MEET_UNKNOWN } RuleMeet;

/* `domains` and `row` have one entry a column of the schema. SOMETIMES: `row` is filled with values for which
 * all n rules hold, NULL where no rule looks; its texts belong to the rules, the domains, or nobody. */
RuleMeet rule_meet(const RuleSchema *schema, const Rule *const *rules, gsize n, const RuleDomain *domains,
                   RuleValue *row);
/* A text in such a row that stands for any that no condition names. */
gboolean rule_meet_other(const char *text);
