/**
 * What is generated from the code and committed: the rules, the configuration table, the command reference, the JSON Schema for
 * editors. A test compares; `npm run update` rewrites. Rule: the code is the source, these files are its print.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configTable, jsonSchema } from '../src/config/index.ts';
import { extensionSchemas } from '../src/crew/extend/schema.ts';
import { manualPage } from './man.ts';
import { rulesPage } from './rules-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  commands: Record<string, ManifestCommand>;
}
interface ManifestCommand {
  id: string;
  summary?: string;
  description?: string;
  usage?: string | string[];
  hidden?: boolean;
  args: Record<string, { name: string; description?: string; required?: boolean }>;
  flags: Record<string, ManifestFlag>;
}
interface ManifestFlag {
  name: string;
  char?: string;
  summary?: string;
  description?: string;
  helpValue?: string | string[];
  hidden?: boolean;
  required?: boolean;
  type: 'boolean' | 'option';
}

/** Path → content of every generated file. */
export async function generated(): Promise<Record<string, string>> {
  return {
    'docs/rules.md': await rulesPage(),
    'docs/configuration.md': configurationPage(),
    'docs/commands.md': commandsPage(),
    'man/git-ambient.1': manual(),
    'templates/ambient.schema.json': `${JSON.stringify(jsonSchema(), null, 2)}\n`,
    ...extensionFiles(),
  };
}

/** What programs of a repository are told and answer. */
function extensionFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(extensionSchemas).map(([name, schema]) => {
      const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const $schema = 'http://json-schema.org/draft-07/schema#';
      return [`templates/schemas/${file}.schema.json`, `${JSON.stringify({ $schema, ...schema }, null, 2)}\n`];
    }),
  );
}

function configurationPage(): string {
  return `# Configuration: \`.ambient.yml\`

Every key is optional. Precedence: command line > environment variable > file > default. \`git ambient config\` prints each
effective value and where it came from. The file does nothing in a clone until \`git ambient init\` trusts it there; after an
edit the version trusted before stays in force until \`git ambient init\` is run again. Editors that read JSON Schema can use
\`templates/ambient.schema.json\`.

\`git ambient config sandbox.resources.memory\` prints one key with its meaning, \`git ambient config sandbox\` a block. Every
mistake in the file is told at once, each as
\`file:line:column\` with the key that was most likely meant; with \`--json\` as \`data.problems\`. The file is YAML 1.2 in UTF-8, at
most 256 KiB: \`yes\`, \`no\`, \`on\` and \`off\` are text there (write \`true\` and \`false\`), and numbers with a leading zero, tags, merge
keys (\`<<\`) and keys given twice are refused. \`kimi:\` is the old name of \`model:\`. Keys marked **Not active yet** are accepted and
do nothing in this version; \`git ambient doctor\` names those that a file uses.

Where there is no \`.ambient.yml\`, a \`config.yaml\` at the top of the repository is read instead, if it holds nothing but the blocks
\`loop\`, \`steps\` (with a \`tool\` for at least two of \`diagnose\`, \`fix\`, \`attack\` and \`validate\`) and \`events\`. Any other
\`config.yaml\` is somebody else's: it is neither read nor complained about. An empty \`.ambient.yml\` switches this off.

${configTable()}`;
}

function commandsPage(): string {
  return `# Commands

All commands take \`--json\` (except \`watch\`) and \`-C <dir>\`. Exit codes: 0 done · 1 a gate said no, or findings under
\`--check\` · 2 a mistake of the user or the configuration · 3 the environment (no sandbox, no git) · 70 a fault of git-ambient.

${shownCommands().map(commandSection).join('\n')}`;
}

function manual(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commands = shownCommands().map((command) => ({
    id: command.id,
    ...(command.summary === undefined ? {} : { summary: command.summary }),
    ...(command.description === undefined ? {} : { description: command.description }),
    ...describe(command),
  }));
  return manualPage(version, commands);
}

function shownCommands(): ManifestCommand[] {
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest;
  return Object.values(manifest.commands).filter((command) => !command.hidden);
}

/** Usage line, and the arguments and flags that are the command's own. */
function describe(command: ManifestCommand): { usage: string; rows: Array<[string, string]> } {
  const args = Object.values(command.args).map((arg) => (arg.required ? `<${arg.name}>` : `[${arg.name}]`));
  const usage = [command.usage ?? [command.id, ...args].join(' ')].flat()[0] ?? command.id;
  const flags = Object.values(command.flags).filter(
    (flag) => !flag.hidden && !['json', 'directory'].includes(flag.name),
  );
  const rows = [
    ...Object.values(command.args).map((arg): [string, string] => [arg.name, arg.description ?? '']),
    ...flags.map((flag): [string, string] => [
      flagName(flag),
      `${flag.summary ?? ''}${flag.required ? ' (required)' : ''}`,
    ]),
  ];
  return { usage, rows };
}

function commandSection(command: ManifestCommand): string {
  const { usage, rows } = describe(command);
  const cells = rows.map(([term, text]) => `| \`${term}\` | ${text} |`);
  const table = rows.length === 0 ? '' : `\n| | |\n|---|---|\n${cells.join('\n')}\n`;
  const description = command.description ? `\n${command.description}\n` : '';
  return `## \`git ambient ${usage}\`\n\n${command.summary}.\n${description}${table}`;
}

function flagName(flag: ManifestFlag): string {
  const value = flag.type === 'option' ? ` ${[flag.helpValue ?? '<value>'].flat()[0]}` : '';
  return `${flag.char ? `-${flag.char}, ` : ''}--${flag.name}${value}`;
}
