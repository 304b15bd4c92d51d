/**
 * What one source file imports, as it is written there. Pure. Rule: an import in a comment or a string counts as one: a file
 * too many is looked at, none too few.
 */

/** Stands for what nobody can see: a computed name, another program. */
export const OPEN = '*';

export function kindOfSource(path: string): 'python' | 'javascript' | 'go' | null {
  if (/\.pyi?$/.test(path)) return 'python';
  if (path.endsWith('.go')) return 'go';
  return /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/.test(path) ? 'javascript' : null;
}

/** Module names with their dots for Python, specifiers for JavaScript, package paths for Go; each once. */
export function importsOf(path: string, text: string): string[] {
  const kind = kindOfSource(path);
  if (kind === 'python') return [...new Set(ofPython(text))];
  if (kind === 'go') return [...new Set(ofGo(text))];
  return kind === 'javascript' ? [...new Set(ofJavascript(text))] : [];
}

const PYTHON =
  /(?:^|[:;])[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*(?:\\\r?\n[^\n;#]*)*)|import[ \t]+([\w., \t]+(?:\\\r?\n[\w., \t]+)*))/gm;

function* ofPython(text: string): Generator<string> {
  for (const [, from, names = '', plain] of text.matchAll(PYTHON)) {
    if (from !== undefined) {
      yield from;
      const dot = from.endsWith('.') ? '' : '.';
      for (const name of wordsOf(names.replace(/#.*$/gm, ''))) yield `${from}${dot}${name}`;
    } else yield* wordsOf(plain ?? '');
  }
  for (const [, , name] of text.matchAll(/\b(?:import_module|__import__|importorskip)\(\s*(?:(['"])(\w[\w.]*)\1)?/g))
    yield name ?? OPEN;
  for (const [, list = ''] of text.matchAll(/^pytest_plugins\s*=\s*(.*(?:\n[ \t'"\])].*)*)/gm))
    for (const [, , name = ''] of list.matchAll(/(['"])([\w.]+)\1/g)) yield name;
  if (
    /\b(?:subprocess|runpy|entry_points|pkg_resources|create_subprocess_\w+|os\.(?:system|exec\w+|spawn\w+|popen))\b/.test(
      text,
    )
  )
    yield OPEN;
}

/** `a as b, (c, d)`: a, c, d. */
function wordsOf(list: string): string[] {
  return list
    .replace(/[()\\]/g, ' ')
    .split(',')
    .map((item) => /^\s*([\w.]+)/.exec(item)?.[1] ?? '')
    .filter((word) => word !== '');
}

const LOADS = String.raw`(?:\brequire|\bimport|\brequire\.resolve|\b(?:jest|vi|vitest)\.\w+|\bnew\s+URL|\bnew\s+Worker)`;
const CALL = new RegExp(String.raw`${LOADS}\s*(?:<[^>()]*>)?\(\s*(['"\x60])([^'"\x60$\n]+)\1`, 'g');

function* ofJavascript(source: string): Generator<string> {
  const text = source.replace(/\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//g, ' ');
  for (const [, , name = ''] of text.matchAll(/\b(?:from|import)\s*(['"])([^'"\n]+)\1/g)) yield name;
  for (const [, , name = ''] of text.matchAll(CALL)) yield name;
  for (const [, name = ''] of source.matchAll(/^\/\/\/\s*<reference\s+path="([^"]+)"/gm)) yield `./${name}`;
  const computed =
    /\b(?:require|import)\(\s*(?!['"`\s)]|`[^`$]*`)|\b(?:require|import)\(\s*`[^`]*\$\{|\bimport\.meta\.glob/;
  if (computed.test(text) || /['"](?:node:)?(?:child_process|worker_threads|execa|cross-spawn|zx)['"]/.test(text))
    yield OPEN;
}

function* ofGo(text: string): Generator<string> {
  for (const [, block, single] of text.matchAll(/^import\s*(?:\(([\s\S]*?)^\s*\)|(?:[\w.]+\s+)?("[^"]+"))/gm))
    for (const [, name = ''] of (block ?? single ?? '').matchAll(/"([^"]+)"/g))
      yield name === 'os/exec' || name === 'plugin' ? OPEN : name;
}
