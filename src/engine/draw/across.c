/* across.c - x of every item: Brandes and Köpf, "Fast and simple horizontal coordinate assignment" (2001),
 * with the compaction by longest paths that is usual since its erratum, boxes of any width, and links that
 * end beside an item's middle. Four drawings (aligned upwards or downwards, pressed left or right) are made;
 * each thing gets the mean of the middle two. The main way is aligned first, and long edges run straight. */
#include "engine/draw/inside.h"
#include <stdlib.h>
#include <math.h>
#include <string.h>

typedef struct {
    Level *l;
    gboolean up; /* aligned with what lies below */
    int side;    /* 1: pressed to the left; -1: to the right, all x with the other sign */
    int n;
    int *root, *align; /* by item */
    double *inner;     /* from the root's middle */
    double *x;         /* result */
} Making;

static gboolean inner_link(const Level *l, const Link *k)
{
    return ITEM(l, k->a).kind != ITEM_NODE && ITEM(l, k->b).kind != ITEM_NODE;
}

static int strength(const Level *l, const Link *k)
{
    return k->main ? 2 : inner_link(l, k) ? 1 : 0;
}

/* Of two links that cross, the weaker may not be straight. */
static void find_spoilt(Level *l, int layer)
{
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < layer_at(l, layer)->len; i++) {
        const GArray *down = ITEM(l, INT_AT(layer_at(l, layer), i)).down;
        g_array_append_vals(links, down->data, down->len);
    }
    for (guint i = 0; i < links->len; i++) {
        Link *p = &LINK(l, INT_AT(links, i));
        for (guint k = i + 1; k < links->len; k++) {
            Link *q = &LINK(l, INT_AT(links, k));
            const int a = ITEM(l, p->a).pos - ITEM(l, q->a).pos, b = ITEM(l, p->b).pos - ITEM(l, q->b).pos;
            if ((a < 0 && b > 0) || (a > 0 && b < 0)) {
                const int sp = strength(l, p), sq = strength(l, q);
                p->spoilt |= sp < sq;
                q->spoilt |= sq < sp;
            }
        }
    }
}

static int pos(const Making *m, int item)
{
    const Item *it = &ITEM(m->l, item);
    return m->side > 0 ? it->pos : (int)layer_at(m->l, it->layer)->len - 1 - it->pos;
}

static int other_end(const Making *m, const Link *k)
{
    return m->up ? k->b : k->a;
}

/* Links to the layer aligned with, in the order of what they lead to. */
static int sorted_links(const Making *m, int item, int *out)
{
    const GArray *links = m->up ? ITEM(m->l, item).down : ITEM(m->l, item).up;
    int n = 0;
    for (guint i = 0; i < links->len; i++) {
        const int link = INT_AT(links, i), at = pos(m, other_end(m, &LINK(m->l, link)));
        int k = n++;
        for (; k > 0 && pos(m, other_end(m, &LINK(m->l, out[k - 1]))) > at; k--) {
            out[k] = out[k - 1];
        }
        out[k] = link;
    }
    return n;
}

/* Is `item` to be straight with another, on the side of the one that asks? */
static gboolean spoken_for(const Making *m, int item)
{
    const GArray *links = m->up ? ITEM(m->l, item).up : ITEM(m->l, item).down;
    for (guint i = 0; i < links->len; i++) {
        if (LINK(m->l, INT_AT(links, i)).main) {
            return TRUE;
        }
    }
    return FALSE;
}

static void try_align(Making *m, int v, int link, int *r)
{
    const Link *k = &LINK(m->l, link);
    const int u = other_end(m, k);
    if (m->align[v] != v || k->spoilt || pos(m, u) <= *r || (!k->main && spoken_for(m, u))) {
        return;
    }
    const double pu = m->up ? k->pb : k->pa, pv = m->up ? k->pa : k->pb;
    m->align[u] = v;
    m->root[v] = m->root[u];
    m->align[v] = m->root[v];
    m->inner[v] = m->inner[u] + m->side * (pu - pv);
    *r = pos(m, u);
}

static void align_row(Making *m, int layer, int *links)
{
    const GArray *row = layer_at(m->l, layer);
    int r = -1;
    for (guint i = 0; i < row->len; i++) {
        const int v = INT_AT(row, m->side > 0 ? i : row->len - 1 - i), n = sorted_links(m, v, links);
        for (int k = 0; k < n; k++) {
            if (LINK(m->l, links[k]).main) {
                try_align(m, v, links[k], &r);
            }
        }
        for (int k = (n - 1) / 2; n > 0 && k <= n / 2; k++) {
            try_align(m, v, links[k], &r);
        }
    }
}

static void align_all(Making *m)
{
    g_autofree int *links = g_new(int, m->l->links->len + 1);
    for (int i = 0; i < m->n; i++) {
        m->root[i] = m->align[i] = i;
        m->inner[i] = 0;
    }
    const int layers = (int)m->l->layers->len;
    for (int i = 1; i < layers; i++) {
        align_row(m, m->up ? layers - 1 - i : i, links);
    }
}

static double apart(const Level *l, int a, int b)
{
    const Item *p = &ITEM(l, a), *q = &ITEM(l, b);
    const gboolean lines = p->kind == ITEM_LINK && q->kind == ITEM_LINK;
    return (p->w + q->w) / 2 + (lines ? DRAW_LINES_APART : DRAW_APART);
}

/* Blocks that must keep a distance: an edge from the left one to the right one. */
typedef struct {
    int a, b;
    double d;
} Keep;

static int by_first(const void *a, const void *b)
{
    return ((const Keep *)a)->a - ((const Keep *)b)->a;
}

static GArray *keeps_of(const Making *m)
{
    GArray *keeps = g_array_new(FALSE, FALSE, sizeof(Keep));
    for (guint i = 0; i < m->l->layers->len; i++) {
        const GArray *row = layer_at(m->l, (int)i);
        for (guint k = 0; k + 1 < row->len; k++) {
            int u = INT_AT(row, k), v = INT_AT(row, k + 1);
            if (m->side < 0) {
                const int swap = u;
                u = v;
                v = swap;
            }
            Keep keep = { m->root[u], m->root[v], m->inner[u] + apart(m->l, u, v) - m->inner[v] };
            g_array_append_val(keeps, keep);
        }
    }
    if (keeps->len) qsort(keeps->data, keeps->len, sizeof(Keep), by_first);
    return keeps;
}

/* Roots in an order in which the left ones come first (Kahn). */
static int topological(const Making *m, const GArray *keeps, const int *first, int *out)
{
    g_autofree int *waits = g_new0(int, (gsize)m->n + 1);
    for (guint i = 0; i < keeps->len; i++) {
        waits[g_array_index(keeps, Keep, i).b]++;
    }
    int n = 0;
    for (int i = 0; i < m->n; i++) {
        if (m->root[i] == i && waits[i] == 0) {
            out[n++] = i;
        }
    }
    for (int at = 0; at < n; at++) {
        for (int k = first[out[at]]; k < first[out[at] + 1]; k++) {
            const int b = g_array_index(keeps, Keep, k).b;
            if (--waits[b] == 0) {
                out[n++] = b;
            }
        }
    }
    return n;
}

static void compact(Making *m)
{
    g_autoptr(GArray) keeps = keeps_of(m);
    g_autofree int *first = g_new0(int, (gsize)m->n + 2), *order = g_new(int, (gsize)m->n + 1);
    g_autofree double *x = g_new0(double, (gsize)m->n + 1);
    for (guint i = 0; i < keeps->len; i++) {
        first[g_array_index(keeps, Keep, i).a + 1]++;
    }
    for (int i = 0; i <= m->n; i++) {
        first[i + 1] += first[i];
    }
    const int n = topological(m, keeps, first, order);
    for (int i = 0; i < n; i++) {
        x[order[i]] = -G_MAXDOUBLE / 4;
    }
    for (int i = 0; i < n; i++) {
        x[order[i]] = x[order[i]] < -1e9 ? 0 : x[order[i]];
        for (int k = first[order[i]]; k < first[order[i] + 1]; k++) {
            const Keep *keep = &g_array_index(keeps, Keep, k);
            x[keep->b] = MAX(x[keep->b], x[keep->a] + keep->d);
        }
    }
    for (int i = n - 1; i >= 0; i--) { /* and as near as may be to what lies to the right */
        double most = G_MAXDOUBLE;
        for (int k = first[order[i]]; k < first[order[i] + 1]; k++) {
            const Keep *keep = &g_array_index(keeps, Keep, k);
            most = MIN(most, x[keep->b] - keep->d);
        }
        if (most < G_MAXDOUBLE) {
            x[order[i]] = MAX(x[order[i]], most);
        }
    }
    for (int i = 0; i < m->n; i++) {
        m->x[i] = m->side * (x[m->root[i]] + m->inner[i]);
    }
}

static void extent(const Level *l, const double *x, double *left, double *right)
{
    *left = G_MAXDOUBLE;
    *right = -G_MAXDOUBLE;
    for (guint i = 0; i < l->items->len; i++) {
        *left = MIN(*left, x[i] - ITEM(l, i).w / 2);
        *right = MAX(*right, x[i] + ITEM(l, i).w / 2);
    }
}

static int by_value(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* The narrowest sets the place; the others are moved to its edges. */
static void mean(Level *l, double *x[4])
{
    double left[4], right[4];
    int narrow = 0;
    for (int i = 0; i < 4; i++) {
        extent(l, x[i], &left[i], &right[i]);
        narrow = right[i] - left[i] < right[narrow] - left[narrow] ? i : narrow;
    }
    for (guint k = 0; k < l->items->len; k++) {
        double at[4];
        for (int i = 0; i < 4; i++) {
            at[i] = x[i][k] + (i % 2 == 0 ? left[narrow] - left[i] : right[narrow] - right[i]);
        }
        qsort(at, 4, sizeof(double), by_value);
        ITEM(l, k).x = (at[1] + at[2]) / 2;
    }
}

/* From the box's left border; the title is moved there. */
static void set_left(Level *l)
{
    double left = G_MAXDOUBLE, right = -G_MAXDOUBLE;
    for (guint i = 0; i < l->items->len; i++) {
        const Item *it = &ITEM(l, i);
        if (it->kind != ITEM_TITLE) {
            left = MIN(left, it->x - it->w / 2);
        }
        right = MAX(right, it->x + it->w / 2);
    }
    if (l->title >= 0) { /* leftmost in its layer: it may move to the left as far as it likes */
        Item *title = &ITEM(l, l->title);
        left = MIN(left, title->x - title->w / 2);
        title->x = left + title->w / 2;
    }
    const double pad = l->node >= 0 ? DRAW_PAD : 2;
    for (guint i = 0; i < l->items->len; i++) {
        ITEM(l, i).x += pad - left;
    }
    l->w = right - left + 2 * pad;
}

void draw_across(Level *l)
{
    const int n = (int)l->items->len;
    double *x[4];
    Making m = { .l = l, .n = n };
    m.root = g_new(int, (gsize)n + 1);
    m.align = g_new(int, (gsize)n + 1);
    m.inner = g_new(double, (gsize)n + 1);
    for (guint i = 0; i + 1 < l->layers->len; i++) {
        find_spoilt(l, (int)i);
    }
    for (int i = 0; i < 4; i++) {
        m.up = i >= 2;
        m.side = i % 2 == 0 ? 1 : -1;
        m.x = x[i] = g_new(double, (gsize)n + 1);
        align_all(&m);
        compact(&m);
    }
    mean(l, x);
    set_left(l);
    for (int i = 0; i < 4; i++) {
        g_free(x[i]);
    }
    g_free(m.root);
    g_free(m.align);
    g_free(m.inner);
}
