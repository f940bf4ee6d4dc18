#!/usr/bin/env python3
"""A planned case and a server that is killed before its minute: it opens when the server is back, once, and everybody entitled sees
what is to come. Waits for the next minute.

  tests/stories/plans.py build/src/bihuan"""
import datetime
import json
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, say, Server, TOP  # noqa: E402

PLANS = """plans:
  - {id: daily, zh: 每日巡查, en: Daily round, rule: FREQ=DAILY, at: "%s", from: 2026-01-01, mapping: json,
     signal: {category: road, place: "{date} 巡查"}}
  - {id: monthly, zh: 每月自查, en: Monthly check, rule: FREQ=MONTHLY;BYMONTHDAY=1, at: "09:00", from: 2026-01-01,
     calendar: city-office, mapping: json, signal: {category: road}}
"""
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def plan(server, token):
    status, _, body = server.ask("GET", "/api/plans", token=token)
    assert status == 200, body
    return {each["id"]: each for each in body["plans"]}


def opened(server, token, want):
    """What the plan says within five seconds."""
    for _ in range(50):
        daily = plan(server, token)["daily"]
        if daily["opened"] == want:
            break
        time.sleep(0.1)
    return daily


def next_minute():
    """A minute that is at least five seconds away."""
    return (datetime.datetime.now(CHINA) + datetime.timedelta(seconds=65)).replace(second=0, microsecond=0)


def story(server, packs, due):
    server.start("--packs", packs)
    desk, boss = server.sign_in("desk"), server.sign_in("boss")
    all_plans = plan(server, boss)
    daily, monthly = all_plans["daily"], all_plans["monthly"]
    say(daily["next"]["at"] == due.timestamp() * 1000 and daily["opened"] == 0, "the next one is said before it comes", daily)
    say(len(monthly["ahead"]) == 5 and all(d["date"].endswith("-01") for d in monthly["ahead"]), "and five of each plan", monthly)
    server.kill()
    time.sleep(max(0, due.timestamp() + 1 - time.time()))
    server.start("--packs", packs)
    daily = opened(server, boss, 1)
    say(daily["opened"] == 1 and not daily["last"]["missed"], "killed before its minute, the server opens the case when it is back", daily)
    status, _, body = server.ask("GET", "/api/cases?pack=workorder", token=desk)
    day = due.strftime("%Y-%m-%d")
    say(status == 200 and [c["place"] for c in body["cases"]] == [f"{day} 巡查"], "it is a case like any other", body)
    server.kill()
    server.start("--packs", packs)
    time.sleep(1)
    daily = plan(server, boss)["daily"]
    say(daily["opened"] == 1 and daily["next"]["date"] > day, "killed again, it opens nothing twice", daily)


def played(server, packs):
    """Signals of three days of a simulated city in which nobody passes anything on (a case more draws other lives)."""
    city = pathlib.Path(packs).parent / (pathlib.Path(packs).name + "-city")
    city.mkdir(exist_ok=True)
    for service in ("incident", "workorder"):
        lines = (TOP / "data" / "city" / f"{service}.yaml").read_text().splitlines(keepends=True)
        (city / f"{service}.yaml").write_text("".join(x for x in lines if "do: transfer" not in x and "do: to_110" not in x))
    words = ("demo", "--virtual", "--in-memory", "--days", "3", "--share", "0.05", "--start", "2026-11-24", "--json", "--packs", packs, "--city", city)
    signals = json.loads(server.must(*words))["signals"]
    shutil.rmtree(city)
    return signals


def play(server, packs):
    file = pathlib.Path(packs) / "workorder" / "plans.yaml"
    file.write_text(PLANS % "12:00")
    planned = played(server, packs)
    file.unlink()
    say(planned == played(server, packs) + 3, "in the simulated city plans open too: three days, three cases", planned)


def main():
    server = Server(sys.argv[1])
    with tempfile.TemporaryDirectory() as packs:
        for pack in ("incident", "workorder"):
            shutil.copytree(TOP / "packs" / pack, pathlib.Path(packs) / pack)
        due = next_minute()
        (pathlib.Path(packs) / "workorder" / "plans.yaml").write_text(PLANS % due.strftime("%H:%M"))
        listed = server.must("plan", "list", pathlib.Path(packs) / "workorder", "--from", "2026-09-15")
        say("2026-10-08 Thu  instead of 2026-10-01 Thu: 国庆节" in listed, "a holiday that moves a day is named", listed)
        try:
            server.must("init", "--folder", server.folder)
            server.user("desk", "dispatcher")
            server.user("boss", "leader")
            story(server, packs, due)
            server.stop()
            whole = server.must("verify", "--folder", server.folder, "--packs", packs)
            say("every row is what the ledger says" in whole, "every row is what the ledger says", whole)
            play(server, packs)
        finally:
            server.__exit__()
    finish()


main()
