#!/usr/bin/env bash
# Measures the daemon beside nginx on this machine, over loopback, for about two minutes. Prints a table and writes it
# as JSON. Needs a Release build (IPAAS_BIN), nginx and wrk.
#
#   IPAAS_BIN=build/release/bin tests/bench/run.sh [result.json]
result=${1:-bench.json}
seconds=${IPAAS_BENCH_SECONDS:-6}
source "$(dirname "$0")/lib.sh"
need nginx wrk openssl curl
signature=$(sign "$body")

# The median of five starts: one alone may meet a disk that is still busy with something else.
median_start() { # STATUS DIRECTORY…
  local status=$1 times=() directory; shift
  for directory; do
    start_daemon "$directory" "$status"; times+=("$started_ms"); stop_daemon
  done
  started_ms=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$((${#times[@]} / 2 + 1))p")
}

mkdir -p "$work/nginx"
cat >"$work/nginx.conf" <<EOF
worker_processes 2; pid $work/nginx/pid; daemon off; error_log $work/nginx/error.log;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path $work/nginx/body; keepalive_requests 1000000000;
  server { listen 127.0.0.1:$nginx_port backlog=4096; location / { return 202; } } }
EOF
nginx -c "$work/nginx.conf" -p "$work/nginx" 2>/dev/null & nginx=$!
start_sink

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
use_credential
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
  times=$(ratio "$durable" "$reference")
  each=$(awk -v t="$spent" -v n="$requests" 'BEGIN {printf "%.1f", t * 1e4 / n}')
  say "webhook -> durable 202, $connections connections" "$durable/s ($times x nginx), p50 $p50 us, p99 $p99 us, $each us CPU each"
  keep "accept_$connections" "{\"nginx_per_s\": $reference, \"durable_per_s\": $durable, \"ratio\": $times, \"p50_us\": $p50, \"p99_us\": $p99, \"cpu_us\": $each}"
done
say 'memory under load' "$(( $(rss_kib $daemon) / 1024 )) MiB"; keep load_kib "$(rss_kib $daemon)"

load 64 $sink_port /hook s; ceiling=$(rate "$requests" "$micros")
say "the sink alone, 64 connections" "$ceiling/s"
began=$(now_ms); load 64 "$port" $relay_path relay
until_none_live
took=$(( $(now_ms) - began ))
failed=$("$bin/ipaas" execution list -w relay --status failed -o json | grep -c '"id"' || true)
completed=$(awk -v n="$requests" -v ms="$took" 'BEGIN {printf "%.0f", n * 1000 / ms}')
say 'webhook -> one HTTP call -> succeeded' "$completed/s ($requests in $took ms, $failed failed)"
keep relay "{\"sink_per_s\": $ceiling, \"completed_per_s\": $completed, \"failed\": $failed}"

executions=$("$bin/ipaas" admin status -o json | field executions)
stop_daemon
sync
median_start 202 "$work/data" "$work/data" "$work/data" "$work/data" "$work/data"
say "start to first webhook accepted, $executions executions" "$started_ms ms"; keep start_full_ms "$started_ms"
write_result "$result"
