/** The noise that linters make on real code: files that are full of it get not one finding from any specialist. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath, languageOf } from '../../src/code/index.ts';
import { type Conventions, embedded, loadSpecialist } from '../../src/specialists/index.ts';

const PLAIN: Conventions = { python: [3, 9], esm: true, tools: [], ignoredRules: [] };
const specialists = await Promise.all(embedded.map(loadSpecialist));

async function found(path: string, text: string, conventions: Conventions = PLAIN): Promise<string[]> {
  const language = languageOf(path);
  if (!language) throw new Error(`no language for ${path}`);
  const file = { path, text, blob: 'a'.repeat(40), language, test: isTestPath(path) };
  const all = await Promise.all(
    specialists.map(async (specialist) => {
      const { found, skipped } = await specialist.diagnose([file], { conventions, settings: {}, uncapped: true });
      assert.equal(skipped, [], path);
      return found.map(({ finding }) => `${finding.rule} on line ${finding.line}`);
    }),
  );
  return all.flat();
}

/** Each kind of noise many times over, under the name of the rule that makes it elsewhere. */
const NOISE: Record<string, [path: string, text: string]> = {
  'docstring rules (D1xx, D2xx, D4xx)': [
    'app/reader.py',
    Array.from(
      { length: 40 },
      (_, n) =>
        `class Reader${n}:\n    size = ${n}\n\n    def read(self, path):\n        "reads it"\n        text = open_text(path)\n        text = text.strip()\n        return text\n\n    def close(self):\n        self.size = 0\n        self.path = None\n        self.text = None\n`,
    ).join('\n\n'),
  ],
  'UP031, UP032: old formatting': [
    'app/old.py',
    Array.from(
      { length: 60 },
      (_, n) => `line_${n} = "%s of %d" % (name_${n}, size_${n})\ntext_${n} = "{} {}".format(name_${n}, size_${n})\n`,
    ).join(''),
  ],
  'UP006, UP007, UP035: old annotations': [
    'app/typed.py',
    `from typing import Dict, List, Optional, Union\n\n${Array.from({ length: 30 }, (_, n) => `a${n}: Optional[List[int]] = None\nb${n}: Dict[str, Union[int, str]] = {}\n`).join('')}`,
  ],
  'RUF100: noqa without need': [
    'app/quiet.py',
    Array.from({ length: 40 }, (_, n) => `a${n} = ${n}  # noqa: E501\nb${n} = a${n}  # noqa\n`).join(''),
  ],
  'SIM105, E722, BLE001, S110: excepts': [
    'app/tries.py',
    Array.from(
      { length: 20 },
      (_, n) => `try:\n    step_${n}()\nexcept:\n    pass\ntry:\n    step_${n}()\nexcept Exception:\n    pass\n`,
    ).join(''),
  ],
  'E501, E741, N8xx, A00x, PLR2004, ERA001, T201, FBT, ANN, COM812': [
    'app/taste.py',
    Array.from(
      { length: 20 },
      (_, n) =>
        `def DoThing${n}(l, id, type=True):\n    # x = old(l)\n    print(l, id, type, "${'long '.repeat(30)}")\n    if id > 4${n}:\n        return {\n            "a": l\n        }\n    return None\n`,
    ).join('\n\n'),
  ],
  'S501, S105, S106, S311, S324, S608 in tests': [
    'tests/test_client.py',
    `import hashlib\nimport random\n\nimport requests\n\n${Array.from({ length: 10 }, (_, n) => `def test_${n}(cursor):\n    token = hashlib.md5(b"${n}").hexdigest()\n    password = random.choice("abc")\n    cursor.execute("SELECT id FROM users WHERE name = '%s'" % token)\n    assert requests.get(URL, verify=False, auth=("user", password)).ok\n`).join('\n\n')}`,
  ],
  'S603, S607, S404, S101, S113: subprocess and asserts': [
    'app/run.py',
    `import subprocess\n\n${Array.from({ length: 20 }, (_, n) => `out_${n} = subprocess.run(["git", "show", name_${n}], check=True)\nassert out_${n}\n`).join('')}`,
  ],
  'unicorn/prevent-abbreviations, no-null, filename-case, no-array-for-each': [
    'src/myFile.js',
    Array.from(
      { length: 30 },
      (_, n) =>
        `export function cb${n}(err, req, res, e, props, args) {\n  const btn = null;\n  args.forEach((arg) => res.set(arg, btn));\n  return err === null ? props : e;\n}\n`,
    ).join('\n'),
  ],
  'security/detect-object-injection, detect-non-literal-fs-filename, detect-non-literal-regexp': [
    'src/table.js',
    `import fs from 'node:fs';\n\n${Array.from({ length: 30 }, (_, n) => `export const get${n} = (table, key) => table[key];\nexport const load${n} = (path) => fs.readFileSync(path, 'utf8');\n`).join('')}`,
  ],
  'max-lines, max-nested-callbacks, no-magic-numbers inside describe': [
    'test/long.test.js',
    `describe('long', () => {\n${Array.from({ length: 400 }, (_, n) => `  it('case ${n}', () => {\n    expect(add(${n}, 1)).toBe(${n + 1});\n  });\n`).join('')}});\n`,
  ],
  'no-console, no-plusplus, no-continue, no-param-reassign, id-length, no-underscore-dangle': [
    'src/loop.js',
    Array.from(
      { length: 20 },
      (_, n) =>
        `export function loop${n}(_list) {\n  for (let i = 0; i < _list.length; i++) {\n    if (_list[i] === ${n}) continue;\n    _list[i]++;\n    console.log(_list[i]);\n  }\n}\n`,
    ).join('\n'),
  ],
  'no-explicit-any, no-non-null-assertion, explicit-function-return-type': [
    'src/types.ts',
    Array.from(
      { length: 30 },
      (_, n) => `export function f${n}(value: any, other?: string) {\n  return (value as any)[other!.length];\n}\n`,
    ).join('\n'),
  ],
  'rejectUnauthorized and secrets in tests': [
    'test/tls.test.js',
    Array.from(
      { length: 10 },
      (_, n) => `it('tls ${n}', () => request({ rejectUnauthorized: false, password: 'q8Zr2vLx0TnB5kWd' }));\n`,
    ).join(''),
  ],
  'spelling that is a variant, a name or a word of another language': [
    'app/words.py',
    '# The colour of a dialogue, analysed and behaviour-driven: licence, catalogue, judgement, grey, cancelled.\n# Adresse, Enviado, tehran, Wich, supercede, dependancy, accessor, deque, dict, kwargs, init, args, param, refs.\n',
  ],
};

const test = suite('specialists/noise');

for (const [what, [path, text]] of Object.entries(NOISE))
  test(`${what}: nothing`, async () => {
    assert.ok(text.split('\n').length > 2);
    assert.equal(await found(path, text), []);
  });

test('the files are read: one defect among the noise is still found', async () => {
  const [path, text] = NOISE['UP031, UP032: old formatting'] ?? ['', ''];
  assert.equal(await found(path, `${text}if not a in b:\n    stop()\n`), ['python/not-in on line 121']);
});

test.run();
