#!/usr/bin/env bash
# What a stop and a crash leave behind: a stop lets calls end, a crash repeats only what may be repeated.
source "$(dirname "$0")/lib.sh"

start_sink --delay-ms 1500
start_daemon
apply_call() { # NAME METHOD
  apply <<YAML
name: $1
on:
  manual: {}
steps:
  - id: call
    uses: http/request
    with:
      method: $2
      url: $sink/$1
YAML
}
apply_call get GET
apply_call post POST
start_run() { # NAME: starts it and returns once the sink has been asked
  local before
  before=$(sink_count)
  execution=$(ipaas run "$1" -o name)
  execution=${execution#execution/}
  eventually 10 sink_got $((before + 1))
}
status_of() { curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$1" || true; }

test_case "it is alive and ready"
equal "$(status_of "$url/healthz")" 200
equal "$(status_of "$url/readyz")" 200

test_case "a stop lets a call that is out come to its end"
start_run post
stop_daemon
start_daemon
equal "$(execution_status "$execution")" succeeded
equal "$(sink_count)" 1

test_case "after a crash, a call that may be repeated is repeated"
start_run get
kill_daemon
start_daemon
exits 0 ipaas execution wait "$execution" --timeout 30s
equal "$(grep -c '"path":"/get"' "$sandbox/sink.out")" 2

test_case "after a crash, a call that may not be repeated fails and says that its outcome is unknown"
start_run post
kill_daemon
start_daemon
exits 7 ipaas execution wait "$execution" --timeout 30s -o json
holds "$sandbox/out" outcome_unknown
equal "$(grep -c '"path":"/post"' "$sandbox/sink.out")" 2

test_case "what was cancelled stays cancelled over a crash"
start_run get
ipaas execution cancel "$execution" >/dev/null
kill_daemon
start_daemon
equal "$(execution_status "$execution")" cancelled
