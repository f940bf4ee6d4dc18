/* traits.h - what traits.c and weave.c share: one use of a trait, and the trees its pieces are put into. */
#pragma once
#include "pack/inside.h"

#define PACK_OPEN_STATE "open"    /* the state that holds the open ones when a trait wants it */
#define PACK_OPEN_MEMORY "open_h" /* its deep history */

typedef struct { /* the trees of one pack while traits are woven into them */
    const GPtrArray *files;
    PackRefusals *refusals;
    const PackFile *procedure;
    json_t *states, *events, *transitions, *clocks, *fields, *notices; /* deep copies; owned by `trees` */

    json_t *trees; /* file name -> tree */
    gboolean wrap;
    GPtrArray *outside; /* ids of states that stay outside of the open state */
} PackWeave;

typedef struct {
    PackWeave *weave;
    const PackFile *file;
    PackRefusals *refusals;
    const json_t *traits, *item; /* the list, and its line */
    gsize index;
    const char *name;
    const json_t *template;
    json_t *values; /* settings by name */
} PackTrait;

/* traits.c */
const json_t *pack_trait_template(const char *name);
char *pack_trait_value(const PackTrait *t, const char *name); /* "a|b"; NULL when not given */
gsize pack_trait_values(const PackTrait *t, const char *name);
char *pack_trait_nth(const PackTrait *t, const char *name, gsize i);
json_t *pack_trait_fill(const PackTrait *t, const json_t *template); /* new reference */
typedef void (*PackPiece)(PackTrait *t, json_t *piece);
void pack_trait_pieces(PackTrait *t, const json_t *template, PackPiece take);

/* weave.c */
void pack_weave_begin(PackWeave *w);
void pack_weave(PackTrait *t, gboolean later); /* once for what is added, once for what is changed */
json_t *pack_weave_end(PackWeave *w);          /* file name -> tree; new reference */
