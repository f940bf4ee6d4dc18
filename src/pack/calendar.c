/* calendar.c - the calendars of clocks.yaml: office hours, seasons, days of their own. */
#include "pack/inside.h"
#include <string.h>

typedef struct { /* one calendar being read */
    PackMaking *m;
    const PackFile *file;
    const json_t *item;
    BaseShift shifts[BASE_MAX_SEASONS + 1][BASE_MAX_SHIFTS]; /* the usual ones first */
    BaseSeason seasons[BASE_MAX_SEASONS];
    GArray *own; /* of BaseDay */
} Reading;

static gboolean shift_parse(const char *text, BaseShift *out)
{
    static const char *const shape = "^[0-9]{1,2}:[0-5][0-9]-[0-9]{1,2}:[0-5][0-9]$";
    if (!text || !g_regex_match_simple(shape, text, G_REGEX_DOLLAR_ENDONLY, 0)) {
        return FALSE;
    }
    gint16 part[4];
    for (gsize i = 0; i < G_N_ELEMENTS(part); i++) {
        char *end;
        part[i] = (gint16)g_ascii_strtoull(text, &end, 10);
        text = end + 1;
    }
    *out = (BaseShift){ (gint16)(part[0] * 60 + part[1]), (gint16)(part[2] * 60 + part[3]) };
    return out->open_min < out->close_min && out->close_min <= 24 * 60;
}

static gboolean read_shifts(Reading *r, const json_t *in, BaseShift *shifts, gsize *n)
{
    const char *const *texts = pack_texts(r->m->pack, json_object_get(in, "shifts"));
    for (*n = 0; texts && texts[*n]; ++*n) {
        if (*n == BASE_MAX_SHIFTS || !shift_parse(texts[*n], &shifts[*n]) ||
            (*n && shifts[*n].open_min < shifts[*n - 1].close_min)) {
            pack_refuse(r->m->refusals, PACK_RULE(calendar, shift), PACK_AT_VALUE(r->file, in, "shifts"),
                        "shift %zu is not sound; at most %d like \"08:30-12:00\", in order, not overlapping",
                        *n + 1, BASE_MAX_SHIFTS);
            return FALSE;
        }
    }
    return TRUE;
}

/* "06-01" as 601; in a leap year, so that 02-29 is a date. */
static gboolean month_day(Reading *r, const json_t *in, const char *key, gint16 *out)
{
    const char *text = pack_text(in, key);
    g_autofree char *date = g_strconcat("2000-", text, NULL);
    gint32 day;
    int year, month, of_month;
    if (!base_day_parse(date, &day)) {
        pack_refuse(r->m->refusals, PACK_RULE(calendar, date), PACK_AT_VALUE(r->file, in, key),
                    "not a day of the year; write month-day, as \"06-01\"");
        return FALSE;
    }
    base_day_split(day, &year, &month, &of_month);
    *out = (gint16)(month * 100 + of_month);
    return TRUE;
}

static gboolean read_seasons(Reading *r, gsize *n)
{
    const json_t *list = json_object_get(r->item, "seasons");
    for (*n = 0; *n < json_array_size(list); ++*n) {
        const json_t *item = json_array_get(list, *n);
        BaseSeason *season = &r->seasons[*n];
        season->shifts = r->shifts[*n + 1];
        if (!month_day(r, item, "from", &season->from) || !month_day(r, item, "to", &season->to) ||
            !read_shifts(r, item, r->shifts[*n + 1], &season->n)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_day(Reading *r, const json_t *item)
{
    BaseDay day = { .works = strcmp(pack_text(item, "is"), "work") == 0 };
    if (!base_day_parse(pack_text(item, "date"), &day.day)) {
        pack_refuse(r->m->refusals, PACK_RULE(calendar, date), PACK_AT_VALUE(r->file, item, "date"),
                    "not a date from 1970 to 2099; write 2026-12-01");
        return FALSE;
    }
    for (guint i = 0; i < r->own->len; i++) {
        if (g_array_index(r->own, BaseDay, i).day == day.day) {
            pack_refuse(r->m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(r->file, item, "date"),
                        "this day stands twice; remove one");
            return FALSE;
        }
    }
    g_array_append_val(r->own, day);
    return TRUE;
}

static gboolean read_days(Reading *r)
{
    const json_t *list = json_object_get(r->item, "days");
    for (gsize i = 0; i < json_array_size(list); i++) {
        if (!read_day(r, json_array_get(list, i))) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean has_hours(Reading *r, gsize n_shifts)
{
    static const char *const only[] = { "seasons", "days" };
    for (gsize i = 0; i < G_N_ELEMENTS(only); i++) {
        if (!n_shifts && json_object_get(r->item, only[i])) {
            pack_refuse(r->m->refusals, PACK_RULE(calendar, hours), PACK_AT_KEY(r->file, r->item, only[i]),
                        "a calendar without shifts runs every hour of every day; give it shifts first");
            return FALSE;
        }
    }
    return TRUE;
}

static void compile_calendar(PackMaking *m, const PackFile *file, const char *id, const json_t *item)
{
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(BaseDay));
    Reading r = { .m = m, .file = file, .item = item, .own = own };
    BaseCalendarDef def = {
        .id = id, .shifts = r.shifts[0], .seasons = r.seasons, .utc_offset = m->pack->utc_offset
    };
    if (!read_shifts(&r, item, r.shifts[0], &def.n_shifts) || !has_hours(&r, def.n_shifts) ||
        !read_seasons(&r, &def.n_seasons) || !read_days(&r)) {
        return;
    }
    def.own = (const BaseDay *)own->data;
    def.n_own = own->len;
    g_hash_table_insert(m->pack->calendars, (char *)id, base_calendar_make(&def));
}

void pack_compile_calendars(PackMaking *m)
{
    const PackFile *file;
    const json_t *calendars = json_object_get(pack_tree(m, "clocks.yaml", &file), "calendars");
    const char *id;
    json_t *item;
    json_object_foreach((json_t *)calendars, id, item)
    {
        compile_calendar(m, file, id, item);
    }
}

const BaseCalendar *pack_calendar(const Pack *pack, const char *id)
{
    return g_hash_table_lookup(pack->calendars, id);
}

void pack_set_days(Pack *pack, const BaseDays *days)
{
    GHashTableIter each;
    gpointer calendar;
    g_hash_table_iter_init(&each, pack->calendars);
    while (g_hash_table_iter_next(&each, NULL, &calendar)) {
        base_calendar_set_days(calendar, days);
    }
}
