/* text.c - encodings of Chinese offices: found by evidence, turned by iconv(3). */
#include "base/text.h"
#include <string.h>

static const char *const names[] = { "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "BIG5" };

const char *base_encoding_name(BaseEncoding encoding)
{
    return names[encoding];
}

gboolean base_encoding_parse(const char *name, BaseEncoding *out)
{
    static const struct {
        const char *name;
        BaseEncoding encoding;
    } also[] = { { "UTF8", BASE_TEXT_UTF8 }, { "GBK", BASE_TEXT_GB18030 }, { "GB2312", BASE_TEXT_GB18030 } };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(name, names[i]) == 0) {
            *out = (BaseEncoding)i;
            return TRUE;
        }
    for (gsize i = 0; i < G_N_ELEMENTS(also); i++)
        if (g_ascii_strcasecmp(name, also[i].name) == 0) {
            *out = also[i].encoding;
            return TRUE;
        }
    return FALSE;
}

gboolean base_text_is_utf8(const char *bytes, gsize length)
{
    return length == 0 || g_utf8_validate_len(bytes, length, NULL);
}

/* Share of two-byte characters that are among the commoner half of the encoding (level 1), in percent; 0 when
 * the bytes do not fit the encoding at all. */
static int commonness(const guint8 *b, gsize n, gboolean big5)
{
    gsize pairs = 0, common = 0;
    for (gsize i = 0; i < n; i++) {
        if (b[i] < 0x80) continue;
        if (i + 1 >= n) break; /* cut by the sample */
        guint8 lead = b[i], trail = b[i + 1];
        if (!big5 && trail >= 0x30 && trail <= 0x39) { /* four bytes of GB18030 */
            i += 3;
            continue;
        }
        if (lead == 0x80 || lead == 0xff || trail < 0x40 || trail == 0x7f ||
            (big5 && trail > 0x7e && trail < 0xa1))
            return 0;
        gboolean punctuation = lead >= 0xa1 && lead <= 0xa3;
        pairs += !punctuation;
        if (big5)
            common += lead >= 0xa4 && lead <= 0xc6;
        else
            common += lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1;
        i++;
    }
    return pairs ? (int)(common * 100 / pairs) : 1;
}

/* UTF-16 without a mark: ASCII of it has a zero in every second byte. */
static gboolean zeros_at(const guint8 *b, gsize n, gsize odd)
{
    gsize zeros = 0, others = 0;
    for (gsize i = 0; i + 1 < n; i += 2) {
        zeros += b[i + odd] == 0;
        others += b[i + 1 - odd] == 0;
    }
    return zeros >= 3 && zeros * 10 >= n / 2 && others == 0;
}

BaseEncoding base_encoding_guess(const guint8 *bytes, gsize length, gsize *bom)
{
    gsize ignored;
    if (!bom) bom = &ignored;
    *bom = 0;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        *bom = 3;
        return BASE_TEXT_UTF8;
    }
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        *bom = 2;
        return bytes[0] == 0xff ? BASE_TEXT_UTF16LE : BASE_TEXT_UTF16BE;
    }
    gsize n = MIN(length, (gsize)64 << 10);
    if (zeros_at(bytes, n, 1)) return BASE_TEXT_UTF16LE;
    if (zeros_at(bytes, n, 0)) return BASE_TEXT_UTF16BE;
    const char *end = (const char *)bytes;
    if (n == 0 || g_utf8_validate_len((const char *)bytes, n, &end) || (const char *)bytes + n - end < 4)
        return BASE_TEXT_UTF8;
    int gb = commonness(bytes, n, FALSE), big5 = commonness(bytes, n, TRUE);
    if (gb == 0 && big5 == 0) return BASE_TEXT_UTF8; /* fits nothing: its rows will say so */
    return big5 > gb ? BASE_TEXT_BIG5 : BASE_TEXT_GB18030;
}

char *base_text_decode(const guint8 *bytes, gsize length, BaseEncoding encoding, gsize *out_length, gsize *at)
{
    gsize read = 0, written = 0;
    g_autofree char *text = NULL;
    if (encoding == BASE_TEXT_UTF8) {
        const char *end = (const char *)bytes;
        if (length == 0 || g_utf8_validate_len((const char *)bytes, length, &end)) {
            text = g_strndup((const char *)bytes, length);
            written = length;
        }
        read = (gsize)(end - (const char *)bytes);
    } else {
        text =
            g_convert((const char *)bytes, (gssize)length, "UTF-8", names[encoding], &read, &written, NULL);
        if (text && (read != length || memchr(text, 0, written))) g_clear_pointer(&text, g_free);
    }
    if (!text && at) *at = read;
    if (text && out_length) *out_length = written;
    return g_steal_pointer(&text);
}

gsize base_text_edits(const char *a, const char *b)
{
    glong n, m;
    g_autofree gunichar *from = g_utf8_to_ucs4_fast(a, -1, &n), *to = g_utf8_to_ucs4_fast(b, -1, &m);
    g_autofree gsize *row = g_new0(gsize, (gsize)m + 1);
    for (glong j = 0; j <= m; j++)
        row[j] = (gsize)j;
    for (glong i = 1; i <= n; i++) {
        gsize corner = row[0];
        row[0] = (gsize)i;
        for (glong j = 1; j <= m; j++) {
            gsize change = corner + (from[i - 1] != to[j - 1]);
            corner = row[j];
            row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[m];
}
