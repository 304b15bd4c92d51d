/**
 * Rules about how something is set up: certificates, random numbers, debuggers. Rule: what the library is really told
 * is what counts, so the library's own border is watched and nothing is sent.
 */

import { nodesOf, span } from '../structural.ts';
import type { Kind } from './python-kinds.ts';
import { quote } from './python-program.ts';
import type { PythonSubject } from './python-target.ts';

const nameOf = (subject: PythonSubject) => subject.function?.name ?? subject.path;

const tls: Kind = (subject) => {
  if (!/^(requests|httpx)\b/.test([...subject.imports.values()].find((name) => /^(requests|httpx)\b/.test(name)) ?? ''))
    return null;
  return {
    title: `${nameOf(subject)}: the server may show any certificate`,
    roots: null,
    setup: `
asked = []


def observe(stub, args, kwargs):
    if not re.match("(requests|httpx)", stub._name) or not re.search(r"\\.(get|post|put|patch|delete|head|options|request|stream|send|Client|AsyncClient)$", stub._name):
        return
    asked.append(kwargs.get("verify", vars(stub._parent).get("verify")))


def watched(kind, name, verify):
    real = getattr(kind, name)

    def seen(self, *args, **kwargs):
        asked.append(verify(self, kwargs))
        return real(self, *args, **kwargs) if name == "__init__" else Stub("answer")

    setattr(kind, name, seen)


try:
    import requests
    own = lambda self, kwargs: self.verify if kwargs.get("verify") is None else kwargs["verify"]
    watched(requests.Session, "request", own)
    watched(requests.Session, "send", own)
except (ImportError, AttributeError):
    pass
try:
    import httpx
    for kind in (httpx.Client, httpx.AsyncClient):
        watched(kind, "__init__", lambda self, kwargs: kwargs.get("verify"))
        watched(kind, "request", lambda self, kwargs: None)
except (ImportError, AttributeError):
    pass`,
    judge: `
if asked:
    verdict("exploited" if any(verify is False for verify in asked) else "refused")`,
  };
};

const context: Kind = (subject) => ({
  title: `${nameOf(subject)}: the server may show any certificate`,
  roots: null,
  setup: `
import ssl
made = []


def watched(name):
    real = getattr(ssl, name)

    def make(*args, **kwargs):
        made.append(real(*args, **kwargs))
        return made[-1]

    setattr(ssl, name, make)


watched("create_default_context")
watched("_create_unverified_context")`,
  judge: `
if ssl._create_default_https_context is ssl._create_unverified_context:
    verdict("exploited")
if made:
    weak = [one for one in made if one.verify_mode != ssl.CERT_REQUIRED or not one.check_hostname]
    verdict("exploited" if weak else "refused")`,
});

const random: Kind = (subject) => {
  const name = subject.function === null ? assignedName(subject) : null;
  if (subject.main || (subject.function === null && name === null)) return null;
  const value = name === null ? 'attempt(run)' : `attempt(lambda: getattr(run(), ${quote(name)}))`;
  return {
    title: `${nameOf(subject)}: whoever knows the state of the generator knows ${name ?? 'what it returns'}`,
    roots: null,
    repeated: true,
    setup: `
import asyncio, random

modules = set(sys.modules)


def drawn(seed):
    for name in set(sys.modules) - modules:
        del sys.modules[name]
    real = importlib.import_module

    def loaded(name):
        module = real(name)
        random.seed(seed)
        return module

    ${name === null ? 'importlib.import_module = loaded' : 'random.seed(seed)'}
    try:
        came = ${value}
    finally:
        importlib.import_module = real
    return came if came[0] == "returned" and isinstance(came[1], (str, bytes, int, float, list, tuple)) else None`,
    judge: `
first, again, other = drawn(1), drawn(1), drawn(2)
if first is not None and again is not None:
    if first != again:
        verdict("refused")
    if first != other:
        verdict("exploited")`,
  };
};

/** The module's name that the finding's line gives a value to. */
function assignedName({ root, lines }: PythonSubject): string | null {
  const statement = nodesOf(root, 'assignment').find((node) => {
    const { start, end } = span(node);
    return start < lines.end && lines.start < end;
  });
  const left = statement?.field('left');
  return left?.is('identifier') ? left.text() : null;
}

const debug: Kind = (subject) => {
  const [flask] = [...subject.imports.values()].filter((name) => /^flask(\.Flask)?$/.test(name));
  if (flask === undefined) return null;
  return {
    title: `${nameOf(subject)}: an error page runs code for whoever sees it`,
    roots: null,
    setup: `
def observe(stub, args, kwargs):
    if stub._name.endswith(".run"):
        debug = kwargs.get("debug", vars(stub._parent).get("debug", False))
        verdict("exploited" if debug is True or kwargs.get("use_debugger") is True else "refused")


try:
    import flask

    def start(self, host=None, port=None, debug=None, *args, **kwargs):
        on = self.debug if debug is None else debug
        verdict("exploited" if on is True or kwargs.get("use_debugger") is True else "refused")

    flask.Flask.run = start
except (ImportError, TypeError):
    pass`,
    judge: '',
  };
};

export const settingKinds: Readonly<Record<string, Kind>> = {
  'python/tls-verify-off': tls,
  'python/ssl-unverified-context': context,
  'python/ssl-context-check-off': context,
  'python/predictable-secret': random,
  'python/flask-debug': debug,
};
