#!/usr/bin/env bash
# One program per promise; each prints its figures with a baseline of the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=$(ninja -C build -t targets all | grep -oE '^bench/[a-z_]+_bench' | sort -u)
ninja -C build --quiet $targets
for target in $targets; do
  echo "== $target"
  "build/$target"
done
