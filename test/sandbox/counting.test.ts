/** The same contract where no control group can be made: the driver counts what the processes use. */
import { spawnSync } from 'node:child_process';
import { bubblewrap } from '../../src/sandbox/index.ts';
import { driverSuite } from './contract.ts';

const installed = spawnSync('bwrap', ['--version']).status === 0;
if (!installed) console.log('skipped: bwrap is not installed, so nothing about isolation was tested');
driverSuite('bubblewrap-counting', () => bubblewrap({ cgroups: false }), installed || process.env['CI'] === 'true');
