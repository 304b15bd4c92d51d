/**
 * Records as lines of compact JSON. Rule: what cannot be read is counted, never guessed and never fatal: a line of a
 * newer version is `unknown`, a line that breaks its schema or its id is `broken`.
 */
import { AmbientError, canonicalJson, digest, isoTime } from '../base/index.ts';
import { fitContent, LINE_LIMIT, redactProse } from './limits.ts';
import type { ArchiveLine, Evaluation, RecordHead, TelemetryLine } from './types.ts';
import { validators } from './validate.generated.js';

/** The families of records that stand as lines in git, each in refs of its own. */
export interface RecordFamilies {
  evaluation: Evaluation;
  archive: ArchiveLine;
  telemetry: TelemetryLine;
}

export interface Decoded<T> {
  records: T[];
  /** Lines of a version or kind that this version does not know. */
  unknown: number;
  /** Lines that are not JSON, break the schema, are too long, or whose id is not the hash of their content. */
  broken: number;
}

/** Completes `content` to a record. Credentials in its prose are masked, and it is shortened to fit one line; the id is the hash of what is kept. */
export function makeRecord<T extends object>(content: T, head: { seq: number; at: number | string }): T & RecordHead {
  // Through JSON, so that the id is computed from exactly what a reader will see (undefined fields are gone).
  const kept = fitContent(redactProse(JSON.parse(JSON.stringify(content)) as T));
  const at = typeof head.at === 'number' ? isoTime(head.at) : head.at;
  return { v: 1, id: idOf(kept), seq: head.seq, at, ...kept };
}

/** Returns the record as one line without newline. @throws AmbientError `record-too-large` (bug). */
export function encodeRecord(record: RecordHead): string {
  const line = JSON.stringify(record);
  if (Buffer.byteLength(line) <= LINE_LIMIT) return line;
  throw new AmbientError('record-too-large', `record ${record.id} takes more than ${LINE_LIMIT} bytes`, {
    kind: 'bug',
  });
}

/** Reads the lines of one family. Never throws. Order is kept; a line that stands twice counts once. */
export function decodeRecords<F extends keyof RecordFamilies>(family: F, text: string): Decoded<RecordFamilies[F]> {
  const result: Decoded<RecordFamilies[F]> = { records: [], unknown: 0, broken: 0 };
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const record = decodeLine(family, line);
    if (typeof record === 'string') result[record] += 1;
    else if (!seen.has(`${record.seq} ${record.id}`)) {
      seen.add(`${record.seq} ${record.id}`);
      result.records.push(record);
    }
  }
  return result;
}

function decodeLine<F extends keyof RecordFamilies>(family: F, line: string): RecordFamilies[F] | 'unknown' | 'broken' {
  if (line.length > LINE_LIMIT || Buffer.byteLength(line) > LINE_LIMIT) return 'broken';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'broken';
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'broken';
  const { v, kind } = value as { v?: unknown; kind?: unknown };
  if (typeof v !== 'number' || typeof kind !== 'string') return 'broken';
  const validate = validators[family];
  if (v !== 1) return 'unknown';
  if (!validate(value)) return isUnknownKind(validate.errors) ? 'unknown' : 'broken';
  const { v: _v, id, seq: _seq, at: _at, ...content } = value as RecordHead;
  return id === idOf(content) ? (value as RecordFamilies[F]) : 'broken';
}

function isUnknownKind(errors: Array<{ instancePath: string; keyword: string }> | null | undefined): boolean {
  return errors?.some((error) => error.instancePath === '/kind' && /^(?:enum|const)$/.test(error.keyword)) ?? false;
}

function idOf(content: object): string {
  return digest([canonicalJson(content)]);
}
