#!/bin/sh
set -e
# Works in a temporary folder, and leaves its report beside itself and on its output.
work=$(mktemp -d)
seq 1 1000 | sort -r > "$work/numbers"
mkdir -p output
wc -l < "$work/numbers" > output/report.txt
sleep 2
echo "report: $(cat output/report.txt) lines"
rm -r "$work"
