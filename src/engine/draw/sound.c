/* sound.c - looks at a drawing as a strict reader would: does anything lie upon what it must not? Slow and
 * obvious. */
#include "engine/draw/inside.h"
#include <math.h>

#define EPS 0.3

static gboolean fail(char **why, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean fail(char **why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *why = g_strdup_vprintf(format, args);
    va_end(args);
    return FALSE;
}

static gboolean overlap(const DrawBox *a, const DrawBox *b)
{
    return a->w > 0 && b->w > 0 && a->x + EPS < b->x + b->w && b->x + EPS < a->x + a->w &&
           a->y + EPS < b->y + b->h && b->y + EPS < a->y + a->h;
}

static gboolean inside(const DrawBox *a, const DrawBox *b)
{
    return a->x >= b->x - EPS && a->y >= b->y - EPS && a->x + a->w <= b->x + b->w + EPS &&
           a->y + a->h <= b->y + b->h + EPS;
}

/* Pieces of a line are level or upright. */
static DrawBox piece(const Edge *e, guint i)
{
    const Point a = g_array_index(e->points, Point, i), b = g_array_index(e->points, Point, i + 1);
    return (DrawBox){ MIN(a.x, b.x) - 0.4, MIN(a.y, b.y), fabs(a.x - b.x) + 0.8, MAX(fabs(a.y - b.y), 0.8) };
}

static gboolean through(const Edge *e, const DrawBox *box)
{
    for (guint i = 0; i + 1 < e->points->len; i++) {
        const DrawBox p = piece(e, i);
        if (overlap(&p, box)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean on_border(Point p, const DrawBox *b)
{
    return p.x >= b->x - EPS && p.x <= b->x + b->w + EPS &&
           (fabs(p.y - b->y) < EPS || fabs(p.y - b->y - b->h) < EPS);
}

static gboolean nodes_sound(const Draw *d, char **why)
{
    const DrawBox all = { 0, 0, d->width, d->height };
    for (guint i = 0; i < d->nodes->len; i++) {
        const Node *a = NODE(d, i);
        if (!inside(&a->box, a->parent < 0 ? &all : &NODE(d, a->parent)->box)) {
            return fail(why, "%s is not within what holds it", a->id);
        }
        if (!inside(&a->head, &a->box)) {
            return fail(why, "the title of %s is not within its box", a->id);
        }
        for (guint k = 0; k < d->nodes->len; k++) {
            const Node *b = NODE(d, k);
            const gboolean related = draw_within(d, (int)i, (int)k) || draw_within(d, (int)k, (int)i);
            if (i < k && !related && overlap(&a->box, &b->box)) {
                return fail(why, "%s lies upon %s", a->id, b->id);
            }
            if (i != k && !draw_within(d, (int)i, (int)k) && overlap(&a->head, &b->box) &&
                b->parent == (int)i) {
                return fail(why, "%s lies upon the title of %s", b->id, a->id);
            }
        }
    }
    return TRUE;
}

static gboolean label_sound(const Draw *d, guint edge, char **why)
{
    const Edge *e = EDGE(d, edge);
    const char *from = NODE(d, e->from)->id, *to = NODE(d, e->to)->id;
    for (guint i = 0; i < d->nodes->len; i++) {
        const Node *n = NODE(d, i);
        const gboolean around = draw_within(d, e->from, (int)i) && draw_within(d, e->to, (int)i);
        if (around ? !inside(&e->label, &n->box) || overlap(&e->label, &n->head)
                   : overlap(&e->label, &n->box)) {
            return fail(why, "the text of %s > %s lies upon %s", from, to, n->id);
        }
    }
    for (guint i = 0; i < d->edges->len; i++) {
        const Edge *other = EDGE(d, i);
        if (i != edge && !other->stay && (overlap(&e->label, &other->label) || through(other, &e->label))) {
            return fail(why, "%s > %s lies upon the text of %s > %s", NODE(d, other->from)->id,
                        NODE(d, other->to)->id, from, to);
        }
    }
    return TRUE;
}

static gboolean line_sound(const Draw *d, const Edge *e, char **why)
{
    const char *from = NODE(d, e->from)->id, *to = NODE(d, e->to)->id;
    if (e->points->len < 2 || !on_border(g_array_index(e->points, Point, 0), &NODE(d, e->from)->box) ||
        !on_border(g_array_index(e->points, Point, e->points->len - 1), &NODE(d, e->to)->box)) {
        return fail(why, "%s > %s does not touch its ends", from, to);
    }
    for (guint i = 0; i + 1 < e->points->len; i++) {
        const Point a = g_array_index(e->points, Point, i), b = g_array_index(e->points, Point, i + 1);
        if (fabs(a.x - b.x) > 0.6 && fabs(a.y - b.y) > 0.6) {
            return fail(why, "%s > %s runs aslant", from, to);
        }
    }
    for (guint i = 0; i < d->nodes->len; i++) {
        const Node *n = NODE(d, i);
        const gboolean holds = i != (guint)e->from && i != (guint)e->to &&
                               (draw_within(d, e->from, (int)i) || draw_within(d, e->to, (int)i));
        if (through(e, holds ? &n->head : &n->box)) {
            return fail(why, "%s > %s runs through %s", from, to, n->id);
        }
    }
    return TRUE;
}

gboolean draw_sound(const Draw *d, char **why)
{
    if (!nodes_sound(d, why)) {
        return FALSE;
    }
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay && (!line_sound(d, EDGE(d, i), why) || !label_sound(d, i, why))) {
            return FALSE;
        }
    }
    return TRUE;
}
