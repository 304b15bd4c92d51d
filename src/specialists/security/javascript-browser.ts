// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * What pages and windows give to each other, and text that becomes code or a pattern. Rule: an edit only for the link
 * whose meaning does not change; everything else is reported.
 */
import {
  bindingsOf,
  callsOf,
  isConditional,
  isLiteral,
  keyOf,
  literalText,
  piecesOf,
  SCRIPT,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { functionText, isAsked } from './javascript-request.ts';

const openedWindow: RuleImpl = {
  id: 'javascript/window-of-opened-page',
  languages: SCRIPT,
  severity: 'low',
  cwe: 'CWE-1022',
  title: 'Keep opened pages away from this one',
  rationale:
    'A page that is opened in a new window can reach the one that opened it and send it elsewhere, unless the link says `rel="noopener"`; browsers of recent years do so by themselves, older ones and web views do not. `noreferrer` covers the oldest. Only links to other sites, written in JSX, are judged; links that have a `rel`, that stay on the site, or whose attributes are spread are left alone.',
  fixable: true,
  aliases: ['react/jsx-no-target-blank', 'lint/security/noBlankTarget', 'lint/a11y/noBlankTarget'],
  trigger: /_blank/,
  example: {
    path: 'src/footer.jsx',
    before: 'const link = <a href="https://example.org/terms" target="_blank">Terms</a>;\n',
    after: 'const link = <a href="https://example.org/terms" target="_blank" rel="noopener noreferrer">Terms</a>;\n',
  },
  lookAlikes: [
    {
      path: 'src/a.jsx',
      text: 'const link = <a href="https://example.org" target="_blank" rel="noopener">Terms</a>;\n',
    },
    { path: 'src/b.jsx', text: 'const link = <a href="/terms" target="_blank">Terms</a>;\n' },
    { path: 'src/c.jsx', text: 'const link = <a href="https://example.org" target="_blank" {...rest}>Terms</a>;\n' },
    { path: 'src/d.jsx', text: 'const link = <Link href="https://example.org" target="_blank">Terms</Link>;\n' },
  ],
  async find(file, context) {
    if (file.language === 'typescript' && !file.path.endsWith('x')) return [];
    const root = await context.tree();
    const elements = ['jsx_opening_element', 'jsx_self_closing_element'].flatMap((kind) => nodesOf(root, kind));
    return elements.flatMap((element): Match[] => {
      if (element.field('name')?.text() !== 'a' || element.children().some((child) => child.is('jsx_expression')))
        return [];
      const attributes = element.children().filter((child) => child.is('jsx_attribute'));
      const of = (name: string) => attributes.find((one) => one.child(0)?.text() === name);
      const [target, href] = [of('target'), of('href')];
      if (
        !target ||
        of('rel') ||
        !/^target=["']_blank["']$/.test(target.text()) ||
        !/^href=["']https?:\/\//.test(href?.text() ?? '')
      )
        return [];
      const { end } = span(target);
      return [
        {
          ...span(element),
          message: 'The opened page can reach this one.',
          edits: [{ start: end, end, text: ' rel="noopener noreferrer"' }],
        },
      ];
    });
  },
};

const anyOrigin: RuleImpl = {
  id: 'javascript/message-to-any-origin',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-346',
  title: 'Say which page a message is for',
  rationale:
    'A message with the target `*` is delivered to whatever page the window shows by then, also one that an attacker put there. Which origin is meant is not written in the source, so this is reported only, and only for messages that carry something worth reading by its name: a token, a key, a session, a person. Other messages and named targets are left alone.',
  fixable: false,
  trigger: /postMessage/,
  example: { path: 'src/frame.js', before: "window.parent.postMessage({ token }, '*');\n" },
  lookAlikes: [
    { path: 'src/a.js', text: "window.parent.postMessage({ token }, 'https://example.org');\n" },
    { path: 'src/b.js', text: "window.parent.postMessage({ height }, '*');\n" },
    { path: 'src/c.js', text: 'worker.postMessage({ token });\n' },
    { path: 'src/d.js', text: "port.send({ token }, '*');\n" },
  ],
  async find(_file, context) {
    return callsOf(await context.tree(), new Map()).flatMap((call): Match[] => {
      const [message, target] = call.args;
      const any =
        literalText(target ?? null) === '*' ||
        (target?.is('object') && /targetOrigin:\s*['"]\*['"]/.test(target.text()));
      if (call.method !== 'postMessage' || !message || !any) return [];
      if (!/token|secret|passw|session|credential|api_?key|\bjwt\b|email|\buser\b|auth/i.test(message.text()))
        return [];
      return [{ ...span(call.node), message: 'Any page that the window shows reads this message.' }];
    });
  },
};

const textLater: RuleImpl = {
  id: 'javascript/text-as-callback',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-95',
  title: 'Give timers a function instead of text',
  rationale:
    'A text that is given to `setTimeout` or `setInterval` is run as code by the browser, together with the values that were put into it, and Node refuses it. A function does the same and takes its values as they are. A text that is one call of a function of this file with one quoted value becomes that call; other texts are for a person to write, so they are reported only. Functions, names and constant texts are left alone.',
  fixable: true,
  aliases: ['no-implied-eval'],
  trigger: /set(Timeout|Interval)\s*\(/,
  example: {
    path: 'src/later.js',
    before: 'function show(name) {}\n\nsetTimeout("show(\'" + name + "\')", 100);\n',
    after: 'function show(name) {}\n\nsetTimeout(() => show(String(name)), 100);\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'setTimeout(() => show(name), 100);\n' },
    { path: 'src/b.js', text: 'setTimeout(show, 100);\n' },
    { path: 'src/c.js', text: "schedule('show(' + name + ')', 100);\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const [given] = call.args;
      if (!/^((window|globalThis)\.)?set(Timeout|Interval)$/.test(call.callee.text()) || !given) return [];
      if (!piecesOf(given).some((piece) => piece.text === null) || isLiteral(given)) return [];
      const message = 'A text that is put together is run as code.';
      return [{ ...span(call.node), message, edits: asFunction(root, given) }];
    });
  },
};

/** `() => show(String(name))` for `'show("' + name + '")'`, where the file declares `show` and nothing changes the name. */
function asFunction(root: Node, text: Node): TextEdit[] {
  const [head, value, tail, more] = piecesOf(text);
  const name = /^\s*([\w$]+)\(\s*\\?(["'])$/.exec(head?.text ?? '');
  const closes = new RegExp(`^\\\\?${name?.[2]}\\s*\\);?\\s*$`).test(tail?.text ?? '');
  const declared = nodesOf(root, 'function_declaration').some(
    (one) =>
      one.field('name')?.text() === name?.[1] && /^(program|export_statement)$/.test(String(one.parent()?.kind())),
  );
  const kept = new RegExp(`\\b${value?.node.text()}\\s*([-+*/]?=[^=]|\\+\\+|--)`);
  if (!name || !closes || !declared || more || value?.text !== null || !/^[\w$]+$/.test(value.node.text())) return [];
  if (kept.test(functionText(text))) return [];
  return [{ ...span(text), text: `() => ${name[1]}(String(${value.node.text()}))` }];
}

const requestedCode: RuleImpl = {
  id: 'javascript/code-from-request',
  languages: SCRIPT,
  severity: 'critical',
  cwe: 'CWE-94',
  title: 'Do not run what a request sends',
  rationale:
    'The vm module separates names, not rights: code that a request sends leaves such a context in one line and runs with every right of the server; a template engine that compiles a text of the request does the same. What should be possible instead is not written in the source, so this is reported only. Constant code, code from files, and values from elsewhere are left alone.',
  fixable: false,
  trigger: /\bvm\b|vm2|\b(ejs|pug|handlebars|nunjucks|lodash|_)\b/i,
  example: {
    path: 'src/run.js',
    before: "const vm = require('vm');\n\nconst result = vm.runInNewContext(req.body.code, {});\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "const vm = require('vm');\n\nvm.runInNewContext(source, {});\n" },
    { path: 'src/b.js', text: "const vm = require('vm');\n\nvm.runInNewContext('1 + 1', { input: req.body.code });\n" },
    { path: 'src/c.js', text: "const ejs = require('ejs');\n\nejs.render(page, { name: req.query.name });\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const runs =
        /^(vm\.(runIn(New|This)?Context|runInContext|compileFunction)|(ejs|pug|handlebars|nunjucks)\.(render|renderString|compile)|lodash\.template)$/;
      if (!runs.test(call.imported ?? '') || !call.args[0] || !isAsked(call.args[0])) return [];
      return [{ ...span(call.node), message: 'What the request sends is run as code.' }];
    });
  },
};

const requestedPattern: RuleImpl = {
  id: 'javascript/pattern-from-request',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-1333',
  title: 'Escape request values in patterns',
  rationale:
    'A regular expression that a request writes may take minutes for a short text, and nothing else runs meanwhile. Mostly the text itself is meant: `includes`, or an escape of the characters that a pattern knows. Which of them is for a person to say, so this is reported only. Values that something escapes, and patterns of the program itself are left alone.',
  fixable: false,
  aliases: ['security/detect-non-literal-regexp'],
  trigger: /\bRegExp\(/,
  example: { path: 'src/search.js', before: 'const pattern = new RegExp(req.query.q);\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'const pattern = new RegExp(escapeRegExp(req.query.q));\n' },
    { path: 'src/b.js', text: 'const pattern = new RegExp(source);\n' },
    { path: 'src/c.js', text: "const q = req.query.q.replace(/[^a-z]/g, '');\nconst pattern = new RegExp(q);\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return nodesOf(root, 'new_expression').flatMap((node): Match[] => {
      const [given] = node.field('arguments')?.namedChildren() ?? [];
      if (node.field('constructor')?.text() !== 'RegExp' || !given || /escape/i.test(functionText(node))) return [];
      const values =
        given.is('template_string') || given.is('binary_expression')
          ? piecesOf(given)
              .filter(({ text }) => text === null)
              .map((piece) => piece.node)
          : [given];
      if (!values.some((value) => isAsked(value))) return [];
      return [{ ...span(node), message: 'The request writes the pattern, and may write one that never ends.' }];
    });
  },
};

const electron: RuleImpl = {
  id: 'javascript/page-with-node-rights',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-829',
  title: 'Keep Node out of the pages of Electron',
  rationale:
    'With `nodeIntegration: true`, or without `contextIsolation`, a script in the page has the rights of the program: one cross-site scripting flaw runs programs on the machine of the user. A preload script with `contextBridge` gives the page what it needs. The pages depend on what they have today, so this is reported only; the defaults, other objects and values under a condition are left alone.',
  fixable: false,
  trigger: /nodeIntegration|contextIsolation|webSecurity/,
  example: {
    path: 'src/window.js',
    before:
      "const { BrowserWindow } = require('electron');\n\nnew BrowserWindow({ webPreferences: { nodeIntegration: true } });\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const { BrowserWindow } = require('electron');\n\nnew BrowserWindow({ webPreferences: { contextIsolation: true } });\n",
    },
    { path: 'src/b.js', text: 'settings({ webPreferences: { nodeIntegration: false } });\n' },
    { path: 'src/c.js', text: 'describe({ nodeIntegration: true });\n' },
  ],
  async find(_file, context) {
    return nodesOf(await context.tree(), 'pair').flatMap((pair): Match[] => {
      const preferences = keyOf(pair) === 'webPreferences' ? pair.field('value') : null;
      const bad = preferences?.is('object') ? preferences.children().filter(opensNode) : [];
      const [first] = bad;
      if (!first || isConditional(pair)) return [];
      return [{ ...span(first), message: 'A script in the page has the rights of the program.' }];
    });
  },
};

function opensNode(pair: Node): boolean {
  return (
    pair.is('pair') &&
    /^["']?(nodeIntegration["']?\s*:\s*true|(contextIsolation|webSecurity)["']?\s*:\s*false)$/.test(pair.text())
  );
}

export const browserRules: readonly RuleImpl[] = [
  openedWindow,
  anyOrigin,
  textLater,
  requestedCode,
  requestedPattern,
  electron,
];
