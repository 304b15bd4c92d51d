/**
 * Specialists of the repository that are programs. Rule: what one answers counts as a whole or not at all; one that crashes,
 * hangs or talks rubbish costs only itself, and is said.
 */
import ignore from 'ignore';
import { createTurns, digest } from '../../base/index.ts';
import { isGenerated, languageOf } from '../../code/index.ts';
import type { TreeEntry } from '../../git/index.ts';
import { vetPath } from '../../patch/index.ts';
import type { SpecialistName } from '../../records/index.ts';
import { type AnswerFile, custom, type Diagnosed, type ProgramAnswer, type Rule } from '../../specialists/index.ts';
import type { Crew } from '../open.ts';
import { orMissing } from '../sources.ts';
import { askProgram } from './program.ts';
import { wrongShape } from './shape.ts';

/** As the configuration declares it. */
export interface ProgramSpecialist {
  name: SpecialistName;
  command: string;
  /** Gitignore-like; empty: the source files that every specialist reads. */
  files: string[];
  /** Milliseconds. */
  timeout: number;
  settings: Readonly<Record<string, unknown>>;
}

export interface ProgramsReport {
  found: Diagnosed[];
  rules: Rule[];
  /** Who gave no answer, and why. */
  missing: Array<{ specialist: SpecialistName; paths: string[]; reason: string }>;
  /** Most files that one of them was shown. */
  files: number;
}

const TIMEOUT = 60;
/** Bytes of one file, and files of one question. */
const LARGEST = 1024 * 1024;
const MOST = 500;
/** Programs that run at the same time. */
const AT_ONCE = 2;

/** Those of `agents.enabled` that have a command, in that order. */
export function programsOf({ agents }: Crew['config']): ProgramSpecialist[] {
  return agents.enabled.flatMap((name) => {
    const settings = ((agents as Record<string, unknown>)[name] ?? {}) as Record<string, unknown>;
    const { command, files = [], timeout_seconds: seconds = TIMEOUT } = settings;
    if (typeof command !== 'string') return [];
    return [{ name, command, files: files as string[], timeout: Number(seconds) * 1000, settings }];
  });
}

/** Asks `programs` about `entries`; the same question is not put twice. */
export async function askSpecialists(
  crew: Crew,
  programs: readonly ProgramSpecialist[],
  entries: readonly TreeEntry[],
): Promise<ProgramsReport> {
  const turns = createTurns(AT_ONCE);
  const asked = await Promise.all(
    programs.map(async (program) => {
      const files = await filesFor(crew, program, entries);
      const batches = Array.from({ length: Math.ceil(files.length / MOST) }, (_, at) =>
        files.slice(at * MOST, (at + 1) * MOST),
      );
      return batches.map((batch) => {
        const said = turns.take(() => askOne(crew, program, batch));
        // One that is stopped before its turn is told by the first that is waited for.
        said.catch(() => {});
        return { program, batch, said };
      });
    }),
  );
  const report: ProgramsReport = { found: [], rules: [], missing: [], files: 0 };
  // In the order of the configuration, whoever answers first.
  for (const { program, batch, said } of asked.flat()) {
    const answer = await said;
    report.files = Math.max(report.files, batch.length);
    if (typeof answer === 'string')
      report.missing.push({ specialist: program.name, paths: batch.map(({ path }) => path), reason: answer });
    else {
      report.found.push(...answer.found);
      report.rules.push(...answer.rules);
    }
  }
  return report;
}

async function askOne(crew: Crew, program: ProgramSpecialist, files: readonly AnswerFile[]) {
  const { name, command, settings, timeout } = program;
  const shown = files.map(({ path, text }) => ({ path, text }));
  const request = { schema: 1, specialist: name, settings, files: shown };
  const { sandbox } = crew.config;
  const key = `program-${digest([crew.configuration, JSON.stringify(sandbox), JSON.stringify(request)], 32)}`;
  const known = (await crew.store.cache.get(key)) as ProgramAnswer | null | undefined;
  if (known !== null && known !== undefined) return custom.readAnswer(name, known, files);
  crew.log.progress(`${name} looks at ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
  const answer = await askProgram(crew, { command, request, files: shown, timeout });
  if (!answer.ok) return answer.reason;
  const wrong = await wrongShape('specialistAnswer', answer.value);
  if (wrong !== null) return `its answer is not what was asked for: ${wrong}`;
  const read = custom.readAnswer(name, answer.value as ProgramAnswer, files);
  if (typeof read === 'string') return `its answer cannot be: ${read}`;
  await crew.store.cache.put(key, answer.value);
  return read;
}

async function filesFor(
  crew: Crew,
  { files }: ProgramSpecialist,
  entries: readonly TreeEntry[],
): Promise<AnswerFile[]> {
  const wanted = files.length === 0 ? null : ignore().add(files);
  const isWanted = (path: string) => (wanted === null ? languageOf(path) !== null : wanted.ignores(path));
  const named = entries.filter(
    ({ path, mode }) =>
      mode.startsWith('100') && isWanted(path) && !/^\.ambient(\/|\.yml$)/.test(path) && vetPath(path) === null,
  );
  const read = await Promise.all(
    named.map(async ({ path, oid }) => {
      const bytes = await crew.repository.objects.blob(oid).catch(orMissing);
      const text = bytes === null || bytes.length > LARGEST ? null : textOf(bytes);
      return text === null || isGenerated(path, text) ? null : { path, blob: oid, text };
    }),
  );
  return read.filter((file) => file !== null).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Null: no text. */
function textOf(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
