/* head.h - is this the head of a request that has one meaning only? A byte-by-byte reader of RFC 9112's
 * grammar in its strict form, for the first request of a connection, before the library sees it.
 *
 * Refused at the first wrong byte, without waiting for the rest: bare CR or LF, folded lines, space before
 * the colon, control characters, bytes over 0x7e in the request line, versions other than HTTP/1.0 and 1.1, a
 * repeated or malformed Content-Length, Transfer-Encoding other than "chunked", both of these together, no or
 * several or senseless Host, more than HEAD_FIELDS fields, more than HEAD_BYTES bytes. Threads: a HeadScan
 * belongs to one. Cost: O(1) a byte; every byte is read once however it arrives. */
#pragma once
#include <glib.h>

#define HEAD_BYTES 8192
#define HEAD_FIELDS 100

typedef enum { HEAD_MORE, HEAD_SOUND, HEAD_BAD, HEAD_LARGE } HeadVerdict;

typedef struct {
    int state;
    gsize at; /* bytes read so far */
    gsize in; /* bytes of the part being read */
    guint fields;
    guint8 hosts, lengths, codings; /* how often seen */
    gboolean http_1_0;
    char name[20], value[280]; /* lower-case name; value of the three fields above */
    guint n_name, n_value;
    const char *why; /* of HEAD_BAD and HEAD_LARGE */
} HeadScan;

/* Go on with `bytes`, which begin with the head's first byte and hold `n` of it: those before scan->at were
 * read. Start with a zeroed scan. After SOUND scan->at is the length of the head. */
HeadVerdict head_scan(HeadScan *scan, const char *bytes, gsize n);

/* The rules about single fields, for later requests of a connection, which the library has split into fields
 * already. NULL when sound, else why not. Counts go on in `scan`. */
const char *head_field(HeadScan *scan, const char *name, const char *value);
const char *head_end(const HeadScan *scan); /* what only the end can tell: is there a Host */
