/**
 * The text of `.ambient.yml` → settings. Rule: the text is hostile until shown otherwise: bounded in size, depth and
 * aliases, no tags, no key twice; every complaint carries file, line and column, and several are told at once.
 */
import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { AmbientError } from '../base/index.ts';
import { aliases } from './keys.ts';
import { isBlock } from './overlay.ts';
import type { Overlay } from './types.ts';
import { type Locate, validateOverlay } from './validate.ts';

const LARGEST = 256 * 1024;
const MOST_ALIASES = 64;
/** Mistakes that are told at once. */
const MOST_FAULTS = 5;

/** Reads `text`; `path` is only for messages. @throws AmbientError kind `config`. */
export async function parseYaml(text: string, path: string): Promise<Overlay> {
  if (Buffer.byteLength(text) > LARGEST)
    throw unreadable(path, [{ where: path, message: `the file is larger than ${LARGEST / 1024} KiB` }]);
  const lines = new LineCounter();
  const at = (offset: number | undefined): Place => {
    if (offset === undefined) return { where: path };
    const { line, col: column } = lines.linePos(offset);
    return { where: `${path}:${line}:${column}`, line, column };
  };
  const { root, value } = bounded(path, () => {
    const document = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      prettyErrors: false,
    });
    const faults = [...document.errors, ...document.warnings].slice(0, MOST_FAULTS);
    if (faults.length > 0)
      throw unreadable(
        path,
        faults.map(({ pos, message }) => ({ ...at(pos[0]), message: plain(message) })),
      );
    const odd = odditiesOf(document).map(({ node, message }) => ({ ...at(node?.range?.[0]), message }));
    if (odd.length > 0) throw unreadable(path, odd);
    return { root: document.contents, value: (document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {}) as unknown };
  });
  const locate = locator(root, at);
  const renamed = renameAliases(value, locate);
  return validateOverlay(renamed.value, (path, key) => locate(renamed.written(path), key));
}

interface Place {
  where: string;
  line?: number;
  column?: number;
}

interface Oddity {
  node: Node | null;
  message: string;
}

/** What YAML allows and nobody means. The library's own test for keys given twice compares every pair of them. */
function odditiesOf(document: Document.Parsed): Oddity[] {
  const odd: Oddity[] = [];
  const add = (node: Node | null, message: string) => {
    odd.push({ node, message });
    return odd.length >= MOST_FAULTS ? visit.BREAK : undefined;
  };
  const anchors = new Set<string>();
  visit(document, {
    Alias: (_key, node) => (anchors.has(node.source) ? undefined : add(node, `there is no anchor &${node.source}`)),
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (node.tag !== undefined) return add(node, `YAML tags such as ${node.tag} are not accepted`);
      const source = isScalar(node) && node.type === 'PLAIN' ? (node.source ?? '') : '';
      if (/^[-+]?0\d+$/.test(source))
        return add(
          node,
          `${source} is octal for some readers and decimal for others: write it without the leading zero`,
        );
      const twice = isMap(node) ? keysGivenTwice(node) : [];
      for (const key of twice) if (add(key, `the key ${String(key.value)} is given twice`)) return visit.BREAK;
      return undefined;
    },
    Pair: (_key, pair) => {
      const key = pair.key as Node | null;
      const name = isScalar(key) ? key.value : undefined;
      if (name === '<<') return add(key, 'merge keys (<<) are not accepted: write the keys out');
      if (typeof name !== 'string') return add(key, 'a key must be plain text');
      return name === '__proto__' ? add(key, 'a key may not be called __proto__') : undefined;
    },
  });
  const offset = ({ node }: Oddity) => node?.range?.[0] ?? 0;
  return odd.sort((a, b) => offset(a) - offset(b));
}

function keysGivenTwice(map: YAMLMap): Scalar[] {
  const seen = new Set<unknown>();
  const twice: Scalar[] = [];
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) twice.push(key);
    seen.add(key.value);
  }
  return twice;
}

/** The library recurses once per level, so that absurd nesting ends here, as does an alias that grows out of bounds. */
function bounded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AmbientError) throw error;
    throw unreadable(path, [{ where: path, message: plain((error as Error).message) }]);
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

function locator(root: ParsedNode | null, place: (offset: number | undefined) => Place): Locate {
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
    return place(offset);
  };
}

function unreadable(path: string, problems: ReadonlyArray<Place & { message: string }>): AmbientError {
  const message = problems.map((problem) => `${problem.where}: ${problem.message}`).join('\n');
  const [{ line, column } = {} as Place] = problems;
  return new AmbientError('unreadable-configuration', message, {
    kind: 'config',
    hint: `correct ${path}; nothing was changed`,
    data: { path, line, column, problems },
  });
}

/** The library's words, without its advice to programmers. */
function plain(message: string): string {
  if (message.includes('call stack')) return 'nested too deeply';
  return message.split(/\n|; please /, 1)[0] ?? message;
}
