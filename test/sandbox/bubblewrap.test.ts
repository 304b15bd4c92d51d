/** The bubblewrap driver on the contract suite. Without bwrap it is skipped, except in CI, where it fails. */
import { spawnSync } from 'node:child_process';
import { bubblewrap } from '../../src/sandbox/index.ts';
import { driverSuite } from './contract.ts';

const installed = spawnSync('bwrap', ['--version']).status === 0;
if (!installed) console.log('skipped: bwrap is not installed, so nothing about isolation was tested');
driverSuite('bubblewrap', () => bubblewrap(), installed || process.env['CI'] === 'true');
