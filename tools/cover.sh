#!/usr/bin/env bash
# Lines and branches that the C tests and the harnesses reach, by room; by file and line in build-cover/coverage.html.
# A branch of each g_assert is never taken, so branches stay below 100 %.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build-cover/build.ninja ] || meson setup build-cover -Db_coverage=true >/dev/null
ninja -C build-cover --quiet
find build-cover -name '*.gcda' -delete # counts of older programs
meson test -C build-cover --no-suite release --num-processes 2 >/dev/null || echo "some tests failed; see build-cover/meson-logs"
gcovr -r . build-cover --filter src/ --exclude '.*_(test|fuzz)\.c' --exclude '.*_for_test\.h' --exclude '.*/flow_test\.h' \
  --html-details build-cover/coverage.html --json-summary build-cover/coverage.json
python3 - build-cover/coverage.json <<'END'
import collections, json, sys
rooms = collections.Counter()
for file in json.load(open(sys.argv[1]))["files"]:
    for what in ("line", "branch"):
        for of in ("covered", "total"):
            for room in (file["filename"].rpartition("/")[0], "in all"):
                rooms[room, what, of] += file[f"{what}_{of}"]
print(f"{'room':22} {'lines':>12} {'branches':>18}")
for room in sorted({room for room, _, _ in rooms} - {"in all"}) + ["in all"]:
    shares = [(rooms[room, what, "covered"], rooms[room, what, "total"]) for what in ("line", "branch")]
    print(f"{room:22}" + "".join(f" {done:5}/{all:<5} {100 * done // max(all, 1):3} %" for done, all in shares))
END
