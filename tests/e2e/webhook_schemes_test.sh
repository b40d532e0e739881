#!/usr/bin/env bash
# Every scheme, signed by the command line and posted to a real ipaasd: its answer, its handshake, who may send, how much.
source "$(dirname "$0")/lib.sh"

write_config
echo 'public_url: https://hooks.example' >>"$sandbox/ipaasd.yaml"
start_daemon
post() { curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 "$@"; }
hook() { # NAME VERIFY [MORE]: a workflow whose webhook is verified so
  apply <<YAML
name: $1
on:
  webhook:
    verify: { $2 }
${3:-}
steps:
  - log: came
YAML
}
# send_signed NAME SCHEME SECRET CONTENT-TYPE [FLAGS…]: signs $sandbox/body, posts it, prints the status.
send_signed() {
  local name=$1 scheme=$2 secret=$3 type=$4
  shift 4
  printf '%s' "$secret" | ipaas webhook sign --scheme "$scheme" --secret-stdin -f "$sandbox/body" \
    --url "https://hooks.example/api/webhooks/default/$name" "$@" >"$sandbox/headers" 2>/dev/null
  post -H "Content-Type: $type" -H "@$sandbox/headers" --data-binary "@$sandbox/body" "$url/api/webhooks/default/$name"
}
json=application/json
secret=$(openssl rand -hex 16)
credential shared generic "{\"secret\":\"$secret\",\"verify_token\":\"knock-knock\"}"
echo '{"id":"evt_1"}' >"$sandbox/body"

test_case "shopify: accepted once under its event's id"
hook shop 'scheme: shopify, credential: shared'
equal "$(send_signed shop shopify "$secret" $json --id event-1)" 202
equal "$(send_signed shop shopify "$secret" $json --id event-1)" 200
holds "$sandbox/answer" '"reason":"duplicate"'
equal "$(send_signed shop shopify "another" $json)" 401

test_case "twilio: a form that is signed under the public URL is answered <Response/>"
hook sms 'scheme: twilio, credential: shared'
printf 'From=%%2B14158675309&Body=hello+there' >"$sandbox/body"
equal "$(send_signed sms twilio "$secret" application/x-www-form-urlencoded --id I1)" 200
equal "$(cat "$sandbox/answer")" '<Response/>'
equal "$(send_signed sms twilio another application/x-www-form-urlencoded)" 401
equal "$(ipaas execution list -w sms -o name | grep -c .)" 1

test_case "discord: PING is answered with 1, a command with 5, and neither without the signature"
openssl genpkey -algorithm ed25519 -out "$sandbox/key.pem" 2>/dev/null
seed=$(openssl pkey -in "$sandbox/key.pem" -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n')
public=$(openssl pkey -in "$sandbox/key.pem" -pubout -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n')
credential discord-app generic "{\"public_key\":\"$public\"}"
hook command 'scheme: discord, credential: discord-app'
echo '{"id":"1","type":1}' >"$sandbox/body"
equal "$(send_signed command discord "$seed" $json)" 200
equal "$(cat "$sandbox/answer")" '{"type":1}'
equal "$(post -H "Content-Type: $json" --data-binary "@$sandbox/body" "$url/api/webhooks/default/command")" 401
echo '{"id":"2","type":2}' >"$sandbox/body"
equal "$(send_signed command discord "$seed" $json)" 200
equal "$(cat "$sandbox/answer")" '{"type":5}'
equal "$(ipaas execution list -w command -o name | grep -c .)" 1

test_case "basic and jwt say in the 401 how to authenticate"
credential door basic '{"username":"robot","password":"open-sesame"}'
hook door 'scheme: basic, credential: door'
equal "$(post -u robot:open-sesame --data-binary x "$url/api/webhooks/default/door")" 202
equal "$(post -u robot:wrong -D "$sandbox/head" --data-binary x "$url/api/webhooks/default/door")" 401
holds "$sandbox/head" 'WWW-Authenticate: Basic'
openssl pkey -in "$sandbox/key.pem" -pubout >"$sandbox/key.pub"
credential issuer generic "{\"public_key\":\"$(sed ':a;N;$!ba;s/\n/\\n/g' "$sandbox/key.pub")\"}"
hook token 'scheme: jwt, credential: issuer, algorithm: EdDSA, audience: us, issuer: them'
pem=$(cat "$sandbox/key.pem")
equal "$(send_signed token jwt "$pem" $json --algorithm EdDSA --audience us --issuer them)" 202
equal "$(send_signed token jwt "$pem" $json --algorithm EdDSA --audience you --issuer them)" 401
equal "$(send_signed token jwt "$pem" $json --algorithm EdDSA --audience us --issuer them --timestamp 1700000000)" 401

test_case "url-token: the secret path is accepted, nothing else is, and the log does not know it"
secret_path=$(openssl rand -hex 32)
credential path-token generic "{\"secret\":\"$secret_path\"}"
hook unsigned 'scheme: url-token, credential: path-token'
address=$(printf '%s' "$secret_path" | ipaas webhook sign --scheme url-token --secret-stdin --url "$(ipaas webhook url unsigned 2>/dev/null)")
equal "$(post --data-binary x "$url${address#https://hooks.example}")" 202
equal "$(post --data-binary x "$url/api/webhooks/default/unsigned/$secret_path")" 202
equal "$(post --data-binary x "$url/api/webhooks/default/unsigned")" 401
equal "$(post --data-binary x "$url/api/webhooks/default/unsigned/$(openssl rand -hex 32)")" 401
lacks "$sandbox/ipaasd.log" "$secret_path"
lacks "$sandbox/ipaasd.out" "$secret_path"

test_case "a subscription by GET is confirmed with its challenge"
equal "$(post "$url/api/webhooks/default/shop?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=knock-knock")" 200
equal "$(cat "$sandbox/answer")" 1158201444
equal "$(post "$url/api/webhooks/default/shop?hub.mode=subscribe&hub.challenge=1&hub.verify_token=knock")" 401
equal "$(post "$url/api/webhooks/default/shop")" 405

test_case "allow-from lets in whom it names, max-body what it says"
hook near 'scheme: none' '    allow-from: [127.0.0.0/8]'
hook far 'scheme: none' '    allow-from: ["203.0.113.0/24", "2001:db8::/32"]'
hook small 'scheme: none' '    max-body: 2KiB'
equal "$(post --data-binary x "$url/api/webhooks/default/near")" 202
equal "$(post --data-binary x "$url/api/webhooks/default/far")" 403
holds "$sandbox/answer" '"forbidden"'
equal "$(post -H 'X-Forwarded-For: 203.0.113.7' --data-binary x "$url/api/webhooks/default/far")" 403
head -c 2048 /dev/zero | tr '\0' x >"$sandbox/body"
equal "$(post --data-binary "@$sandbox/body" "$url/api/webhooks/default/small")" 202
echo x >>"$sandbox/body"
equal "$(post --data-binary "@$sandbox/body" "$url/api/webhooks/default/small")" 413
equal "$(post -H 'Transfer-Encoding: chunked' --data-binary "@$sandbox/body" "$url/api/webhooks/default/small")" 413

test_case "what could verify nothing is refused at apply, by name"
credential weak generic '{"secret":"short"}'
for verify in 'scheme: url-token' 'scheme: discord' 'scheme: jwt, algorithm: RS256'; do
  printf 'name: w\non:\n  webhook:\n    verify: { %s, credential: weak }\nsteps:\n  - log: x\n' "$verify" >"$sandbox/weak.yaml"
  exits 3 ipaas apply -f "$sandbox/weak.yaml"
  holds "$sandbox/err" credential_unfit
done

test_case "behind a trusted proxy allow-from asks for the client's address"
stop_daemon
echo 'trusted_proxies: [127.0.0.1]' >>"$sandbox/ipaasd.yaml"
start_daemon
for address in 203.0.113.7 ::ffff:203.0.113.7 2001:db8::9; do
  equal "$(post -H "X-Forwarded-For: $address" --data-binary x "$url/api/webhooks/default/far")" 202
done
for address in 203.0.114.7 2001:db9::9 '203.0.113.7, 198.51.100.1'; do
  equal "$(post -H "X-Forwarded-For: $address" --data-binary x "$url/api/webhooks/default/far")" 403
done
equal "$(post --data-binary x "$url/api/webhooks/default/far")" 403

test_case "without a public URL Twilio's scheme is refused at apply"
stop_daemon
write_config
start_daemon
printf 'name: sms-2\non:\n  webhook:\n    verify: { scheme: twilio, credential: shared }\nsteps:\n  - log: x\n' >"$sandbox/sms.yaml"
exits 3 ipaas apply -f "$sandbox/sms.yaml"
holds "$sandbox/err" public_url_missing
printf 'From=1' >"$sandbox/body"
equal "$(send_signed sms twilio "$secret" application/x-www-form-urlencoded)" 503
holds "$sandbox/ipaasd.log" public_url_missing
