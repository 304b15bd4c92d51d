#!/usr/bin/env bash
# Builds where what is built is older than what it is made of: after `npm ci` it is not.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=(src build bin templates package.json package-lock.json)
if [ -e dist/start.cjs ] && [ -z "$(find "${parts[@]}" -newer dist/start.cjs -print -quit)" ]; then exit 0; fi
npm run --silent build
