#!/usr/bin/env bash
# Sets up what the tests need and runs them: dependencies, a build, packages of the system (packages.sh) and in CI a Docker
# engine, by hand and only for the tests of its driver (engine.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/tsx ] || npm ci
engine_wanted=
case "$*" in '' | *sandbox* | *docker*)
  [ "${CI:-}" != true ] || [ -n "${DOCKER_HOST:-}${AMBIENT_TEST_NO_DOCKER:-}${AMBIENT_TEST_ENGINE:-}" ] || engine_wanted=engine ;;
esac
bash test/packages.sh $engine_wanted
bash test/build.sh
if [ -n "$engine_wanted" ]; then
  engine=$(mktemp -d)/engine
  trap 'bash test/engine.sh stop "$engine"' EXIT
  echo 'starting a Docker engine, which the tests of its driver need'
  eval "$(bash test/engine.sh start "$engine")"
fi
[ -z "${AMBIENT_TEST_NO_DOCKER:-}" ] || echo "NOT RUN: the tests of the Docker driver: $AMBIENT_TEST_NO_DOCKER"
node --import tsx test/run.ts "$@"
