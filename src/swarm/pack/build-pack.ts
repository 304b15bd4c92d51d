/**
 * The context pack: what a change means, where it reaches, how this repository writes code; in a given number of tokens.
 * Rule: what matters most is taken first and whole; what does not fit is named. Every text passes redaction, and stands
 * between lines that it cannot contain, so that nothing quoted can pass for a word of ours.
 */
import { digest, redact } from '../../base/index.ts';
import { estimateTokens } from '../../llm/index.ts';
import { isSecretPath } from './hidden.ts';
import { pathsInLog, reduceLog } from './reduce-log.ts';
import { excerpt, numbered } from './show-file.ts';
import { treeView } from './tree-view.ts';
import type { ContextPack, PackRequest, PackSection } from './types.ts';

/** Bytes of one file that is quoted. */
const LARGEST = 200_000;
/** What a repository says about itself, in this order. */
const IMPORTANT = [
  ...['pyproject.toml', 'setup.cfg', 'setup.py', 'tox.ini', 'package.json', 'tsconfig.json', 'go.mod', 'Cargo.toml'],
  ...['Makefile', 'CONTRIBUTING.md', 'README.md', '.editorconfig', 'ruff.toml', 'mypy.ini', '.github/workflows/ci.yml'],
];
/** Of a file that only tells about the repository. */
const ENOUGH = 4_000;

interface Block {
  title: string;
  text: string;
  files: string[];
  /** Said where the block does not fit. */
  name: string;
}

/** Builds the pack. Throws what `read` throws. */
export async function buildPack(request: PackRequest): Promise<ContextPack> {
  const shown = request.entries.filter(({ path }) => !isSecretPath(path));
  const paths = new Set(shown.map(({ path }) => path));
  const hot = pathsInLog(request.logs, paths);
  const groups: Array<{ name: string; blocks: Block[] }> = [
    { name: 'task', blocks: [taskBlock(request)] },
    { name: 'diff', blocks: textBlock('diff', 'the change that this is about', withoutHidden(request.diff, paths)) },
    { name: 'log', blocks: textBlock('log', 'what failed', reduceLog(request.logs).text) },
    { name: 'files', blocks: await fileBlocks(request, focusOf(request, hot, paths)) },
    { name: 'reached', blocks: await fileBlocks(request, reachedOf(request, paths)) },
    {
      name: 'conventions',
      blocks: textBlock('conventions', 'how code is written here', request.conventions.join('\n')),
    },
    { name: 'about', blocks: await aboutBlocks(request, paths) },
    { name: 'tree', blocks: textBlock('tree', 'all files', treeView([...paths], 300)) },
  ];
  const mark = `=====${digest(
    groups.flatMap(({ blocks }) => blocks.map(({ text }) => text)),
    12,
  )}`;
  return assemble(groups, mark, request.budget);
}

function assemble(
  groups: ReadonlyArray<{ name: string; blocks: readonly Block[] }>,
  mark: string,
  budget: number,
): ContextPack {
  const parts: string[] = [];
  const sections: PackSection[] = [];
  let tokens = 0;
  for (const { name, blocks } of groups) {
    const section: PackSection = { name, tokens: 0, files: [], left: '' };
    const left: string[] = [];
    for (const block of blocks) {
      const text = `${mark} ${block.title}\n${block.text}\n${mark} end\n\n`;
      const cost = estimateTokens(text);
      if (tokens + cost > budget) {
        left.push(block.name);
        continue;
      }
      tokens += cost;
      section.tokens += cost;
      section.files.push(...block.files);
      parts.push(text);
    }
    section.left = left.length > 5 ? `${left.slice(0, 5).join(', ')} and ${left.length - 5} more` : left.join(', ');
    if (section.tokens > 0 || section.left !== '') sections.push(section);
  }
  return { text: parts.join(''), tokens, sections, mark };
}

function taskBlock({ task }: PackRequest): Block {
  const findings = task.findings.map(
    ({ severity, rule, path, line, end_line: end, message }) =>
      `- ${severity} ${rule} at ${path}:${line}${end > line ? `-${end}` : ''}: ${message}`,
  );
  const text = [task.goal, ...(findings.length > 0 ? ['', 'findings:', ...findings] : [])].join('\n');
  return { title: 'task', text: redact(text), files: [], name: 'the task' };
}

function textBlock(name: string, title: string, text: string): Block[] {
  return text.trim() === '' ? [] : [{ title, text: redact(text.trimEnd()), files: [], name }];
}

/** Parts of a diff that show a file which is not to be shown go, names and all. */
function withoutHidden(diff: string, paths: ReadonlySet<string>): string {
  const parts = diff.split(/^(?=diff --git )/m);
  const isShown = (part: string) => {
    const names = [...part.matchAll(/^(?:---|\+\+\+|rename from|rename to) (?:[ab]\/)?(.+)$/gm)].map(
      (match) => match[1] ?? '',
    );
    const own = names.filter((name) => name !== '/dev/null').map((name) => name.replace(/\t$/, ''));
    return (
      own.every((name) => !isSecretPath(name)) &&
      own.some((name) => paths.has(name) || part.includes('deleted file mode'))
    );
  };
  return parts.filter(isShown).join('');
}

interface Wanted {
  path: string;
  why: string;
  /** Lines that matter, where the whole is too long. */
  lines: number[];
}

/** What the task, the change and the log name. */
function focusOf(request: PackRequest, hot: ReturnType<typeof pathsInLog>, paths: ReadonlySet<string>): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const add = (path: string, why: string, lines: readonly number[]) => {
    if (!paths.has(path)) return;
    const known = wanted.get(path);
    if (known) known.lines.push(...lines);
    else wanted.set(path, { path, why, lines: [...lines] });
  };
  for (const { path, line, end_line: end } of request.task.findings) add(path, 'has a finding', [line, end]);
  for (const { path, lines } of hot.slice(0, 20)) add(path, 'named in the log', lines);
  for (const path of request.changed) add(path, 'changed', []);
  return [...wanted.values()];
}

function reachedOf(request: PackRequest, paths: ReadonlySet<string>): Wanted[] {
  const focus = new Set([...request.changed, ...request.task.findings.map(({ path }) => path)]);
  return request.reached
    .filter(({ path }) => paths.has(path) && !focus.has(path))
    .map((one) => ({ ...one, lines: [] }));
}

/** Whole up to a third of the budget; longer ones in parts. */
async function fileBlocks(request: PackRequest, wanted: readonly Wanted[]): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const { path, why, lines } of wanted) {
    const text = await request.read(path);
    if (text === null || Buffer.byteLength(text) > LARGEST) continue;
    const clean = redact(text);
    const isWhole = estimateTokens(clean) <= request.budget / 3;
    const body = isWhole ? numbered(clean) : excerpt(path, clean, lines);
    const title = `file ${path} (${why}${isWhole ? '' : ', in parts'})`;
    if (body !== '') blocks.push({ title, text: body, files: [path], name: path });
  }
  return blocks;
}

async function aboutBlocks(request: PackRequest, paths: ReadonlySet<string>): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const path of IMPORTANT.filter((one) => paths.has(one))) {
    const text = await request.read(path);
    if (text === null) continue;
    const short = text.length > ENOUGH ? `${text.slice(0, ENOUGH)}\n... cut` : text;
    blocks.push({
      title: `file ${path} (about this repository)`,
      text: redact(short.trimEnd()),
      files: [path],
      name: path,
    });
  }
  return blocks;
}
