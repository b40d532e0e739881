#!/usr/bin/env bash
# What an operator does with executions: variables, retries from where they failed, dead letters, exports as tests, purges.
source "$(dirname "$0")/lib.sh"

start_sink
start_daemon

test_case "a workflow sees the tenant's variables, as they were when its execution began"
exits 0 ipaas variable set Target "$sink/nowhere-yet"
ipaas variable set limits --json '{"orders": 2}' >/dev/null
printf 'from a file\n' >"$sandbox/value"
ipaas variable set note --from-file "$sandbox/value" >/dev/null
equal "$(ipaas variable list -o json | first_member name)" limits
apply <<'YAML'
name: reads
on:
  manual: {}
steps:
  - id: a
    set: ${{ vars.NOTE }} ${{ vars.limits.orders }}
outputs:
  text: ${{ steps.a.outputs }}
YAML
equal "$(ipaas run reads --wait -o json | first_member text)" 'from a file 2'
exits 3 ipaas variable set '1st' x
exits 5 ipaas variable delete nothing --yes

test_case "a failed execution is a dead letter until it is retried, and finished steps are not repeated"
ipaas variable set target 'http://127.0.0.1:1/' >/dev/null
apply <<YAML
name: orders
on:
  manual: {}
inputs:
  order:
    type: string
    required: true
steps:
  - id: first
    uses: http/request
    with:
      method: POST
      url: $sink/first
      json:
        order: \${{ inputs.order }}
  - id: each
    for-each: \${{ fromJSON('[1, 2, 3]') }}
    steps:
      - id: inner
        uses: http/request
        with:
          method: POST
          url: $sink/inner-\${{ item }}
  - id: second
    uses: http/request
    retry:
      max-attempts: 1
    with:
      url: \${{ vars.target }}
outputs:
  order: \${{ steps.first.outputs.body }}
YAML
exits 7 ipaas run orders -i order=o-1 --wait -o json
failed=$(first_member id <"$sandbox/out")
equal "$(sink_count)" 4
equal "$(ipaas execution list --dead-letter -o name)" "execution/$failed"
ipaas execution get "$failed" >"$sandbox/shown"
holds "$sandbox/shown" 'connect_failed'
holds "$sandbox/shown" '  [2] inner'
holds "$sandbox/shown" "ipaas execution retry $failed"
exits 0 ipaas variable set target "$sink/second"
exits 0 ipaas execution retry "$failed" --from-failed -o name
retried=$(sed 's|execution/||' "$sandbox/out")
exits 0 ipaas execution wait "$retried" --timeout 20s
equal "$(sink_count)" 5
equal "$(ipaas execution get "$retried" -o json | first_member retry_of)" "$failed"
equal "$(ipaas execution list --dead-letter -o name)" ''
exits 5 ipaas execution retry "$failed"
holds "$sandbox/err" 'retried already'
exits 5 ipaas execution retry "$retried"
holds "$sandbox/err" 'ipaas run orders'

test_case "an execution that failed becomes a test that passes as it is"
mkdir "$sandbox/workflows"
ipaas export -d "$sandbox/workflows" >/dev/null
for execution in "$failed" "$retried"; do
  ipaas execution export "$execution" --as-test >"$sandbox/workflows/orders.test.yaml"
  exits 0 ipaas workflow test -f "$sandbox/workflows/orders.yaml"
done
holds "$sandbox/workflows/orders.test.yaml" "Made of the execution $retried"
exits 2 ipaas execution export "$failed"

test_case "dead letters are retried and discarded in bulk"
# Another one that is down: five failures in a row, and its breaker would have the calls wait.
ipaas variable set target 'http://127.0.0.1:2/' >/dev/null
for order in o-2 o-3 o-4; do exits 7 ipaas run orders -i "order=$order" --wait; done
exits 2 ipaas execution discard --dead-letter
exits 0 ipaas execution discard --dead-letter --code connect_failed --limit 1 --yes
equal "$(ipaas execution list --dead-letter -o name | wc -l)" 2
exits 0 ipaas execution retry --dead-letter -w orders --since 1h --yes -o name
equal "$(wc -l <"$sandbox/out")" 2
while read -r name; do exits 7 ipaas execution wait "${name#execution/}" --timeout 20s; done < <(cat "$sandbox/out")
exits 0 ipaas execution discard --dead-letter --yes
equal "$(ipaas execution list --dead-letter -o name)" ''

test_case "a wait and a watch follow finally, and end with the result"
apply <<YAML
name: slow
on:
  manual: {}
steps:
  - sleep: 1h
finally:
  - uses: http/request
    with:
      method: POST
      url: $sink/finally
YAML
slow=$(ipaas run slow -o name)
slow=${slow#execution/}
"$IPAAS_BIN/ipaas" execution watch "$slow" >"$sandbox/watched" 2>"$sandbox/watch.log" &
watcher=$!
eventually 10 grep -q waiting "$sandbox/watched"
exits 8 ipaas execution wait "$slow" --timeout 300ms
ipaas execution cancel "$slow" >/dev/null
exits 7 ipaas execution wait "$slow" --timeout 20s
holds "$sandbox/sink.out" '/finally'
status=0
wait "$watcher" || status=$?
equal "$status" 7
holds "$sandbox/watched" 'cancelled'

test_case "what ended long enough ago is purged, with all that hangs on it"
exits 2 ipaas execution purge --older-than 1h
before=$(ipaas execution list --limit 1000 -o name | wc -l)
equal "$(ipaas execution purge --older-than 1h --yes)" '0 executions purged'
equal "$(ipaas execution purge --older-than 0s -w orders --yes -o json | first_member purged)" 7
equal "$(ipaas execution list --limit 1000 -o name | wc -l)" $((before - 7))
exits 5 ipaas execution get "$failed"
exits 5 ipaas logs "$failed"
