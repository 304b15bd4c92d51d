/**
 * Thousands of open proposals with their evaluations, written by one `git fast-import` each: what a clone looks like
 * after years. Rule: every one is a proposal that the product itself could have made.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecord, makeRecord, proposalMessage } from '../../src/records/index.ts';
import type { TestRepository } from '../support/repository.ts';

const fingerprint = (at: number) => at.toString(16).padStart(16, '0');

/** Adds `count` proposals on HEAD. The repository must have been initialised: the evaluations are this clone's own. */
export function addProposals(repo: TestRepository, count: number): void {
  const head = repo.git('rev-parse', 'HEAD');
  const configuration = repo.git('rev-parse', 'HEAD^{tree}');
  const time = repo.git('log', '-1', '--format=%ct');
  const who = `git-ambient/StyleEnforcer <noreply@git-ambient.invalid> ${time} +0000`;
  const marks = join(repo.home, 'marks');
  const commits: string[] = [];
  for (let at = 1; at <= count; at++) {
    const message = proposalMessage({
      specialist: 'StyleEnforcer',
      rule: 'python/unused-import',
      title: `Remove the unused import of src/m${at % 20}/file${at}.py`,
      rationale: 'The name is never used.',
      risk: 'low',
      fingerprints: [fingerprint(at)],
      configuration,
      supersedes: [],
    });
    commits.push(
      `commit refs/ambient/scratch\nmark :${at}\nauthor ${who}\ncommitter ${who}\n${data(message)}`,
      `from ${head}\nM 100644 inline src/m${at % 20}/file${at}.py\n${data(`VALUE_${at} = ${at}\n`)}`,
    );
  }
  const nobody = `reset refs/ambient/scratch\nfrom ${'0'.repeat(40)}\n\n`;
  repo.exec(['git', 'fast-import', '--quiet', `--export-marks=${marks}`], { input: commits.join('') + nobody });
  const oids = readFileSync(marks, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  const refs = oids.map((oid) => `create refs/ambient/proposals/${oid.slice(0, 12)} ${oid}\n`);
  repo.exec(['git', 'update-ref', '--stdin'], { input: refs.join('') });
  addEvaluations(repo, { head, configuration, who });
  repo.git('pack-refs', '--all');
}

function addEvaluations(
  repo: TestRepository,
  { head, configuration, who }: Record<'head' | 'configuration' | 'who', string>,
) {
  const replica = repo.git('config', '--default', 'bench', 'ambient.replica');
  repo.git('config', 'ambient.replica', replica);
  const ref = `refs/notes/ambient/evaluations/${replica}`;
  const listed = repo.git('for-each-ref', '--format=%(objectname) %(tree)', 'refs/ambient/proposals/').split('\n');
  const notes = listed.map((line, at) => {
    const [proposal = '', tree = ''] = line.split(' ');
    const content = {
      kind: 'evaluation',
      proposal,
      base: head,
      tree,
      configuration,
      outcome: 'passed',
      evidence: 'tests',
      reasons: ['all checks pass'],
      checks: [{ name: 'pytest', base: 'passed', candidate: 'passed', duration_ms: 5, flaky: false }],
    };
    const text = `${encodeRecord(makeRecord(content, { seq: at + 1, at: 1_767_225_600_000 }))}\n`;
    return `N inline ${proposal}\n${data(text)}`;
  });
  repo.exec(['git', 'fast-import', '--quiet'], {
    input: `commit ${ref}\ncommitter ${who}\n${data('evaluations\n')}${notes.join('')}`,
  });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
