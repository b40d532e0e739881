#!/usr/bin/env bash
# A cancelled execution stops within 100 ms, whatever it is doing: its status is there at once, what it waited for is let
# go, `finally` runs, and nothing else is called any more.
source "$(dirname "$0")/lib.sh"

limit_ms=100 tries=5
start_sink --black-hole
black_hole=$(first_member black_hole <"$sandbox/sink.out")
start_daemon

# A workflow NAME whose main step is on standard input; `finally` tells the sink. MORE are top-level keys.
apply_cancellable() { # NAME [MORE]
  apply <<YAML
name: $1
on:
  manual: {}
${2:-}
steps:
$(cat)
  - id: never
    uses: http/request
    with:
      url: $sink/never/$1
finally:
  - uses: http/request
    with:
      method: PUT
      url: $sink/finally/$1/\${{ execution.id }}
YAML
}

now_ms() { date +%s%3N; }
run() { ipaas run "$1" -o json | first_member id; }
outcome() { ipaas execution get "$1" -o json; }
sink_told() { grep -qF "\"path\":\"$1\"" "$sandbox/sink.out"; }
caller_is_gone() { grep -qF "\"gone\":\"$1\"" "$sandbox/sink.out"; }
gone_at() { grep -F "\"gone\":\"$1\"" "$sandbox/sink.out" | first_member at; }
has_ended() { [ -n "$(outcome "$1" | first_member ended_at)" ] && [ "$(outcome "$1" | first_member ended_at)" != null ]; }

# Cancels through the daemon's own route, without the time that a command needs to start; its milliseconds go to $took.
cancel() { # EXECUTION
  local seconds
  seconds=$(curl -sS -o "$sandbox/answer" -w '%{http_code} %{time_total}' --unix-socket "$sandbox/ipaasd.sock" \
    -X POST "http://localhost/api/v1/executions/$1/cancel")
  equal "${seconds% *}" 200
  took=$(awk -v s="${seconds#* }" 'BEGIN {printf "%d", s * 1000}')
  asked_at=$(($(now_ms) - took))
}

# Cancels executions of a workflow, each once it is where it should be, and checks what follows. The median counts: what
# else the machine does may delay one.
cancels_in_time() { # WORKFLOW READY [FOLLOWS]
  local workflow=$1 ready=$2 follows=${3:-finally_runs} times=() number
  for ((number = 0; number < tries; number++)); do
    execution=$(run "$workflow")
    eventually 10 "$ready" "$execution"
    cancel "$execution"
    times+=("$took")
    equal "$(execution_status "$execution")" cancelled
    "$follows" "$execution"
  done
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$((tries / 2 + 1))p")
  printf '  %s: %s ms\n' "$workflow" "$median"
  [ "$median" -lt $limit_ms ] || fail "cancelling $workflow took ${times[*]} ms"
}
finally_runs() {
  eventually 10 sink_told "/finally/$workflow/$1"
  eventually 10 has_ended "$1"
  equal "$(execution_status "$1")" cancelled
}

test_case "waiting for an answer: the caller hangs up"
apply_cancellable holding <<YAML
  - id: call
    uses: http/request
    with:
      url: $sink/hold/\${{ execution.id }}
YAML
is_asked() { sink_told "/hold/$1"; }
released=()
receiver_is_let_go() {
  eventually 10 caller_is_gone "/hold/$1"
  released+=($(($(gone_at "/hold/$1") - asked_at)))
  finally_runs "$1"
}
cancels_in_time holding is_asked receiver_is_let_go
median=$(printf '%s\n' "${released[@]}" | sort -n | sed -n "$((tries / 2 + 1))p")
[ "$median" -lt $limit_ms ] || fail "the receiver was let go after ${released[*]} ms"

test_case "connecting to where nobody answers"
apply_cancellable connecting <<YAML
  - id: call
    uses: http/request
    with:
      url: http://127.0.0.1:$black_hole/
YAML
is_connecting() { grep -qE "^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:$(printf %04X "$black_hole") 02 " /proc/"$daemon_pid"/net/tcp; }
cancels_in_time connecting is_connecting

test_case "waiting for the next try"
apply_cancellable retrying <<YAML
  - id: call
    uses: http/request
    with:
      url: http://127.0.0.1:9/
    retry:
      max-attempts: 5
      delay: 1h
      max-delay: 1h
YAML
has_failed_once() { outcome "$1" | grep -qF '"connect_failed"'; }
cancels_in_time retrying has_failed_once

test_case "sleeping"
apply_cancellable sleeping <<'YAML'
  - sleep: 1h
YAML
is_waiting() { has_status "$1" waiting; }
cancels_in_time sleeping is_waiting

test_case "waiting for an approval"
apply_cancellable approving <<'YAML'
  - id: ok
    wait-for:
      approval:
        message: Shall we?
YAML
cancels_in_time approving is_waiting

test_case "in a child, which is cancelled, too, and lets its receiver go"
apply <<YAML
name: called
on:
  manual: {}
inputs:
  caller:
    type: string
steps:
  - id: call
    uses: http/request
    with:
      url: $sink/hold/child/\${{ inputs.caller }}
finally:
  - uses: http/request
    with:
      method: PUT
      url: $sink/finally/called/\${{ inputs.caller }}
YAML
apply_cancellable calling <<'YAML'
  - id: child
    call: called
    with:
      caller: ${{ execution.id }}
YAML
child_is_asked() { sink_told "/hold/child/$1"; }
child_is_cancelled() {
  eventually 10 caller_is_gone "/hold/child/$1"
  eventually 10 sink_told "/finally/called/$1"
  finally_runs "$1"
}
cancels_in_time calling child_is_asked child_is_cancelled
equal "$(executions cancelled called)" $tries

test_case "queued behind another of its group"
apply_cancellable queued $'concurrency:\n  group: one\n  limit: 1\n  on-limit: queue' <<YAML
  - id: call
    uses: http/request
    with:
      url: $sink/hold/first
YAML
first=$(run queued)
eventually 10 sink_told /hold/first
is_queued() { has_status "$1" queued; }
it_ends() { eventually 10 has_ended "$1"; }
cancels_in_time queued is_queued it_ends
cancel "$first"
eventually 10 caller_is_gone /hold/first

test_case "nothing was called after a cancellation but finally, and each of those once"
lacks "$sandbox/sink.out" '"path":"/never/'
equal "$(grep -o '"path":"/finally/[^"]*"' "$sandbox/sink.out" | sort | uniq -d)" ''
equal "$(executions running)$(executions waiting)$(executions queued)" 000
stop_daemon
equal "$(sqlite3 "$sandbox/data/ipaas.db" 'SELECT count(*) FROM outbox')" 0
