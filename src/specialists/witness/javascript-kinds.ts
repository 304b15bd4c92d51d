// biome-ignore-all lint/suspicious/noTemplateCurlyInString: parts of the programs are text.
/** What a bad input is for each JavaScript rule, and how its effect is seen. Rule: as for Python. */
import { argumentsOf, piecesOf, writtenValue } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import { nodesOf } from '../structural.ts';
import { type JavascriptParts, type Roots, rootsOf } from './javascript-program.ts';
import { type JavascriptSubject, overlaps } from './javascript-target.ts';

export type Kind = (subject: JavascriptSubject) => JavascriptParts | null;

const MARKER = "const MARKER = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'witness-')), 'marker');";
const HANDLERS = `
function observe(name, args) {
  handedIn(name, args);
}`;

function place({ function: own, path }: JavascriptSubject, roots: Roots | null): string {
  const carrier = [...(roots?.parameters ?? []), ...(roots?.attributes ?? [])][0];
  return carrier === undefined ? (own?.name ?? path) : `${own?.name}: ${carrier}`;
}

/** First argument of the last overlapping call of such a name. */
function givenTo(subject: JavascriptSubject, methods: RegExp): Node | null {
  return subject.calls.findLast(({ method, args }) => methods.test(method) && args[0])?.args[0] ?? null;
}

const sql: Kind = (subject) => {
  const query = givenTo(subject, /^(query|execute|exec|raw|prepare|all|get|run|each)$/);
  const pieces = query ? piecesOf(writtenValue(query)) : [];
  const roots = query && rootsOf(subject, [query]);
  const before = pieces[0]?.text;
  const hole = pieces.findIndex((piece) => piece.text === null);
  if (!roots || before == null || hole < 1) return null;
  const quoted = /['"][%_]*$/.test(pieces[hole - 1]?.text ?? '');
  const payload = quoted ? "x' OR '1'='1" : '0 OR 1=1';
  const effect = /^\s*(select|delete|update)\b/i.test(before) ? 'reaches every row' : 'changes the statement';
  const first = before
    .replaceAll(/\\n|\s+/g, ' ')
    .trim()
    .replace(/['"]$/, '')
    .trimEnd();
  return {
    title: `${place(subject, roots)} = ${JSON.stringify(payload)} ${effect}`,
    roots,
    setup: `
const PAYLOAD = ${JSON.stringify(payload)};
const PLACE = ${JSON.stringify(first)};

function observe(name, args) {
  handedIn(name, args);
  if (!/\\.(query|execute|exec|raw|prepare|all|get|run|each)$/.test(name)) return;
  const [query, ...others] = args;
  const text = String(typeof query === 'string' ? query : (query?.text ?? query?.sql)).split(/\\s+/).join(' ').trim();
  if (!text.startsWith(PLACE)) return;
  if (text.includes(PAYLOAD)) verdict('exploited');
  const apart = JSON.stringify([query?.values, others.filter((one) => typeof one !== 'function')]);
  if (apart.includes(PAYLOAD) || text.includes(PAYLOAD.replaceAll("'", "''"))) verdict('refused');
}`,
    judge: '',
  };
};

const tls: Kind = (subject) => ({
  title: `${place(subject, null)}: the server may show any certificate`,
  roots: null,
  setup: `
const told = [];
const PAYLOAD = 'outside';

function look(value, depth) {
  if (value === null || typeof value !== 'object' || depth < 0) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'rejectUnauthorized' || key === 'strictSSL') told.push(inner);
    else look(inner, depth - 1);
  }
}

function observe(name, args) {
  handedIn(name, args);
  for (const one of args) look(one, 3);
}

const https = require('node:https');
for (const [module, names] of [[https, ['request', 'get']], [require('node:tls'), ['connect']]])
  for (const name of names) module[name] = stub(name);
const { Agent } = https;
https.Agent = class extends Agent {
  constructor(options) {
    look(options, 3);
    super(options);
  }
};
https.globalAgent.options.rejectUnauthorized = undefined;
Module.syncBuiltinESMExports();`,
  judge: `
told.push(https.globalAgent.options.rejectUnauthorized);
if (told.includes(false)) verdict('exploited');
if (told.includes(true)) verdict('refused');`,
});

const random: Kind = (subject) => {
  const name = subject.function === null ? declaredName(subject) : null;
  if (subject.function === null && name === null) return null;
  return {
    title: `${place(subject, null)}: whoever knows the state of Math.random knows ${name ?? 'what it returns'}`,
    roots: null,
    ...(name === null ? {} : { value: name }),
    repeated: true,
    setup: `
const PAYLOAD = 'outside';
${HANDLERS.trim()}

async function drawn(seed) {
  let state = seed;
  Math.random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  const { returned } = await attempt(run);
  return ['string', 'number'].includes(typeof returned) ? returned : undefined;
}`,
    judge: `
const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
if (first !== undefined && again !== undefined && first !== again) verdict('refused');
if (first !== undefined && first === again && first !== other) verdict('exploited');`,
  };
};

/** The module's variable that the finding's line declares. */
function declaredName({ root, lines }: JavascriptSubject): string | null {
  const found = nodesOf(root, 'variable_declarator').find((node) => overlaps(node, lines));
  const name = found?.field('name');
  return name?.is('identifier') ? name.text() : null;
}

const cookie: Kind = (subject) => ({
  title: `${place(subject, null)}: a script of the page reads the cookie of the session`,
  roots: null,
  setup: `
const told = [];
const PAYLOAD = 'outside';

function observe(name, args) {
  handedIn(name, args);
  for (const one of args) {
    const options = one?.cookie ?? one;
    if (options !== null && typeof options === 'object' && 'httpOnly' in options) told.push(options.httpOnly);
  }
}`,
  judge: `
if (told.includes(false)) verdict('exploited');
if (told.includes(true)) verdict('refused');`,
});

const shell: Kind = (subject) => {
  const command = givenTo(subject, /^exec(Sync)?$/);
  const roots = command && rootsOf(subject, [command]);
  if (!roots || !command) return null;
  const pieces = piecesOf(writtenValue(command));
  const hole = pieces.findIndex((piece) => piece.text === null);
  const open = /['"]$/.exec(pieces[hole - 1]?.text ?? '')?.[0] ?? '';
  return {
    title: `${place(subject, roots)} = ${JSON.stringify(`x${open}; …`)} starts a second command`,
    roots,
    setup: `
${MARKER}
const PAYLOAD = ${JSON.stringify(`x${open}; mkdir `)} + MARKER + ${JSON.stringify(`; echo ${open}`)};
const programs = require('node:child_process');
const { spawnSync } = programs;
${HANDLERS.trim()}

for (const name of ['exec', 'execSync', 'execFile', 'execFileSync', 'spawn', 'spawnSync'])
  programs[name] = (command, ...rest) => {
    const shell = /^exec(Sync)?$/.test(name) || rest.some((one) => one?.shell);
    if (!JSON.stringify([command, rest[0] ?? null]).includes(MARKER)) return stub(name);
    if (shell) spawnSync('sh', ['-c', command], { stdio: 'ignore', timeout: 10_000 });
    return verdict(fs.existsSync(MARKER) ? 'exploited' : 'refused');
  };
Module.syncBuiltinESMExports();`,
    judge: '',
  };
};

const code: Kind = (subject) => {
  const made = nodesOf(subject.root, 'new_expression').filter((node) => overlaps(node, subject.lines));
  const given = [...made.flatMap((node) => argumentsOf(node)), ...subject.calls.flatMap(({ args }) => args)];
  const roots = rootsOf(subject, given);
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "globalThis.…" is run`,
    roots,
    setup: `const PAYLOAD = '(globalThis.ambientRan = 1)';\n${HANDLERS}`,
    judge: `
if (typeof came.returned === 'function') await attempt(() => came.returned(stub('given')));
verdict(globalThis.ambientRan === 1 ? 'exploited' : 'refused');`,
  };
};

const file: Kind = (subject) => {
  const roots = rootsOf(
    subject,
    subject.calls.flatMap(({ args }) => args),
  );
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "../../…" leaves the folder`,
    roots,
    setup: `
${MARKER}
fs.writeFileSync(MARKER, '');
const PAYLOAD = '../'.repeat(24) + MARKER.slice(1);

function reached(value) {
  if (typeof value === 'string' && path.resolve(TOP, value) === MARKER) verdict('exploited');
}

function observe(name, args) {
  handedIn(name, args);
  if (!args.some((one) => one !== null && typeof one === 'object' && 'root' in one)) args.forEach(reached);
}

function watch() {
  for (const module of [fs, fs.promises])
    for (const [name, real] of Object.entries(module))
      if (typeof real === 'function' && /^[a-z]/.test(name))
        module[name] = (...args) => {
          reached(args[0]);
          return real.apply(module, args);
        };
  Module.syncBuiltinESMExports();
}

watch();`,
    judge: "verdict('refused');",
  };
};

const html: Kind = (subject) => {
  const roots = rootsOf(
    subject,
    subject.calls.flatMap(({ args }) => args),
  );
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "<script>…" becomes part of the page`,
    roots,
    setup: `
const PAYLOAD = '<script>alert(1)</script>';
const answers = [];

function observe(name, args) {
  handedIn(name, args);
  if (/\\.(send|end|write|html)$/.test(name) && typeof args[0] === 'string') answers.push(args[0]);
}`,
    judge: `
if (typeof came.returned === 'string') answers.push(came.returned);
if (answers.length > 0) verdict(answers.some((one) => one.includes(PAYLOAD)) ? 'exploited' : 'refused');`,
  };
};

const redirect: Kind = (subject) => {
  const roots = rootsOf(
    subject,
    subject.calls.flatMap(({ args }) => args),
  );
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "https://other.example/" sends the browser there`,
    roots,
    setup: `
const PAYLOAD = 'https://other.example/';

function observe(name, args) {
  handedIn(name, args);
  if (/\\.redirect$/.test(name)) verdict(String(args.at(-1)).startsWith(PAYLOAD) ? 'exploited' : 'refused');
}`,
    judge: "verdict('refused');",
  };
};

export const javascriptKinds: Readonly<Record<string, Kind>> = {
  'javascript/sql-from-values': sql,
  'javascript/tls-certificate-check-off': tls,
  'javascript/predictable-secret': random,
  'javascript/script-readable-cookie': cookie,
  'javascript/shell-injection': shell,
  'javascript/dynamic-code': code,
  'javascript/path-from-request': file,
  'javascript/reflected-input': html,
  'javascript/open-redirect': redirect,
};
