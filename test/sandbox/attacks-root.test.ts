/** Every attack on bubblewrap as root. */
import { spawnSync } from 'node:child_process';
import { bubblewrap } from '../../src/sandbox/index.ts';
import { attackSuite } from './attacks/suite.ts';

const isolates = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true';
const root = process.getuid?.() === 0;
attackSuite({
  name: 'attacks on bubblewrap as root',
  owner: null,
  make: async () => bubblewrap(),
  available: !isolates ? 'bwrap is not installed' : root || 'the tests do not run as root',
});
