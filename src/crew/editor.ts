/** The person's own editor at a line. Rule: their variable is a command line of theirs, and is run as git runs it. */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { AmbientError } from '../base/index.ts';

export interface Place {
  /** Absolute; `path` is relative to it. */
  dir: string;
  path: string;
  line: number;
}

/**
 * Opens `place` and waits until the editor ends.
 * @throws AmbientError `no-editor`, `editor-failed` (environment).
 */
export async function openInEditor(
  place: Place,
  { env, configured }: { env: NodeJS.ProcessEnv; configured: string | null },
): Promise<void> {
  const editor = [env['VISUAL'], env['EDITOR'], configured].find((name) => name?.trim());
  if (!editor)
    throw new AmbientError('no-editor', 'no editor is set', {
      kind: 'environment',
      hint: 'set VISUAL or EDITOR, for example `export EDITOR=vim`',
    });
  const child = spawn('sh', ['-c', `${editor} "$@"`, editor, ...argumentsFor(editor, place)], {
    cwd: place.dir,
    env,
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new AmbientError('editor-failed', `the editor ${editor} ended with ${code}`, {
    kind: 'environment',
    hint: 'look at VISUAL and EDITOR',
  });
}

/** How editors are told a line; one that is not known gets the file alone. */
export function argumentsFor(editor: string, { path, line }: Omit<Place, 'dir'>): string[] {
  // A name that starts with a dash would be read as an option.
  const file = path.startsWith('-') ? `./${path}` : path;
  const name = basename(editor.trim().split(/\s+/)[0] ?? '').replace(/\.(exe|cmd|sh)$/, '');
  if (/^(n?vim?|vi|view|gvim|nano|pico|emacs|emacsclient|micro|kak|joe|mg|ne|jed|mcedit|gedit)$/.test(name))
    return [`+${line}`, file];
  if (/^(code|code-insiders|codium|cursor|windsurf)$/.test(name)) return ['--goto', `${file}:${line}`];
  if (/^(hx|helix|subl|sublime_text|zed|zeditor|atom)$/.test(name)) return [`${file}:${line}`];
  if (/^(idea|pycharm|webstorm|goland|rustrover|clion|kate|mate)$/.test(name)) return ['--line', `${line}`, file];
  return [file];
}
