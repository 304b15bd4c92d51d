/** A name that another file reads is not taken away. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reads } from '../../src/crew/elsewhere.ts';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/elsewhere');

test('a text that could read the name counts, one that could not does not', () => {
  for (const text of [
    'import imp\nimp.json.dumps(1)',
    'from pkg.imp import json',
    'from .imp import (\n    other,\n    json,\n)',
    'from imp import *',
    '@patch("pkg.imp.json.dumps")',
    "patch.object(imp, 'json')",
    'module = getattr(imp, "json")',
  ])
    assert.ok(reads(text, 'imp', 'json'), text);
  for (const text of [
    'import imp\nimp.run()',
    'from imp import run',
    'import json\nimport imp',
    'from a.imp import jsonish',
  ])
    assert.not(reads(text, 'imp', 'json'), text);
});

test('unused imports that another file of the tree reads are no findings', () => {
  const unused = (name: string) => `import ${name}\n\nx = 1\n`;
  const repo = makeRepository({
    files: {
      'shop/alone.py': unused('json'),
      'shop/attribute.py': unused('json'),
      'shop/patched.py': unused('time'),
      'shop/imported.py': unused('os'),
      'shop/user.py':
        'from shop import attribute\nfrom shop.imported import os\n\nprint(attribute.json.dumps(os.name))\n',
      'tests/test_patched.py':
        'from unittest.mock import patch\n\n\n@patch("shop.patched.time.sleep")\ndef test_a(sleep):\n    assert sleep\n',
      'shop/tokens.py': 'import random\n\n\ndef make_password(letters):\n    return random.choice(letters)\n',
      'shop/other.py': 'from shop import tokens\n\n\ndef roll():\n    return tokens.random.randint(1, 6)\n',
    },
  });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const found = ambientJson<Array<{ rule: string; path: string; fixable: boolean }>>(repo, ['findings', '--all']);
  assert.equal(
    found.map(({ rule, path, fixable }) => [rule, path, fixable]),
    [
      ['python/unused-import', 'shop/alone.py', true],
      ['python/predictable-secret', 'shop/tokens.py', false],
    ],
  );
  // The last reader goes: before this commit the import was none.
  repo.commit('nobody reads it', { 'shop/user.py': 'print(1)\n', 'shop/imported.py': 'import os\n\nx = 2\n' });
  const fresh = ambientJson<Array<{ path: string }>>(repo, ['findings', '--since', 'HEAD~1']);
  assert.equal(
    fresh.map(({ path }) => path),
    ['shop/imported.py'],
  );
});

test('what Python 2 does not know is not proposed where some file is for Python 2', () => {
  const defects =
    'import random\n\n\nclass Reader(object):\n    name = u"reader"\n    password = random.choice("ab")\n';
  const rulesWith = (old: string, files: Record<string, string> = {}) => {
    const repo = makeRepository({ files: { 'shop/reader.py': defects, 'shop/old.py': old, ...files } });
    assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
    const found = ambientJson<Array<{ rule: string; fixable: boolean }>>(repo, ['findings', '--all']);
    return found.map(({ rule, fixable }) => `${rule} ${fixable}`);
  };
  const all = ['python/object-base true', 'python/unicode-prefix true', 'python/predictable-secret true'];
  assert.equal(rulesWith('print("run")\n'), all);
  for (const old of ['try:\n    run()\nexcept OSError, error:\n    run()\n', 'import urllib2\n'])
    assert.equal(rulesWith(`${old}print(urllib2)\n`), ['python/predictable-secret false'], old);
  const said = { 'setup.py': 'from setuptools import setup\n\nsetup(python_requires=">=3.9")\n' };
  assert.equal(rulesWith('print "run"\n', said), all);
});

test('a file name that no proposal may touch does not cost the other files their fix', () => {
  const repo = makeRepository({ files: { 'a.py': 'import os\n', 'b\nc.py': 'import os\n' } });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  assert.is(ambient(repo, ['run', '--all']).code, 0);
  const proposals = ambientJson<Array<{ files: string[] }>>(repo, ['list']);
  assert.equal(
    proposals.map(({ files }) => files),
    [['a.py']],
  );
});

test.run();
