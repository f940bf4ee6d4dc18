#!/usr/bin/env python3
"""The commands as an operator uses them: what they say, what they refuse, and what their exit status is.

  tests/stories/cli.py build/src/bihuan"""
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, incident, new_key, PASSWORD, say, Server, TOP  # noqa: E402

COMMANDS = ["init", "serve", "demo", "intake", "report", "audit", "verify", "rebuild", "backup", "restore", "pack", "user", "town", "plan", "calendar", "notices", "completion"]


def expect(server, status, contains, *words, **more):
    done = server.run(*words, **more)
    text = done.stdout + done.stderr
    say(done.returncode == status and contains in text, f"bihuan {' '.join(map(str, words[:3]))} ...: {status}, \"{contains}\"",
        f"status {done.returncode}", text[-400:])


def bad_row(spare):
    table = spare / "bad.csv"
    table.write_text("at,channel,caller_name,caller_phone,category,place,lat,lon,area,text\n2026-11-23 08:01,call,,,nonsense,,,,,\n")
    return table


def demo_is_not_made_over(server, where):
    served = subprocess.Popen([server.binary, "demo", "--still", "--port", "0", "--json", "--folder", str(where)], cwd=TOP,
                              stdout=subprocess.PIPE, text=True)
    port = json.loads(served.stdout.readline())["port"]
    expect(server, 1, "another process", "demo", "--virtual", "--share", "0.01", "--folder", where)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
        say(reply.status == 200, "a served demo outlives a second one on its folder")
    served.terminate()
    served.communicate()
    expect(server, 0, "signals", "demo", "--virtual", "--share", "0.01", "--folder", where)


def main():
    with Server(sys.argv[1]) as server, tempfile.TemporaryDirectory() as spare:
        here, spare = server.folder, pathlib.Path(spare)
        expect(server, 2, "bihuan COMMAND")
        expect(server, 0, "bihuan COMMAND", "--help")
        expect(server, 0, "bihuan COMMAND", "-h")
        expect(server, 0, "bihuan serve", "help", "serve")
        expect(server, 2, "no command", "help", "frobnicate")
        expect(server, 2, "no command", "frobnicate")
        for command in COMMANDS:
            expect(server, 0, "Usage", command, "--help")
            expect(server, 2, "--help", command, "--no-such-option")
        expect(server, 1, "holds a city already", "init", "--folder", here)
        expect(server, 1, "bihuan init", "report", "--folder", spare / "nothing")
        expect(server, 1, "", "rebuild", "--folder", here)  # the server has it
        say(stat.S_IMODE(os.stat(here / "keys").st_mode) == 0o700, "the keys' folder is closed to others")
        for n in range(20):
            server.ask("POST", "/api/signals", incident(n), key=new_key())
        expect(server, 0, "every leaf and checkpoint sound", "backup", spare / "copy", "--folder", here)
        expect(server, 1, "is there already", "backup", spare / "copy", "--folder", here)
        server.stop()
        size = int(server.must("audit", "checkpoint", "--folder", here).splitlines()[1])
        with sqlite3.connect(here / "store" / "store.db") as db:
            signed = db.execute("SELECT max(size) FROM checkpoint").fetchone()[0]
        say(signed == size, "a server that was asked to stop has signed all it recorded", f"{signed} of {size}")
        expect(server, 2, "add LOGIN", "user", "--folder", here)
        for port in ("-1", "65536", "x"):
            expect(server, 2, "port", "serve", "--port", port, "--folder", here)
        expect(server, 2, "say one of: list, verify", "report", "2026-11", "--folder", here)
        expect(server, 2, "one argument too many", "verify", "2026-11", "--folder", here)
        expect(server, 1, "a month", "report", "--period", "2026-13", "--folder", here)
        expect(server, 1, "no pack", "report", "--pack", "none", "--folder", here)
        for words in (("--speed", "0"), ("--days", "-1"), ("--share", "nan"), ("--crews", "-1"), ("--in-memory",), ("--port", "70000")):
            expect(server, 2, words[0], "demo", *words, "--folder", spare / "demo")
        for locale in ("C", "C.UTF-8", "zh_CN.GB18030"):
            expect(server, 0, "was added", "user", "add", "root.wang", "--name", "王某", "--org", "COMMAND", "--roles", "admin",
                   "--password-stdin", "--folder", here, input=PASSWORD + "\n", env={**os.environ, "LC_ALL": locale})
        expect(server, 0, "王某", "user", "list", "--folder", here)
        demo_is_not_made_over(server, spare / "demo")
        expect(server, 1, "password", "user", "add", "wang", "--name", "W", "--org", "O", "--roles", "leader", "--password-stdin",
               "--folder", here, input="short\n")
        expect(server, 1, "", "user", "add", "wang", "--name", "W", "--org", "O", "--roles", "admin,auditor", "--password-stdin",
               "--folder", here, input=PASSWORD + "\n")
        expect(server, 0, "was added", "user", "add", "wang", "--name", "W", "--org", "O", "--roles", "leader", "--password-stdin",
               "--folder", here, input=PASSWORD + "\n")
        expect(server, 0, "wang", "user", "list", "--folder", here)
        expect(server, 0, "disabled", "user", "disable", "wang", "--folder", here)
        table = spare / "calls.csv"
        table.write_text("at,channel,caller_name,caller_phone,category,place,lat,lon,area,text\n"
                         "2026-11-23 08:00,call,张三,12900000001,theft,青云路1号,30.3,114.6,A1,丢了车\n"
                         "2026-11-23 08:01,call,李四,12900000002,nonsense,青云路2号,30.3,114.6,A1,不知所云\n")
        expect(server, 1, "read the table again", "intake", "--pack", "incident", "--mapping", "demo", bad_row(spare), "--folder", here)
        (spare / "packs").mkdir()
        shutil.copytree(TOP / "packs" / "mediation", spare / "packs" / "mediation")
        expect(server, 1, "pack incident is not in", "serve", "--port", "0", "--packs", spare / "packs", "--folder", here, timeout=10)
        expect(server, 1, "line 3", "intake", "--pack", "incident", "--mapping", "demo", table, "--folder", here)
        expect(server, 1, "1 known already", "intake", "--pack", "incident", "--mapping", "demo", table, "--folder", here)
        expect(server, 2, "one file", "intake", "--folder", here)
        expect(server, 1, "no pack", "intake", "--pack", "none", table, "--folder", here)
        report = json.loads(server.must("report", "--json", "--pack", "incident", "--folder", here))
        opened = next(v["num"] for v in report["values"] if v["id"] == "opened")
        say(opened == 21, "the report counts what came in", f"{opened}")
        expect(server, 0, "incident,opened", "report", "--csv", "--folder", here)
        expect(server, 0, "made again", "rebuild", "--folder", here)
        expect(server, 0, "every row is what the ledger says", "verify", "--folder", here)
        expect(server, 0, "bihuan", "audit", "checkpoint", "--folder", here)
        (spare / "note").write_text(server.must("audit", "checkpoint", "--folder", here))
        expect(server, 0, "and the witness's", "audit", "verify", "--witness", spare / "note", "--folder", here)
        (spare / "orgs.csv").write_text("id,name,parent,area,kind\nPS-A1,中心派出所,,A1,police\nFIRE,消防支队,,,fire\n")
        (spare / "units.csv").write_text("id,name,org,skills,lat,lon\nP01,巡逻01,PS-A1,patrol,30.3,114.6\n")
        (spare / "wrong.csv").write_text("id,name,org,skills,lat,lon\nP02,巡逻02,PS-A1,patrol,30.3,114.6\nP03,巡逻03,PS-A1,patrol,x,1\n")
        expect(server, 0, "2 orgs", "town", "orgs", spare / "orgs.csv", "--folder", here)
        expect(server, 0, "1 units", "town", "units", spare / "units.csv", "--folder", here)
        expect(server, 1, "line 3", "town", "units", spare / "wrong.csv", "--folder", here)
        expect(server, 1, "no column \"org\"", "town", "units", spare / "orgs.csv", "--folder", here)
        expect(server, 2, "orgs or units", "town", "streets", spare / "orgs.csv", "--folder", here)
        expect(server, 0, "restored", "restore", spare / "copy", "--folder", spare / "again")
        expect(server, 0, "every row is what the ledger says", "verify", "--folder", spare / "again")
        old = server.run("audit", "verify", "--witness", spare / "note", "--folder", spare / "again")
        say(old.returncode == 1, "a restored older city does not pass the newer witness", old.stdout + old.stderr)
        for name, make in (("a pipe", os.mkfifo), ("what never ends", lambda path: os.symlink("/dev/zero", path))):
            shutil.copytree(TOP / "packs" / "incident", spare / name)
            os.unlink(spare / name / "types.yaml")
            make(spare / name / "types.yaml")
            expect(server, 1, "types.yaml:1:1", "pack", "check", spare / name, timeout=5)
        lost = spare / "again" / "store" / "store.db"
        lost.write_bytes(b"a letter to the mayor")
        expect(server, 1, f"cannot read {lost}", "report", "--folder", spare / "again")
        lost.write_bytes(b"")
        expect(server, 1, "is its disk mounted?", "report", "--folder", spare / "again")
        lost.unlink()
        expect(server, 1, "is its disk mounted?", "serve", "--port", "0", "--folder", spare / "again", timeout=5)
        expect(server, 0, "is sound", "pack", "check", "packs/incident")
        expect(server, 1, "", "pack", "check", spare)
        expect(server, 0, "flow.unreached", "pack", "rules")
        expect(server, 0, "workorder is sound", "pack", "check", "packs/incident", "packs/workorder")
        expect(server, 0, "complete -F", "completion")
    finish()


main()
