/* inside.h - what the desks of this room share: the drawing, and one level of it while it is laid out. */
#pragma once
#include "engine/draw/draw.h"

#define DRAW_TITLE_SIZE 13.0
#define DRAW_TEXT_SIZE 12.0
#define DRAW_SMALL_SIZE 10.5
#define DRAW_TITLE_STEP 19.0 /* from one line to the next */
#define DRAW_TEXT_STEP 15.0
#define DRAW_SMALL_STEP 14.0
#define DRAW_PAD 16.0   /* between a box and what lies in it */
#define DRAW_APART 22.0 /* between things side by side */
#define DRAW_LINES_APART 12.0

typedef struct {
    double x, y;
} Point;

typedef struct {
    DrawLineKind kind;
    const char *text, *ref, *name;
    double width; /* that is kept for it */
} Line;

typedef struct {
    char *id;
    const char *title;
    char **title_lines;
    DrawKind kind;
    int parent, level; /* level: number of the box's own level; -1: it holds nothing */
    GArray *lines;     /* of Line */
    DrawBox box;       /* in the level of its parent while being placed, then in the drawing */
    DrawBox head;      /* title and lines */
} Node;

typedef struct {
    int from, to;  /* as drawn: may be a sign or a dot that was made */
    int lca;       /* level in which it runs from one box to another */
    gboolean up;   /* runs upwards there */
    gboolean turn; /* between regions: down, and up again */
    gboolean stay; /* not drawn as a line */
    GArray *lines; /* of Line */
    char **refs;
    DrawBox label;  /* w 0: none */
    GArray *points; /* of Point */
} Edge;

/* ---- one level: what lies directly in one box (or in the drawing) ---- */
typedef enum { ITEM_NODE, ITEM_TITLE, ITEM_LABEL, ITEM_LINK, ITEM_PORT, ITEM_TURN } ItemKind;

typedef struct {
    ItemKind kind;
    int node, edge;    /* -1: none */
    int layer, pos;    /* pos: place in its layer */
    double x, y, w, h; /* x: the middle */
    GArray *up, *down; /* of int: numbers of links */
} Item;

typedef struct {
    int a, b;                /* items; a above b */
    double pa, pb;           /* where it begins and ends, from the middle of the item */
    gboolean free_a, free_b; /* that place may be moved along the item's side */
    gboolean main;           /* of the way that should run straight down */
    gboolean spoilt;         /* crosses one that should be straight */
} Link;

typedef struct {
    int edge;
    gboolean up;   /* its direction is from the last item to the first */
    GArray *items; /* of int, from above to below */
    GArray *links; /* of int, one less; of a turn: from, turn, to and two links */
} Chain;

typedef struct {
    int node; /* whose box; -1: the drawing itself */
    gboolean parallel;
    GArray *children;               /* of int: nodes */
    GArray *items, *links, *chains; /* of Item, Link, Chain */
    GPtrArray *layers;              /* of GArray of int: items in order */
    int ranks;
    int title; /* item; -1: none */
    double w, h;
    double *port;  /* by edge: where it crosses the border; NAN: it does not */
    GArray **path; /* by edge: its points here in the direction of travel; NULL: none */
    guint edges;   /* how many of these */
    GArray *bands; /* of Band */
} Level;

typedef struct {
    double top, bottom;
} Band;

struct Draw {
    GStringChunk *texts;
    GArray *nodes, *edges; /* of Node, Edge */
    GArray *levels;        /* of Level; the drawing itself is 0 */
    GArray *parts;         /* of DrawBox: x, y and how far (w, h) */
    int given;             /* nodes that were not made here */
    double width, height;
    gboolean placed;
};

#define NODE(d, i) (&g_array_index((d)->nodes, Node, i))
#define EDGE(d, i) (&g_array_index((d)->edges, Edge, i))
#define LEVEL(d, i) (&g_array_index((d)->levels, Level, i))
#define ITEM(l, i) g_array_index((l)->items, Item, i)
#define LINK(l, i) g_array_index((l)->links, Link, i)
#define INT_AT(a, i) (g_array_index((a), int, i))
static inline GArray *layer_at(const Level *l, int i)
{
    return l->layers->pdata[i];
}

/* graph.c */
Line draw_line_of(Draw *draw, DrawLineKind kind, const char *text, const char *name); /* copies */
gboolean draw_within(const Draw *draw, int node, int box); /* is node the box, or in it */
int draw_level_of(const Draw *draw, int node);             /* in which the node itself lies */
/* The child of level `level` that is `node` or holds it; -1: it is not in there. */
int draw_child_at(const Draw *draw, int level, int node);
void draw_normalise(Draw *draw, const DrawWords *words);

/* size.c */
void draw_measure(Node *node);
void draw_measure_label(Draw *draw, Edge *edge); /* and breaks its texts */

/* layer.c: cycles cut, ranks given, items, links and chains made */
void draw_ranks(Draw *draw, int level, int *rank); /* by node; also says which edges run up */
void draw_items(Draw *draw, int level, const int *rank);
int draw_item_layer_ports(const Level *l, gboolean top);

/* order.c: few crossings */
void draw_order(Draw *draw, Level *l);
/* across.c: x of every item */
void draw_across(Level *l);
/* route.c: y of every item, and the lines */
void draw_route(Draw *draw, int level);
/* separate.c: as near to `wish` as order and distances allow, least squares */
void draw_separate(const double *wish, const double *apart, const double *weight, int n, double *out);
/* path.c */
char *draw_path(const GArray *points, double dx, double dy);
