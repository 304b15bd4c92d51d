/**
 * Assembles the seccomp program (classic BPF) that bwrap loads before the command starts. Rule: whatever is not known
 * is refused: another ABI kills the process, an unknown call does not exist.
 * Layout of the data: seccomp(2), struct seccomp_data; of an instruction: linux/filter.h, struct sock_filter.
 */
import {
  ABSENT,
  ARCHITECTURES,
  CREATES,
  FAMILIES,
  JUDGED,
  LAST_KNOWN,
  NAMESPACES,
  NETLINK,
  NEWTIME,
  PERSONALITIES,
  REFUSED,
  REFUSED_IOCTLS,
  SETID_BITS,
  UNCOUNTED,
} from '../syscalls.ts';

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
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

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
  ...refuseBits(mode, SETID_BITS),
];
const only = (values: readonly number[], number: number): Instruction[] => [
  argument(0),
  ...values.map((value, index): Instruction => [EQUAL, values.length - index, 0, value]),
  refuse(number),
  allow,
];
const refuseValues = (index: number, values: readonly number[]): Instruction[] => [
  argument(index),
  ...values.map((value, at): Instruction => [EQUAL, values.length - at, 0, value]),
  allow,
  refuse(EPERM),
];
const onlyFamilies: Instruction[] = [
  argument(0),
  [EQUAL, 0, 4, NETLINK.family],
  argument(2),
  [EQUAL, 0, 1, NETLINK.route],
  allow,
  refuse(EPROTONOSUPPORT),
  ...only(FAMILIES, EAFNOSUPPORT),
];
const BODIES: Record<keyof typeof JUDGED, Instruction[]> = {
  socket: onlyFamilies,
  socketpair: onlyFamilies,
  ioctl: refuseValues(1, REFUSED_IOCTLS),
  clone: refuseBits(0, NAMESPACES),
  unshare: refuseBits(0, NAMESPACES | NEWTIME),
  personality: only(PERSONALITIES, EPERM),
  chmod: refuseBits(1, SETID_BITS),
  fchmod: refuseBits(1, SETID_BITS),
  fchmodat: refuseBits(2, SETID_BITS),
  fchmodat2: refuseBits(2, SETID_BITS),
  creat: refuseBits(1, SETID_BITS),
  mknod: refuseBits(1, SETID_BITS),
  mknodat: refuseBits(2, SETID_BITS),
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
