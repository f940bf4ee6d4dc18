/* Each row breaks one thing of the smallest sound pack; the linter must say what, and exactly where. */
#include "pack/mini_pack.h"
#include "pack/pack.h"

typedef struct {
    const char *name, *file, *find, *put; /* see mini_write */
    const char *where, *what;             /* the refusal begins with `where`, holds `what` */
    const char *rule;                     /* and ends with this rule of rules.def */
} Broken;

static const Broken yaml[] = {
    /* clang-format off */
    { "not yaml",            "pack.yaml", "{zh: 小", "{zh: [小", "pack.yaml:2:", "", "file.yaml" },
    { "an anchor",           "pack.yaml", "id: mini", "id: &x mini", "pack.yaml:1:5:", "anchors", "file.yaml" },
    { "an alias",            "pack.yaml", "prefix: MN", "prefix: *x", "pack.yaml:4:9:", "aliases", "file.yaml" },
    { "a tag",               "pack.yaml", "prefix: MN", "prefix: !!str MN", "pack.yaml:4:9:", "tags", "file.yaml" },
    { "a merge key",         "pack.yaml", "prefix: MN", "prefix: MN\n<<: {a: b}", "pack.yaml:5:1:", "merge", "file.yaml" },
    { "a key twice",         "pack.yaml", "prefix: MN", "prefix: MN\nprefix: NM", "pack.yaml:5:1:", "twice", "file.yaml" },
    { "a list as key",       "pack.yaml", "prefix: MN", "prefix: MN\n? [a]\n: b", "pack.yaml:5:3:", "key must be one text", "file.yaml" },
    { "two documents",       "pack.yaml", "prefix: MN", "prefix: MN\n---\na: b", "pack.yaml:5:1:", "several documents", "file.yaml" },
    { "a directive",         "pack.yaml", "id: mini", "%YAML 1.1\n---\nid: mini", "pack.yaml:1:1:", "directives", "file.yaml" },
    { "an empty file",       "pack.yaml", NULL, "# nothing\n", "pack.yaml:", "empty", "file.yaml" },
    { "one text",            "pack.yaml", NULL, "hello\n", "pack.yaml:1:1:", "must be an object", "file.yaml" },
    { "bad bytes",           "pack.yaml", "Mini", "\xff", "pack.yaml:2:20:", "not UTF-8", "file.yaml" },
    { "a huge number",       "pack.yaml", "prefix: MN", "prefix: 99999999999999999999", "pack.yaml:4:9:", "range", "file.yaml" },
    /* clang-format on */
};

static const Broken shape[] = {
    /* clang-format off */
    { "a folder for a file", "decisions/x.yaml/y", NULL, "", "decisions/x.yaml:1:1:", "cannot be read", "file.unread" },
    { "a strange file",      "prosedure.yaml", NULL, "a: b\n", "prosedure.yaml:1:1:", "did you mean procedure.yaml", "file.unknown" },
    { "a missing file",      "access.yaml", NULL, NULL, "access.yaml: ", "this file is missing", "file.missing" },
    { "an unknown key",      "pack.yaml", "prefix: MN", "prefiks: MN", "pack.yaml:4:1:", "did you mean 'prefix'", "shape.key" },
    { "a far key",           "pack.yaml", "prefix: MN", "prefix: MN\nzzzzzz: 1", "pack.yaml:5:1:", "known here: id, title", "shape.key" },
    { "a missing key",       "types.yaml", ", type: int", "", "types.yaml:7:5:", "'type' is missing", "shape.missing" },
    { "a number for text",   "pack.yaml", "MN", "12", "pack.yaml:4:9:", "put it in quotes", "shape.type" },
    { "a list for object",   "pack.yaml", "{zh: 小, en: Mini}", "[小]", "pack.yaml:2:8:", "an object", "shape.type" },
    { "an unknown word",     "types.yaml", "class: private, max", "class: secret, max", "types.yaml:8:55:", "open, private", "shape.word" },
    { "an empty text",       "pack.yaml", "document: 某法", "document: \"\"", "pack.yaml:8:16:", "empty text", "shape.length" },
    { "a long text",         "pack.yaml", "MN", "MNMNMNMNMN", "pack.yaml:4:9:", "at most 8", "shape.length" },
    { "not a name",          "pack.yaml", "id: mini", "id: 1-mini", "pack.yaml:1:5:", "not a name", "shape.name" },
    { "an empty list",       "pack.yaml", "[officer, unit]", "[]", "pack.yaml:5:8:", "0 items", "shape.items" },
    { "an integer too big",  "clocks.yaml", "{at: 100}", "{at: 5000}", "clocks.yaml:4:103:", "from 1 to 1000", "shape.range" },
    /* clang-format on */
};

static const Broken meaning[] = {
    /* clang-format off */
    { "offset",              "pack.yaml", "prefix: MN", "prefix: MN\nutc_offset: China", "pack.yaml:5:13:", "+08:00", "pack.offset" },
    { "offset, signed twice", "pack.yaml", "prefix: MN", "prefix: MN\nutc_offset: \"+-0:30\"", "pack.yaml:5:13:", "+08:00", "pack.offset" },
    { "title field",         "pack.yaml", "title_field: kind", "title_field: phone", "pack.yaml:6:14:", "code list", "pack.title_field" },
    { "contact, open",       "pack.yaml", "title_field: kind", "title_field: kind\ncontact: kind", "pack.yaml:7:10:", "private text field", "pack.contact" },
    { "contact, unknown",    "pack.yaml", "title_field: kind", "title_field: kind\ncontact: fone", "pack.yaml:7:10:", "private text field", "pack.contact" },
    { "party like a role",   "pack.yaml", "title_field: kind", "title_field: kind\nparties: [{id: officer, zh: 甲, en: A}]", "pack.yaml:7:16:", "a role or party already", "pack.party" },
    { "code twice",          "types.yaml", "code: b", "code: a", "types.yaml:4:14:", "stands twice", "name.twice" },
    { "field twice",         "types.yaml", "id: phone", "id: kind", "types.yaml:8:10:", "stands twice", "name.twice" },
    { "field like a fact",   "types.yaml", "id: phone", "id: minutes", "types.yaml:8:10:", "a fact that every case has", "name.field" },
    { "field in capitals",   "types.yaml", "id: phone", "id: Phone", "types.yaml:8:10:", "lower-case", "name.field" },
    { "field a word of SQL", "types.yaml", "id: kind, zh", "id: desc, zh", "types.yaml:6:10:", "word of SQL", "name.field" },
    { "no such list",        "types.yaml", "list: kind", "list: kinds", "types.yaml:6:65:", "no list 'kinds'", "known.list" },
    { "list on an int",      "types.yaml", "type: int", "type: int, list: kind", "types.yaml:7:45:", "type text", "field.list" },
    { "min above max",       "types.yaml", "min: 1", "min: 9", "types.yaml:7:68:", "above", "field.limits" },
    { "no such target",      "intake.yaml", "to: phone", "to: fone", "intake.yaml:8:14:", "no field 'fone'", "known.field" },
    { "filled twice",        "intake.yaml", "to: phone", "to: kind", "intake.yaml:7:7:", "filled twice", "name.twice" },
    { "no source",           "intake.yaml", "{to: phone, from: phone}", "{to: phone}", "intake.yaml:8:14:", "neither", "mapping.source" },
    { "read as another",     "intake.yaml", "from: phone}", "from: phone, as: int}", "intake.yaml:8:38:", "read as text", "mapping.as" },
    { "a broken pattern",    "intake.yaml", "from: phone}", "from: phone, pattern: '('}", "intake.yaml:8:43:", "", "mapping.pattern" },
    { "two captures",        "intake.yaml", "from: phone}", "from: phone, pattern: '(a)(b)'}", "intake.yaml:8:43:", "2 captures", "mapping.pattern" },
    { "map to no code",      "intake.yaml", "required: true}", "map: {X: z}}", "intake.yaml:7:41:", "not a code", "known.code" },
    { "default no code",     "intake.yaml", "required: true}", "default: z}", "intake.yaml:7:41:", "not a code", "known.code" },
    { "no service told",     "intake.yaml", "channel: call", "channel: call\n    open311: true", "intake.yaml:6:14:", "nothing tells the service", "open311.service" },
    { "service of no list",  "intake.yaml", "channel: call", "channel: call\n    open311: true\n    ref: [service_code]", "intake.yaml:6:14:", "nothing tells the service", "open311.service" },
    { "two services told",   "intake.yaml", "channel: call\n", "channel: call\n    open311: true\n    fields: [{to: kind, from: service_code, required: true}]\n  - id: other\n    zh: 乙\n    en: Y\n    channel: call\n    open311: true\n", "intake.yaml:", "a pack has one", "open311.service" },
    { "no channel",          "intake.yaml", "    channel: call\n", "", "intake.yaml:2:9:", "no channel", "mapping.channel" },
    { "no such decision",    "intake.yaml", "[send]", "[sent]", "intake.yaml:9:14:", "decisions/sent.yaml", "known.decision" },
    { "condition",           "decisions/send.yaml", "kind = 'a'", "kind ~ 'a'", "decisions/send.yaml:3:12:", "column", "condition.sound" },
    { "unknown column",      "decisions/send.yaml", "kind = 'a'", "kinds = 'a'", "decisions/send.yaml:3:12:", "kinds", "condition.sound" },
    { "always too early",    "decisions/send.yaml", "when: \"kind = 'a'\", ", "", "decisions/send.yaml:3:11:", "always holds", "decision.last" },
    { "level out of range",  "decisions/send.yaml", "level: 1", "level: 9", "decisions/send.yaml:3:47:", "1 (most urgent) to 4", "decision.output" },
    { "output unknown",      "decisions/send.yaml", "{org: Y}", "{orgs: Y}", "decisions/send.yaml:4:12:", "no field 'orgs'", "known.field" },
    { "output no code",      "decisions/send.yaml", "{org: Y}", "{kind: z}", "decisions/send.yaml:4:18:", "not a code", "decision.output" },
    { "transition text",     "procedure.yaml", "finish [", "finish (", "procedure.yaml:11:5:", "column", "flow.line" },
    { "guard",               "procedure.yaml", "minutes > 1", "minutes > 'x'", "procedure.yaml:11:5:", "column", "flow.line" },
    { "unknown role",        "procedure.yaml", "by unit /", "by units /", "procedure.yaml:11:5:", "role 'units'", "known.role" },
    { "task of nobody",      "procedure.yaml", "role: unit", "role: ghost", "procedure.yaml:5:22:", "role 'ghost'", "known.role" },
    { "a task of the idle",  "procedure.yaml", "role: unit", "role: officer", "procedure.yaml:5:22:", "could never be done", "role.idle" },
    { "unknown notice",      "procedure.yaml", "notice(told)", "notice(tell)", "procedure.yaml:11:5:", "no notice 'tell'", "known.notice" },
    { "unknown field needed", "procedure.yaml", "notice(told)", "needs(foo)", "procedure.yaml:11:5:", "needs(foo)", "known.field" },
    { "unknown assignment",  "procedure.yaml", "notice(told)", "assign(foo)", "procedure.yaml:11:5:", "decisions/foo.yaml", "known.decision" },
    { "unknown engine",      "procedure.yaml", "notice(told)", "engine(magic, go)", "procedure.yaml:11:5:", "magic.go", "known.call" },
    { "a fact set",          "procedure.yaml", "notice(told)", "set(level, 1)", "procedure.yaml:11:5:", "a fact", "flow.set" },
    { "rate without clock",  "procedure.yaml", "notice(told)", "rate", "procedure.yaml:11:5:", "clock 'rating'", "flow.rate" },
    { "event untitled",      "procedure.yaml", "  finish: {", "  finis: {", "procedure.yaml:11:5:", "no title", "flow.untitled" },
    { "event unused",        "procedure.yaml", "  finish: {", "  more: {zh: 多, en: More}\n  finish: {", "procedure.yaml:8:3:", "moves nothing", "flow.event_unused" },
    { "a state not reached", "procedure.yaml", "  - {id: done", "  - {id: lost, zh: 失, en: Lost}\n  - {id: done", "procedure.yaml:3:5:", "reach state lost", "flow.unreached" },
    { "no clock runs",       "procedure.yaml", ", start(limit)", "", "clocks.yaml:4:5:", "never started", "clock.never_started" },
    { "state twice",         "procedure.yaml", "id: done", "id: new", "procedure.yaml:3:5:", "new", "flow.state" },
    { "budget",              "clocks.yaml", "2 hour", "2 fortnight", "clocks.yaml:4:57:", "workday", "clock.budget" },
    { "calendar",            "clocks.yaml", "calendar: day", "calendar: night", "clocks.yaml:4:75:", "no calendar 'night'", "known.calendar" },
    { "shift",               "clocks.yaml", "day: {}", "day: {shifts: [\"9-12\"]}", "clocks.yaml:2:17:", "shift 1", "calendar.shift" },
    { "shift, signed",       "clocks.yaml", "day: {}", "day: {shifts: [\"9:00--1:00\"]}", "clocks.yaml:2:17:", "shift 1", "calendar.shift" },
    { "shift past midnight", "clocks.yaml", "day: {}", "day: {shifts: [\"9:00-24:01\"]}", "clocks.yaml:2:17:", "shift 1", "calendar.shift" },
    { "season without hours", "clocks.yaml", "day: {}", "day: {seasons: [{from: 06-01, to: 09-30, shifts: [\"8:00-12:00\"]}]}", "clocks.yaml:2:9:", "shifts first", "calendar.hours" },
    { "a day without hours", "clocks.yaml", "day: {}", "day: {days: [{date: 2026-12-01, is: off, zh: 搬, en: Move}]}", "clocks.yaml:2:9:", "shifts first", "calendar.hours" },
    { "no day of the year",  "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", seasons: [{from: 06-31, to: 09-30, shifts: [\"8:00-12:00\"]}]}", "clocks.yaml:2:48:", "month-day", "calendar.date" },
    { "a season's shift",    "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", seasons: [{from: 06-01, to: 09-30, shifts: [\"12:00-8:00\"]}]}", "clocks.yaml:2:74:", "shift 1", "calendar.shift" },
    { "no date",             "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", days: [{date: 2026-2-1, is: off, zh: 搬, en: Move}]}", "clocks.yaml:2:45:", "not a date", "calendar.date" },
    { "a day twice",         "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", days: [{date: 2026-12-01, is: off, zh: 搬, en: Move}, {date: 2026-12-01, is: work, zh: 补, en: Back}]}", "clocks.yaml:2:91:", "stands twice", "name.twice" },
    { "a task twice",        "procedure.yaml", "events:", "  - {id: work, role: unit, zh: 办, en: Work}\nevents:", "procedure.yaml:6:5:", "there already", "flow.task" },
    { "an action without effect", "procedure.yaml", "notice(told)", "link(x)", "procedure.yaml:11:5:", "no such thing", "flow.action" },
    { "two kinds of state", "procedure.yaml", "final: true", "final: true, parallel: true", "procedure.yaml:3:5:", "more than one of", "flow.kind" },
    { "one region", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, parallel: true, states: [{id: in, zh: 内, en: In}]}", "procedure.yaml:9:1:", "fewer than two regions", "flow.nesting" },
    { "begins elsewhere", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, initial: done, states: [{id: in, zh: 内, en: In}]}", "procedure.yaml:9:1:", "not within new", "flow.nesting" },
    { "a history at the top", "procedure.yaml", "  - {id: done", "  - {id: h, zh: 忆, en: H, history: deep}\n  - {id: done", "procedure.yaml:3:5:", "stands at the top", "flow.state" },
    { "a history nobody wants", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, states: [{id: in, zh: 内, en: In}, {id: h, zh: 忆, en: H, history: deep}]}", "procedure.yaml:2:65:", "nobody goes to history h", "flow.unreached" },
    { "a strange history", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, history: old}", "procedure.yaml:2:40:", "shallow, deep", "shape.word" },
    { "an action on entry", "procedure.yaml", "en: New}", "en: New, on_entry: fly(x)}", "procedure.yaml:2:", "fly is no action", "flow.line" },
    { "an unknown notice on exit", "procedure.yaml", "en: New}", "en: New, on_exit: notice(tell)}", "procedure.yaml:2:", "no notice 'tell'", "known.notice" },
    { "raised for nobody", "procedure.yaml", "notice(told)", "raise(boom)", "procedure.yaml:11:5:", "raise(boom)", "flow.unawaited" },
    { "auto in a circle", "procedure.yaml", "  - \"new -> done", "  - \"new -> new : auto\"\n  - \"new -> done", "procedure.yaml:2:5:", "in a circle", "flow.circle" },
    { "a child of no service", "procedure.yaml", "notice(told)", "child(mimi, json)", "mini/procedure.yaml:11:5:", "did you mean 'mini'", "child.service" },
    { "a child of no mapping", "procedure.yaml", "notice(told)", "child(mini, csv)", "mini/procedure.yaml:11:5:", "no such mapping", "child.mapping" },
    { "a child that starves", "procedure.yaml", "notice(told)", "child(mini, table)", "mini/procedure.yaml:11:5:", "requires 'kind'", "child.fed" },
    { "a role of nobody",    "pack.yaml", "[officer, unit]", "[officer, unit, wizard]", "mini/pack.yaml:5:24:", "role 'wizard' is none of the program's", "role.held" },
    { "what cannot be extended", "procedure.yaml", "notice(told)", "extend(limit)", "procedure.yaml:11:5:", "cannot be extended", "flow.line" },
    { "a budget on nothing", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, budgets: [{when: \"minute > 1\", budget: 1 hour}]", "clocks.yaml:4:", "column 1", "clock.sound" },
    { "a budget in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, budgets: [{when: \"minutes > 1\", budget: 1 workday}]", "clocks.yaml:4:", "unit", "clock.unit" },
    { "a rung of both kinds", "clocks.yaml", "{at: 50}", "{at: 50, before: 1 hour}", "clocks.yaml:4:", "before", "clock.rung" },
    { "a rung in other units", "clocks.yaml", "{at: 50}", "{before: 1 workhour}", "clocks.yaml:4:", "unit", "clock.unit" },
    { "a rung before the start", "clocks.yaml", "{at: 50}", "{before: 3 hour}", "clocks.yaml:4:5:", "would pass before it starts", "clock.sound" },
    { "an extension in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, extend: {max: 1, by: 1 workday}", "clocks.yaml:4:", "unit", "clock.unit" },
    { "a clock of no task", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, task: sleep", "clocks.yaml:4:", "no task", "clock.sound" },
    { "a clock with two masters", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, task: work", "procedure.yaml:10:5:", "alone starts and stops", "flow.line" },
    { "rungs downwards",     "clocks.yaml", "{at: 50}", "{at: 100}", "clocks.yaml:4:104:", "upwards", "clock.rung" },
    { "rung's notice",       "clocks.yaml", "{at: 50}", "{at: 50, notice: x}", "clocks.yaml:4:105:", "no notice 'x'", "known.notice" },
    { "expiry",              "clocks.yaml", "budget", "on_expiry: boom, budget", "clocks.yaml:4:5:", "'boom' moves nothing", "clock.expiry" },
    { "run in nowhere",      "clocks.yaml", "budget", "run_in: [nowhere], budget", "clocks.yaml:4:5:", "nowhere", "clock.sound" },
    { "receiver",            "notices.yaml", "receiver: resident", "receiver: world", "notices.yaml:2:40:", "role 'world'", "known.role" },
    { "unknown place",       "notices.yaml", "{kind}", "{kinds}", "notices.yaml:2:77:", "{kinds}", "known.place" },
    { "open place",          "notices.yaml", "{kind}", "{kind", "notices.yaml:2:77:", "without its }", "text.brace" },
    { "indicator",           "indicators.yaml", "minutes >= 0", "minute >= 0", "indicators.yaml:2:5:", "num", "figure.sound" },
    { "ratio without den",   "indicators.yaml", "kind: count", "kind: ratio", "indicators.yaml:2:33:", "needs `den`", "figure.keys" },
    { "count with den",      "indicators.yaml", "unit:", "den: \"minutes > 0\", unit:", "indicators.yaml:2:87:", "a count has no `den`", "figure.keys" },
    { "count of nothing",    "indicators.yaml", "num: \"minutes >= 0\", ", "", "indicators.yaml:2:33:", "needs `num`", "figure.keys" },
    { "a ratio of nothing",  "indicators.yaml", "kind: count", "kind: ratio, den: \"true\"", "indicators.yaml:2:33:", "say what it is then", "figure.empty" },
    { "a mean of nothing",   "indicators.yaml", "kind: count", "kind: mean", "indicators.yaml:2:33:", "say what it is then", "figure.empty" },
    { "a median of no p",    "indicators.yaml", "kind: count", "kind: percentile", "indicators.yaml:2:33:", "needs `p`", "figure.keys" },
    { "an empty count",      "indicators.yaml", "unit:", "empty: zero, unit:", "indicators.yaml:2:87:", "a count has no `empty`", "figure.keys" },
    { "an exclusion",        "indicators.yaml", "unit:", "excluded: [{id: x, when: \"minute > 0\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:5:", "excluded x: column 1", "figure.sound" },
    { "an exclusion twice",  "indicators.yaml", "unit:", "excluded: [{id: x, when: \"minutes > 0\", reason: {zh: 甲, en: X}}, {id: x, when: \"minutes > 1\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:157:", "'x' stands twice", "name.twice" },
    { "a formula of nothing", "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, expr: \"m / n\", unit: {zh: 件, en: n}}", "indicators.yaml:3:48:", "there is no column m", "figure.sound" },
    { "a formula without",   "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, unit: {zh: 件, en: n}}", "indicators.yaml:3:33:", "needs `expr`", "figure.keys" },
    { "made of itself",      "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, expr: \"n - period_before(d)\", unit: {zh: 件, en: n}}", "indicators.yaml:3:5:", "made of itself", "figure.steps" },
    { "weights",             "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 90, full: 3, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:47:", "add up to 90", "figure.weights" },
    { "a part of nothing",   "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: m, weight: 100, full: 3, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:53:", "no indicator 'm'", "known.indicator" },
    { "no target to reach",  "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 100, full: target, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:75:", "'n' has no target", "figure.part" },
    { "no way to go",        "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 100, full: 3, zero: 3}], unit: {zh: 件, en: n}}", "indicators.yaml:3:84:", "the same as `full`", "figure.part" },
    { "a report of nothing", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [m]}]}\n", "reports.yaml:2:", "no indicator 'm'", "known.indicator" },
    { "a report for nobody", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [boss], sections: [{title: {zh: 甲, en: A}, indicators: [n]}]}\n", "reports.yaml:2:", "role 'boss'", "known.role" },
    { "a report by person", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], by: person}]}\n", "reports.yaml:2:", "one of: none, org", "shape.word" },
    { "a place of nothing", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], text: {zh: '{m}', en: A}}]}\n", "reports.yaml:2:", "{m} is not known", "known.place" },
    { "a place left open", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], text: {zh: '{n', en: A}}]}\n", "reports.yaml:2:", "without its }", "text.brace" },
    { "purpose",             "access.yaml", "purpose: handle", "purpose: gossip", "access.yaml:4:30:", "no purpose 'gossip'", "known.purpose" },
    { "reader unknown",      "access.yaml", "role: officer", "role: boss", "access.yaml:4:12:", "role 'boss'", "known.role" },
    { "open field granted",  "access.yaml", "[phone,", "[phone, kind,", "access.yaml:4:75:", "open field", "access.open" },
    { "no scenario",         "scenarios/one.yaml", NULL, NULL, "scenarios: ", "without a scenario", "scenario.none" },
    { "a scenario fails",    "scenarios/one.yaml", "state: done", "state: new", "scenarios/one.yaml:5:", "wanted state new, got done", "scenario.fails" },
    { "figures fail",        "scenarios/one.yaml", "[1, 0]", "[2, 0]", "scenarios/one.yaml:6:", "wanted n 2/0, got 1/0", "scenario.fails" },
    { "values fail",         "scenarios/one.yaml", "figures: {n: [1, 0]}", "values: {n: 2}", "scenarios/one.yaml:6:", "wanted n 2, got 1", "scenario.fails" },
    { "exclusions fail",     "scenarios/one.yaml", "figures: {n: [1, 0]}", "excluded: {n: {x: 1}}", "scenarios/one.yaml:6:", "wanted 1 taken out of n as x, got 0", "scenario.fails" },
    { "a plan that is none", "scenarios/one.yaml", "mapping: json, at: \"2026-11-23 09:00\", data: {kind: a}", "plan: p, at: \"2026-11-23 09:00\"", "scenarios/one.yaml:2:", "wanted a plan of plans.yaml, got 'p'", "scenario.fails" },
    { "neither of them",     "scenarios/one.yaml", "mapping: json, ", "", "scenarios/one.yaml:2:", "got 'neither'", "scenario.fails" },
    { "a rung not fired",    "scenarios/one.yaml", "[limit 50]", "none", "scenarios/one.yaml:4:", "got [limit 50]", "scenario.fails" },
    { "documents fail",      "scenarios/one.yaml", "data: {kind: a}}", "data: {kind: a}, want: {documents: none}}", "scenarios/one.yaml:2:", "wanted documents [], got [paper]", "scenario.fails" },
    { "signs fail",          "scenarios/one.yaml", "data: {kind: a}}", "data: {kind: a}, want: {signs: none}}", "scenarios/one.yaml:2:", "wanted signs [], got [paper]", "scenario.fails" },
    { "a paper fails",       "scenarios/one.yaml", "data: {kind: a}}", "data: {kind: a}, want: {paper: {paper: 乙}}}", "scenarios/one.yaml:2:", "to say \"乙\", got \"单\n编号 MN，甲\n\"", "scenario.fails" },
    { "signed, then made",   "procedure.yaml", "document(paper), sign(paper)", "sign(paper), document(paper)", "scenarios/one.yaml:2:", "sign(paper) before document(paper)", "scenario.fails" },
    { "a paper not made",    "scenarios/one.yaml", "{state: new,", "{paper: {paper: 甲}, state: new,", "scenarios/one.yaml:4:", "this step does not make", "scenario.fails" },
    /* clang-format on */
};

/* Each adds a line to the procedure, or a trait. */
#define LINES(more) "transitions:\n" more
#define TRAIT(more) "traits:\n  - " more "\ntransitions:"
static const Broken charts[] = {
    /* clang-format off */
    { "never chosen",        "procedure.yaml", "transitions:\n", LINES("  - \"new -> done : finish by unit\"\n"), "procedure.yaml:12:5:", "can never be chosen", "flow.shadowed" },
    { "never, by the role",  "procedure.yaml", "kind = 'a' OR minutes > 1", "by_role <> 'unit'", "procedure.yaml:11:5:", "never holds when unit fires it", "flow.never" },
    { "never, by the values", "procedure.yaml", "kind = 'a' OR minutes > 1", "kind = 'a' AND kind = 'b'", "procedure.yaml:11:5:", "never holds", "flow.never" },
    { "never, by the limits", "procedure.yaml", "kind = 'a' OR minutes > 1", "rating > 5 OR level = 7", "procedure.yaml:11:5:", "never holds", "flow.never" },
    { "never, by what it needs", "procedure.yaml", "kind = 'a' OR minutes > 1] by unit /", "rating IS NULL] by unit / needs(rating),", "procedure.yaml:11:5:", "never holds", "flow.never" },
    { "never, by where it is", "procedure.yaml", "kind = 'a' OR minutes > 1", "in(done)", "procedure.yaml:11:5:", "a case that is in new is never so", "flow.never" },
    { "in and not in",       "procedure.yaml", "kind = 'a' OR minutes > 1", "in(new) AND not in(new)", "procedure.yaml:11:5:", "a case that is in new is never so", "flow.never" },
    { "another of the system", "procedure.yaml", "[kind = 'a' OR minutes > 1] by unit", "[actor_org <> org] by system", "procedure.yaml:11:5:", "never holds when system fires it", "flow.never" },
    { "another resident",    "procedure.yaml", "[kind = 'a' OR minutes > 1] by unit", "[actor <> 'resident'] by resident", "procedure.yaml:11:5:", "never holds when resident fires it", "flow.never" },
    { "four eyes of one",    "procedure.yaml", NULL, "states:\n  - {id: new, zh: 新, en: New}\n  - {id: done, zh: 完, en: Done, final: true}\nevents:\n  opened: {zh: 开, en: Open}\n  ask: {zh: 请, en: Ask}\n  finish: {zh: 完, en: Finish}\ntransitions:\n  - \"new -> new : opened by system / start(limit)\"\n  - \"new -> new : ask by resident\"\n  - \"new -> done : finish by resident\"\ntraits:\n  - {use: four_eyes, event: finish, after: ask}\n", "procedure.yaml:11:5:", "never holds when resident fires it", "flow.never" },
    { "two at once",         "procedure.yaml", "transitions:\n", LINES("  - \"new -> new : finish [minutes < 9] by unit\"\n"), "procedure.yaml:12:5:", "line 10 takes this event too, for kind = 'a', minutes = 0;", "flow.overlap" },
    { "no such trait",       "procedure.yaml", "transitions:", TRAIT("{use: consentd, at: new}"), "procedure.yaml:10:11:", "did you mean 'consented'", "known.trait" },
    { "a setting missing",   "procedure.yaml", "transitions:", TRAIT("{use: consented, parties: [a], at: new, to: done}"), "procedure.yaml:10:5:", "'refused' is missing", "trait.setting" },
    { "a clock unknown to a trait", "procedure.yaml", "transitions:", TRAIT("{use: extendable, clock: nothing, in: new, by: 1 day}"), "procedure.yaml:10:5:", "no clock 'nothing'", "known.clock" },
    { "an event unknown to a trait", "procedure.yaml", "transitions:", TRAIT("{use: four_eyes, event: approve, after: finish}"), "procedure.yaml:10:5:", "no transition of event 'approve'", "trait.event" },
    { "a state that hangs",  "procedure.yaml", NULL, "states:\n  - {id: new, zh: 新, en: New}\n  - {id: lost, zh: 失, en: Lost}\n  - {id: done, zh: 完, en: Done, final: true}\ntasks:\n  - {id: work, role: unit, zh: 办, en: Work}\nevents:\n  opened: {zh: 开, en: Open}\n  finish: {zh: 完, en: Finish}\ntransitions:\n  - \"new -> new : opened by system / task(work), start(limit)\"\n  - \"new -> done : finish by unit\"\n  - \"new -> lost : finish by officer\"\n", "procedure.yaml:3:5:", "no way leads from it", "flow.stuck" },
    { "a state without a clock", "procedure.yaml", NULL, "states:\n  - {id: new, zh: 新, en: New}\n  - {id: lost, zh: 失, en: Lost}\n  - {id: done, zh: 完, en: Done, final: true}\ntasks:\n  - {id: work, role: unit, zh: 办, en: Work}\nevents:\n  opened: {zh: 开, en: Open}\n  finish: {zh: 完, en: Finish}\ntransitions:\n  - \"new -> new : opened by system / task(work), start(limit)\"\n  - \"new -> lost : finish by officer / stop(limit)\"\n  - \"lost -> done : finish by unit\"\n", "procedure.yaml:3:5:", "no clock can be running in state lost", "flow.unclocked" },
    /* clang-format on */
};

#define TABLE(hit, rows) "hit: " hit "\ninputs: [kind, minutes]\noutputs: [org]\nrows:\n" rows
#define TEN(x) x "0, " x "1, " x "2, " x "3, " x "4, " x "5, " x "6, " x "7, " x "8, " x "9, "
#define HUNDRED(x)                                                                                           \
    TEN(x "0")                                                                                               \
    TEN(x "1") TEN(x "2") TEN(x "3") TEN(x "4") TEN(x "5") TEN(x "6") TEN(x "7") TEN(x "8") TEN(x "9")
#define ROW(x) "  - [\"-\", \"" HUNDRED(x) "0\", X]\n"
#define ROWS(x)                                                                                              \
    ROW(x "0")                                                                                               \
    ROW(x "1") ROW(x "2") ROW(x "3") ROW(x "4") ROW(x "5") ROW(x "6") ROW(x "7") ROW(x "8") ROW(x "9")
static const Broken tables[] = {
    /* clang-format off */
    { "no such register",    "decisions/desk.yaml", "from: desks", "from: counters", "decisions/desk.yaml:1:7:", "no register 'counters'", "known.register" },
    { "whose load",          "decisions/desk.yaml", "{org: org}", "{title: code}", "decisions/desk.yaml:2:9:", "set `org`", "register.load" },
    { "a key of no field",   "types.yaml", "key: code", "key: cod", "types.yaml:11:41:", "no text field", "register.key" },
    { "chosen on arrival",   "intake.yaml", "[send]", "[desk]", "intake.yaml:9:14:", "chooses from a register", "register.stored" },
    { "entered nowhere",     "procedure.yaml", "notice(told)", "register(add, books)", "procedure.yaml:11:5:", "no register 'books'", "known.register" },
    { "a cell too few",      "decisions/more.yaml", NULL, TABLE("first", "  - [\"-\", X]\n"), "decisions/more.yaml:5:5:", "need 3", "table.width" },
    { "not a cell",          "decisions/more.yaml", NULL, TABLE("first", "  - [a, \"-\", X]\n"), "decisions/more.yaml:5:6:", "not a cell for a text", "table.cell" },
    { "a cell for nothing",  "decisions/more.yaml", NULL, TABLE("first", "  - [\"not 'a', 'b'\", \"-\", X]\n"), "decisions/more.yaml:5:6:", "no value", "table.nothing" },
    { "two rows at once",    "decisions/more.yaml", NULL, TABLE("unique", "  - [\"-\", \"< 5\", X]\n  - [\"'a'\", \"-\", Y]\n"), "decisions/more.yaml:6:5:", "both hold", "table.overlap" },
    { "a row too late",      "decisions/more.yaml", NULL, TABLE("first", "  - [\"-\", \"-\", X]\n  - [\"'a'\", \"-\", Y]\n"), "decisions/more.yaml:6:5:", "never reached", "table.unreached" },
    { "a gap",               "decisions/more.yaml", NULL, TABLE("first", "  - [\"'a'\", \"-\", X]\n"), "decisions/more.yaml:4:1:", "no row holds for", "table.gap" },
    { "put together how",    "decisions/more.yaml", NULL, TABLE("collect", "  - [\"-\", \"-\", X]\n"), "decisions/more.yaml:3:1:", "put together", "table.collect" },
    { "ten thousand values", "decisions/more.yaml", NULL, TABLE("first", ROWS("1") ROWS("2") ROWS("3") ROWS("4") ROWS("5") ROWS("6") ROWS("7") ROWS("8") ROWS("9")), "decisions/more.yaml:4:1:", "too intricate", "table.intricate" },
    /* clang-format on */
};

#define PLAN(words, more)                                                                                    \
    "plans.yaml", NULL,                                                                                      \
        "plans:\n  - {id: p, zh: 月, en: P, " words ", mapping: json, signal: {kind: a}" more "}\n"
#define DAILY "rule: FREQ=DAILY, at: \"09:00\", from: 2026-12-01"

static const Broken nobodys_plan[] = {
    { "nobody answers", PLAN(DAILY, ""), "plans.yaml:2:", "nobody answers for", "plan.org" },
};

static const Broken plans[] = {
    /* clang-format off */
    { "no rule",              PLAN("rule: FREQ=HOURLY, at: \"09:00\", from: 2026-12-01", ""), "plans.yaml:2:33:", "column 6: wants DAILY", "plan.rule" },
    { "a rule that never is", PLAN("rule: FREQ=DAILY, at: \"09:00\", from: 2026-12-01, until: 2026-11-01", ""), "plans.yaml:2:33:", "gives no day", "plan.rule" },
    { "no time",              PLAN("rule: FREQ=DAILY, at: \"9:00\", from: 2026-12-01", ""), "plans.yaml:2:49:", "like \"09:00\"", "plan.days" },
    { "no date",              PLAN("rule: FREQ=DAILY, at: \"09:00\", from: 2026-12-32", ""), "plans.yaml:2:64:", "not a date", "plan.days" },
    { "no calendar",          PLAN(DAILY ", calendar: night", ""), "plans.yaml:2:86:", "no such calendar", "known.calendar" },
    { "no rest days",         PLAN(DAILY ", calendar: day", ""), "plans.yaml:2:86:", "no rest days", "plan.calendar" },
    { "moved on no calendar", PLAN(DAILY ", move: skip", ""), "plans.yaml:2:82:", "name a `calendar`", "plan.calendar" },
    { "moved elsewhere",      PLAN(DAILY ", move: back", ""), "plans.yaml:2:82:", "none, next_workday", "shape.word" },
    { "grace",                PLAN(DAILY ", grace: long", ""), "plans.yaml:2:83:", "\"1 day\"", "plan.days" },
    { "grace on no calendar", PLAN(DAILY ", grace: 1 workday", ""), "plans.yaml:2:83:", "counted on a calendar", "plan.calendar" },
    { "missed otherwise",     PLAN(DAILY ", missed: forget", ""), "plans.yaml:2:84:", "open_late, note", "shape.word" },
    { "no mapping",           "plans.yaml", NULL, "plans:\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: jason, signal: {kind: a}}\n", "plans.yaml:2:85:", "no such mapping", "known.mapping" },
    { "a key nobody reads",   "plans.yaml", NULL, "plans:\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: a, x: 1}}\n", "plans.yaml:2:99:", "not one of mapping 'json'", "plan.signal" },
    { "no code",              "plans.yaml", NULL, "plans:\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: z}}\n", "plans.yaml:2:99:", "kind", "plan.signal" },
    { "a place of nothing",   "plans.yaml", NULL, "plans:\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: \"{week}\"}}\n", "plans.yaml:2:106:", "{date} and {time}", "known.place" },
    { "somebody's number",    "plans.yaml", NULL, "plans:\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: a, phone: x}}\n", "plans.yaml:2:116:", "nobody's personal data", "private.plan" },
    { "a plan twice",         PLAN(DAILY, "}\n  - {id: p, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: a}"), "plans.yaml:3:10:", "stands twice", "name.twice" },
    { "a plan by religion",   PLAN(DAILY, "}\n  - {id: religion, zh: 月, en: P, " DAILY ", mapping: json, signal: {kind: a}"), "plans.yaml:3:10:", "", "lawful.attribute" },
    { "no plans",             "plans.yaml", NULL, "plans: []\n", "plans.yaml:1:8:", "0 items", "shape.items" },
    /* clang-format on */
};

static const Broken forms[] = {
    /* clang-format off */
    { "no such form",        "procedure.yaml", "notice(told)", "form(tell)", "procedure.yaml:11:5:", "no form 'tell'", "known.form" },
    { "a form nobody fills", "forms/f.json", NULL, "{\"properties\": {\"kind\": {}}}", "forms/f.json:1:1:", "nobody fills in", "form.unused" },
    { "no form of a mapping", "intake.yaml", "channel: call", "channel: call\n    form: g", "intake.yaml:6:11:", "no form 'g'", "known.form" },
    { "not JSON",            "forms/f.json", NULL, "{\"properties\": {kind: {}}}", "forms/f.json:1:", "", "file.yaml" },
    { "not a JSON file",     "forms/f.yaml", NULL, "a: b", "forms/f.yaml:1:1:", "not a part of a pack", "file.unknown" },
    { "no properties",       "forms/f.json", NULL, "{}", "forms/f.json:1:1:", "without properties", "form.empty" },
    { "no such field",       "forms/f.json", NULL, "{\"properties\": {\"kinds\": {}}}", "forms/f.json:1:17:", "no field", "known.field" },
    { "another type",        "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"type\": \"integer\"}}}", "forms/f.json:1:34:", "of type string", "form.type" },
    { "not a code",          "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"enum\": [\"z\"]}}}", "forms/f.json:1:35:", "not a code", "known.code" },
    { "longer than it is",   "forms/f.json", NULL, "{\"properties\": {\"phone\": {\"maxLength\": 21}}}", "forms/f.json:1:40:", "only be narrower", "form.wider" },
    { "less than it is",     "forms/f.json", NULL, "{\"properties\": {\"rating\": {\"minimum\": 0}}}", "forms/f.json:1:39:", "only be narrower", "form.wider" },
    { "more than it is",     "forms/f.json", NULL, "{\"properties\": {\"rating\": {\"maximum\": 6}}}", "forms/f.json:1:39:", "only be narrower", "form.wider" },
    { "a misspelt keyword",  "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"minLenght\": 1}}}", "forms/f.json:1:39:", "not a keyword", "form.schema" },
    { "a layout of nothing", "forms/f.json", NULL, "{\"properties\": {\"kind\": {}}, \"x-layout\": {\"sections\": [{\"fields\": [\"phone\"]}]}}", "forms/f.json:1:68:", "each property once", "form.layout" },
    { "shown by nothing",    "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"x-show-if\": {\"n\": 1}}}}", "forms/f.json:1:40:", "not in this form", "form.show_if" },
    /* clang-format on */
};

static const Broken documents[] = {
    /* clang-format off */
    { "a text with a brace", "documents/paper.yaml", "{kind}", "{kind", "documents/paper.yaml:8:15:", "not a place", "document.text" },
    { "a table not closed",  "documents/paper.yaml", "# 单", "| 单", "documents/paper.yaml:7:3:", "ends with |", "document.text" },
    { "an unknown place",    "documents/paper.yaml", "{kind}", "{kinds}", "documents/paper.yaml:8:16:", "did you mean {kind}", "known.place" },
    { "a far place",         "documents/paper.yaml", "{kind}", "{zzzzzzzz}", "documents/paper.yaml:8:16:", "write {number}", "known.place" },
    { "in a text in quotes", "documents/paper.yaml", "text: |\n  # 单\n  编号 {number}，{kind}\n  {?phone}电话 {phone}{/phone}\n", "text: \"# 单\\n{kinds}\"\n", "documents/paper.yaml:6:7:", "did you mean {kind}", "known.place" },
    { "further in",          "documents/paper.yaml", "text: |\n  # 单\n  编号 {number}，{kind}\n  {?phone}电话 {phone}{/phone}\n", "text: |\n\n\n      # 单\n      {kinds}\n", "documents/paper.yaml:10:8:", "did you mean {kind}", "known.place" },
    { "indented by itself",  "documents/paper.yaml", "text: |\n  # 单\n  编号 {number}，{kind}\n", "text: |2\n    # 单\n  编号 {number}，{kinds}\n", "documents/paper.yaml:8:16:", "did you mean {kind}", "known.place" },
    { "no retention",        "documents/paper.yaml", "retention: 10 year\n", "", "documents/paper.yaml:1:1:", "'retention' is missing", "shape.missing" },
    { "a strange retention", "documents/paper.yaml", "10 year", "5 year", "documents/paper.yaml:2:12:", "permanent, 30 year, 10 year", "shape.word" },
    { "private, no purpose", "documents/paper.yaml", "purpose: handle\n", "", "documents/paper.yaml:8:5:", "{phone} is a private field", "document.purpose" },
    { "a private name, no purpose", "documents/paper.yaml", "purpose: handle\n", "", "documents/paper.yaml:4:64:", "'phone' is a private field", "document.purpose" },
    { "an unknown purpose",  "documents/paper.yaml", "purpose: handle", "purpose: handel", "documents/paper.yaml:3:10:", "no purpose 'handel'", "known.purpose" },
    { "nobody reads it",     "access.yaml", "full: [phone, rating_text]", "full: [rating_text], partial: [phone]", "documents/paper.yaml:3:10:", "shows phone in full to anybody", "document.reader" },
    { "a signer cannot read", "access.yaml", "- {role: officer", "- {role: unit", "documents/paper.yaml:5:49:", "could not read what is to be signed", "document.reader" },
    { "purpose of nothing",  "documents/paper.yaml", ", name: phone}\ntext: |\n  # 单\n  编号 {number}，{kind}\n  {?phone}电话 {phone}{/phone}\n", "}\ntext: |\n  # 单\n", "documents/paper.yaml:3:10:", "names no private field", "document.purpose" },
    { "a signer unknown",    "documents/paper.yaml", "who: officer", "who: mayor", "documents/paper.yaml:5:49:", "role 'mayor'", "known.role" },
    { "the system signs",    "documents/paper.yaml", "who: officer", "who: system", "documents/paper.yaml:5:49:", "role 'system'", "known.role" },
    { "a resident nobody reaches", "documents/paper.yaml", "who: officer", "who: resident", "documents/paper.yaml:5:49:", "`contact`", "document.signer" },
    { "a name of no field",  "documents/paper.yaml", "name: phone", "name: fone", "documents/paper.yaml:5:64:", "not a text field", "document.signer_name" },
    { "a name that is a number", "documents/paper.yaml", "name: phone", "name: rating", "documents/paper.yaml:5:64:", "not a text field", "document.signer_name" },
    { "a signer twice",      "documents/paper.yaml", "name: phone}\n", "name: phone}\n  - {id: boss, title: {zh: 签, en: S}, who: officer}\n", "documents/paper.yaml:6:10:", "'boss' stands twice", "name.twice" },
    { "nine signers",        "documents/paper.yaml", "  - {id: boss, title: {zh: 签字, en: Signs}, who: officer, name: phone}\n", "  - {id: s0, title: {zh: 签, en: S}, who: officer}\n  - {id: s1, title: {zh: 签, en: S}, who: officer}\n  - {id: s2, title: {zh: 签, en: S}, who: officer}\n  - {id: s3, title: {zh: 签, en: S}, who: officer}\n  - {id: s4, title: {zh: 签, en: S}, who: officer}\n  - {id: s5, title: {zh: 签, en: S}, who: officer}\n  - {id: s6, title: {zh: 签, en: S}, who: officer}\n  - {id: s7, title: {zh: 签, en: S}, who: officer}\n  - {id: s8, title: {zh: 签, en: S}, who: officer}\n", "documents/paper.yaml:5:3:", "9 items; from 1 to 8", "shape.items" },
    { "no signers",          "documents/paper.yaml", "signers:\n  - {id: boss, title: {zh: 签字, en: Signs}, who: officer, name: phone}\n", "", "procedure.yaml:10:5:", "the document has no signers", "document.unsigned" },
    { "no such document",    "procedure.yaml", "document(paper)", "document(papre)", "procedure.yaml:10:5:", "no document 'papre'; did you mean 'paper'?", "known.document" },
    { "no such document to sign", "procedure.yaml", "sign(paper)", "sign(zzzzzzzz)", "procedure.yaml:10:5:", "add documents/zzzzzzzz.yaml", "known.document" },
    { "nobody asks",         "procedure.yaml", ", sign(paper)", "", "documents/paper.yaml:4:1:", "nobody asks for these signatures", "document.unasked" },
    { "nobody makes it",     "procedure.yaml", "document(paper), ", "", "documents/paper.yaml:1:1:", "nobody makes this document", "document.unmade" },
    { "signed, and then",    "procedure.yaml", "signed.paper|", "", "procedure.yaml:10:5:", "nothing awaits signed.paper", "document.unawaited" },
    { "refused, and then",   "procedure.yaml", "|refused.paper", "", "procedure.yaml:10:5:", "nothing awaits refused.paper", "document.unawaited" },
    { "objected, and then",  "procedure.yaml", "objected.paper by system", "objected.paper by unit", "procedure.yaml:10:5:", "nothing awaits objected.paper", "document.unawaited" },
    { "asked on entry",      "procedure.yaml", "zh: 新, en: New}", "zh: 新, en: New, on_entry: sign(papre)}", "procedure.yaml:2:", "no document 'papre'", "known.document" },
    { "a name with a dot",   "documents/a.b.yaml", NULL, "title: {zh: 单, en: Paper}\nretention: permanent\ntext: 单\n", "documents/a.b.yaml:1:1:", "the file's name", "shape.name" },
    { "not a YAML file",     "documents/a.json", NULL, "{}", "documents/a.json:1:1:", "not a part of a pack", "file.unknown" },
    /* clang-format on */
};

static const Broken lawful[] = {
    /* clang-format off */
    { "ethnic, English",     "types.yaml", "id: phone", "id: ethnicity", "types.yaml:8:10:", "ethnic", "lawful.attribute" },
    { "ethnic, Chinese",     "types.yaml", "zh: 电话", "zh: 民族", "types.yaml:8:21:", "ethnic", "lawful.attribute" },
    { "ethnic, pinyin",      "types.yaml", "id: phone", "id: min_zu", "types.yaml:8:10:", "ethnic", "lawful.attribute" },
    { "ethnic, card reader", "types.yaml", "id: phone", "id: nation", "types.yaml:8:10:", "ethnic", "lawful.attribute" },
    { "nationality",         "types.yaml", "id: phone", "id: nationality", "types.yaml:8:10:", "国籍", "lawful.nationality" },
    { "religion",            "types.yaml", "zh: 电话", "zh: 宗教信仰", "types.yaml:8:21:", "religious", "lawful.attribute" },
    { "religion, pinyin",    "types.yaml", "id: phone", "id: zongjiao", "types.yaml:8:10:", "religious", "lawful.attribute" },
    { "politics",            "types.yaml", "zh: 电话", "zh: 政治面貌", "types.yaml:8:21:", "political", "lawful.attribute" },
    { "party",               "types.yaml", "en: Phone", "en: Party member", "types.yaml:8:29:", "political", "lawful.attribute" },
    { "fingerprint",         "types.yaml", "id: phone", "id: caller_fingerprint", "types.yaml:8:10:", "biometric", "lawful.attribute" },
    { "face",                "types.yaml", "en: Phone", "en: callerFaceId", "types.yaml:8:29:", "biometric", "lawful.attribute" },
    { "voice",               "types.yaml", "zh: 电话", "zh: 声纹编号", "types.yaml:8:21:", "biometric", "lawful.attribute" },
    { "iris",                "types.yaml", "id: phone", "id: iris", "types.yaml:8:10:", "biometric", "lawful.attribute" },
    { "dna",                 "types.yaml", "id: phone", "id: dna", "types.yaml:8:10:", "biometric", "lawful.attribute" },
    { "blood type",          "types.yaml", "zh: 电话", "zh: 血型", "types.yaml:8:21:", "biometric", "lawful.attribute" },
    { "orientation",         "types.yaml", "zh: 电话", "zh: 性取向", "types.yaml:8:21:", "sexual", "lawful.attribute" },
    { "a source column",     "intake.yaml", "from: phone", "from: Ethnicity", "intake.yaml:8:27:", "ethnic", "lawful.attribute" },
    { "one of the columns",  "intake.yaml", "from: phone", "from: [phone, 民族]", "intake.yaml:8:35:", "ethnic", "lawful.attribute" },
    { "ethnic values",       "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 汉族, en: A}\n    - {code: c, zh: 回族, en: C}", "types.yaml:2:3:", "ethnic groups", "lawful.values" },
    { "ethnic codes",        "types.yaml", "{code: a, zh: 甲, en: A}", "{code: han, zh: 甲, en: A}\n    - {code: Uygur, zh: 丙, en: C}", "types.yaml:2:3:", "ethnic groups", "lawful.values" },
    { "political values",    "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 党员, en: A}\n    - {code: c, zh: 群众, en: C}", "types.yaml:2:3:", "political standing", "lawful.values" },
    { "religious values",    "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 佛教, en: A}\n    - {code: c, zh: 道教, en: C}", "types.yaml:2:3:", "religions", "lawful.values" },
    { "blood values",        "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 甲, en: A}\n    - {code: AB, zh: 丙, en: C}\n    - {code: O, zh: 丁, en: D}", "types.yaml:2:3:", "blood types", "lawful.values" },
    { "values in a map",     "intake.yaml", "from: phone}", "from: phone, map: {汉族: '1', 藏族: '2'}}", "intake.yaml:8:34:", "ethnic groups", "lawful.values" },
    { "values in a table",   "decisions/send.yaml", "kind = 'a'", "kind IN ('壮族', '满族')", "decisions/send.yaml:2:1:", "ethnic groups", "lawful.values" },
    { "values in cells",     "decisions/more.yaml", NULL, "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"'壮族', '满族'\", X]\n", "decisions/more.yaml:4:1:", "ethnic groups", "lawful.values" },
    { "a form's property",   "forms/f.json", NULL, "{\"properties\": {\"min_zu\": {}}}", "forms/f.json:1:17:", "ethnic", "lawful.attribute" },
    { "a form's help",       "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"x-help\": {\"zh\": \"填写宗教信仰\", \"en\": \"x\"}}}}", "forms/f.json:1:43:", "religious", "lawful.text" },
    { "a form's title",      "forms/f.json", NULL, "{\"title\": \"Religious faith\", \"properties\": {\"kind\": {}}}", "forms/f.json:1:11:", "religious", "lawful.text" },
    { "a form's section",    "forms/f.json", NULL, "{\"properties\": {\"kind\": {}}, \"x-layout\": {\"sections\": [{\"title\": {\"zh\": \"民族\", \"en\": \"x\"}, \"fields\": [\"kind\"]}]}}", "forms/f.json:1:73:", "ethnic", "lawful.text" },
    { "a form's one value",  "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"const\": \"汉族\"}}}", "forms/f.json:1:1:", "ethnic groups", "lawful.value" },
    { "a document's text",   "documents/d.yaml", NULL, "title: {zh: 表, en: Sheet}\nretention: 10 year\ntext: |\n  # 表\n  姓名　民族 {kind}\n", "documents/d.yaml:5:6:", "'民族' names an ethnic attribute", "lawful.text" },
    { "a document's title",  "documents/d.yaml", NULL, "title: {zh: 表, en: Party membership}\nretention: 10 year\ntext: 表\n", "documents/d.yaml:1:20:", "political", "lawful.text" },
    { "a notice of it",      "notices.yaml", "{number} {link}", "请携带党员证明 {number} {link}", "notices.yaml:2:", "political", "lawful.text" },
    { "an event of it",      "procedure.yaml", "zh: 完, en: Finish", "zh: 采集指纹, en: Finish", "procedure.yaml:8:", "biometric", "lawful.text" },
    { "a figure by it",      "indicators.yaml", "zh: 数", "zh: 少数民族人数", "indicators.yaml:2:", "ethnic", "lawful.text" },
    { "one ethnic value",    "types.yaml", "zh: 甲", "zh: 维吾尔族", "types.yaml:2:3:", "ethnic groups", "lawful.value" },
    { "one creed by default", "intake.yaml", "from: phone}", "default: 佛教}", "intake.yaml:8:", "religions", "lawful.value" },
    { "a form's values",     "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"enum\": [\"佛教\", \"道教\"]}}}", "forms/f.json:1:1:", "religions", "lawful.values" },
    { "sampled values",      "scenarios/two.yaml", NULL, "title: {zh: 二, en: Two}\nsignal: {mapping: json, at: \"2026-11-23 09:00\", data: {kind: 汉族, phone: 回族}}\nsteps:\n  - {at: \"2026-11-23 10:00\"}\n", "scenarios/two.yaml:1:1:", "ethnic groups", "lawful.values" },
    { "a person's score",    "types.yaml", "id: phone", "id: caller_score", "types.yaml:8:10:", "score of persons", "lawful.score" },
    { "credit points",       "types.yaml", "id: rating, zh: 满意度", "id: points, zh: 居民信用积分", "types.yaml:7:10:", "score of persons", "lawful.score" },
    { "a score of nothing",  "types.yaml", "id: rating, zh: 满意度", "id: score, zh: 评分", "types.yaml:7:10:", "name the thing", "lawful.score" },
    { "a quota of arrests",  "indicators.yaml", "zh: 数", "target: 10, zh: 抓获数", "indicators.yaml:2:", "never aimed at", "lawful.quota" },
    { "a planned number",    "types.yaml", "id: rating, zh: 满意度", "id: arrests_planned, zh: 数", "types.yaml:7:10:", "never aimed at", "lawful.quota" },
    { "private in a guard",  "procedure.yaml", "minutes > 1", "phone = '1'", "procedure.yaml:11:5:", "private field 'phone'", "private.condition" },
    { "private in a table",  "decisions/send.yaml", "kind = 'a'", "phone LIKE '12%'", "decisions/send.yaml:3:12:", "private field 'phone'", "private.condition" },
    { "private in a figure", "indicators.yaml", "minutes >= 0", "phone IS NOT NULL", "indicators.yaml:2:71:", "private field 'phone'", "private.condition" },
    { "private in an exclusion", "indicators.yaml", "unit:", "excluded: [{id: x, when: \"phone = '1'\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:112:", "private field 'phone'", "private.condition" },
    { "a figure of a person", "indicators.yaml", "minutes >= 0", "actor = 'x'", "indicators.yaml:2:71:", "names 'actor'", "figure.person" },
    { "a person left out",   "indicators.yaml", "unit:", "excluded: [{id: x, when: \"actor = 'x'\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:112:", "names 'actor'", "figure.person" },
    { "told to who may not see", "notices.yaml", "receiver: resident, zh: \"{number} {link}\"", "receiver: unit, zh: \"{number}\"", "notices.yaml:2:66:", "{kind} tells role 'unit'", "notice.reader" },
    { "a form's field for nobody", "access.yaml", "[phone, rating_text]", "[rating_text]", "types.yaml:8:10:", "serves no purpose", "private.purpose" },
    { "private in a notice", "notices.yaml", "{kind}", "{phone}", "notices.yaml:2:77:", "private field", "private.notice" },
    { "private decided",     "decisions/send.yaml", "{org: Y}", "{phone: Y}", "decisions/send.yaml:4:12:", "private field 'phone'", "private.decided" },
    { "link to staff",       "notices.yaml", "receiver: resident", "receiver: officer", "notices.yaml:2:53:", "{link}", "notice.link" },
    { "collected for nobody", "access.yaml", "[phone, rating_text]", "[rating_text]", "types.yaml:8:10:", "serves no purpose", "private.purpose" },
    { "system reads",        "access.yaml", "role: officer", "role: system", "access.yaml:4:12:", "the system reads nothing", "access.system" },
    { "over the legal limit", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, limit: {budget: 1 hour, law: 某法}", "clocks.yaml:4:57:", "longer than the law allows", "clock.limit" },
    { "limit in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, limit: {budget: 1 workday, law: 某法}", "clocks.yaml:4:57:", "cannot be compared", "clock.limit" },
    /* clang-format on */
};

static gboolean says(const GPtrArray *refusals, const Broken *row)
{
    g_autofree char *rule = g_strdup_printf(" [%s]", row->rule);
    for (guint i = 0; i < refusals->len; i++) {
        const char *text = refusals->pdata[i];
        if (g_str_has_prefix(text, row->where) && strstr(text, row->what) && g_str_has_suffix(text, rule)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean role_known(const char *role)
{
    return strcmp(role, "officer") == 0 || strcmp(role, "unit") == 0;
}

/* What is wrong with it, by itself and as the only service there is. */
static GPtrArray *everything(const char *folder)
{
    GPtrArray *refusals = pack_check(folder);
    g_autoptr(Pack) pack = pack_load(folder, NULL);
    const Pack *all[] = { pack };
    if (pack) g_ptr_array_extend_and_steal(refusals, pack_check_together(all, 1, TRUE, role_known));
    return refusals;
}

/* "what; hint [rule]" */
static gboolean all_say_what_to_do(const GPtrArray *refusals)
{
    gboolean all = TRUE;
    for (guint i = 0; i < refusals->len; i++)
        all = all && strstr(refusals->pdata[i], "; ");
    return all;
}

static gboolean refused(const Broken *row)
{
    char *folder = mini_write(row->file, row->find, row->put);
    g_autoptr(GPtrArray) refusals = everything(folder);
    const gboolean ok = says(refusals, row) && all_say_what_to_do(refusals);
    if (!ok) {
        g_test_message("%s: wanted %s ... %s; got %u:", row->name, row->where, row->what, refusals->len);
        for (guint i = 0; i < refusals->len; i++) {
            g_test_message("    %s", (char *)refusals->pdata[i]);
        }
    }
    mini_remove(folder);
    return ok;
}

static void run_table(const Broken *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!refused(&rows[i])) {
            g_test_fail();
        }
    }
}

static void outside_the_yaml_profile(void)
{
    run_table(yaml, G_N_ELEMENTS(yaml));
}

static void of_the_wrong_shape(void)
{
    run_table(shape, G_N_ELEMENTS(shape));
}

static void without_meaning(void)
{
    run_table(meaning, G_N_ELEMENTS(meaning));
}

static void a_chart_that_cannot_be_run(void)
{
    run_table(charts, G_N_ELEMENTS(charts));
}

static void a_table_that_does_not_decide(void)
{
    run_table(tables, G_N_ELEMENTS(tables));
}

static void a_form_that_does_not_fit(void)
{
    run_table(forms, G_N_ELEMENTS(forms));
}

static void a_plan_that_cannot_be(void)
{
    run_table(plans, G_N_ELEMENTS(plans));
}

static void a_plan_whose_cases_nobody_answers_for(void)
{
    const Broken *row = &nobodys_plan[0];
    char *folder = mini_write(row->file, row->find, row->put);
    g_autofree char *decision = g_build_filename(folder, "decisions", "send.yaml", NULL);
    g_assert_true(g_file_set_contents(decision, "hit: first\nrows:\n  - {set: {level: 1}}\n", -1, NULL));
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    g_assert_true(says(refusals, row));
    mini_remove(folder);
}

static void a_document_that_does_not_fit(void)
{
    run_table(documents, G_N_ELEMENTS(documents));
}

static void unlawful(void)
{
    run_table(lawful, G_N_ELEMENTS(lawful));
}

static void the_unbroken_pack_is_sound(void)
{
    char *folder = mini_write(NULL, NULL, NULL);
    g_autoptr(GPtrArray) refusals = everything(folder);
    for (guint i = 0; i < refusals->len; i++) {
        g_test_message("%s", (char *)refusals->pdata[i]);
    }
    g_assert_cmpuint(refusals->len, ==, 0);
    mini_remove(folder);
}

static void the_order_of_lines_decides_where_the_pack_says_so(void)
{
    char *folder = mini_write("procedure.yaml", "transitions:\n",
                              "order: first\n" LINES("  - \"new -> new : finish [minutes < 9] by unit\"\n"));
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    for (guint i = 0; i < refusals->len; i++) {
        g_assert_null(strstr(refusals->pdata[i], "[flow.overlap]"));
    }
    mini_remove(folder);
}

/* What only resembles the unlawful must pass. */
static void innocent_names_pass(void)
{
    static const Broken rows[] = {
        /* clang-format off */
        { "citizenship",       "types.yaml", "id: phone, zh: 电话", "id: nationality, zh: 国籍", "", "" },
        { "a surface",         "types.yaml", "id: phone, zh: 电话, en: Phone", "id: road_surface, zh: 路面, en: Surface of the road", "", "" },
        { "a contracting party", "types.yaml", "en: Phone", "en: Other party", "", "" },
        { "trace",             "types.yaml", "en: Phone", "en: Trace number", "", "" },
        { "air quality score", "types.yaml", "id: rating, zh: 满意度, en: Rating", "id: air_score, zh: 空气质量评分, en: Score of air quality", "", "" },
        { "suspects counted",  "indicators.yaml", "zh: 数", "zh: 嫌疑人数", "", "" },
        { "letters A and B",   "types.yaml", "code: b", "code: O", "", "" },
        { "a street",          "notices.yaml", "{number} {link}", "民族路 12 号 {number} {link}", "", "" },
        { "a lock",            "procedure.yaml", "zh: 完, en: Finish", "zh: 修理指纹锁, en: Finish", "", "" },
        { "a race",            "procedure.yaml", "en: Finish", "en: Boat race", "", "" },
        { "good faith",        "notices.yaml", "{number} {kind}", "In good faith: {number} {kind}", "", "" },
        { "water animals",     "types.yaml", "zh: 甲", "zh: 水族", "", "" },
        { "crowd, once",       "types.yaml", "zh: 甲", "zh: 群众", "", "" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *folder = mini_write(rows[i].file, rows[i].find, rows[i].put);
        g_autoptr(GPtrArray) refusals = pack_check(folder);
        for (guint k = 0; k < refusals->len; k++) {
            g_test_message("%s: %s", rows[i].name, (char *)refusals->pdata[k]);
            g_assert_null(strstr(refusals->pdata[k], "[lawful."));
            g_assert_null(strstr(refusals->pdata[k], "score of persons"));
            g_assert_null(strstr(refusals->pdata[k], "may mean ethnicity"));
        }
        mini_remove(folder);
    }
}

static const struct {
    const Broken *rows;
    gsize n;
} all[] = {
    { yaml, G_N_ELEMENTS(yaml) },
    { shape, G_N_ELEMENTS(shape) },
    { meaning, G_N_ELEMENTS(meaning) },
    { charts, G_N_ELEMENTS(charts) },
    { tables, G_N_ELEMENTS(tables) },
    { forms, G_N_ELEMENTS(forms) },
    { lawful, G_N_ELEMENTS(lawful) },
    { plans, G_N_ELEMENTS(plans) },
    { nobodys_plan, G_N_ELEMENTS(nobodys_plan) },
    { documents, G_N_ELEMENTS(documents) },
};

static gboolean broken_by_some_row(const char *rule)
{
    for (gsize t = 0; t < G_N_ELEMENTS(all); t++) {
        for (gsize i = 0; i < all[t].n; i++) {
            if (strcmp(all[t].rows[i].rule, rule) == 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static void every_rule_is_broken_by_a_pack(void)
{
    gsize n;
    const PackRule *rules = pack_rules(&n);
    for (gsize i = 0; i < n; i++) {
        if (!broken_by_some_row(rules[i].id)) {
            g_test_message("no row breaks %s", rules[i].id);
            g_test_fail();
        }
    }
}

static void a_refusal_has_its_code(void)
{
    static const struct {
        const char *file, *find, *put;
        int code;
    } rows[] = {
        { "pack.yaml", "id: mini", "id: &x mini", PACK_ERROR_YAML },
        { "pack.yaml", "prefix:", "prefiks:", PACK_ERROR_SCHEMA },
        { "clocks.yaml", "2 hour", "soon", PACK_ERROR_MEANING },
        { "types.yaml", "id: phone", "id: dna", PACK_ERROR_LAWFUL },
        { "decisions/more.txt", NULL, "x", PACK_ERROR_READ },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *folder = mini_write(rows[i].file, rows[i].find, rows[i].put);
        g_autoptr(GError) error = NULL;
        g_assert_null(pack_load(folder, &error));
        g_assert_error(error, PACK_ERROR, rows[i].code);
        mini_remove(folder);
    }
}

static void a_folder_that_is_not_there_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(pack_load("/nonexistent/pack", &error));
    g_assert_error(error, PACK_ERROR, PACK_ERROR_READ);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/the_unbroken_pack_is_sound", the_unbroken_pack_is_sound);
    g_test_add_func("/pack/refused_outside_the_yaml_profile", outside_the_yaml_profile);
    g_test_add_func("/pack/refused_of_the_wrong_shape", of_the_wrong_shape);
    g_test_add_func("/pack/refused_without_meaning", without_meaning);
    g_test_add_func("/pack/refused_a_chart_that_cannot_be_run", a_chart_that_cannot_be_run);
    g_test_add_func("/pack/refused_a_table_that_does_not_decide", a_table_that_does_not_decide);
    g_test_add_func("/pack/refused_a_document_that_does_not_fit", a_document_that_does_not_fit);
    g_test_add_func("/pack/refused_a_form_that_does_not_fit", a_form_that_does_not_fit);
    g_test_add_func("/pack/refused_a_plan_that_cannot_be", a_plan_that_cannot_be);
    g_test_add_func("/pack/refused_a_plan_whose_cases_nobody_answers_for",
                    a_plan_whose_cases_nobody_answers_for);
    g_test_add_func("/pack/refused_unlawful", unlawful);
    g_test_add_func("/pack/every_rule_is_broken_by_a_pack", every_rule_is_broken_by_a_pack);
    g_test_add_func("/pack/the_order_of_lines_decides_where_the_pack_says_so",
                    the_order_of_lines_decides_where_the_pack_says_so);
    g_test_add_func("/pack/innocent_names_pass", innocent_names_pass);
    g_test_add_func("/pack/a_refusal_has_its_code", a_refusal_has_its_code);
    g_test_add_func("/pack/a_folder_that_is_not_there_is_refused", a_folder_that_is_not_there_is_refused);
    return g_test_run();
}
