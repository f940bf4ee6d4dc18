/* pack.h - a service as data: reads packs/<service>/, checks it, compiles it into what the engines
 * understand.
 *
 * Source is YAML in a strict profile (no anchors, aliases, tags, merge keys, repeated keys, several
 * documents; only true, false, null and JSON numbers are typed, everything else is text), checked against the
 * schemas in pack/schema.c; every refusal says file:line:column, what, and a hint. Canonical form: one JSON
 * object of all files, keys sorted, no spaces; its SHA-256 in hex is the version that each case keeps.
 * Threads: a Pack is read-only, but for pack_set_days. Cost: 6,000 lines in under 100 ms. */
#pragma once
#include <jansson.h>
#include "base/recur.h"
#include "engine/draw/draw.h"
#include "engine/flow/flow.h"
#include "engine/indicator/indicator.h"
#include "engine/paper/body.h"

#define PACK_ERROR (g_quark_from_static_string("pack"))
enum { PACK_ERROR_READ, PACK_ERROR_YAML, PACK_ERROR_SCHEMA, PACK_ERROR_MEANING, PACK_ERROR_LAWFUL };

typedef struct Pack Pack;

/* ---- what the linter refuses ---- */
typedef struct {
    const char *id;       /* "flow.unreached"; stands in brackets at the end of each refusal */
    int code;             /* PACK_ERROR_... */
    gboolean linter_only; /* judged of a pack that is written, not of a stored version */
    const char *zh, *en;
} PackRule;
const PackRule *pack_rules(gsize *n); /* all of rules.def, in its order */

/* ---- loading and checking ---- */

Pack *pack_load(const char *folder, GError **error); /* the first refusal is the error */
GPtrArray *pack_check(const char *folder);           /* every refusal as text (char *); empty: sound */
Pack *pack_from_canonical(const char *text, GError **error); /* an older version, from the store */
/* What only packs beside one another show: child() of a service or mapping that is not there, or that this
 * case could not feed; a role nobody can hold, `known` being the program's. `all`: there are no further
 * services. Every refusal as "pack/file:line:column: what; hint [rule]". */
typedef gboolean (*PackRoleKnown)(const char *role);
GPtrArray *pack_check_together(const Pack *const *packs, gsize n, gboolean all, PackRoleKnown known);
void pack_free(Pack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pack, pack_free)

const char *pack_id(const Pack *pack);
const char *pack_version(const Pack *pack);                 /* 64 hex digits */
const char *pack_canonical(const Pack *pack);               /* the text whose hash that is */
const char *pack_number_prefix(const Pack *pack);           /* of case numbers: "JQ", "GD" */
const char *pack_title(const Pack *pack, const char *lang); /* "zh" or "en" */
/* Those whom the case is about or who asked for it: "resident" first, then the `parties` of pack.yaml. A
 * party is a role, follows and acts by a link of its own, gets notices, and may be a signer. */
typedef struct {
    const char *id, *title_zh, *title_en;
    const char *contact; /* the private field that holds where they are reached; NULL: nowhere */
} PackParty;
gsize pack_parties(const Pack *pack);
const PackParty *pack_party_at(const Pack *pack, gsize i);
const PackParty *pack_party(const Pack *pack, const char *id); /* NULL: none of that name */
const FlowChart *pack_chart(const Pack *pack);
const RuleSchema *pack_schema(const Pack *pack); /* pack fields, then the facts of the case below */

/* Fields of signals, cases and events. Private ones never enter the open body, lists, push or figures;
 * conditions cannot name them. */
typedef enum { PACK_OPEN, PACK_PRIVATE } PackClass;
typedef struct {
    const char *id, *title_zh, *title_en;
    RuleType type;
    PackClass klass;
    int column;       /* in pack_schema; -1 for private fields */
    const char *list; /* code list, or NULL */
    gsize max_length; /* characters of a text */
    gint64 min, max;  /* of a number */
    gboolean is_time; /* type RULE_INT, ms since 1970 */
} PackField;
gsize pack_fields(const Pack *pack);
const PackField *pack_field_at(const Pack *pack, gsize i);
const PackField *pack_field(const Pack *pack, const char *id); /* NULL when unknown */
/* Is `code` in the code list; its title (zh or en) or NULL. */
const char *pack_code_title(const Pack *pack, const char *list, const char *code, const char *lang);

/* Facts every case has, in pack_schema under these names (the loop fills them): */
#define PACK_FACTS                                                                                           \
    X("event", RULE_TEXT) /* what just happened; "opened" for the first */                                   \
    X("from_state", RULE_TEXT)                                                                               \
    X("to_state", RULE_TEXT)                                                                                 \
    X("by_role", RULE_TEXT)                                                                                  \
    X("org", RULE_TEXT)                                                                                      \
    X("area", RULE_TEXT)                                                                                     \
    X("unit", RULE_TEXT)                                                                                     \
    X("level", RULE_INT)                                                                                     \
    X("now", RULE_INT)                                                                                       \
    X("opened_at", RULE_INT)                                                                                 \
    X("closed_at", RULE_INT)                                                                                 \
    X("minutes", RULE_INT) /* whole minutes since the case was opened */                                     \
    X("late", RULE_BOOL)   /* a clock of the case has expired */                                             \
    X("returns", RULE_INT) /* how often event "return" happened */                                           \
    X("reopens", RULE_INT) /* how often event "reopen" happened */                                           \
    X("rating", RULE_INT)  /* 1..5; NULL until answered */                                                   \
    X("rung_clock", RULE_TEXT)                                                                               \
    X("rung_percent", RULE_INT) /* of a rung or expiry that just fired */                                    \
    X("actor", RULE_TEXT)       /* login of who brings the event, "resident" or "system:<stage>" */          \
    X("actor_org", RULE_TEXT)   /* and the organisation of a user */                                         \
    X("children", RULE_INT)     /* cases opened from this one */                                             \
    X("children_open", RULE_INT)

/* Signal mapping: how one source's columns or keys become fields. */
typedef struct PackMapping PackMapping;
gsize pack_mappings(const Pack *pack);
const PackMapping *pack_mapping_at(const Pack *pack, gsize i);
const PackMapping *pack_mapping(const Pack *pack, const char *id); /* NULL when unknown */
/* What becomes of this key: nothing, private fields only, or (also) something that lists may show. */
typedef enum { PACK_READS_NOT, PACK_READS_PRIVATE, PACK_READS_OPEN } PackReads;
PackReads pack_mapping_reads(const PackMapping *mapping, const char *key);
const char *pack_mapping_id(const PackMapping *mapping);
const char *pack_mapping_title(const PackMapping *mapping, const char *lang);
gboolean
pack_mapping_public(const PackMapping *mapping); /* anybody may bring signals by it, without signing in */
/* ---- what outside systems may bring (GeoReport v2): the mapping that says `open311: true` ---- */
const PackMapping *pack_open311(const Pack *pack);          /* NULL: none */
const char *pack_open311_field(const PackMapping *mapping); /* the open field that tells the service */
typedef struct {
    const char *code, *value, *title_zh,
        *title_en; /* what `service_code` holds, and what the field then is */
} PackService;
gboolean pack_open311_service(const Pack *pack, gsize i, PackService *out); /* FALSE: no more */
typedef struct {
    const char *key;
    const PackField *field; /* NULL: a place, coordinates ... that every case has */
    gboolean required;
} PackAsk;
gboolean pack_open311_ask(const PackMapping *mapping, gsize i, PackAsk *out); /* keys beside service_code */
const json_t *pack_code_list(const Pack *pack, const char *list);             /* {code: {zh, en}} */

/* Bind to a header (CSV) so that rows are read by position; the binding is a small object of its own. */
typedef struct PackBinding PackBinding;
/* PACK_ERROR_MEANING names the columns that are missing and those that were found. */
PackBinding *pack_bind(const Pack *pack, const PackMapping *mapping, char **header, gsize n, GError **error);
void pack_binding_free(PackBinding *binding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackBinding, pack_binding_free)

typedef struct { /* one signal, ready for intake; filled by a binding or from JSON; owned by its maker */
    char *channel, *ref, *place, *org, *area, *title;
    gint64 at;                    /* when it happened or was said, ms */
    double lat, lon;              /* NAN when unknown or senseless */
    int level;                    /* 1 most urgent .. 4 */
    json_t *open, *private_facts; /* objects of pack fields */
} PackSignal;
void pack_signal_clear(PackSignal *signal);
/* A row of a bound table. `out->ref` is NULL when the mapping has no ref of its own. Refused rows say which
 * column and why. Runs the mapping's decisions (classify) too. */
gboolean pack_bind_row(const PackBinding *binding, char **fields, gsize n, gint64 now, PackSignal *out,
                       GError **error);
/* A JSON object by the mapping (keys instead of columns; a key it does not read is refused). `out->ref` is
 * NULL when the object brings none. */
gboolean pack_map_json(const Pack *pack, const PackMapping *mapping, const json_t *object, gint64 now,
                       PackSignal *out, GError **error);
/* Check and take over fields that an event brings (from a form): unknown, wrong type, too long, not in the
 * list are refused naming the field. Splits them into open and private (new references). */
gboolean pack_take_fields(const Pack *pack, const json_t *fields, json_t **open, json_t **private_facts,
                          GError **error);

/* May the event bring these fields? Of the transitions it would take (`chosen`: gsize, from flow_choice) it
 * may bring what they need and what their forms ask for, and a field called `note`; with a rating its words.
 * Each form checks what it asks for. The error (PACK_FORM_ERROR) knows every refusal. */
gboolean pack_event_fits(const Pack *pack, const GArray *chosen, const json_t *fields, GError **error);
#define PACK_FORM_ERROR pack_form_error_quark()
GQuark pack_form_error_quark(void);
/* JSON [{pointer, code, text_zh, text_en}] of such an error, its own; NULL of any other. */
const char *pack_form_error_fields(const GError *error);

/* plans.yaml: a case that opens by itself on the days of a rule. */
typedef struct {
    const char *id, *title_zh, *title_en;
    char *digest; /* of what its days follow from; another digest: they begin anew */
    BaseRecur *recur;
    const BaseCalendar *calendar; /* NULL: none */
    BaseMeasure measure;
    gint64 grace;   /* how long after its instant an occurrence is not missed */
    gboolean note;  /* a missed occurrence opens nothing */
    gboolean moves; /* from rest days */
    const PackMapping *mapping;
    const json_t *item; /* as written */
} PackPlan;
gsize pack_plans(const Pack *pack);
const PackPlan *pack_plan_at(const Pack *pack, gsize i);
const PackPlan *pack_plan(const Pack *pack, const char *id); /* NULL when unknown */
/* The last instant at which an occurrence of `at` is not missed. */
gint64 pack_plan_grace(const PackPlan *plan, gint64 at);
/* Why the plan's calendar rests on a day, for people ("国庆节", "weekend"); NULL: it works, or the plan does
 * not move. `days`: those that count. */
const char *pack_plan_rest(const Pack *pack, const PackPlan *plan, gint32 day, const BaseDays *days,
                           const char *lang);
/* Its signal; `out->ref` is the date that the rule gives. */
gboolean pack_plan_signal(const Pack *pack, const PackPlan *plan, const BaseOccurrence *o, PackSignal *out,
                          GError **error);

/* A field's value as people read it: codes become titles in `lang` ("zh", "en"), times local. FALSE: it has
 * none, and nothing was appended. */
gboolean pack_say(const Pack *pack, const PackField *field, const json_t *value, const char *lang,
                  gint64 utc_offset, GString *out);

/* Decisions. What the rows say that hold for `row` (the first, the only one, or all put together): an object
 * of outputs, new reference; NULL when none holds and there is no default. */
typedef struct PackDecision PackDecision;
const PackDecision *pack_decision(const Pack *pack, const char *id);
json_t *pack_decide(const PackDecision *decision, const RuleValue *row);

/* Registers: entries with a key, valid from a day until another, kept by a role. What stands in them is open:
 * organisations, places, rosters of officials, catalogues; never persons a case is about. */
typedef struct {
    const char *id, *title_zh, *title_en;
    const char *key;    /* the field that tells entries apart; a text */
    const char *keeper; /* role */
    const PackField *fields;
    gsize n_fields;
} PackRegister;
gsize pack_registers(const Pack *pack);
const PackRegister *pack_register_at(const Pack *pack, gsize i);
const PackRegister *pack_register(const Pack *pack, const char *id); /* NULL when unknown */
/* The facts of an entry, checked; new reference. PACK_ERROR_MEANING names the field. */
json_t *pack_register_take(const Pack *pack, const PackRegister *reg, const json_t *facts, GError **error);

/* A decision may choose an entry of a register (`from`): of those whose condition holds the first in its
 * order. */
const PackRegister *pack_decision_register(const PackDecision *decision); /* NULL: it has rows */
const char *
pack_decision_org(const PackDecision *decision); /* the entry's field that says whose load counts; NULL */
typedef struct {
    const json_t *facts;
    gint64 load; /* open cases with the entry's organisation */
} PackEntry;
gboolean pack_choice_fits(const PackDecision *decision, const RuleValue *row, const json_t *entry);
int pack_choice_compare(const PackDecision *decision, const PackEntry *a,
                        const PackEntry *b);                                /* < 0: a first */
json_t *pack_choice_set(const PackDecision *decision, const json_t *entry); /* what it sets; new reference */
/* pack_decide for such a decision; NULL when none fits and nothing else is said. */
json_t *pack_choose(const PackDecision *decision, const RuleValue *row, const PackEntry *entries, gsize n);

typedef struct {
    const char *id, *when, *reason_zh, *reason_en;
} PackExclusion;
typedef struct {
    const char *id, *title_zh, *title_en, *unit_zh, *unit_en; /* unit: "%", "min", "件" ... */
    const char *when, *num, *den, *expr;                      /* as written; NULL: none */
    Indicator *indicator;
    gboolean higher_is_better;
    double target; /* NAN: none */
    const PackExclusion *excluded;
    gsize n_excluded;
} PackIndicator;
gsize pack_indicators(const Pack *pack);
const PackIndicator *pack_indicator_at(const Pack *pack, gsize i);
int pack_indicator_find(const Pack *pack, const char *id); /* -1 when unknown */
/* The value of a figure over facts in a period (a text of engine/indicator; "": all time); FALSE: none. */
typedef gboolean (*PackFigure)(gsize indicator, const char *period, gpointer data, double *out);
/* The value of any figure: those over facts as `figure` says, those over figures from these. A figure of one
 * period may need that of others. */
gboolean pack_indicator_value(const Pack *pack, gsize i, const char *period, PackFigure figure, gpointer data,
                              double *out);
/* The text of the period that a use of a figure in `period` is of; FALSE: there is none. */
gboolean pack_period_of(const char *period, IndicatorShift shift, char out[11]);

typedef struct {
    const char *title_zh, *title_en, *text_zh, *text_en; /* text: NULL, or with {places} of indicators */
    const gsize *indicators;                             /* of the pack */
    gsize n_indicators;
    const char *by; /* "org", "org_tree", "area"; NULL: all together */
    gboolean before, year_on_year;
} PackSection;
typedef struct {
    const char *id, *title_zh, *title_en;
    IndicatorPeriod period;
    const char *const *audience; /* roles, NULL-ended */
    const PackSection *sections;
    gsize n_sections;
} PackReport;
gsize pack_reports(const Pack *pack);
const PackReport *pack_report_at(const Pack *pack, gsize i);
const PackReport *pack_report(const Pack *pack, const char *id); /* NULL when unknown */
const char *pack_period_word(IndicatorPeriod period);            /* "day", "month" ... */

typedef struct {
    const char *id, *channel, *receiver; /* receiver: role, "resident", or "unit" */
    const char *text_zh, *text_en;       /* with {field} places of open fields, {number}, {link} */
} PackNotice;
const PackNotice *pack_notice(const Pack *pack, const char *id);

typedef struct {
    const char *id, *title_zh, *title_en;
    const char *who;  /* "resident", who gets a one-time link, or a role */
    const char *name; /* text field printed below the line; NULL: of a role the user's name */
} PackSigner;
typedef struct {                                                  /* documents/<id>.yaml */
    const char *id, *title_zh, *title_en, *issuer_zh, *issuer_en; /* issuer NULL: none */
    gboolean report, in_order;                                    /* style: report; order: listed */
    int retention;       /* years after the case is closed; 0: permanent. 国家档案局令第8号 (2006) */
    const char *purpose; /* of access.yaml; NULL: the text names no private field */
    const PaperBody *body;
    const char *const *fields; /* pack fields the text and signers name, each once, NULL-ended */
    const PackSigner *signers;
    gsize n_signers;
} PackDocument;
gsize pack_documents(const Pack *pack);
const PackDocument *pack_document_at(const Pack *pack, gsize i);
const PackDocument *pack_document(const Pack *pack, const char *id); /* NULL when unknown */

typedef struct { /* access.yaml, one line; see GuardRule, into which the loop turns it */
    const char *role, *purpose, *purpose_zh, *purpose_en, *basis, *scope; /* scope: unit, org, all */
    gboolean open_only;
    const char *const *full, *const *partial, *const *existence;
} PackAccess;
gsize pack_access(const Pack *pack);
const PackAccess *pack_access_at(const Pack *pack, gsize i);

/* The notice that goes out when rung number `rung` (0-based) of a clock fires; NULL: none. */
const char *pack_rung_notice(const Pack *pack, const char *clock, int rung);

/* ms an invitation stays open, which is the budget of the clock named "rating"; 0: the service is not rated.
 */
gint64 pack_rating_window(const Pack *pack);
const BaseCalendar *pack_calendar(const Pack *pack, const char *id);
/* Other days for every calendar of the pack, as base_calendar_set_days: the only thing about a pack that may
 * change, and readers need not wait. */
void pack_set_days(Pack *pack, const BaseDays *days);
/* All the console needs to show and use the pack, as JSON text made once; the pack's own. No access rules:
 * { id, version, prefix, title_zh, title_en, rated,
 *   states: [{id, title_zh, title_en, final, kind, parent?, initial?, suspended?, on_entry?, on_exit?,
 * on_initial?}], kind: plain compound parallel final shallow deep (history); final: of the whole events:
 * [{id, title_zh, title_en}], transitions: [{from, to, targets?, event, events?, internal?, guard, roles:
 * [role], needs: [field], form, does: [[verb, what?, which?]]}], from null: any open state; to null: stays;
 * event "auto": as soon as the guard holds; does: as written; tasks: [{id, role, title_zh, title_en}],
 * clocks: [{id, title_zh, title_en, resident, budget, measure, rungs: [percent], run_in: [state]}],  budget:
 * ms fields: [{id, title_zh, title_en, type, class, list, max_length, min, max}],       type: text int real
 * bool time lists: {list: [{code, title_zh, title_en}]}, indicators: [{id, title_zh, title_en, unit_zh,
 * unit_en, kind, target, higher_is_better, when, num, den, p, expr, empty, excluded: [{id, when, reason_zh,
 * reason_en}], uses: [{of, shift}], parts: [{of, weight, full, zero}]}],                              shift:
 * same, period_before, year_before reports: [{id, title_zh, title_en, period, audience: [role]}], mappings:
 * [{id, title_zh, title_en, fields: [target]}], plans: [{id, title_zh, title_en, rule, at, from, until,
 * calendar, move, missed, grace, mapping}], until, calendar, grace null: none said forms: {id: JSON Schema
 * with x-layout, x-help, x-show-if}, decisions: [{id, title_zh, title_en, hit, inputs: [text], outputs:
 * [name], collect: {name: by}, gap: bool, rows: [{cells: [text], when: text, set: {name: value}}], default:
 * {name: value}}], a table has inputs and cells, other rows `when` (null: always); default null: none;
 *     one that chooses from a register has no rows but from, when, order: [text], takes: {name: field}
 *   purposes: [{id, title_zh, title_en, roles: [role]}],
 *   documents: [{id, title_zh, title_en, signers: [{id, title_zh, title_en}]}] } */
const char *pack_console_json(const Pack *pack);
/* What the page of a service tells besides; caller frees. Made for each asking:
 * { files: {name: tree}, as they count (what traits made of them in place), of pack.yaml, clocks.yaml,
 *     access.yaml, notices.yaml, reports.yaml and others that the above does not hold; docs/packs.md has
 *     their keys. traits, registers: [as written] or absent, scenarios: [{file, title_zh, title_en, steps}],
 *   words: {condition: [zh, en]} of every condition that can be put plainly, as pack_words does } */
char *pack_about_json(const Pack *pack);

/* Texts for people: state, event and clock titles (zh or en); the id itself when the pack gives none. */
const char *pack_state_title(const Pack *pack, const char *state, const char *lang);
const char *pack_event_title(const Pack *pack, const char *event, const char *lang);
const char *pack_clock_title(const Pack *pack, const char *clock, const char *lang);
const char *pack_task_title(const Pack *pack, const char *task, const char *lang);

/* Is `after` a pure addition to `before` (texts, new codes, new fields, new notices, new figures, whatever
 * concerns only cases to come)? Then running cases may take it over at once. FALSE: *why (caller frees) says
 * what is another. */
gboolean pack_additive(const Pack *before, const Pack *after, char **why);

/* A condition in words when it is made of simple comparisons ("满意度 ≤ 2"), else as written; caller frees.
 */
char *pack_words(const Pack *pack, const char *condition, const char *lang);
/* The procedure as a drawing, placed; refs of edges are "from>to" and the events that lead there ("*>to":
 * from any; no event: by itself). A state shows the clocks that list it and the tasks that are in hand there;
 * their lines' ref is the clock's or task's id, their name its title. Caller frees. */
Draw *pack_diagram(const Pack *pack, const char *lang);
char *pack_diagram_svg(const Pack *pack, const char *lang); /* with heading and legend; caller frees */

/* ---- scenarios/<name>.yaml, run against the pure engines (no store): events in; states, clocks, tasks,
 * notices, figures out. Texts are the pack's own. ---- */
typedef struct { /* as written; NULL: not said. The first step is the signal, the last (without `at`) the
                  * figures at the end. */
    const char *at, *event, *by, *refused;
    GPtrArray *failures; /* char *: "scenarios/a.yaml:5:12: wanted ..., got ..."; empty: all as wanted */
} PackStep;
typedef struct {
    const char *file, *title_zh, *title_en;
    GArray *steps; /* of PackStep; only the signal when that was not taken */
    gboolean ok;
} PackScenarioResult;
gsize pack_scenarios(const Pack *pack);
/* Any thread. At most 20,000 rungs and expiries pass in one. */
PackScenarioResult *pack_scenario_run(const Pack *pack, gsize i);
PackScenarioResult *pack_scenario_named(const Pack *pack, gsize i); /* not run: no steps */
void pack_scenario_result_free(PackScenarioResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackScenarioResult, pack_scenario_result_free)
/* All of a folder: appends "file: ok" or the failures; FALSE when one fails or the pack is refused. */
gboolean pack_run_scenarios(const char *folder, GPtrArray *lines, GError **error);
