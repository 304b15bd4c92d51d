// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples of the rules are code.
/**
 * Predictable randomness in secrets. Rule: an edit only where crypto draws from the same range or the length was never fixed,
 * and the file certainly runs on Node; another bounded length is somebody's contract and is reported.
 */
import { type Binding, bindingsOf, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

/** Names of values that nobody should guess. */
const SENSITIVE =
  /(^|[a-z_$])([tT]oken|[sS]ecret|[pP]assw(or)?d|[sS]ession_?I[dD]|[aA]pi_?[kK]ey|[nN]once|[cC]srf|[xX]srf|[oO][tT][pP]([cC]ode)?|[rR]eset_?[cC]ode|[aA]uth_?[kK]ey)$|^(TOKEN|SECRET|API_?KEY)$/;
/** What a signed request carries so that no two are alike: nobody has to be kept from guessing it. */
const ONCE = /^(signature|oauth|request)_?nonce$/i;
/** A function that makes such a value. */
const MAKER =
  /^(generate|create|make|new|get|random|gen)_?\w*(Token|Secret|Passw(or)?d|SessionI[dD]|ApiKey|Nonce|Otp)$/;
/** Modules that exist on the server only. */
const SERVER =
  /^(fs|fs\/promises|http|https|http2|net|tls|child_process|os|cluster|crypto|worker_threads|dgram|dns|readline|express|koa|fastify)$/;
/** What may stand around Math.random() while a text is made of it. */
const AROUND =
  /^((Math\.)?(floor|round|ceil|trunc)|Array\.from|String|Number|parseInt|.*\.(charAt|at|toString|slice|substr|substring|concat|padStart))$/s;

/** Name of what the value becomes, when that is a secret. */
function sensitiveName(random: Node): string | null {
  for (const node of random.ancestors()) {
    const kind = String(node.kind());
    if (kind === 'arguments' && !AROUND.test(node.parent()?.field('function')?.text() ?? '')) return null;
    if (/^(statement_block|class_body|program|if_statement|for_statement)$/.test(kind)) return null;
    if (kind === 'return_statement') return makerName(node);
    const named = {
      variable_declarator: 'name',
      assignment_expression: 'left',
      augmented_assignment_expression: 'left',
    }[kind];
    const target = named ? node.field(named) : kind === 'pair' ? node.field('key') : null;
    if (!target) continue;
    const name = (target.is('member_expression') ? target.field('property')?.text() : target.text()) ?? '';
    return (SENSITIVE.test(name) || MAKER.test(name)) && !ONCE.test(name) ? name : null;
  }
  return null;
}

function makerName(statement: Node): string | null {
  const kinds = /^(function_declaration|method_definition|arrow_function|function_expression)$/;
  const maker = statement.ancestors().find((node) => kinds.test(String(node.kind())));
  const holder = maker?.parent();
  const name =
    (maker?.field('name') ?? (holder?.is('variable_declarator') ? holder.field('name') : null))?.text() ?? '';
  return SENSITIVE.test(name) || MAKER.test(name) ? name : null;
}

/** `Math.random().toString(36).slice(2)` as a whole value: the node that the edit replaces. */
function wholeValue(random: Node): Node | null {
  const value = random
    .ancestors()
    .find((node) => node.is('call_expression') && /\.(slice|substr|substring)\(2\)$/.test(node.text()));
  if (!value || !/^Math\.random\(\)\.toString\((36|16)\)\.(slice|substr|substring)\(2\)$/.test(value.text()))
    return null;
  const holder = value.parent();
  return holder &&
    /^(variable_declarator|assignment_expression|pair|return_statement|arrow_function)$/.test(String(holder.kind()))
    ? value
    : null;
}

/** `Math.floor(Math.random() * n)` for a whole number: `randomInt(n)` draws from the same range. */
function wholeNumber(random: Node): { node: Node; limit: string } | null {
  const product = random.parent();
  const call = product?.parent()?.parent();
  const limit = product?.is('binary_expression') ? product.field('right') : null;
  if (!call?.is('call_expression') || call.field('function')?.text() !== 'Math.floor' || !limit) return null;
  if (product?.field('operator')?.text() !== '*' || product.field('left')?.id() !== random.id()) return null;
  return /^[1-9]\d*$|^[\w$.]+\.length$/.test(limit.text()) ? { node: call, limit: limit.text() } : null;
}

/** How this file reaches a function of crypto, with the edit that imports it; null when that is not certain. */
function reachedCrypto(
  wanted: string,
  root: Node,
  text: string,
  bindings: ReadonlyMap<string, Binding>,
  early: ReadonlySet<string>,
): { call: string; edits: TextEdit[] } | null {
  for (const [local, { module, name }] of bindings) {
    if (module !== 'crypto') continue;
    // Bound somewhere below: reading it here could come too early, and binding the name again would clash.
    if (!early.has(local)) return null;
    if (name === '*') return { call: `${local}.${wanted}`, edits: [] };
    if (name === wanted) return { call: local, edits: [] };
  }
  const onServer = [...bindings.values()].some((binding) => SERVER.test(binding.module));
  if (!onServer || new RegExp(`\\b${wanted}\\b`).test(text)) return null;
  const edit = importEdit(root, text, wanted);
  return edit && { call: wanted, edits: [edit] };
}

/** Statements that only bind what other modules give, before the file does anything else. */
function leadingRequires(root: Node): Node[] {
  const requires: Node[] = [];
  for (const node of root.children()) {
    if (/^(comment|hash_bang_line|import_statement)$/.test(String(node.kind())) || /^['"]use /.test(node.text()))
      continue;
    const binds =
      /_declaration$/.test(String(node.kind())) && /=\s*require\(['"][^'"]+['"]\)(\.\w+)?;?$/.test(node.text());
    if (!binds) break;
    requires.push(node);
  }
  return requires;
}

/** Names that have their value before any other code of the file runs: imports, and requires at its head. */
function earlyNames(root: Node): Set<string> {
  const declared = leadingRequires(root).flatMap((node) => [...bindingsOf(node).keys()]);
  const imported = nodesOf(root, 'import_statement').flatMap((node) =>
    nodesOf(node, 'identifier').map((name) => name.text()),
  );
  return new Set([...declared, ...imported]);
}

/** Adds a line behind the last import (or the last require at the head of the file), in the manner of that line. */
function importEdit(root: Node, text: string, wanted: string): TextEdit | null {
  const imports = root.children().filter((node) => node.is('import_statement') && node.field('source'));
  const last = imports.at(-1) ?? leadingRequires(root).at(-1);
  if (!last) return null;
  const like = last.text();
  const quote = like.includes('"') ? '"' : "'";
  const module = `${quote}${/['"]node:/.test(text) ? 'node:' : ''}crypto${quote}`;
  const line = last.is('import_statement')
    ? `import { ${wanted} } from ${module}`
    : `${/^\w+/.exec(like)?.[0] === 'var' ? 'var' : 'const'} { ${wanted} } = require(${module})`;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const { end } = span(last);
  return { start: end, end, text: `${newline}${line}${like.endsWith(';') ? ';' : ''}` };
}

export const predictableSecret: RuleImpl = {
  id: 'javascript/predictable-secret',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-338',
  title: 'Make secrets with crypto, not Math.random',
  rationale:
    'The numbers of Math.random can be computed from a few earlier ones, and so can every token made of them. `randomBytes(16).toString("hex")` is a text of letters and digits too, with 128 bits that nobody can predict. It is put in where the whole value is `Math.random().toString(36).slice(2)`, whose length was never fixed; `randomInt(n)` takes the place of `Math.floor(Math.random() * n)` and draws from the same range. Both need a file that imports modules of the server; other values, and code for browsers, are reported. Random numbers that are not named as a secret are left alone.',
  fixable: true,
  aliases: ['security/detect-pseudoRandomBytes'],
  trigger: /Math\.random/,
  example: {
    path: 'src/session.js',
    before: "const http = require('http');\n\nconst token = Math.random().toString(36).slice(2);\n",
    after:
      "const http = require('http');\nconst { randomBytes } = require('crypto');\n\nconst token = randomBytes(16).toString('hex');\n",
  },
  lookAlikes: [
    { path: 'src/once.js', text: 'const query = { SignatureNonce: Math.random().toString() };\n' },
    {
      path: 'src/a.js',
      text: 'const delay = Math.random() * 1000;\nsetTimeout(refreshToken, Math.random() * 1000);\n',
    },
    { path: 'src/b.js', text: 'const token = pick(tokens, Math.random());\n' },
    {
      path: 'src/c.js',
      text: 'const id = Math.random().toString(36).slice(2);\nconst tokenCount = Math.floor(Math.random() * 10);\n',
    },
    {
      path: 'src/d.js',
      text: 'function refreshToken() {\n  const wait = Math.random() * 10;\n  return fetchToken(wait);\n}\n',
    },
  ],
  async find(file, context) {
    const root = await context.tree();
    const randoms = nodesOf(root, 'call_expression').filter((node) => node.text() === 'Math.random()');
    const bindings = bindingsOf(root);
    const early = earlyNames(root);
    const seen = new Set<number>();
    return randoms.flatMap((random): Match[] => {
      if (sensitiveName(random) === null) return [];
      const statement =
        random.ancestors().find((node) => /(_statement|_declaration|pair)$/.test(String(node.kind()))) ?? random;
      if (seen.has(statement.id())) return [];
      seen.add(statement.id());
      const value = wholeValue(random);
      const alone = statement.text().split('Math.random()').length === 2;
      const number = value || !alone ? null : wholeNumber(random);
      const wanted = value ? 'randomBytes' : number ? 'randomInt' : null;
      const source = wanted ? reachedCrypto(wanted, root, file.text, bindings, early) : null;
      const quote = /require\("|from "/.test(file.text) ? '"' : "'";
      const text = `${source?.call}(16).toString(${quote}hex${quote})`;
      const edits = !source
        ? []
        : value
          ? [{ ...span(value), text }, ...source.edits]
          : number
            ? [{ ...span(number.node), text: `${source.call}(${number.limit})` }, ...source.edits]
            : [];
      return [{ ...span(random), message: 'A secret is made of numbers that can be predicted.', edits }];
    });
  },
};
