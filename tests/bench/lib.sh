# Sourced by the measurements: a daemon, a sink and wrk, in a directory that goes with them.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${IPAAS_BIN:-$bench/../../build/release/bin}
bin=$(cd "$bin" && pwd)
PATH=$PATH:/usr/sbin
work=$(mktemp -d "${TMPDIR:-/tmp}/ipaas-bench.XXXXXX")
port=$((20000 + RANDOM % 12000)); nginx_port=$((port + 1)); sink_port=$((port + 2))
daemon='' sink='' nginx='' watcher=''
trap 'kill $daemon $sink $nginx $watcher 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
export IPAAS_HOST=unix://$work/s/ipaasd.sock IPAASD_EGRESS_ALLOW=127.0.0.0/8 NO_COLOR=1
rows=()   # JSON members

need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || { echo "error: $tool is missing: run packaging/install-deps.sh bench" >&2; exit 2; }
  done
}
say() { printf '%-52s %s\n' "$1" "$2"; }
keep() { rows+=("\"$1\": $2"); }
write_result() { (IFS=,; printf '{%s}\n' "${rows[*]}") >"$1"; echo "written to $1"; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
rss_kib() { awk '/VmRSS/ {print $2}' "/proc/$1/status"; }
now_ms() { date +%s%3N; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", b == 0 ? 0 : a / b}'; }
field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" | head -n 1; }

# ---- the daemon ---------------------------------------------------------------------------------------------------

secret=bench-secret-0123456789
body=$(sed -n "s/^local body = '\(.*\)'$/\1/p" "$bench/github.lua")
sign() { printf '%s' "$1" | openssl dgst -sha256 -hmac "$secret" | awk '{print $NF}'; }

first_webhook() { # prints the status
  curl -so /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -H "X-Hub-Signature-256: sha256=$signature" \
    -d "$body" "http://127.0.0.1:$port/api/webhooks/default/keep"
}

# Starts the daemon on a data directory and sets how long it was until it answered a webhook with what it should.
start_daemon() { # DIRECTORY STATUS FLAGS…
  local began directory=$1 wanted=$2; shift 2
  began=$(now_ms)
  "$bin/ipaasd" --data-dir "$directory" --socket "$work/s/ipaasd.sock" --listen "127.0.0.1:$port" "$@" >"$work/out" 2>"$work/err" &
  daemon=$!
  until [ "$(first_webhook)" = "$wanted" ]; do kill -0 $daemon || { cat "$work/err" >&2; exit 1; }; done
  started_ms=$(( $(now_ms) - began ))
}
stop_daemon() { kill $daemon; wait $daemon 2>/dev/null || true; daemon=''; }
use_credential() { printf '{"secret":"%s"}' "$secret" | "$bin/ipaas" credential create bench --type generic --from-file - >/dev/null; }

start_sink() { # FLAGS…
  "$bin/echo_sink" --listen "127.0.0.1:$sink_port" --quiet "$@" >/dev/null & sink=$!
  until curl -so /dev/null "http://127.0.0.1:$sink_port/ready"; do kill -0 $sink; done
}
stop_sink() { kill $sink; wait $sink 2>/dev/null || true; sink=''; }

# Asks again and again, without a pause that would be measured.
until_none_live() { until [ "$("$bin/ipaas" admin status -o json | field live_executions)" = 0 ]; do kill -0 $daemon; done; }

# ---- the load -----------------------------------------------------------------------------------------------------

# Sets requests, micros, p50, p99, p999, bad for a run of wrk against a port and a path.
load() { # CONNECTIONS PORT PATH NAME [SECONDS]
  local connections=$1 to=$2 path=$3 name=$4
  read -r _ requests micros p50 p99 p999 status_errors socket_errors < <(
    wrk -t2 -c"$connections" -d"${5:-$seconds}s" --timeout 10s -s "$bench/github.lua" "http://127.0.0.1:$to" -- "$path" "$signature" "$name" | grep '^RESULT')
  bad=$((status_errors + socket_errors))
}
rate() { awk -v n="$1" -v us="$2" 'BEGIN {printf "%.0f", n * 1e6 / us}'; }
