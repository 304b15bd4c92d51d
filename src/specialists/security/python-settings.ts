/** Settings that are fine on a desk and not in production. Rule: only literal values are judged. */
import { readPython, resolve, variablesFrom } from '../python-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

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
    'A file or folder that everyone may write can be replaced by any user or compromised service of the machine. Who needs access is not written in the source, so this is reported only. Modes that others cannot write, such as 0o755 and 0o644, and sticky folders such as 0o1777 are left alone.',
  fixable: false,
  aliases: ['S103', 'B103'],
  trigger: /chmod/,
  example: { path: 'app/files.py', before: 'import os\n\nos.chmod(path, 0o777)\n' },
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
      return [{ ...span(call.node), message: `The mode ${mode?.text()} lets every user write.` }];
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
    'With `autoescape=False` values reach the page as they are, so a value with markup becomes markup: cross-site scripting. Environments for mail, configuration or source text rightly switch it off, so this is reported only: say `select_autoescape()` where templates make HTML. An environment that does not mention autoescape is left alone.',
  fixable: false,
  aliases: ['S701', 'B701'],
  trigger: /autoescape\s*=\s*False/,
  example: {
    path: 'app/pages.py',
    before: 'import jinja2\n\npages = jinja2.Environment(loader=loader, autoescape=False)\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import jinja2\n\npages = jinja2.Environment(autoescape=jinja2.select_autoescape())\n' },
    { path: 'app/b.py', text: 'from .render import Environment\n\npages = Environment(autoescape=False)\n' },
    { path: 'app/c.py', text: 'import jinja2\n\nlines = jinja2.Environment(loader=loader)\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (
        !/^jinja2\.(sandbox\.|environment\.)?(Sandboxed)?(Environment|Template)$/.test(
          resolve(call.callee, imports) ?? '',
        )
      )
        return [];
      const value = call.keywords.get('autoescape');
      if (!value?.is('false')) return [];
      return [{ ...span(value.parent() ?? value), message: 'Values reach the page without being escaped.' }];
    });
  },
};

const mktemp: RuleImpl = {
  id: 'python/temporary-name-race',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-377',
  title: 'Create temporary files instead of names',
  rationale:
    'tempfile.mktemp returns a name that does not exist yet; before the program opens it another user can put a file or a link there. mkstemp and NamedTemporaryFile create the file in the same step. What should happen to the file afterwards differs, so this is reported only; names of Windows pipes are left alone.',
  fixable: false,
  aliases: ['S306', 'B306'],
  trigger: /\bmktemp\b/,
  example: { path: 'app/files.py', before: 'import tempfile\n\npath = tempfile.mktemp(suffix=".txt")\n' },
  lookAlikes: [
    { path: 'app/a.py', text: 'import tempfile\n\nhandle, path = tempfile.mkstemp()\n' },
    { path: 'app/b.py', text: 'factory.mktemp("data")\n' },
    { path: 'app/d.py', text: 'import tempfile\n\naddress = tempfile.mktemp(prefix=r"\\\\.\\pipe\\pyc-")\n' },
    { path: 'app/c.py', text: 'import shell\n\nshell.run("mktemp")\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (call.name !== 'tempfile.mktemp' || call.node.text().includes('pipe')) return [];
      return [{ ...span(call.node), message: 'Another user can take the name before the file is made.' }];
    });
  },
};

export const settingsRules: readonly RuleImpl[] = [flaskDebug, worldWritable, autoescapeOff, mktemp];
