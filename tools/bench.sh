#!/usr/bin/env bash
# One program per promise; each prints its figures beside a baseline of the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=$(ninja -C build -t targets all | grep -oE '^bench/[a-z_]+_bench' | sort -u)
ninja -C build --quiet $targets
status=0
for target in $targets; do
  echo "== $target"
  "build/$target" || status=1
done
echo "== bench/serve_bench"
node bench/serve_bench.mjs build/src/bihuan || status=1
echo "== bench/start_bench"
python3 bench/start_bench.py build/src/bihuan || status=1
exit $status
