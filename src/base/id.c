/* id.c - UUID version 7: 48 bits of milliseconds, 12 and 62 drawn bits. Within one millisecond the 62 bits
 * ascend by a drawn step (RFC 9562, 6.2, method 2), so that many ids made at once are still put at the end of
 * every index. */
#include "base/id.h"
#include <string.h>

#define LOW_BITS 62
#define STEP_BITS 32

static guint64 draw_low(BaseChance *chance, gint64 now)
{
    guint64 step = 1 + (base_chance_u64(chance) >> (64 - STEP_BITS));
    if (chance->id_ms == now && chance->id_low + step < (guint64)1 << LOW_BITS)
        chance->id_low += step;
    else
        chance->id_low =
            base_chance_u64(chance) >> (64 - LOW_BITS + 1); /* the upper half is room to ascend */
    chance->id_ms = now;
    return chance->id_low;
}

BaseId base_id_make(BaseChance *chance, gint64 now)
{
    BaseId id;
    guint64 low = draw_low(chance, now);
    for (int i = 0; i < 6; i++)
        id.b[i] = (guint8)((guint64)now >> (8 * (5 - i)));
    id.b[6] = 0x70; /* version; the 12 bits behind it stay zero */
    id.b[7] = 0;
    for (int i = 0; i < 8; i++)
        id.b[8 + i] = (guint8)(low >> (8 * (7 - i)));
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
