#!/bin/sh
# The demonstration: installs what is missing, builds, loads data-samples/ into a fresh store,
# correlates, and prints the leads and where the CSV report is. --built: is built already.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}

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
leads=$(sed 1d "$demo/list.csv" | cut -d, -f1)
first=
for lead in $leads; do
    first=${first:-$lead}
    echo
    run leads show "$lead" | sed '/^Evidence/,$d' # the summary; the evidence follows for the first
done

echo "== The first lead in full"
[ -z "$first" ] || run leads show "$first" | sed '1,/^Next step/d'

run report --format csv --force -o "$demo/leads.csv"
echo
echo "== All of it as CSV: $demo/leads.csv"
echo "   One lead in full: $BUILD/crosstrace --store $demo/crosstrace.db leads show ID"
