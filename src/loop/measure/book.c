/* book.c - sums of cells by group, and values from them. Sums are of whole numbers, histograms of whole
 * numbers: whatever order the facts came in, the bits are the same. */
#include "loop/measure/book.h"

typedef struct {
    GTree *groups; /* char * -> BookSum */
} Page;

struct Book {
    StoreConn *conn;
    const Pack *pack;
    BookBy by;
    gint64 size;         /* of the ledger as far as it is read; -1: all of it, from cells */
    GHashTable *pages;   /* "indicator/period" -> Page */
    GHashTable *parents; /* org -> parent; read when a tree is asked for */
    BookSum *nothing;
    char *first; /* the first day with a cell, "" when there is none; NULL: not read yet */
};

gboolean book_by_parse(const char *text, BookBy *by)
{
    static const char *const words[] = { "", "org", "org_tree", "area", "pack" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (!strcmp(text ? text : "", words[i])) {
            *by = (BookBy)i;
            return TRUE;
        }
    return FALSE;
}

static int in_order(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

static BookSum *sum_new(void)
{
    BookSum *sum = g_new0(BookSum, 1);
    sum->out = g_tree_new_full(in_order, NULL, g_free, g_free);
    sum->seen = g_array_new(FALSE, FALSE, sizeof(IndicatorSeen));
    return sum;
}

static void sum_free(gpointer data)
{
    BookSum *sum = data;
    g_tree_unref(sum->out);
    g_array_unref(sum->seen);
    g_free(sum);
}

static void page_free(gpointer data)
{
    g_tree_unref(((Page *)data)->groups);
    g_free(data);
}

Book *book_new_at(StoreConn *conn, const Pack *pack, BookBy by, gint64 size)
{
    Book *book = g_new0(Book, 1);
    *book = (Book){ .conn = conn, .pack = pack, .by = by, .size = size, .nothing = sum_new() };
    book->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
    return book;
}

Book *book_new(StoreConn *conn, const Pack *pack, BookBy by)
{
    return book_new_at(conn, pack, by, -1);
}

void book_free(Book *book)
{
    if (!book) return;
    g_hash_table_unref(book->pages);
    if (book->parents) g_hash_table_unref(book->parents);
    sum_free(book->nothing);
    g_free(book->first);
    g_free(book);
}

const Pack *book_pack(const Book *book)
{
    return book->pack;
}

/* ---- reading ---- */

/* By group: sums, what was taken out, what is ranked. "" stands for the pack or all together. The second
 * three say the same of the lines up to a place in the ledger (?5). */
#define WHOSE(x) " WHERE " x "indicator = ?1 AND " x "pack = ?2 AND " x "period >= ?3 AND " x "period < ?4"
#define CELLS " FROM cell" WHOSE("")
#define OUTS " FROM cell_out" WHOSE("")
#define VALUES " FROM cell_value" WHOSE("")
#define LINES " FROM cell_event l" WHOSE("l.") " AND l.seq <= ?5"
#define EVENTS " FROM cell_event l JOIN event e ON e.seq = l.seq" WHOSE("l.") " AND l.seq <= ?5"
#define COUNTED " AND l.reason IS NULL"
#define RANKED COUNTED " AND l.den > 0"
#define TAKEN_OUT " AND l.reason IS NOT NULL"
typedef struct {
    const char *sums, *outs, *values;
} Texts;
#define OF_CELLS(group, by)                                                                                  \
    {                                                                                                        \
        "SELECT " group ", sum(num), sum(den), sum(left_out)" CELLS " GROUP BY " by,                         \
            "SELECT " group ", reason, sum(n)" OUTS " GROUP BY " by ", reason",                              \
            "SELECT " group ", value, sum(n)" VALUES " GROUP BY " by ", value"                               \
    }
#define OF_LINES(group, from)                                                                                \
    {                                                                                                        \
        "SELECT " group ", sum(l.num), sum(l.den), sum(l.left_out)" from COUNTED " GROUP BY 1",              \
            "SELECT " group ", l.reason, count(*)" from TAKEN_OUT " GROUP BY 1, 2",                          \
            "SELECT " group ", l.num, count(*)" from RANKED " GROUP BY 1, 2"                                 \
    }
static const Texts of_cells[] = { OF_CELLS("''", "pack"), OF_CELLS("org", "org"), OF_CELLS("area", "area") };
static const Texts of_lines[] = { OF_LINES("''", LINES), OF_LINES("coalesce(e.body ->> 'org', '')", EVENTS),
                                  OF_LINES("coalesce(e.body ->> 'area', '')", EVENTS) };
static const int text_of[] = {
    [BOOK_ALL] = 0, [BOOK_ORG] = 1, [BOOK_ORG_TREE] = 1, [BOOK_AREA] = 2, [BOOK_PACK] = 0
};

static gboolean read_parents(Book *book, GError **error)
{
    GError *failed = NULL;
    if (book->parents) return TRUE;
    book->parents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(StoreRows) rows =
        store_query(book->conn, "SELECT id, parent FROM org WHERE parent IS NOT NULL", NULL, 0, error);
    while (rows && store_step(rows, &failed))
        g_hash_table_insert(book->parents, g_strdup(store_text(rows, 0)), g_strdup(store_text(rows, 1)));
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static BookSum *sum_of(Page *page, const char *group)
{
    BookSum *sum = g_tree_lookup(page->groups, group);
    if (!sum) {
        sum = sum_new();
        g_tree_insert(page->groups, g_strdup(group), sum);
    }
    return sum;
}

typedef void (*Put)(BookSum *sum, const StoreRows *row);

static void put_sum(BookSum *sum, const StoreRows *row)
{
    indicator_add(&sum->sum, (IndicatorDelta){ store_int(row, 1), store_int(row, 2), store_int(row, 3), 0 });
}

static void put_out(BookSum *sum, const StoreRows *row)
{
    gint64 *n = g_tree_lookup(sum->out, store_text(row, 1));
    if (!n) g_tree_insert(sum->out, g_strdup(store_text(row, 1)), n = g_new0(gint64, 1));
    *n += store_int(row, 2);
    sum->sum.excluded += store_int(row, 2);
}

static void put_value(BookSum *sum, const StoreRows *row)
{
    IndicatorSeen seen = { store_int(row, 1), store_int(row, 2) };
    guint low = 0, high = sum->seen->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(sum->seen, IndicatorSeen, middle).value < seen.value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sum->seen->len && g_array_index(sum->seen, IndicatorSeen, low).value == seen.value)
        g_array_index(sum->seen, IndicatorSeen, low).n += seen.n;
    else
        g_array_insert_val(sum->seen, low, seen);
}

/* To the row's group and, in a tree, to every organisation above it. */
static void put_row(Book *book, Page *page, const StoreRows *row, Put put)
{
    const char *group = book->by == BOOK_PACK ? pack_id(book->pack) : store_text(row, 0);
    g_autoptr(GHashTable) met = g_hash_table_new(g_str_hash, g_str_equal); /* a circle of parents ends */
    for (const char *at = group; at && g_hash_table_add(met, (gpointer)at);
         at = book->by == BOOK_ORG_TREE ? g_hash_table_lookup(book->parents, at) : NULL)
        put(sum_of(page, at), row);
}

static gboolean read_rows(Book *book, Page *page, const char *sql, gsize indicator, const char *period,
                          Put put, GError **error)
{
    char from[12], to[12];
    GError *failed = NULL;
    indicator_period_days(period, from, to);
    const StoreValue values[] = { STORE_T(pack_indicator_at(book->pack, indicator)->id),
                                  STORE_T(pack_id(book->pack)), STORE_T(from), STORE_T(to),
                                  STORE_I(book->size) };
    g_autoptr(StoreRows) rows = store_query(book->conn, sql, values, book->size < 0 ? 4 : 5, error);
    while (rows && store_step(rows, &failed))
        put_row(book, page, rows, put);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static Page *read_page(Book *book, gsize i, const char *period, GError **error)
{
    const PackIndicator *p = pack_indicator_at(book->pack, i);
    const Texts *texts = (book->size < 0 ? of_cells : of_lines) + text_of[book->by];
    Page *page = g_new0(Page, 1);
    page->groups = g_tree_new_full(in_order, NULL, g_free, sum_free);
    if (book->by == BOOK_ALL) sum_of(page, "");
    if (book->by == BOOK_PACK) sum_of(page, pack_id(book->pack));
    if ((book->by != BOOK_ORG_TREE || read_parents(book, error)) &&
        read_rows(book, page, texts->sums, i, period, put_sum, error) &&
        read_rows(book, page, texts->outs, i, period, put_out, error) &&
        (indicator_kind(p->indicator) != INDICATOR_PERCENTILE ||
         read_rows(book, page, texts->values, i, period, put_value, error)))
        return page;
    page_free(page);
    return NULL;
}

static Page *page_of(Book *book, gsize i, const char *period, GError **error)
{
    g_autofree char *key = g_strdup_printf("%" G_GSIZE_FORMAT "/%s", i, period);
    Page *page = g_hash_table_lookup(book->pages, key);
    if (!page && (page = read_page(book, i, period, error)))
        g_hash_table_insert(book->pages, g_steal_pointer(&key), page);
    return page;
}

/* ---- asking ---- */

const BookSum *book_sum(Book *book, gsize i, const char *period, const char *group, GError **error)
{
    Page *page = page_of(book, i, period, error);
    const BookSum *sum = page ? g_tree_lookup(page->groups, group) : NULL;
    return sum || !page ? sum : book->nothing;
}

static gboolean add_key(gpointer key, gpointer value, gpointer data)
{
    (void)value;
    g_ptr_array_add(data, key);
    return FALSE;
}

static gboolean merge_groups(Book *book, gsize i, const char *period, GTree *into, GError **error)
{
    gsize n;
    const IndicatorUse *uses = indicator_uses(pack_indicator_at(book->pack, i)->indicator, &n);
    Page *page = n ? NULL : page_of(book, i, period, error);
    if (!n && !page) return FALSE;
    for (GTreeNode *at = page ? g_tree_node_first(page->groups) : NULL; at; at = g_tree_node_next(at))
        g_tree_insert(into, g_tree_node_key(at), NULL);
    for (gsize k = 0; k < n; k++) {
        char of[11];
        if (pack_period_of(period, uses[k].shift, of) && !merge_groups(book, uses[k].of, of, into, error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *book_groups(Book *book, gsize indicator, const char *period, GError **error)
{
    g_autoptr(GTree) groups = g_tree_new_full(in_order, NULL, NULL, NULL);
    if (!merge_groups(book, indicator, period, groups, error)) return NULL;
    GPtrArray *list = g_ptr_array_new();
    g_tree_foreach(groups, add_key, list);
    return list;
}

#define FIRST_CELL "SELECT min(period) FROM cell WHERE indicator = ?1 AND pack = ?2"
#define FIRST_LINE                                                                                           \
    "SELECT min(l.period) FROM cell_event l WHERE l.indicator = ?1 AND l.pack = ?2 AND l.seq <= ?3" COUNTED

static gboolean read_first(Book *book, GError **error)
{
    GError *failed = NULL;
    g_autofree char *first = g_strdup("");
    for (gsize i = 0; i < pack_indicators(book->pack); i++) {
        const StoreValue values[] = { STORE_T(pack_indicator_at(book->pack, i)->id),
                                      STORE_T(pack_id(book->pack)), STORE_I(book->size) };
        g_autoptr(StoreRows) rows = book->size < 0 ? store_query(book->conn, FIRST_CELL, values, 2, error)
                                                   : store_query(book->conn, FIRST_LINE, values, 3, error);
        if (!rows) return FALSE;
        const char *day = store_step(rows, &failed) ? store_text(rows, 0) : NULL;
        if (failed) {
            g_propagate_error(error, failed);
            return FALSE;
        }
        if (!day || (*first && strcmp(first, day) <= 0)) continue;
        g_free(first);
        first = g_strdup(day);
    }
    book->first = g_steal_pointer(&first);
    return TRUE;
}

/* Before anything was counted nothing is known: none is not the same as zero. */
static gboolean before_the_first(Book *book, const char *period, gboolean *before, GError **error)
{
    char from[12], to[12];
    if (!book->first && !read_first(book, error)) return FALSE;
    indicator_period_days(period, from, to);
    *before = *book->first && strcmp(book->first, to) >= 0;
    return TRUE;
}

typedef struct {
    Book *book;
    const char *group;
    GError *failed;
} Asked;

static gboolean figure(gsize i, const char *period, gpointer data, double *out)
{
    Asked *asked = data;
    const Indicator *indicator = pack_indicator_at(asked->book->pack, i)->indicator;
    gboolean before;
    if (asked->failed || !before_the_first(asked->book, period, &before, &asked->failed) || before)
        return FALSE;
    const BookSum *sum = book_sum(asked->book, i, period, asked->group, &asked->failed);
    if (!sum) return FALSE;
    return indicator_kind(indicator) == INDICATOR_PERCENTILE
               ? indicator_rank(indicator, (const IndicatorSeen *)(gpointer)sum->seen->data, sum->seen->len,
                                out)
               : indicator_result(indicator, sum->sum, out);
}

gboolean book_value(Book *book, gsize indicator, const char *period, const char *group, gboolean *has,
                    double *out, GError **error)
{
    Asked asked = { .book = book, .group = group };
    *has = pack_indicator_value(book->pack, indicator, period, figure, &asked, out);
    if (asked.failed) g_propagate_error(error, asked.failed);
    return !asked.failed;
}
