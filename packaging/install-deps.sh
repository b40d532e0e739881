#!/usr/bin/env bash
# Installs the Debian packages that ipaas needs and this machine lacks. Says nothing when nothing is missing.
#
#   packaging/install-deps.sh [build] [test] [bench] [fuzz]      (default: build)
set -euo pipefail

build=(g++ cmake ninja-build ccache pkg-config libboost-dev nlohmann-json3-dev libsqlitecpp-dev libsqlite3-dev
  libyaml-cpp-dev libre2-dev libcurl4-openssl-dev libssl-dev libcpp-httplib-dev libspdlog-dev libcli11-dev
  libhowardhinnant-date-dev libexpected-dev libdtl-dev catch2 tzdata ca-certificates curl openssl)
test=(git faketime strace sqlite3 mandoc procps util-linux)
bench=(nginx-light wrk procps iproute2 sqlite3)

die() {
  echo "install-deps: $*" >&2
  exit 1
}

# The fuzzer's runtime carries clang's version in its name, and that differs between releases.
fuzz() {
  local version=19
  grep -q '^VERSION_ID="12"' /etc/os-release && version=14
  echo clang "libclang-rt-$version-dev"
}

# A newer Node that is already there is as good as Debian's, whose npm would not install beside it.
node() {
  local major
  major=$(command node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  if [ "${major:-0}" -lt 18 ]; then echo nodejs npm; return; fi
  command -v npm >/dev/null || echo npm
}

installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's, installed$,,p')
is_installed() {
  grep -qxF "$1" <<<"$installed"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages are missing and this is neither root nor is there sudo: run as root: $*"
  fi
}

wanted_of() {
  case $1 in
    build) echo "${build[@]}" ;;
    test) echo "${test[@]}" "$(node)" ;;
    bench) echo "${bench[@]}" ;;
    fuzz) fuzz ;;
    *) die "there is no group '$1': build, test, bench or fuzz" ;;
  esac
}

command -v apt-get >/dev/null || die "this needs Debian 12 or 13 (apt-get); elsewhere, install: ${build[*]}"
[ $# -gt 0 ] || set -- build

missing=()
for group in "$@"; do
  wanted=$(wanted_of "$group")
  for package in $wanted; do
    is_installed "$package" || missing+=("$package")
  done
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
quietly() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then rm -f "$log"; return; fi
  tail -n 20 "$log" >&2
  rm -f "$log"
  die "failed: $*"
}
quietly as_root apt-get update -q
quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
