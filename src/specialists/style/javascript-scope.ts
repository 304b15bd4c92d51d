/**
 * Two rules that ask ESLint's scope analysis what its own rules do not answer. Rule: in doubt a name is used, and a
 * `var` is hoisted.
 */
import { isBuiltin } from 'node:module';
import type { Rule, Scope, SourceCode } from 'eslint';
import type { Expression, ImportDeclaration, ImportSpecifier, Node, VariableDeclaration } from 'estree';

type Specifier = ImportDeclaration['specifiers'][number];
type Range = [number, number];
const rangeOf = (node: object): Range => (node as { range: Range }).range;

/** Names that a JSX compiler may need without their being written. */
const JSX = /^(React|h|jsx|jsxs|Fragment|preact|Preact|createElement|m|dom)$/;

/** Import declarations some of whose names are used nowhere, not even in a comment. */
export const unusedImport: Rule.RuleModule = {
  meta: { type: 'suggestion', fixable: 'code' },
  create(context) {
    const { sourceCode } = context;
    const comments = sourceCode.getAllComments();
    const jsx = /<[A-Za-z>]/.test(sourceCode.text);
    return {
      ImportDeclaration(node) {
        const unused = node.specifiers.filter((specifier) => {
          const name = specifier.local.name;
          const variables = sourceCode.getDeclaredVariables(specifier as unknown as Rule.Node);
          if (variables.length === 0 || variables.some((variable) => variable.references.length > 0)) return false;
          if (variables.some((variable) => variable.defs.length > 1) || (jsx && JSX.test(name))) return false;
          return !comments.some((comment) => mentions(comment.value, name));
        });
        if (unused.length === 0 || isGuarded(node, sourceCode)) return;
        const names = unused.map((specifier) => specifier.local.name).join(', ');
        const range = removal(node, unused, sourceCode);
        context.report({
          node,
          message: `${names} ${unused.length === 1 ? 'is' : 'are'} imported and never used.`,
          fix: range ? (fixer) => fixer.replaceTextRange(range.range, range.text) : null,
        });
      },
    };
  },
};

function mentions(comment: string, name: string): boolean {
  return new RegExp(`(^|[^\\w$])${name.replaceAll('$', '\\$')}([^\\w$]|$)`).test(comment);
}

/** A comment for a compiler or linter stands above: what it is about would be gone. */
function isGuarded(node: ImportDeclaration, sourceCode: SourceCode): boolean {
  return sourceCode
    .getCommentsBefore(node)
    .some((comment) => /@ts-|eslint-|biome-ignore|prettier-ignore|@jsx/.test(comment.value));
}

/**
 * What replaces the declaration. Null when it would go as a whole and the module may do something by being loaded: then
 * a person has to know.
 */
function removal(node: ImportDeclaration, unused: readonly Specifier[], sourceCode: SourceCode) {
  const whole = unused.length === node.specifiers.length;
  if (sourceCode.getCommentsInside(node).length > 0) return null;
  if (whole)
    return isInert(node) && !isLastOfModule(node, sourceCode) ? { range: lineOf(node, sourceCode), text: '' } : null;
  const kept = node.specifiers.filter((specifier) => !unused.includes(specifier));
  const named = kept.filter((specifier): specifier is ImportSpecifier => specifier.type === 'ImportSpecifier');
  const others = kept
    .filter((specifier) => specifier.type !== 'ImportSpecifier')
    .map((specifier) => sourceCode.getText(specifier as never));
  const wasNamed = node.specifiers.some((specifier) => specifier.type === 'ImportSpecifier');
  const first = node.specifiers[0];
  const from = sourceCode.getTokenBefore(node.source);
  const before = from && sourceCode.getTokenBefore(from);
  if (!first || !from || !before || from.value !== 'from') return null;
  const braces = wasNamed && named.length > 0 ? bracesWith(node, named, sourceCode) : '';
  const opening =
    first.type === 'ImportSpecifier'
      ? sourceCode.getTokenBefore(first as never)
      : sourceCode.getFirstToken(first as never);
  if (!opening) return null;
  const text = [...others, ...(braces ? [braces] : [])].join(', ');
  return { range: [rangeOf(opening)[0], rangeOf(before)[1]] as Range, text };
}

/** The braces with the kept names, in the layout that they had. */
function bracesWith(node: ImportDeclaration, kept: readonly ImportSpecifier[], sourceCode: SourceCode): string {
  const all = node.specifiers.filter((specifier) => specifier.type === 'ImportSpecifier');
  const [first, last] = [all[0], all.at(-1)];
  const open = first && sourceCode.getTokenBefore(first as never);
  const close = last && sourceCode.getTokenAfter(last as never, (token) => token.value === '}');
  if (!open || !close || !first || !last) return '';
  const { text } = sourceCode;
  const lead = text.slice(rangeOf(open)[0], rangeOf(first)[0]);
  const tail = text.slice(rangeOf(last)[1], rangeOf(close)[1]);
  const parts = kept.map((specifier) => sourceCode.getText(specifier as never));
  const gap = all[1] ? text.slice(rangeOf(first)[1], rangeOf(all[1])[0]) : ', ';
  return lead + parts.join(gap) + tail;
}

/** Types are erased, and Node's own modules do nothing by being loaded. */
function isInert(node: ImportDeclaration): boolean {
  const { importKind } = node as { importKind?: string };
  return importKind === 'type' || isBuiltin(String(node.source.value));
}

/** Without any import or export a file is a script, whose names are global. */
function isLastOfModule(node: ImportDeclaration, sourceCode: SourceCode): boolean {
  return !sourceCode.ast.body.some((other) => other !== node && /^(Import|Export)/.test(other.type));
}

/** The declaration with its line, when nothing else stands there. */
function lineOf(node: ImportDeclaration, sourceCode: SourceCode): Range {
  const [start, end] = rangeOf(node);
  const { text } = sourceCode;
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(end));
  const alone = start === 0 || /[\r\n]/.test(text.charAt(start - 1));
  return rest && alone ? [start, end + rest[0].length] : [start, end];
}

/** `var` declarations whose names are, or may be, touched before the declaration has run. */
export const hoistedVar: Rule.RuleModule = {
  meta: { type: 'problem' },
  create(context) {
    return {
      VariableDeclaration(node) {
        if (node.kind !== 'var') return;
        const variables = context.sourceCode.getDeclaredVariables(node);
        const exported = node.parent.type === 'ExportNamedDeclaration';
        const first =
          node.parent.type === 'Program' &&
          node.parent.body.slice(0, node.parent.body.indexOf(node)).every(runsNothing);
        if (exported || variables.some((variable) => mayBeEarly(variable, node, first)))
          context.report({ node, message: 'hoisted' });
      },
    };
  },
};

/** Does the statement run nothing of the file, so that no function has been called when the next one begins? */
function runsNothing(statement: Node): boolean {
  if (/^(FunctionDeclaration|TS(Interface|TypeAlias)Declaration|EmptyStatement)$/.test(statement.type)) return true;
  if (statement.type === 'ImportDeclaration') return !/^[./]/.test(String(statement.source.value));
  if (statement.type === 'ExpressionStatement') return statement.expression.type === 'Literal';
  if (statement.type === 'ExportNamedDeclaration')
    return !statement.source && (!statement.declaration || runsNothing(statement.declaration));
  return (
    statement.type === 'VariableDeclaration' &&
    statement.declarations.every(({ id, init }) => id.type === 'Identifier' && isInertValue(init))
  );
}

function isInertValue(value: Expression | null | undefined): boolean {
  if (!value || /^(Literal|Identifier|FunctionExpression|ArrowFunctionExpression)$/.test(value.type)) return true;
  if (value.type === 'ArrayExpression') return value.elements.length === 0;
  if (value.type === 'ObjectExpression') return value.properties.length === 0;
  if (value.type !== 'CallExpression' || value.callee.type !== 'Identifier' || value.callee.name !== 'require')
    return false;
  const [module] = value.arguments;
  return module?.type === 'Literal' && !/^[./]/.test(String(module.value));
}

function mayBeEarly(variable: Scope.Variable, declaration: VariableDeclaration, first: boolean): boolean {
  const [start] = rangeOf(declaration);
  return variable.references.some((reference) => {
    const inside = reference.from.variableScope !== variable.scope.variableScope;
    if (first && inside) return false;
    if (rangeOf(reference.identifier)[0] < start) return true;
    for (let scope: Scope.Scope | null = reference.from; scope && scope !== variable.scope; scope = scope.upper)
      if (scope.block.type === 'FunctionDeclaration') return true;
    return false;
  });
}
