/** The sandbox in words. Rule: pure. */
import type { SandboxResult, SandboxStatus } from '../../crew/index.ts';

/** Which limit ended the command, a line each; empty when none did. */
export function renderResult(result: SandboxResult): string {
  const stopped: Array<[hit: boolean, why: string]> = [
    [result.timedOut, 'it ran longer than sandbox.timeout_seconds'],
    [result.oom, 'it used more than sandbox.resources.memory'],
    [result.pidsFull, 'it started more processes than sandbox.resources.pids_limit'],
    [result.diskFull, 'it wrote more than a check may keep on the disk'],
    [result.fileTooLarge, 'it wrote a larger file than a check may have'],
  ];
  return stopped.flatMap(([hit, why]) => (hit ? [`stopped: ${why}\n`] : [])).join('');
}

export function renderStatus({ wanted, driver, reason, hint, image, network }: SandboxStatus): string {
  const isolates =
    driver === null ? [`driver   none: ${reason}`, `  → ${hint}`] : [`driver   ${driver} (${wanted} is asked for)`];
  const granted =
    network.granted === null ? 'nothing is granted' : `${network.granted} is granted until ${network.until}`;
  return [
    ...isolates,
    ...(driver === 'docker' ? [`image    ${image}`] : []),
    `network  ${network.mode}; ${granted}`,
  ].join('\n');
}
