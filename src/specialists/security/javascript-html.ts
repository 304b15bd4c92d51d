// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Text that becomes HTML. Rule: values are escaped where their names say that they are text, sanitised where the file has a
 * sanitizer, and reported elsewhere; what is safe to show depends on where the text comes from.
 */
import {
  bindingsOf,
  type Call,
  callsOf,
  FOR_DEVELOPMENT,
  isLiteral,
  keyOf,
  piecesOf,
  SCRIPT,
  writtenValue,
} from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { escapedIn, escaper, sanitizerOf } from './javascript-escape.ts';
import { isNumeric } from './javascript-numbers.ts';
import { functionText, isAsked } from './javascript-request.ts';

/** The text went through something that escapes or checks it, comes from other HTML, or is data for a script tag. */
const TREATED =
  /saniti[sz]e|purify|escape|encode|trusted|JSON\.stringify|innerHTML|outerHTML|textContent|\bt\(|i18n|highlight|svg|__html/i;

function isHarmless(given: Node): boolean {
  const node = given.is('parenthesized_expression') ? (given.child(1) ?? given) : given;
  const text = node.text();
  // Escaped where it got its name.
  if (
    node.is('identifier') &&
    /^(\w+\.)*escape\w*\(|\? *(\w+\.)*escape\w*\([^()]*\) *: *(''|"")$/.test(writtenValue(node).text())
  )
    return true;
  if (isLiteral(node) || TREATED.test(text) || /^[A-Z][A-Z0-9_.]*$/.test(text)) return true;
  if (isOwnHtml(node) || isNumeric(node)) return true;
  const pieces = piecesOf(node);
  if (pieces.length > 0)
    return pieces.every((piece) => piece.text !== null || isHarmless(piece.node) || isCount(piece.node));
  if (!node.is('ternary_expression')) return false;
  return [node.field('consequence'), node.field('alternative')].every((branch) => !branch || isHarmless(branch));
}

/** What stands in the page already, and a translation of what is written here. */
function isOwnHtml(node: Node): boolean {
  const call = node.is('await_expression') ? (node.child(1) ?? node) : node;
  if (!call.is('call_expression')) return false;
  const given = call.field('arguments')?.namedChildren() ?? [];
  const callee = call.field('function')?.text() ?? '';
  if (/\.html$/.test(callee)) return given.length === 0;
  return /(^|\.)(translate|gettext|compile)$/.test(callee) && given.length > 0 && given.every((one) => isLiteral(one));
}

/** Dates and numbers as text of a language. */
const FORMATTED =
  /\.(toLocale(Date|Time)String|toISOString)\([^()]*\)$|^new Intl\.(NumberFormat|DateTimeFormat)\([^()]*\)\.format\([^()]*\)$/;

/** A number or a date; how many there are of what does not come from a request. */
function isCount(node: Node): boolean {
  const counted = node.is('member_expression') && /^(length|size)$/.test(node.field('property')?.text() ?? '');
  const object = counted ? node.field('object') : null;
  return isNumeric(node) || FORMATTED.test(node.text()) || (!!object && !isAsked(object));
}

/** Names of what is no HTML: what somebody is called, an address, what somebody searches for. */
const PLAIN = /^([\w$]+\.)*(name|(user|first|last|display|full)_?[nN]ame|username|email|query|searchTerm|term)$/;

/** Parts of the address of the page: nobody who means well writes HTML there. */
const FROM_ADDRESS =
  /^(window\.|document\.)?location\.(hash|search|pathname|href)\b|^document\.referrer$|\bsearchParams\.get\(/;

const unescapedHtml: RuleImpl = {
  id: 'javascript/unescaped-html',
  languages: SCRIPT,
  severity: 'medium',
  cwe: 'CWE-79',
  title: 'Do not put values into a page as HTML',
  rationale:
    'A value that is set as HTML may bring its own script. `textContent` shows it as text; HTML that is meant needs a sanitizer. The first is written where the value is called a name, an email or a search, and values that are called so, or come from the address of the page, are escaped where they stand between tags; the second where the file imports DOMPurify or sanitize-html already. Elsewhere which of the two is meant is not written in the source, so it is reported only. Literals, constants, data made by JSON.stringify, and values whose expression names a sanitizer or escape are left alone.',
  fixable: true,
  aliases: [
    'no-unsanitized/property',
    'no-unsanitized/method',
    'react/no-danger',
    'lint/security/noDangerouslySetInnerHtml',
  ],
  trigger: /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\.html\(/,
  example: { path: 'src/page.js', before: 'box.innerHTML = user.name;\n', after: 'box.textContent = user.name;\n' },
  lookAlikes: [
    { path: 'src/a.js', text: "box.innerHTML = '';\nbox.innerHTML = `<p>fixed</p>`;\n" },
    { path: 'src/b.js', text: 'box.innerHTML = DOMPurify.sanitize(user.bio);\n' },
    {
      path: 'src/c.js',
      text: 'box.innerHTML = value.__html;\nconst html = box.innerHTML;\nif (box.innerHTML === user.name) stop();\n',
    },
    { path: 'src/d.js', text: 'box.textContent = user.name;\nstream.write(user.name);\n' },
    {
      path: 'src/e.jsx',
      text: 'const data = <script dangerouslySetInnerHTML={{ __html: JSON.stringify(schema) }} />;\n',
    },
    {
      path: 'src/i.js',
      text: "const html = $('#box').html();\n$('#box').html('<p>fixed</p>');\npage.html(name);\n$('#box').html(render(name));\n",
    },
    { path: 'examples/g.js', text: 'box.innerHTML = latency;\n' },
    {
      path: 'src/j.js',
      text: 'function show(o) {\n  const title = helpers.escape(o.title);\n  const icon = o.icon ? helpers.escape(o.icon) : "";\n  box.innerHTML = "<a>" + (icon ? `<i class="${icon}"></i>` : "") + title + "</a>";\n}\n',
    },
    {
      path: 'src/i.js',
      text: "box.innerHTML = $(row).find('.list').html();\nbox.innerHTML = await translate(`<td>[[none]]</td>`);\n",
    },
    {
      path: 'src/m.ts',
      text: "import DOMPurify from 'dompurify';\n\nfunction show(items: string[]) {\n  const total: number = sum(items);\n  let count = 0;\n  box.innerHTML = count;\n  box.innerHTML = `<b>${String(total)}</b>`;\n  items.forEach((_, index) => (box.innerHTML = `<b>${index}</b>`));\n}\n",
    },
    { path: 'src/f.js', text: "box.innerHTML = open ? '<b>open</b>' : '<b>closed</b>';\n" },
    { path: 'src/h.ts', text: 'function show(count: number) {\n  box.innerHTML = `<b>${count}</b>`;\n}\n' },
    {
      path: 'src/l.js',
      text: "box.innerHTML = `<b>${chosen.size} on ${date.toLocaleDateString()} for ${new Intl.NumberFormat('de').format(total)}</b>`;\n",
    },
    {
      path: 'src/k.ts',
      text: 'function show(rows: string[], price: number) {\n  box.innerHTML = `<b>${rows.length}</b>`;\n  box.innerHTML = `<b>${price.toFixed(2)}</b> ${new Date().getFullYear()}`;\n  box.innerHTML += `<b>${Math.round(price)} ${price * 2}</b>`;\n}\n',
    },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const set = [...nodesOf(root, 'assignment_expression'), ...nodesOf(root, 'augmented_assignment_expression')].filter(
      (node) => /^(innerHTML|outerHTML)$/.test(node.field('left')?.field('property')?.text() ?? ''),
    );
    const calls = callsOf(root, new Map()).filter(
      (call) =>
        call.method === 'insertAdjacentHTML' ||
        isJquery(call) ||
        /^(window\.)?document\.write(ln)?$/.test(call.callee.text()),
    );
    const pairs = nodesOf(root, 'pair').filter(
      (pair) =>
        keyOf(pair) === '__html' && enclosing(pair, ['jsx_attribute'])?.text().startsWith('dangerouslySetInnerHTML'),
    );
    const sinks = [
      ...set.map((node) => ({ node, value: node.field('right') })),
      ...calls.map((call) => ({ node: call.node, value: call.args.at(-1) ?? null })),
      ...pairs.map((node) => ({ node, value: node.field('value') })),
    ];
    return sinks.flatMap(({ node, value }): Match[] => {
      if (!value || isHarmless(value)) return [];
      const property = node.field('left')?.field('property');
      const plain = node.is('assignment_expression') && property?.text() === 'innerHTML' && PLAIN.test(value.text());
      const words = node.is('assignment_expression') && property?.text() === 'innerHTML' && isWords(value);
      const edits =
        (plain || words) && property
          ? [{ ...span(property), text: 'textContent' }]
          : cleaned(root, node, value, file.language);
      return [{ ...span(node), message: 'The value becomes HTML and may bring its own script.', edits }];
    });
  },
};

/** `$('#box').html(value)`, which is `innerHTML` by another name. */
const isJquery = (call: Call) =>
  call.method === 'html' &&
  call.args.length === 1 &&
  /^(\$|jQuery)\(/.test(call.receiver?.text() ?? '') &&
  (piecesOf(call.args[0] as Node).length > 0 || /\blocation\.(hash|search|href)\b/.test(call.args[0]?.text() ?? ''));

/** Words without a tag around what comes from the address of the page: they look the same as text. */
function isWords(value: Node): boolean {
  const pieces = piecesOf(value);
  return (
    pieces.length > 0 &&
    pieces.every((piece) =>
      piece.text !== null ? !/[<&\\]/.test(piece.text) : PLAIN.test(piece.node.text()) || isFromAddress(piece.node),
    )
  );
}

/** `location.hash`, `document.referrer`, and `params.get('name')` of the query of the page. */
function isFromAddress(node: Node): boolean {
  if (FROM_ADDRESS.test(node.text())) return true;
  const object = node.field('function')?.field('object');
  const made = object?.is('identifier') ? writtenValue(object).text() : '';
  return /\.get\($/.test(`${node.field('function')?.text() ?? ''}(`) && /^new URLSearchParams\(/.test(made);
}

/** What a sanitizer would take out although it is meant: parts of tables, forms in other windows, frames, own elements. */
const KEPT_OUT = /<(t[rdh]|tbody|thead|option|script|style|iframe|link|meta|svg|\w+-\w*)\b|\son\w+=|target=/i;

/** The value through the sanitizer of the file, or with an escape around each part that is called a text. */
function cleaned(root: Node, sink: Node, value: Node, language: string): TextEdit[] {
  const pieces = piecesOf(value);
  const sanitizer = sanitizerOf(bindingsOf(root));
  if (sanitizer && !sink.text().startsWith('document.write') && !KEPT_OUT.test(value.text()))
    return [{ ...span(value), text: `${sanitizer}(${value.text()})` }];
  const open = pieces.flatMap((piece) => (piece.text === null && !isHarmless(piece.node) ? [piece.node] : []));
  if (open.length === 0 || !open.every((one) => PLAIN.test(one.text()) || isFromAddress(one))) return [];
  const found = escaper(root, language === 'typescript');
  const edits = found ? escapedIn(pieces, open, found.call) : [];
  return found && edits.length > 0 ? [...edits, ...found.edits] : [];
}

/** The answer says itself that it is no page. */
const NO_PAGE = /\.(type|contentType)\(|content-?type|\.json\(|attachment\(/i;

const reflectedInput: RuleImpl = {
  id: 'javascript/reflected-input',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-79',
  title: 'Escape request values in HTML answers',
  rationale:
    'A value of the request that is sent back inside HTML runs as script in the browser of whoever follows a prepared link; `res.send` of a text is HTML even without a tag. A text without any tag is sent as text, which looks the same; between tags, and in attributes that hold text, the value is escaped, by the function that the file imports for that or by one of its own; in scripts, addresses and handlers another escape is right, so there it is reported only. Answers as JSON or with a type of their own, and values that are escaped or encoded are left alone.',
  fixable: true,
  trigger: /\b(query|params|body|searchParams|param)\b/,
  example: {
    path: 'src/hello.js',
    before: "app.get('/hello', (req, res) => res.send(`Hello ${req.query.name}`));\n",
    after: "app.get('/hello', (req, res) => res.type('text').send(`Hello ${req.query.name}`));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "app.get('/hello', (req, res) => res.json({ name: req.query.name }));\n" },
    { path: 'src/b.js', text: 'res.send(`<h1>Hello ${escapeHtml(req.query.name)}</h1>`);\n' },
    { path: 'src/c.js', text: 'log.send(`request for ${req.params.id}`);\n' },
    { path: 'src/d.js', text: 'res.send(`<h1>Hello ${user.name}</h1>`);\n' },
    { path: 'src/e.js', text: "app.get('/a', (req, res) => res.type('txt').send('no ' + req.query.name));\n" },
    { path: 'src/f.js', text: "app.get('/a', (req, res) => res.status(404).send(`no ${Number(req.params.id)}`));\n" },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const root = await context.tree();
    const sent = callsOf(root, new Map()).flatMap((call) => {
      const [given] = call.args;
      return /^(send|end|write|html)$/.test(call.method) && call.receiver && given
        ? [{ node: call.node, call, given }]
        : [];
    });
    const set = nodesOf(root, 'assignment_expression').flatMap((node) => {
      const given = /^(ctx|context)\.(response\.)?body$/.test(node.field('left')?.text() ?? '')
        ? node.field('right')
        : null;
      return given ? [{ node, call: null, given }] : [];
    });
    return [...sent, ...set].flatMap(({ node, call, given }): Match[] => {
      const pieces = piecesOf(writtenValue(given));
      const html = pieces.some((piece) => /<[a-z/]/i.test(piece.text ?? ''));
      const page = call?.method === 'send' && /^(res|response)(\.status\([^()]*\))?$/.test(call.receiver?.text() ?? '');
      if (!html && (!page || NO_PAGE.test(functionText(node)))) return [];
      const values = pieces.flatMap((piece) =>
        piece.text === null && isAsked(piece.node, { text: true }) ? [piece.node] : [],
      );
      if (values.length === 0) return [];
      const property = html || !call ? null : call.callee.field('property');
      const found = html ? escaper(root, file.language === 'typescript') : null;
      const put = found ? escapedIn(pieces, values, found.call) : [];
      const edits = property
        ? [{ ...span(property), text: "type('text').send" }]
        : put.length > 0
          ? [...put, ...(found?.edits ?? [])]
          : [];
      return [{ ...span(node), message: 'A value of the request is sent back as HTML.', edits }];
    });
  },
};

export const htmlRules: readonly RuleImpl[] = [unescapedHtml, reflectedInput];
