#!/usr/bin/env python3
"""Make the files of a folder a table of C, name and text: gen_files.py NAME TARGET FILE..."""
import os
import sys

name, target, files = sys.argv[1], sys.argv[2], sys.argv[3:]
top = os.path.commonpath([os.path.dirname(f) for f in files])
with open(target, "w", encoding="utf-8") as out:
    out.write(f"/* made by tools/gen_files.py */\nstatic const struct {{\n    const char *name, *text;\n}} {name}[] = {{\n")
    for file in files:
        out.write(f'    {{ "{os.path.relpath(file, top)}",\n')
        for line in open(file, encoding="utf-8"):
            body = line.rstrip("\n").replace("\\", "\\\\").replace('"', '\\"')
            out.write(f'      "{body}\\n"\n')
        out.write("    },\n")
    out.write("};\n")
