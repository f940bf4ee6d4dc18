#!/usr/bin/env python3
"""A campaign walked through packs/campaign: planned, approved by another, split to two teams, results recorded and one corrected, confirmed,
concluded and signed; the day's report is frozen with the figures.

  tests/stories/campaign.py build/src/bihuan"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

STROKES = [[100, 100, 400, 500, 700, 120, 900, 480], [120, 520, 800, 560]]
PEOPLE = {"planner": ("POLICE", "dispatcher"), "chief": ("POLICE", "leader"), "east": ("PS-A1", "handler"), "eastchief": ("PS-A1", "leader"),
          "west": ("PS-A2", "handler"), "westchief": ("PS-A2", "leader")}


class Campaign:
    def __init__(self, server, tokens):
        self.server, self.tokens = server, tokens

    def post(self, who, path, body):
        status, _, reply = self.server.ask("POST", path, body, token=self.tokens[who], key=new_key())
        return status, reply

    def get(self, who, path):
        return self.server.ask("GET", path, token=self.tokens[who])[2]

    def fire(self, who, case, event, **fields):
        return self.post(who, f"/api/cases/{case}/events", {"event": event, "fields": fields})[0]

    def state(self, case):
        return self.get("planner", f"/api/cases/{case}?purpose=supervise")["brief"]["state"]


def planned(c):
    status, reply = c.post("planner", "/api/signals", {"pack": "campaign", "mapping": "json", "signal": {"theme": "firearms", "length": "month"}})
    say(status == 200, "a campaign is planned", reply)
    case = reply["case"] if "case" in reply else reply["id"]
    say(c.fire("planner", case, "submit", length="month", sites_target=20, materials_target=500) == 200, "and submitted")
    say(c.fire("planner", case, "approve") != 200, "who planned it does not approve it")
    say(c.fire("chief", case, "approve") == 200 and c.state(case) == "running", "the leader does")
    return case


def split(c, case):
    status, reply = c.post("planner", f"/api/cases/{case}/split", {"parts": [{"org": "PS-A1"}, {"org": "PS-A2"}], "reason": "分组"})
    say(status == 200 and c.state(case) == "split", "it is split to two teams", reply)
    say([c.state(team) for team in reply["ids"]] == ["called", "called"], "which are called")
    return reply["ids"]


def worked(c, east, west):
    say(c.fire("west", east, "join") != 200, "a team does not act for another")
    say(c.fire("east", east, "join") == 200 and c.fire("west", west, "join") == 200, "each forms")
    check = {"site": "某五金店", "site_kind": "shop", "hazards": 3, "cleared": 2}
    say(c.fire("east", east, "check", **check, details="店主在场") == 200, "a check is recorded")
    say(c.fire("east", east, "check", **{**check, "cleared": 9}) != 200, "more cleared than found is refused")
    say(c.fire("east", east, "seize", item_kind="gun", amount=9, measure_unit="piece", evidence_number="KY-1") == 200, "guns are seized")
    say(c.fire("east", east, "seize", item_kind="gun", amount=-1, measure_unit="piece", evidence_number="KY-1") != 200, "never less than one")
    say(c.fire("east", east, "file_case", case_number="LA-1", suspects=2) == 200, "a case is filed")
    say(c.fire("west", west, "seize", item_kind="ammunition", amount=582, measure_unit="round", evidence_number="KY-2") == 200, "rounds too, by the other team")
    say(c.fire("eastchief", east, "correct_seizure", item_kind="gun", amount=1, evidence_number="KY-1", reason="鉴定为玩具") == 200, "one is corrected")


def confirmed(c, case, east, west):
    for who, team in (("east", east), ("west", west)):
        say(c.fire(who, team, "report", summary="完成") == 200 and c.fire(f"{who}chief", team, "confirm") == 200, f"{who} reports and is confirmed")
    say(c.state(case) == "concluding", "when both are, the campaign is concluded")
    say(c.fire("planner", case, "conclude", summary="两组均已核定") == 200, "the report asks for a signature")
    paper = next(x for x in c.get("chief", f"/api/cases/{case}/documents")["documents"] if x["id"] == "final_report")
    status, reply = c.post("chief", f"/api/cases/{case}/documents/final_report/1/sign", {"signer": "leader", "deed": "sign", "sha256": paper["sha256"], "strokes": STROKES})
    say(status == 200 and c.state(case) == "closed", "signed, it ends", reply)


def reported(c):
    today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).date()
    status, reply = c.post("chief", f"/api/report-drafts/campaign/daily/{today}", {"why": "日报"})
    edition = str(c.get("chief", f"/api/reports/campaign/daily/{today}/{reply.get('edition')}"))
    say(status == 200 and "收缴枪支 8 支" in edition and "子弹 582 发" in edition, "the day is frozen with what was seized, correction included", edition[:800])


def main():
    with Server(sys.argv[1]) as server:
        server.stop()
        for login, (org, roles) in PEOPLE.items():
            server.user(login, roles, org=org)
        server.start()
        c = Campaign(server, {login: server.sign_in(login) for login in PEOPLE})
        case = planned(c)
        east, west = split(c, case)
        worked(c, east, west)
        confirmed(c, case, east, west)
        reported(c)
        server.stop()
        say(server.run("verify", "--folder", server.folder).returncode == 0, "and the ledger gives the same again")
    finish()


if __name__ == "__main__":
    main()
