/** Verdicts on changes of JavaScript and TypeScript, by real node --test and tsc in the sandbox. */
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import { driver, needs, succeeds } from '../world.ts';
import { JAVASCRIPT, JAVASCRIPT_CASES, TYPESCRIPT, TYPESCRIPT_CASES } from './javascript.ts';
import { judgeCases } from './judge-cases.ts';

const test = suite('evaluate/cases/javascript');
const probe = await driver.probe();
const register = needs(test, probe.ok && succeeds(['npm', '--version']), 'npm in a sandbox', false);
// As `npm test` would run it; npm itself costs more than these tests do, and is tried from end to end.
const checks = [{ name: 'npm test', command: 'node --test test/', kind: 'tests' as const }];
judgeCases(register, JAVASCRIPT, JAVASCRIPT_CASES, {}, checks);
judgeCases(register, TYPESCRIPT, TYPESCRIPT_CASES, {
  node_modules: fileURLToPath(new URL('../../../node_modules', import.meta.url)),
});

test.run();
