/** This machine: what it runs on, how busy it is, and our place in its queue. Rule: what cannot be found out is no reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, constants, getPriority, loadavg, setPriority } from 'node:os';
import { join } from 'node:path';
import { spawn } from '../base/index.ts';
import type { Machine } from './manners.ts';

export const thisMachine: Machine = {
  onBattery: () => onBattery('/sys/class/power_supply'),
  loadPerCore: () => {
    const load = loadavg()[0] ?? 0;
    // Where it is not measured it is zero for ever.
    return load === 0 ? null : load / availableParallelism();
  },
};

/** A battery that gives, and no mains that feeds. Batteries of mice and the like have the scope `Device`. */
export function onBattery(dir: string): boolean | null {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return null;
  }
  const supplies = names.map((name) => {
    const read = (file: string) => {
      try {
        return readFileSync(join(dir, name, file), 'utf8').trim();
      } catch {
        return '';
      }
    };
    return { type: read('type'), online: read('online'), status: read('status'), scope: read('scope') };
  });
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  if (own.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
  const batteries = own.filter(({ type }) => type === 'Battery');
  return batteries.length === 0 ? null : batteries.some(({ status }) => status === 'Discharging');
}

/**
 * Puts this process, and so everything that it starts, behind others: for the processor, and for the disk where `ionice`
 * is there.
 */
export async function stepBack(): Promise<void> {
  try {
    if (getPriority() < constants.priority.PRIORITY_BELOW_NORMAL) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not ours to change: we work all the same.
  }
  const env = { PATH: process.env['PATH'] };
  await spawn(['ionice', '-c', '3', '-p', String(process.pid)], { env, timeout: 2000 }).catch(() => {});
}
