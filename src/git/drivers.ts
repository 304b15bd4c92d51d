/**
 * The filters and merge drivers that the user has configured, each switched off. A `.gitattributes` in a candidate
 * chooses among them, so any call that reads one would otherwise run the user's programs on a stranger's content.
 */
import type { Switches } from './environment.ts';
import type { RunGit } from './types.ts';

export async function configuredDrivers(plain: RunGit): Promise<Switches> {
  const result = await plain(['config', '--null', '--name-only', '--get-regexp', '^(filter|merge)\\..*\\.'], {
    ok: [0, 1],
  });
  const names = new Set<string>();
  for (const key of result.stdout.toString().split('\0')) {
    const match = /^(filter|merge)\.(.*)\.[^.]*$/s.exec(key);
    if (match) names.add(`${match[1]}.${match[2]}`);
  }
  return [...names].flatMap((name) => (name.startsWith('filter.') ? filterOff(name) : mergeOff(name)));
}

const filterOff = (name: string): Switches => [
  [`${name}.clean`, ''],
  [`${name}.smudge`, ''],
  [`${name}.process`, ''],
  [`${name}.required`, 'false'],
];

/** A driver that always fails makes a conflict: a person merges such a file, never a guess. */
const mergeOff = (name: string): Switches => [[`${name}.driver`, 'false']];
