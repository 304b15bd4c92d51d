/**
 * What git would do here on a commit and on a push, for `status` and `doctor`. Rule: reads only; every sentence comes
 * from a file or a setting that was looked at now.
 */
import { access, constants, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { placesIn } from './block.ts';
import { type HookEvent, hookEvents, type Places } from './body.ts';
import { textCallsUs } from './calls.ts';
import { configCalls, configKeys } from './config-hooks.ts';
import { readHook } from './files.ts';
import { readShim } from './record.ts';
import { findFileSetup, type HookSetup, type HooksOf } from './setup.ts';
import { targetOf } from './targets.ts';

/** `elsewhere`: `core.hooksPath` points away from us. */
export type HookState = 'installed' | 'missing' | 'elsewhere';

export interface HookSight {
  event: HookEvent;
  state: HookState;
  /** Installed, and everything that it needs is there. */
  works: boolean;
  message: string;
  hint: string | null;
}

/** Is our post-commit hook one that git runs here? */
export async function hookState(repository: HooksOf): Promise<HookState> {
  const setup = await findFileSetup(repository);
  return (await inspectEvent(repository, setup, 'post-commit')).state;
}

export async function inspectHooks(repository: HooksOf): Promise<HookSight[]> {
  const setup = await findFileSetup(repository);
  return Promise.all(hookEvents.map((event) => inspectEvent(repository, setup, event)));
}

const NOWHERE: Places = { node: '', cli: '', hooks: '' };

async function inspectEvent(repository: HooksOf, setup: HookSetup, event: HookEvent): Promise<HookSight> {
  const sight = (state: HookState, message: string, hint: string | null = null): HookSight => {
    return { event, state, works: state === 'installed' && hint === null, message, hint };
  };
  const inConfig = await configCalls(repository, event);
  if (inConfig?.active)
    return sight('installed', `${configKeys(event).command} calls the crew`, await missingProgram(inConfig.command));
  const target = await targetOf(setup, event, NOWHERE);
  const path = target?.path ?? join(setup.dir, event);
  const file = await readHook(path);
  if (file.kind !== 'text' || !textCallsUs(file.text, event))
    return sight(setup.configured === null ? 'missing' : 'elsewhere', ...absent(setup, event, path));
  if ((target?.mode ?? 0o755) & 0o100 && (file.mode & 0o100) === 0)
    return sight('missing', `${path} is not executable: git does not run it`, `chmod +x '${path}'`);
  if (target?.needs && (await lstat(target.needs.path).catch(() => null)) === null)
    return sight('missing', `${path} calls the crew, but ${target.needs.path} is not there`, target.needs.how);
  const script = file.text.includes(`/ambient/hooks/${event}`) ? await readShim(repository, event) : file.text;
  if (script === null) return sight('missing', `${path} calls the crew, but not in this clone`, 'git ambient init');
  return sight('installed', `${path} calls the crew`, await missingProgram(script));
}

function absent(setup: HookSetup, event: HookEvent, path: string): [string, string] {
  if (setup.kind === 'elsewhere')
    return [
      `${setup.reason}; ${event} there does not call the crew`,
      '`git ambient init` says which lines to add there',
    ];
  if (setup.reason === null) return [`${path} does not call the crew`, 'git ambient init'];
  return [`${setup.reason}, and ${path} does not call the crew`, '`git ambient init --write` adds the lines to it'];
}

/** node moves with every version under a version manager; a hook that does not find it does nothing. */
async function missingProgram(script: string): Promise<string | null> {
  const places = placesIn(script);
  if (places === null) return null;
  for (const [path, mode] of [[places.node, constants.X_OK] as const, [places.cli, constants.R_OK] as const])
    if (
      !(await access(path, mode).then(
        () => true,
        () => false,
      ))
    )
      return `${path} is gone since then: run \`git ambient init\` again`;
  return null;
}
