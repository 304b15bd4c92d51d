#!/usr/bin/env bash
# Sets up what the tests need and runs them: dependencies, a build, and bubblewrap by the system's package manager.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/tsx ] || npm ci
if ! command -v bwrap >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing bubblewrap, which the sandbox tests need'
  { apt-get update -q && apt-get install -yq --no-install-recommends bubblewrap; } >/dev/null
fi
npm run --silent build
exec node --import tsx test/run.ts "$@"
