/* table.c - a table on paper: cells wrap, rows stay whole, the head stands on every page.
 *
 * A row that is taller than a page is cut between its lines; every other row that does not fit goes to the
 * next page as a whole. */
#include "engine/paper/inside.h"

#define PAD 3.0 /* inside a cell, left and right */

typedef struct {
    PaperPlan *plan;
    const PaperBlock *block;
    double x[PAPER_MAX_COLUMNS + 1];
} Table;

static void columns_of(Table *table)
{
    const PaperPage *page = &table->plan->doc->page;
    double all = 0, at = page->left, width = page->width - page->left - page->right;
    for (gsize i = 0; i < table->block->columns; i++)
        all += table->block->column[i].width;
    for (gsize i = 0; i < table->block->columns; i++) {
        table->x[i] = at;
        at += table->block->column[i].width / all * width;
    }
    table->x[table->block->columns] = at;
}

/* The row's cells, laid out; returns the lines of the longest. */
static int lay_row(const Table *table, gsize row, PangoLayout *cells[])
{
    const PaperBlock *block = table->block;
    gboolean head = block->has_head && row == 0;
    int lines = 1;
    for (gsize i = 0; i < block->columns; i++) {
        cells[i] = paper_fonts_lay(table->plan->fonts, block->cells[row * block->columns + i],
                                   head ? PAPER_HEI_BOLD : PAPER_HEI, table->plan->doc->page.cell_size,
                                   MAX(table->x[i + 1] - table->x[i] - 2 * PAD, 1), 0,
                                   head ? PAPER_CENTRE : block->column[i].align);
        lines = MAX(lines, pango_layout_get_line_count(cells[i]));
    }
    return lines;
}

/* Lines from..to of every cell in one box at plan->y. */
static void put_row(const Table *table, PangoLayout *cells[], int from, int to, gboolean head)
{
    PaperPlan *plan = table->plan;
    const PaperPage *page = &plan->doc->page;
    gsize n = table->block->columns;
    double height = (to - from) * page->cell_pitch + PAD, y = plan->y;
    for (gsize i = 0; i < n; i++) {
        int last = MIN(pango_layout_get_line_count(cells[i]), to);
        if (from < last)
            paper_plan_lines(plan, cells[i], from, last, table->x[i] + PAD, y + PAD / 2, page->cell_size,
                             page->cell_pitch, 0);
    }
    if (plan->over) return;
    for (gsize i = 0; i <= n; i++)
        paper_plan_rule(plan, table->x[i], y, table->x[i], y + height, 0.4);
    paper_plan_rule(plan, table->x[0], y, table->x[n], y, head ? 0.9 : 0.4);
    paper_plan_rule(plan, table->x[0], y + height, table->x[n], y + height, head ? 0.9 : 0.4);
    plan->y = y + height;
}

static void free_row(const Table *table, PangoLayout *cells[])
{
    for (gsize i = 0; i < table->block->columns; i++)
        g_object_unref(cells[i]);
}

static void put_head(const Table *table)
{
    PangoLayout *cells[PAPER_MAX_COLUMNS];
    if (!table->block->has_head) return;
    int lines = lay_row(table, 0, cells);
    put_row(table, cells, 0, MIN(lines, 12),
            TRUE); /* a head of a page's height would leave no room for rows */
    free_row(table, cells);
}

static void begin_page(const Table *table)
{
    paper_plan_next_page(table->plan);
    put_head(table);
}

static void place_row(const Table *table, gsize row)
{
    PaperPlan *plan = table->plan;
    double pitch = plan->doc->page.cell_pitch;
    PangoLayout *cells[PAPER_MAX_COLUMNS];
    int lines = lay_row(table, row, cells);
    double left = paper_plan_floor(plan) - plan->y, whole = lines * pitch + PAD;
    double page = paper_plan_floor(plan) - plan->top - 14 * pitch;
    if (whole > left && whole <= page) begin_page(table);
    for (int at = 0; at < lines && !plan->over;) {
        int room = (int)((paper_plan_floor(plan) - plan->y - PAD + 0.01) / pitch);
        if (room < 1) {
            begin_page(table);
            continue;
        }
        int to = MIN(lines, at + room);
        put_row(table, cells, at, to, FALSE);
        at = to;
    }
    free_row(table, cells);
}

void paper_plan_table(PaperPlan *plan, const PaperBlock *block)
{
    Table table = { .plan = plan, .block = block };
    columns_of(&table);
    plan->y += 2;
    paper_plan_need(plan, 5 * plan->doc->page.cell_pitch); /* the head and a row */
    put_head(&table);
    for (gsize row = block->has_head ? 1 : 0; row < block->rows && !plan->over; row++)
        place_row(&table, row);
    plan->y += plan->doc->page.cell_pitch / 2;
}
