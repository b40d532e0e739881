#!/usr/bin/env bash
# 1,000 webhooks at once on 10 workers: every one is accepted, executed and delivered, and each only once.
source "$(dirname "$0")/lib.sh"

count=1000 senders=4
start_sink
start_daemon --workers 10
use_hook_credential
apply_webhook_to_sink storm
echo '{"total":7}' >"$sandbox/body.json"
signature=$(github_signature "$sandbox/body.json")

# One configuration a sender: a request each, all under way at once.
for ((sender = 0; sender < senders; sender++)); do
  for ((number = sender; number < count; number += senders)); do
    [ "$number" -eq "$sender" ] || echo next
    cat <<CURL
url = "$url/api/webhooks/default/storm"
header = "Content-Type: application/json"
header = "X-GitHub-Event: push"
header = "X-GitHub-Delivery: delivery-$number"
header = "X-Hub-Signature-256: $signature"
data-binary = "@$sandbox/body.json"
output = "/dev/null"
write-out = "%{http_code}\n"
max-time = 60
silent
CURL
  done >"$sandbox/sender-$sender.curl"
done

test_case "$count simultaneous webhooks are all accepted"
senders_pids=()
for ((sender = 0; sender < senders; sender++)); do
  curl --parallel --parallel-immediate --parallel-max $((count / senders)) -K "$sandbox/sender-$sender.curl" \
    >"$sandbox/answers-$sender" 2>/dev/null &
  senders_pids+=($!)
done
wait "${senders_pids[@]}"
equal "$(cat "$sandbox"/answers-* | sort | uniq -c | tr -s ' ')" " $count 202"

test_case "every one is executed"
all_ended() { [ "$(executions succeeded storm)" -eq $count ]; }
eventually 60 all_ended

test_case "and delivered once"
equal "$(sink_count)" $count
equal "$(grep -o '"idempotency_key":"[^"]*"' "$sandbox/sink.out" | sort -u | grep -c .)" $count
equal "$(grep -o 'delivery-[0-9]*' "$sandbox/sink.out" | sort -u | grep -c .)" $count

test_case "the daemon stops cleanly and its database is whole"
stop_daemon
equal "$(sqlite3 "$sandbox/data/ipaas.db" 'PRAGMA integrity_check')" ok
