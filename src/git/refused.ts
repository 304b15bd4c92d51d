/** What a disk refused to git, as a next step. Pure. Rule: only what git's own words leave no doubt about. */
const REASONS: ReadonlyArray<readonly [pattern: RegExp, hint: string]> = [
  [/Read-only file system/i, 'make the repository writable for the user that runs git-ambient'],
  [
    /Permission denied|insufficient permission|Operation not permitted/i,
    'make the repository writable for the user that runs git-ambient',
  ],
  [
    /No space left on device|Out of diskspace|disk full|File too large/i,
    'free some disk space, then repeat the command',
  ],
  [/Disk quota exceeded/i, 'free some of your disk quota, then repeat the command'],
  [
    /Unable to create '[^']*\.lock': File exists|could not lock config file .*: File exists/i,
    'wait for the other git to end; if none is running, remove the lock file that it names',
  ],
];

/** The hint for a git that ended with `stderr`; undefined where the disk was not to blame. */
export function hintFor(stderr: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(stderr))?.[1];
}
