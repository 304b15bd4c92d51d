/**
 * Recognises the `config.yaml` of the convergence loop. Rule: by its form alone and without reading YAML, because any
 * program may have a file of that name: what is not exactly of this form is not ours, whatever it says, and is never
 * complained about.
 */
export const CONVERGENCE_FILE = 'config.yaml';
/** A file of this form is a page at most. */
export const LARGEST_CONVERGENCE_FILE = 64 * 1024;

const BLOCKS = new Set(['loop', 'steps', 'events']);
const STEPS = new Set(['diagnose', 'fix', 'attack', 'validate']);
const STEP_KEYS = new Set(['enabled', 'tool', 'args']);

/** True when nothing but the blocks loop, steps and events stands there, and at least two known steps with a tool. */
export function isConvergenceFile(text: string): boolean {
  const entries = linesOf(text);
  if (entries === null) return false;
  let [block, step] = ['', ''];
  let indent: number | null = null;
  const tools = new Set<string>();
  for (const { depth, key, empty } of entries) {
    if (depth === 0) {
      if (key === null || !BLOCKS.has(key) || !empty) return false;
      [block, step, indent] = [key, '', null];
    } else if (block === 'steps') {
      indent ??= depth;
      if (depth === indent) {
        if (key === null || !STEPS.has(key) || !empty) return false;
        step = key;
      } else if (key !== null && depth > indent) {
        if (!STEP_KEYS.has(key)) return false;
        if (key === 'tool') tools.add(step);
      }
    } else if (block === '') return false;
  }
  return tools.size >= 2;
}

/** Every line that says something: how deep it stands, the key that it begins with, whether nothing follows the key. */
function linesOf(text: string): Array<{ depth: number; key: string | null; empty: boolean }> | null {
  const found: Array<{ depth: number; key: string | null; empty: boolean }> = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const content = line.replace(/(^|\s)#.*$/, '').trimEnd();
    if (content === '' || (content === '---' && found.length === 0)) continue;
    if (/^\s*\t/.test(content)) return null;
    const [, space = '', key, rest = ''] = /^( *)(?:([A-Za-z_][\w-]*)\s*:(?=\s|$))?(.*)$/.exec(content) ?? [];
    found.push({ depth: space.length, key: key ?? null, empty: rest.trim() === '' });
  }
  return found;
}
