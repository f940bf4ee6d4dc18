/* strokes.c - the lines a finger drew on a screen: read within limits, drawn as curves. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include "base/json.h"
#include "engine/paper/inside.h"

#define LEAST_SIDE 20  /* of the drawing's longer side, of 1000 */
#define LEAST_INK 60.0 /* length of all strokes together */

static gboolean refuse(GError **error, const char *what)
{
    g_set_error(error, PAPER_ERROR, PAPER_ERROR_STROKES, "%s", what);
    return FALSE;
}

void paper_strokes_free(PaperStrokes *strokes)
{
    if (!strokes) return;
    g_free(strokes->xy);
    g_free(strokes->ends);
    g_free(strokes);
}

PaperStrokes *paper_strokes_copy(const PaperStrokes *strokes)
{
    if (!strokes) return NULL;
    PaperStrokes *copy = g_memdup2(strokes, sizeof *strokes);
    guint points = strokes->ends[strokes->strokes - 1];
    copy->xy = g_memdup2(strokes->xy, (gsize)points * 2 * sizeof *copy->xy);
    copy->ends = g_memdup2(strokes->ends, strokes->strokes * sizeof *copy->ends);
    return copy;
}

static gboolean take_stroke(PaperStrokes *out, guint *points, const json_t *stroke, GError **error)
{
    gsize n = json_array_size(stroke);
    if (!json_is_array(stroke) || n < 2 || n % 2)
        return refuse(error, "a stroke is a list of x, y, x, y ...");
    if (*points + n / 2 > PAPER_STROKES_POINTS)
        return refuse(error, "the signature has too many points; draw it again");
    for (gsize i = 0; i < n; i++) {
        const json_t *value = json_array_get(stroke, i);
        json_int_t v = json_integer_value(value);
        if (!json_is_integer(value) || v < 0 || v > PAPER_STROKES_COORDINATE)
            return refuse(error, "a coordinate is a whole number from 0 to 10000");
        out->xy[(gsize)*points * 2 + i] = (gint32)v;
    }
    *points += (guint)(n / 2);
    out->ends[out->strokes++] = *points;
    return TRUE;
}

static gboolean is_signature(PaperStrokes *s, GError **error)
{
    double ink = 0;
    guint at = 0;
    s->left = s->top = PAPER_STROKES_COORDINATE;
    for (guint stroke = 0; stroke < s->strokes; stroke++)
        for (guint first = at; at < s->ends[stroke]; at++) {
            const gint32 *p = &s->xy[(gsize)at * 2];
            s->left = MIN(s->left, p[0]);
            s->right = MAX(s->right, p[0]);
            s->top = MIN(s->top, p[1]);
            s->bottom = MAX(s->bottom, p[1]);
            if (at > first) ink += hypot(p[0] - p[-2], p[1] - p[-1]);
        }
    if (MAX(s->right - s->left, s->bottom - s->top) < LEAST_SIDE || ink < LEAST_INK)
        return refuse(error, "too little was drawn to be a signature; draw it again");
    return TRUE;
}

PaperStrokes *paper_strokes_parse(const char *json, gsize length, GError **error)
{
    g_autoptr(GError) why = NULL;
    json_t *tree =
        base_json_parse(json, length, (BaseJsonLimits){ .bytes = PAPER_STROKES_BYTES, .depth = 3 }, &why);
    gsize n = json_array_size(tree);
    if (!json_is_array(tree) || n < 1 || n > PAPER_STROKES_MAX) {
        refuse(error, why ? why->message : "a signature is a list of 1 to 200 strokes");
        json_decref(tree);
        return NULL;
    }
    PaperStrokes *out = g_new0(PaperStrokes, 1);
    out->xy = g_new0(gint32, PAPER_STROKES_POINTS * 2);
    out->ends = g_new0(guint, n);
    guint points = 0;
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < n; i++)
        ok = take_stroke(out, &points, json_array_get(tree, i), error);
    json_decref(tree);
    if (ok && is_signature(out, error)) return out;
    paper_strokes_free(out);
    return NULL;
}

/* Through the midpoints, with the points themselves as handles: smooth, and close to what was drawn. */
static void draw_stroke(cairo_t *to, const gint32 *xy, guint n)
{
    cairo_move_to(to, xy[0], xy[1]);
    if (n == 1) cairo_line_to(to, xy[0], xy[1]);
    for (gsize i = 1; i < n; i++) {
        double cx = xy[i * 2 - 2], cy = xy[i * 2 - 1], ex = xy[i * 2], ey = xy[i * 2 + 1];
        if (i + 1 < n) {
            ex = (ex + xy[i * 2 + 2]) / 2;
            ey = (ey + xy[i * 2 + 3]) / 2;
            cx = xy[i * 2];
            cy = xy[i * 2 + 1];
        }
        double x, y;
        cairo_get_current_point(to, &x, &y);
        cairo_curve_to(to, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, ex + (cx - ex) * 2 / 3,
                       ey + (cy - ey) * 2 / 3, ex, ey);
    }
}

void paper_strokes_draw(cairo_t *to, const PaperStrokes *s, double x, double y, double w, double h)
{
    double width = MAX(s->right - s->left, 1), height = MAX(s->bottom - s->top, 1),
           scale = MIN(w / width, h / height);
    cairo_save(to);
    cairo_translate(to, x, y + h - height * scale);
    cairo_scale(to, scale, scale);
    cairo_translate(to, -s->left, -s->top);
    guint at = 0;
    for (guint stroke = 0; stroke < s->strokes; at = s->ends[stroke++])
        draw_stroke(to, &s->xy[(gsize)at * 2], s->ends[stroke] - at);
    cairo_restore(to);
    cairo_save(to);
    cairo_set_line_width(to, 1.4);
    cairo_set_line_cap(to, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(to);
    cairo_restore(to);
}
