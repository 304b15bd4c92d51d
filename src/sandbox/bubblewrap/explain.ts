/** Turns a sandbox that could not be set up into a reason and a next step. Rule: pure; the next step is never "less isolation of the command". */
import type { SandboxResult } from '../types.ts';

export interface SystemFacts {
  root: boolean;
  /** Texts of the kernel's switches, empty where there is none. */
  apparmor: string;
  clone: string;
  most: string;
  container: boolean;
}

const APPARMOR = `allow bwrap user namespaces, as root: \`printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' > /etc/apparmor.d/bwrap && apparmor_parser -r /etc/apparmor.d/bwrap\` (or for everything: \`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\`)`;
const CONTAINER =
  'start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`, or run git-ambient on the host';

export function explainFailure(result: SandboxResult, facts: SystemFacts): { ok: false; reason: string; hint: string } {
  const text =
    result.setupError ?? `${result.stderr.trim() || 'the probe failed'} (code ${result.code}, ${endOf(result)})`;
  return { ok: false, reason: text.split('\n').slice(0, 3).join(' '), hint: hintFor(text, facts) };
}

function hintFor(text: string, facts: SystemFacts): string {
  if (/Unknown option/i.test(text))
    return 'upgrade bubblewrap: version 0.8 or later is needed (Debian 12, Ubuntu 24.04, Fedora 38)';
  if (/setuid|privileged mode/i.test(text))
    return 'remove the setuid bit of bwrap: `chmod u-s "$(command -v bwrap)"`, as root';
  const refused =
    /namespace|uid map|RTM_NEWADDR|Operation not permitted|Permission denied|mount proc|No space left/i.test(text);
  if (!refused) return 'run `git ambient doctor` for the details';
  if (facts.most === '0') return 'allow user namespaces: `sysctl -w user.max_user_namespaces=15000`, as root';
  if (facts.clone === '0') return 'allow user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1`, as root';
  if (facts.container) return CONTAINER;
  if (facts.apparmor === '1' && !facts.root) return APPARMOR;
  return `user namespaces are refused here; in a container, ${CONTAINER}`;
}

function endOf(result: SandboxResult): string {
  if (result.timedOut) return 'timed out';
  const bounds: Array<[boolean, string]> = [
    [result.oom, 'out of memory'],
    [result.pidsFull, 'too many processes'],
    [result.diskFull, 'too much on the disk'],
    [result.fileTooLarge, 'too large a file'],
  ];
  return bounds.find(([hit]) => hit)?.[1] ?? `signal ${result.signal ?? 'none'}`;
}
