/** The page of all rules. Rule: nothing is written here that the rules and the defaults do not say themselves. */
import { defaults } from '../src/config/index.ts';
import { embedded, loadSpecialist, type Rule } from '../src/specialists/index.ts';

/** Markdown: one table for each specialist, sorted by id. */
export async function rulesPage(): Promise<string> {
  const specialists = await Promise.all(embedded.map(loadSpecialist));
  const all = specialists.flatMap((specialist) => specialist.rules);
  const fixes = all.filter((rule) => rule.fixable).length;
  const sections = specialists.map(({ name, rules }) => `## ${name}\n\n${introduction(name)}${table(rules)}`);
  return `# Rules

${all.length} rules work without a model; ${fixes} of them write a fix, and every fix is verified before anybody sees it. **fix** means that
the rule writes one where the edit is certainly right, and reports elsewhere; **report** means that a person decides. The
rationale of a rule stands in each of its proposals (\`git ambient show <id>\`).

A rule is left out by its id, or by the name that it has in another linter (\`# noqa: S501\`, \`eslint-disable\`,
\`# pylint: disable\`, \`biome-ignore\`, \`# nosec\`, \`nosemgrep\`), in the comment or the configuration that this linter reads;
\`# ambient: ignore <id>\` and \`// ambient: ignore <id>\` work everywhere, \`ambient: ignore-next-line\` and \`ambient: ignore-file\` too. What the
repository's own linters exclude (\`.eslintignore\`, \`.prettierignore\`, biome, ruff, flake8, pylint), what \`.gitignore\` names, and
what \`.editorconfig\` leaves without a style is not looked at by RefactorArchitect, StyleEnforcer and PerformanceOptimizer; what
\`.gitattributes\` calls \`linguist-generated\` or \`linguist-vendored\` is looked at by nobody.

${sections.join('\n')}`;
}

function introduction(name: string): string {
  if (name === 'TestEnhancer') return written();
  return name === 'SecurityGuardian' ? hidden() : name === 'RefactorArchitect' ? moving() : '';
}

/** What moves code, and the limits of what is only reported. */
function moving(): string {
  const { complexity_threshold, max_function_lines } = defaults().agents.RefactorArchitect;
  return `**fix with tests** means that code is moved, and that this is proposed only when the repository's tests notice that the replaced
lines are broken ([evaluation.md](evaluation.md#covered-or-only-alike)); without such tests the finding stays, and \`git ambient run\` says so. One file has one
such fix at a time. \`agents.RefactorArchitect.complexity_threshold\` (${complexity_threshold}) and \`max_function_lines\` (${max_function_lines}) are the limits of what is
reported; of such findings a file has at most three of each rule. Tests, examples and documentation are left alone.\n\n`;
}

/** What is written rather than mended. */
function written(): string {
  const { coverage_threshold: share } = defaults().agents.TestEnhancer;
  return `When a commit touches a function that only computes and that no test names, a test for it is proposed under
\`untested-function\`: pytest or unittest, node:test, vitest, jest, mocha or uvu, in the place and the manner of the tests that are there.
Its values are what the function answers today at the edges of its input, seen in three runs of the base in the sandbox; what holds for
every input by the function's name (encode and decode, normalising twice, either order) is asserted as such. It is proposed only
when it passes three times in fresh slots, reaches \`agents.TestEnhancer.coverage_threshold\` (${share}) percent of the function's lines, and
notices a broken version of the function that no other test notices. At most eight cases for a function, three files in a cycle; those in
\`agents.TestEnhancer.prioritize_paths\` first. Such a test says what the code does, not what it should do: a value that surprises
you is a reason to reject it, and to look at the code. Nothing is written for functions that read or change anything but their
arguments, whose arguments cannot be made (a class of your own), or whose module does something when it is loaded; for
a class's methods; or where the repository has no test of the language.\n\n`;
}

/** Rules that are off by the default of a setting. */
function hidden(): string {
  const least = defaults().agents.SecurityGuardian.severity_threshold;
  return `Findings below \`agents.SecurityGuardian.severity_threshold\` are left out. Its default is \`${least}\`: rules of a lower severity
speak only when \`.ambient.yml\` sets it to \`low\`.\n\n`;
}

function table(rules: readonly Rule[]): string {
  const rows = rules
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(
      ({ id, severity, cwe, fixable, demandsTests, title }) =>
        `| \`${id}\` | ${severity} | ${cwe ?? ''} | ${fixable ? (demandsTests ? 'fix with tests' : 'fix') : 'report'} | ${title} |`,
    );
  return `| id | severity | CWE | | title |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
