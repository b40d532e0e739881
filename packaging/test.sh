#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests.
#
#   packaging/test.sh           unit, contract, simulation, fuzz corpus, end-to-end and client tests
#   packaging/test.sh --all     also warnings as errors, crash loops and sanitizers
#
# Everything is built below build/, so a second run builds only what has changed; but for the builds with sanitizers,
# of two gigabytes each, which go once their tests have passed.
set -Eeuo pipefail
cd "$(dirname "$0")/.."

all=false
for argument in "$@"; do
  case $argument in
    --all) all=true ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: unknown argument $argument" >&2; exit 2 ;;
  esac
done

jobs=$(nproc)
began=$SECONDS
say() { printf '\n== %s (%d:%02d)\n' "$*" $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)); }

trap 'echo "test.sh: failed, with $(df -h --output=avail . | tail -n 1 | tr -d " ") of disk left" >&2' ERR

configure() { # DIRECTORY FLAGS…
  local directory=$1
  shift
  cmake -S . -B "$directory" -G Ninja --log-level=WARNING "$@" >/dev/null
}

run_tests() { # DIRECTORY CTEST-FLAGS…
  local directory=$1
  shift
  ctest --test-dir "$directory" --output-on-failure --no-tests=error "$@"
}

# The test programs of a label, as targets; scripts have none.
programs_of() { # DIRECTORY LABEL-PATTERN
  ctest --test-dir "$1" -N -L "$2" | sed -n 's/^ *Test *#[0-9]*: //p' | grep -vx architecture
}

plain() {
  say "building"
  configure build/test -DCMAKE_BUILD_TYPE=Release -DIPAAS_WERROR="$(if $all; then echo ON; else echo OFF; fi)"
  cmake --build build/test --parallel "$jobs"
  say "running the tests"
  if $all; then
    run_tests build/test --parallel "$jobs"
  else
    run_tests build/test --parallel "$jobs" --label-exclude crash
  fi
}

# ASan and UBSan over core and its tests, and over every input that a fuzzer has found worth keeping.
memory() {
  say "building with the address and undefined-behaviour sanitizers"
  configure build/asan -DCMAKE_BUILD_TYPE=Debug -DIPAAS_SANITIZE=address,undefined \
    -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g1" -DIPAAS_WERROR=ON
  local label='^(unit|contract|simulation|fuzz)$' programs
  mapfile -t programs < <(programs_of build/asan "$label")
  cmake --build build/asan --parallel "$jobs" --target "${programs[@]}"
  say "running the tests with the address and undefined-behaviour sanitizers"
  run_tests build/asan --parallel "$jobs" -L "$label" --exclude-regex '^architecture$'
  rm -rf build/asan
}

# TSan over what runs on several threads.
threads() {
  say "building with the thread sanitizer"
  configure build/tsan -DCMAKE_BUILD_TYPE=Debug -DIPAAS_SANITIZE=thread \
    -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g1" -DIPAAS_WERROR=ON
  local programs
  mapfile -t programs < <(programs_of build/tsan '^threaded$')
  cmake --build build/tsan --parallel "$jobs" --target "${programs[@]}"
  say "running the threaded tests with the thread sanitizer"
  TSAN_OPTIONS="suppressions=$PWD/tests/support/tsan.supp halt_on_error=1 second_deadlock_stack=1" \
    run_tests build/tsan -L '^threaded$'
  rm -rf build/tsan
}

say "looking for missing packages"
packaging/install-deps.sh build test
plain
if $all; then
  memory
  threads
fi
say "all tests passed"
