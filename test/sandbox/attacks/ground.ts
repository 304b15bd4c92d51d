/**
 * The host that attacks are aimed at: a home with secrets, a repository, and a process that listens, shares memory and holds
 * the secret. Rule: it belongs to the user whose commands are judged, so that nothing but the sandbox stands in the way.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { randomId } from '../../../src/base/index.ts';
import { makeRepository, temporaryDirectory } from '../../support/repository.ts';
import type { AttackGround } from './attack.ts';

export interface Owner {
  uid: number;
  gid: number;
}

export interface PreparedGround extends AttackGround {
  /** What holds all of it. */
  root: string;
  slot: string;
  close(): void;
}

/** Prepares the ground for `owner`; `close` ends the process and its segments. */
export async function prepareGround(owner: Owner | null): Promise<PreparedGround> {
  const secret = `secret-${randomId()}`;
  const root = temporaryDirectory('ambient-attacks-');
  const [slot, home] = [join(root, 'slot'), join(root, 'home')];
  for (const folder of [slot, home, join(home, '.ssh'), join(slot, '.git/hooks')])
    mkdirSync(folder, { recursive: true });
  const config = `[remote "origin"]\n\turl = https://${secret}@example.test/x\n`;
  writeFileSync(join(home, '.ssh/id_ed25519'), secret);
  writeFileSync(join(slot, '.git/config'), config);
  const made = makeRepository({ files: { 'a.txt': 'a\n' } });
  const repository = join(root, 'repository');
  execFileSync('cp', ['-a', made.dir, repository]);
  made.remove();
  writeFileSync(join(repository, '.git/config'), config, { flag: 'a' });
  if (owner) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, root]);
  execFileSync('chmod', ['755', root]);
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  const names = {
    abstract: `ambient-${randomId()}`,
    posix: `ambient-${randomId()}`,
    messages: `/ambient-${randomId()}`,
  };
  const env = { PATH: '/usr/bin:/bin', HOST_SECRET: secret };
  const host = spawn(
    '/usr/bin/python3',
    ['-c', HOST, JSON.stringify({ home, secret, address: address ?? '', ...names })],
    {
      ...{ stdio: ['ignore', 'pipe', 'inherit'], env, cwd: '/' },
      ...(owner ?? {}),
    },
  ) as ChildProcess;
  const said = await firstLine(host);
  const open = JSON.parse(said) as Pick<AttackGround, 'tcp' | 'tcp6' | 'udp' | 'segment' | 'queue'>;
  const close = () => {
    host.kill('SIGKILL');
    for (const argv of [
      ['ipcrm', '-m', String(open.segment)],
      ['ipcrm', '-q', String(open.queue)],
      ['rm', '-f', `/dev/shm/${names.posix}`],
    ])
      execFileSync(argv[0] ?? '', argv.slice(1));
    execFileSync('/usr/bin/python3', ['-c', `import ctypes; ctypes.CDLL(None).mq_unlink(b"${names.messages}")`]);
  };
  const ground = { home, repository, secret, address: address ?? '', victim: host.pid ?? 0, ...names, ...open };
  return { ...ground, root, slot, close };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.on('close', () => reject(new Error('the host of the attacks ended')));
  });
}

const HOST = `
import array, ctypes, json, os, selectors, socket, sys
g = json.loads(sys.argv[1])
secret = g["secret"].encode()
libc = ctypes.CDLL(None, use_errno=True)
keep = bytearray(secret)
held = open(g["home"] + "/.ssh/id_ed25519")
def listen(family, where):
  s = socket.socket(family); s.bind(where); s.listen(64); return s
tcp = listen(socket.AF_INET, ("127.0.0.1", 0))
try: tcp6 = listen(socket.AF_INET6, ("::1", 0))
except OSError: tcp6 = None
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("0.0.0.0", 0))
unix = listen(socket.AF_UNIX, g["home"] + "/docker.sock")
abstract = listen(socket.AF_UNIX, "\\0" + g["abstract"])
segment = libc.shmget(0, 4096, 0o1600); at = libc.shmat; at.restype = ctypes.c_void_p
ctypes.memmove(at(segment, None, 0), secret, len(secret))
queue = libc.msgget(0, 0o1600); libc.msgsnd(queue, ctypes.create_string_buffer(b"\\1" + bytes(7) + secret), len(secret), 0)
with open("/dev/shm/" + g["posix"], "wb") as f: f.write(secret)
messages = libc.mq_open(g["messages"].encode(), os.O_CREAT | os.O_RDWR, 0o600, None)
print(json.dumps({"tcp": tcp.getsockname()[1], "tcp6": tcp6.getsockname()[1] if tcp6 else 0, "udp": udp.getsockname()[1], "segment": segment, "queue": queue}), flush=True)
s = selectors.DefaultSelector()
for one in filter(None, (tcp, tcp6, udp, unix, abstract)): s.register(one, selectors.EVENT_READ)
while True:
  for key, _ in s.select():
    one = key.fileobj
    if one is udp:
      data, who = udp.recvfrom(512); udp.sendto(data, who)
      continue
    c, _ = one.accept()
    if one is unix:
      c.settimeout(1)
      try: c.recv(9); c.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [held.fileno()]))])
      except OSError: pass
    c.close()
`;
