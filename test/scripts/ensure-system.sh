#!/usr/bin/env bash
# Makes sure of what the tests run against and npm ci does not bring: Deno, Bun, workerd, redis-server, valkey-server, Chromium.
set -euo pipefail

# The other runtimes come from npm, once, about 100 MB each; afterwards npx finds them in its cache.
for runtime in deno@2 bun@1 workerd@1; do
  if ! npx --yes --prefer-offline -p "$runtime" "${runtime%@*}" --version >/dev/null 2>&1; then
    echo "storyart-sdk tests need $runtime from npm and could not get it: connect to a registry, run npx -p $runtime ${runtime%@*} --version" >&2
    exit 1
  fi
done

missing=()
for program in redis-server valkey-server chromium; do
  command -v "$program" >/dev/null 2>&1 || missing+=("$program")
done
# The guide for Python is run where Python is.
if command -v python3 >/dev/null 2>&1; then
  for module in requests jsonschema; do
    python3 -c "import $module" >/dev/null 2>&1 || missing+=("python3-$module")
  done
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "storyart-sdk tests need ${missing[*]}: install them (Debian: apt-get install ${missing[*]}) and run again" >&2
  exit 1
fi

echo "installing Debian's packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp) sources=$(mktemp --suffix=.list)
trap 'rm -f "$sources"' EXIT
options=()

install() {
  apt-get update || return
  # Debian 12 has Valkey only among its backports: the same archive, one suite further.
  if [[ " ${missing[*]} " == *" valkey-server "* ]] && [ -z "$(apt-cache search --names-only '^valkey-server$')" ]; then
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    archive=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $codename" 'Created-By: Packages' | head -n 1)
    cat /etc/apt/sources.list >"$sources" 2>/dev/null || true
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $codename-backports main" >>"$sources"
    options=(-o "Dir::Etc::sourcelist=$sources")
    apt-get "${options[@]}" update || return
  fi
  apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}"
}

if ! install >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "storyart-sdk tests: could not install ${missing[*]}; install them yourself and run again" >&2
  exit 1
fi
rm -f "$log"
