/**
 * Hooks that git (≥ 2.54) takes from the configuration: no file is touched, and every manager keeps its own. Rule: only
 * the local configuration, only our own names; what older versions of git do not know is taken out again.
 */
import { configCommand, type HookEvent, hookEvents, type Places } from './body.ts';
import { type HooksOf, hasConfigHooks } from './setup.ts';

const NAMES: Record<HookEvent, string> = { 'post-commit': 'ambient', 'pre-push': 'ambient-push' };

/** The keys of an event, in the order in which they are written. */
export function configKeys(event: HookEvent): { command: string; event: string } {
  return { command: `hook.${NAMES[event]}.command`, event: `hook.${NAMES[event]}.event` };
}

/** Writes the hooks for `events`, takes out the others; returns whether anything changed. */
export async function writeConfigHooks(
  repository: HooksOf,
  events: readonly HookEvent[],
  places: Places,
): Promise<boolean> {
  let changed = false;
  for (const event of hookEvents) {
    const keys = configKeys(event);
    const wanted = events.includes(event) ? configCommand(event, places) : null;
    const [command, on] = [await repository.config.get(keys.command), await repository.config.get(keys.event)];
    if (wanted === null) {
      if (command !== null || on !== null) await removeEvent(repository, event);
      changed ||= command !== null || on !== null;
    } else if (command !== wanted || on !== event) {
      await repository.config.set(keys.command, wanted);
      await repository.config.set(keys.event, event);
      changed = true;
    }
  }
  return changed;
}

/** Takes our hooks out of the configuration; returns the keys that were there. */
export async function removeConfigHooks(repository: HooksOf): Promise<string[]> {
  const removed: string[] = [];
  for (const event of hookEvents) {
    const keys = configKeys(event);
    for (const key of [keys.command, keys.event]) if ((await repository.config.get(key)) !== null) removed.push(key);
    if (removed.length > 0) await removeEvent(repository, event);
  }
  return removed;
}

async function removeEvent(repository: HooksOf, event: HookEvent): Promise<void> {
  const keys = configKeys(event);
  await repository.config.unset(keys.event);
  await repository.config.unset(keys.command);
}

/** Does the configuration call us on `event`, and does this git look there? */
export async function configCalls(
  repository: HooksOf,
  event: HookEvent,
): Promise<{ command: string; active: boolean } | null> {
  const keys = configKeys(event);
  const command = await repository.config.get(keys.command);
  if (command === null || (await repository.config.get(keys.event)) !== event) return null;
  const enabled = (await repository.config.get(keys.command.replace(/command$/, 'enabled'))) ?? 'true';
  const active = hasConfigHooks(repository.info.version) && !/^(false|no|off|0)$/i.test(enabled);
  return { command, active };
}
