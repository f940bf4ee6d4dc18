#!/usr/bin/env python3
"""110 passes a matter to 12345, and 12345 one to 110: one action, both clocks running, nobody asked twice, and the first ends when the
other has.

  tests/stories/transfer.py build/src/bihuan"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

SAID = {"caller_name": "甲某某", "caller_phone": "12000000101", "address_detail": "三单元门前", "description": "楼下歌声很大"}


def call(server, pack, category):
    signal = {"category": category, "area": "A1", "place": "梧桐路1号", **SAID}
    status, _, reply = server.ask("POST", "/api/signals", {"pack": pack, "mapping": "json", "signal": signal}, key=new_key())
    assert status == 200, reply
    return reply["id"], reply["number"]


def fire(server, case, event, token="", **fields):
    status, _, reply = server.ask("POST", f"/api/cases/{case}/events", {"event": event, "fields": fields}, token=token, key=new_key())
    return status, reply


def view(server, case):
    status, _, reply = server.ask("GET", f"/api/cases/{case}?purpose=handle")
    assert status == 200, reply
    return reply


def state(server, case):
    _, _, timeline = server.ask("GET", f"/api/cases/{case}/timeline")
    return [e["body"]["to_state"] for e in timeline["events"] if "to_state" in e["body"]][-1]


def running(server, case):
    return [c["id"] for c in view(server, case)["clocks"] if c["state"] == "running"]


def related(server, case, kind):
    _, _, reply = server.ask("GET", f"/api/cases/{case}/relations")
    return [r["brief"]["id"] for r in reply["relations"] if r["kind"] == kind]


def passed(server, case, number, event, category, **fields):
    """The other service's case."""
    status, reply = fire(server, case, event, **fields)
    say(status == 200 and state(server, case) == "passed", f"{event} passes it on", reply)
    say(fire(server, case, event, **fields)[0] != 200, "once only")
    children = related(server, case, "child")
    say(len(children) == 1 and related(server, children[0], "parent") == [case], "one case of the other service is opened, each knows the other", children)
    other = view(server, children[0])
    facts = other["facts"]
    say((facts["category"], facts["source_number"], other["brief"]["place"]) == (category, number, "梧桐路1号"), "it knows matter, source and place", facts)
    say(all(other["private"].get(k) == v for k, v in SAID.items()), "and what was said, so that nobody asks again", other)
    say("resident" in running(server, case) and "resident" in running(server, children[0]), "both clocks run", other["clocks"])
    return children[0]


def to_hotline(server, handler):
    incident, number = call(server, "incident", "nuisance")
    order = passed(server, incident, number, "transfer", "noise", reason="not_police")
    say(fire(server, order, "cancel", cancel_reason="out_of_scope")[0] != 200, "the hotline cannot put it away unanswered")
    done = [fire(server, order, "submit")[0], fire(server, order, "signin", handler)[0],
            fire(server, order, "reply", handler, result="solved", evidence="photo", reply_text="已劝止")[0]]
    say(done == [200] * 3 and state(server, incident) == "passed", "answered but not checked, the incident waits on", done)
    done = [fire(server, order, "callback", solved=False)[0], fire(server, order, "review_close", resolution="explained")[0]]
    say(done == [200] * 2 and state(server, incident) == "transferred", "when the work order ends, the incident does", done)


def to_police(server):
    order, number = call(server, "workorder", "noise")
    incident = passed(server, order, number, "to_110", "nuisance")
    say(fire(server, incident, "transfer", reason="not_police")[0] != 200, "110 does not pass it back")
    say(fire(server, incident, "cancel", cancel_reason="mistaken")[0] != 200, "nor put it away unanswered")
    say(fire(server, incident, "cancel", cancel_reason="withdrawn")[0] == 200, "withdrawn by the requester")
    say(state(server, order) == "transferred", "it ends the work order too")


def main():
    with Server(sys.argv[1]) as server:
        server.stop()
        server.user("env", "handler", org="ENV")
        server.start()
        handler = server.sign_in("env")
        server.sign_in("desk")
        to_hotline(server, handler)
        to_police(server)
        server.stop()
        say(server.run("verify", "--folder", server.folder).returncode == 0, "the rows are what the ledger says")
    finish()


main()
