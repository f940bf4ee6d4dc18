/* glyphs.c - draws lines of text so that each glyph is its outline and each letter can still be read out.
 *
 * cairo 1.16 cuts CFF fonts down to the glyphs used, and loses the outline of some: in Noto Sans CJK the 如
 * of a short text came out blank. So each font is wrapped in a cairo user font whose glyphs are the outlines,
 * which a PDF holds as Type 3 fonts, with the letters of each glyph beside them; no font file is read or cut
 * at all. A glyph is taken at EM units, as FreeType rounds to 1/64 of one. */
#include <string.h>
#include "engine/paper/inside.h"

#define EM 1000.0

static const cairo_user_data_key_t outline_key;

static cairo_status_t take_extents(cairo_scaled_font_t *font, cairo_t *to, cairo_font_extents_t *extents)
{
    *extents = (cairo_font_extents_t){ .ascent = 0.88, .descent = 0.12, .height = 1, .max_x_advance = 1 };
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t take_outline(cairo_scaled_font_t *font, unsigned long glyph, cairo_t *to,
                                   cairo_text_extents_t *extents)
{
    cairo_scaled_font_t *outline =
        cairo_font_face_get_user_data(cairo_scaled_font_get_font_face(font), &outline_key);
    const cairo_glyph_t one = { .index = glyph };
    cairo_text_extents_t real;
    cairo_scaled_font_glyph_extents(outline, &one, 1, &real);
    extents->x_advance = real.x_advance / EM;
    cairo_scale(to, 1 / EM, 1 / EM);
    cairo_set_scaled_font(to, outline);
    cairo_glyph_path(to, &one, 1);
    cairo_fill(to);
    return CAIRO_STATUS_SUCCESS;
}

static void free_outline(void *outline)
{
    cairo_scaled_font_destroy(outline);
}

static cairo_scaled_font_t *outline_of(PangoFont *font)
{
    cairo_scaled_font_t *sized = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
    cairo_matrix_t em, plain;
    cairo_matrix_init_scale(&em, EM, EM);
    cairo_matrix_init_identity(&plain);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_scaled_font_t *outline =
        cairo_scaled_font_create(cairo_scaled_font_get_font_face(sized), &em, &plain, options);
    cairo_font_options_destroy(options);
    return outline;
}

/* The user font that stands for `font`; one per face, kept in fonts->faces. */
static cairo_font_face_t *face_of(const PaperFonts *fonts, PangoFont *font)
{
    cairo_font_face_t *real =
        cairo_scaled_font_get_font_face(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
    cairo_font_face_t *face = g_hash_table_lookup(fonts->faces, real);
    if (face) return face;
    face = cairo_user_font_face_create();
    cairo_user_font_face_set_init_func(face, take_extents);
    cairo_user_font_face_set_render_glyph_func(face, take_outline);
    cairo_font_face_set_user_data(face, &outline_key, outline_of(font), free_outline);
    g_hash_table_insert(fonts->faces, cairo_font_face_reference(real), face);
    return face;
}

/* Glyphs of a run from x on; FALSE when the font lacks one. Returns the run's width in `x`. */
static gboolean take_glyphs(const PangoGlyphString *from, double *x, double y, GArray *to)
{
    for (int i = 0; i < from->num_glyphs; i++) {
        const PangoGlyphInfo *info = &from->glyphs[i];
        if (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG && info->glyph != PANGO_GLYPH_EMPTY) return FALSE;
        cairo_glyph_t glyph = { info->glyph, *x + (double)info->geometry.x_offset / PANGO_SCALE,
                                y + (double)info->geometry.y_offset / PANGO_SCALE };
        if (info->glyph != PANGO_GLYPH_EMPTY) g_array_append_val(to, glyph);
        *x += (double)info->geometry.width / PANGO_SCALE;
    }
    return TRUE;
}

static void take_clusters(PangoGlyphItem *run, const char *text, GArray *to)
{
    PangoGlyphItemIter at;
    for (gboolean more = pango_glyph_item_iter_init_start(&at, run, text); more;
         more = pango_glyph_item_iter_next_cluster(&at)) {
        int first = MIN(at.start_glyph, at.end_glyph + 1), last = MAX(at.start_glyph + 1, at.end_glyph);
        cairo_text_cluster_t cluster = { at.end_index - at.start_index, 0 };
        for (int i = first; i < last; i++)
            cluster.num_glyphs += run->glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY;
        g_array_append_val(to, cluster);
    }
}

static double show_run(cairo_t *to, const PaperFonts *fonts, PangoGlyphItem *run, const char *text, double x,
                       double y)
{
    double end = x;
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(cairo_glyph_t));
    g_autoptr(GArray) clusters = g_array_new(FALSE, FALSE, sizeof(cairo_text_cluster_t));
    PangoFont *font = run->item->analysis.font;
    if (!font ||
        !take_glyphs(run->glyphs, &end, y, glyphs)) { /* Pango draws a box with the letter's number */
        cairo_move_to(to, x, y);
        pango_cairo_show_glyph_item(to, text, run);
        return x + (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
    }
    take_clusters(run, text, clusters);
    cairo_matrix_t size;
    cairo_scaled_font_get_font_matrix(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)), &size);
    cairo_set_font_face(to, face_of(fonts, font));
    cairo_set_font_matrix(to, &size);
    cairo_show_text_glyphs(to, text + run->item->offset, run->item->length, (cairo_glyph_t *)glyphs->data,
                           (int)glyphs->len, (cairo_text_cluster_t *)clusters->data, (int)clusters->len,
                           run->item->analysis.level % 2 ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
    return end;
}

void paper_glyphs_show(cairo_t *to, const PaperFonts *fonts, PangoLayout *layout, int number, double x,
                       double y)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, number);
    for (GSList *at = line ? line->runs : NULL; at; at = at->next)
        x = show_run(to, fonts, at->data, pango_layout_get_text(layout), x, y);
}
