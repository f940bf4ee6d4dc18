/* portal.h - the counter for those a case is about: who holds a party's link follows the case, does what the
 * procedure lets that party do, and sees who looked at their data.
 *
 * A link is a capability: it names the case and proves the party (guard_party_link), nothing is stored. It
 * shows open facts, titles and times; no private fact, nothing of other parties, no official's name. Threads:
 * deeds in write jobs; pages on any snapshot. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define PORTAL_ERROR (g_quark_from_static_string("portal"))
enum {
    PORTAL_ERROR_LINK,  /* leads nowhere; one text for all, so that links cannot be tried out */
    PORTAL_ERROR_PUBLIC /* no such service for the public */
};

/* The case and which of its parties holds the link; `party` belongs to the case's pack. */
Case *portal_follow(CaseRoom *room, StoreConn *conn, const char *link, const PackParty **party,
                    GError **error);
/* Keys of the open object `out`, in the shape of ResidentPage of api/routes.def: what the case is, where it
 * stands, what happened and when, what the party can do now, who looked. */
gboolean portal_page(CaseRoom *room, StoreConn *conn, const Case *c, const PackParty *party, gint64 now,
                     BaseJson *out, GError **error);
/* Fire an event as that party; `happened_at` as CaseActor's. Ratings are loop/close's: refused here. */
gboolean portal_act(CaseRoom *room, StoreConn *conn, const Case *c, const PackParty *party, const char *event,
                    const json_t *fields, gint64 happened_at, gint64 now, GError **error);

/* ---- without a link ---- */
/* Mappings that say `public: true`: what anybody may bring. ServiceList. */
void portal_services(CaseRoom *room, BaseJson *out);
/* The mapping, or PORTAL_ERROR_PUBLIC. */
const PackMapping *portal_mapping(CaseRoom *room, const char *pack, const char *mapping, GError **error);
