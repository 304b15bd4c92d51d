/**
 * Diffs that a model gave as they are, without JSON around them. Rule: pure; each fenced block with a diff is one proposal,
 * or else all from the first header on; what is said before it is its title and its reason.
 */
import type { ModelProposal } from './answer.ts';

const HEADER = /^(?:diff --git .*|--- \S.*\r?\n\+\+\+ \S.*)$/m;
const FENCED = /^([ \t]*)(```+|~~~+)[^\n]*\n([\s\S]*?)\n[ \t]*\2[ \t]*$/gm;

/** What `text` proposes; null where there is no diff in it. */
export function fromPlainDiffs(text: string): { proposals: ModelProposal[] } | null {
  const end = text.lastIndexOf('</think>');
  const said = end < 0 ? text : text.slice(end + '</think>'.length);
  const proposals: ModelProposal[] = [];
  let from = 0;
  for (const block of said.matchAll(FENCED)) {
    const diff = block[3] ?? '';
    if (!HEADER.test(diff)) continue;
    proposals.push(proposalOf(said.slice(from, block.index), `${diff}\n`));
    from = block.index + block[0].length;
  }
  const bare = proposals.length > 0 ? null : HEADER.exec(said);
  if (bare) proposals.push(proposalOf(said.slice(0, bare.index), said.slice(bare.index)));
  return proposals.length === 0 ? null : { proposals };
}

function proposalOf(prose: string, diff: string): ModelProposal {
  const lines = prose.split('\n').map((line) => line.replace(/^[\s#>*\d.)-]+|[*`]+/g, '').trim());
  const words = lines.filter((line) => line !== '').join('\n');
  const [first = ''] = words.split(/(?<=[.:!?])\s|\n/);
  const rationale = words.slice(first.length).trim() || words;
  const path = /^\+\+\+ (?:b\/)?([^\s]+)/m.exec(diff)?.[1] ?? 'the code';
  return { title: first.replace(/[.:!?]+$/, '') || `Change ${path}`, rationale, diff };
}
