/**
 * The Docker engine that tests may use: the one of DOCKER_HOST, with the image that test/run.sh has built. Rule: a suite that
 * cannot run says so and why; nothing here starts, stops or pulls. One that is still being started is waited for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { docker } from '../../src/sandbox/docker/driver.ts';

export interface EngineForTests {
  /** True, or why there is none. */
  available: true | string;
  image: string;
}

export async function engineForTests(): Promise<EngineForTests> {
  await heedComing();
  const image = process.env['AMBIENT_TEST_IMAGE'] ?? 'ambient-sandbox:latest';
  const told = process.env['AMBIENT_TEST_NO_DOCKER'];
  if (told !== undefined && told !== '') return { available: loudly(told), image };
  const probe = await docker({ image }).probe();
  return { available: probe.ok ? true : loudly(`${probe.reason} (${probe.hint})`), image };
}

/** AMBIENT_TEST_ENGINE names the file that test/engine.sh will have written when its engine runs, or why there is none. */
async function heedComing(): Promise<void> {
  const file = process.env['AMBIENT_TEST_ENGINE'];
  if (file === undefined) return;
  for (const until = Date.now() + 240_000; !existsSync(file) && Date.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 200));
  if (!existsSync(file)) {
    process.env['AMBIENT_TEST_NO_DOCKER'] = 'the engine did not come up in time';
    return;
  }
  const told = execFileSync('bash', ['-c', '. "$0"; printf "%s\\0%s" "$DOCKER_HOST" "$AMBIENT_TEST_NO_DOCKER"', file]);
  const [host = '', reason = ''] = told.toString().split('\0');
  if (host !== '') process.env['DOCKER_HOST'] = host;
  if (reason !== '') process.env['AMBIENT_TEST_NO_DOCKER'] = reason;
}

function loudly(why: string): string {
  console.log(`NOT RUN: the tests of the Docker driver: ${why}`);
  return why;
}
