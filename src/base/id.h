/* id.h - names for things: UUID version 7 (RFC 9562, 5.7), so that ids sort by the time they were made and no
 * store has to hand out numbers. */
#pragma once
#include "base/chance.h"

typedef struct {
    guint8 b[16];
} BaseId;

#define BASE_ID_TEXT 37 /* bytes for the text form with its NUL: 8-4-4-4-12 lower-case hex */

/* A new id for the instant `now` (ms since 1970, UTC). 62 bits are drawn; ids of one instant and one chance
 * ascend. Not a secret: who knows one can guess at its neighbours. */
BaseId base_id_make(BaseChance *chance, gint64 now);
gboolean base_id_parse(const char *text,
                       BaseId *out); /* FALSE and `out` untouched unless exactly the text form */
void base_id_write(const BaseId *id, char out[BASE_ID_TEXT]);
gboolean base_id_is_nil(const BaseId *id);
gboolean base_id_equal(const BaseId *a, const BaseId *b);
