/* draw.h - a state chart as a drawing for people: where each box, line and text lies, so that nothing
 * overlaps.
 *
 * A Draw is filled with nodes and edges, then placed; after that it is read-only. The layout is layered,
 * after Sugiyama, Tagawa and Toda (1981), and nested: a box that holds others is laid out first and then is
 * one big node in the box around it. README tells how. Lengths are pixels of a drawing whose text is 12 or 13
 * px high; x goes right, y down. Deterministic: the same calls give the same drawing, on every machine.
 *
 * Cost: under 50 ms for 60 nodes and 120 edges. Knows nothing of packs, cases or languages: texts are given.
 */
#pragma once
#include "base/json.h"

#define DRAW_MAX_NODES 1024
#define DRAW_MAX_EDGES 8192

typedef enum {
    DRAW_PLAIN,    /* a box; with children a box around them */
    DRAW_PARALLEL, /* its children lie side by side, parted by dashed lines */
    DRAW_FINAL,
    DRAW_HISTORY, /* a small circle with its title in it: H, H* */
    DRAW_INITIAL, /* a dot, where a box or the whole begins; has no title */
    DRAW_SIGN     /* stands for several states: an edge from it begins in any of them */
} DrawKind;

typedef enum {
    DRAW_NOTE,
    DRAW_CLOCK,
    DRAW_TASK,
    DRAW_STAY,     /* an event that ends where it began */
    DRAW_EVENT,    /* of an edge; what belongs to it comes after it: */
    DRAW_CONDITION /* when, and what is done then; in small type */
} DrawLineKind;

typedef struct {
    DrawLineKind kind;
    const char *text;
    const char *ref;  /* what it is about, for who shows it (a clock's id); may be NULL */
    const char *name; /* and what people call that; may be NULL */
    const char *most; /* the longest text that may come to stand here; NULL: this one */
} DrawLine;

typedef struct {
    const char *id, *title;
    DrawKind kind;
    int parent; /* index of a node added before; -1: none */
} DrawNode;

typedef struct {
    int from, to;
    const DrawLine *lines; /* its text: EVENT and CONDITION; long ones are broken. name: said more fully */
    gsize n_lines;
    const char *const *refs; /* what it stands for, for who shows it; may be NULL */
} DrawEdge;

typedef struct {
    double x, y, w, h; /* x, y: the upper left corner */
} DrawBox;

typedef struct {
    const char *any_here; /* title of a sign that stands for all states of the box it lies in */
    const char *again;    /* before a stay that enters a box around it anew: "again: " */
} DrawWords;

typedef struct Draw Draw;
Draw *draw_new(void);
void draw_free(Draw *draw); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draw, draw_free)

/* All texts are copied. Each returns the index. The order of nodes is the order in which people read them:
 * the first is at the top. At most DRAW_MAX_... of each (asserted). */
int draw_node(Draw *draw, const DrawNode *given);
void draw_line(Draw *draw, int node, const DrawLine *given); /* one more line under the node's title */
/* from = to: becomes a STAY line. An edge from a box to what lies in it begins at a sign in the box; an edge
 * from within a box to the box itself ends at the box's initial dot (made when there is none; of a parallel
 * box, or when nothing but the dot is there: a STAY line). Nodes that are made so come after the given ones.
 */
int draw_edge(Draw *draw, const DrawEdge *given);
void draw_place(Draw *draw, const DrawWords *words);

/* ---- what came of it ---- */
void draw_size(const Draw *draw, double *width, double *height);
int draw_nodes(const Draw *draw);
int draw_edges(const Draw *draw);
const char *draw_node_id(const Draw *draw, int node);
DrawBox draw_node_box(const Draw *draw, int node);

/* { width, height,
 *   nodes: [{id, title, kind, parent, box: [x, y, w, h], head: [x, y, w, h],
 *            lines: [{kind, text, ref, name}]}],
 *   edges: [{from, to, points: [[x, y]], path, lines: as above, label: [x, y, w, h], refs}],
 *   parts: [[x1, y1, x2, y2]] }
 *
 * kind of a node: plain compound parallel final history initial sign; parent null at the top; head: where
 * title and lines stand, middle of a plain box; path: an SVG path with round corners; name in lines of edges
 * and of STAY: the whole text, where it begins; label null: no text; parts: lines between regions. */
void draw_json(const Draw *draw, BaseJson *json);

typedef struct {
    const char *title, *description; /* for who cannot see it; title is drawn too */
    const char *footer;              /* a line at the bottom: version, law; may be NULL */
    struct {
        const char *key, *text; /* key: plain final sign clock stay initial */
    } legend[8];
    gsize n_legend;
} DrawSvg;
/* A drawing of its own, for light and dark rooms; caller frees. */
char *draw_svg(const Draw *draw, const DrawSvg *svg);

/* Nothing overlaps that must not: boxes, labels, titles; lines run through nobody else's box or text; ends
 * touch their nodes; children lie in their parents. FALSE and a reason (caller frees). For tests. */
gboolean draw_sound(const Draw *draw, char **why);

/* As few lines as `width` needs, all about as long, broken where words allow; caller frees (g_strfreev). */
char **draw_wrapped(const char *text, double size, double width);
/* Width of a text: Chinese characters are square, others about 0.58 of it. */
double draw_text_width(const char *text, double size);
