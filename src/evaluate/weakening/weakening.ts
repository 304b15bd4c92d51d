/**
 * Finds changes that make checks say less. Rule: on syntax trees and over the change as a whole: what the base tested,
 * asserted or let tools see must still be there somewhere; new tests and assertions are always welcome.
 */
import { editedConfiguration } from '../detect/check-configuration.ts';
import { isTestFile } from '../test-files.ts';
import type { Change } from '../types.ts';
import { compareTests, times } from './compare-tests.ts';
import type { Renamed } from './match-tests.ts';
import { type ReadFile, readFile } from './read-file.ts';
import type { Reading } from './reading.ts';
import { isEvidence } from './recorded.ts';
import { suppressionsAdded, suppressionsIn } from './suppressions.ts';
import { tricksAdded, tricksIn } from './tricks.ts';

/** Who made the change: what a person may do openly, a proposal that is judged by these checks may not. */
export type Maker = 'proposal' | 'person';

export interface Weakening {
  /** Why it is refused; empty when no check is weakened. */
  reasons: string[];
  /** Tests that go by another name now. */
  renamed: Renamed[];
  /** Files of tests that are not what they were: what they say of the program must be said by those of the base too. */
  edited: string[];
}

interface Sides {
  path: string;
  before: ReadFile | null;
  after: ReadFile | null;
}

/** Lists the reasons to refuse `changes` of a proposal; empty when no check is weakened. */
export async function weakening(changes: readonly Change[], maker: Maker = 'proposal'): Promise<string[]> {
  return (await inspect(changes, maker)).reasons;
}

/** Everything that the text of a change says about the checks. */
export async function inspect(changes: readonly Change[], maker: Maker): Promise<Weakening> {
  const strict = maker === 'proposal';
  const reasons: string[] = [];
  const sides: Sides[] = [];
  const edited: string[] = [];
  for (const { path, before, after } of changes) {
    if (before === after) continue;
    const settings = editedConfiguration(path, before, after, strict);
    if (settings !== null) {
      reasons.push(`edits ${settings}, which decides what checks do`);
      continue;
    }
    if (before !== null && isEvidence(path)) {
      if (strict || after === null) reasons.push(`edits ${path}, which tests compare with`);
      edited.push(path);
      continue;
    }
    const [old, now] = [await read(path, before), await read(path, after)];
    if (now === 'unreadable' && old !== 'unreadable') reasons.push(`${path} is too large to be read`);
    if (before !== null && isTestFile(path)) edited.push(path);
    const sound = { path, before: old === 'unreadable' ? null : old, after: now === 'unreadable' ? null : now };
    if (old !== 'unreadable' && now !== 'unreadable') sides.push(sound);
  }
  const compared = compareTests(readings(sides, 'before'), readings(sides, 'after'));
  reasons.push(...hidden(sides), ...tricks(sides, strict), ...compared.reasons);
  if (strict) reasons.push(...compared.other);
  for (const { from } of compared.renamed) if (!edited.includes(from.path)) edited.push(from.path);
  return { reasons, renamed: compared.renamed, edited };
}

function read(path: string, text: string | null) {
  return text === null ? null : readFile(path, text);
}

function readings(sides: readonly Sides[], side: 'before' | 'after'): Reading[] {
  return sides.flatMap((one) => one[side]?.reading ?? []);
}

function hidden(sides: readonly Sides[]): string[] {
  const all = (side: 'before' | 'after', own?: Sides) =>
    (own ? [own] : sides).flatMap((one) => (one[side] ? suppressionsIn(one[side].root, one[side].language) : []));
  const added = suppressionsAdded(all('before'), all('after'));
  if (added === 0) return [];
  const place = sides.find((one) => suppressionsAdded(all('before', one), all('after', one)) > 0) ?? sides[0];
  const noun = place?.after?.language === 'rust' ? 'attribute' : 'comment';
  return [`adds ${times(added, noun)} that hide${added === 1 ? 's' : ''} problems from a tool in ${place?.path ?? ''}`];
}

function tricks(sides: readonly Sides[], strict: boolean): string[] {
  const of = (side: 'before' | 'after', one: Sides) =>
    one[side] ? tricksIn(one[side].root, one[side].language, isTestFile(one.path), strict) : [];
  const old = sides.flatMap((one) => of('before', one));
  return sides.flatMap((one) => {
    const own = of('after', one);
    const added = tricksAdded(old, own);
    for (const trick of own) {
      const at = old.findIndex(({ what, text }) => what === trick.what && text === trick.text);
      if (at !== -1) old.splice(at, 1);
    }
    const exits = added.filter(({ what }) => what === 'exit with success').length;
    const others = [...new Set(added.map(({ what }) => what))].filter((what) => what !== 'exit with success');
    return [
      ...(exits > 0 ? [`adds ${times(exits, 'exit')} with success in ${one.path}`] : []),
      ...others.map((what) => `${what} in ${one.path}`),
    ];
  });
}
