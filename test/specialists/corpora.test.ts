/** What the specialists find in the labelled corpora, what they find wrongly, and what their fixes make of the files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { embedded, loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';
import {
  corporaDirectory,
  coveredDomains,
  figuresOf,
  linesChanged,
  measureCorpora,
  mended,
  readCorpora,
} from '../support/corpora.ts';

const files = readCorpora();
const measured = await measureCorpora(files);
const { found, wrong, defects, lookAlikes } = measured;
const figures = figuresOf(measured);
const test = suite('specialists/corpora');

const place = (path: string, line: number, text: string) => `${path}:${line}: ${text}`;

test('there are enough of both, in every domain', () => {
  assert.ok(defects.length >= 150, `${defects.length} defects`);
  assert.ok(lookAlikes.length >= 150, `${lookAlikes.length} look-alikes`);
  assert.is(new Set(defects.map(({ domain }) => domain)).size, 5);
  assert.equal(measured.skipped, [], 'every file is analysed');
});

test('four of five defects of the OWASP Top 10 are found', () => {
  const missed = defects.filter(({ domain, by }) => domain === 'security' && by.length === 0);
  const lines = missed.map(({ file, mark }) => place(file.source.path, mark.line, mark.kind)).join('\n');
  assert.ok(figures.owasp.recall >= 0.9, `recall ${figures.owasp.recall.toFixed(2)}\n${lines}`);
  for (const [name, { all, found }] of Object.entries(figures.owasp.classes))
    assert.ok(found / all >= 0.8, `${name}: ${found} of ${all}\n${lines}`);
});

test('most defects of the other domains are found', () => {
  for (const domain of coveredDomains()) {
    const { all, found } = figures.domains[domain];
    assert.ok(found / all >= 0.75, `${domain}: ${found} of ${all}`);
  }
});

test('nothing that is fine is found', () => {
  const lines = wrong.map(({ file, one }) => place(file.source.path, one.finding.line, one.finding.rule));
  assert.ok(figures.wrong <= 0.05, `${(100 * figures.wrong).toFixed(1)} %\n${lines.join('\n')}`);
  const alike = lookAlikes
    .filter((one) => one.found)
    .map(({ file, mark }) => place(file.source.path, mark.line, mark.kind));
  assert.equal(alike, []);
});

test('a fix is offered for most of what is found', () => {
  assert.ok(figures.fixed >= 0.6, `${(100 * figures.fixed).toFixed(1)} %`);
  const { found: hit, fixed } = figures.domains.security;
  assert.ok(fixed / hit >= 0.65, `security: ${fixed} of ${hit}`);
});

/** Each line was read when it was accepted: `UPDATE=1` writes what the fixes do now, for reading again. */
test('every fix is one that was accepted', () => {
  const path = join(corporaDirectory, 'accepted.diff');
  const now = files.map((file) => linesChanged(file.source, found.get(file) ?? [])).join('');
  if (process.env['UPDATE'] === '1') writeFileSync(path, now);
  assert.fixture(now, readFileSync(path, 'utf8'));
});

test('what the fixes make can be read, and is not found again', async () => {
  for (const name of embedded) {
    const specialist = await loadSpecialist(name);
    const changed = files.filter((file) => mine(file, name).some(({ edits }) => edits.length > 0));
    const after = changed.map((file): SourceFile => ({ ...file.source, text: mended(file.source, mine(file, name)) }));
    const options = { conventions: measured.conventions, settings: {}, uncapped: true };
    const again = await specialist.diagnose(after, options);
    assert.equal(again.skipped, []);
    // Branches that were joined may be joined again.
    for (const file of name === 'RefactorArchitect' ? [] : changed) {
      const left = mine(file, name).filter(({ edits }) => edits.length === 0).length;
      const still = again.found.filter(({ finding }) => finding.path === file.source.path);
      const lines = still.map(({ finding }) => place(finding.path, finding.line, finding.rule)).join('\n');
      assert.ok(still.length <= left, `${file.source.path}: ${still.length} found, ${left} had no fix\n${lines}`);
    }
  }
});

test('the fixes use no name that nothing binds', async () => {
  const style = await loadSpecialist('StyleEnforcer');
  const options = { conventions: measured.conventions, settings: {}, uncapped: true, judging: true };
  const unbound = async (sources: SourceFile[]) => {
    const { found: told } = await style.diagnose(sources, options);
    const places = told.filter(({ finding }) => finding.rule === 'python/undefined-name');
    const byPath = new Map<string, typeof places>();
    for (const one of places) byPath.set(one.finding.path, [...(byPath.get(one.finding.path) ?? []), one]);
    return byPath;
  };
  const python = files.filter(({ source }) => source.language === 'python');
  const before = await unbound(python.map(({ source }) => source));
  for (const name of embedded) {
    const changed = python.filter((file) => mine(file, name).some(({ edits }) => edits.length > 0));
    const after = changed.map((file): SourceFile => ({ ...file.source, text: mended(file.source, mine(file, name)) }));
    for (const [path, places] of await unbound(after))
      assert.ok(
        places.length <= (before.get(path)?.length ?? 0),
        places.map(({ finding }) => place(path, finding.line, name)).join('\n'),
      );
  }
});

function mine(file: (typeof files)[number], name: string) {
  return (found.get(file) ?? []).filter(({ finding }) => finding.specialist === name);
}

test.run();
