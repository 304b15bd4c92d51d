#!/usr/bin/env bash
# Starts a Docker engine by hand for the tests of the Docker driver, without touching the machine: its data in a temporary
# folder, no bridge, no firewall rules, no service. Prints what to export; says why where it cannot. Usage: engine.sh start DIR | stop DIR
set -uo pipefail
cd "$(dirname "$0")/.."
dir=${2:?folder}
say() { printf 'export AMBIENT_TEST_NO_DOCKER=%q\n' "$1"; exit 0; }
case ${1:-} in
stop)
  [ -s "$dir/pid" ] && kill "$(cat "$dir/pid")" 2>/dev/null
  for _ in $(seq 100); do [ -s "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null || break; sleep 0.1; done
  # What an engine that was killed leaves mounted.
  awk -v dir="$dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -rf "$dir"
  exit 0
  ;;
start) ;;
*) echo "usage: $0 start|stop DIR" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || say 'an engine needs root to start, and the tests do not run as root'
bash test/packages.sh engine 1>&2 || say 'the packages of an engine could not be installed'
command -v dockerd >/dev/null || say 'there is no dockerd here, and no apt-get to install it with'
mkdir -p "$dir"
dockerd --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --bridge=none --storage-driver=overlay2 \
  --data-root="$dir/data" --exec-root="$dir/exec" --pidfile="$dir/pid" -H "unix://$dir/docker.sock" >"$dir/log" 2>&1 </dev/null &
for _ in $(seq 150); do
  [ -S "$dir/docker.sock" ] && node -e '
    const request = require("http").request({ socketPath: process.argv[1], path: "/_ping" }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1));
    request.on("error", () => process.exit(1)).end();' "$dir/docker.sock" && break
  kill -0 $! 2>/dev/null || say "the engine did not start: $(tail -n 1 "$dir/log")"
  sleep 0.2
done
export DOCKER_HOST="unix://$dir/docker.sock"
node bin/run.js sandbox build --registry-free >"$dir/build" 2>&1 || say "the image was not built: $(tail -n 2 "$dir/build" | tr '\n' ' ')"
printf 'export DOCKER_HOST=%q\n' "$DOCKER_HOST"
