#!/usr/bin/env bash
# A production install of the packed package stays within 150 MB. Prints the size in MB.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null
cd "$work"
npm init -y >/dev/null
npm install --silent --omit=dev --ignore-scripts ./git-ambient-*.tgz >/dev/null
mb=$(du -sm node_modules | cut -f1)
echo "production install: $mb MB"
[ "$mb" -le 150 ]
