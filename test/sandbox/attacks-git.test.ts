/**
 * What a hostile tree tries on the host's own git: filters, merge drivers, attributes, hooks and repositories that a command
 * left in its slot; and commands that pass themselves off as allowed ones. Each has a control that really runs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { isAllowed } from '../../src/sandbox/index.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/attacks on git');

/** A repository whose configuration runs `touch planted` where an attribute asks for it. */
function hostile(config: Record<string, string>, files: Record<string, string>) {
  const planted = join(temporaryDirectory(), 'planted');
  const repo = makeRepository({ files: { 'a.txt': 'one\n', ...files } });
  for (const [key, value] of Object.entries(config))
    repo.git('config', key, value.replace('PLANT', `touch ${planted}`));
  const happened = () => {
    const found = existsSync(planted);
    rmSync(planted, { force: true });
    return found;
  };
  return { repo, happened };
}
const plainGit = (repo: TestRepository, ...argv: string[]) =>
  spawnSync('git', ['-C', repo.dir, ...argv], { env: { ...process.env, ...repo.env } });

const FILTERS: Array<[what: string, config: Record<string, string>]> = [
  ['smudge', { 'filter.evil.smudge': 'sh -c "PLANT; cat"' }],
  ['process', { 'filter.evil.process': 'sh -c "PLANT"' }],
  ['required smudge', { 'filter.evil.smudge': 'sh -c "PLANT; cat"', 'filter.evil.required': 'true' }],
];
for (const [what, config] of FILTERS)
  test(`a ${what} filter does not run when a slot is filled`, async () => {
    const { repo, happened } = hostile(config, { '.gitattributes': '* filter=evil\n' });
    happened();
    rmSync(join(repo.dir, 'a.txt'));
    plainGit(repo, 'checkout', '-f', 'HEAD', '--', 'a.txt');
    assert.ok(happened(), 'control: plain git runs it');
    const repository = await openRepository(repo.dir);
    const slot = join(temporaryDirectory(), 'slot');
    mkdirSync(slot);
    await repository.slots.checkout(slot, repo.git('rev-parse', 'HEAD^{tree}').trim());
    await repository.close();
    assert.ok(existsSync(join(slot, 'a.txt')));
    assert.not(happened());
    repo.remove();
  });

test('a merge driver does not run when a candidate is merged', async () => {
  const { repo, happened } = hostile({ 'merge.evil.driver': 'PLANT' }, { '.gitattributes': '* merge=evil\n' });
  const base = repo.git('rev-parse', 'HEAD').trim();
  const commit = (text: string) => {
    writeFileSync(join(repo.dir, 'a.txt'), text);
    repo.git('commit', '-qam', text.trim());
    return repo.git('rev-parse', 'HEAD').trim();
  };
  const onto = commit('two\n');
  repo.git('checkout', '-q', '-b', 'candidate', base);
  const candidate = commit('three\n');
  plainGit(repo, 'merge', '-q', onto);
  assert.ok(happened(), 'control: plain git runs it');
  plainGit(repo, 'merge', '--abort');
  const repository = await openRepository(repo.dir);
  await repository.trees.merge({ base, candidate, onto });
  await repository.close();
  assert.not(happened());
  repo.remove();
});

test('what a command leaves in its slot does not run on the host', async () => {
  const { repo, happened } = hostile({}, {});
  const planted = `touch ${join(temporaryDirectory(), 'planted')}`;
  const slot = join(temporaryDirectory(), 'slot');
  mkdirSync(slot);
  const repository = await openRepository(repo.dir);
  const tree = repo.git('rev-parse', 'HEAD^{tree}').trim();
  await repository.slots.checkout(slot, tree);
  for (const folder of [slot, join(slot, 'nested')]) {
    mkdirSync(folder, { recursive: true });
    execFileSync('git', ['init', '-q', folder]);
    execFileSync('git', ['-C', folder, 'config', 'core.fsmonitor', `sh -c "${planted}; false" --`]);
    writeFileSync(join(folder, '.git/hooks/post-checkout'), `#!/bin/sh\n${planted}\n`);
    chmodSync(join(folder, '.git/hooks/post-checkout'), 0o755);
  }
  symlinkSync('/etc', join(slot, 'way-out'));
  spawnSync('git', ['-C', slot, 'status']);
  const path = planted.slice('touch '.length);
  assert.ok(existsSync(path), 'control: plain git runs it');
  rmSync(path);
  await repository.slots.scrub(slot);
  await repository.slots.checkout(slot, tree);
  await repository.close();
  assert.not(existsSync(path));
  for (const left of ['.git', 'nested', 'way-out']) assert.not(existsSync(join(slot, left)), left);
  assert.ok(existsSync('/etc/passwd'));
  assert.not(happened());
  repo.remove();
});

const PRETENDERS: Array<[what: string, argv: string[]]> = [
  ['another program after a semicolon', ['pytest;touch', 'PLANTED']],
  ['one argument that looks like two', ['sh -c "touch PLANTED" pytest']],
  ['a shell with an allowed word in it', ['sh', '-c', 'touch PLANTED # pytest']],
  ['an allowed name with a tail', ['pytest-evil']],
  ['an allowed name in another folder', ['./pytest']],
  ['a line break', ['pytest\ntouch PLANTED']],
  ['a variable before it', ['env', 'PYTEST_ADDOPTS=-p evil', 'pytest']],
  ['a module that begins like an allowed one', ['python3', '-m', 'pytest_evil']],
  ['an option of git before an allowed word', ['git', '-c', 'core.fsmonitor=touch PLANTED', 'status']],
  ['a target beside an allowed one', ['make', 'test', 'deploy']],
];
const { defaults } = await import('../../src/config/index.ts');
for (const [what, argv] of PRETENDERS)
  test(`the list of allowed commands refuses ${what}`, () => {
    const { allowed_commands: patterns } = defaults().sandbox;
    // As somebody would match such a list by hand: joined words without options, anchored nowhere.
    const words = argv.filter((word) => word !== '-c' && !word.startsWith('core.')).join(' ');
    const careless = patterns.some((one) => new RegExp(one.replace(/^\^|\$$/g, '')).test(words));
    assert.ok(careless, 'control: a careless match admits it');
    assert.is(isAllowed(argv, patterns).allowed, false);
  });

test.run();
