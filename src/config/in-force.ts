/** Which configuration is in force, in words. Rule: a file that stands there and decides nothing is named, with what is wrong. */
import { AmbientError } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { configurationFiles } from './files.ts';
import { parseConfig } from './load.ts';
import { treeOid } from './tree-oid.ts';
import { textAmong, trustNotice } from './trust.ts';
import type { TrustState } from './types.ts';

/** One line, and a second one where the file of the working tree cannot be read. */
export async function whatIsInForce(repository: Repository, { trusted, changed }: TrustState): Promise<string[]> {
  const found = await configurationFiles(repository);
  const empty = treeOid([], repository.info.objectFormat);
  const there = found.files.length + found.refused.length > 0;
  const faults = await faultsIn(found);
  if (trusted === null)
    return [
      there
        ? 'In force: the defaults. The configuration here does nothing until `git ambient init` trusts it.'
        : 'In force: the defaults. Nothing is trusted here yet: `git ambient init`.',
      ...faults,
    ];
  const version = trusted === empty ? 'the defaults' : `the configuration that was trusted (${trusted.slice(0, 12)})`;
  if (!changed) return [`In force: ${version}.`];
  return [`In force: ${version}, not what stands here now: \`git ambient init\` trusts that.`, ...faults];
}

/** One line for who relies on a configuration that is not in force as it stands here; null: nothing to say. */
export async function trustWarning(repository: Repository, trust: TrustState): Promise<string | null> {
  if (trust.trusted !== null && !trust.changed) return null;
  const [fault] = await faultsIn(await configurationFiles(repository));
  const notice = trustNotice(trust, repository.info.objectFormat);
  return [notice, fault?.replace(/^It is/, 'it is')].filter(Boolean).join('; ') || null;
}

async function faultsIn(found: Awaited<ReturnType<typeof configurationFiles>>): Promise<string[]> {
  const refused = found.refused.map(({ path, reason }) => `${path} cannot be trusted: ${reason}`);
  try {
    const file = textAmong(found);
    if (file !== null) await parseConfig(file.text, file.path);
    return refused;
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    return [...refused, `It is invalid as it stands: ${error.message}`];
  }
}
