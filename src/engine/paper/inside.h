/* inside.h - what the files of this room share: the blocks of a document, and where they come to stand.
 * Nobody outside src/engine/paper includes it. */
#pragma once
#include <pango/pangocairo.h>
#include "engine/paper/paper.h"

typedef enum {
    BLOCK_HEADING,
    BLOCK_TEXT,
    BLOCK_TABLE,
    BLOCK_RULE,
    BLOCK_SPACE,
    BLOCK_BREAK,
    BLOCK_SIGN
} PaperBlockKind;

typedef struct {
    double width;
    PaperKind align;
} PaperWidth;

typedef struct {
    PaperBlockKind kind;
    int level;             /* of a heading */
    PaperKind text_kind;   /* of a text */
    char *text;            /* of a heading or text; of a sign line its title */
    double space;          /* points */
    char *name, *note;     /* of a sign line */
    PaperStrokes *strokes; /* the same; may be NULL */
    gsize columns, rows;   /* of a table; cells[0 .. columns) is the head when has_head */
    PaperWidth *column;
    gboolean has_head;
    char **cells;
} PaperBlock;

struct PaperStrokes {
    gint32 *xy;    /* x, y of every point */
    guint *ends;   /* per stroke: number of points up to its end */
    guint strokes; /* how many */
    int left, top, right, bottom;
};

typedef struct { /* points */
    double width, height, left, right, top, bottom;
    double size, pitch;              /* of the body: characters, lines */
    double cell_size, cell_pitch;    /* of a table */
    double title_size, head_size[2]; /* headings of level 1; 2 and 3 */
} PaperPage;

typedef struct { /* the fonts of one document, made once */
    PangoContext *context;
    GHashTable *faces; /* cairo_font_face_t * -> the user font that stands for it, glyphs.c */
    gboolean english;
} PaperFonts;
typedef enum { PAPER_SONG, PAPER_SONG_BOLD, PAPER_HEI, PAPER_HEI_BOLD } PaperFace;

struct PaperDoc {
    PaperStyle style;
    gboolean english;
    char *title, *issuer, *number, *qr, *caption;
    gint64 now;
    PaperPage page;
    GArray *blocks; /* PaperBlock */
    gsize bytes;    /* of all texts */
    GError *error;  /* the first */
};

/* ---- where things come to stand ---- */
typedef enum { ITEM_LINE, ITEM_RULE, ITEM_STROKES } PaperItemKind;
typedef struct {
    PaperItemKind kind;
    double x, y;         /* of a line its baseline; of a rule its start */
    double x2, y2;       /* end of a rule; width and height of the box of strokes */
    double thick;        /* of a rule */
    double grey;         /* 0 black */
    PangoLayout *layout; /* with a reference: a line without its layout forgets its text */
    int line;            /* of the layout */
    const PaperStrokes *strokes;
} PaperItem;

typedef struct {
    GPtrArray *pages; /* GArray * of PaperItem */
    double y;         /* on the last page: where the next thing may stand */
    double top;       /* y of an empty page */
    gboolean over;    /* more than PAPER_MAX_PAGES: nothing more is placed */
    const PaperDoc *doc;
    const PaperFonts *fonts;
} PaperPlan;

/* NULL and PAPER_ERROR_FONT when there is no Chinese font. */
PaperFonts *paper_fonts_new(gboolean english, GError **error);
void paper_fonts_free(PaperFonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperFonts, paper_fonts_free)
/* A laid-out text; width < 0: one line as wide as it is. Caller unrefs. */
PangoLayout *paper_fonts_lay(const PaperFonts *fonts, const char *text, PaperFace face, double size,
                             double width, double indent, PaperKind kind);

PaperPlan *paper_plan_new(const PaperDoc *doc, const PaperFonts *fonts);
void paper_plan_free(PaperPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperPlan, paper_plan_free)
void paper_plan_blocks(PaperPlan *plan);
double paper_plan_floor(const PaperPlan *plan); /* y at which a page is full */
void paper_plan_next_page(PaperPlan *plan);
void paper_plan_need(PaperPlan *plan, double height); /* begins a page unless that much is left */
void paper_plan_rule(PaperPlan *plan, double x, double y, double x2, double y2, double thick);
/* Lines `from` up to `to` of a layout, the first one's top at y. */
void paper_plan_lines(PaperPlan *plan, PangoLayout *layout, int from, int to, double x, double y, double size,
                      double pitch, double grey);
void paper_plan_table(PaperPlan *plan, const PaperBlock *block); /* table.c */
void paper_plan_sign(PaperPlan *plan, const PaperBlock *block);  /* sign.c */

GBytes *paper_draw(const PaperDoc *doc, const PaperPlan *plan, const PaperFonts *fonts,
                   GError **error); /* draw.c */
/* Line `number` of a layout, its baseline at x, y. */
void paper_glyphs_show(cairo_t *to, const PaperFonts *fonts, PangoLayout *layout, int number, double x,
                       double y);
void paper_strokes_draw(cairo_t *to, const PaperStrokes *strokes, double x, double y, double w, double h);
PaperStrokes *paper_strokes_copy(const PaperStrokes *strokes);
