/**
 * What an attack is. Rule: each prints RAN when it starts and REACHED when it got through; run without the sandbox it must
 * get through, or it would prove nothing.
 */
export interface AttackGround {
  /** A home outside of the slot, with secrets. */
  home: string;
  /** A repository outside of the slot. */
  repository: string;
  /** Ports of listeners: on the loopback of the host by TCP, by TCP over IPv6 (0: none), by UDP at its own address. */
  tcp: number;
  tcp6: number;
  udp: number;
  /** An address of the host that is no loopback, if it has one. */
  address: string;
  /** Name of a listening abstract socket. */
  abstract: string;
  /** Pid of a process of the host that holds the secret in its memory, its environment and an open file. */
  victim: number;
  /** Id of a System V segment and of a queue of the host; names of a POSIX segment and a message queue. */
  segment: number;
  queue: number;
  posix: string;
  messages: string;
  secret: string;
}

export interface Attack {
  name: string;
  /** Python, with `g` as the ground, and `bare` when it is the control; raising is failing. */
  script: string;
  /** Who gets through without a sandbox; `some`: depends on the kernel, so the control is only reported. */
  control: 'everyone' | 'root' | 'some';
}

export const attack = (name: string, script: string, control: Attack['control'] = 'everyone'): Attack => ({
  name,
  script,
  control,
});

/** Starts Python without what a user or a system adds to it: the attacks want its own library alone, and there are many. */
export const pythonOf = (program: string): string[] => ['/usr/bin/python3', '-S', '-s', '-E', '-c', program];

const MODULES = 'ctypes errno fcntl mmap os pty resource signal socket struct subprocess sys time'.split(' ');

/** What a script may use, each with its name; a later one may use earlier ones. */
const HELPERS: ReadonlyArray<[name: string, python: string]> = [
  ['arm', 'arm = os.uname().machine == "aarch64"'],
  ['libc', 'libc = ctypes.CDLL(None, use_errno=True)'],
  ['reached', 'def reached(what=""): print("REACHED", what, flush=True)'],
  [
    'check',
    `def check(result):
  if result == -1: raise OSError(ctypes.get_errno(), "refused")
  return result`,
  ],
  ['raw', 'def raw(*rest): return libc.syscall(*[ctypes.c_long(r) if isinstance(r, int) else r for r in rest])'],
  ['call', 'def call(x64, arm64, *rest): return check(raw(arm64 if arm else x64, *rest))'],
  [
    'known',
    `def known(x64, arm64, *rest):
  "Reached as soon as the kernel looks at the arguments."
  if raw(arm64 if arm else x64, *rest) == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS, errno.EACCES): raise OSError(ctypes.get_errno(), "refused")
  reached()`,
  ],
  [
    'apart',
    `def apart(flags):
  "The control must leave the host as it is."
  if bare:
    check(libc.unshare(flags))
    if flags & 0x20000: check(libc.mount(None, b"/", None, 1 << 14 | 1 << 18, None))`,
  ],
  ['pids', 'def pids(): return [p for p in os.listdir("/proc") if p.isdigit()]'],
  [
    'opened',
    `def opened(paths, flags):
  for p in paths:
    try: os.close(os.open(p, flags)); reached(p)
    except OSError: pass`,
  ],
];

/** Returns the whole program: ground, what the script uses, and the attempt. What it does not use would cost more than it. */
export function programOf({ script }: Attack, ground: AttackGround, bare: boolean): string {
  const uses = (text: string, name: string) => new RegExp(`\\b${name}\\b`).test(text);
  const used = HELPERS.reduceRight((text, [name, python]) => (uses(text, name) ? `${python}\n${text}` : text), script);
  const helpers = used.slice(0, used.length - script.length);
  const stopped = 'OSError, KeyError, AssertionError, ValueError, AttributeError';
  return `import ${['os', ...MODULES.filter((name) => name !== 'os' && uses(used, name))].join(', ')}
g = ${JSON.stringify(ground)}
g["slot"] = os.getcwd()
bare = ${bare ? 'True' : 'False'}
${helpers}print("RAN", flush=True)
try:
${script.replace(/^/gm, '  ')}
except (${stopped}${uses(used, 'subprocess') ? ', subprocess.CalledProcessError' : ''}) as e:
  print("STOPPED", repr(e))
`;
}

/** What Python says of a program that is wrong itself: that stops an attack as well, and proves nothing. */
export const BROKEN = /\b(NameError|UnboundLocalError|ImportError|ModuleNotFoundError|SyntaxError|IndentationError)\b/;
