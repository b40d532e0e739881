#!/usr/bin/env bash
# The examples: every one has a test beside it that passes, offline, and what a person reads and a program is told of it.
source "$(dirname "$0")/lib.sh"

test_case "every example has a test, and all of them pass"
for example in "$examples"/*.yaml; do
  [[ $example == *.test.yaml ]] || [ -s "${example%.yaml}.test.yaml" ] || fail "$example has no test"
done
exits 0 ipaas workflow test -f "$examples" --junit "$sandbox/report.xml"
holds "$sandbox/out" ' 0 failed'
[ "$(grep -c '<testsuite ' "$sandbox/report.xml")" -ge 6 ] || fail "the report lacks suites"
lacks "$sandbox/report.xml" '<failure'

test_case "a workflow that changes its behaviour fails its test, with the place of what was expected"
cp -r "$examples" "$sandbox/changed"
sed 's/#deployments/#releases/' "$examples/deploy-notice.yaml" >"$sandbox/changed/deploy-notice.yaml"
exits 1 ipaas workflow test -f "$sandbox/changed/deploy-notice.yaml" --junit "$sandbox/report.xml" --format github
line=$(grep -n '#deployments' "$sandbox/changed/deploy-notice.test.yaml" | cut -d: -f1)
holds "$sandbox/out" "deploy-notice.test.yaml:$line:22: calls[0].with.channel"
holds "$sandbox/out" 'expected  "#deployments"'
holds "$sandbox/out" 'actual    "#releases"'
holds "$sandbox/out" '::error file='
holds "$sandbox/report.xml" '<failure message='

test_case "--watch runs again after a change, and ends with 130 when it is interrupted"
cp -r "$examples" "$sandbox/watched"
set -m
ipaas workflow test --watch -f "$sandbox/watched/deploy-notice.yaml" >"$sandbox/watch.out" 2>"$sandbox/watch.err" &
watcher=$!
set +m
background+=("$watcher")
eventually 10 grep -q '3 passed, 0 failed' "$sandbox/watch.out"
cp "$sandbox/changed/deploy-notice.yaml" "$sandbox/watched/deploy-notice.yaml"
eventually 10 grep -q '2 passed, 1 failed' "$sandbox/watch.out"
kill -INT -- "-$watcher"
status=0
wait "$watcher" || status=$?
equal "$status" 130
