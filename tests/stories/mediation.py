#!/usr/bin/env python3
"""A dispute walked through packs/mediation as its people do: brought in online, diverted by the register, passed on until the next tier,
sessions, an agreement signed by both parties' links and the mediator, confirmed by the court, performed, rated.

  tests/stories/mediation.py build/src/bihuan"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

STROKES = [[100, 100, 400, 500, 700, 120, 900, 480], [120, 520, 800, 560]]
ORGS = [("MED-A1", "community", "A1"), ("MED-A1B", "community", "A1"), ("MED-A2", "community", "A2"), ("LAW-1", "lawyer", "ALL")]
SIGNAL = {"category": "neighbours", "area": "A1", "place": "梧桐路1号", "amount": 3000, "applicant_name": "甲某某", "applicant_phone": "12000000101",
          "respondent_name": "乙某某", "respondent_phone": "12000000102", "request": "楼上漏水损坏吊顶"}


def post(server, path, body, token=None):
    status, _, reply = server.ask("POST", path, body, token=token, key=new_key())
    return status, reply


def get(server, path, token=None):
    status, _, reply = server.ask("GET", path, token=token)
    return status, reply


class Dispute:
    def __init__(self, server, tokens):
        self.server, self.tokens = server, tokens
        status, reply = post(server, "/api/public/signals", {"pack": "mediation", "mapping": "online", "signal": SIGNAL})
        say(status == 200 and reply["path"].startswith("/r/"), "anybody brings a dispute in and gets a link", reply)
        self.link = reply["path"][3:]
        cases = get(server, "/api/cases?pack=mediation", tokens["clerk"])[1]["cases"]
        self.id = next(c["id"] for c in cases if c["number"] == reply["number"])

    def fire(self, who, event, **fields):
        return post(self.server, f"/api/cases/{self.id}/events", {"event": event, "fields": fields}, self.tokens[who])

    def act(self, event, **fields):
        return post(self.server, f"/api/resident/{self.link}/events", {"event": event, "fields": fields})

    def view(self):
        return get(self.server, f"/api/cases/{self.id}?purpose=divert", self.tokens["clerk"])[1]

    def is_at(self, state, org):
        brief = self.view()["brief"]
        return (brief["state"], brief["org"]) == (state, org)

    def sign(self, signer, document="agreement", version=1, deed="sign", **more):
        status, reply = post(self.server, f"/api/cases/{self.id}/documents/{document}/{version}/link", {"signer": signer}, self.tokens["law"])
        assert status == 200, reply
        page = get(self.server, f"/api/sign/{reply['path'][3:]}")[1]
        return post(self.server, f"/api/sign/{reply['path'][3:]}", {"deed": deed, "sha256": page["sha256"], **({"strokes": STROKES} if deed == "sign" else {}), **more})


def consented(d):
    say(d.is_at("consenting", "MED-CENTRE"), "both parties are asked first", d.view())
    page = get(d.server, f"/api/resident/{d.link}")[1]
    say("consent_applicant" in [o["event"] for o in page["offers"]], "the applicant may consent by the link", page)
    say(SIGNAL["respondent_name"] not in json.dumps(page, ensure_ascii=False), "where nobody's name stands")
    say(d.act("consent_respondent")[0] == 403, "and cannot consent for the other side")
    say(d.act("consent_applicant")[0] == 200 and d.fire("clerk", "consent_respondent")[0] == 200, "one by link, one taken down by the clerk")


def diverted(d):
    view = d.view()
    say(view["brief"]["state"] == "diverting" and view["facts"]["organisation"] == "MED-A1", "the register proposes an organisation of tier and area", view["facts"])
    listed = get(d.server, f"/api/cases/{d.id}/candidates/panel", d.tokens["clerk"])[1]["candidates"]
    say([c["key"] for c in listed] == ["LAW-1", "MED-A1", "MED-A1B"], "the parties may choose from all that fit", listed)
    say(d.fire("clerk", "divert")[0] == 200 and d.is_at("offered", "MED-A1"), "the clerk diverts it")
    say(d.fire("law", "accept")[0] != 200, "another organisation's mediator cannot take it")


def passed_on(d):
    """In one event the tier is raised and an organisation of that tier proposed."""
    for who, org in (("med", "MED-A1B"), ("medb", "MED-A1")):
        d.fire(who, "decline", decline_reason="overloaded")
        say(d.view()["facts"]["organisation"] == org and d.fire("clerk", "divert")[0] == 200, f"declined, it goes to {org}", d.view()["facts"])
    d.fire("med", "decline", decline_reason="conflict")
    facts = d.view()["facts"]
    say((facts["tier"], facts["organisation"]) == ("lawyer", "LAW-1"), "after three it is proposed to the next tier", facts)
    say(d.fire("clerk", "choose", chosen="NOBODY")[0] == 200 and d.fire("clerk", "divert")[0] != 200, "whom the register does not hold nobody gets")
    say(d.fire("clerk", "choose", chosen="LAW-1")[0] == 200 and d.fire("clerk", "divert")[0] == 200, "the parties' choice goes")
    say(d.fire("law", "accept")[0] == 200 and d.is_at("sessions", "LAW-1"), "and is taken on")


def agreed(d):
    say(d.fire("law", "hold", way="in_person", session_record="双方陈述")[0] == 200, "a session is held")
    terms = {"settled_amount": 2400, "perform_within": "d7", "terms": "七日内支付二千四百元"}
    say(d.fire("law", "propose", **terms)[0] == 200, "an agreement is proposed")
    say(d.sign("respondent", deed="object", reason="期限太短")[0] == 200 and d.is_at("corrected", "LAW-1"), "an objection sends it back")
    say(d.fire("law", "propose", **{**terms, "perform_within": "d15"})[0] == 200, "the second version")
    say(d.sign("applicant", version=2)[0] == 200 and d.sign("respondent", version=2)[0] == 200, "both parties sign by their links")
    paper = next(x for x in get(d.server, f"/api/cases/{d.id}/documents", d.tokens["law"])[1]["documents"] if x["id"] == "agreement" and x["version"] == 2)
    status, reply = post(d.server, f"/api/cases/{d.id}/documents/agreement/2/sign", {"signer": "mediator", "deed": "sign", "sha256": paper["sha256"], "strokes": STROKES}, d.tokens["law"])
    say((status, reply.get("document_state")) == (200, "sealed") and d.is_at("agreed", "LAW-1"), "the mediator too, and it is sealed and in force", reply)


def performed(d):
    say(d.act("apply_confirmation")[0] == 200 and d.is_at("agreed", "LAW-1"), "one party alone does not bring it before the court")
    say(d.fire("clerk", "apply_confirmation", confirm_applicant=True, confirm_respondent=True)[0] == 200 and d.is_at("confirming", "LAW-1"), "both do")
    say(d.fire("law", "confirm", ruling_number="（2026）某01民特1号")[0] != 200, "a mediator confirms nothing")
    say(d.fire("clerk", "confirm", ruling_number="（2026）某01民特1号")[0] == 200, "the court confirms")
    say(d.fire("law", "perform", proof="receipt")[0] == 200, "it is performed")
    say(post(d.server, f"/api/resident/{d.link}/rating", {"level": 5})[0] == 200, "and rated by the resident")
    say(get(d.server, f"/api/resident/{d.link}")[1]["final"], "which ends it")


def main():
    with Server(sys.argv[1]) as server:
        people = {"clerk": ("MED-CENTRE", "dispatcher,callcentre"), "med": ("MED-A1", "handler"), "medb": ("MED-A1B", "handler"),
                  "law": ("LAW-1", "handler"), "chief": ("MED-CENTRE", "leader")}
        server.stop()
        for login, (org, roles) in people.items():
            server.user(login, roles, org=org)
        server.start()
        tokens = {login: server.sign_in(login) for login in people}
        for org, tier, area in ORGS:
            entry = {"org": org, "name": org, "tier": tier, "speciality": "general", "area": area}
            say(post(server, "/api/registers/mediation/organisations", {"facts": entry}, tokens["clerk"])[0] == 200, f"{org} is entered in the register")
        d = Dispute(server, tokens)
        consented(d)
        diverted(d)
        passed_on(d)
        agreed(d)
        performed(d)
        server.stop()
        say(server.run("verify", "--folder", server.folder).returncode == 0, "and the ledger gives the same again")
    finish()


if __name__ == "__main__":
    main()
