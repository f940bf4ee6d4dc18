/* fonts.c - which fonts a document uses, and laying a text out in one of them.
 *
 * Song (serif) for what is read, Hei (sans) for headings and tables, as Chinese documents have it. Positions
 * are not rounded to pixels, so the layout does not depend on a screen. Pango keeps one font map per thread.
 */
#include <string.h>
#include "engine/paper/inside.h"

static const struct {
    const char *family;
    PangoWeight weight;
} faces[] = {
    [PAPER_SONG] = { "Noto Serif CJK SC", PANGO_WEIGHT_NORMAL },
    [PAPER_SONG_BOLD] = { "Noto Serif CJK SC", PANGO_WEIGHT_BOLD },
    [PAPER_HEI] = { "Noto Sans CJK SC", PANGO_WEIGHT_NORMAL },
    [PAPER_HEI_BOLD] = { "Noto Sans CJK SC", PANGO_WEIGHT_BOLD },
};

static PangoFontDescription *describe(PaperFace face, double size)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, faces[face].family);
    pango_font_description_set_weight(font, faces[face].weight);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    return font;
}

static gboolean font_is_there(PangoContext *context, PaperFace face)
{
    PangoFontDescription *want = describe(face, 10);
    PangoFont *font = pango_context_load_font(context, want);
    PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
    gboolean there = got && strcmp(pango_font_description_get_family(got), faces[face].family) == 0;
    if (got) pango_font_description_free(got);
    g_clear_object(&font);
    pango_font_description_free(want);
    return there;
}

static void drop_face(gpointer face)
{
    cairo_font_face_destroy(face);
}

PaperFonts *paper_fonts_new(gboolean english, GError **error)
{
    g_autoptr(PaperFonts) fonts = g_new0(PaperFonts, 1);
    fonts->english = english;
    fonts->faces = g_hash_table_new_full(NULL, NULL, drop_face, drop_face);
    fonts->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_cairo_context_set_resolution(fonts->context, 72);
    pango_context_set_language(fonts->context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(fonts->context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(fonts->context, options);
    cairo_font_options_destroy(options);
    for (PaperFace face = PAPER_SONG; face <= PAPER_HEI_BOLD; face++)
        if (!font_is_there(fonts->context, face)) {
            g_set_error(error, PAPER_ERROR, PAPER_ERROR_FONT,
                        "the font %s is not installed; install fonts-noto-cjk", faces[face].family);
            return NULL;
        }
    return g_steal_pointer(&fonts);
}

void paper_fonts_free(PaperFonts *fonts)
{
    if (!fonts) return;
    g_clear_pointer(&fonts->faces, g_hash_table_unref);
    g_clear_object(&fonts->context);
    g_free(fonts);
}

PangoLayout *paper_fonts_lay(const PaperFonts *fonts, const char *text, PaperFace face, double size,
                             double width, double indent, PaperKind kind)
{
    PangoLayout *layout = pango_layout_new(fonts->context);
    PangoFontDescription *font = describe(face, size);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    if (width >= 0) {
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_justify(layout, kind == PAPER_BODY);
        pango_layout_set_alignment(layout, kind == PAPER_CENTRE  ? PANGO_ALIGN_CENTER
                                           : kind == PAPER_RIGHT ? PANGO_ALIGN_RIGHT
                                                                 : PANGO_ALIGN_LEFT);
    }
    pango_layout_set_indent(layout, (int)(indent * PANGO_SCALE));
    pango_layout_set_text(layout, text ? text : "", -1);
    return layout;
}
