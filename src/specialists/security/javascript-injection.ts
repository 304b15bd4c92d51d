// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Text that becomes a command, code or a path. Rule: callees are resolved through the file's imports, so that
 * `pattern.exec(text)` is never mistaken for a shell; only a command that is written out is edited.
 */
import {
  argumentsOf,
  bindingsOf,
  type Call,
  callsOf,
  isLiteral,
  literalText,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

/** A constant or the running program itself: nobody outside chooses it. */
const FIXED = /^([A-Z][A-Z0-9_]*|__dirname|__filename|process\.(execPath|pid)|.*\.length)$/;

const shellInjection: RuleImpl = {
  id: 'javascript/shell-injection',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-78',
  title: 'Do not build shell commands from values',
  rationale:
    'A command that is put together from values is parsed by a shell: a space, a quote or a semicolon in a value becomes part of the command. `execFile` with a list of arguments needs no shell. How the command splits into arguments depends on the values, so this is reported only. Commands without values, with constants only, and `exec` of patterns and databases are left alone.',
  fixable: false,
  aliases: ['security/detect-child-process'],
  trigger: /child_process/,
  example: {
    path: 'src/archive.js',
    before: "const { exec } = require('child_process');\n\nexec(`tar czf backup.tgz ${folder}`, done);\n",
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
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      if (!/^child_process\.exec(Sync)?$/.test(call.imported ?? '') || !call.args[0]) return [];
      const values = piecesOf(writtenValue(call.args[0])).filter(
        (piece) => piece.text === null && !FIXED.test(piece.node.text()),
      );
      if (values.length === 0) return [];
      return [{ ...span(call.node), message: 'A shell parses this command together with the values in it.' }];
    });
  },
};

/** Programs that are real executables on every system, so that no shell is needed to find them. */
const PROGRAMS = /^(git|node|docker|tar|curl|ssh|scp|openssl|ffmpeg|ffprobe|python3|rsync|psql|pg_dump|kubectl)$/;

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
  if (second && (!second.is('object') || pairOfShell(second)) && !isFunction(second)) return null;
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

function isFunction(node: Node): boolean {
  return /^(arrow_function|function_expression|function)$/.test(String(node.kind()));
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

const dynamicCode: RuleImpl = {
  id: 'javascript/dynamic-code',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-95',
  title: 'Do not run text as code',
  rationale:
    'Text that `eval` or `new Function` runs has every right of the program. Where the text comes from, and what could take its place, is not written here, so this is reported only. Literals, such as the usual feature tests, and methods that are merely called eval are left alone.',
  fixable: false,
  aliases: ['no-eval', 'no-new-func', 'security/detect-eval-with-expression', 'lint/security/noGlobalEval'],
  trigger: /\beval\s*\(|\bFunction\s*\(/,
  example: { path: 'src/rule.js', before: 'const check = new Function("order", `return ${rule.condition}`);\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'const root = new Function("return this")();\n' },
    { path: 'src/b.js', text: 'await page.$eval(selector, (node) => node.value);\nredis.eval(script, 1, key);\n' },
    { path: 'src/c.js', text: 'eval("1 + 1");\n' },
    {
      path: 'src/d.ts',
      text: 'function isFunction(x: unknown): x is Function {\n  return x instanceof Function;\n}\n',
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const nodes = [
      ...nodesOf(root, 'call_expression').filter((node) =>
        /^(eval|Function)$/.test(node.field('function')?.text() ?? ''),
      ),
      ...nodesOf(root, 'new_expression').filter((node) => node.field('constructor')?.text() === 'Function'),
    ];
    return nodes.flatMap((node): Match[] => {
      const args = argumentsOf(node);
      if (args.every(isLiteral)) return [];
      return [{ ...span(node), message: 'A text that is put together at run time is run as code.' }];
    });
  },
};

const REQUEST = /\b(req|request|ctx\.request|ctx|c\.req)\.(query|params|body|param\(|query\()/;

const pathFromRequest: RuleImpl = {
  id: 'javascript/path-from-request',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-22',
  title: 'Keep requested paths inside their folder',
  rationale:
    'A path with `..` from a request reaches files outside of the folder that is meant. Which folder is meant, and whether a check stands before, cannot be told from the call alone, so this is reported only. Paths reduced by `basename`, `sendFile` with a `root`, and values that do not come straight from the request are left alone.',
  fixable: false,
  aliases: ['security/detect-non-literal-fs-filename'],
  trigger: /readFile|createReadStream|createWriteStream|writeFile|unlink|sendFile|download/,
  example: {
    path: 'src/files.js',
    before: "app.get('/file', (req, res) => res.sendFile(path.join(folder, req.query.name)));\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "app.get('/file/:name', (req, res) => res.sendFile(req.params.name, { root: folder }));\n",
    },
    { path: 'src/b.js', text: 'fs.readFile(path.join(folder, path.basename(req.query.name)), done);\n' },
    { path: 'src/c.js', text: 'fs.writeFile(file, JSON.stringify(req.body), done);\n' },
    { path: 'src/d.js', text: 'res.sendFile(path.join(folder, "index.html"));\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const methods =
      /^(readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|unlink|unlinkSync|sendFile|download)$/;
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const [first, second] = call.args;
      if (!methods.test(call.method) || !call.receiver || !first || !REQUEST.test(first.text())) return [];
      if (/basename|sanitize|normalize|resolve[A-Z]|safe/i.test(first.text())) return [];
      if (/^(sendFile|download)$/.test(call.method) && /\broot\b/.test(second?.text() ?? '')) return [];
      return [{ ...span(call.node), message: 'The path comes straight from the request and may contain `..`.' }];
    });
  },
};

export const injectionRules: readonly RuleImpl[] = [shellInjection, needlessShell, dynamicCode, pathFromRequest];
