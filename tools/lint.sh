#!/usr/bin/env bash
# Format, banned words, layers, clang-tidy, cppcheck, TypeScript. Exit 1 when any of them has something to say.
# Needs a build (generated headers, compile_commands.json) and the console's packages; makes what is missing.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
say() { echo "== $1"; }
fail() { status=1; }
mapfile -t all < <(git ls-files -co --exclude-standard 'src/*.[ch]' 'bench/*.[ch]' 'tests/*.[ch]')
mapfile -t code < <(printf '%s\n' "${all[@]}" | grep -E '^src/.*\.c$' | grep -vE '_(test|fuzz)\.c$')

say format # .clang-format: 110 columns; "make fmt" mends
clang-format --dry-run --Werror "${all[@]}" || fail

say words
python3 tools/check_words.py || fail

say layers
python3 tools/check_layers.py --src src || fail

say clang-tidy # .clang-tidy says which checks are off, and why
{ [ -f build/build.ninja ] || meson setup build >/dev/null; } && ninja -C build --quiet || fail
# It counts what it passed over in the system's headers on stderr, and says what it found on stdout.
printf '%s\0' "${code[@]}" | xargs -0 -n 4 -P "$(nproc)" clang-tidy -quiet -p build 2>/dev/null || fail

# Off: memleak (does not know g_autoptr; the tests run under LeakSanitizer), allocaCalled (g_newa for rows of a known width).
say cppcheck
cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem \
  --suppress=memleak --suppress=allocaCalled -Isrc --library=gtk --library=tools/cppcheck.cfg "${code[@]}" || fail

say typescript
tools/web.sh && (cd web && npx --no-install tsc --noEmit) || fail
exit $status
