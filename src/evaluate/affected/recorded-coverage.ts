/**
 * Which tests ran a file, where the repository keeps a record of it: the JSON report of coverage.py with contexts, or LCOV
 * with a name for each test. Rule: a record may be old or damaged, so it decides what is run first and nothing else.
 */

/** Where coverage.py and the runners of JavaScript write to when they are not told otherwise. */
const RECORDS = ['coverage.json', 'lcov.info', 'coverage/lcov.info'] as const;
const LARGEST = 16 * 1024 * 1024;

/**
 * Test files that are recorded to have run one of `changed`. @param tests paths of test files.
 * @param read the text of a path of the base; null where there is none.
 */
export async function recordedFor(
  changed: readonly string[],
  tests: readonly string[],
  read: (path: string) => Promise<string | null>,
): Promise<string[]> {
  const found = new Set<string>();
  for (const path of RECORDS) {
    const text = await read(path);
    if (text === null || text.length > LARGEST) continue;
    const names = path.endsWith('.json') ? contextsOf(text, changed) : namesOf(text, changed);
    for (const name of names) for (const test of tests) if (isFrom(name, test)) found.add(test);
  }
  return [...found];
}

/** `{files: {<path>: {contexts: {<line>: [<test>]}}}}`, as `coverage json --show-contexts` writes it. */
function contextsOf(text: string, changed: readonly string[]): Set<string> {
  const names = new Set<string>();
  const files = member(parsed(text), 'files');
  for (const path of changed)
    for (const line of Object.values(member(member(files, path), 'contexts') ?? {}))
      if (Array.isArray(line)) for (const name of line) if (typeof name === 'string') names.add(name);
  return names;
}

/** Names of the records (`TN:`) in which a line of a changed file (`SF:`) was run at least once (`DA:line,count`). */
function namesOf(text: string, changed: readonly string[]): Set<string> {
  const names = new Set<string>();
  let name = '';
  let wanted = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('TN:')) name = line.slice(3).trim();
    else if (line.startsWith('SF:')) wanted = changed.some((path) => isAt(line.slice(3).trim(), path));
    else if (wanted && name !== '' && /^DA:\d+,[1-9]/.test(line)) names.add(name);
  }
  return names;
}

/** Reports name files from the top of the repository, or from the top of a machine. */
const isAt = (named: string, path: string) => named === path || named.endsWith(`/${path}`);

/** `tests/test_a.py::test_b|run`, `tests.test_a.Suite.test_b`, `tests_test_a_py` (LCOV knows no other signs), or the path. */
function isFrom(name: string, test: string): boolean {
  if (name === test || name.startsWith(`${test}::`)) return true;
  if (name === test.replace(/\W/g, '_')) return true;
  return test.endsWith('.py') && `${name}.`.startsWith(`${test.slice(0, -3).replaceAll('/', '.')}.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function member(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'object' && found !== null ? found : undefined;
}
