#!/usr/bin/env python3
"""Hold the code against src/LAYERS: no room includes a header, or calls a function, of a room its line does not name.

Includes are read from every .c and .h (tests too); calls are the undefined symbols of each room's library (nm).
Prints each breach as file:line or room: symbol, and exits 1. Writes the stamp only when all is well."""
import argparse
import pathlib
import re
import subprocess
import sys


def read_layers(src):
    layers = {}
    for number, line in enumerate((src / "LAYERS").read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        room, _, uses = line.partition(":")
        named = uses.split()
        for u in named:
            if u not in layers:
                sys.exit(f"LAYERS:{number}: {room.strip()} uses {u}, which is not a room above it")
        layers[room.strip()] = set(named)
    return layers


def room_of(path, rooms):
    folder = path.rpartition("/")[0]
    return folder if folder in rooms else None


def include_breaches(src, layers):
    for file in sorted(src.rglob("*.[ch]")):
        here = file.relative_to(src).as_posix()
        room = room_of(here, layers)
        if room is None:
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not found:
                continue
            other = room_of(found[1], layers)
            if other and other != room and other not in layers[room]:
                yield f"{here}:{number}: {room} may not include {found[1]} (LAYERS)"


def symbols(library, kind):
    flags = ["--defined-only"] if kind == "defined" else ["--undefined-only"]
    out = subprocess.run(["nm", "-g", "-P", *flags, str(library)], capture_output=True, text=True).stdout
    return {line.split()[0] for line in out.splitlines() if len(line.split()) >= 2}


def call_breaches(build, layers):
    libraries = {room: build / f"libroom-{room.replace('/', '-')}.a" for room in layers}
    owner = {}
    for room, library in libraries.items():
        for name in symbols(library, "defined"):
            owner[name] = room
    for room, library in libraries.items():
        for name in sorted(symbols(library, "undefined")):
            other = owner.get(name)
            if other and other != room and other not in layers[room]:
                yield f"{room}: may not call {name} of {other} (LAYERS)"


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--src", type=pathlib.Path, required=True)
    ask.add_argument("--build", type=pathlib.Path, help="where the room libraries are; without it only includes are read")
    ask.add_argument("--stamp", type=pathlib.Path)
    given = ask.parse_args()
    layers = read_layers(given.src)
    found = list(include_breaches(given.src, layers))
    if given.build:
        found += call_breaches(given.build, layers)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        sys.exit(1)
    if given.stamp:
        given.stamp.write_text("sound\n")


main()
