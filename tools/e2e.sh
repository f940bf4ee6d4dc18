#!/usr/bin/env bash
# The browser stories: a still city for what people do one after the other, one whose services also write documents, a playing
# one for the pictures. TAP on stdout.
# BIHUAN_IMG=docs/img keeps the README's pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
servers=()
stop() {
  kill "${servers[@]}" 2>/dev/null || true
  wait "${servers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

# start NAME options...: a demo city in $work/NAME; returns when it answers
start() {
  local name=$1
  shift
  mkfifo "$work/$name.says"
  build/src/bihuan demo --folder "$work/$name" --port 0 --json "$@" >"$work/$name.says" 2>"$work/$name.log" &
  servers+=($!)
  read -r _ <"$work/$name.says" || { cat "$work/$name.log" >&2; exit 1; }
}

mkdir "$work/packs"
cp -r packs/* src/pack/documents_for_test/agreement "$work/packs"
sed -i 's/default: TJW/default: CITYMGMT/' "$work/packs/agreement/intake.yaml"

start still --still
start papers --still --speed 1 --watch --packs "$work/packs"
start playing --speed 60
images=$(realpath -m "${BIHUAN_IMG:-$work/img}")
mkdir -p "$images"
cd web
status=0
BIHUAN_SIGN_INS=$work/still/sign-ins.json node --test --test-reporter=tap e2e/story.test.mjs || status=1
BIHUAN_SIGN_INS=$work/still/sign-ins.json node --test --test-reporter=tap e2e/reports.test.mjs || status=1
BIHUAN_PAPERS=$work/papers/sign-ins.json node --test --test-reporter=tap e2e/documents.test.mjs || status=1
BIHUAN_SIGN_INS=$work/papers/sign-ins.json BIHUAN_PACKS=$work/packs node --test --test-reporter=tap e2e/packs.test.mjs || status=1
BIHUAN_SIGN_INS=$work/playing/sign-ins.json BIHUAN_IMG=$images node --test --test-reporter=tap e2e/pictures.test.mjs || status=1
exit $status
