/**
 * The labelled corpora: files with marks on their lines, and what our specialists make of them. Rule: a finding on a line
 * that no mark of its domain calls a defect is a wrong finding, whatever it says.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffLines } from 'diff';
import { isTestPath, languageOf } from '../../src/code/index.ts';
import {
  type Conventions,
  type Diagnosed,
  embedded,
  loadSpecialist,
  type SourceFile,
} from '../../src/specialists/index.ts';
import { type Domain, kinds } from '../corpora/kinds.ts';

export const corporaDirectory = fileURLToPath(new URL('../corpora', import.meta.url));

/** Blob of every corpus file: edits count in its bytes. */
const BLOB = '0'.repeat(40);
const CONVENTIONS: Conventions = { python: [3, 9], esm: true, oldestNode: 20, tools: [], ignoredRules: [] };
const SPECIALIST: Record<Domain, string> = {
  security: 'SecurityGuardian',
  performance: 'PerformanceOptimizer',
  style: 'StyleEnforcer',
  refactor: 'RefactorArchitect',
  testing: 'TestEnhancer',
};

export interface Mark {
  line: number;
  kind: string;
  /** True: nothing is wrong here. */
  fine: boolean;
  /** Is an edit expected? */
  fix: boolean;
}

export interface CorpusFile {
  corpus: string;
  source: SourceFile;
  marks: readonly Mark[];
}

export interface Defect {
  file: CorpusFile;
  mark: Mark;
  domain: Domain;
  /** What was found there by a rule of the domain; none = missed. */
  by: readonly Diagnosed[];
}

export interface Measured {
  defects: readonly Defect[];
  /** Marked as fine, and whether something was found there all the same. */
  lookAlikes: ReadonlyArray<{ file: CorpusFile; mark: Mark; domain: Domain; found: boolean }>;
  /** Findings where nothing is wrong. */
  wrong: ReadonlyArray<{ file: CorpusFile; one: Diagnosed }>;
  found: ReadonlyMap<CorpusFile, readonly Diagnosed[]>;
  skipped: ReadonlyArray<{ path: string; reason: string }>;
  conventions: Conventions;
}

export interface Figures {
  domains: Record<Domain, { all: number; found: number; fixed: number; alike: number; wrong: number }>;
  owasp: { recall: number; classes: Record<string, { all: number; found: number }> };
  /** Share of the found defects for which an edit is offered. */
  fixed: number;
  /** Share of all findings that are wrong. */
  wrong: number;
}

/** Counts; domains whose specialist does not exist in this build count nowhere but in `domains`. */
export function figuresOf({ defects, lookAlikes, wrong, found }: Measured): Figures {
  const hit = defects.filter(({ by }) => by.length > 0);
  const hasEdit = ({ by }: Defect) => by.some(({ edits }) => edits.length > 0);
  const domains = Object.fromEntries(
    (Object.keys(SPECIALIST) as Domain[]).map((domain) => {
      const own = hit.filter((one) => one.domain === domain);
      return [
        domain,
        {
          all: defects.filter((one) => one.domain === domain).length,
          found: own.length,
          fixed: own.filter(hasEdit).length,
          alike: lookAlikes.filter((one) => one.domain === domain).length,
          wrong: wrong.filter(({ one }) => one.finding.specialist === SPECIALIST[domain]).length,
        },
      ];
    }),
  ) as Figures['domains'];
  const classes: Figures['owasp']['classes'] = {};
  for (const { mark, by } of defects) {
    const name = kinds[mark.kind]?.owasp;
    if (!name) continue;
    classes[name] ??= { all: 0, found: 0 };
    classes[name].all += 1;
    if (by.length > 0) classes[name].found += 1;
  }
  const counted = Object.values(classes);
  const sum = (of: (one: { all: number; found: number }) => number) =>
    counted.reduce((total, one) => total + of(one), 0);
  return {
    domains,
    owasp: { recall: sum((one) => one.found) / sum((one) => one.all), classes },
    fixed: hit.filter(hasEdit).length / hit.length,
    wrong: wrong.length / [...found.values()].flat().length,
  };
}

export function readCorpora(): CorpusFile[] {
  const names = readdirSync(corporaDirectory).filter((name) => name.endsWith('.txt'));
  return names.sort().flatMap((name) => {
    const [, ...parts] = readFileSync(join(corporaDirectory, name), 'utf8').split(/^=== (?=\S)/m);
    return parts.map((part) => readPart(name.replace(/\.txt$/, ''), part));
  });
}

function readPart(corpus: string, part: string): CorpusFile {
  const [path = '', ...lines] = part.trimEnd().split('\n');
  const language = languageOf(path);
  if (!language) throw new Error(`no language for ${path}`);
  const marks: Mark[] = [];
  const text = lines.map((line, at) => {
    const [code = '', ...notes] = line.split(/\s*⟵ /);
    for (const note of notes) {
      const fine = note.startsWith('fine ');
      const kind = note.replace(/^fine /, '').replace(/!$/, '');
      if (!Object.hasOwn(kinds, kind)) throw new Error(`${path}:${at + 1}: no kind "${kind}"`);
      marks.push({ line: at + 1, kind, fine, fix: note.endsWith('!') });
    }
    return code;
  });
  const source = { path, blob: BLOB, text: `${text.join('\n')}\n`, language, test: isTestPath(path) };
  return { corpus, source, marks };
}

/** Runs every specialist that exists over every file once. */
export async function measureCorpora(files: readonly CorpusFile[]): Promise<Measured> {
  const found = new Map<CorpusFile, Diagnosed[]>(files.map((file) => [file, []]));
  const skipped: Array<{ path: string; reason: string }> = [];
  const byPath = new Map(files.map((file) => [file.source.path, file]));
  if (byPath.size < files.length) throw new Error('two files of the corpora have the same path');
  const sources = files.map((file) => file.source);
  for (const specialist of await Promise.all(embedded.map(loadSpecialist))) {
    const options = { conventions: CONVENTIONS, settings: {}, uncapped: true };
    const diagnosis = await specialist.diagnose(sources, options);
    for (const one of diagnosis.found) found.get(byPath.get(one.finding.path) as CorpusFile)?.push(one);
    skipped.push(...diagnosis.skipped);
  }
  const marked = files.flatMap((file) => file.marks.map((mark) => ({ file, mark, domain: domainOf(mark) })));
  const here = (file: CorpusFile, mark: Mark) => (found.get(file) ?? []).filter((one) => speaksOf(one, mark));
  const all = [...found].flatMap(([file, ones]) => ones.map((one) => ({ file, one })));
  return {
    found,
    skipped,
    conventions: CONVENTIONS,
    defects: marked
      .filter(({ mark }) => !mark.fine)
      .map((defect) => ({ ...defect, by: here(defect.file, defect.mark) })),
    lookAlikes: marked
      .filter(({ mark }) => mark.fine)
      .map((alike) => ({ ...alike, found: here(alike.file, alike.mark).length > 0 })),
    wrong: all.filter(({ file, one }) => !file.marks.some((mark) => !mark.fine && speaksOf(one, mark))),
  };
}

/** Which specialists exist in this build, as domains. */
export function coveredDomains(): Domain[] {
  return (Object.keys(SPECIALIST) as Domain[]).filter((domain) => embedded.some((name) => name === SPECIALIST[domain]));
}

export function domainOf(mark: Mark): Domain {
  return kinds[mark.kind]?.domain ?? 'security';
}

/** Is the finding about the mark: in its line, from its domain, and of its weakness class where it names one? */
function speaksOf({ finding }: Diagnosed, mark: Mark): boolean {
  const kind = kinds[mark.kind];
  if (!kind || mark.line < finding.line || mark.line > finding.end_line) return false;
  if (kind.rules) return kind.rules.test(finding.rule);
  if (finding.specialist !== SPECIALIST[kind.domain]) return false;
  return !kind.cwe || !finding.cwe || kind.cwe.includes(finding.cwe);
}

/** The file after the edits of these findings; identical edits count once, one that overlaps an earlier one is left out. */
export function mended(source: SourceFile, found: readonly Diagnosed[]): string {
  let bytes = Buffer.from(source.text);
  let taken = bytes.length + 1;
  const edits = [...new Map(found.flatMap(({ edits }) => edits).map((edit) => [JSON.stringify(edit), edit])).values()];
  for (const edit of edits.sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (edit.end > taken) continue;
    bytes = Buffer.concat([bytes.subarray(0, edit.start), Buffer.from(edit.text), bytes.subarray(edit.end)]);
    taken = edit.start;
  }
  return bytes.toString();
}

/** The lines that the fixes take and give, under the name of the file; empty when nothing changes. */
export function linesChanged(source: SourceFile, found: readonly Diagnosed[]): string {
  const after = mended(source, found);
  if (after === source.text) return '';
  const lines = diffLines(source.text, after).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : null;
    return sign
      ? value
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${sign}${line}\n`)
      : [];
  });
  return `=== ${source.path}\n${lines.join('')}`;
}
