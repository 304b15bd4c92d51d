/**
 * Does a file call our hook? By our marks, or by lines that a person copied from us. Rule: reads only.
 */
import { BLOCK_MARK } from './block.ts';
import type { HookEvent } from './body.ts';
import { readHook } from './files.ts';

export async function callsUs(path: string, event: HookEvent): Promise<boolean> {
  const file = await readHook(path);
  return file.kind === 'text' && textCallsUs(file.text, event);
}

export function textCallsUs(text: string, event: HookEvent): boolean {
  const copied =
    text.includes(`/ambient/hooks/${event}`) || (text.includes('ambient_node=') && event === 'post-commit');
  // A file of lefthook's has a block with lines for some events only.
  return copied || (text.includes(BLOCK_MARK) && text.includes(`/hooks/${event}'`));
}
