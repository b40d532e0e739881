#!/usr/bin/env bash
# What a sender is answered: duplicates, filtered and refused deliveries, disabled workflows, bodies that are not JSON.
source "$(dirname "$0")/lib.sh"

start_sink
start_daemon
use_hook_credential
apply_webhook_to_sink orders
echo '{"total":7}' >"$sandbox/body.json"

test_case "the same delivery twice is one execution, and the answer names it"
equal "$(send_github orders delivery-1 "$sandbox/body.json")" 202
first=$(accepted_execution)
equal "$(send_github orders delivery-1 "$sandbox/body.json")" 200
equal "$(accepted_execution)" "$first"
exits 0 ipaas execution wait "$first" --timeout 20s
equal "$(sink_count)" 1

test_case "it stays a duplicate over a restart"
stop_daemon
start_daemon
equal "$(send_github orders delivery-1 "$sandbox/body.json")" 200
equal "$(accepted_execution)" "$first"

test_case "a wrong signature, and a changed byte, are 401 and start nothing"
good=$(github_signature "$sandbox/body.json")
echo '{"total":8}' >"$sandbox/changed.json"
post() { curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 "$@"; }
hook=$url/api/webhooks/default/orders
equal "$(post -H 'Content-Type: application/json' -H "X-Hub-Signature-256: $good" --data-binary @"$sandbox/changed.json" "$hook")" 401
equal "$(post -H 'Content-Type: application/json' --data-binary @"$sandbox/body.json" "$hook")" 401
holds "$sandbox/answer" '"success":false'
equal "$(executions succeeded orders)" 1

test_case "an unknown webhook is 404, the API on the public port 401"
equal "$(post --data-binary x "$url/api/webhooks/default/nothing")" 404
equal "$(post "$url/api/v1/workflows")" 401

test_case "malformed JSON under a JSON content type is 400; text stays text"
printf '{"total":' >"$sandbox/broken.json"
equal "$(send_github orders delivery-2 "$sandbox/broken.json")" 400
printf 'plain words' >"$sandbox/body.txt"
equal "$(post -H 'Content-Type: text/plain' -H 'X-GitHub-Delivery: delivery-3' \
  -H "X-Hub-Signature-256: $(github_signature "$sandbox/body.txt")" --data-binary @"$sandbox/body.txt" "$hook")" 202

test_case "what the filter turns away is 200 and starts nothing"
apply <<YAML
name: filtered
on:
  webhook:
    verify:
      scheme: github
      credential: hook
    filter: \${{ event.body.total > 100 }}
steps:
  - log: large
YAML
equal "$(send_github filtered delivery-4 "$sandbox/body.json")" 200
holds "$sandbox/answer" '"reason":"filtered"'
echo '{"total":101}' >"$sandbox/large.json"
equal "$(send_github filtered delivery-5 "$sandbox/large.json")" 202

test_case "a disabled workflow answers 202 and starts nothing"
ipaas workflow disable filtered >/dev/null
equal "$(send_github filtered delivery-6 "$sandbox/large.json")" 202
holds "$sandbox/answer" '"reason":"disabled"'
ipaas workflow enable filtered >/dev/null
equal "$(send_github filtered delivery-7 "$sandbox/large.json")" 202
exits 0 ipaas execution wait "$(accepted_execution)" --timeout 20s
equal "$(executions succeeded filtered)" 2

test_case "webhook url and webhook sign make a request that is accepted"
printf '%s' "$hook_secret" | ipaas webhook sign --scheme github --secret-stdin -f "$sandbox/body.json" >"$sandbox/headers"
equal "$(post -H 'Content-Type: application/json' -H "@$sandbox/headers" --data-binary @"$sandbox/body.json" \
  "$(ipaas webhook url orders 2>/dev/null)")" 202
