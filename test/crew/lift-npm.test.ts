/** A lock file of npm is lifted by npm itself, from its cache, or left alone with what to type. */
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from '../../src/base/index.ts';
import { trustConfiguration } from '../../src/config/index.ts';
import { diagnose } from '../../src/crew/diagnose.ts';
import { withCrew } from '../../src/crew/index.ts';
import { run } from '../../src/crew/runner.ts';
import { openRepository } from '../../src/git/index.ts';
import { hasSandbox } from '../support/cli.ts';
import { makeRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('crew/lift-npm');
type Versions = Record<string, Record<string, string>>;
/** What each version of each package needs. */
const PUBLISHED: Record<string, Versions> = {
  leaf: { '1.0.0': {}, '1.0.1': {}, '1.0.2': {}, '1.1.0': {} },
  branch: { '2.0.0': { leaf: '^1.0.0' } },
};

/** A registry on this machine; what it gave out stays in the cache when it is gone. */
async function withRegistry(work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const versions = Object.entries(PUBLISHED[name] ?? {}).map(([version, dependencies]) => {
      const tarball = `http://${request.headers.host}/${name}/-/${name}-${version}.tgz`;
      const integrity = `sha512-${Buffer.alloc(64, `${name}${version}`).toString('base64')}`;
      return [version, { name, version, dependencies, dist: { tarball, integrity } }] as const;
    });
    const known = versions.length > 0;
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'max-age=300' });
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest: versions.at(-1)?.[0] }, versions: Object.fromEntries(versions) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const write = (path: string, value: object) => {
  fs.mkdirSync(join(path, '..'), { recursive: true });
  fs.writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
};
const ADVISORY = {
  ...{ id: 'GHSA-1', database_specific: { severity: 'HIGH' } },
  affected: [
    {
      package: { ecosystem: 'npm', name: 'leaf' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.2' }] }],
    },
  ],
};
const CONFIG = 'agents: { enabled: [SecurityGuardian], SecurityGuardian: { osv_snapshot: .ambient/osv.json } }\n';

test('lifted in the lock file, with the range where it is too narrow; without a cache it is said', async () => {
  if (!hasSandbox()) return;
  const room = temporaryDirectory('lift-');
  const cache = join(room, 'cache');
  const lockOf = async (folder: string, url: string, ...flags: string[]) => {
    const argv = ['npm', 'install', '--package-lock-only', '--no-audit', '--no-fund', `--registry=${url}/`];
    const result = await spawn([...argv, '--no-omit-lockfile-registry-resolved', `--cache=${cache}`, ...flags], {
      cwd: join(room, folder),
      env: { PATH: process.env['PATH'], HOME: room },
    });
    assert.is(result.code, 0, result.stderr.toString());
  };
  const pinned = (dependencies: object, more: object = {}) => ({
    name: 'app',
    version: '1.0.0',
    dependencies,
    ...more,
  });
  await withRegistry(async (url) => {
    write(join(room, 'through/package.json'), pinned({ branch: '^2.0.0' }, { overrides: { leaf: '1.0.0' } }));
    await lockOf('through', url);
    write(join(room, 'through/package.json'), pinned({ branch: '^2.0.0' }));
    // As some people indent.
    const file = join(room, 'through/package-lock.json');
    fs.writeFileSync(file, JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')), null, '\t'));
    write(join(room, 'direct/package.json'), { name: 'top', version: '1.0.0', private: true, workspaces: ['web'] });
    write(join(room, 'direct/web/package.json'), { ...pinned({ leaf: '1.0.0' }), name: 'web' });
    await lockOf('direct', url, '--lockfile-version=2');
  });
  const names = ['through', 'direct'].flatMap((folder) => [`${folder}/package.json`, `${folder}/package-lock.json`]);
  const files = Object.fromEntries(
    [...names, 'direct/web/package.json'].map((name) => [name, fs.readFileSync(join(room, name), 'utf8')]),
  );
  const repo = makeRepository({
    files: { ...files, '.ambient.yml': CONFIG, '.ambient/osv.json': JSON.stringify(ADVISORY) },
  });
  const repository = await openRepository(repo.dir);
  await trustConfiguration(repository);
  await repository.close();
  const before = process.env['npm_config_cache'];
  process.env['npm_config_cache'] = cache;
  try {
    await withCrew({ dir: repo.dir }, async (crew) => {
      const head = repo.git('rev-parse', 'HEAD');
      const { found } = await diagnose(crew, head, { kind: 'all', paths: [] });
      const told = new Map(
        found.map(({ finding, edits }) => [finding.path, { ...finding, paths: edits.map(({ path }) => path) }]),
      );
      assert.equal([...told.values()].map(({ path, fixable }) => [path, fixable]).sort(), [
        ['direct/package-lock.json', true],
        ['through/package-lock.json', true],
      ]);
      assert.equal(
        new Set(told.get('direct/package-lock.json')?.paths),
        new Set(['direct/package-lock.json', 'direct/web/package.json']),
      );
      const [report] = await run(crew, { all: true });
      assert.is(report?.proposals.length, 2, JSON.stringify(report));
      for (const id of report?.proposals ?? []) {
        const { proposal } = await crew.store.proposals.find(id);
        assert.is(proposal.risk, 'high');
        const folder = repo.git('diff', '--name-only', proposal.base, proposal.commit).split('/')[0] ?? '';
        const show = (path: string) => repo.git('show', `${proposal.commit}:${folder}/${path}`);
        const lock = JSON.parse(show('package-lock.json'));
        const { version, resolved, integrity } = lock.packages['node_modules/leaf'];
        assert.equal([version, /\/leaf\/-\/leaf-1\.0\.2\.tgz$/.test(resolved)], ['1.0.2', true]);
        assert.ok(integrity.startsWith('sha512-'));
        const [added, removed] = repo
          .git('diff', '--numstat', proposal.base, proposal.commit, '--', `${folder}/package-lock.json`)
          .split('\t');
        assert.equal([added, removed], folder === 'direct' ? ['8', '8'] : ['3', '3']);
        if (folder !== 'direct') continue;
        assert.equal([lock.lockfileVersion, lock.dependencies.leaf.version], [2, '1.0.2']);
        assert.equal(
          [lock.packages.web.dependencies, JSON.parse(show('web/package.json')).dependencies],
          [{ leaf: '1.0.2' }, { leaf: '1.0.2' }],
        );
      }
    });
    process.env['npm_config_cache'] = join(room, 'nothing');
    await withCrew({ dir: repo.dir }, async (crew) => {
      const { found } = await diagnose(crew, repo.git('rev-parse', 'HEAD'), { kind: 'all', paths: ['direct'] });
      assert.match(
        found[0]?.finding.message ?? '',
        /npm install leaf@1\.0\.2 -w web.*npm has no cache on this machine/,
      );
    });
  } finally {
    if (before === undefined) delete process.env['npm_config_cache'];
    else process.env['npm_config_cache'] = before;
  }
});

test.run();
