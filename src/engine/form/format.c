/* format.c - texts with a form of their own. Sources: RFC 3339 (date, time, date-time), RFC 5321 4.1.2
 * (email), RFC 3986 (uri), RFC 9562 (uuid), GB 11643-1999 (citizen identity number, check after ISO 7064 MOD
 * 11-2), GB 32100-2015 (unified social credit code). A check digit finds slips of the hand; it proves
 * nothing. */
#include "engine/form/form.h"
#include <string.h>

/* ---- dates and times ---- */
static int two(const char *t, int most) /* "09" up to `most`; -1 */
{
    if (!g_ascii_isdigit(t[0]) || !g_ascii_isdigit(t[1])) {
        return -1;
    }
    const int value = (t[0] - '0') * 10 + t[1] - '0';
    return value <= most ? value : -1;
}

static gboolean is_day(const char *t) /* "YYYY-MM-DD..." */
{
    static const guint8 lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (gsize i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? t[i] != '-' : !g_ascii_isdigit(t[i])) {
            return FALSE;
        }
    }
    const int y = two(t, 99) * 100 + two(t + 2, 99), m = two(t + 5, 12), d = two(t + 8, 31);
    const gboolean leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m >= 1 && m <= 12 && d >= 1 && d <= lengths[m - 1] + (m == 2 && leap);
}

static gboolean is_date(const char *t)
{
    return strlen(t) == 10 && is_day(t);
}

/* The minutes by which local time is ahead of UTC, from "Z" or "+08:00"; FALSE when it is neither. */
static gboolean offset_of(const char *t, int *minutes)
{
    if ((*t == 'Z' || *t == 'z') && !t[1]) {
        *minutes = 0;
        return TRUE;
    }
    if ((*t != '+' && *t != '-') || strlen(t) != 6 || t[3] != ':' || two(t + 1, 23) < 0 ||
        two(t + 4, 59) < 0) {
        return FALSE;
    }
    *minutes = (two(t + 1, 23) * 60 + two(t + 4, 59)) * (*t == '-' ? -1 : 1);
    return TRUE;
}

static gboolean is_time(const char *t)
{
    int offset;
    if (strlen(t) < 9 || t[2] != ':' || t[5] != ':') {
        return FALSE;
    }
    const int h = two(t, 23), m = two(t + 3, 59), s = two(t + 6, 60);
    const char *rest = t + 8;
    if (*rest == '.') {
        const gsize digits = strspn(rest + 1, "0123456789");
        rest += digits ? digits + 1 : 0;
    }
    if (h < 0 || m < 0 || s < 0 || !offset_of(rest, &offset)) {
        return FALSE;
    }
    /* a leap second ends the day of UTC, wherever one stands */
    return s < 60 || ((h * 60 + m - offset) % 1440 + 1440) % 1440 == 1439;
}

static gboolean is_date_time(const char *t)
{
    return strlen(t) >= 20 && is_day(t) && (t[10] == 'T' || t[10] == 't') && is_time(t + 11);
}

/* ---- addresses ---- */
static gboolean shaped(const char *text, const char *shape)
{
    return g_regex_match_simple(shape, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean is_email(const char *t)
{
    const char *at = strrchr(t, '@');
    if (!at || strlen(t) > 254 || at - t > 64) {
        return FALSE;
    }
    g_autofree char *local = g_strndup(t, at - t);
    return shaped(local, "^([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                         "|\"([ !#-\\[\\]-~]|\\\\[ -~])*\")$") &&
           shaped(at + 1, "^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}"
                          "[A-Za-z0-9])?)*|\\[((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!\\])|(?=\\]))){4}\\]"
                          "|\\[IPv6:[0-9A-Fa-f:.]+\\])$");
}

/* Brackets stand round an address of the host and nowhere else; one "#" at most. */
static gboolean is_uri(const char *t)
{
    return shaped(t, "^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$") &&
           !shaped(t, "#.*#") && !shaped(t, "^[^:]*:(//([^/?#@\\[]*@)?\\[[^/?#]*\\])?+.*[\\[\\]]") &&
           g_uri_is_valid(t, G_URI_FLAGS_NONE, NULL);
}

static gboolean is_uuid(const char *t)
{
    return shaped(t, "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$");
}

/* ---- Chinese numbers ---- */
static gboolean is_cn_id(const char *t)
{
    static const guint8 weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    char day[11];
    guint sum = 0;
    if (strlen(t) != 18 || strspn(t, "0123456789") < 17 || *t == '0') {
        return FALSE;
    }
    g_snprintf(day, sizeof day, "%.4s-%.2s-%.2s", t + 6, t + 10, t + 12);
    for (gsize i = 0; i < G_N_ELEMENTS(weight); i++) {
        sum += (guint)(t[i] - '0') * weight[i];
    }
    return is_day(day) && memcmp(day, "18", 2) >= 0 && t[17] == "10X98765432"[sum % 11];
}

/* Mobile (12x, which nobody has, is for invented people), fixed, and 400 or 800 numbers. */
static gboolean is_cn_phone(const char *t)
{
    return shaped(
        t,
        "^((\\+?86[ -]?)?1[2-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4})$");
}

static gboolean is_cn_uscc(const char *t)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    guint sum = 0, weight = 1;
    if (strlen(t) != 18 || strspn(t, alphabet) != 18 || strspn(t + 2, "0123456789") < 6) {
        return FALSE;
    }
    for (gsize i = 0; i < 17; i++, weight = weight * 3 % 31) {
        sum += (guint)(strchr(alphabet, t[i]) - alphabet) * weight;
    }
    return t[17] == alphabet[(31 - sum % 31) % 31];
}

static const struct {
    const char *name;
    gboolean (*holds)(const char *text);
} formats[] = {
    { "date", is_date },       { "date-time", is_date_time },
    { "time", is_time },       { "email", is_email },
    { "uri", is_uri },         { "uuid", is_uuid },
    { "cn-id", is_cn_id },     { "cn-phone", is_cn_phone },
    { "cn-uscc", is_cn_uscc },
};

gboolean form_format_known(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean form_format_holds(const char *name, const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return formats[i].holds(text);
        }
    }
    return TRUE;
}
