/** The checks of one base tree, ready to judge. Rule: the sandbox is opened only when there is something to run in it. */
import { digest } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import type { Driver, Limits } from '../sandbox/index.ts';
import { filesOf } from './base-files.ts';
import { type ConfiguredCheck, detectChecks } from './detect/detect.ts';
import { hostCaches, NO_CACHES } from './detect/package-caches.ts';
import { folderStamps, surroundings } from './detect/surroundings.ts';
import { openToolchain, type ProgramAnswers } from './detect/toolchain.ts';
import { absentCheck, sandboxedCheck } from './sandboxed-check.ts';
import { dependencyBinds, installedIn, mainWorkTree } from './slots/dependencies.ts';
import { openSlots, slotsFor } from './slots/slots.ts';
import type { Check, DetectedCheck } from './types.ts';

export interface OpenChecksOptions {
  repository: Pick<Repository, 'info' | 'trees' | 'objects' | 'slots'>;
  /** Tree of the base: what is run is decided by it. */
  baseTree: string;
  /** Opens the sandbox; its probe has passed. */
  driver: () => Promise<Driver>;
  /** `<commonDir>/ambient/slots`. */
  slotsDir: string;
  /** Most that are used at once; absent: as many as this machine takes. */
  slots?: number;
  limits: Limits;
  /** `checks` and `sandbox.allowed_commands` of the configuration in force. */
  checks: readonly ConfiguredCheck[];
  allowed: readonly string[];
  /** `sandbox.read_only_paths`. */
  readOnlyPaths?: readonly string[];
  /** PATH of the user. */
  path: string;
  /** Which programs there are, kept by the caller as long as `driver`; absent: asked anew. */
  answers?: ProgramAnswers;
  signal?: AbortSignal | undefined;
}

export interface RepositoryChecks {
  /** What was detected, with reasons for what cannot run. */
  detected: DetectedCheck[];
  /** One for each. */
  checks: Check[];
  /** Digest of the sandbox, 16 hex digits; null when nothing has to run in it. */
  sandbox: string | null;
}

/**
 * Detects the checks of `baseTree` and makes them runnable.
 * @throws whatever `driver` throws when there is no sandbox and something to run.
 */
export async function openChecks(options: OpenChecksOptions): Promise<RepositoryChecks> {
  const { repository, limits, readOnlyPaths = [] } = options;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const slots = openSlots(options.slotsDir, options.slots ?? slotsFor(limits.memory));
  let opened: Promise<Driver> | undefined;
  const driver = () => {
    opened ??= options.driver();
    return opened;
  };
  const files = await filesOf(repository, options.baseTree);
  const dependencies = await dependencyBinds(repository.info.workTree, files.paths, mainWorkTree(repository.info));
  const { path, answers } = options;
  const toolchain = openToolchain({ driver, slots, limits, dependencies, readOnlyPaths, path, answers, ...signal });
  const detected = await detectChecks(files, {
    checks: options.checks,
    allowed: options.allowed,
    toolchain,
    installed: await installedIn(dependencies),
    caches: files.paths.some((path) => /(^|\/)(go\.mod|Cargo\.toml)$/.test(path)) ? await hostCaches() : NO_CACHES,
  });
  const absent = detected.filter((check) => !check.runnable);
  if (absent.length === detected.length) return { detected, checks: absent.map(absentCheck), sandbox: null };
  const sandbox = await driver();
  const probe = await sandbox.probe();
  const shared = {
    driver: sandbox,
    sandbox: probe.ok ? probe.digest : probe.reason,
    surroundings: digest([
      // What is in an image does not come from this machine.
      sandbox.name === 'docker' ? '' : await surroundings(path),
      await folderStamps(readOnlyPaths),
    ]),
    ...{ repository, slots, limits, dependencies, readOnly: readOnlyPaths, files },
  };
  return {
    detected,
    checks: detected.map((one) => sandboxedCheck({ detected: one, ...shared })),
    sandbox: digest([shared.sandbox]),
  };
}
