#!/usr/bin/env bash
# Workflows from files: every example is valid and can be applied; what is wrong is refused whole, with its place.
source "$(dirname "$0")/lib.sh"

test_case "every example is valid, offline and strictly, and has a sample event"
exits 0 ipaas validate -f "$examples" --strict
count=0
for example in "$examples"/*.yaml; do
  [[ $example != *.test.yaml ]] || continue
  count=$((count + 1))
  name=$(basename "$example" .yaml)
  holds "$example" "name: $name"
  [ -s "$examples/events/$name.json" ] || fail "$name has no sample event"
done

start_daemon

test_case "a credential that is missing is refused with the command that creates it"
exits 3 ipaas apply -f "$examples/github-push-to-slack.yaml"
holds "$sandbox/err" 'ipaas credential create github-webhook'
holds "$sandbox/err" 'ipaas credential create slack-bot'

test_case "every example is applied once its credentials are there"
for name in github-webhook stripe-endpoint deploy-signing; do
  credential $name generic '{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}'
done
credential slack-bot slack '{"token":"xoxb-000000000000-notarealtoken"}'
credential slack-incoming slack '{"webhook_url":"https://hooks.slack.com/services/T0/B0/none"}'
credential reports-api bearer '{"token":"not-a-real-token","base_url":"https://reports.example.com"}'
credential backup-api bearer '{"token":"not-a-real-token"}'
credential alertmanager bearer '{"token":"0123456789abcdef0123456789abcdef"}'
exits 0 ipaas apply -f "$examples" -o json
equal "$(grep -c '"created"' "$sandbox/out")" "$count"

test_case "applying them again changes nothing, and diff agrees"
exits 0 ipaas apply -f "$examples" -o json
equal "$(grep -c '"unchanged"' "$sandbox/out")" "$count"
exits 0 ipaas diff -f "$examples"

test_case "a change is shown by diff, and makes a new version"
sed 's/#deployments/#releases/' "$examples/deploy-notice.yaml" >"$sandbox/deploy-notice.yaml"
exits 1 ipaas diff -f "$sandbox/deploy-notice.yaml"
holds "$sandbox/out" '#releases'
exits 0 ipaas apply -f "$sandbox/deploy-notice.yaml" -o json
equal "$(first_member version <"$sandbox/out")" 2

test_case "one wrong document refuses all of them, with its place"
mkdir "$sandbox/mixed"
printf 'name: right\non:\n  manual: {}\nsteps:\n  - log: hello\n' >"$sandbox/mixed/a.yaml"
printf 'name: wrong\non:\n  manual: {}\nsteps:\n  - lgo: hello\n' >"$sandbox/mixed/b.yaml"
exits 3 ipaas apply -f "$sandbox/mixed"
holds "$sandbox/err" 'b.yaml:5:'
holds "$sandbox/err" 'log'
exits 5 ipaas workflow get right

test_case "one name twice in an apply is refused whole"
sed 's/hello/again/' "$sandbox/mixed/a.yaml" >"$sandbox/mixed/b.yaml"
exits 3 ipaas apply -f "$sandbox/mixed"
exits 5 ipaas workflow get right

test_case "a key that this version does not run is refused by name"
printf 'name: later\non:\n  manual: {}\nsteps:\n  - sleep: 5s\n' >"$sandbox/later.yaml"
exits 3 ipaas validate -f "$sandbox/later.yaml"
holds "$sandbox/err" sleep

test_case "inputs are checked before anything runs"
exits 3 ipaas run manual-report -i period=year
exits 3 ipaas run manual-report -i dry-run=perhaps

test_case "a workflow that is deleted has no webhook any more"
exits 0 ipaas workflow delete deploy-notice --yes
exits 5 ipaas webhook url deploy-notice
exits 5 ipaas workflow get deploy-notice
