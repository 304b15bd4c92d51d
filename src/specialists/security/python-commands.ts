/** Shells that see text from the program. Rule: a command is rewritten only when the shell adds nothing to it. */
import { isFixed } from '../python-flow.ts';
import { type Call, plainString, readPython, removeArgument } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

const CALLS = /^subprocess\.(run|call|check_call|check_output|Popen)$/;
/** Words that only a shell understands, and programs that are scripts of the shell on Windows. */
const NEEDS_SHELL =
  /^(cd|export|source|\.|set|unset|alias|ulimit|umask|exit|eval|exec|type|command|trap|wait|read|dir|copy|del|cls|start|ver|npm|npx|yarn|pnpm|tsc)$/;

/** The words of a command that mean the same with and without a shell, or null. */
export function splitCommand(command: string): string[] | null {
  if (!/^[\w@%+,:./ =-]+$/.test(command)) return null;
  const words = command.split(' ').filter((word) => word !== '');
  const program = words[0] ?? '';
  if (program === '' || program.includes('=') || NEEDS_SHELL.test(program) || /%\w+%/.test(command)) return null;
  return words;
}

/** Does a missing program raise either way? Without `check` the shell only returns 127. */
function raisesAnyway(call: Call): boolean {
  const checked = call.name === 'subprocess.run' && call.keywords.get('check')?.is('true') === true;
  return checked || call.name === 'subprocess.check_call' || call.name === 'subprocess.check_output';
}

const literalShell: RuleImpl = {
  id: 'python/needless-shell',
  languages: ['python'],
  severity: 'low',
  cwe: 'CWE-78',
  title: 'Run constant commands without a shell',
  rationale:
    'A command that needs nothing of the shell is safer as a list: no later edit can turn a value into shell syntax, and no profile or alias takes part. The words are split as the shell would split them. Commands with shell syntax, builtins and scripts of Windows are left alone; calls that do not check the exit code, or whose failure is handled around them, are left alone too, because a missing program raises FileNotFoundError instead of exit code 127.',
  fixable: true,
  aliases: ['S602', 'S607', 'B602', 'B607'],
  trigger: /\bshell\s*=\s*True\b/,
  example: {
    path: 'app/build.py',
    before: 'import subprocess\n\nsubprocess.check_call("git rev-parse HEAD", shell=True, cwd=root)\n',
    after: 'import subprocess\n\nsubprocess.check_call(["git", "rev-parse", "HEAD"], cwd=root)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import subprocess\n\nsubprocess.check_call("ls *.txt | wc -l", shell=True)\n' },
    { path: 'app/b.py', text: 'import subprocess\n\nsubprocess.check_call("cd build", shell=True)\n' },
    { path: 'app/c.py', text: 'import subprocess\n\nsubprocess.call("make all", shell=True)\n' },
    {
      path: 'app/d.py',
      text: 'import subprocess\n\ntry:\n    subprocess.check_call("make all", shell=True)\nexcept subprocess.CalledProcessError:\n    pass\n',
    },
    {
      path: 'app/e.py',
      text: 'import subprocess\n\nsubprocess.check_call("make all", shell=True, executable="/bin/bash")\n',
    },
    {
      path: 'app/f.py',
      text: 'import subprocess\n\nsubprocess.check_call(["make", "all"])\nsubprocess.check_call("make", shell=False)\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const shell = call.keywords.get('shell');
      const [first, second] = call.positional;
      if (!CALLS.test(call.name ?? '') || !shell?.is('true') || !first || second || call.splat) return [];
      const words = splitCommand(plainString(first) ?? '');
      if (!words || !raisesAnyway(call) || call.keywords.has('executable')) return [];
      if (enclosing(call.node, ['try_statement', 'with_statement'])) return [];
      const quote = first.text()[0] === "'" ? "'" : '"';
      const list = `[${words.map((word) => quote + word + quote).join(', ')}]`;
      const edits = [{ ...span(first), text: list }, removeArgument(shell)];
      return [{ ...span(call.node), message: 'The command is constant and needs no shell.', edits }];
    });
  },
};

const shellInjection: RuleImpl = {
  id: 'python/shell-injection',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-78',
  title: 'Do not build shell commands from values',
  rationale:
    'A value that is put into the text of a shell command can end that command and start another one. The command belongs in a list without a shell, or the value through shlex.quote; which of them keeps the intended pipes and globs is for a person to see, so this is reported only. Constant commands, values that the program itself chose (constants, temporary names, elements of literal lists), and values that pass through shlex.quote, are left alone.',
  fixable: false,
  aliases: ['S602', 'S605', 'B602', 'B605'],
  trigger: /\bshell\s*=\s*True\b|\bos\.(system|popen)\b/,
  example: { path: 'app/archive.py', before: 'import subprocess\n\nsubprocess.run(f"tar xf {name}", shell=True)\n' },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import subprocess\n\nsubprocess.run("ls | wc -l", shell=True)\nsubprocess.run(f"ls", shell=True)\n',
    },
    {
      path: 'app/b.py',
      text: 'import shlex\nimport subprocess\n\nsubprocess.run(f"tar xf {shlex.quote(name)}", shell=True)\n',
    },
    { path: 'app/c.py', text: 'import subprocess\n\nsubprocess.run(["tar", "xf", f"{name}.tar"])\n' },
    { path: 'app/d.py', text: 'import os\n\nos.system("clear")\nos.system(COMMAND)\n' },
    {
      path: 'app/e.py',
      text: 'import os\nimport tempfile\n\nhandle, name = tempfile.mkstemp()\nos.system("gnuplot " + name)\n',
    },
    {
      path: 'app/f.py',
      text: 'import os\n\nfor part in ("docs", "locale"):\n    os.system(f"make -C {part}")\nos.system("%s -m pip check" % sys.executable)\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const shell = CALLS.test(call.name ?? '') && call.keywords.get('shell')?.is('true');
      if (!shell && call.name !== 'os.system' && call.name !== 'os.popen') return [];
      const command = call.positional[0] ?? call.keywords.get('args');
      if (!command || /\bquote\(/.test(command.text())) return [];
      const values = valuesIn(command);
      if (values === null || values.every((value) => isFixed(value))) return [];
      return [{ ...span(call.node), message: 'Values are put into the text of a shell command.' }];
    });
  },
};

/** What is put into the text of a command; null when the text is not put together here. */
function valuesIn(command: Node): Node[] | null {
  if (command.is('string') || command.is('concatenated_string'))
    return nodesOf(command, 'interpolation').flatMap((part) => part.field('expression') ?? []);
  if (command.is('call')) {
    const callee = command.field('function');
    const formatted = callee?.field('object')?.is('string') && callee.field('attribute')?.text() === 'format';
    const given = command.field('arguments')?.namedChildren() ?? [];
    return formatted ? given.map((one) => one.field('value') ?? one) : null;
  }
  if (!command.is('binary_operator') || !command.has({ rule: { kind: 'string' } })) return null;
  const [left, right] = [command.field('left'), command.field('right')];
  if (command.field('operator')?.text() === '%')
    return right?.is('tuple')
      ? right.namedChildren()
      : right?.is('dictionary')
        ? dictionaryValues(right)
        : right
          ? [right]
          : [];
  return [left, right].flatMap((side) => (side ? (valuesIn(side) ?? [side]) : []));
}

function dictionaryValues(dictionary: Node): Node[] {
  return dictionary.namedChildren().map((pair) => pair.field('value') ?? pair);
}

export const commandRules: readonly RuleImpl[] = [literalShell, shellInjection];
