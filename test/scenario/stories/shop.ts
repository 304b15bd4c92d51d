/** A repository of a story: a sound shop, then one commit; the command line does the rest. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { makeRepository, type TestRepository } from '../../support/repository.ts';
import { environmentOf, startGitAmbient } from '../../support/through-git.ts';
import * as python from './python.ts';
import * as typescript from './typescript.ts';

export const stories = { python, typescript };
export type Language = keyof typeof stories;
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const GREEN = { python: ['python3', '-m', 'unittest', '-q'], typescript: ['npm', 'test', '--silent'] };

export interface Row {
  id: string;
  rule: string;
  specialist: string;
  evidence: string;
  status: string;
  files: string[];
}

export interface Shop {
  repo: TestRepository;
  /** Runs a command, which must succeed. */
  ambient(...args: string[]): Promise<string>;
  json<T>(...args: string[]): Promise<T>;
  /** The settings, beside what is committed. */
  configure(text: string): void;
  /** The five are merged, and the project's own tests are green after. */
  mergeAll(rows: readonly Row[]): Promise<void>;
  close(): void;
}

export function openShop(language: Language): Shop {
  const repo = makeRepository({ files: stories[language].base });
  if (language === 'typescript') symlinkSync(modules, join(repo.dir, 'node_modules'));
  writeFileSync(join(repo.dir, '.git/info/exclude'), '.ambient.yml\n', { flag: 'a' });
  // Without blocking: a server may live in this process.
  const ambient = async (...args: string[]) => {
    const { code, stdout, stderr } = await startGitAmbient(repo, ...args).ended;
    assert.is(code, 0, `git ambient ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };
  return {
    repo,
    ambient,
    json: async <T>(...args: string[]) => JSON.parse(await ambient(...args, '--json')) as T,
    configure: (text) => repo.write('.ambient.yml', text),
    async mergeAll(rows) {
      const before = repo.git('rev-list', '--count', 'HEAD');
      // In one command: each is placed and verified on what the one before made.
      await ambient('merge', ...rows.map(({ id }) => id));
      assert.is(Number(repo.git('rev-list', '--count', 'HEAD')) - Number(before), rows.length);
      assert.is(repo.git('status', '--porcelain'), '');
      repo.exec(GREEN[language]);
    },
    close: () => repo.remove(),
  };
}

/** As a person commits: hooks find the command on PATH. */
export function commitAsPerson({ repo }: Shop, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  const options = { env: environmentOf(repo) };
  repo.exec(['git', 'add', '-A'], options);
  repo.exec(['git', 'commit', '-q', '-m', 'What the day brought'], options);
}

/** What telemetry says of models, without a command of ours. */
export function diaryOf({ repo }: Shop): string {
  const ref = repo.git('for-each-ref', '--format=%(refname)', 'refs/ambient/telemetry/');
  return repo.git('grep', '-h', '"model":', ref);
}

export const textOf = ({ repo }: Shop, path: string): string => readFileSync(join(repo.dir, path), 'utf8');
