#!/usr/bin/env bash
# The manual page: well-formed, and as complete as the daemon's own table of settings and flags.
source "$(dirname "$0")/lib.sh"

page=$repository/packaging/man/ipaasd.8

test_case "mandoc finds nothing to complain about"
mandoc -T lint -W warning "$page" >"$sandbox/lint" || fail "$(cat "$sandbox/lint")"

test_case "every setting is there, with its environment variable"
sed -n 's/^ *{"\([a-z_.]*\)", ".*/\1/p' "$repository/daemon/config/settings.cpp" >"$sandbox/keys"
[ "$(wc -l <"$sandbox/keys")" -gt 15 ] || fail "the table of settings was not found"
while read -r key; do
  holds "$page" ".It Li $key , Ev IPAASD_$(tr 'a-z.' 'A-Z_' <<<"$key")"
done <"$sandbox/keys"

test_case "every flag is there"
"$IPAAS_BIN/ipaasd" --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | sed 's/.*--//' | grep -vxE 'help|version' >"$sandbox/flags"
[ -s "$sandbox/flags" ] || fail "ipaasd --help names no flags"
while read -r flag; do
  holds "$page" ".It Fl -$flag"
done <"$sandbox/flags"
