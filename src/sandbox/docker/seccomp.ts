/**
 * The seccomp profile of a container: the rules of syscalls.ts as Docker writes them. Rule: an allowlist; a call that is
 * not named here is refused, and other ABIs kill the process because the profile names one architecture only.
 */
import {
  ABSENT,
  ARCHITECTURES,
  CREATES,
  FAMILIES,
  NAMESPACES,
  NETLINK,
  NEWTIME,
  PERSONALITIES,
  REFUSED,
  REFUSED_IOCTLS,
  SETID_BITS,
} from '../syscalls.ts';

interface Comparison {
  index: number;
  value: number;
  valueTwo?: number;
  op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ';
}
interface Rule {
  names: string[];
  action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  errnoRet?: number;
  args?: Comparison[];
}

const NAMES: Record<string, string> = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' };
const EPERM = 1;
const ENOSYS = 38;

/** What ordinary programs call, whatever the arguments. */
const PLAIN = `accept accept4 access alarm arch_prctl bind brk capget capset chdir chown clock_getres clock_gettime
clock_nanosleep close close_range connect copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir
fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fstat fstatfs fsync ftruncate futex
futex_waitv futimesat get_mempolicy get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups
getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid
getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit ioprio_get ioprio_set kill landlock_add_rule
landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek
lstat madvise mbind membarrier memfd_create mincore mkdir mkdirat mlock mlock2 mlockall mmap mprotect
mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock
munlockall munmap nanosleep newfstatat pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect
poll ppoll prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead
readlink readlinkat readv recvfrom recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2 restart_syscall
rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield
seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto set_mempolicy set_mempolicy_home_node
set_robust_list set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority setregid setresgid
setresuid setreuid setrlimit setsid setsockopt setuid shmat shmctl shmdt shmget shutdown sigaltstack signalfd
signalfd4 splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create
timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill
truncate umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write writev`;

/** Returns the profile as JSON for `architecture` (as `process.arch` says it), or null where we have no table. */
export function seccompProfile(architecture: string): string | null {
  const name = NAMES[architecture];
  if (name === undefined || ARCHITECTURES[architecture] === undefined) return null;
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: [name],
    syscalls: [
      allow(PLAIN.split(/\s+/)),
      { names: Object.keys(REFUSED), action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      { names: Object.keys(ABSENT), action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      ...FAMILIES.map((family) => allow(['socket', 'socketpair'], [equal(0, family)])),
      allow(['socket'], [equal(0, NETLINK.family), equal(2, NETLINK.route)]),
      ...PERSONALITIES.map((value) => allow(['personality'], [equal(0, value)])),
      ...allBut(REFUSED_IOCTLS).map(({ mask, value }) => allow(['ioctl'], [masked(1, mask, value)])),
      allow(['clone'], [masked(0, NAMESPACES, 0)]),
      allow(['unshare'], [masked(0, NAMESPACES + NEWTIME, 0)]),
      allow(['chmod', 'fchmod', 'creat', 'mknod'], [masked(1, SETID_BITS, 0)]),
      allow(['fchmodat', 'fchmodat2', 'mknodat'], [masked(2, SETID_BITS, 0)]),
      ...createsWithout(['open'], 1),
      ...createsWithout(['openat'], 2),
    ] satisfies Rule[],
  });
}

/** Rules of one call are alternatives: nothing is created, or what is created is not setuid. */
function createsWithout(names: string[], flags: number): Rule[] {
  return [allow(names, [masked(flags, CREATES, 0)]), allow(names, [masked(flags + 1, SETID_BITS, 0)])];
}

/**
 * Covers all 32-bit numbers but `values`. There is no "differs from" that looks at the low half only, which is all that the
 * kernel reads: a comparison of the whole register is evaded by a bit above it.
 */
export function allBut(values: readonly number[], bit = 31, prefix = 0): Array<{ mask: number; value: number }> {
  if (bit < 0) return [];
  return [0, 1].flatMap((set) => {
    const value = (prefix + set * 2 ** bit) >>> 0;
    const mask = (0xffffffff << bit) >>> 0;
    const within = values.filter((one) => (one & mask) >>> 0 === value);
    return within.length === 0 ? [{ mask, value }] : allBut(within, bit - 1, value);
  });
}

function allow(names: string[], args?: Comparison[]): Rule {
  return { names, action: 'SCMP_ACT_ALLOW', ...(args ? { args } : {}) };
}

const equal = (index: number, value: number): Comparison => ({ index, value, op: 'SCMP_CMP_EQ' });

/** Docker's `value` is the mask, `valueTwo` what must be left of the argument. */
const masked = (index: number, mask: number, rest: number): Comparison => ({
  index,
  value: mask,
  valueTwo: rest,
  op: 'SCMP_CMP_MASKED_EQ',
});
