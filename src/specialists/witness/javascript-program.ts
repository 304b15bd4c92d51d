/** Puts a JavaScript witness together. Rule: as for Python: the user's own code is called, with stand-ins around it. */
import type { Node } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { HEAD, LOAD } from './javascript-harness.ts';
import type { JavascriptFunction, JavascriptSubject } from './javascript-target.ts';

export interface JavascriptParts {
  title: string;
  /** Values and replacements before the code is loaded. */
  setup: string;
  /** After it has run; `came` is `{ returned }` or `{ raised }`. */
  judge: string;
  roots: Roots | null;
  /** `judge` calls `run` by itself. */
  repeated?: boolean;
  /** What of the module is asked for, where it is no function. */
  value?: string;
}

/** Names that a bad value comes in by. */
export interface Roots {
  parameters: Set<string>;
  attributes: Set<string>;
}

export function javascriptProgram(subject: JavascriptSubject, parts: JavascriptParts): string {
  const { path: file, function: own, imports } = subject;
  const target = own?.target ?? parts.value ?? 'null';
  const about = JSON.stringify({ file, target, stubs: imports }, null, 2);
  const observe = parts.setup.includes('function observe(') ? '' : '\nfunction observe() {}\n';
  const run = [
    `const SUBJECT = ${about};`,
    '',
    'async function run() {',
    ...reach(subject, parts).map((line) => `  ${line}`),
    '}',
  ];
  const last = [
    '(async () => {',
    ...(parts.repeated ? [] : ['  const came = await attempt(run);']),
    ...parts.judge
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
    '  end(0);',
    '})();',
  ];
  return [HEAD, LOAD, observe, parts.setup.trim(), '', ...run, '', ...last, ''].join('\n');
}

function reach({ function: own }: JavascriptSubject, { roots }: JavascriptParts): string[] {
  if (own === null) return ['return load(SUBJECT);'];
  const given = own.parameters.map((one) => argumentFor(one, own, roots)).join(', ');
  if (own.handler !== null)
    return ['await load(SUBJECT);', `return handlers.get(${JSON.stringify(own.handler)})(${given});`];
  if (own.method === null) return [`return (await load(SUBJECT))(${given});`];
  return [
    'const owner = await load(SUBJECT);',
    'const instance = Object.create(owner.prototype);',
    ...own.attributes.map(
      (name) => `instance.${name} = ${roots?.attributes.has(name) ? 'PAYLOAD' : `stub('this.${name}')`};`,
    ),
    `return instance.${own.method}(${given});`,
  ];
}

function argumentFor(parameter: Node, own: JavascriptFunction, roots: Roots | null): string {
  if (parameter.is('assignment_pattern')) {
    const left = parameter.field('left') ?? parameter;
    return isIn(left, roots) ? argumentFor(left, own, roots) : 'undefined';
  }
  if (parameter.is('rest_pattern')) return '';
  if (parameter.is('object_pattern')) {
    const keys = namesIn(parameter);
    const pairs = keys.map(([key, local]) => `${key}: ${roots?.parameters.has(local) ? 'PAYLOAD' : usual(key)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  const name = parameter.text();
  if (/^(req|request|ctx|context|c)$/.test(name)) return 'request';
  if (/^(res|response|reply|next|done|cb|callback)$/.test(name)) return `stub('${name}')`;
  if (!roots?.parameters.has(name)) return usual(name);
  const whole = nodesOf(own.node, 'member_expression').some((one) => one.field('object')?.text() === name);
  const plain = /^(trim|toLowerCase|toUpperCase|replace|replaceAll|split|slice|length|toString)$/;
  const asked = nodesOf(own.node, 'member_expression')
    .filter((one) => one.field('object')?.text() === name)
    .every((one) => plain.test(one.field('property')?.text() ?? ''));
  return whole && !asked ? 'values' : 'PAYLOAD';
}

function isIn(pattern: Node, roots: Roots | null): boolean {
  const names = pattern.is('identifier') ? [pattern.text()] : namesIn(pattern).map(([, local]) => local);
  return names.some((name) => roots?.parameters.has(name));
}

/** Key and local name of each part of a pattern. */
export function namesIn(pattern: Node): Array<[string, string]> {
  return pattern.children().flatMap((part): Array<[string, string]> => {
    if (part.is('shorthand_property_identifier_pattern')) return [[part.text(), part.text()]];
    if (part.is('object_assignment_pattern')) {
      const name = part.child(0)?.text() ?? '';
      return [[name, name]];
    }
    const [key, value] = part.is('pair_pattern') ? [part.field('key'), part.field('value')] : [];
    return key && value?.is('identifier') ? [[key.text(), value.text()]] : [];
  });
}

/** A harmless value for a parameter, by its name. */
function usual(name: string): string {
  if (/^(n|len|length|size|count|bytes)$|(Length|Size|Count)$/.test(name)) return '12';
  return /ur[il]$|endpoint/i.test(name) ? "'https://example.com/'" : `stub('${name}')`;
}

/** Follows the names in `nodes` back to parameters and attributes; null where nothing comes from outside. */
export function rootsOf({ function: own }: JavascriptSubject, nodes: readonly Node[]): Roots | null {
  const roots: Roots = { parameters: new Set(), attributes: new Set() };
  if (own === null) return null;
  const known = new Set(
    own.parameters.flatMap((one) => {
      const pattern = one.is('assignment_pattern') ? (one.field('left') ?? one) : one;
      return pattern.is('identifier') ? [pattern.text()] : namesIn(pattern).map(([, local]) => local);
    }),
  );
  const declared = nodesOf(own.node, 'variable_declarator');
  const follow = (node: Node, depth: number): void => {
    for (const member of [node, ...nodesOf(node, 'member_expression')])
      if (member.is('member_expression') && member.field('object')?.text() === 'this')
        roots.attributes.add(member.field('property')?.text() ?? '');
    const names = node.is('identifier')
      ? [node]
      : [...nodesOf(node, 'identifier'), ...nodesOf(node, 'shorthand_property_identifier')];
    for (const name of names) {
      const text = name.text();
      if (known.has(text)) roots.parameters.add(text);
      const origin = declared.findLast((one) => {
        const target = one.field('name');
        const binds = target?.is('identifier')
          ? target.text() === text
          : target && namesIn(target).some(([, local]) => local === text);
        return binds && span(one).start < span(name).start;
      });
      const value = origin?.field('value');
      if (value && depth > 0 && !(span(value).start <= span(name).start && span(name).end <= span(value).end))
        follow(value, depth - 1);
    }
  };
  for (const node of nodes) follow(node, 4);
  return roots.parameters.size + roots.attributes.size > 0 ? roots : null;
}
