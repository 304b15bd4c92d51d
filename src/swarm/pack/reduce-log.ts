/**
 * What matters of a failing log. Rule: pure; lines are kept or left out, never rewritten, but for colours and repeated
 * lines; what is left out is counted.
 */

const CONTROL = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const TELLING =
  /\b(error|err!|fail(ed|ure|ing)?|exception|traceback|panic(ked)?|assert(ion)?(error)?|expected|actual|received|undefined reference|cannot find|not found|fatal|segmentation fault|killed|timed? ?out|denied)\b|^E\s{2,}|^(\s*)(✖|✗|×|not ok)|^\s+at .+:\d+|^\s*File ".+", line \d+|:\d+:\d+: |-->\s|!=|^FAIL\b/i;
const NOISE =
  /^\s*(\d+(\.\d+)?%|downloading|collecting|resolving|npm (warn|notice)|added \d+ packages|compiling \S+ v\d|requirement already satisfied)/i;
const BEFORE = 2;
const AFTER = 6;

export interface ReducedLog {
  text: string;
  lines: number;
  kept: number;
}

/** Keeps what tells of a failure with the lines around it, and the end; at most `most` lines. */
export function reduceLog(log: string, most = 200): ReducedLog {
  const lines = withoutRepeats(
    log
      .replace(CONTROL, '')
      .split(/\r?\n|\r/)
      .map((line) => line.trimEnd().slice(0, 500)),
  );
  const wanted = new Set<number>();
  const add = (from: number, to: number) => {
    for (let at = Math.max(0, from); at <= Math.min(lines.length - 1, to) && wanted.size < most; at++) wanted.add(at);
  };
  // The end sums up what happened; then the first failures, which cause the later ones.
  add(lines.length - Math.min(20, most), lines.length - 1);
  for (const [at, line] of lines.entries()) if (TELLING.test(line) && !NOISE.test(line)) add(at - BEFORE, at + AFTER);
  const kept = [...wanted].filter((at) => !NOISE.test(lines[at] ?? '')).sort((a, b) => a - b);
  return { text: joined(lines, kept), lines: lines.length, kept: kept.length };
}

function withoutRepeats(lines: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return lines.filter((line) => {
    const times = (seen.get(line) ?? 0) + 1;
    seen.set(line, times);
    return line === '' || times <= 2;
  });
}

function joined(lines: readonly string[], kept: readonly number[]): string {
  const out: string[] = [];
  for (const [index, at] of kept.entries()) {
    const previous = kept[index - 1];
    if (previous !== undefined && at > previous + 1) out.push(`... ${at - previous - 1} lines left out ...`);
    out.push(lines[at] ?? '');
  }
  return out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Files of the tree that the log names, most often first, with the lines that it names. */
export function pathsInLog(log: string, paths: ReadonlySet<string>): Array<{ path: string; lines: number[] }> {
  if (log.trim() === '') return [];
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const known = byName.get(name);
    if (known) known.push(path);
    else byName.set(name, [path]);
  }
  const found = new Map<string, { count: number; lines: Set<number> }>();
  for (const match of log.replace(CONTROL, '').matchAll(/([\w.@+/\\-]+\.\w{1,5})(?:["')]?,? line |:|\()?(\d{1,6})?/g)) {
    const said = (match[1] ?? '').replaceAll('\\', '/').replace(/^\.\//, '');
    const path = longestEnd(said, byName.get(said.slice(said.lastIndexOf('/') + 1)) ?? []);
    if (path === null) continue;
    const one = found.get(path) ?? { count: 0, lines: new Set<number>() };
    one.count += 1;
    if (match[2] !== undefined) one.lines.add(Number(match[2]));
    found.set(path, one);
  }
  return [...found]
    .sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .map(([path, { lines }]) => ({ path, lines: [...lines].sort((a, b) => a - b) }));
}

/** A log names files absolutely, or below another root: the path that shares most of its end, when it is one. */
function longestEnd(said: string, candidates: readonly string[]): string | null {
  const fits = candidates.filter((path) => said === path || said.endsWith(`/${path}`) || path.endsWith(`/${said}`));
  const exact = fits.filter((path) => said === path || said.endsWith(`/${path}`)).sort((a, b) => b.length - a.length);
  return exact[0] ?? (fits.length === 1 ? (fits[0] ?? null) : null);
}
