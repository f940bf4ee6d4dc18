/* text.h - bytes from offices become UTF-8: which encoding it is, and turning it.
 *
 * Order of evidence: byte-order mark; UTF-16 without one by its zero bytes; valid UTF-8; GB18030; Big5.
 * GB18030 and Big5 overlap: the one whose characters are commoner (GB2312 level 1 against Big5 level 1) wins.
 */
#pragma once
#include <glib.h>

typedef enum {
    BASE_TEXT_UTF8,
    BASE_TEXT_GB18030,
    BASE_TEXT_UTF16LE,
    BASE_TEXT_UTF16BE,
    BASE_TEXT_BIG5
} BaseEncoding;

const char *base_encoding_name(BaseEncoding encoding); /* as iconv(3) and people write it */
/* FALSE for an unknown name. "auto" is not a name here. */
gboolean base_encoding_parse(const char *name, BaseEncoding *out);
/* Reads at most the first 64 KiB; `bom` (may be NULL) gets the bytes of the mark to skip. */
BaseEncoding base_encoding_guess(const guint8 *bytes, gsize length, gsize *bom);
/* UTF-8 text with a NUL at its end, or NULL when a byte does not belong; `at` (may be NULL) gets its offset.
 * A NUL inside is refused too. Caller frees. */
char *base_text_decode(const guint8 *bytes, gsize length, BaseEncoding encoding, gsize *out_length,
                       gsize *at);
gboolean base_text_is_utf8(const char *bytes, gsize length); /* strict: no surrogates, no overlong, no NUL */
/* Characters to insert, drop or change to make b of a (both UTF-8): for "did you mean". Wagner and Fischer
 * (1974), one row kept; O(length of a x length of b). */
gsize base_text_edits(const char *a, const char *b);
