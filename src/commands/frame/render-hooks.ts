/** What `init` says about hooks. Rule: pure; whoever reads it knows what was written where, and what is left to do. */
import type { Installation, InstalledHook } from '../../triggers/index.ts';

export function renderInstallation({ hooks, next }: Installation): string {
  const refused = hooks.filter((hook) => !hook.installed);
  const reasons = [...new Set(refused.map((hook) => hook.reason))];
  const lines = [
    ...hooks
      .filter((hook) => hook.installed)
      .map((hook) => `${hook.changed ? 'Installed' : 'Already installed'}: ${hook.event} in ${hook.path}`),
    ...reasons.map((reason) => `Not installed: ${reason}`),
    // Not indented: the lines are to be copied, and the end of a here-document must begin its line.
    ...refused.flatMap((hook) => [`\n${whereOf(hook)}\n`, hook.snippet ?? '']),
    ...next.map((step) => `→ ${step}`),
  ];
  if (refused.some((hook) => hook.event === 'post-commit'))
    lines.push('Without it, `git ambient run` and `git ambient watch` do the same work.');
  return lines.join('\n');
}

function whereOf({ event, path }: InstalledHook): string {
  // What comes before it may read all that git says.
  return event === 'pre-push' ? `for ${event}, at the beginning of ${path}:` : `for ${event}, in ${path}:`;
}
