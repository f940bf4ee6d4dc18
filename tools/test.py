#!/usr/bin/env python3
"""Run every test and end with one line: N passed, N failed.

Order: C tests of every room, the harnesses and the lint tests under the address and undefined-behaviour sanitizers
(build-test/); then the harnesses that need the release build's speed; then the console's unit tests; then the browser
stories; then 5 seconds of each fuzz target, one pass per target. A part that cannot run is a failure.
Parts: --only c, release, web, e2e, fuzz (repeatable)."""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as tree

top = pathlib.Path(__file__).resolve().parent.parent
passed, failed, skipped = 0, 0, 0
failures = []
PARTS = ["c", "release", "web", "e2e", "fuzz"]


def run(command, **more):
    return subprocess.run(command, cwd=top, text=True, **more)


def note(name, good):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        failures.append(name)


def made(build, setup, targets=(), **environment):
    """Set up and build one meson tree (or these targets of it)."""
    if not (top / build / "build.ninja").exists():
        done = run(["meson", "setup", build, *setup], capture_output=True, env=os.environ | environment)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            note(f"{build}: meson setup", False)
            return False
    if run(["ninja", "-C", build, "--quiet", *targets]).returncode:
        note(f"{build}: build", False)
        return False
    return True


def meson(build, setup, suites, targets=(), **environment):
    """Build one meson tree and run it; count its subtests from the JUnit file meson leaves."""
    global skipped
    if not made(build, setup, targets, **environment):
        return
    junit = top / build / "meson-logs" / "testlog.junit.xml"
    junit.unlink(missing_ok=True)
    quick = ["--no-rebuild"] if targets else []
    done = run(["meson", "test", "-C", build, "--print-errorlogs", "--num-processes", "2", *quick, *suites])
    if not junit.exists():
        note(f"{build}: meson test left no record", False)
        return
    before = failed
    for case in tree.parse(junit).getroot().iter("testcase"):
        name = f"{case.get('classname', '')} {case.get('name', '')}"
        if case.find("skipped") is not None:
            skipped += 1
        else:
            note(name, case.find("failure") is None and case.find("error") is None)
    if done.returncode and failed == before:
        note(f"{build}: meson test ended with {done.returncode}", False)


def tap(name, command, **more):
    """Run something that prints TAP (node --test too); count its lines."""
    global skipped
    done = run(command, capture_output=True, **more)
    results = re.findall(r"^ *(not ok|ok) \d+ ?-? ?(.*)$", done.stdout, re.M)
    bad = 0
    for verdict, text in results:
        if "# SKIP" in text:
            skipped += 1
            continue
        note(f"{name}: {text}", verdict == "ok")
        bad += verdict != "ok"
    if not results or (done.returncode and not bad):
        note(f"{name} ended with {done.returncode}", False)
    if done.returncode or bad or not results:
        print(done.stdout[-6000:], done.stderr[-6000:])


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", action="append", choices=PARTS)
    only = ask.parse_args().only or PARTS
    os.environ.setdefault("CI", "true")
    os.environ.setdefault("LSAN_OPTIONS", f"suppressions={top / 'tools' / 'lsan.supp'}:print_suppressions=0")
    if "c" in only:
        meson("build-test", ["-Db_sanitize=address,undefined"], ["--no-suite", "release"])
    if "release" in only:
        meson("build", [], ["--suite", "release"])
    elif "e2e" in only:
        made("build", [])
    if "web" in only or "e2e" in only:
        note("console builds", run(["tools/web.sh"]).returncode == 0)
    if "web" in only:
        tap("console", ["npm", "--prefix", "web", "test", "--silent", "--", "--reporter=tap-flat"])
    if "e2e" in only:
        tap("browser", ["tools/e2e.sh"])
    if "fuzz" in only:
        setup = ["-Dfuzz=true", "-Db_sanitize=address,undefined", "-Db_lundef=false"]
        meson("build-fuzz", setup, ["--suite", "fuzz"], ["fuzz"], CC="clang")
    for name in failures:
        print(f"failed: {name}")
    if skipped:
        print(f"skipped: {skipped}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
