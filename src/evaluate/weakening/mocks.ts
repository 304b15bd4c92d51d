/** What a test puts something else in the place of. Rule: names alone; whether it is what is tested is asked elsewhere. */
import type { SyntaxNode } from '../../code/index.ts';
import { canonical } from './canonical.ts';

/** The last names of what a test puts something else in the place of. */
export function mockOf(node: SyntaxNode): string[] | null {
  if (/^assignment(_expression)?$/.test(node.kind)) return rebound(node);
  if (node.kind === 'variable_declarator')
    return isFunction(node.children.at(-1)) ? [canonical(node.children[0])] : null;
  if (!/^call(_expression)?$/.test(node.kind)) return null;
  const callee = canonical(node.children[0]);
  if (/(^|\.)(patch|patch\.object|setattr|setitem|patch\.dict)$/.test(callee)) {
    const names = [...canonical(node.child('argument_list')).matchAll(/"([\w.]+)"/g)].map(
      ([, name = '']) => name.split('.').at(-1) ?? '',
    );
    return names.slice(0, 1);
  }
  if (/^(jest|vi|sinon|mock|td|t\.mock)\.(mock|doMock|stub|replace|module|method)$/.test(callee))
    return [...canonical(node.child('arguments')).matchAll(/([\w$]+)(?=:|\(\)\{)|,"(\w+)"/g)].map(
      ([, key, name]) => key ?? name ?? '',
    );
  // A spy that answers by itself.
  const spied = /(?:^|\.)spyOn\([\w$.]+,"(\w+)"\)(\.\w+\(\))*\.mock(Return|Resolved|Rejected|Implementation)/.exec(
    callee,
  )?.[1];
  return spied === undefined ? null : [spied];
}

/** `shop.total = …`, `total = lambda …`; what a test keeps in itself is its own. */
function rebound(node: SyntaxNode): string[] | null {
  const [target, value] = [canonical(node.children[0]), node.children.at(-1)];
  const name = /^(?!self\.|this\.|cls\.)[\w$.]+\.([\w$]+)$/.exec(target)?.[1];
  if (name !== undefined) return [name];
  return isFunction(value) && /^[\w$]+$/.test(target) ? [target] : null;
}

function isFunction(node: SyntaxNode | undefined): boolean {
  return /^(lambda|arrow_function|function_expression)$/.test(node?.kind ?? '');
}
