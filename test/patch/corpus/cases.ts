/**
 * Sources → damaged patches with their truth. Rule: a case depends on the seed, the source and its class alone, so that
 * any of them can be made again by its name.
 */
import { applied, missing, movedBases, twins } from './bases.ts';
import { blanks, indentation } from './blanks.ts';
import { around, clean } from './clean.ts';
import { context } from './context.ts';
import { lastNewlines, lineEndings } from './endings.ts';
import { forms } from './forms.ts';
import { counts, files, starts } from './headers.ts';
import { attacks } from './hostile.ts';
import { type Damages, type Draft, openDraft, printDraft, type Source, type Tree } from './model.ts';
import { order } from './order.ts';
import { type Random, seeded } from './random.ts';
import { wholeFiles } from './whole-files.ts';

export const CLASSES = {
  a: ['clean', clean],
  b: ['fences and prose around', around],
  c: ['wrong or missing counts', counts],
  d: ['wrong or missing start lines', starts],
  e: ['prefixes and file headers', files],
  f: ['blanks and markers lost', blanks],
  g: ['tabs, spaces, indentation', indentation],
  h: ['context wrong, left out, invented', context],
  i: ['line endings', lineEndings],
  j: ['the last newline', lastNewlines],
  k: ['order, merged, split, repeated', order],
  l: ['creation, deletion, rename', wholeFiles],
  m: ['the base moved', movedBases],
  n: ['already applied', applied],
  o: ['the same block twice', twins],
  p: ['hostile', attacks],
  q: ['SEARCH/REPLACE, Begin Patch', forms],
  r: ['the target is not there', missing],
  x: ['three damages at once', {}],
} as const satisfies Record<string, readonly [string, Damages]>;
export type ClassName = keyof typeof CLASSES;
export const CLASS_NAMES = Object.keys(CLASSES) as ClassName[];

export interface Case {
  /** Class, kind and source: enough to make it again. */
  name: string;
  class: ClassName;
  kind: string;
  before: Tree;
  patch: Buffer;
  /** Null: it must be refused. */
  truth: Tree | null;
  decidable: boolean;
}

/** One case of each class for each source; the kinds of a class take turns. */
export function rotateCases(sources: readonly Source[], seed: string): Case[] {
  return sources.flatMap((source, at) =>
    CLASS_NAMES.flatMap((name) => {
      if (name === 'x') return combine(source, seed, 0) ?? [];
      const kinds = Object.keys(CLASSES[name][1]);
      for (let tried = 0; tried < kinds.length; tried += 1) {
        const found = makeCase(source, name, kinds[(at + tried) % kinds.length] as string, seed);
        if (found !== null) return [found];
      }
      return [];
    }),
  );
}

/** Every kind of every class for each source. */
export function allCases(sources: readonly Source[], seed: string): Case[] {
  return sources.flatMap((source) => [
    ...CLASS_NAMES.flatMap((name) =>
      Object.keys(CLASSES[name][1]).flatMap((kind) => makeCase(source, name, kind, seed) ?? []),
    ),
    ...[0, 1, 2, 3, 4, 5].flatMap((round) => combine(source, seed, round) ?? []),
  ]);
}

export function makeCase(source: Source, name: ClassName, kind: string, seed: string): Case | null {
  const damage = (CLASSES[name][1] as Damages)[kind];
  const draft = openDraft(source);
  if (damage === undefined || !damage(draft, seeded(`${seed}/${source.name}/${name}/${kind}`))) return null;
  return closeDraft(draft, name, kind);
}

function closeDraft(draft: Draft, name: ClassName, kind: string): Case {
  const { before, after: truth, decidable } = draft;
  return {
    name: `${name}: ${kind}: ${draft.source}`,
    class: name,
    kind,
    before,
    patch: printDraft(draft),
    truth,
    decidable,
  };
}

/** In the order in which they can be done one upon the other: lines first, the printed text last. */
const COMBINABLE: ReadonlyArray<ReadonlyArray<readonly [ClassName, string]>> = [
  [
    ['k', 'hunks reversed'],
    ['k', 'a hunk twice'],
    ['k', 'a hunk split'],
  ],
  [...names('d', starts).filter(([, kind]) => kind !== 'none'), ...names('c', counts)],
  names('h', context),
  names('f', blanks),
  names('e', files),
  [
    ['i', 'patch CRLF, file LF'],
    ['j', 'the last newline of the patch lost'],
    ['b', 'prose, fence, prose'],
    ['b', 'diff fence'],
  ],
];

function names(name: ClassName, damages: Damages): Array<[ClassName, string]> {
  return Object.keys(damages).map((kind) => [name, kind]);
}

/** Class x: three damages of different classes, one upon the other. */
function combine(source: Source, seed: string, round: number): Case | null {
  const random: Random = seeded(`${seed}/${source.name}/x/${round}`);
  const draft = openDraft(source);
  const stages = random
    .shuffle(COMBINABLE.map((_, at) => at))
    .slice(0, 3)
    .sort((a, b) => a - b);
  const kinds: string[] = [];
  for (const stage of stages)
    for (const [name, kind] of random.shuffle(COMBINABLE[stage] ?? [])) {
      if (!((CLASSES[name][1] as Damages)[kind] as Damages[string])(draft, random)) continue;
      kinds.push(`${name} ${kind}`);
      break;
    }
  return kinds.length < 3 ? null : closeDraft(draft, 'x', kinds.join(' + '));
}
