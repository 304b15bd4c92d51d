/**
 * The one place that loads ruff. Rule: nobody else imports it. Ruff is 10 MB of WebAssembly and a cycle is short:
 * compiling its functions a second time, optimised, costs more than it gives back, on a few files and on hundreds; and so
 * does looking through all of them first: each is validated when it is first called.
 */
import { setFlagsFromString } from 'node:v8';
import type * as Ruff from '@astral-sh/ruff-wasm-nodejs';

export function loadRuff(): Promise<typeof Ruff> {
  // Where the fast compiler of V8 knows every instruction.
  if (['x64', 'arm64'].includes(process.arch)) {
    setFlagsFromString('--liftoff-only');
    setFlagsFromString('--wasm-lazy-validation');
  }
  return import('@astral-sh/ruff-wasm-nodejs');
}
