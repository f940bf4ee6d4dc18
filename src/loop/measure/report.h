/* report.h - reports: figures of a period put together for an audience and frozen as an edition.
 *
 * Freezing computes every figure at one position of the ledger and logs them as one event, "report.frozen",
 * whose body is the edition. It never changes (统计法 7, which was 6 before 2024; law 7): a correction is a
 * further edition, which names the one it corrects and says why and what is different. An edition's digest is
 * the SHA-256 of its canonical text; on rebuild and verify the text is made again from the ledger up to that
 * position, and must have the same digest. Threads: freezing in a write job, the rest on any snapshot. */
#pragma once
#include "loop/measure/measure.h"

#define REPORT_ERROR (g_quark_from_static_string("report"))
enum {
    REPORT_ERROR_UNKNOWN,   /* no such report, period or edition */
    REPORT_ERROR_REASON,    /* there is an edition already, and no reason was given for another */
    REPORT_ERROR_UNCHANGED, /* nothing differs from the last edition */
    REPORT_ERROR_EARLY      /* the period has not begun */
};

typedef struct {
    const char *pack, *report, *period;
    const char *why; /* of a correction; NULL: none */
    const char *actor;
    gint64 now;
} MeasureFreeze;
/* *edition: its number, from 1. */
gboolean measure_report_freeze(CaseRoom *room, StoreConn *conn, const MeasureFreeze *freeze, gint64 *edition,
                               GError **error);
/* What would be frozen now, with `corrects` when there is an edition: new reference. */
json_t *measure_report_draft(CaseRoom *room, StoreConn *conn, const MeasureFreeze *freeze, GError **error);

/* Editions, newest first: { pack, id, title_zh, title_en, period, edition, at, actor, version, digest, size,
 * last, why, sound }. `roles`: only reports whose audience has one of them; NULL: all. `sound`: the digest
 * that the ledger gave is that of the body. */
gboolean measure_report_list(CaseRoom *room, StoreConn *conn, const char *const *roles, BaseJson *out,
                             GError **error);
/* One edition: its body, with `at`, `actor`, `digest`, `seq`, `last` (is there none after it) beside it.
 * Edition 0: the last. */
json_t *measure_report_get(CaseRoom *room, StoreConn *conn, const char *pack, const char *report,
                           const char *period, gint64 edition, GError **error);
/* Is it what the ledger says? The edition is made again from the lines of the events before it, whatever came
 * later: { edition, digest, again, same, sound, differences: [{ section, id, group, was?, is? }] }, `again`
 * the digest of what came out, `same` that it is that of the edition to the byte. With all figures the same
 * it may still differ: an organisation has another name since, or the edition before it was changed. `bihuan
 * verify` says more, by replaying the ledger itself. New reference. Cost: the lines of the periods it speaks
 * of. */
json_t *measure_report_check(CaseRoom *room, StoreConn *conn, const char *pack, const char *report,
                             const char *period, gint64 edition, GError **error);
/* May somebody with these roles see the report? NULL roles: yes. */
gboolean measure_report_meant_for(CaseRoom *room, const char *pack, const char *report,
                                  const char *const *roles);
void measure_report_enrol(CaseRoom *room); /* rows of editions on rebuild; measure_enrol does it */
