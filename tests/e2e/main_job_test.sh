#!/usr/bin/env bash
# The main job: a signed webhook runs a workflow that posts to Slack, and nothing secret is ever shown.
source "$(dirname "$0")/lib.sh"

token=xoxb-000000000000-notarealtoken-Zq8vTn3LrWb6
start_sink
start_daemon
credential github-webhook generic "{\"secret\":\"$hook_secret\"}"
credential slack-bot slack "{\"token\":\"$token\",\"base_url\":\"$sink/api\"}"
ipaas apply -f "$examples/github-push-to-slack.yaml" >/dev/null

# Somebody has pasted the bot's token into a commit message.
sed "s/\"Initial commit\"/\"Initial commit with $token\"/" "$examples/events/github-push-to-slack.json" >"$sandbox/push.json"
holds "$sandbox/push.json" "$token"

test_case "a signed push is accepted with 202 and the execution's id"
equal "$(send_github github-push-to-slack delivery-1 "$sandbox/push.json")" 202
execution=$(accepted_execution)
case $execution in ex_*) ;; *) fail "no execution id: $(cat "$sandbox/answer")" ;; esac

test_case "it ends as succeeded, and Slack has the message with the credential attached"
exits 0 ipaas execution wait "$execution" --timeout 20s
equal "$(sink_count)" 1
holds "$sandbox/sink.out" '"path":"/api/chat.postMessage"'
holds "$sandbox/sink.out" "Bearer $token"
holds "$sandbox/sink.out" 'Codertocat/Hello-World'

test_case "its steps are shown, in order"
ipaas execution get "$execution" >"$sandbox/shown"
holds "$sandbox/shown" succeeded
equal "$(ipaas execution get "$execution" -o json | grep -c '"path"')" 3

test_case "the log tells what happened, masked"
ipaas logs "$execution" >"$sandbox/log"
holds "$sandbox/log" 'Codertocat pushed to'
holds "$sandbox/log" '***REDACTED***'

test_case "the secret is in no log, answer, listing or file"
for format in table wide json yaml; do
  ipaas logs "$execution" -o $format
  ipaas execution get "$execution" -o $format
  ipaas credential list -o $format
  ipaas workflow get github-push-to-slack -o $format
done >"$sandbox/everything"
lacks "$sandbox/everything" "$token"
lacks "$sandbox/everything" "$hook_secret"
lacks "$sandbox/ipaasd.log" "$token"
stop_daemon
if grep -rqaF -- "$token" "$sandbox/data"; then fail "the token is readable in the data directory"; fi
if grep -rqaF -- "$hook_secret" "$sandbox/data"; then fail "the webhook's secret is readable in the data directory"; fi

test_case "keys and data are closed to other users"
equal "$(stat -c %a "$sandbox/data")" 700
for file in "$sandbox"/data/*; do
  equal "$(stat -c %a "$file")" 600
done
