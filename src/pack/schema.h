/* schema.h - shapes of JSON trees, as tables: which keys an object has, what stands under each.
 *
 * A shape is a constant; the checker walks a tree along it and refuses each thing that does not fit, naming
 * its place, the nearest known key, and the known words. shapes.c holds the shapes of a pack's files. */
#pragma once
#include "pack/inside.h"

typedef enum {
    PACK_SHAPE_TEXT,   /* 1..max characters (max 0: 2000) */
    PACK_SHAPE_ID,     /* a letter (Chinese too), then letters, digits, _ and - ; 64 at most */
    PACK_SHAPE_WORD,   /* one of `words` */
    PACK_SHAPE_INT,    /* min..max */
    PACK_SHAPE_NUMBER, /* integer or real */
    PACK_SHAPE_BOOL,
    PACK_SHAPE_CELL,   /* the same, or null: of a table */
    PACK_SHAPE_SCALAR, /* text, number, true or false */
    PACK_SHAPE_TEXTS,  /* one text, or a list of texts */
    PACK_SHAPE_OBJECT, /* `keys` and no others */
    PACK_SHAPE_LIST,   /* min..max items of shape `of` (max 0: 5000) */
    PACK_SHAPE_MAP,    /* any ids as keys, each value of shape `of` */
    PACK_SHAPE_USE     /* an object with a text `use`; the rest is checked by what it uses (traits.c) */
} PackShapeKind;

typedef struct PackShape PackShape;
typedef struct {
    const char *key;
    const PackShape *shape;
    gboolean required;
} PackShapeKey;

struct PackShape {
    PackShapeKind kind;
    const PackShapeKey *keys; /* OBJECT: ended by a NULL key */
    const PackShape *of;
    const char *const *words;
    gint64 min, max;
};

void pack_shape_check(const PackShape *shape, const json_t *value, PackSpot spot, PackRefusals *refusals);
/* A decision that has `inputs` is a table. NULL: no such file in a pack. */
const PackShape *pack_shape_of(const char *file_name, const json_t *tree);
extern const char *const pack_required_files[]; /* NULL-ended */
