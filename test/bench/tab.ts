/** What a press of Tab costs where it offers ids, against a bash that asks git once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';
import { alternate, median, type Row, time } from './measure.ts';

const MOST = 100;

export function benchTab(rows: Row[]): void {
  const files = Array.from({ length: 10 }, (_, at) => [`src/f${at}.py`, `import os\n\nVALUE_${at} = ${at}\n`]);
  const repo = makeRepository({ files: Object.fromEntries(files) });
  repo.commit('configuration', { '.ambient.yml': 'risk_policy:\n  file_change_limit: 1\n' });
  ambient(repo, ['init']);
  ambient(repo, ['run', '--all']);
  const open = ambientJson<unknown[]>(repo, ['list']).length;
  if (open !== 10) throw new Error(`the bench needs ten proposals and got ${open}`);
  const script = join(repo.home, 'script.bash');
  writeFileSync(script, ambient(repo, ['completion', 'bash']).stdout);
  const bash = (line: string) => () => time(['bash', '--norc', '-c', line], { cwd: repo.dir, env: repo.env });
  const press = `source '${script}'; COMP_WORDS=(git-ambient merge ''); COMP_CWORD=2; __git_ambient_direct; [ "\${#COMPREPLY[@]}" = 10 ]`;
  const [tab = [], git = []] = alternate(20, bash(press), bash('git for-each-ref refs/ambient/proposals/ >/dev/null'));
  const added = median(tab) - median(git);
  rows.push({
    what: 'Tab after `git-ambient merge `, ten proposals (20 pairs)',
    ours: `${median(tab).toFixed(1)} ms`,
    peer: `${median(git).toFixed(1)} ms (bash, one git for-each-ref)`,
    ratio: `+${added.toFixed(1)} ms`,
    bound: `≤ +${MOST} ms`,
    holds: added <= MOST,
  });
  repo.remove();
}
