/**
 * Comments and attributes that tell a tool to look away. Rule: only where a tool would obey them: prose that mentions one
 * is prose. They are counted over the whole change, so that one may move, and one that names fewer rules may take its place.
 */
import type { SyntaxNode } from '../../code/index.ts';
import type { Language } from '../test-files.ts';
import { canonical, isComment } from './canonical.ts';

export interface Suppression {
  tool: string;
  /** What it hides; null hides everything. */
  rules: string[] | null;
}

/** Of the text of a comment without its sign; the group is the list of rules. */
const DIRECTIVES: Record<Exclude<Language, 'rust'>, ReadonlyArray<[string, RegExp]>> = {
  python: [
    ['noqa', /(?:^|#)\s*(?:(?:ruff|flake8)\s*[:=]\s*)?noqa\b(?:\s*:\s*([A-Z][\w, ]*))?/i],
    ['type: ignore', /(?:^|#)\s*type:\s*ignore(?=\s*(?:$|\[|#))(?:\s*\[([\w, -]*)\])?/],
    ['pylint', /(?:^|#)\s*pylint:\s*(?:disable|skip-file)(?:-next)?(?:=([\w, -]*))?/],
    ['pyright', /(?:^|#)\s*pyright:\s*(?:ignore(?:\[([\w, ]*)\])?|basic|\w+\s*=\s*(?:false|none|warning|information))/],
    ['mypy', /(?:^|#)\s*mypy:\s*\S+/],
    ['nosec', /(?:^|#)\s*nosec\b(?:\s*:?\s*(B\d[\w, ]*))?/],
    ['coverage', /(?:^|#)\s*pragma:\s*no\s*(?:cover|branch|mutate)/i],
    ['format', /(?:^|#)\s*(?:isort|fmt|yapf):\s*(?:skip\w*|off|disable|split)/],
    [
      'other',
      /(?:^|#)\s*(?:nosemgrep|NOSONAR|lgtm|bandit:\s*skip|pytype:\s*(?:disable|skip-file)|pyre-(?:ignore|fixme)|autopep8:\s*off)/,
    ],
  ],
  javascript: [
    ['eslint', /^\s*eslint-disable(?:-next-line|-line)?(?![\w-])[ \t]*((?:(?!--)[\w@/, \t-])*)/],
    ['eslint', /^\s*eslint\s+([\w@/-]+)\s*:/],
    ['typescript', /^\/?\s*@ts-(?:ignore|expect-error|nocheck)\b/],
    ['biome', /^\s*biome-ignore(?:-all|-start)?\s+([\w/]+)/],
    ['format', /^\s*prettier-ignore/],
    [
      'other',
      /^\s*(?:oxlint-disable|tslint:disable|deno-lint-ignore|jshint\s+ignore|jscs:disable|standard-ignore|nosemgrep|NOSONAR|@flow\s+strict-local|\$FlowFixMe|@jest-environment|@vitest-environment)/,
    ],
    ['coverage', /^[!*]?\s*(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)/],
  ],
  go: [
    ['nolint', /^nolint\b(?::([\w, ]*))?/],
    ['lint', /^\s*lint:(?:file-)?ignore\s+([\w,]+)/],
    ['other', /^\s*(?:#nosec|revive:disable|exhaustive:ignore|gosec:disable|nosemgrep)/],
    // A constraint takes the whole file away from those who build without it.
    ['build constraint', /^go:build\b\s*(.*)/],
    ['build constraint', /^\s*\+build\b\s*(.*)/],
    ['race detector', /^go:norace\b/],
  ],
};

export function suppressionsIn(root: SyntaxNode, language: Language): Suppression[] {
  const found: Suppression[] = [];
  for (const node of root.below()) {
    if (language === 'rust') found.push(...attribute(node));
    else if (isComment(node)) found.push(...directives(node.text, language));
    else if (language === 'python' && node.kind === 'decorator' && /no_type_check$/.test(canonical(node)))
      found.push({ tool: 'type checker', rules: null });
  }
  return found;
}

function directives(text: string, language: Exclude<Language, 'rust'>): Suppression[] {
  const words = language === 'python' ? text : text.replace(/^\/[/*]\**/, '').replace(/\*\/$/, '');
  return DIRECTIVES[language].flatMap(([tool, pattern]) => {
    const match = pattern.exec(words);
    return match ? [{ tool, rules: rulesOf(match[1]) }] : [];
  });
}

function attribute(node: SyntaxNode): Suppression[] {
  if (node.kind !== 'attribute_item' && node.kind !== 'inner_attribute_item') return [];
  const text = canonical(node.child('attribute'));
  const lint = /^(?:allow|expect)\((.*)\)$/.exec(text) ?? /^cfg_attr\(.*?\b(?:allow|expect)\((.*?)\).*\)$/.exec(text);
  if (lint)
    return [{ tool: node.kind === 'inner_attribute_item' ? 'lints of the whole' : 'lints', rules: rulesOf(lint[1]) }];
  return /^(rustfmt::skip|coverage\(off|no_coverage|automatically_derived)/.test(text)
    ? [{ tool: text, rules: null }]
    : [];
}

function rulesOf(list: string | undefined): string[] | null {
  const rules = (list ?? '')
    .split(',')
    .map((rule) => rule.trim())
    .filter(Boolean);
  return rules.length === 0 ? null : rules.sort();
}

/** How many are new: neither moved nor made narrower. */
export function suppressionsAdded(before: readonly Suppression[], after: readonly Suppression[]): number {
  const left = [...before];
  const take = (fits: (one: Suppression) => boolean) => {
    const at = left.findIndex(fits);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  };
  const same = (one: Suppression, other: Suppression) =>
    one.tool === other.tool && String(one.rules) === String(other.rules);
  const rest = after.filter((now) => !take((old) => same(old, now)));
  return rest.filter(
    (now) =>
      !take(
        (old) =>
          old.tool === now.tool &&
          now.rules !== null &&
          (old.rules === null || now.rules.every((rule) => old.rules?.includes(rule))),
      ),
  ).length;
}
