/** Settings that are fine on a desk and not in production. Rule: only literal values are judged. */
import { beforeOnLine } from '../lines.ts';
import {
  type Call,
  type Imports,
  type PythonFile,
  plainString,
  readPython,
  resolve,
  variablesFrom,
} from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span, wholeText } from '../structural.ts';
import { moduleAtTop } from './python-environment.ts';
import { imported } from './python-imports.ts';

const flaskDebug: RuleImpl = {
  id: 'python/flask-debug',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-489',
  title: 'Do not start Flask with the debugger on',
  rationale:
    "With `debug=True` Flask serves Werkzeug's interactive debugger, which runs code for anyone who reaches an error page; `app.debug = True`, `use_debugger=True` of `run_simple`, and the debug page of FastAPI and Starlette, which shows the source around an error, are the same. The value becomes `False`; for development `flask run --debug` switches it on without touching the source. A value that is computed, for example from the environment, or chosen by a condition is left alone.",
  fixable: true,
  aliases: ['S201', 'B201'],
  trigger: /\b(debug|use_debugger|DEBUG["']\])\s*=\s*True\b/,
  example: {
    path: 'app/main.py',
    before:
      'from flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(port=8000, debug=True)\n',
    after:
      'from flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(port=8000, debug=False)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import Flask\n\napp = Flask(__name__)\napp.run(debug=os.environ.get("DEBUG") == "1")\n',
    },
    { path: 'app/b.py', text: 'import asyncio\n\nasyncio.run(main(), debug=True)\n' },
    { path: 'app/c.py', text: 'from typer import Typer\n\napp = Typer()\napp.run(debug=True)\n' },
    { path: 'app/d.py', text: 'from flask import Flask\n\napp = Flask(__name__)\nconfigure(app, debug=True)\n' },
    {
      path: 'app/e.py',
      text: 'from flask import Flask\n\napp = Flask(__name__)\nif os.environ.get("DEV"):\n    app.debug = True\n',
    },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const apps = variablesFrom(root, imports, ['flask.Flask', 'flask.app.Flask', 'quart.Quart']);
    const switches = nodesOf(root, 'assignment').filter((node) => {
      const name = /^(\w+)\.(debug|config\[["']DEBUG["']\])$/.exec(node.field('left')?.text() ?? '')?.[1];
      return apps.has(name ?? '') && node.field('right')?.is('true') && !enclosing(node, ['if_statement']);
    });
    const given = calls.flatMap((call) => {
      const runs =
        call.callee.field('attribute')?.text() === 'run' && apps.has(call.callee.field('object')?.text() ?? '');
      const makes = /^(fastapi\.FastAPI|starlette\.applications\.Starlette)$/.test(call.name ?? '');
      const serves = /^werkzeug\.(serving\.)?run_simple$/.test(call.name ?? '');
      const value = runs || makes ? call.keywords.get('debug') : serves ? call.keywords.get('use_debugger') : null;
      return value?.is('true') ? [value] : [];
    });
    return [...given, ...switches.flatMap((node) => node.field('right') ?? [])].map((value): Match => {
      const message = 'The interactive debugger runs code for anyone who reaches an error page.';
      return { ...span(value.parent() ?? value), message, edits: [{ ...span(value), text: 'False' }] };
    });
  },
};

const worldWritable: RuleImpl = {
  id: 'python/world-writable',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-732',
  title: 'Do not make files writable for everyone',
  rationale:
    'A file or folder that everyone may write can be replaced by any user or compromised service of the machine. The bit that lets others write is taken out of the mode; owner, group, and what others may read or run stay as they are. Modes that others cannot write, such as 0o755 and 0o644, and sticky folders such as 0o1777 are left alone.',
  fixable: true,
  aliases: ['S103', 'B103'],
  trigger: /chmod/,
  example: {
    path: 'app/files.py',
    before: 'import os\n\nos.chmod(path, 0o777)\n',
    after: 'import os\n\nos.chmod(path, 0o775)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import os\n\nos.chmod(path, 0o755)\nos.chmod(folder, 0o1777)\n' },
    { path: 'app/b.py', text: 'import os\n\nos.chmod(path, mode)\n' },
    { path: 'app/c.py', text: 'sftp.truncate(path, 0o777)\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const isChmod = call.name === 'os.chmod' || call.callee.field('attribute')?.text() === 'chmod';
      const mode = call.keywords.get('mode') ?? call.positional.at(-1);
      const value = mode?.is('integer') ? Number(mode.text().replaceAll('_', '')) : 0;
      if (!isChmod || (value & 0o1002) !== 0o0002) return [];
      const edits = mode ? [{ ...span(mode), text: `0o${(value & ~0o2).toString(8)}` }] : [];
      return [{ ...span(call.node), message: `The mode ${mode?.text()} lets every user write.`, edits }];
    });
  },
};

const autoescapeOff: RuleImpl = {
  id: 'python/jinja-autoescape-off',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-79',
  title: 'Escape HTML in Jinja templates',
  rationale:
    'With `autoescape=False` values reach the page as they are, so a value with markup becomes markup: cross-site scripting. Environments for mail, configuration or source text rightly switch it off: `select_autoescape()` looks at the name of each template, escapes in `.html`, `.htm` and `.xml`, and leaves the others as they are. Templates that are given as text, and `Template` itself, have no name and are reported only. An environment that does not mention autoescape is left alone.',
  fixable: true,
  aliases: ['S701', 'B701'],
  trigger: /autoescape\s*=\s*False/,
  example: {
    path: 'app/pages.py',
    before: 'import jinja2\n\npages = jinja2.Environment(loader=loader, autoescape=False)\n',
    after: 'import jinja2\n\npages = jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import jinja2\n\npages = jinja2.Environment(autoescape=jinja2.select_autoescape())\n' },
    { path: 'app/b.py', text: 'from .render import Environment\n\npages = Environment(autoescape=False)\n' },
    { path: 'app/c.py', text: 'import jinja2\n\nlines = jinja2.Environment(loader=loader)\n' },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const named = !/\bfrom_string\(/.test(wholeText(root));
    return calls.flatMap((call): Match[] => {
      if (
        !/^jinja2\.(sandbox\.|environment\.)?(Sandboxed)?(Environment|Template)$/.test(
          resolve(call.callee, imports) ?? '',
        )
      )
        return [];
      const value = call.keywords.get('autoescape');
      if (!value?.is('false')) return [];
      const message = 'Values reach the page without being escaped.';
      const loads = named && call.keywords.has('loader') && /Environment$/.test(call.name ?? '');
      return [{ ...span(value.parent() ?? value), message, edits: loads ? byName(root, imports, value) : [] }];
    });
  },
};

/** `select_autoescape()` in the place of `False`, by the name that the file has for Jinja. */
function byName(root: Node, imports: Imports, value: Node): TextEdit[] {
  const whole = [...imports].find(([, target]) => target === 'jinja2')?.[0];
  const known = [...imports].some(([, target]) => target === 'jinja2.select_autoescape');
  if (whole && !known) return [{ ...span(value), text: `${whole}.select_autoescape()` }];
  const select = imported(root, imports, 'jinja2', 'select_autoescape', /^from jinja2 import/);
  return select ? [...select.edits, { ...span(value), text: `${select.local}()` }] : [];
}

const mktemp: RuleImpl = {
  id: 'python/temporary-name-race',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-377',
  title: 'Create temporary files instead of names',
  rationale:
    'tempfile.mktemp returns a name that does not exist yet; before the program opens it another user can put a file or a link there. mkstemp and NamedTemporaryFile create the file in the same step. Where the name is opened for writing below in the same function, mkstemp makes the file, which only its owner can read, and the descriptor that it gives is closed at once, so that the rest stays as it is; elsewhere the name may be meant for a folder or a pipe, and it is reported only. Names of Windows pipes are left alone.',
  fixable: true,
  aliases: ['S306', 'B306'],
  trigger: /\bmktemp\b/,
  example: {
    path: 'app/files.py',
    before:
      'import os\nimport tempfile\n\n\ndef spool(data):\n    path = tempfile.mktemp(suffix=".txt")\n    with open(path, "wb") as stream:\n        stream.write(data)\n    return path\n',
    after:
      'import os\nimport tempfile\n\n\ndef spool(data):\n    descriptor, path = tempfile.mkstemp(suffix=".txt")\n    os.close(descriptor)\n    with open(path, "wb") as stream:\n        stream.write(data)\n    return path\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import tempfile\n\nhandle, path = tempfile.mkstemp()\n' },
    { path: 'app/b.py', text: 'factory.mktemp("data")\n' },
    { path: 'app/d.py', text: 'import tempfile\n\naddress = tempfile.mktemp(prefix=r"\\\\.\\pipe\\pyc-")\n' },
    { path: 'app/c.py', text: 'import shell\n\nshell.run("mktemp")\n' },
  ],
  async find(_file, context) {
    const python = await readPython(context);
    return python.calls.flatMap((call): Match[] => {
      if (call.name !== 'tempfile.mktemp' || call.node.text().includes('pipe')) return [];
      const message = 'Another user can take the name before the file is made.';
      return [{ ...span(call.node), message, edits: madeAtOnce(python, call) }];
    });
  },
};

/** `descriptor, path = tempfile.mkstemp(…)` and `os.close(descriptor)`, where the path is opened for writing below. */
function madeAtOnce({ root, imports, calls }: PythonFile, call: Call): TextEdit[] {
  const given = call.node.parent();
  const target = given?.is('assignment') ? given.field('left') : null;
  const statement = given?.parent();
  const scope = enclosing(call.node, ['function_definition']);
  const name = call.callee.field('attribute');
  if (!target?.is('identifier') || !statement?.is('expression_statement') || !scope || !name || given?.field('type'))
    return [];
  const opened = calls.some(
    (one) =>
      one.callee.text() === 'open' &&
      one.positional[0]?.text() === target.text() &&
      /^[wa]b?\+?$/.test(plainString(one.positional[1] ?? one.keywords.get('mode')) ?? '') &&
      enclosing(one.node, ['function_definition'])?.id() === scope.id() &&
      span(one.node).start > span(call.node).end,
  );
  const os = opened ? moduleAtTop(root, imports, call.node, 'os') : null;
  const fresh = ['descriptor', 'file_descriptor'].find((one) => !new RegExp(`\\b${one}\\b`).test(scope.text()));
  if (!os || !fresh) return [];
  const { start, end } = span(statement);
  const indent = beforeOnLine(wholeText(root), start);
  if (indent.trim() !== '' || statement.next()?.text() === ';') return [];
  return [
    ...os,
    { start, end: start, text: `${fresh}, ` },
    { ...span(name), text: 'mkstemp' },
    { start: end, end, text: `\n${indent}os.close(${fresh})` },
  ];
}

export const settingsRules: readonly RuleImpl[] = [flaskDebug, worldWritable, autoescapeOff, mktemp];
