/** Lays settings over settings. Rule: blocks are merged key by key, everything else (lists too) is replaced; nothing given is changed. */
import type { Config, Overlay } from './types.ts';

type Block = Record<string, unknown>;

/** Returns `base` with what `overlay` says instead. */
export function overlaid(base: Config, overlay: Overlay): Config {
  return merge(base as Block, overlay as Block) as Config;
}

function merge(base: Block, overlay: Block): Block {
  const entries = Object.entries(overlay).map(([name, value]): [string, unknown] => {
    const old = Object.hasOwn(base, name) ? base[name] : undefined;
    return [name, isBlock(value) ? merge(isBlock(old) ? old : {}, value) : structuredClone(value)];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

export function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns an overlay that says `value` at `path` and nothing else. */
export function overlayAt(path: readonly string[], value: unknown): Overlay {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Overlay;
}

/** Lists the dotted keys of everything that is said in `overlay`: `{a: {b: 1}}` says `a.b`. */
export function saidKeys(overlay: Overlay): string[] {
  const walk = (block: Block, prefix: string): string[] =>
    Object.entries(block).flatMap(([name, value]) =>
      isBlock(value) && Object.keys(value).length > 0 ? walk(value, `${prefix}${name}.`) : [`${prefix}${name}`],
    );
  return walk(overlay as Block, '');
}
