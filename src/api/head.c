/* head.c - the strict reading of a request's head. Grammar: RFC 9112, 2.1-6.3; where it lets a server choose,
 * refuse. */
#include "api/head.h"
#include <string.h>

enum {
    START,
    START_LF,
    METHOD,
    TARGET,
    VERSION,
    LINE_LF,
    LINE,
    NAME,
    BLANK,
    VALUE,
    VALUE_LF,
    END_LF,
    SOUND,
    BAD
};

static const char version_text[] = "HTTP/1.";

static gboolean is_token(guchar c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static int bad(HeadScan *s, const char *why)
{
    s->why = why;
    return BAD;
}

static const char *length_fault(HeadScan *s, const char *value)
{
    gsize digits = strspn(value, "0123456789");
    if (s->lengths++) return "Content-Length is given twice";
    if (digits == 0 || value[digits]) return "Content-Length is no number";
    return digits > 18 ? "Content-Length is too large" : NULL;
}

static const char *host_fault(HeadScan *s, const char *value)
{
    if (s->hosts++) return "Host is given twice";
    gsize good = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]");
    return value[good] || good == 0 ? "Host is no host name" : NULL;
}

static const char *coding_fault(HeadScan *s, const char *value)
{
    if (s->codings++) return "Transfer-Encoding is given twice";
    return strcmp(value, "chunked") ? "Transfer-Encoding is not chunked" : NULL;
}

/* `name` and `value` in lower case, the value without blanks around it. */
static const char *field_fault(HeadScan *s, const char *name, const char *value)
{
    const char *fault = NULL;
    if (!strcmp(name, "content-length"))
        fault = length_fault(s, value);
    else if (!strcmp(name, "transfer-encoding"))
        fault = s->http_1_0 ? "Transfer-Encoding in HTTP/1.0" : coding_fault(s, value);
    else if (!strcmp(name, "host"))
        fault = host_fault(s, value);
    if (!fault && s->lengths && s->codings) fault = "Content-Length and Transfer-Encoding together";
    return fault;
}

const char *head_end(const HeadScan *s)
{
    return !s->http_1_0 && !s->hosts ? "Host is missing" : NULL;
}

const char *head_field(HeadScan *s, const char *name, const char *value)
{
    if (++s->fields > HEAD_FIELDS) return "too many fields";
    for (const char *c = value; *c; c++)
        if (((guchar)*c < 0x20 && *c != '\t') || *c == 0x7f) return "control character in a field";
    g_autofree char *low_name = g_ascii_strdown(name, -1);
    g_autofree char *low_value = g_strstrip(g_ascii_strdown(value, -1));
    return field_fault(s, low_name, low_value);
}

static int end_of_field(HeadScan *s)
{
    while (s->n_value && (s->value[s->n_value - 1] == ' ' || s->value[s->n_value - 1] == '\t'))
        s->n_value--;
    s->value[s->n_value] = '\0';
    s->name[s->n_name] = '\0';
    const char *fault = field_fault(s, s->name, s->value);
    return fault ? bad(s, fault) : VALUE_LF;
}

static int end_of_head(HeadScan *s)
{
    const char *fault = head_end(s);
    return fault ? bad(s, fault) : SOUND;
}

static int in_request_line(HeadScan *s, guchar c)
{
    switch (s->state) {
    case START:
        if (c == '\r' && s->at == 0)
            return START_LF; /* one empty line before a request is lawful (RFC 9112, 2.2) */
        s->in = 0;
        return is_token(c) ? METHOD : bad(s, "no method");
    case START_LF:
        return c == '\n' ? START : bad(s, "CR without LF");
    case METHOD:
        if (c == ' ') return s->in = 0, TARGET;
        return is_token(c) && ++s->in < 24 ? METHOD : bad(s, "no method");
    case TARGET:
        if (c == ' ') return s->in ? (s->in = 0, VERSION) : bad(s, "no target");
        s->in++;
        return c > 0x20 && c < 0x7f ? TARGET : bad(s, "target holds a character that must be escaped");
    default: /* VERSION */
        if (s->in < sizeof version_text - 1)
            return c == (guchar)version_text[s->in++] ? VERSION
                                                      : bad(s, "version is not HTTP/1.0 or HTTP/1.1");
        if (s->in++ == sizeof version_text - 1) {
            s->http_1_0 = c == '0';
            return c == '0' || c == '1' ? VERSION : bad(s, "version is not HTTP/1.0 or HTTP/1.1");
        }
        return c == '\r' ? LINE_LF : bad(s, "version is not HTTP/1.0 or HTTP/1.1");
    }
}

static void keep_name(HeadScan *s, guchar c)
{
    if (s->n_name < sizeof s->name - 1) s->name[s->n_name++] = g_ascii_tolower((gchar)c);
}

/* A value too long for the buffer is no lawful Host, length or coding: it keeps its last place for a sign of
 * that. */
static int in_value(HeadScan *s, guchar c)
{
    if (c == '\r') return end_of_field(s);
    if ((c < 0x20 && c != '\t') || c == 0x7f) return bad(s, "control character in a field");
    if (s->n_value < sizeof s->value - 2)
        s->value[s->n_value++] = g_ascii_tolower((gchar)c);
    else if (c != ' ' && c != '\t')
        s->value[sizeof s->value - 2] = '?', s->n_value = sizeof s->value - 1;
    return VALUE;
}

static int in_fields(HeadScan *s, guchar c)
{
    switch (s->state) {
    case LINE:
        if (c == '\r') return END_LF;
        if (++s->fields > HEAD_FIELDS) return bad(s, "too many fields");
        s->n_name = s->n_value = 0;
        keep_name(s, c);
        return is_token(c) ? NAME : bad(s, "a field's name begins with a character it may not hold");
    case NAME:
        if (c == ':') return BLANK;
        keep_name(s, c);
        return is_token(c) ? NAME : bad(s, "a field's name holds a character it may not");
    case BLANK:
        return c == ' ' || c == '\t' ? BLANK : in_value(s, c);
    default:
        return in_value(s, c);
    }
}

static int step(HeadScan *s, guchar c)
{
    switch (s->state) {
    case LINE_LF:
    case VALUE_LF:
        return c == '\n' ? LINE : bad(s, "CR without LF");
    case END_LF:
        return c == '\n' ? end_of_head(s) : bad(s, "CR without LF");
    case LINE:
    case NAME:
    case BLANK:
    case VALUE:
        return in_fields(s, c);
    default:
        return in_request_line(s, c);
    }
}

HeadVerdict head_scan(HeadScan *s, const char *bytes, gsize n)
{
    while (s->state != BAD && s->state != SOUND && s->at < n) {
        if (s->at == HEAD_BYTES) {
            s->why = "head is too large";
            return HEAD_LARGE;
        }
        s->state = step(s, (guchar)bytes[s->at]);
        s->at++;
    }
    return s->state == BAD ? HEAD_BAD : s->state == SOUND ? HEAD_SOUND : HEAD_MORE;
}
