#!/usr/bin/env python3
"""A city in virtual time: every case is closed in the end, and every figure equals SQL over the raw ledger.

The SQL below was written by hand from the meaning of each indicator, on the ledger's own columns and times; it shares nothing
with the program's cells. Cases: the drawn city (both services); and, where they are at hand, 55,068 real emergency calls and
4,628 real complaints of one day.

  tests/city/city.py build/src/bihuan [--part drawn|calls|complaints]... [--rows N]"""
import argparse
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import SHARED, TOP  # noqa: E402

# e: one row per case event, with its open facts; o: when its case was opened; late: a clock but the rating's had expired by then
FRAME = """
CREATE TEMP TABLE x AS WITH e AS (
  SELECT seq, at, kind, case_id, body ->> '$.event' AS event, body ->> '$.to_state' AS to_state, body ->> '$.org' AS org,
         body ->> '$.pack' AS pack, CAST(body ->> '$.facts.rating' AS INTEGER) AS rating, body ->> '$.facts.solved' AS solved,
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
    },
}
# Ranked, derived and weighted figures, and those with exclusions: compared with SQL over the raw bodies in measure_test.
ELSEWHERE = {"arrival_median", "arrival_p90", "settled", "response_score",
             "reply_median", "solved_real", "service_score", "closed_share", "opened_growth"}
results = []


def say(good, text, *more):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} {text}", flush=True)
    for line in more if not good else ():
        print(f"# {line}")


def run(binary, *words):
    done = subprocess.run([binary, *words], cwd=TOP, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bihuan {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def rows_of(table):
    import csv
    with open(table, newline="", encoding="utf-8", errors="replace") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def figures(binary, folder, db, pack, by):
    db.execute("DROP TABLE IF EXISTS temp.x")
    db.execute(FRAME, {"pack": pack})
    words = ["report", "--json", "--pack", pack, "--folder", folder] + (["--by", by] if by else [])
    wrong = []
    for value in json.loads(run(binary, *words))["values"]:
        if value["id"] in ELSEWHERE:
            continue
        num, den = INDICATORS[pack][value["id"]]
        where = f"{by} = :group" if by else "1"
        want = db.execute(f"SELECT {num}, {den} FROM temp.x WHERE {where}", {"group": value["group"]}).fetchone()
        want = tuple(int(x or 0) for x in want)
        if (value["num"], value["den"]) != want:
            wrong.append(f"{pack} {value['id']} {value['group']}: shown {value['num']}/{value['den']}, ledger {want[0]}/{want[1]}")
    return wrong


def play(binary, name, words, packs, signals):
    holder = tempfile.mkdtemp(prefix="bihuan-city-")
    folder = holder + "/city"
    try:
        out = json.loads(run(binary, "demo", "--virtual", "--json", "--start", "2026-11-23", "--folder", folder, *words))
        print(f"# {name}: {out['signals']} signals, {out['events']} events in {out['seconds']} s, root {out['root']}")
        again = json.loads(run(binary, "demo", "--virtual", "--json", "--start", "2026-11-23", "--in-memory", *words))
        say(out["root"] == again["root"], f"{name}: the same seed gives the same ledger, on disk and in memory")
        say(signals is None or out["signals"] == signals, f"{name}: every signal is there", f"{out['signals']} of {signals}")
        say(out["open"] == 0, f"{name}: every case is closed in the end", f"{out['open']} open")
        db = sqlite3.connect(f"file:{folder}/store/store.db?mode=ro", uri=True)
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
        wrong = [w for pack in packs for by in (None, "org") for w in figures(binary, folder, db, pack, by)]
        say(not wrong, f"{name}: every figure equals SQL over the raw ledger", *wrong[:10])
        db.close()
        say(json.loads(run(binary, "verify", "--json", "--folder", folder))["differences"] == 0,
            f"{name}: rebuilt from the ledger, every row is the same")
        say(json.loads(run(binary, "audit", "verify", "--json", "--folder", folder))["sound"], f"{name}: the ledger is sound")
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
    ask.add_argument("--part", action="append", choices=["drawn", "calls", "complaints"])
    ask.add_argument("--rows", type=int, default=0, help="of a table of real signals; 0: all")
    given = ask.parse_args()
    parts = given.part or ["drawn", "calls", "complaints"]
    binary = str(pathlib.Path(given.binary).resolve())
    if "drawn" in parts:
        play(binary, "drawn city", ["--days", "2", "--share", "0.5"], ["incident", "workorder"], None)
    real = {"calls": ("calls911/montco_911_2015-12_2016-04.csv.zst", "--incidents", "incident"),
            "complaints": ("nyc311/nyc311_sample_dev.csv.zst", "--complaints", "workorder")}
    for part, (name, option, pack) in real.items():
        packed = SHARED / "data" / "dispatch" / name
        if part not in parts:
            continue
        if not packed.exists():
            results.append(True)
            print(f"ok {len(results)} {part} # SKIP the shared table is not here")
            continue
        table = unpack(packed, given.rows)
        play(binary, f"real {part}", [option, table], [pack], rows_of(table))
        pathlib.Path(table).unlink()
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


main()
