#!/usr/bin/env python3
"""The promises: a cold start on 1,000,000 events in under 2 s; from a built tree to the first page of the demo in under 5 s.
Baseline in the same run: the start on an empty city.

  bench/start_bench.py build/src/bihuan [--days 100]"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request


def until_ready(binary, *words, path="/readyz"):
    begin = time.monotonic()
    server = subprocess.Popen([binary, *words, "--port", "0", "--json"], stdout=subprocess.PIPE)
    port = json.loads(server.stdout.readline())["port"]
    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()
    took = time.monotonic() - begin
    server.terminate()
    server.wait()
    return took


def drop_caches():
    """As root the page cache is dropped, so that the start is cold; else it is said to be warm."""
    try:
        subprocess.run(["sync"], check=True)
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        return "cold"
    except OSError:
        return "warm: the page cache could not be dropped"


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("binary")
    ask.add_argument("--days", type=int, default=100, help="of the drawn city: about 10,500 events each")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        subprocess.run([given.binary, "init", "--folder", spare + "/empty"], check=True, stdout=subprocess.DEVNULL)
        out = subprocess.run([given.binary, "demo", "--virtual", "--json", "--folder", spare + "/full", "--days", str(given.days)],
                             check=True, capture_output=True, text=True).stdout
        events = json.loads(out)["events"]
        empty = until_ready(given.binary, "serve", "--folder", spare + "/empty")
        state = drop_caches()
        full = until_ready(given.binary, "serve", "--folder", spare + "/full")
        page = until_ready(given.binary, "demo", "--folder", spare + "/demo", path="/")
    print(f"ready on an empty city: {empty:.2f} s")
    print(f"ready on {events} events ({state}): {full:.2f} s  (bar 2 s)")
    print(f"demo to its first page: {page:.2f} s  (bar 5 s)")
    sys.exit(0 if full < 2 and page < 5 else 1)


main()
