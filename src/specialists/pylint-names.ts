/**
 * pylint's names for what our rules know by the codes of ruff, flake8 and bandit. Rule: a name that is not listed means
 * itself, so that a rule may carry it as an alias.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'unused-import': ['W0611', 'F401'],
  'unused-wildcard-import': ['W0614', 'F401'],
  'f-string-without-interpolation': ['W1309', 'F541'],
  'literal-comparison': ['R0123', 'F632'],
  'unnecessary-semicolon': ['W0301', 'E703'],
  'singleton-comparison': ['C0121', 'E711', 'E712'],
  'unneeded-not': ['C0113', 'C0117', 'E713', 'E714'],
  'unnecessary-negation': ['C0117', 'E713', 'E714'],
  'use-dict-literal': ['R1735', 'C408'],
  'use-list-literal': ['R1734', 'C408'],
  'anomalous-backslash-in-string': ['W1401', 'W605'],
  'unnecessary-pass': ['W0107', 'PIE790'],
  'useless-object-inheritance': ['R0205', 'UP004'],
  'super-with-arguments': ['R1725', 'UP008'],
  'redundant-u-string-prefix': ['W1406', 'UP025'],
  'superfluous-parens': ['C0325', 'UP034'],
  'deprecated-method': ['W1505', 'W4902', 'UP005'],
  'method-cache-max-size-none': ['W1518', 'UP033'],
  'wrong-import-order': ['C0411', 'I001'],
  'ungrouped-imports': ['C0412', 'I001'],
  'missing-docstring': ['C0111', 'D102', 'D103'],
  'missing-function-docstring': ['C0116', 'D102', 'D103'],
  'bad-classmethod-argument': ['C0202', 'N804'],
  'bad-staticmethod-argument': ['W0211', 'PLW0211'],
  'eval-used': ['W0123', 'S307'],
  'exec-used': ['W0122', 'S102'],
  'wrong-spelling-in-comment': ['C0401', 'codespell'],
  'wrong-spelling-in-docstring': ['C0402', 'codespell'],
  'consider-using-dict-comprehension': ['R1717', 'C402', 'C404'],
  'consider-using-set-comprehension': ['R1718', 'C401', 'C403'],
  'consider-using-generator': ['R1728', 'C419'],
  'use-a-generator': ['R1729', 'C419'],
  'unnecessary-comprehension': ['R1721', 'C416'],
  'consider-iterating-dictionary': ['C0201', 'PERF102'],
};

/** All names of what pylint calls `code`, by name or by number. */
export function pylintNames(code: string): readonly string[] {
  const isPylints = (one: string) => /^[CEFRW]\d{4}$/.test(one) && one === code;
  const found = Object.entries(NAMES).find(([name, codes]) => name === code || codes.some(isPylints));
  return [code, ...(found?.[1] ?? [])];
}
