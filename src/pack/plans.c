/* plans.c - plans.yaml: cases that open by themselves on the days of a rule. */
#include "base/json.h"
#include "pack/inside.h"
#include <string.h>

typedef struct { /* one plan being read */
    PackMaking *m;
    const PackFile *file;
    const json_t *item;
    PackPlan *plan;
    BaseRecurDef def;
} Reading;

static void refuse(Reading *r, const PackRule *rule, const char *key, const char *what)
{
    const PackSpot spot = json_object_get(r->item, key) ? PACK_AT_VALUE(r->file, r->item, key)
                                                        : PACK_AT_VALUE(r->file, r->item, "id");
    pack_refuse(r->m->refusals, rule, spot, "%s", what);
}

/* ---- its days ---- */

static void read_time(Reading *r)
{
    const char *text = pack_text(r->item, "at");
    if (!g_regex_match_simple("^([01][0-9]|2[0-3]):[0-5][0-9]$", text, G_REGEX_DOLLAR_ENDONLY, 0)) {
        refuse(r, PACK_RULE(plan, days), "at", "not a time of day; write it like \"09:00\"");
        return;
    }
    r->def.minute = (int)(g_ascii_strtoll(text, NULL, 10) * 60 + g_ascii_strtoll(text + 3, NULL, 10));
}

static void read_date(Reading *r, const char *key, gint32 *day)
{
    const char *text = pack_text(r->item, key);
    if (text && !base_day_parse(text, day))
        refuse(r, PACK_RULE(plan, days), key, "not a date; write 2026-12-01");
}

static gboolean has_rest_days(Reading *r, const char *calendar)
{
    const json_t *calendars = json_object_get(pack_tree(r->m, "clocks.yaml", NULL), "calendars");
    return json_object_get(json_object_get(calendars, calendar), "shifts") != NULL;
}

static void read_move(Reading *r)
{
    static const char *const moves[] = { "none", "next_workday", "previous_workday", "skip" };
    const char *id = pack_text(r->item, "calendar"), *move = pack_text(r->item, "move");
    r->def.calendar = id ? pack_calendar(r->m->pack, id) : NULL;
    r->def.move = r->def.calendar ? BASE_MOVE_NEXT : BASE_MOVE_KEEP;
    for (gsize i = 0; move && i < G_N_ELEMENTS(moves); i++)
        if (strcmp(moves[i], move) == 0) r->def.move = (BaseMove)i;
    if (id && !r->def.calendar)
        refuse(r, PACK_RULE(known, calendar), "calendar",
               "no such calendar in clocks.yaml; write it there, or name one that is");
    else if (!id && r->def.move != BASE_MOVE_KEEP)
        refuse(r, PACK_RULE(plan, calendar), "move",
               "which days are working days; name a `calendar` of clocks.yaml");
    else if (r->def.move != BASE_MOVE_KEEP && !has_rest_days(r, id))
        refuse(r, PACK_RULE(plan, calendar), "calendar",
               "this calendar has no shifts, so no rest days; name one that has, or move: none");
    if (!r->def.calendar) r->def.move = BASE_MOVE_KEEP;
    r->plan->moves = r->def.move != BASE_MOVE_KEEP;
}

static void read_grace(Reading *r)
{
    const char *text = pack_text(r->item, "grace");
    PackPlan *plan = r->plan;
    plan->calendar = r->def.calendar;
    plan->measure = BASE_MEASURE_NATURAL;
    plan->grace = BASE_DAY;
    if (text && !pack_budget_parse(text, &plan->measure, &plan->grace))
        refuse(r, PACK_RULE(plan, days), "grace",
               "not a time; write it like \"4 hour\", \"1 day\" or \"1 workday\"");
    else if (plan->measure != BASE_MEASURE_NATURAL && !plan->calendar)
        refuse(r, PACK_RULE(plan, calendar), "grace",
               "working time is counted on a calendar; name a `calendar` of clocks.yaml");
}

static void read_rule(Reading *r)
{
    g_autoptr(GError) error = NULL;
    const guint before = r->m->refusals->texts->len;
    r->def.rule = pack_text(r->item, "rule");
    r->def.utc_offset = r->m->pack->utc_offset;
    read_time(r);
    read_date(r, "from", &r->def.from);
    read_date(r, "until", &r->def.until);
    read_move(r);
    read_grace(r);
    if (r->m->refusals->texts->len != before) return;
    r->plan->recur = base_recur_new(&r->def, &error);
    if (!r->plan->recur) refuse(r, PACK_RULE(plan, rule), "rule", error->message);
}

/* What its days follow from: another rule is another row of days, another word is none. */
static char *digest(const json_t *item)
{
    static const char *const keys[] = { "rule", "at", "from", "until", "calendar", "move" };
    json_t *days = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (json_object_get(item, keys[i])) json_object_set(days, keys[i], json_object_get(item, keys[i]));
    g_autofree char *text = base_json_canonical(days);
    json_decref(days);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* ---- its signal ---- */

/* "{date}" and "{time}" are the day and time on which it comes. */
static char *fill(const Pack *pack, const char *text, const BaseOccurrence *o)
{
    char at[17];
    base_time_write(o->at, pack->utc_offset, at);
    g_autofree char *date = g_strndup(at, 10);
    g_autoptr(GString) out = g_string_new(text);
    g_string_replace(out, "{date}", date, 0);
    g_string_replace(out, "{time}", at + 11, 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean pack_plan_signal(const Pack *pack, const PackPlan *plan, const BaseOccurrence *o, PackSignal *out,
                          GError **error)
{
    json_t *data = json_object(), *value;
    const char *key;
    json_object_foreach(json_object_get(plan->item, "signal"), key, value)
    {
        g_autofree char *text = json_is_string(value) ? fill(pack, json_string_value(value), o) : NULL;
        json_object_set_new(data, key, text ? json_string(text) : json_incref(value));
    }
    const gboolean well = pack_map_json(pack, plan->mapping, data, o->at, out, error);
    json_decref(data);
    if (!well) return FALSE;
    g_free(out->ref);
    out->ref = g_malloc(11);
    base_day_write(o->date, out->ref);
    return TRUE;
}

static void sound_places(Reading *r, const json_t *signal, const char *key, const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
        if (!g_str_has_prefix(at, "{date}") && !g_str_has_prefix(at, "{time}")) {
            pack_refuse(r->m->refusals, PACK_RULE(known, place), PACK_AT_VALUE(r->file, signal, key),
                        "a place that is not known; {date} and {time} are");
            return;
        }
}

/* The plan stands in the pack for everybody to read. */
static void sound_keys(Reading *r, const json_t *signal)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)signal, key, value)
    {
        if (json_is_string(value)) sound_places(r, signal, key, json_string_value(value));
        if (pack_mapping_reads(r->plan->mapping, key) == PACK_READS_PRIVATE)
            pack_refuse(r->m->refusals, PACK_RULE(private, plan), PACK_AT_VALUE(r->file, signal, key),
                        "'%s' is read into a private field; a plan holds nobody's personal data", key);
    }
}

/* Tried on its first day, so that it fails here and not then. */
static void try_signal(Reading *r)
{
    BaseOccurrence first = { r->def.from, r->def.from,
                             r->def.from * BASE_DAY - r->def.utc_offset + r->def.minute * BASE_MINUTE };
    PackSignal signal = { 0 };
    g_autoptr(GError) error = NULL;
    if (!r->plan->recur) return;
    base_recur_next(r->plan->recur, NULL, &first); /* the calendar may leave out all */
    if (!pack_plan_signal(r->m->pack, r->plan, &first, &signal, &error)) {
        g_autofree char *what = g_strdup_printf("%s; bring what the mapping reads", error->message);
        refuse(r, PACK_RULE(plan, signal), "signal", what);
        return;
    }
    if (!*signal.org)
        refuse(r, PACK_RULE(plan, org), "signal",
               "nobody answers for its cases; the mapping or one of its decisions must set org");
    pack_signal_clear(&signal);
}

static void read_signal(Reading *r)
{
    r->plan->mapping = pack_mapping(r->m->pack, pack_text(r->item, "mapping"));
    if (!r->plan->mapping) {
        refuse(r, PACK_RULE(known, mapping), "mapping",
               "no such mapping in intake.yaml; write it there, or name one that is");
        return;
    }
    const guint before = r->m->refusals->texts->len;
    sound_keys(r, json_object_get(r->item, "signal"));
    if (r->m->refusals->texts->len == before) try_signal(r);
}

/* ---- the file ---- */

static void take_plan(PackMaking *m, const PackFile *file, const json_t *item)
{
    PackPlan *plan = g_new0(PackPlan, 1);
    Reading r = { .m = m, .file = file, .item = item, .plan = plan };
    const char *missed = pack_text(item, "missed");
    plan->id = pack_text(item, "id");
    plan->title_zh = pack_text(item, "zh");
    plan->title_en = pack_text(item, "en");
    plan->item = item;
    plan->note = missed && strcmp(missed, "note") == 0;
    plan->digest = digest(item);
    if (pack_plan(m->pack, plan->id))
        refuse(&r, PACK_RULE(name, twice), "id", "this plan stands twice; remove one");
    g_ptr_array_add(m->pack->plans, plan);
    read_rule(&r);
    read_signal(&r);
}

void pack_compile_plans(PackMaking *m)
{
    const PackFile *file;
    const json_t *items = json_object_get(pack_tree(m, "plans.yaml", &file), "plans");
    for (gsize i = 0; i < json_array_size(items); i++)
        take_plan(m, file, json_array_get(items, i));
}

void pack_plan_free(PackPlan *plan)
{
    base_recur_free(plan->recur);
    g_free(plan->digest);
    g_free(plan);
}

/* ---- asking ---- */

gsize pack_plans(const Pack *pack)
{
    return pack->plans->len;
}

const PackPlan *pack_plan_at(const Pack *pack, gsize i)
{
    return pack->plans->pdata[i];
}

const PackPlan *pack_plan(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->plans->len; i++)
        if (strcmp(pack_plan_at(pack, i)->id, id) == 0) return pack->plans->pdata[i];
    return NULL;
}

gint64 pack_plan_grace(const PackPlan *plan, gint64 at)
{
    return plan->measure == BASE_MEASURE_NATURAL
               ? at + plan->grace
               : base_calendar_after(plan->calendar, plan->measure, at, plan->grace, NULL);
}

/* The calendar's own day, as clocks.yaml has it; NULL: none. */
static const json_t *own_day(const Pack *pack, const char *calendar, gint32 day)
{
    const json_t *calendars = json_object_get(json_object_get(pack->whole, "clocks.yaml"), "calendars");
    const json_t *days = json_object_get(json_object_get(calendars, calendar), "days");
    char date[11];
    base_day_write(day, date);
    for (gsize i = 0; i < json_array_size(days); i++)
        if (strcmp(pack_text(json_array_get(days, i), "date"), date) == 0) return json_array_get(days, i);
    return NULL;
}

const char *pack_plan_rest(const Pack *pack, const PackPlan *plan, gint32 day, const BaseDays *days,
                           const char *lang)
{
    const gboolean zh = strcmp(lang, "zh") == 0;
    if (!plan->moves || base_calendar_works(plan->calendar, day * BASE_DAY - pack->utc_offset)) return NULL;
    const char *calendar = base_calendar_id(plan->calendar);
    const json_t *own = own_day(pack, calendar, day);
    if (own) return pack_text(own, zh ? "zh" : "en");
    for (gsize i = 0; i < base_days_size(days); i++) {
        const BaseDay row = base_days_at(days, i);
        if (row.day == day && !row.works && row.name && (!row.calendar || !strcmp(row.calendar, calendar)))
            return row.name;
    }
    return zh ? "周末" : "weekend";
}
