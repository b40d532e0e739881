#!/usr/bin/env bash
# Values from a payload, wherever they may end up: in a log, a header, an address, a signature.
source "$(dirname "$0")/lib.sh"

start_sink
start_daemon --log-format json
apply <<YAML
name: say
on:
  manual: {}
inputs:
  text:
    type: string
    required: true
steps:
  - log: \${{ inputs.text }}
---
name: header
on:
  manual: {}
inputs:
  text:
    type: string
    required: true
steps:
  - uses: http/request
    with:
      url: $sink/
      headers:
        X-Text: \${{ inputs.text }}
---
name: call
on:
  manual: {}
inputs:
  url:
    type: string
    required: true
steps:
  - uses: http/request
    with:
      url: \${{ inputs.url }}
    retry:
      max-attempts: 1
YAML

test_case "text in a log cannot steer a terminal, nor look like another line"
forged=$'{"level":"error","text":"forged"}'
text=$'a\e[31mred\e[0m\a\rb\n'"$forged"$'\nx\u202ey'
exits 0 ipaas run say -i "text=$text" --wait
for format in table wide json yaml; do
  ipaas logs -w say -o $format >"$sandbox/log"
  lacks "$sandbox/log" $'\e'
  lacks "$sandbox/log" $'\a'
  lacks "$sandbox/log" $'\r'
  lacks "$sandbox/log" $'\u202e'
  if grep -q "^$forged" "$sandbox/log"; then fail "a forged line stands for itself under -o $format"; fi
done
equal "$(ipaas logs -w say | grep -c red)" 1
equal "$(ipaas logs -w say | wc -l)" "$(ipaas logs -w say -o json | grep -c '"sequence"')"
lacks "$sandbox/ipaasd.log" "$forged"

test_case "a header value with line breaks is refused before anything is sent"
for text in $'a\r\nX-Evil: 1' $'a\nb' $'a\rb'; do
  exits 7 ipaas run header -i "text=$text" --wait -o json
  lacks "$sandbox/out" succeeded
done
equal "$(sink_count)" 0
exits 0 ipaas run header -i text=fine --wait

test_case "no form of an address leads into the closed networks"
stop_daemon
echo '{}' >"$sandbox/ipaasd.yaml"
start_daemon
before=$(sink_count)
port=${sink##*:}
for host in 169.254.169.254 127.0.0.1 127.8.8.8 '[::1]' '[::ffff:127.0.0.1]' '[64:ff9b::7f00:1]' 10.1.2.3 172.16.0.1 172.31.255.255 \
  192.168.1.1 100.64.0.1 2130706433 0x7f000001 0177.0.0.1 127.1 0.0.0.0 '[::]' localhost; do
  exits 7 ipaas run call -i "url=http://$host:$port/" --wait -o json
  holds "$sandbox/out" '"egress_blocked"'
done
equal "$(sink_count)" "$before"
