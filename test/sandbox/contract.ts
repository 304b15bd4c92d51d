/**
 * The contract suite of every driver. Rule: whatever a driver promises is seen on a real command; the attacks have a suite
 * of their own.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import type { Driver, Limits, SandboxRequest } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

interface Ground {
  slot: string;
  home: string;
}

const MIB = 1024 ** 2;
const LIMITS: Limits = {
  timeout: 20_000,
  memory: 256 * MIB,
  cpus: 1,
  pids: 60,
  output: MIB,
  diskBytes: 512 * MIB,
  diskEntries: 10_000,
  fileBytes: 256 * MIB,
};

/** Registers and runs the suite; `available` false skips it, visibly. */
export function driverSuite(name: string, make: () => Driver, available: boolean | string): void {
  const test = suite(`sandbox/${name}`);
  const check = available === true ? test : test.skip;
  let ground: Ground;
  if (typeof available === 'string')
    test(`was not run: ${available}`, () => assert.ok(available.length > 10, 'and says why'));
  const run = (argv: string[], limits: Partial<Limits> = {}, more: Partial<SandboxRequest> = {}) =>
    make().run({ argv, dir: ground.slot, ...more, limits: { ...LIMITS, ...limits } });
  const python = (code: string, limits: Partial<Limits> = {}) => run(['python3', '-c', code], limits);

  test.before(() => {
    if (available === true) ground = prepareGround();
  });

  check('the probe passes and names what it proved', async () => {
    const probe = await make().probe();
    assert.ok(probe.ok, JSON.stringify(probe));
    assert.match(probe.ok ? probe.digest : '', /^[0-9a-f]{16}$/);
  });

  check('passes on the exit code, both streams, the directory and the given environment', async () => {
    mkdirSync(join(ground.slot, 'sub'), { recursive: true });
    const script = 'pwd; echo "$GIVEN" >&2; echo made > made; exit 7';
    const result = await run(['sh', '-c', script], {}, { cwd: join(ground.slot, 'sub'), env: { GIVEN: 'a b' } });
    assert.is(result.code, 7);
    // At its own place, or as `/slot`.
    assert.ok([`${ground.slot}/sub\n`, '/slot/sub\n'].includes(result.stdout), result.stdout);
    assert.is(result.stderr, 'a b\n');
    assert.is(readFileSync(join(ground.slot, 'sub/made'), 'utf8'), 'made\n');
  });

  check('reads a file on its standard input when it is told to, and nothing otherwise', async () => {
    const stdin = join(ground.slot, 'question');
    writeFileSync(stdin, 'two words\n');
    assert.is((await run(['cat', '-'], {}, { stdin })).stdout, 'two words\n');
    assert.is((await run(['cat', '-'])).stdout, '');
    assert.is((await run(['sh', '-c', 'echo "$1"', 'x', '$(echo y)'], {}, { stdin })).stdout, '$(echo y)\n');
  });

  check('a command that ends with 1 is not a failed set-up, a missing one is', async () => {
    assert.equal(pick(await run(['false'])), { code: 1, setupError: null });
    const missing = await run(['no-such-program']);
    assert.is(missing.code, null);
    assert.match(missing.setupError ?? '', 'no-such-program');
    const directory = await run(['true'], {}, { dir: join(ground.home, 'gone') });
    assert.match(directory.setupError ?? '', 'gone');
  });

  check('threads and child processes work', async () => {
    const code = `import threading, subprocess
t = threading.Thread(target=lambda: print("thread", flush=True)); t.start(); t.join()
subprocess.run(["echo", "child"], check=True)`;
    assert.is((await python(code)).stdout, 'thread\nchild\n');
  });

  check('shows further paths read-only, also at another place', async () => {
    const path = join(ground.home, 'library');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'one'), 'content');
    const at = join(ground.slot, 'library');
    const script = 'cat library/one; echo x > library/two || echo closed';
    const result = await run(['sh', '-c', script], {}, { readOnly: [{ path, at }] });
    assert.is(result.stdout, 'contentclosed\n');
    assert.equal(readdirSync(path), ['one']);
  });

  for (const path of ['.ssh', '.git', 'docker.sock'])
    check(`never shows ${path}, asked or not`, async () => {
      const secretPath = join(ground.home, path);
      if (!existsSync(secretPath)) mkdirSync(secretPath);
      const result = await run(['true'], {}, { readOnly: [{ path: secretPath, at: '/tmp/innocent' }] });
      assert.match(result.setupError ?? '', 'private');
    });

  check('one memory hog ends as out of memory', async () => {
    const result = await python('a = []\nwhile True: a.append(bytearray(2**22))', { memory: 128 * MIB });
    assert.ok(result.oom, JSON.stringify(result));
    assert.is.not(result.code, 0);
  });

  check('many small hogs end as out of memory', async () => {
    const code = `import os, time
for _ in range(6):
  if os.fork() == 0:
    a = bytearray(b"x" * (60 * 2**20)); time.sleep(10); os._exit(0)
while True:
  try: os.wait()
  except ChildProcessError: break`;
    const result = await python(code, { memory: 200 * MIB });
    assert.ok(result.oom, JSON.stringify(result));
    assert.not((await python('a = bytearray(b"x" * (60 * 2**20))', { memory: 200 * MIB })).oom, 'control: one fits');
  });

  check('too many processes are an outcome of their own', async () => {
    const code = `import os, time
for _ in range(90):
  try:
    if os.fork() == 0: time.sleep(5); os._exit(0)
  except OSError: time.sleep(0.05)
time.sleep(2)`;
    const result = await python(code, { pids: 30 });
    assert.ok(result.pidsFull, JSON.stringify(result));
    assert.not(result.oom || result.timedOut || result.diskFull);
    assert.not((await python('import os\nos.wait() if os.fork() else os._exit(0)', { pids: 30 })).pidsFull, 'control');
  });

  check('a file that is too large is an outcome of its own, whether the program bears it or not', async () => {
    for (const bears of ['', 'import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n']) {
      const code = `${bears}f = open("large", "wb")\nfor _ in range(9): f.write(b"x" * 2**20); f.flush()`;
      const result = await python(code, { fileBytes: 4 * MIB });
      assert.ok(result.fileTooLarge, JSON.stringify(result));
      assert.is.not(result.code, 0);
      assert.is(statSync(join(ground.slot, 'large')).size, 4 * MIB);
      clear(ground.slot, 'large');
    }
    const small = await python('open("small", "wb").write(b"x" * 2**20)', { fileBytes: 4 * MIB });
    assert.equal([small.code, small.fileTooLarge], [0, false]);
    clear(ground.slot, 'small');
  });

  check('a flood of output is cut', async () => {
    const result = await python('import sys\nfor _ in range(3000): sys.stdout.write("x" * 1024)', { output: MIB });
    assert.is(result.stdout.length, MIB);
    assert.is(result.truncated, true);
    assert.is(result.code, 0);
    assert.is((await python('print("x")')).truncated, false);
  });

  check('bytes on the disk are capped', async () => {
    const code = `import time
for i in range(16): open(f"fill-{i}", "wb").write(b"x" * 2**21)
time.sleep(10)`;
    const result = await python(code, { diskBytes: 16 * MIB });
    assert.ok(result.diskFull, JSON.stringify(result));
    clear(ground.slot, 'fill-');
  });

  check('entries on the disk are capped, also of a command that ends by itself', async () => {
    const code = 'for i in range(900): open(f"many-{i}", "w").close()';
    const capped = await python(`${code}\nimport time; time.sleep(10)`, { diskEntries: 300 });
    assert.ok(capped.diskFull, JSON.stringify(capped));
    clear(ground.slot, 'many-');
    assert.not((await python(code)).diskFull);
    clear(ground.slot, 'many-');
  });

  check('the deadline ends everything, a daemon in a session of its own too', async () => {
    const beat = join(ground.slot, 'beat');
    const script = 'setsid sh -c "while :; do echo x >> beat; sleep 0.05; done" & sleep 60';
    const result = await run(['sh', '-c', script], { timeout: 700 });
    assert.is(result.timedOut, true);
    assert.is(result.code, null);
    assert.ok(result.duration < 5000);
    await standsStill(beat);
  });

  check('a command that ends takes its daemons along', async () => {
    const result = await run([
      'sh',
      '-c',
      'setsid sh -c "while :; do echo x >> late; sleep 0.05; done" >/dev/null 2>&1 & sleep 0.3',
    ]);
    assert.is(result.code, 0);
    await standsStill(join(ground.slot, 'late'));
  });

  check('an abort signal ends the command', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 200);
    try {
      await run(['sleep', '60'], {}, { signal: controller.signal });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, AmbientError);
      assert.is((error as AmbientError).code, 'aborted');
    }
  });

  check('runs do not disturb each other', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((n) => run(['sh', '-c', `sleep 0.1; echo ${n}; exit ${n}`])));
    assert.equal(
      results.map(({ code, stdout }) => [code, stdout.trim()]),
      [1, 2, 3, 4].map((n) => [n, String(n)]),
    );
  });

  check('reaping leaves what is alive alone', async () => {
    const running = run(['sh', '-c', 'sleep 0.5; echo done']);
    await sleep(200);
    await make().reap();
    assert.is((await running).stdout, 'done\n');
  });

  test.run();
}

function prepareGround(): Ground {
  const root = temporaryDirectory('ambient-sandbox-');
  const [slot, home] = [join(root, 'slot'), join(root, 'home')];
  for (const folder of [slot, home, join(home, '.ssh')]) mkdirSync(folder, { recursive: true });
  return { slot, home };
}

async function standsStill(path: string): Promise<void> {
  await sleep(100);
  const size = statSync(path).size;
  assert.ok(size > 0, 'control: it did write');
  await sleep(300);
  assert.is(statSync(path).size, size);
}

function clear(dir: string, prefix: string): void {
  execFileSync('find', [dir, '-maxdepth', '1', '-name', `${prefix}*`, '-delete']);
}

function pick({ code, setupError }: { code: number | null; setupError: string | null }) {
  return { code, setupError };
}
