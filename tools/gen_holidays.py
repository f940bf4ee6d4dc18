#!/usr/bin/env python3
"""Make the C table of Chinese statutory holidays and make-up days out of data/calendar/cn-exceptions.tsv."""
import datetime
import sys

source, target = sys.argv[1:3]
epoch = datetime.date(1970, 1, 1)
rows = []
for number, line in enumerate(open(source, encoding="utf-8"), 1):
    if line.startswith("#") or not line.strip():
        continue
    date, kind, name, notice = line.rstrip("\n").split("\t")
    if kind not in ("off", "work"):
        sys.exit(f"{source}:{number}: kind is {kind!r}, not off or work")
    rows.append(((datetime.date.fromisoformat(date) - epoch).days, kind == "work", date, int(notice), name))
rows.sort()
last = max(r[3] for r in rows)  # the last year whose notice is published
with open(target, "w", encoding="utf-8") as out:
    out.write("/* made by tools/gen_holidays.py from data/calendar/cn-exceptions.tsv */\n")
    out.write(f"#define HOLIDAYS_LAST_YEAR {last}\n")
    out.write("static const struct {\n    int day; /* since 1970-01-01 */\n    int works;\n    int notice; /* year of the State Council's notice */\n    const char *name;\n} holidays[] = {\n")
    for day, works, date, notice, name in rows:
        out.write(f'    {{ {day}, {int(works)}, {notice}, "{name}" }}, /* {date} */\n')
    out.write("};\n")
