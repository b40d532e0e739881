#!/usr/bin/env bash
# What goes wrong at a receiver: retries, failures that say why, cancellation, and what scripts are told.
source "$(dirname "$0")/lib.sh"

start_daemon
apply_call() { # NAME METHOD URL, more keys of the step on standard input
  apply <<YAML
name: $1
on:
  manual: {}
steps:
  - id: call
    uses: http/request
    with:
      method: $2
      url: $3
$(sed 's/^/    /')
YAML
}

test_case "a receiver that is there gives exit status 0 to run --wait"
start_sink
apply_call fine GET "$sink/" </dev/null
exits 0 ipaas run fine --wait -o json
equal "$(first_member status <"$sandbox/out")" succeeded

test_case "a receiver that is busy twice is asked a third time, with one idempotency key"
stop_sink
start_sink --status 500 --first 2
apply_call busy PUT "$sink/" <<<'retry: { delay: 10ms, jitter: none }'
exits 0 ipaas run busy --wait -o json
equal "$(sink_count)" 3
equal "$(first_member attempts <"$sandbox/out")" 3

test_case "what may have happened is not repeated unless the workflow says so"
stop_sink
start_sink --status 500
apply_call unsafe POST "$sink/" <<<'retry: { delay: 10ms, jitter: none }'
exits 7 ipaas run unsafe --wait -o json
holds "$sandbox/out" outcome_unknown
equal "$(sink_count)" 1

test_case "a refusal is not repeated at all"
stop_sink
start_sink --status 404
apply_call refused GET "$sink/" </dev/null
exits 7 ipaas run refused --wait -o json
holds "$sandbox/out" '"rejected"'
equal "$(sink_count)" 1

test_case "a receiver that is not there is tried three times and then named"
stop_sink
dead_address
apply_call dead POST "$sink/" <<<'retry: { delay: 10ms, jitter: none }'
exits 7 ipaas run dead --wait -o json
holds "$sandbox/out" connect_failed
equal "$(first_member attempts <"$sandbox/out")" 3

test_case "continue-on-error goes on, and a later step sees the outcome"
apply <<YAML
name: soft
on:
  manual: {}
steps:
  - id: call
    uses: http/request
    with:
      url: $sink/
    retry:
      max-attempts: 1
    continue-on-error: true
  - log: "the call was a \${{ steps.call.outcome }}"
YAML
exits 0 ipaas run soft --follow
holds "$sandbox/out" 'the call was a failure'

test_case "a call that hangs is cut by its timeout"
start_sink --delay-ms 60000
apply_call slow GET "$sink/" <<<$'timeout: 200ms\nretry: { max-attempts: 1 }'
exits 7 ipaas run slow --wait -o json
holds "$sandbox/out" timeout

test_case "a running execution is cancelled at once"
apply_call long GET "$sink/" <<<'timeout: 5m'
execution=$(ipaas run long -o name)
execution=${execution#execution/}
eventually 10 sink_got 2
exits 8 ipaas execution wait "$execution" --timeout 1ms
exits 0 ipaas execution cancel "$execution"
exits 7 ipaas execution wait "$execution" --timeout 5s
equal "$(execution_status "$execution")" cancelled

test_case "a destination that egress does not allow is refused before anything is sent"
stop_daemon
echo '{}' >"$sandbox/ipaasd.yaml"
before=$(sink_count)
start_daemon
exits 7 ipaas run fine --wait -o json
apply_call metadata GET http://169.254.169.254/latest/meta-data/ </dev/null
exits 7 ipaas run metadata --wait -o json
holds "$sandbox/out" egress_blocked
equal "$(sink_count)" "$before"

test_case "what is not there, and what is wrong, have their own exit statuses"
exits 5 ipaas run nothing
exits 5 ipaas execution get ex_nothing
exits 2 ipaas run
exits 3 ipaas run fine -i unknown=1
