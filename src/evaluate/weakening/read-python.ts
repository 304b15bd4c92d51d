/** What a Python file tests: pytest and unittest. Rule: a test counts only where a runner would collect it. */
import type { SyntaxNode } from '../../code/index.ts';
import { argumentsOf, canonical, isLiteral } from './canonical.ts';
import type { FoundTest, Grammar } from './grammar.ts';
import { STRENGTH } from './reading.ts';
import { type Claim, claim, claimsOf, comparison, toleranceIn } from './truth.ts';

export const PYTHON: Grammar = {
  functions: /^(function_definition|lambda)$/,
  conditions: /^(if_statement|elif_clause|while_statement|case_clause|conditional_expression)$/,
  returns: /^return_statement$/,
  calls: /^call$/,
  tests(root) {
    const found: FoundTest[] = [];
    const last = new Map<string, FoundTest>();
    for (const node of root.below()) {
      const name = node.kind === 'function_definition' ? (node.child('identifier')?.text ?? '') : '';
      if (!/^test/.test(name)) continue;
      const above = [...node.above()];
      if (above.some(({ kind }) => kind === 'function_definition')) continue;
      const classes = above.filter(({ kind }) => kind === 'class_definition').reverse();
      if (!classes.every(isCollected)) continue;
      const names = [...classes.map((one) => one.child('identifier')?.text ?? ''), name];
      const test: FoundTest = { names, node: decorated(node), body: node };
      // The last one of a name is the one that is there.
      const before = last.get(names.join('.'));
      if (before) before.hidden = true;
      last.set(names.join('.'), test);
      found.push(test);
    }
    return found;
  },
  functionName: (node) => (node.kind === 'function_definition' ? (node.child('identifier')?.text ?? null) : null),
  claims(node) {
    if (node.kind === 'assert_statement') return claimsOf(node.children[1]);
    if (node.kind !== 'call') return null;
    const callee = canonical(node.children[0]);
    const given = argumentsOf(node.child('argument_list', 'generator_expression'));
    const word = callee.split('.').at(-1) ?? '';
    if (/^(assert|fail)\w*$/.test(word) && callee.includes('.'))
      return [
        /^assertRaises/.test(word) && raisesItself(node)
          ? claim('raises', STRENGTH.never)
          : method(word, given, canonical(node)),
      ];
    if (/^(raises|warns|deprecated_call)$/.test(word))
      return [raisesItself(node) ? claim('raises', STRENGTH.never) : raising(given)];
    if (callee === 'pytest.fail') return [claim(callee, STRENGTH.fails)];
    return null;
  },
  dead(node, inside) {
    for (const above of node.above()) {
      if (above === inside) break;
      const [, second] = above.children;
      if (
        /^(if_statement|while_statement)$/.test(above.kind) &&
        isNever(second) &&
        !isWithin(node, above.child('else_clause', 'elif_clause'))
      )
        return 'under a condition that never holds';
      if (
        above.kind === 'try_statement' &&
        second !== undefined &&
        isWithin(node, above.child('block')) &&
        swallows(above)
      )
        return 'its failure is caught';
      if (
        above.kind === 'with_statement' &&
        isWithin(node, above.child('block')) &&
        /\b(suppress|raises|assertRaises)\(.*\b(AssertionError|Exception|BaseException)\b/.test(
          canonical(above.child('with_clause')),
        )
      )
        return 'its failure is caught';
    }
    if (isUnawaited(inside)) return 'nobody waits for it';
    return afterTheEnd(node, inside, /^(return_statement|raise_statement|continue_statement|break_statement)$/);
  },
  marker(node) {
    if (node.kind === 'decorator') {
      const text = canonical(node).slice(1);
      return /(^|[._])(skip\w*|xfail|expectedFailure|flaky|disabled?|ignore)\b/i.test(text) ? reasonless(text) : null;
    }
    if (node.kind === 'call' || node.kind === 'attribute' || node.kind === 'identifier') {
      const parent = node.parent;
      // The outermost node says it all.
      if (
        parent === null ||
        /^(attribute|decorator|import_from_statement|aliased_import|dotted_name|keyword_argument)$/.test(parent.kind)
      ) {
        if (!(parent?.kind === 'keyword_argument' && parent.children[2] === node)) return null;
      }
      if (parent?.kind === 'call' && parent.children[0] === node) return null;
      const text = canonical(node);
      return MARKS.test(text) ? reasonless(text) : null;
    }
    if (node.kind === 'assignment') {
      const text = canonical(node);
      if (/^(__test__=False|collect_ignore\w*=)/.test(text)) return text;
      const target = canonical(node.children[0]);
      return /(^|\.)test_\w+$/.test(target) && /\.|^test_/.test(target) && !isValue(node)
        ? `${target} is replaced`
        : null;
    }
    if (node.kind === 'delete_statement') return /\btest_|\bTest/i.test(node.text) ? canonical(node) : null;
    if (node.kind === 'function_definition') {
      const name = node.child('identifier')?.text ?? '';
      return /^(load_tests|pytest_\w+)$/.test(name) ? `${name}()` : null;
    }
    if (node.kind === 'if_statement' && node.parent?.kind === 'module' && hasTests(node))
      return `if ${canonical(node.children[1])}`;
    return null;
  },
  rows(node) {
    return node.kind === 'call' && /parametrize$/.test(canonical(node.children[0]))
      ? argumentsOf(argumentsOf(node.child('argument_list'))[1]).length
      : /^(list|tuple)$/.test(node.kind) && node.parent?.kind === 'for_statement'
        ? argumentsOf(node).length
        : 0;
  },
};

const MARKS =
  /^(\w+\.)*(mark\.(skip|skipif|xfail|flaky)\b|pytest\.(skip|xfail|importorskip|exit)\b|unittest\.(skip\w*|expectedFailure|SkipTest)\b|skipTest\()|^pytest\.(skip|xfail|importorskip|exit)\(|^(skip|skipif|skipIf|skipUnless|xfail|importorskip)\(|^SkipTest\b|^\w+\.SkipTest\b/;

/** `skip("words")` and `skipif(x, reason="words")` without the words. */
function reasonless(text: string): string {
  return text
    .replace(/,?reason="[^"]*"/, '')
    .replace(/((?:skip|xfail|expectedFailure|SkipTest|skipTest|exit))\(("[^"]*")?\)$/, '$1')
    .replace(/,"[^"]*"\)$/, ')')
    .replace(/^(\w+\.)*(mark\.|pytest\.|unittest\.)/, '');
}

function isCollected(node: SyntaxNode): boolean {
  const name = node.child('identifier')?.text ?? '';
  const bases = argumentsOf(node.child('argument_list')).filter(
    (base) => !/^object$|^metaclass=/.test(canonical(base)),
  );
  return /^Test/.test(name) || bases.length > 0;
}

function decorated(node: SyntaxNode): SyntaxNode {
  return node.parent?.kind === 'decorated_definition' ? node.parent : node;
}

function isValue(assignment: SyntaxNode): boolean {
  // `test_data = [...]` at the top of a file is data.
  const [target, , value] = assignment.children;
  return target?.kind === 'identifier' && !/^(none|lambda|identifier)$/.test(value?.kind ?? '');
}

function hasTests(node: SyntaxNode): boolean {
  for (const inner of node.below())
    if (inner.kind === 'function_definition' && /^test/.test(inner.child('identifier')?.text ?? '')) return true;
  return false;
}

const METHODS: ReadonlyArray<[RegExp, number]> = [
  [/^assert(Is|IsNot)$/, STRENGTH.exact],
  [
    /^assert(Equals?|ListEqual|DictEqual|SetEqual|TupleEqual|MultiLineEqual|SequenceEqual|HTMLEqual|JSONEqual|QuerySetEqual|_array_equal|_frame_equal|_series_equal|_equal)$/,
    STRENGTH.equal,
  ],
  [/^assert(CountEqual|ItemsEqual)$/, STRENGTH.snapshot],
  [/^assertIsNone$/, STRENGTH.nothing],
  [/^assert(AlmostEquals?|_allclose|_almost_equal|_array_almost_equal|_approx_equal)$/, STRENGTH.close],
  [/^assert_(called_once_with|awaited_once_with|has_calls|not_called|not_awaited)$/, STRENGTH.called],
  [/^assert_(called_with|awaited_with|any_call)$/, STRENGTH.called - 5],
  [/^assert_(called_once|awaited_once)$/, STRENGTH.size],
  [/^assert_(called|awaited)$/, STRENGTH.contains],
  [
    /^assert(In|DictContainsSubset|Contains|Regex|RegexpMatches|Logs|NumQueries|Redirects|TemplateUsed)$/,
    STRENGTH.contains,
  ],
  [/^assert(Greater|Less)(Equal)?$/, STRENGTH.order],
  [/^assert(NotEquals?|NotIn|IsNotInstance|NotAlmostEqual|NotRegex|False|IsInstance|NoLogs)$/, STRENGTH.falsy],
  [/^assert(IsNotNone)$/, STRENGTH.exists],
  [/^fail$/, STRENGTH.fails],
];

function method(word: string, given: SyntaxNode[], text: string): Claim {
  const [first, second] = given;
  if (/^assert(Raises|Warns)(Regexp?)?$/.test(word)) return raising(given, /Regex/.test(word));
  if (/^(assert_?(True)?_?|failUnless)$/.test(word))
    return claimsOf(first).sort((a, b) => a.strength - b.strength)[0] ?? claim(text, 0);
  if (word === 'assertFalse') return claimsOf(first, true).sort((a, b) => a.strength - b.strength)[0] ?? claim(text, 0);
  if (/^assert(Greater|Less)(Equal)?$/.test(word)) return comparison(first, /Greater/.test(word) ? '>' : '<', second);
  const strength = METHODS.find(([pattern]) => pattern.test(word))?.[1] ?? STRENGTH.contains;
  if (second === undefined) return claim(canonical(first) || text.replace(/\(.*$/, ''), strength);
  const same = canonical(first) === canonical(second) && !canonical(first).includes('(');
  if ((isLiteral(first) && isLiteral(second)) || (same && strength > STRENGTH.differs))
    return claim(text, STRENGTH.never);
  const [subject, value] = isLiteral(first) && !/In$/.test(word) ? [second, first] : [first, second];
  const none = /^assert(Equals?|Is)$/.test(word) && canonical(value) === 'None';
  const expected = isLiteral(value) ? canonical(value) : null;
  const places =
    given[2] !== undefined && strength === STRENGTH.close && isLiteral(given[2])
      ? 10 ** -Number(canonical(given[2]))
      : toleranceIn(text);
  return claim(canonical(subject), none ? STRENGTH.nothing : /ANY$/.test(canonical(value)) ? STRENGTH.any : strength, {
    expected,
    tolerance: strength === STRENGTH.close ? (places ?? 1e-7) : null,
  });
}

/** The wider the exception, the less is claimed; a pattern for its message claims more. */
function raising(given: readonly SyntaxNode[], pattern = false): Claim {
  const kinds = given.filter(({ kind }) => kind !== 'keyword_argument');
  const what = canonical(kinds[0]);
  const match = pattern
    ? canonical(kinds[1])
    : given
        .map(canonical)
        .find((text) => text.startsWith('match='))
        ?.slice(6);
  const width = (name: string) =>
    /^(BaseException|object)$/.test(name)
      ? 30
      : /^(Exception|StandardError)$/.test(name)
        ? 25
        : WIDE.test(name)
          ? 8
          : 0;
  const names = what.replace(/[()]/g, '').split(',').filter(Boolean);
  const loss = Math.max(0, ...names.map(width)) + 3 * Math.max(0, names.length - 1);
  const vague = match === undefined || /^r?"(\.\*)?"$/.test(match);
  return claim('raises', STRENGTH.error - loss + (vague ? 0 : 15), {
    expected: `${names.join(',')}${vague ? '' : ` ${match}`}`,
  });
}

const WIDE =
  /^(builtins\.)?(OSError|IOError|EnvironmentError|LookupError|ArithmeticError|RuntimeError|ValueError|Warning)$/;

function isNever(node: SyntaxNode | undefined): boolean {
  return (
    /^(False|0|None|""|not True|TYPE_CHECKING|typing\.TYPE_CHECKING|\[\]|\(\))$/.test(canonical(node)) ||
    /^(False and|0 and) /.test(canonical(node))
  );
}

function isWithin(node: SyntaxNode, outer: SyntaxNode | undefined): boolean {
  return outer !== undefined && outer.start <= node.start && node.end <= outer.end;
}

/** A coroutine in a class whose runner knows none. */
function isUnawaited(test: SyntaxNode): boolean {
  const owner = test.parent?.kind === 'decorated_definition' ? test.parent.parent?.parent : test.parent?.parent;
  if (test.children[0]?.kind !== 'async' || owner?.kind !== 'class_definition') return false;
  return (
    /\bTestCase\b/.test(canonical(owner.child('argument_list'))) &&
    !/Async/.test(canonical(owner.child('argument_list')))
  );
}

/** Is the error raised by the test itself? */
function raisesItself(call: SyntaxNode): boolean {
  const statement = [...call.above()].find(({ kind }) => kind === 'with_statement');
  return (
    statement?.child('block')?.children[0]?.kind === 'raise_statement' &&
    (statement.child('with_clause')?.end ?? 0) >= call.end
  );
}

/** A handler that catches what a failing assertion throws, and does not pass it on. */
function swallows(statement: SyntaxNode): boolean {
  return statement.children.some((clause) => {
    if (clause.kind !== 'except_clause' && clause.kind !== 'except_group_clause')
      return clause.kind === 'finally_clause' && /\breturn\b/.test(clause.text);
    const caught = clause.children
      .filter(({ kind }) => !/^(except|:|block|comment)$/.test(kind))
      .map(canonical)
      .join(' ');
    if (caught !== '' && !/\b(AssertionError|Exception|BaseException)\b/.test(caught)) return false;
    return !/\braise\b|\bfail\(|\bassert\b|\.assert\w+\(/.test(clause.child('block')?.text ?? '');
  });
}

/** A statement before it in its own block, or in one around it, that nothing gets past. */
export function afterTheEnd(node: SyntaxNode, inside: SyntaxNode, ends: RegExp): string | null {
  for (let place: SyntaxNode | null = node; place !== null && place !== inside; place = place.parent) {
    const siblings: readonly SyntaxNode[] = place.parent?.children ?? [];
    if (
      siblings
        .slice(0, siblings.indexOf(place))
        .some(
          ({ kind, children }) =>
            ends.test(kind) || (kind === 'expression_statement' && ends.test(children[0]?.kind ?? '')),
        )
    )
      return 'it is never reached';
  }
  return null;
}
