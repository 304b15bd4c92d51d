/** A slot holds exactly its tree again, whatever a hostile check left in it. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tellsTouched } from '../../src/git/slot-manifest.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';
import { open } from './support.ts';

const test = suite('git/slots');
/** Elsewhere (tmpfs, overlay) nothing can be kept, and every slot is made anew. */
const keeps = await tellsTouched(temporaryDirectory());
const testKept = (name: string, body: () => Promise<void>) =>
  keeps ? test(name, body) : test.skip(`on a file system that does not tell every change: ${name}`, () => {});
const FILES = {
  'a.txt': 'aaaa\n',
  'dir/b.txt': 'b\n',
  'dir/sub/c.txt': 'c\n',
  'ü "q"\n.txt': 'odd\n',
  'empty.txt': '',
};

/** Path → what stands there, of everything below `dir`, links not followed. */
function contents(dir: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of fs.readdirSync(join(dir, prefix), { withFileTypes: true })) {
    const path = join(prefix, entry.name);
    const full = join(dir, path);
    if (entry.isDirectory()) Object.assign(found, { [`${path}/`]: 'directory' }, contents(dir, path));
    else if (entry.isSymbolicLink()) found[path] = `-> ${fs.readlinkSync(full)}`;
    else if (entry.isFile())
      found[path] = `${(fs.statSync(full).mode & 0o7100).toString(8)} ${fs.readFileSync(full, 'utf8')}`;
    else found[path] = 'special';
  }
  return found;
}

async function prepare(files: Record<string, string> = FILES) {
  const repository = makeRepository({ files });
  if ('dir/b.txt' in files) fs.chmodSync(join(repository.dir, 'dir/b.txt'), 0o755);
  repository.commit('modes');
  const opened = await open(repository);
  const slot = join(temporaryDirectory(), 'slot 1');
  const checkout = (revision = 'HEAD') =>
    opened.slots.checkout(slot, repository.git('rev-parse', `${revision}^{tree}`));
  return { repository, opened, slot, checkout };
}

test('exactly the files of the tree, no .git, and on to another tree', async () => {
  const { repository, opened, slot, checkout } = await prepare();
  await checkout();
  const first = contents(slot);
  assert.equal(first, {
    ...{ 'a.txt': '0 aaaa\n', 'dir/': 'directory', 'dir/b.txt': '100 b\n', 'dir/sub/': 'directory' },
    ...{ 'dir/sub/c.txt': '0 c\n', 'empty.txt': '0 ', 'ü "q"\n.txt': '0 odd\n' },
  });
  repository.exec(['rm', '-r', 'dir']);
  repository.commit('second', { dir: 'now a file\n', 'a.txt': 'changed\n' });
  const untouched = fs.statSync(join(slot, 'empty.txt'), { bigint: true }).ctimeNs;
  await checkout();
  assert.equal([contents(slot)['dir'], contents(slot)['a.txt']], ['0 now a file\n', '0 changed\n']);
  const after = fs.statSync(join(slot, 'empty.txt'), { bigint: true }).ctimeNs;
  if (keeps) assert.is(after, untouched, 'only differences are written');
  await checkout('HEAD^');
  assert.equal(contents(slot), first);
  assert.is(repository.git('status', '--porcelain'), '');
  assert.is(repository.git('worktree', 'list').split('\n').length, 1);
  await opened.close();
});

/** False where the file system has no attributes. */
function setAttribute(path: string): boolean {
  const script = 'import os,sys\ntry: os.setxattr(sys.argv[1],"user.seen",b"1"); print(1)\nexcept OSError: print(0)';
  return execFileSync('python3', ['-c', script, path]).toString().trim() === '1';
}

const HOSTILE: Array<[name: string, plant: (slot: string, outside: string) => void]> = [
  [
    'new files, links, a nested repository',
    (slot, outside) => {
      fs.writeFileSync(join(slot, 'dir/new.txt'), 'x');
      fs.symlinkSync(outside, join(slot, 'link'));
      execFileSync('git', ['init', '-q', join(slot, 'dir/sub')]);
      execFileSync('git', ['init', '-q', slot]);
      fs.writeFileSync(join(slot, '.git/config'), '[core]\n\tbare = true\n\tworktree = /\n');
    },
  ],
  [
    'a directory replaced by a link that leads out',
    (slot, outside) => {
      fs.rmSync(join(slot, 'dir'), { recursive: true });
      fs.mkdirSync(join(outside, 'sub'));
      fs.symlinkSync(outside, join(slot, 'dir'));
    },
  ],
  [
    'a file replaced by a link, a hard link, a directory, a pipe',
    (slot, outside) => {
      for (const path of ['a.txt', 'dir/b.txt', 'dir/sub/c.txt', 'empty.txt']) fs.rmSync(join(slot, path));
      fs.symlinkSync(join(outside, 'precious.txt'), join(slot, 'a.txt'));
      fs.linkSync(join(outside, 'precious.txt'), join(slot, 'dir/b.txt'));
      fs.mkdirSync(join(slot, 'dir/sub/c.txt'));
      execFileSync('mkfifo', [join(slot, 'empty.txt')]);
    },
  ],
  [
    'set-uid and read-only',
    (slot) => {
      fs.chmodSync(join(slot, 'a.txt'), 0o4755);
      fs.chmodSync(join(slot, 'dir/b.txt'), 0o444);
      fs.mkdirSync(join(slot, 'locked/inner'), { recursive: true });
      fs.writeFileSync(join(slot, 'locked/inner/file'), 'x', { mode: 0o400 });
      fs.chmodSync(join(slot, 'locked/inner'), 0o000);
      fs.chmodSync(join(slot, 'locked'), 0o500);
      fs.chmodSync(join(slot, 'dir/sub'), 0o555);
      fs.chmodSync(slot, 0o555);
    },
  ],
  [
    'content of the same size under a forged time',
    (slot) => {
      const { atime, mtime } = fs.statSync(join(slot, 'a.txt'));
      fs.writeFileSync(join(slot, 'a.txt'), 'evil\n');
      fs.utimesSync(join(slot, 'a.txt'), atime, mtime);
    },
  ],
  [
    'another file moved in under a forged time',
    (slot) => {
      const { atime, mtime } = fs.statSync(join(slot, 'a.txt'));
      fs.writeFileSync(join(slot, 'evil'), 'evil\n');
      fs.utimesSync(join(slot, 'evil'), atime, mtime);
      fs.renameSync(join(slot, 'evil'), join(slot, 'a.txt'));
    },
  ],
  [
    'names that are not text',
    (slot) => {
      const odd = Buffer.concat([Buffer.from(`${slot}/`), Buffer.from([0xff, 0xfe, 0x0a])]);
      fs.mkdirSync(odd);
      fs.writeFileSync(Buffer.concat([odd, Buffer.from([0x2f, 0xc3])]), 'x');
    },
  ],
  [
    'a nesting that no path can name',
    (slot) => {
      const script = 'cd "$1"; i=0; while [ $i -lt 60 ]; do mkdir -p "$2"; cd -P "$2"; i=$((i+1)); done';
      execFileSync('sh', ['-c', script, 'sh', slot, 'n'.repeat(200)]);
    },
  ],
  [
    'content changed in place in the very moment after the checkout',
    (slot) => {
      const { atime, mtime } = fs.statSync(join(slot, 'a.txt'));
      const file = fs.openSync(join(slot, 'a.txt'), 'r+');
      fs.writeSync(file, 'evil', 0);
      fs.futimesSync(file, atime, mtime);
      fs.closeSync(file);
    },
  ],
  [
    'content changed through a mapping',
    (slot) => {
      const script =
        'import mmap,os,sys\ns=os.stat(sys.argv[1])\nf=open(sys.argv[1],"r+b")\nm=mmap.mmap(f.fileno(),4)\nm[0:4]=b"evil"\n' +
        'm.flush()\nos.utime(sys.argv[1],ns=(s.st_atime_ns,s.st_mtime_ns))';
      execFileSync('python3', ['-c', script, join(slot, 'a.txt')]);
    },
  ],
  [
    'files and folders that change places',
    (slot) => {
      fs.renameSync(join(slot, 'a.txt'), join(slot, 'x'));
      fs.renameSync(join(slot, 'empty.txt'), join(slot, 'a.txt'));
      fs.renameSync(join(slot, 'x'), join(slot, 'empty.txt'));
      fs.renameSync(join(slot, 'dir/sub'), join(slot, 'sub'));
      fs.mkdirSync(join(slot, 'dir/sub'));
      fs.renameSync(join(slot, 'sub/c.txt'), join(slot, 'dir/sub/c.txt'));
    },
  ],
  [
    'a second name for a file, kept and given up again',
    (slot) => {
      fs.linkSync(join(slot, 'a.txt'), join(slot, 'dir/second'));
      fs.linkSync(join(slot, 'empty.txt'), join(slot, 'gone'));
      fs.unlinkSync(join(slot, 'gone'));
    },
  ],
  [
    'nothing may be read any more',
    (slot) => {
      fs.chmodSync(join(slot, 'dir/b.txt'), 0o000);
      fs.chmodSync(join(slot, 'dir/sub'), 0o000);
      fs.chmodSync(join(slot, 'dir'), 0o000);
      fs.chmodSync(slot, 0o000);
    },
  ],
  [
    'a huge file with nothing in it, one that is written, and one grown',
    (slot) => {
      fs.truncateSync(join(slot, 'a.txt'), 2 ** 40);
      fs.writeFileSync(join(slot, 'sparse'), '');
      fs.truncateSync(join(slot, 'sparse'), 2 ** 40);
      fs.writeFileSync(join(slot, 'dir/large'), Buffer.alloc(2 ** 20, 1));
    },
  ],
  [
    'empty folders, and ten thousand files in one',
    (slot) => {
      fs.mkdirSync(join(slot, 'node_modules/.cache'), { recursive: true });
      fs.mkdirSync(join(slot, 'dir/many'));
      for (let at = 0; at < 10_000; at++) fs.writeFileSync(join(slot, `dir/many/${at}`), '');
    },
  ],
  [
    'a socket, and a device where that is allowed',
    (slot) => {
      const script = 'import socket,sys\nsocket.socket(socket.AF_UNIX).bind(sys.argv[1])';
      execFileSync('python3', ['-c', script, 's'], { cwd: slot });
      try {
        execFileSync('mknod', [join(slot, 'dir/null'), 'c', '1', '3'], { stdio: 'ignore' });
      } catch {}
    },
  ],
  [
    'attributes and rights that stick to a folder',
    (slot) => {
      setAttribute(join(slot, 'dir'));
      setAttribute(join(slot, 'dir/b.txt'));
      fs.chmodSync(join(slot, 'dir/sub'), 0o2777);
    },
  ],
  ['everything gone', (slot) => fs.rmSync(slot, { recursive: true })],
  [
    'the slot is a link itself',
    (slot, outside) => {
      fs.rmSync(slot, { recursive: true });
      fs.symlinkSync(outside, slot);
    },
  ],
  ['a damaged index', (slot) => fs.writeFileSync(`${slot}.index`, 'DIRC nonsense')],
];
for (const [name, plant] of HOSTILE)
  test(`hostile: ${name}`, async () => {
    const { opened, slot, checkout } = await prepare();
    const outside = temporaryDirectory();
    fs.writeFileSync(join(outside, 'precious.txt'), 'precious\n');
    await checkout();
    const before = contents(slot);
    const unharmed = () => {
      assert.equal(contents(slot), before);
      assert.is(fs.readFileSync(join(outside, 'precious.txt'), 'utf8'), 'precious\n');
      assert.is(fs.statSync(join(outside, 'precious.txt')).mode & 0o777, 0o644);
      assert.equal(fs.readdirSync(join(slot, '..')).sort(), ['slot 1', 'slot 1.index']);
    };
    plant(slot, outside);
    await opened.slots.scrub(slot);
    const left = fs.existsSync(slot) ? contents(slot) : {};
    for (const [path, what] of Object.entries(left)) assert.is(what, before[path], `${path} after the scrub`);
    await checkout();
    unharmed();
    fs.rmSync(join(outside, 'sub'), { recursive: true, force: true });
    plant(slot, outside);
    await checkout();
    unharmed();
    await opened.close();
  });

testKept('what sticks to a folder is gone with it', async () => {
  const { opened, slot, checkout } = await prepare();
  await checkout();
  const attributes = () =>
    execFileSync('python3', ['-c', 'import os,sys\nprint(os.listxattr(sys.argv[1]))', join(slot, 'dir')]).toString();
  if (setAttribute(join(slot, 'dir'))) assert.match(attributes(), 'user.seen');
  await opened.slots.scrub(slot);
  assert.not.match(attributes(), 'user.seen');
  await opened.close();
});

testKept('a scrub keeps what was not touched, and the directory itself', async () => {
  const { opened, slot, checkout } = await prepare();
  await checkout();
  const identity = (path: string) => {
    const { ino, ctimeNs } = fs.lstatSync(join(slot, path), { bigint: true });
    return `${ino} ${ctimeNs}`;
  };
  const [kept, top] = [identity('dir/sub/c.txt'), fs.statSync(slot).ino];
  fs.writeFileSync(join(slot, 'a.txt'), 'evil\n');
  fs.writeFileSync(join(slot, 'new.txt'), 'new\n');
  await opened.slots.scrub(slot);
  assert.equal([identity('dir/sub/c.txt'), fs.statSync(slot).ino], [kept, top]);
  assert.not.ok(fs.existsSync(join(slot, 'a.txt')) || fs.existsSync(join(slot, 'new.txt')));
  await checkout();
  assert.equal([identity('dir/sub/c.txt'), fs.statSync(slot).ino], [kept, top]);
  assert.is(fs.readFileSync(join(slot, 'a.txt'), 'utf8'), 'aaaa\n');
  await opened.close();
});

test('what a killed process left is not believed, though it looks right', async () => {
  const { repository, opened, slot, checkout } = await prepare();
  await checkout();
  const before = contents(slot);
  const inode = fs.statSync(slot).ino;
  fs.writeFileSync(join(slot, 'dir/new.txt'), 'x');
  const another = await open(repository);
  await another.slots.checkout(slot, repository.git('rev-parse', 'HEAD^{tree}'));
  assert.equal(contents(slot), before);
  assert.is.not(fs.statSync(slot).ino, inode, 'whoever is still in the old directory writes nowhere');
  // And for the first one it is a stranger's by now.
  fs.writeFileSync(join(slot, 'dir/b.txt'), 'c\n');
  await checkout();
  assert.equal(contents(slot), before);
  for (const one of [opened, another]) await one.close();
});

test('attributes hold for files that did not change: another .gitattributes, another slot', async () => {
  const { repository, opened, slot, checkout } = await prepare();
  repository.commit('endings', { '.gitattributes': '*.txt text eol=crlf\n' });
  await checkout('HEAD^');
  await checkout('HEAD');
  assert.is(fs.readFileSync(join(slot, 'dir/sub/c.txt'), 'utf8'), 'c\r\n');
  await checkout('HEAD^');
  assert.is(fs.readFileSync(join(slot, 'dir/sub/c.txt'), 'utf8'), 'c\n');
  await opened.close();
});

test('where change times cannot be believed, a slot is built anew each time', async () => {
  if (!fs.existsSync('/dev/shm')) return;
  const repository = makeRepository({ files: FILES });
  const opened = await open(repository);
  const root = fs.mkdtempSync('/dev/shm/slots-');
  try {
    const slot = join(root, '0');
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    await opened.slots.checkout(slot, tree);
    const identity = fs.statSync(join(slot, 'a.txt'), { bigint: true });
    await opened.slots.scrub(slot);
    assert.equal(fs.readdirSync(slot), []);
    await opened.slots.checkout(slot, tree);
    assert.is.not(fs.statSync(join(slot, 'a.txt'), { bigint: true }).ctimeNs, identity.ctimeNs);
    assert.is(contents(slot)['a.txt'], '0 aaaa\n');
  } finally {
    fs.rmSync(root, { recursive: true });
    await opened.close();
  }
});

function addLink(repository: TestRepository, path: string, target: string): void {
  fs.mkdirSync(join(repository.dir, path, '..'), { recursive: true });
  fs.symlinkSync(target, join(repository.dir, path));
}

test('links that stay inside come along; those that lead out and submodules do not', async () => {
  const { repository, opened, slot, checkout } = await prepare();
  const inside = {
    'in.txt': 'a.txt',
    'dir/up': '../a.txt',
    'dir/sub/dir': '..',
    dangling: 'none.txt',
    'via/dir': '../dir',
  };
  const outside = {
    ...{
      absolute: '/etc/passwd',
      up: '../x',
      'dir/far': 'sub/../../../x',
      chain: 'dir/sub/dir/../../..',
      loop: 'loop',
    },
    ...{ 'dir/sneaky': 'sub/dir/../../x', git: '.git/config' },
  };
  for (const [path, target] of Object.entries({ ...inside, ...outside })) addLink(repository, path, target);
  repository.git('init', '-q', 'submodule');
  repository.exec([
    'git',
    '-C',
    'submodule',
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@x',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'x',
  ]);
  repository.commit('links');
  assert.match(repository.git('ls-tree', 'HEAD', 'submodule'), /^160000/);
  await checkout();
  const found = contents(slot);
  const links = Object.entries(found).filter(([, what]) => what.startsWith('-> '));
  assert.equal(
    Object.fromEntries(links),
    Object.fromEntries(Object.entries(inside).map(([path, target]) => [path, `-> ${target}`])),
  );
  assert.not.ok('submodule/' in found);
  await checkout();
  assert.equal(contents(slot), found);
  await opened.close();
});

test('in a sparse checkout, with line endings of the user’s, the slot is whole', async () => {
  const { repository, opened, slot, checkout } = await prepare();
  repository.git('config', 'core.autocrlf', 'true');
  repository.git('sparse-checkout', 'set', 'none');
  await checkout();
  assert.is(contents(slot)['dir/sub/c.txt'], '0 c\n');
  await opened.close();
});

test('a thousand files: going back and forth writes only the difference', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`d${index % 30}/f${index}.txt`, `${index}\n`]),
  );
  const { repository, opened, slot, checkout } = await prepare(many);
  await checkout();
  repository.commit('one', { 'd1/f1.txt': 'changed\n' });
  await checkout();
  assert.is(contents(slot)['d1/f1.txt'], '0 changed\n');
  await opened.close();
});

test.run();
