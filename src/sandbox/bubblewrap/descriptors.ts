/**
 * Keeps open files of the host out of the sandbox. Rule: whatever descriptor this process would hand down (its parent
 * may have left some open) is replaced by /dev/null in the child.
 */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;

type Stdio = 'ignore' | 'pipe' | number;

/** Extends `stdio` over every inherited descriptor; call `close` after the spawn. */
export function sealDescriptors(stdio: readonly Stdio[]): { stdio: Stdio[]; close(): void } {
  const inherited = readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd >= stdio.length && isInherited(fd));
  if (inherited.length === 0) return { stdio: [...stdio], close: () => {} };
  const nothing = openSync('/dev/null', 'r');
  const sealed: Stdio[] = [...stdio];
  // The gaps stay 'ignore', which leaves a descriptor above 2 as it is: closed on exec.
  for (const fd of inherited) {
    while (sealed.length < fd) sealed.push('ignore');
    sealed[fd] = nothing;
  }
  return { stdio: sealed, close: () => closeSync(nothing) };
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
