#!/bin/sh
# Everything that has to hold: sets the machine up as the demonstration does, holds the layers,
# runs all tests, then all tests again under AddressSanitizer and UBSan. Ends with what failed and
# one line, "N passed, N failed", and a status that is not 0 if anything failed.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
jobs=$(nproc 2>/dev/null || echo 2)
passed=0 failed=0

scripts/install-deps

# Stores are written durably, and the tests make thousands of small ones: in memory where there is
# room for them, else where temporary files go.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $4 + 0 }')
if [ -w /dev/shm ] && [ "${room:-0}" -ge 524288 ]; then
    scratch=$(mktemp -d /dev/shm/crosstrace-XXXXXX)
else
    scratch=$(mktemp -d)
fi
trap 'rm -rf "$scratch"' EXIT
chmod 711 "$scratch" # a test runs the program as another user
export TMPDIR="$scratch"
log=$scratch/log result=$scratch/result failures=$scratch/failures
: >"$failures"

# A target's own sum is the last line of that form that it prints, and what failed in it stands
# before that; a target that ends badly without having counted anything is one failure.
count() {
    target=$1
    echo "== $target"
    shift
    { "$@" 2>&1 && echo good >"$result" || echo bad >"$result"; } | tee "$log"
    sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) || true
    bad=0
    if [ "$(cat "$result")" != good ]; then bad=1; fi
    if [ -n "$sum" ]; then
        passed=$((passed + ${sum%% *}))
        sum=${sum#*, }
        failed=$((failed + ${sum%% *}))
        if [ "$bad" -ne 0 ] && [ "${sum%% *}" -eq 0 ]; then failed=$((failed + 1)); fi
    elif [ "$bad" -ne 0 ]; then
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
    if [ "$bad" -eq 0 ]; then return; fi
    echo "== $target" >>"$failures"
    if grep -q '^failed: ' "$log"; then
        sed -n '/^failed: /,/^[0-9]* passed, [0-9]* failed$/p' "$log" | grep -E '^(failed: |    )'
    else
        tail -n 20 "$log" | sed 's/^/    /'
    fi >>"$failures"
}

count 'layers' scripts/check-layers
count 'tests' make -s -j "$jobs" BUILD="$BUILD" test
count 'tests under AddressSanitizer and UBSan' make -s -j "$jobs" BUILD="$BUILD" asan

cat "$failures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
