/** Fixes of one file that would take a name from each other. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath, languageOf } from '../../src/code/index.ts';
import { heedEachOther } from '../../src/crew/each-other.ts';
import { type Diagnosed, loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';

const test = suite('crew/each-other');
const options = { conventions: { python: null, esm: true, tools: [], ignoredRules: [] }, settings: {} };

async function diagnose(path: string, text: string): Promise<Diagnosed[]> {
  const language = languageOf(path);
  assert.ok(language);
  const file: SourceFile = { path, text, language, blob: '0'.repeat(40), test: isTestPath(path) };
  const found: Diagnosed[] = [];
  for (const name of ['SecurityGuardian', 'StyleEnforcer'] as const)
    found.push(...(await (await loadSpecialist(name)).diagnose([file], options)).found);
  return heedEachOther(found, [file]);
}

const edited = (found: Diagnosed[]) =>
  found
    .filter(({ edits }) => edits.length > 0)
    .map(({ finding }) => finding.rule)
    .sort();

test('an import that a fix of the same file will use stays', async () => {
  const app =
    'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n\n\ndef key(items):\n    return json.dumps([API_KEY, items])\n';
  assert.equal(edited(await diagnose('app/a.py', `import json\nimport os\n\n${app}`)), ['python/hardcoded-secret']);
  assert.equal(edited(await diagnose('app/b.py', `import json\nimport sys\n\n${app}`)), [
    'python/hardcoded-secret',
    'python/unused-import',
  ]);
});

test('names are read in bytes, and the words of the language are no names', async () => {
  const text =
    '"""Größe."""\n\nimport json\nimport os\nimport sys\n\nTOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"\nprint(json.dumps(1))\n';
  const found = await diagnose('app/c.py', text);
  const kept = found.filter(({ finding, edits }) => finding.rule === 'python/unused-import' && edits.length === 0);
  assert.equal(
    kept.map(({ finding }) => finding.line),
    [4],
  );
});

test.run();
