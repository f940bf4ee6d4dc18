/* sign.c - a line to sign on: who, the drawn signature over the line, the name and the date below it. */
#include "engine/paper/inside.h"

#define BOX_WIDTH 190.0
#define BOX_HEIGHT 46.0

static void put_strokes(PaperPlan *plan, const PaperStrokes *strokes, double x, double y)
{
    GArray *page = g_ptr_array_index(plan->pages, plan->pages->len - 1);
    PaperItem item = {
        .kind = ITEM_STROKES, .x = x, .y = y, .x2 = BOX_WIDTH, .y2 = BOX_HEIGHT, .strokes = strokes
    };
    g_array_append_val(page, item);
}

void paper_plan_sign(PaperPlan *plan, const PaperBlock *block)
{
    const PaperPage *page = &plan->doc->page;
    double size = page->size, small = MAX(size * 0.65, 8), x = page->left + 8.5 * size;
    double width = page->width - page->right - x;
    g_autofree char *below = g_strjoin(block->name && block->note ? "  " : NULL,
                                       block->name ? block->name : "", block->note ? block->note : "", NULL);
    g_autoptr(PangoLayout) title =
        paper_fonts_lay(plan->fonts, block->text, PAPER_SONG, size, 8 * size, 0, PAPER_LEFT);
    g_autoptr(PangoLayout) note =
        paper_fonts_lay(plan->fonts, below, PAPER_SONG, small, width, 0, PAPER_LEFT);
    int lines = pango_layout_get_line_count(title), notes = pango_layout_get_line_count(note);
    double height = MAX(BOX_HEIGHT + 6 + notes * small * 1.5, lines * size * 1.4 + 20);
    paper_plan_need(plan, height);
    paper_plan_lines(plan, title, 0, lines, page->left, plan->y + BOX_HEIGHT - size * 1.3, size, size * 1.4,
                     0);
    if (block->strokes) put_strokes(plan, block->strokes, x, plan->y);
    paper_plan_rule(plan, x, plan->y + BOX_HEIGHT + 2, x + MIN(BOX_WIDTH, width), plan->y + BOX_HEIGHT + 2,
                    0.6);
    paper_plan_lines(plan, note, 0, notes, x, plan->y + BOX_HEIGHT + 4, small, small * 1.5, 0);
    plan->y += height + 6;
}
