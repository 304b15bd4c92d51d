/** The lines of a file that say what it offers. Rule: pure and by line: an outline is for reading, not for compiling. */
const DEFINES: ReadonlyArray<[RegExp, RegExp]> = [
  [/\.pyi?$/, /^\s*(?:@\w|(?:async\s+)?def\s+\w|class\s+\w|[A-Z][A-Z0-9_]*\s*(?::[^=]+)?=)/],
  [
    /\.[cm]?[jt]sx?$/,
    /^\s*(?:export\b|(?:async\s+)?function\b|(?:abstract\s+)?class\s+\w|interface\s+\w|type\s+\w+\s*[=<]|enum\s+\w|module\.exports|exports\.)|^\s{2}(?:(?:public|private|protected|static|async|get|set|readonly)\s+)*#?\w+\s*\([^)]*\)\s*(?::[^{]+)?\{\s*$/,
  ],
  [/\.go$/, /^(?:func|type|package)\s/],
  [/\.rs$/, /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?(?:fn|struct|enum|trait|impl|mod|type|const)\s/],
];
const MOST = 120;

/** Line numbers and lines, `12: def f(x):`; '' where the language is not known. */
export function outline(path: string, text: string): string {
  const defines = DEFINES.find(([name]) => name.test(path))?.[1];
  if (!defines) return '';
  const found = text
    .split('\n')
    .flatMap((line, at) => (defines.test(line) ? [`${at + 1}: ${line.trimEnd().slice(0, 160)}`] : []));
  const more = found.length - MOST;
  return [...found.slice(0, MOST), ...(more > 0 ? [`... ${more} more`] : [])].join('\n');
}
