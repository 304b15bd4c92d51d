/** Timing of whole commands. Rule: what is compared runs alternately in the same process, so that a slow moment hits both. */
import { spawnSync } from 'node:child_process';

export interface Sample {
  /** Milliseconds, in the order of measurement. */
  times: number[];
}

/** Runs a command and returns its wall time in ms; a failing command ends the bench. */
export function time(argv: string[], options: { cwd: string; env: Record<string, string> }): number {
  const [file = '', ...args] = argv;
  const started = performance.now();
  const result = spawnSync(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  const elapsed = performance.now() - started;
  if (result.status !== 0) throw new Error(`${argv.join(' ')} ended with ${result.status}: ${result.stderr}`);
  return elapsed;
}

/** Measures each candidate `rounds` times, alternating (ABBA) so that neither is always first. */
export function alternate(rounds: number, ...candidates: Array<() => number>): number[][] {
  const times = candidates.map((): number[] => []);
  const order = candidates.map((_, at) => at);
  for (const candidate of candidates) candidate(); // warm
  for (let round = 0; round < rounds; round++)
    for (const at of round % 2 === 0 ? order : [...order].reverse()) times[at]?.push(candidates[at]?.() ?? 0);
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Mean of the paired differences with a percentile-bootstrap 95 % interval (10,000 resamples, fixed seed). */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
): { mean: number; low: number; high: number } {
  const differences = a.map((value, at) => value - (b[at] ?? 0));
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = Array.from({ length: 10_000 }, () =>
    mean(differences.map(() => differences[Math.floor(random() * differences.length)] ?? 0)),
  ).sort((x, y) => x - y);
  return { mean: mean(differences), low: means[250] ?? 0, high: means[9750] ?? 0 };
}

export interface Row {
  what: string;
  ours: string;
  peer: string;
  ratio: string;
  bound: string;
  /** Null: it could not be measured here. */
  holds: boolean | null;
}

/** Ours against a peer that ran alternately with it. Times in ms. */
export function ratioRow(what: string, ours: number[], peer: number[], peerName: string, bound: number): Row {
  const ratio = median(ours) / median(peer);
  return {
    what,
    ours: `${median(ours).toFixed(1)} ms`,
    peer: `${median(peer).toFixed(1)} ms (${peerName})`,
    ratio: `${ratio.toFixed(2)} x`,
    bound: `≤ ${bound} x`,
    holds: ratio <= bound,
  };
}

export function table(rows: readonly Row[]): string {
  const cells = [
    ['what', 'ours', 'peer', 'ratio', 'bound', ''],
    ...rows.map((row) => [
      row.what,
      row.ours,
      row.peer,
      row.ratio,
      row.bound,
      row.holds === null ? 'not measured' : row.holds ? 'holds' : 'BROKEN',
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`).join('\n');
}
