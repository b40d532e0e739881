#!/usr/bin/env bash
# Workflow files that mean harm: exit status 3 with a place, quickly, from the command line alone.
source "$(dirname "$0")/lib.sh"

# refused CODE: the YAML on standard input is refused with this code and a line and column.
refused() {
  cat >"$sandbox/flow.yaml"
  exits 3 timeout 10 "$IPAAS_BIN/ipaas" validate -f "$sandbox/flow.yaml"
  grep -qE 'flow\.yaml:[0-9]+:[0-9]+: ' "$sandbox/err" || fail "no place in: $(head -c 500 "$sandbox/err")"
  holds "$sandbox/err" "[$1]"
}

test_case "an alias bomb"
{
  echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
  previous=a
  for name in b c d e f g h i; do
    echo "$name: &$name [*$previous, *$previous, *$previous, *$previous, *$previous, *$previous, *$previous]"
    previous=$name
  done
} | refused alias_limit

test_case "an alias of itself"
echo 'a: &a [*a]' | refused yaml_alias

test_case "100,000 levels"
many() { printf "%${2}s" '' | tr ' ' "$1"; } # CHARACTER TIMES
many '[' 100000 | refused too_deep
{ printf 'steps: '; many '{' 100000; } | refused too_deep

test_case "tags, merge keys and duplicate keys"
echo 'name: !!python/object:os.system x' | refused yaml_tag
printf 'x-a: &a {b: 1}\nname:\n  <<: *a\n' | refused yaml_merge_key
printf 'name: one\nname: two\n' | refused duplicate_key

test_case "more than a megabyte, and what is no text"
head -c 1100000 /dev/zero | tr '\0' '#' | refused too_large
printf 'name: \xff\xfe\n' | refused not_utf8
printf 'name: a\x1bb\n' | refused control_character

test_case "expressions without an end"
expression() { printf 'name: a\non: {manual: {}}\nsteps:\n  - log: "${{ %s }}"\n' "$1"; }
expression "$(many '(' 60)1" | refused too_deep
expression "'$(many x 21001)'" | refused too_long
