#!/usr/bin/env bash
# Kills a daemon under load and lets everything around it fail; prints tables of what was promised, done and delivered.
#
#   IPAAS_BIN=build/release/bin tests/e2e/faults/run.sh [--long] [--seed N]
#
# Without --long: what continuous integration runs, in about three minutes: 50 SIGKILLs at random moments, 12 in the midst
# of a write and 12 at an fdatasync, EIO and ENOSPC, a full disk, too few descriptors, a clock that steps, a receiver that
# misbehaves. With --long: 500 kills, 300 at a chosen call, ten times as much of the rest: about half an hour. A full disk
# needs root, for it is a small tmpfs; a clock that steps needs libfaketime. Nothing else needs a permission: calls fail by
# a library that is preloaded. Exits 0 when nothing was lost or doubled. A seed repeats the moments, not the races.
set -euo pipefail
: "${IPAAS_BIN:?set it to the folder that holds ipaasd, ipaas, crash_test and fault_test}"

kills=50 lengthy=() seed=()
while [ $# -gt 0 ]; do
  case $1 in
    --long) kills=500 lengthy=(--long) ;;
    --seed) seed=(--seed "${2:?--seed needs a number}"); shift ;;
    -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done

shim=$(dirname "$IPAAS_BIN")/tests/e2e/faults/libfault_shim.so
status=0
"$IPAAS_BIN/crash_test" --bin "$IPAAS_BIN" --kills "$kills" "${seed[@]}" || status=1
"$IPAAS_BIN/fault_test" --bin "$IPAAS_BIN" --shim "$shim" "${lengthy[@]}" "${seed[@]}" || status=1
exit $status
