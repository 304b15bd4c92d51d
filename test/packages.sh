#!/usr/bin/env bash
# Installs by the system's package manager, all at once, what tests need and the machine lacks. Without root or apt-get the
# tests say what was not run. Usage: packages.sh [engine]   (engine: a Docker engine and what its image is made with, too)
set -euo pipefail
{ [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || exit 0
missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
if command -v python3 >/dev/null; then
  # The hooks are tried beside the real pre-commit: by pip where there is one, else the system's own.
  python3 -m pip --version >/dev/null 2>&1 || python3 -m pre_commit --version >/dev/null 2>&1 || missing+=(pre-commit)
  # Verdicts are tried on pytest; without the machine's own one those tests would say nothing.
  python3 -m pytest --version >/dev/null 2>&1 || missing+=(python3-pytest)
fi
if [ "${1:-}" = engine ]; then
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
fi
[ ${#missing[@]} -gt 0 ] || exit 0
echo "installing ${missing[*]}, which the tests need" >&2
# No service is started: policy-rc.d says no while the packages are set up.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
{ apt-get update -q && apt-get install -yq --no-install-recommends "${missing[@]}"; } >/dev/null
