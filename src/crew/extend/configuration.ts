/** The files of the configuration in force, from git: never from the working tree, never from a proposal. */
import { type Crew, once } from '../open.ts';

export interface ConfigurationFile {
  path: string;
  content: Buffer;
}

/** None where nothing is trusted. */
export function configurationFilesOf(crew: Crew): Promise<ConfigurationFile[]> {
  return once(crew, 'configuration files', async () => {
    const { objects, trees } = crew.repository;
    // The empty tree need not exist as an object.
    if (crew.trust.trusted === null || (await objects.type(crew.configuration)) !== 'tree') return [];
    const entries = (await trees.list(crew.configuration)).filter(({ mode }) => mode.startsWith('100'));
    return Promise.all(entries.map(async ({ path, oid }) => ({ path, content: await objects.blob(oid) })));
  });
}
