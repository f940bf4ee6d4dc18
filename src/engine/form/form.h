/* form.h - what may stand in a form: JSON Schema 2020-12, compiled once, checked against any number of
 * instances.
 *
 * Taken: type enum const; minimum maximum exclusiveMinimum exclusiveMaximum multipleOf; minLength maxLength
 * (code points) pattern (PCRE, cost limited) format; prefixItems items contains minContains maxContains
 * minItems maxItems uniqueItems; properties patternProperties additionalProperties propertyNames required
 * minProperties maxProperties dependentRequired dependentSchemas; unevaluatedItems unevaluatedProperties;
 * allOf anyOf oneOf not if then else; $ref to "#", "#/pointer" or "#anchor" of the same schema, $defs,
 * $anchor. $schema and $id (at the root), $comment title description default examples and x-... say something
 * and check nothing. Every other keyword is refused: a misspelt rule would hold for nobody. `format` is a
 * rule, not a remark (README).
 *
 * A number without a fraction is an integer (1.0 too), and 1 and 1.0 are the same. Threads: a compiled schema
 * is read-only and may be shared. Knows nothing of packs, fields or cases. */
#pragma once
#include <glib.h>
#include <jansson.h>

#define FORM_ERROR (g_quark_from_static_string("form"))
enum {
    FORM_ERROR_KEYWORD, /* not known here */
    FORM_ERROR_VALUE,   /* a keyword's value is of the wrong kind */
    FORM_ERROR_REF,     /* leads nowhere, out of the schema, or round in a circle */
    FORM_ERROR_LIMIT    /* too deep, too many parts, too long a pattern */
};
#define FORM_MAX_DEPTH 32      /* of schemas in schemas */
#define FORM_MAX_NODES 4000    /* schemas in one schema */
#define FORM_MAX_PATTERN 500   /* bytes of a regular expression */
#define FORM_MAX_REFUSALS 200  /* of one instance; the rest is not listed */
#define FORM_MAX_STEPS 1000000 /* schemas tried on values in one check; above it the instance is refused */

typedef struct FormSchema FormSchema; /* opaque; inside.h */

/* Compile; keeps a reference to `schema`, which nobody may change afterwards. On failure `at` (may be NULL)
 * gets the JSON pointer of what was refused (caller frees), the text says "what; hint". Cost: about 1 us a
 * keyword, 5 us a pattern. */
FormSchema *form_schema_new(json_t *source, char **at, GError **error);
void form_schema_free(FormSchema *schema); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormSchema, form_schema_free)

typedef enum {
#define FORM(code, name, zh, en) FORM_##code,
#include "engine/form/form.def"
#undef FORM
    FORM_N_CODES
} FormCode;

typedef struct {
    char *at;   /* JSON pointer into the instance; of a missing property, where it should stand */
    char *rule; /* JSON pointer into the schema: the keyword that refused */
    FormCode code;
    char *wanted; /* the rule's measure ("200", "integer|null"), from the schema alone; NULL: none */
} FormRefusal;
GPtrArray *form_refusals_new(void); /* of FormRefusal, owning them */
/* TRUE when the instance fits. Else every refusal is appended (`refusals` may be NULL), in the schema's
 * order; of anyOf and oneOf only that none, or several, fit. Never contains a value of the instance; a
 * pointer may hold its keys. Cost: about 50 ns a keyword and value; at most FORM_MAX_STEPS. */
gboolean form_check(const FormSchema *schema, const json_t *instance, GPtrArray *refusals);

const char *form_code_name(FormCode code); /* "min_length" */
/* For people, one sentence without the place; `lang` is "zh" or "en". Caller frees. */
char *form_refusal_text(const FormRefusal *refusal, const char *lang);

/* Is it a format of ours (FORM_FORMATS in format.c); does the text have it. */
gboolean form_format_known(const char *name);
gboolean form_format_holds(const char *name, const char *text);
