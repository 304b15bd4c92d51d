/** Which tests are named after a file: `shop/search.py` and `tests/test_search.py`. Pure. Rule: a hint, never a proof. */
import { basename } from 'node:path/posix';

/** @param tests paths of test files. Returns those that are named after `path`, and `path` itself when it is one of them. */
export function testsNamedAfter(path: string, tests: Iterable<string>): string[] {
  const stem = stemOf(path);
  return [...tests].filter((test) => test === path || (stem !== '' && sameFamily(path, test) && stemOf(test) === stem));
}

/** The name without its ending and without what makes it a test. */
function stemOf(path: string): string {
  const name = basename(path).replace(/\.d\.[cm]?ts$|\.[^.]+$/, '');
  // What every folder has says nothing.
  if (/^(__init__|index|main|conftest|mod|lib)$/.test(name)) return '';
  return name
    .replace(/^tests?[_-]/, '')
    .replace(/[._-](tests?|spec|e2e|cy)$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

function sameFamily(path: string, test: string): boolean {
  const family = (one: string) => (/\.pyi?$/.test(one) ? 'python' : /\.(go|rs)$/.exec(one)?.[1]) ?? 'javascript';
  return family(path) === family(test);
}
