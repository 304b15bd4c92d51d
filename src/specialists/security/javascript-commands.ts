// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Text that becomes a command. Rule: callees are resolved through the file's imports, so that `pattern.exec(text)` is
 * never mistaken for a shell; a command is edited only where it means the same without a shell.
 */
import {
  bindingsOf,
  type Call,
  callsOf,
  isCallback,
  isLiteral,
  literalText,
  type Piece,
  pairOf,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span, wholeText } from '../structural.ts';
import { isChecked } from './javascript-allowed.ts';
import { usualQuote } from './javascript-manner.ts';
import { isNumeric } from './javascript-numbers.ts';
import { isAsked } from './javascript-request.ts';

/** A constant or the running program itself: nobody outside chooses it. */
const FIXED = /^([A-Z][A-Z0-9_]*|__dirname|__filename|process\.(execPath|pid)|.*\.length)$/;

const shellInjection: RuleImpl = {
  id: 'javascript/shell-injection',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-78',
  title: 'Do not build shell commands from values',
  rationale:
    'A command that is put together from values is parsed by a shell: a space, a quote or a semicolon in a value becomes part of the command. `execFile` with a list of arguments needs no shell; the call is rewritten where the program is a real executable on every system, the words are plain, and each value stands for one word by its name. Other commands are reported only. Commands without values, with constants only, and `exec` of patterns and databases are left alone.',
  fixable: true,
  aliases: ['security/detect-child-process'],
  trigger: /child_process/,
  example: {
    path: 'src/archive.js',
    before: "const { exec } = require('child_process');\n\nexec(`tar czf backup.tgz ${folder}`, done);\n",
    after:
      "const { execFile } = require('child_process');\n\nexecFile('tar', ['czf', 'backup.tgz', String(folder)], done);\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const { exec } = require('child_process');\n\nexec('git status', done);\n" },
    { path: 'src/b.js', text: "require('child_process');\nconst found = pattern.exec(`${a} ${b}`);\n" },
    {
      path: 'src/c.js',
      text: "import { execFile } from 'node:child_process';\n\nexecFile('tar', ['czf', folder], done);\n",
    },
    {
      path: 'src/d.js',
      text: 'import { execSync } from \'node:child_process\';\n\nexecSync(`"${process.execPath}" --version`);\n',
    },
    { path: 'src/e.js', text: "const cp = require('child_process');\n\ndatabase.exec('DELETE FROM ' + table);\n" },
    {
      path: 'src/h.js',
      text: "const { execFile } = require('child_process');\nconst run = require('util').promisify(execFile);\n\nconst look = (host) => run('whois', [`${host}`]);\n",
    },
    {
      path: 'src/i.js',
      text: "const { exec } = require('child_process');\n\nexec(`taskkill /pid ${child.pid} /T`, done);\n",
    },
    {
      path: 'src/g.js',
      text: "const { exec } = require('child_process');\n\nfunction look(host) {\n  if (!/^[a-z0-9.-]+$/.test(host)) return;\n  exec(`whois ${host}`, done);\n}\n",
    },
    {
      path: 'src/f.js',
      text: "const { exec } = require('child_process');\n\nexec('lsof -i :' + Number(port), done);\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const calls = callsOf(root, bindingsOf(root));
    const promised = promisedNames(root, calls);
    return calls.flatMap((call): Match[] => {
      const [command] = call.args;
      const known = /^child_process\.exec(Sync)?$/.test(call.imported ?? '') || givenShell(call);
      const shell = known || (call.callee.is('identifier') && promised.has(call.method));
      if (!shell || !command) return [];
      const pieces = piecesOf(writtenValue(command));
      const values = pieces.filter((piece) => piece.text === null && !isFixed(piece.node));
      const whole = !command.is('identifier') || pieces.length > 0 ? null : writtenValue(command);
      if (values.length === 0 && !isAsked(whole ?? command)) return [];
      const edits =
        known && call.method.startsWith('exec') && !givenShell(call) ? asList(root, call, command, pieces) : [];
      return [{ ...span(call.node), message: 'A shell parses this command together with the values in it.', edits }];
    });
  },
};

const isFixed = (node: Node) =>
  FIXED.test(node.text()) ||
  isLiteral(writtenValue(node)) ||
  isNumeric(node) ||
  isChecked(node) ||
  (/^([\w$]+\.)*pid$/.test(node.text()) && !isAsked(node));

/** What `promisify(exec)` is called, where the file uses the name for nothing else. */
function promisedNames(root: Node, calls: readonly Call[]): Set<string> {
  const bindings = bindingsOf(root);
  const isExec = (given: Node | undefined) => {
    const binding = bindings.get((given?.field('object') ?? given)?.text() ?? '');
    const name = given?.is('identifier') ? binding?.name : given?.field('property')?.text();
    return binding?.module === 'child_process' && name === 'exec';
  };
  const declared = nodesOf(root, 'variable_declarator').map((one) => one.field('name')?.text() ?? '');
  const made = calls.filter((call) => call.imported === 'util.promisify' && isExec(call.args[0]));
  const names = made.flatMap(({ node }) => node.parent()?.field('name')?.text() ?? []);
  return new Set(names.filter((name) => declared.filter((one) => one === name).length === 1));
}

/** `spawn(command, { shell: true })` and its like. */
function givenShell(call: Call): boolean {
  if (!/^child_process\.(spawn|execFile)(Sync)?$/.test(call.imported ?? '')) return false;
  return call.args.some((arg) => pairOf(arg, 'shell')?.field('value')?.is('true'));
}

/** What stands for one word by its name: no list, no options. */
const ONE_WORD =
  /(version|tag|branch|name|key|id|ref|sha|hash|commit|host|user|path|file|folder|dir|directory|url|source|src|target|dest|input|output|pattern|range|container|image|service|port|email|title|message|remote|number|domain|ip|address)$/i;

/** The program and its words as a list for `execFile`, or nothing when a word may be several, or need the shell. */
function asList(root: Node, call: Call, command: Node, pieces: readonly Piece[]): TextEdit[] {
  const words: string[][] = [[]];
  for (const { text, node } of pieces) {
    if (text === null && !(/^[\w$.]+$/.test(node.text()) && ONE_WORD.test(node.text()))) return [];
    if (text !== null && !/^[\w@:./=+ -]*$/.test(text)) return [];
    const parts = text === null ? [`\${${node.text()}}`] : text.split(' ');
    for (const [at, part] of parts.entries()) {
      if (at > 0) words.push([]);
      words.at(-1)?.push(part);
    }
  }
  const [program = '', ...rest] = words.map((word) => word.join('')).filter((word) => word !== '');
  if (!PROGRAMS.test(program) || (call.args[1] && !isCallback(call.args[1]) && !isPlainOptions(call.args[1])))
    return [];
  const quote = usualQuote(wholeText(root));
  const list = rest.map((word) => {
    const alone = /^\$\{([\w$.]+)\}$/.exec(word)?.[1];
    return alone ? `String(${alone})` : word.includes('${') ? `\`${word}\`` : quote + word + quote;
  });
  const rename = renamed(root, call);
  return rename ? [...rename, { ...span(command), text: `${quote}${program}${quote}, [${list.join(', ')}]` }] : [];
}

const isPlainOptions = (node: Node) =>
  node.is('object') ? !pairOfShell(node) : /^(done|cb|callback|next)$/.test(node.text());

/** The edits that call `execFile` instead, with its import. */
function renamed(root: Node, call: Call): TextEdit[] | null {
  const name = call.method === 'exec' ? 'execFile' : 'execFileSync';
  const property = call.callee.field('property');
  if (property) return [{ ...span(property), text: name }];
  const specifiers = ['import_specifier', 'shorthand_property_identifier_pattern'].flatMap((kind) =>
    nodesOf(root, kind),
  );
  const edit = { ...span(call.callee), text: name };
  if (specifiers.some((one) => one.text() === name)) return [edit];
  const own = specifiers.filter((one) => one.text() === call.method);
  if (own.length !== 1 || !own[0] || new RegExp(`\\b${name}\\b`).test(wholeText(root))) return null;
  const { start, end } = span(own[0]);
  const uses = nodesOf(root, 'identifier').filter((one) => one.text() === call.method).length;
  const last = uses === (own[0].is('import_specifier') ? 2 : 1);
  return [edit, last ? { start, end, text: name } : { start: end, end, text: `, ${name}` }];
}

/** Programs that are real executables on every system, so that no shell is needed to find them. */
const PROGRAMS =
  /^(git|node|docker|tar|curl|convert|magick|wget|pandoc|gzip|zip|unzip|ping|nslookup|dig|whois|ssh|scp|openssl|ffmpeg|ffprobe|python3|rsync|psql|pg_dump|kubectl|wkhtmltopdf|pdftotext|identify|nmap|traceroute|tesseract|exiftool|gs|soffice)$/;

function argvOf(command: string | null): string[] | null {
  if (!command || !/^[\w@:./=+-]+( [\w@:./=+-]+)+$/.test(command)) return null;
  const argv = command.split(' ');
  return PROGRAMS.test(argv[0] ?? '') ? argv : null;
}

function withoutShell(call: Call): { start: number; end: number; edits: TextEdit[] } | null {
  const [first, second] = call.args;
  const argv = argvOf(literalText(first ?? null));
  const property = call.callee.field('property');
  if (!argv || !first || !property) return null;
  if (second && (!second.is('object') || pairOfShell(second)) && !isCallback(second)) return null;
  const quote = first.text().startsWith('"') ? '"' : "'";
  const [program, ...rest] = argv.map((word) => quote + word + quote);
  const edits = [
    { ...span(property), text: call.method === 'exec' ? 'execFile' : 'execFileSync' },
    { ...span(first), text: `${program}, [${rest.join(', ')}]` },
  ];
  return { ...span(call.node), edits };
}

function pairOfShell(options: Node): boolean {
  return options.children().some((child) => /^(shell|\.\.\.|\[)/.test(child.text()));
}

const needlessShell: RuleImpl = {
  id: 'javascript/needless-shell',
  languages: SCRIPT,
  severity: 'low',
  cwe: 'CWE-78',
  title: 'Run the program without a shell',
  rationale:
    'A command without shell syntax needs no shell: `execFile` takes the same options and the same callback, starts one process less, and stays safe when somebody later adds a value to the list. Only literal commands of plain words whose program is a real executable on every system are changed; npm, npx and shell built-ins (on Windows scripts that need a shell), wildcards, quotes, variables and pipes are left alone.',
  fixable: true,
  trigger: /child_process/,
  example: {
    path: 'src/version.js',
    before:
      "const cp = require('child_process');\n\nconst head = cp.execSync('git rev-parse HEAD', { encoding: 'utf8' });\n",
    after:
      "const cp = require('child_process');\n\nconst head = cp.execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const cp = require('child_process');\n\ncp.exec('git log | head', done);\n" },
    { path: 'src/b.js', text: "const cp = require('child_process');\n\ncp.execSync('npm run build');\n" },
    {
      path: 'src/c.js',
      text: "const cp = require('child_process');\n\ncp.execSync('git log', { shell: '/bin/bash' });\n",
    },
    { path: 'src/d.js', text: "const cp = require('child_process');\n\ncp.execSync('git add *.js');\n" },
    { path: 'src/e.js', text: "const cp = require('child_process');\n\ncp.exec('git log', options, done);\n" },
    { path: 'src/f.js', text: "const cp = require('child_process');\n\nrunner.exec('git log --oneline');\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const found = /^child_process\.exec(Sync)?$/.test(call.imported ?? '') ? withoutShell(call) : null;
      return found ? [{ ...found, message: 'A shell is started for a command that needs none.' }] : [];
    });
  },
};

export const commandRules: readonly RuleImpl[] = [shellInjection, needlessShell];
