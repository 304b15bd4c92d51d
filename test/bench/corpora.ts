/** What is found in the labelled corpora, per domain and per class of the OWASP Top 10. */
import { coveredDomains, figuresOf, measureCorpora, readCorpora } from '../support/corpora.ts';
import type { Row } from './measure.ts';

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(0)} %`;

/** Adds a row for each domain, one for the OWASP Top 10, and one for the fixes. */
export async function benchCorpora(rows: Row[]): Promise<void> {
  const figures = figuresOf(await measureCorpora(readCorpora()));
  for (const domain of coveredDomains()) {
    const { all, found, fixed, alike, wrong } = figures.domains[domain];
    rows.push({
      what: `corpora, ${domain}: ${all} defects, ${alike} look-alikes`,
      ours: `recall ${percent(found, all)}, precision ${percent(found, found + wrong)}`,
      peer: '-',
      ratio: `a fix for ${percent(fixed, found)} of what is found`,
      bound: 'recall ≥ 60 %',
      holds: found / all >= 0.6,
    });
  }
  const classes = Object.entries(figures.owasp.classes).sort();
  rows.push({
    what: 'corpora, OWASP Top 10',
    ours: `recall ${(100 * figures.owasp.recall).toFixed(0)} %`,
    peer: '-',
    ratio: classes.map(([name, { all, found }]) => `${name} ${found}/${all}`).join(', '),
    bound: '≥ 80 %',
    holds: figures.owasp.recall >= 0.8,
  });
  rows.push({
    what: 'corpora, all domains',
    ours: `wrong findings ${(100 * figures.wrong).toFixed(1)} %`,
    peer: '-',
    ratio: '-',
    bound: 'wrong ≤ 5 %',
    holds: figures.wrong <= 0.05,
  });
  rows.push({
    what: 'corpora, fixes offered for what is found',
    ours: `${(100 * figures.fixed).toFixed(0)} %`,
    peer: '-',
    ratio: '-',
    bound: '≥ 60 %',
    holds: figures.fixed >= 0.6,
  });
}
