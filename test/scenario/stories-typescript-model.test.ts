/** The five stories in TypeScript with a model, over HTTP and recorded. */
import { suite } from 'uvu';
import { hasSandbox } from '../support/cli.ts';
import { tellWithModel } from './stories/with-model.ts';

const test = suite('scenario/stories-typescript-model');
if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else test('what only a reader finds is proposed, verified, repaired, and lands', () => tellWithModel('typescript'));
test.run();
