/**
 * The lines of shell that call our hooks, for each way of being called. Rule: pure; whatever is missing (the package, the
 * clone's own folder, node) makes them do nothing; only a refused push ends with another code than 0.
 */
export const hookEvents = ['post-commit', 'pre-push'] as const;
export type HookEvent = (typeof hookEvents)[number];

export interface Places {
  /** Absolute paths, fixed at installation: graphical clients lack the PATH that a shell has. */
  node: string;
  cli: string;
  /** `hooks/` of this package. */
  hooks: string;
}

/** The code by which hooks/pre-push says that the push is to stop. */
const STOP = 93;

/** Lines for a hook script. `places` null: for a file that other people get too. */
export function hookBody(event: HookEvent, places: Places | null): string[] {
  if (places === null) return event === 'post-commit' ? sharedPostCommit() : sharedPrePush();
  const script = quote(`${places.hooks}/${event}`);
  if (event === 'post-commit')
    return [
      `ambient_node=${quote(places.node)} ambient_cli=${quote(places.cli)}`,
      `if [ -r ${script} ]; then . ${script}; fi`,
    ];
  return [`ambient_hook=${script}`, ...withStdin('sh "$ambient_hook"', `[ $? -ne ${STOP} ] || exit 1`)];
}

function sharedPostCommit(): string[] {
  return [
    'ambient_hook=$(git rev-parse --git-common-dir)/ambient/hooks/post-commit',
    'if [ -r "$ambient_hook" ]; then sh "$ambient_hook"; fi',
  ];
}

function sharedPrePush(): string[] {
  return [
    'ambient_hook=$(git rev-parse --git-common-dir)/ambient/hooks/pre-push',
    ...withStdin('sh "$ambient_hook"', 'exit 1'),
  ];
}

/** What git says on stdin is read, handed to `command`, and put back for the rest of the script. */
function withStdin(command: string, failed: string): string[] {
  return [
    'if [ -r "$ambient_hook" ] && [ ! -t 0 ]; then',
    '  ambient_refs=$(cat)',
    `  printf '%s\\n' "$ambient_refs" | ${command} || ${failed}`,
    '  if [ -z "$ambient_refs" ]; then exec </dev/null; else exec <<AMBIENT',
    '$ambient_refs',
    'AMBIENT',
    '  fi',
    'fi',
  ];
}

/** A script of its own, kept in the clone: what shared files and hook managers call. Its code is what a hook's means. */
export function shim(event: HookEvent, places: Places): string {
  const script = quote(`${places.hooks}/${event}`);
  const head = `# Written by \`git ambient init\` for the hooks that something else manages.\n`;
  if (event === 'post-commit') return `${head}${hookBody(event, places).join('\n')}\n`;
  return `${head}[ -r ${script} ] || exit 0\nsh ${script}\n[ $? -ne ${STOP} ]\n`;
}

/** One line that calls the clone's own script wherever it is: for hook managers that take commands. */
export function oneLine(event: HookEvent): string {
  const find = `f=$(git rev-parse --git-common-dir)/ambient/hooks/${event}`;
  return `${find}; if [ -r "$f" ]; then sh "$f"; fi`;
}

/** The value of `hook.<name>.command` (git adds the hook's arguments to it). */
export function configCommand(event: HookEvent, places: Places): string {
  const script = quote(`${places.hooks}/${event}`);
  if (event === 'post-commit') {
    const env = `ambient_node=${quote(places.node)} ambient_cli=${quote(places.cli)}`;
    return `ambient() { [ ! -r ${script} ] || ${env} sh ${script}; }; ambient`;
  }
  return `ambient() { [ -r ${script} ] || return 0; sh ${script}; [ $? -ne ${STOP} ]; }; ambient`;
}

export function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
