/** Every attack on Docker. Without an engine it is skipped, and said why. */
import { docker } from '../../src/sandbox/index.ts';
import { engineForTests } from '../support/engine.ts';
import { attackSuite } from './attacks/suite.ts';

const { image, available } = await engineForTests();
attackSuite({ name: 'attacks on Docker', owner: null, make: async () => docker({ image }), available });
