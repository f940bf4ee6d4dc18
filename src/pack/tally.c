/* tally.c - the figures of one scenario: what its events amount to, and whether that is what it wants. */
#include "pack/scenario.h"
#include <math.h>
#include <string.h>

struct PackTally { /* one per indicator, as an array */
    IndicatorDelta sum;
    GArray *seen;    /* IndicatorSeen in ascending order, of a percentile */
    GHashTable *out; /* id of the exclusion -> how many */
};

struct PackTally *pack_tally_new(const Pack *pack)
{
    struct PackTally *tally = g_new0(struct PackTally, pack_indicators(pack) + 1);
    for (gsize i = 0; i < pack_indicators(pack); i++) {
        tally[i].seen = g_array_new(FALSE, FALSE, sizeof(IndicatorSeen));
        tally[i].out = g_hash_table_new(g_str_hash, g_str_equal);
    }
    return tally;
}

void pack_tally_free(struct PackTally *tally, const Pack *pack)
{
    for (gsize i = 0; i < pack_indicators(pack); i++) {
        g_array_unref(tally[i].seen);
        g_hash_table_unref(tally[i].out);
    }
    g_free(tally);
}

static void see(GArray *seen, gint64 value)
{
    guint at = 0;
    while (at < seen->len && g_array_index(seen, IndicatorSeen, at).value < value) {
        at++;
    }
    if (at < seen->len && g_array_index(seen, IndicatorSeen, at).value == value) {
        g_array_index(seen, IndicatorSeen, at).n++;
    } else {
        const IndicatorSeen once = { value, 1 };
        g_array_insert_val(seen, at, once);
    }
}

void pack_run_weigh(PackRun *run)
{
    for (gsize i = 0; i < pack_indicators(run->pack); i++) {
        const Indicator *indicator = pack_indicator_at(run->pack, i)->indicator;
        struct PackTally *tally = &run->figures[i];
        IndicatorDelta delta = { 0 };
        if (!indicator_weigh(indicator, run->row, &delta)) {
            continue;
        }
        indicator_add(&tally->sum, delta);
        if (delta.excluded) {
            char *why = (char *)indicator_excludes(indicator, run->row);
            const int before = GPOINTER_TO_INT(g_hash_table_lookup(tally->out, why));
            g_hash_table_insert(tally->out, why, GINT_TO_POINTER(before + 1));
        } else if (delta.den && indicator_kind(indicator) == INDICATOR_PERCENTILE) {
            see(tally->seen, delta.num);
        }
    }
}

/* ---- comparing ---- */
static const struct PackTally *find(PackRun *run, const json_t *in, const char *id)
{
    const int i = pack_indicator_find(run->pack, id);
    if (i < 0) {
        pack_run_fail(run, in, id, "wanted %s, which is no indicator of this pack", id);
    }
    return i < 0 ? NULL : &run->figures[i];
}

static void compare_sums(PackRun *run, const json_t *figures)
{
    const char *id;
    json_t *pair;
    json_object_foreach((json_t *)figures, id, pair)
    {
        const struct PackTally *tally = find(run, figures, id);
        const gint64 num = json_integer_value(json_array_get(pair, 0)),
                     den = json_integer_value(json_array_get(pair, 1));
        if (tally && (num != tally->sum.num || den != tally->sum.den)) {
            pack_run_fail(run, figures, id,
                          "wanted %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ", got %" G_GINT64_FORMAT
                          "/%" G_GINT64_FORMAT,
                          id, num, den, tally->sum.num, tally->sum.den);
        }
    }
}

/* Of one case there is one period, and none before it. */
static gboolean figure(gsize i, const char *period, gpointer data, double *out)
{
    const PackRun *run = data;
    const Indicator *indicator = pack_indicator_at(run->pack, i)->indicator;
    const GArray *seen = run->figures[i].seen;
    return indicator_kind(indicator) == INDICATOR_PERCENTILE
               ? indicator_rank(indicator, (const IndicatorSeen *)(gpointer)seen->data, seen->len, out)
               : indicator_result(indicator, run->figures[i].sum, out);
}

static void compare_values(PackRun *run, const json_t *values)
{
    const char *id;
    json_t *wanted;
    json_object_foreach((json_t *)values, id, wanted)
    {
        const int i = pack_indicator_find(run->pack, id);
        double got = NAN, want = json_is_number(wanted) ? json_number_value(wanted) : NAN;
        if (!find(run, values, id)) {
            continue;
        }
        pack_indicator_value(run->pack, (gsize)i, "", figure, run, &got);
        if (isnan(got) != isnan(want) || fabs(got - want) > 1e-9 * MAX(1, fabs(want))) {
            char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];
            pack_run_fail(run, values, id, "wanted %s %s, got %s", id,
                          isnan(want) ? "none" : g_ascii_formatd(a, sizeof a, "%.12g", want),
                          isnan(got) ? "none" : g_ascii_formatd(b, sizeof b, "%.12g", got));
        }
    }
}

static void compare_excluded(PackRun *run, const json_t *excluded)
{
    const char *id, *why;
    json_t *counts, *n;
    json_object_foreach((json_t *)excluded, id, counts)
    {
        const struct PackTally *tally = find(run, excluded, id);
        if (!tally) {
            continue;
        }
        json_object_foreach(counts, why, n)
        {
            const int got = GPOINTER_TO_INT(g_hash_table_lookup(tally->out, why));
            if (got != json_integer_value(n)) {
                pack_run_fail(run, counts, why, "wanted %d taken out of %s as %s, got %d",
                              (int)json_integer_value(n), id, why, got);
            }
        }
    }
}

void pack_run_compare_figures(PackRun *run, const json_t *whole)
{
    compare_sums(run, json_object_get(whole, "figures"));
    compare_values(run, json_object_get(whole, "values"));
    compare_excluded(run, json_object_get(whole, "excluded"));
}
