/* shapes.c - the shapes of a pack's files. docs/packs.md says what each key means. */
#include "pack/schema.h"
#include "pack/table.h"
#include <string.h>

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define KEYS(...) ((const PackShapeKey[]){ __VA_ARGS__, { NULL } })
#define OBJECT(...)                                                                                          \
    {                                                                                                        \
        .kind = PACK_SHAPE_OBJECT, .keys = KEYS(__VA_ARGS__)                                                 \
    }
#define LIST_OF(shape)                                                                                       \
    {                                                                                                        \
        .kind = PACK_SHAPE_LIST, .of = &(shape)                                                              \
    }
#define MAP_OF(shape)                                                                                        \
    {                                                                                                        \
        .kind = PACK_SHAPE_MAP, .of = &(shape)                                                               \
    }
#define WORD(...)                                                                                            \
    {                                                                                                        \
        .kind = PACK_SHAPE_WORD, .words = WORDS(__VA_ARGS__)                                                 \
    }

static const PackShape text = { .kind = PACK_SHAPE_TEXT };
static const PackShape title = { .kind = PACK_SHAPE_TEXT, .max = 120 };
static const PackShape condition = { .kind = PACK_SHAPE_TEXT, .max = 4000 };
static const PackShape id = { .kind = PACK_SHAPE_ID };
static const PackShape integer = { .kind = PACK_SHAPE_INT };
static const PackShape number = { .kind = PACK_SHAPE_NUMBER };
static const PackShape boolean = { .kind = PACK_SHAPE_BOOL };
static const PackShape scalar = { .kind = PACK_SHAPE_SCALAR };
static const PackShape texts = { .kind = PACK_SHAPE_TEXTS };
static const PackShape ids = LIST_OF(id);
static const PackShape scalars = MAP_OF(scalar);
static const PackShape titles = OBJECT({ "zh", &title, TRUE }, { "en", &title, TRUE });
static const PackShape titled = MAP_OF(titles);

/* ---- pack.yaml ---- */
static const PackShape law =
    OBJECT({ "document", &text, TRUE }, { "number", &text }, { "article", &text }, { "for", &text });
static const PackShape laws = LIST_OF(law);
static const PackShape prefix = { .kind = PACK_SHAPE_TEXT, .max = 8 };
static const PackShape party =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "contact", &id });
static const PackShape parties = LIST_OF(party);
static const PackShape pack_yaml =
    OBJECT({ "id", &id, TRUE }, { "title", &titles, TRUE }, { "owner", &titles, TRUE },
           { "prefix", &prefix, TRUE }, { "roles", &ids, TRUE }, { "title_field", &id }, { "contact", &id },
           { "utc_offset", &text }, { "law", &laws, TRUE }, { "parties", &parties });

/* ---- types.yaml ---- */
static const PackShape code = OBJECT({ "code", &text, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE });
static const PackShape codes = LIST_OF(code);
static const PackShape lists = MAP_OF(codes);
static const PackShape field_type = WORD("text", "int", "real", "bool", "time");
static const PackShape field_class = WORD("open", "private");
static const PackShape field =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "type", &field_type, TRUE },
           { "class", &field_class, TRUE }, { "list", &id }, { "min", &integer }, { "max", &integer });
static const PackShape fields = LIST_OF(field);
static const PackShape register_field =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "type", &field_type, TRUE },
           { "list", &id }, { "min", &integer }, { "max", &integer });
static const PackShape register_fields = LIST_OF(register_field);
static const PackShape reg =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "key", &id, TRUE },
           { "keeper", &id, TRUE }, { "fields", &register_fields, TRUE });
static const PackShape registers = LIST_OF(reg);
static const PackShape types_yaml =
    OBJECT({ "lists", &lists }, { "fields", &fields, TRUE }, { "registers", &registers });

/* ---- intake.yaml ---- */
static const PackShape as = WORD("text", "time", "int", "real", "bool", "lat", "lon");
static const PackShape map_line =
    OBJECT({ "to", &id, TRUE }, { "from", &texts }, { "as", &as }, { "pattern", &text }, { "map", &scalars },
           { "default", &scalar }, { "required", &boolean }, { "optional", &boolean });
static const PackShape map_lines = LIST_OF(map_line);
static const PackShape mapping =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "channel", &text },
           { "ref", &texts }, { "fields", &map_lines, TRUE }, { "decide", &ids }, { "form", &id },
           { "public", &boolean }, { "open311", &boolean });
static const PackShape mappings = LIST_OF(mapping);
static const PackShape intake_yaml = OBJECT({ "mappings", &mappings, TRUE });

/* ---- plans.yaml ---- */
static const PackShape move = WORD("none", "next_workday", "previous_workday", "skip");
static const PackShape missed = WORD("open_late", "note");
static const PackShape plan =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "rule", &text, TRUE },
           { "at", &text, TRUE }, { "from", &text, TRUE }, { "until", &text }, { "calendar", &id },
           { "move", &move }, { "missed", &missed }, { "grace", &text }, { "mapping", &id, TRUE },
           { "signal", &scalars, TRUE });
static const PackShape plans = { .kind = PACK_SHAPE_LIST, .of = &plan, .min = 1, .max = 50 };
static const PackShape plans_yaml = OBJECT({ "plans", &plans, TRUE });

/* ---- procedure.yaml ---- */
static const PackShape states;
static const PackShape history = WORD("shallow", "deep");
static const PackShape state =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "final", &boolean },
           { "states", &states }, { "parallel", &boolean }, { "initial", &text }, { "history", &history },
           { "suspended", &boolean }, { "on_entry", &condition }, { "on_exit", &condition },
           { "on_initial", &condition });
static const PackShape states = LIST_OF(state);
static const PackShape task =
    OBJECT({ "id", &id, TRUE }, { "role", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE });
static const PackShape tasks = LIST_OF(task);
static const PackShape transitions = LIST_OF(condition);
static const PackShape trait = { .kind = PACK_SHAPE_USE };
static const PackShape traits = LIST_OF(trait);
static const PackShape line_order = WORD("first");
static const PackShape procedure_yaml =
    OBJECT({ "states", &states, TRUE }, { "tasks", &tasks }, { "events", &titled, TRUE },
           { "transitions", &transitions, TRUE }, { "traits", &traits }, { "order", &line_order });

/* ---- clocks.yaml ---- */
static const PackShape season =
    OBJECT({ "from", &text, TRUE }, { "to", &text, TRUE }, { "shifts", &texts, TRUE });
static const PackShape seasons = {
    .kind = PACK_SHAPE_LIST, .of = &season, .min = 1, .max = BASE_MAX_SEASONS
};
static const PackShape day_is = WORD("off", "work");
static const PackShape own_day =
    OBJECT({ "date", &text, TRUE }, { "is", &day_is, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE });
static const PackShape own_days = LIST_OF(own_day);
static const PackShape calendar =
    OBJECT({ "shifts", &texts }, { "seasons", &seasons }, { "days", &own_days });
static const PackShape calendars = MAP_OF(calendar);
static const PackShape percent = { .kind = PACK_SHAPE_INT, .min = 1, .max = 1000 };
static const PackShape rung = OBJECT({ "at", &percent }, { "before", &text }, { "notice", &id });
static const PackShape rungs = LIST_OF(rung);
static const PackShape for_whom = WORD("resident", "handler", "case");
static const PackShape clock_start = WORD("event", "next_day");
static const PackShape clock_end = WORD("exact", "end_of_day", "roll_to_workday");
static const PackShape budget = OBJECT({ "when", &condition, TRUE }, { "budget", &text, TRUE });
static const PackShape budgets = LIST_OF(budget);
static const PackShape times = { .kind = PACK_SHAPE_INT, .min = 1, .max = 20 };
static const PackShape extend = OBJECT({ "max", &times, TRUE }, { "by", &text, TRUE });
static const PackShape limit = OBJECT({ "budget", &text, TRUE }, { "law", &text, TRUE });
static const PackShape clock_line =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "for", &for_whom, TRUE },
           { "budget", &text, TRUE }, { "calendar", &id, TRUE }, { "start", &clock_start },
           { "end", &clock_end }, { "run_in", &ids }, { "rungs", &rungs }, { "on_expiry", &id },
           { "limit", &limit }, { "budgets", &budgets }, { "task", &id }, { "extend", &extend });
static const PackShape clocks = LIST_OF(clock_line);
static const PackShape clocks_yaml = OBJECT({ "calendars", &calendars, TRUE }, { "clocks", &clocks, TRUE });

/* ---- decisions ---- */
static const PackShape hit = WORD("first");
static const PackShape decision_row = OBJECT({ "when", &condition }, { "set", &scalars, TRUE });
static const PackShape decision_rows = LIST_OF(decision_row);
static const PackShape decision =
    OBJECT({ "title", &titles }, { "hit", &hit, TRUE }, { "rows", &decision_rows, TRUE });
static const PackShape choice_set = MAP_OF(id);
static const PackShape choice = OBJECT({ "title", &titles }, { "from", &id, TRUE }, { "when", &condition },
                                       { "order", &ids }, { "set", &choice_set, TRUE });
static const PackShape table_hit = WORD("first", "unique", "collect");
static const PackShape table_inputs = { .kind = PACK_SHAPE_LIST, .of = &condition, .max = PACK_TABLE_INPUTS };
static const PackShape table_outputs = { .kind = PACK_SHAPE_LIST, .of = &id, .max = 16 };
static const PackShape cell = { .kind = PACK_SHAPE_CELL };
static const PackShape cells = LIST_OF(cell);
static const PackShape table_rows = { .kind = PACK_SHAPE_LIST, .of = &cells, .max = PACK_TABLE_ROWS };
static const PackShape collect_by = WORD("list", "sum", "min", "max", "count");
static const PackShape collect = MAP_OF(collect_by);
static const PackShape gap_ok = WORD("ok");
static const PackShape table =
    OBJECT({ "title", &titles }, { "hit", &table_hit, TRUE }, { "inputs", &table_inputs, TRUE },
           { "outputs", &table_outputs, TRUE }, { "collect", &collect }, { "gap", &gap_ok },
           { "default", &cells }, { "rows", &table_rows, TRUE });

/* ---- notices.yaml, indicators.yaml, access.yaml ---- */
static const PackShape notice_text = { .kind = PACK_SHAPE_TEXT, .max = 500 };
static const PackShape channel = WORD("console", "sms", "app", "voice");
static const PackShape notice =
    OBJECT({ "id", &id, TRUE }, { "channel", &channel, TRUE }, { "receiver", &id, TRUE },
           { "zh", &notice_text, TRUE }, { "en", &notice_text, TRUE });
static const PackShape notices = LIST_OF(notice);
static const PackShape notices_yaml = OBJECT({ "notices", &notices, TRUE });

static const PackShape kind = WORD("ratio", "count", "mean", "percentile", "derived", "score");
static const PackShape empty = WORD("none", "zero");
static const PackShape exclusion =
    OBJECT({ "id", &id, TRUE }, { "when", &condition, TRUE }, { "reason", &titles, TRUE });
static const PackShape exclusions = LIST_OF(exclusion);
static const PackShape hundred = { .kind = PACK_SHAPE_INT, .min = 1, .max = 100 };
static const PackShape rank = { .kind = PACK_SHAPE_INT, .min = 1, .max = 99 };
static const PackShape score_part = OBJECT({ "of", &id, TRUE }, { "weight", &hundred, TRUE },
                                           { "full", &scalar, TRUE }, { "zero", &number, TRUE });
static const PackShape score_parts = LIST_OF(score_part);
static const PackShape indicator = OBJECT(
    { "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE }, { "kind", &kind, TRUE },
    { "when", &condition }, { "num", &condition }, { "den", &condition }, { "p", &rank },
    { "expr", &condition }, { "parts", &score_parts }, { "excluded", &exclusions }, { "empty", &empty },
    { "unit", &titles, TRUE }, { "target", &number }, { "higher_is_better", &boolean });
static const PackShape indicators = LIST_OF(indicator);
static const PackShape indicators_yaml = OBJECT({ "indicators", &indicators, TRUE });

static const PackShape report_period = WORD("day", "month", "quarter", "half_year", "year");
static const PackShape report_by = WORD("none", "org", "org_tree", "area");
static const PackShape compared = WORD("before", "year_on_year");
static const PackShape compare = LIST_OF(compared);
static const PackShape long_text = { .kind = PACK_SHAPE_TEXT, .max = 2000 };
static const PackShape section_text = OBJECT({ "zh", &long_text, TRUE }, { "en", &long_text, TRUE });
static const PackShape section =
    OBJECT({ "title", &titles, TRUE }, { "indicators", &ids, TRUE }, { "by", &report_by },
           { "compare", &compare }, { "text", &section_text });
static const PackShape sections = LIST_OF(section);
static const PackShape report =
    OBJECT({ "id", &id, TRUE }, { "zh", &title, TRUE }, { "en", &title, TRUE },
           { "period", &report_period, TRUE }, { "audience", &ids, TRUE }, { "sections", &sections, TRUE });
static const PackShape reports = LIST_OF(report);
static const PackShape reports_yaml = OBJECT({ "reports", &reports, TRUE });

static const PackShape scope = WORD("unit", "org", "all");
static const PackShape access_rule = OBJECT(
    { "role", &id, TRUE }, { "purpose", &id, TRUE }, { "basis", &text, TRUE }, { "scope", &scope, TRUE },
    { "open_only", &boolean }, { "full", &ids }, { "partial", &ids }, { "existence", &ids });
static const PackShape access_rules = LIST_OF(access_rule);
static const PackShape access_yaml = OBJECT({ "purposes", &titled, TRUE }, { "rules", &access_rules, TRUE });

/* ---- documents ---- */
static const PackShape document_text = { .kind = PACK_SHAPE_TEXT, .max = 20000 };
static const PackShape document_style = WORD("letter", "report");
static const PackShape sign_order = WORD("any", "listed");
/* 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第8号, 2006), art. 6 */
static const PackShape retention = WORD("permanent", "30 year", "10 year");
static const PackShape signer =
    OBJECT({ "id", &id, TRUE }, { "title", &titles, TRUE }, { "who", &id, TRUE }, { "name", &id });
static const PackShape signers = { .kind = PACK_SHAPE_LIST, .of = &signer, .max = 8 };
static const PackShape document =
    OBJECT({ "title", &titles, TRUE }, { "issuer", &titles }, { "style", &document_style },
           { "retention", &retention, TRUE }, { "purpose", &id }, { "signers", &signers },
           { "order", &sign_order }, { "text", &document_text, TRUE });

/* ---- scenarios ---- */
static const PackShape pair = { .kind = PACK_SHAPE_LIST, .of = &integer, .min = 2, .max = 2 };
static const PackShape figures = MAP_OF(pair);
static const PackShape counts = MAP_OF(integer);
static const PackShape counts_by_id = MAP_OF(counts);
static const PackShape words_by_id = MAP_OF(text);
static const PackShape names = { .kind = PACK_SHAPE_TEXTS };
static const PackShape said = MAP_OF(names);
static const PackShape want =
    OBJECT({ "state", &text }, { "tasks", &words_by_id }, { "clocks", &words_by_id }, { "due", &words_by_id },
           { "notices", &names }, { "engines", &names }, { "fired", &names }, { "facts", &scalars },
           { "rated", &boolean }, { "documents", &names }, { "signs", &names }, { "paper", &said },
           { "org", &text });
static const PackShape refused = WORD("not_awaited", "role", "guard", "task", "fields", "clock", "loop");
static const PackShape event = { .kind = PACK_SHAPE_TEXT, .max = 130 }; /* "signed.agreement" */
static const PackShape step =
    OBJECT({ "at", &text, TRUE }, { "do", &event }, { "by", &id }, { "actor", &text }, { "actor_org", &text },
           { "children", &pair }, { "with", &scalars }, { "unit", &text }, { "refused", &refused },
           { "want", &want });
static const PackShape steps = LIST_OF(step);
static const PackShape opening = OBJECT({ "mapping", &id }, { "plan", &id }, { "at", &text, TRUE },
                                        { "data", &scalars }, { "want", &want });
static const PackShape entries = LIST_OF(scalars);
static const PackShape entries_by_register = MAP_OF(entries);
static const PackShape scenario =
    OBJECT({ "title", &titles, TRUE }, { "signal", &opening, TRUE }, { "steps", &steps, TRUE },
           { "figures", &figures }, { "values", &scalars }, { "excluded", &counts_by_id },
           { "registers", &entries_by_register });

static const struct {
    const char *name;
    const PackShape *shape;
} files[] = {
    { "pack.yaml", &pack_yaml },
    { "types.yaml", &types_yaml },
    { "intake.yaml", &intake_yaml },
    { "procedure.yaml", &procedure_yaml },
    { "clocks.yaml", &clocks_yaml },
    { "notices.yaml", &notices_yaml },
    { "indicators.yaml", &indicators_yaml },
    { "reports.yaml", &reports_yaml },
    { "access.yaml", &access_yaml },
    { "plans.yaml", &plans_yaml },
};

const char *const pack_required_files[] = { "pack.yaml",   "types.yaml",  "procedure.yaml",
                                            "clocks.yaml", "access.yaml", NULL };

const PackShape *pack_shape_of(const char *file_name, const json_t *tree)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        if (strcmp(files[i].name, file_name) == 0) {
            return files[i].shape;
        }
    }
    if (g_str_has_prefix(file_name, "decisions/")) {
        return json_object_get(tree, "from") ? &choice : json_object_get(tree, "inputs") ? &table : &decision;
    }
    if (g_str_has_prefix(file_name, "documents/")) {
        return &document;
    }
    return g_str_has_prefix(file_name, "scenarios/") ? &scenario : NULL;
}
