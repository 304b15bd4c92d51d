/**
 * oclif's modules require each other, and everything below them, as soon as they are loaded; a command uses a fifth of
 * that. Rule: a required module is loaded when it is first used, as a `get` would; only what a class extends loads at once.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

export const requiredLate: Plugin = {
  name: 'required-late',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, ({ path }) => ({
      contents: requireLate(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** As the TypeScript compiler writes it: `const name_1 = require("…");`, and `name_1` wherever it is used. */
const REQUIRED = /^(?:const|var) (\w+_\d+) = ((?:__import(?:Default|Star)\()?require\("[^"]+"\)\)?);$/gm;

export function requireLate(text: string): string {
  const getters: string[] = [];
  const names: string[] = [];
  const rest = text.replace(REQUIRED, (_, name: string, value: string) => {
    names.push(name);
    getters.push(`get ${name}() { return ${value}; }`);
    return '';
  });
  if (names.length === 0) return text;
  const used = rest.replace(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), 'required$.$1');
  return `const required$ = { ${getters.join(', ')} };\n${used}`;
}
