/**
 * Whole collections that are sorted or searched for one element. Rule: rewritten only where the same element, or the
 * same answer, comes out whatever the values are, errors included.
 */
import { readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { type Kind, mayRunOnPython2, mentions, type PythonValues, readValues } from './python-values.ts';
import { holdsAll } from './trigger.ts';

/**
 * The builtin that hands out the same element, or null. Sorting keeps the order of equal elements, also in reverse, so the
 * first one is the first of the least (or greatest), as min and max have it; the last one only where equals are the same.
 */
function extremeOf(index: string, keywords: ReadonlyMap<string, string>, plain: boolean): 'min' | 'max' | null {
  const reverse = keywords.get('reverse') ?? 'False';
  if (!/^(True|False)$/.test(reverse)) return null;
  if (index === '0') return reverse === 'True' ? 'max' : 'min';
  return plain && !keywords.has('key') ? (reverse === 'True' ? 'min' : 'max') : null;
}

/** Are the elements texts or whole numbers by an annotation, or by how the collection is made? */
function holdsPlain(over: Node): boolean {
  if (/\.split\(/.test(over.text()) && over.is('call')) return !/\.str\.split/.test(over.text());
  const scope = over.is('identifier') ? enclosing(over, ['function_definition']) : null;
  const parameter = scope
    ?.field('parameters')
    ?.namedChildren()
    .find((one) => one.is('typed_parameter') && one.child(0)?.text() === over.text());
  return /\[(str|int)(, \.\.\.)?\]$/.test(parameter?.field('type')?.text() ?? '');
}

const sortedForOne: RuleImpl = {
  id: 'python/sorted-for-one-element',
  languages: ['python'],
  severity: 'low',
  title: 'Take the least or greatest without sorting',
  rationale:
    'Sorting compares n log n times to hand out one end; `min` and `max` compare n times and copy nothing. The first element of a sorted collection is the one that `min` (or `max`, in reverse) hands out, among equal ones too; the last is so only for texts and whole numbers, and is reported for the rest. For nothing at all they raise ValueError where the index raised IndexError, so files that catch that are reported only. Expected: from a few times to tens of times faster as the collection grows; not measured in this program. Slices and other indexes are left alone.',
  fixable: true,
  aliases: ['FURB192'],
  trigger: holdsAll(/\bsorted\(/, /\)\s*\[\s*(?:0|-1)\s*\]/),
  example: {
    path: 'app/a.py',
    before: 'def first(text):\n    return sorted(text.split(","))[0]\n',
    after: 'def first(text):\n    return min(text.split(","))\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def first(names):\n    return sorted(names)[1]\n' },
    { path: 'app/c.py', text: 'def first(names):\n    return sorted(names)[:1]\n' },
    { path: 'app/d.py', text: 'def first(names):\n    names = sorted(names)\n    return names[0], names\n' },
    { path: 'app/e.py', text: 'def sorted(names):\n    return names\n\n\nx = sorted([1, 2])[0]\n' },
  ],
  async find(file, context) {
    const values = await readValues(context);
    if (!values.isBuiltin('sorted')) return [];
    return nodesOf(values.root, 'subscript').flatMap((node): Match[] => {
      const call = node.field('value');
      const index = node.fieldChildren('subscript');
      if (!call?.is('call') || call.field('function')?.text() !== 'sorted' || index.length !== 1) return [];
      if (!/^(0|-1)$/.test(index[0]?.text() ?? '') || node.parent()?.is('delete_statement')) return [];
      const [over, ...others] = call.field('arguments')?.namedChildren() ?? [];
      if (!over || /generator|splat|comment/.test(String(over.kind()))) return [];
      const keywords = new Map(
        others.map((one): [string, string] => [one.field('name')?.text() ?? '', one.field('value')?.text() ?? '']),
      );
      const known = others.every((one) => one.is('keyword_argument')) && !node.text().includes('#');
      const name = known ? extremeOf(index[0]?.text() ?? '', keywords, holdsPlain(over)) : null;
      const certain = name && values.isBuiltin(name) && !/\b(IndexError|LookupError)\b/.test(file.text);
      const key = keywords.get('key');
      const edits = certain ? [{ ...span(node), text: `${name}(${over.text()}${key ? `, key=${key}` : ''})` }] : [];
      return [{ ...span(node), message: 'The whole collection is sorted for one element.', edits }];
    });
  },
};

const HASHABLE: readonly Kind[] = ['str', 'int'];

/** Is the value certainly one that a set can look up? */
function isHashable(node: Node, { kindOf }: PythonValues, imports: ReadonlyMap<string, string>): boolean {
  const kind = kindOf(node);
  if (kind) return HASHABLE.includes(kind);
  const text = node.text();
  if (/^(sys\.platform|os\.name|sys\.byteorder)$/.test(text)) return imports.has(text.split('.')[0] ?? '');
  return node.is('identifier') && isLetterOfText(node, kindOf);
}

/** Is the name bound once, by a loop over a text or over numbers? */
function isLetterOfText(node: Node, kindOf: PythonValues['kindOf']): boolean {
  const scope = enclosing(node, ['function_definition', 'lambda', 'module']);
  const bound = (scope ? mentions(scope, node.text()) : []).filter((one) => {
    const parent = one.parent();
    return (
      /assignment|for_|pattern|param|named_expression|definition|global|import/.test(String(parent?.kind())) &&
      (parent?.field('left')?.id() === one.id() ||
        !/^(assignment|augmented_assignment|for_statement|for_in_clause)$/.test(String(parent?.kind())))
    );
  });
  const [loop, ...others] = bound.map((one) => one.parent());
  const kind = loop && /^for_/.test(String(loop.kind())) ? kindOf(loop.field('right')) : null;
  return others.length === 0 && (kind === 'str' || kind === 'range');
}

const constantMembership: RuleImpl = {
  id: 'python/constant-membership',
  python3: 'drop',
  languages: ['python'],
  severity: 'low',
  title: 'Look constants up in a set',
  rationale:
    'A list or tuple is compared element by element; a set of constants is built once when the file is compiled and looked up in one step. A set refuses values that cannot be hashed where a list says no, so it is rewritten only where the value that is looked for is plainly a text or an integer and the four or more elements are texts and integers. Expected: about 15 ns instead of 10 ns per element for values that are not there, nothing for those at the front; not measured in this program. Other values, names among the elements, and fewer than four are left alone.',
  fixable: true,
  taste: true,
  aliases: ['PLR6201'],
  trigger: /\bin\s*[[(]\s*["'\d-]/,
  example: {
    path: 'app/a.py',
    before: 'def is_image(name):\n    return name.lower() in ["png", "jpg", "gif", "webp"]\n',
    after: 'def is_image(name):\n    return name.lower() in {"png", "jpg", "gif", "webp"}\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def is_image(name):\n    return name in ["png", "jpg", "gif", "webp"]\n' },
    { path: 'app/c.py', text: 'def f(name: str):\n    return name in ["png", "jpg", "gif"]\n' },
    { path: 'app/d.py', text: 'def f(name: str):\n    return name in ["png", "jpg", "gif", OTHER]\n' },
    { path: 'app/e.py', text: 'for name in ["png", "jpg", "gif", "webp"]:\n    print(name.lower())\n' },
    { path: 'app/f.py', text: 'def f(name: list):\n    return name in ["png", "jpg", "gif", "webp"]\n' },
    { path: 'app/g.py', text: 'def f(frame):\n    return frame.name.str.lower() in ["a", "b", "c", "d"]\n' },
    { path: 'app/h.py', text: 'x = "a" in ("abcdefgh")\ny = "a" == b in ("a", "b", "c", "d")\n' },
  ],
  async find(file, context) {
    if (mayRunOnPython2(file, context)) return [];
    const values = await readValues(context);
    const { imports } = await readPython(context);
    return nodesOf(values.root, 'comparison_operator').flatMap((node): Match[] => {
      const [left, right, ...others] = node.namedChildren();
      if (
        !left ||
        !right ||
        others.length > 0 ||
        !/\bin$/.test(file.text.slice(span(left).end, span(right).start).trim())
      )
        return [];
      const elements = right.namedChildren();
      if (!(right.is('list') || right.is('tuple')) || elements.length < 4) return [];
      if (!elements.every(isTextOrInteger) || !isHashable(left, values, imports)) return [];
      const { start, end } = span(right);
      const edits = [
        { start, end: start + 1, text: '{' },
        { start: end - 1, end, text: '}' },
      ];
      return [{ ...span(node), message: 'Constants are compared one after the other.', edits }];
    });
  },
};

function isTextOrInteger(node: Node): boolean {
  return node.is('integer') || (node.is('string') && !/^[a-zA-Z]*[fFbB]/.test(node.text()));
}

export const extremeRules: readonly RuleImpl[] = [sortedForOne, constantMembership];
