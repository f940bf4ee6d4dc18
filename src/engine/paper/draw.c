/* draw.c - draws a planned document into a PDF: its items, the running head, the foot with page number and
 * QR.
 *
 * cairo writes the present time as the creation date unless told otherwise; told `now`, its bytes depend on
 * nothing but its input (tested across processes, whose addresses differ). */
#include <cairo-pdf.h>
#include <math.h>
#include <qrencode.h>
#include <string.h>
#include "engine/paper/inside.h"

#define QR_SIDE 48.0

static cairo_status_t append(void *to, const unsigned char *bytes, unsigned int n)
{
    g_byte_array_append(to, bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

static void put_text(cairo_t *to, const PaperFonts *fonts, const char *text, PaperFace face, double size,
                     double x, double y, double width, PaperKind kind)
{
    g_autoptr(PangoLayout) layout = paper_fonts_lay(fonts, text, face, size, width, 0, kind);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    for (int line = 0; line == 0 || pango_layout_iter_next_line(at); line++) {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(at, NULL, &box);
        paper_glyphs_show(to, fonts, layout, line, x + (double)box.x / PANGO_SCALE,
                          y + (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE);
    }
    pango_layout_iter_free(at);
}

static void put_rule(cairo_t *to, double x, double y, double x2, double thick)
{
    cairo_set_line_width(to, thick);
    cairo_move_to(to, x, y);
    cairo_line_to(to, x2, y);
    cairo_stroke(to);
}

static void draw_letterhead(cairo_t *to, const PaperDoc *doc, const PaperFonts *fonts)
{
    const PaperPage *page = &doc->page;
    double width = page->width - page->left - page->right;
    cairo_set_source_rgb(to, 0.80, 0.05, 0.05);
    put_text(to, fonts, doc->issuer, PAPER_SONG_BOLD, 24, page->left, page->top - 44, width, PAPER_CENTRE);
    put_rule(to, page->left, page->top - 4, page->width - page->right, 2.2);
    put_rule(to, page->left, page->top - 0.5, page->width - page->right, 0.6);
    cairo_set_source_rgb(to, 0, 0, 0);
    if (doc->number)
        put_text(to, fonts, doc->number, PAPER_SONG, 12, page->left, page->top + 6, width, PAPER_RIGHT);
}

static void draw_head(cairo_t *to, const PaperDoc *doc, const PaperFonts *fonts, guint number)
{
    const PaperPage *page = &doc->page;
    double y = page->top - 24, right = page->width - page->right;
    if (doc->style == PAPER_LETTER && doc->issuer && number == 0) {
        draw_letterhead(to, doc, fonts);
        return;
    }
    if (!doc->issuer && !doc->number) return;
    cairo_set_source_rgb(to, 0.35, 0.35, 0.35);
    put_text(to, fonts, doc->issuer, PAPER_HEI, 8.5, page->left, y, right - page->left, PAPER_LEFT);
    put_text(to, fonts, doc->number, PAPER_HEI, 8.5, page->left, y, right - page->left, PAPER_RIGHT);
    put_rule(to, page->left, y + 14, right, 0.4);
    cairo_set_source_rgb(to, 0, 0, 0);
}

static void draw_foot(cairo_t *to, const PaperDoc *doc, const PaperFonts *fonts, guint number, guint pages)
{
    const PaperPage *page = &doc->page;
    double y = page->height - page->bottom + 14, width = page->width - page->left - page->right;
    g_autofree char *text =
        g_strdup_printf(doc->english ? "Page %u of %u" : "第 %u 页 共 %u 页", number + 1, pages);
    put_text(to, fonts, text, PAPER_SONG, 10, page->left, y, width, doc->qr ? PAPER_RIGHT : PAPER_CENTRE);
    if (doc->caption)
        put_text(to, fonts, doc->caption, PAPER_HEI, 7.5, page->left + QR_SIDE + 8, y, width - QR_SIDE - 100,
                 PAPER_LEFT);
}

static void draw_qr(cairo_t *to, const QRcode *qr, double x, double y)
{
    double side = QR_SIDE / qr->width;
    for (int row = 0; row < qr->width; row++)
        for (int from = 0, at = 0; from < qr->width; from = at + 1) {
            const unsigned char *modules = &qr->data[(gsize)row * (gsize)qr->width];
            while (from < qr->width && !(modules[from] & 1))
                from++;
            for (at = from; at < qr->width && modules[at] & 1;)
                at++;
            if (at > from) cairo_rectangle(to, x + from * side, y + row * side, (at - from) * side, side);
        }
    cairo_fill(to);
}

static void draw_item(cairo_t *to, const PaperFonts *fonts, const PaperItem *item)
{
    switch (item->kind) {
    case ITEM_LINE:
        cairo_set_source_rgb(to, item->grey, item->grey, item->grey);
        paper_glyphs_show(to, fonts, item->layout, item->line, item->x, item->y);
        cairo_set_source_rgb(to, 0, 0, 0);
        break;
    case ITEM_RULE:
        cairo_set_line_width(to, item->thick);
        cairo_move_to(to, item->x, item->y);
        cairo_line_to(to, item->x2, item->y2);
        cairo_stroke(to);
        break;
    case ITEM_STROKES:
        paper_strokes_draw(to, item->strokes, item->x, item->y, item->x2, item->y2);
        break;
    }
}

static void draw_pages(cairo_t *to, const PaperDoc *doc, const PaperPlan *plan, const PaperFonts *fonts)
{
    QRcode *qr = doc->qr ? QRcode_encodeString8bit(doc->qr, 0, QR_ECLEVEL_M) : NULL;
    for (guint p = 0; p < plan->pages->len; p++) {
        const GArray *items = g_ptr_array_index(plan->pages, p);
        draw_head(to, doc, fonts, p);
        for (guint i = 0; i < items->len; i++)
            draw_item(to, fonts, &g_array_index(items, PaperItem, i));
        draw_foot(to, doc, fonts, p, plan->pages->len);
        if (qr) draw_qr(to, qr, doc->page.left, doc->page.height - doc->page.bottom + 14);
        cairo_show_page(to);
    }
    QRcode_free(qr);
}

static void describe(cairo_surface_t *pdf, const PaperDoc *doc)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(CLAMP(doc->now / 1000, 0, 4102444800));
    g_autofree char *date = g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, date);
    if (doc->title) cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, doc->title);
    if (doc->issuer) cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_AUTHOR, doc->issuer);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "Bihuan");
}

GBytes *paper_draw(const PaperDoc *doc, const PaperPlan *plan, const PaperFonts *fonts, GError **error)
{
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *pdf =
        cairo_pdf_surface_create_for_stream(append, bytes, doc->page.width, doc->page.height);
    describe(pdf, doc);
    cairo_t *to = cairo_create(pdf);
    draw_pages(to, doc, plan, fonts);
    cairo_status_t status = cairo_status(to);
    cairo_destroy(to);
    cairo_surface_finish(pdf);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(pdf);
    cairo_surface_destroy(pdf);
    if (status == CAIRO_STATUS_SUCCESS) return g_byte_array_free_to_bytes(bytes);
    g_byte_array_unref(bytes);
    g_set_error(error, PAPER_ERROR, PAPER_ERROR_WRITE, "the PDF could not be written: %s",
                cairo_status_to_string(status));
    return NULL;
}
