/**
 * Machines that do not let us: read-only and full disks, unreadable files, clocks that are wrong, programs that a
 * `.gitattributes` names. Nothing is lost, nothing of theirs is run, and the next step is said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, type CliResult, cliPath, makeInitialised } from '../support/cli.ts';
import { idleFormat, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('cli/bad-machine');

/** Runs a shell script as root of a namespace of mounts; null where that is not allowed. */
function mounted(repo: TestRepository, script: string, ...args: string[]): CliResult | null {
  const unshare = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-r', '-m'];
  const [file = '', ...flags] = unshare;
  if (spawnSync(file, [...flags, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status !== 0) return null;
  const result = spawnSync(file, [...flags, 'sh', '-c', script, 'sh', ...args], {
    cwd: repo.dir,
    env: repo.env,
    encoding: 'utf8',
    timeout: 200_000,
  });
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

const skipped = (why: string) => void process.stdout.write(`  (skipped: ${why})\n`);
const NO_MOUNTS = 'no namespace of mounts here';
const files = { 'shop/shelf.py': idleFormat, 'shop/report.py': unusedImport };

let prepared: TestRepository | undefined;
/** With an open proposal for each of `files`. */
function withProposals(): TestRepository {
  if (prepared === undefined) {
    prepared = makeInitialised(files);
    assert.is(ambient(prepared, ['run', '--all']).code, 0);
  }
  return prepared.copy();
}

test('a read-only repository: reading works, writing says what is in the way', () => {
  const repo = withProposals();
  const [row] = ambientJson<Array<{ id: string }>>(repo, ['list']);
  repo.commit('more', { 'shop/more.py': unusedImport });
  const readOnly = (...args: string[]) =>
    mounted(
      repo,
      'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" && exec "$@"',
      process.execPath,
      cliPath,
      ...args,
    );
  if (readOnly('list') === null) return skipped(NO_MOUNTS);
  for (const args of [['list'], ['show', row?.id ?? ''], ['status'], ['findings'], ['config']]) {
    const result = readOnly(...args);
    assert.is(result?.code, 0, `${args}: ${result?.stderr}`);
  }
  for (const args of [
    ['run'],
    ['merge', row?.id ?? ''],
    ['reject', row?.id ?? '', '--reason', 'no'],
    ['uninstall'],
    ['init'],
  ]) {
    const result = readOnly(...args);
    assert.is(result?.code, 3, `${args}: ${result?.stdout}${result?.stderr}`);
    assert.match(result?.stderr ?? '', /^error: .*(read-only|Read-only)[\s\S]*\n {2}→ /, `${args}`);
  }
  assert.is(repo.git('status', '--porcelain'), '');
  assert.is(ambient(repo, ['merge', row?.id ?? '']).code, 0, 'afterwards all of it works');
});

/**
 * A disk that fills up at every point of `run` and of `merge`: what fails, fails with 3 and a next step; when there is room
 * again the same command completes the work.
 */
const FULL = `
set -e
node=$1 cli=$2 source=$3 disk=$4
mkdir -p "$disk"; mount -t tmpfs -o size=6m tmpfs "$disk"
say() { printf '%s|%s|%s|%s\\n' "$1" "$2" "$3" "$4"; }
fill() { dd if=/dev/zero of="$disk/fill" bs=1k 2>/dev/null || :; truncate -s "-$1K" "$disk/fill"; }
for left in 0 12 256; do
  rm -rf "$disk/repo"; cp -a "$source" "$disk/repo"; cd "$disk/repo"
  fill $left
  code=0; "$node" "$cli" run --all >/dev/null 2>"$disk.err" || code=$?
  say run $left $code "$(tr '\\n|' '  ' < "$disk.err")"
  rm -f "$disk/fill"
  git fsck --strict >/dev/null 2>"$disk.err" || say fsck $left 1 "$(tr '\\n' ' ' < "$disk.err")"
  code=0; "$node" "$cli" run --all >/dev/null 2>"$disk.err" || code=$?
  say again $left $code "$(tr '\\n|' '  ' < "$disk.err")"
  ids=$(git for-each-ref --format='%(refname:lstrip=3)' refs/ambient/proposals)
  say ids $left 0 "$(echo $ids)"
  set -- $ids
  before=$(git rev-parse HEAD)
  fill $left
  code=0; "$node" "$cli" merge "$1" >/dev/null 2>"$disk.err" || code=$?
  say merge $left $code "$(tr '\\n|' '  ' < "$disk.err")"
  rm -f "$disk/fill"
  "$node" "$cli" status >/dev/null 2>&1 || say status $left 1 ''
  [ $code = 0 ] || "$node" "$cli" merge "$1" >/dev/null 2>"$disk.err" || say merge-again $left $? "$(tr '\\n|' '  ' < "$disk.err")"
  say landed $left "$(git rev-list --count "$before..HEAD")" "$(git status --porcelain | tr '\\n' ' ')"
  git fsck --strict >/dev/null 2>&1 || say fsck $left 2 ''
done
`;

test('a full disk, at whatever point it fills up: nothing is lost, and the same command completes the work', () => {
  const repo = withProposals();
  const ids = ambientJson<Array<{ id: string }>>(repo, ['list']).map(({ id }) => id);
  assert.is(ids.length, 2);
  assert.is(ambient(repo, ['uninstall', '--purge']).code, 0);
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const disk = join(temporaryDirectory(), 'disk');
  const result = mounted(repo, FULL, process.execPath, cliPath, repo.dir, disk);
  if (result === null) return skipped(NO_MOUNTS);
  assert.is(result.code, 0, result.stdout + result.stderr);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
  const of = (kind: string) => lines.filter(([name]) => name === kind);
  for (const [kind, left, code = '', said = ''] of [...of('run'), ...of('merge')]) {
    assert.ok(['0', '3'].includes(code), `${kind} with ${left} KiB: ${code}: ${said}`);
    if (code === '3') assert.match(said, /error: .* → /, `${kind} with ${left} KiB`);
  }
  assert.ok(
    of('run').some(([, , code]) => code === '3'),
    'the disk was full for some',
  );
  assert.ok(
    of('run').some(([, , code]) => code === '0'),
    'and large enough for others',
  );
  for (const [, left, code, said] of of('again')) assert.is(code, '0', `${left}: ${said}`);
  for (const [, left, , said = ''] of of('ids')) assert.equal(said.split(' ').sort(), [...ids].sort(), left);
  for (const [, left, count, dirty] of of('landed')) assert.equal([count, dirty], ['1', ''], left);
  assert.equal([...of('fsck'), ...of('status'), ...of('merge-again')], []);
});

test('a configuration that may not be read', () => {
  const repo = makeRepository({ files: { '.ambient.yml': 'pre_push: off\n' } });
  writeFileSync(join(repo.dir, '.ambient.yml'), 'pre_push: off\n', { mode: 0o000 });
  rmSync(join(repo.dir, '.ambient.yml'));
  writeFileSync(join(repo.dir, '.ambient.yml'), 'pre_push: off\n', { mode: 0o000 });
  const unreadable =
    process.getuid?.() === 0
      ? mounted(
          repo,
          'chmod 755 /tmp; chmod -R a+rX "$(dirname "$PWD")"; chmod 0 .ambient.yml; exec setpriv --reuid=65534 --clear-groups --bounding-set=-all --inh-caps=-all "$@"',
          process.execPath,
          cliPath,
          'list',
        )
      : ambient(repo, ['list']);
  if (unreadable === null) return skipped(NO_MOUNTS);
  if (/dubious|does not trust the owner/.test(unreadable.stderr))
    return skipped('git does not trust a directory of another user');
  assert.is(unreadable.code, 3, unreadable.stdout + unreadable.stderr);
});

test('a clock that is wrong stops nothing: not at the epoch, not in a far future', () => {
  const repo = makeRepository({ files });
  assert.is(ambient(repo, ['init', '--no-hook'], { AMBIENT_CLOCK: '0' }).code, 0);
  const run = ambient(repo, ['run', '--all'], { AMBIENT_CLOCK: '0' });
  assert.is(run.code, 0, run.stderr);
  const [first, second] = ambientJson<Array<{ id: string }>>(repo, ['list'], { AMBIENT_CLOCK: '4102444800000' });
  assert.is(ambient(repo, ['reject', first?.id ?? '', '--reason', 'no'], { AMBIENT_CLOCK: '4102444800000' }).code, 0);
  // Back in time: what was decided later still counts.
  const early = { AMBIENT_CLOCK: '86400000' };
  assert.equal(
    ambientJson<Array<{ id: string }>>(repo, ['list'], early).map(({ id }) => id),
    [second?.id],
  );
  assert.is(ambient(repo, ['merge', second?.id ?? ''], early).code, 0);
  assert.is(ambient(repo, ['telemetry'], early).code, 0);
  assert.is(ambient(repo, ['run'], early).code, 0);
});

test('filters, merge drivers and text conversions that the repository names are never run by us', () => {
  const repo = makeRepository({ files });
  const ran = join(repo.home, 'ran');
  const program = join(repo.home, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $@" >> "${ran}"\ncat\n`, { mode: 0o755 });
  for (const [key, value] of [
    ['filter.evil.clean', program],
    ['filter.evil.smudge', program],
    ['filter.long.process', program],
    ['filter.long.required', 'true'],
    ['merge.evil.driver', `${program} %A`],
    ['diff.evil.textconv', program],
    ['diff.evil.command', program],
    ['core.fsmonitor', program],
    ['core.hooksPath', repo.home],
    ['gpg.program', program],
    ['core.pager', program],
    ['pager.log', program],
  ] as const)
    repo.git('config', key, value);
  writeFileSync(join(repo.home, 'reference-transaction'), `#!/bin/sh\necho hook >> "${ran}"\n`, { mode: 0o755 });
  repo.commit('attributes', { '.gitattributes': '*.py filter=evil merge=evil diff=evil\n*.txt filter=long\n' });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const silent = (...args: string[]) => {
    if (existsSync(ran)) unlinkSync(ran);
    const result = ambient(repo, args);
    assert.is(result.code, 0, `${args}: ${result.stderr}`);
    assert.not.ok(existsSync(ran), `${args} ran something`);
    return result;
  };
  silent('findings', '--all');
  silent('run', '--all');
  const rows = JSON.parse(silent('list', '--json').stdout) as Array<{ id: string; files: string[] }>;
  assert.is(rows.length, 2);
  silent('show', rows[0]?.id ?? '');
  silent('diff', rows[0]?.id ?? '');
  silent('run');
});

test.run();
