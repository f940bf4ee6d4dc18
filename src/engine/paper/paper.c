/* paper.c - gathers the blocks of a document, cleans their texts and holds them to the limits. */
#include <string.h>
#include "engine/paper/inside.h"

#define MM (72 / 25.4)

static PaperPage page_of(PaperStyle style, gboolean landscape)
{
    /* GB/T 9704-2012, 5.2 and 7: A4, type area 156 mm x 225 mm, 22 lines of 28 characters of 16 points */
    static const PaperPage letter = { 210 * MM, 297 * MM, 28 * MM, 26 * MM, 37 * MM, 35 * MM,
                                      16,       29,       12,      18,      22,      { 16, 16 } };
    static const PaperPage report = { 210 * MM, 297 * MM, 20 * MM, 20 * MM, 22 * MM, 26 * MM,
                                      10.5,     17,       9,       13,      18,      { 14, 11.5 } };
    PaperPage page = style == PAPER_LETTER ? letter : report;
    if (landscape) {
        page.width = 297 * MM;
        page.height = 210 * MM;
    }
    return page;
}

static gboolean left_out(gunichar c)
{
    return (c < 32 && c != '\n') || c == 127 || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static char *clean(PaperDoc *doc, const char *text)
{
    if (!text) return NULL;
    gsize length = strlen(text);
    doc->bytes += length;
    if (doc->bytes > PAPER_MAX_TEXT || !g_utf8_validate(text, (gssize)length, NULL)) {
        if (!doc->error)
            g_set_error(&doc->error, PAPER_ERROR, PAPER_ERROR_LIMIT, "%s",
                        doc->bytes > PAPER_MAX_TEXT
                            ? "more text than a document may hold (4 MiB); make several"
                            : "a text is not UTF-8");
        return NULL;
    }
    GString *out = g_string_sized_new(length);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '\t')
            g_string_append_c(out, ' ');
        else if (!left_out(c))
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static void clear_block(gpointer data)
{
    PaperBlock *block = data;
    g_free(block->text);
    g_free(block->name);
    g_free(block->note);
    paper_strokes_free(block->strokes);
    for (gsize i = 0; i < block->columns * block->rows; i++)
        g_free(block->cells[i]);
    g_free(block->cells);
    g_free(block->column);
}

PaperDoc *paper_new(const PaperHead *head)
{
    PaperDoc *doc = g_new0(PaperDoc, 1);
    doc->style = head->style;
    doc->english = g_strcmp0(head->lang, "en") == 0;
    doc->now = head->now;
    doc->page = page_of(head->style, head->landscape);
    doc->title = clean(doc, head->title);
    doc->issuer = clean(doc, head->issuer);
    doc->number = clean(doc, head->number);
    doc->blocks = g_array_new(FALSE, TRUE, sizeof(PaperBlock));
    g_array_set_clear_func(doc->blocks, clear_block);
    return doc;
}

void paper_free(PaperDoc *doc)
{
    if (!doc) return;
    g_array_unref(doc->blocks);
    g_free(doc->title);
    g_free(doc->issuer);
    g_free(doc->number);
    g_free(doc->qr);
    g_free(doc->caption);
    g_clear_error(&doc->error);
    g_free(doc);
}

static PaperBlock *add(PaperDoc *doc, PaperBlockKind kind)
{
    g_array_set_size(doc->blocks, doc->blocks->len + 1);
    PaperBlock *block = &g_array_index(doc->blocks, PaperBlock, doc->blocks->len - 1);
    block->kind = kind;
    return block;
}

void paper_heading(PaperDoc *doc, int level, const char *text)
{
    PaperBlock *block = add(doc, BLOCK_HEADING);
    block->level = CLAMP(level, 1, 3);
    block->text = clean(doc, text);
}

void paper_text(PaperDoc *doc, PaperKind kind, const char *text)
{
    PaperBlock *block = add(doc, BLOCK_TEXT);
    block->text_kind = kind;
    block->text = clean(doc, text);
}

void paper_table(PaperDoc *doc, const PaperColumn *columns, gsize n, const char *const *cells, gsize rows)
{
    if (n < 1 || n > PAPER_MAX_COLUMNS || rows > PAPER_MAX_TEXT) {
        if (!doc->error)
            g_set_error(&doc->error, PAPER_ERROR, PAPER_ERROR_LIMIT, "a table has %zu columns, not 1 to %d",
                        n, PAPER_MAX_COLUMNS);
        return;
    }
    PaperBlock *block = add(doc, BLOCK_TABLE);
    block->has_head = columns[0].title != NULL;
    block->columns = n;
    block->rows = rows + (block->has_head ? 1 : 0);
    block->column = g_new(PaperWidth, n);
    block->cells = g_new0(char *, n * block->rows + 1);
    gsize at = 0;
    for (gsize i = 0; i < n; i++) {
        block->column[i] = (PaperWidth){ MAX(columns[i].width, 1e-3), columns[i].align };
        if (block->has_head) block->cells[at++] = clean(doc, columns[i].title);
    }
    for (gsize i = 0; i < n * rows; i++)
        block->cells[at++] = clean(doc, cells[i]);
}

void paper_rule(PaperDoc *doc)
{
    add(doc, BLOCK_RULE);
}

void paper_space(PaperDoc *doc, double points)
{
    add(doc, BLOCK_SPACE)->space = CLAMP(points, 0, 1000);
}

void paper_page_break(PaperDoc *doc)
{
    add(doc, BLOCK_BREAK);
}

void paper_sign_line(PaperDoc *doc, const PaperSign *sign)
{
    PaperBlock *block = add(doc, BLOCK_SIGN);
    block->text = clean(doc, sign->title);
    block->name = clean(doc, sign->name);
    block->note = clean(doc, sign->note);
    block->strokes = paper_strokes_copy(sign->strokes);
}

void paper_qr(PaperDoc *doc, const char *text, const char *caption)
{
    if (strlen(text) > PAPER_MAX_QR) {
        if (!doc->error)
            g_set_error(&doc->error, PAPER_ERROR, PAPER_ERROR_LIMIT, "a QR code holds at most %d bytes here",
                        PAPER_MAX_QR);
        return;
    }
    g_free(doc->qr);
    g_free(doc->caption);
    doc->qr = clean(doc, text);
    doc->caption = clean(doc, caption);
}

GBytes *paper_finish_counted(PaperDoc *doc, guint *pages, GError **error)
{
    if (doc->error) {
        g_propagate_error(error, g_error_copy(doc->error));
        return NULL;
    }
    g_autoptr(PaperFonts) fonts = paper_fonts_new(doc->english, error);
    if (!fonts) return NULL;
    g_autoptr(PaperPlan) plan = paper_plan_new(doc, fonts);
    paper_plan_blocks(plan);
    if (plan->over) {
        g_set_error(error, PAPER_ERROR, PAPER_ERROR_LIMIT, "more than %d pages; make several documents",
                    PAPER_MAX_PAGES);
        return NULL;
    }
    GBytes *pdf = paper_draw(doc, plan, fonts, error);
    if (pdf && pages) *pages = plan->pages->len;
    return pdf;
}

GBytes *paper_finish(PaperDoc *doc, GError **error)
{
    return paper_finish_counted(doc, NULL, error);
}
