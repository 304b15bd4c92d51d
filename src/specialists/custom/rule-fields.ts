/** The keys of one rule. Rule: pure; the first thing that is wrong is said, with the line of the value that is wrong. */
import type { Severity } from '../../records/index.ts';
import type { LanguageId } from '../types.ts';
import { variablesIn } from './template.ts';
import type { CustomRule, Example } from './types.ts';

/** Where the value at a path of keys was written, as `file:line`. */
export type Where = (...keys: ReadonlyArray<string | number>) => string;

type Fields = Omit<CustomRule, 'where'>;
type Block = Record<string, unknown>;

const KEYS = [
  ...['id', 'language', 'severity', 'title', 'message', 'rationale', 'cwe', 'tests', 'files', 'ignores'],
  ...['rule', 'constraints', 'utils', 'fix', 'valid', 'invalid'],
];
/** Of ast-grep, and not obeyed here: a rule that rests on them would do something else. */
const FOREIGN = ['transform', 'rewriters', 'labels', 'note', 'url', 'metadata'];
const LANGUAGES: Readonly<Record<string, [LanguageId, ending: string]>> = {
  ...{ python: ['python', 'py'], py: ['python', 'py'] },
  ...{ javascript: ['javascript', 'js'], js: ['javascript', 'js'], jsx: ['javascript', 'js'] },
  ...{ typescript: ['typescript', 'ts'], ts: ['typescript', 'ts'], tsx: ['typescript', 'tsx'] },
};
const SEVERITIES: Readonly<Record<string, Severity>> = {
  ...{ low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  ...{ hint: 'low', info: 'low', warning: 'medium', error: 'high' },
};
const MOST_EXAMPLES = 50;

class Fault extends Error {
  readonly where: string;
  constructor(where: string, reason: string) {
    super(reason);
    this.where = where;
  }
}

/** Reads what one document says. */
export function readFields(said: Block, at: Where): Fields | { where: string; reason: string } {
  try {
    return fieldsOf(said, at);
  } catch (error) {
    if (error instanceof Fault) return { where: error.where, reason: error.message };
    throw error;
  }
}

function fieldsOf(said: Block, at: Where): Fields {
  const unknown = Object.keys(said).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new Fault(
      at(unknown),
      `${FOREIGN.includes(unknown) ? `${unknown} is not supported` : `unknown key ${unknown}`}`,
    );
  const id = textAt(said, at, 'id', 64);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) throw new Fault(at('id'), 'id must be small letters, digits and hyphens');
  const languages = languagesOf(said, at);
  const [first] = languages as [[LanguageId, string]];
  const title = said['title'] === undefined ? `Follow the rule ${id}`.slice(0, 60) : textAt(said, at, 'title', 60);
  const cwe = said['cwe'] === undefined ? {} : { cwe: textAt(said, at, 'cwe', 12) };
  if (cwe.cwe !== undefined && !/^CWE-\d+$/.test(cwe.cwe)) throw new Fault(at('cwe'), 'cwe must be as CWE-79');
  const engine = engineOf(said, at);
  const fix = fixOf(said, at, engine);
  return {
    id: `custom/${id}`,
    languages: [...new Set(languages.map(([language]) => language))],
    endings: [...new Set(languages.map(([, ending]) => ending))],
    severity: severityOf(said, at),
    title: title.replace(/\s+/g, ' '),
    message: textAt(said, at, 'message', 300).replace(/\s+/g, ' '),
    rationale: textAt(said, at, 'rationale', 2000),
    ...cwe,
    tests: said['tests'] === undefined ? false : booleanAt(said, at, 'tests'),
    files: patternsAt(said, at, 'files'),
    ignores: patternsAt(said, at, 'ignores'),
    ...{ engine, fix },
    valid: examplesAt(said, at, 'valid', first[1]).map(({ fixed, ...example }) => {
      if (fixed !== null) throw new Fault(example.where, 'a valid example has no `fixed`');
      return example;
    }),
    invalid: examplesAt(said, at, 'invalid', first[1]).map((example) => {
      if (fix !== null && example.fixed === null)
        throw new Fault(example.where, 'the rule has a fix, and this invalid example no `fixed`');
      if (fix === null && example.fixed !== null)
        throw new Fault(example.where, 'this example has `fixed`, and the rule no fix');
      return example;
    }),
  };
}

function textAt(said: Block, at: Where, key: string, most: number): string {
  const value = said[key];
  if (value === undefined) throw new Fault(at(), `${key} is missing`);
  if (typeof value !== 'string' || value.trim() === '') throw new Fault(at(key), `${key} must be text`);
  if (value.trim().length > most) throw new Fault(at(key), `${key} is longer than ${most} characters`);
  return value.trim();
}

function booleanAt(said: Block, at: Where, key: string): boolean {
  const value = said[key];
  if (typeof value !== 'boolean') throw new Fault(at(key), `${key} must be true or false`);
  return value;
}

function patternsAt(said: Block, at: Where, key: string): string[] {
  const value = said[key] ?? [];
  if (Array.isArray(value) && value.length <= 50 && value.every((one) => typeof one === 'string')) return value;
  throw new Fault(at(key), `${key} must be a list of patterns, as in .gitignore`);
}

function severityOf(said: Block, at: Where): Severity {
  const severity = SEVERITIES[textAt(said, at, 'severity', 20)];
  if (severity === undefined) throw new Fault(at('severity'), 'severity must be one of low, medium, high, critical');
  return severity;
}

function languagesOf(said: Block, at: Where): Array<[LanguageId, string]> {
  const value = said['language'];
  if (value === undefined) throw new Fault(at(), 'language is missing');
  const names: unknown[] = Array.isArray(value) ? value : [value];
  if (names.length === 0) throw new Fault(at('language'), 'language names none');
  return names.map((name) => languageNamed(name, at('language')));
}

function languageNamed(name: unknown, where: string): [LanguageId, string] {
  const language = typeof name === 'string' ? LANGUAGES[name.toLowerCase()] : undefined;
  if (language === undefined)
    throw new Fault(where, `${JSON.stringify(name)} is none of the languages python, javascript, typescript, tsx`);
  return language;
}

function engineOf(said: Block, at: Where): CustomRule['engine'] {
  const block = (key: string): Block => {
    const value = said[key];
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw new Fault(
        value === undefined ? at() : at(key),
        `${key} ${value === undefined ? 'is missing' : 'must be a block of keys'}`,
      );
    return value as Block;
  };
  return {
    rule: block('rule'),
    ...(said['constraints'] === undefined ? {} : { constraints: block('constraints') }),
    ...(said['utils'] === undefined ? {} : { utils: block('utils') }),
  };
}

function fixOf(said: Block, at: Where, engine: CustomRule['engine']): string | null {
  const { fix } = said;
  if (fix === undefined || fix === null) return null;
  if (typeof fix !== 'string') throw new Fault(at('fix'), 'fix must be text');
  const known = variablesIn(JSON.stringify(engine));
  const missing = variablesIn(fix).find((name) => !known.includes(name));
  if (missing !== undefined) throw new Fault(at('fix'), `fix names $${missing}, which no pattern of the rule does`);
  return fix;
}

function examplesAt(said: Block, at: Where, key: string, ending: string): Array<Example & { fixed: string | null }> {
  const value = said[key];
  if (!Array.isArray(value) || value.length === 0)
    throw new Fault(value === undefined ? at() : at(key), `${key} must list at least one example`);
  if (value.length > MOST_EXAMPLES) throw new Fault(at(key), `${key} lists more than ${MOST_EXAMPLES} examples`);
  return value.map((one: unknown, index) => {
    const where = at(key, index);
    if (typeof one === 'string') return { code: one, path: `example.${ending}`, where, fixed: null };
    const { code, fixed = null, language, ...rest } = (one ?? {}) as Block;
    const [odd] = Object.keys(rest);
    if (odd !== undefined) throw new Fault(where, `unknown key ${odd} in an example`);
    if (typeof code !== 'string') throw new Fault(where, 'an example is text, or {code, fixed}');
    if (fixed !== null && typeof fixed !== 'string') throw new Fault(where, 'fixed must be text');
    const own = language === undefined ? ending : languageNamed(language, where)[1];
    return { code, path: `example.${own}`, where, fixed };
  });
}
