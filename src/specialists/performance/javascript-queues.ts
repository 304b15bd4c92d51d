// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are text.
/** Arrays that are searched or emptied where something else is meant. Rule: the same elements come in the same order. */
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import {
  bare,
  declarationOf,
  holdsComment,
  isArray,
  isFreshArray,
  isModern,
  isText,
  methodCall,
  usesOf,
} from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

const emptied: RuleImpl = {
  id: 'javascript/array-emptied-by-a-loop',
  languages: SCRIPT,
  severity: 'low',
  title: 'Go over the array instead of emptying it',
  rationale:
    'A loop that shifts the first element off until none is left may move all the others in every round; `for … of` over the array moves nothing, and takes the elements in the same order. It is rewritten where the array is made right in the function, nothing but this loop looks at it, and nothing is added to it. Expected: nothing for a few thousand elements, very much for more; not measured in this program. Queues that grow, and arrays that others see, are left alone.',
  fixable: true,
  trigger: holdsAll(/\.shift\(\)/, /\bwhile\s*\(/),
  example: {
    path: 'src/a.js',
    before:
      'export function run(jobs) {\n  const waiting = [...jobs];\n  while (waiting.length > 0) {\n    const job = waiting.shift();\n    job.start();\n  }\n}\n',
    after:
      'export function run(jobs) {\n  const waiting = [...jobs];\n  for (const job of waiting) {\n    job.start();\n  }\n}\n',
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: 'export function run(jobs) {\n  while (jobs.length > 0) {\n    const job = jobs.shift();\n    job.start();\n  }\n}\n',
    },
    {
      path: 'src/c.js',
      text: 'export function run(jobs) {\n  const waiting = [...jobs];\n  while (waiting.length) {\n    const job = waiting.shift();\n    waiting.push(...job.next());\n  }\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'export function run(jobs) {\n  const waiting = [...jobs];\n  while (waiting.length) {\n    const job = waiting.shift();\n    if (job.last) break;\n  }\n  return waiting;\n}\n',
    },
  ],
  async find(file, context) {
    if (!isModern(file, context, 6)) return [];
    return nodesOf(await context.tree(), 'while_statement').flatMap((loop): Match[] => {
      const said = /^\(\s*(\w+)\.length(?: > 0| !== 0)?\s*\)$/.exec(loop.field('condition')?.text() ?? '');
      const [first, second] = loop.field('body')?.namedChildren() ?? [];
      const declarator = first?.is('lexical_declaration')
        ? first.children().find((one) => one.is('variable_declarator'))
        : null;
      const [target, value] = [declarator?.field('name'), declarator?.field('value')];
      const taken = value ? methodCall(bare(value)) : null;
      if (!said || !first || !second || second.is('comment') || !target?.is('identifier') || taken?.method !== 'shift')
        return [];
      const declaration = declarationOf(taken.object);
      const statement = declaration?.node.parent();
      if (taken.object.text() !== said[1] || !declaration?.value || !statement || declaration.scope.is('program'))
        return [];
      if (statement.parent()?.id() !== loop.parent()?.id() || !isMadeHere(declaration.value)) return [];
      const uses = usesOf(declaration.scope, taken.object.text());
      const gap = file.text.slice(span(loop).start, span(second).start);
      if (uses.length !== 3 || /\/\/|\/\*/.test(gap)) return [];
      const word = first.child(0)?.text() === 'let' ? 'let' : 'const';
      const edits = [
        {
          start: span(loop).start,
          end: span(loop.field('condition') ?? loop).end,
          text: `for (${word} ${target.text()} of ${said[1]})`,
        },
        { start: span(first).start, end: span(second).start, text: '' },
      ];
      return [{ ...span(taken.property), message: 'Every other element may move in every round.', edits }];
    });
  },
};

/** A new array, also by spreading what may be anything that can be gone over. */
function isMadeHere(value: Node): boolean {
  return isFreshArray(value) || /^\[\s*\.\.\.[\w.]+\s*\]$/.test(bare(value).text());
}

const uniqueByIndex: RuleImpl = {
  id: 'javascript/unique-by-index',
  languages: SCRIPT,
  severity: 'low',
  title: 'Leave repeated elements out by a set',
  rationale:
    '`filter((x, i) => xs.indexOf(x) === i)` looks through the array from its start for every element, so its time grows with the square of the length; a set keeps the first of each in the same order. The two differ for NaN, which indexOf never finds, so it is rewritten only for arrays of texts; the rest is reported. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Comparisons by a property are left alone.',
  fixable: true,
  trigger: holdsAll(/\.filter\s*\(/, /\.indexOf\s*\(/),
  example: {
    path: 'src/a.ts',
    before: 'export const unique = (names: string[]) => names.filter((name, at) => names.indexOf(name) === at);\n',
    after: 'export const unique = (names: string[]) => [...new Set(names)];\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (xs, ys) => xs.filter((x, i) => ys.indexOf(x) === i);\n' },
    { path: 'src/c.js', text: 'export const f = (xs) => xs.filter((x, i) => xs.indexOf(x) !== i);\n' },
    { path: 'src/d.js', text: 'export const f = (xs) => xs.filter((x) => xs.indexOf(x) === 0);\n' },
  ],
  async find(file, context) {
    return nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const filter = methodCall(call);
      const [callback, ...others] = filter?.method === 'filter' ? filter.args : [];
      if (!filter || !callback?.is('arrow_function') || others.length > 0) return [];
      const names = /^\(\s*(\w+)\s*(?::[^,]+)?,\s*(\w+)\s*(?::[^,]+)?\)$/.exec(
        callback.field('parameters')?.text() ?? '',
      );
      const body = callback.field('body')?.text().replace(/\s+/g, ' ');
      const [from, name, at] = [filter.object.text(), names?.[1], names?.[2]];
      const forms = [
        `${from}.indexOf(${name}) === ${at}`,
        `${at} === ${from}.indexOf(${name})`,
        `${from}.indexOf(${name}) == ${at}`,
      ];
      if (!name || !forms.includes(body ?? '') || !/^[\w.]+$/.test(from)) return [];
      const certain = isModern(file, context, 6) && !holdsComment(call) && holdsTexts(filter.object);
      const edits = certain ? [{ ...span(call), text: `[...new Set(${from})]` }] : [];
      return [{ ...span(call), message: 'The array is searched from its start for every element.', edits }];
    });
  },
};

/** An array of texts by its type, or as it is written out. */
function holdsTexts(given: Node): boolean {
  const node = bare(given);
  const declaration = declarationOf(node);
  if (declaration?.type) return /^(readonly )?string\[\]$|^(Readonly)?Array<string>$/.test(declaration.type);
  if (!declaration?.value || !isArray(node)) return false;
  const value = bare(declaration.value);
  if (value.is('array')) return value.namedChildren().every((one) => isText(one));
  return (
    /^(split)$/.test(methodCall(value)?.method ?? '') || /^Object\.(keys|getOwnPropertyNames)\(/.test(value.text())
  );
}

const keysSearched: RuleImpl = {
  id: 'javascript/keys-for-membership',
  languages: SCRIPT,
  severity: 'low',
  title: 'Ask the object whether it has the key',
  rationale:
    '`Object.keys(x).includes(key)` lists every key to look for one; `Object.hasOwn` asks for it. A key that is no text is never among the listed ones and would be found by `hasOwn`, so it is rewritten only for what is plainly a text, where Node knows `hasOwn`; the rest is reported. Expected: the whole list for each question; not measured in this program. Lists that have a name, and other questions about keys, are left alone.',
  fixable: true,
  trigger: /\bObject\.keys\([^\n]*\)\.(?:includes|indexOf)\(/,
  conventions: { oldestNode: 18 },
  example: {
    path: 'src/a.js',
    before: 'export const has = (sizes, name) => Object.keys(sizes).includes(`size-${name}`);\n',
    after: 'export const has = (sizes, name) => Object.hasOwn(sizes, `size-${name}`);\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (sizes) => Object.keys(sizes).filter((key) => key.length > 2);\n' },
    { path: 'src/c.js', text: 'export const f = (sizes, name) => Object.values(sizes).includes(name);\n' },
    { path: 'src/d.js', text: 'export const f = (sizes, name) => Object.keys(sizes).indexOf(name);\n' },
  ],
  async find(file, context) {
    return nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const asked = methodCall(call);
      const listed = asked?.method === 'includes' ? methodCall(asked.object) : null;
      const [key, ...more] = asked?.args ?? [];
      const [object, ...others] = listed?.args ?? [];
      if (listed?.method !== 'keys' || listed.object.text() !== 'Object' || !key || !object) return [];
      if (more.length > 0 || others.length > 0) return [];
      const certain = isText(key) && isModern(file, context, 17) && !isArray(object) && !holdsComment(call);
      const edits = certain ? [{ ...span(call), text: `Object.hasOwn(${object.text()}, ${key.text()})` }] : [];
      return [{ ...span(call), message: 'Every key is listed to look for one.', edits }];
    });
  },
};

export const queueRules: readonly RuleImpl[] = [emptied, uniqueByIndex, keysSearched];
