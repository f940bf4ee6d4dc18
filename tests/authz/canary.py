#!/usr/bin/env python3
"""Strings that stand for a person's data are put into every private field through HTTP, the cases are walked to their end, and then
every answer that anybody can get, the text of every report's files, what went to the gateway, the commands and the server's log are
searched for them. A look under a grant gives what the table below says,
written by hand from the packs' access.yaml, after its event is in the ledger.

  tests/authz/canary.py build/src/bihuan"""
import base64
import datetime
import hashlib
import hmac
import http.client
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server, TOP  # noqa: E402

MARK = "KANARI"
FIELDS = {
    "incident": ["caller_name", "caller_phone", "address_detail", "description", "report_text", "rating_text"],
    "workorder": ["caller_name", "caller_phone", "address_detail", "description", "reply_text", "rating_text"],
}
FULL, PART, THERE = "full", "part", "there"
SAID = {"description": FULL, "report_text": FULL}
# (pack, role, purpose) -> what is seen of an open case; of a closed one only `supervise` is left
SIGHTS = {
    ("incident", "duty_officer", "handle"): {**SAID, "caller_name": FULL, "caller_phone": FULL, "address_detail": FULL, "rating_text": THERE},
    ("incident", "dispatcher", "handle"): {**SAID, "caller_name": PART, "caller_phone": PART, "address_detail": FULL},
    ("incident", "unit", "handle"): {**SAID, "caller_name": FULL, "caller_phone": FULL, "address_detail": FULL},
    ("incident", "dispatcher", "callback"): {**SAID, "rating_text": FULL, "caller_name": PART, "caller_phone": PART},
    ("incident", "callcentre", "callback"): {"caller_phone": FULL, "rating_text": FULL, "caller_name": PART, "description": THERE,
                                             "report_text": THERE},
    ("incident", "leader", "supervise"): {"report_text": FULL, "caller_name": PART, "caller_phone": PART, "description": THERE,
                                          "rating_text": THERE},
    ("workorder", "callcentre", "handle"): {"caller_name": FULL, "caller_phone": FULL, "address_detail": FULL, "description": FULL,
                                            "reply_text": FULL, "rating_text": THERE},
    ("workorder", "dispatcher", "handle"): {"address_detail": FULL, "description": FULL, "reply_text": FULL, "caller_name": PART,
                                            "caller_phone": PART},
    ("workorder", "handler", "handle"): {"caller_name": FULL, "caller_phone": FULL, "address_detail": FULL, "description": FULL,
                                         "reply_text": FULL},
    ("workorder", "callcentre", "callback"): {"caller_name": FULL, "caller_phone": FULL, "description": FULL, "reply_text": FULL,
                                              "rating_text": FULL},
    ("workorder", "dispatcher", "callback"): {"description": FULL, "reply_text": FULL, "rating_text": FULL, "caller_name": PART,
                                              "caller_phone": PART},
    ("workorder", "leader", "supervise"): {"reply_text": FULL, "caller_name": PART, "caller_phone": PART, "description": THERE,
                                           "rating_text": THERE},
}
ROLES = ["duty_officer", "dispatcher", "callcentre", "unit", "handler", "leader", "analyst", "auditor", "security"]
PURPOSES = ["handle", "callback", "supervise", "curiosity"]


def canary(pack, field):
    """Of a phone the middle is what a mask hides."""
    if field == "caller_phone":
        return "129" + ("7431" if pack == "incident" else "8642") + "4711"
    return f"{MARK}-{pack[:3]}-{field.replace('_', '-')}-{MARK}"


class City(Server):
    """A demonstration city in which nobody acts, its administrator at hand."""

    def start(self, *more):
        self.log = open(str(self.folder) + ".log", "ab")
        self.process = subprocess.Popen([self.binary, "demo", "--still", "--port", "0", "--json", "--folder", str(self.folder)], cwd=TOP,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.logins = {x["login"]: x["password"] for x in json.loads((self.folder / "sign-ins.json").read_text())["logins"]}
        self.tokens, self.answers, self.from_ = {}, [], 0

    def enter(self, login, password):
        """Each from an address of its own: sign-ins are counted by address."""
        self.from_ += 1
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(f"127.0.1.{self.from_}", 0))
        c.request("POST", "/api/sign-in", json.dumps({"login": login, "password": password}), {"Content-Type": "application/json"})
        reply = c.getresponse()
        reply.read()
        assert reply.status == 200, (login, reply.status)
        return reply.getheader("Set-Cookie").split("=", 1)[1].split(";")[0]

    def account(self, role, org, unit=None):
        password = "correct horse " + role
        body = {"name": role, "org": org, "roles": [role], "password": password, **({"unit": unit} if unit else {})}
        status, _, reply = self.ask("PUT", "/api/users/test." + role.replace("_", "."), body, token=self.tokens["admin"], key=new_key())
        assert status == 200, reply
        self.tokens[role] = self.enter("test." + role.replace("_", "."), password)

    def look(self, path, token, method="GET", body=None):
        """Ask, and keep the answer for the search."""
        status, headers, data = self.ask(method, path, body, token=token, key=new_key() if method != "GET" else None, raw=True)
        self.answers.append((method + " " + path, str(headers).encode() + data))
        return status, json.loads(data) if data[:1] in (b"{", b"[") else data

    def do(self, role, case, event, **fields):
        status, reply = self.look(f"/api/cases/{case}/events", self.tokens[role], "POST", {"event": event, "fields": fields})
        assert status == 200, (event, status, reply)

    def signal(self, pack, **open_fields):
        hidden = {f: canary(pack, f) for f in FIELDS[pack] if f not in ("report_text", "reply_text", "rating_text")}
        status, reply = self.look("/api/signals", self.tokens["callcentre"], "POST",
                                  {"pack": pack, "mapping": "json", "signal": {**open_fields, **hidden}})
        assert status == 200, reply
        return reply["id"]

    def brief(self, case):
        cases = self.look("/api/cases?limit=200", self.tokens["duty_officer"])[1]["cases"]
        return next(c for c in cases if c["id"] == case)

    def link(self, case):
        """Stands in for the text message: guard/resident.c, with the city's own key."""
        key = base64.b64decode(re.match(r"residents\+\w+\+(\S+)", (self.folder / "keys" / "residents.key").read_text())[1])
        named = bytes.fromhex(case.replace("-", ""))
        return base64.urlsafe_b64encode(named + hmac.new(key, b"bihuan party link\0" + named + b"resident", hashlib.sha256).digest()[:16]).decode().rstrip("=")

    def rate(self, pack, case):
        path = "/api/resident/" + self.link(case)
        for text in ("长" * 501, "x" * 100000):
            say(self.look(path + "/rating", None, "POST", {"level": 1, "text": text})[0] == 400, "a rating's text has an end")
        status, reply = self.look(path + "/rating", None, "POST", {"level": 1, "text": canary(pack, "rating_text")})
        say(status == 200, f"{pack}: the resident rates", reply)
        status, reply = self.look(path + "/rating", None, "POST", {"level": 5, "text": "again"})
        say(status == 409, f"{pack}: and not twice", status, reply)
        self.look(path, None)

    def stream(self, role):
        """What a listener gets who has missed everything, until the first tick."""
        c = self.connection(timeout=3)
        c.request("GET", "/api/stream", headers={"Authorization": "Bearer " + self.tokens[role], "Last-Event-ID": "0"})
        reply, data, until = c.getresponse(), b"", time.monotonic() + 3
        try:
            while b"event: tick" not in data and time.monotonic() < until and (part := reply.read1(65536)):
                data += part
        except TimeoutError:
            pass
        c.close()
        self.answers.append(("GET /api/stream", data))
        return data


def walk_incident(city, case, sight):
    city.do("duty_officer", case, "triage")
    unit = city.brief(case)["unit"]
    org = next(u["org"] for u in city.look("/api/units", city.tokens["duty_officer"])[1]["units"] if u["id"] == unit)
    city.account("unit", org, unit)
    city.account("leader", city.brief(case)["org"])
    for event in ("accept", "arrive"):
        city.do("unit", case, event)
    city.do("unit", case, "report", result="handled", report_text=canary("incident", "report_text"))
    sight("incident", case, "before the rating")
    city.do("duty_officer", case, "dispose", evidence="record")
    city.rate("incident", case)
    sight("incident", case, "under review")
    city.do("dispatcher", case, "review_close", resolution="explained")


def walk_workorder(city, case, sight):
    city.do("callcentre", case, "submit")
    org = city.brief(case)["org"]
    city.account("handler", org)
    city.account("leader", org)
    city.do("handler", case, "signin")
    city.do("handler", case, "reply", result="solved", evidence="record", reply_text=canary("workorder", "reply_text"))
    sight("workorder", case, "before the rating")
    city.do("callcentre", case, "callback", solved=True)
    city.rate("workorder", case)
    sight("workorder", case, "under review")
    city.do("dispatcher", case, "review_close", resolution="explained")


def seen_wrong(pack, want, private, rated):
    """What differs between the private part of an answer and what the table gives."""
    wrong = []
    for field in FIELDS[pack]:
        got, how, text = private.get(field), want.get(field), canary(pack, field)
        if field == "rating_text" and not rated:
            how = None
        fine = {None: got is None, FULL: got == text, THERE: got is True,
                PART: isinstance(got, str) and "*" in got and got != text and MARK not in got and text[3:7] not in got}[how]
        if not fine:
            wrong.append(f"{field} should be {how}, is {got!r}")
    return wrong + [f"{f} is no field of the pack" for f in private if f not in FIELDS[pack]]


def last_look(city):
    """The newest look in the ledger; seq 0 when nobody has looked yet."""
    events = city.ask("GET", "/api/audit/events?limit=1&operation=consultation", token=city.tokens["auditor"])[2]["events"]
    return events[0] if events else {"seq": 0}


def under_grants(city, pack, case, when, closed=False):
    """Every role for every purpose: what the table gives, and its event first. Looks alone are compared: the sending of
    notices writes events of its own meanwhile."""
    wrong = []
    for role in ROLES:
        for purpose in PURPOSES:
            if role not in city.tokens:
                continue
            want = SIGHTS.get((pack, role, purpose))
            want = None if closed and purpose != "supervise" else want
            size = last_look(city)["seq"]
            status, _, reply = city.ask("GET", f"/api/cases/{case}?purpose={purpose}", token=city.tokens[role])
            last = last_look(city)
            here = f"{role} for {purpose}"
            if (status == 200) != (want is not None):
                wrong.append(f"{here}: {status}")
            if want is None and (status not in (403, 404) or last["seq"] != size or MARK in str(reply)):
                wrong.append(f"{here}: refused with {status}, ledger {size} -> {last['seq']}")
            if want is not None and status == 200:
                wrong += [f"{here}: {w}" for w in seen_wrong(pack, want, reply["private"], when != "before the rating")]
                if (last["kind"], last["seq"], last["purpose"], last["basis"]) != ("read", reply["audit_seq"], purpose, reply["basis"]):
                    wrong.append(f"{here}: the ledger says {last}")
                rest = {k: v for k, v in reply.items() if k != "private"}
                if MARK in json.dumps(rest, ensure_ascii=False):
                    wrong.append(f"{here}: outside of `private`: {rest}")
    say(not wrong, f"{pack} {when}: each role sees what the pack says, and only after it is written", *wrong)


def ask_everything(city, cases):
    for token in [None, *city.tokens.values()]:
        paths = ["/api/me", "/api/packs", "/api/orgs", "/api/map", "/api/cases?limit=200", "/api/cases?open=true", "/api/cases?late=true",
                 "/api/tasks", "/api/units", "/api/users", "/api/audit/events?limit=200", "/api/audit/checkpoint", "/api/openapi.json",
                 "/api/audit/inclusion?seq=90", "/api/audit/consistency?from=1&to=90", "/livez", "/readyz", "/metrics",
                 "/api/inbox", "/api/reports", "/api/calendar?year=2026", "/api/verify/0000000000000000", "/api/sign/0/pdf", "/api/sign/0",
                 "/api/plans", "/api/services", "/open311/v2/requests.json", "/open311/v2/requests.xml", "/open311/v2/servicerequestupdates.json", "/open311/v2/services.json", "/open311/v2/requests/none.xml",
                 f"/api/cases?number={canary('incident', 'caller_phone')[:3]}"]
        for by in ("", "?by=org", "?by=area"):
            paths.append("/api/indicators" + by)
        for pack, case in cases.items():
            paths += [f"/api/cases/{case}/{what}" for what in ("timeline", "notices", "relations", "documents", "documents/none/1/pdf", "candidates/none")]
            paths += [f"/api/registers/{pack}/none", f"/api/resident/{city.link(case)}", f"/api/resident/{city.link(case)}/service"]
            paths += [f"/api/packs/{pack}", f"/api/packs/{pack}/diagram", f"/api/cases/{case}?purpose=curiosity", f"/api/cases/{case}"]
        for path in paths:
            city.look(path, token)
    listed = city.look("/api/indicators", city.tokens["analyst"])[1]["values"]
    for pack, indicator in {(v["pack"], v["id"]) for v in listed}:
        city.look(f"/api/indicators/{pack}/{indicator}/events?limit=200", city.tokens["analyst"])
        city.look(f"/api/indicators/{pack}/{indicator}/series", city.tokens["analyst"])


def layers(kind, data):
    """What a reader of the file gets to see: its text, not its packing."""
    if kind == "pdf":
        return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True).stdout + data if shutil.which("pdftotext") else data
    if kind == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(data))
        return b"\n".join(book.read(name) for name in book.namelist())
    return data


def freeze_reports(city):
    """Every report of both services, frozen and handed round in every shape."""
    month = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).strftime("%Y-%m")
    half = f"{month[:4]}-H{1 if month[5:] < '07' else 2}"
    wrong, token = [], city.tokens["leader"]
    for pack in FIELDS:
        for report, period in (("monthly", month), ("half_year", half)):
            tail = f"{pack}/{report}/{period}"
            city.look("/api/report-drafts/" + tail, token)
            status, reply = city.look("/api/report-drafts/" + tail, token, "POST", {})
            if status != 200:
                wrong.append(f"{tail}: {status} {reply}")
                continue
            digest = city.look(f"/api/reports/{tail}/1", token)[1]["digest"].encode()
            city.look(f"/api/reports/{tail}/1/check", token)
            for kind in ("pdf", "xlsx", "csv"):
                for lang in ("zh", "en"):
                    path = f"/api/reports/{tail}/1/{kind}?lang={lang}"
                    text = layers(kind, city.look(path, token)[1])
                    city.answers.append((path + ", its text", text))
                    if kind == "xlsx" and digest not in text:
                        wrong.append(f"{path}: its text cannot be read")
                    if kind == "pdf" and shutil.which("pdftotext") and digest not in re.sub(rb"\s", b"", text):
                        wrong.append(f"{path}: its text cannot be read")
    say(not wrong, "every report is frozen, and every file of it can be searched", *wrong)


def outbox(city):
    """What went to the gateway: a number to send to, and nothing else of anybody."""
    numbers, until, sent, to = [canary(p, "caller_phone") for p in FIELDS], time.monotonic() + 15, [], []
    while not set(numbers) <= set(to) and time.monotonic() < until:
        time.sleep(0.2)
        files = [f for f in (city.folder / "outbox").rglob("*") if f.is_file()]
        sent = [(f.name, json.loads(line)) for f in files for line in f.read_text().splitlines()]
        to = [data.pop("to", None) for _, data in sent]
    found = [(name, data) for name, data in sent for n in [MARK, *numbers] if n in name or n in json.dumps(data, ensure_ascii=False)]
    say(not found and set(numbers) <= set(to), f"{len(sent)} notices went out, to the number and with no other private word", *(found or [to]))


def commands(city):
    """The same from the command line, once the server has stopped."""
    folder = str(city.folder)
    asked = [["report", "--json"], ["report", "--csv", "--by", "org"], ["report", "list"], ["report", "verify"], ["notices", "list"], ["audit", "verify"],
             ["verify"]]
    for words in asked:
        done = city.run(*words, "--folder", folder)
        say(done.returncode == 0, "bihuan " + " ".join(words), done.stdout[-500:], done.stderr[-500:])
        city.answers.append(("bihuan " + " ".join(words), (done.stdout + done.stderr).encode()))
    for pack in FIELDS:
        city.answers.append((f"bihuan pack draw {pack}", city.must("pack", "draw", f"packs/{pack}").encode()))


def all_were_asked(city):
    """A new way to read is searched too, or this says which one is not."""
    paths = [p for p, methods in json.loads(city.ask("GET", "/api/openapi.json", raw=True)[2])["paths"].items() if "get" in methods]
    asked = {path.split("?")[0].removeprefix("GET ") for path, _ in city.answers}
    left = [p for p in paths if not any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), a) for a in asked)]
    say(not left, f"each of {len(paths)} ways to read was asked", *left)


def ask_wrongly(city):
    """What is refused is not said back."""
    token, text = city.tokens["callcentre"], canary("incident", "description")
    base = {"category": "dispute", "place": "梧桐路1号"}
    for signal in ({**base, "caller_name": text * 9}, {**base, "caller_phone": [text]}, {**base, "description": {"a": text}},
                   {**base, "category": text}, {**base, "at": text}, {**base, "lat": text}, {**base, "injured": text}):
        city.look("/api/signals", token, "POST", {"pack": "incident", "mapping": "json", "signal": signal})
    city.look("/api/signals", token, "POST", {"pack": text, "mapping": text, "signal": base})
    city.ask("POST", "/api/signals", ('{"pack":"incident","signal":{"caller_name":"' + text).encode(), token=token, key=new_key())
    head = "at,channel,caller_name,caller_phone,category,place,lat,lon,area,text\n"
    for row in (f"{text},call,{text},{text},{text},{text},{text},{text},{text},{text}\n", f'"{text}\n', f"{text},{text}\n",
                f"2026-11-23 08:00,call,{text * 9},12900000000,theft,p,30.3,114.6,A1,x\n"):
        status, headers, data = city.ask("POST", "/api/import?pack=incident&mapping=demo", (head + row).encode(), token=city.tokens["dispatcher"],
                                         key=new_key(), kind="text/csv", raw=True)
        city.answers.append((f"POST /api/import {row[:20]}", data))
    for query in ("", "&mapping=demo"):
        _, _, data = city.ask("POST", f"/api/import?pack=incident{query}", f"{text},{text}\n".encode(), token=city.tokens["dispatcher"],
                              key=new_key(), kind="text/csv", raw=True)
        city.answers.append(("POST /api/import, no header", data))


def search(city):
    needles = [MARK.encode()] + [canary(p, "caller_phone").encode() for p in FIELDS]
    found = [f"{path}: ...{data[max(0, data.find(n) - 60):data.find(n) + 60]!r}" for path, data in city.answers for n in needles if n in data]
    say(not found, f"none of {len(city.answers)} answers without a grant holds a private word", *found[:20])
    log = pathlib.Path(str(city.folder) + ".log").read_bytes()
    say(not any(n in log for n in needles), "nor does the server's log", log[-1500:])
    say(b"Sanitizer" not in log and b"runtime error" not in log, "no sanitizer has anything to say", log[-2000:])


def main():
    city = City(sys.argv[1])
    city.folder = city.folder / "demo"
    city.start()
    try:
        city.tokens["admin"] = city.enter("admin", city.logins["admin"])
        for role in ("duty_officer", "dispatcher", "callcentre", "analyst", "auditor", "security"):
            city.account(role, "COMMAND")
        cases = {"incident": city.signal("incident", category="dispute", place="梧桐路1号", area="A1", lat=30.3, lon=114.6),
                 "workorder": city.signal("workorder", category="garbage", place="青云路2号", area="A1")}
        walk_incident(city, cases["incident"], lambda *a: under_grants(city, *a))
        under_grants(city, "incident", cases["incident"], "closed", True)
        walk_workorder(city, cases["workorder"], lambda *a: under_grants(city, *a))
        under_grants(city, "workorder", cases["workorder"], "closed", True)
        say(all(city.brief(c)["final"] for c in cases.values()), "both cases came to their end")
        ask_everything(city, cases)
        ask_wrongly(city)
        pushed = b"".join(city.stream(role) for role in ("duty_officer", "leader", "unit"))
        say(b"event:" in pushed, "the stream said something")
        freeze_reports(city)
        outbox(city)
        all_were_asked(city)
        city.stop()
        commands(city)
        search(city)
    finally:
        city.__exit__()
    finish()


main()
