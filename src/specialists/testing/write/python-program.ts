/**
 * The program that asks Python functions. Rule: only values that a reader can check at sight are answers; what loading or
 * calling did besides is an answer too, and ends everything.
 */
import { HEAD, LOAD } from '../../witness/python-harness.ts';
import { quote } from '../../witness/python-program.ts';
import type { Law, Subject } from './types.ts';

export function pythonProgram(
  path: string,
  subjects: readonly Subject[],
  laws: readonly Law[],
  mark: '"' | "'",
): string {
  const asked = subjects.map(({ name, inputs, line, endLine }) => ({ name, inputs, line, end: endLine }));
  return [HEAD, LOAD, ASK]
    .join('\n')
    .replace('@SUBJECTS', () => pythonText(asked))
    .replace('@LAWS', () => pythonText(laws))
    .replace('@MARK', () => quote(mark))
    .replace('@PATH', () => quote(path));
}

/** JSON in a literal that Python reads. */
function pythonText(value: unknown): string {
  return `json.loads(${quote(JSON.stringify(value))})`;
}

const ASK = String.raw`
import dis, json, math, signal, threading

SUBJECTS = @SUBJECTS
LAWS = @LAWS
MARK = @MARK
LONGEST = 64
effects, watching = [], []
TOUCHES = ("socket.", "subprocess.", "os.", "shutil.", "urllib.", "sqlite3.", "ftplib.", "smtplib.", "ctypes.", "winreg.", "tempfile.", "webbrowser.")
HARMLESS = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "ctypes.dlopen", "os.add_dll_directory")


def elsewhere():
    """Is it another's code that runs while this one is loaded?"""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if "site-packages" in file or file.startswith(TOP):
            return "site-packages" in file
        frame = frame.f_back
    return False


def watch(event, args):
    if not watching or watching[-1] == "load" and event.startswith(("open",) + TOUCHES) and elsewhere():
        return
    if event == "open":
        mode, flags = args[1], args[2]
        writes = isinstance(mode, str) and set(mode) & set("wax+") or isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        code = str(args[0]).endswith((".py", ".pyc", ".so", ".pth"))
        if writes or (watching[-1] == "call" and not code):
            effects.append("opens a file")
    elif event.startswith(TOUCHES) and event not in HARMLESS:
        effects.append("calls " + event)


class Heard(io.StringIO):
    def write(self, text):
        if watching:
            effects.append("prints")
        return len(text)


class Late(BaseException):
    pass


def late(*_):
    raise Late


class Unreadable(Exception):
    pass


def spell(value, depth=0):
    kind = type(value)
    if value is None or kind in (bool, int):
        return repr(value)
    if kind is float:
        if not math.isfinite(value):
            raise Unreadable
        return repr(value)
    if kind is str:
        if any(not one.isprintable() and one not in "\n\t" for one in value) or re.search("0x[0-9a-f]{6,}|/tmp/|<.* object", value) or TOP in value:
            raise Unreadable
        text = repr(value)
        if text[0] != MARK and MARK not in value:
            text = MARK + text[1:-1].replace("\\" + text[0], text[0]) + MARK
        return text
    if kind is bytes:
        text = repr(value)
        return text if text[1] == MARK or MARK.encode() in value else "b" + MARK + text[2:-1] + MARK
    if depth > 3:
        raise Unreadable
    if kind is list:
        return "[" + ", ".join(spell(one, depth + 1) for one in value) + "]"
    if kind is tuple:
        return "(" + ", ".join(spell(one, depth + 1) for one in value) + ("," if len(value) == 1 else "") + ")"
    if kind in (set, frozenset):
        inside = "{" + ", ".join(sorted(spell(one, depth + 1) for one in value)) + "}" if value else "set()"
        return inside if kind is set else "frozenset(" + (inside if value else "") + ")"
    if kind is dict:
        return "{" + ", ".join(spell(key, depth + 1) + ": " + spell(one, depth + 1) for key, one in value.items()) + "}"
    raise Unreadable


def fractional(value):
    """1: a fraction, or a row of them; 2: fractions further inside; 0: none."""
    if type(value) is float:
        return 1
    if type(value) in (list, tuple):
        inside = [fractional(one) for one in value]
        return 2 if any(one == 2 for one in inside) or any(type(one) not in (int, float) for one in value) and any(inside) else int(any(inside))
    if type(value) is dict:
        return 2 if any(fractional(one) for one in value.values()) else 0
    return 0


def given(text):
    return eval("(lambda *given, **named: (given, named))(" + text + ")", {})


def lines_of(code, first, last):
    found = {line for _, line in dis.findlinestarts(code) if line and first < line <= last}
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            found |= lines_of(one, first, last)
    return found


def ask(function, text, first, last, file):
    args, named = given(text)
    before = repr((args, named))
    steps, at = [], [0]

    def local(frame, event, arg):
        if event == "line":
            if first <= frame.f_lineno <= last:
                steps.append("%d>%d" % (at[0], frame.f_lineno))
                at[0] = frame.f_lineno
            if len(steps) > 20000:
                raise Late
        return local

    def trace(frame, event, arg):
        return local if frame.f_code.co_filename == file else None

    signal.setitimer(signal.ITIMER_REAL, 1)
    watching.append("call")
    sys.settrace(trace)
    try:
        value = function(*args, **named)
        sys.settrace(None)
        said = {"value": spell(value)}
        if len(said["value"]) > LONGEST or fractional(value) == 2:
            return None
        if fractional(value):
            said["fractional"] = True
    except (Late, Unreadable, RecursionError, MemoryError):
        return None
    except Exception as error:
        sys.settrace(None)
        said = {"raises": type(error).__name__}
        if type(error).__module__ != "builtins":
            if getattr(module, type(error).__name__, None) is not type(error):
                return None
            said["own"] = True
    finally:
        sys.settrace(None)
        watching.pop()
        signal.setitimer(signal.ITIMER_REAL, 0)
    if repr((args, named)) != before:
        effects.append("changes what it is given")
    return {"input": text, "steps": sorted(set(steps)), **said}


def answer(function, text):
    args, named = given(text)
    return function(*args, **named)


def holds(law, text):
    """None where the input says nothing."""
    function = getattr(module, law["of"])
    args, named = given(text)
    if law["kind"] == "commutative":
        if len(args) != 2 or named or args[0] == args[1]:
            return None
        return spell(function(*args)) == spell(function(*reversed(args)))
    if len(args) != 1 or named:
        return None
    try:
        once = function(*args)
    except Exception:
        return None
    spell(once)
    if law["kind"] == "idempotent":
        return type(once) is type(args[0]) and spell(function(once)) == spell(once)
    if law["kind"] == "same-length":
        return type(once) is type(args[0]) and len(once) == len(args[0])
    again = getattr(module, law["undo"])(once)
    return type(again) is type(args[0]) and spell(again) == spell(args[0])


def law_answers(law):
    found = []
    for text in next(one["inputs"] for one in SUBJECTS if one["name"] == law["of"]):
        try:
            said = holds(law, text)
        except Exception:
            return None
        if said is False:
            return None
        if said:
            found.append(text)
    return found


def tell(**said):
    os.write(OUT, (json.dumps(said) + "\n").encode())
    os._exit(0)


signal.signal(signal.SIGALRM, late)
sys.stdout = sys.stderr = Heard()
environment, threads = dict(os.environ), threading.active_count()
sys.addaudithook(watch)
watching.append("load")
try:
    module = load(@PATH)
except BaseException as error:
    tell(effect="cannot be loaded: " + type(error).__name__, functions={}, laws=[])
watching.pop()
if dict(os.environ) != environment or threading.active_count() != threads:
    effects.append("changes the process")
functions = {}
for one in SUBJECTS:
    function = getattr(module, one["name"], None)
    if effects or function is None:
        break
    inputs = one["inputs"]
    bare = inspect.unwrap(function)
    file = bare.__code__.co_filename
    cases = [said for said in (ask(bare, text, one["line"], one["end"], file) for text in inputs) if said]
    if effects:
        effects.clear()
        continue
    functions[one["name"]] = {"cases": cases, "lines": sorted(lines_of(bare.__code__, one["line"], one["end"]))}
laws = [law_answers(law) for law in LAWS] if not effects else []
tell(effect=effects[0] if effects else None, functions=functions, laws=laws)
`;
