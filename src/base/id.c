/* id.c - UUID version 7: 48 bits of milliseconds, 74 drawn bits. */
#include "base/id.h"
#include <string.h>

BaseId base_id_make(BaseChance *chance, gint64 now)
{
    BaseId id;
    base_chance_bytes(chance, id.b, sizeof id.b);
    for (int i = 0; i < 6; i++)
        id.b[i] = (guint8)((guint64)now >> (8 * (5 - i)));
    id.b[6] = 0x70 | (id.b[6] & 0x0f);
    id.b[8] = 0x80 | (id.b[8] & 0x3f);
    return id;
}

static const char layout[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

void base_id_write(const BaseId *id, char out[BASE_ID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0, nibble = 0; layout[i]; i++) {
        if (layout[i] == '-') {
            out[i] = '-';
            continue;
        }
        out[i] = hex[(id->b[nibble / 2] >> (nibble % 2 ? 0 : 4)) & 15];
        nibble++;
    }
    out[BASE_ID_TEXT - 1] = '\0';
}

gboolean base_id_parse(const char *text, BaseId *out)
{
    BaseId id = { 0 };
    for (int i = 0, nibble = 0; layout[i]; i++) {
        if (layout[i] == '-') {
            if (text[i] != '-') return FALSE;
            continue;
        }
        int digit = g_ascii_isupper(text[i]) ? -1 : g_ascii_xdigit_value(text[i]);
        if (digit < 0) return FALSE; /* the NUL of a short text too */
        id.b[nibble / 2] |= (guint8)(digit << (nibble % 2 ? 0 : 4));
        nibble++;
    }
    if (text[sizeof layout - 1] != '\0') return FALSE;
    *out = id;
    return TRUE;
}

gboolean base_id_is_nil(const BaseId *id)
{
    static const BaseId nil;
    return memcmp(id, &nil, sizeof nil) == 0;
}

gboolean base_id_equal(const BaseId *a, const BaseId *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}
