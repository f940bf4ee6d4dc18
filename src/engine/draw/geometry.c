/* geometry.c - what came of a drawing, as JSON for those who show it in their own way. */
#include "engine/draw/inside.h"
#include <math.h>

#define ROUND 8.0 /* radius of a line's corners */

static double tenth(double x)
{
    return floor(x * 10 + 0.5) / 10;
}

static void put_number(GString *out, double x)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.10g", tenth(x)));
}

static void put_pair(GString *out, char letter, Point p)
{
    g_string_append_c(out, letter);
    put_number(out, p.x);
    g_string_append_c(out, ' ');
    put_number(out, p.y);
}

static double length(Point a, Point b)
{
    return hypot(b.x - a.x, b.y - a.y);
}

static Point towards(Point a, Point b, double by)
{
    const double d = length(a, b);
    return d > 0 ? (Point){ a.x + (b.x - a.x) * by / d, a.y + (b.y - a.y) * by / d } : a;
}

char *draw_path(const GArray *points, double dx, double dy)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < points->len; i++) {
        Point p = g_array_index(points, Point, i);
        p = (Point){ p.x + dx, p.y + dy };
        if (i == 0 || i + 1 == points->len) {
            put_pair(out, i == 0 ? 'M' : 'L', p);
            continue;
        }
        Point a = g_array_index(points, Point, i - 1), b = g_array_index(points, Point, i + 1);
        a = (Point){ a.x + dx, a.y + dy };
        b = (Point){ b.x + dx, b.y + dy };
        const double r = MIN(ROUND, MIN(length(a, p), length(p, b)) / 2);
        put_pair(out, 'L', towards(p, a, r));
        put_pair(out, 'Q', p);
        put_pair(out, ' ', towards(p, b, r));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void put_box(BaseJson *j, const char *key, DrawBox box)
{
    base_json_key(j, key);
    base_json_array(j);
    base_json_real(j, tenth(box.x));
    base_json_real(j, tenth(box.y));
    base_json_real(j, tenth(box.w));
    base_json_real(j, tenth(box.h));
    base_json_end_array(j);
}

static void put_texts(BaseJson *j, const char *key, char **texts)
{
    base_json_key(j, key);
    base_json_array(j);
    for (; *texts; texts++) {
        base_json_text(j, *texts);
    }
    base_json_end_array(j);
}

static const char *kind_name(const Node *n)
{
    static const char *const names[] = { "plain", "parallel", "final", "history", "initial", "sign" };
    return n->kind == DRAW_PLAIN && n->level >= 0 ? "compound" : names[n->kind];
}

static void put_lines(BaseJson *j, const GArray *lines)
{
    static const char *const kinds[] = { "note", "clock", "task", "stay", "event", "condition" };
    base_json_key(j, "lines");
    base_json_array(j);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        base_json_object(j);
        base_json_put_text(j, "kind", kinds[line->kind]);
        base_json_put_text(j, "text", line->text);
        base_json_put_text(j, "ref", line->ref);
        base_json_put_text(j, "name", line->name);
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

static void put_node(BaseJson *j, const Draw *d, const Node *n)
{
    base_json_object(j);
    base_json_put_text(j, "id", n->id);
    put_texts(j, "title", n->title_lines);
    base_json_put_text(j, "kind", kind_name(n));
    base_json_put_text(j, "parent", n->parent < 0 ? NULL : NODE(d, n->parent)->id);
    put_box(j, "box", n->box);
    put_box(j, "head", n->head);
    put_lines(j, n->lines);
    base_json_end_object(j);
}

static void put_points(BaseJson *j, const GArray *points)
{
    base_json_key(j, "points");
    base_json_array(j);
    for (guint i = 0; i < points->len; i++) {
        base_json_array(j);
        base_json_real(j, tenth(g_array_index(points, Point, i).x));
        base_json_real(j, tenth(g_array_index(points, Point, i).y));
        base_json_end_array(j);
    }
    base_json_end_array(j);
}

static void put_edge(BaseJson *j, const Draw *d, const Edge *e)
{
    g_autofree char *path = draw_path(e->points, 0, 0);
    base_json_object(j);
    base_json_put_text(j, "from", NODE(d, e->from)->id);
    base_json_put_text(j, "to", NODE(d, e->to)->id);
    put_points(j, e->points);
    base_json_put_text(j, "path", path);
    put_lines(j, e->lines);
    if (e->label.w > 0) {
        put_box(j, "label", e->label);
    } else {
        base_json_put_raw(j, "label", NULL);
    }
    put_texts(j, "refs", e->refs);
    base_json_end_object(j);
}

void draw_json(const Draw *d, BaseJson *j)
{
    base_json_object(j);
    base_json_put_real(j, "width", tenth(d->width));
    base_json_put_real(j, "height", tenth(d->height));
    base_json_key(j, "nodes");
    base_json_array(j);
    for (guint i = 0; i < d->nodes->len; i++) {
        put_node(j, d, NODE(d, i));
    }
    base_json_end_array(j);
    base_json_key(j, "edges");
    base_json_array(j);
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay) {
            put_edge(j, d, EDGE(d, i));
        }
    }
    base_json_end_array(j);
    base_json_key(j, "parts");
    base_json_array(j);
    for (guint i = 0; i < d->parts->len; i++) {
        const DrawBox *p = &g_array_index(d->parts, DrawBox, i);
        base_json_array(j);
        base_json_real(j, tenth(p->x));
        base_json_real(j, tenth(p->y));
        base_json_real(j, tenth(p->x + p->w));
        base_json_real(j, tenth(p->y + p->h));
        base_json_end_array(j);
    }
    base_json_end_array(j);
    base_json_end_object(j);
}
