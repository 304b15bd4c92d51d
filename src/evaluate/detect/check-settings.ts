/**
 * Do settings ask for more than before? Pure. Rule: only what is known to be stricter counts; a setting that nobody here
 * knows, and any other difference than in values, does not.
 */

interface Setting {
  name: string;
  value: string;
}

const SETTING = /["']?([A-Za-z_][\w.-]*)["']?\s*[:=](?![=>])\s*("[^"\n]*"|'[^'\n]*'|-?[\w.%-]+)/g;
const HIGHER =
  /^(fail[_-]under|branches|functions|lines|statements|threshold|min[_-]?coverage|target|check-coverage|minimum)$/;
const LOWER = /^(max[_-]warnings|max[_-]complexity|complexity|max-depth)$/;
const WHEN_TRUE =
  /^(strict\w*|no[A-Z]\w*|no_implicit\w*|alwaysStrict|exactOptionalPropertyTypes|useUnknownInCatchVariables|forceConsistentCasingInFileNames|disallow_\w+|check_untyped_defs|warn_\w+|xfail_strict|branch|isolatedModules|verbatimModuleSyntax|erasableSyntaxOnly)$/;
const WHEN_FALSE =
  /^(allow[A-Z]\w*|skipLibCheck|ignore_missing_imports|ignore_errors|passWithNoTests|implicit_reexport)$/;
const LEVELS = ['off', 'hint', 'info', 'information', 'warn', 'warning', 'error'];

export function asksForMore(before: string, after: string): boolean {
  const [old, now] = [parse(before), parse(after)];
  if (old.rest !== now.rest) return false;
  const gone = without(old.settings, now.settings);
  const added = without(now.settings, old.settings);
  for (const { name, value } of added) {
    const at = gone.findIndex((one) => one.name === name);
    const was = at === -1 ? null : (gone.splice(at, 1)[0]?.value ?? null);
    if (!isStricter(name, was, value)) return false;
  }
  // What is left out falls back to a default that nobody knows here.
  return gone.length === 0;
}

function isStricter(name: string, was: string | null, value: string): boolean {
  if (WHEN_TRUE.test(name)) return /^true$/i.test(value);
  if (WHEN_FALSE.test(name)) return /^false$/i.test(value);
  const [from, to] = [Number.parseFloat(was ?? 'NaN'), Number.parseFloat(value)];
  if (HIGHER.test(name)) return was === null ? to > 0 : to > from;
  if (LOWER.test(name)) return was === null ? to >= 0 : to < from;
  const [low, high] = [LEVELS.indexOf(was ?? ''), LEVELS.indexOf(value)];
  return low !== -1 && high > low;
}

function parse(text: string): { settings: Setting[]; rest: string } {
  const plain = text.replace(/^\s*(#|\/\/|;).*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const settings = [...plain.matchAll(SETTING)].map(([, name = '', value = '']) => ({
    name,
    value: value.replace(/^["']|["']$/g, ''),
  }));
  return { settings, rest: plain.replace(SETTING, '').replace(/[\s,]+/g, '') };
}

/** `all` less those of `others`, as a bag. */
function without(all: readonly Setting[], others: readonly Setting[]): Setting[] {
  const left = [...others];
  return all.filter(({ name, value }) => {
    const at = left.findIndex((one) => one.name === name && one.value === value);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
