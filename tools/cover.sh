#!/usr/bin/env bash
# Lines and branches that the C tests reach, by file; HTML in build-cover/coverage.html.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build-cover/build.ninja ] || meson setup build-cover -Db_coverage=true >/dev/null
ninja -C build-cover --quiet
meson test -C build-cover --no-suite release --num-processes 2 >/dev/null || echo "some tests failed; see build-cover/meson-logs"
gcovr -r . build-cover --exclude '.*_test\.c' --exclude 'tests/.*' --html-details build-cover/coverage.html --txt
