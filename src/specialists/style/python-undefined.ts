/**
 * Names that nothing binds, where a change is judged: a fix that uses what it does not import would fail when it runs. Rule:
 * no finding by itself, as what binds a name may be out of sight; only what a change brings counts.
 */
import type { RuleImpl } from '../rule.ts';
import { ruffRule } from './ruff-rule.ts';

export const undefinedRules: readonly RuleImpl[] = [
  ruffRule({
    id: 'python/undefined-name',
    code: 'F821',
    severity: 'high',
    title: 'Bind the name before it is used',
    rationale:
      'A name that nothing binds fails with a NameError when the line runs. Programs that are handed names from outside are fine, so this is never reported of code as it stands: it speaks against a change, of this crew or of a model, that brings such a name. Builtins, names bound anywhere in an enclosing scope, and files with star imports are left alone.',
    message: 'Nothing binds this name.',
    fixable: false,
    judging: true,
    trigger: /\w/,
    example: { path: 'app/a.py', before: 'def key():\n    return os.environ["KEY"]\n' },
    lookAlikes: [
      { path: 'app/b.py', text: 'import os\n\n\ndef key():\n    return os.environ["KEY"]\n' },
      { path: 'app/c.py', text: 'def first():\n    return second()\n\n\ndef second():\n    return len([])\n' },
      { path: 'app/d.py', text: 'from app.names import *\n\n\ndef key():\n    return environ["KEY"]\n' },
    ],
  }),
];
