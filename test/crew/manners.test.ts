/** When the crew works by itself, and how small it makes itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onBattery } from '../../src/crew/machine.ts';
import { isYielding, quietFor, reasonToYield } from '../../src/crew/manners.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('crew/manners');
const MINUTE = 60_000;
const at = (time: string) => new Date(`2026-03-04T${time}:00`);
const quiet = (hours: string, time: string) =>
  quietFor({ monitoring: { quiet_hours: hours } } as Parameters<typeof quietFor>[0], at(time)) / MINUTE;

const CASES: Array<[hours: string, now: string, minutes: number]> = [
  ['', '03:00', 0],
  ['22:00-07:00', '21:59', 0],
  ['22:00-07:00', '22:00', 9 * 60],
  ['22:00-07:00', '23:59', 7 * 60 + 1],
  ['22:00-07:00', '00:00', 7 * 60],
  ['22:00-07:00', '06:59', 1],
  ['22:00-07:00', '07:00', 0],
  ['09:00-17:30', '12:00', 5 * 60 + 30],
  ['09:00-17:30', '08:59', 0],
  ['09:00-17:30', '17:30', 0],
  ['08:00-08:00', '08:00', 0],
];
for (const [hours, now, minutes] of CASES)
  test(`quiet hours ${hours || 'none'} at ${now}: ${minutes} minutes`, () => assert.is(quiet(hours, now), minutes));

const machine = (battery: boolean | null, load: number | null) => ({
  onBattery: () => battery,
  loadPerCore: () => load,
});

test('a battery or a busy machine is a reason, what nobody can tell is none', () => {
  assert.is(reasonToYield(machine(true, 0)), 'battery');
  assert.is(reasonToYield(machine(false, 1.5)), 'load');
  assert.is(reasonToYield(machine(false, 0.9)), null);
  assert.is(reasonToYield(machine(null, null)), null);
});

test('who is asked by a person takes what it needs', () => {
  assert.is(isYielding({ considerate: false }, machine(true, 9)), false);
  assert.is(isYielding({ considerate: true }, machine(true, 0)), true);
});

function supplies(all: Record<string, Record<string, string>>): string {
  const dir = temporaryDirectory();
  for (const [name, files] of Object.entries(all)) {
    mkdirSync(join(dir, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, name, file), `${text}\n`);
  }
  return dir;
}

test('on battery: a battery of the machine that gives, and no mains', () => {
  const battery = { type: 'Battery', status: 'Discharging' };
  assert.is(onBattery(supplies({ BAT0: battery, AC: { type: 'Mains', online: '0' } })), true);
  assert.is(onBattery(supplies({ BAT0: battery, AC: { type: 'Mains', online: '1' } })), false);
  assert.is(onBattery(supplies({ BAT0: { type: 'Battery', status: 'Full' } })), false);
  assert.is(onBattery(supplies({ mouse: { ...battery, scope: 'Device' } })), null);
  assert.is(onBattery(supplies({})), null);
  assert.is(onBattery('/nonexistent'), null);
});

test.run();
