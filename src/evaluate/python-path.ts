/**
 * Where Python must look for the repository's own code. Rule: the slot's code comes first: an environment in which the
 * project itself is installed would otherwise test that copy, and every candidate would look fine.
 */

/** Returns repository-relative directories, '.' last. */
export function pythonPaths(paths: readonly string[]): string[] {
  const hasSource = paths.some((path) => /^src\/([^/]+\.py|[^/]+\/__init__\.py)$/.test(path));
  return hasSource && !paths.includes('src/__init__.py') ? ['src', '.'] : ['.'];
}
