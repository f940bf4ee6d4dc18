/* svg.c - a drawing that stands alone: for print, for documents, for a wiki. Colours follow the reader's
 * light or dark; fonts are named with what the usual systems have for Chinese. */
#include "engine/draw/inside.h"
#include <math.h>

#define MARGIN 26.0
#define HEADING 44.0

static const char style[] =
    "text{font-family:\"Noto Sans CJK SC\",\"Noto Sans SC\",\"Source Han Sans SC\",\"PingFang SC\","
    "\"Microsoft YaHei\",sans-serif;font-size:12px;fill:#46534e;text-anchor:middle}"
    ".paper{fill:#ffffff}.big{font-size:17px;font-weight:600;fill:#17211e;text-anchor:start}"
    ".faint{font-size:10.5px;fill:#68756f;text-anchor:start}"
    ".box{fill:#f4f7f6;stroke:#8a9a94;stroke-width:1.2}.outer{fill:#f6fafb;stroke:#9db4ba;"
    "stroke-width:1.2}.inner{fill:#f6fafb}.region{fill:none;stroke:none}.part{stroke:#9db4ba;stroke-width:1."
    "2;stroke-dasharray:5 "
    "4}"
    ".final{fill:#e5f2e8;stroke:#2c6b42;stroke-width:1.2}.ring{fill:none;stroke:#2c6b42;stroke-width:1}"
    ".sign{fill:#ffffff;stroke:#8a9a94;stroke-width:1.1;stroke-dasharray:4 3}.dot{fill:#46534e}"
    ".title{font-size:13px;font-weight:600;fill:#17211e}.small{font-size:10.5px;fill:#68756f}"
    ".clock{font-size:10.5px;fill:#935500}.line{fill:none;stroke:#7d8d87;stroke-width:1.3}"
    ".main{stroke:#0d5f73}.tip{fill:#7d8d87}.event{fill:#0d5f73}"
    "@media "
    "(prefers-color-scheme:dark){text{fill:#b1bdc2}.paper,.sign{fill:#141b1f}.big,.title{fill:#e4eaec}"
    ".box{fill:#1d272d;stroke:#66777f}.outer{fill:#172228;stroke:#48626b}.inner{fill:#172228}.part{stroke:#"
    "48626b}"
    ".final{fill:#15301d;stroke:#79c88f}.ring{stroke:#79c88f}.small,.faint{fill:#93a1a8}.clock{fill:#eeb257}"
    ".line{stroke:#7b8d95}.tip,.dot{fill:#7b8d95}.event{fill:#7fcbdc}}";

static void put(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Numbers are written as whole tenths by %s, made by num(), so that the locale does not matter. */
static void put(GString *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append_vprintf(out, format, args);
    va_end(args);
}

typedef struct {
    char text[16];
} Num;

static Num num(double x)
{
    Num n;
    const int tenths = (int)floor(x * 10 + 0.5), whole = ABS(tenths) / 10;
    g_snprintf(n.text, sizeof n.text, "%s%d.%d", tenths < 0 ? "-" : "", whole, ABS(tenths) % 10);
    return n;
}

static void put_text(GString *out, const char *class, double x, double y, const char *text)
{
    g_autofree char *safe = g_markup_escape_text(text, -1);
    put(out, "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n", class, num(x).text, num(y).text, safe);
}

static void put_rect(GString *out, const char *class, DrawBox b, double by, double radius)
{
    put(out, "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>\n", class,
        num(b.x + by).text, num(b.y + by).text, num(b.w - 2 * by).text, num(b.h - 2 * by).text,
        num(radius).text);
}

static void put_head(GString *out, const Node *n)
{
    const double x = n->head.x + n->head.w / 2;
    double y = n->head.y;
    for (char **line = n->title_lines; *line; line++, y += DRAW_TITLE_STEP) {
        put_text(out, n->kind == DRAW_SIGN || n->kind == DRAW_HISTORY ? "" : "title", x, y + 14, *line);
    }
    for (guint i = 0; i < n->lines->len; i++, y += DRAW_SMALL_STEP) {
        const Line *line = &g_array_index(n->lines, Line, i);
        put_text(out, line->kind == DRAW_CLOCK ? "clock" : "small", x, y + 11, line->text);
    }
}

static void put_shape(GString *out, const Draw *d, const Node *n)
{
    const gboolean region = n->parent >= 0 && NODE(d, n->parent)->kind == DRAW_PARALLEL;
    if (n->level >= 0) {
        put_rect(out, region ? "region" : "outer", n->box, 0, 10);
    } else if (n->kind == DRAW_INITIAL) {
        put(out, "<circle class=\"dot\" cx=\"%s\" cy=\"%s\" r=\"6.5\"/>\n", num(n->box.x + 6.5).text,
            num(n->box.y + 6.5).text);
    } else if (n->kind == DRAW_FINAL) {
        put_rect(out, "final", n->box, 0, 7);
        put_rect(out, "ring", n->box, 3, 5);
    } else {
        const gboolean round = n->kind == DRAW_SIGN || n->kind == DRAW_HISTORY;
        put_rect(out, n->kind == DRAW_SIGN ? "sign" : "box", n->box, 0, round ? MIN(n->box.h / 2, 17) : 7);
    }
}

static void put_label(GString *out, const Draw *d, const Edge *e)
{
    if (e->label.w <= 0) {
        return;
    }
    put_rect(out, LEVEL(d, e->lca)->node < 0 ? "paper" : "inner", e->label, 0, 3);
    const double x = e->label.x + e->label.w / 2;
    double y = e->label.y + 1;
    for (guint i = 0; i < e->lines->len; i++) {
        const Line *line = &g_array_index(e->lines, Line, i);
        const gboolean event = line->kind == DRAW_EVENT;
        put_text(out, event ? "event" : "small", x, y + (event ? 12 : 11), line->text);
        y += event ? DRAW_TEXT_STEP : DRAW_SMALL_STEP;
    }
}

/* Outer boxes, lines, their texts, then what lies within: nothing is hidden by what is around it. */
static void put_drawing(GString *out, const Draw *d)
{
    for (guint i = 0; i < d->levels->len; i++) {
        if (LEVEL(d, i)->node >= 0) {
            put_shape(out, d, NODE(d, LEVEL(d, i)->node));
        }
    }
    for (guint i = 0; i < d->parts->len; i++) {
        const DrawBox *p = &g_array_index(d->parts, DrawBox, i);
        put(out, "<line class=\"part\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n", num(p->x).text,
            num(p->y).text, num(p->x).text, num(p->y + p->h).text);
    }
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay) {
            g_autofree char *path = draw_path(EDGE(d, i)->points, 0, 0);
            put(out, "<path class=\"line\" marker-end=\"url(#tip)\" d=\"%s\"/>\n", path);
        }
    }
    for (guint i = 0; i < d->edges->len; i++) {
        if (!EDGE(d, i)->stay) {
            put_label(out, d, EDGE(d, i));
        }
    }
    for (guint i = 0; i < d->nodes->len; i++) {
        if (NODE(d, i)->level < 0) {
            put_shape(out, d, NODE(d, i));
        }
        put_head(out, NODE(d, i));
    }
}

static double put_legend(GString *out, const DrawSvg *svg, double x, double y, double width)
{
    const double left = x;
    for (gsize i = 0; i < svg->n_legend; i++) {
        const char *key = svg->legend[i].key;
        const double need = 34 + draw_text_width(svg->legend[i].text, DRAW_SMALL_SIZE) + 20;
        if (x > left && x + need > left + width) {
            x = left;
            y += 20;
        }
        const DrawBox box = { x, y - 10, 24, 13 };
        if (g_str_equal(key, "initial")) {
            put(out, "<circle class=\"dot\" cx=\"%s\" cy=\"%s\" r=\"5\"/>\n", num(x + 12).text,
                num(y - 3.5).text);
        } else if (g_str_equal(key, "clock") || g_str_equal(key, "stay")) {
            put_text(out, g_str_equal(key, "clock") ? "clock" : "small", x + 12, y,
                     g_str_equal(key, "clock") ? "◷" : "↻");
        } else {
            put_rect(out,
                     g_str_equal(key, "final")  ? "final"
                     : g_str_equal(key, "sign") ? "sign"
                                                : "box",
                     box, 0, g_str_equal(key, "sign") ? 6.5 : 4);
            if (g_str_equal(key, "final")) {
                put_rect(out, "ring", box, 2.5, 2.5);
            }
        }
        put_text(out, "faint", x + 32, y, svg->legend[i].text);
        x += need;
    }
    return y;
}

static char *body_of(const Draw *d, const DrawSvg *svg, double width, double *height)
{
    g_autoptr(GString) out = g_string_new(NULL);
    double y = HEADING + d->height + MARGIN + 6;
    put_text(out, "big", MARGIN, 30, svg->title);
    put(out, "<g transform=\"translate(%s %s)\">\n", num((width - d->width) / 2).text, num(HEADING).text);
    put_drawing(out, d);
    g_string_append(out, "</g>\n");
    if (svg->n_legend) {
        y = put_legend(out, svg, MARGIN, y, width - 2 * MARGIN) + 22;
    }
    if (svg->footer) {
        put_text(out, "faint", MARGIN, y, svg->footer);
        y += 14;
    }
    *height = y + 6;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *draw_svg(const Draw *d, const DrawSvg *svg)
{
    double footer = svg->footer ? draw_text_width(svg->footer, DRAW_SMALL_SIZE) : 0, height;
    const double width = MAX(MAX(d->width, MAX(footer, draw_text_width(svg->title, 18))) + 2 * MARGIN, 420);
    g_autofree char *body = body_of(d, svg, width, &height), *title = g_markup_escape_text(svg->title, -1),
                    *description = g_markup_escape_text(svg->description, -1);
    g_autoptr(GString) out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" "
        "role=\"img\" "
        "aria-labelledby=\"title desc\">\n<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n",
        num(width).text, num(height).text, num(width).text, num(height).text, title, description);
    put(out,
        "<style>%s</style>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" "
        "markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" orient=\"auto\"><path "
        "class=\"tip\" "
        "d=\"M0 .8 7.5 4 0 7.2z\"/></marker></defs>\n<rect class=\"paper\" width=\"100%%\" "
        "height=\"100%%\"/>\n%s</svg>\n",
        style, body);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
