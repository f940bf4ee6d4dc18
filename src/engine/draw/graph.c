/* graph.c - a drawing while it is filled, and making it drawable: every edge then runs between two boxes of
 * which neither lies in the other. */
#include "engine/draw/inside.h"
#include <math.h>
#include <string.h>

#define STAY_WIDTH 200.0
#define STAY_LINES 3 /* as many with its conditions, else without */

/* ---- coming and going ---- */
static void node_clear(gpointer data)
{
    Node *n = data;
    g_free(n->id);
    g_strfreev(n->title_lines);
    g_array_unref(n->lines);
}

static void edge_clear(gpointer data)
{
    Edge *e = data;
    g_array_unref(e->lines);
    g_strfreev(e->refs);
    g_array_unref(e->points);
}

static void item_clear(gpointer data)
{
    g_array_unref(((Item *)data)->up);
    g_array_unref(((Item *)data)->down);
}

static void chain_clear(gpointer data)
{
    g_array_unref(((Chain *)data)->items);
    g_array_unref(((Chain *)data)->links);
}

static void level_clear(gpointer data)
{
    Level *l = data;
    g_array_unref(l->children);
    g_array_unref(l->items);
    g_array_unref(l->links);
    g_array_unref(l->chains);
    g_array_unref(l->bands);
    g_ptr_array_unref(l->layers);
    g_free(l->port);
    for (guint i = 0; i < l->edges; i++) {
        g_clear_pointer(&l->path[i], g_array_unref);
    }
    g_free(l->path);
}

static GArray *array_of(gsize size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, TRUE, (guint)size);
    if (clear) {
        g_array_set_clear_func(array, clear);
    }
    return array;
}

Draw *draw_new(void)
{
    Draw *d = g_new0(Draw, 1);
    d->texts = g_string_chunk_new(1024);
    d->nodes = array_of(sizeof(Node), node_clear);
    d->edges = array_of(sizeof(Edge), edge_clear);
    d->levels = array_of(sizeof(Level), level_clear);
    d->parts = array_of(sizeof(DrawBox), NULL);
    return d;
}

void draw_free(Draw *d)
{
    if (!d) {
        return;
    }
    g_array_unref(d->levels);
    g_array_unref(d->edges);
    g_array_unref(d->nodes);
    g_array_unref(d->parts);
    g_string_chunk_free(d->texts);
    g_free(d);
}

/* ---- filling ---- */
static const char *keep(Draw *d, const char *text)
{
    return text ? g_string_chunk_insert_const(d->texts, text) : NULL;
}

int draw_node(Draw *d, const DrawNode *given)
{
    g_assert(d->nodes->len < 2 * DRAW_MAX_NODES && given->parent < (int)d->nodes->len);
    Node n = { .id = g_strdup(given->id),
               .title = keep(d, given->title ? given->title : ""),
               .kind = given->kind };
    n.parent = given->parent;
    n.level = -1;
    n.lines = array_of(sizeof(Line), NULL);
    g_array_append_val(d->nodes, n);
    return (int)d->nodes->len - 1;
}

Line draw_line_of(Draw *d, DrawLineKind kind, const char *text, const char *name)
{
    return (Line){ kind, keep(d, text), NULL, keep(d, name), 0 };
}

void draw_line(Draw *d, int node, const DrawLine *given)
{
    const char *most = given->most ? given->most : given->text;
    Line line = { given->kind, keep(d, given->text), keep(d, given->ref), keep(d, given->name), 0 };
    line.width = MAX(draw_text_width(given->text, DRAW_SMALL_SIZE), draw_text_width(most, DRAW_SMALL_SIZE));
    g_array_append_val(NODE(d, node)->lines, line);
}

static char **copy(const char *const *texts)
{
    return texts ? g_strdupv((char **)texts) : g_new0(char *, 1);
}

int draw_edge(Draw *d, const DrawEdge *given)
{
    g_assert(d->edges->len < DRAW_MAX_EDGES);
    g_assert(given->from >= 0 && given->from < (int)d->nodes->len && given->to >= 0 &&
             given->to < (int)d->nodes->len);
    Edge e = { .from = given->from, .to = given->to, .lines = array_of(sizeof(Line), NULL) };
    for (gsize i = 0; i < given->n_lines; i++) {
        const DrawLine *said = &given->lines[i];
        const Line line = draw_line_of(d, said->kind, said->text, said->name);
        g_array_append_val(e.lines, line);
    }
    e.refs = copy(given->refs);
    e.points = array_of(sizeof(Point), NULL);
    g_array_append_val(d->edges, e);
    return (int)d->edges->len - 1;
}

/* ---- the tree of boxes ---- */
gboolean draw_within(const Draw *d, int node, int box)
{
    for (; node >= 0; node = NODE(d, node)->parent) {
        if (node == box) {
            return TRUE;
        }
    }
    return FALSE;
}

int draw_level_of(const Draw *d, int node)
{
    const int parent = NODE(d, node)->parent;
    return parent < 0 ? 0 : NODE(d, parent)->level;
}

int draw_child_at(const Draw *d, int level, int node)
{
    const int box = LEVEL(d, level)->node;
    for (; node >= 0; node = NODE(d, node)->parent) {
        if (NODE(d, node)->parent == box) {
            return node;
        }
    }
    return -1;
}

/* ---- normal form ---- */
/* "event [condition] / event"; or its events alone. */
static char *stay_text(const Edge *e, const char *before, gboolean conditions)
{
    GString *text = g_string_new("↻ ");
    g_string_append(text, before);
    for (guint i = 0; i < e->lines->len; i++) {
        const Line *line = &g_array_index(e->lines, Line, i);
        const gboolean event = line->kind == DRAW_EVENT;
        if (event || conditions) {
            g_string_append_printf(text, "%s%s",
                                   i == 0  ? ""
                                   : event ? " / "
                                           : " ",
                                   event || !line->name ? line->text : line->name);
        }
    }
    return g_string_free(text, FALSE);
}

/* Conditions that would fill the box are not drawn; the line's name has them. */
static void stay(Draw *d, Edge *e, int node, const char *before)
{
    e->stay = TRUE;
    g_autofree char *whole = stay_text(e, before, TRUE), *brief = stay_text(e, before, FALSE);
    const gboolean fits = draw_text_width(whole, DRAW_SMALL_SIZE) <= STAY_LINES * STAY_WIDTH;
    g_auto(GStrv) lines = draw_wrapped(fits ? whole : brief, DRAW_SMALL_SIZE, STAY_WIDTH);
    for (char **line = lines; *line; line++) {
        draw_line(d, node,
                  &(DrawLine){ .kind = DRAW_STAY, .text = *line, .name = line == lines ? whole : NULL });
    }
}

static int made(Draw *d, DrawKind kind, int box, const char *title)
{
    for (guint i = (guint)d->given; i < d->nodes->len; i++) {
        if (NODE(d, i)->kind == kind && NODE(d, i)->parent == box) {
            return (int)i;
        }
    }
    g_autofree char *id = g_strconcat(kind == DRAW_SIGN ? "*" : ".", NODE(d, box)->id, NULL);
    return draw_node(d, &(DrawNode){ id, title, kind, box });
}

/* The dot of a box, or -1: one that was given, or one to its first child. */
static int initial_of(Draw *d, int box)
{
    int first = -1;
    if (NODE(d, box)->kind == DRAW_PARALLEL) {
        return -1;
    }
    for (guint i = 0; i < d->nodes->len; i++) {
        if (NODE(d, i)->parent == box) {
            if (NODE(d, i)->kind == DRAW_INITIAL) {
                return (int)i;
            }
            first = first < 0 && NODE(d, i)->kind != DRAW_SIGN && NODE(d, i)->kind != DRAW_HISTORY ? (int)i
                                                                                                   : first;
        }
    }
    if (first < 0) {
        return -1;
    }
    const int dot = made(d, DRAW_INITIAL, box, "");
    draw_edge(d, &(DrawEdge){ .from = dot, .to = first });
    return dot;
}

/* From a box to what lies in it: from a sign beside that. */
static void from_outside(Draw *d, int edge, const DrawWords *words)
{
    int from = EDGE(d, edge)->from, to = EDGE(d, edge)->to, box = from;
    while (NODE(d, box)->kind == DRAW_PARALLEL) { /* where a sign would look like a region */
        int child = to;
        while (NODE(d, child)->parent != box) {
            child = NODE(d, child)->parent;
        }
        if (child == to) {
            stay(d, EDGE(d, edge), to, words->again);
            return;
        }
        box = child;
    }
    const int sign = made(d, DRAW_SIGN, box, words->any_here);
    EDGE(d, edge)->from = sign;
}

/* From what lies in a box to the box: to its dot. */
static void to_outside(Draw *d, int edge, const DrawWords *words)
{
    const int from = EDGE(d, edge)->from, dot = initial_of(d, EDGE(d, edge)->to);
    if (dot < 0 || dot == from) {
        g_autofree char *before = g_strdup_printf("%s%s · ", words->again, NODE(d, EDGE(d, edge)->to)->title);
        stay(d, EDGE(d, edge), from, before);
    } else {
        EDGE(d, edge)->to = dot;
    }
}

void draw_normalise(Draw *d, const DrawWords *words)
{
    d->given = (int)d->nodes->len;
    for (guint i = 0; i < d->edges->len; i++) { /* those made on the way are sound already */
        const int from = EDGE(d, i)->from, to = EDGE(d, i)->to;
        if (from == to) {
            stay(d, EDGE(d, i), from, "");
            continue;
        }
        if (draw_within(d, to, from)) {
            from_outside(d, (int)i, words);
        }
        if (!EDGE(d, i)->stay && draw_within(d, EDGE(d, i)->from, EDGE(d, i)->to)) {
            to_outside(d, (int)i, words);
        }
    }
}

/* ---- placing ---- */
static void level_add(Draw *d, int node)
{
    Level l = { .node = node, .title = -1, .parallel = node >= 0 && NODE(d, node)->kind == DRAW_PARALLEL };
    l.children = array_of(sizeof(int), NULL);
    l.items = array_of(sizeof(Item), item_clear);
    l.links = array_of(sizeof(Link), NULL);
    l.chains = array_of(sizeof(Chain), chain_clear);
    l.bands = array_of(sizeof(Band), NULL);
    l.layers = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    l.port = g_new(double, d->edges->len + 1);
    l.path = g_new0(GArray *, d->edges->len + 1);
    l.edges = d->edges->len;
    for (guint i = 0; i < d->edges->len; i++) {
        l.port[i] = NAN;
    }
    g_array_append_val(d->levels, l);
}

/* Level 0 is the drawing; then every box that holds something, outer ones first. */
static void make_levels(Draw *d)
{
    level_add(d, -1);
    for (guint i = 0; i < d->nodes->len; i++) {
        const int parent = NODE(d, i)->parent;
        if (parent >= 0 && NODE(d, parent)->level < 0) {
            NODE(d, parent)->level = (int)d->levels->len;
            level_add(d, parent);
        }
    }
    for (guint i = 0; i < d->nodes->len; i++) {
        const int n = (int)i;
        g_array_append_val(LEVEL(d, draw_level_of(d, n))->children, n);
    }
}

static void find_lca(Draw *d, Edge *e)
{
    int box = NODE(d, e->from)->parent;
    while (box >= 0 && !draw_within(d, e->to, box)) {
        box = NODE(d, box)->parent;
    }
    e->lca = box < 0 ? 0 : NODE(d, box)->level;
    e->turn = LEVEL(d, e->lca)->parallel;
}

static int depth_of(const Draw *d, int node)
{
    int depth = 0;
    for (; node >= 0; node = NODE(d, node)->parent) {
        depth++;
    }
    return depth;
}

static void place_level(Draw *d, int level, const int *rank)
{
    Level *l = LEVEL(d, level);
    draw_items(d, level, rank);
    draw_order(d, l);
    draw_across(l);
    draw_route(d, level);
    if (l->node >= 0) {
        NODE(d, l->node)->box.w = l->w;
        NODE(d, l->node)->box.h = l->h;
    }
}

/* ---- from levels to the drawing ---- */
static void shift(Draw *d, int node, double dx, double dy)
{
    Node *n = NODE(d, node);
    n->box.x += dx;
    n->box.y += dy;
    n->head.x += dx;
    n->head.y += dy;
}

static void settle(Draw *d, int level, double dx, double dy)
{
    const Level *l = LEVEL(d, level);
    for (guint i = 0; i < l->children->len; i++) {
        const int child = INT_AT(l->children, i);
        shift(d, child, dx, dy);
        if (NODE(d, child)->level >= 0) {
            settle(d, NODE(d, child)->level, NODE(d, child)->box.x, NODE(d, child)->box.y);
        }
    }
}

static Point origin(const Draw *d, int level)
{
    const int node = LEVEL(d, level)->node;
    return node < 0 ? (Point){ 0, 0 } : (Point){ NODE(d, node)->box.x, NODE(d, node)->box.y };
}

static void append(const Draw *d, Edge *e, int level, int edge)
{
    const GArray *path = LEVEL(d, level)->path[edge];
    const Point o = origin(d, level);
    for (guint i = 0; path && i < path->len; i++) {
        Point p = g_array_index(path, Point, i);
        p.x += o.x;
        p.y += o.y;
        g_array_append_val(e->points, p);
    }
}

/* Points in a row on one straight line, and repeated ones, are left out. */
static void tidy(GArray *points)
{
    guint n = 0;
    for (guint i = 0; i < points->len; i++) {
        const Point p = g_array_index(points, Point, i);
        while (n > 0 && fabs(g_array_index(points, Point, n - 1).x - p.x) < 0.05 &&
               fabs(g_array_index(points, Point, n - 1).y - p.y) < 0.05) {
            n--;
        }
        while (n > 1) {
            const Point a = g_array_index(points, Point, n - 2), b = g_array_index(points, Point, n - 1);
            if (fabs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) > 0.05) {
                break;
            }
            n--;
        }
        g_array_index(points, Point, n) = p;
        n++;
    }
    g_array_set_size(points, n);
}

static void assemble(Draw *d, int edge)
{
    Edge *e = EDGE(d, edge);
    const Point o = origin(d, e->lca);
    for (int box = NODE(d, e->from)->parent; box != LEVEL(d, e->lca)->node; box = NODE(d, box)->parent) {
        append(d, e, NODE(d, box)->level, edge);
    }
    append(d, e, e->lca, edge);
    g_autoptr(GArray) down = array_of(sizeof(int), NULL);
    for (int box = NODE(d, e->to)->parent; box != LEVEL(d, e->lca)->node; box = NODE(d, box)->parent) {
        g_array_prepend_val(down, NODE(d, box)->level);
    }
    for (guint i = 0; i < down->len; i++) {
        append(d, e, INT_AT(down, i), edge);
    }
    e->label.x += o.x;
    e->label.y += o.y;
    tidy(e->points);
}

static void shift_parts(Draw *d)
{
    for (guint i = 0; i < d->parts->len; i++) {
        DrawBox *part = &g_array_index(d->parts, DrawBox, i);
        const Point o = origin(d, (int)part->w); /* route.c leaves the level here */
        part->x += o.x;
        part->y += o.y;
        part->w = 0;
    }
}

void draw_place(Draw *d, const DrawWords *words)
{
    g_assert(!d->placed);
    d->placed = TRUE;
    draw_normalise(d, words);
    make_levels(d);
    for (guint i = 0; i < d->nodes->len; i++) {
        draw_measure(NODE(d, i));
    }
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay) {
            find_lca(d, EDGE(d, i));
            draw_measure_label(d, EDGE(d, i));
        }
    }
    g_autofree int *rank = g_new0(int, d->nodes->len);
    for (guint i = 0; i < d->levels->len; i++) {
        draw_ranks(d, (int)i, rank);
    }
    int deepest = 0;
    for (guint i = 0; i < d->levels->len; i++) {
        deepest = MAX(deepest, depth_of(d, LEVEL(d, i)->node));
    }
    for (int depth = deepest; depth >= 0;
         depth--) { /* what lies within first: its size is needed around it */
        for (guint i = 0; i < d->levels->len; i++) {
            if (depth_of(d, LEVEL(d, i)->node) == depth) {
                place_level(d, (int)i, rank);
            }
        }
    }
    settle(d, 0, 0, 0);
    shift_parts(d);
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay) {
            assemble(d, (int)i);
        }
    }
    d->width = LEVEL(d, 0)->w;
    d->height = LEVEL(d, 0)->h;
}

/* ---- asking ---- */
void draw_size(const Draw *d, double *width, double *height)
{
    *width = d->width;
    *height = d->height;
}

int draw_nodes(const Draw *d)
{
    return (int)d->nodes->len;
}

int draw_edges(const Draw *d)
{
    return (int)d->edges->len;
}

const char *draw_node_id(const Draw *d, int node)
{
    return NODE(d, node)->id;
}

DrawBox draw_node_box(const Draw *d, int node)
{
    return NODE(d, node)->box;
}
