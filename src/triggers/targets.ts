/**
 * Which file of which set-up gets our lines. Rule: nothing is written here; a file that other clones get too (it is in
 * the worktree) never names a path of this machine.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HookEvent, Places } from './body.ts';
import { lefthookFile } from './lefthook.ts';
import { generatorOf, type HookSetup } from './setup.ts';

export interface Target {
  event: HookEvent;
  path: string;
  form: 'script' | 'lefthook';
  /** Null: the lines must work in every clone. */
  places: Places | null;
  /** What a new file begins with, and its mode. */
  head: string;
  mode: number;
  /** Files that must be there too for git to come to ours, and what puts them there. */
  needs: { path: string; how: string } | null;
}

const SCRIPT = { form: 'script', head: '#!/bin/sh\n', mode: 0o755, needs: null } as const;

/** Where the lines for `event` belong; null where there is no such place. */
export async function targetOf(setup: HookSetup, event: HookEvent, places: Places): Promise<Target | null> {
  const path = join(setup.home, event);
  switch (setup.kind) {
    case 'config':
    case 'elsewhere':
      return null;
    case 'plain':
      return { ...SCRIPT, event, path, places };
    case 'in-tree':
      return { ...SCRIPT, event, path, places: null };
    case 'husky': {
      const needs = { path: join(setup.dir, event), how: 'run `npx husky` in this worktree' };
      return { ...SCRIPT, event, path, places: null, head: '', mode: 0o644, needs };
    }
    case 'pre-commit': {
      // pre-commit calls `<hook>.legacy` before its own hooks, and moves what it finds there when it is installed.
      const taken = (await generatorOf(path)) === 'pre-commit';
      return { ...SCRIPT, event, path: taken ? `${path}.legacy` : path, places };
    }
    case 'lefthook': {
      if (setup.workTree === null) return null;
      const file = join(setup.workTree, lefthookFile(setup.workTree, existsSync));
      const needs = { path, how: 'run `lefthook install` (as `npx lefthook install` where it came with npm)' };
      return { event, path: file, form: 'lefthook', places: null, head: '', mode: 0o644, needs };
    }
  }
}
