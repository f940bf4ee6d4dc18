/* yaml.h - a strict YAML text becomes a JSON tree, and every node remembers where it stood.
 *
 * Refused: anchors, aliases, tags, directives, merge keys, keys that are not text, repeated keys, several
 * documents, bytes that are not UTF-8, and what is over the limits below. Typed are only true, false, null
 * and JSON numbers written plainly; everything else is text ("no", "08", dates). Threads: a tree and its
 * places belong to one thread. Cost: O(bytes). */
#pragma once
#include <glib.h>
#include <jansson.h>

#define PACK_YAML_BYTES ((gsize)2 << 20)
#define PACK_YAML_DEPTH 24
#define PACK_YAML_NODES 200000

typedef struct {
    guint line, column; /* from 1; characters, not bytes. 0: not known */
} PackPlace;

/* Where the keys and items of each object and array of a tree stand. */
typedef struct PackPlaces PackPlaces;
PackPlaces *pack_places_new(void);
PackPlaces *pack_places_ref(PackPlaces *places); /* NULL is fine */
void pack_places_free(PackPlaces *places);       /* the last one frees */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackPlaces, pack_places_free)
/* NULL places, or a node that is not there: the place 0:0. */
PackPlace pack_places_key(const PackPlaces *places, const json_t *object, const char *key);
PackPlace pack_places_value(const PackPlaces *places, const json_t *object, const char *key);
PackPlace pack_places_item(const PackPlaces *places, const json_t *array, gsize index);
/* Where a line and column (from 1) of the text under `key` stand in the file: exact for a block after `|`; of
 * other texts the place of the value. */
PackPlace pack_places_text(const PackPlaces *places, const json_t *object, const char *key, guint line,
                           guint column);
/* For nodes that were made, not read. `whole` (may be NULL): every node within it gets the place too. */
void pack_places_put_item(PackPlaces *places, const json_t *array, gsize index, const json_t *whole,
                          PackPlace at);
void pack_places_put_key(PackPlaces *places, const json_t *object, const char *key, PackPlace at);
/* A deep copy's nodes stand where those it was copied from do. */
void pack_places_copy(PackPlaces *places, const json_t *from, const json_t *to);

/* New reference, or NULL and PACK_ERROR_YAML with "line:column: what; hint". `places` may be NULL. The root
 * is an object or an array. */
json_t *pack_yaml_parse(const char *text, gsize length, PackPlaces *places, GError **error);
