/** What a sandboxed check asks of the driver and believes of its answer. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Dependency, openSlots, type RunnableCheck, sandboxedCheck } from '../../src/evaluate/index.ts';
import type { Repository } from '../../src/git/index.ts';
import { limitsFrom, type SandboxRequest, type SandboxResult } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('evaluate/sandboxed-check');
const PYTEST: RunnableCheck = {
  ...{
    name: 'pytest',
    kind: 'tests',
    asked: ['pytest'],
    argv: ['python3', '-m', 'pytest', '--junitxml={report}'],
    env: {},
  },
  ...{
    pythonPath: ['src', '.'],
    lent: [],
    report: 'pytest',
    program: { path: 'python3', stamp: '3.11', modules: {} },
    runnable: true,
  },
};
const ended = (more: Partial<SandboxResult> = {}): SandboxResult => ({
  ...{
    code: 0,
    signal: null,
    timedOut: false,
    oom: false,
    diskFull: false,
    fileTooLarge: false,
    pidsFull: false,
    truncated: false,
    setupError: null,
  },
  ...{ stdout: '', stderr: '', duration: 12 },
  ...more,
});
type Act = (request: SandboxRequest) => Partial<SandboxResult>;
const reportOf = ({ argv, cwd }: SandboxRequest) =>
  join(cwd ?? '', argv.find((word) => word.startsWith('--junitxml='))?.slice('--junitxml='.length) ?? '');

function checkWith(
  act: Act,
  more: { detected?: Partial<RunnableCheck>; dependencies?: Dependency[]; sandbox?: string } = {},
) {
  const requests: SandboxRequest[] = [];
  const trees: string[] = [];
  const scrubbed: string[] = [];
  const root = join(temporaryDirectory(), 'slots');
  const slots: Repository['slots'] = {
    checkout: async (_dir, tree) => void trees.push(tree),
    scrub: async (dir) => void scrubbed.push(dir),
  };
  const check = sandboxedCheck({
    detected: { ...PYTEST, ...more.detected },
    driver: {
      run: async (request) => {
        requests.push(request);
        return ended(act(request));
      },
    },
    repository: { slots },
    ...{
      sandbox: more.sandbox ?? 's1',
      slots: openSlots(root),
      limits: limitsFrom(),
      dependencies: more.dependencies ?? [],
    },
    readOnly: ['/opt/tool'],
  });
  return { check, requests, trees, scrubbed, slots, root };
}

test('the tree is checked out, the command runs in it with the slot first on PYTHONPATH', async () => {
  const dependency = { path: '/home/me/project/node_modules', at: 'node_modules', stamp: '1' };
  const { check, requests, trees, root } = checkWith(() => ({}), {
    detected: { cwd: 'sub' },
    dependencies: [dependency],
  });
  const judged = await check.judge('t1', {});
  assert.equal([judged.outcome, judged.duration, trees], ['passed', 12, ['t1']]);
  const [request] = requests;
  const dir = join(root, '0');
  assert.equal([request?.dir, request?.cwd], [dir, join(dir, 'sub')]);
  assert.is(request?.env?.['PYTHONPATH'], `${dir}/src:${dir}`);
  assert.equal(request?.readOnly, [
    { path: dependency.path, at: `${dir}/node_modules` },
    { path: '/opt/tool', at: '/opt/tool' },
  ]);
});

test('the report has another name each time and is read', async () => {
  const names: string[] = [];
  const { check } = checkWith((request) => {
    names.push(reportOf(request));
    writeFileSync(reportOf(request), '<testcase classname="m" name="a"/>');
    return {};
  });
  assert.equal((await check.judge('t1', {})).tests, { 'm::a': 'passed' });
  await check.judge('t1', {});
  assert.is.not(names[0], names[1]);
});

test('a credential that a check prints goes no further, from no stream and not from the report', async () => {
  const secret = `gh${'p_'}${'q8Zr2vLx0TnB5kWd'.repeat(3).slice(0, 36)}`;
  for (const reported of [true, false]) {
    const { check } = checkWith((request) => {
      if (reported)
        writeFileSync(
          reportOf(request),
          `<testcase classname="m" name="a[${secret}]"><failure message="E ${secret}"/></testcase>`,
        );
      return { code: 1, stdout: `E assert ${secret}\n`, stderr: `boom ${secret}\n` };
    });
    const judged = await check.judge('t1', {});
    assert.is(judged.outcome === 'passed', false);
    assert.not(JSON.stringify(judged).includes(secret), JSON.stringify(judged));
  }
});

const PLANTED: Array<[what: string, plant: (path: string) => void]> = [
  ['a symlink', (path) => symlinkSync('/etc/passwd', path)],
  ['a directory', (path) => mkdirSync(path)],
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  [
    'a huge file',
    (path) => {
      writeFileSync(path, '<testcase name="a"/>');
      truncateSync(path, 2 ** 31);
    },
  ],
];
for (const [what, plant] of PLANTED)
  test(`${what} in place of the report is not read`, async () => {
    const { check } = checkWith((request) => {
      plant(reportOf(request));
      return { code: 1 };
    });
    const judged = await check.judge('t1', {});
    assert.equal([judged.outcome, judged.tests], ['failed', {}]);
  });

test('the detail is the tail, without the paths of this machine', async () => {
  const { check } = checkWith(({ dir }) => ({
    code: 1,
    stdout: `${'é'.repeat(9000)}\n${dir}/app.py:3: oops in ${dir}\n`,
  }));
  const { detail } = await check.judge('t1', {});
  assert.match(detail, /app\.py:3: oops in \.$/);
  assert.ok(Buffer.byteLength(detail) <= 4096, `${Buffer.byteLength(detail)} bytes`);
  assert.not.match(detail, /\uFFFD|ambient-test/);
});

test('what a check leaves is taken away at once, also when it was ended; what cannot be is given up whole', async () => {
  const { check, scrubbed, root } = checkWith(() => ({ code: 1, diskFull: true }));
  assert.is((await check.judge('t1', {})).outcome, 'error');
  assert.equal(scrubbed, [join(root, '0')]);
  const stuck = checkWith((request) => {
    writeFileSync(join(request.dir, 'left'), '');
    return { code: 1 };
  });
  stuck.slots.scrub = async () => {
    throw new Error('no room to work in');
  };
  await stuck.check.judge('t1', {});
  assert.not.ok(existsSync(join(stuck.root, '0')));
});

test('an abort is an error, whatever the driver answered', async () => {
  const controller = new AbortController();
  const { check } = checkWith(() => {
    controller.abort();
    return { code: 0 };
  });
  try {
    await check.judge('t1', { signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'aborted');
  }
});

test('the digest changes with whatever decides the answer, and with nothing else', () => {
  const digestOf = (more: Parameters<typeof checkWith>[1] = {}) => checkWith(() => ({}), more).check.digest;
  const dependency = (stamp: string) => ({ dependencies: [{ path: '/p/node_modules', at: 'node_modules', stamp }] });
  const digests = [
    digestOf(),
    digestOf({ sandbox: 's2' }),
    digestOf({ detected: { argv: ['python3', '-m', 'pytest', '-x'] } }),
    digestOf({ detected: { program: { path: 'python3', stamp: '3.12', modules: {} } } }),
    digestOf(dependency('1')),
    digestOf(dependency('2')),
  ];
  assert.is(new Set(digests).size, digests.length);
  assert.is(digestOf(), digests[0]);
});

test('a check that cannot run says so and starts nothing', async () => {
  const check = sandboxedCheck({
    detected: { name: 'pytest', kind: 'tests', argv: ['pytest'], runnable: false, reason: 'pytest is not installed' },
    driver: { run: async () => assert.unreachable() as never },
    repository: { slots: { checkout: async () => assert.unreachable(), scrub: async () => assert.unreachable() } },
    ...{ sandbox: '', slots: openSlots('/nowhere'), limits: limitsFrom(), dependencies: [] },
  });
  const judged = await check.judge('t1', {});
  assert.equal([judged.outcome, judged.detail], ['absent', 'pytest is not installed']);
});

test('compilers get what they need: more room, as many jobs as there are processors', async () => {
  const limits = async (report: RunnableCheck['report']) => {
    const { check, requests } = checkWith(() => ({ stdout: '' }), { detected: { report } });
    await check.judge('tree', {});
    return requests[0];
  };
  const [plain, go, cargo] = [await limits('pytest'), await limits('go'), await limits('cargo')];
  assert.is(go?.limits.output, 16 * 1024 * 1024);
  assert.ok((cargo?.limits.diskBytes ?? 0) > (plain?.limits.diskBytes ?? 0));
  assert.is(cargo?.limits.memory, plain?.limits.memory);
  assert.is(go?.env?.['GOMAXPROCS'], '2');
  assert.is(cargo?.env?.['CARGO_BUILD_JOBS'], '2');
});

test.run();
