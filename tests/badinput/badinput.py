#!/usr/bin/env python3
"""Every file of the shared bad-input manifest, sent to the endpoints that take its kind.

Held everywhere: no crash, no 5xx, no answer later than 2 s, nothing stored by what was refused. Then the manifest's verdict:
`reject` is refused with a 4xx (raw HTTP: for its form, and the connection closed), `accept` is read (a CSV's sound rows can be told
from its bad ones), `either` may be any deliberate answer.

  tests/badinput/badinput.py build/src/bihuan"""
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import SHARED, Server, new_key  # noqa: E402

ROOT = SHARED / "data" / "badinput"
SLOW = 2.0
REFUSALS = {400, 408, 411, 413, 414, 431, 501, 505}  # of a request's form; 404 and 405 would mean that it was read
# Where we do not do as the manifest says, each for a reason. An entry that does after all is a fault too.
DELIBERATE = {
    "json/parsing/y_object_duplicated_key.json": "repeated keys have two readings (base/json.h)",
    "json/parsing/y_object_duplicated_key_and_value.json": "repeated keys have two readings (base/json.h)",
    "json/parsing/y_object_escaped_null_in_key.json": "no NUL in a key (base/json.h)",
    "json/parsing/y_string_null_escape.json": "no NUL in a text (base/json.h)",
    "http/llhttp/020-Funky__Content-Length__with_body.raw": "a GET brings no body here",
    "http/llhttp/021-Spaces_in__Content-Length___surrounding_.raw": "libmicrohttpd refuses space behind the number",
    "http/llhttp/022-Tabs_in__Content-Length___surrounding_.raw": "libmicrohttpd refuses space behind the number",
    "http/llhttp/061-SOURCE_request_with_ICE.raw": "not HTTP",
    "http/llhttp/062-OPTIONS_request_with_RTSP.raw": "not HTTP",
    "http/llhttp/063-ANNOUNCE_request_with_RTSP.raw": "not HTTP",
    "http/llhttp/082-curl_GET.raw": "0.0.0.0=5000 is no host",
    "http/llhttp/083-Firefox_GET.raw": "0.0.0.0=5000 is no host",
    "http/llhttp/089-No_HTTP_version.raw": "HTTP/0.9",
    "http/llhttp/003-No_restart_when_keep-alive_is_off__1.0_.raw": "405 and closed: what follows HTTP/1.0 is never read",
    "http/llhttp/004-CRLF_between_requests__implicit__keep-alive_.raw": "405 and closed before the fault",
    "http/llhttp/032-HTTP_protocol_and_ANNOUNCE_method.raw": "405 and closed: a method we do not have",
    "http/llhttp/100-No_semicolon_before_chunk_extensions.raw": "405 and closed before the body is read",
    "http/llhttp/101-No_extension_after_semicolon.raw": "405 and closed before the body is read",
    "http/llhttp/109-POST_with__chunked__as_last_transfer-encoding.raw": "chunked is the one coding taken",
    "http/llhttp/110-POST_with__chunked__as_last_transfer-encoding__multiple_head.raw": "chunked is the one coding taken",
}


class Judge:
    def __init__(self, server):
        self.server, self.faults, self.tried, self.slowest = server, [], 0, 0.0

    def fault(self, path, why):
        self.faults.append(f"{path}: {why}")

    def timed(self, path, send):
        begin = time.monotonic()
        try:
            answer = send()
        except OSError as error:
            answer = None
            if not self.server.alive():
                self.fault(path, f"the server died: {error!r}")
                self.server.start()
        took = time.monotonic() - begin
        self.slowest = max(self.slowest, took)
        self.tried += 1
        if took > SLOW:
            self.fault(path, f"took {took:.1f} s")
        return answer

    def cases(self):
        _, _, reply = self.server.ask("GET", "/api/cases?limit=1")
        return reply["open"]

    def body(self, path, expect, url, data, kind, refusal):
        before = self.cases()
        answer = self.timed(path, lambda: self.server.ask("POST", url, data, key=new_key(), kind=kind))
        if answer is None:
            return self.fault(path, f"{url}: no answer")
        status, _, reply = answer
        if status >= 500:
            self.fault(path, f"{url}: {status} {reply}")
        if status >= 400 and self.cases() != before:
            self.fault(path, f"{url}: refused with {status}, yet something was stored")
        code = reply.get("code", "") if isinstance(reply, dict) else ""
        if expect == "reject" and not 400 <= status < 500:
            self.fault(path, f"{url}: should be refused, answered {status}")
        if expect == "accept" and (code == refusal) != (path in DELIBERATE):
            self.fault(path, f"{url}: should {'not ' if path in DELIBERATE else ''}be read, answered {status} {reply}")
        return reply

    def json(self, path, expect, data):
        for url in ("/api/signals", "/api/cases/01900000-0000-7000-8000-000000000000/events",
                    "/api/resident/00000000000000000000000000000000/rating"):
            self.body(path, expect, url, data, "application/json", "base-json/json")
        try:  # the same text as a value inside a sound request
            self.body(path, expect, "/api/signals", b'{"pack":"incident","mapping":"json","signal":{"extra":' + data + b"}}",
                      "application/json", "base-json/json")
        except ValueError:
            pass

    def table(self, path, expect, data):
        self.body(path, expect, "/api/import?pack=incident", data, "text/csv", "base-csv/csv")

    def strings(self, path, _expect, data):
        if not path.endswith(".json"):
            return self.table(path, "either", data)
        for text in json.loads(data):
            if not text or len(text) > 100 or "\x00" in text:
                continue
            body = {"pack": "incident", "mapping": "json", "signal": {"category": "dispute", "place": text}}
            status, _, reply = self.timed(path, lambda: self.server.ask("POST", "/api/signals", body, key=new_key()))
            if status >= 500:
                self.fault(path, f"{text!r}: {status}")
            if status != 200:
                continue
            status, _, found = self.server.ask("GET", f"/api/cases?number={reply['number']}")
            if found["cases"][0]["place"] != text:
                self.fault(path, f"{text!r} came back as {found['cases'][0]['place']!r}")

    def http(self, path, expect, data):
        answer = self.timed(path, lambda: self.server.raw(data, 1.0))
        got, closed = answer if answer else (b"", True)
        status = int(m[1]) if (m := re.match(rb"HTTP/1\.[01] (\d{3})", got)) else None
        if status is not None and status >= 500 and status != 501:
            self.fault(path, f"answered {status}")
        if expect == "accept":
            self.http_accept(path, data, status)
        if expect == "reject":  # by the last answer: a sound request may stand before the bad one
            codes = [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3})", got)]
            refused = bool(codes) and codes[-1] in REFUSALS and closed
            if refused != (path not in DELIBERATE):
                self.fault(path, f"should {'not ' if path in DELIBERATE else ''}be refused and closed, answered {codes}, closed {closed}")

    def http_accept(self, path, data, status):
        """llhttp reads requests without Host; RFC 9112, 3.2 has a server refuse them. So Host is added where it is missing."""
        if not re.search(rb"\r\nhost[ \t]*:", data, re.I):
            got, _ = self.server.raw(re.sub(rb"([^\r\n]\r\n)", rb"\1Host: a\r\n", data, count=1), 1.0)
            status = int(m[1]) if (m := re.match(rb"HTTP/1\.[01] (\d{3})", got)) else None
        refused = status is None or status == 400
        if refused != (path in DELIBERATE):
            self.fault(path, f"should {'not ' if path in DELIBERATE else ''}be read (or 404, 405, 501), answered {status}")


def main():
    if not ROOT.exists():
        print("1..0 # SKIP the shared bad input is not here")
        return
    rows = [line.split("\t") for line in (ROOT / "manifest.tsv").read_text().splitlines()[1:]]
    rows = [row for row in rows if row[2] != "expected-rows"]  # base/csv_test.c compares those
    with Server(sys.argv[1]) as server:
        judge = Judge(server)
        kinds = {"json": judge.json, "csv": judge.table, "xlsx": judge.table, "zip": judge.table, "strings": judge.strings,
                 "http": judge.http}
        failed, number = 0, 0
        print(f"1..{len({(r[1], r[2]) for r in rows})}")
        for kind in sorted({(r[1], r[2]) for r in rows}):
            judge.faults.clear()
            mine = [r for r in rows if (r[1], r[2]) == kind]
            for path, *_ in mine:
                kinds[kind[0]](path, kind[1], (ROOT / path).read_bytes())
            number += 1
            good = not judge.faults and server.alive()
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} {kind[0]} {kind[1]}: {len(mine)} files", flush=True)
            for path in sorted({r[0] for r in mine} & DELIBERATE.keys()):
                print(f"# not as the manifest has it: {path}: {DELIBERATE[path]}")
            for fault in judge.faults[:20]:
                print("#  " + fault)
        log = (server.folder / "serve.log").read_text(errors="replace")
        if "Sanitizer" in log or "runtime error" in log:
            print(f"not ok {number + 1} no sanitizer has anything to say\n# {log[-3000:]}")
            failed += 1
        print(f"# {judge.tried} requests, slowest {judge.slowest:.2f} s")
    sys.exit(1 if failed else 0)


main()
