/* document.h - the writing desk: draws a case's documents, asks for signatures, takes them, seals, and lets
 * anybody check what they hold.
 *
 * A template's places are filled in the job of the event that calls for it, and what they held is kept: from
 * then on the document says that, whatever the case says. What is to be signed is drawn there too (about 10
 * ms), so that all signers are shown the same bytes, known by their SHA-256; a document without signers when
 * somebody first wants it, which seals it (its SHA-256 until then is that of what it says). A signature is
 * taken for the SHA-256 its signer was shown, from who is asked, while the case's chart awaits
 * signed.<document>; the last one seals, and fires that event as the system. A refusal or an objection makes
 * the version void, with all its signatures, and fires refused.<document> or objected.<document>. Threads:
 * stages and deeds in write jobs; views on any snapshot. The desk outlives nobody's calls. */
#pragma once
#include "base/json.h"
#include "loop/case/paper.h"

#define DOCUMENT_ERROR (g_quark_from_static_string("document"))
enum {
    DOCUMENT_ERROR_LINK,    /* leads nowhere; one text for all */
    DOCUMENT_ERROR_CHANGED, /* not the text that is to be signed (any more) */
    DOCUMENT_ERROR_STATE,   /* not asked now: signed already, another's turn, or the case waits no more */
    DOCUMENT_ERROR_ANSWER,  /* strokes or a reason are wanted */
    DOCUMENT_ERROR_GRANT    /* no purpose shows this user what the document names */
};

typedef struct DocumentDesk DocumentDesk;
/* Enrols in the room for document(...) and sign(...); it must outlive the desk's jobs. `public_url`: before
 * "/v/<code>" on paper and "/s/<link>" for a signer's telephone; "" when not known. */
DocumentDesk *document_desk_new(CaseRoom *room, const char *public_url);
void document_desk_free(DocumentDesk *desk); /* NULL is fine */

/* ---- for those who are signed in ---- */
/* DocumentList. `reasons`: why somebody refused or objected is told too; the caller holds a grant. */
gboolean document_view_case(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const GuardUser *user,
                            gboolean reasons, BaseJson *out, GError **error);
/* The rules (of `rules`) under which all that the document names is seen in full, into `out` (GuardRule). */
gboolean document_rules(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                        const GuardRule *rules, gsize n, GArray *out, GError **error);
/* Draws and seals a document without signers whose PDF nobody wanted yet; nothing else is done to others. In
 * a write job; `paper` is current afterwards. */
gboolean document_settle(DocumentDesk *desk, StoreConn *conn, CasePaper *paper, gint64 now, GError **error);
/* What is sealed, or else what is to be signed; settled before. */
GBytes *document_pdf(StoreConn *conn, const CasePaper *paper, GError **error);

typedef struct {
    const char *signer; /* of a link: NULL */
    const char *sha256; /* hex, of what was shown */
    const char *reason;
    const json_t *strokes;
    CaseSignerState deed; /* SIGNED, REFUSED, OBJECTED */
    gint64 device_at;
} DocumentAnswer;
/* As one of the user's roles. SignDone. */
gboolean document_answer(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                         int version, const DocumentAnswer *answer, const GuardUser *user, gint64 now,
                         BaseJson *out, GError **error);
/* A party's link, to be shown to them; logged. SignLink: `path`, and `url` when the public one is known. */
gboolean document_link(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                       int version, const char *signer, const CaseActor *actor, gint64 now, BaseJson *out,
                       GError **error);

/* ---- for who holds a link ---- */
gboolean document_page(DocumentDesk *desk, StoreConn *conn, const char *link, BaseJson *out, GError **error);
/* Logs that they were shown it; commit before the bytes leave. */
GBytes *document_shown(DocumentDesk *desk, StoreConn *conn, const char *link, gint64 now, GError **error);
gboolean document_answer_by_link(DocumentDesk *desk, StoreConn *conn, const char *link,
                                 const DocumentAnswer *answer, gint64 now, BaseJson *out, GError **error);
/* Key "documents": what this party of the case is asked to sign or has signed. */
gboolean document_put_party(DocumentDesk *desk, StoreConn *conn, const Case *c, const char *party,
                            BaseJson *out, GError **error);

/* ---- for anybody ---- */
/* Verified. A code is read without regard to case, blanks and hyphens; O is 0, I and L are 1. */
gboolean document_verify(DocumentDesk *desk, StoreConn *conn, const char *code, BaseJson *out,
                         GError **error);
