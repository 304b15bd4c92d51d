/**
 * System call numbers of the architectures that we filter: [x86_64, arm64], null where a call does not exist.
 * Rule: a machine that is not in this table runs nothing.
 */
export const ARCHITECTURES: Readonly<Record<string, { column: 0 | 1; audit: number }>> = {
  x64: { column: 0, audit: 0xc000003e },
  arm64: { column: 1, audit: 0xc00000b7 },
};

/** The last number that we know; later calls are answered with ENOSYS, as an older kernel would. */
export const LAST_KNOWN = 469;

type Numbers = readonly [x64: number | null, arm64: number | null];

/** Refused whatever the arguments. */
export const REFUSED: Readonly<Record<string, Numbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  lookup_dcookie: [212, 18],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  syslog: [103, 116],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  memfd_secret: [447, 447],
  // What sticks to a folder of the slot stays there unseen: nothing that reads names, modes and times finds it.
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  setxattrat: [463, 463],
  modify_ldt: [154, null],
  uselib: [134, null],
  sysfs: [139, null],
  _sysctl: [156, null],
  nfsservctl: [180, 42],
};

/** Answered with ENOSYS: programs have another way, and a filter cannot see the arguments. */
export const ABSENT: Readonly<Record<string, Numbers>> = {
  clone3: [435, 435],
  openat2: [437, 437],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
};

/** Memory that belongs to no process: refused where it is the processes that are counted. */
export const UNCOUNTED: Readonly<Record<string, Numbers>> = {
  memfd_create: [319, 279],
  shmget: [29, 194],
};

/** Arguments of personality: what it is, plain Linux, and 32-bit and short uname forms of it. */
export const PERSONALITIES = [0, 8, 0x20000, 0x20008, 0xffffffff];
/** UNIX, INET, INET6. AF_VSOCK is a way out of a virtual machine that no network namespace closes. */
export const FAMILIES = [1, 2, 10];
/** Only to ask for interfaces and routes (protocol 0): by other protocols the kernel tells of devices, audits and filters. */
export const NETLINK = { family: 16, route: 0 };
/**
 * TIOCSTI and TIOCLINUX push input into a terminal; FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR leave marks on a folder of the slot
 * that stay there unseen, as extended attributes do.
 */
export const REFUSED_IOCTLS = [0x5412, 0x541c, 0x40086602, 0x401c5820];
/** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
export const NAMESPACES = 0x7e020000;
/** Means a signal number in clone, NEWTIME in unshare. */
export const NEWTIME = 0x80;
/** Set-user-id and set-group-id. */
export const SETID_BITS = 0o6000;
/** O_CREAT or O_TMPFILE: only then the mode is an argument at all. */
export const CREATES = 0o100 | 0o20000000;

/** Judged by their arguments. */
export const JUDGED = {
  socket: [41, 198],
  socketpair: [53, 199],
  ioctl: [16, 29],
  clone: [56, 220],
  unshare: [272, 97],
  personality: [135, 92],
  chmod: [90, null],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchmodat2: [452, 452],
  creat: [85, null],
  mknod: [133, null],
  mknodat: [259, 33],
  open: [2, null],
  openat: [257, 56],
} as const satisfies Record<string, Numbers>;
