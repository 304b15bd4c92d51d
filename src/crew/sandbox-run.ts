/** `sandbox -- <argv>`: an allowed command on a copy of HEAD, exactly as a check would run. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';
import { dependencyBinds } from '../evaluate/index.ts';
import { isAllowed, limitsFrom, type SandboxResult } from '../sandbox/index.ts';
import { allowedCommands, sandboxOf, slotsDir } from './checks.ts';
import { type Crew, headOf } from './open.ts';

/** @throws AmbientError `not-allowed` (config) when `allowed_commands` does not admit `argv`; `no-sandbox` (environment). */
export async function runInSandbox(crew: Crew, argv: readonly string[]): Promise<SandboxResult> {
  const verdict = isAllowed(argv, allowedCommands(crew));
  if (!verdict.allowed)
    throw new AmbientError('not-allowed', `${argv.join(' ')}: ${verdict.reason}`, {
      kind: 'config',
      hint: 'add a pattern for it to sandbox.allowed_commands in .ambient.yml, then `git ambient init`',
    });
  const driver = await sandboxOf(crew);
  const { tree } = await crew.repository.objects.commit(await headOf(crew));
  const dir = join(slotsDir(crew), `run-${randomId()}`);
  try {
    await crew.repository.slots.checkout(dir, tree);
    const { workTree } = crew.repository.info;
    return await driver.run({
      argv,
      dir,
      readOnly: [
        ...(workTree === null ? [] : await dependencyBinds(workTree)).map((bind) => ({ ...bind })),
        ...crew.config.sandbox.read_only_paths.map((path) => ({ path })),
      ],
      limits: limitsFrom(crew.config.sandbox),
      signal: crew.signal,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
    await rm(`${dir}.index`, { force: true });
  }
}
