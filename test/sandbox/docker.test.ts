/** The Docker driver on the contract suite. Without an engine it is skipped, and said why. */
import { docker } from '../../src/sandbox/docker/driver.ts';
import { engineForTests } from '../support/engine.ts';
import { driverSuite } from './contract.ts';

const engine = await engineForTests();
const driver = docker({ image: engine.image });
driverSuite('docker', () => driver, engine.available);
