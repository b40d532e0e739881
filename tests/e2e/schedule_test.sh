#!/usr/bin/env bash
# Cron schedules by the clock: a tick starts one execution, and of the ticks that were missed the last one is made up for.
source "$(dirname "$0")/lib.sh"

# at TIME: starts the daemon at that time of a day of its own; only wall time is another, timers stay true.
at() {
  faketime=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1) clock="@2026-11-21 $1" IPAAS_BIN=$sandbox/bin start_daemon
}
mkdir "$sandbox/bin"
cat >"$sandbox/bin/ipaasd" <<SH
#!/bin/sh
export LD_PRELOAD="\$faketime" FAKETIME="\$clock" FAKETIME_DONT_FAKE_MONOTONIC=1
exec "$(realpath "$IPAAS_BIN")/ipaasd" "\$@"
SH
chmod +x "$sandbox/bin/ipaasd"

count_is() { [ "$(executions succeeded ticks)" -eq "$1" ]; }

at 20:34:56
apply <<'YAML'
name: ticks
on:
  schedule:
    - cron: "35,36,37,40 * * * *"
      timezone: Europe/Berlin
steps:
  - log: "due at ${{ event.scheduled_for }}"
YAML

test_case "a schedule starts an execution at its time"
eventually 20 count_is 1
holds <(ipaas logs -w ticks) 'due at 2026-11-21T'
holds <(ipaas logs -w ticks) ':35:00'
equal "$(ipaas execution list -w ticks -o json | first_member trigger)" schedule

test_case "the same tick is not started again after a restart"
stop_daemon
at 20:35:30
exits 0 ipaas admin status
count_is 1 || fail "the tick came again"

test_case "of the ticks that were missed, the last one is made up for"
stop_daemon
at 20:38:10
eventually 20 count_is 2
holds <(ipaas logs -w ticks) ':37:00'
lacks <(ipaas logs -w ticks) ':36:00'

test_case "a disabled workflow's schedule rests, and what it missed is not made up for"
ipaas workflow disable ticks >/dev/null
stop_daemon
at 20:41:00
ipaas workflow enable ticks >/dev/null
exits 0 ipaas admin status
count_is 2 || fail "a tick of the time in which it was disabled was made up for"
