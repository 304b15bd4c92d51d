/** What only the rooms that run commands can say of a configuration. Rule: said when it is trusted, not at the first cycle. */
import { AmbientError } from '../base/index.ts';
import type { Overlay } from '../config/index.ts';
import { parseCommand } from '../sandbox/index.ts';

/** @throws AmbientError `invalid-configuration` (config) that names the first command that no program and its arguments are. */
export function vetCommands({ checks = [], risk_policy: policy, agents }: Overlay, path: string): void {
  const commands = [
    ...checks.map((check, at) => ({
      key: `checks[${at}]`,
      command: typeof check === 'string' ? check : check.command,
    })),
    ...(policy?.custom_gates ?? []).map((command, at) => ({ key: `risk_policy.custom_gates[${at}]`, command })),
    ...Object.entries(agents ?? {}).flatMap(([name, block]) => {
      const command = (block as { command?: unknown } | undefined)?.command;
      return typeof command === 'string' ? [{ key: `agents.${name}.command`, command }] : [];
    }),
  ];
  for (const { key, command } of commands)
    try {
      parseCommand(command);
    } catch (cause) {
      if (!(cause instanceof AmbientError)) throw cause;
      throw new AmbientError('invalid-configuration', `${path}: ${key}: ${cause.message}`, {
        kind: 'config',
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
        data: { key, command },
        cause,
      });
    }
}
