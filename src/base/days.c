/* days.c - rows in the order of their days; texts live as long as the set. */
#include "base/days.h"
#include "base/calendar.h"
#include "holidays.gen.h"
#include <string.h>

#define N_YEARS (BASE_DAYS_LAST_YEAR - BASE_DAYS_FIRST_YEAR + 1)
#define FIRST_NOTICE 2007 /* before, nothing is known and nothing is asked */
#define LEAST_OFF 7

struct BaseDays {
    gatomicrefcount held;
    GArray *rows; /* of BaseDay, by day and calendar */
    GStringChunk *texts;
    gboolean published[N_YEARS];
};

BaseDays *base_days_new(void)
{
    BaseDays *days = g_new0(BaseDays, 1);
    g_atomic_ref_count_init(&days->held);
    days->rows = g_array_new(FALSE, FALSE, sizeof(BaseDay));
    days->texts = g_string_chunk_new(256);
    return days;
}

BaseDays *base_days_ref(const BaseDays *days)
{
    BaseDays *held = (BaseDays *)days;
    g_atomic_ref_count_inc(&held->held);
    return held;
}

void base_days_unref(BaseDays *days)
{
    if (!days || !g_atomic_ref_count_dec(&days->held)) return;
    g_array_unref(days->rows);
    g_string_chunk_free(days->texts);
    g_free(days);
}

/* ---- rows ---- */

static BaseDay *row_at(const BaseDays *days, gsize i)
{
    return &g_array_index(days->rows, BaseDay, i);
}

/* Where the row stands, or would. */
static gboolean find(const BaseDays *days, gint32 day, const char *calendar, guint *at)
{
    guint low = 0, high = days->rows->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        const BaseDay *row = row_at(days, middle);
        int order = row->day != day ? (row->day < day ? -1 : 1) : g_strcmp0(row->calendar, calendar);
        if (order == 0) {
            *at = middle;
            return TRUE;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return FALSE;
}

static const char *keep(BaseDays *days, const char *text)
{
    return text ? g_string_chunk_insert_const(days->texts, text) : NULL;
}

void base_days_put(BaseDays *days, const BaseDay *row)
{
    guint at;
    BaseDay copy = *row;
    copy.calendar = keep(days, row->calendar);
    copy.name = keep(days, row->name ? row->name : "");
    if (find(days, row->day, row->calendar, &at))
        *row_at(days, at) = copy;
    else
        g_array_insert_val(days->rows, at, copy);
}

void base_days_publish(BaseDays *days, int year)
{
    g_assert(year >= BASE_DAYS_FIRST_YEAR && year <= BASE_DAYS_LAST_YEAR);
    for (guint i = days->rows->len; i > 0; i--)
        if (row_at(days, i - 1)->notice == year) g_array_remove_index(days->rows, i - 1);
    days->published[year - BASE_DAYS_FIRST_YEAR] = TRUE;
}

static void lay(BaseDays *days, const BaseDays *over)
{
    for (int i = 0; i < N_YEARS; i++)
        if (over->published[i]) base_days_publish(days, BASE_DAYS_FIRST_YEAR + i);
    for (guint i = 0; i < over->rows->len; i++)
        base_days_put(days, row_at(over, i));
}

BaseDays *base_days_over(const BaseDays *days, const BaseDays *over)
{
    BaseDays *both = base_days_new();
    lay(both, days);
    lay(both, over);
    return both;
}

static gpointer make_built_in(gpointer unused)
{
    (void)unused;
    BaseDays *days = base_days_new();
    for (int year = FIRST_NOTICE; year <= HOLIDAYS_LAST_YEAR; year++)
        base_days_publish(days, year);
    for (gsize i = 0; i < G_N_ELEMENTS(holidays); i++)
        base_days_put(days, &(BaseDay){ .day = holidays[i].day,
                                        .works = holidays[i].works,
                                        .notice = holidays[i].notice,
                                        .name = holidays[i].name });
    return days;
}

const BaseDays *base_days_built_in(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_built_in, NULL);
}

gsize base_days_size(const BaseDays *days)
{
    return days->rows->len;
}

BaseDay base_days_at(const BaseDays *days, gsize i)
{
    return *row_at(days, i);
}

gboolean base_days_published(const BaseDays *days, int year)
{
    return year >= BASE_DAYS_FIRST_YEAR && year <= BASE_DAYS_LAST_YEAR &&
           days->published[year - BASE_DAYS_FIRST_YEAR];
}

int base_days_last_published(const BaseDays *days)
{
    int year = FIRST_NOTICE;
    while (base_days_published(days, year))
        year++;
    return year - 1;
}

gboolean base_days_work(const BaseDays *days, const char *calendar, gint32 day)
{
    guint at;
    if (calendar && find(days, day, calendar, &at)) return row_at(days, at)->works;
    if (find(days, day, NULL, &at)) return row_at(days, at)->works;
    return (((day + 3) % 7) + 7) % 7 < 5; /* day 0 was a Thursday */
}

static void differ_in(GArray *out, const BaseDays *rows, const BaseDays *a, const BaseDays *b,
                      const char *calendar)
{
    for (guint i = 0; i < rows->rows->len; i++) {
        gint32 day = row_at(rows, i)->day;
        if (base_days_work(a, calendar, day) != base_days_work(b, calendar, day))
            g_array_append_val(out, day);
    }
}

static gint by_day(gconstpointer a, gconstpointer b)
{
    return *(const gint32 *)a - *(const gint32 *)b;
}

GArray *base_days_differ(const BaseDays *a, const BaseDays *b, const char *calendar)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gint32));
    differ_in(out, a, a, b, calendar);
    differ_in(out, b, a, b, calendar);
    g_array_sort(out, by_day);
    for (guint i = out->len; i > 1; i--)
        if (g_array_index(out, gint32, i - 1) == g_array_index(out, gint32, i - 2))
            g_array_remove_index(out, i - 1);
    return out;
}

/* ---- reading ---- */

typedef struct {
    BaseDays *days;
    int off[N_YEARS]; /* days off in a notice read here */
} Reader;

static gboolean refuse(GError **error, const char *where, const char *what)
{
    g_set_error(error, BASE_DAYS_ERROR, 0, "%s: %s", where, what);
    return FALSE;
}

static gboolean sound_row(Reader *r, const BaseDay *row, const char *where, GError **error)
{
    int year, month, day;
    guint at;
    base_day_split(row->day, &year, &month, &day);
    if (row->notice && (row->notice < year - 1 || row->notice > year + 1))
        return refuse(error, where, "the date lies more than a year from its notice; is the year right?");
    if (find(r->days, row->day, row->calendar, &at)) return refuse(error, where, "this day stands twice");
    if (row->notice && row->calendar)
        return refuse(error, where,
                      "a day of a notice is for every calendar; leave the year or the calendar empty");
    if (r->days->rows->len >= BASE_DAYS_MAX_ROWS) return refuse(error, where, "too many days in one file");
    if (!row->name || !*row->name || strlen(row->name) > 120)
        return refuse(error, where, "a day has a name, of at most 120 bytes, so that people know why");
    return TRUE;
}

static gboolean take_row(Reader *r, const BaseDay *row, const char *where, GError **error)
{
    if (!sound_row(r, row, where, error)) return FALSE;
    if (row->notice) {
        if (!base_days_published(r->days, row->notice)) base_days_publish(r->days, row->notice);
        r->off[row->notice - BASE_DAYS_FIRST_YEAR] += !row->works;
    }
    base_days_put(r->days, row);
    return TRUE;
}

static gboolean year_parse(const char *text, int *year)
{
    if (strlen(text) != 4 || strspn(text, "0123456789") != 4) return FALSE;
    *year = (int)g_ascii_strtoll(text, NULL, 10);
    return *year >= BASE_DAYS_FIRST_YEAR && *year <= BASE_DAYS_LAST_YEAR;
}

static gboolean kind_parse(const char *text, gboolean *works)
{
    *works = text && strcmp(text, "work") == 0;
    return *works || (text && strcmp(text, "off") == 0);
}

static gboolean read_line(Reader *r, char **cell, guint n, const char *where, GError **error)
{
    BaseDay row = { .name = n > 2 ? cell[2] : NULL };
    if (n < 3 || n > 5)
        return refuse(error, where,
                      "wants 3 to 5 columns with tabs: date, off or work, name, year, calendar");
    if (!base_day_parse(cell[0], &row.day)) return refuse(error, where, "the date is written 2027-02-06");
    if (!kind_parse(cell[1], &row.works)) return refuse(error, where, "the second column is off or work");
    if (n > 3 && *cell[3] && !year_parse(cell[3], &row.notice))
        return refuse(error, where, "the fourth column is the year of the notice, or empty");
    if (n > 4 && *cell[4]) row.calendar = cell[4];
    return take_row(r, &row, where, error);
}

static gboolean read_lines(Reader *r, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *where = g_strdup_printf("%u:1", i + 1);
        if (g_str_has_suffix(lines[i], "\r")) lines[i][strlen(lines[i]) - 1] = '\0';
        if (!*lines[i] || *lines[i] == '#') continue;
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", 7);
        if (!read_line(r, cells, g_strv_length(cells), where, error)) return FALSE;
    }
    return TRUE;
}

static gboolean read_year(Reader *r, const json_t *tree, GError **error)
{
    const json_t *list = json_object_get(tree, "days");
    gint64 year = json_integer_value(json_object_get(tree, "year"));
    if (year < BASE_DAYS_FIRST_YEAR || year > BASE_DAYS_LAST_YEAR || !json_is_array(list))
        return refuse(error, "1:1", "a year's file has \"year\" and \"days\", as those of holiday-cn");
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i), *off = json_object_get(item, "isOffDay");
        const char *date = json_string_value(json_object_get(item, "date"));
        g_autofree char *where = g_strdup_printf("days[%zu]", i);
        BaseDay row = { .works = json_is_false(off),
                        .notice = (int)year,
                        .name = json_string_value(json_object_get(item, "name")) };
        if (!date || !base_day_parse(date, &row.day))
            return refuse(error, where, "\"date\" is written \"2027-02-06\"");
        if (!json_is_boolean(off)) return refuse(error, where, "\"isOffDay\" is true or false");
        if (!take_row(r, &row, where, error)) return FALSE;
    }
    return json_array_size(list) > 0 ||
           refuse(error, "days", "the year has no days: its notice is not out yet");
}

static gboolean whole_notices(const Reader *r, GError **error)
{
    for (int i = 0; i < N_YEARS; i++) {
        if (!r->days->published[i] || r->off[i] >= LEAST_OFF) continue;
        g_set_error(
            error, BASE_DAYS_ERROR, 0,
            "the notice of %d would have only %d days off and replace the whole year; to amend single "
            "days leave the year empty",
            BASE_DAYS_FIRST_YEAR + i, r->off[i]);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_text(Reader *r, const char *text, gsize length, GError **error)
{
    const char *first = text + strspn(text, " \t\r\n");
    if (*first != '{') return read_lines(r, text, error);
    json_t *tree = base_json_parse(text, length, BASE_JSON_REQUEST, error);
    gboolean ok = tree && read_year(r, tree, error);
    json_decref(tree);
    return ok;
}

BaseDays *base_days_read(const char *text, gsize length, GError **error)
{
    if (length > BASE_DAYS_MAX_BYTES || !g_utf8_validate_len(text, length, NULL)) {
        refuse(error, "1:1", "a notice is UTF-8 text of at most 256 KiB");
        return NULL;
    }
    g_autofree char *ended = g_strndup(text, length);
    g_autoptr(BaseDays) days = base_days_new();
    Reader r = { .days = days };
    if (!read_text(&r, ended, length, error) || !whole_notices(&r, error)) return NULL;
    if (!days->rows->len) {
        refuse(error, "1:1", "there is no day in it");
        return NULL;
    }
    return g_steal_pointer(&days);
}

/* ---- the ledger's form ---- */

void base_days_write(const BaseDays *days, BaseJson *j)
{
    base_json_object(j);
    base_json_key(j, "years");
    base_json_array(j);
    for (int i = 0; i < N_YEARS; i++)
        if (days->published[i]) base_json_int(j, BASE_DAYS_FIRST_YEAR + i);
    base_json_end_array(j);
    base_json_key(j, "days");
    base_json_array(j);
    for (guint i = 0; i < days->rows->len; i++) {
        const BaseDay *row = row_at(days, i);
        char date[11];
        base_day_write(row->day, date);
        base_json_array(j);
        base_json_text(j, date);
        base_json_text(j, row->works ? "work" : "off");
        base_json_text(j, row->name);
        base_json_int(j, row->notice);
        base_json_text(j, row->calendar);
        base_json_end_array(j);
    }
    base_json_end_array(j);
    base_json_end_object(j);
}

static gboolean take_item(Reader *r, const json_t *item, const char *where, GError **error)
{
    const char *date = json_string_value(json_array_get(item, 0));
    BaseDay row = { .name = json_string_value(json_array_get(item, 2)),
                    .notice = (int)json_integer_value(json_array_get(item, 3)),
                    .calendar = json_string_value(json_array_get(item, 4)) };
    gboolean known =
        row.notice == 0 || (row.notice >= BASE_DAYS_FIRST_YEAR && row.notice <= BASE_DAYS_LAST_YEAR);
    if (!date || !base_day_parse(date, &row.day) || !known ||
        !kind_parse(json_string_value(json_array_get(item, 1)), &row.works))
        return refuse(error, where, "is no [date, off or work, name, year, calendar]");
    return take_row(r, &row, where, error);
}

BaseDays *base_days_take(const json_t *body, GError **error)
{
    g_autoptr(BaseDays) days = base_days_new();
    Reader r = { .days = days };
    const json_t *list = json_object_get(body, "days");
    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *where = g_strdup_printf("days[%zu]", i);
        if (!take_item(&r, json_array_get(list, i), where, error)) return NULL;
    }
    if (!whole_notices(&r, error)) return NULL;
    return g_steal_pointer(&days);
}

/* ---- dates ---- */

gboolean base_day_parse(const char *text, gint32 *day)
{
    gint64 t;
    char again[11];
    if (strlen(text) != 10 || !base_time_parse(text, 0, &t)) return FALSE;
    base_day_write((gint32)(t / BASE_DAY), again);
    if (t < 0 || strcmp(text, again) != 0) return FALSE;
    *day = (gint32)(t / BASE_DAY);
    return *day < base_day_of(BASE_DAYS_LAST_YEAR + 1, 1, 1);
}

void base_day_write(gint32 day, char out[11])
{
    char text[17];
    base_time_write(day * BASE_DAY, 0, text);
    memcpy(out, text, 10);
    out[10] = '\0';
}
