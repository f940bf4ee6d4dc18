#!/usr/bin/env python3
"""Who may do what, asked of every route as every role. The table below is written by hand from what each role is for, not made from
src/guard/rights.def: the two must agree, and a route that is added must be decided here too.

  tests/authz/authz.py build/src/bihuan"""
import http.client
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, incident, new_key, PASSWORD, say, Server  # noqa: E402

# police and hotline desks, those in the field, those who watch, those who keep the system
ROLES = ["duty_officer", "dispatcher", "unit", "handler", "callcentre", "leader", "analyst", "auditor", "security", "admin"]
WORK = {"duty_officer", "dispatcher", "unit", "handler", "callcentre", "leader", "analyst"}
ACT = {"duty_officer", "dispatcher", "unit", "handler", "callcentre", "leader"}
DESKS = ACT - {"unit", "leader"}
FIGURES = {"duty_officer", "dispatcher", "handler", "callcentre", "leader", "analyst", "auditor"}
ALL, ANYBODY = set(ROLES), None
ID = "01900000-0000-7000-8000-000000000000"
CSV = b"at,category\n"

# route as openapi has it -> who; what to ask; what to send
TABLE = {
    "POST /api/sign-in": (ANYBODY, "/api/sign-in", {"login": "nobody", "password": "no such password"}),
    "POST /api/sign-out": (ALL, "/api/sign-out", None),
    "GET /api/me": (ALL, "/api/me", None),
    "GET /api/packs": (ALL, "/api/packs", None),
    "GET /api/packs/{pack}": (ALL, "/api/packs/incident", None),
    "POST /api/packs/{pack}/scenarios": (ALL, "/api/packs/incident/scenarios", None),
    "GET /api/packs/{pack}/diagram": (ALL, "/api/packs/incident/diagram", None),
    "POST /api/packs/{pack}/migration": ({"admin"}, "/api/packs/incident/migration", {"apply": False}),
    "GET /api/calendar": (ALL, "/api/calendar?year=2026", None),
    "POST /api/calendar": ({"admin"}, "/api/calendar", {"notice": "2030-01-02\toff\tclosed\n", "apply": False}),
    "GET /api/registers/{pack}/{register}": (ALL, "/api/registers/incident/none", None),
    "POST /api/registers/{pack}/{register}": ({"duty_officer", "dispatcher", "handler", "callcentre", "leader", "admin"}, "/api/registers/incident/none", {"facts": {}}),
    "POST /api/registers/{pack}/{register}/end": ({"duty_officer", "dispatcher", "handler", "callcentre", "leader", "admin"}, "/api/registers/incident/none/end", {"key": "x"}),
    "GET /api/cases/{id}/candidates/{decision}": (WORK, f"/api/cases/{ID}/candidates/none", None),
    "GET /api/orgs": (ALL, "/api/orgs", None),
    "GET /api/map": (WORK, "/api/map", None),
    "GET /api/cases": (WORK, "/api/cases", None),
    "GET /api/cases/{id}": (WORK, f"/api/cases/{ID}?purpose=handle", None),
    "GET /api/cases/{id}/timeline": (WORK, f"/api/cases/{ID}/timeline", None),
    "POST /api/cases/{id}/events": (ACT, f"/api/cases/{ID}/events", {"event": "accept"}),
    "GET /api/cases/{id}/relations": (WORK, f"/api/cases/{ID}/relations", None),
    "POST /api/cases/{id}/merge": (DESKS, f"/api/cases/{ID}/merge", {"leader": ID, "reason": "same"}),
    "POST /api/cases/{id}/unmerge": (DESKS, f"/api/cases/{ID}/unmerge", {"reason": "not the same"}),
    "POST /api/cases/{id}/split": (DESKS, f"/api/cases/{ID}/split", {"parts": [{"org": "A"}, {"org": "B"}], "reason": "two"}),
    "POST /api/cases/{id}/unsplit": (DESKS, f"/api/cases/{ID}/unsplit", {"reason": "one"}),
    "GET /api/cases/{id}/notices": (WORK, f"/api/cases/{ID}/notices", None),
    "GET /api/cases/{id}/documents": (WORK, f"/api/cases/{ID}/documents", None),
    "GET /api/cases/{id}/documents/{document}/{version}/pdf": (WORK, f"/api/cases/{ID}/documents/reply/1/pdf", None),
    "POST /api/cases/{id}/documents/{document}/{version}/sign": (ACT, f"/api/cases/{ID}/documents/reply/1/sign", {"signer": "x", "deed": "sign", "sha256": "00"}),
    "POST /api/cases/{id}/documents/{document}/{version}/link": (ACT, f"/api/cases/{ID}/documents/reply/1/link", {"signer": "x"}),
    "POST /api/notices/{message}/again": (DESKS, f"/api/notices/{ID}.1.00000000.1/again", None),
    "GET /api/inbox": (WORK, "/api/inbox", None),
    "POST /api/inbox/read": (WORK, "/api/inbox/read", {"messages": []}),
    "POST /api/receipts/{gateway}": (ANYBODY, "/api/receipts/sms", {"message": "none", "state": "delivered"}),
    "GET /api/tasks": ({"unit", "handler"}, "/api/tasks", None),
    "POST /api/signals": ({"duty_officer", "dispatcher", "callcentre"}, "/api/signals", incident(1)),
    "POST /api/import": ({"dispatcher", "admin"}, "/api/import?pack=incident", CSV),
    "GET /api/plans": (FIGURES, "/api/plans", None),
    "GET /api/units": ({"duty_officer", "dispatcher", "unit", "leader"}, "/api/units", None),
    "POST /api/units/{unit}/position": ({"duty_officer", "unit"}, "/api/units/U1/position", {"lat": 30.0, "lon": 114.0}),
    "GET /api/indicators": (FIGURES, "/api/indicators", None),
    "GET /api/indicators/{pack}/{indicator}/events": ({"leader", "analyst", "auditor"}, "/api/indicators/incident/opened/events", None),
    "GET /api/indicators/{pack}/{indicator}/series": (FIGURES, "/api/indicators/incident/opened/series", None),
    "GET /api/reports": (FIGURES, "/api/reports", None),
    "GET /api/reports/{pack}/{report}/{period}/{edition}": (FIGURES, "/api/reports/incident/month/2026-10/1", None),
    "GET /api/reports/{pack}/{report}/{period}/{edition}/pdf": (FIGURES, "/api/reports/incident/month/2026-10/1/pdf", None),
    "GET /api/reports/{pack}/{report}/{period}/{edition}/xlsx": (FIGURES, "/api/reports/incident/month/2026-10/1/xlsx", None),
    "GET /api/reports/{pack}/{report}/{period}/{edition}/csv": (FIGURES, "/api/reports/incident/month/2026-10/1/csv", None),
    "GET /api/reports/{pack}/{report}/{period}/{edition}/check": (FIGURES, "/api/reports/incident/month/2026-10/1/check", None),
    "GET /api/report-drafts/{pack}/{report}/{period}": ({"leader", "analyst"}, "/api/report-drafts/incident/none/2026-10", None),
    "POST /api/report-drafts/{pack}/{report}/{period}": ({"leader", "analyst"}, "/api/report-drafts/incident/none/2026-10", {}),
    "GET /api/audit/checkpoint": (ANYBODY, "/api/audit/checkpoint", None),
    "GET /api/audit/inclusion": ({"auditor", "security"}, "/api/audit/inclusion?seq=1", None),
    "GET /api/audit/consistency": (ANYBODY, "/api/audit/consistency?from=1&to=2", None),
    "GET /api/audit/events": ({"auditor"}, "/api/audit/events", None),
    "GET /api/users": ({"admin", "security"}, "/api/users", None),
    "PUT /api/users/{login}": ({"admin"}, "/api/users/new.one", {"name": "N", "org": "COMMAND", "roles": ["leader"], "password": PASSWORD}),
    "GET /api/stream": (WORK, "/api/stream", None),
    "GET /api/sign/{link}": (ANYBODY, "/api/sign/" + 32 * "0", None),
    "GET /api/sign/{link}/pdf": (ANYBODY, "/api/sign/" + 32 * "0" + "/pdf", None),
    "POST /api/sign/{link}": (ANYBODY, "/api/sign/" + 32 * "0", {"deed": "sign", "sha256": "00"}),
    "GET /api/verify/{code}": (ANYBODY, "/api/verify/0000-0000-0000-0000", None),
    "GET /api/resident/{link}": (ANYBODY, "/api/resident/" + 32 * "0", None),
    "GET /api/resident/{link}/service": (ANYBODY, "/api/resident/" + 43 * "A" + "/service", None),
    "POST /api/resident/{link}/events": (ANYBODY, "/api/resident/" + 43 * "A" + "/events", {"event": "withdraw"}),
    "GET /open311/v2/{page}": (ANYBODY, "/open311/v2/requests.json", None),
    "POST /open311/v2/{page}": (ANYBODY, "/open311/v2/requests.json", b"service_code=none"),
    "GET /open311/v2/{kind}/{page}": (ANYBODY, "/open311/v2/requests/none.json", None),
    "GET /api/services": (ANYBODY, "/api/services", None),
    "POST /api/public/signals": (ANYBODY, "/api/public/signals", {"pack": "incident", "mapping": "none", "signal": {}}),
    "POST /api/resident/{link}/rating": (ANYBODY, "/api/resident/" + 32 * "0" + "/rating", {"level": 5}),
    "GET /api/openapi.json": (ANYBODY, "/api/openapi.json", None),
    "GET /livez": (ANYBODY, "/livez", None),
    "GET /readyz": (ANYBODY, "/readyz", None),
    "GET /metrics": (ANYBODY, "/metrics", None),
}


def call(server, route, token, **headers):
    """(status, code, body); of the stream only the head is read."""
    _, path, body = TABLE[route]
    return send(server, route.split()[0], path, body, token, **headers)


def send(server, method, path, body, token, source="127.0.0.1", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10, source_address=(source, 0))
    head = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        head["Authorization"] = "Bearer " + token
    if method != "GET":
        head.setdefault("Idempotency-Key", new_key())
        head.setdefault("Content-Type", "text/csv" if isinstance(body, bytes) else "application/json")
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    try:
        connection.request(method, path, body=body, headers=head)
        reply = connection.getresponse()
        data = b"" if "event-stream" in (reply.getheader("Content-Type") or "") else reply.read()
        parsed = json.loads(data) if data and "json" in (reply.getheader("Content-Type") or "") else {}
        code = parsed.get("code", "") if isinstance(parsed, dict) else ""
        return reply.status, code, reply.getheaders(), parsed
    finally:
        connection.close()


def sign_in(server, login, source="127.0.0.1", **headers):
    status, _, heads, body = send(server, "POST", "/api/sign-in", {"login": login, "password": PASSWORD}, None, source, **headers)
    assert status == 200, (login, status, body)
    return next(v for k, v in heads if k.lower() == "set-cookie").split("=", 1)[1].split(";")[0]


def matrix(server, tokens):
    spec = send(server, "GET", "/api/openapi.json", None, None)[3]
    routes = {f"{method.upper()} {path}" for path, methods in spec["paths"].items() for method in methods if method != "parameters"}
    say(routes == set(TABLE), "every route is decided in this table", f"not here: {routes - set(TABLE)}; not there: {set(TABLE) - routes}")
    for route, (who, _, _) in TABLE.items():
        wrong = []
        for role in ROLES:
            if route == "POST /api/sign-out":
                continue  # asked last, it ends the session
            status, code, _, _ = call(server, route, tokens[role])
            refused = status == 403 and code == "guard/right"
            if status >= 500 or refused != (who is not ANYBODY and role not in who) or (status == 401 and route not in ("POST /api/sign-in", "POST /api/receipts/{gateway}")):
                wrong.append(f"{role}: {status} {code}")
        for token in (None, "x" * 43, "0" * 64, tokens["admin"][:-1] + ("A" if tokens["admin"][-1] != "A" else "B")):
            status, code, _, _ = call(server, route, token)
            if (status == 401 and code == "guard/session") != (who is not ANYBODY):
                wrong.append(f"without a session: {status} {code}")
        say(not wrong, f"{route} is for {'anybody' if who is ANYBODY else ', '.join(r for r in ROLES if r in who)}", *wrong)


def other_sites(server, tokens):
    """A browser sends the cookie by itself; a write that a page of another site caused is refused whatever it carries."""
    cookie = "__Host-bihuan=" + tokens["callcentre"]
    here = f"127.0.0.1:{server.port}"
    table = [
        ("the console's own", {"Origin": f"http://{here}", "Sec_Fetch_Site": "same-origin"}, False),
        ("a program's, without Origin", {}, False),
        ("another site's", {"Origin": "https://evil.example"}, True),
        ("another port's", {"Origin": "http://127.0.0.1:1"}, True),
        ("a sandboxed frame's", {"Origin": "null"}, True),
        ("a sub-site's", {"Origin": f"http://{here}", "Sec_Fetch_Site": "same-site"}, True),
        ("one that ends like ours", {"Origin": f"http://evil{here}"}, True),
        ("one that begins like ours", {"Origin": f"http://{here}.evil.example"}, True),
        ("a link's", {"Sec_Fetch_Site": "cross-site"}, True),
    ]
    for name, headers, refused in table:
        status, code, _, _ = send(server, "POST", "/api/signals", incident(2), None, Cookie=cookie, **headers)
        say((status == 403 and code == "api/origin") == refused and (refused or status == 200), f"a write from {name} page is "
            f"{'refused' if refused else 'taken'}", f"{status} {code}")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        status, _, _, _ = send(server, "POST", "/api/signals", incident(3), None, Cookie=cookie, Content_Type=kind)
        say(status == 415, f"a form's {kind} is no request", status)


def sessions(server):
    first = sign_in(server, "leader", "127.0.0.2")
    second = sign_in(server, "leader", "127.0.0.2", Cookie="__Host-bihuan=" + first)
    chosen = "f" * len(first)
    third = sign_in(server, "leader", "127.0.0.2", Cookie="__Host-bihuan=" + chosen)
    say(len({first, second, third, chosen}) == 4, "signing in never takes over a session id that came along")
    say(call(server, "GET /api/me", chosen)[0] == 401, "an id of the client's choice stays unknown")
    say(call(server, "POST /api/sign-out", second)[0] == 200 and call(server, "GET /api/me", second)[0] == 401
        and call(server, "GET /api/me", first)[0] == 200, "signing out ends that session and no other")
    _, _, heads, _ = send(server, "POST", "/api/sign-in", {"login": "leader", "password": PASSWORD}, None, "127.0.0.2")
    cookie = next(v for k, v in heads if k.lower() == "set-cookie")
    say(cookie.startswith("__Host-") and all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
        and "Domain" not in cookie, "the cookie stays with this host, this scheme, and out of scripts", cookie)


def listen(server, token):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/api/stream", headers={"Authorization": "Bearer " + token})
    return connection.getresponse()


def hung_up(stream):
    """Whether the other end closes; ticks come every second, so nothing hangs."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not stream.read1(65536):
            return True
    return False


def listeners(server, tokens):
    one, two = sign_in(server, "analyst", "127.0.0.4"), sign_in(server, "analyst", "127.0.0.4")
    first, second, other = listen(server, one), listen(server, two), listen(server, tokens["duty_officer"])
    call(server, "POST /api/sign-out", one)
    say(hung_up(first), "who signs out hears no more")
    put(server, tokens["admin"], "analyst", ["leader"])
    say(hung_up(second), "nor does an account that was changed")
    say(other.read1(65536), "and others hear on")


def put(server, token, login, roles, **more):
    body = {"name": "N", "org": "COMMAND", "roles": roles, **more}
    return send(server, "PUT", f"/api/users/{login}", body, token)[:2]


def escalation(server, tokens):
    for roles in (["admin", "duty_officer"], ["admin", "security"], ["admin", "auditor"], ["auditor", "unit"], ["security", "leader"]):
        status, code = put(server, tokens["admin"], "admin", roles)
        say((status, code) == (422, "guard/user"), f"an account never joins {' and '.join(roles)}", f"{status} {code}")
    say(call(server, "GET /api/cases", tokens["admin"])[1] == "guard/right", "and the administrator sees no case after all that")
    for name in ("x", "UPPER", "a b", "resident", "system", "..%2Fadmin", "a" * 65):
        status, _ = put(server, tokens["admin"], name.replace(" ", "%20"), ["leader"], password=PASSWORD)
        say(status in (400, 404, 422), f"no account is called {name[:12]}", status)
    say(put(server, tokens["admin"], "leader", ["analyst"])[0] == 200 and call(server, "GET /api/me", tokens["leader"])[0] == 401,
        "a session does not outlive a change of its account")


def strangers(server, tokens):
    """What is not yours looks like what is not there, or is refused."""
    status, code, _, body = send(server, "POST", "/api/units/U2/position", {"lat": 30.0, "lon": 114.0}, tokens["unit"])
    say(status == 403, "a unit tells no other unit's place", f"{status} {code}")
    put(server, tokens["admin"], "stray", ["unit"], password=PASSWORD)
    status, code, _, body = send(server, "POST", "/api/units/U2/position", {"lat": 30.0, "lon": 114.0}, sign_in(server, "stray", "127.0.0.3"))
    say(status == 403, "an account of no unit tells nobody's place", f"{status} {code}")
    made = send(server, "POST", "/api/signals", incident(4), tokens["callcentre"])[3]
    for role, purpose, want in (("unit", "handle", 403), ("handler", "handle", 403), ("analyst", "supervise", 403),
                                ("leader", "handle", 403), ("callcentre", "handle", 403), ("callcentre", "no such", 403),
                                ("callcentre", "callback", 200), ("duty_officer", "handle", 200)):
        status, code, _, body = send(server, "GET", f"/api/cases/{made['id']}?purpose={purpose.replace(' ', '%20')}", None, tokens[role])
        say(status == want, f"{role} looks at a stranger's case to {purpose}: {want}", f"{status} {code}")
    for field, value in (("rating", 5), ("rating_text", "excellent")):
        status, code, _, body = send(server, "POST", f"/api/cases/{made['id']}/events", {"event": "triage", "fields": {field: value}},
                                     tokens["duty_officer"])
        say((status, code) == (422, "case/fields"), f"nobody but the resident gives the {field}", f"{status} {code}")
    for role in ("unit", "handler"):
        status, code, _, body = send(server, "POST", f"/api/cases/{made['id']}/events", {"event": "triage"}, tokens[role])
        say(status == 403, f"a {role} moves no stranger's case", f"{status} {code}")


def twins(server, tokens):
    """The same deed asked for from twenty sides at once."""
    key, before = new_key(), send(server, "GET", "/api/cases?limit=1", None, tokens["duty_officer"])[3]["open"]
    answers = []

    def ask():
        answers.append(send(server, "POST", "/api/signals", incident(5), tokens["callcentre"], Idempotency_Key=key))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = send(server, "GET", "/api/cases?limit=1", None, tokens["duty_officer"])[3]["open"]
    say(after == before + 1 and {a[0] for a in answers} == {200} and len({json.dumps(a[3]) for a in answers}) == 1 and len(answers) == 20,
        "one key from twenty threads is one case and one answer", f"{before} {after} {[(a[0], a[1]) for a in answers]}")
    made = answers[0][3]["id"]
    outcomes = []

    def move():
        outcomes.append(send(server, "POST", f"/api/cases/{made}/events", {"event": "cancel", "fields": {"cancel_reason": "test"}},
                             tokens["duty_officer"])[0])

    threads = [threading.Thread(target=move) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(sorted(outcomes) == [200] + [409] * 19, "of twenty who move one case at once one does", outcomes)


def main():
    server = Server(sys.argv[1])
    try:
        server.must("init", "--folder", server.folder)
        for role in ROLES:
            server.user(role, role, org="A-ORG" if role in ("handler", "leader") else "COMMAND", unit="U1" if role == "unit" else None)
        server.start()
        tokens = {role: sign_in(server, role, f"127.0.0.{10 + i}") for i, role in enumerate(ROLES)}
        matrix(server, tokens)
        other_sites(server, tokens)
        strangers(server, tokens)
        twins(server, tokens)
        sessions(server)
        listeners(server, tokens)
        escalation(server, tokens)
        log = (server.folder / "serve.log").read_text(errors="replace")
        say("Sanitizer" not in log and "runtime error" not in log, "no sanitizer has anything to say", log[-2000:])
    finally:
        server.__exit__()
    finish()


main()
