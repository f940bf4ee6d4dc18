#!/usr/bin/env python3
"""Turn guard/rights.def ("role : right right ...") into C: the names of all rights, and each role's as a set of bits.

Refuses, with file and line: a name that is not [a-z][a-z0-9_.]*, a role said twice, a right said twice in one role, a
role without rights, more than 64 rights."""
import pathlib
import re
import sys

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def read(path):
    roles = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.partition("#")[0]
        if not line.strip():
            continue
        role, colon, rest = line.partition(":")
        role, rights = role.strip(), rest.split()
        wrong = [name for name in [role, *rights] if not NAME.fullmatch(name)]
        if not colon or not rights or wrong or role in roles or len(set(rights)) != len(rights):
            sys.exit(f"{path}:{number}: want \"role : right right ...\", each name once{': ' + wrong[0] if wrong else ''}")
        roles[role] = rights
    return roles


def write(roles, out):
    rights = sorted({right for given in roles.values() for right in given})
    if len(rights) > 64:
        sys.exit(f"{len(rights)} rights do not fit into 64 bits")
    lines = ["/* Made by tools/gen_rights.py from guard/rights.def. */", "static const char *const right_names[] = {"]
    lines += [f'    "{right}",' for right in rights]
    lines += ["};", "static const struct {", "    const char *role;", "    guint64 rights; /* bit i: right_names[i] */",
              "} role_rights[] = {"]
    for role in sorted(roles):
        bits = sum(1 << rights.index(right) for right in roles[role])
        lines.append(f'    {{ "{role}", G_GUINT64_CONSTANT({bits:#x}) }},')
    lines += ["};", ""]
    pathlib.Path(out).write_text("\n".join(lines))


write(read(pathlib.Path(sys.argv[1])), sys.argv[2])
