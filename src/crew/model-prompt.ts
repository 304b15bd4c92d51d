/** How a specialist is asked. Rule: from the package, or from the configuration that is trusted here; never from a tree that is judged. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../base/index.ts';
import type { SpecialistName } from '../records/index.ts';
import type { Crew } from './open.ts';

export interface Prompt {
  text: string;
  /** As a blob: a proposal names what it was written under. */
  oid: string;
}

export async function promptOf(crew: Crew, specialist: SpecialistName): Promise<Prompt> {
  const own = await crew.repository.objects
    .blobAt(crew.configuration, `.ambient/prompts/${specialist}.md`)
    .catch(() => null);
  if (own !== null) return { text: own.content.toString('utf8'), oid: own.oid };
  const bytes = await readFile(join(packageRoot().root, 'templates/prompts', `${specialist}.md`));
  const hash = createHash(crew.repository.info.objectFormat);
  return { text: bytes.toString('utf8'), oid: hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') };
}
