/** Paths that a request chooses. Rule: an edit only where the folder that is meant stands beside the name. */
import { argumentsOf, callsOf, piecesOf, SCRIPT, writtenValue } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';
import { contained } from './javascript-contained.ts';
import { functionText, isAsked } from './javascript-request.ts';

/** Somebody looks at where the path leads, or takes its folders away. */
const CHECKED =
  /startsWith\(|\.relative\(|basename|sanitize|normalize|isInside|isSafe|safe[A-Z]|includes\(['"`]\.\.|indexOf\(['"`]\.\.|\.replace\(/;

const pathFromRequest: RuleImpl = {
  id: 'javascript/path-from-request',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-22',
  title: 'Keep requested paths inside their folder',
  rationale:
    'A path with `..` from a request reaches files outside of the folder that is meant. `sendFile` of Express with a `root` refuses to leave it, and is written where the folder is joined right there; what else opens a path that is joined to a constant folder is refused with a 404 when the path leaves it, in handlers of Express, Fastify, Koa and Node itself. Elsewhere this is reported only. Paths reduced by `basename`, `sendFile` with a `root`, and values that do not come straight from the request are left alone.',
  fixable: true,
  aliases: ['security/detect-non-literal-fs-filename'],
  trigger: /readFile|createReadStream|createWriteStream|writeFile|unlink|readdir|\brm(Sync)?\(|sendFile|download/,
  example: {
    path: 'src/files.js',
    before: "app.get('/file', (req, res) => res.sendFile(path.join(FOLDER, req.query.name)));\n",
    after: "app.get('/file', (req, res) => res.sendFile(req.query.name, { root: FOLDER }));\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "app.get('/file/:name', (req, res) => res.sendFile(req.params.name, { root: folder }));\n",
    },
    { path: 'src/b.js', text: 'fs.readFile(path.join(folder, path.basename(req.query.name)), done);\n' },
    { path: 'src/c.js', text: 'fs.writeFile(file, JSON.stringify(req.body), done);\n' },
    { path: 'src/d.js', text: 'res.sendFile(path.join(folder, "index.html"));\n' },
    {
      path: 'src/e.js',
      text: "app.get('/f', (req, res) => {\n  const file = path.resolve(path.join(FOLDER, req.query.name));\n  if (!file.startsWith(path.resolve(FOLDER) + path.sep)) {\n    res.sendStatus(404);\n    return;\n  }\n  fs.readFile(file, done);\n});\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const methods =
      /^(readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|unlink|unlinkSync|rm|rmSync|readdir|readdirSync|sendFile|download)$/;
    return callsOf(root, new Map()).flatMap((call): Match[] => {
      const [first, second] = call.args;
      if (!methods.test(call.method) || !first) return [];
      const served = /^(sendFile|download)$/.test(call.method);
      const path = writtenValue(first);
      const joined = /^(path\.)?(join|resolve)$/.test(path.field('function')?.text() ?? '') ? argumentsOf(path) : [];
      const parts = [path, ...joined, ...piecesOf(path).map((piece) => piece.node)];
      if (!parts.some((part) => isAsked(part, { text: true })) || CHECKED.test(functionText(call.node))) return [];
      if (served && /\broot\b/.test(second?.text() ?? '')) return [];
      return [
        {
          ...span(call.node),
          message: 'The path comes straight from the request and may contain `..`.',
          edits: served ? (call.args.length === 1 ? insideRoot(first) : []) : contained(root, first),
        },
      ];
    });
  },
};

/** `sendFile(join(folder, name))` becomes `sendFile(name, { root: folder })`, which refuses to leave the folder. */
function insideRoot(path: Node): TextEdit[] {
  const callee = path.field('function')?.text() ?? '';
  const parts = argumentsOf(path);
  const name = parts.at(-1);
  if (!/^(path\.)?join$/.test(callee) || parts.length < 2 || !name || !/^[\w.]+$/.test(name.text())) return [];
  const folder = parts.slice(0, -1).map((part) => part.text());
  const known = parts.length === 2 && /^[A-Z][A-Z0-9_]*$/.test(folder[0] ?? '');
  if (!known && folder[0] !== '__dirname') return [];
  const root = folder.length === 1 ? folder[0] : `${callee}(${folder.join(', ')})`;
  return [{ ...span(path), text: `${name.text()}, { root: ${root} }` }];
}

export const pathRules: readonly RuleImpl[] = [pathFromRequest];
