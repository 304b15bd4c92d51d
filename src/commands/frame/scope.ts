/** The flags that `run` and `findings` share. */
import * as Flags from '@oclif/core/flags';

export const scopeFlags = {
  all: Flags.boolean({
    default: false,
    exclusive: ['since'],
    summary: 'Look at the whole repository, not only at what changed',
  }),
  since: Flags.string({ helpValue: '<rev>', summary: 'Look at what changed since this commit' }),
  paths: Flags.string({
    multiple: true,
    helpValue: '<path>',
    summary: 'Look only below these paths, named from where you are (implies --all)',
  }),
};
