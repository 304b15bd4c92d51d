import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionToken } from '../build/session.js';

test('two tokens differ', () => assert.notEqual(sessionToken(), sessionToken()));
test('a token is a string', () => assert.equal(typeof sessionToken(), 'string'));
