/* day.c - a day of signals as a table: when, from whom, where, about what, as the script says. */
#include "city/day.h"
#include "base/csv.h"
#include <math.h>
#include <string.h>

#define OPENS (8 * BASE_HOUR + 30 * BASE_MINUTE) /* offices */
#define SHUTS (17 * BASE_HOUR + 30 * BASE_MINUTE)

/* clang-format off */
/* Relative load by hour: little at night, two peaks. */
static const guint8 hours[24] = { 22, 16, 12, 9, 8, 12, 26, 48, 68, 76, 74, 70, 62, 60, 64, 68, 72, 82, 88, 80, 70, 60, 46, 32 };
/* clang-format on */

static gint64 draw_instant(BaseChance *chance, gint64 midnight, gboolean office)
{
    guint total = 0, hour = 0;
    if (office) return midnight + OPENS + (gint64)base_chance_below(chance, SHUTS - OPENS);
    for (int i = 0; i < 24; i++)
        total += hours[i];
    guint drawn = (guint)base_chance_below(chance, total);
    while (drawn >= hours[hour])
        drawn -= hours[hour++];
    return midnight + hour * BASE_HOUR + (gint64)base_chance_below(chance, BASE_HOUR);
}

typedef struct {
    gint64 at;
    char *line;
} Row;

static int by_time(gconstpointer a, gconstpointer b)
{
    const Row *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->line, y->line);
}

static void row_clear(gpointer row)
{
    g_free(((Row *)row)->line);
}

typedef struct {
    const World *world;
    const ScriptSignals *signals;
    BaseChance chance;
    GArray *rows;
    guint64 running;
} Drawing;

typedef struct {
    BasePoint at;
    int area;
    char address[96];
} Where;

static Where draw_where(Drawing *d)
{
    Where where;
    world_place(d->world, &d->chance, &where.at, &where.area, where.address);
    return where;
}

static void add_row(Drawing *d, gint64 at, const char *channel, const ScriptMatter *matter, const char *text,
                    const Where *where)
{
    char name[32], phone[12], when[17], number[2][G_ASCII_DTOSTR_BUF_SIZE];
    world_person(&d->chance, name, phone);
    base_time_write(at, BASE_CHINA_OFFSET, when);
    g_autofree char *full_time = g_strdup_printf("%s:%02d", when, (int)(at / 1000 % 60));
    const char *fields[SCRIPT_COLUMNS] = {
        full_time,
        channel,
        name,
        phone,
        matter->category,
        where->address,
        g_ascii_formatd(number[0], sizeof number[0], "%.6f", where->at.lat),
        g_ascii_formatd(number[1], sizeof number[1], "%.6f", where->at.lon),
        world_area_id(where->area),
        text,
    };
    g_autoptr(GString) line = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        base_csv_write_field(line, fields[i], i == 0);
    d->running++;
    for (guint i = 0; i < d->signals->columns->len; i++) {
        g_autofree char *said = script_say(script_column(d->signals, matter, i), &d->chance, d->running);
        base_csv_write_field(line, said, FALSE);
    }
    Row row = { at, g_strdup(line->str) };
    g_array_append_val(d->rows, row);
}

static void add_matter(Drawing *d, gint64 midnight)
{
    const ScriptMatter *matters = (const ScriptMatter *)d->signals->matters->data;
    const ScriptChannel *channels = (const ScriptChannel *)d->signals->channels->data;
    const ScriptMatter *matter =
        &matters[script_pick(&d->chance, &matters->weight, d->signals->matters->len, sizeof *matters)];
    const char *text = matter->texts->pdata[base_chance_below(&d->chance, matter->texts->len)];
    const char *channel =
        channels[script_pick(&d->chance, &channels->weight, d->signals->channels->len, sizeof *channels)]
            .name;
    gint64 at = draw_instant(&d->chance, midnight, d->signals->office);
    const Where where = draw_where(d);
    add_row(d, at, channel, matter, text, &where);
}

/* Many see one thing: signals within minutes, a few hundred metres apart. */
static void add_storm(Drawing *d, gint64 midnight, const ScriptStorm *storm)
{
    const ScriptMatter matter = { .category = storm->category };
    const Where middle = draw_where(d);
    gint64 start = midnight + storm->at_min * BASE_MINUTE;
    for (guint i = 0; i < storm->signals; i++) {
        Where seen = middle;
        seen.at.lat += (base_chance_unit(&d->chance) - 0.5) * 0.004;
        seen.at.lon += (base_chance_unit(&d->chance) - 0.5) * 0.004;
        add_row(d, start + (gint64)base_chance_below(&d->chance, storm->within_min * BASE_MINUTE),
                storm->channel, &matter, storm->text, &seen);
    }
}

static char *table_of(const Drawing *d)
{
    GString *table = g_string_new(NULL);
    for (gsize i = 0; i < SCRIPT_COLUMNS; i++)
        base_csv_write_field(table, script_columns[i], i == 0);
    for (guint i = 0; i < d->signals->columns->len; i++)
        base_csv_write_field(table, g_array_index(d->signals->columns, ScriptValue, i).name, FALSE);
    g_string_append_c(table, '\n');
    g_array_sort(d->rows, by_time);
    for (guint i = 0; i < d->rows->len; i++)
        g_string_append_printf(table, "%s\n", g_array_index(d->rows, Row, i).line);
    return g_string_free(table, FALSE);
}

gboolean day_is_open(const Script *script, gint64 midnight)
{
    if (!script_signals(script)->office) return TRUE;
    static const BaseShift shift = { OPENS / BASE_MINUTE, SHUTS / BASE_MINUTE };
    g_autoptr(BaseCalendar) office = base_calendar_new("office", &shift, 1, BASE_CHINA_OFFSET);
    return base_calendar_works(office, midnight);
}

char *day_table(const World *world, const Script *script, gint64 midnight, double signals, gboolean storms,
                guint64 seed)
{
    Drawing d = { .world = world,
                  .signals = script_signals(script),
                  .chance = base_chance_seeded(seed * 2654435761u + g_str_hash(pack_id(script_pack(script)))),
                  .rows = g_array_new(FALSE, FALSE, sizeof(Row)),
                  .running = (guint64)(midnight / BASE_DAY) * SCRIPT_MOST };
    g_array_set_clear_func(d.rows, row_clear);
    const double wanted = day_is_open(script, midnight) ? signals : 0;
    guint n = (guint)wanted + (base_chance_unit(&d.chance) < wanted - floor(wanted));
    for (guint i = 0; i < n; i++)
        add_matter(&d, midnight);
    for (guint i = 0; storms && i < d.signals->storms->len; i++)
        add_storm(&d, midnight, &g_array_index(d.signals->storms, ScriptStorm, i));
    char *table = table_of(&d);
    g_array_unref(d.rows);
    return table;
}
