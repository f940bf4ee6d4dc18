/* edition.c - the text of an edition: all figures of a report at one position of the ledger, with what they
 * mean. A pure function of the cells, the pack's version and the last edition, so that it can be made again.
 */
#include "loop/measure/edition.h"
#include "loop/measure/book.h"
#include <math.h>

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void put_text(json_t *object, const char *key, const char *text)
{
    if (text) put(object, key, json_string(text));
}

static json_t *object_of_titles(const char *zh, const char *en)
{
    json_t *object = json_object();
    put_text(object, "title_zh", zh);
    put_text(object, "title_en", en);
    return object;
}

/* ---- what the figures mean ---- */

static json_t *exclusions(const PackIndicator *p)
{
    json_t *list = json_array();
    for (gsize i = 0; i < p->n_excluded; i++) {
        json_t *one = json_object();
        put_text(one, "id", p->excluded[i].id);
        put_text(one, "when", p->excluded[i].when);
        put_text(one, "reason_zh", p->excluded[i].reason_zh);
        put_text(one, "reason_en", p->excluded[i].reason_en);
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *parts(const Pack *pack, const Indicator *indicator)
{
    gsize n;
    const IndicatorPart *part = indicator_parts(indicator, &n);
    json_t *list = json_array();
    for (gsize i = 0; i < n; i++) {
        json_t *one = json_object();
        put_text(one, "of", pack_indicator_at(pack, part[i].of)->id);
        put(one, "weight", json_real(part[i].weight));
        put(one, "full", json_real(part[i].full));
        put(one, "zero", json_real(part[i].zero));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *definition(const Pack *pack, const PackIndicator *p)
{
    json_t *d = object_of_titles(p->title_zh, p->title_en);
    IndicatorKind kind = indicator_kind(p->indicator);
    put_text(d, "id", p->id);
    put_text(d, "kind", indicator_kind_name(kind));
    put_text(d, "unit_zh", p->unit_zh);
    put_text(d, "unit_en", p->unit_en);
    put_text(d, "when", p->when);
    put_text(d, "num", p->num);
    put_text(d, "den", p->den);
    put_text(d, "expr", p->expr);
    if (kind == INDICATOR_PERCENTILE) put(d, "p", json_integer(indicator_percentile(p->indicator)));
    put_text(d, "empty", indicator_empty_is_zero(p->indicator) ? "zero" : "none");
    if (isfinite(p->target)) put(d, "target", json_real(p->target));
    put(d, "higher_is_better", json_boolean(p->higher_is_better));
    put(d, "excluded", exclusions(p));
    if (kind == INDICATOR_SCORE) put(d, "parts", parts(pack, p->indicator));
    return d;
}

static void mark(const Pack *pack, gsize i, gboolean *used)
{
    gsize n;
    const IndicatorUse *uses = indicator_uses(pack_indicator_at(pack, i)->indicator, &n);
    used[i] = TRUE;
    for (gsize k = 0; k < n; k++)
        mark(pack, uses[k].of, used);
}

static json_t *definitions(const Pack *pack, const PackReport *report)
{
    g_autofree gboolean *used = g_new0(gboolean, pack_indicators(pack) + 1);
    json_t *list = json_array();
    for (gsize s = 0; s < report->n_sections; s++)
        for (gsize i = 0; i < report->sections[s].n_indicators; i++)
            mark(pack, report->sections[s].indicators[i], used);
    for (gsize i = 0; i < pack_indicators(pack); i++)
        if (used[i]) json_array_append_new(list, definition(pack, pack_indicator_at(pack, i)));
    return list;
}

/* ---- figures ---- */

static gboolean put_value(json_t *v, const char *key, Book *book, gsize i, const char *period,
                          const char *group, GError **error)
{
    double value;
    gboolean has;
    if (!book_value(book, i, period, group, &has, &value, error)) return FALSE;
    if (has) put(v, key, json_real(value));
    return TRUE;
}

static void put_sum(json_t *v, const BookSum *sum)
{
    json_t *excluded = json_array();
    put(v, "num", json_integer(sum->sum.num));
    put(v, "den", json_integer(sum->sum.den));
    put(v, "left_out", json_integer(sum->sum.left_out));
    for (GTreeNode *at = g_tree_node_first(sum->out); at; at = g_tree_node_next(at)) {
        json_t *one = json_object();
        put_text(one, "id", g_tree_node_key(at));
        put(one, "n", json_integer(*(gint64 *)g_tree_node_value(at)));
        json_array_append_new(excluded, one);
    }
    put(v, "excluded", excluded);
}

static gboolean put_inputs(json_t *v, Book *book, gsize i, const char *period, const char *group,
                           GError **error)
{
    gsize n;
    const IndicatorUse *uses = indicator_uses(pack_indicator_at(book_pack(book), i)->indicator, &n);
    json_t *list = json_array();
    put(v, "inputs", list);
    for (gsize k = 0; k < n; k++) {
        char of[11];
        if (!pack_period_of(period, uses[k].shift, of)) continue;
        json_t *one = json_object();
        json_array_append_new(list, one);
        const BookSum *sum = book_sum(book, uses[k].of, of, group, error);
        put_text(one, "id", pack_indicator_at(book_pack(book), uses[k].of)->id);
        put_text(one, "period", of);
        if (!sum || !put_value(one, "value", book, uses[k].of, of, group, error)) return FALSE;
        put(one, "num", json_integer(sum->sum.num));
        put(one, "den", json_integer(sum->sum.den));
    }
    return TRUE;
}

static gboolean put_compared(json_t *v, const PackSection *section, Book *book, gsize i, const char *period,
                             const char *group, GError **error)
{
    char of[11];
    if (section->before && indicator_period_before(period, of) &&
        !put_value(v, "before", book, i, of, group, error))
        return FALSE;
    return !section->year_on_year || !indicator_year_before(period, of) ||
           put_value(v, "year_before", book, i, of, group, error);
}

static char *group_name(StoreConn *conn, const PackSection *section, const char *group)
{
    if (!section->by || !g_str_has_prefix(section->by, "org")) return NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, NULL, "SELECT name FROM org WHERE id = ?1", STORE_T(group));
    return rows && store_step(rows, NULL) ? g_strdup(store_text(rows, 0)) : NULL;
}

static gboolean add_values(json_t *list, StoreConn *conn, Book *book, const PackSection *section, gsize i,
                           const char *period, GError **error)
{
    g_autoptr(GPtrArray) groups = book_groups(book, i, period, error);
    for (guint k = 0; groups && k < groups->len; k++) {
        const char *group = groups->pdata[k];
        g_autofree char *name = group_name(conn, section, group);
        const BookSum *sum = book_sum(book, i, period, group, error);
        json_t *v = json_object();
        json_array_append_new(list, v);
        put_text(v, "id", pack_indicator_at(book_pack(book), i)->id);
        put_text(v, "group", group);
        put_text(v, "group_name", name);
        if (!sum) return FALSE;
        put_sum(v, sum);
        if (!put_value(v, "value", book, i, period, group, error) ||
            !put_inputs(v, book, i, period, group, error) ||
            !put_compared(v, section, book, i, period, group, error))
            return FALSE;
    }
    return groups != NULL;
}

/* ---- words: {opened}, {opened.year_on_year}, {period} ---- */

static void say_number(GString *out, const PackIndicator *p, double x)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    gboolean share = !g_strcmp0(p->unit_zh, "%"), whole = !share && x == floor(x) && fabs(x) < 1e15;
    g_string_append(out, g_ascii_formatd(text, sizeof text, whole ? "%.0f" : "%.1f", share ? x * 100 : x));
    if (share) g_string_append_c(out, '%');
}

/* The change since then as a share, with its sign. */
static void say_change(GString *out, double now, double then)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%+.1f", (now / then - 1) * 100));
    g_string_append_c(out, '%');
}

static gboolean say_place(GString *out, Book *book, const char *name, const char *period, GError **error)
{
    g_auto(GStrv) part = g_strsplit(name, ".", 2);
    int i = pack_indicator_find(book_pack(book), part[0]);
    double now = NAN, then = NAN;
    gboolean has_now, has_then = FALSE;
    char of[11];
    if (i < 0) { /* {period}: the pack's linter lets nothing else through */
        g_string_append(out, period);
        return TRUE;
    }
    const PackIndicator *p = pack_indicator_at(book_pack(book), (gsize)i);
    if (!book_value(book, (gsize)i, period, "", &has_now, &now, error)) return FALSE;
    gboolean before = part[1] && !strcmp(part[1], "before");
    gboolean there =
        part[1] && (before ? indicator_period_before(period, of) : indicator_year_before(period, of));
    if (there && !book_value(book, (gsize)i, of, "", &has_then, &then, error)) return FALSE;
    if (before && has_then)
        say_number(out, p, then);
    else if (part[1] && has_now && has_then && then != 0)
        say_change(out, now, then);
    else if (!part[1] && has_now)
        say_number(out, p, now);
    else
        g_string_append(out, "—");
    return TRUE;
}

static gboolean say(json_t *into, const char *key, const char *text, Book *book, const char *period,
                    GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = text; p && *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (!end) {
            g_string_append_c(out, *p++);
            continue;
        }
        g_autofree char *name = g_strndup(p + 1, (gsize)(end - p - 1));
        if (!say_place(out, book, name, period, error)) return FALSE;
        p = end + 1;
    }
    if (text) put_text(into, key, out->str);
    return TRUE;
}

/* ---- the whole ---- */

static gboolean add_section(json_t *list, StoreConn *conn, const EditionOf *of, const PackSection *section,
                            GError **error)
{
    BookBy by = BOOK_ALL;
    const char *period = of->period;
    book_by_parse(section->by, &by);
    g_autoptr(Book) book = book_new_at(conn, of->pack, by, of->past ? of->size : -1);
    g_autoptr(Book) whole = book_new_at(conn, of->pack, BOOK_ALL, of->past ? of->size : -1);
    json_t *out = object_of_titles(section->title_zh, section->title_en), *values = json_array();
    json_array_append_new(list, out);
    put(out, "values", values);
    put_text(out, "by", section->by ? section->by : "");
    put(out, "before", json_boolean(section->before));
    put(out, "year_on_year", json_boolean(section->year_on_year));
    for (gsize i = 0; i < section->n_indicators; i++)
        if (!add_values(values, conn, book, section, section->indicators[i], period, error)) return FALSE;
    return say(out, "text_zh", section->text_zh, whole, period, error) &&
           say(out, "text_en", section->text_en, whole, period, error);
}

static json_t *find_same(const json_t *sections, gsize s, const json_t *value)
{
    const json_t *values = json_object_get(json_array_get(sections, s), "values");
    for (gsize i = 0; i < json_array_size(values); i++) {
        json_t *one = json_array_get(values, i);
        if (json_equal(json_object_get(one, "id"), json_object_get(value, "id")) &&
            json_equal(json_object_get(one, "group"), json_object_get(value, "group")))
            return one;
    }
    return NULL;
}

static void add_differences(json_t *list, const json_t *from, const json_t *to, gboolean only_gone)
{
    for (gsize s = 0; s < json_array_size(from); s++) {
        const json_t *values = json_object_get(json_array_get(from, s), "values");
        for (gsize i = 0; i < json_array_size(values); i++) {
            json_t *value = json_array_get(values, i), *other = find_same(to, s, value);
            if (only_gone ? other != NULL : other && json_equal(value, other)) continue;
            json_t *one = json_object();
            put(one, "section", json_integer((json_int_t)s));
            json_object_set(one, "id", json_object_get(value, "id"));
            json_object_set(one, "group", json_object_get(value, "group"));
            if (other || only_gone) json_object_set(one, "was", only_gone ? value : other);
            if (!only_gone) json_object_set(one, "is", value);
            json_array_append_new(list, one);
        }
    }
}

json_t *edition_differences(const json_t *was, const json_t *is)
{
    json_t *list = json_array();
    add_differences(list, is, was, FALSE);
    add_differences(list, was, is, TRUE);
    return list;
}

/* The last edition, why this one is made, and every value that differs. */
static json_t *corrects(const EditionOf *of, const json_t *sections)
{
    json_t *c = json_object();
    json_object_set(c, "edition", json_object_get(of->last, "edition"));
    put_text(c, "why", of->why ? of->why : "");
    put(c, "differences", edition_differences(json_object_get(of->last, "sections"), sections));
    return c;
}

gboolean edition_same(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "sections"), json_object_get(b, "sections")) &&
           json_equal(json_object_get(a, "definitions"), json_object_get(b, "definitions")) &&
           json_equal(json_object_get(a, "ended"), json_object_get(b, "ended"));
}

json_t *edition_make(CaseRoom *room, StoreConn *conn, const EditionOf *of, GError **error)
{
    const PackReport *report = of->report;
    json_t *body = object_of_titles(report->title_zh, report->title_en), *sections = json_array();
    gint64 last = (gint64)json_integer_value(json_object_get(of->last, "edition"));
    put_text(body, "report", report->id);
    put_text(body, "pack", pack_id(of->pack));
    put_text(body, "pack_zh", pack_title(of->pack, "zh"));
    put_text(body, "pack_en", pack_title(of->pack, "en"));
    put_text(body, "version", pack_version(of->pack));
    put_text(body, "period", of->period);
    put(body, "edition", json_integer(last + 1));
    put(body, "size", json_integer(of->size));
    put(body, "ended", json_boolean(indicator_period_end(of->period, case_room_offset(room)) <= of->now));
    put(body, "sections", sections);
    for (gsize s = 0; s < report->n_sections; s++)
        if (!add_section(sections, conn, of, &report->sections[s], error)) {
            json_decref(body);
            return NULL;
        }
    put(body, "definitions", definitions(of->pack, report));
    if (of->last) put(body, "corrects", corrects(of, sections));
    return body;
}
