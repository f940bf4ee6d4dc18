/* home.h - a city's folder opened: store, keys, packs, and the stages enrolled in the case room.
 *
 *   FOLDER/store/   the database        FOLDER/keys/   the log's and the residents' keys (0700)
 *   FOLDER/sign-ins.json                made by `demo` only
 * This is where what is real is decided: SQLite on disk, the system's clock, the system's chance. */
#pragma once
#include "base/clock.h"
#include "desk/document/document.h"
#include "loop/case/case.h"
#include "loop/dispatch/dispatch.h"

#define CLI_ERROR (g_quark_from_static_string("cli"))
enum { CLI_ERROR_USE, CLI_ERROR_FOLDER, CLI_ERROR_UNSOUND };

typedef struct {
    const char *folder, *packs; /* NULL: $BIHUAN_FOLDER or "var/city"; $BIHUAN_PACKS or "packs" */
    gboolean create;            /* make it when it is not there */
    gboolean in_memory;         /* nothing on disk: virtual time */
    BaseChance chance;
    gint64 at;              /* city time for what opening itself logs (new packs) */
    gboolean without_packs; /* for commands that read the ledger alone */
} HomeOptions;

typedef struct {
    char *folder;
    Store *store;
    Guard *guard;
    CaseRoom *room;
    Dispatch *dispatch;
    DocumentDesk *documents;
} Home;

gboolean home_open(Home *home, const HomeOptions *options, GError **error);
void home_close(Home *home);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Home, home_close)
char *home_folder(const char *given); /* the folder that is meant; caller frees */
char *home_packs(const char *given);
