/* script_inside.h - what the files that read a script share: the reader, which refuses with places. */
#pragma once
#include "city/script.h"
#include "pack/yaml.h"

struct Script {
    const Pack *pack;
    ScriptSignals *signals;
    GHashTable *habits; /* state -> GArray of Habit */
};

typedef struct {
    const char *name;
    const PackPlaces *places;
    const Pack *pack;
    Script *script;
    GError **error;
} Reader;

/* FALSE, always: for `return`. */
gboolean script_refuse(const Reader *r, PackPlace at, const char *format, ...) G_GNUC_PRINTF(3, 4);
PackPlace script_place(const Reader *r, const json_t *object, const char *key); /* 1:1 when it is not there */
gboolean script_has_keys(const Reader *r, const json_t *object, PackPlace at, const char *keys);
gboolean script_take_whole(const Reader *r, const json_t *object, const char *key, PackPlace at, gint64 least,
                           gint64 most, gint64 *out);
gboolean script_take_count(const Reader *r, const json_t *object, const char *key, PackPlace at, gint64 least,
                           guint *out);
gboolean script_take_text(const Reader *r, const json_t *object, const char *key, PackPlace at, char **out);
gboolean script_is_list(const Reader *r, const json_t *object, const char *key, PackPlace at);
gboolean script_read_values(const Reader *r, const json_t *in, const char *key, gboolean columns,
                            GArray *out);
GArray *script_list_of(gsize size, GDestroyNotify clear);
void script_value_clear(gpointer value);

GHashTable *script_habits_new(void);
gboolean script_read_habits(const Reader *r, const json_t *root);
