/* roster.c - reads the table of mediation organisations that is built in. */
#include "city/roster.h"
#include "base/csv.h"
#include "loop/case/register.h"
#include "organisations.gen.h"
#include <string.h>

#define ACTOR "system:demo"

enum { ORG, NAME, TIER, SPECIALITY, AREA, LANGUAGES, COLUMNS };

/* Who stands there without a tier diverts disputes and mediates none. */
static gboolean enter(CaseRoom *room, StoreConn *conn, char **f, gint64 now, GError **error)
{
    const Pack *pack = case_room_pack(room, "mediation");
    if (!*f[TIER] || !pack || !pack_register(pack, "organisations")) return TRUE;
    const CaseActor keeper = { .actor = ACTOR, .roles = CASE_SYSTEM.roles };
    json_t *facts =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "org", f[ORG], "name", f[NAME], "tier", f[TIER],
                  "speciality", f[SPECIALITY], "area", f[AREA], "languages", f[LANGUAGES]);
    gboolean ok = case_register_put(room, conn, pack, "organisations", facts, now, 0, &keeper, now, error);
    json_decref(facts);
    return ok;
}

static gboolean settle(CaseRoom *room, StoreConn *conn, char **f, gint64 now, GError **error)
{
    const char *area = strcmp(f[AREA], "ALL") ? f[AREA] : "", *kind = *f[TIER] ? "mediation" : "centre";
    return case_put_org(room, conn, f[ORG], f[NAME], NULL, area, kind, ACTOR, now, error) &&
           enter(room, conn, f, now, error);
}

gboolean roster_settle(CaseRoom *room, StoreConn *conn, gint64 now, GError **error)
{
    g_autoptr(BaseCsv) csv = base_csv_new((const guint8 *)organisations_csv, strlen(organisations_csv), NULL,
                                          BASE_CSV_LIMITS, error);
    char **row;
    gsize n;
    const char *why;
    if (!csv || base_csv_next(csv, &row, &n, &why, error) != BASE_CSV_ROW) return FALSE; /* the header */
    while (base_csv_next(csv, &row, &n, &why, error) == BASE_CSV_ROW) {
        if (n == COLUMNS && settle(room, conn, row, now, error)) continue;
        g_prefix_error(error, "data/city/organisations.csv:%" G_GSIZE_FORMAT ": ", base_csv_line(csv));
        return FALSE;
    }
    return TRUE;
}
