/** Paths that a request chooses. Rule: only where the request plainly reaches the path unchecked, and an edit only where the folder that is meant stands beside it. */
import { originOf } from '../python-flow.ts';
import { boundNames, type Call, type Imports, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { contained } from './python-contained.ts';
import { imported } from './python-imports.ts';
import { isAsked as isRequested, REQUEST } from './python-request.ts';

/** Something looks at where a path leads, or takes its folders away. */
const CHECKED =
  /secure_filename|safe_join|basename|realpath|commonp(ath|refix)|is_relative_to|relative_to\(|abspath|normpath|\.resolve\(|get_valid_filename|startswith|\.name\b|\bint\(|\bin\s+[A-Z_]{2,}|uuid|\.\./;
const OPENS =
  /^(flask\.send_file|django\.http\.FileResponse|starlette\.responses\.FileResponse|fastapi\.responses\.FileResponse|aiohttp\.web\.FileResponse|os\.(remove|unlink|listdir|rmdir|makedirs)|shutil\.(rmtree|copy\w*|move)|io\.open|codecs\.open)$/;

/** What opens one file, and never the folder itself. */
const ONE_FILE = /^(open|io\.open|codecs\.open|os\.(remove|unlink)|flask\.send_file|.*\.FileResponse)$/;

const pathFromRequest: RuleImpl = {
  id: 'python/path-from-request',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-22',
  title: 'Keep requested paths inside their folder',
  rationale:
    'A path with `..` from a request reaches files outside of the folder that is meant, and an absolute one leaves it at once, in `os.path.join` too. `send_from_directory`, `safe_join` or `secure_filename` keep it inside. Where a file is opened or removed whose path is joined to a folder of the program right there, a path that leaves the folder is refused as not found; the name of an upload goes through `secure_filename` where it is joined to a folder. Where no folder is in sight this is reported only. Functions that look at where the path leads, and values that do not come straight from the request, are left alone.',
  fixable: true,
  trigger: /\brequest\b|get_argument|\bfastapi\b/,
  example: {
    path: 'app/files.py',
    before:
      'import os\n\nfrom flask import request\n\n\ndef upload():\n    item = request.files["item"]\n    item.save(os.path.join(FOLDER, item.filename))\n',
    after:
      'import os\n\nfrom flask import request\nfrom werkzeug.utils import secure_filename\n\n\ndef upload():\n    item = request.files["item"]\n    item.save(os.path.join(FOLDER, secure_filename(item.filename)))\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import request, send_from_directory\n\n\ndef download():\n    return send_from_directory(FOLDER, request.args["name"])\n',
    },
    {
      path: 'app/b.py',
      text: 'from flask import request\nfrom werkzeug.utils import secure_filename\n\n\ndef read():\n    return open(secure_filename(request.args["name"])).read()\n',
    },
    {
      path: 'app/c.py',
      text: 'from flask import request\n\n\ndef save():\n    with open(PATH, "w") as stream:\n        stream.write(request.form["text"])\n',
    },
    {
      path: 'app/d.py',
      text: 'import os\n\nfrom flask import request\n\n\ndef read():\n    path = os.path.realpath(os.path.join(FOLDER, request.args["name"]))\n    if not path.startswith(FOLDER):\n        raise ValueError(path)\n    return open(path).read()\n',
    },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const own = boundNames(root).has('open') || imports.has('open');
    return calls.flatMap((call): Match[] => {
      const opens = OPENS.test(call.name ?? '') || (call.callee.text() === 'open' && !own);
      const given = call.positional[0] ?? call.keywords.get('path_or_file');
      const scope = enclosing(call.node, ['function_definition', 'module']);
      const saved = uploadOf(call);
      if (saved && !CHECKED.test((scope?.text() ?? '').replace(call.node.text(), '')))
        return [
          {
            ...span(call.node),
            message: 'The sender names the file, and may name one outside of the folder.',
            edits: secured(root, imports, call),
          },
        ];
      if (
        !opens ||
        !given ||
        !(isAsked(given, 3) || isHandlerName(given, imports)) ||
        CHECKED.test(scope?.text() ?? '')
      )
        return [];
      const edits = ONE_FILE.test(call.name ?? call.callee.text()) ? contained(root, imports, call, given) : [];
      return [
        { ...span(call.node), message: 'The path comes from the request and may lead out of its folder.', edits },
      ];
    });
  },
};

/** `file.save(os.path.join(FOLDER, file.filename))`: the name of an upload as its sender gave it. */
function uploadOf(call: Call): boolean {
  const object = call.callee.field('object');
  const given = call.positional[0];
  if (call.callee.field('attribute')?.text() !== 'save' || !object?.is('identifier') || !given) return false;
  const name = new RegExp(`(^|[^\\w.])${object.text()}\\.filename\\b`);
  return name.test(given.text()) && !CHECKED.test(given.text()) && REQUEST.test(originOf(object)?.value.text() ?? '');
}

/** `secure_filename` around the name, in Flask, where the name is used nowhere else in the function. */
function secured(root: Node, imports: Imports, call: Call): TextEdit[] {
  const object = call.callee.field('object')?.text() ?? '';
  const scope = enclosing(call.node, ['function_definition']);
  const names = (scope ? nodesOf(scope, 'attribute') : []).filter((one) => one.text() === `${object}.filename`);
  const secure = imported(root, imports, 'werkzeug.utils', 'secure_filename', /^from (flask|werkzeug)\b/);
  const [name, more] = names;
  if (!secure || !name || more || !/^os\.path\.join\(/.test(call.positional[0]?.text() ?? '')) return [];
  return [...secure.edits, { ...span(name), text: `${secure.local}(${name.text()})` }];
}

/** `FOLDER / name` and its like with a parameter of a handler of FastAPI. */
function isHandlerName(path: Node, imports: Imports): boolean {
  const names = path.is('identifier') ? [path] : nodesOf(path, 'identifier');
  return names.some((name) => {
    const origin = originOf(name);
    const joined = origin?.how === 'whole' && /^(call|binary_operator|string)$/.test(String(origin.value.kind()));
    return joined
      ? nodesOf(origin.value, 'identifier').some((one) => isRequested(one, imports))
      : isRequested(name, imports);
  });
}

/** Does the request reach the path: by itself, joined to a folder, or through names? */
function isAsked(path: Node, depth: number): boolean {
  if (REQUEST.test(path.text())) return !/\.(read|save|stream)\b/.test(path.text());
  const names = path.is('identifier') ? [path] : nodesOf(path, 'identifier');
  return (
    depth > 0 &&
    names.some((name) => {
      const origin = originOf(name);
      return origin !== null && origin.how === 'whole' && isAsked(origin.value, depth - 1);
    })
  );
}

export const pathRules: readonly RuleImpl[] = [pathFromRequest];
