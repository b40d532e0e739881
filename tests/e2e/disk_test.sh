#!/usr/bin/env bash
# A disk that is full or broken: never a 202 for what is lost, and the daemon recovers by itself when there is space.
source "$(dirname "$0")/lib.sh"

body='{"text":"'$(head -c 8000 /dev/zero | tr '\0' x)'"}'
apply_keep() {
  apply <<'YAML'
name: keep
on:
  webhook:
    verify:
      scheme: none
steps:
  - set: ${{ event.body.text }}
YAML
}
post() {
  curl -sS -o "$sandbox/answer" -w '%{http_code}\n' --max-time 20 -H 'Content-Type: application/json' --data-binary "$body" \
    "$url/api/webhooks/default/keep" 2>/dev/null || echo 000
}
post_and_note() { # notes what was promised in $sandbox/promised
  status=$(post)
  [ "$status" != 202 ] || accepted_execution >>"$sandbox/promised"
}
all_promised_are_there() {
  ipaas execution list --limit 100000 -o name | sed 's#.*/##' | sort >"$sandbox/there"
  sort "$sandbox/promised" | comm -23 - "$sandbox/there" >"$sandbox/lost"
  [ ! -s "$sandbox/lost" ] || fail "promised and lost: $(cat "$sandbox/lost")"
}
promised_have_ended() { [ "$(executions queued)$(executions running)$(executions waiting)" = 000 ]; }
: >"$sandbox/promised"

ended_with() { return "$1"; }

full_disk() {
  test_case "a full disk answers 503, and recovers when there is space"
  mkdir "$sandbox/data"
  mount -t tmpfs -o size=6m,mode=700 tmpfs "$sandbox/data"
  trap 'left=$?; umount -l "$sandbox/data"; ended_with $left || clean_up; clean_up' EXIT
  start_daemon
  apply_keep
  fallocate -l $(($(df -B1 --output=avail "$sandbox/data" | tail -n 1) - 262144)) "$sandbox/data/ballast"
  status=202
  for ((number = 0; number < 400 && status != 503; number++)); do
    post_and_note
    [ "$status" = 202 ] || [ "$status" = 503 ] || fail "a full disk was answered $status"
  done
  equal "$status" 503
  for ((number = 0; number < 20; number++)); do post_and_note; done
  rm "$sandbox/data/ballast"
  accepted_again() { post_and_note && [ "$status" = 202 ]; }
  eventually 20 accepted_again
  eventually 20 promised_have_ended
  all_promised_are_there
  stop_daemon
  equal "$(sqlite3 "$sandbox/data/ipaas.db" 'PRAGMA integrity_check')" ok
  umount "$sandbox/data"
  trap clean_up EXIT
  rm -rf "$sandbox/data" "$sandbox/promised"
  : >"$sandbox/promised"
}

broken_disk() { # CALLS-THAT-SUCCEED CALL
  test_case "an error of $2 after $1 calls is never a 202"
  start_daemon
  apply_keep
  strace -f -qq -o /dev/null -e trace="$2" -e inject="$2:error=EIO:when=$1+7" -p "$daemon_pid" 2>"$sandbox/strace.log" &
  background+=($!)
  local tracer=$!
  traced() { grep -qE '^TracerPid:\s+[1-9]' "/proc/$daemon_pid/status"; }
  eventually 10 traced
  local refused=0
  for ((number = 0; number < 40; number++)); do
    post_and_note
    [ "$status" = 202 ] || refused=$((refused + 1))
  done
  [ "$refused" -gt 0 ] || fail "no webhook met the error, so nothing is proved"
  kill -TERM "$tracer" 2>/dev/null || true
  wait "$tracer" 2>/dev/null || true
  accepted_again() { post_and_note && [ "$status" = 202 ]; }
  eventually 20 accepted_again
  kill_daemon
  start_daemon
  all_promised_are_there
  eventually 20 promised_have_ended
  stop_daemon
  equal "$(sqlite3 "$sandbox/data/ipaas.db" 'PRAGMA integrity_check')" ok
}

may_mount() { [ "$(id -u)" -eq 0 ] && mkdir "$sandbox/try" && mount -t tmpfs tmpfs "$sandbox/try" 2>/dev/null && umount "$sandbox/try"; }
may_trace() { [ "$(id -u)" -eq 0 ] && command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; }

if may_mount; then full_disk; else echo "- skipped: a full disk needs root that may mount"; fi
if may_trace; then
  broken_disk 3 fdatasync
  broken_disk 5 pwrite64
else
  echo "- skipped: a broken disk needs root and strace that may trace"
fi
