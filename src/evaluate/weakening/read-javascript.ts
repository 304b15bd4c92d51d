/** What a JavaScript or TypeScript file tests, whatever the runner. Rule: a promise that nobody waits for asserts nothing. */
import type { SyntaxNode } from '../../code/index.ts';
import { argumentsOf, canonical, isLiteral, isString } from './canonical.ts';
import { expectation, insistence } from './claims-javascript.ts';
import type { Grammar } from './grammar.ts';
import { afterTheEnd } from './read-python.ts';
import { type Claim, claimsOf } from './truth.ts';

const FUNCTIONS = /^(function_declaration|function_expression|generator_function\w*|arrow_function|method_definition)$/;
const TEST = /^(it|test|specify|fit|xit|xtest|ftest|xspecify)$/;
const GROUP = /^[fx]?(describe|suite|context)$/;
const OFF = /^(skip|only|todo|fixme|fails|failing|skipIf|runIf|skipAll)$/;

export const JAVASCRIPT: Grammar = {
  functions: FUNCTIONS,
  conditions: /^(if_statement|ternary_expression|switch_case|while_statement)$/,
  returns: /^return_statement$/,
  calls: /^call_expression$/,
  tests(root) {
    const found = [];
    for (const node of root.below()) {
      const words = node.kind === 'call_expression' ? testWords(node) : null;
      if (words === null) continue;
      const given = argumentsOf(node.child('arguments'));
      const body = given.find(({ kind }) => FUNCTIONS.test(kind));
      if (body === undefined && !/\.(each|todo)\b/.test(words)) continue;
      const above = [...node.above()].filter((one) => one.kind === 'call_expression' && isNamed(one)).reverse();
      const names = [...above, node].map((one) => canonical(argumentsOf(one.child('arguments'))[0]));
      if (body !== undefined) found.push({ names, node, body });
    }
    return found;
  },
  functionName(node) {
    if (!FUNCTIONS.test(node.kind)) return null;
    if (/^(arrow_function|function_expression)$/.test(node.kind))
      return node.parent?.kind === 'variable_declarator' ? (node.parent.child('identifier')?.text ?? null) : null;
    return node.child('identifier', 'property_identifier')?.text ?? null;
  },
  claims(node) {
    if (node.kind === 'member_expression')
      return node.parent?.kind === 'expression_statement' ? expectation(node) : null;
    if (node.kind !== 'call_expression') return null;
    // expect(x) is part of what is claimed of it further out.
    if (isContinued(node)) return null;
    return expectation(node) ?? insistence(node, truths);
  },
  dead(node, inside) {
    for (const above of node.above()) {
      if (above === inside) break;
      const [, condition] = above.children;
      const otherwise = above.child('else_clause');
      if (
        /^(if_statement|while_statement)$/.test(above.kind) &&
        /^(false|0|null|""|!1|!true)\b/.test(canonical(condition)) &&
        !contains(otherwise, node)
      )
        return 'under a condition that never holds';
      if (above.kind === 'try_statement' && contains(above.child('statement_block'), node)) {
        const handler = above.child('catch_clause');
        if (
          handler !== undefined &&
          !/\b(throw|assert|expect|fail|reject|done)\b/.test(handler.child('statement_block')?.text ?? '')
        )
          return 'its failure is caught';
        if (/\breturn\b/.test(above.child('finally_clause')?.text ?? '')) return 'its failure is overridden';
      }
      if (
        above.kind === 'call_expression' &&
        /\.catch\((\(\w*\)|\w+)?(=>|function)/.test(canonical(above)) &&
        !/\b(throw|assert|expect|fail|done)\b/.test(canonical(argumentsOf(above.child('arguments'))[0])) &&
        canonical(above.children[0]).endsWith('.catch')
      )
        return 'its failure is caught';
    }
    for (const above of node.above()) {
      if (above === inside) break;
      const callee = above.kind === 'call_expression' ? canonical(above.children[0]) : '';
      if (/\.(then|finally)$/.test(callee) && !isAwaited(above, inside) && !takesDone(inside))
        return 'nobody waits for it';
      if (/^\[\]\./.test(callee)) return 'it is never reached';
      const later =
        /^(setTimeout|setInterval|setImmediate|queueMicrotask|process\.nextTick)$/.test(callee) ||
        (/\.forEach$/.test(callee) && argumentsOf(above.child('arguments'))[0]?.children[0]?.kind === 'async');
      if (later && !isAwaited(above, inside) && !takesDone(inside) && !/\bnew Promise\b/.test(inside.text))
        return 'nobody waits for it';
    }
    if (isPromised(node) && !isAwaited(node, inside)) return 'nobody waits for it';
    return afterTheEnd(node, inside, /^(return_statement|throw_statement)$/);
  },
  marker(node) {
    if (node.kind === 'member_expression') {
      const [object, , property] = node.children;
      if (object === undefined || property === undefined || !OFF.test(property.text)) return null;
      // it = real.skip
      const name = node.parent?.kind === 'variable_declarator' ? (node.parent.children[0]?.text ?? '') : '';
      if (TEST.test(name) || GROUP.test(name)) return property.text;
      const root = canonical(object).replace(/\(.*$/, '').split('.');
      return root.some(
        (word) => TEST.test(word) || GROUP.test(word) || /^(t|ctx|this|testContext|Deno|QUnit|bench|each)$/.test(word),
      ) || isTested(node)
        ? property.text + conditionOf(node, property.text)
        : null;
    }
    if (node.kind === 'call_expression') {
      const callee = canonical(node.children[0]);
      if (/^(xit|xtest|xdescribe|xcontext|xspecify|fit|fdescribe|ftest|fcontext|pending)(\.each)?$/.test(callee))
        return /^f/.test(callee) ? 'only' : 'skip';
      if (/(^|\.)(retryTimes|retries)$/.test(callee)) return canonical(node);
      // A title and nothing else: to be done.
      const words = testWords(node);
      if (words !== null && TEST.test(words) && argumentsOf(node.child('arguments')).length === 1) return 'todo';
      return null;
    }
    if (/^(pair|shorthand_property_identifier)$/.test(node.kind)) {
      const text = canonical(node);
      if (!/^"?(skip|todo|only|retry|retries)"?(:|$)/.test(text) || /:false$/.test(text)) return null;
      const call = node.parent?.parent?.parent;
      return call?.kind === 'call_expression' && testWords(call) !== null ? text.replace(/:".*"$/, '') : null;
    }
    if (
      node.kind === 'if_statement' &&
      ![...node.above()].some((above) => FUNCTIONS.test(above.kind) && !isGroup(above.parent?.parent))
    )
      return holdsTests(node) ? `if ${canonical(node.children[1])}` : null;
    if (node.kind === 'assignment_expression' && TEST.test(canonical(node.children[0]))) return canonical(node);
    return null;
  },
  rows(node) {
    if (node.kind !== 'array') return 0;
    const outer = node.parent?.parent;
    const each = outer?.kind === 'call_expression' && /\.(each|for)$/.test(canonical(outer.children[0]));
    return each ||
      node.parent?.kind === 'for_in_statement' ||
      node.parent?.parent?.kind === 'lexical_declaration' ||
      /^\.?(forEach|map)$/.test(node.parent?.children[2]?.text ?? '')
      ? argumentsOf(node).length
      : 0;
  },
};

const truths = (node: SyntaxNode | undefined, negated: boolean): Claim[] => claimsOf(node, negated);

/** `it`, `test.each`, `t.test` …: what a call that makes a test is called by; null for any other. */
export function testWords(node: SyntaxNode): string | null {
  const given = argumentsOf(node.child('arguments'));
  const callee = canonical(node.children[0]).replace(/\.each(\(.*\)|`[\s\S]*`)$/, '.each');
  const words = callee.split('.');
  const title = given[0]?.kind ?? '';
  const titled = /^(string|template_string|identifier|binary_expression)$/.test(title);
  if (given.length === 0 || (!titled && !FUNCTIONS.test(title))) return null;
  const [first = '', ...rest] = words;
  if (TEST.test(first) && rest.every((word) => MODIFIER.test(word))) return callee;
  if (
    TEST.test(words.at(-1) ?? '') &&
    words.length > 1 &&
    /^(t|tap|Deno|QUnit|ctx|suite|self|\w*[tT]est\w*)$/.test(first)
  )
    return callee;
  if (/^(require\("(node:test|tape|ava|tap)"\)|await import\("node:test"\))/.test(callee)) return callee;
  // The registers of uvu, tape and ava have any name; so has one that a repository made itself.
  const lastKind = given.at(-1)?.kind ?? '';
  const made = titled && given.length > 1 && FUNCTIONS.test(lastKind) && title === 'string';
  return made &&
    words.length <= 2 &&
    !GROUP.test(first) &&
    !/^(on|once|get|post|put|use|step|command|option|then|addEventListener|addListener|set|define|before|after|mock|spyOn|replace|register|measure|log)/.test(
      words.at(-1) ?? '',
    )
    ? callee
    : null;
}

const MODIFIER =
  /^(each|only|skip|todo|concurrent|sequential|serial|failing|fails|fixme|for|skipIf\(.*\)|runIf\(.*\)|extend\(.*\)|before|after|step|slow)$/;

function isNamed(node: SyntaxNode): boolean {
  return isGroup(node) || testWords(node) !== null;
}

function isGroup(node: SyntaxNode | null | undefined): boolean {
  if (node?.kind !== 'call_expression') return false;
  return GROUP.test(canonical(node.children[0]).split('.')[0] ?? '') && argumentsOf(node.child('arguments')).length > 1;
}

/** Is it the callee of something with a title and a body? */
function isTested(node: SyntaxNode): boolean {
  const call = node.parent;
  const given =
    call?.kind === 'call_expression' && call.children[0] === node ? argumentsOf(call.child('arguments')) : [];
  return isString(given[0]) && given.some(({ kind }) => FUNCTIONS.test(kind));
}

function conditionOf(node: SyntaxNode, word: string): string {
  return /If$/.test(word) && node.parent?.kind === 'call_expression' ? canonical(node.parent.child('arguments')) : '';
}

function holdsTests(node: SyntaxNode): boolean {
  for (const inner of node.below())
    if (inner.kind === 'call_expression' && TEST.test(canonical(inner.children[0]).split('.')[0] ?? '')) return true;
  return false;
}

function contains(outer: SyntaxNode | undefined, node: SyntaxNode): boolean {
  return outer !== undefined && outer.start <= node.start && node.end <= outer.end;
}

/** Is there more of the chain: expect(x).not, x.should.be, a call of a call? */
function isContinued(node: SyntaxNode): boolean {
  const above = node.parent;
  if (above?.kind === 'call_expression') return above.children[0] === node;
  if (above?.kind !== 'member_expression') return false;
  const property = above.children[2]?.text ?? '';
  return !/^(then|catch|finally)$/.test(property);
}

/** Does the test say itself when it is over? */
function takesDone(test: SyntaxNode): boolean {
  return argumentsOf(test.child('formal_parameters')).length > 0 || test.children[0]?.kind === 'identifier';
}

function isPromised(node: SyntaxNode): boolean {
  return (
    /\.(resolves|rejects|eventually)\b|^(?:\w+\.)?(?:rejects|doesNotReject|throwsAsync|notThrowsAsync)\(/.test(
      canonical(node),
    ) && !isLiteral(node)
  );
}

function isAwaited(node: SyntaxNode, inside: SyntaxNode): boolean {
  for (const above of node.above()) {
    if (/^(await_expression|return_statement|variable_declarator|assignment_expression)$/.test(above.kind)) return true;
    if (above.kind === 'arrow_function') return above.children.at(-1)?.kind !== 'statement_block';
    if (above === inside || FUNCTIONS.test(above.kind)) return false;
    if (above.kind === 'array' || above.kind === 'arguments') return true;
  }
  return false;
}
