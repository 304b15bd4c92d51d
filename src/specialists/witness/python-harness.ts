/**
 * The parts that a Python witness is put together from. Rule: what they need of the standard library is found where it
 * is before the tree's folders are on the path, and what the user's code prints is not heard: only `verdict` speaks.
 */

/** Asyncio and what it is made of or calls, in Python 3.8 and what came after. */
const ASYNCIO = [
  '__future__ _asyncio _colorize _contextvars _heapq _posixsubprocess _queue _socket _ssl _struct _typing array asyncio',
  'base64 binascii codeop concurrent contextvars copy copyreg dataclasses fcntl heapq locale logging queue select',
  'selectors signal socket ssl string struct subprocess textwrap threading traceback typing',
].join(' ');

/** Speaks the verdict and ends; whatever happens before that is silent. */
export const HEAD = String.raw`import sys
sys.path[:] = [entry for entry in sys.path if entry]
import builtins, importlib, importlib.machinery, inspect, io, os, re, runpy, tempfile, types

TOP = os.getcwd()
OUT = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)


def verdict(word):
    os.write(OUT, (word + "\n").encode())
    os._exit(0)


class Standard:
    """Finds what few programs need and takes long to load, whatever the tree calls its own modules."""

    path = list(sys.path)
    names = frozenset("ASYNCIO".split())

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return importlib.machinery.PathFinder.find_spec(name, cls.path) if name in cls.names else None


sys.meta_path.insert(0, Standard)
`.replace('ASYNCIO', ASYNCIO);

/** A value from outside, and a stand-in for everything else that the code asks for. */
export const STUBS = `

class Outside(str):
    """Text from outside: whatever is asked of a request is this text."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __getitem__(self, key):
        return self if isinstance(key, str) else str.__getitem__(self, key)


class Stub:
    """Stands in for what the code needs: answers everything and tells "observe" of every call."""

    def __init__(self, name, parent=None):
        self.__dict__.update(_name=name, _parent=parent)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if re.search("(Error|Exception)$", name):
            return type(name, (Exception,), {})
        return self.__dict__.setdefault(name, Stub(self._name + "." + name, self))

    def __call__(self, *args, **kwargs):
        observe(self, args, kwargs)
        if len(args) == 1 and not kwargs and inspect.isroutine(args[0]):
            return args[0]
        return Stub(self._name + "()", self)

    def __getitem__(self, key):
        return Stub(self._name + "[]", self)

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return False

    def __await__(self):
        return self
        yield

    def __aiter__(self):
        return self

    async def __anext__(self):
        raise StopAsyncIteration

    def __len__(self):
        return 0

    def __bool__(self):
        return True

    def __index__(self):
        return 12

    __int__ = __index__

    def __str__(self):
        return "stub"


class Absent:
    """Finds stand-ins for modules at the border of the program that are not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BORDER:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        stub = Stub(spec.name)
        module.__getattr__ = lambda name: getattr(stub, name)
        return module

    def exec_module(self, module):
        pass


BORDER = "BORDER_NAMES".split()
sys.meta_path.append(Absent())
`.replace(
  'BORDER_NAMES',
  [
    'aiohttp aiomysql aiopg aiosqlite apsw asyncmy cx_Oracle duckdb flask httpx mariadb MySQLdb mysql oracledb pg8000',
    'psycopg psycopg2 psycopg2cffi pymssql pymysql pyodbc requests urllib3',
  ].join(' '),
);

/** Imports the module of the tree as its own code would, and calls what is in it. */
export const LOAD = String.raw`

def load(path):
    parts = re.sub(r"(/__init__)?\.py$", "", path).split("/")
    first = len(parts) - (not path.endswith("__init__.py"))
    while first > 0 and os.path.exists(os.path.join(TOP, *parts[:first], "__init__.py")):
        first -= 1
    ways = [(parts[:first], parts[first:])]
    if first == len(parts) - 1 and first > 0:
        ways.insert(0, (parts[:1], parts[1:]) if parts[0] in ("src", "lib") else ([], parts))
    sys.path[:0] = [TOP, os.path.join(TOP, "src")]
    for number, (folder, names) in enumerate(ways):
        sys.path.insert(0, os.path.join(TOP, *folder))
        try:
            return importlib.import_module(".".join(names))
        except ImportError:
            if number == len(ways) - 1:
                raise


def call(function, *args, **kwargs):
    result = function(*args, **kwargs)
    if inspect.isgenerator(result):
        return list(result)
    if inspect.iscoroutine(result):
        import asyncio

        return asyncio.run(result)
    return result


def attempt(work):
    """None when the code itself is broken: that says nothing; else what came of it."""
    try:
        return ("returned", work())
    except (NameError, ImportError, AttributeError, TypeError, SystemExit):
        os._exit(0)
    except Exception as error:
        return ("raised", error)
`;
