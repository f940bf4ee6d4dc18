/* inside.h - a compiled schema, for the files of this room alone. */
#pragma once
#include "engine/form/form.h"

enum { /* bits of FormNode.types */
       FORM_IS_NULL = 1 << 0,
       FORM_IS_BOOLEAN = 1 << 1,
       FORM_IS_INTEGER = 1 << 2,
       FORM_IS_NUMBER = 1 << 3,
       FORM_IS_STRING = 1 << 4,
       FORM_IS_ARRAY = 1 << 5,
       FORM_IS_OBJECT = 1 << 6
};

typedef struct FormNode FormNode;
typedef struct {
    GRegex *regex;
    FormNode *node;
} FormPatternProperty;

/* One schema. NULL, 0 types and -1 counts: the keyword is not there. */
struct FormNode {
    char *pointer;  /* where it stands in the whole */
    gboolean never; /* the schema `false` */
    int mark;       /* of the walk that looks for circles */
    guint types;
    const json_t *enumeration, *constant, *minimum, *maximum, *above, *below, *multiple;
    gint64 min_length, max_length, min_items, max_items, min_properties, max_properties;
    gint64 min_contains, max_contains;
    GRegex *pattern;
    const char *format, *ref_text;
    gboolean unique;
    const json_t *required, *dependent_required;
    FormNode *ref, *not_, *if_, *then_, *else_;
    FormNode *items, *contains, *additional, *names, *unevaluated_items, *unevaluated_properties;
    GPtrArray *all_of, *any_of, *one_of, *prefix_items; /* of FormNode */
    GHashTable *properties, *dependent_schemas;         /* text -> FormNode */
    GArray *pattern_properties;                         /* of FormPatternProperty */
};

struct FormSchema {
    json_t *source;
    GPtrArray *nodes;    /* of all schemas, owned; the first is the root */
    GHashTable *at;      /* pointer -> FormNode */
    GHashTable *anchors; /* name -> FormNode */
    gboolean tracks;     /* some schema asks what was left unevaluated */
};

/* What was already looked at in one object or list, for unevaluated... ; filled only when the schema asks. */
typedef struct {
    GHashTable *keys; /* NULL: none */
    guint8 *items;    /* one flag an item; NULL: none */
    gsize n_items;
} FormSeen;

/* One check under way. */
typedef struct {
    const FormSchema *schema;
    GPtrArray *refusals; /* NULL: only the answer is wanted */
    GString *at;
    guint steps, depth;
    gboolean ok_to_go_on; /* FALSE: out of steps */
} FormWalk;

/* ---- making ---- */
gboolean form_resolve(FormSchema *schema, char **at, GError **error); /* $ref, then circles */
GRegex *form_regex(const char *pattern, GError **error);              /* with its cost limited */
void form_pointer_add(GString *pointer, const char *key);             /* "/" and the key, escaped */

/* ---- checking ---- */
gboolean form_walk(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *up);
gboolean form_walk_quiet(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *up);
/* Walk into the child `key` or item of the value at hand. */
gboolean form_walk_key(FormWalk *w, const FormNode *node, const char *key, const json_t *child);
gboolean form_walk_item(FormWalk *w, const FormNode *node, gsize i, const json_t *child);
/* Always FALSE. `keyword` and `wanted` may be NULL. */
gboolean form_refuse(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                     const char *wanted);
gboolean form_refuse_key(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                         const char *key, const char *wanted);
gboolean form_refuse_count(FormWalk *w, const FormNode *node, const char *keyword, FormCode code,
                           gint64 count);
gboolean form_scalar(FormWalk *w, const FormNode *node, const json_t *value); /* type, enum, numbers, texts */
gboolean form_array(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen);
gboolean form_object(FormWalk *w, const FormNode *node, json_t *value, FormSeen *seen);
gboolean form_array_rest(FormWalk *w, const FormNode *node, const json_t *value, FormSeen *seen);
gboolean form_object_rest(FormWalk *w, const FormNode *node, json_t *value, FormSeen *seen);
void form_seen_key(FormWalk *w, FormSeen *seen, const char *key);
void form_seen_item(FormWalk *w, FormSeen *seen, const json_t *list, gsize i);
guint form_types_of(const json_t *value); /* bits; an integer is a number too */
gboolean form_same(const json_t *a, const json_t *b);
gboolean form_regex_holds(FormWalk *w, const GRegex *regex, const char *text, gboolean *too_costly);
const char *form_type_name(guint bit);
