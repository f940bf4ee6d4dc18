/* grid.c - every input of a table cut into atoms; rows as sets of atoms; overlaps, gaps and rows never
 * reached.
 *
 * A row is a box: one set of atoms an input. Covering is decided input by input: for each atom the rows that
 * take it go on, rows that take everything from here on cover what is left, no row at all is a gap. Atoms
 * that the same rows take are one case, and (input, rows left) is looked at once: this is the decision
 * diagram of the table, built and thrown away. */
#include "pack/table.h"
#include <math.h>
#include <string.h>

#define MOST_STEPS 4000000

typedef struct {
    long double low, high; /* one number when equal; else those strictly between */
    const char *text;
    enum { ATOM_NULL, ATOM_NUMBER, ATOM_TEXT, ATOM_OTHER_TEXT, ATOM_BOOL } kind;
    gboolean truth;
} Atom;

typedef struct {
    GArray *atoms; /* of Atom */
    guint64 *rows; /* of each atom: `words` words, bit r: row r takes it */
} Axis;

struct PackGrid {
    const PackInput *inputs;
    PackCell *const *cells;
    gsize n_inputs, n_rows, words;
    Axis *axes;
    GHashTable *lists;
    guint steps;   /* of all questions together */
    guint64 *rest; /* of each input and one past it: rows that take everything from that input on */
};

static const PackCell *cell_at(const PackGrid *g, gsize row, gsize input)
{
    return g->cells[row * g->n_inputs + input];
}

/* ---- atoms ---- */
static int by_value(gconstpointer a, gconstpointer b)
{
    const long double x = *(const long double *)a, y = *(const long double *)b;
    return x < y ? -1 : x > y;
}

static gboolean whole_between(long double low, long double high) /* strictly */
{
    return floorl(low) + 1 < high;
}

static void add_number(Axis *axis, const PackInput *in, long double low, long double high)
{
    const gboolean whole = in->type == RULE_INT, point = low == high;
    if (high < in->min || low > in->max || (!point && (high <= in->min || low >= in->max)) ||
        (whole && (point ? low != floorl(low) : !whole_between(low, high)))) {
        return;
    }
    const Atom atom = { .kind = ATOM_NUMBER, .low = low, .high = high };
    g_array_append_val(axis->atoms, atom);
}

static void cut_numbers(const PackGrid *g, gsize input)
{
    const PackInput *in = &g->inputs[input];
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(long double));
    const long double limits[] = { in->min, in->max };
    for (gsize r = 0; r < g->n_rows; r++) {
        const GArray *pieces = cell_at(g, r, input)->pieces;
        for (guint i = 0; i < pieces->len; i++) {
            const PackPiece *piece = &g_array_index(pieces, PackPiece, i);
            if (piece->kind == PACK_PIECE_RANGE) {
                if (isfinite(piece->low)) g_array_append_val(cuts, piece->low);
                if (isfinite(piece->high)) g_array_append_val(cuts, piece->high);
            }
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        if (isfinite(limits[i])) g_array_append_val(cuts, limits[i]);
    }
    g_array_sort(cuts, by_value);
    long double before = -INFINITY;
    for (guint i = 0; i < cuts->len; i++) {
        const long double cut = g_array_index(cuts, long double, i);
        if (i && cut == before) {
            continue;
        }
        add_number(&g->axes[input], in, before, cut);
        add_number(&g->axes[input], in, cut, cut);
        before = cut;
    }
    add_number(&g->axes[input], in, before, INFINITY);
}

static void add_text(Axis *axis, GHashTable *met, const json_t *codes, const char *text)
{
    const Atom atom = { .kind = ATOM_TEXT, .text = text };
    if ((!codes || json_object_get(codes, text)) && g_hash_table_add(met, (char *)text)) {
        g_array_append_val(axis->atoms, atom);
    }
}

/* Of the codes nobody names one stands for all. */
static void add_other_text(Axis *axis, GHashTable *met, const json_t *codes)
{
    const char *code;
    json_t *line;
    Atom atom = { .kind = ATOM_OTHER_TEXT };
    json_object_foreach((json_t *)codes, code, line)
    {
        if (!g_hash_table_contains(met, code)) {
            atom.text = code;
            break;
        }
    }
    if (!codes || atom.text) {
        g_array_append_val(axis->atoms, atom);
    }
}

static void cut_texts(const PackGrid *g, gsize input)
{
    g_autoptr(GHashTable) met = g_hash_table_new(g_str_hash, g_str_equal);
    Axis *axis = &g->axes[input];
    for (gsize r = 0; r < g->n_rows; r++) {
        const GArray *pieces = cell_at(g, r, input)->pieces;
        for (guint i = 0; i < pieces->len; i++) {
            const PackPiece *piece = &g_array_index(pieces, PackPiece, i);
            const char *code;
            json_t *line;
            if (piece->kind == PACK_PIECE_TEXT) {
                add_text(axis, met, g->inputs[input].codes, piece->text);
            } else if (piece->kind == PACK_PIECE_LIST) {
                json_object_foreach((json_t *)g_hash_table_lookup(g->lists, piece->text), code, line)
                {
                    add_text(axis, met, g->inputs[input].codes, code);
                }
            }
        }
    }
    add_other_text(axis, met, g->inputs[input].codes);
}

static void cut(const PackGrid *g, gsize input)
{
    Axis *axis = &g->axes[input];
    axis->atoms = g_array_new(FALSE, TRUE, sizeof(Atom));
    if (g->inputs[input].type == RULE_TEXT) {
        cut_texts(g, input);
    } else if (g->inputs[input].type == RULE_BOOL) {
        const Atom truths[] = { { .kind = ATOM_BOOL, .truth = TRUE }, { .kind = ATOM_BOOL } };
        g_array_append_vals(axis->atoms, truths, 2);
    } else {
        cut_numbers(g, input);
    }
    if (!g->inputs[input].never_empty) {
        const Atom nothing = { .kind = ATOM_NULL };
        g_array_append_val(axis->atoms, nothing);
    }
}

/* ---- cells on atoms ---- */
static gboolean piece_takes(const PackGrid *g, const PackPiece *piece, const Atom *atom)
{
    g_assert(piece);
    switch (piece->kind) {
    case PACK_PIECE_RANGE: /* every end is a cut, so an atom lies wholly inside or outside */
        return atom->kind == ATOM_NUMBER &&
               (atom->low == atom->high
                    ? (piece->low < atom->low || (piece->low == atom->low && piece->low_in)) &&
                          (atom->high < piece->high || (piece->high == atom->high && piece->high_in))
                    : piece->low <= atom->low && atom->high <= piece->high);
    case PACK_PIECE_TEXT:
        return atom->kind == ATOM_TEXT && strcmp(atom->text, piece->text) == 0;
    case PACK_PIECE_LIST:
        return atom->kind == ATOM_TEXT &&
               json_object_get(g_hash_table_lookup(g->lists, piece->text), atom->text) != NULL;
    case PACK_PIECE_BOOL:
        return atom->kind == ATOM_BOOL && atom->truth == piece->truth;
    default:
        return atom->kind == ATOM_NULL;
    }
}

static gboolean takes(const PackGrid *g, const PackCell *cell, const Atom *atom)
{
    gboolean some = FALSE;
    for (guint i = 0; i < cell->pieces->len && !some; i++) {
        some = piece_takes(g, &g_array_index(cell->pieces, PackPiece, i), atom);
    }
    return cell->any || (cell->negated ? !some && atom->kind != ATOM_NULL : some);
}

static void set_bit(guint64 *set, gsize bit)
{
    set[bit / 64] |= G_GUINT64_CONSTANT(1) << (bit % 64);
}

static gboolean has_bit(const guint64 *set, gsize bit)
{
    return (set[bit / 64] >> (bit % 64) & 1) != 0;
}

/* Atoms many rows name by text would be compared with each; so texts are found by name. */
static void place_rows(PackGrid *g, gsize input)
{
    Axis *axis = &g->axes[input];
    axis->rows = g_new0(guint64, axis->atoms->len * g->words);
    g_autoptr(GHashTable) at = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint a = 0; a < axis->atoms->len; a++) {
        const Atom *atom = &g_array_index(axis->atoms, Atom, a);
        if (atom->kind == ATOM_TEXT) {
            g_hash_table_insert(at, (char *)atom->text, GUINT_TO_POINTER(a));
        }
    }
    for (gsize r = 0; r < g->n_rows; r++) {
        const PackCell *cell = cell_at(g, r, input);
        const PackPiece *one = cell->pieces->len == 1 ? &g_array_index(cell->pieces, PackPiece, 0) : NULL;
        if (one && one->kind == PACK_PIECE_TEXT && !cell->negated) {
            gpointer a;
            if (g_hash_table_lookup_extended(at, one->text, NULL, &a)) {
                set_bit(&axis->rows[GPOINTER_TO_UINT(a) * g->words], r);
            }
            continue;
        }
        for (guint a = 0; a < axis->atoms->len; a++) {
            if (takes(g, cell, &g_array_index(axis->atoms, Atom, a))) {
                set_bit(&axis->rows[a * g->words], r);
            }
        }
    }
}

static void place_rest(PackGrid *g)
{
    g->rest = g_new0(guint64, (g->n_inputs + 1) * g->words);
    for (gsize r = 0; r < g->n_rows; r++) {
        gboolean any = TRUE;
        for (gsize i = g->n_inputs + 1; i-- > 0;) {
            any = any && (i == g->n_inputs || cell_at(g, r, i)->any);
            if (any) set_bit(&g->rest[i * g->words], r);
        }
    }
}

PackGrid *pack_grid_new(const PackInput *inputs, gsize n_inputs, PackCell *const *cells, gsize n_rows,
                        GHashTable *lists)
{
    g_autoptr(PackGrid) g = g_new0(PackGrid, 1);
    *g = (PackGrid){
        .inputs = inputs, .cells = cells, .n_inputs = n_inputs, .n_rows = n_rows, .lists = lists
    };
    g->words = n_rows / 64 + 1;
    g->axes = g_new0(Axis, n_inputs);
    for (gsize i = 0; i < n_inputs; i++) {
        cut(g, i);
        if (g->axes[i].atoms->len > PACK_TABLE_ATOMS) {
            return NULL;
        }
        place_rows(g, i);
    }
    place_rest(g);
    return g_steal_pointer(&g);
}

void pack_grid_free(PackGrid *g)
{
    if (!g) {
        return;
    }
    for (gsize i = 0; i < g->n_inputs; i++) {
        g_clear_pointer(&g->axes[i].atoms, g_array_unref);
        g_free(g->axes[i].rows);
    }
    g_free(g->axes);
    g_free(g->rest);
    g_free(g);
}

/* ---- witnesses ---- */
static void put_number(GString *out, const Atom *atom, gboolean whole)
{
    const long double v = atom->low == atom->high      ? atom->low
                          : isinf(atom->low)           ? (isinf(atom->high) ? 0 : ceill(atom->high) - 1)
                          : whole || isinf(atom->high) ? floorl(atom->low) + 1
                                                       : (atom->low + atom->high) / 2;
    g_string_append_printf(out, "= %.15Lg", v);
}

static void put_atom(const PackGrid *g, gsize input, guint a, GString *out)
{
    const Atom *atom = &g_array_index(g->axes[input].atoms, Atom, a);
    g_string_append_printf(out, "%s%s ", out->len ? ", " : "", g->inputs[input].text);
    switch (atom->kind) {
    case ATOM_NULL:
        g_string_append(out, "empty");
        break;
    case ATOM_NUMBER:
        put_number(out, atom, g->inputs[input].type == RULE_INT);
        break;
    case ATOM_BOOL:
        g_string_append_printf(out, "= %s", atom->truth ? "true" : "false");
        break;
    default:
        g_string_append_printf(out, atom->text ? "= '%s'" : "another text", atom->text);
    }
}

static gssize common_atom(const PackGrid *g, gsize input, gsize row, gssize other)
{
    const Axis *axis = &g->axes[input];
    for (guint a = 0; a < axis->atoms->len; a++) {
        const guint64 *rows = &axis->rows[a * g->words];
        if (has_bit(rows, row) && (other < 0 || has_bit(rows, (gsize)other))) {
            return a;
        }
    }
    return -1;
}

gboolean pack_grid_empty(const PackGrid *g, gsize row, gsize input)
{
    return common_atom(g, input, row, -1) < 0;
}

char *pack_grid_overlap(const PackGrid *g, gsize row, gsize other)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; i < g->n_inputs; i++) {
        const gssize a = common_atom(g, i, row, (gssize)other);
        if (a < 0) {
            return NULL;
        }
        put_atom(g, i, (guint)a, out);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- covering ---- */
typedef struct {
    PackGrid *grid;
    gssize within;
    GHashTable *seen; /* GBytes of (input, rows left) that are covered */
    guint *way;       /* the atom chosen for each input so far */
    gboolean too_intricate;
} Cover;

static gboolean meets(const guint64 *a, const guint64 *b, gsize words)
{
    for (gsize w = 0; w < words; w++) {
        if (a[w] & b[w]) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The same question asked before (TRUE), or noted now. */
static gboolean asked(Cover *c, gsize input, const guint64 *left)
{
    const gsize size = c->grid->words * sizeof(guint64);
    g_autofree guint8 *key = g_malloc(size + 1);
    memcpy(key, left, size);
    key[size] = (guint8)input;
    return !g_hash_table_add(c->seen, g_bytes_new_take(g_steal_pointer(&key), size + 1));
}

/* The first atom that the row looks at; gaps go on over every further input with it. */
static gboolean gap_from(Cover *c, gsize input)
{
    const PackGrid *g = c->grid;
    for (; input < g->n_inputs; input++) {
        const gssize a = c->within < 0 ? 0 : common_atom(g, input, (gsize)c->within, -1);
        if (a < 0 || !g->axes[input].atoms->len) {
            return FALSE;
        }
        c->way[input] = (guint)a;
    }
    return TRUE;
}

/* TRUE: a combination was found that no row of `left` takes; it is in c->way. */
static gboolean find_gap(Cover *c, gsize input, const guint64 *left)
{
    const PackGrid *g = c->grid;
    static const guint64 none[PACK_TABLE_ROWS / 64 + 1];
    if (meets(left, &g->rest[input * g->words], g->words) || c->too_intricate || asked(c, input, left)) {
        return FALSE;
    }
    if (memcmp(left, none, g->words * sizeof *none) == 0) {
        return gap_from(c, input);
    }
    const Axis *axis = &g->axes[input];
    guint64 next[PACK_TABLE_ROWS / 64 + 1] = { 0 };
    for (guint a = 0; a < axis->atoms->len; a++) {
        const guint64 *rows = &axis->rows[a * g->words];
        if (c->within >= 0 && !has_bit(rows, (gsize)c->within)) {
            continue;
        }
        if (c->grid->steps++ > MOST_STEPS) {
            c->too_intricate = TRUE;
            return FALSE;
        }
        for (gsize w = 0; w < g->words; w++) {
            next[w] = left[w] & rows[w];
        }
        c->way[input] = a;
        if (find_gap(c, input + 1, next)) {
            return TRUE;
        }
    }
    return FALSE;
}

PackCover pack_grid_cover(PackGrid *g, gsize n, gssize within, char **witness)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_autofree guint *way = g_new0(guint, g->n_inputs + 1);
    guint64 left[PACK_TABLE_ROWS / 64 + 1] = { 0 };
    for (gsize r = 0; r < n; r++) {
        set_bit(left, r);
    }
    Cover c = { .grid = g, .within = within, .seen = seen, .way = way };
    if (!find_gap(&c, 0, left)) {
        return c.too_intricate ? PACK_TOO_INTRICATE : PACK_COVERED;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; i < g->n_inputs; i++) {
        put_atom(g, i, way[i], out);
    }
    *witness = g_string_free(g_steal_pointer(&out), FALSE);
    return PACK_OPEN_AT;
}
