#!/usr/bin/env python3
"""Make a text file a constant of C: gen_text.py NAME FILE TARGET."""
import sys

name, source, target = sys.argv[1:4]
with open(target, "w", encoding="utf-8") as out:
    out.write(f"/* made by tools/gen_text.py */\nstatic const char {name}[] =\n")
    for line in open(source, encoding="utf-8"):
        body = line.rstrip("\n").replace("\\", "\\\\").replace('"', '\\"')
        out.write(f'    "{body}\\n"\n')
    out.write("    ;\n")
