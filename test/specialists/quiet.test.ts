/** What keeps findings away from people, once for all rules. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath } from '../../src/code/index.ts';
import { type Conventions, loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';

const PLAIN: Conventions = { python: null, esm: false, tools: [], ignoredRules: [] };
const style = await loadSpecialist('StyleEnforcer');
const security = await loadSpecialist('SecurityGuardian');

function sourceFile(text: string, path = 'app/a.py'): SourceFile {
  const blob = createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
  return { path, blob, text, language: 'python', test: isTestPath(path) };
}
async function rules(text: string, conventions: Partial<Conventions> = {}, path?: string): Promise<string[]> {
  const options = { conventions: { ...PLAIN, ...conventions }, settings: {} };
  const { found } = await style.diagnose([sourceFile(text, path)], options);
  return found.map(({ finding }) => finding.rule);
}
const DEFECT = 'if not a in b:\n    a = 1\n';

const test = suite('specialists/quiet');

test('at most twenty findings of one rule in one file', async () => {
  assert.is((await rules(DEFECT.repeat(30))).length, 20);
  const options = { conventions: PLAIN, settings: {}, uncapped: true };
  assert.is((await style.diagnose([sourceFile(DEFECT.repeat(30))], options)).found.length, 30);
});

test('what the repository ignores is left alone, by code, prefix, path and exclusion', async () => {
  assert.equal(await rules(DEFECT), ['python/not-in']);
  for (const code of ['E713', 'E7', 'E', 'ALL', 'python/not-in'])
    assert.equal(await rules(DEFECT, { ignoredRules: [code] }), [], code);
  for (const code of ['E714', 'F', 'W', 'EM', ''])
    assert.equal(await rules(DEFECT, { ignoredRules: [code] }), ['python/not-in'], code);
  const here = [{ pattern: 'app/*', rules: ['E7'] }];
  assert.equal(await rules(DEFECT, { ignoredByPath: here }), []);
  assert.equal(await rules(DEFECT, { ignoredByPath: here }, 'lib/a.py'), ['python/not-in']);
  assert.equal(await rules(DEFECT, { excluded: { python: ['app/'], javascript: [] } }), []);
  assert.equal(await rules(DEFECT, { excluded: { python: [], javascript: ['app/'] } }), ['python/not-in']);
});

test('rules of taste keep out of a repository that chose its rules by name', async () => {
  const taste = 'options = dict()\n';
  assert.equal(await rules(taste), ['python/empty-collection-call']);
  assert.equal(await rules(taste, { selectedRules: ['E', 'F'] }), []);
  assert.equal(await rules(taste, { selectedRules: ['C4'] }), ['python/empty-collection-call']);
  assert.equal(await rules(DEFECT, { selectedRules: ['F'] }), ['python/not-in']);
});

test('comments that keep linters away count', async () => {
  const quiet = ['# noqa', '# noqa: E713', '# NOQA:E501,E713', '# ambient: ignore', '# ambient: ignore python/not-in'];
  for (const comment of quiet) assert.equal(await rules(`if not a in b:  ${comment}\n    a = 1\n`), [], comment);
  for (const comment of ['# noqa: E501', '# in', '# ambient: ignore python/is-not'])
    assert.equal(await rules(`if not a in b:  ${comment}\n    a = 1\n`), ['python/not-in'], comment);
  for (const head of ['# ruff: noqa', '# flake8: noqa', '# ruff: noqa: E713', '# ambient: ignore-file'])
    assert.equal(await rules(`${head}\n${DEFECT}`), [], head);
  const options = { conventions: PLAIN, settings: {} };
  const text = 'import requests\n\nrequests.get(url, verify=False)';
  for (const [comment, count] of [
    ['# nosec B501', 0],
    ['# nosec the lab has no CA', 0],
    ['# nosec B101', 1],
  ] as const)
    assert.is((await security.diagnose([sourceFile(`${text}  ${comment}\n`)], options)).found.length, count, comment);
});

test('a suppression of pylint counts on its line, in its block and in the whole file', async () => {
  const inBlock = (head: string, tail = '') => `${head}\ndef f():\n    if not a in b:\n        pass_(1)\n${tail}`;
  for (const code of ['unneeded-not', 'C0113', 'all'])
    assert.equal(await rules(`if not a in b:  # pylint: disable=${code}\n    a = 1\n`), [], code);
  assert.equal(await rules('if not a in b:  # pylint: disable=unused-import\n    a = 1\n'), ['python/not-in']);
  assert.equal(await rules(inBlock('# pylint: disable=unneeded-not')), []);
  assert.equal(await rules(inBlock('# pylint: disable=unneeded-not\n# pylint: enable=unneeded-not')), [
    'python/not-in',
  ]);
  assert.equal(await rules('def g():\n    # pylint: disable=unneeded-not\n    pass_(1)\nif not a in b:\n    a = 1\n'), [
    'python/not-in',
  ]);
  assert.equal(await rules('# pylint: disable-next=unneeded-not\nif not a in b:\n    a = 1\n'), []);
  assert.equal(await rules('# pylint: skip-file\nif not a in b:\n    a = 1\n'), []);
  assert.equal(await rules(DEFECT, { ignoredRules: ['unneeded-not'] }), []);
  for (const comment of ['# nosemgrep', '# nosemgrep: not-in', '# NOSONAR'])
    assert.equal(await rules(`if not a in b:  ${comment}\n    a = 1\n`), [], comment);
  assert.equal(await rules(`# ambient: ignore-next-line\n${DEFECT}`), []);
  assert.equal(await rules(`# ambient: ignore-next-line python/is-not\n${DEFECT}`), ['python/not-in']);
  assert.equal(await rules('# nosemgrep\nif not a in b:\n    a = 1\n'), []);
});

test('a file that .gitattributes calls generated or vendored is looked at by nobody', async () => {
  for (const specialist of [style, security]) {
    const conventions = { ...PLAIN, generated: ['gen/**', '!gen/mine.py'] };
    const reasons = async (path: string) =>
      (await specialist.diagnose([sourceFile(DEFECT, path)], { conventions, settings: {} })).skipped;
    assert.is((await reasons('gen/a.py'))[0]?.reason, 'generated or vendored by .gitattributes');
    assert.equal(await reasons('gen/mine.py'), []);
  }
});

test('what cannot be analysed is listed with its reason', async () => {
  const skipped = async (file: SourceFile) =>
    (await style.diagnose([file], { conventions: PLAIN, settings: {} })).skipped.map(({ reason }) => reason);
  assert.equal(await skipped(sourceFile('import os\ndef f(:\n    pass\n')), ['syntax error on line 2']);
  assert.equal(await skipped(sourceFile(`# Code generated by protoc. DO NOT EDIT.\n${DEFECT}`)), [
    'generated, vendored or minified',
  ]);
  assert.equal(await skipped(sourceFile('a = "\ufffd"\n')), []);
  assert.equal(await skipped({ ...sourceFile('a = "\ufffd"\n'), blob: '0'.repeat(40) }), ['not UTF-8']);
  assert.equal(await skipped(sourceFile('')), []);
});

test('old Pythons keep what they need', async () => {
  const text = 'class A(object):\n    size = u"a"\n';
  assert.equal(await rules(text, { python: [2, 7] }), []);
  assert.equal((await rules(text, { python: [3, 9] })).length, 2);
});

test('comments of JavaScript linters and of the compiler count', async () => {
  const found = async (text: string) => {
    const file = { path: 'src/a.ts', blob: 'b'.repeat(40), text, language: 'typescript' as const, test: false };
    const { found: all } = await style.diagnose([file], { conventions: PLAIN, settings: {} });
    return all.map(({ finding }) => finding.rule);
  };
  const code = 'let a = 1;\nexport const b = a;\n';
  assert.equal(await found(code), ['javascript/prefer-const']);
  const heads = [
    '// eslint-disable-next-line',
    '// eslint-disable-next-line prefer-const -- kept',
    '// @ts-expect-error',
  ];
  const biome = [
    '// biome-ignore lint/style/useConst: kept',
    '// biome-ignore lint: kept',
    '// biome-ignore lint/style: x',
  ];
  const files = ['/* eslint-disable prefer-const */', '// @ts-nocheck', '// biome-ignore-all lint: x', '// @ts-ignore'];
  for (const head of [...heads, ...biome, ...files]) assert.equal(await found(`${head}\n${code}`), [], head);
  const range = '// biome-ignore-start lint/style/useConst: x';
  assert.equal(await found(`${range}\nf();\n${code}`), []);
  assert.equal(await found(`${range}\n// biome-ignore-end lint/style/useConst: x\n${code}`), [
    'javascript/prefer-const',
  ]);
  for (const head of [
    '// eslint-disable-next-line no-var',
    '// biome-ignore lint/style/noVar: x',
    '// prettier-ignore',
  ])
    assert.equal(await found(`${head}\n${code}`), ['javascript/prefer-const'], head);
});

test('a comment for the compiler does not hide what somebody could attack', async () => {
  const text = '// @ts-ignore\nconst agent = new https.Agent({ rejectUnauthorized: false });\n';
  const file = { path: 'src/a.ts', blob: 'b'.repeat(40), text, language: 'typescript' as const, test: false };
  const count = async (head: string) =>
    (await security.diagnose([{ ...file, text: head + text }], { conventions: PLAIN, settings: {} })).found.length;
  assert.is(await count(''), 1);
  assert.is(await count('/* eslint-disable */\n'), 0);
});

test('Buffer.from is not offered where Node without it is supported', async () => {
  const { loadSpecialist } = await import('../../src/specialists/index.ts');
  const guardian = await loadSpecialist('SecurityGuardian');
  const text = "const head = new Buffer('GET /', 'ascii');\n";
  const file = { path: 'lib/a.js', blob: 'b'.repeat(40), text, language: 'javascript' as const, test: false };
  const edits = async (oldestNode: number) => {
    const conventions = { python: null, esm: false, tools: [], ignoredRules: [], oldestNode };
    const { found } = await guardian.diagnose([file], { conventions, settings: {} });
    return found.map((one) => one.edits.length);
  };
  assert.equal([await edits(0), await edits(18)], [[0], [1]]);
});

test.run();
