/** The checks of a crate or a cargo workspace. Rule: what `cargo` itself would run in that folder, all members of it. */

import type { BaseFiles } from '../types.ts';
import type { Plan } from './plan-command.ts';

/** @param files of one crate, or of the top of a workspace. */
export async function detectRust(files: BaseFiles): Promise<Plan[]> {
  if (!files.paths.includes('Cargo.toml')) return [];
  const manifest = (await files.read('Cargo.toml')) ?? '';
  const workspace = /^\[workspace\]/m.test(manifest);
  if (!workspace && !/^\[package\]/m.test(manifest)) return [];
  const whole = workspace ? ['--workspace'] : [];
  return [
    { name: 'cargo test', kind: 'tests', argv: ['cargo', 'test', ...whole] },
    { name: 'cargo clippy', kind: 'lint', argv: ['cargo', 'clippy', ...whole, '--all-targets'] },
  ];
}
