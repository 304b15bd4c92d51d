/**
 * Settings from `AMBIENT_<SECTION>_<KEY>` and from flags, as text. Rule: text is read by the type that the schema gives the
 * key; a variable that begins like a section and names no key is an error, any other is not ours.
 */
import { AmbientError } from '../base/index.ts';
import { type Leaf, leaves, nearest } from './keys.ts';
import { overlaid, overlayAt } from './overlay.ts';
import type { Config, Overlay, Source } from './types.ts';
import { validateOverlay } from './validate.ts';

export interface Given {
  leaf: Leaf;
  value: unknown;
  source: Source;
  /** As a person knows it: the variable or the flag. */
  name: string;
}

/** Reads the variables that are ours; an empty one counts as not set. @throws AmbientError that tells all mistakes. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Given[] {
  const known = new Map<string, Leaf>(leaves().map((leaf) => [variableOf(leaf), leaf]));
  const sections = new Set(
    [...known.values()].filter((leaf) => leaf.path.length > 1).map((leaf) => leaf.path[0] ?? ''),
  );
  return collect(Object.entries(env), ([name, text]) => {
    if (!name.startsWith('AMBIENT_') || text === undefined || text === '') return [];
    const leaf = known.get(name);
    if (leaf) return [{ leaf, value: readText(leaf, text, name), source: `env ${name as `AMBIENT_${string}`}`, name }];
    const section = [...sections].find((candidate) => name.startsWith(`AMBIENT_${candidate.toUpperCase()}_`));
    if (section !== undefined) throw unknownName(name, [...known.keys()]);
    return [];
  });
}

/** Reads flags by dotted key. @throws AmbientError that tells all mistakes. */
export function fromFlags(flags: Readonly<Record<string, string>>): Given[] {
  const known = new Map(leaves().map((leaf) => [leaf.key, leaf] as const));
  return collect(Object.entries(flags), ([key, text]) => {
    const leaf = known.get(key);
    if (!leaf) throw unknownName(key, [...known.keys()]);
    return [{ leaf, value: readText(leaf, text, key), source: 'flag', name: key }];
  });
}

function collect<T>(items: readonly T[], read: (item: T) => Given[]): Given[] {
  const faults: AmbientError[] = [];
  const given = items.flatMap((item) => {
    try {
      return read(item);
    } catch (error) {
      if (!(error instanceof AmbientError)) throw error;
      faults.push(error);
      return [];
    }
  });
  const [first] = faults;
  if (first === undefined) return given;
  if (faults.length === 1) throw first;
  throw new AmbientError('invalid-configuration', faults.map(({ message }) => message).join('\n'), {
    kind: 'config',
    hint: 'run `git ambient config` to see every key',
    data: { problems: faults.map(({ message, data }) => ({ ...data, message })) },
  });
}

/** Returns everything given as one overlay over `base`; later ones win. @throws AmbientError `invalid-configuration` (config). */
export async function overlayOf(given: readonly Given[], base: Config): Promise<Overlay> {
  const overlay = given.reduce((all, one) => {
    return overlaid(all as Config, overlayAt(one.leaf.path, one.value)) as Overlay;
  }, {} as Overlay);
  const nameOf = (path: readonly string[]) =>
    given.findLast((one) => one.leaf.path.every((part, index) => path[index] === part))?.name;
  return validateOverlay(overlay, (path) => ({ where: nameOf(path) ?? path.join('.') }), base);
}

/** `agents.SecurityGuardian.severity_threshold` → `AMBIENT_AGENTS_SECURITYGUARDIAN_SEVERITY_THRESHOLD`. */
export function variableOf(leaf: Leaf): `AMBIENT_${string}` {
  return `AMBIENT_${leaf.path.join('_').toUpperCase()}`;
}

function readText(leaf: Leaf, text: string, name: string): unknown {
  switch (leaf.schema.type) {
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(text)) return true;
      if (/^(false|no|off|0)$/i.test(text)) return false;
      throw unreadableText(name, text, 'true or false');
    case 'integer':
    case 'number':
      if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
      throw unreadableText(name, text, 'a number');
    case 'array':
      return readList(text, name);
    default:
      return text;
  }
}

/** A JSON list, or items between commas. */
function readList(text: string, name: string): unknown {
  if (!text.trimStart().startsWith('['))
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  try {
    return JSON.parse(text);
  } catch {
    throw unreadableText(name, text, 'items between commas, or a JSON list');
  }
}

function unreadableText(name: string, text: string, wanted: string): AmbientError {
  return new AmbientError('invalid-configuration', `${name}: ${JSON.stringify(text.slice(0, 80))} is not ${wanted}`, {
    kind: 'config',
    hint: `set ${name} to ${wanted}, or leave it out`,
    data: { name },
  });
}

function unknownName(name: string, names: readonly string[]): AmbientError {
  const meant = nearest(name, names);
  const message = `unknown setting ${name}${meant === null ? '' : `; did you mean ${meant}?`}`;
  return new AmbientError('invalid-configuration', message, {
    kind: 'config',
    hint: 'run `git ambient config` to see every key',
    data: { name, meant },
  });
}
