#!/bin/sh
# Builds the console into web/dist. Quiet and quick: npm ci only when package-lock.json changed, types and bundle only when
# something they are made from did. FORCE=1 builds anyway.
set -eu
cd "$(dirname "$0")/.."
lock=web/node_modules/.package-lock.sum
built=web/dist/.built

sum=$(cat web/package-lock.json web/.npmrc | sha256sum)
if [ "$(cat "$lock" 2>/dev/null || true)" != "$sum" ]; then
    echo "web: installing npm packages"
    (cd web && npm ci --silent --no-progress 2>"$PWD/node_modules.log") || { cat web/node_modules.log >&2; exit 1; }
    rm -f web/node_modules.log
    echo "$sum" >"$lock"
fi

types=web/src/api/types.gen.ts
if [ ! -f "$types" ] || [ src/api/routes.def -nt "$types" ] || [ tools/gen_api.py -nt "$types" ]; then
    python3 tools/gen_api.py --def src/api/routes.def --ts "$types"
fi

changed=$(find web/src web/public web/*.html web/vite.config.ts web/package-lock.json \
    -type f -newer "$built" -print -quit 2>/dev/null || true)
if [ ! -f "$built" ] || [ -n "$changed" ] || [ -n "${FORCE:-}" ]; then
    log=$(mktemp)
    (cd web && node_modules/.bin/vite build --logLevel warn >"$log" 2>&1) || { cat "$log" >&2; rm -f "$log"; exit 1; }
    rm -f "$log"
    find web/dist -type f \( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.svg' \) -exec gzip -9 -n -k {} + # sent as they are
    touch "$built"
fi
