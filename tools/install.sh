#!/usr/bin/env bash
# Install what is missing on Debian 12: packages by apt. Quiet and quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=(gcc clang meson ninja-build pkg-config python3 zstd
  libglib2.0-dev libjansson-dev libyaml-dev libpg-query-dev libsqlite3-dev libsodium-dev libssl-dev
  libmicrohttpd-dev libcurl4-openssl-dev libical-dev
  libcairo2-dev libpango1.0-dev libqrencode-dev libxlsxwriter-dev poppler-utils
  libclang-rt-14-dev
  clang-format clang-tidy cppcheck gcovr chromium fonts-noto-cjk)
missing=()
status=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${wanted[@]}" 2>/dev/null || true)
for package in "${wanted[@]}"; do
  grep -qx "ii *$package" <<<"$status" || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null || [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  echo "Node.js 20 or newer with npm is needed for the console. Debian 12 itself has 18: install Node.js 20 from nodejs.org" >&2
  echo "(or your distributor), then run this again." >&2
  exit 1
fi
