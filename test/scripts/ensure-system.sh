#!/usr/bin/env bash
# Makes sure of what the tests run against and npm cannot bring: a real redis-server and a real Chromium.
set -euo pipefail

missing=()
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing Debian's packages: ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "storyart-sdk tests: could not install ${missing[*]}; install them yourself and run again" >&2
    exit 1
  fi
  rm -f "$log"
else
  echo "storyart-sdk tests need ${missing[*]}: install them (Debian: apt-get install ${missing[*]}) and run again" >&2
  exit 1
fi
