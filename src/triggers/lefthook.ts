/**
 * Our part of lefthook-local.yml, the file that lefthook reads after the team's and that stays out of the repository.
 * Rule: text in, text out; the rest of the file stays byte for byte, so a key that stands there already is refused.
 */
import { join } from 'node:path';
import { insertBlock, withoutBlock } from './block.ts';
import { type HookEvent, oneLine } from './body.ts';

const NAMES = ['lefthook-local.yml', 'lefthook-local.yaml', '.lefthook-local.yml', '.lefthook-local.yaml'];
const FOREIGN = ['lefthook-local.toml', 'lefthook-local.json', '.lefthook-local.toml', '.lefthook-local.json'];

/** The name of the local configuration: the one that exists, or the usual one. */
export function lefthookFile(workTree: string, exists: (path: string) => boolean): string {
  return [...NAMES, ...FOREIGN].find((name) => exists(join(workTree, name))) ?? 'lefthook-local.yml';
}

/** The lines of YAML that call us on `events`. */
export function lefthookSnippet(events: readonly HookEvent[]): string {
  return `${lines(events).join('\n')}\n`;
}

function lines(events: readonly HookEvent[]): string[] {
  return events.flatMap((event) => [
    `${event}:`,
    '  commands:',
    '    git-ambient:',
    `      run: '${oneLine(event)}'`,
    ...(event === 'pre-push' ? ['      use_stdin: true'] : []),
  ]);
}

/** Returns the file with our block for `events` (none: without it), or why it cannot be put in. */
export function withLefthook(
  path: string,
  text: string | null,
  events: readonly HookEvent[],
): { ok: true; text: string } | { ok: false; reason: string } {
  const { text: rest, found, empty } = withoutBlock(text ?? '');
  if (!/\.ya?ml$/.test(path)) return { ok: false, reason: `${path} is not YAML` };
  const taken = events.filter((event) => new RegExp(`^["']?${event}["']?\\s*:`, 'm').test(rest));
  if (taken.length > 0) return { ok: false, reason: `${path} says something about ${taken.join(' and ')} already` };
  const documents = rest.match(/^(---|\.\.\.)/gm)?.length ?? 0;
  if (documents > 1 || /^[{[]/m.test(rest)) return { ok: false, reason: `${path} takes no lines at its end` };
  const stood = text !== null && rest === '' && !(found && empty) ? 'empty' : null;
  return { ok: true, text: events.length === 0 ? rest : insertBlock(rest, lines(events), { stood }) };
}
