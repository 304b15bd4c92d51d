/** A mirror of advisories over real HTTP: taken whole or not at all, and nothing else than its address is asked. */
import * as fs from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync, crc32 as nodeCrc32 } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trustConfiguration } from '../../src/config/index.ts';
import { diagnose } from '../../src/crew/diagnose.ts';
import { type MirrorRow, updateMirrors } from '../../src/crew/extend/mirror.ts';
import { ownProbes } from '../../src/crew/extend/own-probes.ts';
import { entriesOf } from '../../src/crew/extend/zip.ts';
import { type Crew, withCrew } from '../../src/crew/index.ts';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/mirror');

/** An archive as `zip` writes it; `wide` gives its sizes and offsets in 64 bits. */
function zipOf(files: Record<string, string>, wide = false): Buffer {
  const [bodies, list]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [raw, path] = [Buffer.from(text), Buffer.from(name)];
    const packed = deflateRawSync(raw);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(path.length, 26);
    const extra = Buffer.alloc(wide ? 28 : 0);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(nodeCrc32(raw), 16);
    const numbers = [raw.length, packed.length, offset];
    for (const [at, where] of [24, 20, 42].entries())
      entry.writeUInt32LE(wide ? 0xffffffff : (numbers[at] ?? 0), where);
    if (wide) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [at, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * at);
    }
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    bodies.push(local, path, packed);
    list.push(entry, path, extra);
    offset += local.length + path.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const count = Object.keys(files).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : count, 10);
  end.writeUInt32LE(wide ? 0xffffffff : offset, 16);
  if (!wide) return Buffer.concat([...bodies, directory, end]);
  const [end64, locator] = [Buffer.alloc(56), Buffer.alloc(20)];
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + directory.length), 8);
  return Buffer.concat([...bodies, directory, end64, locator, end]);
}

const record = (fixed: string) =>
  JSON.stringify({
    ...{ id: 'GHSA-1', details: 'long', modified: '2026-02-03T00:00:00Z', database_specific: { severity: 'HIGH' } },
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'flask' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });
const GOOD = zipOf({ 'GHSA-1.json': record('2.1.3'), 'readme.txt': 'x', 'RUST-1.json': '{"id": "RUST-1"}' });
const torn = Buffer.from(GOOD);
torn[60] = (torn[60] ?? 0) ^ 0xff;
const bomb = zipOf({ 'a.json': `"${'x'.repeat(3_000_000)}"` });

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const send =
  (body: Buffer): Answer =>
  (response) =>
    response.end(body);
/** What the mirror does: what is said of it. */
const FAILURES: Array<[what: string, answer: Answer, says: RegExp]> = [
  ['is not there', (response) => response.writeHead(404).end('no'), /answers 404/],
  [
    'sends on',
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/other' }).end(),
    /302, with another address/,
  ],
  [
    'breaks off',
    (response) => {
      response.writeHead(200, { 'content-length': GOOD.length });
      response.write(GOOD.subarray(0, 50));
      response.socket?.destroySoon();
    },
    /terminated|closed/,
  ],
  ['says nothing', (response) => void response.writeHead(200).write('P'), /not whole after/],
  ['is no archive', send(Buffer.from('<html>')), /no zip archive/],
  ['is cut', send(GOOD.subarray(0, GOOD.length - 30)), /no zip archive/],
  ['is torn', send(torn), /torn/],
  ['is too large', send(Buffer.alloc(2_100_000)), /more than 2 MiB/],
  ['unpacks to too much', send(bomb), /more than 2 MiB/],
  ['holds no JSON', send(zipOf({ 'a.json': '{' })), /"a\.json" in it is no JSON/],
  ['holds nothing', send(zipOf({ 'a.json': '{}' })), /no record about npm/],
  ['says that nothing is new, unasked', (response) => response.writeHead(304).end(), /nothing was fetched before/],
];

test('over HTTP: fetched when asked, kept when nothing is newer, and left as it was by every fault', async () => {
  let answer: Answer = send(GOOD);
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/PyPI/all.zip?key=1`;
  const update = async (crew: Crew) =>
    (await updateMirrors(crew, { timeout: 400, bytes: 2 * 1024 ** 2 }))[0] as MirrorRow;
  try {
    const config = `agents: { enabled: [SecurityGuardian], SecurityGuardian: { osv_mirror: ['${url}'] } }\n`;
    const repo = makeRepository({ files: { 'requirements.txt': 'flask==2.1.0\n', '.ambient.yml': config } });
    const head = repo.git('rev-parse', 'HEAD');
    const inCrew = <T>(work: (crew: Crew) => Promise<T>) => withCrew({ dir: repo.dir }, work);
    const look = () => inCrew((crew) => diagnose(crew, head, { kind: 'all', paths: [] }));
    // What nobody trusts asks nobody.
    await inCrew(async (crew) => assert.equal(await updateMirrors(crew), []));
    const repository = await openRepository(repo.dir);
    await trustConfiguration(repository);
    await repository.close();
    assert.match((await look()).missing[0]?.reason ?? '', /not fetched yet/);
    assert.is(asked.length, 0);

    await inCrew(async (crew) => {
      for (const [what, fault, says] of FAILURES) {
        answer = fault;
        const row = await update(crew);
        assert.equal([row.outcome, row.advisories, row.fetched_at], ['failed', 0, null], what);
        assert.match(row.reason ?? '', says, what);
      }
    });
    answer = (response) => response.writeHead(200, { etag: '"a"' }).end(GOOD);
    const first = await inCrew(update);
    assert.equal([first.outcome, first.advisories, first.source], ['updated', 1, url.replace('?key=1', '')]);
    assert.equal(
      (await look()).found.map(({ finding }) => finding.rule),
      ['dependency/flask'],
    );
    await inCrew(async (crew) => {
      const [probe] = (await ownProbes(crew)).filter(({ name }) => name === 'advisories');
      assert.equal(
        [probe?.level, probe?.message],
        ['ok', '1 for npm, PyPI and Go in a mirror, the newest of 2026-02-03'],
      );
    });
    answer = (response, request) => response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 500).end();
    assert.is((await inCrew(update)).outcome, 'current');
    await inCrew(async (crew) => {
      for (const [what, fault] of FAILURES.filter(([what]) => /torn|cut|nothing$/.test(what))) {
        answer = fault;
        const row = await update(crew);
        assert.equal([row.outcome, row.advisories, row.fetched_at], ['failed', 1, first.fetched_at], what);
      }
    });
    assert.equal((await look()).found.length, 1);
    assert.equal(fs.readdirSync(join(repo.dir, '.git/ambient/advisories')).length, 2);
    assert.ok(asked.every(({ method, url: path }) => method === 'GET' && path === '/PyPI/all.zip?key=1'));

    const file = join(repo.dir, '..', 'all.zip');
    fs.writeFileSync(file, zipOf({ 'GHSA-1.json': record('9.0') }, true));
    const flags = { 'agents.SecurityGuardian.osv_mirror': `${file},/no/such.zip` };
    await withCrew({ dir: repo.dir, flags }, async (crew) => {
      const rows = await updateMirrors(crew);
      assert.equal(
        rows.map(({ outcome, advisories }) => [outcome, advisories]),
        [
          ['updated', 1],
          ['failed', 0],
        ],
      );
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('an archive is read as it says, or not at all', () => {
  const read = (zip: Buffer) => [...entriesOf(zip)].map((entry) => [entry.name, entry.read().toString()]);
  const files = { 'a.json': '{}', 'é/b.json': 'x'.repeat(5000), empty: '' };
  for (const wide of [false, true]) assert.equal(read(zipOf(files, wide)), Object.entries(files));
  const zip = zipOf(files);
  for (let cut = 0; cut < zip.length; cut += 1) assert.throws(() => read(zip.subarray(0, cut)), 'archive');
  // Whatever a byte becomes: the files as they were, or a fault that is said.
  for (let at = 0; at < zip.length; at += 1) {
    const damaged = Buffer.from(zip);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    try {
      for (const [, text] of read(damaged)) assert.ok(Object.values(files).includes(text ?? ''));
    } catch (error) {
      assert.is((error as { code?: string }).code, 'bad-archive', `byte ${at}: ${error}`);
    }
  }
});

test.run();
