import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../build/price.js';

test('total adds the prices', () => assert.equal(total([100, 250]), 350));
