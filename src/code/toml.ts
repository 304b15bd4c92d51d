/**
 * Reads the few TOML values that conventions need: strings, numbers, booleans, arrays of strings, under a table or inline.
 * Rule: tolerant; what it does not understand it leaves out. It is no TOML parser (no nested inline tables, no dates).
 */
export type TomlValue = string | boolean | number | string[];

/** `table.key` → value, for example `project.requires-python`. Keys keep their case; quotes around keys go. */
export function readToml(text: string): Map<string, TomlValue> {
  const values = new Map<string, TomlValue>();
  const lines = text.split(/\r?\n/);
  let table = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = stripComment(lines[index] ?? '').trim();
    const header = /^\[\[?\s*([^\]]+?)\s*\]\]?$/.exec(line);
    if (header) {
      table = unquoteKeys(header[1] ?? '');
      continue;
    }
    const pair = /^("[^"]+"|'[^']+'|[\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (!pair) continue;
    let raw = pair[2] ?? '';
    while (/^[[{]/.test(raw) && !closes(raw) && index + 1 < lines.length) {
      index += 1;
      raw += ` ${stripComment(lines[index] ?? '').trim()}`;
    }
    const key = (table ? `${table}.` : '') + unquoteKeys(pair[1] ?? '');
    for (const [name, text] of raw.startsWith('{') ? inlinePairs(key, raw) : [[key, raw] as const]) {
      const value = readValue(text);
      if (value !== null) values.set(name, value);
    }
  }
  return values;
}

/** Every key that starts with `prefix`, without it. */
export function below(values: ReadonlyMap<string, TomlValue>, prefix: string): Array<[string, TomlValue]> {
  return [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]);
}

function readValue(raw: string): TomlValue | null {
  if (raw.startsWith('['))
    return [...raw.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((item) => item[1] ?? item[2] ?? '');
  const text = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(raw);
  if (text) return text[1] ?? text[2] ?? '';
  if (raw === 'true' || raw === 'false') return raw === 'true';
  return /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : null;
}

/** `{ "a" = ["x"], b = "y" }` as pairs below `key`; tables inside tables are left out. */
function inlinePairs(key: string, raw: string): Array<readonly [string, string]> {
  const pairs = raw
    .slice(1)
    .matchAll(/("[^"]+"|'[^']+'|[\w.-]+)\s*=\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|'[^']*'|[\w.+-]+)/g);
  return [...pairs].map((pair) => [`${key}.${unquoteKeys(pair[1] ?? '')}`, pair[2] ?? ''] as const);
}

/** Cuts a comment off, minding quotes. */
function stripComment(line: string): string {
  return /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*/.exec(line)?.[0] ?? line;
}

function closes(raw: string): boolean {
  const bare = raw.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return bare.split(/[[{]/).length === bare.split(/[\]}]/).length;
}

function unquoteKeys(key: string): string {
  return key.replace(/["']/g, '').replace(/\s*\.\s*/g, '.');
}
