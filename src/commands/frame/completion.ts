/**
 * Completion scripts, made from the commands as they are. Pure. Rule: a script starts no node: commands and flags are
 * written into it, ids come from git, because a person waits for every Tab.
 */
export interface CompletedCommand {
  id: string;
  summary?: string | undefined;
  hidden?: boolean;
  args: Record<string, { name: string; options?: readonly string[] | undefined }>;
  flags: Record<string, CompletedFlag>;
}

export interface CompletedFlag {
  name: string;
  char?: string | undefined;
  summary?: string | undefined;
  description?: string | undefined;
  hidden?: boolean | undefined;
  type: 'boolean' | 'option';
  allowNo?: boolean | undefined;
  options?: readonly string[] | undefined;
}

export type Shell = 'bash' | 'zsh' | 'fish';

export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  const shown = commands.filter((command) => !command.hidden).sort((a, b) => (a.id < b.id ? -1 : 1));
  switch (shell) {
    case 'bash':
      return bash(shown);
    case 'zsh':
      return zsh(shown);
    case 'fish':
      return fish(shown);
  }
}

/** What an argument can be where it is one of a few words. */
const choicesOf = ({ args }: CompletedCommand) => Object.values(args).flatMap(({ options }) => options ?? []);

/** Which proposals a command is given: those that wait, all of them, or none. */
function idsOf({ id, args }: CompletedCommand): 'open' | 'all' | null {
  if (!Object.values(args).some(({ name }) => name === 'id' || name === 'target')) return null;
  return ['merge', 'reject', 'apply'].includes(id) ? 'open' : 'all';
}

const flagsOf = ({ flags }: CompletedCommand) => Object.values(flags).filter((flag) => !flag.hidden);

/** Flags with a value; the directory is every command's and said once. */
const valuesOf = (command: CompletedCommand) =>
  flagsOf(command).filter((flag) => flag.type === 'option' && flag.name !== 'directory');

function namesOf(flag: CompletedFlag): string[] {
  return [...(flag.char ? [`-${flag.char}`] : []), `--${flag.name}`, ...(flag.allowNo ? [`--no-${flag.name}`] : [])];
}

/** One line of text for any shell: no quotes, nothing that a shell would expand. */
const plain = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').replace(/['"`$\\:[\]]/g, '');

/** Decided: they hold a line of the archive that closes them. */
const CLOSED = '"kind":"(merged|rejected|superseded|expired|reverted)"';

/** `notes`: how the shell splits a variable into words. */
const gitIds = (
  notes: string,
) => `  notes=$(__git_ambient_git for-each-ref --format='%(refname)' refs/notes/ambient/archive/ 2>/dev/null)
  closed=
  if [ "$1" = open ] && [ -n "$notes" ]; then
    closed=$(__git_ambient_git grep -lE '${CLOSED}' ${notes} -- 2>/dev/null |
      sed -e 's/^[^:]*://' -e 's,/,,g' -e 's/^\\(............\\).*/\\1/')
  fi
  __git_ambient_git for-each-ref --format='%(refname:lstrip=3)' refs/ambient/proposals/ 2>/dev/null |
    command grep -vxF -e "$closed"`;

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command).flatMap(namesOf).join(' ');
    return `    ${command.id}) flags='${flags}' ids='${idsOf(command) ?? ''}' choices='${choicesOf(command).join(' ')}' ;;`;
  });
  const values = commands.flatMap((command) =>
    valuesOf(command).map((flag) => {
      const patterns = namesOf(flag).map((name) => `${command.id}:${name}`);
      const reply = flag.options ? `__git_ambient_reply '${flag.options.join(' ')}'` : 'COMPREPLY=()';
      return `    ${patterns.join(' | ')}) ${reply}; return ;;`;
    }),
  );
  return `# bash completion of git-ambient: for \`git ambient\` (beside git's own completion) and for \`git-ambient\`.
#   source <(git ambient completion bash)

__git_ambient_git () {
  if declare -F __git >/dev/null; then __git "$@"; else command git "$@"; fi
}

__git_ambient_ids () {
  local notes closed
${gitIds('$notes')}
}

__git_ambient_reply () {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# $1: where the word \`ambient\` or \`git-ambient\` stands
__git_ambient () {
  local at=$(($1 + 1)) name= flags= ids= choices=
  while [ "$at" -lt "$cword" ]; do
    case "\${words[at]}" in
    -C) at=$((at + 1)) ;;
    -*) ;;
    *) name="\${words[at]}"; break ;;
    esac
    at=$((at + 1))
  done
  case "$name:\${words[cword-1]}" in
    *:-C | *:--directory) COMPREPLY=($(compgen -d -- "$cur")); return ;;
${values.join('\n')}
  esac
  case "$name" in
${cases.join('\n')}
    '') flags='--help --version -C' ;;
  esac
  case "$name:$cur" in
  *:-*) __git_ambient_reply "$flags --help" ;;
  :*) __git_ambient_reply '${commands.map(({ id }) => id).join(' ')}' ;;
  *) if [ -n "$ids" ]; then choices=$(__git_ambient_ids "$ids"); fi
     __git_ambient_reply "$choices" ;;
  esac
}

# git's completion calls this; it has set cur, words and cword.
_git_ambient () {
  local at=0
  while [ "$at" -lt "$cword" ] && [ "\${words[at]}" != ambient ]; do at=$((at + 1)); done
  __git_ambient "$at"
}

__git_ambient_direct () {
  local cur="\${COMP_WORDS[COMP_CWORD]}" cword=$COMP_CWORD
  local words=("\${COMP_WORDS[@]}")
  __git_ambient 0
}
complete -o bashdefault -o default -F __git_ambient_direct git-ambient
`;
}

const SPLIT_BY_ZSH = '$' + '{=notes}';

function zsh(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ id, summary }) => `    '${id}:${plain(summary)}'`);
  const cases = commands.map((command) => {
    const flags = flagsOf(command).flatMap((flag) =>
      namesOf(flag).map((name) => `'${name}:${plain(flag.summary ?? flag.description)}'`),
    );
    const choices = choicesOf(command).join(' ');
    return `    ${command.id}) flags=(${flags.join(' ')}) ids='${idsOf(command) ?? ''}' choices=(${choices}) ;;`;
  });
  const values = commands.flatMap((command) =>
    valuesOf(command).map((flag) => {
      const patterns = namesOf(flag).map((name) => `${command.id}:${name}`);
      const reply = flag.options ? `compadd -- ${flag.options.join(' ')}` : ':';
      return `    ${patterns.join(' | ')}) ${reply}; return ;;`;
    }),
  );
  return `#compdef git-ambient
# zsh completion of git-ambient: for \`git ambient\` and \`git-ambient\`. Put it as _git-ambient into a directory of $fpath, or
#   source <(git ambient completion zsh)      (after compinit)

__git_ambient_git () { command git "$@" }

__git_ambient_ids () {
  local notes closed
${gitIds(SPLIT_BY_ZSH)}
}

_git-ambient () {
  local name ids
  local -a commands flags choices
  integer at=2
  while (( at < CURRENT )); do
    case $words[at] in
      -C) (( at += 1 )) ;;
      -*) ;;
      *) name=$words[at]; break ;;
    esac
    (( at += 1 ))
  done
  case "$name:$words[CURRENT-1]" in
    *:-C | *:--directory) _files -/; return ;;
${values.join('\n')}
  esac
  case $name in
${cases.join('\n')}
    '') flags=('--help:Show help' '--version:Show the version' '-C:Work in the repository of this directory') ;;
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o flag flags
  elif [[ -z $name ]]; then
    commands=(
${list.join('\n')}
    )
    _describe command commands
  elif [[ -n $ids ]]; then
    compadd -- $(__git_ambient_ids $ids)
  else
    compadd -- $choices
  fi
}

if [[ $funcstack[1] == _git-ambient ]]; then
  _git-ambient "$@"
elif (( $+functions[compdef] )); then
  compdef _git-ambient git-ambient
  zstyle ':completion:*:*:git:*' user-commands ambient:'review verified fixes'
fi
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const where = `-n '__git_ambient_in ${command.id}'`;
    const ids = idsOf(command);
    return [
      `__git_ambient_complete -n __git_ambient_needs_command -a ${command.id} -d '${plain(command.summary)}'`,
      ...(ids ? [`__git_ambient_complete ${where} -a '(__git_ambient_ids ${ids})'`] : []),
      ...choicesOf(command).map((choice) => `__git_ambient_complete ${where} -a ${choice}`),
      ...flagsOf(command).map((flag) => {
        const value =
          flag.type === 'boolean'
            ? ''
            : flag.name === 'directory'
              ? " -x -a '(__fish_complete_directories)'"
              : flag.options
                ? ` -x -a '${flag.options.join(' ')}'`
                : ' -x';
        const short = flag.char ? ` -s ${flag.char}` : '';
        return `__git_ambient_complete ${where}${short} -l ${flag.name}${value} -d '${plain(flag.summary ?? flag.description)}'`;
      }),
    ];
  });
  return `# fish completion of git-ambient: for \`git ambient\` and \`git-ambient\`.
#   git ambient completion fish > ~/.config/fish/completions/git-ambient.fish
#   and in config.fish, for \`git ambient\`: source ~/.config/fish/completions/git-ambient.fish

# What stands after \`git-ambient\` or \`git … ambient\`; fails elsewhere.
function __git_ambient_words
    set -l words (commandline -opc)
    if string match -qr '(^|/)git-ambient$' -- $words[1]
        printf '%s\\n' $words[2..-1]
        return 0
    end
    set -l at (contains -i -- ambient $words)
    or return 1
    printf '%s\\n' $words[(math $at + 1)..-1]
end

# The command that stands there, without -C <dir>.
function __git_ambient_command
    set -l words (__git_ambient_words)
    or return 1
    set -l skip 0
    for word in $words
        if test $skip = 1
            set skip 0
        else if test "$word" = -C
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
end

function __git_ambient_needs_command
    set -l name (__git_ambient_command)
    and test -z "$name"
end

function __git_ambient_in
    test "$(__git_ambient_command)" = $argv[1]
end

function __git_ambient_ids
    set -l notes (command git for-each-ref --format='%(refname)' refs/notes/ambient/archive/ 2>/dev/null)
    set -l closed ''
    if test "$argv[1]" = open; and test -n "$notes"
        set -a closed (command git grep -lE '${CLOSED}' $notes -- 2>/dev/null | string replace -r '^[^:]*:' '' | string replace -a / '' | string sub -l 12)
    end
    for id in (command git for-each-ref --format='%(refname:lstrip=3)' refs/ambient/proposals/ 2>/dev/null)
        contains -- $id $closed; or echo $id
    end
end

function __git_ambient_complete
    complete -c git-ambient -f $argv
    complete -c git -f $argv
end

complete -c git -n 'test (count (commandline -opc)) = 1' -a ambient -d 'Review verified fixes'
${lines.join('\n')}
`;
}
