#!/usr/bin/env bash
# SIGTERM: nothing new, what is under way ends, and everybody is told.
source "$(dirname "$0")/lib.sh"

start_sink --delay-ms 1500
start_daemon
use_hook_credential
apply_webhook_to_sink slow
echo '{}' >"$sandbox/body.json"
equal "$(send_github slow d-1 "$sandbox/body.json")" 202
execution=$(accepted_execution)
eventually 10 sink_got 1

test_case "while it drains it is alive, not ready, and refuses webhooks with a reason and Retry-After"
kill -TERM "$daemon_pid"
not_ready() { [ "$(curl -s -o "$sandbox/ready" -w '%{http_code}' "$url/readyz")" = 503 ]; }
eventually 5 not_ready
holds "$sandbox/ready" '"draining"'
equal "$(curl -s -o "$sandbox/out" -w '%{http_code}' "$url/healthz")" 200
equal "$(send_github slow d-2 "$sandbox/body.json" -D "$sandbox/head")" 503
holds "$sandbox/answer" '"draining"'
grep -qi '^retry-after:' "$sandbox/head" || fail "no Retry-After"
exits 0 ipaas admin status
holds "$sandbox/ipaasd.log" draining

test_case "what was under way ends before it does"
wait "$daemon_pid" || fail "the daemon ended with status $?"
start_daemon
equal "$(execution_status "$execution")" succeeded
equal "$(sink_count)" 1
