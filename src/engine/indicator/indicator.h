/* indicator.h - figures: numerator and denominator over a stream of facts, by group and period, kept current
 * and able to be computed again.
 *
 * A fact is one row (engine/rule) at one instant, in one group (organisation, area, pack ...). For each
 * indicator whose `when` holds, `den` adds to the denominator and `num` to the numerator of the cell
 * (indicator, period, group). A boolean expression adds 1 when true; a scalar adds its value; NULL adds
 * nothing and counts as left out. Sums are 64-bit integers in the expression's own unit, so any order of the
 * same facts gives the same bits. Threads: definitions are read-only; a delta belongs to its caller. Knows
 * nothing of stores: the caller adds the deltas to wherever cells live. */
#pragma once
#include "base/calendar.h"
#include "engine/rule/rule.h"

#define INDICATOR_ERROR (g_quark_from_static_string("indicator"))
enum {
    INDICATOR_ERROR_TYPE,   /* num or den is text or a decimal */
    INDICATOR_ERROR_MISSING /* a ratio without den, or a count or mean with one */
};

typedef enum { INDICATOR_DAY, INDICATOR_MONTH, INDICATOR_YEAR } IndicatorPeriod;
typedef enum { INDICATOR_RATIO, INDICATOR_COUNT, INDICATOR_MEAN } IndicatorKind;

typedef struct Indicator Indicator;

/* `when`: which facts speak to it (NULL: all); `num`, `den`: see above (den NULL: a count; kind MEAN: num /
 * den with num a scalar and den the facts where num is not NULL). Texts are copied. Errors are rule.h's,
 * prefixed with the part's name. */
Indicator *indicator_new(const char *id, IndicatorKind kind, const char *when, const char *num,
                         const char *den, const RuleSchema *schema, GError **error);
void indicator_free(Indicator *indicator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indicator, indicator_free)
const char *indicator_id(const Indicator *indicator);
IndicatorKind indicator_kind(const Indicator *indicator);

typedef struct {
    gint64 num, den, left_out; /* left_out: facts that `when` took in but num or den could not judge (NULL) */
} IndicatorDelta;

/* What this fact adds; FALSE when `when` does not hold (delta untouched). A fact that num or den cannot judge
 * adds to neither, only to left_out. Cost: tens of ns. */
gboolean indicator_weigh(const Indicator *indicator, const RuleValue *row, IndicatorDelta *delta);
void indicator_add(IndicatorDelta *sum, IndicatorDelta delta);
/* num/den as a value for people: ratio and mean as a real, count as num; FALSE (out untouched) when the
 * denominator of a ratio or mean is empty. */
gboolean indicator_result(IndicatorKind kind, IndicatorDelta sum, double *out);
/* Text of the period an instant falls in: "2026-11-23", "2026-11", "2026". `out` has 11 bytes. Years stay
 * within 0000..9999: what is beyond counts to the first or last day. */
void indicator_period(IndicatorPeriod period, gint64 t, gint64 utc_offset, char out[11]);
