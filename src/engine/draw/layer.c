/* layer.c - which layer each thing lies in: cycles are cut by a walk from the first node, and what closes one
 * runs upwards; then everything lies below what leads to it (longest path). In a level the layers are 0 what
 * crosses the border above    1 the box's title    2, 4, 6 ... nodes    3, 5 ... the edges' texts last: what
 * crosses the border below */
#include "engine/draw/inside.h"
#include <math.h>
#include <string.h>

typedef struct {
    int edge, a, b; /* children of the level; a above b unless it runs up */
    gboolean up;
} Way;

/* Edges that run between children of this level. */
static GArray *ways_of(Draw *d, int level)
{
    GArray *ways = g_array_new(FALSE, FALSE, sizeof(Way));
    for (guint i = 0; i < d->edges->len; i++) {
        const Edge *e = EDGE(d, i);
        if (!e->stay && e->lca == level) {
            Way way = { (int)i, draw_child_at(d, level, e->from), draw_child_at(d, level, e->to), FALSE };
            g_array_append_val(ways, way);
        }
    }
    return ways;
}

enum { NEW, OPEN, DONE };

static void walk(GArray *ways, int node, int *seen)
{
    seen[node] = OPEN;
    for (guint i = 0; i < ways->len; i++) {
        Way *way = &g_array_index(ways, Way, i);
        if (way->a != node) {
            continue;
        }
        if (seen[way->b] == OPEN) {
            way->up = TRUE;
        } else if (seen[way->b] == NEW) {
            walk(ways, way->b, seen);
        }
    }
    seen[node] = DONE;
}

static void cut_cycles(Draw *d, const Level *l, GArray *ways)
{
    g_autofree int *seen = g_new0(int, d->nodes->len);
    for (int pass = 0; pass < 2; pass++) { /* the dot, where it begins, first */
        for (guint i = 0; i < l->children->len; i++) {
            const int child = INT_AT(l->children, i);
            if (seen[child] == NEW && (pass == 1 || NODE(d, child)->kind == DRAW_INITIAL)) {
                walk(ways, child, seen);
            }
        }
    }
}

static int upper(const Way *way)
{
    return way->up ? way->b : way->a;
}

static int lower(const Way *way)
{
    return way->up ? way->a : way->b;
}

static void longest_paths(const GArray *ways, int n, int *rank)
{
    gboolean changed = TRUE;
    for (int round = 0; changed && round <= n; round++) {
        changed = FALSE;
        for (guint i = 0; i < ways->len; i++) {
            const Way *way = &g_array_index(ways, Way, i);
            if (rank[lower(way)] < rank[upper(way)] + 1) {
                rank[lower(way)] = rank[upper(way)] + 1;
                changed = TRUE;
            }
        }
    }
}

/* A node with more ways down than up lies better just above what it leads to. */
static void pull_down(const Level *l, const GArray *ways, int *rank)
{
    for (int round = 0; round < 4; round++) {
        for (guint i = 0; i < l->children->len; i++) {
            const int child = INT_AT(l->children, i);
            int ins = 0, outs = 0, below = G_MAXINT;
            for (guint k = 0; k < ways->len; k++) {
                const Way *way = &g_array_index(ways, Way, k);
                ins += lower(way) == child;
                if (upper(way) == child) {
                    outs++;
                    below = MIN(below, rank[lower(way)]);
                }
            }
            if (outs > ins && below - 1 > rank[child]) {
                rank[child] = below - 1;
            }
        }
    }
}

void draw_ranks(Draw *d, int level, int *rank)
{
    Level *l = LEVEL(d, level);
    g_autoptr(GArray) ways = ways_of(d, level);
    if (!l->parallel) {
        cut_cycles(d, l, ways);
        longest_paths(ways, (int)l->children->len, rank);
        pull_down(l, ways, rank);
    }
    for (guint i = 0; i < ways->len; i++) {
        const Way *way = &g_array_index(ways, Way, i);
        EDGE(d, way->edge)->up = way->up;
    }
    for (guint i = 0; i < l->children->len; i++) {
        l->ranks = MAX(l->ranks, rank[INT_AT(l->children, i)] + 1);
    }
}

/* ---- items ---- */
static int item_add(Level *l, ItemKind kind, int node, int edge, int layer, double w, double h)
{
    Item item = { .kind = kind, .node = node, .edge = edge, .layer = layer, .w = w, .h = h };
    item.up = g_array_new(FALSE, FALSE, sizeof(int));
    item.down = g_array_new(FALSE, FALSE, sizeof(int));
    const int number = (int)l->items->len;
    item.pos = (int)layer_at(l, layer)->len;
    g_array_append_val(layer_at(l, layer), number);
    g_array_append_val(l->items, item);
    return number;
}

static int link_add(Level *l, Link link)
{
    const int number = (int)l->links->len;
    g_array_append_val(l->links, link);
    g_array_append_val(ITEM(l, link.a).down, number);
    g_array_append_val(ITEM(l, link.b).up, number);
    return number;
}

/* Where edge `edge` meets the item, from its middle; FALSE: anywhere on its side. */
static gboolean fixed_at(const Draw *d, const Level *l, int item, int edge, double *offset)
{
    const Item *it = &ITEM(l, item);
    *offset = 0;
    if (it->kind != ITEM_NODE) {
        return TRUE;
    }
    const int inner = NODE(d, it->node)->level;
    if (inner >= 0 && !isnan(LEVEL(d, inner)->port[edge])) {
        *offset = LEVEL(d, inner)->port[edge] - it->w / 2;
        return TRUE;
    }
    return FALSE;
}

static int join(const Draw *d, Level *l, int a, int b, int edge)
{
    Link link = { .a = a, .b = b };
    link.free_a = !fixed_at(d, l, a, edge, &link.pa);
    link.free_b = !fixed_at(d, l, b, edge, &link.pb);
    return link_add(l, link);
}

/* From item `a` down to item `b` through every layer between; a text of its own in layer `label`. */
static void chain_add(Draw *d, Level *l, int edge, gboolean up, int a, int b, int label)
{
    Chain chain = { edge, up, g_array_new(FALSE, FALSE, sizeof(int)),
                    g_array_new(FALSE, FALSE, sizeof(int)) };
    const int last = ITEM(l, b).layer;
    int before = a;
    g_array_append_val(chain.items, a);
    for (int layer = ITEM(l, a).layer + 1; layer < last; layer++) {
        const DrawBox *text = &EDGE(d, edge)->label;
        const int next = layer == label && text->w > 0
                             ? item_add(l, ITEM_LABEL, -1, edge, layer, text->w, text->h)
                             : item_add(l, ITEM_LINK, -1, edge, layer, 2, 0);
        const int link = join(d, l, before, next, edge);
        g_array_append_val(chain.links, link);
        g_array_append_val(chain.items, next);
        before = next;
    }
    const int link = join(d, l, before, b, edge);
    g_array_append_val(chain.links, link);
    g_array_append_val(chain.items, b);
    g_array_append_val(l->chains, chain);
}

#define TURN_LEG 9.0 /* from the text to the line on either side */

static void turn_add(Draw *d, Level *l, int edge, int from, int to)
{
    const DrawBox *text = &EDGE(d, edge)->label;
    const int turn = item_add(l, ITEM_TURN, -1, edge, 3, text->w + 2 * TURN_LEG + 2, text->h + 14);
    const double leg = ITEM(l, turn).w / 2 - 1;
    const gboolean right = ITEM(l, to).pos > ITEM(l, from).pos;
    Chain chain = { edge, FALSE, g_array_new(FALSE, FALSE, sizeof(int)),
                    g_array_new(FALSE, FALSE, sizeof(int)) };
    const int items[] = { from, turn, to };
    for (int i = 0; i < 2; i++) {
        const int end = i == 0 ? from : to;
        Link link = { .a = end, .b = turn, .pb = (i == 0) == right ? -leg : leg };
        link.free_a = !fixed_at(d, l, end, edge, &link.pa);
        const int number = link_add(l, link);
        g_array_append_val(chain.links, number);
    }
    g_array_append_vals(chain.items, items, 3);
    g_array_append_val(l->chains, chain);
}

int draw_item_layer_ports(const Level *l, gboolean top)
{
    return top ? 0 : (int)l->layers->len - 1;
}

/* Does the edge leave (or reach) the child at its lower side? */
static gboolean at_bottom(const Edge *e, gboolean from_end)
{
    return e->turn || (from_end ? !e->up : e->up);
}

static void add_port_chain(Draw *d, Level *l, int edge, const int *item_of, int level)
{
    const Edge *e = EDGE(d, edge);
    const gboolean from_end = draw_child_at(d, level, e->from) >= 0;
    const int child = draw_child_at(d, level, from_end ? e->from : e->to);
    const gboolean bottom = at_bottom(e, from_end);
    const int port = item_add(l, ITEM_PORT, -1, edge, draw_item_layer_ports(l, !bottom), 2, 0);
    if (bottom) {
        chain_add(d, l, edge, !from_end, item_of[child], port, -1);
    } else {
        chain_add(d, l, edge, from_end, port, item_of[child], -1);
    }
}

static gboolean crosses(const Draw *d, int level, const Edge *e)
{
    return (draw_child_at(d, level, e->from) >= 0) != (draw_child_at(d, level, e->to) >= 0);
}

/* The longest way down from the first node is the one that should run straight. */
static void mark_main(Draw *d, Level *l, const int *rank)
{
    const int n = (int)l->chains->len;
    g_autofree int *far = g_new0(int, d->nodes->len), *next = g_new(int, d->nodes->len);
    memset(next, 0xff, sizeof(int) * d->nodes->len);
    for (int r = l->ranks - 1; r >= 0; r--) {
        for (int i = 0; i < n; i++) {
            const Chain *c = &g_array_index(l->chains, Chain, i);
            const Item *a = &ITEM(l, INT_AT(c->items, 0)), *b = &ITEM(l, INT_AT(c->items, c->items->len - 1));
            if (a->kind == ITEM_NODE && b->kind == ITEM_NODE && rank[a->node] == r && !c->up &&
                far[b->node] + 1 > far[a->node]) {
                far[a->node] = far[b->node] + 1;
                next[a->node] = i;
            }
        }
    }
    int at = -1;
    for (guint i = 0; i < l->children->len; i++) {
        const int child = INT_AT(l->children, i);
        if (rank[child] == 0 && (at < 0 || far[child] > far[at])) {
            at = child;
        }
    }
    while (at >= 0 && next[at] >= 0) {
        const Chain *c = &g_array_index(l->chains, Chain, next[at]);
        for (guint i = 0; i < c->links->len; i++) {
            LINK(l, INT_AT(c->links, i)).main = TRUE;
        }
        at = ITEM(l, INT_AT(c->items, c->items->len - 1)).node;
    }
}

void draw_items(Draw *d, int level, const int *rank)
{
    Level *l = LEVEL(d, level);
    g_autofree int *item_of = g_new0(int, d->nodes->len);
    gboolean turns = FALSE;
    for (guint i = 0; i < d->edges->len; i++) {
        turns |= !EDGE(d, i)->stay && EDGE(d, i)->lca == level && EDGE(d, i)->turn;
    }
    for (int i = 0; i < 2 * MAX(l->ranks, 1) + 2 + turns; i++) {
        g_ptr_array_add(l->layers, g_array_new(FALSE, FALSE, sizeof(int)));
    }
    if (l->node >= 0) {
        l->title =
            item_add(l, ITEM_TITLE, l->node, -1, 1, NODE(d, l->node)->head.w, NODE(d, l->node)->head.h);
    }
    for (guint i = 0; i < l->children->len; i++) {
        const int child = INT_AT(l->children, i);
        const DrawBox *box = &NODE(d, child)->box;
        item_of[child] = item_add(l, ITEM_NODE, child, -1, 2 + 2 * rank[child], box->w, box->h);
    }
    for (guint i = 0; i < d->edges->len; i++) {
        const Edge *e = EDGE(d, i);
        const int edge = (int)i;
        if (e->stay) {
            continue;
        }
        if (e->lca == level) {
            const int from = item_of[draw_child_at(d, level, e->from)],
                      to = item_of[draw_child_at(d, level, e->to)];
            if (e->turn) {
                turn_add(d, l, edge, from, to);
            } else if (e->up) {
                chain_add(d, l, edge, TRUE, to, from, ITEM(l, from).layer - 1);
            } else {
                chain_add(d, l, edge, FALSE, from, to, ITEM(l, from).layer + 1);
            }
        } else if (crosses(d, level, e)) {
            add_port_chain(d, l, edge, item_of, level);
        }
    }
    if (!l->parallel) {
        mark_main(d, l, rank);
    }
}
