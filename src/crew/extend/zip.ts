/**
 * The files of a zip archive (APPNOTE 6.3, with its 64-bit form). Rule: pure; nothing is unpacked to the disk, no name in it is a
 * path of ours, and what does not fit its own length and checksum is a fault of the whole.
 */
import { inflateRawSync } from 'node:zlib';
import { AmbientError } from '../../base/index.ts';

export interface ZipEntry {
  name: string;
  /** Bytes when it is unpacked, as the archive says. */
  size: number;
  /** @throws AmbientError `bad-archive` (environment). */
  read(): Buffer;
}

const [END, END64, LOCATOR, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
const FULL = 0xffffffff;
const LONGEST_END = 22 + 0xffff;

/** @throws AmbientError `bad-archive` (environment) for what is none. */
export function* entriesOf(zip: Buffer): Generator<ZipEntry> {
  const { count, offset } = directoryOf(zip);
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL) throw bad('its list of files is torn');
    const flags = zip.readUInt16LE(at + 8);
    const method = zip.readUInt16LE(at + 10);
    const crc = zip.readUInt32LE(at + 16);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((from) => zip.readUInt16LE(at + from)) as Three;
    const end = at + 46 + nameLength + extraLength + commentLength;
    if (end > zip.length) throw bad('its list of files is torn');
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = zip.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const short = [24, 20, 42].map((from) => zip.readUInt32LE(at + from)) as Three;
    const [size, packed, local] = long(short, extra);
    at = end;
    const read = () => unpack(zip, { flags, method, crc, size, packed, local, name });
    yield { name, size, read };
  }
}

type Three = [number, number, number];

function directoryOf(zip: Buffer): { count: number; offset: number } {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - LONGEST_END); at -= 1) {
    if (zip.readUInt32LE(at) !== END) continue;
    const [count, offset] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)];
    if (count !== 0xffff && offset !== FULL) return { count, offset };
    const locator = at - 20;
    if (locator < 0 || zip.readUInt32LE(locator) !== LOCATOR) return { count, offset };
    const end64 = Number(zip.readBigUInt64LE(locator + 8));
    if (end64 + 56 > zip.length || zip.readUInt32LE(end64) !== END64) throw bad('its end is torn');
    return { count: Number(zip.readBigUInt64LE(end64 + 32)), offset: Number(zip.readBigUInt64LE(end64 + 48)) };
  }
  throw bad('it is no zip archive, or not a whole one');
}

/** What did not fit into 32 bits stands in a field of its own, in this order. */
function long(short: Three, extra: Buffer): Three {
  if (!short.includes(FULL)) return short;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return short.map((value) => {
      if (value !== FULL) return value;
      if (from + 8 > extra.length) throw bad('its list of files is torn');
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    }) as Three;
  }
  return short;
}

interface Packed {
  flags: number;
  method: number;
  crc: number;
  size: number;
  packed: number;
  local: number;
  name: string;
}

function unpack(zip: Buffer, { flags, method, crc, size, packed, local, name }: Packed): Buffer {
  if ((flags & 1) !== 0) throw bad(`${JSON.stringify(name)} in it is encrypted`);
  if (method !== 0 && method !== 8)
    throw bad(`${JSON.stringify(name)} in it is packed in a way that is not known here`);
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL) throw bad(`${JSON.stringify(name)} in it is torn`);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const raw = zip.subarray(from, from + packed);
  const bytes = method === 0 ? raw : inflated(raw, size, name);
  if (bytes.length !== size || checksum(bytes) !== crc) throw bad(`${JSON.stringify(name)} in it is torn`);
  return bytes;
}

function inflated(raw: Buffer, size: number, name: string): Buffer {
  try {
    // One that says less than it holds ends here, not in memory.
    return inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw bad(`${JSON.stringify(name)} in it is torn`, cause);
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip and PNG compute it. */
function checksum(bytes: Buffer): number {
  let value = -1;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 255] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

function bad(why: string, cause?: unknown): AmbientError {
  return new AmbientError('bad-archive', why, { kind: 'environment', cause });
}
