/** kind of content × (init, run, list, show, merge, uninstall): each works, or says what it will not do and does nothing. */
import { suite } from 'uvu';
import { hasSandbox } from '../support/cli.ts';
import { contents } from '../support/repository-kinds.ts';
import { follow } from '../support/repository-story.ts';

const test = suite('scenario/contents');

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  for (const kind of contents)
    test(kind.name, () => {
      const repo = kind.make();
      if (repo === null) process.stdout.write(`  (skipped: this git cannot make ${kind.name})\n`);
      else follow(kind, repo);
    });

test.run();
