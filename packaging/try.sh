#!/usr/bin/env bash
# From a bare machine to a GitHub webhook that runs a workflow: installs what is missing, builds, and shows the main job
# on a temporary directory, which is gone at the end.
#
#   packaging/try.sh [--bin DIRECTORY]      with --bin: take the programs that are there, install and build nothing
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD

bin=
case ${1:-} in
  '') ;;
  --bin) bin=$(realpath "${2:?--bin needs a directory}") ;;
  -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "try.sh: unknown argument $1" >&2; exit 2 ;;
esac

bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step=0
say() {
  step=$((step + 1))
  printf '\n%s%d. %s%s\n' "$bold" "$step" "$*" "$plain"
}
indent() { sed -u 's/^/   /'; }

if [ -z "$bin" ]; then
  say "Installing what is missing"
  packaging/install-deps.sh build | indent
  say "Building (a few minutes the first time)"
  cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release --log-level=WARNING >/dev/null
  cmake --build build/release --target ipaasd ipaas echo_sink
  bin=$repository/build/release/bin
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/ipaas-try.XXXXXX")
export IPAAS_HOST=unix://$work/ipaasd.sock
pids=()
clean_up() {
  local status=$?
  trap - EXIT
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ "$status" -ne 0 ] && [ -s "$work/ipaasd.log" ]; then tail -n 20 "$work/ipaasd.log" >&2; fi
  rm -rf "$work"
  [ "$status" -eq 0 ] || echo "try.sh: something went wrong (status $status)" >&2
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# wait_for FILE PATTERN PID: until the line is there; fails when the process ends or 20 seconds have passed.
wait_for() {
  local until=$((SECONDS + 20))
  until grep -q "$2" "$1"; do
    kill -0 "$3" 2>/dev/null || { echo "try.sh: it ended: $(cat "$1")" >&2; return 1; }
    [ $SECONDS -lt $until ] || { echo "try.sh: no '$2' within 20 seconds" >&2; return 1; }
    sleep 0.05
  done
}
random_hex() { openssl rand -hex "$1"; }

say "Starting ipaasd, and a stand-in for Slack on this machine"
: >"$work/slack.out"
"$bin/echo_sink" >"$work/slack.out" &
pids+=($!)
wait_for "$work/slack.out" listening $!
slack=http://127.0.0.1:$(tr -dc 0-9 <"$work/slack.out")

# Workflows may call the public internet only; the stand-in is on loopback, so the configuration has to open that.
printf 'egress:\n  allow:\n    - 127.0.0.0/8\n' >"$work/ipaasd.yaml"
: >"$work/ipaasd.out"
"$bin/ipaasd" --config "$work/ipaasd.yaml" --data-dir "$work/data" --socket "$work/ipaasd.sock" \
  --listen 127.0.0.1:0 >"$work/ipaasd.out" 2>"$work/ipaasd.log" &
daemon=$!
pids+=("$daemon")
wait_for "$work/ipaasd.out" '^ready' "$daemon"
indent <"$work/ipaasd.out"

say "Creating the credentials: values come from standard input, and are never shown again"
secret=$(random_hex 20)
token=xoxb-$(random_hex 12)
"$bin/ipaas" credential create github-webhook --type generic --from-file - <<<"{\"secret\":\"$secret\"}" | indent
"$bin/ipaas" credential create slack-bot --type slack --from-file - \
  <<<"{\"token\":\"$token\",\"base_url\":\"$slack/api\"}" | indent

say "Applying a workflow: a push to GitHub becomes a message in Slack"
"$bin/ipaas" apply -f workflows-examples/github-push-to-slack.yaml | indent
webhook=$("$bin/ipaas" webhook url github-push-to-slack 2>/dev/null)
echo "   GitHub would be given this address: $webhook"

say "Following the log in the background (ipaas logs -f)"
"$bin/ipaas" --no-color logs -f >"$work/followed" 2>>"$work/ipaasd.log" &
follower=$!
pids+=("$follower")

say "Sending a push, signed as GitHub signs. Somebody has pasted the bot's token into the commit message"
sed "s/\"Initial commit\"/\"Initial commit (the bot's token is $token)\"/" \
  workflows-examples/events/github-push-to-slack.json >"$work/push.json"
signature=$(openssl dgst -sha256 -hmac "$secret" <"$work/push.json" | sed 's/.*= *//')
status=$(curl -sS --max-time 10 -o "$work/answer" -w '%{http_code}' --data-binary "@$work/push.json" \
  -H 'Content-Type: application/json' -H 'X-GitHub-Event: push' -H "X-GitHub-Delivery: $(random_hex 16)" \
  -H "X-Hub-Signature-256: sha256=$signature" "$webhook")
printf '%s %s\n' "$status" "$(cat "$work/answer")" | indent
[ "$status" = 202 ]
execution=$(sed 's/.*"execution_id":"\([^"]*\)".*/\1/' "$work/answer")

say "The execution and its steps"
"$bin/ipaas" execution wait "$execution" --timeout 20s | indent

say "What the log said, live: masked, so it can be shown to anybody"
wait_for "$work/followed" 'pushed to' "$follower"
indent <"$work/followed"
if grep -qF "$token" "$work/followed"; then
  echo "try.sh: the log shows the token" >&2
  exit 1
fi

say "What the stand-in for Slack received"
grep -o '"path":"[^"]*"' "$work/slack.out" | indent
grep -qF "Bearer $token" "$work/slack.out" && echo "   with the bot's token in its Authorization header"

say "Stopping the daemon"
kill -TERM "$daemon"
wait "$daemon"
echo "   stopped"

cat <<TEXT

Next:
  - the five-minute tour in README.md keeps a daemon of your own running
  - workflows-examples/ has more workflows, each with a sample event
  - $bin/ipaas --help
TEXT
