/**
 * Places where a lesson applies, as findings with edits. Rule: the same noise is kept from people as for every rule:
 * generated files, data of tests, lines with a suppression; what was taught in code says nothing of tests.
 */
import { isGenerated, isTestData } from '../../code/index.ts';
import { diagnosed } from '../diagnosed.ts';
import { fileSuppressed, lineSuppressed } from '../suppress.ts';
import type { Diagnosed, Rule, SourceFile } from '../types.ts';
import { siblingsIn } from './siblings.ts';
import type { Lesson } from './types.ts';

export const ruleOfLesson = ({ language }: Pick<Lesson, 'language'>): string => `${language}/taught`;
export const isTaught = (rule: string): boolean => /^\w+\/taught$/.test(rule);

/** Every place in `files` that needs what the commit `by` did. */
export async function taughtFindings(lesson: Lesson, by: string, files: readonly SourceFile[]): Promise<Diagnosed[]> {
  const rule = describeRule(lesson);
  const found: Diagnosed[] = [];
  for (const file of files) {
    if (file.language !== lesson.language || file.test !== lesson.tests || isTestData(file.path)) continue;
    if (isGenerated(file.path, file.text) || fileSuppressed(file.text, file.language, rule)) continue;
    const lines = file.text.split('\n');
    for (const { start, end, edits } of await siblingsIn(lesson, file.path, file.text)) {
      const message = `${lesson.new} instead of ${lesson.old}: ${by.slice(0, 12)} did so elsewhere`;
      const match = { start, end, message, edits };
      const one = diagnosed({ specialist: 'RefactorArchitect', rule, file, match });
      if (lineSuppressed(lines, one.finding.line, one.finding.end_line, file.language, rule)) continue;
      found.push({ ...one, taught: { by, print: lesson.print } });
    }
  }
  return found;
}

function describeRule(lesson: Lesson): Rule {
  return {
    id: ruleOfLesson(lesson),
    languages: [lesson.language],
    severity: 'medium',
    title: 'Do as a commit of this repository did elsewhere',
    rationale: 'A commit mended the same in another place.',
    fixable: true,
    example: { path: '', before: '' },
    lookAlikes: [],
  };
}
