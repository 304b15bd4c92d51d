/** Every key in every mode, as a table: what it does, and what it never does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  beginReview,
  type ReviewAction,
  type ReviewEvent,
  type ReviewState,
  stepReview,
} from '../../src/crew/next-step.ts';

const test = suite('crew/next-step');
const QUEUE = ['aaa', 'bbb', 'ccc'];
const key = (name: string): ReviewEvent => ({ kind: 'key', key: name });
const line = (text: string): ReviewEvent => ({ kind: 'line', text });
const named: Record<string, ReviewEvent> = {
  shown: { kind: 'shown', more: false },
  longer: { kind: 'shown', more: true },
  merged: { kind: 'ended', decided: 'merged' },
  refused: { kind: 'ended', decided: null },
  gone: { kind: 'gone' },
  closed: { kind: 'closed' },
};

function play(events: ReviewEvent[], queue = QUEUE): { state: ReviewState; action: ReviewAction; all: string[] } {
  let { state, action } = beginReview(queue);
  const all = [tell(action)];
  for (const event of events) {
    ({ state, action } = stepReview(state, event));
    all.push(tell(action));
  }
  return { state, action, all };
}

function tell(action: ReviewAction): string {
  const { do: what, ...rest } = action;
  return [what, ...Object.values(rest)].join(' ');
}

/** What was typed after the first screen → the last action. `|` ends a word; <x> is an event. */
const TABLE: Array<[string, string]> = [
  ['m', 'merge aaa'],
  ['f', 'fixup aaa'],
  ['a', 'apply aaa'],
  ['o', 'open aaa'],
  ['l', 'show bbb 0'],
  ['q', 'leave'],
  ['\u0003', 'leave'],
  ['\u0004', 'leave'],
  ['?', 'help'],
  ['h', 'help'],
  ['x', 'say x is no key here; ? helps'],
  ['M', 'say M is no key here; ? helps'],
  ['ü', 'say ü is no key here; ? helps'],
  ['pasted text', 'say pasted text is no key here; ? helps'],
  ['\u001b[A', 'ask'],
  ['\u001b', 'ask'],
  [' ', 'ask'],
  ['\r', 'ask'],
  ['p', 'ask'],
  ['<longer>| ', 'show aaa 1'],
  ['<longer>| |<longer>| ', 'show aaa 2'],
  ['<longer>| |<longer>|p', 'show aaa 0'],
  ['<longer>| |<shown>| ', 'ask'],
  ['<longer>| |<shown>|l', 'show bbb 0'],
  ['m|<merged>', 'show bbb 0'],
  ['m|<refused>', 'ask'],
  ['m|<refused>|m', 'merge aaa'],
  ['<gone>', 'show bbb 0'],
  ['<gone>|<gone>|<gone>', 'leave'],
  ['l|<shown>|l|<shown>|l', 'leave'],
  ['<closed>', 'leave'],
  ['r', 'ask-reason'],
  ['r|n', 'echo n'],
  ['r|m', 'echo m'],
  ['r|q', 'echo q'],
  ['r|n|o|\r', 'reject aaa no'],
  ['r|n|o|\n', 'reject aaa no'],
  ['r|n|ü|\u007f|o|\r', 'reject aaa no'],
  ['r|n|😀|\b|o|\r', 'reject aaa no'],
  ['r|x|y|\u0015', 'erase 2'],
  ['r|x|y|\u0015|z|\r', 'reject aaa z'],
  ['r|\u007f', 'erase 0'],
  ['r|\u001b[D', 'echo '],
  ['r|\u001b[D|o|k|\r', 'reject aaa ok'],
  ['r|\r', 'say Not rejected: no reason was given.'],
  ['r| | |\r', 'say Not rejected: no reason was given.'],
  ['r|n|\u001b', 'say Not rejected: no reason was given.'],
  ['r|n|\u0003', 'say Not rejected: no reason was given.'],
  ['r|n|\u001b|m', 'merge aaa'],
  ['r|n|\u001b|r|\r', 'say Not rejected: no reason was given.'],
  ['r|n|<closed>', 'leave'],
];
for (const [typed, expected] of TABLE)
  test(`${JSON.stringify(typed)}: ${expected}`, () => {
    const events = typed.split('|').map((word) => named[word.slice(1, -1)] ?? key(word));
    assert.is(tell(play([named['shown'] as ReviewEvent, ...events]).action), expected);
  });

const LINES: Array<[string[], string]> = [
  [['m'], 'merge aaa'],
  [['  Merge '], 'merge aaa'],
  [['fixup'], 'fixup aaa'],
  [['apply'], 'apply aaa'],
  [['later'], 'show bbb 0'],
  [['quit'], 'leave'],
  [['r'], 'ask-reason'],
  [['reject', 'not here'], 'reject aaa not here'],
  [['r', ''], 'say Not rejected: no reason was given.'],
  [['r', 'm'], 'reject aaa m'],
  [['r it is  generated'], 'reject aaa it is generated'],
  [['reject because'], 'reject aaa because'],
  [[''], 'ask'],
  [['merge it all'], 'say "merge it all" is no answer here; ? helps'],
  [['m please'], 'say "m please" is no answer here; ? helps'],
  [['yes'], 'say "yes" is no answer here; ? helps'],
  [['?'], 'help'],
];
for (const [typed, expected] of LINES)
  test(`lines ${JSON.stringify(typed)}: ${expected}`, () => {
    assert.is(tell(play([named['shown'] as ReviewEvent, ...typed.map(line)]).action), expected);
  });

test('an empty queue leaves at once; counts tell what was done', () => {
  assert.is(play([], []).action.do, 'leave');
  const end = play([
    ...[key('m'), { kind: 'ended', decided: 'merged' } as const, key('l'), key('r'), key('x'), key('\r')],
    { kind: 'ended', decided: 'rejected' },
  ]);
  assert.is(end.action.do, 'leave');
  assert.equal(end.state.counts, { merged: 1, folded: 0, applied: 0, rejected: 1, later: 1 });
  assert.equal(end.state.queue, []);
});

test('whatever is typed, only a key for the proposal on the screen decides, and decides that one', () => {
  const keys = ['m', 'f', 'a', 'r', 'l', 'o', ' ', 'p', '?', 'x', '\r', '\u001b', '\u007f'];
  let seed = 1;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  for (let run = 0; run < 500; run += 1) {
    let { state, action } = beginReview(QUEUE);
    let screen = '';
    for (let count = 0; count < 40 && action.do !== 'leave'; count += 1) {
      if (action.do === 'show') screen = action.id;
      if ('id' in action) assert.is(action.id, screen);
      if (action.do === 'reject') assert.ok(action.reason.trim().length > 0);
      const done = 'id' in action && action.do !== 'show';
      const event: ReviewEvent =
        action.do === 'show'
          ? { kind: 'shown', more: random(2) === 0 }
          : done
            ? { kind: 'ended', decided: random(2) === 0 ? null : 'merged' }
            : key(keys[random(keys.length)] as string);
      ({ state, action } = stepReview(state, event));
    }
  }
});

test.run();
