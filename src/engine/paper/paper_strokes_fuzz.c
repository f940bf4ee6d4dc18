/* paper_strokes_fuzz.c - what is taken as a signature is within its limits and can be drawn, and so can its
 * copy. */
#include "engine/paper/inside.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void sound(const PaperStrokes *s)
{
    guint at = 0;
    g_assert_true(s->strokes > 0 && s->strokes <= PAPER_STROKES_MAX);
    for (guint i = 0; i < s->strokes; at = s->ends[i++])
        g_assert_true(s->ends[i] > at && s->ends[i] <= PAPER_STROKES_POINTS);
    for (guint i = 0; i < at; i++) {
        const gint32 x = s->xy[i * 2], y = s->xy[i * 2 + 1];
        g_assert_true(x >= s->left && x <= s->right && y >= s->top && y <= s->bottom);
    }
    g_assert_true(s->left >= 0 && s->top >= 0 && MAX(s->right, s->bottom) <= PAPER_STROKES_COORDINATE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PaperStrokes) strokes = paper_strokes_parse((const char *)data, size, &error);
    g_assert_true(strokes ? !error : error && *error->message);
    if (!strokes) return 0;
    sound(strokes);
    g_autoptr(PaperStrokes) copy = paper_strokes_copy(strokes);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 64, 32);
    cairo_t *to = cairo_create(surface);
    paper_strokes_draw(to, copy, 2, 2, 60, 28);
    g_assert_true(cairo_status(to) == CAIRO_STATUS_SUCCESS);
    cairo_destroy(to);
    cairo_surface_destroy(surface);
    return 0;
}
