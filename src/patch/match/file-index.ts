/**
 * Where a block of lines stands in a file. Rule: every candidate is found, none is preferred here; the rarest line of
 * the block leads the search, so that a common line costs nothing.
 */

/** How much of a line counts. */
export type Level = 'exact' | 'blanks' | 'strip';

const KEYS: Record<Level, (text: string) => string> = {
  exact: (text) => text,
  blanks: (text) => text.replace(/[ \t\r\f\v]+$/, ''),
  strip: (text) => text.replace(/[ \t\r\f\v]+/g, ' ').replace(/^ | $/g, ''),
};

export const keyOf = (level: Level, text: string): string => KEYS[level](text);

/** One line of a block: the texts that it may stand as, the likeliest first. */
export type Element = readonly string[];

/** Lines compared for one file, all hunks together: what takes more is too repetitive to be certain of. */
const MOST_COMPARED = 30_000_000;

interface Keys {
  ids: Int32Array;
  byKey: Map<string, number>;
  /** id → lines, ascending. */
  lines: number[][];
}

export class FileIndex {
  readonly lines: readonly string[];
  readonly #levels = new Map<Level, Keys>();
  #left = MOST_COMPARED;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  /** Lines whose key equals that of `text`, ascending. */
  occurrences(level: Level, text: string): readonly number[] {
    const keys = this.#keys(level);
    const id = keys.byKey.get(keyOf(level, text));
    return id === undefined ? [] : keys.lines[id]!;
  }

  /** Every line at which the whole block stands, within `from` ≤ start and end ≤ `to`, ascending. */
  find(level: Level, block: readonly Element[], from = 0, to = this.lines.length): number[] {
    if (this.exhausted || block.length === 0 || block.length > to - from) return [];
    const keys = this.#keys(level);
    const wanted = block.map((texts) => {
      const ids = texts.map((text) => keys.byKey.get(keyOf(level, text)) ?? -1).filter((id) => id >= 0);
      return ids;
    });
    let lead = 0;
    let rarest = Number.POSITIVE_INFINITY;
    for (const [index, ids] of wanted.entries()) {
      const count = ids.reduce((sum, id) => sum + keys.lines[id]!.length, 0);
      if (count === 0) return [];
      if (count < rarest) [lead, rarest] = [index, count];
    }
    this.#left -= rarest;
    if (this.#left < 0) return [];
    const found: number[] = [];
    for (const id of new Set(wanted[lead])) {
      for (const line of keys.lines[id]!) {
        const start = line - lead;
        if (start >= from && start + block.length <= to && this.#stands(keys.ids, wanted, start)) found.push(start);
      }
    }
    return wanted[lead]!.length > 1 ? [...new Set(found)].sort((a, b) => a - b) : found;
  }

  /** So much was compared that the search was given up: what was found is not all. */
  get exhausted(): boolean {
    return this.#left < 0;
  }

  /** Whether `text` stands at `line`. */
  isAt(level: Level, line: number, text: string): boolean {
    const keys = this.#keys(level);
    return keys.ids[line] === keys.byKey.get(keyOf(level, text));
  }

  #stands(ids: Int32Array, wanted: ReadonlyArray<readonly number[]>, start: number): boolean {
    let at = 0;
    for (; at < wanted.length; at += 1) {
      const options = wanted[at]!;
      const id = ids[start + at]!;
      if (options[0] !== id && (options.length === 1 || !options.includes(id))) break;
    }
    this.#left -= at;
    return at === wanted.length;
  }

  #keys(level: Level): Keys {
    const known = this.#levels.get(level);
    if (known) return known;
    const keys: Keys = { ids: new Int32Array(this.lines.length), byKey: new Map(), lines: [] };
    for (const [index, text] of this.lines.entries()) {
      const key = keyOf(level, text);
      let id = keys.byKey.get(key);
      if (id === undefined) {
        id = keys.lines.length;
        keys.byKey.set(key, id);
        keys.lines.push([]);
      }
      keys.ids[index] = id;
      keys.lines[id]!.push(index);
    }
    this.#levels.set(level, keys);
    return keys;
  }
}
