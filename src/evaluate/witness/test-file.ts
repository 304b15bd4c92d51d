/**
 * A witness as a test of the repository. Rule: it stands where the other tests stand, is named as they are, and runs the
 * same program in a process of its own, for it replaces parts of the standard library.
 */
import { basename, dirname, extname, join } from 'node:path/posix';
import type { Witness } from '../../records/index.ts';
import { isTestFile } from '../test-files.ts';
import type { BaseFiles } from '../types.ts';

export interface WitnessTest {
  path: string;
  text: string;
}

/** The test, or null where the repository has no tests of that language that one could join. */
export async function witnessTest(
  { language, title, program }: Witness,
  files: BaseFiles,
): Promise<WitnessTest | null> {
  const script = language === 'python' ? /\.py$/ : /\.[cm]?js$/;
  const tests = files.paths.filter(
    (path) => script.test(path) && isTestFile(path) && /test|spec/i.test(basename(path)),
  );
  const folder = commonest(tests.map((path) => dirname(path)));
  const like = tests.find((path) => dirname(path) === folder && !/conftest|helper|support/.test(path));
  if (folder === null || like === undefined) return null;
  const name = `witness ${title.split(/[:(=]/)[0]}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .slice(0, 5);
  const up = folder === '.' ? 0 : folder.split('/').length;
  const text = (await files.read(like)) ?? '';
  if (language === 'python') {
    if (program.includes("'''")) return null;
    const file = /^test/.test(basename(like)) ? `test_${name.join('_')}.py` : `${name.join('_')}_test.py`;
    const asPytest = /\bpytest\b/.test(text) || !/\bTestCase\b/.test(text);
    return fresh(join(folder, file), files, pythonText({ title, program, up, name: name.join('_'), asPytest }));
  }
  const runner = await runnerOf(files, text);
  if (runner === null) return null;
  const ending = /[.-](test|spec)(\.[cm]?js)$/.exec(like)?.[0] ?? `.test${extname(like)}`;
  const prefix = /^test-/.test(basename(like)) && !/[.-](test|spec)\./.test(like) ? 'test-' : '';
  const file = `${prefix}${name.join('-')}${prefix ? extname(like) : ending}`;
  const asModule = like.endsWith('.mjs') || (/^import\s/m.test(text) && !like.endsWith('.cjs'));
  return fresh(join(folder, file), files, scriptText({ title, program, up, runner, asModule }));
}

function commonest(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** A name that nothing has yet. */
function fresh(path: string, { paths }: BaseFiles, text: string): WitnessTest {
  const taken = new Set(paths);
  const numbered = (at: number) =>
    path.endsWith('_test.py')
      ? path.replace(/_test\.py$/, `_${at}_test.py`)
      : path.replace(/((?:[.-](?:test|spec))?\.\w+)$/, `_${at}$1`);
  let free = path;
  for (let at = 2; taken.has(free); at++) free = numbered(at);
  return { path: free, text };
}

interface PythonText {
  title: string;
  program: string;
  up: number;
  name: string;
  asPytest: boolean;
}

function pythonText({ title, program, up, name, asPytest }: PythonText): string {
  const run = [
    'done = subprocess.run(',
    '    [sys.executable, "-s", "-B", "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60',
    ')',
  ];
  const body = asPytest
    ? [
        `def test_${name}():`,
        ...run.map((line) => `    ${line}`),
        '    assert done.stdout.strip() == "refused", done.stderr',
      ]
    : [
        'class WitnessTest(unittest.TestCase):',
        `    def test_${name}(self):`,
        ...run.map((line) => `        ${line}`),
        '        self.assertEqual(done.stdout.strip(), "refused", done.stderr)',
      ];
  return [
    `# Refused since it was mended: ${oneLine(title)}`,
    'import pathlib',
    'import subprocess',
    'import sys',
    ...(asPytest ? [] : ['import unittest']),
    '',
    `ROOT = pathlib.Path(__file__).resolve().parents[${up}]`,
    "PROGRAM = r'''",
    `${program.trim()}`,
    "'''",
    ...['', '', ...body, ''],
  ].join('\n');
}

type Runner = 'node:test' | 'jest' | 'vitest' | 'mocha';

async function runnerOf(files: BaseFiles, like: string): Promise<Runner | null> {
  const manifest = (await files.read('package.json')) ?? '';
  const script = /"test"\s*:\s*"([^"]*)"/.exec(manifest)?.[1] ?? '';
  if (/node:test/.test(like) || /\bnode\b.*--test\b/.test(script)) return 'node:test';
  const named = (['vitest', 'jest', 'mocha'] as const).find(
    (name) => script.includes(name) || like.includes(`'${name}'`),
  );
  return named ?? (['vitest', 'jest', 'mocha'] as const).find((name) => manifest.includes(`"${name}"`)) ?? null;
}

interface ScriptText {
  title: string;
  program: string;
  up: number;
  runner: Runner;
  asModule: boolean;
}

function scriptText({ title, program, up, runner, asModule }: ScriptText): string {
  const bring = (what: string, from: string) =>
    asModule ? `import ${what} from '${from}';` : `const ${what.replace(' as ', ': ')} = require('${from}');`;
  const above = up === 0 ? '.' : Array.from({ length: up }, () => '..').join('/');
  const word = runner === 'mocha' ? 'it' : 'test';
  return [
    `// Refused since it was mended: ${oneLine(title)}`,
    bring('assert', 'node:assert'),
    bring('{ spawnSync }', 'node:child_process'),
    ...(asModule ? [] : [bring('path', 'node:path')]),
    ...(runner === 'node:test' ? [bring('test', 'node:test')] : []),
    ...(runner === 'vitest' ? [bring('{ test }', 'vitest')] : []),
    ...(asModule ? [bring('{ fileURLToPath }', 'node:url')] : []),
    '',
    asModule
      ? `const root = fileURLToPath(new URL('${above}', import.meta.url));`
      : `const root = path.join(__dirname, '${above}');`,
    'const program = [',
    ...program
      .trim()
      .split('\n')
      .map((line) => `  ${JSON.stringify(line)},`),
    "].join('\\n');",
    '',
    `${word}(${JSON.stringify(`refused: ${oneLine(title)}`)}, () => {`,
    "  const env = { ...process.env, NODE_OPTIONS: '' };",
    "  const done = spawnSync(process.execPath, ['-e', program], { cwd: root, env, encoding: 'utf8', timeout: 60_000 });",
    "  assert.strictEqual(done.stdout.trim(), 'refused', done.stderr);",
    '});',
    '',
  ].join('\n');
}

function oneLine(title: string): string {
  return title.replaceAll(/\s+/g, ' ');
}
