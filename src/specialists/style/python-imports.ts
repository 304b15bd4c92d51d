/**
 * Imports that nothing uses. Rule: an import may do something or be meant for others, so only names whose
 * module does nothing by being loaded, or is loaded all the same, are taken away; the rest is reported.
 */
import type { RuleImpl } from '../rule.ts';
import { enclosing, nodeWhere, span } from '../structural.ts';
import type { Unbinds } from '../types.ts';
import { type RuffFinding, ruffFindings } from './ruff.ts';
import { RUFF_CODES, type RuffRule, ruffRule } from './ruff-rule.ts';

/** Standard modules whose import does nothing but bind a name. */
const PLAIN = new Set(
  `abc argparse array ast asyncio base64 binascii bisect builtins calendar cmath codecs collections concurrent configparser
contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib dis email enum errno fnmatch fractions functools
gc getpass glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword linecache locale
logging lzma math mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint queue random re
reprlib sched secrets select selectors shlex shutil signal socket socketserver sqlite3 ssl stat statistics string struct
subprocess sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize traceback types typing
typing_extensions unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo`.split(/\s+/),
);
/** Packages that everybody knows, and whose import does nothing but bind a name. */
const KNOWN = new Set(
  `aiohttp attr attrs boto3 botocore bs4 click dateutil django fastapi flask httpx jinja2 jwt lxml markdown marshmallow numpy
openpyxl pandas pydantic pytz redis requests rich simplejson starlette tqdm typer ujson urllib3 werkzeug yaml`.split(
    /\s+/,
  ),
);
/** Files whose names are for others to import. */
const FOR_OTHERS =
  /(^|\/)(__init__|__main__|conftest|_?compat\w*|_?six|py[23]k?|settings\w*|api|exports?|public|typing|types?)\.py$/;

/** What a fix of somebody else may need in the same file: whoever takes it away would have to see that. */
const HELPS = /^(abort|escape|redirect|url_for|safe_join|secure_filename|send_from_directory|url_has_allowed\w*)$/;

/** A module with more unused imports than this exists to pass them on. */
const FACADE = 4;

const accept: NonNullable<RuffRule['accept']> = async (finding, file, context) => {
  const { text } = file;
  if (FOR_OTHERS.test(file.path)) return 'drop';
  const { module, local } = namesOf(finding);
  if (local === '' || usedInText(text, local)) return 'drop';
  const covers = (range: { start: number; end: number }) => range.start <= finding.start && finding.end <= range.end;
  const statement =
    (await nodeWhere(context, 'import_statement', covers)) ??
    (await nodeWhere(context, 'import_from_statement', covers));
  if (!statement) return 'drop';
  const line = text.slice(span(statement).start, text.indexOf('\n', span(statement).end) + 1 || undefined);
  if (line.includes('#') || enclosing(statement, ['try_statement', 'if_statement', 'with_statement'])) return 'drop';
  const plain = importedModules(statement.text()).every((imported) => PLAIN.has(imported));
  const passedOn = local.startsWith('_') || (statement.is('import_from_statement') && / as /.test(statement.text()));
  if (passedOn) return 'drop';
  // Counted without what is taken away here: a file must not cease to be a facade by being mended.
  const all = await ruffFindings(file, context, RUFF_CODES);
  const facade = all.filter((other) => other.code === 'F401' && !PLAIN.has(namesOf(other).module)).length > FACADE;
  if (facade) return 'drop';
  const edited = finding.edits.every((edit) => edit.text.trim() !== 'pass');
  if (plain && PLAIN.has(module) && edited) return 'edit';
  if (file.test) return 'drop';
  // The module is still loaded for the names that stay, or is one that does nothing by being loaded.
  const inStatement = all.filter((other) => other.code === 'F401' && covered(other, span(statement))).length;
  const stays = inStatement < statement.fieldChildren('name').length && statement.is('import_from_statement');
  return edited &&
    !HELPS.test(local) &&
    (stays || importedModules(statement.text()).every((imported) => KNOWN.has(imported)))
    ? 'edit'
    : 'report';
};

function covered({ start, end }: RuffFinding, range: { start: number; end: number }): boolean {
  return range.start <= start && end <= range.end;
}

/** From ruff's message: the first part of what is imported, and the name that it is bound to. */
function namesOf({ message }: RuffFinding): { module: string; local: string } {
  const name = /^`([\w.]+)(?: as (\w+))?`/.exec(message);
  const local = name?.[2] ?? name?.[1]?.split('.').at(-1) ?? '';
  return { module: name?.[1]?.split('.')[0] ?? '', local };
}

/** `import os.path` binds `os`. */
function boundBy(finding: RuffFinding): Unbinds {
  const { module, local } = namesOf(finding);
  return { names: [...new Set([module, local])].filter(Boolean), usedElsewhere: 'drop' };
}

/** Type comments and doctests use names where ruff does not look. */
function usedInText(text: string, name: string): boolean {
  return new RegExp(`#\\s*type:.*\\b${name}\\b|>>>.*\\b${name}\\b`).test(text);
}

/** First parts of the modules that a statement names. */
function importedModules(statement: string): string[] {
  const from = /^from\s+([.\w]+)/.exec(statement);
  const names = from ? [from[1] ?? ''] : statement.replace(/^import\s+/, '').split(',');
  return names.map((name) => /^\s*\w+/.exec(name)?.[0].trim() ?? '');
}

const unusedImport = ruffRule({
  code: 'F401',
  id: 'python/unused-import',
  title: 'Remove unused imports',
  rationale:
    'An import that nothing uses makes readers look for its use and slows the start of the program. It is removed when it names a plain module of the standard library or of a package that everybody knows, whose import does nothing but bind the name, and when other names of the same statement stay, so that the module is loaded as before; other imports may register something by being loaded, so they are reported only. Names that another file of the repository reads from the module, packages, modules that exist to pass names on, guarded and commented imports, private and renamed names, and names in type comments or doctests are left alone.',
  message: 'Nothing uses this import.',
  fixable: true,
  trigger: /\bimport\b/,
  accept,
  unbinds: boundBy,
  example: {
    path: 'app/read.py',
    before: 'import json\nimport os\n\n\ndef read(text):\n    return json.loads(text)\n',
    after: 'import json\n\n\ndef read(text):\n    return json.loads(text)\n',
  },
  lookAlikes: [
    { path: 'app/__init__.py', text: 'import os\nfrom .core import run\n' },
    { path: 'app/a.py', text: 'import os\n\n__all__ = ["os"]\n' },
    { path: 'app/b.py', text: 'try:\n    import json\nexcept ImportError:\n    json = None\n' },
    { path: 'app/c.py', text: 'from os import path as path\n' },
    { path: 'app/d.py', text: 'import readline  # makes input() editable\n' },
    { path: 'app/e.py', text: 'from typing import List\n\nnames = []  # type: List[str]\n' },
    { path: 'app/f.py', text: 'import json  # noqa: F401\nimport re  # noqa\n' },
    { path: 'app/compat.py', text: 'from urllib.parse import quote\n' },
    {
      path: 'app/lexers.py',
      text: 'from .a import A, B\nfrom .b import C\nfrom .c import D, E, F\n',
    },
    { path: 'app/g.py', text: 'from os import path as files\nfrom subprocess import _args_from_interpreter_flags\n' },
    { path: 'tests/test_a.py', text: 'from .fixtures import server\n\n\ndef test_a(server):\n    assert server\n' },
  ],
});

export const importRules: readonly RuleImpl[] = [unusedImport];
