/* text.c - how wide a text is, and breaking a long one into lines. No font is asked, so that every machine
 * draws the same: Chinese characters are square, others about 0.58 of that, which suits the common sans-serif
 * faces. */
#include "engine/draw/inside.h"
#include <math.h>
#include <string.h>

#define WIDE_FROM 0x2e80 /* CJK radicals; all that follows is drawn square, and so are these few: */

static gboolean wide(gunichar c)
{
    return c >= WIDE_FROM || c == 0x2192 || c == 0x21bb || c == 0x2264 || c == 0x2265 || c == 0x2260 ||
           c == 0x23f1 || c == 0x201c || c == 0x201d;
}

double draw_text_width(const char *text, double size)
{
    double width = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        width += wide(g_utf8_get_char(p)) ? size : size * 0.58;
    }
    return ceil(width);
}

/* May a line end before `at`? Between square characters, and behind a blank; never before a closing mark nor
 * around a sign of comparison. */
static gboolean may_break(const char *start, const char *at)
{
    if (at == start || !*at) {
        return FALSE;
    }
    const gunichar before = g_utf8_get_char(g_utf8_prev_char(at)), after = g_utf8_get_char(at);
    if (after == ' ' || g_utf8_strchr("，。；：、！？）》」”’)],.;:!?=≠≤≥<>", -1, after)) {
        return FALSE;
    }
    if (before == ' ' && at - start > 1 &&
        g_utf8_strchr("=≠≤≥<>", -1, g_utf8_get_char(g_utf8_prev_char(at - 1)))) {
        return FALSE;
    }
    return before == ' ' || ((wide(before) || wide(after)) && !g_utf8_strchr("（《「“(", -1, before));
}

static GPtrArray *broken(const char *text, double size, double width)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    const char *start = text;
    while (draw_text_width(start, size) > width) {
        const char *best = NULL;
        double used = 0;
        for (const char *p = start; *p; p = g_utf8_next_char(p)) {
            if (used > 0 && may_break(start, p) && (used <= width || !best)) {
                best = p;
            }
            if (used > width && best) {
                break;
            }
            used += wide(g_utf8_get_char(p)) ? size : size * 0.58;
        }
        if (!best) {
            break;
        }
        char *line = g_strndup(start, (gsize)(best - start));
        g_ptr_array_add(lines, g_strchomp(line));
        start = best;
    }
    g_ptr_array_add(lines, g_strdup(start));
    return lines;
}

/* No word of one character on a line of its own: the narrowest width that needs no more lines. */
char **draw_wrapped(const char *text, double size, double width)
{
    GPtrArray *best = broken(text, size, width);
    for (double w = width - size / 2; best->len > 1 && w > width / 2; w -= size / 2) {
        GPtrArray *lines = broken(text, size, w);
        double most = 0;
        for (guint i = 0; i < lines->len; i++) {
            most = MAX(most, draw_text_width(lines->pdata[i], size));
        }
        const gboolean well = lines->len == best->len && most <= w;
        g_ptr_array_unref(well ? best : lines);
        best = well ? lines : best;
    }
    g_ptr_array_add(best, NULL);
    return (char **)g_ptr_array_free(best, FALSE);
}
