/**
 * Files of `.ambient/rules/` → rules. Rule: the text is hostile until shown otherwise: bounded, no tags, no unknown key; what
 * is wrong with one rule is said with file and line and costs that rule alone.
 */
import type { Document, LineCounter, Node as YamlNode } from 'yaml';
import { readFields } from './rule-fields.ts';
import type { CustomRule, RefusedRule, RuleText } from './types.ts';

export interface RulesOfFiles {
  rules: CustomRule[];
  refused: RefusedRule[];
}

/** Rules of one repository; each is asked about every changed file. */
const MOST_RULES = 200;
const LARGEST = 64 * 1024;
const MOST_ALIASES = 64;

/** Reads every file; a second rule of the same name is refused. Examples are not tried here. */
export async function readRules(files: readonly RuleText[]): Promise<RulesOfFiles> {
  const all: RulesOfFiles = { rules: [], refused: [] };
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const { rules, refused } = await readFile(file);
    all.refused.push(...refused);
    for (const rule of rules) {
      const known = all.rules.find(({ id }) => id === rule.id);
      if (known) all.refused.push({ where: rule.where, id: rule.id, reason: `${known.where} has a rule of that name` });
      else if (all.rules.length >= MOST_RULES)
        all.refused.push({ where: rule.where, id: rule.id, reason: `there are more than ${MOST_RULES} rules` });
      else all.rules.push(rule);
    }
  }
  return all;
}

async function readFile({ path, text }: RuleText): Promise<RulesOfFiles> {
  const whole = (reason: string, line = 1): RulesOfFiles => ({
    rules: [],
    refused: [{ where: `${path}:${line}`, id: null, reason }],
  });
  if (Buffer.byteLength(text) > LARGEST) return whole(`the file is larger than ${LARGEST / 1024} KiB`);
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  let documents: Document.Parsed[];
  try {
    const options = { lineCounter: lines, version: '1.2', schema: 'core', prettyErrors: false } as const;
    documents = [...(parseAllDocuments(text, options) as Iterable<Document.Parsed>)];
  } catch (error) {
    return whole(plain(error));
  }
  const found: RulesOfFiles = { rules: [], refused: [] };
  for (const document of documents) {
    // `---` at the end of a file.
    if (documents.length > 1 && document.errors.length === 0 && isNothing(document)) continue;
    const read = readDocument(path, document, lines);
    if ('reason' in read) found.refused.push(read);
    else found.rules.push(read);
  }
  return documents.length === 0 ? whole('it holds no rule') : found;
}

const isNothing = ({ contents }: Document.Parsed) =>
  contents === null || ('value' in contents && contents.value === null);

function readDocument(path: string, document: Document.Parsed, lines: LineCounter): CustomRule | RefusedRule {
  const lineOf = (node: unknown) => {
    const offset = (node as YamlNode | null | undefined)?.range?.[0];
    return `${path}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  };
  const start = lineOf(document.contents);
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) return { where: `${path}:${lines.linePos(fault.pos[0]).line}`, id: null, reason: plain(fault) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    return { where: start, id: null, reason: plain(error) };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { where: start, id: null, reason: 'it holds no rule' };
  /** Where the value at a path was written. */
  const at = (...keys: ReadonlyArray<string | number>) => lineOf(document.getIn(keys, true) ?? document.contents);
  const read = readFields(value as Record<string, unknown>, at);
  if (!('reason' in read)) return { ...read, where: start };
  const { id } = value as { id?: unknown };
  return { ...read, id: typeof id === 'string' && id.length <= 64 ? `custom/${id}` : null };
}

/** The library's words, without its advice to programmers. */
function plain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('call stack')) return 'nested too deeply';
  return message.split(/\n|; please /, 1)[0] ?? message;
}
