/* play.h - people who do not exist do the work: a simulation of staff and residents on the real loop.
 *
 * Signals arrive at their times; after every event of a case, the habits of its service's script say who
 * would act next in each state it stands in, after how long, and with what; such an act stands until its
 * state is left. Clocks are passed, and plans open, at the very instant they are due (plans until the last
 * signal: they would go on for ever). Everything happens in the order of city time, drawn from one seed,
 * inside write jobs of the caller: in virtual time as fast as the store allows, or paced by a running clock.
 * Acts go through the same case_fire, close_rate and supervise_tick as real people's. Threads: one thread at
 * a time, inside jobs. A failed job leaves the play behind the store: stop playing then. */
#pragma once
#include "base/chance.h"
#include "city/script.h"
#include "desk/document/document.h"
#include "loop/case/case.h"

typedef struct Play Play;
/* Listens to `room`, so make it before the first deed and free it after the last. `documents`: where papers
 * are signed. */
Play *play_new(CaseRoom *room, DocumentDesk *documents, guint64 seed);
void play_free(Play *play);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Play, play_free)

/* How the room's services are played: <folder>/<service>.yaml of each; one without a script is not played.
 * The first refusal is the error. Before the first deed. */
gboolean play_learn(Play *play, const char *folder, GError **error);
const Script *play_script(Play *play, const Pack *pack); /* NULL: not played */
/* Signals of one pack and the source `name`, sorted by time; taken over (GArray of PackSignal). Repeatable.
 */
void play_signals(Play *play, const Pack *pack, const char *name, GArray *signals);

/* Inside a job: up to `limit` acts that are due by `until`. *acted says how many. */
gboolean play_step(Play *play, StoreConn *conn, gint64 until, int limit, int *acted, GError **error);
gint64 play_now(const Play *play);      /* time of the last act */
gint64 play_first(const Play *play);    /* time of the earliest signal handed over; 0: there is none */
gint64 play_arrived(const Play *play);  /* signals that came in so far */
gint64 play_expected(const Play *play); /* and that were handed over in all */
/* The median place of the signals handed over: where to put units for a table from elsewhere. FALSE: no place
 * known. */
gboolean play_middle(const Play *play, BasePoint *out);
