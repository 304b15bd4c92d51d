/** Bytes of a configuration file → text. Rule: UTF-8 and nothing that merely looks like it; the first bad byte is named. */
import { isUtf8 } from 'node:buffer';
import { AmbientError } from '../base/index.ts';

/** @throws AmbientError `unreadable-configuration` (config) with file, line and column. */
export function decode(content: Buffer, path: string): string {
  const wide = content[0] === 0xff && content[1] === 0xfe ? true : content[0] === 0xfe && content[1] === 0xff;
  if (wide) throw notText(path, 1, 1, 'the file is UTF-16: save it as UTF-8');
  const nul = content.indexOf(0);
  if (nul !== -1) throw notText(path, ...placeOf(content, nul), 'a NUL byte: this is not text');
  if (isUtf8(content)) return content.toString('utf8');
  throw notText(path, ...placeOf(content, firstBad(content)), 'not UTF-8: save the file as UTF-8');
}

/** Length of the beginning that is UTF-8: a replacement character that was not there stands for the first bad byte. */
function firstBad(content: Buffer): number {
  const text = content.toString('utf8');
  let offset = 0;
  for (const [index, part] of text.split('\uFFFD').entries()) {
    if (index > 0 && content.subarray(offset, offset + 3).toString('hex') !== 'efbfbd') return offset;
    offset += Buffer.byteLength(part) + (index > 0 ? 3 : 0);
  }
  return offset;
}

function placeOf(content: Buffer, offset: number): [line: number, column: number] {
  const lines = content.subarray(0, offset).toString('utf8').split('\n');
  return [lines.length, (lines.at(-1) ?? '').length + 1];
}

function notText(path: string, line: number, column: number, reason: string): AmbientError {
  const where = `${path}:${line}:${column}`;
  return new AmbientError('unreadable-configuration', `${where}: ${reason}`, {
    kind: 'config',
    hint: `correct ${path}; nothing was changed`,
    data: { path, line, column, problems: [{ where, line, column, message: reason }] },
  });
}
