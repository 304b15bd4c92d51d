/** Files that tests compare with: snapshots, golden files, data of tests. Rule: by path alone; prose and code are none. */
import { basename } from 'node:path/posix';
import { languageOf } from '../test-files.ts';

export function isEvidence(path: string): boolean {
  if (
    languageOf(path) !== null ||
    /\.(md|rst|adoc)$/i.test(path) ||
    /^(readme|license|changelog|\.git\w+)/i.test(basename(path))
  )
    return false;
  const folders = path.split('/').slice(0, -1);
  return (
    /\.(snap|golden|approved\.\w+|expected|ambr|raw_snapshot)$/i.test(path) ||
    folders.some((folder) =>
      /^(tests?|__tests__|specs?|e2e|testdata|fixtures?|__fixtures__|golden|goldens|snapshots|__snapshots__|expected|cassettes)$/i.test(
        folder,
      ),
    )
  );
}
