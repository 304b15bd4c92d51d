/** One of several processes that write at once: `writer.ts <dir> <name> <count>`. */
import { openRepository } from '../../src/git/index.ts';

const [dir = '', name = '', count = '0'] = process.argv.slice(2);
const who = { name: 'writer', email: 'writer@example.test' };
const repository = await openRepository(dir);
const head = (await repository.refs.read('refs/heads/main')) as string;
for (let index = 0; index < Number(count); index += 1) {
  const line = `${name}-${index}`;
  const files = [{ path: `${line}.txt`, mode: '100644' as const, content: Buffer.from(line) }];
  await repository.transact({
    commits: [{ key: 'c', parents: [head], from: head, files, author: who, committer: who, time: 1, message: line }],
    notes: [
      { ref: 'refs/notes/ambient/evaluations/a1', target: { key: 'c' }, lines: [line] },
      { ref: 'refs/notes/ambient/evaluations/a1', target: head, lines: [line] },
    ],
    files: [{ ref: 'refs/ambient/telemetry/a1', path: 'telemetry.jsonl', lines: [line] }],
    refs: [{ ref: `refs/ambient/proposals/${line}`, to: { key: 'c' }, old: null }],
  });
}
await repository.close();
