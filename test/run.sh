#!/usr/bin/env bash
# Sets up what the tests need and runs them: dependencies, a build, and by the system's package manager bubblewrap,
# pytest and, without pip, pre-commit. In CI also a Docker engine, by hand and only for the tests of its driver (engine.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/tsx ] || npm ci
if ! command -v bwrap >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing bubblewrap, which the sandbox tests need'
  { apt-get update -q && apt-get install -yq --no-install-recommends bubblewrap; } >/dev/null
fi
# The hooks are tried beside the real pre-commit: by pip where there is one, else the system's own.
if command -v python3 >/dev/null && ! python3 -m pip --version >/dev/null 2>&1 && ! python3 -m pre_commit --version >/dev/null 2>&1 &&
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing pre-commit, which the hook tests need'
  { apt-get update -q && apt-get install -yq --no-install-recommends pre-commit; } >/dev/null
fi
# Verdicts are tried on pytest; without the machine's own one those tests would say nothing.
if command -v python3 >/dev/null && ! python3 -m pytest --version >/dev/null 2>&1 &&
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing pytest, which the verdict tests need'
  { apt-get update -q && apt-get install -yq --no-install-recommends python3-pytest; } >/dev/null
fi
npm run --silent build
case "$*" in '' | *sandbox* | *docker*)
  if [ "${CI:-}" = true ] && [ -z "${DOCKER_HOST:-}${AMBIENT_TEST_NO_DOCKER:-}" ]; then
    engine=$(mktemp -d)/engine
    trap 'bash test/engine.sh stop "$engine"' EXIT
    echo 'starting a Docker engine, which the tests of its driver need'
    eval "$(bash test/engine.sh start "$engine")"
  fi
  ;;
esac
[ -z "${AMBIENT_TEST_NO_DOCKER:-}" ] || echo "NOT RUN: the tests of the Docker driver: $AMBIENT_TEST_NO_DOCKER"
node --import tsx test/run.ts "$@"
