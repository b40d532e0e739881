#!/usr/bin/env bash
# Waiting for people and programs, and senders who wait for a result: links, the command line, who is first, who goes away.
source "$(dirname "$0")/lib.sh"

cat >"$sandbox/ipaasd.yaml" <<'YAML'
public_url: https://hooks.example
egress:
  allow:
    - 127.0.0.0/8
YAML
start_sink
start_daemon

post() { curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 "$@"; }
waiting() { [ "$(ipaas execution get "$1" -o json | first_member status)" = waiting ]; }
start() { ipaas run "$1" -o json | first_member id; }
# The link that `notify` has sent for an execution, at this daemon's own address.
link_of() {
  sink_tells "$1"
  grep -o 'https://hooks.example/api/waits/[^"\\ ]*' "$sandbox/sink.out" | grep -F "$1" | head -n 1 | sed "s|https://hooks.example|$url|"
}
sink_tells() { eventually 20 grep -qF "api/waits/$1" "$sandbox/sink.out"; }

apply <<YAML
name: ask
on:
  manual: {}
steps:
  - id: ok
    wait-for:
      approval:
        message: Ship it?
        self: true
      timeout: 1h
      notify:
        - uses: http/request
          with:
            method: POST
            url: $sink/ask
            json:
              link: \${{ wait.url }}
outputs:
  by: \${{ steps.ok.outputs.by }}
---
name: strict
on:
  manual: {}
steps:
  - id: ok
    wait-for:
      approval:
        message: Not by you
---
name: paid
on:
  manual: {}
steps:
  - id: money
    wait-for:
      callback: {}
outputs:
  amount: \${{ steps.money.outputs.amount }}
---
name: quick
on:
  webhook:
    verify:
      scheme: none
    respond: result
steps:
  - id: x
    set: \${{ event.body.n }}
outputs:
  n: \${{ steps.x.outputs }}
---
name: slow
on:
  webhook:
    verify:
      scheme: none
    respond: result
steps:
  - wait-for:
      callback: {}
YAML

test_case "a link shows a page, and only posting decides; the second one is told so"
id=$(start ask)
link=$(link_of "$id")
equal "$(post -H 'Accept: text/html' "$link")" 200
holds "$sandbox/answer" 'Ship it?'
equal "$(post -I "$link")" 200
waiting "$id" || fail "looking has decided"
equal "$(post -d decision=approve -d comment=fine "$link")" 200
exits 0 ipaas execution wait "$id" --timeout 20s
equal "$(post -d decision=reject "$link")" 409
equal "$(ipaas execution get "$id" -o json | first_member by)" link

test_case "a link holds over a restart, and a wrong one is nothing"
id=$(start ask)
old=$(link_of "$id")
token=${old#*\?}
stop_daemon
start_daemon
new=$url/${old#http://*/}
equal "$(post -d decision=reject "${new}A")" 404
equal "$(post -d decision=reject "$url/api/waits/$id/ok")" 404
equal "$(post -d decision=reject "$url/api/waits/ex_00000000000000000000000000/ok?$token")" 404
equal "$(post -d decision=reject "$new")" 200
exits 7 ipaas execution wait "$id" --timeout 20s
holds "$sandbox/out" approval_rejected

test_case "the command line lists approvals and decides them"
id=$(start ask)
eventually 20 waiting "$id"
exits 0 ipaas approval list
holds "$sandbox/out" "$id/ok"
holds "$sandbox/out" 'Ship it?'
exits 0 ipaas approval approve "$id/ok" --comment 'as discussed'
exits 0 ipaas execution wait "$id" --timeout 20s
exits 5 ipaas approval reject "$id/ok"
exits 5 ipaas approval approve ex_nothing
exits 0 ipaas approval list -o json
equal "$(cat "$sandbox/out")" '[]'

test_case "who has started an execution may not approve it"
id=$(start strict)
eventually 20 waiting "$id"
exits 4 ipaas approval approve "$id"
holds "$sandbox/err" 'self: true'
exits 0 ipaas execution cancel "$id"

test_case "a callback is answered from the command line, once"
id=$(start paid)
eventually 20 waiting "$id"
exits 3 ipaas execution signal "$id" --step money --data '{'
exits 5 ipaas execution signal "$id" --step nothing
echo '{"amount": 12}' | exits 0 ipaas execution signal "$id" --step money --data -
exits 0 ipaas execution wait "$id" --timeout 20s
equal "$(ipaas execution get "$id" -o json | first_member amount)" 12
exits 5 ipaas execution signal "$id" --step money

test_case "a sender who asks for the result gets it"
equal "$(post -H 'Content-Type: application/json' -d '{"n":7}' "$url/api/webhooks/default/quick")" 200
holds "$sandbox/answer" '"data":{"n":7}'

test_case "a sender who goes away cancels what it waited for"
status=0
curl -sS --max-time 1 -d x "$url/api/webhooks/default/slow" >/dev/null 2>&1 || status=$?
equal "$status" 28
id=$(ipaas execution list -w slow -o json | first_member id)
eventually 10 has_status "$id" cancelled

test_case "what came in is listed and can be played again"
equal "$(post -H 'Content-Type: application/json' -d '{' "$url/api/webhooks/default/quick")" 400
exits 0 ipaas webhook deliveries quick
holds "$sandbox/out" refused
delivery=$(ipaas webhook deliveries quick -o json | tr -d '\n' | tr '{' '\n' | grep '"accepted"' | first_member id)
exits 0 ipaas webhook replay "$delivery" -o name
id=$(sed 's|execution/||' "$sandbox/out")
exits 0 ipaas execution wait "$id" --timeout 20s
equal "$(ipaas execution get "$id" -o json | first_member n)" 7
