/** Lines of `doctor` about what the repository adds. Rule: only where it adds something; nothing of it is started. */
import { AmbientError } from '../../base/index.ts';
import { isAllowed, parseCommand } from '../../sandbox/index.ts';
import { openWorkers } from '../../swarm/index.ts';
import type { Probe } from '../doctor.ts';
import { type Crew, once } from '../open.ts';
import { snapshotOf, snapshotPath } from './advisories.ts';
import { compilerTools } from './compiled.ts';
import { ownRules, ownSpecialists } from './own.ts';

export async function ownProbes(crew: Crew): Promise<Probe[]> {
  return [
    ...(await ruleProbes(crew)),
    ...programProbes(crew),
    ...(await adviceProbes(crew)),
    ...(await compilerProbes(crew)),
    ...(await spoolProbes(crew)),
  ];
}

async function ruleProbes(crew: Crew): Promise<Probe[]> {
  const { rules, refused } = await ownRules(crew, () => once(crew, 'workers', async () => openWorkers()));
  const used = rules.length === 0 ? [] : [probe('rules', 'ok', `${rules.length} of this repository: ${named(rules)}`)];
  return [
    ...used,
    ...refused.map(({ path, reason }) =>
      probe('rules', 'warn', `${path}: ${reason}`, 'git ambient config --check-rules'),
    ),
  ];
}

function named(rules: ReadonlyArray<{ id: string }>): string {
  const shown = rules.slice(0, 5).map(({ id }) => id);
  return rules.length > 5 ? `${shown.join(', ')} and ${rules.length - 5} more` : shown.join(', ');
}

/** A program that may not run says so before the first cycle does. */
function programProbes({ config }: Crew): Probe[] {
  const programs = [
    ...ownSpecialists({ config } as Crew).map(({ name, command }) => ({ what: `specialist ${name}`, command })),
    ...config.risk_policy.custom_gates.map((command) => ({ what: 'gate', command })),
  ];
  return programs.map(({ what, command }) => {
    const verdict = isAllowed(parseCommand(command), config.sandbox.allowed_commands);
    if (verdict.allowed) return probe(what, 'ok', command);
    return probe(what, 'warn', verdict.reason, 'admit it in sandbox.allowed_commands of .ambient.yml');
  });
}

async function adviceProbes(crew: Crew): Promise<Probe[]> {
  const path = snapshotPath(crew.config);
  if (path === '') return [];
  try {
    const { count, unread, newest, lost } = await snapshotOf(crew);
    const odd = unread === 0 ? '' : `, ${unread} files are no JSON`;
    const message = `${count} for npm, PyPI and Go in ${path}${newest === '' ? '' : `, the newest of ${newest.slice(0, 10)}`}${odd}`;
    return [
      probe('advisories', count === 0 || unread > 0 ? 'warn' : 'ok', message),
      ...lost.map((error) => probe('advisories', 'warn', error.message, error.hint ?? null)),
    ];
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    return [probe('advisories', 'warn', error.message, error.hint ?? null)];
  }
}

/** Only where there are such files. */
async function compilerProbes(crew: Crew): Promise<Probe[]> {
  const tree = await crew.repository.objects.resolve('HEAD^{tree}');
  const tools = tree === null ? [] : await compilerTools(crew, tree);
  const there = tools.filter(({ reason }) => reason === null).map(({ name }) => name);
  const used = there.length === 0 ? [] : [probe('tools', 'ok', there.join(', '))];
  const absent = tools.filter(({ reason }) => reason !== null);
  return [
    ...used,
    ...absent.map(({ name, reason, optional }) => probe('tools', optional ? 'ok' : 'warn', `${name}: ${reason}`)),
  ];
}

async function spoolProbes(crew: Crew): Promise<Probe[]> {
  const aside = await crew.store.spool.aside();
  if (aside.length === 0) return [];
  const shown = aside.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 80)));
  const more = aside.length > 3 ? ` and ${aside.length - 3} more` : '';
  return [
    probe(
      'events',
      'warn',
      `no events, and set aside: ${shown.join(', ')}${more}`,
      'look at them in .git/ambient/spool/broken',
    ),
  ];
}

function probe(name: string, level: Probe['level'], message: string, hint: string | null = null): Probe {
  return { name, level, message, hint };
}
