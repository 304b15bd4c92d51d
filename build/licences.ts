/** The licences of what a file is made of. Rule: what is copied into dist/ carries them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param inputs paths of the sources of a bundle, from `root`. */
export function licencesOf(root: string, inputs: readonly string[]): string {
  const folders = inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const notices = [...new Set(folders)].sort().map((folder) => {
    const licence = readdirSync(join(root, folder)).find((name) => /^licen[sc]e/i.test(name));
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = licence === undefined ? '' : readFileSync(join(root, folder, licence), 'utf8');
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return notices.join('\n\n');
}
