#!/usr/bin/env python3
"""A city in virtual time: every case is closed in the end, and every figure equals SQL over the raw ledger.

The SQL below was written by hand from the meaning of each indicator (medians, exclusions, formulas and scores too), on the ledger's
own columns and times; it shares nothing with the program's cells. Cases: the drawn city (both services), and one of a year and ten
days, so that there is a year before; and, where they are at hand, 55,068 real emergency calls and
4,628 real complaints of one day.

  tests/city/city.py build/src/bihuan [--part drawn|year|whole|calls|complaints]... [--rows N] [--year]"""
import argparse
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, say, SHARED, TOP  # noqa: E402

# e: one row per case event, with its open facts; o: when its case was opened; late: a clock but the rating's had expired by then
FRAME = """
CREATE TEMP TABLE x AS WITH e AS (
  SELECT seq, at, kind, case_id, body ->> '$.event' AS event, body ->> '$.to_state' AS to_state, body ->> '$.org' AS org,
         body ->> '$.area' AS area, strftime('%Y-%m', at / 1000 + 8 * 3600, 'unixepoch') AS month,
         body ->> '$.pack' AS pack, CAST(body ->> '$.facts.rating' AS INTEGER) AS rating, body ->> '$.facts.solved' AS solved,
         (SELECT f.body ->> '$.facts.category' FROM event f WHERE f.case_id = event.case_id AND f.kind = 'case.opened') AS category,
         body ->> '$.facts.cancel_reason' AS cancel_reason,
         (SELECT f.body ->> '$.facts.result' FROM event f WHERE f.case_id = event.case_id AND f.seq <= event.seq
            AND f.body ->> '$.facts.result' IS NOT NULL ORDER BY f.seq DESC LIMIT 1) AS result,
         (SELECT f.body ->> '$.facts.ground' FROM event f WHERE f.case_id = event.case_id AND f.seq <= event.seq
            AND f.body ->> '$.facts.ground' IS NOT NULL ORDER BY f.seq DESC LIMIT 1) AS ground,
         (SELECT min(at) FROM event f WHERE f.case_id = event.case_id) AS opened_at
  FROM event WHERE kind IN ('case.opened', 'case.moved')),
x AS (
  SELECT e.*, (at - opened_at) / 60000 AS minutes,
         (SELECT count(*) FROM event f WHERE f.case_id = e.case_id AND f.seq < e.seq AND f.body ->> '$.event' = 'reopen'
            AND e.event IN ('dispose')) AS reopens_before,
         e.to_state = 'closed' AND EXISTS (SELECT 1 FROM event f WHERE f.case_id = e.case_id AND f.seq < e.seq
            AND f.kind = 'case.rung' AND f.body ->> '$.event' = 'expired' AND f.body ->> '$.clock' <> 'rating') AS was_late
  FROM e WHERE pack = :pack)
SELECT * FROM x"""

ENDED = "to_state IN ('closed', 'cancelled', 'transferred')"
NO_REAL_CALL = "CASE cancel_reason WHEN 'false_call' THEN 'false_call' WHEN 'test' THEN 'test' " \
               "WHEN 'duplicate' THEN 'duplicate' WHEN 'mistaken' THEN 'duplicate' END"
NO_WISH_TO_GRANT = "CASE WHEN result = 'not_accepted' THEN 'not_accepted' WHEN ground = 'litigation' THEN 'litigation' END"
ASKED = "event IN ('callback', 'reopen')"
# what is taken out: (of which events, by which reason)
TAKEN_OUT = {
    ("incident", "settled"): (ENDED, NO_REAL_CALL),
    ("incident", "arrival_median"): ("event = 'arrive'", "CASE category WHEN 'fire_alarm' THEN 'not_needed' END"),
    ("workorder", "solved_real"): (ASKED, NO_WISH_TO_GRANT),
}

# what each indicator means: (num, den), both as sums over the events
INDICATORS = {
    "incident": {
        "opened": ("sum(kind = 'case.opened')", "0"),
        "sent_in_2": ("sum(event = 'triage' AND at - opened_at <= 2 * 60000)", "sum(event = 'triage')"),
        "arrival_in_10": ("sum(event = 'arrive' AND at - opened_at <= 10 * 60000)", "sum(event = 'arrive')"),
        "arrival_minutes": ("sum(CASE WHEN event = 'arrive' THEN minutes END)", "sum(event = 'arrive')"),
        "declined": ("sum(event IN ('decline', 'return'))", "sum(event IN ('accept', 'decline'))"),
        "closed": ("sum(to_state = 'closed')", "0"),
        "cancelled": ("sum(to_state = 'cancelled')", "sum(to_state IN ('closed', 'cancelled', 'transferred'))"),
        "satisfaction": ("sum(event = 'rate' AND rating >= 4)", "sum(event = 'rate')"),
        "rating_rate": ("sum(event = 'rate')", "sum(event IN ('rate', 'rate_lapsed'))"),
        "reopened": ("sum(event = 'reopen')", "sum(event = 'dispose' AND reopens_before = 0)"),
        "arrival_median": ("sum(CASE WHEN event = 'arrive' AND category <> 'fire_alarm' THEN minutes END)",
                           "sum(event = 'arrive' AND category <> 'fire_alarm')"),
        "arrival_p90": ("sum(CASE WHEN event = 'arrive' THEN minutes END)", "sum(event = 'arrive')"),
        "settled": (f"sum(to_state = 'closed' AND {NO_REAL_CALL} IS NULL)", f"sum({ENDED} AND {NO_REAL_CALL} IS NULL)"),
    },
    "workorder": {
        "opened": ("sum(kind = 'case.opened')", "0"),
        "closed": ("sum(to_state = 'closed')", "0"),
        "on_time": ("sum(to_state = 'closed' AND NOT was_late)", "sum(to_state = 'closed')"),
        "reply_hours": ("sum(CASE WHEN event IN ('reply', 'answer') THEN minutes / 60 END)", "sum(event IN ('reply', 'answer'))"),
        "solved": ("sum(event = 'callback' AND solved)", "sum(event IN ('callback', 'reopen'))"),
        "satisfaction": ("sum(event = 'rate' AND rating >= 4)", "sum(event = 'rate')"),
        "rating_rate": ("sum(event = 'rate')", "sum(event IN ('rate', 'rate_lapsed'))"),
        "returned": ("sum(event = 'return')", "sum(event IN ('signin', 'return'))"),
        "reopened": ("sum(event = 'reopen')", "sum(event = 'reply')"),
        "suspended": ("sum(event = 'suspend')", "sum(event = 'signin')"),
        "reply_median": ("sum(CASE WHEN event IN ('reply', 'answer') THEN minutes / 60 END)", "sum(event IN ('reply', 'answer'))"),
        "solved_real": (f"sum(event = 'callback' AND solved AND {NO_WISH_TO_GRANT} IS NULL)", f"sum({ASKED} AND {NO_WISH_TO_GRANT} IS NULL)"),
    },
}


def share(pack, which):
    num, den = INDICATORS[pack][which]
    return f"(SELECT ({num}) * 1.0 / nullif({den}, 0) FROM here)"


def count(pack, which, of="here"):
    return f"(SELECT coalesce({INDICATORS[pack][which][0]}, 0) * 1.0 FROM {of})"


def rank(percent, number, of):
    """By nearest rank: the smallest that so many in a hundred do not exceed."""
    return f"(SELECT v FROM (SELECT {number} AS v, row_number() OVER (ORDER BY {number}) AS r, count(*) OVER () AS n FROM here" \
           f" WHERE {of}) WHERE r = ({percent} * n + 99) / 100)"


def score(*parts):
    """Each: weight, value, where it has all of it, where none."""
    return " + ".join(f"{weight} * max(0, min(1, ({x} - {zero}) / ({full} - {zero} * 1.0)))" for weight, x, full, zero in parts)


ARRIVAL = rank(50, "minutes", "event = 'arrive' AND category <> 'fire_alarm'")
REPLY = rank(50, "minutes / 60", "event IN ('reply', 'answer')")
# values that are more than num / den; `here` are the events asked about, `year_ago` those of the same period a year before
VALUES = {
    "incident": {
        "arrival_median": ARRIVAL,
        "arrival_p90": rank(90, "minutes", "event = 'arrive'"),
        "closed_share": f"{count('incident', 'closed')} / nullif({count('incident', 'opened')}, 0)",
        "opened_growth": f"{count('incident', 'opened')} / nullif({count('incident', 'opened', 'year_ago')}, 0) - 1",
        "response_score": score((25, share("incident", "sent_in_2"), 0.95, 0.5), (35, share("incident", "arrival_in_10"), 0.9, 0.5),
                                (20, ARRIVAL, 8, 30), (20, share("incident", "satisfaction"), 0.95, 0.6)),
    },
    "workorder": {
        "reply_median": REPLY,
        "closed_share": f"{count('workorder', 'closed')} / nullif({count('workorder', 'opened')}, 0)",
        "opened_growth": f"{count('workorder', 'opened')} / nullif({count('workorder', 'opened', 'year_ago')}, 0) - 1",
        "service_score": score((30, share("workorder", "on_time"), 0.95, 0.5), (30, share("workorder", "solved_real"), 0.9, 0.4),
                               (25, share("workorder", "satisfaction"), 0.95, 0.6), (15, REPLY, 48, 240)),
    },
}


def run(binary, *words):
    done = subprocess.run([binary, *words], cwd=TOP, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bihuan {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def rows_of(table):
    import csv
    with open(table, newline="", encoding="utf-8", errors="replace") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def differs(a, b):
    return (a is None) != (b is None) or (a is not None and abs(a - b) > 1e-9 * max(1, abs(b)))


def compare(db, pack, shown, where, year_ago, given):
    """What is wrong with one figure, against SQL over the raw ledger."""
    which, wrong = shown["id"], []
    here = f"WITH here AS (SELECT * FROM temp.x WHERE {where}), year_ago AS (SELECT * FROM temp.x WHERE {year_ago}) "
    if which in INDICATORS[pack]:
        num, den = INDICATORS[pack][which]
        want = tuple(int(x or 0) for x in db.execute(here + f"SELECT {num}, {den} FROM here", given).fetchone())
        if (shown["num"], shown["den"]) != want:
            wrong.append(f"shown {shown['num']}/{shown['den']}, ledger {want[0]}/{want[1]}")
    sql = VALUES[pack].get(which) or (count(pack, which) if shown["kind"] == "count" else share(pack, which))
    value = db.execute(here + "SELECT " + sql, given).fetchone()[0]
    if differs(shown.get("value"), value):
        wrong.append(f"shown {shown.get('value')}, ledger {value}")
    of, reason = TAKEN_OUT.get((pack, which), ("0", "NULL"))
    out = dict(db.execute(here + f"SELECT {reason} AS why, count(*) FROM here WHERE {of} AND why IS NOT NULL GROUP BY why", given))
    if {e["id"]: e["n"] for e in shown["excluded"]} != out:
        wrong.append(f"taken out {shown['excluded']}, ledger {out}")
    return [f"{pack} {which} {given}: {w}" for w in wrong]


def figures(binary, folder, db, pack, by=None, month=None):
    """(how many values were compared that are there, what is wrong)"""
    words = ["report", "--json", "--pack", pack, "--folder", folder] + (["--by", by] if by else []) + (["--period", month] if month else [])
    where = (f"coalesce({by}, '') = :group" if by else "1") + (" AND month = :month" if month else "")
    year_ago = where.replace(":month", ":before") if month else "0"
    found, wrong = 0, []
    for shown in json.loads(run(binary, *words))["values"]:
        given = {"group": shown["group"], "month": month, "before": month and f"{int(month[:4]) - 1}{month[4:]}"}
        wrong += compare(db, pack, shown, where, year_ago, given)
        found += shown.get("value") is not None
    return found, wrong


def every_figure(binary, folder, db, pack, months):
    db.execute("DROP TABLE IF EXISTS temp.x")
    db.execute(FRAME, {"pack": pack})
    found, wrong = 0, []
    for asked in [(by, None) for by in (None, "org", "area")] + [(by, month) for month in months for by in (None, "org")]:
        n, bad = figures(binary, folder, db, pack, *asked)
        found, wrong = found + n, wrong + bad
    return found, wrong


def play(binary, name, words, packs, signals, start="2026-11-23", months=()):
    holder = tempfile.mkdtemp(prefix="bihuan-city-")
    folder = holder + "/city"
    try:
        out = json.loads(run(binary, "demo", "--virtual", "--json", "--start", start, "--folder", folder, *words))
        print(f"# {name}: {out['signals']} signals, {out['events']} events in {out['seconds']} s, root {out['root']}")
        again = json.loads(run(binary, "demo", "--virtual", "--json", "--start", start, "--in-memory", *words))
        say(out["root"] == again["root"], f"{name}: the same seed gives the same ledger, on disk and in memory")
        say(out["open"] == 0, f"{name}: every case is closed in the end", f"{out['open']} open")
        db = sqlite3.connect(f"file:{folder}/store/store.db?mode=ro", uri=True)
        # what one service passed to another is a signal of its own, beside those of the table
        passed = db.execute("SELECT count(*) FROM signal WHERE source = 'child'").fetchone()[0]
        came = out["signals"] - passed
        say(signals is None or came == signals, f"{name}: every signal is there", f"{came} of {signals}")
        linked = db.execute("SELECT count(*) FROM relation WHERE kind = 'child' AND ended_at IS NOT NULL").fetchone()[0]
        say(linked == passed, f"{name}: each case that was passed on came to its end", f"{linked} of {passed}")
        one = "SELECT count(*) FROM (SELECT body ->> '$.signal.id' AS s, count(*) AS n FROM event WHERE kind IN " \
              "('case.opened', 'signal.joined', 'signal.rejected') GROUP BY s HAVING n <> 1)"
        total = db.execute("SELECT count(*) FROM signal WHERE disposition IN ('opened', 'joined', 'rejected')").fetchone()[0]
        say(db.execute(one).fetchone()[0] == 0 and total == out["signals"], f"{name}: every signal has one disposition")
        twice = db.execute("SELECT count(*) FROM (SELECT case_id, body ->> '$.clock' AS c, body ->> '$.percent' AS p, body ->> '$.event' AS v, "
                           "json_extract(body, '$.clocks.' || (body ->> '$.clock') || '[4]') AS started, count(*) AS n FROM event "
                           "WHERE kind = 'case.rung' GROUP BY 1, 2, 3, 4, 5 HAVING n > 1)").fetchone()[0]
        say(twice == 0, f"{name}: every rung fired once per start of its clock", f"{twice} fired twice")
        silent = db.execute("SELECT count(*) FROM rating WHERE lapsed_at IS NOT NULL AND level IS NOT NULL").fetchone()[0]
        say(silent == 0, f"{name}: a lapsed rating has no level")
        done = [every_figure(binary, folder, db, pack, months) for pack in packs]
        wrong = [w for _, bad in done for w in bad]
        say(not wrong, f"{name}: every figure equals SQL over the raw ledger ({sum(n for n, _ in done)} values)", *wrong[:10])
        if months:
            grown = [v.get("value") for pack in packs for v in json.loads(run(binary, "report", "--json", "--pack", pack, "--period", months[-1],
                     "--folder", folder))["values"] if v["id"] == "opened_growth"]
            say(grown and None not in grown, f"{name}: there is a year before to compare with", grown)
        db.close()
        say(json.loads(run(binary, "verify", "--json", "--folder", folder))["differences"] == 0,
            f"{name}: rebuilt from the ledger, every row is the same")
        say(json.loads(run(binary, "audit", "verify", "--json", "--folder", folder))["sound"], f"{name}: the ledger is sound")
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def whole_year(binary, words):
    """`demo --year`: ends by itself, the same figures twice, and the figures are those of the ledger."""
    holder = tempfile.mkdtemp(prefix="bihuan-city-")
    try:
        asked = ["demo", "--year", "--json", "--start", "2026-01-01", *words]
        out, again = (json.loads(run(binary, *asked, *where)) for where in (["--folder", holder + "/city"], ["--in-memory"]))
        print(f"# a whole year: {out['signals']} signals, {out['events']} events in {out['seconds']} s, root {out['root']}")
        say(out["root"] == again["root"] and out["figures"] == again["figures"], "a whole year: the same seed gives the same ledger and figures")
        say(out["open"] == out["suspended"], "a whole year: every case is closed or suspended in the end", out["open"])
        shown = {(v["pack"], v["id"]): v for v in out["figures"]}
        report = json.loads(run(binary, "report", "--json", "--period", "2026", "--folder", holder + "/city"))["values"]
        say(report == out["figures"], "a whole year: its figures are those of the measure room")
        db = sqlite3.connect(f"file:{holder}/city/store/store.db?mode=ro", uri=True)
        wrong = []
        for pack in ("incident", "workorder"):
            db.execute("DROP TABLE IF EXISTS temp.x")
            db.execute(FRAME, {"pack": pack})
            for (_, which), value in sorted((k, v) for k, v in shown.items() if k[0] == pack):
                wrong += compare(db, pack, value, "month LIKE :year", "month LIKE :before", {"year": "2026-%", "before": "2025-%"})
        say(not wrong, "a whole year: its figures equal SQL over the raw ledger", *wrong[:10])
        db.close()
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def unpack(packed, rows):
    table = tempfile.NamedTemporaryFile("wb", suffix=".csv", delete=False)
    text = subprocess.run(["zstd", "-dqc", str(packed)], capture_output=True, check=True).stdout
    if rows:
        text = b"\n".join(text.split(b"\n")[: rows + 1]) + b"\n"
    table.write(text)
    table.close()
    return table.name


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("binary")
    ask.add_argument("--part", action="append", choices=["drawn", "year", "whole", "calls", "complaints"])
    ask.add_argument("--rows", type=int, default=0, help="of a table of real signals; 0: all")
    ask.add_argument("--year", action="store_true", help="part whole is of all that comes in, not of two in a hundred")
    given = ask.parse_args()
    parts = given.part or ["drawn", "year", "whole", "calls", "complaints"]
    binary = str(pathlib.Path(given.binary).resolve())
    if "drawn" in parts:
        play(binary, "drawn city", ["--days", "2", "--share", "0.5"], ["incident", "workorder"], None)
    if "year" in parts:
        play(binary, "a year and ten days", ["--days", "375", "--share", "0.01"], ["incident", "workorder"], None, "2025-11-20",
             ["2025-11", "2026-03", "2026-11"])
    if "whole" in parts:
        whole_year(binary, [] if given.year else ["--share", "0.02"])
    real = {"calls": ("calls911/montco_911_2015-12_2016-04.csv.zst", "--incidents", "incident"),
            "complaints": ("nyc311/nyc311_sample_dev.csv.zst", "--complaints", "workorder")}
    for part, (name, option, pack) in real.items():
        packed = SHARED / "data" / "dispatch" / name
        if part not in parts:
            continue
        if not packed.exists():
            say(True, f"{part} # SKIP the shared table is not here")
            continue
        table = unpack(packed, given.rows)
        play(binary, f"real {part}", [option, table], [pack], rows_of(table))
        pathlib.Path(table).unlink()
    finish()


main()
