/** Values inside of SQL that change no statement. */
import { writtenValue } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import {
  isAllowed,
  isChecked,
  isGuarded,
  isJoinedParts,
  isListOfParameters,
  isTypedChoice,
} from './javascript-allowed.ts';
import { isNumeric } from './javascript-numbers.ts';

/** `$1,$2,$3` or `($1,$2),($3,$4)`, one for each element. */
const NUMBERED = /=>\s*(`[^`$]*(\$\$\{[^{}]*\}[^`$]*)+`|(['"])\$\3 *\+ *\(?[\w+ ]+\)?)\s*\)\s*\.join\(/;
/** `COLUMNS[x]`, `{ a: 'b' }[x]` and `COLUMNS.get(x)`, with a default that is written here. */
const LOOKED_UP =
  /^(\(?\{[^{}]*\}\)?|[A-Z][A-Z0-9_]*)(\[[^[\]]+\]|\.get\([^()]*\))(\s*(\|\||\?\?)\s*(['"])[\w. ]*\5)?$/;

/** Pieces of SQL by their name, names of tables and columns, which cannot be parameters, constants, lists of question marks, numbers, and what an escape function returned. */
export function isHarmless(node: Node): boolean {
  const written = writtenValue(node);
  if (/^(this\.)?sql[A-Z]\w*$/.test(node.text()) && !/\breq(uest)?\b|[+$]/.test(written.text())) return true;
  if (written.id() !== node.id() && /['"`]\?['"`]|^['"`]\?/.test(written.text())) return true;
  if (NUMBERED.test(written.text()) || isNumeric(node) || isTypedChoice(node) || isAllowed(written)) return true;
  if (LOOKED_UP.test(written.text()) || isGuarded(node) || isListOfParameters(written)) return true;
  if (isChecked(node) || isJoinedParts(written)) return true;
  const text = node.text();
  return (
    /(table|schema|column|database|fields?)_?(names?|s)?$/i.test(text) ||
    /^[A-Z][A-Z0-9_]*$/.test(text) ||
    node.is('number') ||
    /['"`]\?['"`]|^(\w+\.)?(escape\w*|quote\w*|ident\w*)\(|\bNumber\(|parseInt\(|\.length$/.test(text)
  );
}
