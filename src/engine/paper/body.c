/* body.c - reads a template line by line, and writes it with the values of fields.
 *
 * A line is cut into its pieces twice, when it is read (and refused) and when it is written; what a value
 * holds is never read as a mark: cells are split before values come in. */
#include <string.h>
#include "engine/paper/body.h"

typedef enum { LINE_HEADING, LINE_TEXT, LINE_RULE, LINE_ROW, LINE_HEAD_MARK, LINE_IF, LINE_END } LineKind;
typedef enum { PIECE_NONE, PIECE_TEXT, PIECE_FIELD, PIECE_IF, PIECE_UNLESS, PIECE_END, PIECE_BAD } PieceKind;

typedef struct {
    LineKind kind;
    int level;
    PaperKind text_kind;
    char *text;      /* without its mark; of LINE_IF the field */
    gboolean unless; /* of LINE_IF */
    char **cells;    /* of LINE_ROW and LINE_HEAD_MARK */
} Line;

struct PaperBody {
    GArray *lines, *places;
    GPtrArray *names; /* of places */
};

typedef struct {
    PieceKind kind;
    const char *start; /* of a text; of the others the name */
    gsize length;
} Piece;

typedef struct {
    PaperBody *body;
    const char *raw; /* the line as it was written */
    guint number;
    const char *open[PAPER_BODY_DEPTH]; /* conditions over whole lines */
    guint depth;
    gsize columns; /* of the table we are in, 0: none */
    guint row;
    GError **error;
} Reading;

static void clear_line(gpointer data)
{
    Line *line = data;
    g_free(line->text);
    g_strfreev(line->cells);
}

void paper_body_free(PaperBody *body)
{
    if (!body) return;
    g_array_unref(body->lines);
    g_array_unref(body->places);
    g_ptr_array_unref(body->names);
    g_free(body);
}

/* ---- pieces of a line ---- */
static Piece brace(const char **at)
{
    const char *start = *at + 1, *end = start;
    PieceKind kind = *start == '?'   ? PIECE_IF
                     : *start == '!' ? PIECE_UNLESS
                     : *start == '/' ? PIECE_END
                                     : PIECE_FIELD;
    if (kind != PIECE_FIELD) end = ++start;
    while (g_ascii_islower(*end) || *end == '_' || (end > start && g_ascii_isdigit(*end)))
        end++;
    if (end == start || *end != '}' || end - start > 64) return (Piece){ PIECE_BAD, *at, 1 };
    *at = end + 1;
    return (Piece){ kind, start, (gsize)(end - start) };
}

static Piece next_piece(const char **at)
{
    const char *start = *at;
    if (!*start) return (Piece){ PIECE_NONE, start, 0 };
    if (*start == '{' || *start == '}') {
        if (start[1] == *start) {
            *at += 2;
            return (Piece){ PIECE_TEXT, start, 1 };
        }
        return *start == '{' ? brace(at) : (Piece){ PIECE_BAD, start, 1 };
    }
    *at += strcspn(start, "{}");
    return (Piece){ PIECE_TEXT, start, (gsize)(*at - start) };
}

/* ---- reading ---- */
static gboolean refuse(Reading *r, const char *at, const char *what)
{
    g_set_error(r->error, PAPER_ERROR, PAPER_ERROR_TEMPLATE, "line %u, column %ld: %s", r->number,
                at ? g_utf8_pointer_to_offset(r->raw, at) + 1 : 1, what);
    return FALSE;
}

static const char *note_place(Reading *r, const Piece *piece)
{
    char *id = g_strndup(piece->start, piece->length);
    const PaperPlace place = { id, r->number, (guint)g_utf8_pointer_to_offset(r->raw, piece->start) + 1 };
    g_ptr_array_add(r->body->names, id);
    g_array_append_val(r->body->places, place);
    return id;
}

static gboolean same(const char *name, const Piece *piece)
{
    return strlen(name) == piece->length && strncmp(name, piece->start, piece->length) == 0;
}

/* The pieces of one line (within r->raw): conditions opened in it are closed in it. */
static gboolean check_pieces(Reading *r, const char *text)
{
    const char *open[PAPER_BODY_DEPTH];
    guint depth = 0;
    for (const char *at = text;;) {
        Piece piece = next_piece(&at);
        if (piece.kind == PIECE_NONE)
            return depth == 0 || refuse(r, NULL, "a condition is not closed in its line; add {/field}");
        if (piece.kind == PIECE_BAD)
            return refuse(r, piece.start, "not a place; write {field}, {?field} or, for a brace, {{ or }}");
        if (piece.kind == PIECE_END) {
            if (depth == 0 || !same(open[depth - 1], &piece))
                return refuse(r, piece.start, "closes what is not open; the last one opened is closed first");
            depth--;
        } else if (piece.kind != PIECE_TEXT) {
            const char *id = note_place(r, &piece);
            if (piece.kind != PIECE_FIELD && depth == PAPER_BODY_DEPTH)
                return refuse(r, piece.start, "conditions within conditions more than 8 deep");
            if (piece.kind != PIECE_FIELD) open[depth++] = id;
        }
    }
}

static void add(Reading *r, Line line)
{
    if (line.kind != LINE_ROW && line.kind != LINE_HEAD_MARK && line.kind != LINE_IF && line.kind != LINE_END)
        r->columns = 0;
    g_array_append_val(r->body->lines, line);
}

/* A condition alone on its line; FALSE in `taken` when the line is no such thing. */
static gboolean take_condition(Reading *r, const char *text, gboolean *taken)
{
    const char *at = text;
    Piece piece = next_piece(&at);
    *taken = !*at && (piece.kind == PIECE_IF || piece.kind == PIECE_UNLESS || piece.kind == PIECE_END);
    if (!*taken) return TRUE;
    if (piece.kind == PIECE_END) {
        if (r->depth == 0 || !same(r->open[r->depth - 1], &piece))
            return refuse(r, piece.start, "closes what is not open; the last one opened is closed first");
        r->depth--;
        add(r, (Line){ .kind = LINE_END });
        return TRUE;
    }
    if (r->depth == PAPER_BODY_DEPTH)
        return refuse(r, piece.start, "conditions within conditions more than 8 deep");
    r->open[r->depth] = note_place(r, &piece);
    add(r,
        (Line){ .kind = LINE_IF, .unless = piece.kind == PIECE_UNLESS, .text = g_strdup(r->open[r->depth]) });
    r->depth++;
    return TRUE;
}

static gboolean is_head_mark(char **cells)
{
    for (char **cell = cells; *cell; cell++)
        if (!**cell || strspn(*cell, "-:") != strlen(*cell) || !strchr(*cell, '-')) return FALSE;
    return TRUE;
}

static gboolean take_row(Reading *r, const char *text)
{
    gsize length = strlen(text);
    if (length < 2 || text[length - 1] != '|') return refuse(r, NULL, "a row of a table ends with |; add it");
    if (!check_pieces(r, text)) return FALSE;
    g_autofree char *inner = g_strndup(text + 1, length - 2);
    g_auto(GStrv) cells = g_strsplit(inner, "|", PAPER_MAX_COLUMNS + 1);
    gsize n = g_strv_length(cells);
    for (gsize i = 0; i < n; i++) {
        const guint before = r->body->places->len;
        Reading cell = {
            .body = r->body, .raw = g_strstrip(cells[i]), .number = r->number, .error = r->error
        };
        if (!check_pieces(&cell, cells[i])) /* a condition from one cell to the next */
            return FALSE;
        g_array_set_size(r->body->places, before); /* noted already, with their places in the line */
    }
    r->row = r->columns ? r->row + 1 : 1;
    if (n < 1 || n > PAPER_MAX_COLUMNS || (r->columns && r->columns != n))
        return refuse(r, NULL, "the rows of a table have the same number of cells, 24 at most");
    r->columns = n;
    gboolean mark = r->row == 2 && is_head_mark(cells);
    add(r, (Line){ .kind = mark ? LINE_HEAD_MARK : LINE_ROW, .cells = g_steal_pointer(&cells) });
    return TRUE;
}

static gboolean take_line(Reading *r, const char *text)
{
    static const struct {
        const char *mark;
        LineKind kind;
        int level;
        PaperKind text_kind;
    } marks[] = { { "### ", LINE_HEADING, 3, 0 },      { "## ", LINE_HEADING, 2, 0 },
                  { "# ", LINE_HEADING, 1, 0 },        { "< ", LINE_TEXT, 0, PAPER_LEFT },
                  { "> ", LINE_TEXT, 0, PAPER_RIGHT }, { "^ ", LINE_TEXT, 0, PAPER_CENTRE },
                  { "; ", LINE_TEXT, 0, PAPER_NOTE },  { "", LINE_TEXT, 0, PAPER_BODY } };
    gboolean taken = FALSE;
    if (!take_condition(r, text, &taken)) return FALSE;
    if (taken) return TRUE;
    if (strcmp(text, "---") == 0) {
        add(r, (Line){ .kind = LINE_RULE });
        return TRUE;
    }
    if (*text == '|') return take_row(r, text);
    gsize i = 0;
    while (!g_str_has_prefix(text, marks[i].mark))
        i++;
    text += strlen(marks[i].mark);
    if (!check_pieces(r, text)) return FALSE;
    add(r, (Line){ marks[i].kind, marks[i].level, marks[i].text_kind, g_strdup(text), FALSE, NULL });
    return TRUE;
}

static gboolean take_lines(Reading *r, char **lines)
{
    for (; *lines; lines++) {
        r->number++;
        r->raw = g_strchomp(*lines);
        const char *text = r->raw + strspn(r->raw, " \t");
        if (!*text)
            r->columns = 0;
        else if (!take_line(r, text))
            return FALSE;
    }
    return r->depth == 0 || refuse(r, NULL, "a condition is not closed; add {/field} on a line of its own");
}

PaperBody *paper_body_parse(const char *text, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(PaperBody) body = g_new0(PaperBody, 1);
    body->lines = g_array_new(FALSE, TRUE, sizeof(Line));
    g_array_set_clear_func(body->lines, clear_line);
    body->places = g_array_new(FALSE, TRUE, sizeof(PaperPlace));
    body->names = g_ptr_array_new_with_free_func(g_free);
    Reading r = { .body = body, .raw = "", .error = &why };
    if (strlen(text) > PAPER_BODY_BYTES || !g_utf8_validate(text, -1, NULL)) {
        g_set_error(error, PAPER_ERROR, PAPER_ERROR_TEMPLATE,
                    "line 1, column 1: not UTF-8, or longer than 64 KiB");
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (take_lines(&r, lines)) return g_steal_pointer(&body);
    g_propagate_error(error, g_steal_pointer(&why));
    return NULL;
}

const PaperPlace *paper_body_places(const PaperBody *body, gsize *n)
{
    *n = body->places->len;
    return (const PaperPlace *)body->places->data;
}

/* ---- writing ---- */
typedef struct {
    PaperLook look;
    gpointer data;
    PaperDoc *doc;
    GString *text;    /* instead of a document */
    GPtrArray *cells; /* of the table being gathered */
    const Line *mark; /* its head's mark, or NULL */
    gsize columns, rows;
} Writing;

static gboolean has(const Writing *w, const char *field)
{
    const char *value = w->look(field, w->data);
    return value && *value;
}

static char *fill(const Writing *w, const char *text)
{
    GString *out = g_string_new(NULL);
    guint depth = 0, hidden = 0; /* hidden: depth of the outermost condition that does not hold, 0: none */
    for (const char *at = text;;) {
        Piece piece = next_piece(&at);
        if (piece.kind == PIECE_NONE) return g_string_free(out, FALSE);
        if (piece.kind == PIECE_TEXT) {
            if (!hidden) g_string_append_len(out, piece.start, (gssize)piece.length);
            continue;
        }
        g_autofree char *field = g_strndup(piece.start, piece.length);
        if (piece.kind == PIECE_END) {
            if (hidden == depth--) hidden = 0;
        } else if (piece.kind == PIECE_FIELD) {
            if (!hidden && has(w, field)) g_string_append(out, w->look(field, w->data));
        } else {
            depth++;
            if (!hidden && has(w, field) != (piece.kind == PIECE_IF)) hidden = depth;
        }
    }
}

static PaperKind align_of(const char *mark)
{
    gboolean left = *mark == ':', right = g_str_has_suffix(mark, ":");
    return left && right ? PAPER_CENTRE : right ? PAPER_RIGHT : PAPER_LEFT;
}

static void end_table(Writing *w)
{
    PaperColumn columns[PAPER_MAX_COLUMNS];
    if (!w->columns) return;
    for (gsize i = 0; i < w->columns; i++) {
        const char *mark = w->mark ? w->mark->cells[i] : "-";
        columns[i] = (PaperColumn){ w->mark && w->rows ? w->cells->pdata[i] : NULL, (double)strlen(mark),
                                    align_of(mark) };
    }
    gsize head = w->mark && w->rows ? 1 : 0;
    paper_table(w->doc, columns, w->columns, (const char *const *)w->cells->pdata + head * w->columns,
                w->rows - head);
    g_ptr_array_set_size(w->cells, 0);
    w->mark = NULL;
    w->columns = w->rows = 0;
}

static void gather(Writing *w, const Line *line)
{
    w->columns = g_strv_length(line->cells);
    if (line->kind == LINE_HEAD_MARK) {
        w->mark = line;
        return;
    }
    for (gsize i = 0; i < w->columns; i++)
        g_ptr_array_add(w->cells, fill(w, line->cells[i]));
    w->rows++;
}

static void write_line(Writing *w, const Line *line)
{
    if (line->kind == LINE_ROW || line->kind == LINE_HEAD_MARK) {
        if (w->columns && w->columns != g_strv_length(line->cells)) end_table(w);
        gather(w, line);
        return;
    }
    end_table(w);
    g_autofree char *text = line->text ? fill(w, line->text) : NULL;
    if (line->kind == LINE_HEADING)
        paper_heading(w->doc, line->level, text);
    else if (line->kind == LINE_RULE)
        paper_rule(w->doc);
    else if (text && *text) /* a paragraph of which nothing holds leaves no gap */
        paper_text(w->doc, line->text_kind, text);
}

static void say_line(Writing *w, const Line *line)
{
    const gsize before = w->text->len;
    for (char **cell = line->cells; line->kind == LINE_ROW && *cell; cell++) {
        g_autofree char *value = fill(w, *cell);
        g_string_append_printf(w->text, "%s%s", cell == line->cells ? "" : " | ", value);
    }
    g_autofree char *text = line->text ? fill(w, line->text) : NULL;
    if (text) g_string_append(w->text, text);
    if (w->text->len > before) g_string_append_c(w->text, '\n');
}

/* Every line that is not left out by a condition. */
static void walk(const PaperBody *body, Writing *w, void (*put)(Writing *w, const Line *line))
{
    guint depth = 0, hidden = 0;
    for (guint i = 0; i < body->lines->len; i++) {
        const Line *line = &g_array_index(body->lines, Line, i);
        if (line->kind == LINE_IF) {
            depth++;
            if (!hidden && has(w, line->text) == line->unless) hidden = depth;
        } else if (line->kind == LINE_END) {
            if (hidden == depth--) hidden = 0;
        } else if (!hidden)
            put(w, line);
    }
}

void paper_body_write(const PaperBody *body, PaperLook look, gpointer data, PaperDoc *doc)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    Writing w = { .look = look, .data = data, .doc = doc, .cells = cells };
    walk(body, &w, write_line);
    end_table(&w);
}

char *paper_body_text(const PaperBody *body, PaperLook look, gpointer data)
{
    Writing w = { .look = look, .data = data, .text = g_string_new(NULL) };
    walk(body, &w, say_line);
    return g_string_free(w.text, FALSE);
}
