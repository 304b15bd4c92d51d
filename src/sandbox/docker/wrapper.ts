/**
 * The shell program around a command in a container. Rule: it starts on clean ground or not at all, and takes everything
 * along that the command left running; whether it did is checked from outside, because the command may have killed it.
 */
import { HOME } from '../places.ts';

/** Said on standard error, followed by the token of the run, when the command was not started. */
export const MISSING = 'ambient-missing';
export const DIRTY = 'ambient-dirty';

/**
 * What the run before has left in memory is removed here, when none of its processes is left to put it back: files of /tmp,
 * shared memory and message queues. Where something stays, the container is not used.
 */
const SCRUB = `
for round in 1 2; do
  rm -rf /tmp/* /tmp/.[!.]* /tmp/..?* /dev/shm/* /dev/shm/.[!.]* /dev/shm/..?* /dev/mqueue/* 2>/dev/null
  left=$(ls -A /tmp; ls -A /dev/shm; ls -A /dev/mqueue)
  [ -z "$left" ] && break
  chmod -R u+rwX /tmp /dev/shm 2>/dev/null
done
[ -z "$left" ] && [ "$(cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | wc -l)" = 3 ] || {
  echo "${DIRTY} $token" >&2
  exit 125
}`;

const PROGRAM = `
used=$1 token=$2
shift 2
if [ "$used" = 1 ]; then ${SCRUB}
fi
mkdir -p ${HOME}
found=
case $1 in
*/*) [ -f "$1" ] && [ -x "$1" ] && found=1 ;;
*)
  set -f
  IFS=:
  for folder in $PATH; do [ -f "$folder/$1" ] && [ -x "$folder/$1" ] && found=1 && break; done
  unset IFS
  set +f
  ;;
esac
[ -n "$found" ] || { echo "${MISSING} $token" >&2; exit 127; }
(exec "$@")
code=$?
kill -9 -1 2>/dev/null
exit $code
`;

/** Returns the argv that runs `argv` in a container; `used`: something ran in it before. */
export function wrapped(argv: readonly string[], { used, token }: { used: boolean; token: string }): string[] {
  return ['/bin/sh', '-c', PROGRAM, 'sandbox', used ? '1' : '0', token, ...argv];
}
