/** What the assertions of JavaScript insist on: expect, chai, should, assert, ava, tap, uvu. Rule: an unknown one claims something. */
import type { SyntaxNode } from '../../code/index.ts';
import { argumentsOf, canonical, isLiteral } from './canonical.ts';
import { STRENGTH } from './reading.ts';
import { type Claim, claim, claimsOf, comparison } from './truth.ts';

const MATCHERS: ReadonlyArray<[RegExp, number]> = [
  [/^(toBe|toStrictEqual|equals?|is|toBeTrue|toBeFalse|true|false|deepStrictEqual|strictEqual)$/, STRENGTH.exact],
  [
    /^(toEqual|eqls?|deepEqual|deepEquals|same|strictSame|looseEqual|toMatchInlineSnapshot|toThrowErrorMatchingInlineSnapshot|eq)$/,
    STRENGTH.equal,
  ],
  [/^(toBeNull|toBeUndefined|null|undefined|toBeNaN|NaN|empty|toBeEmpty\w*)$/, STRENGTH.nothing],
  [
    /^(toMatchSnapshot|toThrowErrorMatchingSnapshot|snapshot|matchSnapshot|toMatchFileSnapshot|fixture)$/,
    STRENGTH.snapshot,
  ],
  [
    /^(toHaveBeenCalledExactlyOnceWith|toHaveBeenCalledWith|toHaveBeenLastCalledWith|toHaveBeenNthCalledWith|toBeCalledWith|lastCalledWith|calledWith\w*|calledOnceWith\w*|toHaveReturnedWith)$/,
    STRENGTH.called,
  ],
  [/^(toBeCloseTo|closeTo|approximately)$/, STRENGTH.close],
  [
    /^(toHaveLength|lengthOf|length|toHaveBeenCalledTimes|toBeCalledTimes|callCount|toHaveReturnedTimes|calledOnce|calledTwice|sizeOf)$/,
    STRENGTH.size,
  ],
  [
    /^(toMatchObject|toHaveProperty|property|members|keys|like|hasStrict|has|partialDeepStrictEqual|ownProperty)$/,
    STRENGTH.contains + 5,
  ],
  [
    /^(toContain|toContainEqual|includes?|contains?|string|toHaveBeenCalled|toBeCalled|called|toHaveReturned|toHaveClass|toHaveTextContent|toBeInTheDocument|toBeVisible|oneOf|toBeOneOf)$/,
    STRENGTH.contains,
  ],
  [/^(toMatch|match|regex|matches)$/, STRENGTH.matches],
  [
    /^(toBeGreaterThan(OrEqual)?|toBeLessThan(OrEqual)?|above|below|least|most|within|greaterThan|lessThan|gt|gte|lt|lte|atLeast|atMost)$/,
    STRENGTH.order,
  ],
  [/^(toBeInstanceOf|instanceof|instanceOf|instance|an?|type|typeOf|toBeTypeOf)$/, STRENGTH.kind],
  [/^(toBeFalsy|falsy|notOk|notok)$/, STRENGTH.falsy],
  [/^(toBeTruthy|truthy|ok|assert)$/, STRENGTH.truthy],
  [/^(toBeDefined|exist|exists|defined)$/, STRENGTH.exists],
  [/^(fail|unreachable)$/, STRENGTH.fails],
  [/^(plan|assertions|hasAssertions|pass|comment|end)$/, 5],
];
const THROWS = /^(toThrow|toThrowError|throws?|Throw|rejects|rejectedWith|throwsAsync|rejected)$/;

/** `expect(x)…`, `x.should…`; null for anything else. */
export function expectation(node: SyntaxNode): Claim[] | null {
  const chain = chainOf(node);
  const start = chain.findIndex(
    ({ word, call }) => /^(expect|expectTypeOf|assertType)$/.test(word) && call !== undefined,
  );
  const should = chain.findIndex(({ word }) => word === 'should');
  if (start !== 0 && should < 1) return null;
  const rest = chain.slice((start === 0 ? start : should) + 1);
  const about = start === 0 ? argumentsOf(chain[0]?.call)[0] : undefined;
  const subject = about
    ? canonical(about)
    : chain
        .slice(0, should)
        .map(({ word }) => word)
        .join('.');
  if (start === 0 && about === undefined) return [claim('expect', 5)];
  const negated = rest.some(({ word }) => word === 'not');
  const matcher = rest.findLast(({ word }) => known(word) !== null || THROWS.test(word)) ?? rest.at(-1);
  if (
    matcher === undefined ||
    (rest.every(
      ({ word, call }) => call === undefined && /^(not|to|be|resolves|rejects|and|have|been|deep)$/.test(word),
    ) &&
      start === 0)
  )
    return [claim(subject, STRENGTH.never)];
  // `expect(x).toBe` without its call does nothing; chai's properties do.
  if (matcher.call === undefined && /^to[A-Z]/.test(matcher.word)) return [claim(subject, STRENGTH.never)];
  const given = argumentsOf(matcher.call);
  if (THROWS.test(matcher.word) && !negated)
    return [/^(async )?\(?\)?=>\{?throw /.test(subject) ? claim('throws', STRENGTH.never) : throwing(given)];
  const says = canonical(given[0]);
  const aboutTruth =
    /^(toBeTruthy|ok|true|toBeTrue)$/.test(matcher.word) ||
    (/^(toBe|toEqual|toStrictEqual|equals?)$/.test(matcher.word) && says === 'true');
  if (
    aboutTruth &&
    !negated &&
    about !== undefined &&
    /^(binary_expression|unary_expression|parenthesized_expression)$/.test(about.kind)
  )
    return claimsOf(about);
  const bound = /^toBe(Greater|Less)Than(OrEqual)?$/.exec(matcher.word);
  if (bound && !negated && !isLiteral(about)) return [comparison(about, bound[1] === 'Greater' ? '>' : '<', given[0])];
  return [
    valued(
      subject,
      about,
      matcher.word,
      given,
      negated,
      rest.some(({ word }) => word === 'deep'),
    ),
  ];
}

function valued(
  subject: string,
  about: SyntaxNode | undefined,
  word: string,
  given: SyntaxNode[],
  negated: boolean,
  deep: boolean,
): Claim {
  const [value] = given;
  const text = canonical(value);
  const strength = known(word) ?? STRENGTH.contains;
  const constant = about !== undefined && isLiteral(about) && (given.length === 0 || isLiteral(value));
  if (constant || (about !== undefined && subject === text && !subject.includes('(') && strength >= STRENGTH.loose))
    return claim(subject, STRENGTH.never);
  if (negated)
    return claim(
      subject,
      /^(toBeNull|toBeUndefined|undefined|null|exist)$/.test(word) || /^(null|undefined)$/.test(text)
        ? STRENGTH.exists
        : Math.min(strength, STRENGTH.differs),
    );
  const loose = /\b(expect|sinon\.match)\.(anything|any)\b|asymmetricMatch/.test(text)
    ? STRENGTH.any
    : /\bexpect\.(objectContaining|arrayContaining|stringContaining|stringMatching)\b/.test(text)
      ? STRENGTH.contains
      : 100;
  const nothing = /^(null|undefined)$/.test(text) && strength >= STRENGTH.loose ? STRENGTH.nothing : 100;
  const size = /\.(length|size)$/.test(subject) && strength >= STRENGTH.loose ? STRENGTH.size : 100;
  const tolerance = strength === STRENGTH.close ? closeness(word, given) : null;
  // Of a number or a text there is nothing that a deep comparison could overlook.
  const primitive = /^(-?[\d._]+|"[^"]*"|true|false)$/.test(text);
  const equal =
    strength === STRENGTH.equal && primitive
      ? STRENGTH.exact
      : deep && strength === STRENGTH.exact && !primitive
        ? STRENGTH.equal
        : strength;
  const property = /^(toHaveProperty|property)$/.test(word) && given.length > 1 ? STRENGTH.close : equal;
  return claim(subject, Math.min(property, loose, nothing, size), {
    expected: given.length > 0 && isLiteral(value) ? text : null,
    tolerance,
  });
}

function closeness(word: string, given: readonly SyntaxNode[]): number {
  const number = Number(canonical(given[1]));
  if (/^toBeCloseTo$/.test(word)) return 10 ** -(given[1] === undefined || Number.isNaN(number) ? 2 : number);
  return Number.isNaN(number) ? 0 : number;
}

function throwing(given: readonly SyntaxNode[]): Claim {
  const text = canonical(given[0]);
  if (given.length === 0 || /^\/(\.\*)?\/$/.test(text)) return claim('throws', STRENGTH.anyError);
  return claim('throws', /^(Error|Object|""|undefined)$/.test(text) ? STRENGTH.error - 15 : STRENGTH.error, {
    expected: text,
  });
}

function known(word: string): number | null {
  return MATCHERS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

interface Link {
  word: string;
  /** Its arguments, where it is called. */
  call?: SyntaxNode | undefined;
}

/** `a.b(c).d` as a, b(c), d. */
function chainOf(node: SyntaxNode): Link[] {
  const links: Link[] = [];
  let call: SyntaxNode | undefined;
  for (let at: SyntaxNode | undefined = node; at !== undefined; ) {
    if (at.kind === 'call_expression') {
      call = at.child('arguments');
      at = at.children[0];
    } else if (at.kind === 'member_expression') {
      links.unshift({ word: at.children[2]?.text ?? '', call });
      call = undefined;
      at = at.children[0];
    } else {
      links.unshift({ word: canonical(at), call });
      return links;
    }
  }
  return links;
}

const STRICT =
  /\b(?:from|require\()\s*['"](?:node:)?assert\/strict['"]|\brequire\(\s*['"](?:node:)?assert['"]\s*\)\.strict|\{\s*strict as assert\s*\}/;

/** `assert…`, `t.is(…)`, `equal(…)`; null for anything else. */
export function insistence(
  node: SyntaxNode,
  truths: (node: SyntaxNode | undefined, negated: boolean) => Claim[],
): Claim[] | null {
  const words = canonical(node.children[0]).split('.');
  const [first = '', ...rest] = words;
  const given = argumentsOf(node.child('arguments'));
  const bare =
    /^(ok|equal|deepEqual|strictEqual|deepStrictEqual|notEqual|throws|rejects|should)$/.test(first) &&
    rest.length === 0;
  const owner = /^(assert|chai|t|tap|test|QUnit|sinon|a)$/.test(first);
  if (!bare && !owner && !/^(assert\w*|expect\w+|verify\w*|check[A-Z]\w*|should\w+)$/.test(words.at(-1) ?? ''))
    return null;
  if (
    owner &&
    first !== 'assert' &&
    !rest.some((word) => word === 'assert' || known(word) !== null || THROWS.test(word) || /^not/.test(word))
  )
    return null;
  const word = rest.at(-1) ?? first;
  const [one, other] = given;
  if (/^(assert|ok|true|truthy|isTrue|isOk)$/.test(word) && owner) {
    const claims = truths(one, false);
    return /^(true|isTrue)$/.test(word)
      ? claims.map((it) => (it.strength === STRENGTH.truthy ? { ...it, strength: STRENGTH.equal } : it))
      : claims;
  }
  if (/^(falsy|notOk|isFalse|isNotOk|not\.ok)$/.test(word)) return truths(one, true);
  if (THROWS.test(word) || (word === 'rejects' && rest.length > 0)) return [throwing(given.slice(1))];
  if (/^(not\w*|isNot|doesNot\w*|unlike)$/.test(word) || rest.includes('not'))
    return [claim(canonical(one), STRENGTH.differs)];
  if (/^(fail|unreachable|pass|plan|end|hasAssertions|assertions)$/.test(word))
    return [claim(word, known(word) ?? STRENGTH.fails)];
  const top = [...node.above()].at(-1);
  const strength =
    word === 'equal' && first === 'assert'
      ? STRICT.test(top?.text ?? '')
        ? STRENGTH.exact
        : STRENGTH.loose
      : word === 'deepEqual' && first === 'assert'
        ? STRICT.test(top?.text ?? '')
          ? STRENGTH.exact
          : STRENGTH.loose
        : (known(word.replace(/^is(?=[A-Z])/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())) ??
          known(word) ??
          STRENGTH.contains);
  if (other === undefined) return [claim(canonical(one) || word, strength)];
  const [subject, value] = isLiteral(one) && !isLiteral(other) ? [other, one] : [one, other];
  if (
    (isLiteral(one) && isLiteral(other)) ||
    (canonical(one) === canonical(other) && !canonical(one).includes('(') && strength >= STRENGTH.loose)
  )
    return [claim(canonical(one), STRENGTH.never)];
  const size = /\.(length|size)$/.test(canonical(subject)) && strength >= STRENGTH.loose ? STRENGTH.size : strength;
  const nothing = /^(null|undefined)$/.test(canonical(value)) && strength >= STRENGTH.loose ? STRENGTH.nothing : size;
  const kind = /^typeof /.test(canonical(subject)) ? STRENGTH.kind : nothing;
  return [
    claim(canonical(subject), kind, {
      expected: isLiteral(value) ? canonical(value) : null,
      tolerance: strength === STRENGTH.close ? Number(canonical(given[2])) || 0 : null,
    }),
  ];
}
