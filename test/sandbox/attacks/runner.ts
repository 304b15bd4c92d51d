/** Answers questions of as-user.ts, one JSON document a line: a probe, or a command to run in the sandbox. */
import { createInterface } from 'node:readline';
import { bubblewrap } from '../../../src/sandbox/bubblewrap/driver.ts';
import type { SandboxRequest } from '../../../src/sandbox/index.ts';

const driver = bubblewrap();
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as { probe: true } | SandboxRequest;
  const answer = 'probe' in question ? await driver.probe() : await driver.run(question);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
