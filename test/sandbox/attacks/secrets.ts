/** Ways to read what is not in the slot. */
import { attack } from './attack.ts';

export const secrets = [
  attack('a secret of the environment', `os.environ["HOST_SECRET"]; reached()`),
  attack(
    'the environment of any process',
    `for p in pids():
  try:
    if g["secret"].encode() in open(f"/proc/{p}/environ", "rb").read(): reached()
  except OSError: pass`,
  ),
  attack('a key in a home directory', `open(g["home"] + "/.ssh/id_ed25519").read(); reached()`),
  attack('a key by way of the folder above', `open(os.path.relpath(g["home"]) + "/.ssh/id_ed25519").read(); reached()`),
  attack(
    'a file through /proc/<pid>/root',
    `for p in pids():
  try: open(f"/proc/{p}/root" + g["home"] + "/.ssh/id_ed25519").read(); reached()
  except OSError: pass`,
  ),
  attack(
    'a file that a process of the host has open',
    `import glob
for p in glob.glob("/proc/[0-9]*/fd/*"):
  try:
    if os.readlink(p).startswith("/") and os.path.isfile(p) and g["secret"] in open(p).read(9999): reached(p)
  except (OSError, UnicodeDecodeError): pass`,
  ),
  attack(
    'the memory of a process of the host',
    `for line in open(f"/proc/{g['victim']}/maps"):
  if "[heap]" not in line and "rw-p" not in line: continue
  a, b = [int(x, 16) for x in line.split()[0].split("-")]
  m = open(f"/proc/{g['victim']}/mem", "rb"); m.seek(a)
  try:
    if g["secret"].encode() in m.read(min(b - a, 1 << 24)): reached(); break
  except OSError: pass`,
    'root',
  ),
  attack(
    'process_vm_readv',
    `class V(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]
line = next(l for l in open(f"/proc/{g['victim'] if bare else os.getpid()}/maps") if "rw-p" in l)
b = ctypes.create_string_buffer(8); l = V(ctypes.cast(b, ctypes.c_void_p), 8); r = V(int(line.split("-")[0], 16), 8)
call(310, 270, g["victim"] if bare else os.getpid(), ctypes.byref(l), 1, ctypes.byref(r), 1, 0); reached()`,
    'root',
  ),
  attack('a token in .git/config', `assert g["secret"] in open(g["slot"] + "/.git/config").read(); reached()`),
  attack('a token in the repository', `assert g["secret"] in open(g["repository"] + "/.git/config").read(); reached()`),
  attack('shadowed passwords', `assert os.getuid() == 0 or not bare; open("/etc/shadow").read(); reached()`, 'root'),
  attack('the key ring', `call(248, 217, b"user", b"ambient-probe", b"x", 1, -2); reached()`, 'some'),
  attack('the key ring of the session', `call(250, 219, 0, -3, 1, 0, 0); reached()`, 'some'),
  attack(
    'the log of the kernel',
    `for p in ("/dev/kmsg", "/proc/kmsg"):
  try:
    if os.read(os.open(p, os.O_RDONLY | os.O_NONBLOCK), 9999): reached(p)
  except OSError: pass`,
    'root',
  ),
  attack('the log of the kernel by syslog', `call(103, 116, 10, None, 0); reached()`, 'root'),
  attack('the memory of the kernel', `opened(["/proc/kcore", "/dev/mem", "/dev/port"], os.O_RDONLY)`, 'some'),
  attack(
    'shared memory of the host',
    `a = libc.shmat; a.restype = ctypes.c_void_p; p = a(g["segment"], None, 0o10000)
assert p not in (None, ctypes.c_void_p(-1).value) and ctypes.string_at(p, len(g["secret"])).decode() == g["secret"]; reached()`,
  ),
  attack('POSIX shared memory of the host', `assert open("/dev/shm/" + g["posix"]).read() == g["secret"]; reached()`),
  attack(
    'a message queue of the host',
    `call(70, 188, g["queue"], ctypes.create_string_buffer(999), 900, ctypes.c_long(0), 0o4000 | 0o40000, 0); reached()`,
    'some',
  ),
  attack('a POSIX message queue of the host', `check(libc.mq_open(g["messages"].encode(), os.O_RDONLY)); reached()`),
  attack('the control groups', `os.listdir("/sys/fs/cgroup"); reached()`),
  attack('the devices of the host', `assert len(os.listdir("/sys/devices")) > 0; reached()`),
  attack(
    'a handle of a file',
    `b = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136); m = ctypes.c_int()
call(303, 264, -100, g["slot"].encode(), b, ctypes.byref(m), 0); reached()`,
  ),
  attack(
    'a file by its handle, whatever the mount',
    `known(304, 265, os.open(".", os.O_RDONLY), ctypes.create_string_buffer(struct.pack("Ii", 8, 1) + struct.pack("II", 2, 0), 136), 0)`,
    'root',
  ),
];
