/** `doctor`: probes everything that the crew needs and says the fix. Rule: every line comes from a real probe. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import { inactiveAmong } from '../config/index.ts';
import type { DetectedCheck } from '../evaluate/index.ts';
import { repositoryChecks, sandboxOf } from './checks.ts';
import { contentProbes } from './content.ts';
import { dependencyProbes } from './dependency-probe.ts';
import { enabledSpecialists } from './diagnose.ts';
import { ownSpecialists } from './extend/own.ts';
import { ownProbes } from './extend/own-probes.ts';
import { type HookSight, hookProbes } from './hook-probes.ts';
import { findLanding, landingNote } from './landing.ts';
import type { Crew } from './open.ts';
import { restingLines } from './resting.ts';
import { grantFor } from './sandbox-grants.ts';

export interface Probe {
  name: string;
  /** `warn`: works, but less than it could. `fail`: something that was asked for cannot be done. */
  level: 'ok' | 'warn' | 'fail';
  message: string;
  hint: string | null;
}

export async function examine(crew: Crew, hooks: readonly HookSight[]): Promise<Probe[]> {
  const { woken } = await crew.store.state.read();
  return [
    ok('git', crew.repository.info.version.join('.')),
    ok('node', process.versions.node),
    trustProbe(crew),
    ...keyProbes(crew),
    ...hookProbes(hooks, woken, crew.config.pre_push),
    await sandboxProbe(crew),
    ...(await checkProbes(crew)),
    specialistsProbe(crew),
    ...(await restingProbes(crew)),
    ...(await ownProbes(crew)),
    ...(await modelProbes(crew)),
    ...(await contentProbes(crew)),
    await recordsProbe(crew),
    ...(await landingProbes(crew)),
  ];
}

function ok(name: string, message: string): Probe {
  return { name, level: 'ok', message, hint: null };
}

function trustProbe(crew: Crew): Probe {
  const { trusted, changed } = crew.trust;
  const hint = 'git ambient init';
  if (trusted === null)
    return { name: 'configuration', level: 'warn', message: 'nothing is trusted in this clone yet', hint };
  if (changed)
    return {
      name: 'configuration',
      level: 'warn',
      message: 'it changed; the version trusted before is in force',
      hint,
    };
  return ok('configuration', `trusted (${trusted.slice(0, 12)})`);
}

/** What is said and does nothing, for either reason. */
function keyProbes(crew: Crew): Probe[] {
  const said = Object.keys(crew.sources).filter((key) => crew.sources[key] !== 'default');
  const waiting = inactiveAmong(said);
  const { workTree } = crew.repository.info;
  const misnamed = workTree !== null && existsSync(join(workTree, '.ambient.yaml'));
  const note = (name: string, message: string, hint: string | null): Probe => ({ name, level: 'warn', message, hint });
  return [
    ...(waiting.length > 0 ? [note('keys', `not active yet: ${waiting.join(', ')}`, null)] : []),
    ...(misnamed ? [note('.ambient.yaml', 'it is not read: the file is called .ambient.yml', 'rename it')] : []),
  ];
}

/** Really asks, where somebody answers: a word, not a prompt of the repository. */
async function modelProbes(crew: Crew): Promise<Probe[]> {
  const { provider } = crew.config.model;
  if (provider === 'none' || provider === 'replay') return [];
  const { modelName, tryModel } = await import('./ask-models.ts');
  try {
    await tryModel(crew);
    return [ok('model', `${modelName(crew)} answers`)];
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    // What needs no model works all the same.
    return [{ name: 'model', level: 'warn', message: error.message, hint: error.hint ?? null }];
  }
}

/** Only where there is something to say. */
async function landingProbes(crew: Crew): Promise<Probe[]> {
  const landing = await findLanding(crew);
  if (landing === null) return [];
  if (landing.pid !== null) return [ok('landing', landingNote(landing))];
  return [{ name: 'landing', level: 'warn', message: landingNote(landing), hint: 'git ambient run' }];
}

async function sandboxProbe(crew: Crew): Promise<Probe> {
  try {
    const driver = await sandboxOf(crew);
    const grant = await grantFor(crew);
    if (grant === undefined) return ok('sandbox', `${driver.name} works`);
    const until = new Date(grant.until).toISOString();
    const message = `${driver.name} works, with the ${grant.network} network until ${until}`;
    return { name: 'sandbox', level: 'warn', message, hint: 'git ambient sandbox revoke' };
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    return { name: 'sandbox', level: 'fail', message: error.message, hint: error.hint ?? null };
  }
}

async function checkProbes(crew: Crew): Promise<Probe[]> {
  const head = await crew.repository.objects.resolve('HEAD^{tree}');
  if (head === null) return [{ name: 'checks', level: 'warn', message: 'no commit yet', hint: 'commit something' }];
  const checks = await probeChecks(crew, head);
  if (checks.length === 0)
    return [
      {
        name: 'checks',
        level: 'warn',
        message: 'no test, type or lint check found: proposals rest on analysis alone',
        hint: 'name your own in `checks:` of .ambient.yml',
      },
    ];
  const lines = checks.map(
    (check): Probe =>
      check.runnable
        ? ok(`check ${check.name}`, check.asked.join(' '))
        : { name: `check ${check.name}`, level: 'warn', message: `not run: ${check.reason}`, hint: null },
  );
  return [...lines, ...(await dependencyProbes(crew.repository.info.workTree, checks))];
}

/** Tools are asked in the sandbox; the room for it is a passing one, because looking writes nothing to a repository. */
async function probeChecks(crew: Crew, tree: string): Promise<DetectedCheck[]> {
  const room = await mkdtemp(join(tmpdir(), 'git-ambient-doctor-'));
  try {
    return (await repositoryChecks(crew, tree, room)).detected;
  } catch (error) {
    // Without a sandbox that is the fault to mend, and it has its own line.
    if (error instanceof AmbientError && (error.code === 'no-sandbox' || error.code === 'no-grant')) return [];
    throw error;
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

function specialistsProbe(crew: Crew): Probe {
  const active = [...enabledSpecialists(crew), ...ownSpecialists(crew).map(({ name }) => name)];
  const waiting = crew.config.agents.enabled.filter((name) => !(active as string[]).includes(name));
  if (waiting.length === 0) return ok('specialists', active.join(', '));
  const idle = waiting.map((name) => `${name} has no rules here and no command`);
  return ok('specialists', `${active.join(', ') || 'none'} (${idle.join(', ')})`);
}

/** Only where there is something to say. */
async function restingProbes(crew: Crew): Promise<Probe[]> {
  const hint = 'mend what is named; changed and trusted again, the configuration lets all of them begin afresh';
  return (await restingLines(crew)).map((message) => ({ name: 'resting', level: 'warn', message, hint }));
}

async function recordsProbe(crew: Crew): Promise<Probe> {
  const { unknown, broken } = await crew.store.health();
  if (unknown + broken === 0) return ok('records', 'all readable');
  return {
    name: 'records',
    level: 'warn',
    message: `${unknown} of a kind or version that this program does not know, ${broken} damaged; they were left alone`,
    hint: unknown > 0 ? 'a newer git-ambient wrote them: update this one' : null,
  };
}
