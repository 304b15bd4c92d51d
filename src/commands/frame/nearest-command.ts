/** The answer to a command that does not exist. Rule: exit code 2, what was typed, and the next step. */
import { nearest } from '../../config/index.ts';

export function unknownCommand(word: string, known: readonly string[]): { message: string; hint: string } {
  const meant = nearest(word, known);
  const hint = meant === null ? 'run `git ambient --help` to see them all' : `did you mean \`git ambient ${meant}\`?`;
  return { message: `${JSON.stringify(word)} is no command of git ambient`, hint };
}
