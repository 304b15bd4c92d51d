/**
 * What a bad input is for each Python rule, and how its effect is seen. Rule: the effect is seen from outside of the
 * code under test (a statement, a process, a file that exists); a kind that cannot see it makes no witness.
 */

import { originOf } from '../python-flow.ts';
import { type Call, plainString } from '../python-source.ts';
import type { Node } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { type PythonParts, quote } from './python-program.ts';
import { type PythonSubject, type Roots, rootsOf } from './python-target.ts';

export type Kind = (subject: PythonSubject) => PythonParts | null;

const MARKER = 'MARKER = os.path.join(tempfile.mkdtemp(), "marker")';
const BY_MARKER = 'verdict("exploited" if os.path.exists(MARKER) else "refused")';
const KEYBOARD = 'builtins.input = lambda *prompt: PAYLOAD';

/** The last of the finding's calls that `fits`, with its first argument. */
function sinkOf(subject: PythonSubject, fits: (call: Call) => boolean): { call: Call; given: Node } | null {
  const call = subject.calls.findLast(fits);
  const given = call?.positional[0] ?? call?.keywords.get('args');
  return call && given ? { call, given } : null;
}

const methodOf = ({ callee }: Call) => callee.field('attribute')?.text() ?? callee.text();

/** `find(name)`: for titles. */
function place(subject: PythonSubject, roots: Roots | null): string {
  const carrier = [...(roots?.parameters ?? []), ...(roots?.attributes ?? []), ...(roots?.globals ?? [])][0];
  const name = subject.function?.name ?? subject.path;
  return carrier === undefined ? name : `${name}: ${carrier}`;
}

/** What stands before the first value in a text that is put together; null where no text is seen. */
function textBefore(node: Node): string | null {
  const origin = node.is('identifier') ? originOf(node)?.value : node;
  const first = origin?.is('string') ? origin : origin && nodesOf(origin, 'string')[0];
  const text = first?.text().replace(/^[a-zA-Z]*("""|'''|"|')/, '');
  if (text === undefined) return null;
  const plain = text.replace(/("""|'''|"|')$/, '');
  return (
    plain
      .split(/\{|%[sr(]/)[0]
      ?.replaceAll(/\\n|\s+/g, ' ')
      .trimStart() ?? null
  );
}

const sql: Kind = (subject) => {
  const sink = sinkOf(subject, (call) => /^execute(many|script)?$/.test(methodOf(call)));
  const roots = sink && rootsOf(subject, [sink.given]);
  const before = sink && textBefore(sink.given);
  if (!roots || before === null) return null;
  const payload = /['"][%_]*$/.test(before) ? "x' OR '1'='1" : '0 OR 1=1';
  const effect = /^(select|delete|update)\b/i.test(before) ? 'reaches every row' : 'changes the statement';
  return {
    title: `${place(subject, roots)} = ${quote(payload)} ${effect}`,
    roots,
    setup: `
PAYLOAD = ${quote(payload)}
PLACE = ${quote(before.trimEnd().replace(/['"]$/, '').trimEnd())}


def observe(stub, args, kwargs):
    if not args or not re.search(r"execute\\w*$", stub._name):
        return
    text = " ".join(str(args[0]).split())
    if text.startswith(PLACE):
        if PAYLOAD in text:
            verdict("exploited")
        if PAYLOAD in repr((args[1:], kwargs)) or PAYLOAD.replace("'", "''") in text:
            verdict("refused")


for name in ("sqlite3 psycopg2 psycopg pymysql MySQLdb mysql.connector pyodbc oracledb cx_Oracle pymssql").split():
    try:
        importlib.import_module(name).connect = Stub("connect")
    except Exception:
        pass`,
    judge: '',
  };
};

const yaml: Kind = (subject) => {
  const sink = sinkOf(subject, (call) => /^yaml\.load(_all)?$/.test(call.name ?? ''));
  if (sink === null) return null;
  const roots = rootsOf(subject, [sink.given]);
  return {
    title: `${subject.function?.name ?? subject.path}: a document that names a function runs it`,
    roots,
    setup: `
${MARKER}
PAYLOAD = "!!python/object/apply:os.mkdir [%s]\\n" % MARKER
on_disk = builtins.open


def opened(file, mode="r", *args, **kwargs):
    """Every document that is read is the bad one."""
    if set(mode) & set("wax+") or re.search(r"\\.(py[cdi]?|so|pem)$", str(file)):
        return on_disk(file, mode, *args, **kwargs)
    return io.BytesIO(PAYLOAD.encode()) if "b" in mode else io.StringIO(PAYLOAD)


builtins.open = io.open = opened
${KEYBOARD}`,
    judge: BY_MARKER,
  };
};

const pickle: Kind = (subject) => {
  const sink = sinkOf(subject, (call) => /\bloads?$/.test(methodOf(call)));
  const roots = sink && rootsOf(subject, [sink.given]);
  if (!roots || /^marshal\./.test(sink?.call.name ?? '')) return null;
  const coded = /b64decode/.test([sink?.given.text(), sink && originOf(sink.given)?.value.text()].join(' '));
  return {
    title: `${place(subject, roots)}: data that names a function runs it`,
    roots,
    setup: `
import base64, pickle
${MARKER}


class Bad:
    def __reduce__(self):
        return (os.mkdir, (MARKER,))


PAYLOAD = ${coded ? 'base64.b64encode(pickle.dumps(Bad()))' : 'pickle.dumps(Bad())'}


class OutsideBytes(bytes):
    __getattr__, __call__, __getitem__ = Outside.__getattr__, Outside.__call__, lambda self, key: self


Outside = OutsideBytes`,
    judge: BY_MARKER,
  };
};

const evaluated: Kind = (subject) => {
  const sink = sinkOf(subject, (call) => /^(eval|exec)$/.test(call.callee.text()));
  const roots = sink && rootsOf(subject, [sink.given]);
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "__import__('os')…" is run`,
    roots,
    setup: `
${MARKER}
PAYLOAD = "__import__('os').mkdir(%r)" % MARKER
${KEYBOARD}`,
    judge: BY_MARKER,
  };
};

const shell: Kind = (subject) => {
  const sink = sinkOf(subject, ({ name }) => /^(subprocess\.\w+|os\.(system|popen))$/.test(name ?? ''));
  const roots = sink && rootsOf(subject, [sink.given]);
  if (!roots || !sink) return null;
  const open = /['"]$/.exec(textBefore(sink.given)?.trimEnd() ?? '')?.[0] ?? '';
  return {
    title: `${place(subject, roots)} = ${quote(`x${open}; …`)} starts a second command`,
    roots,
    setup: `
import subprocess
${MARKER}
PAYLOAD = ${quote(`x${open}; mkdir `)} + MARKER + ${quote(`; echo ${open}`)}
Process = subprocess.Popen


def started(command, shell):
    text = command if isinstance(command, (str, bytes)) else " ".join(map(str, command))
    if MARKER not in str(text):
        return
    if shell:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        Process(command, shell=True, **quiet).wait(10)
    ${BY_MARKER}


class Started(Process):
    def __init__(self, args, *rest, **options):
        started(args, bool(options.get("shell")))
        super().__init__(args, *rest, **options)


subprocess.Popen = Started
os.system = lambda command: started(command, True)
${KEYBOARD}`,
    judge: '',
  };
};

/** What hands a value over to a server. */
const HANDED = /^(flask|django\.http(\.response)?|starlette\.responses|fastapi\.responses)\.(\w+)$/;

function handedOver(subject: PythonSubject): string[] {
  return [...subject.imports]
    .filter(([, from]) =>
      /^(send_file|make_response|Response|HTMLResponse|HttpResponse|FileResponse)$/.test(HANDED.exec(from)?.[3] ?? ''),
    )
    .map(([local]) => local);
}

const path: Kind = (subject) => {
  const sink = sinkOf(subject, (call) => call.positional.length > 0 || call.keywords.size > 0);
  const roots = sink && rootsOf(subject, [...sink.call.positional, ...sink.call.keywords.values()]);
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "../../…" leaves the folder`,
    roots,
    replaced: handedOver(subject),
    setup: `
${MARKER}
open(MARKER, "w").close()
PAYLOAD = "../" * 24 + MARKER.lstrip("/")


def reached(path):
    if isinstance(path, (str, os.PathLike)) and os.path.normpath(os.path.join(TOP, str(path))) == MARKER:
        verdict("exploited")


def observe(stub, args, kwargs):
    for value in [*args, *kwargs.values()]:
        reached(value)


sys.addaudithook(lambda event, args: reached(args[0]) if args else None)`,
    judge: 'verdict("refused")',
  };
};

const html: Kind = (subject) => {
  const own = subject.function;
  if (own === null) return null;
  const returned = nodesOf(own.node, 'return_statement').filter((node) => {
    const { start, end } = span(node);
    return start < subject.lines.end && subject.lines.start < end;
  });
  const roots = rootsOf(subject, [...subject.calls.flatMap(({ positional }) => positional), ...returned]);
  if (!roots) return null;
  return {
    title: `${place(subject, roots)} = "<script>…" becomes part of the page`,
    roots,
    replaced: handedOver(subject),
    setup: `
PAYLOAD = "<script>alert(1)</script>"
answers = []


def observe(stub, args, kwargs):
    answers.extend(str(value) for value in args if isinstance(value, str))`,
    judge: `
if came[0] == "returned":
    answer = came[1][0] if isinstance(came[1], tuple) and came[1] else came[1]
    if isinstance(answer, str):
        answers.append(str(answer))
    if answers:
        verdict("exploited" if any(PAYLOAD in answer for answer in answers) else "refused")`,
  };
};

const literal: Kind = (subject) => {
  const own = subject.function;
  if (own === null || own.how !== 'function') return null;
  const comparison = nodesOf(own.node, 'comparison_operator').find((node) => {
    const { start, end } = span(node);
    return /\bis\b/.test(node.text()) && start < subject.lines.end && subject.lines.start < end;
  });
  const sides = comparison?.namedChildren() ?? [];
  const text = sides.map((side) => plainString(side)).find((value) => value !== null);
  const name = sides.find((side) => own.parameters.some((one) => one.name === side.text()))?.text();
  // Texts of one character are the same object wherever they come from.
  if (sides.length !== 2 || text == null || text.length < 2 || name === undefined) return null;
  const only = { parameters: new Set([name]), attributes: new Set<string>(), globals: new Set<string>(), input: false };
  return {
    title: `${own.name}: ${name} = ${quote(text)}, read at run time, is not recognised`,
    roots: only,
    repeated: true,
    setup: `
LITERAL = ${quote(text)}


def Outside(value):
    return value


def outcome(value):
    global PAYLOAD
    PAYLOAD = value
    kind, result = attempt(run)
    return kind, re.sub(" at 0x[0-9a-f]+", "", repr(result))`,
    judge: `
constants = [one for one in ${calleeOf(subject)}.__code__.co_consts if type(one) is str and one == LITERAL]
if constants:
    verdict("refused" if outcome(constants[0]) == outcome("".join(list(LITERAL))) else "exploited")`,
  };
};

function calleeOf({ path: file, function: own }: PythonSubject): string {
  return `inspect.unwrap(load(${quote(file)}).${own?.name})`;
}

export const inputKinds: Readonly<Record<string, Kind>> = {
  'python/sql-injection': sql,
  'python/yaml-load': yaml,
  'python/pickle-from-outside': pickle,
  'python/eval-from-outside': evaluated,
  'python/shell-injection': shell,
  'python/path-from-request': path,
  'python/reflected-input': html,
  'python/unescaped-markup': html,
  'python/is-literal': literal,
};
