#!/usr/bin/env bash
# Shows that the tests see the bugs that are planted here: each patch is applied to a copy of the tree, and the test
# that it names must fail there. Without patches the same tests must pass. Run from anywhere; names of patches
# (sold-out-at-one-look) choose some. Takes about a minute for each.
set -uo pipefail
bugs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$bugs/../../.." && pwd)

copy=$(mktemp -d "${TMPDIR:-/tmp}/flashstock-bugs.XXXXXX") || exit 1
trap 'rm -rf "$copy"' EXIT
cp -R "$root/pom.xml" "$root/mvnw" "$root/.mvn" "$root/src" "$copy/" || exit 1
cd "$copy" || exit 1

patches=()
if [ $# -eq 0 ]; then patches=("$bugs"/*.patch); else for name in "$@"; do patches+=("$bugs/$name.patch"); done; fi

named_test() { sed -n 's/^Test: //p' "$1"; }

# Runs tests; prints what came of them. A build that breaks before any test has run is no proof of anything.
run() { # tests
  rm -rf target/surefire-reports
  if ./mvnw -q -B test -Dquick -Dtest="$1" >"$copy/log" 2>&1 </dev/null; then echo passed; return; fi
  if grep -qsE '^Tests run: .*(Failures|Errors): [1-9]' target/surefire-reports/*.txt; then echo failed; else echo broken; fi
}

status=0
line() { printf '%-34s %-78s %s\n' "$@"; }
check() { # bug, test, what must come of it
  local outcome
  outcome=$(run "$2")
  if [ "$outcome" = "$3" ]; then line "$1" "$2" "$outcome, as it must"; return; fi
  line "$1" "$2" "$outcome, and must have $3"
  [ "$outcome" = passed ] || tail -40 "$copy/log"
  status=1
}

line BUG TEST OUTCOME
tests=$(for patch in "${patches[@]}"; do named_test "$patch"; done | sort -u | paste -sd ,)
check none "$tests" passed
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  if ! git apply "$patch" 2>"$copy/log"; then
    line "$name" "$(named_test "$patch")" 'does not apply'
    cat "$copy/log"
    status=1
    continue
  fi
  check "$name" "$(named_test "$patch")" failed
  git apply -R "$patch" || exit 1
done
exit "$status"
