/* table.h - real decision tables: rows of short cells over inputs, checked exactly.
 *
 * A cell says which values of its input a row is for; it is kept as pieces (values, ranges, "empty") and
 * written as a condition of engine/rule, so a table runs in the same language as everything else. Over all
 * cells of a table lies a grid: each input is cut at every value that a cell names, into atoms that no cell
 * tells apart; what holds for one value of an atom holds for all of it, so overlaps, gaps and rows that are
 * never reached are found exactly (grid.c). Inputs are taken to be independent of one another. */
#pragma once
#include "pack/inside.h"

#define PACK_TABLE_ROWS 1000
#define PACK_TABLE_INPUTS 16
#define PACK_TABLE_ATOMS 8000 /* of one input */

typedef struct {
    enum { PACK_PIECE_NULL, PACK_PIECE_RANGE, PACK_PIECE_TEXT, PACK_PIECE_BOOL, PACK_PIECE_LIST } kind;
    char *text,
        *high_text; /* as written: of a range its ends (NULL: open to that side); a text; a list's name */
    long double low, high; /* of a range; infinite when open; long double holds every gint64 */
    gboolean low_in, high_in, truth;
} PackPiece;

typedef struct {
    gboolean any;     /* "-" */
    gboolean negated; /* "not ...": every other value, but not empty */
    GArray *pieces;   /* of PackPiece */
} PackCell;

/* Short form of an input of this type: "-", "null", "'A', 'B'", ">= 100", "[1..5]", "not 'A'", "@list", 5,
 * true. NULL and what is wrong, with a hint. */
PackCell *pack_cell_parse(const json_t *value, RuleType type, GError **error);
void pack_cell_free(PackCell *cell);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackCell, pack_cell_free)
void pack_cell_condition(const PackCell *cell, const char *input, GString *out); /* nothing for "-" */

typedef struct {
    const char *text; /* as written: a column or an expression */
    RuleType type;
    long double min, max; /* of a number; infinite: no limit */
    const json_t *codes;  /* of a text with a code list: code -> line; NULL */
    gboolean never_empty;
} PackInput;

typedef struct PackGrid PackGrid; /* opaque; grid.c */
/* `cells` has n_rows * n_inputs cells, row by row; all are borrowed for the grid's life. NULL when an input
 * has over PACK_TABLE_ATOMS values. `lists`: name -> json object of codes, for "@list". */
PackGrid *pack_grid_new(const PackInput *inputs, gsize n_inputs, PackCell *const *cells, gsize n_rows,
                        GHashTable *lists);
void pack_grid_free(PackGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackGrid, pack_grid_free)
gboolean pack_grid_empty(const PackGrid *grid, gsize row, gsize input); /* the cell holds for no value */
/* A combination for which both rows hold, as "a = 1, b = 'x'"; NULL: there is none. Caller frees. */
char *pack_grid_overlap(const PackGrid *grid, gsize row, gsize other);
typedef enum { PACK_COVERED, PACK_OPEN_AT, PACK_TOO_INTRICATE } PackCover;
/* Do the first n rows hold, together, for everything row `within` holds for (-1: for every combination)? If
 * not, `witness` gets a combination. Cost: rows x atoms x distinct sets of rows, at most 4 million steps for
 * all questions to one grid together. */
PackCover pack_grid_cover(PackGrid *grid, gsize n, gssize within, char **witness);

/* ---- tables in packs ---- */
void pack_table_compile(PackMaking *m, const PackFile *file, PackDecision *decision);
/* What the rows that hold make together, of a table that collects; new reference, NULL: none held. */
json_t *pack_table_collect(const PackDecision *decision, const RuleValue *row);
