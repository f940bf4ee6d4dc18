#!/usr/bin/env python3
"""Open311 (GeoReport v2) as outside systems speak it: services listed, a request brought in by a form, its standing read, in JSON and
XML; what is private is nowhere. With OPEN311_PM naming the folder of FixMyStreet's Open311.pm that client does the same.

  tests/stories/open311.py build/src/bihuan"""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FORM = {"service_code": "workorder.road", "lat": "30.12345", "long": "114.56789", "description": "KANARI 路灯不亮 & <黑>", "first_name": "KANARI",
        "last_name": "王", "phone": "12000000001", "email": "kanari@example.org", "address_string": "KANARI 路 1 号"}


def ask(server, method, path, form=None, kind="application/x-www-form-urlencoded", source="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10, source_address=(source, 0))
    body = None if form is None else form if isinstance(form, bytes) else urllib.parse.urlencode(form).encode()
    connection.request(method, "/open311/v2/" + path, body=body, headers={"Content-Type": kind} if body is not None else {})
    reply = connection.getresponse()
    data, head = reply.read().decode(), reply.getheader("Content-Type") or ""
    connection.close()
    return reply.status, (json.loads(data) if "json" in head else ET.fromstring(data) if "xml" in head else data), data


def tree(element):
    """XML as JSON has it: lists where the parts are the singular of the whole."""
    if len(element) == 0:
        return [] if element.tag in ("services", "service_requests", "service_request_updates", "attributes", "values") else element.text
    if element.tag.rstrip("s") in {c.tag for c in element} or element.tag in ("service_requests", "service_request_updates"):
        return [tree(c) for c in element]
    return {c.tag: tree(c) for c in element}


def as_text(value):
    """JSON with every value as XML would say it."""
    if isinstance(value, dict):
        return {k: as_text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_text(v) for v in value]
    return None if value in (None, "") else str(value).lower() if isinstance(value, bool) else f"{value:.6f}" if isinstance(value, float) else str(value)


def same_both_ways(server, page):
    status, said, _ = ask(server, "GET", page.replace("*", "json"))
    again, xml, text = ask(server, "GET", page.replace("*", "xml"))
    say((status, again) == (200, 200) and as_text(said) == tree(xml), f"{page}: JSON and XML say the same", said, text)
    return said


def listed(server):
    found = same_both_ways(server, "discovery.*")
    say(found["endpoints"][0]["specification"].endswith("GeoReport_v2"), "discovery names GeoReport v2", found)
    services = same_both_ways(server, "services.*")
    codes = [s["service_code"] for s in services]
    say("workorder.road" in codes and "workorder.wages" not in codes and all(c.startswith("workorder.") for c in codes),
        "services are the codes that the mapping opens, and no others", codes)
    definition = same_both_ways(server, "services/workorder.road.*")
    say(definition == {"service_code": "workorder.road", "attributes": []}, "a service says what else it asks for", definition)


def brought(server):
    status, reply, _ = ask(server, "POST", "requests.json", FORM)
    say(status == 200 and re.fullmatch(r"GD-\d{8}-\d{6}", reply[0]["service_request_id"]), "a request comes in and gets its number", reply)
    number = reply[0]["service_request_id"]
    status, xml, text = ask(server, "POST", "requests.xml", dict(reversed(FORM.items())))
    say(status == 200 and xml.findtext("request/service_request_id") == number, "the same again, in another order and format, is the same request", text)
    status, reply, _ = ask(server, "POST", "requests.json", {**FORM, "description": "another"})
    say(status == 200 and reply[0]["service_request_id"] != number, "other words are another request", reply)
    return number


def stands(server, number, status):
    one = same_both_ways(server, f"requests/{number}.*")[0]
    say((one["status"], one["service_code"]) == (status, "workorder.road"), f"the request is {status}", one)
    say((one["lat"], one["long"]) == (30.123, 114.568), "its point is rounded to some 100 m", one)
    say(one["description"] is None and one["address"] is None, "words and address are not told", one)
    return one


def chosen(server, number):
    for query, n in (("", 2), ("?status=open", 2), ("?status=closed", 0), ("?service_code=workorder.road,workorder.water", 2), ("?service_code=workorder.water", 0),
                     (f"?service_request_id={number}", 1), (f"?service_request_id={number},GD-20000101-000001", 1), ("?start_date=2001-01-01T00:00:00Z", 0),
                     ("?end_date=0001-01-01&jurisdiction_id=x", 0), ("?end_date=9999-12-31T23:59:59Z", 2)):
        status, said, _ = ask(server, "GET", "requests.json" + query)
        say(status == 200 and len(said) == n, f"requests{query}: {n}", status, said)


def refused(server):
    rows = [("GET", "requests/GD-20000101-000001.*", None, 404), ("GET", "services/workorder.wages.*", None, 404), ("GET", "nothing.*", None, 404),
            ("GET", "requests.*?status=lost", None, 400), ("GET", "requests.*?start_date=yesterday", None, 400), ("GET", "requests.*?colour=red", None, 400),
            ("POST", "requests.*", {**FORM, "service_code": "workorder.wages"}, 404), ("POST", "requests.*", {**FORM, "description": ""}, 400),
            ("POST", "requests.*", {**FORM, "attribute[org]": "X"}, 400), ("POST", "requests.*", b"a=1&a=2", 400), ("POST", "services.*", FORM, 404),
            ("POST", "requests.*", {"service_code": "workorder.road", "description": "x"}, 400)]
    for n, (method, page, form, want) in enumerate(rows):
        for form_of in ("json", "xml"):
            status, said, text = ask(server, method, page.replace("*", form_of), form, source=f"127.0.1.{n + 1}")
            code, why = (said[0]["code"], said[0]["description"]) if form_of == "json" else (int(said.findtext("error/code")), said.findtext("error/description"))
            say((status, code) == (want, want) and why and "KANARI" not in text, f"{method} {page} {n} as {form_of}: {want} with code and description", status, text)
    status, said, _ = ask(server, "POST", "requests.json", b"{}", kind="application/json", source="127.0.2.1")
    say(status == 415 and said[0]["code"] == 415, "a body that is no form is refused", status, said)
    status = [ask(server, "POST", "requests.json", b"x=1", source="127.0.2.2")[0] for _ in range(11)]
    say(status == 10 * [404] + [429], "one address cannot flood the counter", status)


def others_stay_hidden(server, number):
    signal = {"category": "road", "description": "by phone", "caller_phone": "12000000009"}
    status, _, reply = server.ask("POST", "/api/signals", {"pack": "workorder", "signal": signal}, key=new_key())
    say(status == 200 and ask(server, "GET", f"requests/{reply['number']}.json")[0] == 404, "a request that came by phone is not told", reply)
    say(len(ask(server, "GET", "requests.json")[1]) == 2, "nor listed")
    everything = "".join(ask(server, "GET", p + e)[2] for p in ("requests.", "services.", "discovery.", f"requests/{number}.") for e in ("json", "xml"))
    say("KANARI" not in everything.upper() and "12000000001" not in everything, "nothing private is in any answer")


def taken(server, number):
    cases = server.ask("GET", f"/api/cases?number={number}")[2]["cases"]
    path = f"/api/cases/{cases[0]['id']}"
    view = server.ask("GET", path + "?purpose=handle")[2]
    say(view["brief"]["state"] and view["offers"], "the hotline has it before it and can go on with it", view["brief"])
    seen = view["private"]
    say((seen["description"], seen["caller_phone"], seen["address_detail"]) == (FORM["description"], FORM["phone"], FORM["address_string"]) and
        seen["caller_name"] == "KANARI 王", "it reads the words, name and address that were given, under a grant", seen)


def moves(server, number):
    say(same_both_ways(server, "servicerequestupdates.*") == [], "what has not moved since it came is no update")
    case = server.ask("GET", f"/api/cases?number={number}")[2]["cases"][0]["id"]
    status, _, reply = server.ask("POST", f"/api/cases/{case}/events", {"event": "submit"}, key=new_key())
    say(status == 200, "the hotline passes it on", reply)
    updates = same_both_ways(server, "servicerequestupdates.*")
    one = ask(server, "GET", f"requests/{number}.json")[1][0]
    say([(u["service_request_id"], u["status"], u["description"], u["updated_datetime"]) for u in updates] ==
        [(number, "open", one["status_notes"], one["updated_datetime"])], "which is an update, as the request itself says", updates, one)
    say(ask(server, "GET", "servicerequestupdates.json?start_date=2001-01-01&end_date=2001-02-01")[1] == [], "of its time alone")
    status, _, reply = server.ask("POST", f"/api/cases/{case}/events", {"event": "cancel", "fields": {"cancel_reason": "withdrawn"}}, key=new_key())
    say(status == 200, "it is withdrawn", reply)
    again = same_both_ways(server, "servicerequestupdates.*")
    say(len(again) == 1 and again[0]["status"] == "closed" and again[0]["update_id"] != updates[0]["update_id"], "another update, closed", again)
    say(stands(server, number, "closed")["expected_datetime"] is None, "and nothing is expected any more")


def fixmystreet(server, number):
    folder = os.environ.get("OPEN311_PM")
    if not folder:
        print("# OPEN311_PM names no folder with Open311.pm: FixMyStreet's client was not asked")
        return
    done = subprocess.run(["perl", HERE / "open311.pl", folder, f"http://127.0.0.1:{server.port}/open311/v2/", "workorder.road"],
                          capture_output=True, text=True, timeout=60)
    if done.returncode:
        say(False, "Open311.pm runs", *done.stderr.splitlines())
        return
    said = json.loads(done.stdout)
    say("workorder.road" in [s["service_code"] for s in said["services"]], "Open311.pm lists the services", said["services"])
    say(said["definition"]["service_code"] == "workorder.road", "it reads a service's definition", said["definition"])
    say(str(said["id"]).startswith("GD-") and said["again"] == said["id"], "it posts a request; posted again it is the same", said)
    say(said["requests"][0]["service_request_id"] == said["id"] and said["requests"][0]["status"] == "open", "it reads how it stands", said["requests"])
    say([u["service_request_id"] for u in said["updates"]] == [number], "it reads updates", said["updates"])
    say(said["refused"] == 0 and "404: no such service_code" in said["error"], "it understands a refusal", said["error"])


def main(binary):
    with Server(binary) as server:
        listed(server)
        number = brought(server)
        stands(server, number, "open")
        chosen(server, number)
        others_stay_hidden(server, number)
        taken(server, number)
        moves(server, number)
        refused(server)
        fixmystreet(server, number)
    finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
