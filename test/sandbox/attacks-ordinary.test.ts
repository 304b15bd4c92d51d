/** Every attack on bubblewrap as an ordinary user: whoever runs the tests, or one that root becomes for it. */
import { spawnSync } from 'node:child_process';
import { bubblewrap } from '../../src/sandbox/index.ts';
import { bubblewrapAs } from './attacks/as-user.ts';
import { attackSuite } from './attacks/suite.ts';

const isolates = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true';
const root = process.getuid?.() === 0;
const owner = root ? { uid: 12_345, gid: 12_345 } : null;
attackSuite({
  name: 'attacks on bubblewrap as an ordinary user',
  owner,
  make: async (env) => (owner === null ? bubblewrap() : bubblewrapAs(owner, env)),
  available: isolates || 'bwrap is not installed',
});
