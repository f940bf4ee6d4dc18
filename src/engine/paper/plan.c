/* plan.c - where each line, rule and signature of a document comes to stand: page by page, top to bottom.
 *
 * Lines stand at a fixed pitch whatever their glyphs (GB/T 9704: 22 lines a page). Noto CJK's em box lies
 * 0.88 above the baseline. The number of pages is known only when all is placed; so drawing is a second step.
 */
#include "engine/paper/inside.h"

#define ASCENT 0.88

static void clear_item(gpointer data)
{
    PaperItem *item = data;
    g_clear_object(&item->layout);
}

static void free_page(gpointer page)
{
    g_array_unref(page);
}

double paper_plan_floor(const PaperPlan *plan)
{
    return plan->doc->page.height - plan->doc->page.bottom;
}

void paper_plan_next_page(PaperPlan *plan)
{
    if (plan->pages->len >= PAPER_MAX_PAGES) {
        plan->over = TRUE;
        plan->y = plan->top;
        return;
    }
    GArray *page = g_array_new(FALSE, TRUE, sizeof(PaperItem));
    g_array_set_clear_func(page, clear_item);
    g_ptr_array_add(plan->pages, page);
    plan->y = plan->top;
}

PaperPlan *paper_plan_new(const PaperDoc *doc, const PaperFonts *fonts)
{
    PaperPlan *plan = g_new0(PaperPlan, 1);
    plan->doc = doc;
    plan->fonts = fonts;
    plan->pages = g_ptr_array_new_with_free_func(free_page);
    plan->top = doc->page.top;
    paper_plan_next_page(plan);
    if (doc->style == PAPER_LETTER && doc->issuer) plan->y += 36; /* below the letterhead */
    return plan;
}

void paper_plan_free(PaperPlan *plan)
{
    if (!plan) return;
    g_ptr_array_unref(plan->pages);
    g_free(plan);
}

static void put(PaperPlan *plan, PaperItem item)
{
    GArray *page = g_ptr_array_index(plan->pages, plan->pages->len - 1);
    g_array_append_val(page, item);
}

void paper_plan_need(PaperPlan *plan, double height)
{
    if (plan->y + height > paper_plan_floor(plan) + 0.01 && plan->y > plan->top) paper_plan_next_page(plan);
}

void paper_plan_rule(PaperPlan *plan, double x, double y, double x2, double y2, double thick)
{
    put(plan, (PaperItem){ .kind = ITEM_RULE, .x = x, .y = y, .x2 = x2, .y2 = y2, .thick = thick });
}

/* x of a line within its layout: indent and alignment, which Pango keeps in the line's extents. */
static double line_x(PangoLayout *layout, int number)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    for (int i = 0; i < number && pango_layout_iter_next_line(iter);)
        i++;
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    pango_layout_iter_free(iter);
    return (double)logical.x / PANGO_SCALE;
}

void paper_plan_lines(PaperPlan *plan, PangoLayout *layout, int from, int to, double x, double y, double size,
                      double pitch, double grey)
{
    if (plan->over) return;
    for (int i = from; i < to; i++) {
        put(plan, (PaperItem){ .kind = ITEM_LINE,
                               .x = x + line_x(layout, i),
                               .y = y + (i - from) * pitch + (pitch - size) / 2 + ASCENT * size,
                               .grey = grey,
                               .layout = g_object_ref(layout),
                               .line = i });
    }
}

/* A text over as many pages as it takes; no page ends or begins with a single line of a longer one. */
static void flow_lines(PaperPlan *plan, PangoLayout *layout, double size, double pitch, double grey)
{
    int n = pango_layout_get_line_count(layout), at = 0;
    while (at < n && !plan->over) {
        int room = (int)((paper_plan_floor(plan) - plan->y + 0.01) / pitch), take = MIN(room, n - at);
        if (n - at - take == 1 && take > 2) take--;
        if (take == 1 && n - at > 1 && plan->y > plan->top) take = 0;
        if (take < 1 && plan->y > plan->top) {
            paper_plan_next_page(plan);
            continue;
        }
        take = MAX(take, 1);
        paper_plan_lines(plan, layout, at, at + take, plan->doc->page.left, plan->y, size, pitch, grey);
        plan->y += take * pitch;
        at += take;
    }
}

static double width_of(const PaperPlan *plan)
{
    const PaperPage *page = &plan->doc->page;
    return page->width - page->left - page->right;
}

static void place_heading(PaperPlan *plan, const PaperBlock *block)
{
    const PaperPage *page = &plan->doc->page;
    gboolean title = block->level == 1;
    double size = title ? page->title_size : page->head_size[block->level - 2], pitch = size * 1.5;
    g_autoptr(PangoLayout) layout =
        paper_fonts_lay(plan->fonts, block->text, title ? PAPER_SONG_BOLD : PAPER_HEI_BOLD, size,
                        width_of(plan), 0, title ? PAPER_CENTRE : PAPER_LEFT);
    double height = pango_layout_get_line_count(layout) * pitch;
    paper_plan_need(plan, height + pitch / 2 + 2 * page->pitch); /* two lines of what follows */
    if (plan->y > plan->top) plan->y += pitch / 4;
    flow_lines(plan, layout, size, pitch, 0);
    plan->y += title ? pitch / 2 : pitch / 6;
}

static void place_text(PaperPlan *plan, const PaperBlock *block)
{
    const PaperPage *page = &plan->doc->page;
    gboolean note = block->text_kind == PAPER_NOTE;
    double size = note ? page->size * 0.8 : page->size, pitch = note ? size * 1.5 : page->pitch;
    g_autoptr(PangoLayout) layout = paper_fonts_lay(
        plan->fonts, block->text, PAPER_SONG, size, width_of(plan),
        block->text_kind == PAPER_BODY && !plan->fonts->english ? 2 * size : 0, block->text_kind);
    flow_lines(plan, layout, size, pitch, note ? 0.35 : 0);
}

static void place_rule(PaperPlan *plan)
{
    const PaperPage *page = &plan->doc->page;
    paper_plan_need(plan, page->pitch / 2);
    plan->y += page->pitch / 4;
    paper_plan_rule(plan, page->left, plan->y, page->width - page->right, plan->y, 0.6);
    plan->y += page->pitch / 4;
}

static void place(PaperPlan *plan, const PaperBlock *block)
{
    switch (block->kind) {
    case BLOCK_HEADING:
        place_heading(plan, block);
        break;
    case BLOCK_TEXT:
        place_text(plan, block);
        break;
    case BLOCK_TABLE:
        paper_plan_table(plan, block);
        break;
    case BLOCK_RULE:
        place_rule(plan);
        break;
    case BLOCK_SPACE:
        plan->y = MIN(plan->y + block->space, paper_plan_floor(plan));
        break;
    case BLOCK_BREAK:
        paper_plan_next_page(plan);
        break;
    case BLOCK_SIGN:
        paper_plan_sign(plan, block);
        break;
    }
}

void paper_plan_blocks(PaperPlan *plan)
{
    const GArray *blocks = plan->doc->blocks;
    for (guint i = 0; i < blocks->len && !plan->over; i++)
        place(plan, &g_array_index(blocks, PaperBlock, i));
}
