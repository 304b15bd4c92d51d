/**
 * `list`: one page of proposals. Rule: what is not on the page is not read: ten thousand proposals cost their heads, and
 * fifty their evaluations.
 */
import { AmbientError } from '../base/index.ts';
import { alternativesOf } from './alternatives.ts';
import { isOpen } from './known.ts';
import { findLanding, landingNote } from './landing.ts';
import type { Crew } from './open.ts';
import { byUrgency, type ProposalRow, rowOf } from './rows.ts';
import { type WaitingFix, waitingNow } from './waiting.ts';

export interface ListOptions {
  /** Also what is decided. */
  all?: boolean;
  /** With the paths of each: another look at every commit of the page. */
  files?: boolean;
  /** Rows of a page; absent: all of them on one. */
  limit?: number | undefined;
  /** From 1. */
  page?: number | undefined;
}

export interface ListPage {
  rows: ProposalRow[];
  page: number;
  pages: number;
  /** On all pages. */
  total: number;
  /** Fixes that come back when those that they wait for are decided. */
  waiting: WaitingFix[];
}

/** Rows, highest risk first. @throws AmbientError `no-such-page` (user). */
export async function listProposals(crew: Crew, options: ListOptions = {}): Promise<ListPage> {
  const { limit, page = 1 } = options;
  const landing = await findLanding(crew);
  if (landing !== null) crew.log.warn(landingNote(landing));
  let [total, pages] = [0, 1];
  const { heads, views: chosen } = await crew.store.proposals.page((all) => {
    const wanted = all
      .filter(({ closed }) => options.all || closed === null)
      .map(({ proposal }) => proposal)
      .sort(byUrgency);
    total = wanted.length;
    pages = limit === undefined ? 1 : Math.max(1, Math.ceil(total / limit));
    if (page > pages) throw noSuchPage(page, pages);
    return limit === undefined ? wanted : wanted.slice((page - 1) * limit, page * limit);
  });
  const views = chosen.filter((view) => options.all || isOpen(view));
  const files = await crew.repository.trees.changedPaths(
    options.files ? views.map((view) => view.proposal.commit) : [],
  );
  const rows = views.map((view) =>
    rowOf(view, files.get(view.proposal.commit) ?? [], alternativesOf(view.proposal, heads)),
  );
  const waiting = await waitingNow(crew);
  return { rows, page, pages, waiting, total: pages === 1 ? rows.length : total };
}

function noSuchPage(page: number, pages: number): AmbientError {
  return new AmbientError('no-such-page', `there is no page ${page}: ${pages === 1 ? 'one page' : `${pages} pages`}`, {
    kind: 'user',
    hint: `git ambient list --page ${pages}`,
  });
}
