/** Shells that see text from the program. Rule: a command is rewritten only when the shell adds nothing to it. */
import { isFixed, originOf } from '../python-flow.ts';
import { type Call, type Imports, plainString, readPython, removeArgument } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { imported } from './python-imports.ts';
import { readQuery } from './python-query.ts';

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
    'A value that is put into the text of a shell command can end that command and start another one. The command belongs in a list without a shell. It is rewritten where the program is a common executable, the words are plain, each value stands for one word by its name, and no failure is handled around it; pipes, globs and everything else are reported only. Constant commands, values that the program itself chose (constants, temporary names, elements of literal lists), and values that pass through shlex.quote, are left alone.',
  fixable: true,
  aliases: ['S602', 'S605', 'B602', 'B605'],
  trigger: /\bshell\s*=\s*True\b|\b(system|popen|getoutput|getstatusoutput|create_subprocess_shell)\b/,
  example: {
    path: 'app/archive.py',
    before: 'import subprocess\n\nsubprocess.run(f"tar xf {name}", shell=True)\n',
    after: 'import subprocess\n\nsubprocess.run(["tar", "xf", str(name)])\n',
  },
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
    const { root, imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const shell = CALLS.test(call.name ?? '') && call.keywords.get('shell')?.is('true');
      const opens = /^(os\.(system|popen)|subprocess\.(getoutput|getstatusoutput)|asyncio\.create_subprocess_shell)$/;
      if (!shell && !opens.test(call.name ?? '')) return [];
      const given = call.positional[0] ?? call.keywords.get('args');
      const command = given?.is('identifier') ? (onlyOrigin(given) ?? given) : given;
      if (!given || !command || /\bquote\(/.test(command.text())) return [];
      const values = valuesIn(command);
      if (values === null || values.every((value) => isFixed(value))) return [];
      const edits = command === given ? asList(root, imports, call, command) : [];
      return [{ ...span(call.node), message: 'Values are put into the text of a shell command.', edits }];
    });
  },
};

/** The text that a name was given just above, when it was given nothing else in its function. */
function onlyOrigin(name: Node): Node | null {
  const scope = enclosing(name, ['function_definition']);
  const given = ['assignment', 'augmented_assignment']
    .flatMap((kind) => (scope ? nodesOf(scope, kind) : []))
    .filter((one) => one.field('left')?.text() === name.text());
  const origin = originOf(name);
  return given.length === 1 && origin?.how === 'whole' ? origin.value : null;
}

const PROGRAMS =
  /^(git|docker|tar|curl|wget|ssh|scp|rsync|grep|openssl|ffmpeg|ffprobe|convert|python3?|kubectl|psql|pg_dump|mysqldump|ping|nslookup|dig|whois|gzip|zip|unzip|chmod|chown|cp|mv|rm|ls|cat|systemctl|make|node|du|df|lp|head|tail|wc|file|stat|touch|mkdir|find|sort|diff|sha256sum|dot|pdftotext|identify|wkhtmltopdf|nmap|traceroute|host|tesseract|exiftool|gs|soffice)$|^\/(usr|opt|bin|sbin)\/[\w./-]+$/;
/** What stands for one word by its name: no list, no options. */
const ONE_WORD =
  /(^|[_.])(version|tag|branch|name|filename|id|ref|sha|hash|commit|host|hostname|user|username|path|file|folder|dir|directory|url|source|src|target|dest|input|output|term|query|word|pattern|container|image|service|port|email|title|message|remote|number|domain|ip|address|archive|kind|type|format|mode|size|width|height|key)$/i;

function isOneWord(value: Node): boolean {
  const field = /^[\w.]+\[["'](\w+)["']\]$/.exec(value.text())?.[1];
  return ONE_WORD.test(field ?? value.text()) && (field !== undefined || /^[\w.]+$/.test(value.text()));
}

/** The call with a list instead of a text, or nothing when a word may be several, or need the shell. */
function asList(root: Node, imports: Imports, call: Call, command: Node): TextEdit[] {
  const query = readQuery(command);
  if (!query?.certain || enclosing(call.node, ['try_statement', 'with_statement']) || command.text().includes('\n'))
    return [];
  const words: string[][] = [[]];
  for (const [at, text] of query.texts.entries()) {
    if (!/^[\w@:./=+ -]*$/.test(text)) return [];
    for (const [index, part] of text.split(' ').entries()) {
      if (index > 0) words.push([]);
      if (part !== '') words.at(-1)?.push(part);
    }
    const value = query.values[at];
    if (value && !isOneWord(value)) return [];
    if (value) words.at(-1)?.push(`{${value.text()}}`);
  }
  const [program = '', ...rest] = words.map((word) => word.join('')).filter((word) => word !== '');
  if (!PROGRAMS.test(program)) return [];
  const { quote } = query;
  const list = rest.map((word) => {
    const alone = /^\{([\w.]+(\[["']\w+["']\])?)\}$/.exec(word)?.[1];
    return alone ? `str(${alone})` : `${word.includes('{') ? 'f' : ''}${quote}${word}${quote}`;
  });
  if (list.some((word) => word.startsWith('f') && word.includes('['))) return [];
  const text = `[${[`${quote}${program}${quote}`, ...list].join(', ')}]`;
  if (call.name === 'asyncio.create_subprocess_shell') {
    const name = call.callee.field('attribute');
    return name
      ? [
          { ...span(name), text: 'create_subprocess_exec' },
          { ...span(command), text: text.slice(1, -1) },
        ]
      : [];
  }
  const shell = call.keywords.get('shell');
  if (shell) return call.keywords.has('executable') ? [] : [{ ...span(command), text }, removeArgument(shell)];
  const module = imported(root, imports, 'subprocess', null, /^import (os|re|pathlib|logging|json|shutil)$/);
  const read = outputOf(call);
  if (module && read && call.positional.length === 1 && call.keywords.size === 0) {
    const run = `${module.local}.run(${text}, stdout=${module.local}.PIPE, text=True).stdout`;
    return [...module.edits, { ...span(read), text: run }];
  }
  const alone =
    call.name === 'os.system' && call.node.parent()?.is('expression_statement') && call.positional.length === 1;
  if (!module || !alone) return [];
  return [...module.edits, { ...span(call.callee), text: `${module.local}.call` }, { ...span(command), text }];
}

/** `os.popen(…).read()` as a whole, or null. */
function outputOf(call: Call): Node | null {
  const method = call.name === 'os.popen' ? call.node.parent() : null;
  const read = method?.is('attribute') && method.field('attribute')?.text() === 'read' ? method.parent() : null;
  return read?.is('call') && read.field('arguments')?.namedChildren().length === 0 ? read : null;
}

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
