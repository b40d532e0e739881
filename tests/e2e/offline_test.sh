#!/usr/bin/env bash
# What the command line does without a daemon, and how scripts use it.
source "$(dirname "$0")/lib.sh"

test_case "mask replaces secrets in what it copies, and keeps the rest byte for byte"
printf 'user=ada password=correct-horse\nplain \xc3\xbc text\n' | ipaas mask >"$sandbox/masked"
holds "$sandbox/masked" 'user=ada password=***REDACTED***'
holds "$sandbox/masked" $'plain \xc3\xbc text'

test_case "validate says every error of a file with its place and exits 3"
printf 'name: Bad Name\non:\n  manuel: {}\nsteps:\n  - lgo: hi\n' >"$sandbox/bad.yaml"
exits 3 ipaas validate -f "$sandbox/bad.yaml"
holds "$sandbox/err" "$sandbox/bad.yaml:1:"
holds "$sandbox/err" "$sandbox/bad.yaml:3:3"
holds "$sandbox/err" manual
holds "$sandbox/err" "$sandbox/bad.yaml:5:"

test_case "validate --format github prints annotations"
exits 3 ipaas validate -f "$sandbox/bad.yaml" --format github
holds "$sandbox/out" '::error file='

test_case "fmt writes a file in its canonical form, keeps its comments, and changes nothing the second time"
printf 'steps:\n- log:   "hi" # says hi\nname: a\n' >"$sandbox/untidy.yaml"
exits 1 ipaas fmt --check -f "$sandbox/untidy.yaml"
holds "$sandbox/out" "$sandbox/untidy.yaml"
exits 0 ipaas fmt -f "$sandbox/untidy.yaml"
printf 'name: a\nsteps:\n  - log: hi  # says hi\n' | cmp - "$sandbox/untidy.yaml"
exits 0 ipaas fmt --check -f "$sandbox/untidy.yaml"
printf 'a: [\n' | exits 3 ipaas fmt -f -
holds "$sandbox/err" '<stdin>:'

test_case "every example is written as fmt writes it"
exits 0 ipaas fmt --check -R -f "$examples"

test_case "schedule next says when a cron expression is due, in the zone's offset"
exits 0 ipaas schedule next '30 2 * * *' --timezone Europe/Berlin --from 2026-03-28T12:00:00Z -n 2 -o json
[ "$(tr -d ' \n' <"$sandbox/out")" = '["2026-03-29T03:00:00+02:00","2026-03-30T02:30:00+02:00"]' ]
exits 3 ipaas schedule next '30 2 * * *' --timezone berlin
holds "$sandbox/err" 'Europe/Berlin'
exits 3 ipaas schedule next '0 0 30 2 *'

test_case "eval says what an expression gives, from a file or a pipe, and shows where one is wrong"
printf 'event:\n  items: [{id: 1, total: 5}, {id: 2, total: 500}]\n' >"$sandbox/event.yaml"
[ "$(ipaas eval 'map(filter(event.items, o => o.total > 100), o => o.id)[0]' --context "$sandbox/event.yaml")" = 2 ]
[ "$(echo "format('{0} of {1}', 1, 2)" | ipaas eval -)" = '1 of 2' ]
[ "$(echo '{"a":[1]}' | ipaas eval 'a[0] == 1' --context - -o json)" = true ]
exits 3 ipaas eval "regexMatch('x', '(')"
holds "$sandbox/err" '^'
holds "$sandbox/err" '1:17: the pattern is not a regular expression'

test_case "what a hostile expression takes is bounded"
for hostile in 'map(range(1000), x => map(range(1000), y => y))' "padStart('', 1e12, 'x')" 'range(0, 1e9)' "$(printf '1%.0s' {1..21001})"; do
  exits 3 ipaas eval "$hostile"
done
exits 0 ipaas eval "regexMatch('$(printf 'a%.0s' {1..5000})!', '(a+)+\$')"

test_case "webhook sign makes GitHub's own documented signature"
printf 'Hello, World!' >"$sandbox/body"
printf %s "It's a Secret to Everybody" | ipaas webhook sign --scheme github --secret-stdin -f "$sandbox/body" >"$sandbox/headers"
holds "$sandbox/headers" 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

test_case "completions are scripts that their shell can read"
ipaas completion bash | bash -n
for shell in zsh fish; do
  ipaas completion $shell >"$sandbox/completion"
  holds "$sandbox/completion" ipaas
done

test_case "a wrong command is a usage error that suggests the right one; help and version are not errors"
exits 2 ipaas workflw list
holds "$sandbox/err" workflow
exits 0 ipaas --help
exits 0 ipaas version
exits 0 "$IPAAS_BIN/ipaasd" --version

test_case "a pipe that closes early is no failure"
ipaas --help | sed -n 1q

test_case "init writes a workflow and a test that work at once, and overwrites nothing"
for trigger in manual schedule webhook; do
  for action in log http slack; do
    exits 0 ipaas init "$sandbox/first" --trigger $trigger --action $action --name "$trigger-$action" </dev/null
  done
done
exits 0 ipaas validate --strict -f "$sandbox/first"
exits 0 ipaas workflow test -f "$sandbox/first"
holds "$sandbox/out" '15 passed, 0 failed'
exits 5 ipaas init "$sandbox/first" --name manual-log </dev/null

test_case "what only looks like a test in a directory is not waited for"
mkfifo "$sandbox/first/pipe.test.yaml"
exits 0 timeout 20 "$IPAAS_BIN/ipaas" workflow test -f "$sandbox/first"
