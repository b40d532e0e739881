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

test_case "the newest lines, and those of a level"
equal "$(ipaas logs -w counter -n 9 | grep -oE 'line [0-9]+\.' | tr '\n' ' ')" 'line 13. line 14. line 15. '
lacks <(ipaas logs -w counter --level error) 'line '
