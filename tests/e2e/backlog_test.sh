#!/usr/bin/env bash
# When the durable backlog is full, webhooks are told to come back later, and everything accepted is still executed.
source "$(dirname "$0")/lib.sh"

start_sink --delay-ms 600000
export IPAASD_LIMITS_BACKLOG=5
start_daemon
unset IPAASD_LIMITS_BACKLOG
apply <<YAML
name: hang
on:
  webhook:
    verify:
      scheme: none
steps:
  - uses: http/request
    with:
      method: PUT
      url: $sink/
    timeout: 10m
YAML
post() {
  curl -sS -D "$sandbox/head" -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 --data-binary x "$url/api/webhooks/default/hang"
}

test_case "beyond the backlog it is 503 with Retry-After, and a warning says so"
for ((number = 0; number < 5; number++)); do
  equal "$(post)" 202
  accepted_execution >>"$sandbox/accepted"
done
equal "$(post)" 503
grep -qi '^retry-after: [0-9]' "$sandbox/head" || fail "no Retry-After: $(cat "$sandbox/head")"
holds "$sandbox/answer" backlog_full
holds "$sandbox/ipaasd.log" 'the backlog is full'

test_case "the backlog is durable: after a crash it is still full"
kill_daemon
export IPAASD_LIMITS_BACKLOG=5
start_daemon
unset IPAASD_LIMITS_BACKLOG
equal "$(post)" 503

test_case "when there is room again, webhooks are accepted again"
while read -r execution; do
  exits 0 ipaas execution cancel "$execution"
  exits 7 ipaas execution wait "$execution" --timeout 10s
done <"$sandbox/accepted"
accepted_again() { [ "$(post)" = 202 ]; }
eventually 10 accepted_again
