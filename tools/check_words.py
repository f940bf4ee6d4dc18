#!/usr/bin/env python3
"""Hold the code against words that must not stand where they stand: the walls of guard/, and calls that C had better not have.

Reads every .c and .h under src, bench and tests (comments left out; SQL is what stands in string literals). Each rule below
is one row: what is looked for, where it may stand, why; and docs/law.md may name only what exists.
Prints each breach as file:line: what, hint; exits 1 on any."""
import argparse
import pathlib
import re
import sys

TESTS = r"(^tests/|^bench/|_(test|fuzz)\.c$|_for_test\.h$)"
GUARDED = "user|session|case_private"
TABLE = r"(?:from|into|update|join|table(?: if (?:not )?exists)?)\s+\"?(?:{})\"?(?![\w.])"

# (name, "call" or "sql", pattern, may stand in, hint)
RULES = [
    ("table of people", "sql", TABLE.format(GUARDED),
     r"^src/guard/|^src/store/schema\.c$|^src/loop/case/(rebuild|verify)\.c$|" + TESTS,
     "only guard/ names user, session and case_private; use guard.h (rebuild.c and verify.c show none)"),
    ("private bodies", "sql", r"select\b(?=.*\bfrom\s+event\b)(?:(?!\bfrom\b).)*(?:\bprivate\b|\*(?!\)))",
     r"^src/guard/|^src/store/|" + TESTS, "personal data leave by guard_private_read() under a Grant"),
    ("writing from api", "sql", r"(?:insert into|update|delete from|replace into)\s+(?!idempotency\b)",
     r"^src/(?!api/)|" + TESTS, "handlers change the city through loop/ and guard/; api/ writes its idempotency keys only"),
    ("private bodies", "call", r"\bledger_walk\s*\(",
     r"^src/guard/|^src/store/|^src/loop/case/rebuild\.c$|" + TESTS,
     "with_private must be the word FALSE here; guard_event_head() gives the text of a leaf"),
    ("private facts without a grant", "call", r"\bguard_private_(?:put|engine)\s*\(", r"^src/guard/|^src/loop/case/|" + TESTS,
     "only loop/case may; people read by guard_private_read() under a Grant"),
    ("inside of guard", "include", r"guard/(?:inside|grant|note)\.h", r"^src/guard/|^tests/audit/", "guard.h is the contract"),
    ("SQLite", "call", r"\bsqlite3_\w+\s*\(", r"^src/store/|" + TESTS, "go through store.h, so that every store can do it"),
    ("unbounded text", "call", r"\b(?:strcpy|strcat|sprintf|vsprintf|gets|strtok)\s*\(", r"^$", "g_strdup_printf, GString, g_strsplit"),
    ("number without errors", "call", r"\b(?:atoi|atol|atoll|atof)\s*\(", TESTS, "g_ascii_string_to_signed, g_ascii_strtod"),
    ("asking the time", "call",
     r"\b(?:time|gettimeofday|localtime|localtime_r|gmtime|ctime|mktime|g_get_real_time|g_date_time_new_now\w*)\s*\(",
     r"^src/base/clock\.c$|" + TESTS, "`now` is an argument (STYLE.md, 5); base/clock.c is the one clock"),
    ("rolling dice", "call", r"\b(?:rand|srand|random|srandom|drand48|getrandom|g_random_\w+|g_rand_\w+)\s*\(",
     r"^src/base/chance\.c$|" + TESTS, "draw from a BaseChance; keys and tokens come from libsodium"),
    ("running programs", "call", r"\b(?:system|popen|execvp?|execlp?)\s*\(", TESTS, "the program starts no other program by a shell"),
]

PIECES = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
LITERALS = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return PIECES.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0], text)


def without_strings(text):
    return PIECES.sub(lambda m: '"' + blank(m[0][1:-1]) + '"' if m[0].startswith('"') else m[0], text)


def literals(text):
    """Each run of adjacent string literals, joined: (offset, text)."""
    for found in LITERALS.finditer(text):
        joined = "".join(part[1:-1] for part in re.findall(r'"(?:\\.|[^"\\\n])*"', found[0]))
        yield found.start(), joined.replace('\\"', '"').replace("\\n", " ")


def arguments(text, start):
    """The arguments of the call whose bracket opens before `start`."""
    depth, last, given = 1, start, []
    for at in range(start, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0 or (depth == 1 and text[at] == ","):
            given.append(text[last:at].strip())
            last = at + 1
        if depth == 0:
            return given
    return given


def open_walk(code, found):
    given = arguments(code, found.end())
    return len(given) > 3 and given[3] == "FALSE"


def breaches_of(rule, code, plain):
    name, kind, pattern, _, _ = rule
    if kind == "sql":
        for offset, text in literals(code):
            for found in re.finditer(pattern, text, re.I):
                yield offset, found[0].strip()
    elif kind == "include":
        for found in re.finditer(r'#\s*include\s+"(' + pattern + ')"', code):
            yield found.start(), found[1]
    else:
        for found in re.finditer(pattern, plain):
            if "ledger_walk" in found[0] and open_walk(plain, found):
                continue
            yield found.start(), found[0].rstrip("( ")


def check(root, paths):
    for path in paths:
        here = path.relative_to(root).as_posix()
        code = without_comments(path.read_text(errors="replace"))
        plain = without_strings(code)
        for rule in RULES:
            if re.search(rule[3], here):
                continue
            for offset, what in breaches_of(rule, code, plain):
                yield f"{here}:{code.count(chr(10), 0, offset) + 1}: {rule[0]}: {what[:60]}; {rule[4]}"


def law(root):
    """docs/law.md names only files and tests that exist ("/mask/*": at least one of them)."""
    page = root / "docs/law.md"
    tests = "\n".join(p.read_text(errors="replace") for p in (root / "src").rglob("*_test.c"))
    for number, line in enumerate(page.read_text().splitlines() if page.exists() else [], 1):
        for name in re.findall(r"`([^`\s]+)`", line):
            if re.fullmatch(r"/[\w/]+(/\*)?", name):
                there = f'"{name}"' in tests if not name.endswith("*") else f'"{name[:-1]}' in tests
            elif re.match(r"(src|tests|tools|docs|packs)/", name):
                there = any(root.glob(name)) or any(root.glob(name + "*"))
            else:
                continue
            if not there:
                yield f"docs/law.md:{number}: {name} is not there; a rail is named by what holds it and what shows it"


# What each rule must find, and must let stand: the lint is tried before it is believed.
TRIALS = [
    ("src/api/x.c", 'q("SELECT name FROM \\"user\\" WHERE 1");', 1),
    ("src/loop/close/x.c", 'q("SELECT facts"\n "  FROM case_private");', 1),
    ("src/cli/x.c", 'q("DELETE FROM session");', 1),
    ("src/guard/x.c", 'q("DELETE FROM session");', 0),
    ("src/api/x.c", 'say("right user.edit ends a session");', 0),
    ("src/api/x.c", '/* FROM user */ // FROM session\n int user;', 0),
    ("src/api/x.c", 'q("SELECT seq, private FROM event");', 1),
    ("src/cli/x.c", 'q("SELECT * FROM event");', 1),
    ("src/api/x.c", 'q("SELECT count(*) FROM event");', 0),
    ("src/api/x.c", 'q("SELECT seq, kind FROM event");', 0),
    ("src/api/x.c", 'q("UPDATE case_file SET state = 1");', 1),
    ("src/api/x.c", 'q("INSERT INTO idempotency VALUES(1)");', 0),
    ("src/loop/case/x.c", 'q("UPDATE case_file SET state = 1");', 0),
    ("src/api/x.c", "ledger_walk(conn, 1, f(2, 3), TRUE, each, d, e);", 1),
    ("src/api/x.c", "ledger_walk(conn, 1, f(2, 3), FALSE, each, d, e);", 0),
    ("src/api/x.c", "ledger_walk(conn, 1, 2, with, each, d, e);", 1),
    ("src/loop/case/rebuild.c", "ledger_walk(conn, 1, 2, TRUE, each, d, e);", 0),
    ("src/api/x.c", "guard_private_engine(conn, id, e);", 1),
    ("src/loop/case/x.c", "guard_private_engine(conn, id, e);", 0),
    ("src/loop/case/x.c", '#include "guard/inside.h"', 1),
    ("src/loop/case/x.c", '#include "guard/guard.h"', 0),
    ("src/city/x.c", "sqlite3_open(a, b);", 1),
    ("src/store/x.c", "sqlite3_open(a, b);", 0),
    ("src/base/x.c", "strcpy(a, b); gets(a);", 2),
    ("src/base/x.c", "g_snprintf(a, 1, b); my_strcpy(a); gadgets(a);", 0),
    ("src/base/x_test.c", "strcpy(a, b);", 1),
    ("src/base/x.c", "atoi(a);", 1),
    ("src/base/x.c", "time(NULL); real_time(0); x.time = 1;", 1),
    ("src/base/clock.c", "g_get_real_time();", 0),
    ("src/base/x.c", 'say("time (ms), rand()");', 0),
    ("src/base/x.c", "rand(); operand();", 1),
    ("src/cli/x.c", "system(a);", 1),
]


def try_rules():
    wrong = []
    for here, text, want in TRIALS:
        code = without_comments(text)
        plain = without_strings(code)
        got = sum(len(list(breaches_of(rule, code, plain))) for rule in RULES if not re.search(rule[3], here))
        if got != want:
            wrong.append(f"trial {here}: {text!r}: found {got}, want {want}")
    return wrong


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = ask.parse_args().root
    paths = sorted(p for folder in ("src", "bench", "tests") for p in (root / folder).rglob("*.[ch]"))
    found = try_rules() + list(check(root, paths)) + list(law(root))
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(paths)} files, {len(RULES)} rules, {len(found)} breaches")
    sys.exit(1 if found else 0)


main()
