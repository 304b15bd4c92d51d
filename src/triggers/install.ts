/**
 * `init`: puts our lines where this repository's hooks are managed. Rule: what is not ours alone gets nothing without
 * consent (`write`), only the lines to add; what cannot be taken out again byte for byte is refused.
 */
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BLOCK_MARK, snippet, withBlock, withoutBlock } from './block.ts';
import { type HookEvent, hookEvents, type Places } from './body.ts';
import { callsUs, textCallsUs } from './calls.ts';
import { configKeys, removeConfigHooks, writeConfigHooks } from './config-hooks.ts';
import { isShell, readHook, replaceFile } from './files.ts';
import { lefthookSnippet, withLefthook } from './lefthook.ts';
import { record, writeShims } from './record.ts';
import { removeBlock } from './remove.ts';
import { findFileSetup, type HookSetup, type HooksOf, hasConfigHooks, type SetupKind } from './setup.ts';
import { type Target, targetOf } from './targets.ts';

export interface InstalledHook {
  event: HookEvent;
  /** The file, or the key of the configuration. */
  path: string;
  installed: boolean;
  changed: boolean;
  /** Why it is not installed. */
  reason: string | null;
  /** What the person may add by hand. */
  snippet: string | null;
}

export interface Installation {
  setup: SetupKind;
  hooks: InstalledHook[];
  /** What is left to do for a person. */
  next: string[];
}

export interface InstallOptions {
  events: readonly HookEvent[];
  /** The person agreed that files which something else manages are written. */
  write: boolean;
}

/** Installs the hooks for `events`, and takes out those for other events. Running it twice changes nothing. */
export async function installHooks(
  repository: HooksOf,
  places: Places,
  options: InstallOptions,
): Promise<Installation> {
  const setup = await findFileSetup(repository);
  if (hasConfigHooks(repository.info.version)) return installInConfig(repository, places, options, setup);
  await removeConfigHooks(repository);
  if (!['plain', 'pre-commit'].includes(setup.kind)) await writeShims(repository, places);
  const hooks: InstalledHook[] = [];
  const next: string[] = [];
  for (const event of hookEvents) {
    const target = await targetOf(setup, event, places);
    if (!options.events.includes(event)) {
      if (target?.form === 'script') await removeBlock(target.path);
      continue;
    }
    if (target === null) hooks.push(refused(event, setup));
    else if (target.form === 'script') hooks.push(await installScript(repository, setup, target, options));
    // One file for all events: written as a whole when the first of them comes.
    else if (hooks.length === 0) hooks.push(...(await installLefthook(repository, setup, target, options)));
    if (target?.needs && hooks.at(-1)?.installed && (await lstat(target.needs.path).catch(() => null)) === null)
      next.push(`${target.needs.how}: ${target.needs.path} is not there yet`);
  }
  return { setup: setup.kind, hooks, next: [...new Set([...next, ...nextSteps(setup, hooks, repository)])] };
}

/** git calls us whatever manages the files; only a line that stands in a shared file already would call us twice. */
async function installInConfig(
  repository: HooksOf,
  places: Places,
  { events }: InstallOptions,
  files: HookSetup,
): Promise<Installation> {
  const shared = new Map<HookEvent, string>();
  for (const event of hookEvents) {
    const target = await targetOf(files, event, places);
    if (target === null) continue;
    if (target.places !== null) await removeBlock(target.path);
    else if (await callsUs(target.path, event)) shared.set(event, target.path);
  }
  if (shared.size > 0) await writeShims(repository, places);
  const wanted = events.filter((event) => !shared.has(event));
  const changed = await writeConfigHooks(repository, wanted, places);
  const hooks = events.map((event): InstalledHook => {
    const path = shared.get(event);
    const installed = { event, installed: true, reason: null, snippet: null };
    return path === undefined
      ? { ...installed, path: configKeys(event).command, changed }
      : { ...installed, path, changed: false };
  });
  return { setup: 'config', hooks, next: [] };
}

function refused(event: HookEvent, setup: HookSetup): InstalledHook {
  return {
    event,
    path: setup.dir,
    installed: false,
    changed: false,
    reason: setup.reason,
    snippet: snippet(event, null),
  };
}

async function installScript(
  repository: HooksOf,
  setup: HookSetup,
  target: Target,
  options: InstallOptions,
): Promise<InstalledHook> {
  const { event, path, places } = target;
  const refuse = (reason: string): InstalledHook => {
    return { event, path, installed: false, changed: false, reason, snippet: snippet(event, places) };
  };
  const done = (changed: boolean): InstalledHook => {
    return { event, path, installed: true, changed, reason: null, snippet: null };
  };
  const file = await readHook(path);
  if (file.kind === 'other') return refuse(`${path} is not a regular text file`);
  const text = file.kind === 'text' ? file.text : null;
  const ours = text?.includes(BLOCK_MARK) ?? false;
  if (text !== null && !ours && (await callsUs(path, event))) return done(false);
  if (text !== null && !isShell(text)) return refuse(`${path} is not a shell script`);
  // An existing hook that is not executable does not run: making it executable would run what the user switched off.
  if (file.kind === 'text' && (target.mode & 0o100) !== 0 && (file.mode & 0o100) === 0)
    return refuse(`${path} exists but is not executable`);
  if (setup.reason !== null && !options.write && !ours) return refuse(setup.reason);
  const directory = (await lstat(dirname(path)).catch(() => null)) === null;
  const wanted = withBlock(text, { event, places, head: target.head, directory });
  if (wanted === text) return done(false);
  if (withoutBlock(wanted).text !== (text === null ? target.head : withoutBlock(text).text))
    return refuse(`${path} has text that our marks cannot be told from`);
  await record(repository, [path]);
  await replaceFile(path, wanted, file.kind === 'text' ? file.mode : target.mode);
  return done(true);
}

async function installLefthook(
  repository: HooksOf,
  setup: HookSetup,
  { path, mode }: Target,
  { events, write }: InstallOptions,
): Promise<InstalledHook[]> {
  const done = (changed: boolean) =>
    events.map((event) => ({ event, path, installed: true, changed, reason: null, snippet: null }));
  const refuse = (reason: string | null) =>
    events.map((event) => {
      return { event, path, installed: false, changed: false, reason, snippet: lefthookSnippet([event]) };
    });
  const file = await readHook(path);
  if (file.kind === 'other') return refuse(`${path} is not a regular text file`);
  const text = file.kind === 'text' ? file.text : null;
  const ours = text?.includes(BLOCK_MARK) ?? false;
  if (!ours && text !== null && events.every((event) => textCallsUs(text, event))) return done(false);
  if (!write && !ours) return refuse(setup.reason);
  const wanted = withLefthook(path, text, events);
  if (!wanted.ok) return refuse(wanted.reason);
  if (wanted.text === text) return done(false);
  await record(repository, [path]);
  await replaceFile(path, wanted.text, file.kind === 'text' ? file.mode : mode);
  return done(true);
}

function nextSteps(setup: HookSetup, hooks: readonly InstalledHook[], repository: HooksOf): string[] {
  if (hooks.every((hook) => hook.installed)) return [];
  const own = `git config --local core.hooksPath '${repository.info.commonDir}/hooks'`;
  if (setup.kind === 'elsewhere')
    return [
      'add the lines to the hook there yourself (they do nothing in other repositories),',
      `or give this repository hooks of its own: ${own}, then \`git ambient init\``,
    ];
  if (hooks.some((hook) => hook.reason === setup.reason))
    return ['`git ambient init --write` writes these lines; `git ambient uninstall` takes them out again'];
  return ['add the lines yourself: the file stays as it is'];
}
