/** What the tests of this room share: opening with a test's environment, and naming the error that came. */
import { AmbientError } from '../../src/base/index.ts';
import { openRepository, type Repository } from '../../src/git/index.ts';
import type { TestRepository } from '../support/repository.ts';

export function open(repository: TestRepository, dir = repository.dir): Promise<Repository> {
  return openRepository(dir, { env: repository.env });
}

/** Code of the AmbientError that `promise` fails with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await errorOf(promise)).code;
}

export async function errorOf(promise: Promise<unknown>): Promise<AmbientError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AmbientError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);
