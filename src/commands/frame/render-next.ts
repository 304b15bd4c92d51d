/** One proposal on one screen: why first, then what was checked, then the change. Pure; colour is ours, not the file's. */
import type { ProposalDetail, ReviewReport } from '../../crew/index.ts';
import { paintDiff, painted, plain } from './paint.ts';
import { evaluationLines, wrap } from './render.ts';
import { shownFirst } from './render-proofs.ts';
import { visible } from './visible.ts';

export interface Place {
  at: number;
  total: number;
  /** From 0. */
  screen: number;
}

export interface Size {
  columns: number;
  /** Of the terminal; null: no screens, all of it at once. */
  rows: number | null;
  color: boolean;
}

/** The question and an empty line stand below the proposal. */
const BELOW = 3;

/** The lines of one screenful, and how many lines come after it. */
export function renderScreen(detail: ProposalDetail, place: Place, size: Size): { lines: string[]; left: number } {
  const all = renderWhole(detail, place, size);
  if (size.rows === null) return { lines: all, left: 0 };
  const room = Math.max(5, size.rows - BELOW);
  let [from, to] = [0, 0];
  for (let screen = 0; screen <= place.screen && to < all.length; screen += 1) {
    from = to;
    for (let used = 0; to < all.length; to += 1) {
      used += height(all[to] as string, size.columns);
      if (used > room && to > from) break;
    }
  }
  return { lines: all.slice(from, to), left: all.length - to };
}

function renderWhole(detail: ProposalDetail, place: Place, size: Size): string[] {
  const paint = size.color ? painted : plain;
  const evidence = detail.evaluation === null ? 'not evaluated here' : `evidence: ${detail.evidence}`;
  const state = detail.status === 'validated' ? [] : [detail.status];
  return [
    paint('bold', visible(`[${place.at}/${place.total}] ${detail.title}`)),
    paint(RISK[detail.risk], `risk ${detail.risk}`) +
      ` · ${[...state, evidence, `${detail.specialist} ${detail.rule}`, detail.id].join(' · ')}`,
    '',
    ...shownFirst(detail.evaluation),
    ...wrap(visible(detail.rationale), Math.max(20, Math.min(size.columns, 100) - 1)).split('\n'),
    '',
    ...(detail.evaluation ? [...evaluationLines(detail.evaluation, detail.evidence).map(visible), ''] : []),
    ...visible(detail.diff)
      .trimEnd()
      .split('\n')
      .map((line) => paintDiff(line, paint)),
  ];
}

const RISK = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' } as const;

/** Rows that a line takes; a wide character counts as one, so a screen may be a line short, never hidden. */
function height(line: string, columns: number): number {
  const text = line.replace(/\u001b\[\d+m/g, '').replace(/\t/g, '        ');
  const width = [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1), 0);
  return Math.max(1, Math.ceil(width / Math.max(1, columns)));
}

export function renderQuestion(more: boolean, columns: number): string {
  const long = '[m]erge [f]ixup [a]pply [r]eject [l]ater [o]pen [q]uit [?] > ';
  const short = 'm f a r l o q ? > ';
  const before = more ? '[space] more ' : '';
  return `${before}${before.length + long.length < columns ? long : short}`;
}

export const HELP = `m  merge: land it as your commit       f  fixup: into the commit that introduced it
a  apply: into the working tree only   r  reject, with a reason
l  later: on to the next one           o  open the place in your editor
q  quit                                ?  this help
space  the next screen                 p  from the top
`;

export function renderReview({ counts, left }: ReviewReport): string {
  const done = (['merged', 'folded', 'applied', 'rejected'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${counts[name]} ${name}`);
  return [...done, left === 0 ? 'nothing left' : `${left} left`].join(', ');
}
