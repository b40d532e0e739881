#!/usr/bin/env bash
# Workflows from files: every example is valid and can be applied; what is wrong is refused whole, with its place.
source "$(dirname "$0")/lib.sh"

test_case "every example is valid, offline and strictly, and has a sample event"
exits 0 ipaas validate -f "$examples" --strict
count=0
for example in "$examples"/*.yaml; do
  [[ $example != *.test.yaml ]] || continue
  count=$((count + $(grep -c '^name: ' "$example")))
  name=$(basename "$example" .yaml)
  holds "$example" "name: $name"
  [ -s "$examples/events/$name.json" ] || fail "$name has no sample event"
done

start_daemon

test_case "a credential that is missing is refused with the command that creates it"
exits 3 ipaas apply -f "$examples/github-push-to-slack.yaml"
holds "$sandbox/err" 'ipaas credential create github-webhook'
holds "$sandbox/err" 'ipaas credential create slack-bot'

test_case "every example is applied once the credentials are there that its comment asks for"
sed -n 's/^# *ipaas credential create \([^ ]*\) --type \([a-z]*\) *\({[^}]*}\).*/\1 \2 \3/p' "$examples"/*.yaml | sort -u -k 1,1 >"$sandbox/asked"
while read -r name type fields; do
  credential "$name" "$type" "${fields//…/0123456789abcdef0123456789abcdef}"
done <"$sandbox/asked"
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

test_case "what is exported applies back unchanged, as one text and as files"
exits 0 ipaas export
cp "$sandbox/out" "$sandbox/all.yaml"
holds "$sandbox/all.yaml" 'name: deploy-notice'
exits 0 ipaas apply -f "$sandbox/all.yaml" -o json
lacks "$sandbox/out" '"updated"'
lacks "$sandbox/out" '"created"'
equal "$(grep -c '"unchanged"' "$sandbox/out")" "$(ipaas workflow list -o name | wc -l)"
exits 0 ipaas export -d "$sandbox/exported"
equal "$(ls "$sandbox/exported"/*.yaml | wc -l)" "$(ipaas workflow list -o name | wc -l)"
exits 0 ipaas diff -f "$sandbox/exported"
exits 0 ipaas export -d "$sandbox/exported"
lacks "$sandbox/out" replaced
printf '# mine\n' >"$sandbox/exported/deploy-notice.yaml"
exits 2 ipaas export -d "$sandbox/exported"
equal "$(cat "$sandbox/exported/deploy-notice.yaml")" '# mine'
exits 0 ipaas export -d "$sandbox/exported" --yes
exits 0 ipaas diff -f "$sandbox/exported"

test_case "texts as editors leave them go there and back unchanged"
mkdir "$sandbox/nasty"
minimal() { printf 'name: %s\non:\n  manual: {}\nsteps:\n  - log: hello\n' "$1"; }
{ printf '\xEF\xBB\xBF'; minimal bom; } >"$sandbox/nasty/bom.yaml"
minimal crlf | sed 's/$/\r/' >"$sandbox/nasty/crlf.yaml"
minimal no-end | head -c -1 >"$sandbox/nasty/no-end.yaml"
{ echo '# a header'; echo '---'; minimal marked; echo '# a footer'; } >"$sandbox/nasty/marked.yaml"
{ echo '%YAML 1.2'; echo '---'; minimal directive; echo '...'; } >"$sandbox/nasty/directive.yaml"
{ minimal stream-one; echo '---'; echo; minimal stream-two; echo '--- # three'; minimal stream-three; } >"$sandbox/nasty/stream.yaml"
printf 'name: kept\non:\n  manual: {}\nsteps:\n  - log: |+\n      keep\n\n\n' >"$sandbox/nasty/kept.yaml"
exits 0 ipaas apply -f "$sandbox/nasty"
exits 0 ipaas apply -f "$sandbox/nasty" -o json
equal "$(grep -c '"unchanged"' "$sandbox/out")" 9
names='bom crlf no-end marked directive stream-one stream-two stream-three kept'
ipaas export $names >"$sandbox/nasty.yaml"
exits 0 ipaas apply -f - -o json <"$sandbox/nasty.yaml"
equal "$(grep -c '"unchanged"' "$sandbox/out")" 9
ipaas export $names | exits 0 ipaas diff -f -
exits 0 ipaas export -d "$sandbox/nasty-out" $names
exits 0 ipaas apply -f "$sandbox/nasty-out" -o json
equal "$(grep -c '"unchanged"' "$sandbox/out")" 9
for name in $names; do exits 0 ipaas workflow delete "$name" --yes; done

test_case "diff tells what a change means, and what the daemon would refuse"
sed 's/#deployments/#releases-two/' "$examples/deploy-notice.yaml" >"$sandbox/deploy-notice.yaml"
exits 1 ipaas diff -f "$sandbox/deploy-notice.yaml"
holds "$sandbox/out" '~ deploy-notice: updated from version 2'
holds "$sandbox/out" '"#releases" -> "#releases-two"'
exits 1 ipaas diff -f "$sandbox/deploy-notice.yaml" -o markdown
holds "$sandbox/out" '<details><summary><b>deploy-notice</b>: updated'
sed 's/slack-bot/slack-missing/; s/^name: .*/name: without/' "$examples/github-push-to-slack.yaml" >"$sandbox/without.yaml"
exits 1 ipaas diff -f "$sandbox/without.yaml"
holds "$sandbox/err" "the credential 'slack-missing' does not exist"
exits 3 ipaas diff --strict -f "$sandbox/without.yaml"

test_case "a set is pruned of what its files have no more, and of nothing else"
mkdir "$sandbox/set"
for name in one two three; do minimal "$name" >"$sandbox/set/$name.yaml"; done
printf 'cases: []\n' >"$sandbox/set/one.test.yaml"
minimal alone | apply
exits 0 ipaas apply -f "$sandbox/set" --set shop
minimal elsewhere | ipaas apply -f - --set ops >/dev/null
rm "$sandbox/set/two.yaml" "$sandbox/set/three.yaml"
minimal four >"$sandbox/set/four.yaml"
exits 2 ipaas apply -f "$sandbox/set" --prune --yes
exits 2 ipaas apply -f "$sandbox/set" --set '' --prune --yes
exits 2 ipaas apply -f "$sandbox/set" --set shop --prune
holds "$sandbox/err" 'three, two'
exits 5 ipaas workflow get four
exits 1 ipaas diff -f "$sandbox/set" --set shop --prune
holds "$sandbox/out" '- two: pruned'
exits 0 ipaas apply -f "$sandbox/set" --set shop --prune --dry-run -o json
equal "$(grep -c '"pruned"' "$sandbox/out")" 2
exits 0 ipaas workflow get two
credentials=$(ipaas credential list -o name | sort)
exits 0 ipaas apply -f "$sandbox/set" --set shop --prune --yes -o json
equal "$(grep -c '"pruned"' "$sandbox/out")" 2
for name in two three; do exits 5 ipaas workflow get $name; done
for name in one four alone elsewhere deploy-notice; do exits 0 ipaas workflow get $name; done
equal "$(ipaas credential list -o name | sort)" "$credentials"
exits 0 ipaas diff -f "$sandbox/set" --set shop --prune

test_case "a prune without files, or beside a file that is wrong, deletes nothing"
mkdir "$sandbox/empty"
exits 3 ipaas apply -f "$sandbox/empty" --set shop --prune --yes
exits 3 ipaas apply -f - --set shop --prune --yes </dev/null
printf 'name: wrong\n' >"$sandbox/empty/wrong.yaml"
exits 3 ipaas apply -f "$sandbox/empty" --set shop --prune --yes
exits 0 ipaas workflow get one

test_case "a set outlives the daemon, and a workflow moves with the set it is applied under last"
stop_daemon
start_daemon
minimal one | exits 0 ipaas apply -f - --set ops
holds "$sandbox/err" 'one moves from the set shop to ops'
holds "$sandbox/out" unchanged
exits 0 ipaas apply -f "$sandbox/set/four.yaml" --set shop --prune --yes -o json
lacks "$sandbox/out" pruned
exits 0 ipaas workflow get one

test_case "a pruned workflow's executions can still be read"
ipaas run one --wait -o json >"$sandbox/run.json"
minimal elsewhere | exits 0 ipaas apply -f - --set ops --prune --yes
exits 5 ipaas workflow get one
exits 0 ipaas execution get "$(first_member id <"$sandbox/run.json")"

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

test_case "inputs are checked before anything runs"
exits 3 ipaas run manual-report -i period=year
exits 3 ipaas run manual-report -i dry-run=perhaps

test_case "a workflow that is deleted has no webhook any more"
exits 0 ipaas workflow delete deploy-notice --yes
exits 5 ipaas webhook url deploy-notice
exits 5 ipaas workflow get deploy-notice
