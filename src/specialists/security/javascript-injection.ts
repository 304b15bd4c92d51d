// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Text that becomes code. Rule: report only, and only text that is put together at run time.
 */
import { argumentsOf, isLiteral, SCRIPT } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

const dynamicCode: RuleImpl = {
  id: 'javascript/dynamic-code',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-95',
  title: 'Do not run text as code',
  rationale:
    'Text that `eval` or `new Function` runs has every right of the program. Where the text comes from, and what could take its place, is not written here, so this is reported only. Literals, such as the usual feature tests, and methods that are merely called eval are left alone.',
  fixable: false,
  aliases: ['no-eval', 'no-new-func', 'security/detect-eval-with-expression', 'lint/security/noGlobalEval'],
  trigger: /\beval\s*\(|\bFunction\s*\(/,
  example: { path: 'src/rule.js', before: 'const check = new Function("order", `return ${rule.condition}`);\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'const root = new Function("return this")();\n' },
    { path: 'src/b.js', text: 'await page.$eval(selector, (node) => node.value);\nredis.eval(script, 1, key);\n' },
    { path: 'src/c.js', text: 'eval("1 + 1");\n' },
    {
      path: 'src/d.ts',
      text: 'function isFunction(x: unknown): x is Function {\n  return x instanceof Function;\n}\n',
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const nodes = [
      ...nodesOf(root, 'call_expression').filter((node) =>
        /^(eval|Function)$/.test(node.field('function')?.text() ?? ''),
      ),
      ...nodesOf(root, 'new_expression').filter((node) => node.field('constructor')?.text() === 'Function'),
    ];
    return nodes.flatMap((node): Match[] => {
      const args = argumentsOf(node);
      if (args.every(isLiteral)) return [];
      return [{ ...span(node), message: 'A text that is put together at run time is run as code.' }];
    });
  },
};

export const injectionRules: readonly RuleImpl[] = [dynamicCode];
