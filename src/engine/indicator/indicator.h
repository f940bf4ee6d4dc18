/* indicator.h - figures: numerator and denominator over a stream of facts, by group and period, kept current
 * and able to be computed again; and figures made of other figures.
 *
 * A fact is one row (engine/rule) at one instant, in one group (organisation, area, pack ...). For each
 * indicator whose `when` holds and that no exclusion takes out, `den` adds to the denominator and `num` to
 * the numerator of the cell (indicator, period, group). A boolean expression adds 1 when true; a scalar adds
 * its value; NULL adds nothing and counts as left out. Sums are 64-bit integers in the expression's own unit,
 * so any order of the same facts gives the same bits. A derived figure is a formula over the values of
 * others, a score their weighted shares of the way from `zero` to `full`; both are pure functions of those
 * values. Threads: definitions are read-only; a delta belongs to its caller. Knows nothing of stores: the
 * caller adds the deltas to wherever cells live. */
#pragma once
#include "base/calendar.h"
#include "engine/rule/rule.h"

#define INDICATOR_ERROR (g_quark_from_static_string("indicator"))
enum {
    INDICATOR_ERROR_TYPE,   /* num or den is text or a decimal; a formula is no number */
    INDICATOR_ERROR_MISSING /* a ratio without den, or another kind with one */
};

typedef enum {
    INDICATOR_RATIO,
    INDICATOR_COUNT,
    INDICATOR_MEAN,
    INDICATOR_PERCENTILE,
    INDICATOR_DERIVED,
    INDICATOR_SCORE
} IndicatorKind;
const char *indicator_kind_name(IndicatorKind kind); /* "ratio", "count" ... */

typedef struct Indicator Indicator;

/* ---- figures over facts ---- */

typedef struct {
    const char *id, *when; /* a fact of which `when` holds is taken out, by the first that holds */
} IndicatorExclusion;

/* `when`: which facts speak to it (NULL: all); `num`, `den`: see above. RATIO alone has a den. MEAN: num over
 * the facts where num is not NULL. PERCENTILE: `percentile` (1..99) of num over those. */
typedef struct {
    const char *id;
    IndicatorKind kind;
    const char *when, *num, *den;
    const IndicatorExclusion *excluded;
    gsize n_excluded;
    int percentile;
    gboolean empty_is_zero; /* nothing to divide by: 0 instead of no value */
} IndicatorDef;

/* Texts are copied. Errors are rule.h's, prefixed with the part's name ("when: ", "excluded duplicate: "). */
Indicator *indicator_new(const IndicatorDef *def, const RuleSchema *schema, GError **error);
void indicator_free(Indicator *indicator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indicator, indicator_free)
const char *indicator_id(const Indicator *indicator);
IndicatorKind indicator_kind(const Indicator *indicator);
gboolean indicator_empty_is_zero(const Indicator *indicator);
int indicator_percentile(const Indicator *indicator); /* 0: none */

typedef struct {
    gint64 num, den;
    gint64 left_out; /* facts that `when` took in but num or den could not judge (NULL) */
    gint64 excluded; /* facts that an exclusion took out */
} IndicatorDelta;

/* What this fact adds; FALSE when `when` does not hold, and always of DERIVED and SCORE (delta untouched). A
 * fact adds either to num and den, or 1 to left_out, or 1 to excluded. Cost: tens of ns. */
gboolean indicator_weigh(const Indicator *indicator, const RuleValue *row, IndicatorDelta *delta);
/* Id of the exclusion that takes this fact out; NULL: none. */
const char *indicator_excludes(const Indicator *indicator, const RuleValue *row);
void indicator_add(IndicatorDelta *sum, IndicatorDelta delta);
/* num/den as a value for people: ratio and mean as a real, count as num; FALSE (out untouched) when the
 * denominator of a ratio or mean is empty and that is not zero. Not for PERCENTILE, DERIVED, SCORE. */
gboolean indicator_result(const Indicator *indicator, IndicatorDelta sum, double *out);

/* Values and how often each was seen, in ascending order: mergeable and exact, so any order of the same facts
 * gives the same percentile. Nearest rank: the smallest value that `percentile` in a hundred do not exceed.
 * FALSE when n is 0 and that is not zero. */
typedef struct {
    gint64 value, n;
} IndicatorSeen;
gboolean indicator_rank(const Indicator *indicator, const IndicatorSeen *seen, gsize n, double *out);

/* ---- figures over figures (derive.c) ---- */

typedef enum { INDICATOR_SAME, INDICATOR_PERIOD_BEFORE, INDICATOR_YEAR_BEFORE } IndicatorShift;
typedef struct {
    gsize of; /* index among the ids given to indicator_names */
    IndicatorShift shift;
} IndicatorUse;

/* What a formula may name: of each id x the value x, and period_before(x), year_before(x), and
 * year_on_year(x), which is x / year_before(x) - 1. NULL when an id is too long to be named: *bad. */
RuleSchema *indicator_names(const char *const *ids, gsize n, gsize *bad);
/* `names` must outlive it. */
Indicator *indicator_derived_new(const char *id, const char *expr, const RuleSchema *names,
                                 gboolean empty_is_zero, GError **error);
typedef struct {
    gsize of;
    double weight, full, zero; /* at `full` and beyond it has all of its weight, at `zero` none; linear */
} IndicatorPart;
Indicator *indicator_score_new(const char *id, const IndicatorPart *parts, gsize n, gboolean empty_is_zero);

/* The values it is made of, each once, in ascending order; none for figures over facts. */
const IndicatorUse *indicator_uses(const Indicator *indicator, gsize *n);
const IndicatorPart *indicator_parts(const Indicator *indicator, gsize *n); /* of a score */
/* From the values of its uses, NAN standing for none. FALSE: no value (out untouched). A score without one of
 * its parts has no value, unless empty is zero: then that part earns nothing. */
gboolean indicator_derive(const Indicator *indicator, const double *values, double *out);

/* ---- periods (period.c) ---- */

typedef enum {
    INDICATOR_DAY,
    INDICATOR_MONTH,
    INDICATOR_QUARTER,
    INDICATOR_HALF_YEAR,
    INDICATOR_YEAR
} IndicatorPeriod;
/* Text of the period an instant falls in: "2026-11-23", "2026-11", "2026-Q4", "2026-H2", "2026". `out` has 11
 * bytes. Years stay within 0000..9999: what is beyond counts to the first or last day. */
void indicator_period(IndicatorPeriod period, gint64 t, gint64 utc_offset, char out[11]);
/* The same for a day's text. */
void indicator_period_of_day(IndicatorPeriod period, const char *day, char out[11]);
/* Is it such a text; which kind. */
gboolean indicator_period_parse(const char *text, IndicatorPeriod *period);
/* Days in it are the texts d with from <= d < to. `text` NULL or "": every day. Both have 12 bytes. */
void indicator_period_days(const char *text, char from[12], char to[12]);
/* The one before it, and the same one a year before (of 29 February: the 28th); FALSE when there is none. */
gboolean indicator_period_before(const char *text, char out[11]);
gboolean indicator_year_before(const char *text, char out[11]);
/* The first instant after it. */
gint64 indicator_period_end(const char *text, gint64 utc_offset);
