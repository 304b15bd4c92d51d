/**
 * Trust: a configuration can start commands, so a clone's does nothing until its user says so. Rule: trust names one exact
 * tree; what is trusted is read from that tree, never from the working tree.
 */
import { AmbientError } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { CONVERGENCE_FILE } from './convergence-file.ts';
import { decode } from './decode.ts';
import { type ConfigurationFiles, configurationFiles } from './files.ts';
import { treeOid } from './tree-oid.ts';
import type { TrustState } from './types.ts';

/** Local git configuration: it says whom this user trusts and is never shared. */
const KEY = 'ambient.trust';
/** Keeps the trusted tree from being pruned: nothing else may refer to it once the working tree has moved on. Local. */
const REF = 'refs/ambient/trusted';
const NAMES = ['.ambient.yml', CONVERGENCE_FILE];

export interface Standing {
  trust: TrustState;
  files: ConfigurationFiles;
}

/** Compares what is trusted with what stands in the working tree. Writes nothing. */
export async function readTrust(repository: Repository): Promise<Standing> {
  const [files, trusted] = await Promise.all([configurationFiles(repository), repository.config.get(KEY)]);
  const current = treeOid(files.files, repository.info.objectFormat);
  if (trusted !== null && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(trusted))
    throw new AmbientError('damaged-trust', `git config ${KEY} is not an object id`, {
      kind: 'config',
      hint: 'run `git ambient init` to trust the configuration as it is now',
    });
  return { trust: { trusted, current, changed: trusted !== null && trusted !== current }, files };
}

/** Oid of the configuration tree as it stands in the working tree. Computed; the tree need not exist. */
export async function configurationOid(repository: Repository): Promise<string> {
  const { files } = await configurationFiles(repository);
  return treeOid(files, repository.info.objectFormat);
}

/** A configuration file as text; `path` is for messages. */
export interface ConfigurationText {
  path: string;
  text: string;
}

/** The trusted file, or null when there is none (or nothing is trusted). @throws AmbientError when it is not text. */
export async function trustedText(
  repository: Repository,
  { trust, files }: Standing,
): Promise<ConfigurationText | null> {
  if (trust.trusted === null) return null;
  if (!trust.changed) return textAmong(files);
  if (trust.trusted === treeOid([], repository.info.objectFormat)) return null;
  if ((await repository.objects.type(trust.trusted)) !== 'tree')
    throw new AmbientError('trusted-configuration-missing', `the trusted configuration ${trust.trusted} is gone`, {
      kind: 'config',
      hint: 'run `git ambient init` to trust the configuration as it is now',
      data: { oid: trust.trusted },
    });
  for (const path of NAMES) {
    const file = await repository.objects.blobAt(trust.trusted, path);
    if (file !== null) return { path, text: decode(file.content, path) };
  }
  return null;
}

export function textAmong({ files }: ConfigurationFiles): ConfigurationText | null {
  const file = files.find(({ path }) => NAMES.includes(path));
  return file === undefined ? null : { path: file.path, text: decode(file.content, file.path) };
}

/**
 * Records the configuration in the working tree as trusted and returns its oid.
 * @throws AmbientError `untrustable-configuration` (config) when it holds something that is not a plain file; what
 * `parse` throws when its text is wrong.
 */
export async function recordTrust(
  repository: Repository,
  parse: (file: ConfigurationText) => Promise<unknown>,
): Promise<string> {
  const found = await configurationFiles(repository);
  const { files, refused } = found;
  const [first] = refused;
  if (first)
    throw new AmbientError('untrustable-configuration', `${first.path} cannot be trusted: ${first.reason}`, {
      kind: 'config',
      hint: `remove ${first.path} or make it a plain file`,
      data: { refused },
    });
  const file = textAmong(found);
  if (file !== null) await parse(file);
  const oid = treeOid(files, repository.info.objectFormat);
  // The empty tree needs neither an object nor a ref: without a configuration, trusting leaves nothing behind.
  if (files.length === 0) {
    await repository.transact({ refs: [{ ref: REF, to: null }] });
    await repository.config.set(KEY, oid);
    return oid;
  }
  const written = await repository.trees.write(files);
  if (written !== oid)
    throw new AmbientError('tree-mismatch', `the configuration was written as ${written}, expected ${oid}`, {
      kind: 'bug',
    });
  await repository.transact({ refs: [{ ref: REF, to: oid }] });
  await repository.config.set(KEY, oid);
  return oid;
}

/** What a person should know about trust, or null when all is well. One sentence with the next step. */
export function trustNotice(trust: TrustState, format: 'sha1' | 'sha256'): string | null {
  if (trust.changed)
    return 'the configuration has changed since it was trusted; the trusted version stays in force until `git ambient init`';
  if (trust.trusted === null && trust.current !== treeOid([], format))
    return 'the configuration does nothing until `git ambient init`';
  return null;
}
