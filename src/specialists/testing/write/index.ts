/**
 * Tests for functions that have none. Rule: what is asked and how the answers read is decided here, from text alone; the
 * answers come from runs of the base, and whether the test is worth anything is for those to say who can run it.
 */
import { isGenerated } from '../../../code/index.ts';
import { FOR_DEVELOPMENT } from '../../javascript-source.ts';
import { contextOf } from '../../one-file.ts';
import { readPython } from '../../python-source.ts';
import { Unanalysable } from '../../rule.ts';
import { parseTree } from '../../structural.ts';
import type { SourceFile } from '../../types.ts';
import { choose } from './choose.ts';
import { readScript } from './javascript-module.ts';
import { type Read, scriptProgram, sourcesOf } from './javascript-program.ts';
import { scriptSubjects } from './javascript-subject.ts';
import { fitsScript, scriptTest } from './javascript-text.ts';
import { lawsOf } from './laws.ts';
import { mannerOf } from './place.ts';
import { pythonProgram } from './python-program.ts';
import { readModule } from './python-pure.ts';
import { pythonSubjects } from './python-subject.ts';
import { fitsPython, pythonTest } from './python-text.ts';
import type { Answers, Chosen, Manner, Questions } from './types.ts';

export type { Answers, Chosen, Manner, Questions, Subject } from './types.ts';

export const writtenTests = {
  /** How a test of `path` is written here, or null. */
  mannerOf,
  questionsOf,
  /** What of the answers of several runs makes a test. @param threshold percent of a function's lines */
  choose(questions: Questions, runs: readonly Answers[], manner: Manner, threshold: number): Chosen[] {
    const fits = questions.language === 'python' ? fitsPython(manner) : fitsScript(manner);
    return choose(questions, runs, { threshold, fits });
  },
  /** The whole test file; null where they cannot be put into the one that is there. */
  textOf(chosen: readonly Chosen[], manner: Manner): string | null {
    if (chosen.length === 0) return null;
    return /^(pytest|unittest)$/.test(manner.runner) ? pythonTest(chosen, manner) : scriptTest(chosen, manner);
  },
};

/** What to ask of the functions of `file` that `wanted` names; null where there is nothing that can be asked. */
async function questionsOf(
  file: SourceFile,
  manner: Pick<Manner, 'quote'>,
  wanted: (name: string) => boolean,
  read: Read = async () => null,
): Promise<Questions | null> {
  if (FOR_DEVELOPMENT.test(file.path) || isGenerated(file.path, file.text)) return null;
  try {
    if (file.language !== 'python') return await scriptQuestions(file, manner, wanted, read);
    const { root, imports } = await readPython(contextOf(file));
    const module = readModule(root, imports);
    const all = module === null ? [] : pythonSubjects(module, manner.quote);
    const subjects = all.filter(({ name }) => wanted(name));
    if (subjects.length === 0) return null;
    const laws = lawsOf(all).filter(({ of }) => subjects.some(({ name }) => name === of));
    const { path, language } = file;
    return {
      ...{ path, language, subjects, laws },
      program: async () => pythonProgram(path, subjects, laws, manner.quote),
    };
  } catch (error) {
    if (error instanceof Unanalysable) return null;
    throw error;
  }
}

async function scriptQuestions(
  file: SourceFile,
  { quote }: Pick<Manner, 'quote'>,
  wanted: (name: string) => boolean,
  read: Read,
): Promise<Questions | null> {
  const { path, language, text } = file;
  const module = /\.[jt]sx$/.test(path) ? null : readScript(await parseTree(file));
  const all = module === null ? [] : scriptSubjects(module, quote);
  const subjects = all.filter(({ name }) => wanted(name));
  if (subjects.length === 0) return null;
  const laws = lawsOf(all).filter(
    (law) =>
      subjects.some(({ name }) => name === law.of) &&
      (!('undo' in law) || subjects.some(({ name }) => name === law.undo)),
  );
  return {
    ...{ path, language, subjects, laws },
    async program() {
      const sources = await sourcesOf(path, text, read);
      return sources === null ? null : scriptProgram({ path, subjects, laws, quote, sources });
    },
  };
}
