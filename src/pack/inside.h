/* inside.h - what the files of this room share: the files of a pack, the refusals gathered about them, and
 * the compiled pack. Nobody outside src/pack includes it.
 *
 * Texts of a compiled pack (ids, titles, conditions) belong to its tree of files, `whole`, which lives as
 * long as the pack; nothing copies them. */
#pragma once
#include "pack/pack.h"
#include "engine/form/form.h"
#include "pack/yaml.h"

/* ---- files ---- */
typedef struct {
    char *name;         /* "pack.yaml", "decisions/route.yaml" */
    json_t *tree;       /* NULL: could not be read (and was refused) */
    PackPlaces *places; /* NULL: from the canonical form, places not known */
    const char *where;  /* the file in which they are; NULL: this one. Traits of one file make another */
} PackFile;
void pack_file_free(PackFile *file);
PackFile *pack_file_ref(const PackFile *file); /* the same tree and places under the same name */

/* ---- rules: what the linter refuses, rules.def ---- */
typedef enum {
#define RULE(group, name, kind, zh, en) PACK_RULE_##group##_##name,
#define LINT RULE
#include "pack/rules.def"
#undef LINT
#undef RULE
    PACK_N_RULES
} PackRuleNumber;
extern const PackRule pack_rule[PACK_N_RULES];
#define PACK_RULE(group, name) (&pack_rule[PACK_RULE_##group##_##name])

/* ---- refusals ---- */
typedef struct {
    GPtrArray *texts; /* char * "file:line:column: what; hint" */
    GArray *codes;    /* int, PACK_ERROR_... */
    gboolean stored;  /* a stored version is read: rules that only a linter judges are let pass */
} PackRefusals;
#define PACK_MAX_REFUSALS 100

typedef struct { /* where: a key of an object, its value, an item of an array, or the file as a whole */
    const PackFile *file;
    const json_t *in;
    const char *key;
    gsize index;
    gboolean at_key;
    guint line, column; /* within the text that is the value; 0: the value as a whole */
} PackSpot;
#define PACK_AT_FILE(f) ((PackSpot){ .file = (f) })
#define PACK_AT_KEY(f, object, k) ((PackSpot){ .file = (f), .in = (object), .key = (k), .at_key = TRUE })
#define PACK_AT_VALUE(f, object, k) ((PackSpot){ .file = (f), .in = (object), .key = (k) })
#define PACK_AT_TEXT(f, object, k, l, c)                                                                     \
    ((PackSpot){ .file = (f), .in = (object), .key = (k), .line = (l), .column = (c) })
#define PACK_AT_ITEM(f, array, i) ((PackSpot){ .file = (f), .in = (array), .index = (i) })

PackRefusals *pack_refusals_new(void);
void pack_refusals_free(PackRefusals *refusals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackRefusals, pack_refusals_free)
/* `rule` is a PACK_RULE(...); its id stands at the end of the refusal. */
void pack_refuse(PackRefusals *refusals, const PackRule *rule, PackSpot spot, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
char *pack_spot_text(PackSpot spot); /* "file:line:column", or the file alone */
guint pack_spot_line(PackSpot spot); /* from 1; 0: not known */
/* The text as it is, file and place within; takes it over. */
void pack_refuse_text(PackRefusals *refusals, const PackRule *rule, char *text);
/* A name that is not there, with the nearest that is, or those there are. Takes `known` (of const char *)
 * over. */
void pack_refuse_unknown(PackRefusals *refusals, const PackRule *rule, PackSpot spot, const char *word,
                         GPtrArray *known, const char *format, ...) G_GNUC_PRINTF(6, 7);
GPtrArray *pack_known_keys(GHashTable *table); /* its keys, texts */
GPtrArray *pack_known_in(const json_t *tree);  /* keys of an object, ids of a list */
/* The name in `known` (NULL-ended) closest to `word`, or NULL when none is near. */
const char *pack_nearest(const char *word, const char *const *known);

/* ---- reading ---- */
/* Files of a folder in the order of their names (of PackFile); what cannot be read is refused. */
GPtrArray *pack_read_folder(const char *folder, PackRefusals *refusals);
GPtrArray *pack_read_canonical(const char *text, GError **error);
json_t *pack_whole(const GPtrArray *files); /* new reference: one object of all files by name */
const PackFile *pack_file_find(const GPtrArray *files, const char *name); /* NULL */

/* Does each file have the shape that schema.c wants? */
void pack_schema_check(const GPtrArray *files, PackRefusals *refusals);
gboolean pack_is_name(const char *text); /* PACK_SHAPE_ID */
/* What a pack must never hold, whatever its shape. */
void pack_lawful_check(const GPtrArray *files, PackRefusals *refusals);
void pack_sweep(const GPtrArray *files, PackRefusals *refusals); /* what people read, for the same */
/* FALSE when a text names such an attribute: `what` it is, and by which `word`. */
gboolean pack_lawful_text(const char *text, const char **what, const char **word);

/* What the traits of procedure.yaml make of the files: one object of the changed trees by file name; NULL
 * when there are no traits. Of a canonical pack: what stands there under "expanded". New reference. */
#define PACK_EXPANDED "expanded"
json_t *pack_traits_expand(const GPtrArray *files, PackRefusals *refusals);

/* ---- the compiled pack ---- */
typedef enum { /* in the order of PACK_FACTS */
               PACK_FACT_EVENT,
               PACK_FACT_FROM_STATE,
               PACK_FACT_TO_STATE,
               PACK_FACT_BY_ROLE,
               PACK_FACT_ORG,
               PACK_FACT_AREA,
               PACK_FACT_UNIT,
               PACK_FACT_LEVEL,
               PACK_FACT_NOW,
               PACK_FACT_OPENED_AT,
               PACK_FACT_CLOSED_AT,
               PACK_FACT_MINUTES,
               PACK_FACT_LATE,
               PACK_FACT_RETURNS,
               PACK_FACT_REOPENS,
               PACK_FACT_RATING,
               PACK_FACT_RUNG_CLOCK,
               PACK_FACT_RUNG_PERCENT,
               PACK_FACT_ACTOR,
               PACK_FACT_ACTOR_ORG,
               PACK_FACT_CHILDREN,
               PACK_FACT_CHILDREN_OPEN,
               PACK_N_FACTS
} PackFact;

typedef enum { PACK_HIT_FIRST, PACK_HIT_UNIQUE, PACK_HIT_COLLECT } PackHit;
typedef enum { PACK_BY_LIST, PACK_BY_SUM, PACK_BY_MIN, PACK_BY_MAX, PACK_BY_COUNT } PackCollect;

typedef struct PackChoice PackChoice; /* registers.c */

struct PackDecision {
    const char *id;
    PackHit hit;
    GPtrArray *when;      /* of Rule *; NULL entry: always */
    GPtrArray *set;       /* of json_t *, owned, same length */
    GPtrArray *cells;     /* of a table: of PackCell *, owned, row by row; else NULL */
    GPtrArray *outputs;   /* of a table: of const char * */
    GArray *collect;      /* of PackCollect, one an output, when the table collects */
    json_t *otherwise;    /* what is set when no row holds, owned; NULL: nothing */
    const json_t *source; /* as written */
    PackChoice *choice;   /* from a register; NULL: it has rows */
};

typedef enum {
    PACK_AS_TEXT,
    PACK_AS_TIME,
    PACK_AS_INT,
    PACK_AS_REAL,
    PACK_AS_BOOL,
    PACK_AS_LAT,
    PACK_AS_LON
} PackAs;
typedef enum {
    PACK_TO_FIELD,
    PACK_TO_CHANNEL,
    PACK_TO_REF,
    PACK_TO_PLACE,
    PACK_TO_ORG,
    PACK_TO_AREA,
    PACK_TO_TITLE,
    PACK_TO_AT,
    PACK_TO_LAT,
    PACK_TO_LON,
    PACK_TO_LEVEL
} PackTarget;

typedef struct { /* one line of a mapping */
    PackTarget target;
    const PackField *field; /* of PACK_TO_FIELD */
    const char *to, *fallback;
    const char **from; /* NULL-ended, possibly empty */
    PackAs as;
    GRegex *pattern;
    const json_t *map;
    gboolean required, optional;
} PackMapLine;

typedef struct {
    char *id;
    FormSchema *schema;
    json_t *tree; /* as written, with what types.yaml says of each field */
} PackForm;

struct PackMapping {
    const char *id;
    GPtrArray *lines;   /* of PackMapLine */
    GPtrArray *decide;  /* of const PackDecision */
    const json_t *item; /* as written */
};

#define PACK_PARTIES 8 /* the resident among them */

typedef struct { /* what a pack says of things outside of it */
    const char *name, *also;
    char *at; /* pack_spot_text */
} PackMention;
void pack_mention_clear(gpointer data);
void pack_mention(GArray *mentions, PackSpot spot, const char *name, const char *also);

struct Pack {
    json_t *whole;
    char *canonical, version[65];
    const char *id, *prefix, *title_zh, *title_en;
    const PackField *title_field; /* NULL: none */
    PackParty parties[PACK_PARTIES];
    gsize n_parties;
    gint64 utc_offset, rating_window;
    RuleSchema *schema;
    int fact[PACK_N_FACTS];  /* column of each fact */
    GArray *fields;          /* of PackField, never grown after compiling */
    GHashTable *field_by_id; /* id -> PackField * in `fields` */
    GHashTable *lists;       /* id -> json_t *: code -> its line */
    GHashTable *calendars;   /* id -> BaseCalendar * */
    FlowChart *chart;
    GPtrArray *mappings;      /* of PackMapping */
    GPtrArray *plans;         /* of PackPlan */
    GHashTable *forms;        /* id -> PackForm * */
    GHashTable *decisions;    /* id -> PackDecision * */
    GArray *indicators;       /* of PackIndicator */
    GArray *reports;          /* of PackReport */
    RuleSchema *figures;      /* what formulas over indicators may name; NULL: there are none */
    GArray *notices;          /* of PackNotice */
    GArray *access;           /* of PackAccess */
    GArray *documents;        /* of PackDocument */
    GArray *registers;        /* of PackRegister */
    json_t *signings;         /* titles of signed.x, refused.x and objected.x by event, owned */
    GArray *children;         /* of PackMention: child(name, also) */
    GArray *roles;            /* of PackMention: as declared */
    GHashTable *rung_notices; /* "clock/rung" -> notice id */
    GPtrArray *scenarios;     /* of PackFile, with their places */
    const json_t *states, *events, *clocks, *tasks, *purposes;
    GPtrArray *hold; /* arrays the above point into; freed with the pack */
    char *console;
};

/* Compile files whose shapes are sound; NULL when anything was refused. */
Pack *pack_compile(const GPtrArray *written, PackRefusals *refusals);

/* Parts of compiling, in the order in which they need one another. */
typedef struct {
    Pack *pack;
    const GPtrArray *files;
    PackRefusals *refusals;
    GHashTable *roles; /* names declared in pack.yaml, and resident, system */
    GHashTable *made,
        *asked; /* document id -> PackSpot *: where it is first made, its signatures asked for */
} PackMaking;
void pack_compile_types(PackMaking *m);     /* types.yaml: lists, fields, the schema */
void pack_compile_registers(PackMaking *m); /* types.yaml: registers */
void pack_register_action(PackMaking *m, PackSpot spot, const FlowEffect *action); /* register(add, x) */
/* Refuses what a decision cannot set, or a value it cannot set it to. */
void pack_decision_output(PackMaking *m, PackSpot at_key, PackSpot at_value, const char *key,
                          const json_t *value);                       /* value NULL: known later */
PackChoice *pack_choice_compile(PackMaking *m, const PackFile *file); /* NULL: refused */
void pack_choice_free(PackChoice *choice);                            /* NULL is fine */
PackField pack_field_read(const json_t *line);
void pack_field_limits(PackMaking *m, const PackFile *file, const json_t *line, const PackField *field);
RuleValue pack_rule_value(RuleType type, const json_t *value); /* texts belong to `value` */
void pack_compile_forms(PackMaking *m);                        /* forms/ */
void pack_forms_used(PackMaking *m);                           /* each by a transition or a mapping */
void pack_form_free(PackForm *form);
const PackForm *pack_form(const Pack *pack, const char *id);                         /* NULL: none */
gboolean pack_form_fits(const PackForm *form, const json_t *object, GError **error); /* PACK_FORM_ERROR */
void pack_compile_decisions(PackMaking *m);                                          /* decisions/ */
void pack_compile_mappings(PackMaking *m);                                           /* intake.yaml */
void pack_check_open311(PackMaking *m, const PackFile *file, const PackMapping *mapping);
void pack_compile_notices(PackMaking *m);                                            /* notices.yaml */
void pack_compile_calendars(PackMaking *m); /* clocks.yaml: calendars */
void pack_compile_procedure(PackMaking *m); /* procedure.yaml, and clocks.yaml in the midst of it */
void pack_compile_clocks(PackMaking *m);    /* clocks.yaml: clocks */
/* Conditions of a sealed chart: `line_of` has of each transition the index in `lines` (gsize). */
void pack_guards_sound(PackMaking *m, const PackFile *file, const json_t *lines, const GArray *line_of);
void pack_compile_indicators(PackMaking *m);                                       /* indicators.yaml */
void pack_compile_reports(PackMaking *m);                                          /* reports.yaml */
void pack_compile_access(PackMaking *m);                                           /* access.yaml */
void pack_compile_documents(PackMaking *m);                                        /* documents/ */
void pack_document_action(PackMaking *m, PackSpot spot, const FlowEffect *action); /* document(), sign() */
void pack_documents_used(PackMaking *m); /* each made, asked for and awaited by the procedure */
void pack_compile_plans(PackMaking *m);  /* plans.yaml */
void pack_plan_free(PackPlan *plan);
void pack_mapping_free(PackMapping *mapping);
void pack_decision_free(PackDecision *decision);

/* Refuse a condition that names a private field, in words that say why. TRUE: it does not. */
gboolean pack_names_open_only(PackMaking *m, PackSpot spot, const char *condition);
/* The name in a condition that says who somebody is: the fact `actor`, or a field some transition sets to it.
 */
const char *pack_names_person(PackMaking *m, const char *condition);
/* The tree of a file, and the file; NULL when the pack has none of that name. */
const json_t *pack_tree(const PackMaking *m, const char *name, const PackFile **file);
const char *pack_text(const json_t *object, const char *key); /* NULL when absent */
const char *const *pack_texts(Pack *pack,
                              const json_t *value); /* of a list (or one text); NULL when absent */
/* "10 minute", "5 workday": FALSE when it is not such a budget. */
gboolean pack_budget_parse(const char *text, BaseMeasure *measure, gint64 *ms);
/* `value` as JSON of the field's type, or NULL and a reason without the value itself. */
json_t *pack_field_take(const Pack *pack, const PackField *field, const json_t *value, GError **error);
gboolean pack_has_code(const Pack *pack, const char *list, const char *code);
/* Fill the row's columns from open fields; texts stay the object's. `row` has rule_schema_size values. */
void pack_row_fill(const Pack *pack, const json_t *open, RuleValue *row);
/* "出具《调解协议书》": what document() and sign() do, in words; NULL of any other action. */
char *pack_deed_words(const Pack *pack, const FlowEffect *action, const char *lang);
char *pack_console_make(const Pack *pack);
/* Run scenario i and append what failed; FALSE when anything did. */
gboolean pack_scenario_failures(const Pack *pack, gsize i, GPtrArray *lines);
