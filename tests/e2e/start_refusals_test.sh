#!/usr/bin/env bash
# What keeps the daemon from starting is said, with what to do about it; and the command line without a daemon.
source "$(dirname "$0")/lib.sh"

refuses() { # FLAGS…: must end by itself, with a message in $sandbox/err
  local status=0
  IPAASD_HTTP_LISTEN=127.0.0.1:0 timeout 20 "$IPAAS_BIN/ipaasd" "$@" >"$sandbox/out" 2>"$sandbox/err" || status=$?
  [ "$status" -ne 124 ] || fail "it started: $*"
  [ "$status" -ne 0 ] || fail "it ended without an error: $*"
  holds "$sandbox/err" 'error: '
}

test_case "the command line without a daemon exits 6, names the socket and says how to start one"
exits 6 ipaas workflow list
holds "$sandbox/err" "$sandbox/ipaasd.sock"
holds "$sandbox/err" ipaasd

start_daemon

test_case "a second daemon on the same data directory is refused, and the first one's pid is named"
refuses --data-dir "$sandbox/data" --socket "$sandbox/second.sock"
holds "$sandbox/err" "$daemon_pid"
exits 0 ipaas admin status

test_case "a database that another daemon has open is refused, whatever the data directory"
start_outside=$sandbox/outside
mkdir "$start_outside"
"$IPAAS_BIN/ipaasd" --data-dir "$sandbox/keys" --socket "$sandbox/outside.sock" --listen 127.0.0.1:0 \
  --store "sqlite:$start_outside/data.db" >"$sandbox/outside.out" 2>"$sandbox/outside.log" &
outside=$!
background+=("$outside")
eventually 20 grep -q '^ready' "$sandbox/outside.out"
mkdir -m 700 "$sandbox/copied"
cp "$sandbox/keys/master.key" "$sandbox/keys/keyring" "$sandbox/copied"
refuses --data-dir "$sandbox/copied" --socket "$sandbox/fourth.sock" --store "sqlite:$start_outside/data.db"
holds "$sandbox/err" "$outside"

test_case "a socket on which a daemon answers is not taken over"
refuses --data-dir "$sandbox/other" --socket "$sandbox/ipaasd.sock"
exits 0 ipaas admin status

test_case "a port in use is named"
refuses --data-dir "$sandbox/third" --socket "$sandbox/third.sock" --listen "${url#http://}"
holds "$sandbox/err" "${url##*:}"

test_case "a stale socket is replaced"
kill_daemon
[ -S "$sandbox/ipaasd.sock" ] || fail "the test needs a stale socket"
start_daemon
exits 0 ipaas admin status
stop_daemon

test_case "a data directory that cannot be made or written is named"
: >"$sandbox/file"
refuses --data-dir "$sandbox/file/data" --socket "$sandbox/x.sock"
holds "$sandbox/err" "$sandbox/file/data"
if [ "$(id -u)" -eq 0 ]; then
  # Permissions do not stop root, so another user has to try.
  chmod 711 "$sandbox"
  install -m 755 "$IPAAS_BIN/ipaasd" "$sandbox/ipaasd"
  install -d -o nobody -m 500 "$sandbox/locked"
  status=0
  setpriv --reuid=nobody --regid=nogroup --clear-groups timeout 20 "$sandbox/ipaasd" --listen 127.0.0.1:0 \
    --data-dir "$sandbox/locked" --socket "$sandbox/locked/s" 2>"$sandbox/err" || status=$?
  equal "$status" 1
  holds "$sandbox/err" "$sandbox/locked"
  holds "$sandbox/err" writable
fi

test_case "a key that other users can read is refused"
chmod 644 "$sandbox/data/master.key"
refuses --data-dir "$sandbox/data" --socket "$sandbox/x.sock"
holds "$sandbox/err" master.key
chmod 600 "$sandbox/data/master.key"

test_case "data without its key is not opened, and no new key is made"
mv "$sandbox/data/master.key" "$sandbox/kept.key"
refuses --data-dir "$sandbox/data" --socket "$sandbox/x.sock"
[ ! -e "$sandbox/data/master.key" ] || fail "a new key was made over old data"
mv "$sandbox/kept.key" "$sandbox/data/master.key"

test_case "a damaged database is refused and named"
cp "$sandbox/data/ipaas.db" "$sandbox/good.db"
head -c 8192 /dev/urandom | dd of="$sandbox/data/ipaas.db" conv=notrunc status=none
refuses --data-dir "$sandbox/data" --socket "$sandbox/x.sock"
holds "$sandbox/err" "$sandbox/data/ipaas.db"
cp "$sandbox/good.db" "$sandbox/data/ipaas.db"
start_daemon
stop_daemon

test_case "a database that a newer program wrote is refused"
sqlite3 "$sandbox/data/ipaas.db" 'PRAGMA user_version = 9999'
refuses --data-dir "$sandbox/data" --socket "$sandbox/x.sock"
holds "$sandbox/err" newer

test_case "a wrong configuration is refused with its place, and --check-config says so without starting"
printf 'limits:\n  bdy: 1MiB\n' >"$sandbox/wrong.yaml"
exits 2 "$IPAAS_BIN/ipaasd" --config "$sandbox/wrong.yaml" --check-config
holds "$sandbox/err" "$sandbox/wrong.yaml:2:3"
holds "$sandbox/err" limits.body
exits 2 env IPAASD_LIMITS_BDY=1 "$IPAAS_BIN/ipaasd" --check-config
holds "$sandbox/err" IPAASD_LIMITS_BDY
printf 'limits:\n  body: 2MiB\negress:\n  allow: [10.0.0.0/8]\n' >"$sandbox/right.yaml"
exits 0 "$IPAAS_BIN/ipaasd" --config "$sandbox/right.yaml" --check-config
