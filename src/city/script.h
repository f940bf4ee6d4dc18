/* script.h - how a service is played in a city that does not exist: data/city/<service>.yaml, read and held
 * against the service itself.
 *
 * A script says which signals come in on a day (`signals`) and what people do next when a case stands in a
 * state (`habits`); src/city/README.md lists its keys. What the service could never do is refused when the
 * script is read: states, events, roles, fields, codes, columns it does not have, an event that nobody of
 * that role can bring there, or without a field it needs. Every refusal says file:line:column, what, and a
 * hint. Threads: a script is read-only. Cost: under 20 ms. */
#pragma once
#include "base/chance.h"
#include "pack/pack.h"

#define SCRIPT_ERROR (g_quark_from_static_string("script"))
enum { SCRIPT_ERROR_READ, SCRIPT_ERROR_YAML, SCRIPT_ERROR_MEANING };

#define SCRIPT_MOST 100000 /* signals of a day; a weight; list entries are far fewer */

/* ---- what is drawn anew each time ---- */
typedef enum {
    SCRIPT_ONE,     /* one of some values, by weight; a constant is the only one */
    SCRIPT_RANGE,   /* a whole number, evenly */
    SCRIPT_NUMBER,  /* the running number of the signal in a text with {n} */
    SCRIPT_PERSON,  /* an invented name */
    SCRIPT_PHONE,   /* an invented number, 12x */
    SCRIPT_COMPANY, /* an invented company name */
} ScriptKind;
typedef struct {
    json_t *value;
    guint weight;
} ScriptOption;
typedef struct {
    char *name; /* of the field or column */
    ScriptKind kind;
    GArray *options; /* ScriptOption */
    gint64 from, to;
    char *pattern;
} ScriptValue;
json_t *script_draw(const ScriptValue *value, BaseChance *chance, guint64 running); /* new reference */
char *script_say(const ScriptValue *value, BaseChance *chance, guint64 running); /* as text; caller frees */
/* One of these weights (guint, `stride` bytes apart), by index; their sum is not 0. */
gsize script_pick(BaseChance *chance, const guint *weights, gsize n, gsize stride);

/* ---- what comes in ---- */
typedef struct {
    guint weight;
    char *category;
    GPtrArray *texts; /* char * */
    GArray *columns;  /* ScriptValue, instead of those of all */
} ScriptMatter;
typedef struct {
    guint weight;
    char *name;
} ScriptChannel;
typedef struct { /* many see one thing: signals a few hundred metres apart */
    char *category, *channel, *text;
    guint signals, at_min, within_min; /* minutes after midnight; how long they go on */
} ScriptStorm;
typedef struct {
    char *mapping;
    guint day;          /* signals of an ordinary day */
    guint year, before; /* of a whole year, and of the one before it; 0: none */
    gboolean office;    /* 8:30 to 17:30 of working days; else by the day's curve */
    GArray *channels, *columns, *matters, *storms;
} ScriptSignals;

/* ---- what people do ---- */
typedef struct {
    guint weight;
    char *state, *by, *event, *sign; /* neither event nor document: nobody acts, and a clock decides */
    double least, most;              /* minutes; a unit's "arrive" adds its way */
    Rule *when;                      /* NULL: always */
    GArray *with;                    /* ScriptValue */
} Habit;

/* How column `i` is drawn for signals of this matter. */
const ScriptValue *script_column(const ScriptSignals *signals, const ScriptMatter *matter, guint i);

typedef struct Script Script;
/* The script of a service; `name` stands before its refusals. */
Script *script_parse(const char *name, const char *text, gsize length, const Pack *pack, GError **error);
/* <folder>/<service>.yaml; NULL without error: there is none, and the service is not played. */
Script *script_load(const char *folder, const Pack *pack, GError **error);
void script_free(Script *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Script, script_free)
const Pack *script_pack(const Script *script);
const ScriptSignals *script_signals(const Script *script); /* NULL: none come in by themselves */
/* Does the transition await the event, as written or by "e.*" or "*"? */
gboolean script_takes(const FlowTransition *t, const char *event);
const Habit *script_habits(const Script *script, const char *state, gsize *n); /* NULL and 0: none */

/* The columns every drawn table has, then those of the script; NULL-ended, the script's own. */
#define SCRIPT_COLUMNS 10
extern const char *const script_columns[SCRIPT_COLUMNS];
