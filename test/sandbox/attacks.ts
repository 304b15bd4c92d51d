/**
 * What a hostile command tries. Rule: each prints RAN when it starts and REACHED when it got through; run without the
 * sandbox it must get through, or it would prove nothing.
 */
export interface AttackGround {
  slot: string;
  /** A home outside of the slot, with secrets. */
  home: string;
  /** Port of a listener on the host's loopback. */
  port: number;
  /** Name of a listening abstract socket. */
  abstract: string;
  /** Pid of a process of the host. */
  victim: number;
  /** Id of a System V segment of the host. */
  segment: string;
  secret: string;
}

export interface Attack {
  name: string;
  /** Python, with `g` as the ground; raising is failing. */
  script: string;
  /** Who gets through without a sandbox; `some`: depends on the kernel, so the control is only reported. */
  control: 'everyone' | 'root' | 'some';
}

const attack = (name: string, script: string, control: Attack['control'] = 'everyone'): Attack => ({
  name,
  script,
  control,
});

export const attacks: readonly Attack[] = [
  attack('TCP to the loopback of the host', `socket.create_connection(("127.0.0.1", g["port"]), 2); reached()`),
  attack(
    'an abstract unix socket of the host',
    `s = socket.socket(socket.AF_UNIX); s.connect("\\0" + g["abstract"]); reached()`,
  ),
  attack(
    'a unix socket outside of the slot',
    `s = socket.socket(socket.AF_UNIX); s.connect(g["home"] + "/docker.sock"); reached()`,
  ),
  attack('AF_VSOCK', `socket.socket(40, socket.SOCK_STREAM, 0); reached()`, 'some'),
  attack('AF_PACKET', `socket.socket(17, socket.SOCK_RAW, 0); reached()`, 'root'),
  attack('a secret of the environment', `os.environ["HOST_SECRET"]; reached()`),
  attack(
    'the environment of any process',
    `for p in pids():
  try:
    if g["secret"].encode() in open(f"/proc/{p}/environ", "rb").read(): reached()
  except OSError: pass`,
  ),
  attack('a key in a home directory', `open(g["home"] + "/.ssh/id_ed25519").read(); reached()`),
  attack(
    'a file through /proc/<pid>/root',
    `for p in pids():
  try: open(f"/proc/{p}/root" + g["home"] + "/.ssh/id_ed25519").read(); reached()
  except OSError: pass`,
  ),
  attack('a token in .git/config', `assert g["secret"] in open(g["slot"] + "/.git/config").read(); reached()`),
  attack('a hook in .git', `open(g["slot"] + "/.git/hooks/post-commit", "w").write("x"); reached()`),
  attack(
    'replacing .git',
    `os.rename(g["slot"] + "/.git", g["slot"] + "/old"); reached(); os.rename(g["slot"] + "/old", g["slot"] + "/.git")`,
  ),
  attack('writing outside of the slot', `open(g["home"] + "/planted", "w").write("x"); reached()`),
  attack('writing through a symlink', `open(g["slot"] + "/way-out/planted", "w").write("x"); reached()`),
  attack(
    'writing to the system',
    `os.close(os.open("/usr/.probe", os.O_CREAT | os.O_WRONLY)); os.remove("/usr/.probe"); reached()`,
    'root',
  ),
  attack('core_pattern', `os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)); reached()`, 'root'),
  attack(
    'sysrq, interrupts and buses',
    `import glob
for p in ["/proc/sysrq-trigger", *glob.glob("/proc/irq/*/smp_affinity"), *glob.glob("/proc/bus/pci/*/*")]:
  try: os.close(os.open(p, os.O_WRONLY)); reached(p)
  except OSError: pass`,
    'some',
  ),
  attack('the control groups', `os.listdir("/sys/fs/cgroup"); reached()`),
  attack(
    'mounting',
    // In a mount namespace of its own and private: the control must leave the host as it is.
    `check(libc.unshare(0x20000))
check(libc.mount(None, b"/", None, 1 << 14 | 1 << 18, None))
check(libc.mount(b"none", g["slot"].encode(), b"tmpfs", 0, None)); reached()`,
    'root',
  ),
  attack(
    'a nested user namespace',
    `subprocess.run(["unshare", "--user", "true"], check=True, stderr=subprocess.DEVNULL); reached()`,
  ),
  // With no arguments: EINVAL where the call exists. A filter cannot look into its structure.
  attack(
    'a nested user namespace by clone3',
    `libc.syscall(435, 0, 0); assert ctypes.get_errno() != errno.ENOSYS; reached()`,
  ),
  attack(
    'a device node',
    `os.mknod(g["slot"] + "/node", 0o20600, os.makedev(1, 3)); os.remove(g["slot"] + "/node"); reached()`,
    'root',
  ),
  attack(
    'a setuid file',
    `open(g["slot"] + "/s", "w").close(); os.chmod(g["slot"] + "/s", 0o4755); reached(); os.remove(g["slot"] + "/s")`,
  ),
  attack(
    'a setuid file by open',
    `os.close(os.open(g["slot"] + "/t", os.O_CREAT | os.O_WRONLY, 0o4700)); reached(); os.remove(g["slot"] + "/t")`,
  ),
  attack('a signal to a process of the host', `os.kill(g["victim"], 0); reached()`),
  attack(
    'shared memory of the host',
    `subprocess.run(["ipcs", "-m", "-i", g["segment"]], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); assert "bytes" in subprocess.run(["ipcs", "-m", "-i", g["segment"]], capture_output=True, text=True).stdout; reached()`,
  ),
  attack('tracing', `check(libc.ptrace(0, 0, 0, 0)); reached()`),
  attack(
    'the key ring',
    `check(libc.syscall({"x86_64": 250, "aarch64": 219}[os.uname().machine], 0, -3, 1, 0, 0)); reached()`,
    'some',
  ),
  attack(
    'input into a terminal',
    `import fcntl, pty, termios
pid, fd = pty.fork()
if pid == 0:
  try: fcntl.ioctl(0, termios.TIOCSTI, b"x"); os._exit(0)
  except OSError as e: os._exit(1 if e.errno == errno.EPERM else 0)
if os.waitpid(pid, 0)[1] == 0: reached()`,
  ),
  attack(
    'filling /tmp',
    `f = open("/tmp/ambient-fill-%d" % os.getpid(), "wb"); os.remove(f.name); [f.write(b"x" * 2**20) for _ in range(80)]; f.flush(); reached()`,
  ),
  attack(
    'filling /dev/shm',
    `f = open("/dev/shm/ambient-fill-%d" % os.getpid(), "wb"); os.remove(f.name); [f.write(b"x" * 2**20) for _ in range(20)]; f.flush(); reached()`,
  ),
  attack(
    'two hundred processes',
    `import signal, time
def bomb():
  kids = []
  try:
    for _ in range(200):
      k = os.fork()
      if k == 0: time.sleep(20); os._exit(0)
      kids.append(k)
    time.sleep(0.3)
    reached()
  finally:
    for k in kids: os.kill(k, signal.SIGKILL)
bomb()`,
  ),
];

/** Returns the whole program: preamble, ground and attempt. */
export function programOf({ script }: Attack, ground: AttackGround): string {
  return `import ctypes, errno, json, os, socket, subprocess, sys
g = json.loads(${JSON.stringify(JSON.stringify(ground))})
g["slot"] = os.getcwd()
libc = ctypes.CDLL(None, use_errno=True)
def reached(what=""): print("REACHED", what, flush=True)
def check(result):
  if result == -1: raise OSError(ctypes.get_errno(), "refused")
def pids(): return [p for p in os.listdir("/proc") if p.isdigit()]
print("RAN", flush=True)
try:
${script.replace(/^/gm, '  ')}
except (OSError, KeyError, AssertionError, subprocess.CalledProcessError) as e:
  print("STOPPED", repr(e))
`;
}
