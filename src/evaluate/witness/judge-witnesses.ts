/**
 * Runs failing inputs on base and candidate. Rule: only a clear word on both sides counts; `unclear` says nothing, for it
 * may be the witness that is wrong.
 */
import { digest } from '../../base/index.ts';
import type { Witness, WitnessResult } from '../../records/index.ts';
import type { Programs, Stand } from '../programs.ts';
import type { EvaluationResult } from '../types.ts';

export interface WitnessesSaid {
  /** The first that got through before and does not now. */
  shown: WitnessResult | null;
  /** Titles of those that still get through. */
  through: string[];
}

type Word = WitnessResult['before'];

/** Most that are run for one candidate. */
const MOST = 3;
/** Milliseconds. */
const TIMEOUT = 30_000;

/** Runs `witnesses` on both trees, one after the other. Null where nothing can be run on them. */
export async function judgeWitnesses(
  witnesses: readonly Witness[],
  trees: { base: string; candidate: string },
  programs: Programs,
): Promise<WitnessesSaid | null> {
  // Asked before the slots are taken: a toolchain that looks for a program needs one itself.
  const ready: Array<{ witness: Witness; argv: string[] }> = [];
  for (const witness of witnesses.slice(0, MOST)) {
    const argv = await argvOf(witness, programs);
    if (argv !== null) ready.push({ witness, argv });
  }
  if (ready.length === 0) return null;
  return programs.on([trees.base, trees.candidate], async (base, candidate) => {
    const said: WitnessesSaid = { shown: null, through: [] };
    for (const { witness, argv } of ready) {
      if ((await wordOf(base, argv)) !== 'exploited') continue;
      const after = await wordOf(candidate, argv);
      if (after === 'exploited') said.through.push(witness.title);
      if (after === 'refused') said.shown ??= { ...about(witness), before: 'exploited', after };
    }
    return said;
  });
}

function about(witness: Witness): Pick<WitnessResult, 'title' | 'digest'> {
  const { title } = witness;
  return { title: title.length > 200 ? `${title.slice(0, 199)}…` : title, digest: digestOf(witness) };
}

/** What a result names its program by. */
export function digestOf({ program }: Witness): string {
  return digest(['witness', program], 16);
}

/** The command that runs it, or null where there is no interpreter. */
async function argvOf({ language, program }: Witness, programs: Programs): Promise<string[] | null> {
  const found = await programs.toolchain.find(language === 'python' ? 'python' : 'node');
  if (found === null) return null;
  return language === 'python' ? [found.path, '-s', '-B', '-c', program] : [found.path, '-e', program];
}

async function wordOf(stand: Stand | undefined, argv: readonly string[]): Promise<Word> {
  if (stand === undefined) return 'unclear';
  const { code, stdout, setupError } = await stand.run({ argv, timeout: TIMEOUT });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return code === 0 && setupError === null && (last === 'exploited' || last === 'refused') ? last : 'unclear';
}

/**
 * What the witnesses add to an evaluation. A claimed fix that its own witness gets through is no fix; where nothing is
 * claimed, the input that still gets through may be another place's.
 */
export function withWitnesses<T extends EvaluationResult>(result: T, said: WitnessesSaid | null, claims: boolean): T {
  if (said === null) return result;
  if (said.through.length > 0 && claims) {
    const reasons = said.through.map((title) => `the failing input still gets through: ${title}`);
    return { ...result, outcome: 'failed', reasons: [...reasons, ...result.reasons] };
  }
  if (said.shown === null) return result;
  const evidence = result.outcome === 'passed' ? 'witness' : result.evidence;
  const reason = `witness: ${said.shown.title}: exploited before, refused now`;
  return { ...result, evidence, witness: said.shown, reasons: [reason, ...result.reasons] };
}
