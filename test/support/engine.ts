/**
 * The Docker engine that tests may use: the one of DOCKER_HOST, with the image that test/run.sh has built. Rule: a suite that
 * cannot run says so and why; nothing here starts, stops or pulls.
 */
import { docker } from '../../src/sandbox/docker/driver.ts';

export interface EngineForTests {
  /** True, or why there is none. */
  available: true | string;
  image: string;
}

export async function engineForTests(): Promise<EngineForTests> {
  const image = process.env['AMBIENT_TEST_IMAGE'] ?? 'ambient-sandbox:latest';
  const told = process.env['AMBIENT_TEST_NO_DOCKER'];
  if (told !== undefined && told !== '') return { available: loudly(told), image };
  const probe = await docker({ image }).probe();
  return { available: probe.ok ? true : loudly(`${probe.reason} (${probe.hint})`), image };
}

function loudly(why: string): string {
  console.log(`NOT RUN: the tests of the Docker driver: ${why}`);
  return why;
}
