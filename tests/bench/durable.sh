#!/usr/bin/env bash
# Measures what only a durable engine has: many calls at once, long loops, many sleepers, a long history. Prints value,
# floor and ratio, and writes them as JSON. Needs a Release build (IPAAS_BIN) with make_history, and wrk.
#
#   IPAAS_BIN=build/release/bin tests/bench/durable.sh [calls] [loop] [sleeps] [start] [history] [long] [FLAGS]
#
#   --history-gb N    size of the history that `history` runs beside (1; the promise is about 10)
#   --minutes N       of load in `long` (1; the promise is about 10)
#   --result FILE     (durable.json)
#
# Without a name all are measured, in about six minutes. Generated databases stay in IPAAS_BENCH_CACHE
# (~/.cache/ipaas-bench) for the next time: 1 GB, and as much again as the history.
sections=() history_gb=1 minutes=1 result=durable.json
while [ $# -gt 0 ]; do
  case $1 in
    calls | loop | sleeps | start | history | long) sections+=("$1") ;;
    --history-gb) history_gb=${2:?}; shift ;;
    --minutes) minutes=${2:?}; shift ;;
    --result) result=${2:?}; shift ;;
    -h | --help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "durable.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ ${#sections[@]} -gt 0 ] || sections=(calls loop sleeps start history long)
seconds=${IPAAS_BENCH_SECONDS:-6}
source "$(dirname "$0")/lib.sh"
need wrk openssl curl sqlite3 ss
signature=$(sign "$body")
cache=${IPAAS_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ipaas-bench}
mkdir -p "$cache"
ulimit -n "$(ulimit -Hn)"
export IPAASD_LIMITS_BACKLOG=10000000

# compare NAME VALUE UNIT FLOOR least|most TEXT: is the value at least, or at most, what is promised?
compare() {
  local name=$1 value=$2 unit=$3 floor=$4 side=$5 text=$6 times word=missed
  times=$(ratio "$value" "$floor")
  awk -v v="$value" -v f="$floor" -v s="$side" 'BEGIN {exit !(s == "least" ? v >= f : v <= f)}' && word=kept
  say "$text" "$value $unit; at $side $floor: $times ($word)"
  keep "$name" "{\"value\": $value, \"floor\": $floor, \"side\": \"$side\", \"ratio\": $times}"
}
most() { sort -n | tail -n 1; }
# watch FILE COMMAND…: keeps the numbers that it prints, until `watched` takes the highest of them.
watch() {
  local file=$1; shift
  (while sleep 0.1; do "$@"; done >"$file" 2>/dev/null) & watcher=$!
}
watched() {
  kill $watcher; wait $watcher 2>/dev/null || true
  highest=$(most <"$1")
}
connections_to_sink() { ss -Htn state established "( dport = :$sink_port )" | wc -l; }
live() { "$bin/ipaas" admin status -o json | field live_executions; }
database() { sqlite3 -cmd '.timeout 10000' "$1/ipaas.db" "$2"; }

apply() { "$bin/ipaas" apply -f - >/dev/null; }
apply_keep() {
  use_credential
  apply <<'YAML'
name: keep
on: { webhook: { verify: { scheme: github, credential: bench } } }
steps: [ { id: note, set: { repo: "${{ event.body.repository.full_name }}" } } ]
YAML
}

# A directory NAME in the cache, made once.
history_of() { # NAME FLAGS…
  local name=$1; shift
  if [ ! -d "$cache/$name" ]; then
    echo "making $name, once" >&2
    rm -rf "$cache/$name.part"
    "$bin/make_history" --data-dir "$cache/$name.part" "$@"
    mv "$cache/$name.part" "$cache/$name"
  fi
}

measure_calls() {
  start_sink --delay-ms 2000
  IPAASD_LIMITS_CALLS=10100 start_daemon "$work/calls" 404 --workers 10
  use_credential
  apply <<YAML
name: slow
on: { webhook: { verify: { scheme: github, credential: bench } } }
steps: [ { id: send, uses: http/request, with: { method: PUT, url: "http://127.0.0.1:$sink_port/slow" } } ]
YAML
  watch "$work/at_once" connections_to_sink
  load 64 "$port" /api/webhooks/default/slow calls 4
  until_none_live
  watched "$work/at_once"
  compare calls_at_once "$highest" calls 10000 least 'calls under way at once, API answers after 2 s'
  compare calls_memory "$(awk '/VmHWM/ {printf "%d", $2 / 1024}' "/proc/$daemon/status")" MiB 250 most 'memory at its most meanwhile'
  compare calls_failed "$("$bin/ipaas" execution list --status failed --limit 100000 -o name | grep -c . || true)" executions 0 most 'failed meanwhile'
  stop_daemon; stop_sink
}

# Milliseconds of processor time that the daemon needs for an item.
item_cost() { # ITEMS TIMES
  local before number
  before=$(cpu_ticks $daemon)
  for ((number = 0; number < $2; number++)); do
    "$bin/ipaas" run fan -i "count=$1" --wait -o json 2>/dev/null | grep -q '"succeeded"'
  done
  awk -v t="$(( $(cpu_ticks $daemon) - before ))" -v n="$(( $1 * $2 ))" 'BEGIN {printf "%.4f", t * 10 / n}'
}
measure_loop() {
  start_sink
  start_daemon "$work/loop" 404
  apply <<YAML
name: fan
on: { manual: {} }
inputs: { count: { type: number, required: true } }
timeout: 1h
steps:
  - id: each
    for-each: \${{ range(0, inputs.count) }}
    max-parallel: 100
    steps: [ { id: send, uses: http/request, with: { method: PUT, url: "http://127.0.0.1:$sink_port/\${{ item }}" } } ]
YAML
  item_cost 100 5 >/dev/null
  local short long
  short=$(item_cost 100 50); long=$(item_cost 10000 1)
  say 'an item of a loop of 100, and of 10,000' "$short ms, $long ms of processor time"
  compare loop_growth "$(ratio "$long" "$short")" x 1.3 most 'cost of an item at 10,000, of that at 100'
  stop_daemon; stop_sink
}

measure_sleeps() {
  local count=100000 per_second=5000 lead=40 first slept late
  start_daemon "$work/sleeps" 404
  apply <<'YAML'
name: sleeper
on: { webhook: { verify: { scheme: none } } }
steps:
  - sleep: ${{ format('{0}ms', max(1, floor(dateDiff(now(), event.body.due, 'ms')))) }}
YAML
  first=$(( $(date +%s) + lead ))
  wrk -t1 -c64 -d$((lead - 5))s -s "$bench/sleeper.lua" "http://127.0.0.1:$port" -- /api/webhooks/default/sleeper $first $per_second $count >/dev/null
  slept=$(live)
  compare sleeping "$slept" executions $count least 'asleep'
  compare sleeping_memory "$(( $(rss_kib $daemon) / 1024 ))" MiB 60 most 'memory meanwhile'
  until_none_live
  # The n-th to wake was to wake at first + n / rate.
  late=$(database "$work/sleeps" 'SELECT ended_at FROM executions ORDER BY ended_at' |
    awk -v f=$first -v r=$per_second '{late = $1 - 1000 * (f + (NR - 1) / r)} late > most {most = late} END {printf "%d", most}')
  compare sleeping_late "$late" ms 1000 most "the latest to wake, at $per_second/s"
  stop_daemon
}

measure_start() {
  local times=() number
  history_of million --finished 1000000 --pending 100000
  for number in 1 2 3; do
    start_daemon "$cache/million" 404; times+=("$started_ms"); stop_daemon
  done
  compare start "$(printf '%s\n' "${times[@]}" | sort -n | sed -n 2p)" ms 1000 most 'start with 1,000,000 finished, 100,000 pending'
}

completed_per_second() { # DIRECTORY
  start_daemon "$1" 404
  apply_keep
  load 64 "$port" /api/webhooks/default/keep "h$RANDOM"
  [ "$bad" = 0 ] || { echo "error: $bad answers were not 202" >&2; exit 1; }
  stop_daemon
  completed=$(rate "$requests" "$micros")
}
measure_history() {
  local empty=() beside=() number
  history_of "history-$history_gb" --finished $((history_gb * 95000)) --pending 0 --payload 10000
  for number in 1 2 3; do # in turn, so that the machine's moods meet both
    completed_per_second "$work/empty$number"; empty+=("$completed")
    rm -rf "$work/history"; cp -r --reflink=auto "$cache/history-$history_gb" "$work/history"; sync
    completed_per_second "$work/history"; beside+=("$completed")
  done
  local without with
  without=$(printf '%s\n' "${empty[@]}" | most); with=$(printf '%s\n' "${beside[@]}" | most)
  say "completed/s beside nothing, and beside $history_gb GB" "$without, $with"
  compare history "$(ratio "$with" "$without")" x 0.8 least "completed/s beside $history_gb GB of history, of an empty store"
  rm -rf "$work/history"
}

measure_long() {
  start_daemon "$work/long" 404
  apply_keep
  watch "$work/wal" stat -c %s "$work/long/ipaas.db-wal"
  load 64 "$port" /api/webhooks/default/keep long $((minutes * 60))
  watched "$work/wal"
  [ "$bad" = 0 ] || { echo "error: $bad answers were not 202" >&2; exit 1; }
  say "accepted during $minutes min of load" "$(rate "$requests" "$micros")/s, p50 $p50 us, p99 $p99 us"
  compare long_p999 "$((p999 / 1000))" ms 100 most "p99.9 of accepting, over $minutes min"
  compare long_wal "$((highest / 1048576))" MiB 256 most 'the write-ahead log at its longest'
  stop_daemon
}

say 'machine' "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
for section in "${sections[@]}"; do "measure_$section"; done
write_result "$result"
