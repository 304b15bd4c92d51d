/** What a compiler's own tools said of Go and Rust, before it is a finding. Rule: offsets count in the bytes of the file. */
import type { Severity, SpecialistName } from '../../records/index.ts';

export interface Told {
  /** As the tool names it; the caller makes it relative to the repository. */
  path: string;
  /** `go/vet-printf`, `rust/needless_return`. */
  rule: string;
  /** Who said it: `go vet`. */
  tool: string;
  /** As the tool calls it. */
  code: string;
  specialist: SpecialistName;
  severity: Severity;
  message: string;
  place: Place;
  /** The first line of it, as the tool has read it. */
  line?: string;
  /** Applied together; empty: report only. */
  edits: Array<{ start: number; end: number; text: string }>;
}

/** Bytes [start, end), or 1-based lines and columns in bytes. */
export type Place = { start: number; end: number } | { line: number; column: number };
