/* order.c - the order of things in each layer, so that few lines cross: every layer is sorted by where its
 * neighbours lie (barycentres), down and up again; then neighbours change places where that helps. The best
 * order seen is kept. A box's title stays leftmost; regions keep their order. */
#include "engine/draw/inside.h"
#include <stdlib.h>
#include <string.h>

#define SWEEPS 16
#define SWAPS 6

static gboolean kept(const Level *l, int item)
{
    return ITEM(l, item).kind == ITEM_TITLE || (l->parallel && ITEM(l, item).kind == ITEM_NODE);
}

/* Where a link ends, as a place in the layer: within a wide box too. */
static double place(const Level *l, int item, double offset)
{
    const Item *it = &ITEM(l, item);
    return it->pos + (it->w > 0 ? 0.9 * offset / it->w : 0);
}

static int crossings_between(const Level *l, int layer)
{
    const GArray *row = layer_at(l, layer);
    int n = 0;
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < row->len; i++) {
        const GArray *down = ITEM(l, INT_AT(row, i)).down;
        g_array_append_vals(links, down->data, down->len);
    }
    for (guint i = 0; i < links->len; i++) {
        const Link *p = &LINK(l, INT_AT(links, i));
        const double pa = place(l, p->a, p->pa), pb = place(l, p->b, p->pb);
        for (guint k = i + 1; k < links->len; k++) {
            const Link *q = &LINK(l, INT_AT(links, k));
            const double qa = place(l, q->a, q->pa), qb = place(l, q->b, q->pb);
            n += (pa < qa && pb > qb) || (pa > qa && pb < qb);
        }
    }
    return n;
}

static int crossings(const Level *l)
{
    int n = 0;
    for (guint i = 0; i + 1 < l->layers->len; i++) {
        n += crossings_between(l, (int)i);
    }
    return n;
}

static void number(Level *l, GArray *row)
{
    for (guint i = 0; i < row->len; i++) {
        ITEM(l, INT_AT(row, i)).pos = (int)i;
    }
}

static double middle(const Level *l, int item, gboolean down)
{
    const GArray *links = down ? ITEM(l, item).up : ITEM(l, item).down;
    double sum = 0;
    for (guint i = 0; i < links->len; i++) {
        const Link *k = &LINK(l, INT_AT(links, i));
        sum += down ? place(l, k->a, k->pa) - 0.9 * k->pb / MAX(ITEM(l, item).w, 1)
                    : place(l, k->b, k->pb) - 0.9 * k->pa / MAX(ITEM(l, item).w, 1);
    }
    return links->len ? sum / links->len : ITEM(l, item).pos;
}

typedef struct {
    int item, was;
    double wish;
} Wish;

static int by_wish(const void *a, const void *b)
{
    const Wish *p = a, *q = b;
    return p->wish != q->wish ? (p->wish > q->wish) - (p->wish < q->wish) : p->was - q->was;
}

static void sort_row(Level *l, GArray *row, gboolean down)
{
    guint first = 0;
    while (first < row->len && kept(l, INT_AT(row, first))) {
        first++;
    }
    const guint n = row->len - first;
    g_autofree Wish *wish = g_new(Wish, n + 1);
    for (guint i = 0; i < n; i++) {
        const int item = INT_AT(row, first + i);
        wish[i] = (Wish){ item, (int)i, middle(l, item, down) };
    }
    if (n) qsort(wish, n, sizeof(Wish), by_wish);
    for (guint i = 0; i < n; i++) {
        INT_AT(row, first + i) = wish[i].item;
    }
    number(l, row);
}

/* Crossings of the links of a and b on one side when a lies left of b. */
static int between(const Level *l, int a, int b, gboolean up)
{
    const GArray *p = up ? ITEM(l, a).up : ITEM(l, a).down, *q = up ? ITEM(l, b).up : ITEM(l, b).down;
    int n = 0;
    for (guint i = 0; i < p->len; i++) {
        const Link *x = &LINK(l, INT_AT(p, i));
        const double px = up ? place(l, x->a, x->pa) : place(l, x->b, x->pb);
        for (guint k = 0; k < q->len; k++) {
            const Link *y = &LINK(l, INT_AT(q, k));
            n += px > (up ? place(l, y->a, y->pa) : place(l, y->b, y->pb));
        }
    }
    return n;
}

static gboolean swap_row(Level *l, GArray *row)
{
    gboolean any = FALSE;
    for (guint i = 0; i + 1 < row->len; i++) {
        const int a = INT_AT(row, i), b = INT_AT(row, i + 1);
        if (kept(l, a) || kept(l, b)) {
            continue;
        }
        const int now = between(l, a, b, TRUE) + between(l, a, b, FALSE),
                  then = between(l, b, a, TRUE) + between(l, b, a, FALSE);
        if (then < now) {
            INT_AT(row, i) = b;
            INT_AT(row, i + 1) = a;
            ITEM(l, a).pos = (int)i + 1;
            ITEM(l, b).pos = (int)i;
            any = TRUE;
        }
    }
    return any;
}

static void swap_all(Level *l)
{
    gboolean any = TRUE;
    for (int round = 0; any && round < SWAPS; round++) {
        any = FALSE;
        for (guint i = 0; i < l->layers->len; i++) {
            any |= swap_row(l, layer_at(l, (int)i));
        }
    }
}

static GArray *saved(const Level *l)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < l->layers->len; i++) {
        g_array_append_vals(all, layer_at(l, (int)i)->data, layer_at(l, (int)i)->len);
    }
    return all;
}

static void restore(Level *l, const GArray *all)
{
    guint at = 0;
    for (guint i = 0; i < l->layers->len; i++) {
        GArray *row = layer_at(l, (int)i);
        if (row->len) memcpy(row->data, &INT_AT(all, at), row->len * sizeof(int));
        at += row->len;
        number(l, row);
    }
}

void draw_order(Draw *d, Level *l)
{
    g_autoptr(GArray) best = saved(l);
    int least = crossings(l);
    const int last = (int)l->layers->len - 1;
    for (int sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
        const gboolean down = sweep % 2 == 0;
        for (int i = 0; i <= last; i++) {
            sort_row(l, layer_at(l, down ? i : last - i), down);
        }
        swap_all(l);
        const int n = crossings(l);
        if (n < least) {
            least = n;
            g_array_unref(best);
            best = saved(l);
        }
    }
    restore(l, best);
}
