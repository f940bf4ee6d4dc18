#!/usr/bin/env python3
"""300 clients that trickle a byte now and then, half-open ones among them, must not hold up the others: the p99 of normal
requests is at most doubled (and what is under 5 ms counts as 5 ms), and the tricklers are cut.

  tests/load/slow.py build/src/bihuan [--tricklers 300]"""
import argparse
import pathlib
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import Server  # noqa: E402

FLOOR = 0.005


def p99(server, requests=1500):
    connection, times = server.connection(), []
    for _ in range(requests):
        begin = time.perf_counter()
        status, _, _ = server.ask("GET", "/api/cases?limit=20", connection=connection)
        times.append(time.perf_counter() - begin)
        assert status == 200, status
    connection.close()
    return sorted(times)[int(requests * 0.99)]


def trickle(server, kind, stop, cut):
    head = b"POST /api/signals HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
    try:
        s = socket.create_connection(("127.0.0.1", server.port), 30)
        if kind == 1:
            s.sendall(head + b"\r\n")
        text = b"x" * 10000 if kind == 1 else head
        for byte in text if kind < 2 else b"":
            if stop.wait(0.2):
                return
            s.sendall(bytes([byte]))
        if kind == 2:
            s.recv(1)  # half-open: connects and says nothing
    except OSError:
        pass
    cut.append(kind)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("binary")
    ask.add_argument("--tricklers", type=int, default=300)
    given = ask.parse_args()
    with Server(given.binary) as server:
        p99(server, 200)
        before = p99(server)
        stop, cut = threading.Event(), []
        threads = [threading.Thread(target=trickle, args=(server, n % 3, stop, cut), daemon=True) for n in range(given.tricklers)]
        for t in threads:
            t.start()
        during = p99(server)
        deadline = time.monotonic() + 60
        for t in threads:
            t.join(max(0.0, deadline - time.monotonic()))
        stop.set()
        checks = [
            (f"normal p99 {before * 1000:.1f} ms, {during * 1000:.1f} ms beside {given.tricklers} tricklers",
             during <= 2 * max(before, FLOOR)),
            (f"{len(cut)} of {given.tricklers} tricklers were cut within 60 s", len(cut) == given.tricklers),
            ("the server lives", server.alive()),
        ]
    print(f"1..{len(checks)}")
    for number, (text, good) in enumerate(checks, 1):
        print(f"{'ok' if good else 'not ok'} {number} {text}")
    sys.exit(0 if all(good for _, good in checks) else 1)


main()
