#!/usr/bin/env bash
# The tour of the README, run as a newcomer would: every `sh` block of it, in one shell.
source "$(dirname "$0")/lib.sh"

sed -n '/^## A five-minute tour/,/^## Workflows/p' "$repository/README.md" | sed -n '/^```sh$/,/^```$/p' | grep -v '^```' >"$sandbox/tour.sh"
[ "$(wc -l <"$sandbox/tour.sh")" -gt 10 ] || fail "the README has no tour"

# The programs lie where packaging/try.sh would have built them.
mkdir -p "$sandbox/tour/build/release" "$sandbox/home"
ln -s "$repository/workflows-examples" "$sandbox/tour/workflows-examples"
ln -s "$(realpath "$IPAAS_BIN")" "$sandbox/tour/build/release/bin"

test_case "every command of the tour works"
set -m # a process group of its own, so that nothing of it is left behind
(cd "$sandbox/tour" && exec env -u IPAAS_HOST HOME="$sandbox/home" TMPDIR="$sandbox/tour" bash -euo pipefail "$sandbox/tour.sh") \
  >"$sandbox/tour.log" 2>&1 &
tour=$!
set +m
status=0
wait "$tour" || status=$?
kill -KILL -- "-$tour" 2>/dev/null || true
[ "$status" -eq 0 ] || fail "the tour stopped with status $status"

test_case "it shows what the README says"
holds "$sandbox/tour.log" succeeded
holds "$sandbox/tour.log" 'Codertocat pushed to'
holds "$sandbox/tour.log" '"reason":"duplicate"'
holds "$sandbox/tour.log" 'Hello, Berlin!'
lacks "$sandbox/tour.log" correct-horse
