/** Completion as each shell asks for it: commands, flags, values, ids; without a node. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { openStore } from '../../src/store/index.ts';
import { draftOf, evaluationOf } from '../store/support.ts';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('cli/completion');
const GIT_COMPLETION = '/usr/share/bash-completion/completions/git';
const repo = makeRepository();
const ids: Record<'open' | 'approved' | 'rejected', string> = { open: '', approved: '', rejected: '' };
const scripts: Record<string, string> = {};
/** A node that tells when it is started. */
const trap = join(repo.home, 'bin');

test.before(async () => {
  mkdirSync(trap);
  writeFileSync(join(trap, 'node'), '#!/bin/sh\necho "node was started" >&2\nexit 9\n', { mode: 0o755 });
  for (const shell of ['bash', 'zsh', 'fish']) {
    scripts[shell] = join(repo.home, `script.${shell}`);
    const { script } = ambientJson<{ script: string }>(repo, ['completion', shell]);
    assert.is(ambient(repo, ['completion', shell]).stdout, script);
    writeFileSync(scripts[shell], script);
  }
  const opened = await openRepository(repo.dir, { env: repo.env });
  const store = openStore(opened);
  for (const name of ['open', 'approved', 'rejected'] as const) {
    const draft = await store.proposals.saveDraft(draftOf(repo.git('rev-parse', 'HEAD'), `${name}\n`));
    await store.proposals.publish(draft, evaluationOf(draft));
    ids[name] = draft.id;
    if (name !== 'open') await store.decided({ kind: name, proposal: draft });
  }
  await opened.close();
});

function run(argv: string[]): string[] {
  const result = spawnSync(argv[0] ?? '', argv.slice(1), {
    cwd: repo.dir,
    env: { ...repo.env, PATH: `${trap}:${repo.env['PATH']}` },
    encoding: 'utf8',
  });
  assert.is(result.stderr, '', argv.join(' '));
  return result.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .sort();
}

/** What bash offers for `line`; the cursor is at its end. */
function inBash(line: string): string[] {
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const call = words[0] === 'git' ? '__git_wrap__git_main' : '__git_ambient_direct';
  const source = words[0] === 'git' ? `source ${GIT_COMPLETION};` : '';
  const script = `${source} source '${scripts['bash']}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMP_LINE='${line}'; COMP_POINT=${line.length}; ${call}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run(['bash', '--norc', '-c', script]);
}

const fronts = existsSync(GIT_COMPLETION) ? ['git ambient', 'git-ambient'] : ['git-ambient'];
if (fronts.length === 1) test.skip('no bash completion of git here', () => {});
for (const front of fronts)
  test(`bash: ${front}`, () => {
    assert.equal(inBash(`${front} me`), ['merge']);
    assert.ok(inBash(`${front} `).includes('next'));
    assert.equal(inBash(`${front} -C /tmp fin`), ['findings']);
    assert.equal(inBash(`${front} list --gr`), ['--group']);
    assert.equal(inBash(`${front} list --group `), ['file', 'none', 'specialist']);
    assert.equal(inBash(`${front} completion `), ['bash', 'fish', 'zsh']);
    assert.equal(inBash(`${front} merge `), [ids.open, ids.approved].sort());
    assert.equal(inBash(`${front} merge --fixup ${ids.open.slice(0, 5)}`), [ids.open]);
    assert.equal(inBash(`${front} show `), Object.values(ids).sort());
    assert.equal(inBash(`${front} reject --reason `), []);
    assert.equal(inBash(`${front} -C ${repo.dir}/..`.replace(/\/repo\/\.\.$/, '/rep')), [repo.dir]);
  });

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

(has('zsh') ? test : test.skip)('zsh', () => {
  const ask = (line: string) => {
    const words = line.split(' ');
    const script = `compdef () { :; }; zstyle () { :; }; _files () { print files; }; compadd () { shift; print -l -- "$@"; }
      _describe () { local -a shown; shown=("\${(@P)@[-1]}"); print -l -- "\${(@)shown%%:*}"; }
      source '${scripts['zsh']}'; words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; PREFIX='${words.at(-1)}'; _git-ambient`;
    return run(['zsh', '-fc', script]);
  };
  assert.ok(ask('ambient ').includes('merge'));
  assert.ok(ask('git-ambient list -').includes('--group'));
  assert.equal(ask('ambient list --group '), ['file', 'none', 'specialist']);
  assert.equal(ask('ambient merge '), [ids.open, ids.approved].sort());
  assert.equal(ask('ambient -C /tmp show '), Object.values(ids).sort());
  assert.equal(ask('ambient completion '), ['bash', 'fish', 'zsh']);
});

(has('fish') ? test : test.skip)('fish', () => {
  const ask = (line: string) =>
    run(['fish', '--no-config', '-c', `source '${scripts['fish']}'; complete -C '${line}'`]).map(
      (row) => row.split('\t')[0],
    );
  for (const front of ['git ambient', 'git-ambient']) {
    assert.equal(ask(`${front} me`), ['merge']);
    assert.ok(ask(`${front} list --g`).includes('--group'));
    assert.equal(ask(`${front} list --group `), ['file', 'none', 'specialist']);
    assert.equal(ask(`${front} merge `), [ids.open, ids.approved].sort());
    assert.equal(ask(`${front} -C /tmp show `), Object.values(ids).sort());
  }
});

test('another shell is a mistake with the names of those that there are', () => {
  const result = ambient(repo, ['completion', 'tcsh']);
  assert.is(result.code, 2);
  assert.match(result.stderr, 'bash, zsh, fish');
});

test.run();
