/**
 * The file that a test is in, by the id that its runner gives it. Pure. Rule: ids of pytest, unittest and Go name a place;
 * others do not, and then nobody knows.
 */
import { dirname } from 'node:path/posix';

/** @param tests paths of test files. @param folder that the check runs in. Empty when it cannot be told. */
export function filesOfTest(id: string, tests: readonly string[], folder: string): string[] {
  const pytest = /^([\w.]+)::/.exec(id)?.[1];
  if (pytest !== undefined) return ofModule(pytest, tests, folder);
  const unittest = /^\w+ \(([\w.]+)\)$/.exec(id)?.[1];
  if (unittest !== undefined) return ofModule(unittest, tests, folder);
  const go = /^([\w.~-]+(?:\/[\w.~-]+)*?)\.(?:Test|Example|Fuzz|Benchmark)\w*(?:\/.*)?$/.exec(id)?.[1];
  return go === undefined ? [] : ofPackage(go, tests, folder);
}

/** `tests.test_a.TestX`: the longest beginning that is a file. */
function ofModule(name: string, tests: readonly string[], folder: string): string[] {
  const parts = name.split('.');
  for (let count = parts.length; count > 0; count--) {
    const file = `${parts.slice(0, count).join('/')}.py`;
    const own = folder === '' ? file : `${folder}/${file}`;
    if (tests.includes(own)) return [own];
    const elsewhere = tests.filter((path) => path.endsWith(`/${file}`));
    if (elsewhere.length > 0) return elsewhere.length === 1 ? elsewhere : [];
  }
  return [];
}

/** `example.org/m/pkg`: the longest end that is a folder with tests; the module itself is the folder of the check. */
function ofPackage(name: string, tests: readonly string[], folder: string): string[] {
  const files = tests.filter((path) => path.endsWith('_test.go'));
  const parts = name.split('/');
  for (let start = 0; start < parts.length; start++) {
    const end = parts.slice(start).join('/');
    const place = folder === '' ? end : `${folder}/${end}`;
    const found = files.filter((path) => dirname(path) === place);
    if (found.length > 0) return found;
  }
  return files.filter((path) => dirname(path) === (folder === '' ? '.' : folder));
}
