/**
 * The text of `.ambient.yml` → settings. Rule: the text is hostile until shown otherwise: bounded in size, depth and
 * aliases, no tags, no key twice; every complaint carries file and line.
 */
import { type Document, isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';
import { AmbientError } from '../base/index.ts';
import { aliases } from './keys.ts';
import { isBlock } from './overlay.ts';
import type { Overlay } from './types.ts';
import { type Locate, validateOverlay } from './validate.ts';

const LARGEST = 256 * 1024;
const MOST_ALIASES = 64;

/** Reads `text`; `path` is only for messages. @throws AmbientError kind `config`. */
export async function parseYaml(text: string, path: string): Promise<Overlay> {
  if (Buffer.byteLength(text) > LARGEST)
    throw unreadable(path, undefined, `the file is larger than ${LARGEST / 1024} KiB`);
  const lines = new LineCounter();
  const lineOf = (offset: number | undefined) => (offset === undefined ? undefined : lines.linePos(offset).line);
  const { root, value } = bounded(path, () => {
    const document = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      prettyErrors: false,
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw unreadable(path, lineOf(fault.pos[0]), plain(fault.message));
    refuseOddities(document, (node, reason) => unreadable(path, lineOf(node?.range?.[0]), reason));
    return { root: document.contents, value: (document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {}) as unknown };
  });
  const locate = locator(root, path, lineOf);
  const renamed = renameAliases(value, locate);
  return validateOverlay(renamed.value, (at, key) => locate(renamed.written(at), key));
}

/** The library's own test for keys given twice compares every pair of them. */
function refuseOddities(
  document: Document.Parsed,
  complain: (node: Node | null, reason: string) => AmbientError,
): void {
  visit(document, {
    Node: (_key, node) => {
      if (node.tag !== undefined) throw complain(node, `YAML tags such as ${node.tag} are not accepted`);
    },
    Map: (_key, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items as Array<{ key: Node }>) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) throw complain(key, `the key ${String(name)} is given twice`);
        seen.add(name);
      }
    },
    Pair: (_key, pair) => {
      const key = pair.key as Node | null;
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') throw complain(key, 'a key must be plain text');
      if (name === '__proto__') throw complain(key, 'a key may not be called __proto__');
    },
  });
}

/** The library recurses once per level, so that absurd nesting ends here, as does an alias that grows out of bounds. */
function bounded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AmbientError) throw error;
    throw unreadable(path, undefined, plain((error as Error).message));
  }
}

/** Gives old names of blocks their new ones; `written` leads back to the name in the file. */
function renameAliases(value: unknown, locate: Locate) {
  const renames = new Map<string, string>();
  if (!isBlock(value)) return { value, written: (path: readonly string[]) => path };
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const now = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (now === undefined) return [name, inner];
    if (Object.hasOwn(value, now)) {
      const { where, line } = locate([], name);
      throw new AmbientError('invalid-configuration', `${where}: ${name} is the old name of ${now}; both are given`, {
        kind: 'config',
        hint: `keep ${now} and remove ${name}`,
        data: { line },
      });
    }
    renames.set(now, name);
    return [now, inner];
  });
  const written = ([first, ...rest]: readonly string[]) =>
    first === undefined ? [] : [renames.get(first) ?? first, ...rest];
  return { value: Object.fromEntries(entries), written };
}

function locator(
  root: ParsedNode | null,
  path: string,
  lineOf: (offset: number | undefined) => number | undefined,
): Locate {
  return (at, key) => {
    let node: unknown = root;
    let offset = root?.range?.[0];
    for (const name of key === undefined ? at : [...at, key]) {
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === name) : undefined;
      const inner: unknown = pair
        ? pair.value
        : (node as { get?: (key: unknown, keep: true) => unknown })?.get?.(Number(name), true);
      offset = ((pair?.key ?? inner) as Node | undefined)?.range?.[0] ?? offset;
      node = inner;
    }
    const line = lineOf(offset);
    return line === undefined ? { where: path } : { where: `${path}:${line}`, line };
  };
}

function unreadable(path: string, line: number | undefined, reason: string): AmbientError {
  const where = line === undefined ? path : `${path}:${line}`;
  return new AmbientError('unreadable-configuration', `${where}: ${reason}`, {
    kind: 'config',
    hint: `correct ${path}; nothing was changed`,
    data: { path, line },
  });
}

/** The library's words, without its advice to programmers. */
function plain(message: string): string {
  if (message.includes('call stack')) return 'nested too deeply';
  return message.split(/\n|; please /, 1)[0] ?? message;
}
