/** JavaScript and TypeScript functions that a test can be written for. Rule: exported, pure, small, and all that must be given can be made. */
import type { Node } from '../../rule.ts';
import { nodesOf } from '../../structural.ts';
import { kindOfScriptDefault, kindOfScriptUse, kindOfType, scriptSpelling } from './javascript-kinds.ts';
import { isPureScript, type ScriptFunction, type ScriptModule } from './javascript-module.ts';
import { type Hints, inputsOf, type Kind, type Slot, valuesOf } from './kinds.ts';
import { requoted } from './python-subject.ts';
import type { Subject } from './types.ts';

const LONGEST = 80;

export function scriptSubjects(module: ScriptModule, quote: '"' | "'"): Subject[] {
  return [...module.functions.values()].flatMap((own) => {
    const { name, node, statement } = own;
    const exported = module.exported.get(name);
    const { start, end } = statement.range();
    if (exported === undefined || /^(_|main$|default$)/.test(name) || end.line - start.line >= LONGEST) return [];
    if (!returns(node) || !isPureScript(own, module)) return [];
    const slots = slotsOf(own, module, quote);
    if (slots === null) return [];
    const inputs = inputsOf(slots);
    return [
      {
        ...{ name, exported, text: statement.text(), line: start.line + 1, endLine: end.line + 1 },
        parameters: slots.filter(({ optional }) => !optional).map(({ prefix }, at) => prefix || `value${at}`),
        inputs,
        raises: thrownBy(own, module),
      },
    ];
  });
}

function returns(node: Node): boolean {
  if (node.is('arrow_function') && node.field('body')?.is('statement_block') !== true) return true;
  return nodesOf(node, 'return_statement').some((one) => one.namedChildren().length > 0);
}

function slotsOf(
  { node, statement, name: own }: ScriptFunction,
  module: ScriptModule,
  quote: '"' | "'",
): Slot[] | null {
  const single = node.field('parameter');
  const list = single
    ? [single]
    : (node.field('parameters')?.namedChildren() ?? []).filter((one) => !one.is('comment'));
  const documented = documentedTypes(statement);
  const mentioned = hintsOf(node, module);
  const slots: Slot[] = [];
  let rows = 0;
  for (const parameter of list) {
    const pattern = parameter.field('pattern') ?? parameter.field('left') ?? parameter;
    const value = parameter.field('value')?.text() ?? parameter.field('right')?.text() ?? '';
    if (!pattern.is('identifier')) return null;
    const optional =
      value !== '' || parameter.is('optional_parameter') || /=$/.test(documented.get(pattern.text()) ?? '');
    const name = pattern.text();
    const type =
      parameter.field('type')?.text().replace(/^:\s*/, '') ?? documented.get(name)?.replace(/=$/, '') ?? null;
    const resolve = (one: string) => module.types.get(one) ?? null;
    const kind: Kind | null =
      type === null
        ? (kindOfScriptDefault(value) ?? (value === '' ? kindOfScriptUse(name, node.text()) : null))
        : kindOfType(type, resolve);
    if (kind === null) {
      if (!optional) return null;
      // What comes after it cannot be given without it.
      break;
    }
    const made = valuesOf(kind, scriptSpelling(quote), { ...mentioned, name });
    if (/^(list|dict)$/.test(kind.is)) rows += 1;
    slots.push({ prefix: '', values: kind.is === 'choice' ? made.map((one) => requoted(one, quote)) : made, optional });
  }
  const needed = slots.filter(({ optional }) => !optional).length;
  const last = slots.findIndex(({ optional }) => optional);
  const kept = last === -1 ? slots : slots.slice(0, last + 1);
  return own !== '' && needed >= 1 && needed <= 3 && rows <= 1 ? kept : null;
}

/** `@param {string} name` of the comment above; an optional one ends in `=`. */
function documentedTypes(statement: Node): Map<string, string> {
  const above = statement.prev();
  const text = above?.is('comment') ? above.text() : '';
  const found = [...text.matchAll(/@param\s+\{([^{}]+)\}\s+(\[)?([\w$]+)/g)];
  return new Map(found.map(([, type = '', optional, name = '']) => [name, optional ? `${type}=` : type]));
}

function hintsOf(node: Node, module: ScriptModule): Omit<Hints, 'name'> {
  const text = node.text();
  const mentions = (name: string) => new RegExp(`(?<![\\w.$])${name.replaceAll('$', '\\$')}\\b`).test(text);
  const called = [...module.functions.values()].filter(({ name }) => mentions(name)).map((one) => one.node);
  const constants = nodesOf(module.root, 'variable_declarator').filter(
    (one) => module.constants.has(one.field('name')?.text() ?? '') && mentions(one.field('name')?.text() ?? ''),
  );
  const around = [node, ...called.filter((one) => one.id() !== node.id()), ...constants];
  const strings = around
    .flatMap((one) => nodesOf(one, 'string'))
    .filter(
      (one) =>
        !one
          .ancestors()
          .slice(0, 4)
          .some((above) => above.is('throw_statement')),
    );
  const keys = constants.flatMap((one) => nodesOf(one, 'pair').map((pair) => pair.field('key')?.text() ?? ''));
  const separators = around.flatMap((one) =>
    [...one.text().matchAll(/\.split\(\s*["']([^"'\\]{1,3})["']/g)].map((match) => match[1] ?? ''),
  );
  const numbers = around.flatMap((one) => nodesOf(one, 'number')).map((one) => Number(one.text().replaceAll('_', '')));
  const texts = [...strings.map((one) => one.text().slice(1, -1)), ...keys.filter((key) => /^\w+$/.test(key))];
  return {
    numbers: [...new Set(numbers)].filter((one) => Number.isSafeInteger(one) && one <= 1e9),
    texts: [...new Set(texts)].filter((one) => !/[\\\n{}%]/.test(one)),
    separators: [...new Set(separators)],
  };
}

/** Errors that it throws by their name, itself or through what it calls. */
function thrownBy({ node, name }: ScriptFunction, module: ScriptModule): string[] {
  const called = [...module.functions.values()].filter(
    (one) => one.name !== name && new RegExp(`(?<![\\w.$])${one.name.replaceAll('$', '\\$')}\\(`).test(node.text()),
  );
  const thrown = [node, ...called.map((one) => one.node)].flatMap((one) => nodesOf(one, 'throw_statement'));
  const names = thrown.flatMap((one) => /^throw\s+(?:new\s+)?(\w+)\(/.exec(one.text())?.[1] ?? []);
  return [...new Set(names)].filter((one) =>
    /^(Error|TypeError|RangeError|SyntaxError|URIError|EvalError|ReferenceError)$/.test(one),
  );
}
