/* route.c - y of every layer, and the lines: each runs straight down through the band of a layer, at a place
 * that is its own there, and goes sideways only in the gaps between bands, where every piece has a track of
 * its own if another would lie upon it. So no line can run through a box or a text. The order of the tracks
 * is that with the fewest crossings a local search finds. */
#include "engine/draw/inside.h"
#include <math.h>
#include <stdlib.h>

#define TRACK 9.0      /* between tracks */
#define GAP 9.0        /* between a band and the nearest track */
#define ARROW_GAP 15.0 /* where arrows end or begin */
#define PORTS 15.0     /* between places on a node's side */
#define CORNER 9.0     /* from the node's corner */
#define DOT_MOST 14.0  /* no box is as low */
#define NEAR 5.0       /* lines nearer than this look like one */

/* ---- places on a node's side ---- */
static double there(const Level *l, const Link *k, gboolean at_a)
{
    return at_a ? ITEM(l, k->b).x + k->pb : ITEM(l, k->a).x + k->pa;
}

typedef struct {
    int link;
    double wish;
    gboolean fixed;
} Place;

static int by_place(const void *a, const void *b)
{
    const Place *p = a, *q = b;
    return p->wish != q->wish ? (p->wish > q->wish) - (p->wish < q->wish) : p->link - q->link;
}

/* Straight above or below what the link leads to, where the side is long enough and no other line is near. */
static void slide(Level *l, int item, gboolean down)
{
    const Item *it = &ITEM(l, item);
    const GArray *links = down ? it->down : it->up;
    const int n = (int)links->len;
    if (n == 0) {
        return;
    }
    g_autofree Place *place = g_new(Place, (gsize)n);
    g_autofree double *wish = g_new(double, (gsize)n), *apart = g_new(double, (gsize)n),
                      *weight = g_new(double, (gsize)n), *x = g_new(double, (gsize)n);
    const double most = it->w / 2 - MIN(CORNER, it->w / 4), step = n > 1 ? MIN(PORTS, 2 * most / (n - 1)) : 0;
    for (int i = 0; i < n; i++) {
        const Link *k = &LINK(l, INT_AT(links, i));
        const gboolean fixed = !(down ? k->free_a : k->free_b);
        const double at = fixed ? (down ? k->pa : k->pb) : CLAMP(there(l, k, down) - it->x, -most, most);
        place[i] = (Place){ INT_AT(links, i), fixed ? at : there(l, k, down) - it->x, fixed };
    }
    if (n) qsort(place, (gsize)n, sizeof(Place), by_place);
    for (int i = 0; i < n; i++) {
        wish[i] = place[i].fixed ? place[i].wish : CLAMP(place[i].wish, -most, most);
        apart[i] = step;
        weight[i] = place[i].fixed ? 1e6 : LINK(l, place[i].link).main ? 4 : 1;
    }
    draw_separate(wish, apart, weight, n, x);
    const double over = MAX(0, x[n - 1] - most), under = MAX(0, -most - x[0]);
    for (int i = 0; i < n; i++) {
        Link *k = &LINK(l, place[i].link);
        if (!place[i].fixed) {
            *(down ? &k->pa : &k->pb) = CLAMP(x[i] - over + under, -most, most);
        }
    }
}

/* ---- tracks in the gap below a layer ---- */
typedef struct {
    int link;
    double x1, x2; /* above, below */
    int track;
    double y; /* of the track */
} Piece;

static gboolean covers(const Piece *p, double x)
{
    return x > MIN(p->x1, p->x2) - NEAR && x < MAX(p->x1, p->x2) + NEAR;
}

/* Crossings when p's track is above q's; two lines upon one another count for many. */
static int cost(const Piece *p, const Piece *q)
{
    return covers(p, q->x1) + covers(q, p->x2) + (fabs(q->x1 - p->x2) < NEAR ? 50 : 0);
}

static gboolean disjoint(const Piece *p, const Piece *q)
{
    return MAX(p->x1, p->x2) + NEAR < MIN(q->x1, q->x2) || MAX(q->x1, q->x2) + NEAR < MIN(p->x1, p->x2);
}

static int by_shape(const void *a, const void *b)
{
    const Piece *p = a, *q = b;
    const gboolean right_p = p->x2 > p->x1, right_q = q->x2 > q->x1;
    if (right_p != right_q) {
        return right_p - right_q;
    }
    const double d = right_p ? q->x1 - p->x1 : p->x1 - q->x1;
    return d != 0 ? (d > 0) - (d < 0) : p->link - q->link;
}

static int find_tracks(GArray *pieces)
{
    const int n = (int)pieces->len;
    Piece *p = (Piece *)pieces->data;
    if (n) qsort(p, (gsize)n, sizeof(Piece), by_shape);
    gboolean changed = TRUE;
    for (int round = 0; changed && round < n; round++) {
        changed = FALSE;
        for (int i = 0; i + 1 < n; i++) {
            if (cost(&p[i + 1], &p[i]) < cost(&p[i], &p[i + 1])) {
                const Piece swap = p[i];
                p[i] = p[i + 1];
                p[i + 1] = swap;
                changed = TRUE;
            }
        }
    }
    int tracks = 0;
    for (int i = 0; i < n; i++) {
        p[i].track = 0;
        for (int k = 0; k < i; k++) {
            if (!disjoint(&p[i], &p[k]) || cost(&p[k], &p[i]) != cost(&p[i], &p[k])) {
                p[i].track = MAX(p[i].track, p[k].track + 1);
            }
        }
        tracks = MAX(tracks, p[i].track + 1);
    }
    return tracks;
}

/* Less than a pixel is not worth a bend, if one of the ends may be moved. */
static void straighten(Link *k, double x1, double x2)
{
    if (fabs(x1 - x2) < 1 && (k->free_a || k->free_b)) {
        *(k->free_a ? &k->pa : &k->pb) += k->free_a ? x2 - x1 : x1 - x2;
    }
}

static GArray *pieces_below(const Level *l, int layer)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    const GArray *row = layer_at(l, layer);
    for (guint i = 0; i < row->len; i++) {
        const Item *it = &ITEM(l, INT_AT(row, i));
        for (guint n = 0; n < it->down->len; n++) {
            Link *k = &LINK(l, INT_AT(it->down, n));
            straighten(k, it->x + k->pa, ITEM(l, k->b).x + k->pb);
            Piece p = { INT_AT(it->down, n), it->x + k->pa, ITEM(l, k->b).x + k->pb, 0, 0 };
            if (fabs(p.x1 - p.x2) > 0.01) {
                g_array_append_val(pieces, p);
            }
        }
    }
    return pieces;
}

/* ---- down ---- */
static gboolean has_nodes(const Level *l, int layer)
{
    for (guint i = 0; i < layer_at(l, layer)->len; i++) {
        if (ITEM(l, INT_AT(layer_at(l, layer), i)).kind == ITEM_NODE) {
            return TRUE;
        }
    }
    return FALSE;
}

static double height_of(const Level *l, int layer)
{
    double h = 0;
    for (guint i = 0; i < layer_at(l, layer)->len; i++) {
        h = MAX(h, ITEM(l, INT_AT(layer_at(l, layer), i)).h);
    }
    return h;
}

/* Regions are as tall as the tallest of them; what is lower than its layer lies in the middle. */
static void set_row(Draw *d, Level *l, int layer, const Band *band)
{
    for (guint i = 0; i < layer_at(l, layer)->len; i++) {
        Item *it = &ITEM(l, INT_AT(layer_at(l, layer), i));
        if (l->parallel && it->kind == ITEM_NODE && NODE(d, it->node)->level >= 0) {
            it->h = NODE(d, it->node)->box.h = band->bottom - band->top;
        }
        const gboolean dot = it->kind == ITEM_NODE && it->h < DOT_MOST; /* near what it leads to */
        it->y = it->kind == ITEM_TURN ? band->top
                : dot                 ? band->bottom - it->h
                                      : band->top + (band->bottom - band->top - it->h) / 2;
    }
}

static void set_down(Draw *d, Level *l, GPtrArray *gaps)
{
    const int layers = (int)l->layers->len;
    double y = l->node >= 0 ? 0 : 2;
    int before = -1;
    for (int i = 0; i < layers; i++) {
        Band band = { y, y };
        const gboolean port = i == 0 || i == layers - 1;
        if (layer_at(l, i)->len > 0 || port) {
            if (before >= 0) {
                GArray *pieces = gaps->pdata[before];
                const int tracks = find_tracks(pieces);
                const double top = has_nodes(l, before) ? ARROW_GAP : GAP,
                             bottom = has_nodes(l, i) ? ARROW_GAP : GAP;
                const double gap = layer_at(l, before)->len == 0 || layer_at(l, i)->len == 0
                                       ? (l->node >= 0 ? DRAW_PAD - 5 : 0)
                                   : tracks > 0 ? top + (tracks - 1) * TRACK + bottom
                                                : MAX(top, bottom);
                for (guint k = 0; k < pieces->len; k++) {
                    Piece *p = &g_array_index(pieces, Piece, k);
                    p->y = y + top + p->track * TRACK;
                }
                y += gap;
            }
            band = (Band){ y, y + height_of(l, i) };
            set_row(d, l, i, &band);
            y = band.bottom;
            before = i;
        }
        g_array_append_val(l->bands, band);
    }
    l->h = y + (l->node >= 0 ? 0 : 2);
}

/* ---- the lines ---- */
static void add(GArray *points, double x, double y)
{
    Point p = { x, y };
    g_array_append_val(points, p);
}

static void run_through(const Level *l, GArray *points, const Item *it, double from, double to,
                        gboolean first, gboolean last)
{
    const Band *band = &g_array_index(l->bands, Band, it->layer);
    if (!first) {
        add(points, from, band->top);
        add(points, from, last ? it->y : band->bottom);
    } else {
        add(points, to, it->y + it->h);
        add(points, to, band->bottom);
    }
}

static void sideways(const Level *l, GArray *points, int link, const double *track)
{
    const Link *k = &LINK(l, link);
    const double x1 = ITEM(l, k->a).x + k->pa, x2 = ITEM(l, k->b).x + k->pb;
    if (!isnan(track[link])) {
        add(points, x1, track[link]);
        add(points, x2, track[link]);
    }
}

static void reverse(GArray *points)
{
    for (guint i = 0; i < points->len / 2; i++) {
        Point *a = &g_array_index(points, Point, i), *b = &g_array_index(points, Point, points->len - 1 - i);
        const Point swap = *a;
        *a = *b;
        *b = swap;
    }
}

static GArray *line_down(const Level *l, const Chain *c, const double *track)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(Point));
    for (guint i = 0; i < c->items->len; i++) {
        const Item *it = &ITEM(l, INT_AT(c->items, i));
        const Link *in = i > 0 ? &LINK(l, INT_AT(c->links, i - 1)) : NULL,
                   *out = i < c->links->len ? &LINK(l, INT_AT(c->links, i)) : NULL;
        run_through(l, points, it, in ? it->x + in->pb : 0, out ? it->x + out->pa : 0, i == 0, !out);
        if (out) {
            sideways(l, points, INT_AT(c->links, i), track);
        }
    }
    return points;
}

/* Down from one region, around its text, and up into the other. */
static GArray *line_turn(const Level *l, const Chain *c, const double *track)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(Point)),
           *back = g_array_new(FALSE, FALSE, sizeof(Point));
    const Item *turn = &ITEM(l, INT_AT(c->items, 1));
    for (int i = 0; i < 2; i++) {
        GArray *leg = i == 0 ? points : back;
        const Link *k = &LINK(l, INT_AT(c->links, i));
        const Item *end = &ITEM(l, k->a);
        run_through(l, leg, end, 0, end->x + k->pa, TRUE, FALSE);
        sideways(l, leg, INT_AT(c->links, i), track);
        add(leg, turn->x + k->pb, turn->y);
        add(leg, turn->x + k->pb, turn->y + turn->h - 3);
    }
    reverse(back);
    g_array_append_vals(points, back->data, back->len);
    g_array_unref(back);
    return points;
}

static void set_label(Draw *d, const Level *l, const Chain *c)
{
    for (guint i = 0; i < c->items->len; i++) {
        const Item *it = &ITEM(l, INT_AT(c->items, i));
        DrawBox *label = &EDGE(d, c->edge)->label;
        if (it->kind == ITEM_LABEL || it->kind == ITEM_TURN) {
            label->x = it->x - label->w / 2;
            label->y = it->y;
        }
    }
}

static void set_nodes(Draw *d, Level *l)
{
    for (guint i = 0; i < l->items->len; i++) {
        const Item *it = &ITEM(l, i);
        if (it->kind == ITEM_NODE) {
            Node *n = NODE(d, it->node);
            const DrawBox was = n->box;
            n->box = (DrawBox){ it->x - it->w / 2, it->y, it->w, it->h };
            n->head.x += n->box.x - was.x;
            n->head.y += n->box.y - was.y;
        } else if (it->kind == ITEM_TITLE) {
            NODE(d, it->node)->head.x = it->x - it->w / 2;
            NODE(d, it->node)->head.y = it->y;
        } else if (it->kind == ITEM_PORT) {
            l->port[it->edge] = it->x;
        }
    }
}

static void set_parts(Draw *d, Level *l, int level)
{
    const GArray *row = layer_at(l, 2);
    for (guint i = 0; l->parallel && i + 1 < row->len; i++) {
        const Item *a = &ITEM(l, INT_AT(row, i)), *b = &ITEM(l, INT_AT(row, i + 1));
        const Band *band = &g_array_index(l->bands, Band, 2);
        const double x = (a->x + a->w / 2 + b->x - b->w / 2) / 2;
        DrawBox part = { x, band->top, level, band->bottom - band->top };
        g_array_append_val(d->parts, part);
    }
}

void draw_route(Draw *d, int level)
{
    Level *l = LEVEL(d, level);
    for (guint i = 0; i < l->items->len; i++) {
        if (ITEM(l, i).kind == ITEM_NODE) {
            slide(l, (int)i, TRUE);
            slide(l, (int)i, FALSE);
        }
    }
    g_autoptr(GPtrArray) gaps = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < l->layers->len; i++) {
        g_ptr_array_add(gaps, pieces_below(l, (int)i));
    }
    set_down(d, l, gaps);
    g_autofree double *track = g_new(double, l->links->len + 1);
    for (guint i = 0; i < l->links->len; i++) {
        track[i] = NAN;
    }
    for (guint i = 0; i < gaps->len; i++) {
        const GArray *pieces = gaps->pdata[i];
        for (guint k = 0; k < pieces->len; k++) {
            track[g_array_index(pieces, Piece, k).link] = g_array_index(pieces, Piece, k).y;
        }
    }
    for (guint i = 0; i < l->chains->len; i++) {
        const Chain *c = &g_array_index(l->chains, Chain, i);
        GArray *points = EDGE(d, c->edge)->turn && l->parallel && EDGE(d, c->edge)->lca == level
                             ? line_turn(l, c, track)
                             : line_down(l, c, track);
        if (c->up) {
            reverse(points);
        }
        l->path[c->edge] = points;
        set_label(d, l, c);
    }
    set_nodes(d, l);
    set_parts(d, l, level);
}
