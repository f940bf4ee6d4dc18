/* Each row breaks one thing of the smallest sound pack; the linter must say what, and exactly where. */
#include "pack/mini_pack.h"
#include "pack/pack.h"

typedef struct {
    const char *name, *file, *find, *put; /* see mini_write */
    const char *where, *what;             /* the refusal begins with `where` and holds `what` */
} Broken;

static const Broken yaml[] = {
    /* clang-format off */
    { "not yaml",            "pack.yaml", "{zh: 小", "{zh: [小", "pack.yaml:2:", "" },
    { "an anchor",           "pack.yaml", "id: mini", "id: &x mini", "pack.yaml:1:5:", "anchors" },
    { "an alias",            "pack.yaml", "prefix: MN", "prefix: *x", "pack.yaml:4:9:", "aliases" },
    { "a tag",               "pack.yaml", "prefix: MN", "prefix: !!str MN", "pack.yaml:4:9:", "tags" },
    { "a merge key",         "pack.yaml", "prefix: MN", "prefix: MN\n<<: {a: b}", "pack.yaml:5:1:", "merge" },
    { "a key twice",         "pack.yaml", "prefix: MN", "prefix: MN\nprefix: NM", "pack.yaml:5:1:", "twice" },
    { "a list as key",       "pack.yaml", "prefix: MN", "prefix: MN\n? [a]\n: b", "pack.yaml:5:3:", "key must be one text" },
    { "two documents",       "pack.yaml", "prefix: MN", "prefix: MN\n---\na: b", "pack.yaml:5:1:", "several documents" },
    { "a directive",         "pack.yaml", "id: mini", "%YAML 1.1\n---\nid: mini", "pack.yaml:1:1:", "directives" },
    { "an empty file",       "pack.yaml", NULL, "# nothing\n", "pack.yaml:", "empty" },
    { "one text",            "pack.yaml", NULL, "hello\n", "pack.yaml:1:1:", "must be an object" },
    { "bad bytes",           "pack.yaml", "Mini", "\xff", "pack.yaml:2:20:", "not UTF-8" },
    { "a huge number",       "pack.yaml", "prefix: MN", "prefix: 99999999999999999999", "pack.yaml:4:9:", "range" },
    /* clang-format on */
};

static const Broken shape[] = {
    /* clang-format off */
    { "a strange file",      "prosedure.yaml", NULL, "a: b\n", "prosedure.yaml:1:1:", "did you mean procedure.yaml" },
    { "a missing file",      "access.yaml", NULL, NULL, "access.yaml: ", "this file is missing" },
    { "an unknown key",      "pack.yaml", "prefix: MN", "prefiks: MN", "pack.yaml:4:1:", "did you mean 'prefix'" },
    { "a far key",           "pack.yaml", "prefix: MN", "prefix: MN\nzzzzzz: 1", "pack.yaml:5:1:", "known here: id, title" },
    { "a missing key",       "types.yaml", ", type: int", "", "types.yaml:7:5:", "'type' is missing" },
    { "a number for text",   "pack.yaml", "MN", "12", "pack.yaml:4:9:", "put it in quotes" },
    { "a list for object",   "pack.yaml", "{zh: 小, en: Mini}", "[小]", "pack.yaml:2:8:", "an object" },
    { "an unknown word",     "types.yaml", "class: private, max", "class: secret, max", "types.yaml:8:55:", "open, private" },
    { "an empty text",       "pack.yaml", "document: 某法", "document: \"\"", "pack.yaml:8:16:", "empty text" },
    { "a long text",         "pack.yaml", "MN", "MNMNMNMNMN", "pack.yaml:4:9:", "at most 8" },
    { "not a name",          "pack.yaml", "id: mini", "id: 1-mini", "pack.yaml:1:5:", "not a name" },
    { "an empty list",       "pack.yaml", "[officer, unit]", "[]", "pack.yaml:5:8:", "0 items" },
    { "an integer too big",  "clocks.yaml", "{at: 100}", "{at: 5000}", "clocks.yaml:4:103:", "from 1 to 1000" },
    /* clang-format on */
};

static const Broken meaning[] = {
    /* clang-format off */
    { "offset",              "pack.yaml", "prefix: MN", "prefix: MN\nutc_offset: China", "pack.yaml:5:13:", "+08:00" },
    { "offset, signed twice", "pack.yaml", "prefix: MN", "prefix: MN\nutc_offset: \"+-0:30\"", "pack.yaml:5:13:", "+08:00" },
    { "title field",         "pack.yaml", "title_field: kind", "title_field: phone", "pack.yaml:6:14:", "code list" },
    { "contact, open",       "pack.yaml", "title_field: kind", "title_field: kind\ncontact: kind", "pack.yaml:7:10:", "private text field" },
    { "contact, unknown",    "pack.yaml", "title_field: kind", "title_field: kind\ncontact: fone", "pack.yaml:7:10:", "private text field" },
    { "code twice",          "types.yaml", "code: b", "code: a", "types.yaml:4:14:", "stands twice" },
    { "field twice",         "types.yaml", "id: phone", "id: kind", "types.yaml:8:10:", "stands twice" },
    { "field like a fact",   "types.yaml", "id: phone", "id: minutes", "types.yaml:8:10:", "a fact that every case has" },
    { "field in capitals",   "types.yaml", "id: phone", "id: Phone", "types.yaml:8:10:", "lower-case" },
    { "field a word of SQL", "types.yaml", "id: kind, zh", "id: desc, zh", "types.yaml:6:10:", "word of SQL" },
    { "no such list",        "types.yaml", "list: kind", "list: kinds", "types.yaml:6:65:", "no list 'kinds'" },
    { "list on an int",      "types.yaml", "type: int", "type: int, list: kind", "types.yaml:7:45:", "type text" },
    { "min above max",       "types.yaml", "min: 1", "min: 9", "types.yaml:7:68:", "above" },
    { "no such target",      "intake.yaml", "to: phone", "to: fone", "intake.yaml:8:14:", "no field 'fone'" },
    { "filled twice",        "intake.yaml", "to: phone", "to: kind", "intake.yaml:7:7:", "filled twice" },
    { "no source",           "intake.yaml", "{to: phone, from: phone}", "{to: phone}", "intake.yaml:8:14:", "neither" },
    { "read as another",     "intake.yaml", "from: phone}", "from: phone, as: int}", "intake.yaml:8:38:", "read as text" },
    { "a broken pattern",    "intake.yaml", "from: phone}", "from: phone, pattern: '('}", "intake.yaml:8:43:", "" },
    { "two captures",        "intake.yaml", "from: phone}", "from: phone, pattern: '(a)(b)'}", "intake.yaml:8:43:", "2 captures" },
    { "map to no code",      "intake.yaml", "required: true}", "map: {X: z}}", "intake.yaml:7:41:", "not a code" },
    { "default no code",     "intake.yaml", "required: true}", "default: z}", "intake.yaml:7:41:", "not a code" },
    { "no channel",          "intake.yaml", "    channel: call\n", "", "intake.yaml:2:9:", "no channel" },
    { "no such decision",    "intake.yaml", "[send]", "[sent]", "intake.yaml:9:14:", "decisions/sent.yaml" },
    { "condition",           "decisions/send.yaml", "kind = 'a'", "kind ~ 'a'", "decisions/send.yaml:3:12:", "column" },
    { "unknown column",      "decisions/send.yaml", "kind = 'a'", "kinds = 'a'", "decisions/send.yaml:3:12:", "kinds" },
    { "always too early",    "decisions/send.yaml", "when: \"kind = 'a'\", ", "", "decisions/send.yaml:3:11:", "always holds" },
    { "level out of range",  "decisions/send.yaml", "level: 1", "level: 9", "decisions/send.yaml:3:47:", "1 (most urgent) to 4" },
    { "output unknown",      "decisions/send.yaml", "{org: Y}", "{orgs: Y}", "decisions/send.yaml:4:12:", "no field 'orgs'" },
    { "output no code",      "decisions/send.yaml", "{org: Y}", "{kind: z}", "decisions/send.yaml:4:18:", "not a code" },
    { "transition text",     "procedure.yaml", "finish [", "finish (", "procedure.yaml:11:5:", "column" },
    { "guard",               "procedure.yaml", "minutes > 1", "minutes > 'x'", "procedure.yaml:11:5:", "column" },
    { "unknown role",        "procedure.yaml", "by unit /", "by units /", "procedure.yaml:11:5:", "role 'units'" },
    { "task of nobody",      "procedure.yaml", "role: unit", "role: ghost", "procedure.yaml:5:22:", "role 'ghost'" },
    { "unknown notice",      "procedure.yaml", "notice(told)", "notice(tell)", "procedure.yaml:11:5:", "no notice 'tell'" },
    { "unknown field needed", "procedure.yaml", "notice(told)", "needs(foo)", "procedure.yaml:11:5:", "needs(foo)" },
    { "unknown assignment",  "procedure.yaml", "notice(told)", "assign(foo)", "procedure.yaml:11:5:", "decisions/foo.yaml" },
    { "unknown engine",      "procedure.yaml", "notice(told)", "engine(magic, go)", "procedure.yaml:11:5:", "magic.go" },
    { "a fact set",          "procedure.yaml", "notice(told)", "set(level, 1)", "procedure.yaml:11:5:", "a fact" },
    { "rate without clock",  "procedure.yaml", "notice(told)", "rate", "procedure.yaml:11:5:", "clock 'rating'" },
    { "event untitled",      "procedure.yaml", "  finish: {", "  finis: {", "procedure.yaml:11:5:", "no title" },
    { "event unused",        "procedure.yaml", "  finish: {", "  more: {zh: 多, en: More}\n  finish: {", "procedure.yaml:8:3:", "moves nothing" },
    { "a state not reached", "procedure.yaml", "  - {id: done", "  - {id: lost, zh: 失, en: Lost}\n  - {id: done", "procedure.yaml:10:1:", "reach state lost" },
    { "no clock runs",       "procedure.yaml", ", start(limit)", "", "clocks.yaml:4:5:", "never started" },
    { "state twice",         "procedure.yaml", "id: done", "id: new", "procedure.yaml:3:5:", "new" },
    { "budget",              "clocks.yaml", "2 hour", "2 fortnight", "clocks.yaml:4:57:", "workday" },
    { "calendar",            "clocks.yaml", "calendar: day", "calendar: night", "clocks.yaml:4:75:", "no calendar 'night'" },
    { "shift",               "clocks.yaml", "day: {}", "day: {shifts: [\"9-12\"]}", "clocks.yaml:2:17:", "shift 1" },
    { "shift, signed",       "clocks.yaml", "day: {}", "day: {shifts: [\"9:00--1:00\"]}", "clocks.yaml:2:17:", "shift 1" },
    { "shift past midnight", "clocks.yaml", "day: {}", "day: {shifts: [\"9:00-24:01\"]}", "clocks.yaml:2:17:", "shift 1" },
    { "season without hours", "clocks.yaml", "day: {}", "day: {seasons: [{from: 06-01, to: 09-30, shifts: [\"8:00-12:00\"]}]}", "clocks.yaml:2:9:", "shifts first" },
    { "a day without hours", "clocks.yaml", "day: {}", "day: {days: [{date: 2026-12-01, is: off, zh: 搬, en: Move}]}", "clocks.yaml:2:9:", "shifts first" },
    { "no day of the year",  "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", seasons: [{from: 06-31, to: 09-30, shifts: [\"8:00-12:00\"]}]}", "clocks.yaml:2:48:", "month-day" },
    { "a season's shift",    "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", seasons: [{from: 06-01, to: 09-30, shifts: [\"12:00-8:00\"]}]}", "clocks.yaml:2:74:", "shift 1" },
    { "no date",             "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", days: [{date: 2026-2-1, is: off, zh: 搬, en: Move}]}", "clocks.yaml:2:45:", "not a date" },
    { "a day twice",         "clocks.yaml", "day: {}", "day: {shifts: \"9:00-12:00\", days: [{date: 2026-12-01, is: off, zh: 搬, en: Move}, {date: 2026-12-01, is: work, zh: 补, en: Back}]}", "clocks.yaml:2:91:", "stands twice" },
    { "two kinds of state", "procedure.yaml", "final: true", "final: true, parallel: true", "procedure.yaml:3:5:", "more than one of" },
    { "one region", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, parallel: true, states: [{id: in, zh: 内, en: In}]}", "procedure.yaml:9:1:", "fewer than two regions" },
    { "begins elsewhere", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, initial: done, states: [{id: in, zh: 内, en: In}]}", "procedure.yaml:9:1:", "not within new" },
    { "a history at the top", "procedure.yaml", "  - {id: done", "  - {id: h, zh: 忆, en: H, history: deep}\n  - {id: done", "procedure.yaml:3:5:", "stands at the top" },
    { "a history nobody wants", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, states: [{id: in, zh: 内, en: In}, {id: h, zh: 忆, en: H, history: deep}]}", "procedure.yaml:9:1:", "nobody goes to history h" },
    { "a strange history", "procedure.yaml", "{id: new, zh: 新, en: New}", "{id: new, zh: 新, en: New, history: old}", "procedure.yaml:2:40:", "shallow, deep" },
    { "an action on entry", "procedure.yaml", "en: New}", "en: New, on_entry: fly(x)}", "procedure.yaml:2:", "fly is no action" },
    { "an unknown notice on exit", "procedure.yaml", "en: New}", "en: New, on_exit: notice(tell)}", "procedure.yaml:2:", "no notice 'tell'" },
    { "raised for nobody", "procedure.yaml", "notice(told)", "raise(boom)", "procedure.yaml:9:1:", "raise(boom)" },
    { "auto in a circle", "procedure.yaml", "  - \"new -> done", "  - \"new -> new : auto\"\n  - \"new -> done", "procedure.yaml:9:1:", "in a circle" },
    { "what cannot be extended", "procedure.yaml", "notice(told)", "extend(limit)", "procedure.yaml:11:5:", "cannot be extended" },
    { "a budget on nothing", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, budgets: [{when: \"minute > 1\", budget: 1 hour}]", "clocks.yaml:4:", "column 1" },
    { "a budget in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, budgets: [{when: \"minutes > 1\", budget: 1 workday}]", "clocks.yaml:4:", "unit" },
    { "a rung of both kinds", "clocks.yaml", "{at: 50}", "{at: 50, before: 1 hour}", "clocks.yaml:4:", "before" },
    { "a rung in other units", "clocks.yaml", "{at: 50}", "{before: 1 workhour}", "clocks.yaml:4:", "unit" },
    { "a rung before the start", "clocks.yaml", "{at: 50}", "{before: 3 hour}", "clocks.yaml:4:5:", "would pass before it starts" },
    { "an extension in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, extend: {max: 1, by: 1 workday}", "clocks.yaml:4:", "unit" },
    { "a clock of no task", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, task: sleep", "clocks.yaml:4:", "no task" },
    { "a clock with two masters", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, task: work", "procedure.yaml:10:5:", "alone starts and stops" },
    { "rungs downwards",     "clocks.yaml", "{at: 50}", "{at: 100}", "clocks.yaml:4:104:", "upwards" },
    { "rung's notice",       "clocks.yaml", "{at: 50}", "{at: 50, notice: x}", "clocks.yaml:4:105:", "no notice 'x'" },
    { "expiry",              "clocks.yaml", "budget", "on_expiry: boom, budget", "clocks.yaml:4:5:", "'boom' moves nothing" },
    { "run in nowhere",      "clocks.yaml", "budget", "run_in: [nowhere], budget", "clocks.yaml:4:5:", "nowhere" },
    { "receiver",            "notices.yaml", "receiver: resident", "receiver: world", "notices.yaml:2:40:", "role 'world'" },
    { "unknown place",       "notices.yaml", "{kind}", "{kinds}", "notices.yaml:2:77:", "{kinds}" },
    { "open place",          "notices.yaml", "{kind}", "{kind", "notices.yaml:2:77:", "without its }" },
    { "indicator",           "indicators.yaml", "minutes >= 0", "minute >= 0", "indicators.yaml:2:5:", "num" },
    { "ratio without den",   "indicators.yaml", "kind: count", "kind: ratio", "indicators.yaml:2:33:", "needs `den`" },
    { "count with den",      "indicators.yaml", "unit:", "den: \"minutes > 0\", unit:", "indicators.yaml:2:87:", "a count has no `den`" },
    { "count of nothing",    "indicators.yaml", "num: \"minutes >= 0\", ", "", "indicators.yaml:2:33:", "needs `num`" },
    { "a median of no p",    "indicators.yaml", "kind: count", "kind: percentile", "indicators.yaml:2:33:", "needs `p`" },
    { "an empty count",      "indicators.yaml", "unit:", "empty: zero, unit:", "indicators.yaml:2:87:", "a count has no `empty`" },
    { "an exclusion",        "indicators.yaml", "unit:", "excluded: [{id: x, when: \"minute > 0\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:5:", "excluded x: column 1" },
    { "an exclusion twice",  "indicators.yaml", "unit:", "excluded: [{id: x, when: \"minutes > 0\", reason: {zh: 甲, en: X}}, {id: x, when: \"minutes > 1\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:157:", "'x' stands twice" },
    { "a formula of nothing", "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, expr: \"m / n\", unit: {zh: 件, en: n}}", "indicators.yaml:3:48:", "there is no column m" },
    { "a formula without",   "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, unit: {zh: 件, en: n}}", "indicators.yaml:3:33:", "needs `expr`" },
    { "made of itself",      "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: derived, expr: \"n - period_before(d)\", unit: {zh: 件, en: n}}", "indicators.yaml:3:5:", "made of itself" },
    { "weights",             "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 90, full: 3, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:47:", "add up to 90" },
    { "a part of nothing",   "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: m, weight: 100, full: 3, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:53:", "no indicator 'm'" },
    { "no target to reach",  "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 100, full: target, zero: 1}], unit: {zh: 件, en: n}}", "indicators.yaml:3:75:", "'n' has no target" },
    { "no way to go",        "indicators.yaml", "unit: {zh: 件, en: n}}", "unit: {zh: 件, en: n}}\n  - {id: d, zh: 丁, en: D, kind: score, parts: [{of: n, weight: 100, full: 3, zero: 3}], unit: {zh: 件, en: n}}", "indicators.yaml:3:84:", "the same as `full`" },
    { "a report of nothing", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [m]}]}\n", "reports.yaml:2:", "no indicator 'm'" },
    { "a report for nobody", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [boss], sections: [{title: {zh: 甲, en: A}, indicators: [n]}]}\n", "reports.yaml:2:", "role 'boss'" },
    { "a report by person", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], by: person}]}\n", "reports.yaml:2:", "one of: none, org" },
    { "a place of nothing", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], text: {zh: '{m}', en: A}}]}\n", "reports.yaml:2:", "{m} is not known" },
    { "a place left open", "reports.yaml", NULL, "reports:\n  - {id: r, zh: 月, en: R, period: month, audience: [officer], sections: [{title: {zh: 甲, en: A}, indicators: [n], text: {zh: '{n', en: A}}]}\n", "reports.yaml:2:", "without its }" },
    { "purpose",             "access.yaml", "purpose: handle", "purpose: gossip", "access.yaml:4:30:", "no purpose 'gossip'" },
    { "reader unknown",      "access.yaml", "role: officer", "role: boss", "access.yaml:4:12:", "role 'boss'" },
    { "open field granted",  "access.yaml", "[phone,", "[phone, kind,", "access.yaml:4:75:", "open field" },
    { "no scenario",         "scenarios/one.yaml", NULL, NULL, "scenarios: ", "without a scenario" },
    { "a scenario fails",    "scenarios/one.yaml", "state: done", "state: new", "scenarios/one.yaml: line 5:", "wanted state new, got done" },
    { "figures fail",        "scenarios/one.yaml", "[1, 0]", "[2, 0]", "scenarios/one.yaml: line 6:", "wanted n 2/0, got 1/0" },
    { "values fail",         "scenarios/one.yaml", "figures: {n: [1, 0]}", "values: {n: 2}", "scenarios/one.yaml: line 6:", "wanted n 2, got 1" },
    { "exclusions fail",     "scenarios/one.yaml", "figures: {n: [1, 0]}", "excluded: {n: {x: 1}}", "scenarios/one.yaml: line 6:", "wanted 1 taken out of n as x, got 0" },
    { "a rung not fired",    "scenarios/one.yaml", "[limit 50]", "none", "scenarios/one.yaml: line 4:", "got [limit 50]" },
    /* clang-format on */
};

static const Broken forms[] = {
    /* clang-format off */
    { "no such form",        "procedure.yaml", "notice(told)", "form(tell)", "procedure.yaml:11:5:", "no form 'tell'" },
    { "a form nobody fills", "forms/f.json", NULL, "{\"properties\": {\"kind\": {}}}", "forms/f.json:1:1:", "nobody fills in" },
    { "no form of a mapping", "intake.yaml", "channel: call", "channel: call\n    form: g", "intake.yaml:6:11:", "no form 'g'" },
    { "not JSON",            "forms/f.json", NULL, "{\"properties\": {kind: {}}}", "forms/f.json:1:", "" },
    { "not a JSON file",     "forms/f.yaml", NULL, "a: b", "forms/f.yaml:1:1:", "not a part of a pack" },
    { "no properties",       "forms/f.json", NULL, "{}", "forms/f.json:1:1:", "without properties" },
    { "no such field",       "forms/f.json", NULL, "{\"properties\": {\"kinds\": {}}}", "forms/f.json:1:17:", "no field" },
    { "another type",        "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"type\": \"integer\"}}}", "forms/f.json:1:34:", "of type string" },
    { "not a code",          "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"enum\": [\"z\"]}}}", "forms/f.json:1:35:", "not a code" },
    { "longer than it is",   "forms/f.json", NULL, "{\"properties\": {\"phone\": {\"maxLength\": 21}}}", "forms/f.json:1:40:", "only be narrower" },
    { "less than it is",     "forms/f.json", NULL, "{\"properties\": {\"rating\": {\"minimum\": 0}}}", "forms/f.json:1:39:", "only be narrower" },
    { "more than it is",     "forms/f.json", NULL, "{\"properties\": {\"rating\": {\"maximum\": 6}}}", "forms/f.json:1:39:", "only be narrower" },
    { "a misspelt keyword",  "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"minLenght\": 1}}}", "forms/f.json:1:39:", "not a keyword" },
    { "a layout of nothing", "forms/f.json", NULL, "{\"properties\": {\"kind\": {}}, \"x-layout\": {\"sections\": [{\"fields\": [\"phone\"]}]}}", "forms/f.json:1:68:", "each property once" },
    { "shown by nothing",    "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"x-show-if\": {\"n\": 1}}}}", "forms/f.json:1:40:", "not in this form" },
    /* clang-format on */
};

static const Broken lawful[] = {
    /* clang-format off */
    { "ethnic, English",     "types.yaml", "id: phone", "id: ethnicity", "types.yaml:8:10:", "ethnic" },
    { "ethnic, Chinese",     "types.yaml", "zh: 电话", "zh: 民族", "types.yaml:8:21:", "ethnic" },
    { "ethnic, pinyin",      "types.yaml", "id: phone", "id: min_zu", "types.yaml:8:10:", "ethnic" },
    { "ethnic, card reader", "types.yaml", "id: phone", "id: nation", "types.yaml:8:10:", "ethnic" },
    { "nationality",         "types.yaml", "id: phone", "id: nationality", "types.yaml:8:10:", "国籍" },
    { "religion",            "types.yaml", "zh: 电话", "zh: 宗教信仰", "types.yaml:8:21:", "religious" },
    { "religion, pinyin",    "types.yaml", "id: phone", "id: zongjiao", "types.yaml:8:10:", "religious" },
    { "politics",            "types.yaml", "zh: 电话", "zh: 政治面貌", "types.yaml:8:21:", "political" },
    { "party",               "types.yaml", "en: Phone", "en: Party member", "types.yaml:8:29:", "political" },
    { "fingerprint",         "types.yaml", "id: phone", "id: caller_fingerprint", "types.yaml:8:10:", "biometric" },
    { "face",                "types.yaml", "en: Phone", "en: callerFaceId", "types.yaml:8:29:", "biometric" },
    { "voice",               "types.yaml", "zh: 电话", "zh: 声纹编号", "types.yaml:8:21:", "biometric" },
    { "iris",                "types.yaml", "id: phone", "id: iris", "types.yaml:8:10:", "biometric" },
    { "dna",                 "types.yaml", "id: phone", "id: dna", "types.yaml:8:10:", "biometric" },
    { "blood type",          "types.yaml", "zh: 电话", "zh: 血型", "types.yaml:8:21:", "biometric" },
    { "orientation",         "types.yaml", "zh: 电话", "zh: 性取向", "types.yaml:8:21:", "sexual" },
    { "a source column",     "intake.yaml", "from: phone", "from: Ethnicity", "intake.yaml:8:27:", "ethnic" },
    { "one of the columns",  "intake.yaml", "from: phone", "from: [phone, 民族]", "intake.yaml:8:35:", "ethnic" },
    { "ethnic values",       "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 汉族, en: A}\n    - {code: c, zh: 回族, en: C}", "types.yaml:2:3:", "ethnic groups" },
    { "ethnic codes",        "types.yaml", "{code: a, zh: 甲, en: A}", "{code: han, zh: 甲, en: A}\n    - {code: Uygur, zh: 丙, en: C}", "types.yaml:2:3:", "ethnic groups" },
    { "political values",    "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 党员, en: A}\n    - {code: c, zh: 群众, en: C}", "types.yaml:2:3:", "political standing" },
    { "religious values",    "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 佛教, en: A}\n    - {code: c, zh: 道教, en: C}", "types.yaml:2:3:", "religions" },
    { "blood values",        "types.yaml", "{code: a, zh: 甲, en: A}", "{code: a, zh: 甲, en: A}\n    - {code: AB, zh: 丙, en: C}\n    - {code: O, zh: 丁, en: D}", "types.yaml:2:3:", "blood types" },
    { "values in a map",     "intake.yaml", "from: phone}", "from: phone, map: {汉族: '1', 藏族: '2'}}", "intake.yaml:8:34:", "ethnic groups" },
    { "values in a table",   "decisions/send.yaml", "kind = 'a'", "kind IN ('壮族', '满族')", "decisions/send.yaml:2:1:", "ethnic groups" },
    { "values in cells",     "decisions/more.yaml", NULL, "hit: first\ninputs: [kind]\noutputs: [org]\nrows:\n  - [\"'壮族', '满族'\", X]\n", "decisions/more.yaml:4:1:", "ethnic groups" },
    { "a form's property",   "forms/f.json", NULL, "{\"properties\": {\"min_zu\": {}}}", "forms/f.json:1:17:", "ethnic" },
    { "a form's help",       "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"x-help\": {\"zh\": \"填写宗教信仰\", \"en\": \"x\"}}}}", "forms/f.json:1:43:", "religious" },
    { "a form's values",     "forms/f.json", NULL, "{\"properties\": {\"kind\": {\"enum\": [\"佛教\", \"道教\"]}}}", "forms/f.json:1:1:", "religions" },
    { "sampled values",      "scenarios/two.yaml", NULL, "title: {zh: 二, en: Two}\nsignal: {mapping: json, at: \"2026-11-23 09:00\", data: {kind: 汉族, phone: 回族}}\nsteps:\n  - {at: \"2026-11-23 10:00\"}\n", "scenarios/two.yaml:1:1:", "ethnic groups" },
    { "a person's score",    "types.yaml", "id: phone", "id: caller_score", "types.yaml:8:10:", "score of persons" },
    { "credit points",       "types.yaml", "id: rating, zh: 满意度", "id: points, zh: 居民信用积分", "types.yaml:7:10:", "score of persons" },
    { "a score of nothing",  "types.yaml", "id: rating, zh: 满意度", "id: score, zh: 评分", "types.yaml:7:10:", "name the thing" },
    { "private in a guard",  "procedure.yaml", "minutes > 1", "phone = '1'", "procedure.yaml:11:5:", "private field 'phone'" },
    { "private in a table",  "decisions/send.yaml", "kind = 'a'", "phone LIKE '12%'", "decisions/send.yaml:3:12:", "private field 'phone'" },
    { "private in a figure", "indicators.yaml", "minutes >= 0", "phone IS NOT NULL", "indicators.yaml:2:71:", "private field 'phone'" },
    { "private in an exclusion", "indicators.yaml", "unit:", "excluded: [{id: x, when: \"phone = '1'\", reason: {zh: 甲, en: X}}], unit:", "indicators.yaml:2:112:", "private field 'phone'" },
    { "private in a notice", "notices.yaml", "{kind}", "{phone}", "notices.yaml:2:77:", "private field" },
    { "private decided",     "decisions/send.yaml", "{org: Y}", "{phone: Y}", "decisions/send.yaml:4:12:", "private field 'phone'" },
    { "link to staff",       "notices.yaml", "receiver: resident", "receiver: officer", "notices.yaml:2:53:", "{link}" },
    { "collected for nobody", "access.yaml", "[phone, rating_text]", "[rating_text]", "types.yaml:8:10:", "serves no purpose" },
    { "system reads",        "access.yaml", "role: officer", "role: system", "access.yaml:4:12:", "the system reads nothing" },
    { "over the legal limit", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, limit: {budget: 1 hour, law: 某法}", "clocks.yaml:4:57:", "longer than the law allows" },
    { "limit in other units", "clocks.yaml", "budget: 2 hour", "budget: 2 hour, limit: {budget: 1 workday, law: 某法}", "clocks.yaml:4:57:", "cannot be compared" },
    /* clang-format on */
};

static gboolean says(const GPtrArray *refusals, const Broken *row)
{
    for (guint i = 0; i < refusals->len; i++) {
        const char *text = refusals->pdata[i];
        if (g_str_has_prefix(text, row->where) && strstr(text, row->what)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean refused(const Broken *row)
{
    char *folder = mini_write(row->file, row->find, row->put);
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    const gboolean ok = says(refusals, row);
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

static void a_form_that_does_not_fit(void)
{
    run_table(forms, G_N_ELEMENTS(forms));
}

static void unlawful(void)
{
    run_table(lawful, G_N_ELEMENTS(lawful));
}

static void the_unbroken_pack_is_sound(void)
{
    char *folder = mini_write(NULL, NULL, NULL);
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    for (guint i = 0; i < refusals->len; i++) {
        g_test_message("%s", (char *)refusals->pdata[i]);
    }
    g_assert_cmpuint(refusals->len, ==, 0);
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
        { "letters A and B",   "types.yaml", "code: b", "code: O", "", "" },
        { "crowd, once",       "types.yaml", "zh: 甲", "zh: 群众", "", "" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *folder = mini_write(rows[i].file, rows[i].find, rows[i].put);
        g_autoptr(GPtrArray) refusals = pack_check(folder);
        for (guint k = 0; k < refusals->len; k++) {
            g_test_message("%s: %s", rows[i].name, (char *)refusals->pdata[k]);
            g_assert_null(strstr(refusals->pdata[k], "no pack may hold"));
            g_assert_null(strstr(refusals->pdata[k], "score of persons"));
            g_assert_null(strstr(refusals->pdata[k], "may mean ethnicity"));
        }
        mini_remove(folder);
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
    g_test_add_func("/pack/refused_a_form_that_does_not_fit", a_form_that_does_not_fit);
    g_test_add_func("/pack/refused_unlawful", unlawful);
    g_test_add_func("/pack/innocent_names_pass", innocent_names_pass);
    g_test_add_func("/pack/a_refusal_has_its_code", a_refusal_has_its_code);
    g_test_add_func("/pack/a_folder_that_is_not_there_is_refused", a_folder_that_is_not_there_is_refused);
    return g_test_run();
}
