/* size.c - how much room a node's and an edge's texts need. */
#include "engine/draw/inside.h"

#define TITLE_MOST 182.0 /* a longer title is broken */
#define LABEL_MOST 150.0 /* and a longer text of an edge */

static double lines_width(const Node *n)
{
    double width = 0;
    for (guint i = 0; i < n->lines->len; i++) {
        width = MAX(width, g_array_index(n->lines, Line, i).width);
    }
    return width;
}

void draw_measure(Node *n)
{
    n->title_lines = draw_wrapped(n->title, DRAW_TITLE_SIZE, TITLE_MOST);
    double width = lines_width(n), height = n->lines->len * DRAW_SMALL_STEP;
    for (char **line = n->title_lines; *line; line++) {
        width = MAX(width, draw_text_width(*line, DRAW_TITLE_SIZE * 1.04)); /* it is half bold */
        height += DRAW_TITLE_STEP;
    }
    n->head.w = width;
    n->head.h = height;
    if (n->level >= 0) {
        return; /* its own level says its size */
    }
    if (n->kind == DRAW_INITIAL) {
        n->box.w = n->box.h = 13;
        n->head.w = n->head.h = 0;
    } else if (n->kind == DRAW_HISTORY) {
        n->box.w = MAX(28, width + 12);
        n->box.h = MAX(28, height + 8);
    } else {
        n->box.w = MAX(84, width + 26) + (n->kind == DRAW_FINAL ? 6 : 0);
        n->box.h = height + 17 + (n->kind == DRAW_FINAL ? 4 : 0) - (n->kind == DRAW_SIGN ? 4 : 0);
    }
    n->head.x = (n->box.w - n->head.w) / 2;
    n->head.y = (n->box.h - n->head.h) / 2;
}

static void break_lines(Draw *d, Edge *e)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    for (guint i = 0; i < e->lines->len; i++) {
        const Line *given = &g_array_index(e->lines, Line, i);
        const double size = given->kind == DRAW_CONDITION ? DRAW_SMALL_SIZE : DRAW_TEXT_SIZE;
        g_auto(GStrv) pieces = draw_wrapped(given->text, size, LABEL_MOST);
        for (char **piece = pieces; *piece; piece++) {
            Line line = draw_line_of(d, given->kind, *piece,
                                     piece > pieces ? NULL
                                     : given->name  ? given->name
                                                    : given->text);
            line.width = draw_text_width(*piece, size);
            g_array_append_val(lines, line);
        }
    }
    g_array_unref(e->lines);
    e->lines = lines;
}

void draw_measure_label(Draw *d, Edge *e)
{
    double width = 0, height = 0;
    break_lines(d, e);
    for (guint i = 0; i < e->lines->len; i++) {
        const Line *line = &g_array_index(e->lines, Line, i);
        width = MAX(width, line->width);
        height += line->kind == DRAW_CONDITION ? DRAW_SMALL_STEP : DRAW_TEXT_STEP;
    }
    e->label = (DrawBox){ 0, 0, width > 0 ? width + 8 : 0, height > 0 ? height + 4 : 0 };
}
