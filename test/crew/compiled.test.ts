/** Tools of Go and Rust, run for real in the sandbox where they are installed; what is not there is said. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from '../../src/base/index.ts';
import { trustConfiguration } from '../../src/config/index.ts';
import { diagnose } from '../../src/crew/diagnose.ts';
import { compilerTools } from '../../src/crew/extend/compiled.ts';
import { type Crew, withCrew } from '../../src/crew/index.ts';
import { run } from '../../src/crew/runner.ts';
import { openRepository } from '../../src/git/index.ts';
import { hasSandbox } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('crew/compiled');
const GO = {
  'go.mod': 'module m\n\ngo 1.20\n',
  'a/a.go': 'package a\n\n// Keep returns it.\nfunc Keep(i int) int {\n\ti = i\n\treturn i\n}\n',
  'a/b.go': 'package a\n\ntype T struct { é int }\n\nvar x  = T{}\n',
  'vendor/v/v.go': 'package   v\n',
};
const RUST = {
  'Cargo.toml': '[workspace]\nmembers = ["core"]\n',
  'core/Cargo.toml': '[package]\nname = "core-of-it"\nversion = "0.1.0"\nedition = "2021"\n',
  'core/src/lib.rs': `/// Über it.
pub fn total(items: &[u32]) -> u32 {
    let sum: u32 = items.iter().sum();
    return sum;
}

pub fn show(word: &str) {
    println!("{}", word.to_string());
}

pub fn odd( ) {}

#[test]
fn adds() {
    assert_eq!(total(&[1, 2]), 3);
    show("é");
    odd();
}
`,
};

const has = async (...argv: string[]) =>
  (await spawn(argv, { env: process.env, timeout: 30_000 }).catch(() => null))?.code === 0;
const hasGo =
  hasSandbox() &&
  (await has('go', 'version')) &&
  (await has('gofmt', '-h').then(async (yes) => yes || (await has('which', 'gofmt'))));
const hasRust = hasSandbox() && (await has('cargo', 'clippy', '--version')) && (await has('rustfmt', '--version'));
if (!hasGo) console.error('crew/compiled: Go is not installed: its tools are not tried');
if (!hasRust) console.error('crew/compiled: clippy and rustfmt are not installed: they are not tried');

async function inCrew(files: Record<string, string>, work: (crew: Crew, head: string) => Promise<void>, config = '') {
  const repo = makeRepository({ files: { ...files, '.ambient.yml': config || 'commit_on_success: false\n' } });
  const repository = await openRepository(repo.dir);
  await trustConfiguration(repository);
  await repository.close();
  await withCrew({ dir: repo.dir }, (crew) => work(crew, repo.git('rev-parse', 'HEAD')));
}
const lookAll = (crew: Crew, head: string) => diagnose(crew, head, { kind: 'all', paths: [] });

if (hasGo)
  test('go vet and gofmt: found in their files, mended, verified and proposed', async () => {
    await inCrew(GO, async (crew, head) => {
      const { found, missing, notes } = await lookAll(crew, head);
      assert.equal([missing, notes], [[], []]);
      const told = found
        .filter(({ finding }) => !/SA\d|S1\d/.test(finding.rule))
        .map(({ finding }) => [finding.rule, finding.path, finding.line, finding.fixable]);
      assert.equal(
        told.sort(),
        [
          ['go/unformatted', 'a/b.go', 3, true],
          ['go/unformatted', 'a/b.go', 5, true],
          ['go/vet-assign', 'a/a.go', 5, true],
        ].sort(),
      );
      const [report] = await run(crew, { all: true });
      assert.is(report?.proposals.length, 2, JSON.stringify(report));
      const after = async (path: string) => {
        for (const id of report?.proposals ?? []) {
          const { proposal } = await crew.store.proposals.find(id);
          const blob = await crew.repository.objects.blobAt(proposal.tree, path);
          const text = blob?.content.toString() ?? '';
          if (text !== (GO as Record<string, string>)[path]) return [proposal.title, text];
        }
        return [];
      };
      assert.equal(await after('a/b.go'), [
        'Format as gofmt does in a/b.go',
        'package a\n\ntype T struct{ é int }\n\nvar x = T{}\n',
      ]);
      assert.equal(await after('a/a.go'), ['Follow go vet: assign in a/a.go', GO['a/a.go'].replace('\ti = i\n', '')]);
    });
  });

if (hasRust)
  test('clippy and rustfmt: by lint class, with the paths of a workspace', async () => {
    await inCrew(RUST, async (crew, head) => {
      const { found, missing, notes } = await lookAll(crew, head);
      assert.equal([missing, notes], [[], []]);
      const told = found.map(({ finding }) => [finding.rule, finding.specialist, finding.line, finding.fixable]);
      assert.equal(told.sort(), [
        ['rust/needless_return', 'StyleEnforcer', 4, true],
        ['rust/to_string_in_format_args', 'PerformanceOptimizer', 8, true],
        ['rust/unformatted', 'StyleEnforcer', 11, true],
      ]);
      const bytes = Buffer.from(RUST['core/src/lib.rs']);
      const after = found.map(({ edits }) =>
        edits.map(({ start, end, text }) => [bytes.subarray(start, end).toString(), text].join(' → ')).join(),
      );
      assert.equal(
        after.sort(),
        ['return sum → sum,; → ', '.to_string() → ', 'pub fn odd( ) {}\n → pub fn odd() {}\n'].sort(),
      );
    });
  });

if (hasSandbox())
  test('what is not admitted is said, and is no failure', async () => {
    const config = "sandbox: { allowed_commands: ['^python3'] }\n";
    await inCrew(
      { ...GO, ...RUST },
      async (crew, head) => {
        const { found, missing, notes } = await lookAll(crew, head);
        assert.equal([found, missing], [[], []]);
        assert.equal(
          notes.map((note) => note.split(':')[0]),
          ['gofmt', 'go vet', 'rustfmt', 'cargo clippy'],
        );
        const tools = await compilerTools(crew, (await crew.repository.objects.commit(head)).tree);
        assert.equal(tools.map(({ name, optional }) => [name, optional]).at(2), ['staticcheck', true]);
      },
      config,
    );
  });

test.run();
