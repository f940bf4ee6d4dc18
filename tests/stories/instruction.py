#!/usr/bin/env python3
"""An instruction walked through packs/instruction as its people do: proposed by one, issued by another, accepted, answered, checked by who did
not answer, closed; and one to another agency, which signs for the letter and answers by its links; and a third that another service opened as its child.

  tests/stories/instruction.py build/src/bihuan"""
import json
import pathlib
import re
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server, TOP  # noqa: E402

STROKES = [[100, 100, 400, 500, 700, 120, 900, 480], [120, 520, 800, 560]]

GATEWAYS = {"public_url": "https://12345.example", "gateways": {"sms": {"kind": "file", "folder": "outbox", "receipts": "receipts"}}, "channels": {"sms": "sms"}}


class Instruction:
    def __init__(self, server, tokens, matter):
        self.server, self.tokens = server, tokens
        status, reply = self.post("/api/signals", {"pack": "instruction", "mapping": "json", "signal": {"kind": "query", "matter": matter}}, "clerk")
        say(status == 200, "an instruction is begun", reply)
        self.id = reply.get("case") or next(c["id"] for c in self.get("/api/cases?pack=instruction", "clerk")[1]["cases"] if c["state"] == "draft")

    def post(self, path, body, who=None):
        status, _, reply = self.server.ask("POST", path, body, token=self.tokens.get(who), key=new_key())
        return status, reply

    def get(self, path, who=None):
        status, _, reply = self.server.ask("GET", path, token=self.tokens.get(who))
        return status, reply

    def fire(self, who, event, **fields):
        return self.post(f"/api/cases/{self.id}/events", {"event": event, "fields": fields}, who)

    def link(self):
        """The agency's, out of the text that went to it."""
        for _ in range(100):
            for batch in (self.server.folder / "outbox").glob("*.jsonl"):
                found = [m for m in re.findall(r"https://12345.example/r/([A-Za-z0-9_-]+)", batch.read_text())]
                if found:
                    return found[-1]
            time.sleep(0.1)
        raise AssertionError("no text went out")

    def act(self, link, event, **fields):
        return self.post(f"/api/resident/{link}/events", {"event": event, "fields": fields})

    def at(self):
        brief = self.get(f"/api/cases/{self.id}?purpose=archive", "clerk")[1]["brief"]
        return brief["state"], brief["org"]


def own(server, tokens):
    c = Instruction(server, tokens, "查询登记")
    say(c.fire("clerk", "propose", matter="查询登记", receiver="MARKET", within="d3", demand="请提供名录")[0] == 200, "the desk proposes", c.at())
    say(c.fire("clerk", "approve")[0] != 200, "who proposed does not issue")
    say(c.fire("chief", "approve")[0] == 200 and c.at() == ("issued", "MARKET"), "another does, and it is the organisation's", c.at())
    say(c.fire("police", "accept")[0] != 200, "another organisation cannot accept it")
    say(c.fire("market", "accept")[0] == 200, "the organisation accepts")
    say(c.fire("market", "report", result="done", answer="名录三家")[0] == 200, "and answers")
    say(c.fire("market", "check", check_way="papers")[0] != 200, "and does not check")
    say(c.fire("clerk", "check", check_way="papers")[0] == 200, "the desk checks")
    say(c.fire("clerk", "close", conclusion="同意")[0] == 200, "and closes")
    say("closed" in str(c.at()), "which ends it", c.at())


def agency(server, tokens):
    c = Instruction(server, tokens, "查询名录")
    fields = {"matter": "查询名录", "receiver": "other", "within": "d7", "demand": "请提供储存场所"}
    say(c.fire("clerk", "propose", **fields)[0] != 200, "another agency must be reachable")
    say(c.fire("clerk", "propose", **fields, agency_name="某管理处", agency_phone="12000000210")[0] == 200, "with name and phone it is proposed")
    say(c.fire("chief", "approve")[0] == 200 and c.at() == ("issued", "COMMAND"), "the centre goes on answering for it", c.at())
    status, reply = c.post(f"/api/cases/{c.id}/documents/letter/1/link", {"signer": "agency"}, "clerk")
    say(status == 200, "the letter has a link", reply)
    link = reply["path"][3:]
    page = c.get(f"/api/sign/{link}")[1]
    say(c.post(f"/api/sign/{link}", {"deed": "sign", "sha256": page["sha256"], "strokes": STROKES})[0] == 200 and c.at()[0] == "accepted", "signed for is accepted", c.at())
    say(c.fire("clerk", "report", result="done", answer="代答")[0] != 200, "nobody answers in the agency's place")
    say(c.act(c.link(), "report", result="partly", answer="先报一处")[0] == 200 and c.at()[0] == "done", "it answers by its own link", c.at())
    say(c.fire("clerk", "send_back", reason="缺一处", within="d3")[0] == 200, "and is asked for the rest")
    say(c.fire("clerk", "record", letter_number="函〔2026〕8号", result="done", answer="两处")[0] == 200, "a letter that comes is taken down as such")
    say(c.fire("clerk", "check", check_way="papers")[0] != 200, "and not checked by who took it down")
    say(c.fire("chief", "check", check_way="papers")[0] == 200 and c.fire("chief", "close", conclusion="同意")[0] == 200, "another does, and closes", c.at())


def of_another_service(server, tokens):
    """packs/lights is a new service whose opening also opens an instruction."""
    status, _, reply = server.ask("POST", "/api/signals", {"pack": "lights", "mapping": "json", "signal": {"kind": "repair", "place": "梧桐路1号"}},
                                  token=tokens["hot"], key=new_key())
    say(status == 200, "another service opens a case", reply)
    cases = server.ask("GET", "/api/cases?pack=instruction", token=tokens["clerk"])[2]["cases"]
    child = next((c for c in cases if c["state"] == "draft"), None)
    say(child is not None, "and an instruction with it", cases)
    facts = server.ask("GET", f"/api/cases/{child['id']}?purpose=archive", token=tokens["clerk"])[2]["facts"]
    say(facts.get("source_number") and facts["kind"] == "handle" and facts["within"] == "d3", "which names the case it comes of", facts)


def packs_with_a_parent(server):
    folder = server.folder / "services"
    shutil.copytree(TOP / "packs/instruction", folder / "instruction")
    server.must("pack", "new", folder / "lights", "--title", "路灯报修")
    lines = folder / "lights/procedure.yaml"
    lines.write_text(lines.read_text().replace("start(limit)\"", "start(limit), child(instruction, from_case)\""))
    return folder


def main():
    with Server(sys.argv[1]) as server:
        people = {"clerk": ("COMMAND", "dispatcher"), "chief": ("COMMAND", "duty_officer"), "market": ("MARKET", "handler"), "police": ("PS-A1", "handler"),
                  "hot": ("HOTLINE", "callcentre,dispatcher")}
        server.stop()
        for login, (org, roles) in people.items():
            server.user(login, roles, org=org)
        (server.folder / "gateways.json").write_text(json.dumps(GATEWAYS))
        (server.folder / "outbox").mkdir()
        (server.folder / "receipts").mkdir()
        server.start("--packs", packs_with_a_parent(server))
        tokens = {login: server.sign_in(login) for login in people}
        own(server, tokens)
        agency(server, tokens)
        of_another_service(server, tokens)
        server.stop()
        done = server.run("verify", "--folder", server.folder, "--packs", server.folder / "services")
        say(done.returncode == 0, "and the ledger gives the same again", done.stdout, done.stderr)
    finish()


if __name__ == "__main__":
    main()
