#!/usr/bin/env bash
# Run every fuzz target for SECONDS_EACH seconds (default 60) with address and undefined-behaviour checks, one after the
# other. Named targets only: tools/fuzz.sh csv json. What was found before is kept in var/corpus/ and tried first; an input
# that breaks something is left beside its log, to be replayed by giving it to the target as its only argument.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
ninja -C build-fuzz --quiet fuzz
status=0
for target in build-fuzz/src/*_fuzz; do
  name=$(basename "$target")
  [ $# -eq 0 ] || [[ " $* " =~ [\ ]"$(sed 's/.*-//; s/_fuzz$//' <<<"$name")"[\ ] ]] || continue
  corpus=var/corpus/$name
  mkdir -p "$corpus"
  if "$target" -max_total_time="${SECONDS_EACH:-60}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$corpus." "$corpus" >"$corpus.log" 2>&1; then
    echo "ok $name $(grep -oP 'number_of_executed_units: \K.*' "$corpus.log") runs"
  else
    echo "not ok $name, see $corpus.log"
    status=1
  fi
done
exit $status
