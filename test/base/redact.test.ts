/** What is masked, and what stays readable. The credentials are put together here, so that none stands in the source. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redact } from '../../src/base/index.ts';

const test = suite('base/redact');
const letters = 'q8Zr2vLx0TnB5kWdq8Zr2vLx0TnB5kWdq8Zr2vLx';

test('credentials are masked wherever they stand', () => {
  const secrets = [
    `AK${'IA'}Q8ZR2VLX0TNB5KWD`,
    `gh${'p_'}${letters.slice(0, 36)}`,
    `glp${'at-'}${letters.slice(0, 20)}`,
    `xo${'xb-'}1234567890-${letters.slice(0, 24)}`,
    `sk_${'live_'}${letters.slice(0, 24)}`,
    `np${'m_'}${letters.slice(0, 36)}`,
    `AI${'za'}${letters.slice(0, 35)}`,
    `ey${'J'}hbGciOiJIUzI1NiJ9.${letters}.${letters}`,
    `-----BEGIN RSA PRIVATE ${'KEY'}-----\n${letters}\n${letters}\n-----END RSA PRIVATE KEY-----`,
  ];
  for (const secret of secrets) {
    const masked = redact(`AssertionError: got '${secret}' here`);
    assert.not(masked.includes(secret.slice(4, 24)), masked);
    assert.match(masked, /^AssertionError: got '\*\*\*/);
    assert.match(masked, / here$/);
  }
});

test('values that their place or name gives away are masked', () => {
  for (const [text, masked] of [
    ['GET https://user:S3cr3tPassw0rd@host/a', 'GET https://user:***@host/a'],
    ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer ***'],
    ['password = "S3cr3tPassw0rd"', 'password = "***"'],
    ['{"api_key": "q8Zr2vLx0TnB"}', '{"api_key": "***"}'],
    ['DB_PASSWORD=S3cr3tPassw0rd and more', 'DB_PASSWORD=*** and more'],
    ["settings['secret_key'] = 'a1b2c3d4e5'", "settings['secret_key'] = '***'"],
    ['line 2 is "API_KEY = \\"S3cr3tPassw0rd\\""', 'line 2 is "API_KEY = \\"***\\""'],
    ['{"text": "{\\"secret\\": \\"a1b2c3d4e5\\"}"}', '{"text": "{\\"secret\\": \\"***\\"}"}'],
    ['const password = `S3cr3tPassw0rd`;', 'const password = `***`;'],
    ['const password: string = "S3cr3tPassw0rd";', 'const password: string = "***";'],
    ['password: Optional[str] = "S3cr3tPassw0rd"', 'password: Optional[str] = "***"'],
    ['password := "S3cr3tPassw0rd"', 'password := "***"'],
    ['if (token === "S3cr3tPassw0rd")', 'if (token === "***")'],
    ['password = "p@ss;w0rd1,x"', 'password = "***"'],
  ] as const)
    assert.is(redact(text), masked);
});

test('what a person has to read stays', () => {
  for (const text of [
    'SyntaxError: unexpected token: identifier',
    'tests/test_token.py::test_password_reset failed',
    'assert token == expected',
    'https://example.test:8080/path@2',
    'password: too short',
    '1f0c9e2b7a6d5c4b3a29180706050403020100ff',
    'public key -----BEGIN PUBLIC KEY-----',
    'def f(token: Optional[str] = None, x1="abcdefgh1"): pass',
    'password: { type: "string", min: 8 }',
  ])
    assert.is(redact(text), text);
});

test('ten megabytes of hostile text take no time to speak of', () => {
  for (const piece of [
    'token',
    'token: ',
    'token\\\\"',
    'password=',
    'https://a',
    'eyJaaaaaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    'a',
    'AKIA',
  ])
    assert.is(typeof redact(piece.repeat(Math.ceil(2e6 / piece.length))), 'string');
});

test.run();
