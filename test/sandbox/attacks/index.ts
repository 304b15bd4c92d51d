/** All attacks, each a case of its own in every suite. */
import type { Attack } from './attack.ts';
import { files } from './files.ts';
import { kernel } from './kernel.ts';
import { network } from './network.ts';
import { resources } from './resources.ts';
import { secrets } from './secrets.ts';

export const attacks: readonly Attack[] = [...network, ...secrets, ...files, ...kernel, ...resources];
