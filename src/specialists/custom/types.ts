/** A rule of the repository as it stands in its file. Rule: plain data, so that it can be handed to a worker. */
import type { Severity } from '../../records/index.ts';
import type { LanguageId } from '../types.ts';

/** A file of `.ambient/rules/`. */
export interface RuleText {
  path: string;
  text: string;
}

export interface Example {
  code: string;
  /** Decides the grammar: `example.py`, `example.tsx`. */
  path: string;
  /** `file:line`. */
  where: string;
}

export interface CustomRule {
  /** `custom/<id>`. */
  id: string;
  /** `file:line`. */
  where: string;
  languages: LanguageId[];
  /** Endings of the files that its patterns are written for: `.tsx` has a grammar of its own. */
  endings: string[];
  severity: Severity;
  title: string;
  message: string;
  rationale: string;
  cwe?: string;
  /** Tests are looked at too. */
  tests: boolean;
  /** Gitignore-like; empty: every file. */
  files: string[];
  ignores: string[];
  /** What the engine is asked, as ast-grep writes it. */
  engine: { rule: Record<string, unknown>; constraints?: Record<string, unknown>; utils?: Record<string, unknown> };
  /** Null: report only. */
  fix: string | null;
  valid: Example[];
  invalid: Array<Example & { fixed: string | null }>;
}

/** Why a rule is not used. */
export interface RefusedRule {
  /** `file:line`. */
  where: string;
  /** As its file says; null where it says none that can be read. */
  id: string | null;
  reason: string;
}
