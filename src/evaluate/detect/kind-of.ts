/** What a command proves, by its first words. Rule: what is not known to be a linter or a type checker runs tests. */
import type { CheckKind } from '../types.ts';

export function kindOf(argv: readonly string[]): CheckKind {
  const words = argv.slice(0, 4).join(' ');
  if (
    /\b(mypy|pyright|tsc|typecheck|type-check|check-types|types)\b/.test(words) ||
    /^(go build|cargo check)\b/.test(words)
  )
    return 'types';
  return /\b(ruff|flake8|eslint|biome|prettier|lint|clippy|vet)\b/.test(words) ? 'lint' : 'tests';
}
