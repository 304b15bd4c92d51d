/** Puts a Python witness together. Rule: the user's own code is called; nothing of the defect is written down here. */
import { HEAD, LOAD, STUBS } from './python-harness.ts';
import type { Parameter, PythonSubject, Roots } from './python-target.ts';

export interface PythonParts {
  title: string;
  /** Values and replacements before the code is loaded; defines `PAYLOAD` where something comes from outside. */
  setup: string;
  /** After the code has run; `came` is `("returned", value)` or `("raised", error)`. */
  judge: string;
  /** What gets the payload. */
  roots: Roots | null;
  /** Names of the module that become stand-ins: what hands things over to a server. */
  replaced?: readonly string[];
  /** `judge` calls `run` by itself, more than once. */
  repeated?: boolean;
}

const NOBODY_LISTENS = `

def observe(stub, args, kwargs):
    pass
`;

/** The whole program. */
export function pythonProgram(subject: PythonSubject, parts: PythonParts): string {
  const observe = parts.setup.includes('def observe(') ? '' : NOBODY_LISTENS;
  return [HEAD, STUBS, LOAD, observe, `\n\n${parts.setup.trim()}\n`, reach(subject, parts), parts.judge.trim(), '']
    .join('\n')
    .replace(/\n{4,}/g, '\n\n\n');
}

/** How a Python text literal is written. JSON's escapes are Python's. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function reach(subject: PythonSubject, parts: PythonParts): string {
  const run = ['', 'def run():'];
  if (subject.main)
    run.push(`    return runpy.run_path(os.path.join(TOP, ${quote(subject.path)}), run_name="__main__")`);
  else if (subject.function === null) run.push(`    return load(${quote(subject.path)})`);
  else run.push(...prepare(subject, parts), `    return call(${callee(subject)}${given(subject, parts.roots)})`);
  return [...run, '', '', ...(parts.repeated ? [] : ['came = attempt(run)'])].join('\n');
}

/** Lines that load the module and put stand-ins in. */
function prepare(subject: PythonSubject, parts: Pick<PythonParts, 'roots' | 'replaced'>): string[] {
  const lines = [`    module = load(${quote(subject.path)})`];
  for (const name of parts.roots?.globals ?? []) lines.push(`    module.${name} = Outside(PAYLOAD)`);
  for (const name of parts.replaced ?? []) lines.push(`    module.${name} = Stub(${quote(name)})`);
  const own = subject.function;
  if (own?.how !== 'method') return lines;
  lines.push(`    instance = object.__new__(module.${own.owner})`);
  for (const name of own.attributes)
    lines.push(
      `    instance.${name} = ${parts.roots?.attributes.has(name) ? 'Outside(PAYLOAD)' : `Stub(${quote(`self.${name}`)})`}`,
    );
  return lines;
}

function callee({ function: own }: PythonSubject): string {
  if (own === null) return 'None';
  if (own.how === 'method') return `instance.${own.name}`;
  return own.owner === null ? `module.${own.name}` : `module.${own.owner}.${own.name}`;
}

/** The arguments, beginning with a comma: what is needed, and what carries the payload. */
function given({ function: own }: PythonSubject, roots: Roots | null): string {
  return (own?.parameters ?? [])
    .filter((one) => !one.optional || one.positional || roots?.parameters.has(one.name))
    .map((one) => {
      const value = roots?.parameters.has(one.name) ? 'Outside(PAYLOAD)' : usual(one);
      return one.positional ? `, ${value}` : `, ${one.name}=${value}`;
    })
    .join('');
}

const BY_TYPE: Readonly<Record<string, string>> = {
  ...{ int: '12', float: '12.0', bool: 'False', str: '"text"', bytes: 'b"text"', list: '[]', dict: '{}' },
};

/** A harmless value for a parameter, by its annotation and its name. */
function usual({ name, annotation }: Parameter): string {
  const type = /^(int|float|bool|str|bytes|list|dict)\b/i.exec(annotation ?? '')?.[1]?.toLowerCase();
  if (/ur[il]$|endpoint|address/i.test(name)) return '"https://example.com/"';
  return type === undefined ? `Stub(${quote(name)})` : (BY_TYPE[type] ?? 'None');
}
