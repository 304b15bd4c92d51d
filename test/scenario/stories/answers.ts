/** A model that knows the five fixes of a story, and says each in another form that models have. */
import type { Behaviour } from '../../llm/server.ts';
import { streams } from '../../llm/server.ts';

export const SPECIALISTS = [
  ...['SecurityGuardian', 'RefactorArchitect', 'StyleEnforcer', 'PerformanceOptimizer', 'TestEnhancer'],
] as const;

/** One fix: `from` becomes `to` in the file as the commit left it. */
export interface Known {
  title: string;
  why: string;
  path: string;
  from: string;
  to: string;
  /** What it says first, and what the tests refuse. */
  wrong?: string;
}

export type Fixes = Record<(typeof SPECIALISTS)[number], Known>;

/** The server's side: finds out who asks, and what for. */
export function modelWith(fixes: Fixes, files: Record<string, string>): Behaviour {
  return (response, received) => {
    const { messages } = received.body as { messages: Array<{ content: string }> };
    const name = /You are (\w+)/.exec(messages[0]?.content ?? '')?.[1] as (typeof SPECIALISTS)[number];
    const last = messages.at(-1)?.content ?? '';
    const usage = { prompt_tokens: 1000, completion_tokens: 100 };
    if (last.includes('what the others propose'))
      return streams('{"unchanged": true, "proposals": []}', { usage })(response, received);
    const { wrong, ...fix } = fixes[name];
    const isRepair = last.includes('judged and failed');
    const diff = diffOf(files[fix.path] ?? '', { ...fix, to: isRepair ? fix.to : (wrong ?? fix.to) });
    streams(FORMS[name](fix, diff), { usage, piece: 40 })(response, received);
  };
}

/** As the seed of this program has it, with claims that nobody believes. */
const detailed = (agent: string, { title, why, path }: Known, diff: string) => ({
  ...{ agent, title, description: why, diff, risk_level: 'low', rationale: why },
  ...{ files_touched: [path], estimated_loc_change: 1, tags: ['certain'] },
});

const FORMS: Record<(typeof SPECIALISTS)[number], (known: Known, diff: string) => string> = {
  SecurityGuardian: (known, diff) => JSON.stringify([detailed('SecurityGuardian', known, diff)]),
  RefactorArchitect: ({ title, why }, diff) => `${title}.\n\n${why}\n\n\`\`\`diff\n${diff}\`\`\`\n`,
  StyleEnforcer: ({ title, why }, diff) => `<think>Is it worth it?</think>\n${title}\n${why}\n${diff}`,
  PerformanceOptimizer: (known, diff) =>
    `Here it is:\n\`\`\`json\n${JSON.stringify([detailed('PerformanceOptimizer', known, diff)], null, 2)}\n\`\`\`\n`,
  TestEnhancer: ({ title, why }, diff) => JSON.stringify({ proposals: [{ title, rationale: why, diff }] }),
};

const AROUND = 3;

/** A unified diff of one hunk. */
function diffOf(before: string, { path, from, to }: Known): string {
  const at = before.indexOf(from);
  if (at < 0) throw new Error(`${path} has no ${JSON.stringify(from)}`);
  const [old, fresh] = [linesOf(before), linesOf(before.replace(from, () => to))];
  let head = 0;
  while (old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const start = Math.max(0, head - AROUND);
  const end = (lines: string[]) => Math.min(lines.length, lines.length - tail + AROUND);
  const body = [
    ...old.slice(start, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, end(old)).map((line) => ` ${line}`),
  ];
  const sizes = `-${start + 1},${end(old) - start} +${start + 1},${end(fresh) - start}`;
  return `--- a/${path}\n+++ b/${path}\n@@ ${sizes} @@\n${body.join('\n')}\n`;
}

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');
