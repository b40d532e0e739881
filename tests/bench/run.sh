#!/usr/bin/env bash
# Measures the daemon beside nginx on this machine, over loopback, for about two minutes. Prints a table and writes it
# as JSON. Needs a Release build (IPAAS_BIN), nginx and wrk.
#
#   IPAAS_BIN=build/release/bin tests/bench/run.sh [result.json]
set -euo pipefail
cd "$(dirname "$0")"
bin=${IPAAS_BIN:-../../build/release/bin}
bin=$(cd "$bin" && pwd)
result=${1:-bench.json}
seconds=${IPAAS_BENCH_SECONDS:-6}
for tool in nginx wrk openssl curl; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null ||
    { echo "error: $tool is missing: run packaging/install-deps.sh bench" >&2; exit 2; }
done
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
port=$((20000 + RANDOM % 20000)); nginx_port=$((port + 1)); sink_port=$((port + 2))
daemon='' ; sink='' ; nginx=''
trap 'kill $daemon $sink $nginx 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
export IPAAS_HOST=unix://$work/s/ipaasd.sock IPAASD_EGRESS_ALLOW=127.0.0.0/8
rows=()   # JSON members

say() { printf '%-46s %s\n' "$1" "$2"; }
keep() { rows+=("\"$1\": $2"); }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
rss_kib() { awk '/VmRSS/ {print $2}' "/proc/$1/status"; }
now_ms() { date +%s%3N; }
field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" | head -n 1; }

# Starts the daemon on a data directory and sets how long it was until it answered a webhook with what it should.
start_daemon() { # DIRECTORY STATUS
  local began; began=$(now_ms)
  "$bin/ipaasd" --data-dir "$1" --socket "$work/s/ipaasd.sock" --listen "127.0.0.1:$port" >"$work/out" 2>"$work/err" &
  daemon=$!
  until [ "$(first_webhook)" = "$2" ]; do kill -0 $daemon || { cat "$work/err" >&2; exit 1; }; done
  started_ms=$(( $(now_ms) - began ))
}
stop_daemon() { kill $daemon; wait $daemon 2>/dev/null || true; }
first_webhook() {
  curl -so /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -H "X-Hub-Signature-256: sha256=$signature" \
    -d "$body" "http://127.0.0.1:$port/api/webhooks/default/keep"
}

# The median of five starts: one alone may meet a disk that is still busy with something else.
median_start() { # STATUS DIRECTORY…
  local status=$1 times=() directory; shift
  for directory; do
    start_daemon "$directory" "$status"; times+=("$started_ms"); stop_daemon
  done
  started_ms=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$((${#times[@]} / 2 + 1))p")
}

body=$(sed -n "s/^local body = '\(.*\)'$/\1/p" github.lua)
secret=bench-secret-0123456789
signature=$(printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret" | awk '{print $NF}')

# Sets requests, micros, p50, p99, bad for a run of wrk against a port and a path.
load() {
  local connections=$1 to=$2 path=$3 name=$4
  read -r _ requests micros p50 p99 status_errors socket_errors < <(
    wrk -t2 -c"$connections" -d"${seconds}s" --timeout 10s -s github.lua "http://127.0.0.1:$to" -- "$path" "$signature" "$name" | grep '^RESULT')
  bad=$((status_errors + socket_errors))
}
rate() { awk -v n="$1" -v us="$2" 'BEGIN {printf "%.0f", n * 1e6 / us}'; }

mkdir -p "$work/nginx"
cat >"$work/nginx.conf" <<EOF
worker_processes 2; pid $work/nginx/pid; daemon off; error_log $work/nginx/error.log;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path $work/nginx/body; keepalive_requests 1000000000;
  server { listen 127.0.0.1:$nginx_port backlog=4096; location / { return 202; } } }
EOF
nginx -c "$work/nginx.conf" -p "$work/nginx" 2>/dev/null & nginx=$!
"$bin/echo_sink" --listen "127.0.0.1:$sink_port" --quiet >/dev/null & sink=$!

cat >"$work/workflows.yaml" <<EOF
name: keep
on: { webhook: { verify: { scheme: github, credential: bench } } }
steps: [ { id: note, set: { repo: "\${{ event.body.repository.full_name }}" } } ]
---
name: relay
on: { webhook: { verify: { scheme: github, credential: bench } } }
steps:
  - { id: send, uses: http/request, with: { method: POST, url: "http://127.0.0.1:$sink_port/hook", json: { repo: "\${{ event.body.repository.full_name }}" } } }
EOF

sync
median_start 404 "$work/data1" "$work/data2" "$work/data3" "$work/data4" "$work/data5"
empty_ms=$started_ms
start_daemon "$work/data" 404
printf '{"secret":"%s"}' "$secret" | "$bin/ipaas" credential create bench --type generic --from-file - >/dev/null
"$bin/ipaas" apply -f "$work/workflows.yaml" >/dev/null
keep_path=/api/webhooks/default/keep relay_path=/api/webhooks/default/relay
rest=$(rss_kib $daemon)
say 'machine' "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
say 'start to first webhook answered, empty store' "$empty_ms ms"; keep start_ms "$empty_ms"
say 'memory at rest' "$((rest / 1024)) MiB"; keep rest_kib "$rest"

for connections in 16 64 256; do
  load $connections $nginx_port / n; reference=$(rate "$requests" "$micros")
  say "nginx return 202, $connections connections" "$reference/s, p50 $p50 us, p99 $p99 us"
  before=$(cpu_ticks $daemon)
  load $connections "$port" $keep_path "k$connections"
  spent=$(( $(cpu_ticks $daemon) - before )); durable=$(rate "$requests" "$micros")
  [ "$bad" = 0 ] || { echo "error: $bad answers were not 202" >&2; exit 1; }
  ratio=$(awk -v a="$durable" -v b="$reference" 'BEGIN {printf "%.2f", a / b}')
  each=$(awk -v t="$spent" -v n="$requests" 'BEGIN {printf "%.1f", t * 1e4 / n}')
  say "webhook -> durable 202, $connections connections" "$durable/s ($ratio x nginx), p50 $p50 us, p99 $p99 us, $each us CPU each"
  keep "accept_$connections" "{\"nginx_per_s\": $reference, \"durable_per_s\": $durable, \"ratio\": $ratio, \"p50_us\": $p50, \"p99_us\": $p99, \"cpu_us\": $each}"
done
say 'memory under load' "$(( $(rss_kib $daemon) / 1024 )) MiB"; keep load_kib "$(rss_kib $daemon)"

load 64 $sink_port /hook s; ceiling=$(rate "$requests" "$micros")
say "the sink alone, 64 connections" "$ceiling/s"
began=$(now_ms); load 64 "$port" $relay_path relay
until [ "$("$bin/ipaas" admin status -o json | field live_executions)" = 0 ]; do :; done
took=$(( $(now_ms) - began ))
failed=$("$bin/ipaas" execution list -w relay --status failed -o json | grep -c '"id"' || true)
completed=$(awk -v n="$requests" -v ms="$took" 'BEGIN {printf "%.0f", n * 1000 / ms}')
say 'webhook -> one HTTP call -> succeeded' "$completed/s ($requests in $took ms, $failed failed)"
keep relay "{\"sink_per_s\": $ceiling, \"completed_per_s\": $completed, \"failed\": $failed}"

executions=$("$bin/ipaas" admin status -o json | field executions)
stop_daemon; daemon=''
sync
median_start 202 "$work/data" "$work/data" "$work/data" "$work/data" "$work/data"; daemon=''
say "start to first webhook accepted, $executions executions" "$started_ms ms"; keep start_full_ms "$started_ms"
(IFS=,; printf '{%s}\n' "${rows[*]}") >"$result"
echo "written to $result"
