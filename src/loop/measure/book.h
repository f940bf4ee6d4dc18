/* book.h - figures of one pack as they are asked for: sums of cells by group, read once per indicator and
 * period, and the values that follow from them. For the desks of this room. */
#pragma once
#include "loop/measure/measure.h"

typedef enum { BOOK_ALL, BOOK_ORG, BOOK_ORG_TREE, BOOK_AREA, BOOK_PACK } BookBy;
gboolean book_by_parse(const char *text, BookBy *by); /* NULL or "": all */

typedef struct {
    IndicatorDelta sum; /* `excluded` is the sum of `out` */
    GTree *out;         /* id of the exclusion (char *) -> gint64 *, in order */
    GArray *seen;       /* IndicatorSeen in ascending order, of a percentile */
} BookSum;

typedef struct Book Book;
/* `conn` must outlive it: one snapshot, so that everything in it agrees. */
Book *book_new(StoreConn *conn, const Pack *pack, BookBy by);
/* As the figures stood when the ledger had `size` events: read from the lines of its events instead of from
 * cells. Cost: the lines of the periods asked for, and of groups their events. */
Book *book_new_at(StoreConn *conn, const Pack *pack, BookBy by, gint64 size);
void book_free(Book *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Book, book_free)
const Pack *book_pack(const Book *book);

/* The groups that have anything to say on it, in order (char *, the book's own); one, "", when all is
 * together. NULL: the store cannot be read. */
GPtrArray *book_groups(Book *book, gsize indicator, const char *period, GError **error);
/* Never NULL but for an error: a group without facts has an empty sum. */
const BookSum *book_sum(Book *book, gsize indicator, const char *period, const char *group, GError **error);
/* *has FALSE: no value. FALSE only when the store cannot be read. */
gboolean book_value(Book *book, gsize indicator, const char *period, const char *group, gboolean *has,
                    double *out, GError **error);
