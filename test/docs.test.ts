/** Every command that the documentation shows is run here, in the order of its page, on a repository with proposals. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, hasSandbox, makeInitialised, waitForCrew } from './support/cli.ts';
import { sound, unusedImport } from './support/defects.ts';
import { publishProposals } from './support/proposals.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
const test = suite('docs');

/** Lines `git ambient …` of fenced blocks, and of inline code. Output in demonstrations is not a command. */
function commandsOf(page: string): string[] {
  const found: string[] = [];
  // A heading of the reference is a usage line, not a command.
  const text = page.replace(/^## .*$/gm, '');
  for (const block of text.matchAll(/```(?:sh|console)\n([\s\S]*?)```/g))
    for (const line of (block[1] ?? '').split('\n')) {
      const command = /^(?:\$ )?(git ambient [^#]*)/.exec(line.trim());
      if (command?.[1]) found.push(command[1].trim());
    }
  for (const inline of text.matchAll(/`(git ambient [a-z][^`]*)`/g)) if (inline[1]) found.push(inline[1]);
  return found;
}

/** Those that a page explains in the abstract: `[target]` is a usage line, `…` an ellipsis. */
const abstract = (command: string) =>
  // An image is built by the engine of this machine, which other tests use meanwhile.
  /[[\]…]|<argv>|\bambient$|sandbox build/.test(command) || /^git ambient (merge|show|diff|reject)$/.test(command);
/** Commands that an earlier page has had run: a second time would show nothing new. */
const ran = new Set<string>();
/** What must be said of a command's exit code: anything else is a failure. */
const allowed: Array<[RegExp, number[]]> = [
  [/^git ambient (verify|merge|sandbox|apply)/, [0, 1]],
  [/^git ambient doctor/, [0, 3]],
  // No mirror is configured here.
  [/^git ambient advisories --update/, [0, 2]],
  // Nothing comes from standard input here: no event, no patch.
  [/^git ambient notify/, [0, 2]],
  [/^git ambient apply -/, [1]],
];

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  for (const page of pages)
    test(`${page}: its commands run`, async () => {
      const commands = commandsOf(readFileSync(join(root, page), 'utf8')).filter((command) => !abstract(command));
      if (page === 'README.md') assert.ok(commands.length > 5, 'the README shows commands');
      const repo = makeInitialised(sound);
      // `verify HEAD` compares with a parent.
      repo.commit('notes', { 'NOTES.md': 'hello\n' });
      repo.git('config', 'diff.tool', 'mine');
      repo.git('config', 'difftool.mine.cmd', 'cat "$REMOTE"');
      let made = 0;
      for (const command of commands) {
        if (ran.has(command) || /uninstall|watch|--follow|quickstart/.test(command)) continue;
        // A fresh proposal for each command that needs one: `merge` uses one up. Written, not worked for: that is slow.
        let line = command;
        if (/<id>|[0-9a-f]{12}/.test(command)) {
          made += 1;
          const path = `shop/report${made}.py`;
          repo.commit(`work ${made}`, { [path]: unusedImport });
          const mended = unusedImport.replace('import os\n', '');
          const facts = { title: 'Remove an import', rule: 'python/unused-import', risk: 'medium' as const };
          const [proposal] = await publishProposals(repo, [{ ...facts, files: { [path]: mended } }]);
          line = command.replace(/<id>|[0-9a-f]{12}/g, proposal?.id ?? '');
        }
        const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(2);
        // A page that installs the hook has commits that wake the crew, and only one runner works at a time.
        if (/^git ambient run/.test(command)) waitForCrew(repo);
        const result = ambient(
          repo,
          argv.map((word) => word.replace('<rev>', 'HEAD').replace('<dir>', repo.dir)),
        );
        const codes = allowed.find(([pattern]) => pattern.test(command))?.[1] ?? [0];
        assert.ok(codes.includes(result.code ?? -1), `${line}: ${result.code}\n${result.stdout}${result.stderr}`);
        ran.add(command);
      }
    });

test('every command that exists is documented, and only those are', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, unknown>;
  };
  const existing = Object.keys(manifest.commands);
  const text = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('\n');
  for (const command of existing) assert.match(text, new RegExp(`git ambient ${command}\\b`), command);
  for (const match of text.matchAll(/`git ambient ([a-z]+)/g)) assert.ok(existing.includes(match[1] ?? ''), match[0]);
});

test.run();
