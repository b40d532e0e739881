#!/usr/bin/env bash
# `ipaas logs -f` over a restart of the daemon: no line is missing, none comes twice.
source "$(dirname "$0")/lib.sh"

start_daemon
apply <<'YAML'
name: counter
on:
  manual: {}
inputs:
  number:
    type: number
    required: true
steps:
  - log: "line ${{ inputs.number }}."
YAML
say_lines() { # FROM TO
  local number
  for ((number = $1; number <= $2; number++)); do ipaas run counter -i "number=$number" --wait >/dev/null; done
}
grew() { [ "$(wc -l <"$sandbox/stream")" -gt "$1" ]; }
has_line() { grep -qF "line $1." "$sandbox/tail"; }

test_case "a tail shows lines as they come"
"$IPAAS_BIN/ipaas" logs -f -w counter >"$sandbox/tail" 2>"$sandbox/tail.log" &
background+=($!)
say_lines 1 5
eventually 10 has_line 5

test_case "it goes on by itself after the daemon was stopped and started"
stop_daemon
start_daemon
say_lines 6 10
eventually 20 has_line 10

test_case "and after the daemon was killed"
kill_daemon
start_daemon
say_lines 11 15
eventually 20 has_line 15

test_case "every line came once, in order"
grep -oE 'line [0-9]+\.' "$sandbox/tail" >"$sandbox/seen"
for ((number = 1; number <= 15; number++)); do echo "line $number."; done >"$sandbox/wanted"
cmp "$sandbox/seen" "$sandbox/wanted" || fail "the tail showed: $(cat "$sandbox/seen")"

test_case "while lines are produced, the daemon is killed and stopped again and again: none is missing, none comes twice"
"$IPAAS_BIN/ipaas" logs -f -w counter -o json >"$sandbox/stream" 2>"$sandbox/stream.log" &
background+=($!)
produce() { # a run that meets no daemon is simply not made
  local number
  for ((number = 100; number < 220; number++)); do
    "$IPAAS_BIN/ipaas" run counter -i "number=$number" >/dev/null 2>&1 || true
  done
}
eventually 10 grep -q '"sequence"' "$sandbox/stream"
produce &
producer=$!
background+=("$producer")
for round in 1 2 3 4; do
  before=$(wc -l <"$sandbox/stream")
  eventually 20 grew "$before"
  if [ $((round % 2)) -eq 0 ]; then stop_daemon; else kill_daemon; fi
  start_daemon
done
wait "$producer"
ipaas run counter -i number=999 --wait >/dev/null
eventually 30 grep -qF 'line 999.' "$sandbox/stream"
sequences() { sed -n 's/.*"sequence": *\([0-9]*\).*/\1/p'; }
sequences <"$sandbox/stream" >"$sandbox/followed"
first=$(head -n 1 "$sandbox/followed")
ipaas logs -w counter -o json | sequences | awk -v first="$first" '$1 >= first' >"$sandbox/stored"
last=$(tail -n 1 "$sandbox/followed")
awk -v last="$last" '$1 <= last' "$sandbox/stored" >"$sandbox/expected"
cmp "$sandbox/followed" "$sandbox/expected" || fail "the tail and the log differ"
[ "$(grep -c 'is away' "$sandbox/stream.log")" -le 4 ] || fail "it spoke more than once of each absence: $(cat "$sandbox/stream.log")"

test_case "the newest lines, and those of a level"
equal "$(ipaas logs -w counter -n 3 | grep -oE 'line [0-9]+\.' | tr '\n' ' ')" 'line 999. '
lacks <(ipaas logs -w counter --level error) 'line '
