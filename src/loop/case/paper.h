/* paper.h - a case's documents: made from the case's facts, asked to be signed, signed, sealed; or void.
 *
 * Each change is one ledger event ("document.<what>"), the rows are its projections. Drawing the PDF, sealing
 * and asking people are desk/document's; here stands only what may follow what, and the one way by which
 * private facts get onto paper. The bytes of a PDF are no projection: they are kept under their SHA-256
 * (table paper_file), which stands in the event. What was written into the places of the text is kept too
 * (private), so that the signed PDF says what the signers read, whatever the case says by then.
 *
 *   made      version n of a template; earlier versions that are not void are superseded, their signatures
 *             void
 *   asked     every signer (or the first, in order) is asked
 *   signed    by one signer; private: the strokes (shape only, no pressure and no speed)
 *   refused, objected   by one signer; private: the reason; the version and its other signatures are void
 *   sealed    SHA-256 of the final PDF: with everybody's signature; or, without signers, as it was first drawn
 *   linked    a clerk was shown a signer's link; no row
 *   shown     the holder of a link was shown the PDF; no row
 * Threads: changes in write jobs. */
#pragma once
#include "loop/case/case.h"

typedef enum {
    CASE_PAPER_MADE,
    CASE_PAPER_SIGNING,
    CASE_PAPER_SEALED,
    CASE_PAPER_VOID,
    CASE_PAPER_SUPERSEDED
} CasePaperState;
const char *case_paper_state_name(CasePaperState state);

typedef enum {
    CASE_SIGNER_WAITING, /* not asked yet */
    CASE_SIGNER_ASKED,
    CASE_SIGNER_SIGNED,
    CASE_SIGNER_REFUSED,
    CASE_SIGNER_OBJECTED,
    CASE_SIGNER_VOID /* what was signed does not count any more, or need not be signed */
} CaseSignerState;
const char *case_signer_state_name(CaseSignerState state);

#define CASE_PAPER_CODE 17            /* verification code: 16 characters of Crockford's base 32, with NUL */
#define CASE_PAPER_HASH 32            /* SHA-256 */
#define CASE_PAPER_STROKES (64 << 10) /* bytes of a signature's JSON */

typedef struct {
    char *id, *who; /* who: a party or a role */
    CaseSignerState state;
    gint64 at, device_at; /* of the last change; device_at: as the signer's device says; 0: unknown */
    char *by, *name;      /* login and name of an official who signed; NULL */
} CaseSigner;

typedef struct {
    BaseId case_id;
    char *id; /* template */
    int version;
    CasePaperState state;
    gint64 at, sealed_at; /* sealed_at 0: not */
    char *number, code[CASE_PAPER_CODE];
    int pages;
    guint8 sha256[CASE_PAPER_HASH], final[CASE_PAPER_HASH]; /* final: of what is sealed, once it is */
    GArray *signers;                                        /* of CaseSigner, in the template's order */
} CasePaper;
void case_paper_clear(CasePaper *paper);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CasePaper, case_paper_clear)
int case_paper_signer(const CasePaper *paper, const char *id); /* index, or -1 */

/* ---- finding; `out` must be zero. CASE_ERROR_UNKNOWN: none ---- */
/* version 0: the newest. */
gboolean case_paper_find(StoreConn *conn, const BaseId *case_id, const char *id, int version, CasePaper *out,
                         GError **error);
/* By a signer's link (guard_link_hash of it) or a verification code. */
gboolean case_paper_by_link(StoreConn *conn, const guint8 link[32], CasePaper *out, char **signer,
                            GError **error);
gboolean case_paper_by_code(StoreConn *conn, const char *code, CasePaper *out, GError **error);
/* Every version of every document of a case, newest first, appended to `out` (CasePaper *, owned). */
gboolean case_paper_all(StoreConn *conn, const BaseId *case_id, GPtrArray *out, GError **error);
GPtrArray *case_paper_list_new(void);

/* "/s/<link>" of a party's signature that is asked for; NULL without error: none is. */
char *case_paper_party_path(CaseRoom *room, StoreConn *conn, const Case *c, const char *party,
                            GError **error);
char *case_paper_path(CaseRoom *room, const CasePaper *paper, const char *signer);

/* ---- private ---- */
/* Facts, open and private, that the template names; for writing them into its places and nothing else. New
 * reference. */
json_t *case_paper_facts(StoreConn *conn, const Case *c, const PackDocument *document, GError **error);
/* What stands in the places of the text ("" for `signer`), or what a signer drew or said: new reference; JSON
 * null when there is nothing. */
json_t *case_paper_private(StoreConn *conn, const CasePaper *paper, const char *signer, GError **error);

/* ---- changes; `paper` is current afterwards ---- */
typedef struct {
    int version;
    const char *number, *code;
    const guint8 *sha256;
    int pages;
    const json_t *values;           /* {place: text} */
    const char *const *link_hashes; /* hex, per signer; NULL: of a role */
} CasePaperMade;
gboolean case_paper_make(CaseRoom *room, StoreConn *conn, const Case *c, const PackDocument *document,
                         const CasePaperMade *made, gint64 now, GError **error);
gboolean case_paper_ask(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper, gboolean ordered,
                        gint64 now, GError **error);
typedef struct {
    const char *signer, *name; /* name: of an official; NULL */
    CaseSignerState state;     /* SIGNED, REFUSED or OBJECTED */
    const json_t *said;        /* strokes, or the reason */
    gint64 device_at;          /* 0: unknown */
    gboolean in_order;         /* the next one is asked */
} CasePaperAnswer;
/* The signer must be asked: what is not so is the caller's to refuse before. */
gboolean case_paper_answer(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper,
                           const CasePaperAnswer *answer, const CaseActor *actor, gint64 now, GError **error);
gboolean case_paper_seal(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper,
                         const guint8 sha256[CASE_PAPER_HASH], int pages, gint64 now, GError **error);
/* "linked" or "shown": to whom, in the log. */
gboolean case_paper_note(CaseRoom *room, StoreConn *conn, const Case *c, const CasePaper *paper,
                         const char *what, const char *signer, const CaseActor *actor, gint64 now,
                         GError **error);
