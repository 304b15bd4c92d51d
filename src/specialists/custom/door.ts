/** What the crew needs of the repository's own rules and programs. Rule: nothing here loads an analyser. */
import { readAnswer } from './answer.ts';
import type { CustomSettings } from './index.ts';
import { readRules } from './rule-file.ts';

export const custom = {
  readRules,
  readAnswer,
  /** What `CustomRules` is handed as its settings. */
  settings: (settings: CustomSettings) => settings as unknown as Readonly<Record<string, unknown>>,
};
