/** Benchmarks of JavaScript functions. Rule: synchronous functions that the end of their module can name. */
import { createHash } from 'node:crypto';
import type { Node } from '../rule.ts';
import { nodesOf, parseTree } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { HEAD, LOAD } from '../witness/javascript-harness.ts';
import { FUNCTIONS, importsOf, type JavascriptFunction, readFunction } from '../witness/javascript-target.ts';
import { combinations, shapesFor } from './shapes.ts';
import type { Benchmark, Shape } from './types.ts';

export async function javascriptBenchmarks(before: SourceFile, after: SourceFile): Promise<Benchmark[]> {
  const now = new Map((await functionsOf(after)).map((one) => [one.target, one.node.text()]));
  const stubs = importsOf(await parseTree(before));
  const plain = await withoutTypes([before, after]);
  return (await functionsOf(before)).flatMap((one): Benchmark[] => {
    if ((now.get(one.target) ?? one.node.text()) === one.node.text()) return [];
    const shapes = shapesOf(one);
    if (shapes === null || /^async\b/.test(one.node.text())) return [];
    const about = { file: before.path, target: one.target, stubs, plain };
    const program = [HEAD, LOAD, MEASURE]
      .join('\n')
      .replace('@SUBJECT', () => JSON.stringify(about))
      .replace('@CHOICES', () => JSON.stringify(combinations(shapes)));
    return [{ language: 'javascript', what: `${one.name}() of ${before.path}`, program }];
  });
}

/** TypeScript as every interpreter reads it, by the digest of its text; what it imports from the tree is not brought along. */
async function withoutTypes(files: readonly SourceFile[]): Promise<Record<string, string>> {
  const typed = files.filter(({ path }) => /\.m?tsx?$/.test(path));
  if (typed.length === 0) return {};
  const { transpileModule, ModuleKind, ScriptTarget } = (await import('typescript')).default;
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const plain = Object.fromEntries(
    typed.map(({ path, text }) => [
      createHash('sha256').update(text).digest('hex').slice(0, 16),
      transpileModule(text, { compilerOptions, fileName: path }).outputText,
    ]),
  );
  return JSON.stringify(plain).length > LARGEST ? {} : plain;
}

/** The program is one argument, and an argument has at most 128 KiB. */
const LARGEST = 90_000;

async function functionsOf(file: SourceFile): Promise<JavascriptFunction[]> {
  const root = await parseTree(file);
  return FUNCTIONS.flatMap((kind) => nodesOf(root, kind))
    .flatMap((node) => readFunction(node) ?? [])
    .filter(({ target, method }) => target !== null && method === null);
}

/** Shapes of what must be given; null where a parameter is taken apart. */
function shapesOf({ parameters, node }: JavascriptFunction): Shape[][] | null {
  const needed = parameters.slice(0, parameters.findLastIndex((one) => !isOptional(one)) + 1);
  if (needed.some((one) => !one.is('identifier'))) return null;
  return needed.map((one) => {
    const type = one.parent()?.field('type')?.text() ?? null;
    return shapesFor(one.text(), type, node.text());
  });
}

/** In JavaScript the parameter says so itself, in TypeScript what holds it. */
function isOptional(parameter: Node): boolean {
  const holder = parameter.parent();
  const isMarked = holder?.is('optional_parameter') || (holder?.is('required_parameter') && holder.field('value'));
  return /^(assignment_pattern|rest_pattern)$/.test(String(parameter.kind())) || !!isMarked;
}

const MEASURE = String.raw`
const SUBJECT = @SUBJECT;
const CHOICES = @CHOICES;
const SIZES = [10, 100, 1000, 10_000, 100_000];
const PAYLOAD = 'outside';
function observe() {}

function make(shape, n) {
  let state = n;
  const draw = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % n;
  };
  if (shape === 'number') return n;
  const numbers = Array.from({ length: n }, draw);
  if (shape === 'text') return numbers.map((one) => 'word' + one).join(' ');
  if (shape === 'dict') return Object.fromEntries(numbers.map((one, at) => ['key' + at, one]));
  if (shape === 'words') return numbers.map((one) => 'word' + one);
  if (shape === 'pairs') return numbers.map((one, at) => ['word' + one, at]);
  if (shape === 'record') return numbers.map((one, at) => ({ id: at, name: 'word' + one, value: one }));
  return numbers;
}

const once = (work, given) => {
  const result = work(...given);
  return typeof result?.next === 'function' ? [...result] : result;
};

function seconds(work, shapes, n, count = 1) {
  const template = shapes.map((shape) => make(shape, n));
  const calls = Array.from({ length: count }, () => structuredClone(template));
  const started = process.hrtime.bigint();
  for (const given of calls) once(work, given);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function tell(said) {
  writeSync(1, JSON.stringify(said) + '\n');
  end(0);
}

function answer(work, shapes, n) {
  const given = shapes.map((shape) => make(shape, n));
  const text = JSON.stringify([once(work, given), given], (key, value) =>
    value instanceof Set || value instanceof Map ? [...value] : typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function calibrate(work) {
  for (const shapes of CHOICES) {
    let took;
    let size = SIZES[0];
    try {
      took = seconds(work, shapes, size);
      for (let warm = 0; warm < 50; warm += 1) took = Math.min(took, seconds(work, shapes, size));
      for (const n of SIZES.slice(1)) {
        if (took > 0.0003 || shapes.length === 0) break;
        const longer = Math.min(...[1, 2, 3].map(() => seconds(work, shapes, n)));
        if (longer > 0.01) break;
        [took, size] = [longer, n];
      }
    } catch {
      continue;
    }
    const count = Math.max(1, Math.min(5000, Math.floor(0.002 / Math.max(took, 1e-7))));
    tell({ shapes, size, count, busy: false });
  }
}

(async () => {
  const plan = JSON.parse(process.argv.at(-1));
  try {
    const work = await load(SUBJECT);
    if (plan.do === 'calibrate') calibrate(work);
    const { shapes, size, count } = plan;
    const same = answer(work, shapes, Math.min(size, 1000));
    for (let warm = 0; warm < 20; warm += 1) seconds(work, shapes, size, count);
    const times = Array.from({ length: 40 }, () => seconds(work, shapes, size, count));
    tell({ ns: Math.min(...times) * 1e9, answer: same });
  } catch {
    end(0);
  }
})();
`;
