# Sourced by every end-to-end test: a sandbox with a real ipaasd, its command line, and services on loopback.
#
# A test is a bash script that sources this file and runs top to bottom; the first command that fails fails it. It gets
#   $sandbox       a directory of its own, removed at the end (kept, and named, when the test fails)
#   $url           the daemon's public port, after start_daemon
#   ipaas …        the command line, connected to that daemon
# Everything waits with a bound: `eventually` asks again until the answer is right, and only it ever pauses.
set -euo pipefail

: "${IPAAS_BIN:?set it to the folder that holds ipaasd, ipaas and echo_sink}"
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
examples=$repository/workflows-examples
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/ipaas-e2e.XXXXXX")
export IPAAS_HOST=unix://$sandbox/ipaasd.sock NO_COLOR=1
unset IPAAS_TENANT
daemon_pid='' sink_pid='' url='' sink=''
background=()

ipaas() { "$IPAAS_BIN/ipaas" "$@"; }

# ---- the sandbox --------------------------------------------------------------------------------------------------

clean_up() {
  local status=$?
  trap - EXIT
  for pid in "$daemon_pid" "$sink_pid" "${background[@]}"; do
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    echo "FAILED with status $status; what was left is in $sandbox" >&2
    for log in "$sandbox"/*.log; do
      [ ! -s "$log" ] || { echo "--- $(basename "$log")"; tail -n 30 "$log"; } >&2
    done
  else
    rm -rf "$sandbox"
  fi
  exit "$status"
}
trap clean_up EXIT
trap 'echo "$0:$LINENO: $BASH_COMMAND" >&2' ERR

test_case() { printf '%s\n' "- $*"; }

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# ---- waiting and comparing ----------------------------------------------------------------------------------------

# eventually SECONDS COMMAND…: until the command succeeds.
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $until ] || fail "not within its time: $*"
    sleep 0.05
  done
}

# exits STATUS COMMAND…: its output goes to $sandbox/out and $sandbox/err.
exits() {
  local wanted=$1 status=0
  shift
  "$@" >"$sandbox/out" 2>"$sandbox/err" || status=$?
  [ "$status" -eq "$wanted" ] || fail "exit status $status, not $wanted: $*: $(cat "$sandbox/out" "$sandbox/err")"
}

equal() { [ "$1" = "$2" ] || fail "'$1' is not '$2'"; }
holds() { grep -qF -- "$2" "$1" || fail "$1 does not hold '$2': $(head -c 2000 "$1")"; }
lacks() { ! grep -qF -- "$2" "$1" || fail "$1 holds '$2'"; }

# first_member NAME: the first member of that name in the JSON on standard input, without quotes; enough for ids and states.
first_member() { tr ',{' '\n\n' | sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\"}]*\).*/\1/p" | sed -n 1p; }

# ---- the daemon ---------------------------------------------------------------------------------------------------

write_config() {
  cat >"$sandbox/ipaasd.yaml" <<'YAML'
egress:
  allow:
    - 127.0.0.0/8
YAML
}

# start_daemon FLAGS…: on the sandbox's data directory and a free port; returns when it is ready.
start_daemon() {
  [ -e "$sandbox/ipaasd.yaml" ] || write_config
  : >"$sandbox/ipaasd.out"
  "$IPAAS_BIN/ipaasd" --config "$sandbox/ipaasd.yaml" --data-dir "$sandbox/data" --socket "$sandbox/ipaasd.sock" \
    --listen 127.0.0.1:0 "$@" >"$sandbox/ipaasd.out" 2>>"$sandbox/ipaasd.log" &
  daemon_pid=$!
  eventually 20 daemon_spoke
  grep -q '^ready' "$sandbox/ipaasd.out" || fail "the daemon did not start: $(cat "$sandbox/ipaasd.log")"
  url=$(sed -n 's/^ready: .*\(http:[^ ,]*\).*/\1/p' "$sandbox/ipaasd.out")
}
daemon_spoke() { grep -q '^ready' "$sandbox/ipaasd.out" || ! kill -0 "$daemon_pid" 2>/dev/null; }

stop_daemon() { # SIGTERM; waits for its end
  kill -TERM "$daemon_pid"
  wait "$daemon_pid" || fail "the daemon ended with status $?"
  daemon_pid=''
}

kill_daemon() { # SIGKILL, as a crash
  kill -KILL "$daemon_pid"
  wait "$daemon_pid" 2>/dev/null || true
  daemon_pid=''
}

# ---- services on loopback -----------------------------------------------------------------------------------------

# start_sink FLAGS…: a service that notes every request in $sandbox/sink.out; its address goes to $sink.
start_sink() {
  : >"$sandbox/sink.out"
  "$IPAAS_BIN/echo_sink" "$@" >"$sandbox/sink.out" 2>"$sandbox/sink.log" &
  sink_pid=$!
  eventually 10 grep -q listening "$sandbox/sink.out"
  sink=http://127.0.0.1:$(first_member listening <"$sandbox/sink.out")
}

stop_sink() {
  kill -TERM "$sink_pid"
  wait "$sink_pid" 2>/dev/null || true
  sink_pid=''
}

sink_count() { grep -c '"method"' "$sandbox/sink.out" || true; }
sink_got() { [ "$(sink_count)" -ge "$1" ]; }

# A port on which nobody listens: the sink's, once it is gone.
dead_address() {
  start_sink
  local address=$sink
  stop_sink
  sink=$address
}

# ---- what a user does ---------------------------------------------------------------------------------------------

credential() { # NAME TYPE JSON
  ipaas credential create "$1" --type "$2" --from-file - <<<"$3" >/dev/null
}

apply() { # YAML on standard input
  ipaas apply -f - >/dev/null
}

# A workflow NAME that is started by a GitHub webhook and posts to the sink; more steps or keys on standard input.
apply_webhook_to_sink() { # NAME [METHOD]
  apply <<YAML
name: $1
on:
  webhook:
    verify:
      scheme: github
      credential: hook
  manual: {}
steps:
  - id: call
    uses: http/request
    with:
      method: ${2:-POST}
      url: $sink/$1
      json:
        id: \${{ event.id }}
YAML
}

hook_secret=It-is-a-secret-to-everybody
use_hook_credential() { credential hook generic "{\"secret\":\"$hook_secret\"}"; }

github_signature() { # FILE
  openssl dgst -sha256 -hmac "$hook_secret" <"$1" | sed 's/.*= */sha256=/'
}

# send_github WORKFLOW DELIVERY FILE [CURL-FLAGS…]: prints the status; the answer's body is in $sandbox/answer.
send_github() {
  local workflow=$1 delivery=$2 file=$3
  shift 3
  curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 --data-binary "@$file" \
    -H 'Content-Type: application/json' -H 'X-GitHub-Event: push' -H "X-GitHub-Delivery: $delivery" \
    -H "X-Hub-Signature-256: $(github_signature "$file")" "$@" "$url/api/webhooks/default/$workflow"
}

accepted_execution() { first_member execution_id <"$sandbox/answer"; }

execution_status() { ipaas execution get "$1" -o json | first_member status; }
has_status() { [ "$(execution_status "$1")" = "$2" ]; }

# executions STATUS [WORKFLOW]: how many.
executions() {
  ipaas execution list --status "$1" ${2:+-w "$2"} --limit 100000 -o name | grep -c . || true
}
