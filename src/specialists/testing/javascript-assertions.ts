/** JavaScript tests that assert nothing. Rule: reported only where everything that the test calls is known to assert nothing. */
import { bindingsOf } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW, inTests, readTests, type ScriptTest, wordsOf } from './javascript-tests.ts';

const ASSERTS =
  /assert|check|verif|expect|should|throw|reject|\bfail|ensure|valid|compar|match|snapshot|must|^(t|test|tap|tester|chai|cy|page|request|app|agent|supertest|fc|done|next|resolve)$|equal|ok$|plan|tester/i;
const CONTENT =
  /no (error|exception)|not (throw|fail|crash|error|reject)|n['’]t|without|smoke|import|runs?\b|works|crash|compil|type|ok\b|safe|warn|leak|#\d|issue|bug/i;

const withoutAssertion = inTests({
  id: 'javascript/test-without-assertion',
  severity: 'low',
  title: 'Assert what the test is about',
  rationale:
    'A test without an assertion passes whatever the code returns: it shows only that nothing is thrown, and nobody who reads it knows whether that was meant. Reported where a test asserts nothing by itself and calls nothing that could do so for it: helpers of the file or of a module of tests, callbacks, returned promises and whatever is thrown are given the benefit of the doubt, as are tests that say by their title or a comment that they are content with running.',
  fixable: false,
  aliases: ['jest/expect-expect', 'vitest/expect-expect', 'playwright/expect-expect'],
  trigger: /\b(?:it|test|specify)\b/,
  example: {
    path: 'test/a.test.js',
    before:
      "import { parse } from '../src/parse.js';\n\nit('parses a pair', () => {\n  const pair = parse('a=1');\n  console.log(pair);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "import { parse } from '../src/parse.js';\n\nit('parses', () => {\n  expect(parse('a=1')).toBe(1);\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "import { parse } from '../src/parse.js';\nimport { same } from './support.js';\n\nit('parses', () => {\n  same(parse('a=1'), 1);\n});\n",
    },
    {
      path: 'test/d.test.js',
      text: "import { parse } from '../src/parse.js';\n\nit('does not throw', () => {\n  parse('a=1');\n});\n",
    },
    {
      path: 'test/e.test.js',
      text: "import request from 'supertest';\n\nit('answers', (done) => {\n  request(app).get('/').end(done);\n});\n",
    },
    {
      path: 'test/f.test.js',
      text: "import { parse } from '../src/parse.js';\n\nfunction both(text) {\n  expect(parse(text)).toBe(1);\n}\n\nit('parses', () => {\n  both('a=1');\n});\n",
    },
    {
      path: 'test/g.test.js',
      text: "import { parse } from '../src/parse.js';\n\nit('parses', () => {\n  if (parse('a=1') !== 1) throw new Error('no');\n});\n",
    },
    {
      path: 'test/h.test.js',
      text: "import { load } from '../src/load.js';\n\nit('loads', () => load('a'));\n",
    },
    { path: 'test/i.test.js', text: "it.todo('parses');\n" },
    {
      path: 'test/k.test.js',
      text: "import { parse } from '../src/parse.js';\n\nit('parses', () => {\n  parse('a=1').should.be.true;\n});\n",
    },
    {
      path: 'test/j.test.js',
      text: "import test from 'ava';\nimport { f } from '../f.js';\n\ntest('parses', (t) => {\n  t.is(f(), 1);\n});\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const product = (name: string) => {
      const module = bindings.get(name)?.module;
      return (
        module?.startsWith('..') === true &&
        !/tests?\b|spec|support|helper|util|fixture|mock|setup|common/i.test(module)
      );
    };
    const silent = (await readTests(context)).filter((test) => isSilent(test) && onlyCalls(test.body, product));
    return silent.slice(0, FEW).map(({ call, title }): Match => {
      const at = span(call.field('function') ?? call);
      return { ...at, message: `The test ${title.slice(0, 60)} asserts nothing.` };
    });
  },
});

function isSilent({ body, group, title, words }: ScriptTest): boolean {
  const block = body.field('body');
  const parameters = body.field('parameters') ?? body.field('parameter');
  if (group || !block?.is('statement_block') || words.some((word) => /skip|todo|fails|^x/.test(word))) return false;
  // chai's assertions are properties.
  if (/\b(should|expect|assert|chai)/i.test(block.text())) return false;
  if (CONTENT.test(title) || !/^(\(\s*\))?$/.test(parameters?.text() ?? '')) return false;
  const speaks = [
    'throw_statement',
    'return_statement',
    'comment',
    'try_statement',
    'yield_expression',
    'arrow_function',
  ];
  return block.namedChildren().length > 0 && !speaks.some((kind) => block.find({ rule: { kind } }) !== null);
}

/** Does the body call nothing but what the product gives, and the console? */
function onlyCalls(body: Node, product: (name: string) => boolean): boolean {
  const calls = [
    ...nodesOf(body, 'call_expression').map((call) => call.field('function')),
    ...nodesOf(body, 'new_expression').map((one) => one.field('constructor')),
  ];
  const own = new Set(nodesOf(body, 'variable_declarator').map((one) => one.field('name')?.text() ?? ''));
  return (
    calls.length > 0 &&
    calls.every((callee) => {
      const words = wordsOf(callee);
      const [first = ''] = words;
      return !words.some((word) => ASSERTS.test(word)) && (product(first) || own.has(first) || first === 'console');
    }) &&
    calls.some((callee) => product(wordsOf(callee)[0] ?? ''))
  );
}

export const assertionRules: readonly RuleImpl[] = [withoutAssertion];
