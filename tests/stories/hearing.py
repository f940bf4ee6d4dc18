#!/usr/bin/env python3
"""A suit heard online through packs/hearing as its people do: consent by each party's link, a date, the check-in, the hearing, a
transcript that one party objects to and all sign in its second version.

  tests/stories/hearing.py build/src/bihuan"""
import base64
import hashlib
import hmac
import pathlib
import re
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

STROKES = [[100, 100, 400, 500, 700, 120, 900, 480], [120, 520, 800, 560]]
SIGNAL = {"kind": "mediation", "category": "loan", "suit_number": "（2026）某01民初1号", "amount": 9000, "applicant_name": "甲某某",
          "applicant_phone": "12000000201", "respondent_name": "乙某某", "respondent_phone": "12000000202", "claim": "请求返还借款"}


class Hearing:
    def __init__(self, server, tokens):
        self.server, self.tokens = server, tokens
        status, reply = self.post("/api/signals", {"pack": "hearing", "signal": SIGNAL}, "clerk")
        say(status == 200, "the clerk registers a matter", reply)
        self.id = reply["id"]
        held = (pathlib.Path(server.folder) / "keys" / "residents.key").read_text()
        self.key = base64.b64decode(re.match(r"residents\+\w+\+(\S+)", held)[1])

    def link(self, party):
        """Stands in for the text message: a keyed hash of the case and the party (guard/resident.c)."""
        raw = uuid.UUID(self.id).bytes
        return base64.urlsafe_b64encode(raw + hmac.digest(self.key, b"bihuan party link\0" + raw + party.encode(), hashlib.sha256)[:16]).decode().rstrip("=")

    def post(self, path, body, who=None):
        status, _, reply = self.server.ask("POST", path, body, token=self.tokens.get(who), key=new_key())
        return status, reply

    def get(self, path, who=None):
        return self.server.ask("GET", path, token=self.tokens.get(who))[2]

    def fire(self, who, event, **fields):
        return self.post(f"/api/cases/{self.id}/events", {"event": event, "fields": fields}, who)

    def view(self):
        return self.get(f"/api/cases/{self.id}?purpose=hear", "clerk")

    def state(self):
        return self.view()["brief"]["state"]

    def act(self, party, event, **fields):
        return self.post(f"/api/resident/{self.link(party)}/events", {"event": event, "fields": fields})[0]

    def papers(self):
        return self.get(f"/api/cases/{self.id}/documents", "clerk")["documents"]

    def sign(self, signer, version, deed="sign", **more):
        status, reply = self.post(f"/api/cases/{self.id}/documents/transcript/{version}/link", {"signer": signer}, "clerk")
        assert status == 200, reply
        page = self.get(f"/api/sign/{reply['path'][3:]}")
        said = {"deed": deed, "sha256": page["sha256"], **({"strokes": STROKES} if deed == "sign" else {}), **more}
        return self.post(f"/api/sign/{reply['path'][3:]}", said)

    def sign_as(self, who, signer, version):
        paper = next(x for x in self.papers() if x["version"] == version)
        said = {"signer": signer, "deed": "sign", "sha256": paper["sha256"], "strokes": STROKES}
        return self.post(f"/api/cases/{self.id}/documents/transcript/{version}/sign", said, who)


def consented(h):
    say(h.act("resident", "consent_applicant") == 200 and h.state() == "consenting", "one party's consent is not enough")
    say(h.act("resident", "consent_respondent") == 403, "and no party consents for the other")
    say(h.act("respondent", "consent_respondent") == 200 and h.state() == "arranging", "both do by their links")


def scheduled(h):
    date = {"hearing_at": int(time.time() * 1000) + 3600_000, "room": "调解室一", "panel": "mediator", "members": "某调解员"}
    say(h.fire("clerk", "schedule", hearing_at=date["hearing_at"])[0] == 422, "no date without a room and who presides")
    say(h.fire("clerk", "schedule", **{**date, "hearing_at": 1})[0] != 200, "nor one that is past")
    say(h.fire("judge", "schedule", **date)[0] == 403 and h.fire("clerk", "schedule", **date)[0] == 200, "the clerk fixes it")


def checked_in(h):
    say(h.fire("clerk", "begin")[0] == 200, "the check-in begins")
    seen = {"document_applicant": "id_card", "applicant_elsewhere": True}
    say(h.fire("clerk", "check_applicant", **seen)[0] != 200, "nobody is checked in who has not come by the own link")
    say(h.act("resident", "join") == 200 and h.fire("clerk", "check_applicant", **seen)[0] == 200, "the applicant is")
    say(h.fire("judge", "open_hearing")[0] != 200, "it cannot be opened before the other is")
    h.act("respondent", "join")
    h.fire("clerk", "check_respondent", document_respondent="id_card", respondent_elsewhere=False)
    say(h.fire("clerk", "open_hearing")[0] == 403 and h.fire("judge", "open_hearing")[0] == 200, "then who presides opens it")


def heard(h):
    say(h.fire("judge", "break", recess_reason="connection")[0] == 200 and h.fire("judge", "resume_hearing")[0] == 200, "a recess, and on")
    say(h.fire("judge", "close_hearing", result="settled", settled_amount=8000)[0] == 200, "it is closed")


def signed(h):
    say(h.fire("clerk", "send", transcript_text="双方陈述，给付八千元")[0] == 200, "the transcript goes to all")
    say(h.sign("applicant", 1)[0] == 200, "the applicant signs by phone")
    say(h.sign("respondent", 1, deed="object", reason="金额有误")[0] == 200 and h.state() == "corrected", "the respondent objects")
    say(h.fire("clerk", "send", transcript_text="双方陈述，七日内给付八千元")[0] == 200, "the second version")
    first, second = (next(x for x in h.papers() if x["version"] == n) for n in (1, 2))
    say(first["state"] in ("void", "superseded"), "voids what was signed", first["state"])
    say(all(s["state"] == "asked" for s in second["signers"]), "and all are asked anew", second["signers"])
    status, reply = h.sign_as("clerk", "presider", 2)
    say(status in (403, 404, 409), "the clerk cannot sign for who presides", status, reply)
    first = h.sign_as("both", "presider", 2)[0]
    status, reply = h.sign_as("both", "clerk", 2)
    say(status == 409 and "another person" in reply["hint"], "nor one person for two, who has both roles", status, reply)
    done = [first, h.sign("respondent", 2)[0], h.sign("applicant", 2)[0], h.sign_as("clerk", "clerk", 2)[0]]
    say(done == [200] * 4, "they sign in any order", done)
    say(next(x for x in h.papers() if x["version"] == 2)["state"] == "sealed", "it is sealed")
    page = h.get(f"/api/resident/{h.link('respondent')}")
    say(page["final"] and SIGNAL["applicant_name"] not in str(page), "the matter is at its end, and the page names nobody", page)


def main():
    with Server(sys.argv[1]) as server:
        server.stop()
        for login, roles in {"clerk": "callcentre", "judge": "handler", "both": "handler,callcentre"}.items():
            server.user(login, roles, org="MED-COURT")
        server.start()
        h = Hearing(server, {login: server.sign_in(login) for login in ("clerk", "judge", "both")})
        for part in (consented, scheduled, checked_in, heard, signed):
            part(h)
        server.stop()
        say(server.run("verify", "--folder", server.folder).returncode == 0, "and the ledger gives the same again")
    finish()


if __name__ == "__main__":
    main()
