/** Python functions that a test can be written for. Rule: public, pure, small, and everything that must be given can be made. */

import type { Node } from '../../rule.ts';
import { nodesOf } from '../../structural.ts';
import { readFunction } from '../../witness/python-target.ts';
import { type Hints, inputsOf, type Kind, type Slot, valuesOf } from './kinds.ts';
import { kindOfAnnotation, kindOfDefault, kindOfUse, pythonSpelling } from './python-kinds.ts';
import { isPure, type PythonModule } from './python-pure.ts';
import type { Subject } from './types.ts';

/** Lines of a function that a handful of cases says something about. */
const LONGEST = 80;

/** The functions of `module`, in text order. */
export function pythonSubjects(module: PythonModule, quote: '"' | "'"): Subject[] {
  return [...module.functions.values()].flatMap((node) => {
    const name = node.field('name')?.text() ?? '';
    const { start, end } = node.range();
    if (/^(_|test|main$)/.test(name) || end.line - start.line >= LONGEST || !returns(node)) return [];
    if (!isPure(node, module)) return [];
    const slots = slotsOf(node, module, quote);
    if (slots === null) return [];
    const inputs = [...examplesIn(node, name, quote), ...inputsOf(slots)];
    if (inputs.length < 2) return [];
    return [
      {
        ...{ name, text: node.text(), line: start.line + 1, endLine: end.line + 1, exported: 'name' as const },
        parameters: slots
          .filter(({ optional }) => !optional)
          .map((_, at) => readFunction(node)?.parameters[at]?.name ?? ''),
        inputs: [...new Set(inputs)].slice(0, 160),
        raises: raisedBy(node, module),
      },
    ];
  });
}

function returns(node: Node): boolean {
  return nodesOf(node, 'return_statement').some((one) => {
    const value = one.namedChildren()[0];
    return value !== undefined && value.text() !== 'None';
  });
}

function slotsOf(node: Node, module: PythonModule, quote: '"' | "'"): Slot[] | null {
  const made = readFunction(node);
  const all = node.field('parameters')?.namedChildren() ?? [];
  if (
    made === null ||
    all.some((one) =>
      /splat_pattern/.test(one.is('typed_parameter') ? String(one.child(0)?.kind()) : String(one.kind())),
    )
  )
    return null;
  const body = node.text();
  const star = all.findIndex((one) => one.is('keyword_separator'));
  const mentioned = hintsOf(node, module);
  const slots: Slot[] = [];
  let rows = 0;
  for (const { name, annotation, optional } of made.parameters) {
    const written = all.find(
      (one) => (one.field('name') ?? one.child(0) ?? one).text() === name || one.text() === name,
    );
    const value = written?.field('value')?.text() ?? '';
    const kind: Kind | null =
      annotation === null
        ? (kindOfDefault(value) ?? (value === '' ? kindOfUse(name, body) : null))
        : kindOfAnnotation(annotation);
    if (kind === null) {
      if (!optional) return null;
      continue;
    }
    const named = optional || (star !== -1 && written !== undefined && all.indexOf(written) > star);
    const own = valuesOf(kind, pythonSpelling(quote), { ...mentioned, name });
    const values = kind.is === 'choice' ? own.map((one) => requoted(one, quote)) : own;
    if (/^(list|row|set|dict)$/.test(kind.is)) rows += 1;
    slots.push({ prefix: named ? `${name}=` : '', values, optional });
  }
  return canBeCombined(slots, rows) ? slots : null;
}

/** Of many arguments, or several rows of things, nobody can guess which go together. */
function canBeCombined(slots: readonly Slot[], rows: number): boolean {
  const needed = slots.filter(({ optional }) => !optional).length;
  return needed >= 1 && needed <= 3 && rows <= 1;
}

/** Constants that the function, and what it calls of its module, compares with or looks up. */
function hintsOf(node: Node, module: PythonModule): Omit<Hints, 'name'> {
  const called = [...module.functions]
    .filter(([name]) => new RegExp(`(?<![\\w.])${name}\\(`).test(node.text()))
    .map(([, one]) => one);
  const constants = [...module.constants].filter((name) => new RegExp(`\\b${name}\\b`).test(node.text()));
  const values = constants.flatMap(
    (name) =>
      nodesOf(module.root, 'assignment')
        .find((one) => one.field('left')?.text() === name)
        ?.field('right') ?? [],
  );
  const around = [node, ...called, ...values];
  const strings = around.flatMap((one) =>
    nodesOf(one, 'string').filter((text) => !isDocstring(text) && !isFormat(text)),
  );
  const numbers = around.flatMap((one) => nodesOf(one, 'integer')).map((one) => Number(one.text().replaceAll('_', '')));
  const texts = strings.map((one) => one.text().replace(/^[rbuRBU]?(["'])([\s\S]*)\1$/, '$2'));
  const separators = around.flatMap((one) =>
    [...one.text().matchAll(/\.(?:split|partition|rsplit|rpartition)\(\s*["']([^"'\\]{1,3})["']/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return {
    numbers: [...new Set(numbers)].filter((one) => Number.isSafeInteger(one) && one <= 1e9),
    texts: [...new Set(texts)].filter((one) => !/[\\\n{}%]/.test(one)),
    separators: [...new Set(separators)],
  };
}

function isDocstring(node: Node): boolean {
  return node.parent()?.is('expression_statement') === true;
}

/** Part of a message, or of a pattern. */
function isFormat(node: Node): boolean {
  return (
    node
      .ancestors()
      .slice(0, 5)
      .some((above) => above.is('raise_statement')) || /^[fF]/.test(node.text())
  );
}

/** What its author called it with in the docstring: `>>> slug("A b")`. */
function examplesIn(node: Node, name: string, quote: '"' | "'"): string[] {
  return [...node.text().matchAll(new RegExp(`>>> ${name}\\(([^()\\n]{1,48})\\)\\s*$`, 'gm'))].map((match) =>
    requoted(match[1] ?? '', quote),
  );
}

/** With the quotes that the tests use. */
export function requoted(text: string, quote: '"' | "'"): string {
  if (text.includes('"') && text.includes("'")) return text;
  return text.replaceAll(/(["'])((?:(?!["'\\]).)*)\1/g, `${quote}$2${quote}`);
}

/** Errors that it raises by their name, itself or through what it calls, and those that its conversions are known for. */
function raisedBy(node: Node, module: PythonModule): string[] {
  const called = [...module.functions]
    .filter(([name]) => new RegExp(`(?<![\\w.])${name}\\(`).test(node.text()))
    .map(([, one]) => one);
  const all = [node, ...called.filter((one) => one.id() !== node.id())];
  const named = all
    .flatMap((one) => nodesOf(one, 'raise_statement'))
    .flatMap((one) => /^raise\s+(\w+)\b/.exec(one.text())?.[1] ?? []);
  const text = all.map((one) => one.text()).join('\n');
  const known = [
    ...(/\b(int|float|Decimal|Fraction|unpack|fromisoformat|strptime|fromhex|chr)\(/.test(text) ? ['ValueError'] : []),
    ...(/[^/]\/[^/]|\/\/|[^%]% ?\w|divmod\(/.test(text) ? ['ZeroDivisionError'] : []),
  ];
  // Whatever goes wrong is an Exception.
  return [...new Set([...named, ...known])].filter((one) => !/^(Exception|BaseException)$/.test(one));
}
