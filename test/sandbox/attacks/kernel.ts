/** Ways to more rights: namespaces, mounts, other processes, and the rarer calls of the kernel. */
import { attack } from './attack.ts';

export const kernel = [
  // In a mount namespace of its own and private: the control must leave the host as it is.
  attack(
    'mounting',
    `apart(0x20000); check(libc.mount(b"none", g["slot"].encode(), b"tmpfs", 0, None)); reached()`,
    'root',
  ),
  attack(
    'making a read-only mount writable',
    `apart(0x20000); check(libc.mount(b"none", b"/usr", None, 1 << 5 | 1 << 12, None) if not bare else libc.mount(b"/usr", b"/usr", None, 1 << 12, None)); reached()`,
    'root',
  ),
  attack(
    'taking a cover away',
    `apart(0x20000); check(libc.umount2(b"/dev/shm" if bare else b"/tmp", 2)); reached()`,
    'root',
  ),
  attack('the mount calls of today', `known(428, 428, -100, b"/", 1)`, 'root'),
  attack('fsopen', `call(430, 430, b"tmpfs", 0); reached()`, 'root'),
  attack('another root', `os.chroot("."); reached()`, 'root'),
  attack('pivot_root', `apart(0x20000); known(155, 41, b".", b".")`, 'root'),
  attack(
    'a namespace of a process of the host',
    `f = os.open(f"/proc/{g['victim'] if bare else 1}/ns/uts", os.O_RDONLY); known(308, 268, f, 0)`,
    'root',
  ),
  attack(
    'a nested user namespace',
    `subprocess.run(["unshare", "--user", "true"], check=True, stderr=subprocess.DEVNULL); reached()`,
  ),
  attack(
    'a nested user namespace by clone',
    `pid = call(56, 220, 0x10000000 | 17, None, None, None, None)
if pid == 0: os._exit(0)
os.waitpid(pid, 0); reached()`,
  ),
  // With no arguments: EINVAL where the call exists. A filter cannot look into its structure.
  attack(
    'a nested user namespace by clone3',
    `libc.syscall(435, 0, 0); assert ctypes.get_errno() != errno.ENOSYS; reached()`,
  ),
  attack('a namespace of time', `check(libc.unshare(0x80)); reached()`, 'root'),
  attack('a namespace of mounts', `check(libc.unshare(0x20000)); reached()`, 'root'),
  attack('a namespace of control groups', `check(libc.unshare(0x2000000)); reached()`, 'root'),
  attack('the name of the host', `apart(0x4000000); check(libc.sethostname(b"evil", 4)); reached()`, 'root'),
  attack('the domain of the host', `apart(0x4000000); check(libc.setdomainname(b"evil", 4)); reached()`, 'root'),
  attack('a signal to a process of the host', `os.kill(g["victim"], 0); reached()`),
  attack('a handle of a process of the host', `os.pidfd_open(g["victim"]); reached()`),
  attack(
    'the scheduling of a process of the host',
    `os.sched_setaffinity(g["victim"], os.sched_getaffinity(g["victim"])); reached()`,
  ),
  attack(
    'the limits of a process of the host',
    `import resource; resource.prlimit(g["victim"], resource.RLIMIT_CORE); reached()`,
  ),
  attack('tracing', `check(libc.ptrace(0, 0, 0, 0)); reached()`),
  attack(
    'tracing a process of the host',
    `check(libc.ptrace(0x4206, g["victim"], 0, 0)); reached(); libc.ptrace(17, g["victim"], 0, 0)`,
    'some',
  ),
  attack('comparing processes', `call(312, 272, os.getpid(), os.getpid(), 0, 0, 0); reached()`, 'some'),
  attack(
    'stealing a handle of a process',
    `p = os.pidfd_open(g["victim"] if bare else os.getpid()); call(438, 438, p, 0, 0); reached()`,
    'root',
  ),
  attack('advice to another process', `known(440, 440, -1, None, 0, 0, 0)`),
  attack('userfaultfd', `call(323, 282, 0); reached()`, 'root'),
  attack('io_uring', `call(425, 425, 1, ctypes.create_string_buffer(120)); reached()`, 'some'),
  attack(
    'counters of the processor',
    `a = ctypes.create_string_buffer(struct.pack("IIQ", 1, 112, 0), 112); call(298, 241, a, 0, -1, -1, 0); reached()`,
    'root',
  ),
  attack(
    'programs in the kernel',
    `call(321, 280, 0, ctypes.create_string_buffer(struct.pack("5I", 2, 4, 8, 1, 0), 72), 72); reached()`,
    'root',
  ),
  attack('loading a module', `known(313, 273, -1, b"", 0)`, 'some'),
  attack('loading a module from memory', `known(175, 105, b"x", 1, b"")`, 'some'),
  attack('removing a module', `known(176, 106, b"no-such-module", 0)`, 'some'),
  attack('another kernel', `known(246, 104, 0, 99, None, 0)`, 'some'),
  attack('rebooting', `known(169, 142, 0, 0, 0, None)`, 'root'),
  attack('swapping', `known(167, 224, b"/no-such-file", 0)`, 'root'),
  attack('accounting', `known(163, 89, b"/no-such-file")`, 'root'),
  attack('quotas', `known(179, 60, 0x800001 << 8, None, 0, None)`, 'some'),
  attack('the clock', `call(164, 170, None, None); reached()`, 'root'),
  attack('the pace of the clock', `known(159, 171, ctypes.create_string_buffer(struct.pack("I", 0x2), 208))`, 'root'),
  attack('ports of the processor', `call(173, -1, 0x80, 1, 1); reached()`, 'some'),
  attack('watching the whole file system', `call(300, 262, 0, 0); reached()`, 'root'),
  attack('a table of segments', `known(154, -1, 0, None, 0)`, 'some'),
  attack('an old call', `known(139, -1, 3)`, 'some'),
  attack(
    'no randomness of addresses',
    `check(libc.personality(0x40000)); assert libc.personality(0xffffffff) & 0x40000; reached()`,
  ),
  attack('real-time scheduling', `os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); reached()`, 'root'),
  attack('more than its share of the processor', `os.nice(-5); reached()`, 'root'),
  attack(
    'a higher limit',
    `import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1)); reached()`,
    'root',
  ),
  attack('another user', `os.setuid(4711 if os.getuid() == 0 else 0); reached()`, 'root'),
  attack('hidden memory', `call(447, 447, 0); reached()`, 'some'),
  attack(
    'calls of 32 bits',
    `m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
m.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
assert not arm and f() == os.getpid(); reached()`,
    'some',
  ),
  attack('calls of x32', `call(0x40000000 + 39, -1); reached()`, 'some'),
  attack(
    'input into a terminal',
    `import pty, termios
pid, fd = pty.fork()
if pid == 0:
  try: fcntl.ioctl(0, termios.TIOCSTI, b"x"); os._exit(0)
  except OSError as e: os._exit(1 if e.errno == errno.EPERM else 0)
if os.waitpid(pid, 0)[1] == 0: reached()`,
  ),
  attack(
    'input into a terminal, with a bit that the kernel does not read',
    `import pty, termios
pid, fd = pty.fork()
if pid == 0:
  if libc.syscall(ctypes.c_long(29 if arm else 16), ctypes.c_long(0), ctypes.c_long(0x100005412), b"x") == -1 and ctypes.get_errno() == errno.EPERM: os._exit(1)
  os._exit(0)
if os.waitpid(pid, 0)[1] == 0: reached()`,
  ),
  attack(
    'the clipboard of a console',
    `import pty
pid, fd = pty.fork()
if pid == 0:
  try: fcntl.ioctl(0, 0x541c, b"\\3" + bytes(20)); os._exit(0)
  except OSError as e: os._exit(1 if e.errno == errno.EPERM else 0)
if os.waitpid(pid, 0)[1] == 0: reached()`,
  ),
];
