/* intake.h - what came in: tables and JSON become signals, each with exactly one disposition.
 *
 * A table is read once, row by row, in chunks; each chunk is one durable job. A row that cannot become a
 * signal is reported with its line and reason and does not stop the others. Reading the same file again opens
 * nothing twice: a row without a reference of its own is known by what it says (a keyed mark) and which of
 * equal rows it is. */
#pragma once
#include "base/csv.h"
#include "base/json.h"
#include "loop/case/case.h"

#define INTAKE_ERROR (g_quark_from_static_string("intake"))
enum { INTAKE_ERROR_FILE, INTAKE_ERROR_MAPPING };

typedef struct {
    gint64 rows, opened, again, joined, rejected, bad; /* rows = sum of the others */
    gint64 bytes_done, bytes_all;
} IntakeCount;
typedef void (*IntakeProgress)(const IntakeCount *count, gpointer data);
typedef void (*IntakeBadRow)(gsize line, const char *why, gpointer data);

typedef struct {
    const char *pack, *mapping;   /* mapping NULL: the pack's only one whose columns all are there */
    const BaseEncoding *encoding; /* NULL: guessed */
    const CaseActor *actor;
    IntakeProgress progress;
    IntakeBadRow bad_row;
    gpointer data;
    gint64 now; /* received at; 0: each row's own time (replay, virtual time) */
} IntakeOptions;

/* The whole table. FALSE: the file as a whole is refused (nothing of it was stored when it fails before its
 * first chunk; `count` says how far it got otherwise). */
gboolean intake_table(CaseRoom *room, const guint8 *bytes, gsize length, const IntakeOptions *options,
                      IntakeCount *count, GError **error);
/* Signals of a table without storing them, in the order of their time: for live replay. Array of PackSignal,
 * cleared by its free function. */
GArray *intake_read(CaseRoom *room, const guint8 *bytes, gsize length, const IntakeOptions *options,
                    IntakeCount *count, GError **error);
/* One JSON object inside a write job. `ref` (NULL: what the object says, or a new one) names it at its
 * source. `outcome` gets "opened", "again" or "rejected". */
gboolean intake_json(CaseRoom *room, StoreConn *conn, const Pack *pack, const PackMapping *mapping,
                     const json_t *object, const char *source, const char *ref, const CaseActor *actor,
                     gint64 now, BaseId *id, const char **outcome, GError **error);
