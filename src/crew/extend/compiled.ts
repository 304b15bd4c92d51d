/**
 * What the tools of Go and Rust say of changed files. Rule: they run in the sandbox, for compiling runs code of the tree; only
 * what is admitted and installed is run, and what cannot be is said, not missed.
 */

import { isUtf8 } from 'node:buffer';
import { basename, join } from 'node:path/posix';
import { AmbientError, digest, redact } from '../../base/index.ts';
import { isGenerated } from '../../code/index.ts';
import { type Programs, proofs, type Stand } from '../../evaluate/index.ts';
import type { TreeEntry } from '../../git/index.ts';
import { rank } from '../../policy/index.ts';
import { isAllowed, type SandboxResult } from '../../sandbox/index.ts';
import {
  type CompiledFile,
  type CompiledFindings,
  compiled,
  type Diagnosed,
  type Rule,
  type Told,
} from '../../specialists/index.ts';
import type { Crew } from '../open.ts';
import { programsOn, unlessAbsent } from '../proofs.ts';
import { orMissing } from '../sources.ts';
import { folderOf, foldersAbove } from './folders.ts';
import { formatterFor } from './formatters.ts';

export interface CompiledReport {
  found: Diagnosed[];
  rules: Rule[];
  /** Tools that failed: what they would have said is not known. */
  missing: Array<{ specialist: string; paths: string[]; reason: string }>;
  /** What is not on this machine, or not admitted. */
  notes: string[];
  files: number;
}

const NAME = 'Compilers';
/** Milliseconds of one run, which may compile everything that the package is built from. */
const TIMEOUT = 300_000;
const MIB = 1024 ** 2;
/** Files of one look that are formatted. */
const MOST_FORMATTED = 200;

type Language = 'go' | 'rust';
interface Tool {
  name: string;
  language: Language;
  /** As it is admitted. */
  argv: readonly string[];
  /** Its absence is worth no word in a cycle. */
  optional?: true;
}

const TOOLS: readonly Tool[] = [
  { name: 'gofmt', language: 'go', argv: ['gofmt'] },
  { name: 'go vet', language: 'go', argv: ['go', 'vet', '-json', './...'] },
  { name: 'staticcheck', language: 'go', argv: ['staticcheck', '-f', 'json', './...'], optional: true },
  { name: 'rustfmt', language: 'rust', argv: ['rustfmt'] },
  { name: 'cargo clippy', language: 'rust', argv: ['cargo', 'clippy', '--all-targets', '--message-format=json'] },
];

/** Looks at the files of Go and Rust among `entries`, which are of `tree`. */
export async function askCompilers(crew: Crew, tree: string, entries: readonly TreeEntry[]): Promise<CompiledReport> {
  const report: CompiledReport = { found: [], rules: [], missing: [], notes: [], files: 0 };
  const files = await filesAmong(crew, entries);
  if (files.length === 0) return report;
  report.files = files.length;
  try {
    const programs = await programsOn(crew, tree);
    const tools = await toolsFor(crew, programs, new Set(files.map(({ path }) => languageOf(path))));
    for (const { name, optional, reason } of tools)
      if (reason !== null && !optional) report.notes.push(`${name}: ${reason}`);
    const usable = tools.filter(({ reason }) => reason === null).map(({ name }) => name);
    for (const language of ['go', 'rust'] as const) {
      const own = files.filter(({ path }) => languageOf(path) === language);
      if (own.length > 0) await look({ crew, tree, programs, usable, report }, language, own);
    }
  } catch (error) {
    if (crew.signal.aborted || !(error instanceof AmbientError) || error.kind === 'bug') throw error;
    report.notes.push(`Go and Rust are not looked at: ${error.message}`);
  }
  const threshold = rank(crew.config.agents.SecurityGuardian.severity_threshold);
  const isWanted = ({ specialist, severity }: Diagnosed['finding']) =>
    crew.config.agents.enabled.includes(specialist) &&
    (specialist !== 'SecurityGuardian' || rank(severity) >= threshold);
  return { ...report, found: report.found.filter(({ finding }) => isWanted(finding)) };
}

/** For `doctor`: each tool for the languages of the tree, and why it is not used. */
export async function compilerTools(
  crew: Crew,
  tree: string,
): Promise<Array<{ name: string; reason: string | null; optional: boolean }>> {
  const paths = (await crew.repository.trees.list(tree)).map(({ path }) => path).filter(isCompiled);
  if (paths.length === 0) return [];
  const tools = await unlessAbsent(async () =>
    toolsFor(crew, await programsOn(crew, tree), new Set(paths.map((path) => languageOf(path)))),
  );
  return (tools ?? []).map(({ name, reason, optional = false }) => ({ name, reason, optional }));
}

async function toolsFor(crew: Crew, { toolchain }: Programs, languages: ReadonlySet<Language>) {
  const wanted = TOOLS.filter(({ language }) => languages.has(language));
  return Promise.all(
    wanted.map(async (tool) => {
      const [program = ''] = tool.argv;
      const verdict = isAllowed(tool.argv, crew.config.sandbox.allowed_commands);
      if (!verdict.allowed) return { ...tool, reason: verdict.reason };
      if ((await toolchain.find(program)) !== null) return { ...tool, reason: null };
      const why = await toolchain.unseen?.(program);
      return { ...tool, reason: why ? `it is not there in the sandbox: ${why}` : 'it is not installed' };
    }),
  );
}

interface Looking {
  crew: Crew;
  tree: string;
  programs: Programs;
  usable: readonly string[];
  report: CompiledReport;
}

/** First what compiles, then, in a slot that no code of the tree has seen, what formats. */
async function look(looking: Looking, language: Language, files: readonly CompiledFile[]): Promise<void> {
  const { crew, tree, programs, report, usable } = looking;
  const told: Told[] = [];
  for (const [home, own] of homesOf(files, language, programs.files.paths))
    for (const name of COMPILING[language].filter((one) => usable.includes(one)))
      told.push(
        ...(await askAbout(looking, name, home, own)).filter((one) => !told.some((other) => isTwin(one, other))),
      );
  const tool = language === 'go' ? 'gofmt' : 'rustfmt';
  const take = ({ found, rules }: CompiledFindings) => {
    report.found.push(...found);
    report.rules.push(...rules);
  };
  if (!usable.includes(tool)) for (const file of files) take(await compiled.compiledFindings(file, told));
  else
    await programs.on([tree], async (stand) => {
      for (const file of files.slice(0, MOST_FORMATTED)) {
        crew.signal.throwIfAborted();
        const format = await formatterFor(stand, programs, tool, file.path);
        if (format !== null) take(await compiled.formatFindings(file, tool, format));
        take(await compiled.compiledFindings(file, told, format));
      }
    });
}

const COMPILING: Record<Language, string[]> = { go: ['go vet', 'staticcheck'], rust: ['cargo clippy'] };

/** Staticcheck says of many lines what vet has said. */
function isTwin(one: Told, other: Told): boolean {
  const isSame = 'line' in one.place && 'line' in other.place && one.place.line === other.place.line;
  return isSame && one.tool !== other.tool && one.path === other.path;
}

/** By the folder of the module or crate that they belong to; others are in none. */
function homesOf(
  files: readonly CompiledFile[],
  language: Language,
  paths: readonly string[],
): Map<string, CompiledFile[]> {
  const manifest = language === 'go' ? 'go.mod' : 'Cargo.toml';
  const known = new Set(paths.filter((path) => basename(path) === manifest).map(folderOf));
  const homes = new Map<string, CompiledFile[]>();
  for (const file of files) {
    const home = foldersAbove(folderOf(file.path)).find((folder) => known.has(folder));
    if (home !== undefined) homes.set(home, [...(homes.get(home) ?? []), file]);
  }
  return homes;
}

/** What a tool says of the package in `home`, with paths of the repository. The same question is not put twice. */
async function askAbout(looking: Looking, name: string, home: string, files: readonly CompiledFile[]): Promise<Told[]> {
  const { crew, tree, programs, report } = looking;
  const argv = TOOLS.find((tool) => tool.name === name)?.argv ?? [];
  const stamp = (await programs.toolchain.find(argv[0] ?? ''))?.stamp ?? '';
  const key = `compiled-${digest(['1', tree, home, stamp, JSON.stringify([argv, crew.config.sandbox])], 32)}`;
  const known = (await crew.store.cache.get(key)) as Told[] | null | undefined;
  if (known !== null && known !== undefined) return known;
  crew.log.progress(`${name} looks at ${home === '' ? 'the top' : home}`);
  const lost = (reason: string) =>
    report.missing.push({ specialist: NAME, paths: files.map(({ path }) => path), reason });
  const prepared = await proofs.prepareCompiled(name === 'staticcheck' ? ['go', 'vet'] : argv);
  const args = name === 'staticcheck' ? argv.slice(1) : prepared.args;
  const env = {
    ...prepared.env,
    ...(name === 'cargo clippy' ? {} : { GOFLAGS: goFlags(home, programs.files.paths) }),
    // It asks go for compiled packages, which go then wants to keep.
    ...(name === 'staticcheck' ? { GOCACHE: '/tmp/go-build' } : {}),
  };
  const told = await programs.on([tree], async (stand) => {
    const command = {
      argv: [argv[0] ?? '', ...args],
      cwd: home,
      env,
      lent: prepared.lent,
      timeout: TIMEOUT,
      compiles: true as const,
    };
    const result = await stand.run(command);
    const read = readAs(name, result);
    const offline = neverFetched(`${result.stdout}\n${result.stderr}`);
    if (offline !== null) report.notes.push(`${name}: ${offline}`);
    else if (read === null) lost(`${name} ${whyNot(result)}`);
    return read === null || offline !== null ? null : await placed(read, stand, programs, home);
  });
  if (told !== null) await crew.store.cache.put(key, told);
  return told ?? [];
}

function goFlags(home: string, paths: readonly string[]): string {
  const own = paths.some((path) => path === join(home, 'vendor/modules.txt') || basename(path) === 'go.work');
  // Neither a vendored module nor a workspace accepts the flag.
  return `${own ? '' : '-mod=mod '}-buildvcs=false`;
}

function readAs(name: string, result: SandboxResult): Told[] | null {
  const { code, stdout, stderr, setupError, timedOut, oom, diskFull, truncated } = result;
  if (setupError !== null || timedOut || oom || diskFull || truncated) return null;
  if (name === 'staticcheck') return code === 0 || code === 1 ? compiled.readStaticcheck(stdout) : null;
  // Where it prints has changed with its versions.
  if (name === 'go vet') return code === 0 ? compiled.readVet(stdout.trim() === '' ? stderr : stdout) : null;
  const read = compiled.readClippy(stdout);
  // What clippy denies is an error to cargo, and fails the build as one of the compiler does.
  return read === null || (!read.compiles && read.told.every(({ severity }) => severity === 'low')) ? null : read.told;
}

/** There is no network to fetch it now: that says something about this machine, not about the tree. */
function neverFetched(output: string): string | null {
  if (/module lookup disabled by GOPROXY=off|missing go\.sum entry/.test(output))
    return 'modules of it are not on this machine: go mod download';
  if (/you're using offline mode|--offline was specified|in the offline mode/.test(output))
    return 'crates of it are not on this machine: cargo fetch';
  return /no such (?:sub)?command: [`']clippy|'cargo-clippy' is not installed/.test(output)
    ? 'clippy is not installed: rustup component add clippy'
    : null;
}

function whyNot({
  setupError,
  timedOut,
  oom,
  diskFull,
  truncated,
  code,
  signal,
  stdout,
  stderr,
}: SandboxResult): string {
  if (setupError !== null) return `was not run: ${setupError.replace(/ \(looked in .*\)$/s, '')}`;
  if (timedOut) return `gave no answer within ${TIMEOUT / 1000} s`;
  if (oom || diskFull || truncated) return `took too much ${oom ? 'memory' : diskFull ? 'room on the disk' : 'to say'}`;
  const said = redact(stderr || stdout)
    .split('\n')
    .filter((line) => /^(error|vet:|\{|\S+:\d+)/.test(line))
    .at(0);
  return `ended with ${code ?? signal}${said === undefined ? '' : `: ${said.slice(0, 200)}`}`;
}

/** With paths of the repository; what lies elsewhere (the standard library, a crate) is none of its business. */
async function placed(told: readonly Told[], { dir }: Stand, { files }: Programs, home: string): Promise<Told[]> {
  const known = new Set(files.paths);
  const tops: string[] = [];
  // Paths of rustc count from the top of the workspace.
  for (const folder of foldersAbove(home))
    if (folder === home || /^\[workspace\]/m.test((await files.read(join(folder, 'Cargo.toml'))) ?? ''))
      tops.push(folder);
  return told.flatMap((one) => {
    const inside = [`${dir}/`, '/slot/'].find((start) => one.path.startsWith(start));
    const names =
      inside === undefined ? tops.toReversed().map((top) => join(top, one.path)) : [one.path.slice(inside.length)];
    const path = names.find((name) => known.has(name));
    return path === undefined ? [] : [{ ...one, path }];
  });
}

async function filesAmong(crew: Crew, entries: readonly TreeEntry[]): Promise<CompiledFile[]> {
  const wanted = entries.filter(({ path, mode }) => mode.startsWith('100') && isCompiled(path));
  const read = await Promise.all(
    wanted.map(async ({ path, oid }) => {
      const bytes = await crew.repository.objects.blob(oid).catch(orMissing);
      if (bytes === null || bytes.length > MIB || !isUtf8(bytes)) return null;
      const text = bytes.toString('utf8');
      return isGenerated(path, text) || text.includes('\0') ? null : { path, blob: oid, text };
    }),
  );
  return read.filter((file) => file !== null).sort((a, b) => (a.path < b.path ? -1 : 1));
}

const isCompiled = (path: string) =>
  /\.(go|rs)$/.test(path) && !/(^|\/)(vendor|testdata|target|third_party)\//.test(path);
const languageOf = (path: string): Language => (path.endsWith('.go') ? 'go' : 'rust');
