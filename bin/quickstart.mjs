#!/usr/bin/env node
// `npm run quickstart [-- <path>]`: sets up what is missing and shows the main job on a small project, or on a clone of
// yours. Rule: plain node, because it runs before the dependencies are there; your repository is only ever read.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const PATIENCE = 120_000;
const INSTALLERS = [
  {
    tool: 'apt-get',
    argv: ['apt-get', 'install', '-yq', '--no-install-recommends', 'bubblewrap'],
    before: ['apt-get', 'update', '-q'],
  },
  { tool: 'dnf', argv: ['dnf', 'install', '-y', 'bubblewrap'] },
  { tool: 'pacman', argv: ['pacman', '-S', '--noconfirm', 'bubblewrap'] },
  { tool: 'zypper', argv: ['zypper', '--non-interactive', 'install', 'bubblewrap'] },
  { tool: 'apk', argv: ['apk', 'add', 'bubblewrap'] },
];

main(process.argv[2]);

function main(target) {
  setUp();
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'git-ambient-quickstart-')));
  const demo = target === undefined ? makeSample(place) : cloneOf(resolve(target), place);
  say('');
  show(demo, 'git', ['ambient', 'init']);
  if (target === undefined) breakSample(demo);
  else show(demo, 'git', ['ambient', 'run', '--all']);
  const proposals = JSON.parse(run(demo, 'git', ['ambient', 'list', '--json']).stdout || '[]');
  show(demo, 'git', ['ambient', 'list']);
  if (proposals.length > 0) review(demo, proposals);
  else say(target === undefined ? '' : 'Nothing to propose: `git ambient findings --all` prints what was seen.');
  if (target === undefined) checkSample(demo, proposals);
  whatNext(demo, target);
}

/** Node, git, dependencies, build, sandbox: whatever is missing is installed, and said. */
function setUp() {
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (git.error) fail('git is not installed', 'install git 2.38 or newer');
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`node ${process.versions.node} is too old`, 'install node 20 or newer');
  if (!existsSync(join(root, 'node_modules', '@oclif'))) {
    say('Setting up: installing dependencies (npm ci)');
    step('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  }
  if (!existsSync(join(root, 'dist')) || !existsSync(join(root, 'oclif.manifest.json'))) {
    say('Setting up: building (npm run build)');
    step('npm', ['run', '--silent', 'build'], { cwd: root });
  }
  if (!onPath('bwrap')) installBubblewrap();
}

function installBubblewrap() {
  const installer = INSTALLERS.find((one) => onPath(one.tool));
  if (!installer)
    fail(
      'bubblewrap, the sandbox that checks run in, is not installed',
      'install `bubblewrap` with your package manager; on other systems than Linux there is no sandbox yet, and nothing runs without one',
    );
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  say(
    `Setting up: installing bubblewrap, the sandbox that checks run in (${[...asRoot, ...installer.argv].join(' ')})`,
  );
  for (const argv of [installer.before, installer.argv].filter(Boolean)) {
    const [file, ...args] = [...asRoot, ...argv];
    const result = spawnSync(file, args, {
      stdio: ['inherit', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (result.status !== 0 && argv === installer.argv)
      fail(
        `bubblewrap could not be installed: ${(result.stderr ?? '').trim().split('\n').at(-1)}`,
        `run \`${installer.argv.join(' ')}\` as root, then this again`,
      );
  }
}

/** A small shop in Python and TypeScript whose tests pass. */
function makeSample(place) {
  const dir = join(place, 'inventory');
  say(`A small project with tests, in ${dir}`);
  cpSync(join(root, 'templates/quickstart/first'), dir, { recursive: true });
  renameSync(join(dir, 'gitignore'), join(dir, '.gitignore'));
  for (const name of ['typescript', '@types/node', 'undici-types'])
    cpSync(join(root, 'node_modules', name), join(dir, 'node_modules', name), { recursive: true });
  mkdirSync(join(dir, 'node_modules/.bin'), { recursive: true });
  symlinkSync('../typescript/bin/tsc', join(dir, 'node_modules/.bin/tsc'));
  const demo = { place, dir, env: environment(place) };
  run(demo, 'git', ['init', '-q', '-b', 'main']);
  identify(demo);
  run(demo, 'git', ['add', '-A']);
  run(demo, 'git', ['commit', '-q', '-m', 'Inventory with tests']);
  return demo;
}

/** Commits code with defects that the tests do not see, and waits for the crew that the hook woke. */
function breakSample(demo) {
  cpSync(join(root, 'templates/quickstart/second'), demo.dir, { recursive: true });
  show(demo, 'git', ['add', '-A']);
  show(demo, 'git', ['commit', '-q', '-m', 'Search, and sessions for the shop']);
  say('The hook woke the crew; it works in the background. Waiting for it…\n');
  const started = Date.now();
  for (;;) {
    spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 400)']);
    const status = JSON.parse(run(demo, 'git', ['ambient', 'status', '--json']).stdout || '{}');
    if (status.last_error)
      fail(`the crew stopped: ${status.last_error.message}`, `look at \`git -C ${demo.dir} ambient doctor\``);
    if (status.last_cycle && !status.runner && !status.pending) return;
    if (Date.now() - started > PATIENCE)
      fail(`the crew did not finish within ${PATIENCE / 1000} s`, `look at \`git -C ${demo.dir} ambient status\``);
  }
}

/** A clone without hard links: nothing in it is shared with the original. Installed dependencies are copied along. */
function cloneOf(source, place) {
  const dir = join(place, basename(source) || 'repository');
  const demo = { place, dir: place, env: environment(place) };
  if (!existsSync(source)) fail(`there is no ${source}`, 'give the path of a git repository');
  say(`A clone of ${source}, in ${dir}: the original is not touched`);
  const clone = run(demo, 'git', ['clone', '-q', '--no-hardlinks', '--', source, dir]);
  if (clone.status !== 0)
    fail(`${source} could not be cloned: ${clone.stderr.trim()}`, 'give the path of a git repository');
  demo.dir = dir;
  identify(demo);
  for (const name of ['node_modules', '.venv', 'venv'])
    if (existsSync(join(source, name)) && !existsSync(join(dir, name)))
      cpSync(join(source, name), join(dir, name), { recursive: true, verbatimSymlinks: true });
  return demo;
}

function review(demo, proposals) {
  const order = ['low', 'medium', 'high', 'critical'];
  const first = [...proposals].sort((a, b) => order.indexOf(b.risk) - order.indexOf(a.risk))[0];
  show(demo, 'git', ['ambient', 'show', first.id]);
  const merged = show(demo, 'git', ['ambient', 'merge', first.id]);
  if (merged.status !== 0) fail('the proposal was not merged', 'the lines above say why');
  show(demo, 'git', ['log', '-1', '--stat']);
}

function checkSample(demo, proposals) {
  if (proposals.length === 0) fail('the crew proposed nothing', `look at \`git -C ${demo.dir} ambient doctor\``);
  for (const argv of [
    ['python3', '-m', 'unittest', '-q'],
    ['npm', 'test', '--silent'],
  ]) {
    if (!onPath(argv[0])) continue;
    const result = run(demo, argv[0], argv.slice(1));
    say(`$ ${argv.join(' ')}\n${result.status === 0 ? 'all tests pass' : result.stdout + result.stderr}\n`);
    if (result.status !== 0) fail(`${argv.join(' ')} fails after the merge`, `look into ${demo.dir}`);
  }
}

function whatNext(demo, target) {
  say(`That was all of it. What is left to try, in ${demo.dir}:
  export PATH="${join(demo.place, 'bin')}:$PATH"
  git ambient list          the other proposals
  git ambient show <id>     why, evaluation, diff
  git ambient reject <id> --reason "…"
${target === undefined ? '\nOn a clone of your own repository:\n  npm run quickstart -- <path>\n' : ''}
In your own repository, once \`npm install -g .\` has put git-ambient on your PATH:
  git ambient init`);
}

/** The user's own git configuration stays out of the demonstration; `git ambient` is found by its name on PATH. */
function environment(place) {
  const bin = join(place, 'bin');
  mkdirSync(bin);
  symlinkSync(join(root, 'bin/run.js'), join(bin, 'git-ambient'));
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  for (const name of Object.keys(env))
    if (/^(GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR)|AMBIENT_|npm_)/i.test(name)) delete env[name];
  return env;
}

function identify(demo) {
  run(demo, 'git', ['config', 'user.name', 'Quick Start']);
  run(demo, 'git', ['config', 'user.email', 'quickstart@example.invalid']);
}

function run(demo, file, args) {
  return spawnSync(file, args, { cwd: demo.dir, env: demo.env, encoding: 'utf8', maxBuffer: 1 << 28 });
}

function show(demo, file, args) {
  const quoted = args.map((arg) => (/[\s"]/.test(arg) ? JSON.stringify(arg) : arg));
  say(`$ ${[file, ...quoted].join(' ')}`);
  const result = run(demo, file, args);
  const output = `${result.stdout}${result.stderr}`.trimEnd();
  if (output !== '') say(output);
  say('');
  if (result.status !== 0 && !args.includes('merge'))
    fail(`${file} ${args[0]} ${args[1] ?? ''} ended with ${result.status}`, 'the lines above say why');
  return result;
}

function step(file, args, options) {
  const result = spawnSync(file, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) fail(`${file} ${args.join(' ')} failed`, 'the lines above say why');
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(message, hint) {
  process.stderr.write(`error: ${message}\n  → ${hint}\n`);
  process.exit(3);
}
