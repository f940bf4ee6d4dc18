#!/usr/bin/env python3
"""kill -9 the server at random points while clients write; no acknowledged write may be lost or doubled.

Judge: a ledger kept outside the server (opened O_DSYNC), one line per acknowledged write, written by the client after the
answer came. After each restart the client sends every write whose answer it did not see again, under the same key, as a
real client would. At the end: every key has one case, no case is without a key, the audit log is sound and the rows are what
the ledger says.

  tests/kill/kill.py build/src/bihuan [--rounds 200] [--clients 8] [--seed N]"""
import argparse
import json
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import Server, incident, new_key  # noqa: E402


class Ledger:
    def __init__(self, path):
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_DSYNC, 0o600)
        self.lock, self.acknowledged, self.open, self.wrong = threading.Lock(), {}, {}, []

    def send(self, key, body):
        with self.lock:
            self.open[key] = body

    def acknowledge(self, key, case_id):
        os.write(self.fd, f"{key} {case_id}\n".encode())
        with self.lock:
            before = self.acknowledged.setdefault(key, case_id)
            if before != case_id:
                self.wrong.append(f"{key} was {before}, now {case_id}")
            self.open.pop(key, None)


def write(server, ledger, key, body, connection):
    status, _, reply = server.ask("POST", "/api/signals", body, key=key, connection=connection)
    if status == 503:
        return
    if status != 200:
        ledger.wrong.append(f"{key}: {status} {reply}")
        return
    ledger.acknowledge(key, reply["id"])


def client(server, ledger, number, going):
    connection = server.connection()
    count = 0
    while going.is_set():
        key, body = new_key(), incident(f"{number}-{count}")
        count += 1
        ledger.send(key, body)
        try:
            write(server, ledger, key, body, connection)
        except OSError:
            return  # killed
        except Exception as error:  # a torn answer is a lost answer
            if server.alive():
                ledger.wrong.append(f"{key}: {error!r}")
            return


def one_round(server, ledger, clients, chance):
    going = threading.Event()
    going.set()
    threads = [threading.Thread(target=client, args=(server, ledger, n, going)) for n in range(clients)]
    for t in threads:
        t.start()
    time.sleep(chance.uniform(0.001, 0.3))  # the random point itself; nothing waits for it
    server.kill()
    going.clear()
    for t in threads:
        t.join()
    begin = time.monotonic()
    server.start()
    restart = time.monotonic() - begin
    connection = server.connection()
    for key, body in list(ledger.open.items()):
        write(server, ledger, key, body, connection)
    connection.close()
    return restart


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("binary")
    ask.add_argument("--rounds", type=int, default=200)
    ask.add_argument("--clients", type=int, default=8)
    ask.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = ask.parse_args()
    chance = random.Random(given.seed)
    print(f"# seed {given.seed}", flush=True)
    with Server(given.binary) as server:
        ledger = Ledger(server.folder / "outside-ledger")
        restarts = sorted(one_round(server, ledger, given.clients, chance) for _ in range(given.rounds))
        acknowledged = dict(ledger.acknowledged)
        doubled = len(acknowledged) - len(set(acknowledged.values()))
        lost = 0
        connection = server.connection()
        for key, case_id in acknowledged.items():
            status, _, reply = server.ask("GET", f"/api/cases/{case_id}/timeline", connection=connection)
            lost += status != 200 or sum(e["kind"] == "case.opened" for e in reply["events"]) != 1
        connection.close()
        server.stop()
        sound = json.loads(server.must("audit", "verify", "--json", "--folder", server.folder))
        rows = json.loads(server.must("verify", "--json", "--folder", server.folder))
        report = json.loads(server.must("report", "--json", "--pack", "incident", "--folder", server.folder))
        opened = next((v["num"] for v in report["values"] if v["id"] == "opened"), None)
    checks = [
        (f"no acknowledged write is lost ({len(acknowledged)} acknowledged in {given.rounds} rounds)", lost == 0),
        ("no write is doubled", doubled == 0 and opened == len(acknowledged)),
        ("every answer is the answer of its key", not ledger.wrong),
        (f"the audit log is sound ({sound['events']} events)", sound["sound"]),
        ("the rows are what the ledger says", rows["differences"] == 0),
    ]
    for wrong in ledger.wrong[:10]:
        print("# " + wrong)
    print(f"# lost {lost}, doubled {doubled}, opened {opened}; restart p50 {restarts[len(restarts) // 2]:.2f} s, "
          f"p99 {restarts[int(len(restarts) * 0.99)]:.2f} s")
    print(f"1..{len(checks)}")
    for number, (text, good) in enumerate(checks, 1):
        print(f"{'ok' if good else 'not ok'} {number} {text}")
    sys.exit(0 if all(good for _, good in checks) else 1)


main()
