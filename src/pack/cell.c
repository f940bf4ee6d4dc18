/* cell.c - the short form of a table's cells, read into pieces and written as a condition. */
#include "pack/table.h"
#include <math.h>
#include <string.h>

static void piece_clear(gpointer data)
{
    PackPiece *piece = data;
    g_free(piece->text);
    g_free(piece->high_text);
}

static PackCell *cell_new(void)
{
    PackCell *cell = g_new0(PackCell, 1);
    cell->pieces = g_array_new(FALSE, TRUE, sizeof(PackPiece));
    g_array_set_clear_func(cell->pieces, piece_clear);
    return cell;
}

void pack_cell_free(PackCell *cell)
{
    if (cell) {
        g_array_unref(cell->pieces);
        g_free(cell);
    }
}

/* ---- reading ---- */
static gboolean refuse(GError **error, const char *what)
{
    g_set_error_literal(error, PACK_ERROR, PACK_ERROR_MEANING, what);
    return FALSE;
}

static void skip(const char **p)
{
    while (**p == ' ') {
        ++*p;
    }
}

static gboolean take(const char **p, const char *word)
{
    if (!g_str_has_prefix(*p, word)) {
        return FALSE;
    }
    *p += strlen(word);
    skip(p);
    return TRUE;
}

static gboolean take_word(const char **p, const char *word)
{
    const gsize n = strlen(word);
    return strncmp(*p, word, n) == 0 && !g_ascii_isalnum((*p)[n]) && (*p)[n] != '_' && take(p, word);
}

/* A decimal number as it is written; NULL when none stands here. */
static char *take_number(const char **p, long double *value)
{
    const char *start = *p;
    const char *end = start + (*start == '-');
    gsize digits = strspn(end, "0123456789");
    end += digits;
    if (digits && *end == '.' && end[1] != '.') {
        end += 1 + strspn(end + 1, "0123456789");
    }
    if (!digits || digits > 18) {
        return NULL;
    }
    *p = end;
    char *text = g_strndup(start, end - start);
    gint64 whole;
    *value = g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &whole, NULL)
                 ? (long double)whole
                 : g_ascii_strtod(text, NULL);
    skip(p);
    return text;
}

/* 'text', '' being one quote. */
static char *take_quoted(const char **p)
{
    if (**p != '\'') {
        return NULL;
    }
    GString *out = g_string_new(NULL);
    const char *at = *p + 1;
    for (; *at && !(*at == '\'' && at[1] != '\''); at++) {
        g_string_append_c(out, *at);
        at += *at == '\'';
    }
    if (*at != '\'') {
        g_string_free(out, TRUE);
        return NULL;
    }
    *p = at + 1;
    skip(p);
    return g_string_free(out, FALSE);
}

static gboolean take_comparison(const char **p, PackPiece *piece, GError **error)
{
    static const struct {
        const char *sign;
        gboolean low, in;
    } signs[] = { { ">=", TRUE, TRUE }, { "<=", FALSE, TRUE }, { ">", TRUE, FALSE }, { "<", FALSE, FALSE } };
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (!take(p, signs[i].sign)) {
            continue;
        }
        char *text = take_number(p, signs[i].low ? &piece->low : &piece->high);
        *(signs[i].low ? &piece->text : &piece->high_text) = text;
        piece->low_in = piece->high_in = signs[i].in;
        return text || refuse(error, "after > or < stands a number; write \">= 100\"");
    }
    return refuse(error, "not a comparison; write \">= 100\"");
}

static gboolean take_interval(const char **p, PackPiece *piece, GError **error)
{
    piece->low_in = **p == '[';
    take(p, piece->low_in ? "[" : "(");
    piece->text = take_number(p, &piece->low);
    if (!piece->text || !take(p, "..") || !(piece->high_text = take_number(p, &piece->high)) ||
        (**p != ']' && **p != ')')) {
        return refuse(error, "not an interval; write \"[1..5]\", or \"(1..5)\" without the ends");
    }
    piece->high_in = **p == ']';
    take(p, piece->high_in ? "]" : ")");
    return piece->low < piece->high || (piece->low == piece->high && piece->low_in && piece->high_in) ||
           refuse(error, "an interval in which no number lies; the smaller end comes first");
}

static gboolean take_number_piece(const char **p, PackPiece *piece, GError **error)
{
    piece->kind = PACK_PIECE_RANGE;
    piece->low = -INFINITY;
    piece->high = INFINITY;
    if (**p == '>' || (**p == '<' && (*p)[1] != '>')) {
        return take_comparison(p, piece, error);
    }
    if (**p == '[' || **p == '(') {
        return take_interval(p, piece, error);
    }
    take(p, "=");
    piece->text = take_number(p, &piece->low);
    piece->high_text = g_strdup(piece->text);
    piece->high = piece->low;
    piece->low_in = piece->high_in = TRUE;
    return piece->text ||
           refuse(error, "not a cell for a number; write -, null, 5, \">= 100\", \"[1..5]\", or \"not 3\"");
}

static gboolean take_text_piece(const char **p, PackPiece *piece, GError **error)
{
    if (take(p, "@")) {
        const char *start = *p;
        while (**p && **p != ',' && **p != ' ') {
            ++*p;
        }
        piece->kind = PACK_PIECE_LIST;
        piece->text = g_strndup(start, *p - start);
        skip(p);
        return TRUE;
    }
    take(p, "=");
    piece->kind = PACK_PIECE_TEXT;
    piece->text = take_quoted(p);
    return piece->text ||
           refuse(error, "not a cell for a text; write -, null, \"'A', 'B'\", \"not 'A'\" or \"@list\"");
}

static gboolean take_bool_piece(const char **p, PackPiece *piece, GError **error)
{
    piece->kind = PACK_PIECE_BOOL;
    piece->truth = take_word(p, "true");
    return piece->truth || take_word(p, "false") ||
           refuse(error, "not a cell for yes or no; write -, null, true or false");
}

static gboolean take_piece(PackCell *cell, const char **p, RuleType type, GError **error)
{
    PackPiece piece = { .kind = PACK_PIECE_NULL };
    gboolean ok = TRUE;
    if (!take_word(p, "null")) {
        ok = type == RULE_TEXT   ? take_text_piece(p, &piece, error)
             : type == RULE_BOOL ? take_bool_piece(p, &piece, error)
                                 : take_number_piece(p, &piece, error);
    }
    g_array_append_val(cell->pieces, piece);
    return ok;
}

static gboolean has_null(const PackCell *cell)
{
    for (guint i = 0; i < cell->pieces->len; i++) {
        if (g_array_index(cell->pieces, PackPiece, i).kind == PACK_PIECE_NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean parse_text(PackCell *cell, const char *p, RuleType type, GError **error)
{
    skip(&p);
    if (strcmp(p, "-") == 0) {
        cell->any = TRUE;
        return TRUE;
    }
    cell->negated = take_word(&p, "not") || take(&p, "<>") || take(&p, "!=");
    do {
        if (!take_piece(cell, &p, type, error)) {
            return FALSE;
        }
    } while (take(&p, ","));
    if (*p) {
        return refuse(error, "more stands here than one cell can say; part values with commas");
    }
    if (cell->negated && has_null(cell) && cell->pieces->len > 1) {
        return refuse(error, "`not` never takes an empty value; leave null out");
    }
    return TRUE;
}

PackCell *pack_cell_parse(const json_t *value, RuleType type, GError **error)
{
    g_autoptr(PackCell) cell = cell_new();
    g_autofree char *text = json_is_string(value) ? g_strdup(json_string_value(value))
                            : json_is_integer(value)
                                ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
                            : json_is_real(value)  ? g_strdup_printf("%.15g", json_real_value(value))
                            : json_is_true(value)  ? g_strdup("true")
                            : json_is_false(value) ? g_strdup("false")
                                                   : g_strdup("null");
    return parse_text(cell, text, type, error) ? g_steal_pointer(&cell) : NULL;
}

/* ---- writing ---- */
static void put_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '\'');
    for (; *text; text++) {
        g_string_append_printf(out, *text == '\'' ? "''" : "%c", *text);
    }
    g_string_append_c(out, '\'');
}

static void put_range(GString *out, const char *input, const PackPiece *piece)
{
    if (piece->text && piece->high_text && piece->low == piece->high) {
        g_string_append_printf(out, "%s = %s", input, piece->text);
        return;
    }
    if (piece->text) {
        g_string_append_printf(out, "%s %s %s", input, piece->low_in ? ">=" : ">", piece->text);
    }
    if (piece->high_text) {
        g_string_append_printf(out, "%s%s %s %s", piece->text ? " AND " : "", input,
                               piece->high_in ? "<=" : "<", piece->high_text);
    }
}

static void put_piece(GString *out, const char *input, const PackPiece *piece)
{
    switch (piece->kind) {
    case PACK_PIECE_NULL:
        g_string_append_printf(out, "%s IS NULL", input);
        break;
    case PACK_PIECE_RANGE:
        put_range(out, input, piece);
        break;
    case PACK_PIECE_TEXT:
        g_string_append_printf(out, "%s = ", input);
        put_quoted(out, piece->text);
        break;
    case PACK_PIECE_BOOL:
        g_string_append_printf(out, "%s = %s", input, piece->truth ? "true" : "false");
        break;
    case PACK_PIECE_LIST:
        g_string_append_printf(out, "%s IN (@%s)", input, piece->text);
        break;
    }
}

void pack_cell_condition(const PackCell *cell, const char *input, GString *out)
{
    if (cell->any) {
        return;
    }
    g_string_append(out, out->len ? " AND " : "");
    g_string_append(out, cell->negated ? "NOT (" : "(");
    for (guint i = 0; i < cell->pieces->len; i++) {
        g_string_append(out, i ? " OR " : "");
        put_piece(out, input, &g_array_index(cell->pieces, PackPiece, i));
    }
    g_string_append_c(out, ')');
}
