/** Every rule of every embedded specialist, by its own example and look-alikes: a rule without them cannot be added. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath, languageOf } from '../../src/code/index.ts';
import type { SpecialistName } from '../../src/records/index.ts';
import {
  type Conventions,
  type Diagnosed,
  embedded,
  loadSpecialist,
  type Rule,
  type SourceFile,
  type Specialist,
} from '../../src/specialists/index.ts';

const CONVENTIONS: Conventions = { python: null, esm: true, tools: [], ignoredRules: [] };
const BLOB = '0'.repeat(40);

function sourceFile(path: string, text: string): SourceFile {
  const language = languageOf(path);
  if (!language) throw new Error(`no language for ${path}`);
  return { path, blob: BLOB, text, language, test: isTestPath(path) };
}

async function diagnose(specialist: Specialist, rule: Rule, path: string, text: string): Promise<Diagnosed[]> {
  const options = { conventions: { ...CONVENTIONS, ...rule.conventions }, settings: {}, judging: true };
  const { found, skipped } = await specialist.diagnose([sourceFile(path, text)], options);
  assert.equal(skipped, [], `${rule.id}: ${path} was not analysed`);
  return found.filter(({ finding }) => finding.rule === rule.id);
}

/** Applies edits by bytes; identical ones count once. */
function apply(text: string, found: readonly Diagnosed[]): string {
  const edits = [...new Map(found.flatMap((one) => one.edits).map((edit) => [JSON.stringify(edit), edit])).values()];
  let bytes = Buffer.from(text);
  for (const edit of edits.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    assert.ok(edit.start >= 0 && edit.start <= edit.end && edit.end <= bytes.length, `out of bounds: ${edit.start}`);
    assert.is(edit.blob, BLOB);
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
  }
  return bytes.toString();
}

/** Text that counts differently in bytes, UTF-16 units and characters, as a comment before everything else. */
const prologue = (path: string) => (path.endsWith('.py') ? '# é ł 漢字 😀\n' : '// é ł 漢字 😀\n');

const specialists = await Promise.all(embedded.map(loadSpecialist));
const test = suite('specialists/rules');

test('rule names are unique and well-formed, and say why', () => {
  const rules = specialists.flatMap((specialist) => specialist.rules);
  assert.ok(rules.length >= 20, `${rules.length} rules`);
  assert.is(new Set(rules.map((rule) => rule.id)).size, rules.length, 'duplicate rule id');
  for (const rule of rules) {
    assert.match(rule.id, /^(python|javascript|typescript)\/[a-z0-9]+(-[a-z0-9]+)*$/);
    if (rule.cwe !== undefined) assert.match(rule.cwe, /^CWE-\d+$/, rule.id);
    assert.ok(rule.title.length <= 60 && /^[A-Z].*[^.]$/.test(rule.title), `${rule.id}: title "${rule.title}"`);
    assert.ok(rule.rationale.length >= 80 && !rule.rationale.includes('\n'), `${rule.id}: rationale`);
    assert.ok(rule.lookAlikes.length >= 3, `${rule.id}: ${rule.lookAlikes.length} look-alikes`);
    assert.is(rule.fixable, rule.example.after !== undefined, `${rule.id}: an example's after is the fix`);
  }
});

for (const specialist of specialists)
  for (const rule of specialist.rules) {
    const { path, before, after } = rule.example;

    test(`${rule.id}: its example is found once and mended as it says`, async () => {
      const found = await diagnose(specialist, rule, path, before);
      assert.is(found.length, 1, `found ${found.length} in\n${before}`);
      const { finding, edits } = found[0]!;
      assert.is(finding.specialist, specialist.name);
      assert.is(finding.fixable, after !== undefined);
      assert.is(finding.cwe, rule.cwe);
      assert.ok(finding.line >= 1 && finding.end_line >= finding.line);
      assert.ok(finding.end_line <= before.split('\n').length);
      if (after === undefined) return assert.equal(edits, []);
      assert.is(apply(before, found), after);
      assert.equal(await diagnose(specialist, rule, path, after), [], 'found again in its own fix');
    });

    test(`${rule.id}: lines above change neither the fix nor the fingerprint`, async () => {
      const [original] = await diagnose(specialist, rule, path, before);
      const moved = prologue(path) + before;
      const found = await diagnose(specialist, rule, path, moved);
      assert.is(found.length, 1);
      assert.is(found[0]!.finding.fingerprint, original!.finding.fingerprint);
      assert.is(found[0]!.finding.line, original!.finding.line + 1);
      if (after !== undefined) assert.is(apply(moved, found), prologue(path) + after);
    });

    // What formats a file takes them away.
    const blank = rule.id === 'python/unformatted' ? test.skip : test;
    blank(`${rule.id}: a file may begin with empty lines`, async () => {
      const found = await diagnose(specialist, rule, path, `\n\n\n${before}`);
      assert.is(found.length, 1);
      if (after !== undefined) assert.is(apply(`\n\n\n${before}`, found), `\n\n\n${after}`);
    });

    for (const [index, alike] of rule.lookAlikes.entries())
      test(`${rule.id}: look-alike ${index + 1} is left alone`, async () => {
        assert.equal(await diagnose(specialist, rule, alike.path, alike.text), [], alike.text);
      });
  }

test('a name that is not embedded is refused', async () => {
  const error = await loadSpecialist('model' as SpecialistName).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.code, 'specialist-not-embedded');
});

test.run();
