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

IPAAS=$ipaas IPAAS_EXAMPLES=$repository/workflows-examples IPAAS_CORPUS=$repository/tests/fuzz/corpus/workflow \
  IPAAS_WEBHOOKS=$url/api/webhooks/default node --test "$clients"/*.test.mjs
