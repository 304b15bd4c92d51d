/** What a Go file tests. Rule: a failure that is reported under a condition insists on the opposite of the condition. */
import type { SyntaxNode } from '../../code/index.ts';
import { argumentsOf, canonical, isLiteral } from './canonical.ts';
import type { FoundTest, Grammar } from './grammar.ts';
import { afterTheEnd } from './read-python.ts';
import { STRENGTH } from './reading.ts';
import { type Claim, claim, claimsOf, toleranceIn } from './truth.ts';

const OWNER = /^(t|b|f|tb|s|suite|c|T)(\.T\(\))?$/;

export const GO: Grammar = {
  functions: /^(function_declaration|method_declaration|func_literal)$/,
  conditions: /^(if_statement|expression_case|for_statement)$/,
  returns: /^return_statement$/,
  calls: /^call_expression$/,
  tests(root, path) {
    const found: FoundTest[] = [];
    if (!path.endsWith('_test.go')) return found;
    for (const node of root.below()) {
      const name = node.child('identifier', 'field_identifier')?.text ?? '';
      const collected =
        node.kind === 'function_declaration' &&
        /^(Test|Fuzz|Example|Benchmark)([^a-z]|$)/.test(name) &&
        name !== 'TestMain';
      if (collected || (node.kind === 'method_declaration' && /^Test[A-Z_]/.test(name)))
        found.push({ names: [name], node, body: node });
      if (node.kind !== 'call_expression' || !/(^|\.)Run$/.test(canonical(node.children[0]))) continue;
      const given = argumentsOf(node.child('argument_list'));
      const body = given.find(({ kind }) => kind === 'func_literal');
      if (body === undefined) continue;
      const above = [...node.above()].filter((one) => found.some((other) => other.node === one));
      const parent = found.find((other) => other.node === above[0]);
      found.push({ names: [...(parent?.names ?? []), canonical(given[0])], node, body });
    }
    return found;
  },
  functionName: (node) =>
    /^(function|method)_declaration$/.test(node.kind)
      ? (node.child('identifier', 'field_identifier')?.text ?? null)
      : null,
  claims(node) {
    if (node.kind !== 'call_expression') return null;
    const [owner = '', word = ''] = split(canonical(node.children[0]));
    const given = argumentsOf(node.child('argument_list'));
    if (OWNER.test(owner) && /^(Error|Fatal|Fail)(f|Now)?$/.test(word)) return reported(node);
    if (
      /^(assert|require|is|should|must|qt|check|expect|s|suite)(\.(Assert|Require)\(\))?$/.test(owner) ||
      /^(assert|require)$/.test(owner)
    )
      return library(word, given, canonical(node));
    const matched =
      /^(?:\w+\.)?(Expect|Eventually|Consistently|Ω|Assert)\((.*)\)\.(To|ToNot|NotTo|Should|ShouldNot|That)$/.exec(
        canonical(node.children[0]),
      );
    return matched ? [gomega(matched[2] ?? '', given[0], /Not/.test(matched[3] ?? ''))] : null;
  },
  dead(node, inside) {
    for (const above of node.above()) {
      if (above === inside) break;
      if (above.kind === 'if_statement' && /^(false|1==2|!true)$/.test(canonical(conditionOf(above))))
        return 'under a condition that never holds';
      if (above.kind === 'go_statement' && !/\.Wait\(|<-/.test(inside.text)) return 'nobody waits for it';
    }
    return afterTheEnd(node, inside, /^(return_statement)$/);
  },
  marker(node) {
    if (node.kind === 'call_expression') {
      const text = canonical(node.children[0]);
      if (/^(t|b|f|tb|s|suite)(\.T\(\))?\.Skip(f|Now)?$/.test(text)) return `Skip under ${conditionsAbove(node)}`;
      if (text === 'testing.Short') return text;
      if (/^(ginkgo\.)?Skip$/.test(text)) return 'Skip';
      return /^(ginkgo\.)?(X|P|F)(It|Describe|Context|Entry|Specify|When)$/.test(text) ? text : null;
    }
    if (node.kind === 'function_declaration' && node.child('identifier')?.text === 'TestMain') return 'TestMain';
    // A panic is a failure too.
    if (
      node.kind === 'defer_statement' &&
      /\brecover\(\)/.test(node.text) &&
      !/\b(Error|Fatal|panic|require|assert)/.test(node.text)
    )
      return 'recover';
    return null;
  },
  rows: (node) =>
    node.kind === 'literal_value' &&
    node.parent?.kind === 'composite_literal' &&
    /^(slice_type|map_type|implicit_length_array_type|array_type)$/.test(node.parent.children[0]?.kind ?? '')
      ? argumentsOf(node).length
      : 0,
  // Its own condition is what it insists on; a loop is over the cases.
  ownCondition: (node, assertion) => node.kind === 'for_statement' || node === nearestIf(assertion),
};

function split(callee: string): [string, string] {
  const at = callee.lastIndexOf('.');
  return at === -1 ? ['', callee] : [callee.slice(0, at), callee.slice(at + 1)];
}

function nearestIf(node: SyntaxNode): SyntaxNode | null {
  for (const above of node.above()) {
    if (above.kind === 'if_statement') return above;
    if (/^(func_literal|function_declaration|method_declaration)$/.test(above.kind)) return null;
  }
  return null;
}

export function conditionOf(statement: SyntaxNode): SyntaxNode | undefined {
  const body = statement.children.findIndex(({ kind }) => kind === 'block');
  return statement.children[body - 1];
}

function conditionsAbove(node: SyntaxNode): string {
  return [...node.above()]
    .filter(({ kind }) => kind === 'if_statement')
    .map((one) => canonical(conditionOf(one)))
    .join(' and ');
}

function reported(node: SyntaxNode): Claim[] {
  const statement = nearestIf(node);
  if (statement === null) return [claim('fails', STRENGTH.fails)];
  const otherwise = statement.children.findIndex(({ kind }) => kind === 'else');
  const inElse = otherwise !== -1 && (statement.children[otherwise]?.start ?? 0) < node.start;
  return claimsOf(conditionOf(statement), !inElse);
}

const LIBRARY: ReadonlyArray<[RegExp, number]> = [
  [/^(Same|EqualExportedValues|Exactly)f?$/, STRENGTH.exact],
  [/^(Equal|EqualValues|DeepEqual|JSONEq|YAMLEq|ElementsMatch|Equals)f?$/, STRENGTH.equal],
  [/^(Nil|Empty|Zero|NoError|NilError)f?$/, STRENGTH.nothing],
  [/^(InDelta|InEpsilon|WithinDuration)\w*$/, STRENGTH.close],
  [/^(Len|ErrorIs|ErrorAs|EqualError|PanicsWithValue|PanicsWithError|ErrorContains)f?$/, STRENGTH.size],
  [/^(Contains|Subset|HasPrefix)f?$/, STRENGTH.contains],
  [/^(Regexp)f?$/, STRENGTH.matches],
  [/^(Greater|Less|GreaterOrEqual|LessOrEqual|Positive|Negative)f?$/, STRENGTH.order],
  [/^(IsType|Implements|NotEqual|NotContains|False|NotSame|NotZero|NotEmpty)f?$/, STRENGTH.kind],
  [/^(Error|Panics|Err)f?$/, STRENGTH.anyError],
  [/^(NotNil)f?$/, STRENGTH.exists],
  [/^(Fail|FailNow)f?$/, STRENGTH.fails],
];

function library(word: string, given: readonly SyntaxNode[], text: string): Claim[] {
  const values = /^(t|b|tb|s\.T\(\)|suite\.T\(\)|T\(\))$/.test(canonical(given[0])) ? given.slice(1) : given;
  const [one, other] = values;
  if (/^(True|Assert|Check)f?$/.test(word)) return claimsOf(one);
  if (/^Falsef?$/.test(word)) return claimsOf(one, true);
  const strength = LIBRARY.find(([pattern]) => pattern.test(word))?.[1] ?? STRENGTH.contains;
  if (/^(NoErrorf?|Errorf?|Nilf?|NotNilf?|Emptyf?|Zerof?|Failf?|FailNowf?)$/.test(word) || other === undefined)
    return [claim(canonical(one) || text, strength)];
  const same = canonical(one) === canonical(other) && !canonical(one).includes('(');
  if ((isLiteral(one) && isLiteral(other)) || (same && strength > STRENGTH.differs))
    return [claim(text, STRENGTH.never)];
  const [subject, value] = isLiteral(one) ? [other, one] : [one, other];
  const delta = strength === STRENGTH.close ? Number(canonical(values[2])) : null;
  return [
    claim(canonical(subject), strength, {
      expected: isLiteral(value) ? canonical(value) : null,
      tolerance: delta === null || Number.isNaN(delta) ? toleranceIn(text) : delta,
    }),
  ];
}

function gomega(subject: string, matcher: SyntaxNode | undefined, negated: boolean): Claim {
  const text = canonical(matcher);
  const word = text.replace(/\(.*$/, '').split('.').at(-1) ?? '';
  const strengths: Record<string, number> = {
    ...{
      Equal: STRENGTH.equal,
      BeIdenticalTo: STRENGTH.exact,
      BeEquivalentTo: STRENGTH.loose,
      BeNil: STRENGTH.nothing,
      Succeed: STRENGTH.nothing,
    },
    ...{
      BeEmpty: STRENGTH.nothing,
      HaveLen: STRENGTH.size,
      MatchError: STRENGTH.error,
      HaveOccurred: STRENGTH.anyError,
      BeTrue: STRENGTH.equal,
      BeFalse: STRENGTH.equal,
    },
  };
  const strength = strengths[word] ?? STRENGTH.contains;
  if (/^(true|false|\d+)$/.test(subject)) return claim(subject, STRENGTH.never);
  if (negated)
    return claim(
      subject,
      word === 'HaveOccurred'
        ? STRENGTH.nothing
        : word === 'BeNil'
          ? STRENGTH.exists
          : Math.min(strength, STRENGTH.differs),
    );
  return claim(subject, strength, { expected: /\("|\(\d/.test(text) ? text : null });
}
