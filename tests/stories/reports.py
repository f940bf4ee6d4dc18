#!/usr/bin/env python3
"""Editions of reports over HTTP, from the draft to the paper: who is shown one, what is refused and how, files opened by programs
that are not ours, and what becomes of an edition whose figures were forged before it was frozen or after.

  tests/stories/reports.py build/src/bihuan"""
import csv
import datetime
import io
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as tree
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, incident, new_key, say, Server  # noqa: E402

MONTH = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).strftime("%Y-%m")
MONTHLY = f"/incident/monthly/{MONTH}"
KINDS = ["", "/pdf", "/xlsx", "/csv", "/check"]
tokens = {}


def get(server, login, path, **more):
    return server.ask("GET", "/api" + path, token=tokens[login], **more)


def freeze(server, login, tail=MONTHLY, key=None, **body):
    return server.ask("POST", "/api/report-drafts" + tail, body, token=tokens[login], key=key or new_key())


def call(server, n):
    """One more call comes in."""
    status, _, reply = server.ask("POST", "/api/signals", incident(n), key=new_key(), token=tokens["desk"])
    assert status == 200, reply


def value(body, which, section=0, group=""):
    return next(v for v in body["sections"][section]["values"] if v["id"] == which and v["group"] == group)


def again(server):
    server.start("--packs", "packs")
    for login in ("desk", "boss", "clerk", "count", "audit"):
        tokens[login] = server.sign_in(login)


def drafts(server):
    status, _, body = get(server, "boss", "/reports")
    say((status, body) == (200, {"editions": []}), "at first nothing is frozen", status, body)
    status, _, body = get(server, "boss", "/report-drafts" + MONTHLY)
    say(status == 200 and body["edition"] == 1 and not body["same"] and "corrects" not in body and "digest" not in body and not body["ended"],
        "a draft is the first edition to be, and bears no digest", status, body)
    say(value(body, "opened")["num"] == 3 and "接警 3 起" in body["sections"][0]["text_zh"] and "3 calls" in body["sections"][0]["text_en"],
        "it counts, and says so in words of both languages", body["sections"][0])
    say(get(server, "boss", "/reports")[2] == {"editions": []}, "looking at a draft freezes nothing")
    status = get(server, "desk", "/report-drafts" + MONTHLY)[0]
    say(status == 403 and freeze(server, "desk")[0] == 403, "who may not freeze sees no draft", status)


def freezing(server):
    key = new_key()
    status, _, body = server.ask("POST", "/api/report-drafts" + MONTHLY, {}, token=tokens["boss"])
    say(status == 400, "freezing without a key is refused", status, body)
    status, _, body = freeze(server, "boss", key=key)
    say((status, body) == (200, {"edition": 1}), "the first is frozen", status, body)
    status, _, body = freeze(server, "boss", key=key)
    say((status, body) == (200, {"edition": 1}), "the same wish again is the same edition", status, body)
    for wish in ({}, {"why": "again"}):
        status, _, body = freeze(server, "boss", **wish)
        say((status, body["code"]) == (409, "report/unchanged"), "of the same figures there is no second edition", status, body)
    call(server, 4)
    for wish in ({}, {"why": ""}):
        status, _, body = freeze(server, "boss", **wish)
        say((status, body["code"]) == (409, "report/reason"), "another wants a reason", status, body)
    say(freeze(server, "boss", why="长" * 501)[0] == 400, "a reason has an end")
    say(freeze(server, "boss", reason="x")[0] == 400, "and no other field")
    draft = get(server, "boss", "/report-drafts" + MONTHLY)[2]
    status, _, body = freeze(server, "boss", why="一起迟报")
    say((status, body) == (200, {"edition": 2}), "with one it is the second", status, body)
    one, two = (get(server, "boss", f"/reports{MONTHLY}/{n}")[2] for n in (1, 2))
    say(draft["sections"] == two["sections"] and draft["corrects"]["differences"] == two["corrects"]["differences"], "it says what the draft said")
    changed = next(d for d in two["corrects"]["differences"] if d["id"] == "opened" and d["section"] == 0)
    say((two["corrects"]["edition"], two["corrects"]["why"], changed["was"]["num"], changed["is"]["num"]) == (1, "一起迟报", 3, 4),
        "it names the one it corrects, why, and each figure that differs", two["corrects"])
    say(value(one, "opened")["num"] == 3 and not one["last"] and two["last"] and one["sound"] and two["sound"], "the first stays as it was")
    say(one["actor"] == "boss" and one["seq"] == one["size"] + 1 and re.fullmatch("[0-9a-f]{64}", one["digest"]) is not None,
        "who froze it, its place in the ledger, its digest", one)
    listed = get(server, "boss", "/reports")[2]["editions"]
    say([(e["edition"], e["last"], e.get("why"), e["digest"]) for e in listed] ==
        [(2, True, "一起迟报", two["digest"]), (1, False, None, one["digest"])], "both are listed, newest first", listed)


def refusals(server):
    for period, want in (("2026", 404), ("2026-13", 404), ("2026-Q4", 404), ("2026-00", 404), ("2999-01", 409), ("%20", 404), ("..%2f1", 404)):
        for status, _, body in (get(server, "boss", f"/report-drafts/incident/monthly/{period}"),
                                freeze(server, "boss", f"/incident/monthly/{period}", why="x")):
            say(status in (want, 400) and "report/" in body["code"] + "report/", f"no report of the month {period}", status, body)
    for edition in ("0", "3", "-1", "x", "1x", "99999999999999999999", "%00"):
        wrong = [(kind, status) for kind in KINDS for status, _, _ in [get(server, "boss", f"/reports{MONTHLY}/{edition}{kind}")]
                 if status not in (404, 400)]
        say(not wrong, f"there is no edition {edition}", *wrong)
    for login, pack in (("clerk", "incident"), ("count", "incident"), ("audit", "incident")):
        for kind in KINDS:
            real, none = (get(server, login, f"/reports/{pack}/{report}/{MONTH}/1{kind}") for report in ("monthly", "nothing"))
            say(real[0] == none[0] == 404 and real[2] == none[2], f"to {login}, {kind or 'it'} is as one that is not there", real, none)
    real, none = (get(server, "count", f"/report-drafts/incident/{report}/{MONTH}") for report in ("monthly", "nothing"))
    say(real[0] == 404 and real[2] == none[2], "nor has an analyst a draft that is not for analysts", real, none)
    real, none = (freeze(server, "count", f"/incident/{report}/{MONTH}") for report in ("monthly", "nothing"))
    say(real[0] == 404 and real[2] == none[2], "or freezes one", real, none)
    say(get(server, "clerk", "/reports")[2] == {"editions": []} and len(get(server, "desk", "/reports")[2]["editions"]) == 2,
        "the list is for whom the reports are")
    status, _, body = get(server, "desk", f"/reports/incident/half_year/{MONTH}/1")
    say(status == 404, "of one service some see the one and not the other", status, body)


def sheets(data):
    """Every cell of a workbook, read by nobody's library: (text, kind)."""
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    tag = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    shared = ["".join(t.text or "" for t in s.iter(tag + "t")) for s in tree.fromstring(book.read("xl/sharedStrings.xml"))]
    cells = []
    for name in sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet")):
        for cell in tree.fromstring(book.read(name)).iter(tag + "c"):
            v = cell.find(tag + "v")
            if v is not None and v.text is not None:
                cells.append((shared[int(v.text)], "text") if cell.get("t") == "s" else (v.text, cell.get("t") or "number"))
    return cells


def name_of(headers):
    given = next(v for k, v in headers if k.lower() == "content-disposition")
    return urllib.parse.unquote(re.search(r"filename\*=UTF-8''(\S+)", given)[1])


def paper(server):
    two = get(server, "boss", f"/reports{MONTHLY}/2")[2]
    path = f"/reports{MONTHLY}/2"
    status, headers, pdf = get(server, "boss", path + "/pdf", raw=True)
    say(status == 200 and pdf == get(server, "boss", path + "/pdf", raw=True)[2], "the same PDF twice, to the byte", status)
    say(name_of(headers) == f"接处警月度分析 {MONTH} 第2版.pdf", "with the report's name", headers)
    if shutil.which("pdftotext"):
        file = server.folder / "two.pdf"
        file.write_bytes(pdf)
        info = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True)
        say(info.returncode == 0 and "A4" in info.stdout and not info.stderr, "poppler opens it, on A4", info.stdout, info.stderr)
        text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True).stdout
        flat = re.sub(r"\s", "", text)
        say(two["digest"] in flat and "一起迟报" in flat and "第1版" in flat and "接警4起" in flat and "更正的数值" in flat, "its text has the digest, the reason, the figures",
            text[:1500])
        file.write_bytes(get(server, "boss", path + "/pdf?lang=en", raw=True)[2])
        english = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True).stdout
        say("Monthly report on emergency calls" in english and "edition 1" in english, "and it is in English for whom asks", english[:800])
    status, headers, book = get(server, "boss", path + "/xlsx", raw=True)
    cells = sheets(book)
    say(status == 200 and name_of(headers).endswith(".xlsx") and (two["digest"], "text") in cells and ("4", "number") in cells,
        "the workbook opens, with the digest as text and figures as numbers", cells[:40])
    say(book == get(server, "boss", path + "/xlsx", raw=True)[2], "the same workbook twice, to the byte")
    status, headers, table = get(server, "boss", path + "/csv", raw=True)
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    opened = next(r for r in rows if r[2] == "opened")
    say(status == 200 and table[:3] == b"\xef\xbb\xbf" and all(len(r) == len(rows[0]) for r in rows) and opened[5:7] == ["4", "4"],
        "the table is one line a value", rows[:4])
    say(len(rows) - 1 == sum(len(s["values"]) for s in two["sections"]), "of every value")
    said = server.run("report", "show", "incident", "monthly", MONTH, "--folder", server.folder)
    say(said.returncode != 0, "beside a running server the command waits its turn", said.stdout, said.stderr)


def checks(server):
    call(server, 5)
    for n in (1, 2):
        status, _, body = get(server, "boss", f"/reports{MONTHLY}/{n}/check")
        say(status == 200 and body["same"] and body["sound"] and body["again"] == body["digest"] and not body["differences"],
            f"edition {n} is made again from the events before it, whatever came later", status, body)


def tamper(server, *sql):
    db = sqlite3.connect(server.folder / "store" / "store.db")
    for one in sql:
        db.execute(one)
    db.commit()
    db.close()


def verify(server):
    """What `report verify` says of editions."""
    done = server.run("report", "verify", "--folder", server.folder)
    return done.returncode, [line for line in done.stdout.splitlines() if line.startswith("report ")]


def forging(server):
    server.stop()
    say(verify(server) == (0, []), "replayed from the ledger every edition is what it was", verify(server))
    tamper(server, "UPDATE report SET body = replace(body, '\"num\":3', '\"num\":2') WHERE edition = 1",
           "UPDATE cell SET num = num + 5 WHERE indicator = 'opened'")
    status, said = verify(server)
    say(status == 1 and len(said) == 1 and f"incident,monthly,{MONTH},1" in said[0], "a figure forged in a frozen edition is found", status, said)
    again(server)
    listed = {e["edition"]: e["sound"] for e in get(server, "boss", "/reports")[2]["editions"]}
    say(listed == {1: False, 2: True}, "and the list marks it", listed)
    body = get(server, "boss", f"/reports{MONTHLY}/1/check")[2]
    changed = next((d for d in body["differences"] if d["id"] == "opened" and d["section"] == 0), None)
    say(not body["sound"] and not body["same"] and changed and (changed["was"]["num"], changed["is"]["num"]) == (2, 3),
        "held against the ledger it says what is forged, and what it was", body)
    body = get(server, "boss", f"/reports{MONTHLY}/2/check")[2]
    say(body["sound"] and not body["same"] and not body["differences"], "the other has all its figures, but names one that is changed", body)
    status, _, body = freeze(server, "boss", why="更正")
    third = get(server, "boss", f"/reports{MONTHLY}/3")[2]
    found = get(server, "boss", f"/reports{MONTHLY}/3/check")[2]
    say(status == 200 and value(third, "opened")["num"] == 10, "sums that were forged before go into the next edition", status, body)
    say(third["sound"] and not found["same"] and any(d["is"]["num"] == 5 for d in found["differences"] if d["id"] == "opened"),
        "but it does not stand against the events", found)
    server.stop()
    status, said = verify(server)
    say(status == 1 and any(f"monthly,{MONTH},3" in line for line in said), "nor against the ledger", status, said)
    server.must("rebuild", "--folder", server.folder)
    again(server)
    listed = {e["edition"]: e["sound"] for e in get(server, "boss", "/reports")[2]["editions"]}
    say(listed == {1: True, 2: True, 3: False}, "rebuilt, the first is itself again, and the third bears its mark for good", listed)
    status, _, body = freeze(server, "boss", why="第 3 版依据的合计被改动过")
    fourth = get(server, "boss", f"/reports{MONTHLY}/4")[2]
    say(status == 200 and value(fourth, "opened")["num"] == 5 and fourth["corrects"]["edition"] == 3 and
        get(server, "boss", f"/reports{MONTHLY}/4/check")[2]["same"], "a correction names it, and stands", status, body)
    server.stop()
    events = sqlite3.connect(server.folder / "store" / "store.db").execute("SELECT count(*) FROM event WHERE kind = 'report.frozen'").fetchone()
    say(events == (4,), "the ledger has them all", events)
    again(server)


def main():
    with Server(sys.argv[1]) as server:
        server.stop()
        for login, roles in (("boss", "leader"), ("clerk", "handler"), ("count", "analyst"), ("audit", "auditor")):
            server.user(login, roles)
        again(server)
        for n in (1, 2, 3):
            call(server, n)
        drafts(server)
        freezing(server)
        refusals(server)
        paper(server)
        checks(server)
        forging(server)
    finish()


main()
