/** What `init` says about hooks. Rule: pure; whoever reads it knows what was written where, and what is left to do. */
import type { Installation } from '../../triggers/index.ts';

export function renderInstallation({ hooks, next }: Installation): string {
  const refused = hooks.filter((hook) => !hook.installed);
  const reasons = [...new Set(refused.map((hook) => hook.reason))];
  const lines = [
    ...hooks
      .filter((hook) => hook.installed)
      .map((hook) => `${hook.changed ? 'Installed' : 'Already installed'}: ${hook.event} in ${hook.path}`),
    ...reasons.map((reason) => `Not installed: ${reason}`),
    ...refused.flatMap((hook) => [`\nfor ${hook.event}, in ${hook.path}:\n`, indented(hook.snippet ?? '')]),
    ...next.map((step) => `→ ${step}`),
  ];
  if (refused.some((hook) => hook.event === 'post-commit'))
    lines.push('Without it, `git ambient run` and `git ambient watch` do the same work.');
  return lines.join('\n');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
