#!/usr/bin/env python3
"""The commands as an operator uses them: what they say, what they refuse, and what their exit status is.

  tests/stories/cli.py build/src/bihuan"""
import json
import os
import pathlib
import stat
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import PASSWORD, Server, incident, new_key  # noqa: E402

COMMANDS = ["init", "serve", "demo", "intake", "report", "audit", "verify", "rebuild", "backup", "restore", "pack", "user", "completion"]
results = []


def say(good, text, *more):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} {text}", flush=True)
    for line in more if not good else ():
        print(f"# {line}")


def expect(server, status, contains, *words, **more):
    done = server.run(*words, **more)
    text = done.stdout + done.stderr
    say(done.returncode == status and contains in text, f"bihuan {' '.join(map(str, words[:3]))} ...: {status}, \"{contains}\"",
        f"status {done.returncode}", text[-400:])


def main():
    with Server(sys.argv[1]) as server, tempfile.TemporaryDirectory() as spare:
        here, spare = server.folder, pathlib.Path(spare)
        expect(server, 2, "bihuan COMMAND")
        expect(server, 0, "bihuan COMMAND", "--help")
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
        expect(server, 2, "add LOGIN", "user", "--folder", here)
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
        expect(server, 0, "restored", "restore", spare / "copy", "--folder", spare / "again")
        expect(server, 0, "every row is what the ledger says", "verify", "--folder", spare / "again")
        old = server.run("audit", "verify", "--witness", spare / "note", "--folder", spare / "again")
        say(old.returncode == 1, "a restored older city does not pass the newer witness", old.stdout + old.stderr)
        expect(server, 0, "is sound", "pack", "check", "packs/incident")
        expect(server, 1, "", "pack", "check", spare)
        expect(server, 0, "complete -F", "completion")
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


main()
