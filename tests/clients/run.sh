#!/usr/bin/env bash
# Webhooks signed by the code that their senders wrote, posted to a real ipaasd; and the JSON Schema as an editor reads it.
source "$(dirname "$0")/../e2e/lib.sh"

clients=$repository/tests/clients
"$repository/packaging/install-deps.sh" build test
# Installed anew only when the lock file has changed.
stamp=$clients/node_modules/.installed
if ! cmp -s "$clients/package-lock.json" "$stamp"; then
  (cd "$clients" && npm ci --omit=dev --no-audit --no-fund --loglevel=error)
  cp "$clients/package-lock.json" "$stamp"
fi

write_config
export PUBLIC_URL=https://hooks.example
echo "public_url: $PUBLIC_URL" >>"$sandbox/ipaasd.yaml"
start_daemon
standard=whsec_$(openssl rand -base64 24)
export GITHUB_SECRET=$hook_secret STRIPE_SECRET=whsec_$(openssl rand -hex 16) STANDARD_SECRET=$standard
export SLACK_SECRET
SLACK_SECRET=$(openssl rand -hex 16)
credential github generic "{\"secret\":\"$GITHUB_SECRET\"}"
credential stripe generic "{\"secret\":\"$STRIPE_SECRET\"}"
credential standard-webhooks generic "{\"secret\":\"$STANDARD_SECRET\"}"
credential slack generic "{\"secret\":\"$SLACK_SECRET\"}"
for scheme in github stripe standard-webhooks slack; do
  apply <<YAML
name: $scheme
on:
  webhook:
    verify:
      scheme: $scheme
      credential: $scheme
steps:
  - log: "\${{ event.id }} came"
YAML
done

hook() { # NAME VERIFY
  apply <<YAML
name: $1
on:
  webhook:
    verify: { $2 }
steps:
  - log: "\${{ event.id }} came"
YAML
}
pem() { sed ':a;N;$!ba;s/\n/\\n/g' "$1"; }
public_key() { # CREDENTIAL KEY-FILE
  openssl pkey -in "$2" -pubout -out "$2.pub"
  credential "$1" generic "{\"public_key\":\"$(pem "$2.pub")\"}"
}
export TWILIO_SECRET SHOPIFY_SECRET JWT_SECRET
TWILIO_SECRET=$(openssl rand -hex 16) SHOPIFY_SECRET=$(openssl rand -hex 16) JWT_SECRET=$(openssl rand -hex 32)
export JWT_RS256_KEY=$sandbox/rs256.pem JWT_ES256_KEY=$sandbox/es256.pem JWT_EDDSA_KEY=$sandbox/eddsa.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$JWT_RS256_KEY" 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$JWT_ES256_KEY"
openssl genpkey -algorithm ed25519 -out "$JWT_EDDSA_KEY"
credential twilio generic "{\"secret\":\"$TWILIO_SECRET\"}"
credential shopify generic "{\"secret\":\"$SHOPIFY_SECRET\"}"
credential jwt-hs256 generic "{\"secret\":\"$JWT_SECRET\"}"
public_key jwt-rs256 "$JWT_RS256_KEY"
public_key jwt-es256 "$JWT_ES256_KEY"
public_key jwt-eddsa "$JWT_EDDSA_KEY"
raw_key=$(openssl pkey -pubin -in "$JWT_EDDSA_KEY.pub" -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n')
credential discord generic "{\"public_key\":\"$raw_key\"}"
for scheme in twilio shopify discord; do hook $scheme "scheme: $scheme, credential: $scheme"; done
for algorithm in HS256 RS256 ES256 EdDSA; do
  hook "jwt-${algorithm,,}" "scheme: jwt, credential: jwt-${algorithm,,}, algorithm: $algorithm, audience: ipaas, issuer: sender"
done

IPAAS=$IPAAS_BIN/ipaas IPAAS_EXAMPLES=$repository/workflows-examples IPAAS_CORPUS=$repository/tests/fuzz/corpus/workflow \
  IPAAS_WEBHOOKS=$url/api/webhooks/default node --test "$clients"/*.test.mjs
