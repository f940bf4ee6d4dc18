/* recur.c - the rule's text is checked here part by part, so that only what RFC 5545 allows reaches libical,
 * which works out the dates. */
#include "base/recur.h"
#include <libical/ical.h>
#include <string.h>

struct BaseRecur {
    struct icalrecurrencetype rule;
    struct icaltimetype start;
    gint32 first_day, last_day; /* no date of the rule before, or beyond */
    int weeks;                  /* WEEKLY: every so many; else 1 */
    int count;                  /* 0: no limit */
    int minute;
    BaseMove move;
    const BaseCalendar *calendar;
    gint64 utc_offset;
};

/* ---- the text ---- */

typedef enum {
    FREQ,
    INTERVAL,
    COUNT,
    UNTIL,
    BYMONTH,
    BYWEEKNO,
    BYYEARDAY,
    BYMONTHDAY,
    BYDAY,
    BYSETPOS,
    N_PARTS
} Part;
typedef enum { DAILY, WEEKLY, MONTHLY, YEARLY } Freq;

static const struct {
    const char *name;
    int most;      /* of a number; 0: no number */
    gboolean list; /* several, and from -most too */
} parts[N_PARTS] = {
    [FREQ] = { "FREQ", 0, FALSE },
    [INTERVAL] = { "INTERVAL", 999, FALSE },
    [COUNT] = { "COUNT", BASE_RECUR_MAX_COUNT, FALSE },
    [UNTIL] = { "UNTIL", 0, FALSE },
    [BYMONTH] = { "BYMONTH", 12, TRUE },
    [BYWEEKNO] = { "BYWEEKNO", 53, TRUE },
    [BYYEARDAY] = { "BYYEARDAY", 366, TRUE },
    [BYMONTHDAY] = { "BYMONTHDAY", 31, TRUE },
    [BYDAY] = { "BYDAY", 0, TRUE },
    [BYSETPOS] = { "BYSETPOS", 366, TRUE },
};

typedef struct {
    const char *rule, *at; /* where a refusal points */
    gboolean has[N_PARTS];
    Freq freq;
    gboolean nth; /* a BYDAY with a number */
    gint32 until;
} Reading;

static gboolean refuse(const Reading *r, GError **error, const char *what)
{
    g_set_error(error, BASE_RECUR_ERROR, 0, "column %d: %s", (int)(r->at - r->rule) + 1, what);
    return FALSE;
}

static gboolean take_part(Reading *r, Part *part, GError **error)
{
    const char *equals = strchr(r->at, '=');
    for (int i = 0; equals && i < N_PARTS; i++)
        if (strlen(parts[i].name) == (gsize)(equals - r->at) &&
            strncmp(parts[i].name, r->at, strlen(parts[i].name)) == 0) {
            if (r->has[i]) return refuse(r, error, "this part stands twice");
            r->has[i] = TRUE;
            *part = (Part)i;
            r->at = equals + 1;
            return TRUE;
        }
    return refuse(r, error,
                  "wants FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY or "
                  "BYSETPOS, and =; the time of day is told apart");
}

/* Digits with an optional sign; steps over them. */
static gboolean take_number(Reading *r, gboolean sign, int most, GError **error)
{
    const char *p = r->at;
    gboolean negative = sign && *p == '-';
    if (sign && (*p == '-' || *p == '+')) p++;
    int value = 0, n = 0;
    for (; g_ascii_isdigit(*p) && n < 5; p++, n++)
        value = value * 10 + *p - '0';
    if (n == 0 || n > 4 || value < 1 || value > most || (negative && !sign)) {
        g_autofree char *what = g_strdup_printf(sign ? "wants a number from 1 to %d, or from -%d to -1"
                                                     : "wants a number from 1 to %d",
                                                most, most);
        return refuse(r, error, what);
    }
    r->at = p;
    return TRUE;
}

static gboolean take_weekday(Reading *r, GError **error)
{
    static const char *const days[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
        if (g_str_has_prefix(r->at, days[i])) {
            r->at += 2;
            return TRUE;
        }
    return refuse(r, error, "wants a weekday: MO, TU, WE, TH, FR, SA or SU");
}

static gboolean take_freq(Reading *r, GError **error)
{
    static const char *const words[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(r->at, words[i])) {
            r->freq = (Freq)i;
            r->at += strlen(words[i]);
            return TRUE;
        }
    return refuse(r, error,
                  "wants DAILY, WEEKLY, MONTHLY or YEARLY; nothing comes more often than once a day");
}

static gboolean take_until(Reading *r, GError **error)
{
    char date[11];
    if (strspn(r->at, "0123456789") < 8) return refuse(r, error, "wants a date like 20271231");
    g_snprintf(date, sizeof date, "%.4s-%.2s-%.2s", r->at, r->at + 4, r->at + 6);
    if (!base_day_parse(date, &r->until)) return refuse(r, error, "wants a date like 20271231");
    r->at += 8;
    return TRUE;
}

static gboolean take_item(Reading *r, Part part, GError **error)
{
    if (part == FREQ) return take_freq(r, error);
    if (part == UNTIL) return take_until(r, error);
    if (parts[part].most) return take_number(r, parts[part].list && part != BYMONTH, parts[part].most, error);
    if (part == BYDAY && (g_ascii_isdigit(*r->at) || *r->at == '+' || *r->at == '-')) {
        r->nth = TRUE;
        if (!take_number(r, TRUE, 53, error)) return FALSE;
    }
    return take_weekday(r, error);
}

static gboolean take_value(Reading *r, Part part, GError **error)
{
    if (!take_item(r, part, error)) return FALSE;
    while (parts[part].list && *r->at == ',') {
        r->at++;
        if (!take_item(r, part, error)) return FALSE;
    }
    return TRUE;
}

/* What RFC 5545 3.3.10 says of parts together. It has BYMONTHDAY with DAILY too, which is MONTHLY said
 * otherwise, and which libical 3.0.16 gets wrong from the month's end. */
static gboolean sound_together(Reading *r, GError **error)
{
    static const struct {
        Part part;
        guint with; /* bit of each Freq that may have it */
        const char *what;
    } rules[] = {
        { BYWEEKNO, 1 << YEARLY, "BYWEEKNO goes with FREQ=YEARLY only" },
        { BYYEARDAY, 1 << YEARLY, "BYYEARDAY goes with FREQ=YEARLY only" },
        { BYMONTHDAY, 1 << MONTHLY | 1 << YEARLY, "BYMONTHDAY goes with FREQ=MONTHLY or YEARLY only" },
    };
    r->at = r->rule;
    if (!r->has[FREQ]) return refuse(r, error, "FREQ is missing");
    if (r->has[COUNT] && r->has[UNTIL]) return refuse(r, error, "COUNT and UNTIL do not go together");
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        if (r->has[rules[i].part] && !(rules[i].with >> r->freq & 1)) return refuse(r, error, rules[i].what);
    if (r->nth && (r->freq < MONTHLY || r->has[BYWEEKNO]))
        return refuse(r, error, "a numbered weekday (2MO) goes with MONTHLY, or YEARLY without BYWEEKNO");
    gboolean by =
        r->has[BYMONTH] || r->has[BYWEEKNO] || r->has[BYYEARDAY] || r->has[BYMONTHDAY] || r->has[BYDAY];
    return !r->has[BYSETPOS] || by ||
           refuse(r, error, "BYSETPOS chooses among days that another BY part gives");
}

static gboolean check_text(Reading *r, GError **error)
{
    if (strlen(r->rule) > BASE_RECUR_MAX_RULE) return refuse(r, error, "a rule has at most 200 bytes");
    for (;;) {
        Part part;
        if (!take_part(r, &part, error) || !take_value(r, part, error)) return FALSE;
        if (!*r->at) break;
        if (*r->at != ';') return refuse(r, error, "wants ; or the end here");
        r->at++;
    }
    return sound_together(r, error);
}

/* ---- making ---- */

static struct icaltimetype ical_day(gint32 day)
{
    struct icaltimetype t = { .is_date = 1 };
    base_day_split(day, &t.year, &t.month, &t.day);
    return t;
}

BaseRecur *base_recur_new(const BaseRecurDef *def, GError **error)
{
    Reading r = { .rule = def->rule, .at = def->rule, .until = base_day_of(BASE_DAYS_LAST_YEAR, 12, 31) };
    if (!check_text(&r, error)) return NULL;
    g_autoptr(BaseRecur) recur = g_new0(BaseRecur, 1);
    recur->rule = icalrecurrencetype_from_string(def->rule);
    r.at = r.rule;
    if (recur->rule.freq == ICAL_NO_RECURRENCE) {
        refuse(&r, error, "no recurrence rule of RFC 5545");
        return NULL;
    }
    /* libical 3.0.16 loses the Sunday of a week that began before it (INTERVAL=2;BYDAY=SU): it gives every
     * week, and weeks, which begin on Monday, and dates are counted here. */
    recur->start = ical_day(def->from);
    recur->weeks = r.freq == WEEKLY ? recur->rule.interval : 1;
    if (r.freq == WEEKLY) recur->rule.interval = 1;
    recur->first_day = def->from;
    recur->count = recur->rule.count;
    recur->rule.count = 0;
    recur->last_day = def->until ? MIN(def->until, r.until) : r.until;
    recur->rule.until = ical_day(recur->last_day);
    recur->minute = def->minute;
    recur->calendar = def->calendar;
    recur->utc_offset = def->utc_offset;
    recur->move = BASE_MOVE_KEEP; /* whether it gives a day does not hang on the calendar, which may change */
    BaseOccurrence first;
    if (!base_recur_next(recur, NULL, &first)) {
        refuse(&r, error,
               "the rule gives no day from its beginning to its end; mend it, or `from` and `until`");
        return NULL;
    }
    recur->move = def->move;
    return g_steal_pointer(&recur);
}

void base_recur_free(BaseRecur *recur)
{
    g_free(recur);
}

/* ---- occurrences ---- */

static gint64 midnight(const BaseRecur *recur, gint32 day)
{
    return day * BASE_DAY - recur->utc_offset;
}

static gboolean works(const BaseRecur *recur, gint32 day)
{
    return base_calendar_works(recur->calendar, midnight(recur, day));
}

/* FALSE: left out. A calendar rests for weeks at most, but one may be all closed. */
static gboolean moved(const BaseRecur *recur, gint32 date, gint32 *day)
{
    int step = recur->move == BASE_MOVE_NEXT ? 1 : -1;
    *day = date;
    if (recur->move == BASE_MOVE_KEEP || works(recur, date)) return TRUE;
    if (recur->move == BASE_MOVE_SKIP) return FALSE;
    for (int i = 0; i < 366 && *day > 0; i++)
        if (works(recur, *day += step)) return TRUE;
    return FALSE;
}

static gboolean step(const BaseRecur *recur, icalrecur_iterator *each, gint32 *date)
{
    struct icaltimetype t = icalrecur_iterator_next(each);
    if (icaltime_is_null_time(t) || t.year > BASE_DAYS_LAST_YEAR) return FALSE;
    *date = base_day_of(t.year, t.month, t.day);
    return *date <= recur->last_day;
}

static gint32 week_of(gint32 day)
{
    return (day + 3) / 7; /* from Monday to Sunday */
}

/* From the first date each time: libical 3.0.16 loses dates when it is told to begin later. */
void base_recur_walk(const BaseRecur *recur, const BaseOccurrence *last, BaseRecurEach each, gpointer data)
{
    icalrecur_iterator *dates = icalrecur_iterator_new(recur->rule, recur->start);
    if (!dates) return;
    gint32 date, day = 0, after = last ? last->date : G_MININT32, later = last ? last->day : G_MININT32;
    gboolean go_on = TRUE;
    for (int n = 0; go_on && (!recur->count || n < recur->count) && step(recur, dates, &date);) {
        if (date < recur->first_day || (week_of(date) - week_of(recur->first_day)) % recur->weeks) continue;
        n++;
        if (date <= after || !moved(recur, date, &day) || day <= later) continue;
        later = day;
        const BaseOccurrence o = { date, day, midnight(recur, day) + recur->minute * BASE_MINUTE };
        go_on = each(&o, data);
    }
    icalrecur_iterator_free(dates);
}

typedef struct {
    gint64 after;
    gboolean found;
    BaseOccurrence at;
} First;

static gboolean is_first(const BaseOccurrence *o, gpointer data)
{
    First *first = data;
    first->found = o->at > first->after;
    first->at = *o;
    return !first->found;
}

static gboolean first_after(const BaseRecur *recur, const BaseOccurrence *last, gint64 t, BaseOccurrence *out)
{
    First first = { .after = t };
    base_recur_walk(recur, last, is_first, &first);
    if (first.found) *out = first.at;
    return first.found;
}

gboolean base_recur_next(const BaseRecur *recur, const BaseOccurrence *last, BaseOccurrence *out)
{
    return first_after(recur, last, G_MININT64, out);
}

gboolean base_recur_after(const BaseRecur *recur, gint64 t, BaseOccurrence *out)
{
    return first_after(recur, NULL, t, out);
}
