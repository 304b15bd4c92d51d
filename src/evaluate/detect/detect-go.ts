/** The checks of a Go module. Rule: a module without test files has no tests to run; vet compiles everything all the same. */

import type { BaseFiles } from '../types.ts';
import type { Plan } from './plan-command.ts';

/** @param files of one module. @param inWorkspace whether a go.work above it decides what it is built from. */
export function detectGo(files: BaseFiles, inWorkspace: boolean): Plan[] {
  if (!files.paths.includes('go.mod') || !files.paths.some((path) => path.endsWith('.go'))) return [];
  // Neither a vendored module nor a workspace accepts the flag.
  const modules = inWorkspace || files.paths.includes('vendor/modules.txt') ? '' : '-mod=mod ';
  const env = { GOFLAGS: `${modules}-buildvcs=false` };
  const tests = files.paths.some(
    (path) => /(^|\/)(?![_.])[^/]*_test\.go$/.test(path) && !/(^|\/)(testdata|vendor)\//.test(path),
  );
  const plans: Plan[] = tests ? [{ name: 'go test', kind: 'tests', argv: ['go', 'test', './...'], env }] : [];
  plans.push({ name: 'go vet', kind: 'lint', argv: ['go', 'vet', './...'], env });
  return plans;
}
