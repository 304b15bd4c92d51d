/**
 * A specialist made of rules. Rule: everything that keeps noise from people is decided here, once for every rule:
 * generated and vendored files, tests, suppressions, what the repository ignores, a cap per rule and file.
 */
import { createHash } from 'node:crypto';
import ignore, { type Ignore } from 'ignore';
import { AmbientError } from '../base/index.ts';
import { isGenerated, isTestData } from '../code/index.ts';
import type { SpecialistName } from '../records/index.ts';
import { diagnosed } from './diagnosed.ts';
import { FOR_DEVELOPMENT } from './javascript-source.ts';
import { pylintNames } from './pylint-names.ts';
import { type Match, type RuleContext, type RuleImpl, Unanalysable } from './rule.ts';
import { parseTree } from './structural.ts';
import { fileSuppressed, lineSuppressed } from './suppress.ts';
import type { Conventions, Diagnosed, DiagnoseOptions, Diagnosis, SourceFile, Specialist } from './types.ts';

/** Findings of one rule in one file; the rest wait until these are settled. */
const CAP = 20;

/** Makes a specialist that runs `rules` over each file by itself; one that `lints` stays out where linters are kept out. */
export function embeddedSpecialist(
  name: SpecialistName,
  rules: readonly RuleImpl[],
  { lints = false }: { lints?: boolean } = {},
): Specialist {
  return {
    name,
    rules,
    async diagnose(files, options) {
      const diagnosis: Diagnosis = { found: [], skipped: [] };
      const perRun = memo();
      const excluded = lints ? options.conventions.excluded : undefined;
      const python = patterns(excluded?.python ?? []);
      const javascript = patterns(excluded?.javascript ?? []);
      const generated = patterns(options.conventions.generated ?? []);
      const batch = files.filter((file) => !file.test && !generated.ignores(file.path) && reasonToSkip(file) === null);
      for (const file of files) {
        const left = file.language === 'python' ? python : javascript;
        const reason = generated.ignores(file.path)
          ? 'generated or vendored by .gitattributes'
          : left.ignores(file.path)
            ? 'excluded by the repository'
            : reasonToSkip(file);
        if (reason) {
          diagnosis.skipped.push({ path: file.path, reason });
          continue;
        }
        await diagnoseFile({ name, rules, file, batch, options, perRun, diagnosis });
      }
      return diagnosis;
    },
  };
}

/** The rule for what is delivered: examples, documentation and benchmarks repeat themselves and take their time on purpose. */
export function inProduct(rule: RuleImpl): RuleImpl {
  return {
    ...rule,
    find: (file, context) => (FOR_DEVELOPMENT.test(file.path) ? [] : rule.find(file, context)),
  };
}

interface FileRun {
  name: SpecialistName;
  rules: readonly RuleImpl[];
  file: SourceFile;
  batch: readonly SourceFile[];
  options: DiagnoseOptions;
  perRun: RuleContext['perRun'];
  diagnosis: Diagnosis;
}

async function diagnoseFile({ name, rules, file, batch, options, perRun, diagnosis }: FileRun): Promise<void> {
  const perFile = memo();
  const context: RuleContext = { options, batch, perRun, perFile, tree: () => perFile('tree', () => parseTree(file)) };
  const ignored = ignoredCodes(file.path, options.conventions);
  for (const rule of rules.filter((candidate) => applies(candidate, file, options, ignored))) {
    try {
      const matches = await rule.find(file, context);
      diagnosis.found.push(...settle({ specialist: name, rule, file, options }, matches));
    } catch (error) {
      if (error instanceof AmbientError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      const broken = error instanceof Unanalysable;
      diagnosis.skipped.push({ path: file.path, reason: broken ? message : `${rule.id} failed: ${message}` });
      if (broken) return;
    }
  }
}

function reasonToSkip(file: SourceFile): string | null {
  if (file.text.includes('\uFFFD') && !isExact(file)) return 'not UTF-8';
  if (isTestData(file.path)) return 'read by tests, not run';
  return isGenerated(file.path, file.text) ? 'generated, vendored or minified' : null;
}

/** Is the text the blob's? A replacement character may be meant, or stand for bytes that are not UTF-8. */
function isExact({ blob, text }: SourceFile): boolean {
  const hash = createHash(blob.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${Buffer.byteLength(text)}\0${text}`).digest('hex') === blob;
}

function ignoredCodes(path: string, conventions: Conventions): string[] {
  const here = (conventions.ignoredByPath ?? []).filter(({ pattern }) => patterns([pattern]).ignores(path));
  return [...conventions.ignoredRules, ...here.flatMap(({ rules }) => rules)].flatMap(pylintNames);
}

function patterns(lines: readonly string[]): Ignore {
  return ignore().add(lines.map((line) => line.replace(/^\.\//, '')));
}

function applies(rule: RuleImpl, file: SourceFile, options: DiagnoseOptions, ignored: readonly string[]): boolean {
  if (rule.judging && !options.judging) return false;
  const selected = options.conventions.selectedRules;
  if (!rule.languages.includes(file.language) || (file.test && !rule.tests)) return false;
  if (!rule.trigger.test(file.text) || fileSuppressed(file.text, file.language, rule)) return false;
  const names = [rule.id, ...(rule.aliases ?? [])];
  const covers = (code: string) => code === 'ALL' || names.some((name) => name === code || codeCovers(code, name));
  if (rule.taste && file.language === 'python' && selected && !selected.some(covers)) return false;
  return !ignored.some(covers);
}

/** `F` and `F4` cover `F401`; `S` does not cover `SIM102`. */
function codeCovers(prefix: string, code: string): boolean {
  return (
    /^[A-Z]+\d*$/.test(prefix) &&
    code.startsWith(prefix) &&
    (/\d$/.test(prefix) || /^\d/.test(code.slice(prefix.length)))
  );
}

interface Settling {
  specialist: SpecialistName;
  rule: RuleImpl;
  file: SourceFile;
  options: DiagnoseOptions;
}

/** Drops what is suppressed, caps, and offers no edit that overlaps an earlier one of the same rule. */
function settle({ specialist, rule, file, options }: Settling, matches: readonly Match[]): Diagnosed[] {
  const lines = file.text.split('\n');
  const settled: Diagnosed[] = [];
  const cap = options.uncapped ? Number.POSITIVE_INFINITY : CAP;
  const python3 = rule.python3 && options.conventions.python === null ? { python3: rule.python3 } : {};
  for (const match of matches.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const one = { ...diagnosed({ specialist, rule, file, match }), ...python3 };
    const { line, end_line } = one.finding;
    if (lineSuppressed(lines, line, end_line, file.language, rule)) continue;
    const taken = settled.flatMap((other) => other.edits);
    const overlaps = one.edits.some((edit) =>
      taken.some(
        (other) =>
          edit.start < other.end &&
          other.start < edit.end &&
          !(edit.start === other.start && edit.end === other.end && edit.text === other.text),
      ),
    );
    settled.push(overlaps ? { finding: { ...one.finding, fixable: false }, edits: [] } : one);
    if (settled.length === cap) break;
  }
  return settled;
}

function memo(): RuleContext['perFile'] {
  const made = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>) => {
    const known = made.get(key) as Promise<T> | undefined;
    const value = known ?? make();
    if (!known) made.set(key, value);
    return value;
  };
}
