#!/usr/bin/env bash
# packaging/try.sh from its first line to its last, with the programs of this build.
source "$(dirname "$0")/lib.sh"

test_case "try.sh shows an execution, its steps and its masked log, and leaves nothing behind"
TMPDIR=$sandbox "$repository/packaging/try.sh" --bin "$IPAAS_BIN" >"$sandbox/try.log" 2>&1 || fail "try.sh failed"
holds "$sandbox/try.log" '202'
holds "$sandbox/try.log" succeeded
holds "$sandbox/try.log" '***REDACTED***'
equal "$(ls "$sandbox")" try.log
