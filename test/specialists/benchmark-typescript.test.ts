/** A benchmark of a TypeScript function runs on interpreters that do not know types. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeBenchmarks, type SourceFile } from '../../src/specialists/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('specialists/benchmark-typescript');
const fileOf = (text: string): SourceFile => ({ path: 'a.ts', blob: '', text, language: 'typescript', test: false });
const before =
  "import type { Pool } from 'pg';\n\ninterface Row {\n  pool?: Pool;\n}\n\nexport function twice(ids: number[], least = 0, most?: number): number[] {\n  const row: Row = {};\n  return ids.filter((id, at) => !row.pool && id >= least && id < (most ?? 1e9) && ids.indexOf(id) !== at);\n}\n";
const after = before.replace('ids.indexOf(id) !== at', 'ids.lastIndexOf(id) > at');

test('base and candidate are both called', async () => {
  const [benchmark, ...more] = await makeBenchmarks(fileOf(before), fileOf(after));
  assert.ok(benchmark);
  assert.is(more.length, 0);
  const cwd = temporaryDirectory();
  const ask = (text: string, question: object) => {
    writeFileSync(join(cwd, 'a.ts'), text);
    const argv = ['-e', benchmark.program, '--', JSON.stringify(question)];
    return JSON.parse(spawnSync(process.execPath, argv, { cwd, encoding: 'utf8' }).stdout || '{}');
  };
  const plan = ask(before, { do: 'calibrate' });
  assert.equal(plan.shapes, ['ints']);
  for (const text of [before, after]) assert.ok(ask(text, { ...plan, size: 10, do: 'sample' }).ns > 0, text);
});

test.run();
