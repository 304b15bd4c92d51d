/** Benchmarks of Python functions. Rule: synchronous functions, static methods, and methods of what is made without arguments. */
import type { Node } from '../rule.ts';
import { nodesOf, parseTree } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { HEAD, LOAD } from '../witness/python-harness.ts';
import { quote } from '../witness/python-program.ts';
import { type PythonFunction, readFunction } from '../witness/python-target.ts';
import { combinations, shapesFor } from './shapes.ts';
import type { Benchmark } from './types.ts';

export async function pythonBenchmarks(before: SourceFile, after: SourceFile): Promise<Benchmark[]> {
  const now = new Map((await functionsOf(after)).map((one) => [keyOf(one), one.node.text()]));
  return (await functionsOf(before))
    .filter((one) => (now.get(keyOf(one)) ?? one.node.text()) !== one.node.text())
    .filter((one) => !/^async\b/.test(one.node.text()) && one.name !== 'main')
    .map((one) => ({
      language: 'python',
      what: `${keyOf(one)}() of ${before.path}`,
      program: programOf(before.path, one),
    }));
}

async function functionsOf(file: SourceFile): Promise<PythonFunction[]> {
  return nodesOf(await parseTree(file), 'function_definition').flatMap((node: Node) => readFunction(node) ?? []);
}

function keyOf({ owner, name }: PythonFunction): string {
  return owner === null ? name : `${owner}.${name}`;
}

function programOf(path: string, own: PythonFunction): string {
  const needed = own.parameters.filter(({ optional }) => !optional);
  const body = own.node.text();
  const choices = combinations(needed.map(({ name, annotation }) => shapesFor(name, annotation, body)));
  const holder =
    own.how === 'method'
      ? `load(${quote(path)}).${own.owner}()`
      : `load(${quote(path)})${own.owner === null ? '' : `.${own.owner}`}`;
  const names = needed.map(({ name, positional }) => (positional ? null : name));
  return [HEAD, LOAD, MEASURE]
    .join('\n')
    .replace('@CHOICES', () => JSON.stringify(choices))
    .replace('@NAMES', () => JSON.stringify(names).replaceAll('null', 'None'))
    .replace('@FUNCTION', () => `${holder}.${own.name}`);
}

const MEASURE = String.raw`
import copy, hashlib, json, random, resource, time

CHOICES = @CHOICES
NAMES = @NAMES
SIZES = (10, 100, 1000, 10_000, 100_000)


def make(shape, n):
    order = random.Random(n)
    if shape == "number":
        return n
    if shape == "text":
        return " ".join("word%d" % order.randrange(n) for _ in range(n))
    if shape == "dict":
        return {"key%d" % at: order.randrange(n) for at in range(n)}
    numbers = [order.randrange(n) for _ in range(n)]
    if shape == "words":
        return ["word%d" % one for one in numbers]
    if shape == "pairs":
        return [("word%d" % one, at) for at, one in enumerate(numbers)]
    if shape == "record":
        return [{"id": at, "name": "word%d" % one, "value": one} for at, one in enumerate(numbers)]
    return numbers


def arguments(shapes, n):
    made = [make(shape, n) for shape in shapes]
    given = [one for one, name in zip(made, NAMES) if name is None]
    return given, {name: one for one, name in zip(made, NAMES) if name is not None}


def once(function, given, named):
    result = function(*given, **named)
    return list(result) if inspect.isgenerator(result) or isinstance(result, (map, filter, zip)) else result


def seconds(function, shapes, n, count=1):
    given, named = arguments(shapes, n)
    calls = [copy.deepcopy((given, named)) for _ in range(count)]
    started = clock()
    for given, named in calls:
        once(function, given, named)
    return (clock() - started) / 1e9


def tell(**said):
    os.write(OUT, (json.dumps(said) + "\n").encode())
    os._exit(0)


def answer(function, shapes, n):
    given, named = arguments(shapes, n)
    result = once(function, given, named)
    text = re.sub(" at 0x[0-9a-f]+", "", repr((result, given, named)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ticks():
    """How many different times the processor's clock tells in a few milliseconds."""
    told, until = set(), time.perf_counter() + 0.005
    while time.perf_counter() < until:
        told.add(time.process_time_ns())
    return len(told)


def calibrate(function):
    for shapes in CHOICES:
        try:
            took = seconds(function, shapes, SIZES[0])
        except Exception:
            continue
        size = SIZES[0]
        for n in SIZES[1:]:
            if took > 0.0003 or not shapes:
                break
            try:
                longer = min(seconds(function, shapes, n) for _ in range(3))
            except Exception:
                break
            if longer > 0.01:
                break
            took, size = longer, n
        count = max(1, min(5000, int(0.002 / max(took, 1e-7))))
        # Who waits gives the processor away by itself; who is only disturbed does not.
        waited = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
        seconds(function, shapes, size, count)
        waited = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - waited
        tell(shapes=shapes, size=size, count=count, busy=waited == 0, fine=ticks() > 20)


plan = json.loads(sys.argv.pop())
# Where the code only computes, what others do on the machine is not its time.
clock = time.process_time_ns if plan.get("busy") and plan.get("fine") else time.perf_counter_ns
sys.setrecursionlimit(5000)
try:
    function = @FUNCTION
    if plan["do"] == "calibrate":
        calibrate(function)
    elif plan["do"] == "sample":
        same = answer(function, plan["shapes"], min(plan["size"], 1000))
        best = min(seconds(function, plan["shapes"], plan["size"], plan["count"]) for _ in range(40))
        tell(ns=best * 1e9, answer=same)
    else:
        given, named = arguments(plan["shapes"], plan["size"])
        for _ in range(plan["calls"]):
            own, own_named = copy.deepcopy((given, named))
            if plan["call"]:
                once(function, own, own_named)
        tell(ns=0)
except Exception:
    os._exit(0)
`;
