/* edition.h - the text of one edition of a report, for the desks of this room. */
#pragma once
#include "loop/measure/report.h"

typedef struct {
    const Pack *pack;
    const PackReport *report; /* of this version of the pack */
    const char *period, *why;
    gint64 size; /* of the ledger before it */
    gint64 now;
    const json_t *last; /* body of the edition before it; NULL: this is the first */
    gboolean past; /* from the lines of the first `size` events, whatever came later; else from the cells */
} EditionOf;
/* New reference. */
json_t *edition_make(CaseRoom *room, StoreConn *conn, const EditionOf *of, GError **error);
/* Every value of one that the other says otherwise, or does not have: { section, id, group, was?, is? } of
 * both bodies' sections. New reference. */
json_t *edition_differences(const json_t *was, const json_t *is);
/* Do both say the same figures, of the same meaning? */
gboolean edition_same(const json_t *a, const json_t *b);
