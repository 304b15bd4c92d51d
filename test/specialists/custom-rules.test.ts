/** Rule files of a repository: what is read, what is refused and where, what a template makes, what a worker is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileRule } from '../../src/specialists/custom/compile.ts';
import { faultOf } from '../../src/specialists/custom/examples.ts';
import { readRules } from '../../src/specialists/custom/rule-file.ts';
import { type Conventions, loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';

const test = suite('specialists/custom-rules');

const CLOCK = `id: use-our-clock
language: python
severity: medium
title: Ask our clock for the time
message: time.time() cannot be stopped in a test
rationale: Our clock is the same in a test and in production.
rule:
  pattern: time.time()
fix: clock.now()
valid:
  - clock.now()
  - time.sleep(1)
invalid:
  - code: "start = time.time()"
    fixed: "start = clock.now()"
`;
const PATH = '.ambient/rules/clock.yml';

/** `where: reason` of the first thing that is wrong with the only rule, its examples included. */
async function faultIn(text: string): Promise<string> {
  const { rules, refused } = await readRules([{ path: PATH, text }]);
  const [first] = refused;
  if (first) return `${first.where}: ${first.reason}`;
  const fault = rules[0] === undefined ? null : await faultOf(rules[0]);
  return fault === null ? '' : `${fault.where}: ${fault.reason}`;
}
const edited = (from: string | RegExp, to: string) => {
  assert.match(CLOCK, from);
  return CLOCK.replace(from, to);
};
const file = (path: string, text: string): SourceFile => ({
  ...{ path, text, blob: '0'.repeat(40), test: /test/.test(path) },
  language: path.endsWith('.py') ? 'python' : 'typescript',
});
const conventions = { python: null, esm: false, tools: [], ignoredRules: [] } as unknown as Conventions;

async function diagnoseWith(text: string, files: SourceFile[]) {
  const { rules, refused } = await readRules([{ path: PATH, text }]);
  assert.equal(refused, []);
  const specialist = await loadSpecialist('CustomRules');
  return specialist.diagnose(files, { conventions, settings: { rules } });
}
/** What the fixes of the rule in `text` make of `code`. */
async function fixedBy(text: string, code: string, path = 'shop/a.py'): Promise<string> {
  const { found } = await diagnoseWith(text, [file(path, code)]);
  let bytes = Buffer.from(code);
  for (const edit of found.flatMap(({ edits }) => edits).toSorted((a, b) => b.start - a.start))
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
  return bytes.toString();
}

test('a rule whose examples hold is used', async () => {
  assert.is(await faultIn(CLOCK), '');
  const { found, skipped } = await diagnoseWith(CLOCK, [file('shop/a.py', 'é = "🙂"; x = time.time()\n')]);
  assert.equal(skipped, []);
  const [one] = found;
  assert.equal(
    [one?.finding.rule, one?.finding.specialist, one?.finding.severity, one?.finding.line, one?.finding.fixable],
    ['custom/use-our-clock', 'CustomRules', 'medium', 1, true],
  );
  assert.is(await fixedBy(CLOCK, 'é = "🙂"; x = time.time()\n'), 'é = "🙂"; x = clock.now()\n');
});

test('what keeps noise from people holds for it too: tests, suppressions, generated files, paths', async () => {
  const bad = 'x = time.time()\n';
  const quiet = [
    file('tests/test_a.py', bad),
    file('shop/b.py', 'x = time.time()  # ambient: ignore custom/use-our-clock\n'),
    file('vendor/c.py', bad),
  ];
  assert.equal((await diagnoseWith(CLOCK, quiet)).found, []);
  assert.is((await diagnoseWith(`${CLOCK}tests: true\n`, quiet)).found.length, 1);
  const within = `${CLOCK}files: [shop/]\nignores: [shop/old/]\n`;
  const found = await diagnoseWith(
    within,
    ['shop/a.py', 'shop/old/a.py', 'web/a.py'].map((path) => file(path, bad)),
  );
  assert.equal(
    found.found.map((one) => one.finding.path),
    ['shop/a.py'],
  );
});

const REFUSED: Array<[what: string, text: string, says: RegExp]> = [
  ['no YAML', 'id: [', /clock\.yml:\d+: /],
  ['no rule', '- 1\n', /clock\.yml:1: it holds no rule/],
  ['nothing', '', /clock\.yml:1: it holds no rule/],
  ['an unknown key', edited('title:', 'titel:'), /clock\.yml:\d+: unknown key titel/],
  ['a key of ast-grep that is not obeyed', `${CLOCK}transform: {}\n`, /clock\.yml:\d+: transform is not supported/],
  ['no message', edited(/message: .*\n/, ''), /clock\.yml:1: message is missing/],
  ['a name that is none', edited('use-our-clock', 'Use Our Clock'), /clock\.yml:1: id must be small letters/],
  ['another language', edited('python', 'cobol'), /clock\.yml:2: "cobol" is none of the languages/],
  ['no severity that we know', edited('medium', 'urgent'), /clock\.yml:3: severity must be one of/],
  ['a title that is too long', edited('Ask our', `Ask ${'our '.repeat(20)}`), /clock\.yml:4: title is longer than 60/],
  ['no examples', edited(/valid:\n(.*\n)*?invalid/, 'invalid'), /clock\.yml:1: valid must list at least one/],
  ['a fix that names nothing', edited('clock.now()\nvalid', 'clock.now($A)\nvalid'), /clock\.yml:9: fix names \$A/],
  ['an example without its fix', edited(/\n {4}fixed: .*/, ''), /clock\.yml:14: .*no `fixed`/],
  [
    'a rule that ast-grep does not know',
    edited('  pattern:', '  patern:'),
    /clock\.yml:1: ast-grep does not accept it: .*patern/,
  ],
  [
    'a valid example that it finds',
    edited('time.sleep(1)', 'time.time()'),
    /clock\.yml:12: it finds something in this valid/,
  ],
  [
    'an invalid example that it does not find',
    edited('"start = time.time()"', '"start = time()"'),
    /clock\.yml:14: it finds nothing/,
  ],
  [
    'another fix than shown',
    edited('"start = clock.now()"', '"start = now()"'),
    /clock\.yml:14: its fix makes "start = clock\.now\(\)", not/,
  ],
  [
    'a fix that is found again',
    edited(/clock\.now\(\)\nvalid/, 'time.time() or time.time()\nvalid').replace(
      '"start = clock.now()"',
      '"start = time.time() or time.time()"',
    ),
    /clock\.yml:14: it still finds/,
  ],
  [
    'an example that is no Python',
    edited('"start = time.time()"', '"start = = time.time()"'),
    /clock\.yml:14: this invalid example is not valid python/,
  ],
  ['aliases that grow', `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(70)}*a]\n`, /clock\.yml:1: /],
  ['a file that is too large', `# ${'x'.repeat(70_000)}\n${CLOCK}`, /clock\.yml:1: the file is larger than/],
];
for (const [what, text, says] of REFUSED)
  test(`refused: ${what}`, async () => {
    assert.match(await faultIn(text), says);
  });

test('several rules in a file; of two with one name the first one counts', async () => {
  const other = edited('use-our-clock', 'other');
  const { rules, refused } = await readRules([
    { path: 'b.yml', text: CLOCK },
    { path: 'a.yml', text: `${CLOCK}---\n${other}---\n` },
  ]);
  assert.equal(
    rules.map(({ id, where }) => [id, where]),
    [
      ['custom/use-our-clock', 'a.yml:1'],
      ['custom/other', 'a.yml:17'],
    ],
  );
  assert.equal(refused, [{ where: 'b.yml:1', id: 'custom/use-our-clock', reason: 'a.yml:1 has a rule of that name' }]);
});

const ruleFor = (pattern: string, fix: string) =>
  `id: t\nlanguage: [python, tsx]\nseverity: low\nmessage: m\nrationale: r\nrule: {pattern: ${JSON.stringify(pattern)}}\nfix: ${JSON.stringify(fix)}\nvalid: [x]\ninvalid: [{code: x, fixed: x}]\n`;
const TEMPLATES: Array<[what: string, pattern: string, fix: string, before: string, after: string]> = [
  ['one node', 'old($A)', 'new($A)', 'old(1)\n', 'new(1)\n'],
  ['a node twice', 'old($A)', 'new($A, $A)', 'old(x)\n', 'new(x, x)\n'],
  [
    'many nodes, with what stands between them',
    'old($$$ALL)',
    'new($$$ALL)',
    'old(1,  2,\n    3)\n',
    'new(1,  2,\n    3)\n',
  ],
  ['no node at all', 'old($$$ALL)', 'new($$$ALL)', 'old()\n', 'new()\n'],
  ['a dollar that is no variable', 'old($A)', 'new($A, "$5")', 'old(1)\n', 'new(1, "$5")\n'],
  ['nothing: the match goes', 'old($A)', '[]', 'old(1)\n', '[]\n'],
  [
    'lines keep the indentation of the match',
    'old($A)',
    'new(\n    $A,\n)',
    'if x:\n    old(1)\n',
    'if x:\n    new(\n        1,\n    )\n',
  ],
  [
    'later lines of a part move with it',
    'old($A)',
    'new(\n    $A,\n)',
    'old(f(\n    1,\n))\n',
    'new(\n    f(\n        1,\n    ),\n)\n',
  ],
  [
    'a string over several lines is never moved',
    'old($A)',
    'new(\n    $A,\n)',
    'old("""a\n  b""")\n',
    'old("""a\n  b""")\n',
  ],
];
for (const [what, pattern, fix, before, after] of TEMPLATES)
  test(`template: ${what}`, async () => {
    assert.is(await fixedBy(ruleFor(pattern, fix), before), after);
  });

test('of matches within matches one is mended at a time', async () => {
  assert.is(await fixedBy(ruleFor('old($A)', 'new($A)'), 'old(old(1))\n'), 'new(old(1))\n');
});

test('constraints, utilities, TSX, and a message that names what was found', async () => {
  const rule = `id: no-raw
language: tsx
severity: error
message: $NAME is no name
rationale: r
rule: {all: [{pattern: "<$NAME />"}, {matches: short}]}
constraints: {NAME: {regex: "^x"}}
utils: {short: {kind: jsx_self_closing_element}}
valid: ["<Page />"]
invalid: ["<xPage />", {code: "const b = <xB />;"}]
`;
  assert.is(await faultIn(rule), '');
  const { found } = await diagnoseWith(rule, [file('web/a.tsx', 'const a = <xPage />;\n')]);
  assert.equal(
    found.map(({ finding }) => [finding.message, finding.severity, finding.fixable]),
    [['xPage is no name', 'high', false]],
  );
});

test('files without the name in the pattern are not even parsed', async () => {
  const { rules } = await readRules([{ path: PATH, text: CLOCK }]);
  const [rule] = rules;
  assert.ok(rule);
  const { trigger } = compileRule(rule);
  assert.ok(trigger.test('x = time . time()'));
  assert.not.ok(trigger.test('x = 1'));
});

test('a worker that is to try examples names each rule that fails, and why', async () => {
  const { rules } = await readRules([
    { path: 'a.yml', text: edited('time.sleep(1)', 'time.time()') },
    { path: 'b.yml', text: edited('use-our-clock', 'good') },
  ]);
  const specialist = await loadSpecialist('CustomRules');
  const { skipped } = await specialist.diagnose([], { conventions, settings: { rules, check: true } });
  assert.equal(skipped, [
    {
      path: 'custom/use-our-clock',
      reason: 'a.yml:12\0it finds something in this valid example: time.time() cannot be stopped in a test',
    },
  ]);
});

test.run();
