/* inside.h - what the files of this room share. */
#pragma once
#include "desk/document/document.h"
#include "engine/paper/body.h"

struct DocumentDesk {
    CaseRoom *room;
    char *public_url;
};

/* ---- draw.c ---- */
typedef struct {
    const PackDocument *document;
    const char *number, *code, *public_url;
    int version;
    gint64 at, utc_offset;
    const json_t *values;           /* as fill() made them */
    const CasePaper *paper;         /* with signatures; NULL: lines to sign on */
    const json_t *const *signed_by; /* strokes, per signer; NULL */
} DocumentDraw;
GBytes *document_draw(const DocumentDraw *draw, guint *pages, GError **error);

#define DOCUMENT_PACK "_pack" /* among the values: the version of the service */
/* ---- fill.c: {place: text}, "_history", "_name.<signer>", DOCUMENT_PACK; new reference ---- */
json_t *document_fill(DocumentDesk *desk, StoreConn *conn, const Case *c, const PackDocument *document,
                      const char *number, int version, gint64 now, GError **error);

/* ---- seal.c ---- */
void document_hash(GBytes *bytes, guint8 out[CASE_PAPER_HASH]);
/* Keeps the bytes; sealed ones with both signatures over a statement of what they are. */
gboolean document_keep(DocumentDesk *desk, StoreConn *conn, const BaseId *case_id, GBytes *bytes,
                       const guint8 sha256[CASE_PAPER_HASH], const char *statement, GError **error);
char *document_statement(const char *case_number, const CasePaper *paper,
                         const guint8 sha256[CASE_PAPER_HASH], gint64 at);

/* ---- sign.c ---- */
extern const CaseActor DOCUMENT_SYSTEM;
gboolean document_awaits(const Case *c, const char *document);
gboolean document_file(StoreConn *conn, const guint8 sha256[CASE_PAPER_HASH], GBytes **out, GError **error);
