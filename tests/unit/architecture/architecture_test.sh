#!/usr/bin/env bash
# The rules of core/ARCHITECTURE.md that a compiler does not check: who may include whom, what core may not touch, and
# what lies where. Prints every offence, then fails.
set -euo pipefail
cd "$(dirname "$0")/../../.."

offences=0
offend() {
  echo "$*" >&2
  offences=$((offences + 1))
}

core=(base domain resilience language security store engine connectors service)

# The rooms that a room may include, itself aside.
may_include() {
  case $1 in
    base) ;;
    domain | resilience) echo core/base ;;
    language | security | store) echo core/base core/domain ;;
    engine | connectors) echo core/base core/domain core/language ;;
    service) printf 'core/%s\n' "${core[@]}" ;;
    daemon) printf 'core/%s\n' "${core[@]}" ;;
    cli) printf 'core/%s\n' base domain resilience language security engine connectors ;;
  esac
}

check_room() { # ROOM FOLDER
  local allowed file line included
  allowed=" $2 $(may_include "$1" | tr '\n' ' ') "
  while IFS=: read -r file line included; do
    case $allowed in
      *" $included "*) ;;
      *) offend "$file:$line: $2 may not include $included" ;;
    esac
  done < <(grep -rnoE '#include "[^"]+"' "$2" --include='*.h' --include='*.cpp' |
    sed -E 's|#include "(core/[^/"]+)/.*|\1|; s|#include "([^/"]+)/.*|\1|; s|#include "([^/"]+)"|a path that is not from the root: \1|')
}

for room in "${core[@]}"; do check_room "$room" "core/$room"; done
check_room daemon daemon
check_room cli cli

# forbid WHY PATTERN [EXCEPTION…]: in the sources of core.
forbid() {
  local why=$1 pattern=$2 hit exception excused
  shift 2
  while IFS= read -r hit; do
    excused=false
    for exception in "$@"; do [[ $hit == "$exception":* || $hit == "$exception".*:* ]] && excused=true; done
    $excused || offend "$hit: core has no $why"
  done < <(grep -rnE "$pattern" core --include='*.h' --include='*.cpp' | grep -vE '^[^:]*:[0-9]+: *//' || true)
}

# The one thread of core copies SQLite's log in the background and decides nothing.
forbid "thread of its own" '<thread>|std::(jthread|thread|async)\b' core/store/sqlite/checkpointer
forbid "clock of its own" '(system|steady|high_resolution)_clock::now|std::time\(|gettimeofday|clock_gettime|sleep_(for|until)'
forbid "socket" '<sys/socket\.h>|<curl/|boost/(asio|beast)|httplib\.h|::socket\('
# `Randomness` is the interface; the one implementation that asks the system is beside it.
forbid "random numbers of its own" 'random_device|std::rand\b|<random>|getrandom|/dev/u?random' core/base/random

# forbid_text WHY PATTERN: in any file of the project.
forbid_text() {
  local hit
  while IFS= read -r hit; do
    offend "$hit: $1"
  done < <(grep -rnIE "$2" . --exclude-dir=.git --exclude-dir=node_modules --exclude-dir='build*' \
    --exclude=architecture_test.sh || true)
}
forbid_text "names a path of one machine" '(^|[^A-Za-z0-9_./-])/(work|home/[a-z]+|root|Users/[a-z]+)/[a-z.]'
forbid_text "a lock file names no registry" '"resolved": *"https?:'

allowed_top=" CMakeLists.txt cli daemon core workflows-examples tests packaging README.md LICENSE CHANGELOG.md "
for entry in *; do
  case $allowed_top in
    *" $entry "*) ;;
    *) [[ $entry == build* || $entry == compile_commands.json ]] || offend "$entry: does not belong at the top" ;;
  esac
done

[ "$offences" -eq 0 ] || { echo "$offences offences" >&2; exit 1; }
