/* paper.h - a document made of headings, paragraphs, tables and lines to sign on becomes a PDF.
 *
 * A PaperDoc gathers blocks in reading order; paper_finish lays them on A4 pages (Chinese line breaking,
 * justified, two characters of indent, repeated table heads, page numbers "第 1 页 共 3 页") and returns the
 * bytes. The same calls with the same `now` and fonts give the same bytes, on any thread.
 *
 * Errors: the adding functions return nothing; the first thing that is over a limit is remembered and
 * paper_finish refuses with it. Texts are UTF-8 and copied; control characters and direction overrides are
 * left out, a line feed begins a new line. Lengths are points (1/72 inch) where not said otherwise.
 * Threads: a PaperDoc belongs to one thread. Cost: about 1 ms a page, and each glyph once.
 * Sizes and margins of letters: GB/T 9704-2012. Knows nothing of cases, packs or keys. */
#pragma once
#include <glib.h>

#define PAPER_ERROR (g_quark_from_static_string("paper"))
enum {
    PAPER_ERROR_LIMIT,    /* longer or larger than a document may be */
    PAPER_ERROR_FONT,     /* no Chinese font on this machine */
    PAPER_ERROR_WRITE,    /* the PDF could not be written */
    PAPER_ERROR_TEMPLATE, /* see body.h */
    PAPER_ERROR_STROKES   /* not strokes, or no signature */
};

#define PAPER_MAX_PAGES 500
#define PAPER_MAX_TEXT (4 << 20) /* bytes of all texts */
#define PAPER_MAX_COLUMNS 24
#define PAPER_MAX_QR 300 /* bytes of the QR code's text */

typedef enum {
    PAPER_LETTER, /* body 16 pt, the issuer's name in red over the first page */
    PAPER_REPORT  /* body 10.5 pt, narrow margins */
} PaperStyle;

typedef struct { /* texts may be NULL */
    PaperStyle style;
    gboolean landscape;
    const char *lang;   /* "zh" (NULL too) or "en": language of page numbers and fixed words */
    const char *title;  /* of the file, as viewers show it; not drawn */
    const char *issuer; /* running head, left */
    const char *number; /* running head, right */
    gint64 now;         /* ms since 1970: the date written into the file */
} PaperHead;

typedef struct PaperDoc PaperDoc;
PaperDoc *paper_new(const PaperHead *head);
void paper_free(PaperDoc *doc); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperDoc, paper_free)

/* level 1: the document's title, centred; 2 and 3: headings, kept with what follows. */
void paper_heading(PaperDoc *doc, int level, const char *text);

typedef enum {
    PAPER_BODY,   /* justified, first line indented by two characters */
    PAPER_LEFT,   /* no indent */
    PAPER_CENTRE, /* */
    PAPER_RIGHT,  /* dates, names below a letter */
    PAPER_NOTE    /* small, grey, left */
} PaperKind;
void paper_text(PaperDoc *doc, PaperKind kind, const char *text);

typedef struct {
    const char *title; /* NULL in the first column: the table has no head */
    double width;      /* share of the page's width against the other columns; > 0 */
    PaperKind align;   /* PAPER_LEFT, PAPER_CENTRE or PAPER_RIGHT */
} PaperColumn;
/* `cells`: rows x n texts, row by row; NULL is an empty cell. The head is repeated on every page. */
void paper_table(PaperDoc *doc, const PaperColumn *columns, gsize n, const char *const *cells, gsize rows);

void paper_rule(PaperDoc *doc);
void paper_space(PaperDoc *doc, double points);
void paper_page_break(PaperDoc *doc);

/* ---- signatures ---- */
typedef struct PaperStrokes PaperStrokes; /* what a finger drew */
#define PAPER_STROKES_BYTES (64 << 10)
#define PAPER_STROKES_MAX 200          /* strokes */
#define PAPER_STROKES_POINTS 6000      /* of all strokes */
#define PAPER_STROKES_COORDINATE 10000 /* largest */
/* JSON [[x,y,x,y,...], ...], whole numbers from 0, y downwards, one list per stroke. PAPER_ERROR_STROKES with
 * a reason, also for what is no signature: a dot, or a drawing smaller than a fiftieth of what it was drawn
 * on
 * (`x`, `y` reach to 10000 at most; the canvas's longer side is 1000). */
PaperStrokes *paper_strokes_parse(const char *json, gsize length, GError **error);
void paper_strokes_free(PaperStrokes *strokes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperStrokes, paper_strokes_free)

typedef struct {                 /* texts may be NULL */
    const char *title;           /* "申请人" */
    const char *name;            /* printed below the line */
    const char *note;            /* date and time, or why there is no signature */
    const PaperStrokes *strokes; /* NULL: an empty line; copied */
} PaperSign;
void paper_sign_line(PaperDoc *doc, const PaperSign *sign);

/* At the foot of every page: a QR code of `text` (at most PAPER_MAX_QR bytes) with `caption` beside it. */
void paper_qr(PaperDoc *doc, const char *text, const char *caption);

/* The PDF, or NULL and the first error. The document stays as it was. */
GBytes *paper_finish(PaperDoc *doc, GError **error);
/* The same, and how many pages it has. */
GBytes *paper_finish_counted(PaperDoc *doc, guint *pages, GError **error);
