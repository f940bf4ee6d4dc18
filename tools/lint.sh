#!/usr/bin/env bash
# Format, banned words, clang-tidy, cppcheck, TypeScript. Exit 1 when any of them has something to say.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
say() { echo "== $1"; }
say format
clang-format --dry-run --Werror $(git ls-files '*.c' '*.h') || status=1
say words
python3 tools/check_words.py || status=1
say layers
python3 tools/check_layers.py --src src || status=1
say clang-tidy
[ -f build/compile_commands.json ] || meson setup build >/dev/null
clang-tidy -quiet -p build $(git ls-files 'src/*.c' | grep -vE '_(test|fuzz)\.c$') 2>/dev/null || status=1
say cppcheck
cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem -Isrc \
  --library=gtk $(git ls-files 'src/*.c' | grep -vE '_(test|fuzz)\.c$') || status=1
say typescript
(cd web && npx --no-install tsc --noEmit) || status=1
exit $status
