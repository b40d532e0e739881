#!/usr/bin/env bash
# Webhooks that are unsigned, stale, replayed or sent a hundred times at once.
source "$(dirname "$0")/lib.sh"

start_daemon
use_hook_credential
apply <<'YAML'
name: paid
on:
  webhook:
    verify:
      scheme: stripe
      credential: hook
steps:
  - log: paid
---
name: keyed
on:
  webhook:
    verify:
      scheme: none
    dedupe: ${{ event.body.key }}
steps:
  - log: keyed
YAML
echo '{"id":"evt_1","type":"charge.succeeded"}' >"$sandbox/event.json"
post() { curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 -H 'Content-Type: application/json' "$@"; }
stripe_digest() { # TIMESTAMP
  { printf '%s.' "$1"; cat "$sandbox/event.json"; } | openssl dgst -sha256 -hmac "$hook_secret" | sed 's/.*= *//'
}
post_stripe() { post -H "Stripe-Signature: $1" --data-binary @"$sandbox/event.json" "$url/api/webhooks/default/paid"; }
now=$(date +%s)

test_case "without a signature, or with one that is too old or from the future, it is 401"
equal "$(post --data-binary @"$sandbox/event.json" "$url/api/webhooks/default/paid")" 401
for timestamp in $((now - 310)) $((now + 310)); do
  equal "$(post_stripe "t=$timestamp,v1=$(stripe_digest "$timestamp")")" 401
done
equal "$(post_stripe "t=$((now - 1)),v1=$(stripe_digest "$now")")" 401

test_case "one valid signature of two is enough, and the same id again is a duplicate"
good=$(stripe_digest "$now")
equal "$(post_stripe "t=$now,v1=$(printf '%064d' 0),v1=$good")" 202
first=$(accepted_execution)
equal "$(post_stripe "t=$now,v1=$good")" 200
equal "$(accepted_execution)" "$first"

test_case "an empty secret is refused"
exits 3 ipaas credential create empty --type generic --from-file - <<<'{"secret":""}'

test_case "100 posts at once with one key are one execution"
for ((number = 0; number < 100; number++)); do
  [ "$number" -eq 0 ] || echo next
  cat <<CURL
url = "$url/api/webhooks/default/keyed"
header = "Content-Type: application/json"
data = "{\"key\":\"same\"}"
output = "$sandbox/keyed-$number"
write-out = "%{http_code}\n"
max-time = 30
silent
CURL
done >"$sandbox/posts"
curl --parallel --parallel-immediate --parallel-max 100 -K "$sandbox/posts" >"$sandbox/statuses" 2>/dev/null
equal "$(sort "$sandbox/statuses" | uniq -c | tr -s ' ' | tr '\n' ';')" ' 99 200; 1 202;'
equal "$(cat "$sandbox"/keyed-* | grep -o 'ex_[0-9A-Za-z]*' | sort -u | grep -c .)" 1
equal "$(ipaas execution list -w keyed -o name | grep -c .)" 1
