/**
 * The head of an extracted Python function. Rule: where its owners have annotations it has them too, word for word as they
 * stand there; where one is not written, nothing is extracted.
 */
import type { SyntaxNode } from '../../code/index.ts';

interface Taken {
  owners: readonly SyntaxNode[];
  inputs: readonly string[];
  outputs: readonly string[];
  /** Its last statement is a return. */
  returns: boolean;
  /** The statements. */
  body: string;
}

/** `(a, b)` or `(a: int, b: str) -> int`; null where a type is missing. */
export function signatureOf({ owners, inputs, outputs, returns, body }: Taken): string | null {
  if (!owners.some(isAnnotated)) return `(${inputs.join(', ')})`;
  const types = inputs.map((name) => (name === 'self' ? '' : typeOf(owners, name)));
  if (types.includes(null)) return null;
  const given = inputs.map((name, at) => (types[at] === '' ? name : `${name}: ${types[at]}`));
  const answer = returns ? same(owners.map(answerOf)) : madeType(inputs, outputs, types, body);
  return answer === null ? null : `(${given.join(', ')}) -> ${answer}`;
}

function isAnnotated(owner: SyntaxNode): boolean {
  return (
    answerOf(owner) !== null || (owner.child('parameters')?.children ?? []).some(({ kind }) => /^typed_/.test(kind))
  );
}

function answerOf(owner: SyntaxNode): string | null {
  return owner.child('type')?.text ?? null;
}

function typeOf(owners: readonly SyntaxNode[], name: string): string | null {
  return same(
    owners.map((owner) => {
      const typed = (owner.child('parameters')?.children ?? []).find(
        (one) => /^typed_/.test(one.kind) && one.child('identifier')?.text === name,
      );
      return typed?.child('type')?.text ?? null;
    }),
  );
}

function madeType(
  inputs: readonly string[],
  outputs: readonly string[],
  types: ReadonlyArray<string | null>,
  body: string,
): string | null {
  const [output, ...more] = outputs;
  if (output === undefined) return 'None';
  if (more.length > 0) return null;
  const declared = new RegExp(`^\\s*${output}: ([^=\\n]+?) =`, 'm').exec(body)?.[1];
  return declared ?? types[inputs.indexOf(output)] ?? null;
}

function same(texts: ReadonlyArray<string | null>): string | null {
  const [first = null] = texts;
  return texts.every((text) => text === first) ? first : null;
}
