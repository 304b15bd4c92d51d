/** Verdicts on changes of Go and Rust, by real go test and cargo in the sandbox. */
import { suite } from 'uvu';
import { driver, needs, succeeds } from '../world.ts';
import { GO, GO_CASES, RUST, RUST_CASES } from './compiled.ts';
import { judgeCases } from './judge-cases.ts';

const test = suite('evaluate/cases/compiled');
const probe = await driver.probe();
judgeCases(needs(test, probe.ok && succeeds(['go', 'version']), 'go in a sandbox', false), GO, GO_CASES);
judgeCases(needs(test, probe.ok && succeeds(['cargo', '--version']), 'cargo in a sandbox', false), RUST, RUST_CASES);

test.run();
