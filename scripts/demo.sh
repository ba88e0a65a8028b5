#!/bin/sh
# The demonstration: installs what is missing, builds, loads data-samples/ into a fresh store,
# correlates, and prints the leads and where the CSV report is. --built: only the last three.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
SHOW=3 # how many leads are shown in full

case ${1:-} in
'')
    scripts/install-deps
    echo '== Building'
    make -s -j "$(nproc 2>/dev/null || echo 2)" BUILD="$BUILD" all
    ;;
--built) ;;
*)
    echo 'usage: scripts/demo.sh [--built]' >&2
    exit 2
    ;;
esac

demo=$BUILD/demo
rm -rf "$demo"
mkdir -p "$demo"
chmod go-w "$demo"

# Status 1 means: done, with something that a person should look at. That is no failure here.
run() {
    "$BUILD/crosstrace" --store "$demo/crosstrace.db" "$@" || [ $? -eq 1 ]
}

echo '== Loading data-samples/ (synthetic: no real person, firearm or licence)'
run load -v data-samples/seizures-en.csv data-samples/saisies-fr.csv data-samples/traces.csv

echo '== Correlating'
run correlate

echo '== What is in the store now'
run stats --format table

echo '== The leads, best first'
run leads list --format table

run leads list --format csv >"$demo/list.csv"
for lead in $(sed -n "2,$((SHOW + 1))p" "$demo/list.csv" | cut -d, -f1); do
    echo
    echo "== Lead $lead"
    run leads show "$lead"
done

run report --format csv --force -o "$demo/leads.csv"
echo
echo "== All $(($(wc -l <"$demo/list.csv") - 1)) leads, with summaries and next steps: $demo/leads.csv"
echo "   One lead in full:  $BUILD/crosstrace --store $demo/crosstrace.db leads show ID"
