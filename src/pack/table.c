/* table.c - compiling a decision table: inputs, cells, outputs, and what the grid says of its rows. */
#include "pack/table.h"
#include <math.h>
#include <string.h>

typedef struct {
    PackMaking *m;
    const PackFile *file;
    PackDecision *decision;
    const json_t *rows;
    GArray *inputs; /* of PackInput */
    gsize n_rows;
} Table;

static void refuse(const Table *t, const PackRule *rule, PackSpot spot, const char *what)
{
    pack_refuse(t->m->refusals, rule, spot, "%s", what);
}

/* ---- inputs ---- */
static void limit_by_fact(const Pack *pack, PackInput *in, int column)
{
    static const PackFact always[] = { PACK_FACT_EVENT, PACK_FACT_LEVEL, PACK_FACT_NOW, PACK_FACT_OPENED_AT,
                                       PACK_FACT_MINUTES };
    for (gsize i = 0; i < G_N_ELEMENTS(always); i++) {
        in->never_empty = in->never_empty || pack->fact[always[i]] == column;
    }
    if (pack->fact[PACK_FACT_LEVEL] == column) {
        in->min = 1;
        in->max = 4;
    }
}

static void limit_by_field(const Pack *pack, PackInput *in, const PackField *field)
{
    in->codes = field->list ? g_hash_table_lookup(pack->lists, field->list) : NULL;
    if (field->type == RULE_INT || field->type == RULE_REAL) {
        in->min = field->min == G_MININT64 ? -INFINITY : (long double)field->min;
        in->max = field->max == G_MAXINT64 ? INFINITY : (long double)field->max;
    }
}

static void compile_input(Table *t, const json_t *texts, gsize i)
{
    const Pack *pack = t->m->pack;
    const PackSpot spot = PACK_AT_ITEM(t->file, texts, i);
    PackInput in = { .text = json_string_value(json_array_get(texts, i)), .min = -INFINITY, .max = INFINITY };
    g_autoptr(GError) error = NULL;
    g_autoptr(Rule) rule = NULL;
    if (!pack_names_open_only(t->m, spot, in.text)) {
        return;
    }
    if (!(rule = rule_parse_scalar(in.text, pack->schema, &error)) || rule_type(rule) == RULE_NULL) {
        refuse(t, PACK_RULE(condition, sound), spot,
               error ? error->message : "this is always empty; name a field or a fact");
        return;
    }
    for (gsize k = 0; k < t->inputs->len; k++) {
        if (strcmp(g_array_index(t->inputs, PackInput, k).text, in.text) == 0) {
            refuse(t, PACK_RULE(name, twice), spot, "this input stands twice; one column is enough");
        }
    }
    in.type = rule_type(rule);
    const int column = rule_schema_find(pack->schema, in.text);
    const PackField *field = column >= 0 ? pack_field(pack, in.text) : NULL;
    if (field) {
        limit_by_field(pack, &in, field);
    } else if (column >= 0) {
        limit_by_fact(pack, &in, column);
    }
    g_array_append_val(t->inputs, in);
}

/* ---- outputs ---- */
static gboolean collects_into(PackCollect by, const PackField *field)
{
    const gboolean number = field && (field->type == RULE_INT || field->type == RULE_REAL);
    return by == PACK_BY_LIST    ? field && field->type == RULE_TEXT && !field->list
           : by == PACK_BY_COUNT ? field && field->type == RULE_INT && !field->is_time
           : by == PACK_BY_SUM   ? number && !field->is_time
                                 : number;
}

static void compile_collect(Table *t, const char *output)
{
    static const char *const words[] = { "list", "sum", "min", "max", "count", NULL };
    const json_t *collect = json_object_get(t->file->tree, "collect");
    const char *word = pack_text(collect, output);
    guint by = 0;
    if (!word) {
        pack_refuse(
            t->m->refusals, PACK_RULE(table, collect), PACK_AT_KEY(t->file, t->file->tree, "outputs"),
            "hit: collect must say how '%s' is put together; add collect: {%s: list, sum, min, max or count}",
            output, output);
        return;
    }
    while (strcmp(words[by], word) != 0) {
        by++;
    }
    if (!collects_into((PackCollect)by, pack_field(t->m->pack, output))) {
        refuse(t, PACK_RULE(table, collect), PACK_AT_VALUE(t->file, collect, output),
               "list goes into a text field without a code list, count into an int, sum, min and max into a "
               "number");
    }
    g_array_append_val(t->decision->collect, by);
}

static void compile_outputs(Table *t)
{
    const json_t *names = json_object_get(t->file->tree, "outputs"),
                 *collect = json_object_get(t->file->tree, "collect");
    if (collect && t->decision->hit != PACK_HIT_COLLECT) {
        refuse(t, PACK_RULE(table, collect), PACK_AT_KEY(t->file, t->file->tree, "collect"),
               "only hit: collect puts rows together; remove it");
    }
    for (gsize i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (g_ptr_array_find_with_equal_func(t->decision->outputs, name, g_str_equal, NULL)) {
            refuse(t, PACK_RULE(name, twice), PACK_AT_ITEM(t->file, names, i),
                   "this output stands twice; remove one");
        }
        pack_decision_output(t->m, PACK_AT_ITEM(t->file, names, i), PACK_AT_ITEM(t->file, names, i), name,
                             NULL);
        g_ptr_array_add(t->decision->outputs, (char *)name);
        if (t->decision->hit == PACK_HIT_COLLECT) {
            compile_collect(t, name);
        }
    }
}

/* Of count, that a row has something there is enough. */
static void check_output(Table *t, PackSpot spot, gsize i, const json_t *value)
{
    const char *name = t->decision->outputs->pdata[i];
    const gboolean counts =
        i < t->decision->collect->len && g_array_index(t->decision->collect, guint, i) == PACK_BY_COUNT;
    if (!counts) {
        pack_decision_output(t->m, spot, spot, name, value);
    }
}

/* The outputs of a row or of `default`, from cell `from` on; an empty cell sets nothing. New reference. */
static json_t *take_outputs(Table *t, const json_t *cells, gsize from)
{
    json_t *set = json_object();
    for (gsize i = 0; i < t->decision->outputs->len; i++) {
        json_t *value = json_array_get(cells, from + i);
        if (!json_is_null(value)) {
            check_output(t, PACK_AT_ITEM(t->file, cells, from + i), i, value);
            json_object_set(set, t->decision->outputs->pdata[i], value);
        }
    }
    return set;
}

/* ---- rows ---- */
static gboolean known_codes(Table *t, PackSpot spot, const PackInput *in, const PackCell *cell)
{
    for (guint i = 0; i < cell->pieces->len; i++) {
        const PackPiece *piece = &g_array_index(cell->pieces, PackPiece, i);
        if (piece->kind == PACK_PIECE_LIST && !g_hash_table_contains(t->m->pack->lists, piece->text)) {
            pack_refuse_unknown(t->m->refusals, PACK_RULE(known, list), spot, piece->text,
                                pack_known_keys(t->m->pack->lists), "no list '%s' in types.yaml",
                                piece->text);
            return FALSE;
        }
        if (piece->kind == PACK_PIECE_TEXT && in->codes && !json_object_get(in->codes, piece->text)) {
            pack_refuse(t->m->refusals, PACK_RULE(known, code), spot,
                        "'%s' is not a code of %s; see its list in types.yaml", piece->text, in->text);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean take_cells(Table *t, const json_t *row, GString *condition)
{
    gboolean ok = TRUE;
    for (gsize i = 0; i < t->inputs->len; i++) {
        const PackInput *in = &g_array_index(t->inputs, PackInput, i);
        const PackSpot spot = PACK_AT_ITEM(t->file, row, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(PackCell) cell = pack_cell_parse(json_array_get(row, i), in->type, &error);
        g_autofree char *input = rule_schema_find(t->m->pack->schema, in->text) >= 0
                                     ? g_strdup(in->text)
                                     : g_strdup_printf("(%s)", in->text);
        if (!cell) {
            refuse(t, PACK_RULE(table, cell), spot, error->message);
            ok = FALSE;
            continue;
        }
        ok = known_codes(t, spot, in, cell) && ok;
        pack_cell_condition(cell, input, condition);
        g_ptr_array_add(t->decision->cells, g_steal_pointer(&cell));
    }
    return ok;
}

static void compile_row(Table *t, gsize r)
{
    const json_t *row = json_array_get(t->rows, r);
    const gsize wanted = t->inputs->len + t->decision->outputs->len;
    g_autoptr(GString) condition = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    Rule *rule = NULL;
    if (json_array_size(row) != wanted) {
        pack_refuse(t->m->refusals, PACK_RULE(table, width), PACK_AT_ITEM(t->file, t->rows, r),
                    "a row of %zu cells; %u inputs and %u outputs need %zu", json_array_size(row),
                    t->inputs->len, t->decision->outputs->len, wanted);
        return;
    }
    if (take_cells(t, row, condition) && condition->len &&
        !(rule = rule_parse(condition->str, t->m->pack->schema, &error))) {
        refuse(t, PACK_RULE(condition, sound), PACK_AT_ITEM(t->file, t->rows, r), error->message);
    }
    g_ptr_array_add(t->decision->when, rule);
    g_ptr_array_add(t->decision->set, take_outputs(t, row, t->inputs->len));
}

static void compile_default(Table *t)
{
    const json_t *cells = json_object_get(t->file->tree, "default");
    if (!cells) {
        return;
    }
    if (json_array_size(cells) != t->decision->outputs->len) {
        pack_refuse(t->m->refusals, PACK_RULE(table, width), PACK_AT_VALUE(t->file, t->file->tree, "default"),
                    "default has one cell an output, %u", t->decision->outputs->len);
        return;
    }
    t->decision->otherwise = take_outputs(t, cells, 0);
}

/* ---- what the grid says ---- */
static void find_empty(Table *t, const PackGrid *grid)
{
    for (gsize r = 0; r < t->n_rows; r++) {
        for (gsize i = 0; i < t->inputs->len; i++) {
            if (pack_grid_empty(grid, r, i)) {
                refuse(t, PACK_RULE(table, nothing), PACK_AT_ITEM(t->file, json_array_get(t->rows, r), i),
                       "no value that this input may have fits; see its limits in types.yaml");
            }
        }
    }
}

static void find_overlaps(Table *t, const PackGrid *grid)
{
    for (gsize r = 1; r < t->n_rows; r++) {
        for (gsize before = 0; before < r; before++) {
            g_autofree char *witness = pack_grid_overlap(grid, before, r);
            if (witness) {
                pack_refuse(t->m->refusals, PACK_RULE(table, overlap), PACK_AT_ITEM(t->file, t->rows, r),
                            "rows %zu and %zu both hold for %s; part them, or use hit: first", before + 1,
                            r + 1, witness);
                break; /* one is enough to see what is wrong with this row */
            }
        }
    }
}

static gboolean refuse_intricate(Table *t, PackCover cover)
{
    if (cover == PACK_TOO_INTRICATE) {
        refuse(t, PACK_RULE(table, intricate), PACK_AT_KEY(t->file, t->file->tree, "rows"),
               "too intricate to be checked for gaps; make two tables of it, or name fewer values");
    }
    return cover == PACK_TOO_INTRICATE;
}

static void find_unreached(Table *t, PackGrid *grid)
{
    for (gsize r = 1; r < t->n_rows; r++) {
        g_autofree char *witness = NULL;
        const PackCover cover = pack_grid_cover(grid, r, (gssize)r, &witness);
        if (refuse_intricate(t, cover)) {
            return;
        }
        if (cover == PACK_COVERED) {
            pack_refuse(
                t->m->refusals, PACK_RULE(table, unreached), PACK_AT_ITEM(t->file, t->rows, r),
                "row %zu is never reached: the rows above take everything it is for; move it up or remove it",
                r + 1);
        }
    }
}

static void find_gap(Table *t, PackGrid *grid)
{
    const json_t *tree = t->file->tree;
    g_autofree char *witness = NULL;
    const PackCover cover = pack_grid_cover(grid, t->n_rows, -1, &witness);
    if (refuse_intricate(t, cover)) {
        return;
    }
    if (cover == PACK_COVERED && t->decision->otherwise) {
        refuse(t, PACK_RULE(table, unreached), PACK_AT_KEY(t->file, tree, "default"),
               "default is never reached: the rows take everything; remove it");
    } else if (cover == PACK_OPEN_AT && !t->decision->otherwise && !json_object_get(tree, "gap")) {
        pack_refuse(t->m->refusals, PACK_RULE(table, gap), PACK_AT_KEY(t->file, tree, "rows"),
                    "no row holds for %s; add a row, default: [...], or gap: ok", witness);
    }
}

static void check_rows(Table *t)
{
    g_autoptr(PackGrid) grid =
        pack_grid_new((const PackInput *)t->inputs->data, t->inputs->len,
                      (PackCell *const *)t->decision->cells->pdata, t->n_rows, t->m->pack->lists);
    if (!grid) {
        refuse_intricate(t, PACK_TOO_INTRICATE);
        return;
    }
    const guint before = t->m->refusals->texts->len;
    find_empty(t, grid);
    if (t->m->refusals->texts->len > before) {
        return;
    }
    if (t->decision->hit == PACK_HIT_UNIQUE) {
        find_overlaps(t, grid);
    } else if (t->decision->hit == PACK_HIT_FIRST) {
        find_unreached(t, grid);
    }
    find_gap(t, grid);
}

/* ---- collecting ---- */
/* What all rows together could make of an output must fit its field. */
static gboolean fits_together(const Table *t, gsize output, const PackField *field, PackCollect by)
{
    double low = 0, high = 0;
    gsize length = 0;
    for (guint r = 0; r < t->decision->set->len; r++) {
        const json_t *value =
            json_object_get(t->decision->set->pdata[r], t->decision->outputs->pdata[output]);
        const double v = by == PACK_BY_COUNT ? value != NULL : json_number_value(value);
        *(v < 0 ? &low : &high) += v;
        length += json_is_string(value) ? (gsize)g_utf8_strlen(json_string_value(value), -1) + 2 : 0;
    }
    return by == PACK_BY_LIST
               ? length <= field->max_length + 2
               : low >= (double)field->min && high <= (double)field->max && high < 9e15 && low > -9e15;
}

static void check_together(Table *t)
{
    for (gsize i = 0; i < t->decision->collect->len; i++) {
        const PackCollect by = (PackCollect)g_array_index(t->decision->collect, guint, i);
        const char *name = t->decision->outputs->pdata[i];
        if (by != PACK_BY_MIN && by != PACK_BY_MAX &&
            !fits_together(t, i, pack_field(t->m->pack, name), by)) {
            refuse(
                t, PACK_RULE(table, collect),
                PACK_AT_VALUE(t->file, json_object_get(t->file->tree, "collect"), name),
                "all rows together could make more than the field may hold; widen its limits in types.yaml");
        }
    }
}

static void append_text(json_t *so_far, const char *name, const char *text)
{
    const char *before = pack_text(so_far, name);
    g_autofree char *joined = before ? g_strdup_printf("%s, %s", before, text) : g_strdup(text);
    json_object_set_new(so_far, name, json_string(joined));
}

static void collect_number(json_t *so_far, const char *name, PackCollect by, const json_t *value)
{
    const json_t *before = json_object_get(so_far, name);
    const gboolean whole = json_is_integer(value) && (!before || json_is_integer(before));
    const double b = json_number_value(before), v = json_number_value(value);
    if (by == PACK_BY_SUM && before) { /* check_together: far from overflow */
        json_object_set_new(so_far, name,
                            whole ? json_integer(json_integer_value(before) + json_integer_value(value))
                                  : json_real(b + v));
    } else if (!before || (by == PACK_BY_MIN ? v < b : by == PACK_BY_MAX ? v > b : FALSE)) {
        json_object_set(so_far, name, (json_t *)value);
    }
}

static void collect_row(const PackDecision *decision, const json_t *set, json_t *so_far)
{
    for (guint i = 0; i < decision->outputs->len; i++) {
        const char *name = decision->outputs->pdata[i];
        const PackCollect by = (PackCollect)g_array_index(decision->collect, guint, i);
        const json_t *value = json_object_get(set, name);
        if (value && by == PACK_BY_LIST) {
            append_text(so_far, name, json_string_value(value));
        } else if (value && by == PACK_BY_COUNT) {
            json_object_set_new(so_far, name,
                                json_integer(json_integer_value(json_object_get(so_far, name)) + 1));
        } else if (value) {
            collect_number(so_far, name, by, value);
        }
    }
}

json_t *pack_table_collect(const PackDecision *decision, const RuleValue *row)
{
    json_t *so_far = NULL;
    for (guint i = 0; i < decision->when->len; i++) {
        const Rule *when = decision->when->pdata[i];
        if (!when || rule_holds(when, row)) {
            so_far = so_far ? so_far : json_object();
            collect_row(decision, decision->set->pdata[i], so_far);
        }
    }
    return so_far;
}

/* ---- the whole ---- */
static void cell_drop(gpointer cell)
{
    pack_cell_free(cell);
}

void pack_table_compile(PackMaking *m, const PackFile *file, PackDecision *decision)
{
    g_autoptr(GArray) inputs = g_array_new(FALSE, FALSE, sizeof(PackInput));
    Table t = { m, file, decision, json_object_get(file->tree, "rows"), inputs, 0 };
    const json_t *texts = json_object_get(file->tree, "inputs");
    const guint before = m->refusals->texts->len;
    decision->cells = g_ptr_array_new_with_free_func(cell_drop);
    decision->outputs = g_ptr_array_new();
    decision->collect = g_array_new(FALSE, FALSE, sizeof(guint));
    t.n_rows = json_array_size(t.rows);
    for (gsize i = 0; i < json_array_size(texts); i++) {
        compile_input(&t, texts, i);
    }
    compile_outputs(&t);
    if (m->refusals->texts->len > before) {
        return;
    }
    for (gsize r = 0; r < t.n_rows; r++) {
        compile_row(&t, r);
    }
    compile_default(&t);
    if (m->refusals->texts->len == before) {
        check_rows(&t);
        check_together(&t);
    }
}
