#!/usr/bin/env python3
"""Cases merged into one, split for two organisations, and each undone, over HTTP.

  tests/stories/relations.py build/src/bihuan"""
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server, TOP  # noqa: E402



def post(server, case, what, body, token="", key=None):
    status, _, reply = server.ask("POST", f"/api/cases/{case}/{what}", body, token=token, key=key or new_key())
    return status, reply


def order(server):
    status, _, reply = server.ask("POST", "/api/signals", {"pack": "order", "mapping": "json", "signal": {"kind": "noise"}}, key=new_key())
    assert status == 200, reply
    return reply["id"], reply["number"]


def state(server, case):
    _, _, timeline = server.ask("GET", f"/api/cases/{case}/timeline")
    return [e["body"]["to_state"] for e in timeline["events"] if "to_state" in e["body"]][-1]


def related(server, case):
    status, _, reply = server.ask("GET", f"/api/cases/{case}/relations")
    assert status == 200, reply
    return [(r["kind"], r["brief"]["number"], "ended_at" in r) for r in reply["relations"]]


def merging(server):
    (a, number_a), (b, number_b) = order(server), order(server)
    say(post(server, b, "merge", {"leader": a, "reason": ""})[0] == 400, "a merge without a reason is refused")
    say(post(server, b, "events", {"event": "merge"})[0] == 422, "and so is one without a leader")
    key, body = new_key(), {"leader": a, "reason": "同一处噪声"}
    say(post(server, b, "merge", body, key=key) == (200, {"ok": True}), "a case is merged into another")
    say(post(server, b, "merge", body, key=key) == (200, {"ok": True}), "asked for twice, it happens once")
    say(state(server, b) == "merged" and related(server, b) == [("follows", number_a, False)], "it follows", related(server, b))
    say(related(server, a) == [("leads", number_b, False)], "and the other leads", related(server, a))
    say(post(server, a, "merge", {"leader": b, "reason": "crosswise"})[0] == 403, "crosswise is refused")
    say(post(server, b, "unmerge", {"reason": "并错了"})[0] == 200 and state(server, b) == "received", "undone, it is where it was")
    say(related(server, a) == [("leads", number_b, True)], "and what was stays to be seen")


def splitting(server):
    parent, number = order(server)
    say(post(server, parent, "split", {"parts": [{"org": "ENV"}, {"org": "LIGHT"}], "reason": "two"})[0] == 409, "not yet in hand, it cannot be split")
    post(server, parent, "events", {"event": "submit"})
    status, reply = post(server, parent, "events", {"event": "signin"}, token=server.tokens)
    say(status == 200, "a department has it in hand", reply)
    say(post(server, parent, "split", {"parts": [{"org": "ENV"}], "reason": "one"})[0] == 422, "one part is no split")
    status, reply = post(server, parent, "split", {"parts": [{"org": "ENV"}, {"org": "LIGHT"}], "reason": "两家的事"})
    say(status == 200 and len(reply["ids"]) == 2, "a case is split for two", reply)
    say(state(server, parent) == "split" and len(related(server, parent)) == 2, "it waits for its parts")
    say(related(server, reply["ids"][0]) == [("parent", number, False)], "a part knows where it comes from")
    say(post(server, parent, "unsplit", {"reason": "不必分"})[0] == 200 and state(server, parent) == "handling", "undone, the parts are withdrawn")
    say(state(server, reply["ids"][0]) == "closed", "and closed")


def main():
    with Server(sys.argv[1]) as server, tempfile.TemporaryDirectory() as packs:
        server.stop()
        intake = shutil.copytree(TOP / "src/pack/traits_for_test/order", pathlib.Path(packs) / "order") / "intake.yaml"
        intake.write_text(intake.read_text().rstrip() + "\n      - {to: org, default: HOTLINE}\n")
        server.user("env", "handler", org="ENV")
        server.start("--packs", packs)
        server.tokens = server.sign_in("env")
        server.sign_in("desk")
        merging(server)
        splitting(server)
        server.stop()
        server.must("verify", "--packs", packs, "--folder", server.folder)
        say(True, "the rows are what the ledger says")
    finish()


main()
