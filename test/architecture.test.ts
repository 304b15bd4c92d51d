/** The import table of the house, enforced: a room imports only through doors, and only the rooms listed here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const src = fileURLToPath(new URL('../src', import.meta.url));
/** room → rooms it may import; a leading `type:` admits types only. */
const MAY: Record<string, string[]> = {
  base: [],
  git: ['base'],
  records: ['base'],
  config: ['base', 'git', 'records'],
  store: ['base', 'git', 'records'],
  code: ['base', 'git'],
  llm: ['base', 'records'],
  specialists: ['base', 'records', 'code', 'llm', 'type:config'],
  swarm: ['base', 'git', 'records', 'code', 'specialists', 'llm', 'type:config'],
  patch: ['base', 'git', 'records', 'code'],
  sandbox: ['base', 'type:config'],
  evaluate: ['base', 'git', 'records', 'store', 'sandbox', 'code', 'type:config'],
  policy: ['base', 'records', 'type:config'],
  memory: ['base', 'git', 'records', 'store'],
  loops: ['records'],
  crew: [
    ...['base', 'git', 'records', 'config', 'store', 'code', 'llm', 'specialists', 'swarm', 'patch', 'sandbox'],
    ...['evaluate', 'policy', 'memory', 'loops'],
  ],
  triggers: ['base', 'git', 'records', 'config', 'store'],
  share: ['base', 'git', 'records', 'config', 'store'],
  server: ['base', 'records', 'config', 'store', 'triggers'],
  commands: ['crew', 'triggers', 'share', 'server', 'memory', 'config', 'store', 'records', 'base'],
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
  statement: string;
}
/** src/start.ts is the entry that the build bundles: it belongs to no room. */
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && path.includes('/'),
);
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  const found: Import[] = [];
  const pattern = /(?:^|\n)\s*((?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"])|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const match of text.matchAll(pattern)) {
    const target = match[2] ?? match[3] ?? '';
    if (!target.startsWith('.')) continue;
    const statement = match[1] ?? `import('${target}')`;
    found.push({
      file,
      target: normalize(join(dirname(file), target)),
      typeOnly: /^(import|export) type\b/.test(statement),
      statement,
    });
  }
  return found;
});
const roomOf = (path: string) => path.split('/')[0] ?? '';

const test = suite('architecture');

test('every folder of src is a room of the table', () => {
  const rooms = new Set(files.map(roomOf));
  for (const room of rooms) assert.ok(room in MAY, `src/${room} is not a room`);
});

test('rooms import only the rooms that the table lists, through their door', () => {
  const wrong: string[] = [];
  for (const { file, target, typeOnly, statement } of imports) {
    const [from, to] = [roomOf(file), roomOf(target)];
    if (from === to) continue;
    const allowed = MAY[from] ?? [];
    const ok = allowed.includes(to) || (allowed.includes(`type:${to}`) && typeOnly);
    if (!ok) wrong.push(`${file} may not import ${to}/: ${statement}`);
    else if (target !== `${to}/index.ts`) wrong.push(`${file} goes past the door of ${to}/: ${statement}`);
  }
  assert.equal(wrong, []);
});

test('a door has at most 15 names', () => {
  for (const file of files.filter((path) => path.endsWith('/index.ts') && path.split('/').length === 2)) {
    const text = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const constants = [...text.matchAll(/export const (\w+)/g)].map((match) => match[1] ?? '');
    const names = [...text.matchAll(/export\s+\{([^}]*)\}/g)].flatMap((match) =>
      (match[1] ?? '').split(',').filter((name) => name.trim() !== ''),
    );
    const values = [...constants, ...names].filter((name) => !name.trim().startsWith('type '));
    assert.ok(values.length <= 15, `${file} exports ${values.length} names: ${values.join(', ')}`);
  }
});

test('only git/ runs git, only base/ and sandbox/ and swarm/ start processes', () => {
  const starters = files.filter((file) =>
    /^import .* from 'node:child_process'/m.test(readFileSync(join(src, file), 'utf8')),
  );
  for (const file of starters)
    assert.ok(['base', 'git', 'sandbox', 'swarm', 'triggers', 'crew'].includes(roomOf(file)), file);
  const callers = files.filter((file) => /spawn\(\s*\[\s*'git'/.test(readFileSync(join(src, file), 'utf8')));
  for (const file of callers) assert.is(roomOf(file), 'git', file);
});

test('no drawer names, no file over 400 lines', () => {
  for (const file of files) {
    assert.not.match(file, /(^|\/)(utils?|helpers?|services?|managers?)(\/|\.ts$)/);
    const lines = readFileSync(join(src, file), 'utf8').split('\n').length;
    assert.ok(lines <= 400, `${file} has ${lines} lines`);
  }
});

test.run();
