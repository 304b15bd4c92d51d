/**
 * Assembles the seccomp program (classic BPF) that bwrap loads before the command starts. Rule: whatever is not known
 * is refused: another ABI kills the process, an unknown call does not exist.
 * Layout of the data: seccomp(2), struct seccomp_data; of an instruction: linux/filter.h, struct sock_filter.
 */
import { ABSENT, ARCHITECTURES, JUDGED, LAST_KNOWN, REFUSED, UNCOUNTED } from '../syscalls.ts';

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, k: number];

const LOAD = 0x20;
const EQUAL = 0x15;
const GREATER = 0x25;
const ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (number: number) => 0x00050000 | number;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** UNIX, INET, INET6, NETLINK. AF_VSOCK is a way out of a virtual machine that no network namespace closes. */
const FAMILIES = [1, 2, 10, 16];
/** Pushing input into a terminal. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NAMESPACES = 0x7e020000;
/** Means a signal number in clone, NEWTIME in unshare. */
const NEWTIME = 0x80;
const S_ISUID = 0o4000;
/** O_CREAT or O_TMPFILE: only then the mode is an argument at all. */
const CREATES = 0o100 | 0o20000000;

/**
 * Returns the program for `architecture` (as `process.arch` says it), or null where we have no table.
 * `uncounted: false` also refuses memory that no process owns (memfd, System V), for runs without a memory cgroup.
 */
export function filterProgram(architecture: string, options: { uncounted: boolean }): Buffer | null {
  const machine = ARCHITECTURES[architecture];
  if (!machine) return null;
  const number = (pair: readonly [number | null, number | null]) => pair[machine.column];
  const program: Instruction[] = [
    [LOAD, 0, 0, 4],
    [EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, 0],
    [GREATER, 0, 1, LAST_KNOWN],
    [RETURN, 0, 0, errno(ENOSYS)],
  ];
  const rule = (call: number | null, body: readonly Instruction[]) => {
    if (call !== null) program.push([EQUAL, 0, body.length, call], ...body);
  };
  for (const pair of Object.values(REFUSED)) rule(number(pair), [[RETURN, 0, 0, errno(EPERM)]]);
  const absent = options.uncounted ? ABSENT : { ...ABSENT, ...UNCOUNTED };
  for (const pair of Object.values(absent)) rule(number(pair), [[RETURN, 0, 0, errno(ENOSYS)]]);
  for (const [name, body] of Object.entries(BODIES)) rule(number(JUDGED[name as keyof typeof JUDGED]), body);
  program.push([RETURN, 0, 0, ALLOW]);
  return assemble(program);
}

/** Loads the low half of an argument: all that we judge are ints, of which the kernel reads no more. */
const argument = (index: number): Instruction => [LOAD, 0, 0, 16 + 8 * index];
const allow: Instruction = [RETURN, 0, 0, ALLOW];
const refuse = (number: number): Instruction => [RETURN, 0, 0, errno(number)];

const refuseBits = (index: number, bits: number): Instruction[] => [
  argument(index),
  [ANY_BIT, 0, 1, bits],
  refuse(EPERM),
  allow,
];
const refuseSetuidOnCreate = (flags: number, mode: number): Instruction[] => [
  argument(flags),
  [ANY_BIT, 1, 0, CREATES],
  allow,
  ...refuseBits(mode, S_ISUID),
];
const onlyFamilies: Instruction[] = [
  argument(0),
  ...FAMILIES.map((family, index): Instruction => [EQUAL, FAMILIES.length - index, 0, family]),
  refuse(EAFNOSUPPORT),
  allow,
];

const BODIES: Record<keyof typeof JUDGED, Instruction[]> = {
  socket: onlyFamilies,
  socketpair: onlyFamilies,
  ioctl: [argument(1), [EQUAL, 1, 0, TIOCSTI], [EQUAL, 0, 1, TIOCLINUX], refuse(EPERM), allow],
  clone: refuseBits(0, NAMESPACES),
  unshare: refuseBits(0, NAMESPACES | NEWTIME),
  chmod: refuseBits(1, S_ISUID),
  fchmod: refuseBits(1, S_ISUID),
  fchmodat: refuseBits(2, S_ISUID),
  fchmodat2: refuseBits(2, S_ISUID),
  creat: refuseBits(1, S_ISUID),
  mknod: refuseBits(1, S_ISUID),
  mknodat: refuseBits(2, S_ISUID),
  open: refuseSetuidOnCreate(1, 2),
  openat: refuseSetuidOnCreate(2, 3),
};

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, k], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return bytes;
}
