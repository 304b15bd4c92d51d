/** What the crew needs of the repository's own rules and programs. Rule: nothing here loads an analyser. */
import { readClippy } from '../compiled/clippy.ts';
import { compiledFindings, formatFindings } from '../compiled/findings.ts';
import { readStaticcheck, readVet } from '../compiled/go-tools.ts';
import { adviseOn, indexAdvisories, isKnownBad, isLockFile } from '../dependencies/advise.ts';
import { npmLock } from '../dependencies/npm-lock.ts';
import { readAnswer } from './answer.ts';
import type { CustomSettings } from './index.ts';
import { readRules } from './rule-file.ts';

/** What is known of the versions that a repository pins. */
export const dependencies = { adviseOn, indexAdvisories, isKnownBad, isLockFile, npmLock };

/** What tools of Go and Rust said. */
export const compiled = { readClippy, readVet, readStaticcheck, compiledFindings, formatFindings };

export const custom = {
  readRules,
  readAnswer,
  /** What `CustomRules` is handed as its settings. */
  settings: (settings: CustomSettings) => settings as unknown as Readonly<Record<string, unknown>>,
};
