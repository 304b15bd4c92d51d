/** What every style rule for JavaScript promises, and the cases beyond its examples. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSpecialist } from '../../src/specialists/index.ts';
import { applyEdits, checkEdits, found, mended, rulesFound } from './javascript-support.ts';

const specialist = await loadSpecialist('StyleEnforcer');
const rules = specialist.rules.filter((rule) => rule.id.startsWith('javascript/'));
const test = suite('specialists/javascript-style');

for (const rule of rules) {
  test(`${rule.id}: its example`, async () => {
    assert.ok(rule.title.length <= 60, rule.title);
    const { path, before, after } = rule.example;
    const mine = (await found(specialist, path, before)).filter((one) => one.finding.rule === rule.id);
    assert.is(mine.length, 1);
    assert.is(mine[0]?.finding.fixable, rule.fixable);
    assert.is(mine[0]?.finding.cwe, rule.cwe);
    const text = applyEdits(
      before,
      mine.flatMap((one) => one.edits),
    );
    assert.is(text, after ?? before);
    if (after) assert.not((await rulesFound(specialist, path, after)).includes(rule.id));
    await checkEdits(specialist, path, before);
  });

  test(`${rule.id}: its look-alikes`, async () => {
    assert.ok(rule.lookAlikes.length >= 3);
    for (const { path, text } of rule.lookAlikes)
      assert.not((await rulesFound(specialist, path, text)).includes(rule.id), text);
  });
}

test.run();
