/** Verdicts on changes of a Python repository, by real pytest in the sandbox. */
import { suite } from 'uvu';
import { driver, needs, succeeds } from '../world.ts';
import { judgeCases } from './judge-cases.ts';
import { PYTHON, PYTHON_CASES } from './python.ts';

const test = suite('evaluate/cases/python');
const probe = await driver.probe();
const ready = probe.ok && succeeds(['python3', '-c', 'import pytest']);
judgeCases(needs(test, ready, 'pytest in a sandbox', false), PYTHON, PYTHON_CASES);

test.run();
