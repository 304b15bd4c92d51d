/** `sandbox -- <argv>`: an allowed command on a copy of HEAD, exactly as a check would run. */
import { AmbientError } from '../base/index.ts';
import { filesOf, lendDependencies, openSlots } from '../evaluate/index.ts';
import { isAllowed, limitsFrom, type SandboxResult } from '../sandbox/index.ts';
import { sandboxOf, useSlots } from './checks.ts';
import { type Crew, headOf } from './open.ts';

/** @throws AmbientError `not-allowed` (config) when `allowed_commands` does not admit `argv`; `no-sandbox` (environment). */
export async function runInSandbox(crew: Crew, argv: readonly string[]): Promise<SandboxResult> {
  const { repository, config, signal } = crew;
  const verdict = isAllowed(argv, config.sandbox.allowed_commands);
  if (!verdict.allowed)
    throw new AmbientError('not-allowed', `${argv.join(' ')}: ${verdict.reason}`, {
      kind: 'config',
      hint: 'add a pattern for it to sandbox.allowed_commands in .ambient.yml, then `git ambient init`',
    });
  const driver = await sandboxOf(crew);
  const { tree } = await repository.objects.commit(await headOf(crew));
  const { paths } = await filesOf(repository, tree);
  const lend = await lendDependencies(repository.info, paths);
  return openSlots(useSlots(crew)).use(async (dir) => {
    await repository.slots.checkout(dir, tree);
    const readOnly = [...(await lend(dir)), ...config.sandbox.read_only_paths.map((path) => ({ path }))];
    try {
      return await driver.run({ argv, dir, readOnly, limits: limitsFrom(config.sandbox), signal });
    } finally {
      await repository.slots.scrub(dir);
    }
  }, signal);
}
