#!/usr/bin/env bash
# Run every fuzz target for SECONDS each (default 60) with address and undefined-behaviour checks. Corpora: var/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
ninja -C build-fuzz --quiet
status=0
for target in build-fuzz/src/*_fuzz; do
  name=$(basename "$target")
  mkdir -p "var/corpus/$name"
  if "$target" -max_total_time="${SECONDS_EACH:-${1:-60}}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 "var/corpus/$name" >"var/corpus/$name.log" 2>&1; then
    echo "ok $name $(grep -o 'number_of_executed_units: .*' "var/corpus/$name.log")"
  else
    echo "not ok $name, see var/corpus/$name.log"
    status=1
  fi
done
exit $status
