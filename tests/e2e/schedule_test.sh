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

test_case "a paused schedule fires nothing until it is resumed, and a backfill fires what was missed, once"
stop_daemon
at 21:30:00
exits 0 ipaas schedule pause ticks
holds <(ipaas schedule list -w ticks) paused
stop_daemon
at 21:38:10
exits 0 ipaas schedule resume ticks
holds <(ipaas schedule list -w ticks) 'T21:40:00'
count_is 2 || fail "a tick of the time in which it was paused was made up for"
exits 2 ipaas schedule backfill ticks --from 2026-11-21T21:00:00Z --to 2026-11-21T21:38:00Z
exits 0 ipaas schedule backfill ticks --from 2026-11-21T21:00:00Z --to 2026-11-21T21:38:00Z --dry-run
holds "$sandbox/err" 'would start 3 executions'
exits 0 ipaas schedule backfill ticks --from 2026-11-21T21:00:00Z --to 2026-11-21T21:38:00Z --yes -o json
eventually 20 count_is 5
exits 0 ipaas schedule backfill ticks --from 2026-11-21T20:30:00Z --to 2026-11-21T21:38:00Z --yes
holds "$sandbox/err" 'started 2 executions'
eventually 20 count_is 7
exits 5 ipaas schedule pause nobody

test_case "an older version comes back as the newest, and says so"
apply <<'YAML'
name: ticks
on:
  schedule:
    - cron: "35,36,37,40 * * * *"
      timezone: Europe/Berlin
steps:
  - log: "another text"
YAML
exits 0 ipaas workflow rollback ticks --to 1 -m 'the text was better'
holds "$sandbox/out" 'at version 3'
holds <(ipaas workflow history ticks) 'the text was better'
holds <(ipaas workflow get ticks) scheduled_for
exits 5 ipaas workflow rollback ticks --to 9

test_case "workflows that call each other for ever are refused with the way they go"
apply <<'YAML'
name: first
on: { manual: {} }
steps:
  - log: hi
YAML
cat >"$sandbox/cycle.yaml" <<'YAML'
name: second
on: { manual: {} }
steps:
  - call: first
---
name: first
on: { manual: {} }
steps:
  - call: second
YAML
exits 3 ipaas validate -f "$sandbox/cycle.yaml"
holds "$sandbox/err" 'first -> second -> first'
exits 3 ipaas apply -f "$sandbox/cycle.yaml"
holds "$sandbox/err" call_cycle
