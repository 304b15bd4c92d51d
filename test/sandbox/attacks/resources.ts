/** Ways to use the machine up. The limits are those of the suite: 128 MiB, 60 processes, 3,000 entries, 64 MiB of /tmp. */
import { attack } from './attack.ts';

const hog = (make: string) => `${make}
time.sleep(1); reached()`;

export const resources = [
  attack(
    'filling /tmp',
    `f = open("/tmp/ambient-fill-%d" % os.getpid(), "wb"); os.remove(f.name); [f.write(b"x" * 2**20) for _ in range(80)]; f.flush(); reached()`,
    'root',
  ),
  attack(
    'filling /dev/shm',
    `f = open("/dev/shm/ambient-fill-%d" % os.getpid(), "wb"); os.remove(f.name); [f.write(b"x" * 2**20) for _ in range(20)]; f.flush(); reached()`,
  ),
  attack(
    'two hundred processes',
    `def bomb():
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
  attack(
    'two hundred threads',
    `import threading
try:
  for _ in range(200): threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
  time.sleep(0.3); reached()
except RuntimeError as e: print("STOPPED", e)`,
  ),
  attack('memory', hog('a = [bytearray(b"x" * 2**24) for _ in range(15)]')),
  attack(
    'memory of files without a name',
    hog(`f = os.memfd_create("hog")
for _ in range(15): os.write(f, b"x" * 2**24)`),
  ),
  attack(
    'memory of System V',
    hog(`i = check(libc.shmget(0, ctypes.c_size_t(240 << 20), 0o1600)); a = libc.shmat; a.restype = ctypes.c_void_p
p = a(i, None, 0); libc.shmctl(i, 0, None)
assert p not in (None, ctypes.c_void_p(-1).value); ctypes.memset(p, 1, 240 << 20)`),
  ),
  attack(
    'memory that is shared without a name',
    hog(`m = mmap.mmap(-1, 240 << 20)
for i in range(0, 240 << 20, 4096): m[i] = 1`),
  ),
  // The /tmp of a sandbox lies in memory; that of a host may be a disk. Whoever looks now and then has time to.
  attack(
    'thirty thousand names in memory',
    `d = ("/dev/shm" if bare else "/tmp") + "/ambient-names-%d" % os.getpid(); os.mkdir(d)
try:
  for i in range(30000): os.close(os.open(f"{d}/{i}", os.O_CREAT | os.O_WRONLY))
  time.sleep(2); reached()
finally: subprocess.run(["rm", "-rf", d])`,
    'root',
  ),
  attack(
    'pages of two megabytes',
    `m = mmap.mmap(-1, 2 << 20, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | 0x40000); m[0] = 1; reached()`,
    'some',
  ),
  attack(
    'memory that is never swapped',
    `m = mmap.mmap(-1, 150 << 20); check(libc.mlockall(1)); m2 = mmap.mmap(-1, 150 << 20); check(libc.mlockall(3)); reached()`,
    'root',
  ),
  attack(
    'a core file',
    `import resource
resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)); reached()`,
    'root',
  ),
];
