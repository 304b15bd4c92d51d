/** Makes witnesses of texts and runs them on both, as the evaluation does in its slots: a process, a folder, a last line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Witness } from '../../src/records/index.ts';
import { embedded, loadSpecialist, makeWitness } from '../../src/specialists/index.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { applyEdits, CONVENTIONS, sourceFile } from './javascript-support.ts';

export interface Case {
  rule: string;
  path: string;
  before: string;
  /** Absent: what the rule itself makes of it. */
  after?: string;
  /** Further files of the tree. */
  beside?: Record<string, string>;
}

const specialists = await Promise.all(embedded.map((name) => loadSpecialist(name)));

/** The first finding of the rule, its witness, and the text as the rule mends it. */
export async function witnessOf({ rule, path, before }: Case): Promise<{ witness: Witness | null; mended: string }> {
  const specialist = specialists.find(({ rules }) => rules.some(({ id }) => id === rule));
  const file = sourceFile(path, before);
  const { found = [], skipped } =
    (await specialist?.diagnose([file], { conventions: CONVENTIONS, settings: {} })) ?? {};
  assert.equal(skipped, []);
  const own = found.filter(({ finding }) => finding.rule === rule);
  const [first] = own;
  if (first === undefined) throw new Error(`${rule} finds nothing in\n${before}`);
  const mended = applyEdits(
    before,
    own.flatMap(({ edits }) => edits),
  );
  return { witness: await makeWitness(file, first.finding), mended };
}

/** What the program says of a tree; anything but the two words is unclear. */
export function run(witness: Witness, files: Record<string, string>): { says: string; stderr: string } {
  const dir = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const [program, ...flags] = witness.language === 'python' ? ['python3', '-s', '-B', '-c'] : ['node', '-e'];
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: temporaryDirectory(), PYTHONHASHSEED: '0' };
  const result = spawnSync(program as string, [...flags, witness.program], { cwd: dir, env, encoding: 'utf8' });
  const says = result.status === 0 ? (result.stdout.trim().split('\n').at(-1) ?? '') : '';
  return { says: /^(exploited|refused)$/.test(says) ? says : 'unclear', stderr: result.stderr };
}

/** Before and after, as words. */
export async function judge(one: Case): Promise<string> {
  const { witness, mended } = await witnessOf(one);
  if (witness === null) return 'none';
  const after = one.after ?? mended;
  const on = (text: string) => run(witness, { ...one.beside, [one.path]: text });
  const [first, second] = [on(one.before), on(after)];
  return `${first.says}, ${second.says}${process.env['SHOW'] ? `\n${witness.program}\n${first.stderr}${second.stderr}` : ''}`;
}
