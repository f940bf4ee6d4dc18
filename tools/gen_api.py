#!/usr/bin/env python3
"""gen_api.py - reads src/api/routes.def, the one place where the wire is said, and writes what follows from it:

    --tables routes.gen.h      dispatch table and request check tables, for src/api/routes.c
    --handlers handlers.gen.h  the prototypes of the handlers
    --openapi openapi.json     OpenAPI 3.1; --embed openapi.gen.h is the same as a C string
    --ts types.gen.ts          the console's types

A mistake in routes.def is reported as file:line and stops the build."""
import argparse
import json
import os
import re
import sys

SCALARS = ("text", "int", "real", "bool", "id", "time", "json", "array")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
FLAGS = ("write", "stream", "urgent", "slow")


class Kind:
    """What a field may hold: a scalar with limits, a named type, or a list of one of these."""

    def __init__(self, text, where):
        self.list = text.startswith("[")
        inner = text.strip("[]") if self.list else text
        m = re.fullmatch(r"(\w+)(?:\((-?\d+)(?:,(-?\d+))?\))?", inner)
        if not m or (self.list and not text.endswith("]")):
            fail(where, f"'{text}' is no kind; kinds are {' '.join(SCALARS)}, a type's name, or [kind]")
        self.name, a, b = m.groups()
        self.max = int(b or a) if (b or a) else None
        self.min = int(a) if b else None
        if self.name == "text" and b:
            fail(where, "text takes one limit, text(max)")
        if a and self.name not in ("text", "int"):
            fail(where, f"{self.name} takes no limits")


class Field:
    def __init__(self, text, where):
        m = re.fullmatch(r"(\w+)(\?)?\s*:\s*(.+)", text.strip())
        if not m:
            fail(where, f"'{text}' is no field; write name: kind or name?: kind")
        self.name, self.optional, self.kind = m[1], bool(m[2]), Kind(m[3].strip(), where)


class Route:
    def __init__(self, m, where):
        self.method, self.path, self.handler, self.right, self.reply = m.groups()
        self.where, self.body, self.query, self.events, self.flags = where, None, [], [], set()
        self.params = [Field(f"{p}: {'id' if p == 'id' else 'text(64)'}", where) for p in re.findall(r"{(\w+)}", self.path)]


def fail(where, why):
    sys.exit(f"{where}: {why}")


def split_fields(text, where):
    return [Field(part, where) for part in re.split(r",(?![^(]*\))", text) if part.strip()]


def take_detail(route, line, where):
    """One indented line under a route."""
    word, _, rest = line.strip().partition(" ")
    if word == "body":
        route.body = rest.strip()
    elif word == "query":
        route.query = split_fields(rest, where)
    elif word == "event":
        route.events = split_fields(rest, where)
    elif word in FLAGS and not rest:
        route.flags.add(word)
    else:
        fail(where, f"'{word}' is none of body, query, event, {', '.join(FLAGS)}")


def read(path):
    types, routes = {}, []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        where, line = f"{path}:{number}", line.rstrip("\n")
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  "):
            if not routes:
                fail(where, "an indented line belongs under a route")
            take_detail(routes[-1], line, where)
        elif m := re.fullmatch(r"type (\w+) {(.*)}", line):
            if m[1] in types or m[1] in SCALARS:
                fail(where, f"type {m[1]} is there already")
            types[m[1]] = split_fields(m[2], where)
        elif m := re.fullmatch(r"(%s) (/\S*) (\w+) (\S+) -> (\w+)" % "|".join(METHODS), line):
            routes.append(Route(m, where))
        else:
            fail(where, "neither 'type NAME { ... }' nor 'METHOD path handler right -> reply'")
    check(types, routes, path)
    return types, routes


def check(types, routes, path):
    known = set(types) | set(SCALARS)
    for name, fields in types.items():
        for f in fields:
            if f.kind.name not in known:
                fail(path, f"type {name}: {f.name} is a {f.kind.name}, which nobody says")
    seen = set()
    for r in routes:
        key = (r.method, re.sub(r"{\w+}", "{}", r.path))
        if key in seen:
            fail(r.where, f"{r.method} {r.path} is there already")
        seen.add(key)
        if r.reply not in known or (r.body and r.body not in known | {"csv", "form"}):
            fail(r.where, f"{r.handler}: unknown type in body or reply")
        if any(f.kind.list or f.kind.name in types or f.kind.name in ("json", "array") for f in r.query):
            fail(r.where, f"{r.handler}: a query has scalars only")


# ---- C ----
MADE = "/* Made by tools/gen_api.py from src/api/routes.def; change that. */\n"


def c_fields(name, fields):
    rows = []
    for f in fields:
        k = f.kind
        kind = "TYPE" if k.name not in SCALARS else k.name.upper()
        ref = f"&check_{k.name}" if kind == "TYPE" else "NULL"
        if k.name == "int":
            low = "G_MININT64" if k.min is None else str(k.min)
            high = "G_MAXINT64" if k.max is None else str(k.max)
        else:
            low, high = "0", str(k.max or 0)
        flags = f"{str(f.optional).upper()}, {str(k.list).upper()}"
        rows.append(f'    {{ "{f.name}", CHECK_{kind}, {flags}, {low}, {high}, {ref} }},\n')
    return f"static const CheckField {name}_fields[] = {{\n{''.join(rows)}}};\n"


def c_type(name, label, fields):
    if not fields:
        return ""
    return c_fields(name, fields) + f'static const CheckType {name} = {{ "{label}", {name}_fields, {len(fields)} }};\n\n'


def request_types(types, routes):
    """Types that a request body can hold, each after those it uses."""
    order = []

    def visit(name):
        if name in types and name not in order:
            for f in types[name]:
                visit(f.kind.name)
            order.append(name)
    for r in routes:
        if r.body:
            visit(r.body)
    return order


def c_tables(types, routes):
    out = [MADE, 'static const CheckType nothing = { "nothing", NULL, 0 };\n\n']
    for name in request_types(types, routes):
        out.append(c_type(f"check_{name}", name, types[name]))
    rows = []
    for r in routes:
        for part, fields in (("query", r.query), ("params", r.params)):
            out.append(c_type(f"{part}_{r.handler}", part, fields))
        body = "NULL" if r.body in (None, "csv", "form") else f"&check_{r.body}"
        flags = [f"ROUTE_{f.upper()}" for f in sorted(r.flags)] + ([f"ROUTE_{r.body.upper()}"] if r.body in ("csv", "form") else [])
        right = "NULL" if r.right == "-" else f'"{r.right}"'
        query = f"&query_{r.handler}" if r.query else "&nothing"
        params = f"&params_{r.handler}" if r.params else "&nothing"
        rows.append(f'    {{ "{r.method}", "{r.path}", "{r.handler}", {right}, api_{r.handler}, {body}, '
                    f'{query}, {params}, {" | ".join(flags) or "0"} }},\n')
    out.append(f"static const ApiRoute routes[] = {{\n{''.join(rows)}}};\n")
    return "".join(out)


def c_handlers(types, routes):
    return MADE + "#pragma once\n#include \"api/call.h\"\n\n" + "".join(
        f"gboolean api_{r.handler}(ApiCall *call, GError **error); /* {r.method} {r.path} */\n" for r in routes)


def c_embed(document):
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    cuts = [text[i:i + 90].replace("\\", "\\\\").replace('"', '\\"') for i in range(0, len(text), 90)]
    return MADE + "static const char openapi_json[] =\n" + "".join(f'    "{c}"\n' for c in cuts) + "    ;\n"


# ---- OpenAPI ----
def oa_scalar(k):
    if k.name == "text":
        return {"type": "string"} | ({"maxLength": k.max} if k.max else {})
    if k.name == "int":
        limits = {"minimum": k.min} if k.min is not None else {}
        return {"type": "integer", "format": "int64"} | limits | ({"maximum": k.max} if k.max is not None else {})
    return {"real": {"type": "number"}, "bool": {"type": "boolean"}, "id": {"type": "string", "format": "uuid"},
            "time": {"type": "integer", "format": "int64", "description": "milliseconds since 1970-01-01 UTC"},
            "json": {"type": "object"}, "array": {"type": "array"}}[k.name]


def oa_kind(k):
    inner = oa_scalar(k) if k.name in SCALARS else {"$ref": f"#/components/schemas/{k.name}"}
    return {"type": "array", "items": inner} if k.list else inner


def oa_type(fields, strict):
    properties = {}
    for f in fields:
        schema = oa_kind(f.kind)
        properties[f.name] = {"anyOf": [schema, {"type": "null"}]} if f.optional else schema
    out = {"type": "object", "properties": properties}
    required = [f.name for f in fields if not f.optional]
    return out | ({"required": required} if required else {}) | ({"additionalProperties": False} if strict else {})


def oa_reply(r):
    if r.reply == "text":
        content = {"text/plain": {"schema": {"type": "string"}}}
    elif "stream" in r.flags:
        names = ", ".join(f"{e.name}: {e.kind.name}" for e in r.events)
        content = {"text/event-stream": {"schema": {"type": "string", "description": f"events {names}"}}}
    else:
        content = {"application/json": {"schema": oa_kind(Kind(r.reply, r.where))}}
    problem = {"description": "refused", "content": {"application/problem+json": {
        "schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {"200": {"description": "done", "content": content}, "default": problem}


def oa_operation(r):
    where = [{"name": f.name, "in": "path", "required": True, "schema": oa_kind(f.kind)} for f in r.params]
    where += [{"name": f.name, "in": "query", "required": not f.optional, "schema": oa_kind(f.kind)} for f in r.query]
    if "write" in r.flags:
        where.append({"name": "Idempotency-Key", "in": "header", "required": True, "description":
                      "any text that is new for a new deed; a repeated request with the same key gets the first answer",
                      "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_.:-]+$"}})
    if "stream" in r.flags:
        where.append({"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}})
    op = {"operationId": r.handler, "tags": [r.path.split("/")[2] if r.path.startswith("/api/") else "health"]}
    if where:
        op["parameters"] = where
    if r.body:
        kind = {"text/csv": {"schema": {"type": "string"}}} if r.body == "csv" else {
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}}} if r.body == "form" else {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{r.body}"}}}
        op["requestBody"] = {"required": True, "content": kind}
    op["responses"] = oa_reply(r)
    op["security"] = [] if r.right == "-" else [{"cookie": []}, {"bearer": []}]
    if r.right not in ("-", "session"):
        op["description"] = f"needs the right {r.right}"
    return op


def openapi(types, routes):
    paths, strict = {}, request_types(types, routes)
    for r in routes:
        paths.setdefault(r.path, {})[r.method.lower()] = oa_operation(r)
    schemes = {"cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-bihuan"},
               "bearer": {"type": "http", "scheme": "bearer"}}
    return {"openapi": "3.1.0",
            "info": {"title": "Bihuan", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": "/"}], "paths": paths,
            "components": {"securitySchemes": schemes,
                           "schemas": {n: oa_type(f, n in strict) for n, f in types.items()}}}


# ---- TypeScript ----
TS = {"text": "string", "int": "number", "real": "number", "bool": "boolean", "id": "string", "time": "number",
      "json": "JsonObject", "array": "readonly unknown[]", "csv": "string | Blob",
      "form": "string"}


def ts_kind(k):
    name = TS.get(k.name, k.name)
    return f"{name}[]" if k.list else name


def ts_object(fields, nullable):
    if not fields:
        return "Record<never, never>"
    null = " | null" if nullable else ""
    return "{ " + "; ".join(f"{f.name}{'?' if f.optional else ''}: {ts_kind(f.kind)}{null if f.optional else ''}"
                            for f in fields) + " }"


def ts_route(r):
    reply = TS.get(r.reply, r.reply)
    body = TS.get(r.body, r.body) if r.body else "undefined"
    return (f"  {r.handler}: {{\n    params: {ts_object(r.params, False)}\n    query: {ts_object(r.query, False)}\n"
            f"    body: {body}\n    reply: {reply}\n  }}\n")


def typescript(types, routes):
    out = ["// Made by tools/gen_api.py from src/api/routes.def; change that.\n"
           "export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject\n"
           "export interface JsonObject {\n  [key: string]: JsonValue\n}\n\n"]
    for name, fields in types.items():
        rows = "".join(f"  {f.name}{'?' if f.optional else ''}: {ts_kind(f.kind)}{' | null' if f.optional else ''}\n"
                       for f in fields)
        out.append(f"export interface {name} {{\n{rows}}}\n\n")
    rights = sorted({r.right for r in routes} - {"-", "session"})
    out.append("export type Right =\n" + "".join(f"  | '{x}'\n" for x in rights) + "\n")
    out.append("export interface Routes {\n" + "".join(map(ts_route, routes)) + "}\n")
    out.append("export type RouteName = keyof Routes\n\nexport interface RouteInfo {\n  method: 'GET' | 'POST' | 'PUT' | "
               "'DELETE' | 'PATCH'\n  path: string // with {name} for params\n  right: Right | 'session' | null // null: nobody "
               "signs in for it\n  write: boolean // needs an Idempotency-Key header\n  stream: boolean\n  csv: boolean // the body "
               "is a table, not JSON\n}\n\nexport const routes: { readonly [K in RouteName]: RouteInfo } = {\n")
    for r in routes:
        right = "null" if r.right == "-" else f"'{r.right}'"
        flags = ", ".join(f"{f}: {str(v).lower()}" for f, v in (("write", "write" in r.flags), (
            "stream", "stream" in r.flags), ("csv", r.body == "csv")))
        out.append(f"  {r.handler}: {{ method: '{r.method}', path: '{r.path}', right: {right}, {flags} }},\n")
    out.append("}\n")
    for r in (r for r in routes if r.events):
        out.append("\n// events of " + r.path + "\nexport interface StreamEvents {\n"
                   + "".join(f"  {e.name}: {e.kind.name}\n" for e in r.events) + "}\n")
    return "".join(out)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--def", dest="source", default=os.path.join(here, "../src/api/routes.def"))
    makers = {"tables": c_tables, "handlers": c_handlers, "ts": typescript,
              "openapi": lambda t, r: json.dumps(openapi(t, r), indent=1) + "\n",
              "embed": lambda t, r: c_embed(openapi(t, r))}
    for name in makers:
        args.add_argument(f"--{name}", metavar="FILE")
    options = vars(args.parse_args())
    types, routes = read(os.path.relpath(options["source"]))
    for name, make in makers.items():
        if options[name]:
            folder = os.path.dirname(options[name])
            if folder:
                os.makedirs(folder, exist_ok=True)
            with open(options[name], "w", encoding="utf-8") as out:
                out.write(make(types, routes))


main()
